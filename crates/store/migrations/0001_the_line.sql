-- The store of a survey: who was asked, what they answered, and what was frozen of it.
--
-- One text serves SQLite and PostgreSQL. Times are milliseconds since 1970 in UTC, booleans are
-- 0 or 1, hashes are hexadecimal text. A case is named by its round and its unit everywhere, so
-- that a row can be read without looking up another.

-- A round as it was opened in the field.
create table round (
    round bigint not null primary key,
    survey text not null,
    instrument text not null,
    sample text not null,
    opens bigint not null,
    closes bigint not null,
    -- 1 when `runde simulate` has drawn any of its answers; whatever is published then says so.
    simulated smallint not null default 0
);

-- A case: one unit in one round. The revision counts every change to it, and updating it first
-- is how a transaction takes the case for itself.
create table unit_case (
    round bigint not null references round (round),
    unit text not null,
    revision bigint not null default 0,
    signed smallint not null default 0,
    primary key (round, unit)
);

-- People. They have tables of their own, and nothing that is frozen is read from them.
create table contact (
    contact text not null primary key,
    name text not null,
    email text not null,
    language text not null,
    created_at bigint not null
);

-- A personal link into a case. Only the hash of its token is kept.
create table link (
    token_hash text not null primary key,
    round bigint not null,
    unit text not null,
    contact text not null references contact (contact),
    -- coordinator: the whole case. delegate: the sections assigned to the contact.
    access text not null check (access in ('coordinator', 'delegate')),
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    foreign key (round, unit) references unit_case (round, unit)
);

-- A browser that has opened a link.
create table session (
    token_hash text not null primary key,
    link text not null references link (token_hash),
    created_at bigint not null
);

-- A section that the coordinator has handed to a colleague; taken back when `ended_at` is set.
create table assignment (
    round bigint not null,
    unit text not null,
    section text not null,
    number bigint not null,
    contact text not null references contact (contact),
    assigned_by text not null,
    assigned_at bigint not null,
    ended_at bigint,
    primary key (round, unit, section, number),
    foreign key (round, unit) references unit_case (round, unit)
);

-- How far a section has come. No row: not begun.
create table section_state (
    round bigint not null,
    unit text not null,
    section text not null,
    state text not null check (state in ('begun', 'done')),
    changed_by text not null,
    changed_at bigint not null,
    -- When it was handed in for the first time, even if it was opened again later.
    first_done_at bigint,
    primary key (round, unit, section),
    foreign key (round, unit) references unit_case (round, unit)
);

-- Answers are only ever added. The highest version holds; a null value withdraws the answer.
create table answer (
    round bigint not null,
    unit text not null,
    variable text not null,
    version bigint not null,
    value text,
    answered_by text not null,
    answered_at bigint not null,
    primary key (round, unit, variable, version),
    foreign key (round, unit) references unit_case (round, unit)
);

-- What the coordinator signed: the hash binds the versions of all answers that were shown.
create table signature (
    round bigint not null,
    unit text not null,
    number bigint not null,
    hash text not null,
    signed_by text not null,
    signed_at bigint not null,
    primary key (round, unit, number),
    foreign key (round, unit) references unit_case (round, unit)
);

-- Who did what when, written by the function that made the change.
create table audit (
    round bigint not null,
    unit text not null,
    number bigint not null,
    at bigint not null,
    actor text not null,
    action text not null,
    detail text not null,
    primary key (round, unit, number),
    foreign key (round, unit) references unit_case (round, unit)
);

-- Frozen data sets in their canonical bytes. Keeping the same one again adds nothing.
create table dataset (
    hash text not null primary key,
    round bigint not null references round (round),
    frozen_at bigint not null,
    bytes text not null
);

-- Those who work with the survey.
create table staff (
    name text not null primary key,
    password text not null,
    created_at bigint not null
);

create table staff_session (
    token_hash text not null primary key,
    name text not null references staff (name),
    created_at bigint not null,
    expires_at bigint not null
);
