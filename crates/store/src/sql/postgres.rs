//! PostgreSQL, over its socket.

use std::borrow::Cow;
use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Column, Executor, Postgres, Row as _, TypeInfo};

use tokio::sync::mpsc::Sender;

use super::{Cell, Query, Refusal, Row, SqlError};
use crate::server::Conversation;

type Prepared = sqlx::query::Query<'static, Postgres, PgArguments>;

pub(super) async fn execute(on: &mut Conversation, query: Query) -> Result<u64, SqlError> {
    let answer = prepared(query)?.execute(on.ask()).await;
    Ok(on.heard(answer)?.rows_affected())
}

pub(super) async fn each<E: From<SqlError>>(
    on: &mut Conversation,
    query: Query,
    mut then: impl FnMut(Row) -> Result<(), E> + Send,
) -> Result<(), E> {
    let mut columns = None;
    let mut rows = prepared(query)?.fetch(on.ask());
    let answer = loop {
        match rows.try_next().await {
            Ok(Some(row)) => {
                let columns = columns.get_or_insert_with(|| names(&row));
                then(Row { columns: Arc::clone(columns), cells: cells(&row)? })?;
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    drop(rows);
    Ok(on.heard(answer).map_err(SqlError::from)?)
}

pub(super) async fn send(
    on: &mut Conversation,
    query: Query,
    size: usize,
    to: &Sender<Vec<Row>>,
) -> Result<(), SqlError> {
    let mut columns = None;
    let mut chunks = prepared(query)?.fetch(on.ask()).try_chunks(size);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let columns = columns.get_or_insert_with(|| names(&chunk[0]));
        let row = |row| Ok(Row { columns: Arc::clone(columns), cells: cells(row)? });
        if to.send(chunk.iter().map(row).collect::<Result<_, SqlError>>()?).await.is_err() {
            // Whoever took the rows says why; the rest of them is still on its way.
            return Ok(());
        }
    }
    drop(chunks);
    Ok(on.heard(Ok(()))?)
}

pub(super) async fn run_script(on: &mut Conversation, text: &'static str) -> Result<(), SqlError> {
    let answer = on.ask().execute(sqlx::raw_sql(text)).await;
    on.heard(answer)?;
    Ok(())
}

fn prepared(query: Query) -> Result<Prepared, SqlError> {
    let mut values = PgArguments::default();
    for value in query.values {
        let added = match value {
            Cell::Integer(value) => values.add(value),
            Cell::Real(value) => values.add(value),
            Cell::Text(value) => values.add(value),
            Cell::Bytes(value) => values.add(value),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(match query.text {
        Cow::Borrowed(text) => sqlx::query_with(text, values),
        // All texts are this room's own: what comes from outside is bound.
        Cow::Owned(text) => sqlx::query_with(AssertSqlSafe(text), values),
    })
}

fn names(row: &PgRow) -> Arc<[String]> {
    row.columns().iter().map(|column| column.name().to_owned()).collect()
}

fn cells(row: &PgRow) -> Result<Vec<Cell>, SqlError> {
    (0..row.len()).map(|place| cell(row, place)).collect()
}

fn cell(row: &PgRow, place: usize) -> Result<Cell, SqlError> {
    let column = row.column(place);
    Ok(match column.type_info().name() {
        "INT8" => Cell::Integer(row.try_get(place)?),
        "INT4" => Cell::Integer(row.try_get::<Option<i32>, _>(place)?.map(i64::from)),
        "INT2" => Cell::Integer(row.try_get::<Option<i16>, _>(place)?.map(i64::from)),
        "FLOAT8" => Cell::Real(row.try_get(place)?),
        "TEXT" => Cell::Text(row.try_get(place)?),
        "BYTEA" => Cell::Bytes(row.try_get(place)?),
        _ => return Err(SqlError(Refusal::OtherKind(column.name().to_owned()))),
    })
}

pub(super) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(refused) => refused.code().is_some_and(|code| {
            // Serialisation failure, deadlock, lock timeout; the server is stopped, has crashed,
            // or is starting.
            let passing = ["40001", "40P01", "55P03", "57P01", "57P02", "57P03"];
            passing.contains(&code.as_ref())
        }),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        // sqlx's enum is open, and what else there is does not come right by itself.
        _ => false,
    }
}
