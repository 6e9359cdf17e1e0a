//! Where things are read: connections that change nothing, on either engine.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::spawn_blocking;

use crate::engine;
use crate::known::Known;
use crate::sql::{Connection, Executor, Query, Row, SqlError, run};
use crate::url::Place;
use crate::{StoreError, StoreUrl};

/// How many connections read at a time.
const READERS: u32 = 4;

/// The connections that read.
#[derive(Clone, Debug)]
pub(crate) enum Readers {
    Sqlite(Arc<Shelf>),
    Postgres(PgPool),
}

/// Open connections to a file that nobody uses just now.
#[derive(Debug)]
pub(crate) struct Shelf {
    file: PathBuf,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<rusqlite::Connection>>,
}

/// A connection that reads. Each query sees what was committed before it.
#[derive(Debug)]
pub(crate) enum Reader {
    Sqlite(Lent),
    Postgres(PoolConnection<Postgres>),
}

/// A view of the database as it stood when it was begun. Dropping it ends it.
#[derive(Debug)]
pub(crate) enum Snapshot {
    Sqlite(Lent),
    Postgres(Transaction<'static, Postgres>),
}

/// A connection off the shelf, where it is put back.
#[derive(Debug)]
pub(crate) struct Lent {
    shelf: Arc<Shelf>,
    /// None while another thread has it, or after one has lost it.
    connection: Option<rusqlite::Connection>,
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    pub(crate) async fn open(url: &StoreUrl, known: &Known) -> Result<Readers, SqlError> {
        Ok(match &url.0 {
            Place::Sqlite(file) => Readers::Sqlite(Arc::new(Shelf {
                file: file.clone(),
                free: Arc::new(Semaphore::new(READERS as usize)),
                idle: Mutex::new(vec![]),
            })),
            Place::Postgres(url) => Readers::Postgres(engine::pool(url, READERS, known).await?),
        })
    }

    pub(crate) async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Readers::Sqlite(shelf) => Reader::Sqlite(shelf.lend().await?),
            Readers::Postgres(pool) => {
                Reader::Postgres(pool.acquire().await.map_err(SqlError::from)?)
            }
        })
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(match self {
            Readers::Sqlite(shelf) => {
                let lent = shelf.lend().await?;
                run(lent.get(), "begin")?;
                Snapshot::Sqlite(lent)
            }
            Readers::Postgres(pool) => {
                let begin = "begin isolation level repeatable read read only";
                Snapshot::Postgres(pool.begin_with(begin).await.map_err(SqlError::from)?)
            }
        })
    }

    /// Closes all connections when those who read are done.
    pub(crate) async fn close(&self) {
        match self {
            Readers::Sqlite(shelf) => {
                // It errs where the shelf has been closed before.
                let all = shelf.free.acquire_many(READERS).await;
                shelf.free.close();
                shelf.idle().clear();
                drop(all);
            }
            Readers::Postgres(pool) => pool.close().await,
        }
    }
}

impl Shelf {
    async fn lend(self: &Arc<Self>) -> Result<Lent, SqlError> {
        let permit = Arc::clone(&self.free).acquire_owned().await;
        let permit = permit.map_err(|_| SqlError::stopped())?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => engine::open_file(&self.file).await?,
        };
        Ok(Lent { shelf: Arc::clone(self), connection: Some(connection), _permit: permit })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<rusqlite::Connection>> {
        // Each change to the shelf is one call: whoever panicked left it whole.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent {
    fn get(&self) -> &rusqlite::Connection {
        self.connection.as_ref().expect("it is taken only by `batches`, which holds the snapshot")
    }

    fn get_mut(&mut self) -> &mut rusqlite::Connection {
        self.connection.as_mut().expect("it is taken only by `batches`, which holds the snapshot")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // One that cannot end its snapshot is closed.
        if connection.is_autocommit() || run(&connection, "rollback").is_ok() {
            self.shelf.idle().push(connection);
        }
    }
}

impl Executor for Reader {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Reader::Sqlite(lent) => Connection::Sqlite(lent.get_mut()),
            Reader::Postgres(connection) => Connection::Postgres(connection),
        }
    }
}

impl Executor for Snapshot {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Snapshot::Sqlite(lent) => Connection::Sqlite(lent.get_mut()),
            Snapshot::Postgres(transaction) => Connection::Postgres(transaction),
        }
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
        match self {
            Snapshot::Postgres(transaction) => Ok(query.send(transaction, size, send).await?),
            // In a thread of its own, which may wait for whoever takes the rows.
            Snapshot::Sqlite(lent) => {
                let connection = lent.connection.take().expect("it is put back below");
                let reading = spawn_blocking(move || {
                    let read = query.send_in_place(&connection, size, &send);
                    (connection, read)
                });
                let (connection, read) = reading.await.map_err(|_| SqlError::stopped())?;
                lent.connection = Some(connection);
                Ok(read?)
            }
        }
    }
}
