-- What is new in a database of version 3.
insert into reader_answer (page, day, found, count) values ('rapport/2023/', '2025-11-03', 'yes', 2);
