//! Where it rests: the only room that speaks SQL.
//!
//! Reading is on [`Store`], changing on [`Writing`]: a transaction that knows who makes the change
//! and when, and is answered only after its commit. Answers are append-only; each names the
//! version that it replaces.
//!
//! Two engines serve it, with one SQL text: SQLite, in a file, and PostgreSQL, which several servers
//! may share. `engine` holds what is different about them.

mod access;
mod case;
mod change;
mod copy;
mod engine;
mod error;
mod field;
mod files;
mod freeze;
mod group;
mod hands;
mod known;
mod migrate;
mod outbox;
mod people;
mod readers;
mod reading;
mod secret;
mod server;
mod shelf;
mod signed;
mod sql;
mod staff;
mod url;
mod writing;

pub use access::{Access, AccessKind, Contact, ContactId, Entered, LinkFor, SESSION_HOURS};
pub use case::{
    Actor, Assignment, COMMAND_LINE, Case, CaseId, Form, Held, HeldAnswers, SectionState,
    SectionStatus, Signature,
};
pub use copy::{Copied, CopyError};
pub use error::StoreError;
pub use field::{AuditLine, CaseOverview, OpenRound, RoundState};
pub use files::FileBytes;
pub use freeze::{FreezeWith, answered_at};
pub use hands::{Ended, Hand, HandOver, HandedOver};
pub use outbox::{Letter, LetterFor, LetterId, LetterKind, LetterState, Posted};
pub use people::Person;
pub use readers::ReaderAnswers;
pub use secret::Token;
pub use sql::SqlError;
pub use url::{InvalidStoreUrl, StoreUrl};
pub use writing::{AnswerWrite, Conflict, Saved, Writing};

use change::Writers;
use engine::Engine;
use known::Known;
use reading::Readers;

/// The database of a survey.
#[derive(Clone, Debug)]
pub struct Store {
    url: StoreUrl,
    engine: Engine,
    readers: Readers,
    known: Known,
    writers: Writers,
}

impl Store {
    /// Opens a database, makes the file where there is none, and brings the tables up to this
    /// version. Errs, and changes nothing, where a newer version of Runde has written it.
    pub async fn open(url: &StoreUrl) -> Result<Store, StoreError> {
        let opening = |reason| StoreError::Open { store: url.clone(), reason };
        if migrate::is_foreign(url).await.map_err(opening)? {
            return Err(StoreError::Foreign { store: url.clone() });
        }
        migrate::migrate(url).await.map_err(|error| StoreError::migrating(url, error))?;
        let known = Known::default();
        let writers = Writers::open(url, &known).await.map_err(opening)?;
        let readers = Readers::new(url, &known);
        Ok(Store { url: url.clone(), engine: Engine::of(url), readers, known, writers })
    }

    /// Closes all connections, after the transactions under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    /// Returns where it lies.
    pub fn url(&self) -> &StoreUrl {
        &self.url
    }
}
