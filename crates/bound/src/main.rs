//! The bound: what a server on this machine does that knows nothing of surveys. It stores what is
//! sent to it, bytes as they come, in the same engine with the same promise (a commit that is on disk
//! before the answer), many requests in a commit, and answers each `GET` with the same page. The load
//! tool measures it beside `runde serve`: what is between them is what rendering, the path, the
//! checks and the versions cost.
//!
//! Run it as `bound DATABASE PAGE`: it prints its address, and serves until it is killed.

#![expect(clippy::print_stdout, reason = "whoever starts it reads its address")]

use std::error::Error;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::response::Html;
use axum::routing::get;
use rusqlite::Connection;
use tokio::sync::oneshot;

/// A request's bytes, and whom to tell when they are on disk.
type Sent = (String, i64, String, oneshot::Sender<()>);

#[derive(Clone)]
struct Bound {
    page: &'static str,
    writer: Sender<Sent>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, page] = arguments.as_slice() else {
        return Err("give a database that is not there yet, and a page: bound DATABASE PAGE".into());
    };
    let page = std::fs::read_to_string(page).map_err(|error| format!("{page}: {error}"))?.leak();
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    let table = "create table sent (unit text, page int, bytes text, primary key (unit, page))";
    connection.execute_batch(table)?;
    let (writer, waiting) = channel();
    // Where it fails, those who wait and all who come after are refused.
    thread::spawn(move || write(&connection, &waiting));
    let routes = Router::new().route("/{unit}/{page}", get(show).post(save));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, routes.with_state(Bound { page, writer })).await?)
}

async fn show(State(bound): State<Bound>) -> Html<&'static str> {
    Html(bound.page)
}

/// Leads to the next page when the bytes are on disk.
async fn save(
    State(bound): State<Bound>,
    Path((unit, page)): Path<(String, i64)>,
    bytes: String,
) -> Result<(StatusCode, [(HeaderName, String); 1]), StatusCode> {
    let next = format!("/{unit}/{}", page + 1);
    let (told, committed) = oneshot::channel();
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    bound.writer.send((unit, page, bytes, told)).map_err(|_| failed)?;
    committed.await.map_err(|_| failed)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, next)]))
}

/// Stores all who wait in one commit, and tells them.
fn write(connection: &Connection, waiting: &Receiver<Sent>) -> rusqlite::Result<()> {
    while let Ok(first) = waiting.recv() {
        let group: Vec<Sent> = std::iter::once(first).chain(waiting.try_iter()).collect();
        connection.execute_batch("begin")?;
        let mut insert =
            connection.prepare_cached("insert or replace into sent values (?, ?, ?)")?;
        for (unit, page, bytes, _) in &group {
            insert.execute((unit, page, bytes))?;
        }
        connection.execute_batch("commit")?;
        for (.., told) in group {
            // Whoever has gone does not hear it.
            let _ = told.send(());
        }
    }
    Ok(())
}
