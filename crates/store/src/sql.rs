//! Putting SQL to either engine: all that this room needs of a driver.
//!
//! SQLite is called in place, in the thread that asks: a query takes a few microseconds, and to hand
//! it to another thread and wake this one again takes several times as long. Only what waits for
//! the disk or for another process, a commit and the lock before it, has a thread of its own
//! (`group`). PostgreSQL is a conversation over a socket, and is awaited.

mod postgres;
mod sqlite;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

pub(crate) use self::sqlite::{at_once, open as open_sqlite, run};
use crate::server::Conversation;

/// A value on its way into the database or out of it. A null has a kind too, which PostgreSQL wants
/// to know of what it is given; one that comes out of SQLite counts as a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Integer(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A statement with the values of its places `$1`, `$2`, …
#[derive(Debug)]
pub(crate) struct Query {
    text: Cow<'static, str>,
    values: Vec<Cell>,
}

/// A row of a result. Its columns are read by name.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    columns: Arc<[String]>,
    cells: Vec<Cell>,
}

/// A connection of either engine.
pub(crate) enum Connection<'c> {
    Sqlite(&'c mut rusqlite::Connection),
    Postgres(&'c mut Conversation),
}

/// What a query can be put to.
pub(crate) trait Executor: Send {
    fn connection(&mut self) -> Connection<'_>;
}

/// Why an engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SqlError(#[from] Refusal);

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    #[error("the result has no column {0}")]
    NoColumn(String),
    #[error("the column {0} is of another kind than it should be")]
    OtherKind(String),
    #[error("there is no row, where there should be one")]
    NoRow,
    #[error("the thread that commits has stopped")]
    Stopped,
    #[error("no server answered within {} seconds", .0.as_secs())]
    NoAnswer(Duration),
    #[error("no server takes writes: what answers is a standby")]
    OnlyStandbys,
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> SqlError {
        SqlError(error.into())
    }
}

impl From<sqlx::Error> for SqlError {
    fn from(error: sqlx::Error) -> SqlError {
        SqlError(error.into())
    }
}

impl SqlError {
    /// The thread in which something was to be done is gone.
    pub(crate) fn stopped() -> SqlError {
        SqlError(Refusal::Stopped)
    }

    /// A server was called and did not answer.
    pub(crate) fn no_answer(within: Duration) -> SqlError {
        SqlError(Refusal::NoAnswer(within))
    }

    /// No server that answers takes writes.
    pub(crate) fn only_standbys() -> SqlError {
        SqlError(Refusal::OnlyStandbys)
    }

    /// Whether another process stands in the way, which SQLite tells rather than wait for.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(&self.0, Refusal::Sqlite(error) if sqlite::is_busy(error))
    }

    /// Whether the same work may succeed if it is done again from the beginning: two transactions
    /// stood in each other's way, or the server went away before it could say anything.
    pub(crate) fn is_passing(&self) -> bool {
        match &self.0 {
            Refusal::Sqlite(error) => sqlite::is_busy(error),
            Refusal::Postgres(error) => postgres::is_passing(error),
            Refusal::NoAnswer(_) | Refusal::OnlyStandbys => true,
            Refusal::NoColumn(_) | Refusal::OtherKind(_) | Refusal::NoRow | Refusal::Stopped => {
                false
            }
        }
    }
}

/// Begins a query.
pub(crate) fn query(text: impl Into<Cow<'static, str>>) -> Query {
    Query { text: text.into(), values: vec![] }
}

impl Query {
    /// Gives the next place its value.
    pub(crate) fn bind(mut self, value: impl Into<Cell>) -> Query {
        self.values.push(value.into());
        self
    }

    /// Runs a statement; returns how many rows it changed.
    pub(crate) async fn execute(self, on: &mut impl Executor) -> Result<u64, SqlError> {
        match on.connection() {
            Connection::Sqlite(connection) => sqlite::execute(connection, &self),
            Connection::Postgres(connection) => postgres::execute(connection, self).await,
        }
    }

    /// Returns all rows.
    pub(crate) async fn fetch_all(self, on: &mut impl Executor) -> Result<Vec<Row>, SqlError> {
        let mut rows = vec![];
        self.each(on, |row| {
            rows.push(row);
            Ok::<(), SqlError>(())
        })
        .await?;
        Ok(rows)
    }

    /// Returns the first row; errs where there is none.
    pub(crate) async fn fetch_one(self, on: &mut impl Executor) -> Result<Row, SqlError> {
        self.fetch_optional(on).await?.ok_or(SqlError(Refusal::NoRow))
    }

    /// Returns the first row, where there is one.
    pub(crate) async fn fetch_optional(
        self,
        on: &mut impl Executor,
    ) -> Result<Option<Row>, SqlError> {
        Ok(self.fetch_all(on).await?.into_iter().next())
    }

    /// Hands over the rows as they come.
    pub(crate) async fn each<E: From<SqlError>>(
        self,
        on: &mut impl Executor,
        then: impl FnMut(Row) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        match on.connection() {
            Connection::Sqlite(connection) => sqlite::each(connection, &self, then),
            Connection::Postgres(connection) => postgres::each(connection, self, then).await,
        }
    }
}

