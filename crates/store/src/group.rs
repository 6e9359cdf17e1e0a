//! SQLite's one writer, who commits the waiting transactions together.
//!
//! A commit is one sync of the disk, and the disk can do only so many. So each transaction runs as
//! a savepoint within one that is common to all who wait, and is acknowledged after the common
//! commit. One that fails is rolled back alone.
//!
//! The queue before the lock is fair, and that is what forms the groups: the first one to end asks
//! for the commit, which stands in the queue behind everyone who is waiting by then.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::any::AnyTransactionManager;
use sqlx::{AnyConnection, Connection, SqlSafeStr};
use sqlx_core::transaction::TransactionManager;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::url::StoreUrl;
use crate::{StoreError, engine};

/// The one who writes into a file.
#[derive(Clone, Debug)]
pub(crate) struct Writer(Arc<Mutex<Group>>);

/// The transaction that is common to all who wait.
#[derive(Debug)]
struct Group {
    url: StoreUrl,
    /// None after a failure that left it in an unknown state; the next one connects anew.
    connection: Option<AnyConnection>,
    /// Those who have ended and wait for the common commit.
    waiting: Vec<oneshot::Sender<Committed>>,
    /// Whether the common commit stands in the queue.
    ending: bool,
}

type Committed = Result<(), Arc<sqlx::Error>>;

/// One transaction of the group, which it has to itself until it ends. Dropping it undoes it.
#[derive(Debug)]
pub(crate) struct Part {
    writer: Writer,
    group: OwnedMutexGuard<Group>,
    /// Whether there is something to undo.
    open: bool,
}

impl Writer {
    pub(crate) async fn open(url: &StoreUrl) -> Result<Writer, sqlx::Error> {
        let connection = Some(engine::connect(url).await?);
        let group = Group { url: url.clone(), connection, waiting: vec![], ending: false };
        Ok(Writer(Arc::new(Mutex::new(group))))
    }

    /// Begins a transaction when those who came before have ended theirs.
    pub(crate) async fn begin(&self) -> Result<Part, sqlx::Error> {
        let group = Arc::clone(&self.0).lock_owned().await;
        let mut part = Part { writer: self.clone(), group, open: false };
        let connection = part.group.ready().await?;
        // Where this future is dropped while it waits, sqlx rolls the savepoint back.
        AnyTransactionManager::begin(connection, None).await?;
        part.open = true;
        Ok(part)
    }

    /// Commits what is waiting, and closes the connection.
    pub(crate) async fn close(&self) {
        let mut group = self.0.lock().await;
        group.end().await;
        if let Some(connection) = group.connection.take() {
            // All that was acknowledged has been committed: a failure to say goodbye loses nothing.
            let _ = connection.close().await;
        }
    }
}

impl Group {
    /// Returns the connection, within the common transaction.
    async fn ready(&mut self) -> Result<&mut AnyConnection, sqlx::Error> {
        if self.connection.is_none() {
            self.connection = Some(engine::connect(&self.url).await?);
        }
        let connection = self.connection.as_mut().expect("it has been opened above");
        if AnyTransactionManager::get_transaction_depth(connection) == 0 {
            // Another process may write to the same file: taking the lock at once means waiting
            // for it here, rather than failing in the middle.
            let begin = "begin immediate".into_sql_str();
            AnyTransactionManager::begin(connection, Some(begin)).await?;
        }
        Ok(connection)
    }

    /// Commits the common transaction and tells those who wait.
    async fn end(&mut self) {
        self.ending = false;
        let Some(connection) = &mut self.connection else { return };
        let committed = AnyTransactionManager::commit(connection).await.map_err(Arc::new);
        self.tell(&committed);
        if committed.is_err() {
            self.connection = None;
        }
    }

    fn tell(&mut self, committed: &Committed) {
        for waiting in self.waiting.drain(..) {
            // Whoever has gone does not hear it; the commit holds all the same.
            let _ = waiting.send(committed.clone());
        }
    }
}

impl Part {
    /// Ends the transaction; returns when it has been committed with the others of its group.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let (told, committed) = oneshot::channel();
        let released = AnyTransactionManager::commit(&mut self).await;
        // Only now: where this future is dropped before, sqlx knows which rollback to ignore.
        self.open = false;
        if let Err(error) = released {
            // The engine has given up the common transaction, and with it what others wait for.
            let error = Arc::new(error);
            self.group.tell(&Err(Arc::clone(&error)));
            self.group.connection = None;
            return Err(StoreError::NotCommitted(error));
        }
        self.group.waiting.push(told);
        drop(self);
        match committed.await {
            Ok(committed) => committed.map_err(StoreError::NotCommitted),
            Err(_) => Err(StoreError::NotCommitted(Arc::new(sqlx::Error::WorkerCrashed))),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.open
            && let Some(connection) = &mut self.group.connection
        {
            AnyTransactionManager::start_rollback(connection);
        }
        // A task of its own, since whoever ends a transaction may be gone before the commit.
        if !self.group.ending
            && let Ok(runtime) = Handle::try_current()
        {
            self.group.ending = true;
            let writer = self.writer.clone();
            runtime.spawn(async move { writer.0.lock().await.end().await });
        }
    }
}

impl Deref for Part {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        self.group.connection.as_ref().expect("a part has begun on a connection")
    }
}

impl DerefMut for Part {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.group.connection.as_mut().expect("a part has begun on a connection")
    }
}
