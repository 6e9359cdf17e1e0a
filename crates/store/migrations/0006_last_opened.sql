-- When a link was opened last: a section that is handed over anew may have been seen since, or not.
alter table link add column last_opened_at bigint;
