//! What can go wrong in the store, sorted by who can do something about it.

use std::path::{Path, PathBuf};

use instrument::RoundId;
use sqlx::migrate::MigrateError;

use crate::{CaseId, Conflict};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be opened or made.
    #[error("cannot open the database {}: {reason}; check the path and its permissions", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the engine said.
        reason: sqlx::Error,
    },
    /// A newer version of Runde has written the database.
    #[error(
        "the database {} was written by a newer version of Runde (its tables have version {version}); \
         use that version, or another --store", file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its tables.
        version: i64,
    },
    /// The database belongs to another program.
    #[error(
        "{} is the database of another program; choose another --store", file.display()
    )]
    Foreign {
        /// The file.
        file: PathBuf,
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
    /// The engine refused.
    #[error("the database refused: {0}")]
    Sql(#[from] sqlx::Error),
}

impl StoreError {
    pub(crate) fn migrating(file: &Path, error: MigrateError) -> StoreError {
        match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                StoreError::Newer { file: file.to_owned(), version }
            }
            other => StoreError::Open { file: file.to_owned(), reason: other.into() },
        }
    }

    pub(crate) fn stored(what: &'static str, value: impl Into<String>) -> StoreError {
        StoreError::Stored { what, value: value.into() }
    }
}
