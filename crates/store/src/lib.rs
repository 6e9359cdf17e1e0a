//! Where it rests: the only room that speaks SQL.
//!
//! Reading is on [`Store`], changing on [`Writing`]: a transaction that knows who makes the change
//! and when, and is answered only after its commit. Answers are append-only; each names the
//! version that it replaces.

mod access;
mod case;
mod error;
mod field;
mod freeze;
mod secret;
mod staff;
mod writing;

pub use access::{Access, AccessKind, Contact, ContactId, LinkFor};
pub use case::{Actor, Assignment, Case, CaseId, Held, SectionState, SectionStatus, Signature};
pub use error::StoreError;
pub use field::{AuditLine, CaseOverview, OpenRound, RoundState};
pub use freeze::{FreezeWith, answered_at};
pub use secret::Token;
pub use writing::{AnswerWrite, Conflict, Saved, Writing};

use std::path::Path;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use sqlx::{AnyConnection, AnyPool, Connection, Executor, Row};

/// The database of a survey.
#[derive(Clone, Debug)]
pub struct Store {
    readers: AnyPool,
    /// One connection: SQLite has one writer, and a queue before it is fairer than its own lock.
    writer: AnyPool,
}

impl Store {
    /// Opens the SQLite database `file`, makes it where there is none, and brings its tables up to
    /// this version. Errs, and changes nothing, where a newer version of Runde has written it.
    pub async fn open(file: &Path) -> Result<Store, StoreError> {
        sqlx::any::install_default_drivers();
        let opening = |reason: sqlx::Error| StoreError::Open { file: file.to_owned(), reason };
        let url = format!("sqlite:{}?mode=rwc", percent_encode(file));
        if is_foreign(&url).await.or_else(busy_is_ours).map_err(opening)? {
            return Err(StoreError::Foreign { file: file.to_owned() });
        }
        migrate(&url).await.map_err(|error| StoreError::migrating(file, error))?;
        let writer = pool(1).connect(&url).await.map_err(opening)?;
        let readers = pool(4).connect(&url).await.map_err(opening)?;
        Ok(Store { readers, writer })
    }

    /// Closes all connections, after the transactions under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(|connection, _| Box::pin(prepare(connection)))
}

/// Whether the file holds tables, but none of ours: it is another program's, and stays as it is.
async fn is_foreign(url: &str) -> Result<bool, sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    let row = sqlx::query(
        "select count(*) as tables, \
         coalesce(sum(case when name = '_sqlx_migrations' then 1 else 0 end), 0) as ours \
         from sqlite_master where type = 'table'",
    )
    .fetch_one(&mut connection)
    .await?;
    let (tables, ours): (i64, i64) = (row.try_get("tables")?, row.try_get("ours")?);
    connection.close().await?;
    Ok(tables > 0 && ours == 0)
}

/// Brings the tables up to this version. It has a connection of its own, since a pool takes a file
/// that is no database for one that is not there yet and tries again for half a minute. One
/// transaction that takes the lock at once lets two processes open a new database together.
async fn migrate(url: &str) -> Result<(), MigrateError> {
    let mut connection = AnyConnection::connect(url).await?;
    prepare(&mut connection).await?;
    let mut tx = connection.begin_with("begin immediate").await?;
    // Not `run`: through its `Acquire` the future would no longer be `Send`.
    sqlx::migrate!().run_direct(None, &mut *tx, false).await?;
    tx.commit().await?;
    Ok(connection.close().await?)
}

/// How often two processes that open a new database together step aside for each other.
const ATTEMPTS: usize = 100;

async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute("pragma busy_timeout = 10000; pragma foreign_keys = on").await?;
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

/// Takes a database that another process is just now making for one of ours.
fn busy_is_ours(error: sqlx::Error) -> Result<bool, sqlx::Error> {
    if is_busy(&error) { Ok(false) } else { Err(error) }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // SQLITE_BUSY, and SQLITE_BUSY_RECOVERY after a crash.
    code.is_some_and(|code| matches!(code.as_ref(), "5" | "261"))
}

/// Encodes a path for the file part of a URL, which a path may otherwise break out of.
fn percent_encode(file: &Path) -> String {
    let mut encoded = String::new();
    for byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            encoded.push(char::from(*byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
