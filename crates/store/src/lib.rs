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

use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;

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
        let writer = pool(1).connect(&url).await.map_err(opening)?;
        sqlx::migrate!().run(&writer).await.map_err(|error| StoreError::migrating(file, error))?;
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
    AnyPoolOptions::new().max_connections(connections).after_connect(|connection, _| {
        Box::pin(async move {
            use sqlx::Executor;
            // What has been acknowledged survives a power loss: the log is synced on each commit.
            let settings = "pragma busy_timeout = 10000; pragma journal_mode = wal; \
                pragma synchronous = full; pragma foreign_keys = on";
            connection.execute(settings).await?;
            Ok(())
        })
    })
}

/// Encodes what a path may hold but the file part of a URL may not.
fn percent_encode(file: &Path) -> String {
    let path = file.to_string_lossy();
    path.chars().fold(String::with_capacity(path.len()), |mut url, c| {
        match c {
            '%' => url.push_str("%25"),
            '?' => url.push_str("%3F"),
            '#' => url.push_str("%23"),
            ' ' => url.push_str("%20"),
            other => url.push(other),
        }
        url
    })
}
