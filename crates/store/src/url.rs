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
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
    Postgres(Address),
}

/// The address of a database, which lies on one server or, the others being its standbys, on several.
#[derive(Clone)]
pub(crate) struct Address {
    url: String,
    /// What PostgreSQL's driver has read of it, server by server.
    pub(crate) servers: Vec<PgConnectOptions>,
}

impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        self.url == other.url
    }
}

impl Eq for Address {}

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
        "not an address of PostgreSQL's: {0}; give postgres://USER@HOST/DATABASE, or \
         postgres://USER@HOST,HOST/DATABASE with a standby, and the password in PGPASSWORD or \
         ~/.pgpass"
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
    let servers = each_server(text).into_iter().map(|url| url.parse());
    let servers: Vec<PgConnectOptions> = servers.collect::<Result<_, _>>().map_err(invalid)?;
    let names_database =
        |server: &PgConnectOptions| server.get_database().is_some_and(|d| !d.is_empty());
    if !servers.iter().all(names_database) {
        return Err(InvalidStoreUrl::Postgres("it names no database".to_owned()));
    }
    Ok(StoreUrl(Place::Postgres(Address { url: text.to_owned(), servers })))
}

/// Returns an address for each server of `postgres://USER@HOST:PORT,HOST:PORT/DATABASE`, or of the
/// parameter `host=FOLDER,FOLDER`, as PostgreSQL's own programs write several.
fn each_server(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("//").unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (path, parameters) = path.split_once('?').unwrap_or((path, ""));
    let user = authority.rfind('@').map_or(0, |at| at + 1);
    let (user, hosts) = authority.split_at(user);
    let mut servers: Vec<String> =
        hosts.split(',').map(|host| format!("{scheme}//{user}{host}{path}?")).collect();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let hosts = parameter.strip_prefix("host=").unwrap_or_default();
        servers = match hosts.contains(',') {
            true => hosts.split(',').map(|host| format!("{}host={host}&", servers[0])).collect(),
            false => servers.iter().map(|server| format!("{server}{parameter}&")).collect(),
        };
    }
    servers
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Place::Postgres(address) => f.write_str(&without_secrets(&address.url)),
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
    fn an_address_may_name_several_servers() {
        for (url, servers) in [
            ("postgres://db/runde", "db:5432"),
            ("postgres://kari@a,b:5433/runde?sslmode=require", "a:5432 b:5433"),
            ("postgres://kari:a,b@[::1]:1,[::2]/runde", "[::1]:1 [::2]:5432"),
            ("postgres:///runde?host=/run/a,/run/b&user=kari", "/run/a:5432 /run/b:5432"),
            ("postgres:///runde?user=kari&host=/run/a,/run/b", "/run/a:5432 /run/b:5432"),
        ] {
            let read: StoreUrl = url.parse().unwrap();
            let Place::Postgres(address) = &read.0 else { panic!("{url}") };
            let shown = address.servers.iter().map(|server| {
                let folder = server.get_socket().map(|folder| folder.display().to_string());
                format!("{}:{}", folder.unwrap_or(server.get_host().to_owned()), server.get_port())
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), servers, "{url}");
            assert_eq!(read.to_string(), without_secrets(url));
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
