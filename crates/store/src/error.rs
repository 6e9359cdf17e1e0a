//! What can go wrong in the store, sorted by who can do something about it.

use std::sync::Arc;

use instrument::{RoundId, SectionId};

use crate::migrate::MigrateError;
use crate::sql::SqlError;
use crate::{CaseId, Conflict, StoreUrl};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be opened or made.
    #[error("cannot open the database {store}: {reason}; {}", what_to_check(store))]
    Open {
        /// Its address.
        store: StoreUrl,
        /// What the engine said.
        reason: SqlError,
    },
    /// A newer version of Runde has written the database.
    #[error(
        "the database {store} was written by a newer version of Runde (its tables have version \
         {version}); use that version, or another --store"
    )]
    Newer {
        /// Its address.
        store: StoreUrl,
        /// The version of its tables.
        version: i64,
    },
    /// Its tables were made by steps that this build does not know as they were.
    #[error(
        "the tables of the database {store} were made otherwise (step {version}) than this build of \
         Runde makes them; use the build that made them, or another --store"
    )]
    Altered {
        /// Its address.
        store: StoreUrl,
        /// The version that the step leads to.
        version: i64,
    },
    /// The database belongs to another program.
    #[error("{store} is the database of another program; choose another --store")]
    Foreign {
        /// Its address.
        store: StoreUrl,
    },
    /// The round has not been opened in this store.
    #[error("round {0} has not been opened in this database")]
    NoRound(RoundId),
    /// No such case.
    #[error("there is no case {0}")]
    NoCase(CaseId),
    /// The round was opened with another questionnaire or frame.
    #[error(
        "round {round} was opened with another {what} than the one in the survey folder; restore \
         the file, or use a new database"
    )]
    OtherParent {
        /// The round.
        round: RoundId,
        /// `questionnaire` or `frame`.
        what: &'static str,
    },
    /// The round is not in the field at this time.
    #[error("round {0} is not open")]
    Closed(RoundId),
    /// The case has been signed; it must be opened again before it is changed.
    #[error("case {0} has been signed")]
    Signed(CaseId),
    /// Somebody else has answered since the page was shown.
    #[error("{} answers were changed by someone else meanwhile", .0.len())]
    Conflict(Vec<Conflict>),
    /// Whoever makes the change may no longer see the case, or never could do this.
    #[error("case {0} is not open to whoever wants to change it")]
    NotOpen(CaseId),
    /// The section is in other hands.
    #[error("section {0} is not theirs")]
    NotTheirs(SectionId),
    /// Something changed between what the signer saw and the signature.
    #[error("case {0} was changed while it was being signed")]
    Changed(CaseId),
    /// A stored data set cannot be read.
    #[error(transparent)]
    DataSet(#[from] dataset::CodecError),
    /// A stored value is not what this version of Runde writes.
    #[error("the database holds a {what} that cannot be read: `{value}`")]
    Stored {
        /// What was wanted.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The name of a member of the staff is taken.
    #[error("there is already a user {0}")]
    UserExists(String),
    /// The password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Password(String),
    /// What was written together could not be committed: nothing of it holds.
    #[error("the database could not save what was written: {0}")]
    NotCommitted(Arc<SqlError>),
    /// The engine refused.
    #[error("the database refused: {0}")]
    Sql(#[from] SqlError),
}

impl StoreError {
    /// Whether the same change may succeed if it is made again from the beginning: two changes
    /// stood in each other's way, or the database was away for a moment.
    pub fn is_passing(&self) -> bool {
        match self {
            StoreError::Sql(error) => error.is_passing(),
            StoreError::NotCommitted(error) => error.is_passing(),
            StoreError::Open { .. }
            | StoreError::Newer { .. }
            | StoreError::Altered { .. }
            | StoreError::Foreign { .. }
            | StoreError::NoRound(_)
            | StoreError::NoCase(_)
            | StoreError::OtherParent { .. }
            | StoreError::Closed(_)
            | StoreError::Signed(_)
            | StoreError::Conflict(_)
            | StoreError::NotOpen(_)
            | StoreError::NotTheirs(_)
            | StoreError::Changed(_)
            | StoreError::DataSet(_)
            | StoreError::Stored { .. }
            | StoreError::UserExists(_)
            | StoreError::Password(_) => false,
        }
    }

    pub(crate) fn migrating(store: &StoreUrl, error: MigrateError) -> StoreError {
        let store = store.clone();
        match error {
            MigrateError::Newer(version) => StoreError::Newer { store, version },
            MigrateError::Altered(version) => StoreError::Altered { store, version },
            MigrateError::Sql(reason) => StoreError::Open { store, reason },
        }
    }

    pub(crate) fn stored(what: &'static str, value: impl Into<String>) -> StoreError {
        StoreError::Stored { what, value: value.into() }
    }
}

fn what_to_check(store: &StoreUrl) -> &'static str {
    match store.file() {
        Some(_) => "check the path and its permissions",
        None => "check that the server runs, and the address, the user and the password",
    }
}
