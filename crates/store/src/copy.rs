//! Carrying everything that a store holds into another: backup, restore and the move from one
//! engine to the other are this one thing.
//!
//! Nothing here names a table. They are read from the database's catalogue in the order in which
//! the migrations made them, so that a row comes after those that it refers to.

use instrument::Hash;

use crate::engine::Engine;
use crate::reading::Snapshot;
use crate::sql::{Cell, Executor, Query, Row, SqlError, query};
use crate::{Store, StoreError, StoreUrl};

/// What was carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many rows, of all tables.
    pub rows: u64,
    /// The hash over all rows of all tables in order, the same on both sides.
    pub hash: Hash,
}

/// Why nothing was carried over.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The target holds something already.
    #[error("{target} is not empty: its table {table} has rows; give a new database")]
    NotEmpty {
        /// The address of the target.
        target: StoreUrl,
        /// A table with rows in it.
        table: String,
    },
    /// What arrived is not what was sent.
    #[error(
        "{target} does not hold what was written to it ({written}, not {read}); nothing was kept"
    )]
    Differs {
        /// The address of the target.
        target: StoreUrl,
        /// The hash of what was sent.
        read: Hash,
        /// The hash of what arrived.
        written: Hash,
    },
    /// One of the two databases refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SqlError> for CopyError {
    fn from(error: SqlError) -> CopyError {
        CopyError::Store(error.into())
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    kind: Kind,
}

/// The kinds of values that both engines have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    Real,
    Text,
    Bytes,
}

/// How many rows travel in one statement.
const BATCH: usize = 100;

impl Store {
    /// Copies everything, as it stands at one moment, into a store that holds nothing. Others may
    /// write meanwhile. All arrives or nothing: it is committed once what arrived has the hash of
    /// what was sent.
    pub async fn copy_to(&self, target: &Store) -> Result<Copied, CopyError> {
        let mut from = self.readers.snapshot().await?;
        let mut into = target.writers.begin().await?;
        let tables = tables(&mut from, self.engine).await?;
        for table in &tables {
            if !is_empty(&mut into, table).await? {
                let (target, table) = (target.url.clone(), table.name.clone());
                return Err(CopyError::NotEmpty { target, table });
            }
        }
        let mut sent = Digest::new();
        for table in &tables {
            sent.table(table);
            carry(&mut from, self.engine, table, &mut into, &mut sent).await?;
        }
        let arrived = digest(&mut into, target.engine).await?;
        if arrived != sent {
            let (read, written) = (sent.hash, arrived.hash);
            return Err(CopyError::Differs { target: target.url.clone(), read, written });
        }
        into.commit().await?;
        Ok(sent.copied())
    }

    /// Returns how many rows there are, and their hash.
    pub async fn digest(&self) -> Result<Copied, StoreError> {
        Ok(digest(&mut self.readers.snapshot().await?, self.engine).await?.copied())
    }
}

/// A hash over rows, as they come.
#[derive(Debug, PartialEq, Eq)]
struct Digest {
    rows: u64,
    hash: Hash,
}

impl Digest {
    fn new() -> Digest {
        Digest { rows: 0, hash: Hash::of("") }
    }

    fn table(&mut self, table: &Table) {
        self.add(format!("{table:?}").into_bytes());
    }

    fn row(&mut self, cells: &[Cell]) {
        self.rows += 1;
        let mut bytes = vec![];
        for cell in cells {
            write(cell, &mut bytes);
        }
        self.add(bytes);
    }

    fn add(&mut self, mut bytes: Vec<u8>) {
        bytes.extend(self.hash.to_string().as_bytes());
        self.hash = Hash::of(bytes);
    }

    fn copied(&self) -> Copied {
        Copied { rows: self.rows, hash: self.hash }
    }
}

async fn digest(connection: &mut impl Executor, engine: Engine) -> Result<Digest, StoreError> {
    let mut digest = Digest::new();
    for table in &tables(connection, engine).await? {
        digest.table(table);
        let each = |row: Row| {
            digest.row(&cells(table, &row)?);
            Ok::<(), StoreError>(())
        };
        query(select(engine, table)).each(connection, each).await?;
    }
    Ok(digest)
}

