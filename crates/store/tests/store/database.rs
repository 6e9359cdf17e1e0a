//! A new database of its own for each test, on the engine that the run of tests is for.

use std::path::PathBuf;

use cluster::Databases;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use store::{Store, StoreUrl};
use tempfile::TempDir;

/// An empty database; a file goes with it.
pub(crate) struct Database {
    url: String,
    /// Kept, for the file lies in it.
    _folder: TempDir,
}

impl Database {
    pub(crate) fn new() -> Database {
        let folder = tempfile::tempdir().unwrap();
        let url = match Databases::given() {
            Some(databases) => databases.create().unwrap(),
            None => format!("sqlite:{}", folder.path().join("runde.db").display()),
        };
        Database { url, _folder: folder }
    }

    pub(crate) fn url(&self) -> StoreUrl {
        self.url.parse().unwrap()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url()).await.unwrap()
    }

    /// Returns the file; `None` on PostgreSQL.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.url().file().map(PathBuf::from)
    }

    /// Returns the URL as it would be typed, with all that it holds.
    pub(crate) fn typed(&self) -> &str {
        &self.url
    }

    /// Connects past the store, which need not have been opened.
    pub(crate) async fn connect(&self) -> Past {
        match self.file() {
            Some(file) => Past::Sqlite(rusqlite::Connection::open(file).unwrap()),
            None => Past::Postgres(PgConnection::connect(&self.url).await.unwrap()),
        }
    }
}

/// A connection past the store.
pub(crate) enum Past {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Past {
    /// Runs statements.
    pub(crate) async fn run(&mut self, statements: &str) {
        match self {
            Past::Sqlite(connection) => connection.execute_batch(statements).unwrap(),
            Past::Postgres(connection) => {
                let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
                statements.execute(connection).await.unwrap();
            }
        }
    }

    /// Returns the first column of a query for texts.
    pub(crate) async fn texts(&mut self, query: &str) -> Vec<Option<String>> {
        match self {
            Past::Sqlite(connection) => {
                let mut query = connection.prepare(query).unwrap();
                query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Past::Postgres(connection) => {
                let query = sqlx::raw_sql(AssertSqlSafe(query.to_owned()));
                query.fetch_all(connection).await.unwrap().iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// Returns the names of all tables.
    pub(crate) async fn tables(&mut self) -> Vec<String> {
        let names = match self {
            Past::Sqlite(_) => "select name from sqlite_master where type = 'table' order by 1",
            Past::Postgres(_) => {
                "select cast(tablename as text) from pg_catalog.pg_tables \
                 where schemaname = current_schema() order by 1"
            }
        };
        self.texts(names).await.into_iter().flatten().collect()
    }

    pub(crate) async fn close(self) {
        match self {
            Past::Sqlite(connection) => connection.close().unwrap(),
            Past::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}
