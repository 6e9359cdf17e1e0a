//! SQLite, in place.

use std::mem;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, ToSql};

use tokio::sync::mpsc::Sender;

use super::{Cell, Query, Row, SqlError};

/// How long one who finds the file locked by another process waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many statements a connection keeps prepared: more than there are in this room.
const PREPARED: usize = 128;

/// Opens a file, which is made when something is written. Whatever its name is, it is the name of
/// a file.
pub(crate) fn open(file: &Path) -> Result<Connection, SqlError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        // A connection is one thread's at a time, which the borrow checker sees to.
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // Of the names that SQLite takes for something else, none is a path into a folder.
    let connection = Connection::open_with_flags(Path::new(".").join(file), flags)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // A query is planned once, whatever its values are.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Runs a statement that has neither values nor rows, and keeps it prepared.
pub(crate) fn run(connection: &Connection, statement: &str) -> Result<(), SqlError> {
    connection.prepare_cached(statement)?.raw_execute()?;
    Ok(())
}

/// Runs what may find the file locked, without waiting; returns whether it was not.
pub(crate) fn at_once(connection: &Connection, statement: &str) -> Result<bool, SqlError> {
    connection.busy_timeout(Duration::ZERO)?;
    let done = connection.execute_batch(statement);
    connection.busy_timeout(PATIENCE)?;
    match done {
        Ok(()) => Ok(true),
        Err(error) if is_busy(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn execute(connection: &Connection, query: &Query) -> Result<u64, SqlError> {
    let mut statement = connection.prepare_cached(&numbered(&query.text))?;
    bind(&mut statement, &query.values)?;
    Ok(statement.raw_execute()? as u64)
}

pub(super) fn each<E: From<SqlError>>(
    connection: &Connection,
    query: &Query,
    mut then: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement =
        connection.prepare_cached(&numbered(&query.text)).map_err(SqlError::from)?;
    bind(&mut statement, &query.values)?;
    let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(SqlError::from)? {
        let cells = (0..columns.len()).map(|place| cell(row, place));
        let cells = cells.collect::<Result<_, _>>().map_err(SqlError::from)?;
        then(Row { columns: Arc::clone(&columns), cells })?;
    }
    Ok(())
}

pub(super) fn send(
    connection: &Connection,
    query: &Query,
    size: usize,
    to: &Sender<Vec<Row>>,
) -> Result<(), SqlError> {
    let mut batch = vec![];
    each(connection, query, |row| {
        batch.push(row);
        if batch.len() < size {
            return Ok(());
        }
        // Nobody listens any more: whoever took the rows says why.
        to.blocking_send(mem::take(&mut batch)).map_err(|_| SqlError::stopped())
    })?;
    to.blocking_send(batch).map_err(|_| SqlError::stopped())
}

fn bind(statement: &mut Statement<'_>, values: &[Cell]) -> Result<(), SqlError> {
    for (place, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, value)?;
    }
    Ok(())
}

fn cell(row: &rusqlite::Row<'_>, place: usize) -> rusqlite::Result<Cell> {
    let invalid = |error| rusqlite::Error::Utf8Error(place, error);
    Ok(match row.get_ref(place)? {
        ValueRef::Null => Cell::Text(None),
        ValueRef::Integer(value) => Cell::Integer(Some(value)),
        ValueRef::Real(value) => Cell::Real(Some(value)),
        ValueRef::Text(text) => Cell::Text(Some(str::from_utf8(text).map_err(invalid)?.to_owned())),
        ValueRef::Blob(bytes) => Cell::Bytes(Some(bytes.to_vec())),
    })
}

/// Returns the text with its places as SQLite numbers them: `$7` is a name there, which it would
/// look for among all others.
fn numbered(text: &str) -> String {
    text.replace('$', "?")
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    // Busy recovering after a crash and busy with an old snapshot are this too.
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Cell::Integer(value) => value.map(ValueRef::Integer),
            Cell::Real(value) => value.map(ValueRef::Real),
            Cell::Text(value) => value.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Cell::Bytes(value) => value.as_ref().map(|bytes| ValueRef::Blob(bytes)),
        };
        Ok(value.map_or(ToSqlOutput::Owned(Value::Null), ToSqlOutput::Borrowed))
    }
}
