//! Where a store lies: a file of SQLite's, or a database of a PostgreSQL server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// The address of a store. It shows itself without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(pub(crate) Place);

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file of SQLite's.
    Sqlite(PathBuf),
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, which PostgreSQL's driver has read.
    Postgres(String),
}

/// The text is no address of a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidStoreUrl {
    /// It begins like nothing that we know.
    #[error(
        "give sqlite:FILE, for instance sqlite:/var/lib/runde/runde.db, \
         or postgres://USER@HOST/DATABASE"
    )]
    Unknown,
    /// PostgreSQL's driver cannot read it.
    #[error(
        "not an address of PostgreSQL's: {0}; give postgres://USER@HOST/DATABASE, \
         with the password in PGPASSWORD or ~/.pgpass"
    )]
    Postgres(String),
}

impl StoreUrl {
    /// Returns the address of a file of SQLite's.
    pub fn sqlite(file: impl Into<PathBuf>) -> StoreUrl {
        StoreUrl(Place::Sqlite(file.into()))
    }

    /// Returns the file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::Sqlite(file) => Some(file),
            Place::Postgres(_) => None,
        }
    }
}

impl FromStr for StoreUrl {
    type Err = InvalidStoreUrl;

    fn from_str(text: &str) -> Result<StoreUrl, InvalidStoreUrl> {
        match text.split_once(':') {
            Some(("sqlite", file)) if !file.is_empty() => Ok(StoreUrl::sqlite(file)),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => postgres(text),
            _ => Err(InvalidStoreUrl::Unknown),
        }
    }
}

fn postgres(text: &str) -> Result<StoreUrl, InvalidStoreUrl> {
    let invalid = |error: sqlx::Error| InvalidStoreUrl::Postgres(error.to_string());
    let options: PgConnectOptions = text.parse().map_err(invalid)?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(InvalidStoreUrl::Postgres("it names no database".to_owned()));
    }
    Ok(StoreUrl(Place::Postgres(text.to_owned())))
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Place::Postgres(url) => f.write_str(&without_secrets(url)),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

/// Leaves out the password and the parameters, which may hold one too.
fn without_secrets(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = shown.split_once("//").unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((user, place)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}//{user}@{place}")
        }
        None => shown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_password() {
        for (url, shown) in [
            ("sqlite:a b/runde.db", "sqlite:a b/runde.db"),
            ("postgres://db.example/runde", "postgres://db.example/runde"),
            ("postgresql://kari@db:5433/runde", "postgresql://kari@db:5433/runde"),
            ("postgres://kari:hemmelig@db/runde?password=x", "postgres://kari@db/runde"),
            ("postgres://kari:hem%40me:lig@db/runde#x", "postgres://kari@db/runde"),
            ("postgres:///runde?host=/run/pg&user=kari&password=x", "postgres:///runde"),
        ] {
            let read: StoreUrl = url.parse().unwrap();
            assert_eq!(read.to_string(), shown);
            assert_eq!(format!("{read:?}"), format!("StoreUrl({shown})"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "runde.db", "sqlite:", "postgres:", "postgres:db", "mysql://db/runde"] {
            assert_eq!(text.parse::<StoreUrl>(), Err(InvalidStoreUrl::Unknown), "{text}");
        }
        for text in ["postgres://", "postgres://kari@db", "postgres://db:port/runde"] {
            let refused = text.parse::<StoreUrl>();
            assert!(matches!(refused, Err(InvalidStoreUrl::Postgres(_))), "{text}: {refused:?}");
        }
    }
}
