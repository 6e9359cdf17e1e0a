//! The two engines: what is different about opening them. All else is one SQL text.

use std::path::Path;
use std::time::Duration;

use crate::sql::{SqlError, at_once, open_sqlite};
use crate::url::{Place, StoreUrl};

/// The engine behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn of(url: &StoreUrl) -> Engine {
        match url.0 {
            Place::Sqlite(_) => Engine::Sqlite,
            Place::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns a query for how many tables there are, and how many of them show that they are ours.
    pub(crate) fn count_tables(self) -> &'static str {
        match self {
            Engine::Sqlite => {
                "select count(*) as tables, \
                 coalesce(sum(case when name = '_sqlx_migrations' then 1 else 0 end), 0) as ours \
                 from sqlite_master where type = 'table'"
            }
            Engine::Postgres => {
                "select count(*) as tables, \
                 coalesce(sum(case when tablename = '_sqlx_migrations' then 1 else 0 end), 0) \
                 as ours from pg_catalog.pg_tables where schemaname = current_schema()"
            }
        }
    }

    /// Returns the statement that makes the list of the steps by which the tables were made, where
    /// there is none. It is as sqlx made it, which early databases were opened with.
    pub(crate) fn make_list_of_steps(self) -> &'static str {
        match self {
            Engine::Sqlite => {
                "create table if not exists _sqlx_migrations (version bigint primary key, \
                 description text not null, \
                 installed_on timestamp not null default current_timestamp, \
                 success boolean not null, checksum blob not null, execution_time bigint not null)"
            }
            Engine::Postgres => {
                "create table if not exists _sqlx_migrations (version bigint primary key, \
                 description text not null, installed_on timestamptz not null default now(), \
                 success boolean not null, checksum bytea not null, execution_time bigint not null)"
            }
        }
    }

    /// Returns a query for the `name` of each of our tables, in the order in which they were made.
    pub(crate) fn list_tables(self) -> &'static str {
        match self {
            Engine::Sqlite => {
                "select name from sqlite_master where type = 'table' \
                 and name not like 'sqlite!_%' escape '!' and name <> '_sqlx_migrations' \
                 order by rowid"
            }
            Engine::Postgres => {
                "select cast(c.relname as text) as name from pg_catalog.pg_class c \
                 join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
                 where c.relkind = 'r' and n.nspname = current_schema() \
                 and c.relname <> '_sqlx_migrations' order by c.oid"
            }
        }
    }

    /// Returns a query for the `name` and the `kind` of each column of the table `$1`, in order.
    pub(crate) fn list_columns(self) -> &'static str {
        match self {
            Engine::Sqlite => "select name, type as kind from pragma_table_info($1) order by cid",
            Engine::Postgres => {
                "select cast(column_name as text) as name, cast(data_type as text) as kind \
                 from information_schema.columns \
                 where table_schema = current_schema() and table_name = $1 \
                 order by ordinal_position"
            }
        }
    }

    /// Returns what orders texts by their bytes, whatever language the database was made for.
    pub(crate) fn bytewise(self) -> &'static str {
        match self {
            Engine::Sqlite => "collate binary",
            Engine::Postgres => "collate \"C\"",
        }
    }
}

/// Opens a connection to a file.
pub(crate) async fn open_file(file: &Path) -> Result<rusqlite::Connection, SqlError> {
    let connection = open_sqlite(file)?;
    // What is erased is overwritten in the file too.
    connection.execute_batch("pragma foreign_keys = on; pragma secure_delete = on")?;
    // Of two connections that turn on the log of a new database at once, SQLite sends one away
    // without waiting, since each would wait for the other.
    let mut left = ATTEMPTS;
    while !at_once(&connection, "pragma journal_mode = wal")? {
        left -= 1;
        if left == 0 {
            // Says what is the matter, as SQLite has it.
            connection.execute_batch("pragma journal_mode = wal")?;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // What has been acknowledged survives a power loss: the log is synced on each commit.
    connection.execute_batch("pragma synchronous = full")?;
    Ok(connection)
}

/// How often two processes that open a new database together step aside for each other.
const ATTEMPTS: usize = 100;
