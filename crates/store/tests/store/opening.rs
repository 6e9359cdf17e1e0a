//! Opening a database: a new one, an old one, and what is none.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use store::{Actor, Store, StoreError, StoreUrl};

use crate::database::Database;
use crate::field::{Field, at};

#[tokio::test]
async fn what_was_written_is_there_when_the_database_is_opened_again() {
    let field = Field::open().await;
    let case = field.case("1508");
    field.save(&Actor::Simulation, &case, &[("tolk", 0, Some("ja"))]).await.unwrap();
    let before = field.store.case(&case).await.unwrap();
    field.store.close().await;
    let store = field.database.open().await;
    assert_eq!(store.case(&case).await.unwrap(), before);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let field = Field::open().await;
    field.store.close().await;
    let mut connection = field.database.connect().await;
    let future = "insert into _sqlx_migrations \
        (version, description, success, checksum, execution_time) \
        select 9999, 'the future', success, checksum, 0 from _sqlx_migrations where version = 1";
    connection.run(future).await;
    let before = connection.tables().await;
    connection.close().await;
    let bytes = field.database.file().map(|file| fs::read(file).unwrap());

    let error = Store::open(&field.database.url()).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { version: 9999, .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains(" was written by a newer version of Runde"), "{said}");
    assert_eq!(field.database.connect().await.tables().await, before);
    let now = field.database.file().map(|file| fs::read(file).unwrap());
    assert!(now == bytes, "the database was changed");
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_left_as_it_is() {
    let database = Database::new();
    let mut connection = database.connect().await;
    connection.run("create table account (number bigint)").await;
    connection.close().await;

    let bytes = database.file().map(|file| fs::read(file).unwrap());
    let error = Store::open(&database.url()).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert_eq!(database.connect().await.tables().await, ["account"]);
    let now = database.file().map(|file| fs::read(file).unwrap());
    assert!(now == bytes, "the database was changed");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let url = "postgres://kari:hemmelig@127.0.0.1:1/runde".parse().unwrap();
    let said = Store::open(&url).await.unwrap_err().to_string();
    let opening = "cannot open the database postgres://kari@127.0.0.1:1/runde: ";
    let check = "; check that the server runs, and the address, the user and the password";
    assert!(said.starts_with(opening) && said.ends_with(check), "{said}");
    assert!(!said.contains("hemmelig"), "{said}");
}

#[tokio::test]
async fn what_is_no_database_is_refused_at_once_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("notes.txt");
    let text = "Not a database, but long enough to have a header of one. ".repeat(50);
    fs::write(&garbage, &text).unwrap();
    let missing = folder.path().join("no such folder/runde.db");
    for file in [garbage.as_path(), folder.path(), missing.as_path()] {
        let began = Instant::now();
        let error = Store::open(&StoreUrl::sqlite(file)).await.unwrap_err();
        assert!(matches!(error, StoreError::Open { .. }), "{error}");
        let said = error.to_string();
        assert!(said.contains(&file.display().to_string()), "{said}");
        assert!(said.ends_with("; check the path and its permissions"), "{said}");
        // A pool would try again for half a minute.
        assert!(began.elapsed() < Duration::from_secs(5), "{said}");
    }
    assert_eq!(fs::read_to_string(&garbage).unwrap(), text);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(left, [garbage]);
}

#[tokio::test]
async fn any_name_of_a_file_is_taken_literally() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["rundë æøå.db", "100 %20?#&mode=ro.db", " a b ", ":memory:", "tab\tand\nline.db"]
    {
        let file = folder.path().join(name);
        let store = Store::open(&StoreUrl::sqlite(&file)).await.unwrap();
        store.close().await;
        assert!(Path::is_file(&file), "{name:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_open_a_new_database_together() {
    for _ in 0..5 {
        let database = Database::new();
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let url = database.url();
                tokio::spawn(async move { Store::open(&url).await.map(|_| ()) })
            })
            .collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn reading_while_somebody_writes_sees_what_was_committed() {
    let field = Field::open().await;
    let case = field.case("1508");
    let mut writing =
        field.store.write(Actor::Simulation, at("2025-10-02T10:00:00")).await.unwrap();
    writing.save(&case, &crate::field::section("bosetting"), &[]).await.unwrap();
    assert!(field.store.case(&case).await.unwrap().sections.is_empty());
    writing.commit().await.unwrap();
    assert_eq!(field.store.case(&case).await.unwrap().sections.len(), 1);
}
