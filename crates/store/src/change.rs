//! Where changes are made: a transaction on either engine.

use std::sync::Arc;

use crate::StoreError;
use crate::group::{Part, Writer};
use crate::known::Known;
use crate::server::{Conversation, Servers};
use crate::shelf::{Lent, Shelf};
use crate::sql::{Connection, Executor, SqlError};
use crate::url::{Place, StoreUrl};

/// The connections that change something.
#[derive(Clone, Debug)]
pub(crate) enum Writers {
    /// A file has one writer, and a queue before it is fairer than the file's own lock.
    Sqlite(Writer),
    /// A server has as many as it likes; those who meet in a case wait for each other there.
    Postgres(Arc<Shelf<Conversation>>),
}

/// A transaction under way. Dropping it undoes it.
#[derive(Debug)]
pub(crate) enum Change {
    /// One of the group that the file's writer commits together.
    Sqlite(Part),
    /// A transaction by itself: the server groups commits.
    Postgres(Lent<Conversation>),
}

/// How many connections write to a server at a time.
const CONNECTIONS: u32 = 8;

impl Writers {
    pub(crate) async fn open(url: &StoreUrl, known: &Known) -> Result<Writers, SqlError> {
        Ok(match &url.0 {
            Place::Sqlite(file) => Writers::Sqlite(Writer::open(file).await?),
            Place::Postgres(address) => {
                Writers::Postgres(Shelf::new(Servers::new(address, known), CONNECTIONS))
            }
        })
    }

    pub(crate) async fn begin(&self) -> Result<Change, StoreError> {
        Ok(match self {
            Writers::Sqlite(writer) => Change::Sqlite(writer.begin().await?),
            // Each statement sees what is committed when it begins: after
            // [`crate::Writing::lock`], that is all there will be about the case.
            Writers::Postgres(shelf) => {
                let mut lent = shelf.lend().await?;
                lent.get_mut().begin("begin").await?;
                Change::Postgres(lent)
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Writers::Sqlite(writer) => writer.close().await,
            Writers::Postgres(shelf) => shelf.close().await,
        }
    }
}

impl Change {
    /// Returns when everything is on disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Change::Sqlite(part) => part.commit().await,
            Change::Postgres(mut lent) => Ok(lent.get_mut().commit().await?),
        }
    }
}

impl Executor for Change {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Change::Sqlite(part) => part.connection(),
            Change::Postgres(lent) => Connection::Postgres(lent.get_mut()),
        }
    }
}