impl Query {
    /// Sends the rows of a long result as they come, so many at a time, until nobody listens.
    pub(crate) async fn send(
        self,
        on: &mut Conversation,
        size: usize,
        to: Sender<Vec<Row>>,
    ) -> Result<(), SqlError> {
        postgres::send(on, self, size, &to).await
    }

    /// Does the same in this thread, which waits for whoever takes the rows.
    pub(crate) fn send_in_place(
        self,
        on: &rusqlite::Connection,
        size: usize,
        to: &Sender<Vec<Row>>,
    ) -> Result<(), SqlError> {
        sqlite::send(on, &self, size, to)
    }
}

/// Runs the statements of a migration.
pub(crate) async fn run_script(text: &'static str, on: &mut impl Executor) -> Result<(), SqlError> {
    match on.connection() {
        Connection::Sqlite(connection) => Ok(connection.execute_batch(text)?),
        Connection::Postgres(connection) => postgres::run_script(connection, text).await,
    }
}

impl Row {
    /// Reads a column; errs where there is none of that name, or its value is of another kind.
    pub(crate) fn try_get<'r, T: FromCell<'r>>(&'r self, column: &str) -> Result<T, SqlError> {
        let place = self.columns.iter().position(|name| name == column);
        let place = place.ok_or_else(|| SqlError(Refusal::NoColumn(column.to_owned())))?;
        self.at(place)
    }

    /// Reads the column at a place, counted from 0.
    pub(crate) fn at<'r, T: FromCell<'r>>(&'r self, place: usize) -> Result<T, SqlError> {
        let cell = self.cells.get(place);
        let cell = cell.ok_or_else(|| SqlError(Refusal::NoColumn(place.to_string())))?;
        T::from_cell(cell).ok_or_else(|| SqlError(Refusal::OtherKind(self.columns[place].clone())))
    }
}

/// What a cell can be read as.
pub(crate) trait FromCell<'r>: Sized {
    /// Returns the value; `None` where the cell holds something else.
    fn from_cell(cell: &'r Cell) -> Option<Self>;
}

impl<'r> FromCell<'r> for i64 {
    fn from_cell(cell: &'r Cell) -> Option<i64> {
        match cell {
            Cell::Integer(value) => *value,
            Cell::Real(_) | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl<'r> FromCell<'r> for i32 {
    fn from_cell(cell: &'r Cell) -> Option<i32> {
        i64::from_cell(cell).and_then(|value| i32::try_from(value).ok())
    }
}

impl<'r> FromCell<'r> for f64 {
    fn from_cell(cell: &'r Cell) -> Option<f64> {
        match cell {
            Cell::Real(value) => *value,
            Cell::Integer(_) | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl<'r> FromCell<'r> for &'r str {
    fn from_cell(cell: &'r Cell) -> Option<&'r str> {
        match cell {
            Cell::Text(value) => value.as_deref(),
            Cell::Integer(_) | Cell::Real(_) | Cell::Bytes(_) => None,
        }
    }
}

impl<'r> FromCell<'r> for String {
    fn from_cell(cell: &'r Cell) -> Option<String> {
        <&str>::from_cell(cell).map(str::to_owned)
    }
}

impl<'r> FromCell<'r> for Arc<str> {
    fn from_cell(cell: &'r Cell) -> Option<Arc<str>> {
        <&str>::from_cell(cell).map(Arc::from)
    }
}

impl<'r> FromCell<'r> for Vec<u8> {
    fn from_cell(cell: &'r Cell) -> Option<Vec<u8>> {
        match cell {
            Cell::Bytes(value) => value.clone(),
            Cell::Integer(_) | Cell::Real(_) | Cell::Text(_) => None,
        }
    }
}

impl<'r, T: FromCell<'r>> FromCell<'r> for Option<T> {
    fn from_cell(cell: &'r Cell) -> Option<Option<T>> {
        if cell.is_null() { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}

impl Cell {
    fn is_null(&self) -> bool {
        match self {
            Cell::Integer(value) => value.is_none(),
            Cell::Real(value) => value.is_none(),
            Cell::Text(value) => value.is_none(),
            Cell::Bytes(value) => value.is_none(),
        }
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Cell {
        Cell::Integer(Some(value))
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Cell {
        Cell::Integer(Some(value.into()))
    }
}

impl From<Option<i64>> for Cell {
    fn from(value: Option<i64>) -> Cell {
        Cell::Integer(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Cell {
        Cell::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Cell {
    fn from(value: Option<&str>) -> Cell {
        Cell::Text(value.map(str::to_owned))
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Cell {
        Cell::Text(Some(value))
    }
}

impl From<Option<String>> for Cell {
    fn from(value: Option<String>) -> Cell {
        Cell::Text(value)
    }
}

impl From<Vec<u8>> for Cell {
    fn from(value: Vec<u8>) -> Cell {
        Cell::Bytes(Some(value))
    }
}