/// Copies the rows of a table in order.
async fn carry(
    from: &mut Snapshot,
    engine: Engine,
    table: &Table,
    into: &mut impl Executor,
    digest: &mut Digest,
) -> Result<(), StoreError> {
    let arrive = async |rows: Vec<Row>| {
        let rows = rows.iter().map(|row| cells(table, row));
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        rows.iter().for_each(|row| digest.row(row));
        insert(into, table, rows).await
    };
    from.batches(query(select(engine, table)), BATCH, arrive).await
}

async fn insert(
    into: &mut impl Executor,
    table: &Table,
    rows: Vec<Vec<Cell>>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let statement = insert_statement(table, rows.len());
    let insert = rows.into_iter().flatten().fold(query(statement), Query::bind);
    insert.execute(into).await?;
    Ok(())
}

fn insert_statement(table: &Table, rows: usize) -> String {
    let width = table.columns.len();
    let row = |row: usize| {
        let places: Vec<_> =
            (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("insert into {} ({}) values {}", quoted(&table.name), table.list(), rows.join(", "))
}

/// Returns a query for all rows, in an order that both engines agree on.
fn select(engine: Engine, table: &Table) -> String {
    let order = table.columns.iter().map(|column| {
        let bytewise = if column.kind == Kind::Text { engine.bytewise() } else { "" };
        format!("{} {bytewise} nulls first", quoted(&column.name))
    });
    let order = order.collect::<Vec<_>>().join(", ");
    format!("select {} from {} order by {order}", table.list(), quoted(&table.name))
}

async fn is_empty(connection: &mut impl Executor, table: &Table) -> Result<bool, StoreError> {
    let any = format!("select 1 as one from {} limit 1", quoted(&table.name));
    Ok(query(any).fetch_optional(connection).await?.is_none())
}

/// Reads the catalogue: our tables in the order in which they were made.
async fn tables(connection: &mut impl Executor, engine: Engine) -> Result<Vec<Table>, StoreError> {
    let names = query(engine.list_tables()).fetch_all(connection).await?;
    let mut tables = vec![];
    for name in &names {
        let name: String = name.try_get("name")?;
        let rows = query(engine.list_columns()).bind(name.as_str());
        let rows = rows.fetch_all(connection).await?;
        let columns = rows.iter().map(column).collect::<Result<_, StoreError>>()?;
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

fn column(row: &Row) -> Result<Column, StoreError> {
    let kind: &str = row.try_get("kind")?;
    let kind = match kind.to_lowercase().as_str() {
        "bigint" | "smallint" | "integer" => Kind::Integer,
        "double precision" => Kind::Real,
        "text" => Kind::Text,
        "bytea" | "blob" => Kind::Bytes,
        other => return Err(StoreError::stored("type of a column", other)),
    };
    Ok(Column { name: row.try_get("name")?, kind })
}

fn cells(table: &Table, row: &Row) -> Result<Vec<Cell>, StoreError> {
    let cell = |(place, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Integer => Cell::Integer(row.at(place)?),
            Kind::Real => Cell::Real(row.at(place)?),
            Kind::Text => Cell::Text(row.at(place)?),
            Kind::Bytes => Cell::Bytes(row.at(place)?),
        })
    };
    table.columns.iter().enumerate().map(cell).collect()
}

impl Table {
    fn list(&self) -> String {
        self.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Writes the value so that no two rows come out alike.
fn write(cell: &Cell, bytes: &mut Vec<u8>) {
    let value: Option<Vec<u8>> = match cell {
        Cell::Integer(value) => value.map(|value| value.to_be_bytes().to_vec()),
        Cell::Real(value) => value.map(|value| value.to_bits().to_be_bytes().to_vec()),
        Cell::Text(value) => value.as_ref().map(|value| value.clone().into_bytes()),
        Cell::Bytes(value) => value.clone(),
    };
    match value {
        None => bytes.push(0),
        Some(value) => {
            bytes.push(1);
            bytes.extend((value.len() as u64).to_be_bytes());
            bytes.extend(value);
        }
    }
}
