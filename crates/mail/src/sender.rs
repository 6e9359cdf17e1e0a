//! The task that sends what lies in the outbox.

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use lettre::Message;
use store::{Actor, Letter, LetterId, Store, StoreError, Writing};
use tokio::task::spawn_blocking;

use crate::book::Book;
use crate::courier::{Courier, Undelivered};
use crate::write::{Unwritable, enclosure, message};

/// How long a letter may lie before somebody looks.
const LOOKS: Duration = Duration::from_secs(2);

/// Sends what is due, again and again, until `shutdown` is done; a letter that is under way then
/// is sent to its end. A store that cannot be read is tried again.
pub async fn run(
    store: Store,
    courier: Courier,
    book: Book,
    clock: impl Fn() -> Timestamp + Send,
    shutdown: impl Future<Output = ()> + Send,
) {
    tokio::pin!(shutdown);
    loop {
        if let Err(error) = send_due(&store, &courier, &book, &clock).await {
            tracing::error!("the outbox cannot be read: {error}");
        }
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(LOOKS) => {}
        }
    }
}

/// Sends every letter that is due; returns how many left.
pub async fn send_due(
    store: &Store,
    courier: &Courier,
    book: &Book,
    clock: &(impl Fn() -> Timestamp + Send),
) -> Result<usize, StoreError> {
    let mut left = 0;
    for id in store.letters_due(clock()).await? {
        left += usize::from(send(store, courier, book, clock, &id).await?);
    }
    Ok(left)
}

/// Sends one letter, if it is still wanted; returns whether it left.
async fn send(
    store: &Store,
    courier: &Courier,
    book: &Book,
    clock: &(impl Fn() -> Timestamp + Send),
    id: &LetterId,
) -> Result<bool, StoreError> {
    let mut writing = begin(store, clock).await?;
    let taken = writing.take_letter(id).await?;
    writing.commit().await?;
    let Some(letter) = taken else { return Ok(false) };
    let outcome = match written(&letter, courier, book, clock()).await {
        Ok(message) => courier.deliver(&id.to_string(), &message).await,
        Err(Unwritable::Address(reason)) => Err(Undelivered::NoSuchReader(reason)),
        Err(other) => Err(Undelivered::Later(other.to_string())),
    };
    let mut writing = begin(store, clock).await?;
    match &outcome {
        Ok(()) => writing.letter_left(id).await?,
        Err(Undelivered::NoSuchReader(why)) => writing.letter_refused(id, why).await?,
        Err(Undelivered::Later(why)) => {
            let again = writing.letter_waits(id, why).await?;
            tracing::warn!("a letter could not be sent: {why}; tried again: {again}");
        }
    }
    writing.commit().await?;
    Ok(outcome.is_ok())
}

/// Writes a letter with what it encloses. A receipt that cannot be printed leaves without: the
/// answers stand in the letter too.
async fn written(
    letter: &Letter,
    courier: &Courier,
    book: &Book,
    now: Timestamp,
) -> Result<Message, Unwritable> {
    let enclosed = match enclosure(letter, book, now)? {
        None => None,
        Some(unprinted) => {
            let printed = spawn_blocking(|| unprinted.print()).await;
            let printed = printed.map_err(|error| error.to_string()).flatten();
            printed.inspect_err(|why| tracing::error!("a receipt cannot be printed: {why}")).ok()
        }
    };
    message(letter, enclosed, &courier.from, book, now)
}

async fn begin(
    store: &Store,
    clock: &(impl Fn() -> Timestamp + Send),
) -> Result<Writing, StoreError> {
    store.write(Actor::Sender, clock()).await
}
