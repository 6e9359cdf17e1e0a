//! Where things are read: connections that change nothing, on either engine.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::known::Known;
use crate::server::{Conversation, Servers};
use crate::shelf::{Kept, Lent, Shelf, Tidied};
use crate::sql::{Connection, Executor, Query, Row, SqlError, run};
use crate::url::Place;
use crate::{StoreError, StoreUrl, engine};

/// How many connections read at a time.
const READERS: u32 = 4;

/// The connections that read.
#[derive(Clone, Debug)]
pub(crate) enum Readers {
    Sqlite(Arc<Shelf<rusqlite::Connection>>),
    Postgres(Arc<Shelf<Conversation>>),
}

/// A connection that reads. Each query sees what was committed before it.
#[derive(Debug)]
pub(crate) enum Reader {
    Sqlite(Lent<rusqlite::Connection>),
    Postgres(Lent<Conversation>),
}

/// A view of the database as it stood when it was begun. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Snapshot(Reader);

impl Readers {
    pub(crate) fn new(url: &StoreUrl, known: &Known) -> Readers {
        match &url.0 {
            Place::Sqlite(file) => Readers::Sqlite(Shelf::new(file.clone(), READERS)),
            Place::Postgres(address) => {
                Readers::Postgres(Shelf::new(Servers::new(address, known), READERS))
            }
        }
    }

    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Readers::Sqlite(shelf) => Reader::Sqlite(shelf.lend().await?),
            Readers::Postgres(shelf) => Reader::Postgres(shelf.lend().await?),
        })
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut reader = self.reader().await?;
        match &mut reader {
            Reader::Sqlite(lent) => run(lent.get(), "begin")?,
            Reader::Postgres(lent) => {
                lent.get_mut().begin("begin isolation level repeatable read read only").await?;
            }
        }
        Ok(Snapshot(reader))
    }

    /// Closes all connections when those who read are done.
    pub(crate) async fn close(&self) {
        match self {
            Readers::Sqlite(shelf) => shelf.close().await,
            Readers::Postgres(shelf) => shelf.close().await,
        }
    }
}

impl Kept for rusqlite::Connection {
    type Place = PathBuf;

    async fn open(file: &PathBuf) -> Result<rusqlite::Connection, SqlError> {
        engine::open_file(file).await
    }

    async fn is_alive(&mut self) -> bool {
        // There is nobody at the other end who could hang up.
        true
    }

    fn tidy(self) -> Tidied<rusqlite::Connection> {
        // One that cannot end its snapshot is closed.
        match self.is_autocommit() || run(&self, "rollback").is_ok() {
            true => Tidied::Ready(self),
            false => Tidied::Lost,
        }
    }

    async fn close(self) {}
}

impl Executor for Reader {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Reader::Sqlite(lent) => Connection::Sqlite(lent.get_mut()),
            Reader::Postgres(lent) => Connection::Postgres(lent.get_mut()),
        }
    }
}

impl Executor for Snapshot {
    fn connection(&mut self) -> Connection<'_> {
        self.0.connection()
    }
}

impl Snapshot {
    /// Hands over the rows of a long result, so many at a time; what becomes of them is awaited
    /// before many more are read. Errs as `then` does.
    pub(crate) async fn batches(
        &mut self,
        query: Query,
        size: usize,
        mut then: impl AsyncFnMut(Vec<Row>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (send, mut batches) = mpsc::channel(2);
        let take = async {
            while let Some(batch) = batches.recv().await {
                then(batch).await?;
            }
            Ok(())
        };
        tokio::try_join!(self.send_batches(query, size, send), take)?;
        Ok(())
    }

    async fn send_batches(
        &mut self,
        query: Query,
        size: usize,
        send: mpsc::Sender<Vec<Row>>,
    ) -> Result<(), StoreError> {
        match &mut self.0 {
            Reader::Postgres(lent) => Ok(query.send(lent.get_mut(), size, send).await?),
            // In a thread of its own, which may wait for whoever takes the rows.
            Reader::Sqlite(lent) => {
                let connection = lent.take();
                let reading = spawn_blocking(move || {
                    let read = query.send_in_place(&connection, size, &send);
                    (connection, read)
                });
                let (connection, read) = reading.await.map_err(|_| SqlError::stopped())?;
                lent.put_back(connection);
                Ok(read?)
            }
        }
    }
}
