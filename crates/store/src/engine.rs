//! The two engines: what is different about opening them. All else is one SQL text.

use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::error::DatabaseError;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection, Executor, Row, SqlSafeStr};

use crate::known::Known;
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

    /// Returns the statement that begins a snapshot: several queries that tell of one moment.
    pub(crate) fn begin_snapshot(self) -> &'static str {
        match self {
            Engine::Sqlite => "begin",
            Engine::Postgres => "begin isolation level repeatable read read only",
        }
    }

    /// Returns a query for how many tables there are, and how many of them show that they are ours.
    fn count_tables(self) -> &'static str {
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

    async fn prepare(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        match self {
            Engine::Sqlite => prepare_sqlite(connection).await,
            Engine::Postgres => prepare_postgres(connection).await,
        }
    }
}

/// Opens a connection of its own.
pub(crate) async fn connect(url: &StoreUrl) -> Result<AnyConnection, sqlx::Error> {
    let mut connection = AnyConnection::connect(&url.driver()).await?;
    Engine::of(url).prepare(&mut connection).await?;
    Ok(connection)
}

/// Opens a pool of connections. A new one of them makes `known` forget what the ones before it
/// have read.
pub(crate) async fn pool(
    url: &StoreUrl,
    connections: u32,
    known: &Known,
) -> Result<AnyPool, sqlx::Error> {
    let (engine, known) = (Engine::of(url), known.clone());
    AnyPoolOptions::new()
        .max_connections(connections)
        // A server that is restarted is back within this time, or the request is refused.
        .acquire_timeout(Duration::from_secs(15))
        .test_before_acquire(false)
        .before_acquire(move |connection, about| {
            let rested = about.idle_for > RESTED;
            Box::pin(async move {
                match engine {
                    // A file does not hang up.
                    Engine::Sqlite => Ok(true),
                    // A server that was restarted has. One that spoke just now is not asked.
                    Engine::Postgres => Ok(!rested || connection.ping().await.is_ok()),
                }
            })
        })
        .after_connect(move |connection, _| {
            known.forget();
            Box::pin(engine.prepare(connection))
        })
        .connect(&url.driver())
        .await
}

/// Whether the database holds tables, but none of ours: it is another program's, and stays as it
/// is.
pub(crate) async fn is_foreign(url: &StoreUrl) -> Result<bool, sqlx::Error> {
    match count_tables(url).await {
        Ok((tables, ours)) => Ok(tables > 0 && ours == 0),
        // Another process is just now making the database, and it is one of ours.
        Err(error) if is_busy(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn count_tables(url: &StoreUrl) -> Result<(i64, i64), sqlx::Error> {
    let mut connection = AnyConnection::connect(&url.driver()).await?;
    let row = sqlx::query(Engine::of(url).count_tables()).fetch_one(&mut connection).await?;
    let counts = (row.try_get("tables")?, row.try_get("ours")?);
    connection.close().await?;
    Ok(counts)
}

/// Brings the tables up to this version; several processes may do so at once. It has a connection
/// of its own, since a pool takes a file that is no database for one that is not there yet and
/// tries again for half a minute.
pub(crate) async fn migrate(url: &StoreUrl) -> Result<(), MigrateError> {
    let mut connection = connect(url).await?;
    let migrator = Migrator::with_migrations(migrations());
    // Not `run`: through its `Acquire` the future would no longer be `Send`.
    match Engine::of(url) {
        // A transaction that takes the lock at once lets two processes open a new file together.
        Engine::Sqlite => {
            let mut tx = connection.begin_with("begin immediate").await?;
            migrator.run_direct(None, &mut *tx, false).await?;
            tx.commit().await?;
        }
        // The migrator takes an advisory lock, and each migration is a transaction.
        Engine::Postgres => migrator.run_direct(None, &mut connection, false).await?,
    }
    Ok(connection.close().await?)
}

/// For how long a connection to a server is trusted to be open after it was last used.
const RESTED: Duration = Duration::from_millis(200);

/// Returns what brings the tables up to this version, step by step.
fn migrations() -> Vec<Migration> {
    let steps = [
        (1, "the line", include_str!("../migrations/0001_the_line.sql")),
        (2, "several hands", include_str!("../migrations/0002_several_hands.sql")),
        (3, "readers", include_str!("../migrations/0003_readers.sql")),
    ];
    let migration = |(version, name, text): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    steps.into_iter().map(migration).collect()
}

/// How often two processes that open a new database together step aside for each other.
const ATTEMPTS: usize = 100;

async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("pragma busy_timeout = 10000; pragma foreign_keys = on").await?;
    // What is erased is overwritten in the file too.
    connection.execute("pragma secure_delete = on").await?;
    // Of two connections that turn on the log of a new database at once, SQLite sends one away
    // without waiting, since each would wait for the other.
    let mut left = ATTEMPTS;
    while let Err(error) = connection.execute("pragma journal_mode = wal").await {
        left -= 1;
        if left == 0 || !is_busy(&error) {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // What has been acknowledged survives a power loss: the log is synced on each commit.
    connection.execute("pragma synchronous = full").await?;
    Ok(())
}

/// What has been acknowledged is on disk even where the server's owner has set it otherwise, and a
/// statement sees what was committed before it; who waits for a lock waits as long as SQLite does.
async fn prepare_postgres(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection
        .execute(
            "select set_config('synchronous_commit', 'on', false) \
             where current_setting('synchronous_commit') = 'off'; \
             select set_config('default_transaction_isolation', 'read committed', false), \
             set_config('lock_timeout', '10s', false)",
        )
        .await?;
    Ok(())
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // SQLITE_BUSY, and SQLITE_BUSY_RECOVERY after a crash.
    code.is_some_and(|code| matches!(code.as_ref(), "5" | "261"))
}

/// Whether the same work may succeed if it is done again from the beginning: two transactions
/// stood in each other's way, or the server went away before it could say anything.
pub(crate) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(refused) => refused.code().is_some_and(|code| {
            // Serialisation failure, deadlock, lock timeout; the server is stopped, has crashed,
            // or is starting; SQLite's busy.
            let passing = ["40001", "40P01", "55P03", "57P01", "57P02", "57P03", "5", "261", "517"];
            passing.contains(&code.as_ref())
        }),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        // sqlx's enum is open, and what else there is does not come right by itself.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_that_is_written_is_made() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut written: Vec<_> = files
            .map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap().replace('_', " ");
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        written.sort();
        let made = migrations().into_iter();
        let made = made
            .map(|m| (format!("{:04} {}", m.version, m.description), m.sql.as_str().to_owned()));
        assert_eq!(made.collect::<Vec<_>>(), written);
    }
}
