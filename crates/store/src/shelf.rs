//! Open connections that nobody uses just now, and a bound on how many there are.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::sql::SqlError;

/// A connection that serves one after the other.
pub(crate) trait Kept: Sized + Debug + Send + 'static {
    /// Where it leads.
    type Place: Debug + Send + Sync;

    /// Opens one.
    fn open(place: &Self::Place) -> impl Future<Output = Result<Self, SqlError>> + Send;

    /// Whether it can be used once more.
    fn is_alive(&mut self) -> impl Future<Output = bool> + Send;

    /// Ends whatever its last user has left open.
    fn tidy(self) -> Tidied<Self>;

    /// Takes leave of the other side.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// What has become of a connection that is given back.
pub(crate) enum Tidied<C> {
    /// It is ready for the next one.
    Ready(C),
    /// It may be, once this has ended.
    Later(Pin<Box<dyn Future<Output = Option<C>> + Send>>),
    /// Nobody knows what state it is in.
    Lost,
}

/// The connections to one place.
#[derive(Debug)]
pub(crate) struct Shelf<C: Kept> {
    place: C::Place,
    most: u32,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<C>>,
}

/// A connection off the shelf, where it is put back when this is dropped.
#[derive(Debug)]
pub(crate) struct Lent<C: Kept> {
    shelf: Arc<Shelf<C>>,
    /// None while another thread has it, or after one has lost it.
    connection: Option<C>,
    permit: Option<OwnedSemaphorePermit>,
}

impl<C: Kept> Shelf<C> {
    /// Makes an empty shelf; at most so many connections are open at a time.
    pub(crate) fn new(place: C::Place, most: u32) -> Arc<Shelf<C>> {
        let free = Arc::new(Semaphore::new(most as usize));
        Arc::new(Shelf { place, most, free, idle: Mutex::new(vec![]) })
    }

    /// Lends a connection, when there is one; errs where none can be opened.
    pub(crate) async fn lend(self: &Arc<Self>) -> Result<Lent<C>, SqlError> {
        let permit = Arc::clone(&self.free).acquire_owned().await;
        let permit = permit.map_err(|_| SqlError::stopped())?;
        let connection = match self.idle_one().await {
            Some(connection) => connection,
            None => C::open(&self.place).await?,
        };
        Ok(Lent { shelf: Arc::clone(self), connection: Some(connection), permit: Some(permit) })
    }

    /// Returns an idle connection that is alive; those that are not go.
    async fn idle_one(&self) -> Option<C> {
        loop {
            // The one that was used last, so that some rest while little is done.
            let mut connection = self.idle().pop()?;
            if connection.is_alive().await {
                return Some(connection);
            }
        }
    }

    /// Closes all connections when those who use them are done; nothing is lent any more.
    pub(crate) async fn close(&self) {
        // It errs where the shelf has been closed before.
        let all = self.free.acquire_many(self.most).await;
        self.free.close();
        let idle: Vec<C> = self.idle().drain(..).collect();
        for connection in idle {
            connection.close().await;
        }
        drop(all);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        // Each change to the shelf is one call: whoever panicked left it whole.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is a connection in every [`Lent`] that is asked for it.
const THERE: &str = "it is taken only by who puts it back, and holds this meanwhile";

impl<C: Kept> Lent<C> {
    pub(crate) fn get(&self) -> &C {
        self.connection.as_ref().expect(THERE)
    }

    pub(crate) fn get_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect(THERE)
    }

    /// Takes the connection into another thread. Where it is not put back, it is gone.
    pub(crate) fn take(&mut self) -> C {
        self.connection.take().expect(THERE)
    }

    pub(crate) fn put_back(&mut self, connection: C) {
        self.connection = Some(connection);
    }
}

impl<C: Kept> Drop for Lent<C> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match connection.tidy() {
            Tidied::Ready(connection) => self.shelf.idle().push(connection),
            Tidied::Later(tidying) => {
                // Without a runtime it is closed, which ends what was open too.
                let Ok(runtime) = Handle::try_current() else { return };
                let (shelf, permit) = (Arc::clone(&self.shelf), self.permit.take());
                runtime.spawn(async move {
                    if let Some(connection) = tidying.await {
                        shelf.idle().push(connection);
                    }
                    drop(permit);
                });
            }
            Tidied::Lost => {}
        }
    }
}
