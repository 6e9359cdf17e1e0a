//! The store against real engines: SQLite files in temporary folders, and the same tests once more on
//! a PostgreSQL of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where its fixture does")]

mod access;
mod copy;
mod crash;
mod database;
mod field;
mod files;
mod freeze;
mod hands;
mod life;
mod opening;
mod outbox;
mod readers;
mod schedules;
mod signed;
mod together;
mod versions;

mod tiny;

#[test]
fn everything_holds_on_postgres() {
    cluster::run_all_on_postgres("everything_holds_on_postgres");
}
