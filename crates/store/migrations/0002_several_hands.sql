-- Several hands in one case: what a hand-over was about, the letters that leave, what was signed.
--
-- What one person writes to another, and every letter, is personal data: it has tables of its own,
-- and nothing that is frozen is read from them.

-- A colleague is asked to be done by this day, written as 2025-11-14.
alter table assignment add column due text;
-- 1 when the colleague may hand the section on.
alter table assignment add column may_hand_on smallint not null default 0;
-- How it ended: taken_back, handed_on, returned or erased. Null while it lasts, and in rows that
-- ended before this migration.
alter table assignment add column ended_as text
    check (ended_as in ('taken_back', 'handed_on', 'returned', 'erased'));

-- What was said when a section changed hands: by whoever handed it over, by whoever returned it.
create table assignment_note (
    round bigint not null,
    unit text not null,
    section text not null,
    number bigint not null,
    said text not null check (said in ('handed_over', 'returned')),
    note text not null,
    primary key (round, unit, section, number, said),
    foreign key (round, unit, section, number)
        references assignment (round, unit, section, number)
);

-- An e-mail server said that there is nobody at the address; null where none did.
alter table contact add column refused_at bigint;
alter table contact add column refusal text;
-- When the person was erased: name and address are empty, the row stays for its answers.
alter table contact add column erased_at bigint;

-- When the link was first used to begin a session; looking at its page is no use of it.
alter table link add column opened_at bigint;

-- The form that wrote an answer, and how often that form had been sent. A form does not conflict
-- with what it wrote itself, and what it sent earlier does not undo what it sent later.
alter table answer add column form text;
alter table answer add column form_step bigint;

-- The versions that a signature binds: what was signed can be shown again.
alter table signature add column versions text;

-- Letters: one for a case, a contact and a step. A letter holds no link: the one that it carries is
-- made in the transaction that takes it out for sending.
create table outbox (
    letter text not null primary key,
    round bigint not null,
    unit text not null,
    contact text not null references contact (contact),
    step text not null,
    kind text not null check (kind in ('hand_over', 'reminder', 'returned', 'receipt')),
    -- Who wanted it sent.
    asked_by text not null,
    -- The sections that it is about, with a space between them.
    about text not null,
    -- What its writer says, in their own words.
    message text not null,
    -- What it encloses, as plain text and as HTML.
    enclosed_text text not null,
    enclosed_html text not null,
    state text not null check (state in ('waiting', 'sent', 'dropped', 'refused', 'given_up')),
    attempts bigint not null default 0,
    created_at bigint not null,
    -- When it is tried next; while it is being sent, when others may take it for lost.
    next_at bigint not null,
    ended_at bigint,
    -- What went wrong the last time.
    trouble text,
    unique (round, unit, contact, step),
    foreign key (round, unit) references unit_case (round, unit)
);

create index outbox_waiting on outbox (state, next_at);
create index link_of_contact on link (contact);
create index session_of_link on session (link);
