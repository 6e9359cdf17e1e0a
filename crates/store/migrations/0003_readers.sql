-- What readers of the published pages say to "did you find what you came for?". Counts alone: nothing
-- is kept of who answered, nor the hour.
create table reader_answer (
    -- The page, as its path below the root of the site.
    page text not null,
    -- The day, as the calendar in Oslo has it: 2025-11-03.
    day text not null,
    found text not null check (found in ('yes', 'no')),
    count bigint not null,
    primary key (page, day, found)
);
