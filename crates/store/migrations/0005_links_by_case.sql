-- Who has to do with a case is asked on every page that tells who answered.
create index link_of_case on link (round, unit);
