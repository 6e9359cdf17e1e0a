//! SQLite's one writer, who commits the waiting transactions together.
//!
//! A commit is one sync of the disk, and the disk can do only so many. So each transaction runs as
//! a savepoint within one that is common to all who wait, and is acknowledged after the common
//! commit. One that fails is rolled back alone.
//!
//! The queue before the lock is fair, and that is what forms the groups: the first one to end asks
//! for the commit, which stands in the queue behind everyone who is waiting by then.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::task::spawn_blocking;

use crate::sql::{self, Executor, SqlError, at_once, run};
use crate::{StoreError, engine};

/// The one who writes into a file.
#[derive(Clone, Debug)]
pub(crate) struct Writer(Arc<Mutex<Group>>);

/// The transaction that is common to all who wait.
#[derive(Debug)]
struct Group {
    file: PathBuf,
    /// None after a failure that left it in an unknown state; the next one connects anew.
    connection: Option<Connection>,
    /// Those who have ended and wait for the common commit.
    waiting: Vec<oneshot::Sender<Committed>>,
    /// Whether the common commit stands in the queue.
    ending: bool,
}

type Committed = Result<(), Arc<SqlError>>;

/// One transaction of the group, which it has to itself until it ends. Dropping it undoes it.
#[derive(Debug)]
pub(crate) struct Part {
    writer: Writer,
    group: OwnedMutexGuard<Group>,
    /// Whether there is something to undo.
    open: bool,
}

impl Writer {
    pub(crate) async fn open(file: &Path) -> Result<Writer, SqlError> {
        let connection = Some(engine::open_file(file).await?);
        let group = Group { file: file.to_owned(), connection, waiting: vec![], ending: false };
        Ok(Writer(Arc::new(Mutex::new(group))))
    }

    /// Begins a transaction when those who came before have ended theirs.
    pub(crate) async fn begin(&self) -> Result<Part, SqlError> {
        let mut group = Arc::clone(&self.0).lock_owned().await;
        run(group.ready().await?, "savepoint part")?;
        Ok(Part { writer: self.clone(), group, open: true })
    }

    /// Commits what is waiting, and closes the connection.
    pub(crate) async fn close(&self) {
        let mut group = self.0.lock().await;
        group.end().await;
        group.connection = None;
    }
}

impl Group {
    /// Returns the connection, within the common transaction.
    async fn ready(&mut self) -> Result<&mut Connection, SqlError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => engine::open_file(&self.file).await?,
        };
        let connection =
            if connection.is_autocommit() { begin(connection).await? } else { connection };
        Ok(self.connection.insert(connection))
    }

    /// Commits the common transaction and tells those who wait.
    async fn end(&mut self) {
        self.ending = false;
        let Some(connection) = self.connection.take() else { return };
        // The disk is waited for in a thread that has nothing else to do.
        let commit = spawn_blocking(move || {
            let committed = match connection.is_autocommit() {
                true => Ok(()),
                false => run(&connection, "commit"),
            };
            committed.map(|()| connection)
        });
        match commit.await {
            Ok(Ok(connection)) => {
                self.connection = Some(connection);
                self.tell(&Ok(()));
            }
            Ok(Err(error)) => self.tell(&Err(Arc::new(error))),
            Err(_) => self.tell(&Err(Arc::new(SqlError::stopped()))),
        }
    }

    /// Gives the common transaction up, and with it what others wait for.
    fn give_up(&mut self, error: SqlError) -> Arc<SqlError> {
        let error = Arc::new(error);
        self.tell(&Err(Arc::clone(&error)));
        self.connection = None;
        error
    }

    fn tell(&mut self, committed: &Committed) {
        for waiting in self.waiting.drain(..) {
            // Whoever has gone does not hear it; the commit holds all the same.
            let _ = waiting.send(committed.clone());
        }
    }

    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a part has begun on a connection")
    }
}

/// Begins the common transaction. Another process may be writing to the same file: to take the lock
/// at once means to wait for it here, rather than to fail in the middle.
async fn begin(connection: Connection) -> Result<Connection, SqlError> {
    const BEGIN: &str = "begin immediate";
    if at_once(&connection, BEGIN)? {
        return Ok(connection);
    }
    let wait = spawn_blocking(move || run(&connection, BEGIN).map(|()| connection));
    wait.await.map_err(|_| SqlError::stopped())?
}

impl Part {
    /// Ends the transaction; returns when it has been committed with the others of its group.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let (told, committed) = oneshot::channel();
        self.open = false;
        if let Err(error) = run(self.group.connection(), "release part") {
            return Err(StoreError::NotCommitted(self.group.give_up(error)));
        }
        self.group.waiting.push(told);
        drop(self);
        match committed.await {
            Ok(committed) => committed.map_err(StoreError::NotCommitted),
            Err(_) => Err(StoreError::NotCommitted(Arc::new(SqlError::stopped()))),
        }
    }
}

fn undo(connection: &Connection) -> Result<(), SqlError> {
    run(connection, "rollback to part")?;
    run(connection, "release part")
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.open
            && let Err(error) = undo(self.group.connection())
        {
            // A full disk, for instance, ends the common transaction.
            self.group.give_up(error);
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

impl Executor for Part {
    fn connection(&mut self) -> sql::Connection<'_> {
        sql::Connection::Sqlite(self.group.connection())
    }
}
