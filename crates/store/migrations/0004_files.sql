-- Files that informants hand over. An answer holds a file's hash, size, type and name; the bytes lie
-- here, once for all answers that are the same file. They are added in the transaction of the answer,
-- and stay as long as it: an answer that has been withdrawn is still in the history.
--
-- `bytea` is what PostgreSQL calls bytes. SQLite keeps bytes as they are in a column of any type.
create table file (
    -- SHA-256 of all bytes.
    hash text not null primary key,
    size bigint not null
);

-- The bytes in parts, so that a file is never read or copied in one piece.
create table file_part (
    hash text not null references file (hash),
    -- From 0.
    number bigint not null,
    bytes bytea not null,
    primary key (hash, number)
);
