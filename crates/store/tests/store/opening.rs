//! Opening a database: a new one, an old one, and what is none.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection};
use store::{Actor, Store, StoreError};

use crate::field::{Field, at};

#[tokio::test]
async fn what_was_written_is_there_when_the_database_is_opened_again() {
    let field = Field::open().await;
    let case = field.case("1508");
    field.save(&Actor::Simulation, &case, &[("tolk", 0, Some("ja"))]).await.unwrap();
    let before = field.store.case(&case).await.unwrap();
    field.store.close().await;
    let store = Store::open(&field.file()).await.unwrap();
    assert_eq!(store.case(&case).await.unwrap(), before);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_as_it_is() {
    let field = Field::open().await;
    field.store.close().await;
    let file = field.file();
    let mut connection =
        AnyConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'the future', 1, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();

    let before = fs::read(&file).unwrap();
    let error = Store::open(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { version: 9999, .. }), "{error}");
    let said = error.to_string();
    assert!(said.contains("runde.db was written by a newer version of Runde"), "{said}");
    assert!(fs::read(&file).unwrap() == before, "the database was changed");
}

#[tokio::test]
async fn the_database_of_another_program_is_refused_and_left_as_it_is() {
    sqlx::any::install_default_drivers();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    sqlx::query("create table account (number bigint)").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let before = fs::read(&file).unwrap();
    let error = Store::open(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert!(fs::read(&file).unwrap() == before, "the database was changed");
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
        let error = Store::open(file).await.unwrap_err();
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
        let store = Store::open(&file).await.unwrap();
        store.close().await;
        assert!(Path::is_file(&file), "{name:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_may_open_a_new_database_together() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runde.db");
        let opening: Vec<_> = (0..4)
            .map(|_| {
                let file = file.clone();
                tokio::spawn(async move { Store::open(&file).await.map(|_| ()) })
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
