//! A database as each version of the tables left it, with something in every table, opened by this
//! version: all is there, and work goes on.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha384};
use store::{AnswerWrite, CaseId, SectionStatus};

use crate::database::{Database, Past};
use crate::field::{at, section, staff};

/// Returns the files of a folder beside the tests, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Takes a step from one version of the tables to the next, and notes it as a store would.
async fn step(past: &mut Past, number: usize, file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    past.run(&text).await;
    let checksum: String = Sha384::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let (kind, checksum) = match past {
        Past::Sqlite(_) => ("blob", format!("x'{checksum}'")),
        Past::Postgres(_) => ("bytea", format!("decode('{checksum}', 'hex')")),
    };
    past.run(&format!(
        "create table if not exists _sqlx_migrations (version bigint primary key, \
         description text not null, installed_on timestamp not null default current_timestamp, \
         success boolean not null, checksum {kind} not null, execution_time bigint not null); \
         insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values ({number}, 'a step', true, {checksum}, 0)"
    ))
    .await;
}

/// Makes a database of an old version, with something in each of its tables.
async fn old(version: usize) -> Database {
    let database = Database::new();
    let mut past = database.connect().await;
    for (number, file) in files("migrations").iter().take(version).enumerate() {
        step(&mut past, number + 1, file).await;
    }
    for rows in files("tests/store/versions").iter().take(version) {
        let rows = fs::read_to_string(rows).unwrap();
        let bytes = match past {
            Past::Sqlite(_) => "x'",
            Past::Postgres(_) => "'\\x",
        };
        past.run(&rows.replace("hex'", bytes)).await;
    }
    past.close().await;
    database
}

#[tokio::test]
async fn every_version_before_this_one_is_brought_up_to_it() {
    assert_eq!(
        files("migrations").len(),
        files("tests/store/versions").len(),
        "rows for each step"
    );
    for version in 1..=files("migrations").len() {
        let database = old(version).await;
        let mut past = database.connect().await;
        for table in past.tables().await {
            let any = format!("select cast(count(*) as text) from {table}");
            assert_ne!(past.texts(&any).await, [Some("0".to_owned())], "{table} of {version}");
        }
        past.close().await;
        holds(&database, version).await;
    }
}

/// Opens the database, and answers in it.
async fn holds(database: &Database, version: usize) {
    let store = database.open().await;
    let round = instrument::RoundId::new(2025).unwrap();
    let id = CaseId { round, unit: frame::UnitId::new("1508").unwrap() };
    let case = store.case(&id).await.unwrap();
    assert!(case.signed);
    assert_eq!(case.held["tolk"].version, if version == 1 { 2 } else { 3 });
    assert_eq!(case.held["tolk"].value.as_deref(), Some("ja"));
    assert_eq!((case.held["merknad"].version, &case.held["merknad"].value), (2, &None));
    assert_eq!(case.status(&section("bosetting")), SectionStatus::Done);
    let assignment = &case.assignments[&section("bosetting")];
    assert_eq!((assignment.name.as_str(), assignment.may_hand_on), ("Ola", version > 1));
    assert_eq!(case.signatures.len(), 1);
    if let Some(plan) = case.held.get("plan").and_then(|held| held.value.as_deref()) {
        assert!(version >= 4);
        let hash = instrument::Hash::from_hex(&plan[..64]).unwrap();
        assert_eq!(store.file(&hash).await.unwrap().bytes(), b"%PDF-");
    }
    let before = store.digest().await.unwrap();

    let mut writing = store.write(staff(), at("2025-10-02T10:00:00")).await.unwrap();
    writing.reopen(&id).await.unwrap();
    let merknad = AnswerWrite {
        variable: "merknad".to_owned(),
        value: Some("siden".to_owned()),
        replaces: 2,
        file: None,
    };
    writing.save(&id, &section("bosetting"), &[merknad]).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(store.case(&id).await.unwrap().held["merknad"].version, 3);
    // One answer, and in the history that the case was opened and answered.
    assert_eq!(store.digest().await.unwrap().rows, before.rows + 3);
    store.close().await;
}
