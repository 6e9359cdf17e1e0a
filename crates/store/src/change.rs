//! Where changes are made: a transaction on either engine.

use sqlx::{PgPool, Postgres, Transaction};

use crate::StoreError;
use crate::engine;
use crate::group::{Part, Writer};
use crate::known::Known;
use crate::sql::{Connection, Executor, SqlError};
use crate::url::{Place, StoreUrl};

/// The connections that change something.
#[derive(Clone, Debug)]
pub(crate) enum Writers {
    /// A file has one writer, and a queue before it is fairer than the file's own lock.
    Sqlite(Writer),
    /// A server has as many as it likes; those who meet in a case wait for each other there.
    Postgres(PgPool),
}

/// A transaction under way. Dropping it undoes it.
#[derive(Debug)]
pub(crate) enum Change {
    /// One of the group that the file's writer commits together.
    Sqlite(Part),
    /// A transaction by itself: the server groups commits.
    Postgres(Transaction<'static, Postgres>),
}

/// How many connections write to a server at a time.
const CONNECTIONS: u32 = 8;

impl Writers {
    pub(crate) async fn open(url: &StoreUrl, known: &Known) -> Result<Writers, SqlError> {
        Ok(match &url.0 {
            Place::Sqlite(file) => Writers::Sqlite(Writer::open(file).await?),
            Place::Postgres(url) => Writers::Postgres(engine::pool(url, CONNECTIONS, known).await?),
        })
    }

    pub(crate) async fn begin(&self) -> Result<Change, StoreError> {
        Ok(match self {
            Writers::Sqlite(writer) => Change::Sqlite(writer.begin().await?),
            // Each statement sees what is committed when it begins: after
            // [`crate::Writing::lock`], that is all there will be about the case.
            Writers::Postgres(pool) => {
                Change::Postgres(pool.begin().await.map_err(SqlError::from)?)
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Writers::Sqlite(writer) => writer.close().await,
            Writers::Postgres(pool) => pool.close().await,
        }
    }
}

impl Change {
    /// Returns when everything is on disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Change::Sqlite(part) => part.commit().await,
            Change::Postgres(tx) => Ok(tx.commit().await.map_err(SqlError::from)?),
        }
    }
}

impl Executor for Change {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Change::Sqlite(part) => part.connection(),
            Change::Postgres(tx) => Connection::Postgres(tx),
        }
    }
}
