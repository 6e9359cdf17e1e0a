//! Bringing the tables up to this version. There is only forward.

use sha2::{Digest, Sha384};

use crate::engine::{self, Engine};
use crate::server::{self, Conversation};
use crate::shelf::Kept;
use crate::sql::{Connection, Executor, SqlError, open_sqlite, query, run_script};
use crate::url::{Place, StoreUrl};

/// A step from one version of the tables to the next.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    version: i64,
    name: &'static str,
    text: &'static str,
}

/// What brings the tables up to this version, step by step.
const STEPS: [Step; 6] = [
    Step { version: 1, name: "the line", text: include_str!("../migrations/0001_the_line.sql") },
    Step {
        version: 2,
        name: "several hands",
        text: include_str!("../migrations/0002_several_hands.sql"),
    },
    Step { version: 3, name: "readers", text: include_str!("../migrations/0003_readers.sql") },
    Step { version: 4, name: "files", text: include_str!("../migrations/0004_files.sql") },
    Step {
        version: 5,
        name: "links by case",
        text: include_str!("../migrations/0005_links_by_case.sql"),
    },
    Step {
        version: 6,
        name: "last opened",
        text: include_str!("../migrations/0006_last_opened.sql"),
    },
];

/// Why the tables are not of this version.
#[derive(Debug)]
pub(crate) enum MigrateError {
    /// A newer version of Runde has made them.
    Newer(i64),
    /// A step was another one when it was taken.
    Altered(i64),
    Sql(SqlError),
}

impl<E: Into<SqlError>> From<E> for MigrateError {
    fn from(error: E) -> MigrateError {
        MigrateError::Sql(error.into())
    }
}

/// A connection beside those of the store, which is not waited for: whoever opens a store wants to
/// know at once what is wrong with it.
enum Alone {
    Sqlite(rusqlite::Connection),
    Postgres(Conversation),
}

impl Executor for Alone {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Alone::Sqlite(connection) => Connection::Sqlite(connection),
            Alone::Postgres(connection) => Connection::Postgres(connection),
        }
    }
}

impl Alone {
    async fn connect(url: &StoreUrl) -> Result<Alone, SqlError> {
        Ok(match &url.0 {
            Place::Sqlite(file) => Alone::Sqlite(engine::open_file(file).await?),
            Place::Postgres(address) => Alone::Postgres(server::connect(&address.servers).await?),
        })
    }

    async fn close(self) -> Result<(), SqlError> {
        match self {
            Alone::Sqlite(connection) => Ok(connection.close().map_err(|(_, error)| error)?),
            Alone::Postgres(connection) => {
                connection.close().await;
                Ok(())
            }
        }
    }

    /// Begins a transaction that no second process can be in: two may open a new database
    /// together.
    async fn begin(&mut self) -> Result<(), SqlError> {
        match self {
            Alone::Sqlite(connection) => Ok(connection.execute_batch("begin immediate")?),
            Alone::Postgres(_) => {
                // The number is "runde" in letters of five bits; nobody else takes this lock.
                run_script("begin; select pg_advisory_xact_lock(18494564)", self).await
            }
        }
    }
}

/// Whether the database holds tables, but none of ours: it is another program's, and stays as it
/// is.
pub(crate) async fn is_foreign(url: &StoreUrl) -> Result<bool, SqlError> {
    match count_tables(url).await {
        Ok((tables, ours)) => Ok(tables > 0 && ours == 0),
        // Another process is just now making the database, and it is one of ours.
        Err(error) if error.is_busy() => Ok(false),
        Err(error) => Err(error),
    }
}

async fn count_tables(url: &StoreUrl) -> Result<(i64, i64), SqlError> {
    let mut connection = match &url.0 {
        // Nothing is prepared: that would write into the file.
        Place::Sqlite(file) => Alone::Sqlite(open_sqlite(file)?),
        Place::Postgres(_) => Alone::connect(url).await?,
    };
    let row = query(Engine::of(url).count_tables()).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok((row.try_get("tables")?, row.try_get("ours")?))
}

/// Brings the tables up to this version, all steps or none; several processes may do so at once.
pub(crate) async fn migrate(url: &StoreUrl) -> Result<(), MigrateError> {
    let mut connection = Alone::connect(url).await?;
    // Where anything below fails, the transaction ends with its connection.
    connection.begin().await?;
    run_script(Engine::of(url).make_list_of_steps(), &mut connection).await?;
    let taken = taken(&mut connection).await?;
    if let Some((version, _)) = taken.iter().find(|(version, _)| !is_known(*version)) {
        return Err(MigrateError::Newer(*version));
    }
    for step in &STEPS {
        match taken.iter().find(|(version, _)| *version == step.version) {
            None => take(step, &mut connection).await?,
            Some((_, checksum)) if *checksum == step.checksum() => {}
            Some(_) => return Err(MigrateError::Altered(step.version)),
        }
    }
    run_script("commit", &mut connection).await?;
    Ok(connection.close().await?)
}

/// Returns the steps that have been taken, and the checksum of each.
async fn taken(connection: &mut Alone) -> Result<Vec<(i64, Vec<u8>)>, SqlError> {
    let rows = query("select version, checksum from _sqlx_migrations order by version desc");
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.try_get("version")?, row.try_get("checksum")?))).collect()
}

fn is_known(version: i64) -> bool {
    STEPS.iter().any(|step| step.version == version)
}

async fn take(step: &Step, connection: &mut Alone) -> Result<(), SqlError> {
    run_script(step.text, connection).await?;
    query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values ($1, $2, true, $3, 0)",
    )
    .bind(step.version)
    .bind(step.name)
    .bind(step.checksum())
    .execute(connection)
    .await?;
    Ok(())
}

impl Step {
    fn checksum(&self) -> Vec<u8> {
        Sha384::digest(self.text).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_that_is_written_is_made() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut written: Vec<_> = files
            .map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap().replace('_', " ");
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        written.sort();
        let made = STEPS
            .iter()
            .map(|step| (format!("{:04} {}", step.version, step.name), step.text.to_owned()));
        assert_eq!(made.collect::<Vec<_>>(), written);
    }
}
