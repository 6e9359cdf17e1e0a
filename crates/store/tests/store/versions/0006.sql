-- Version 6 notes when a link was opened last.
update link set last_opened_at = 1759400000000;
