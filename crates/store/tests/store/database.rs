//! A new database of its own for each test, on the engine that the run of tests is for.

use std::path::PathBuf;

use cluster::Databases;
use sqlx::{AnyConnection, Connection};
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
    pub(crate) async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        let url = match self.file() {
            Some(_) => format!("{}?mode=rwc", self.url),
            None => self.url.clone(),
        };
        AnyConnection::connect(&url).await.unwrap()
    }
}
