//! Files that are handed over: kept with their answer, once each, and carried whole.

use instrument::{FileType, GivenFile, Value};
use store::{AnswerWrite, FileBytes, StoreError};

use crate::database::Database;
use crate::field::{Field, at, section, staff};

/// A file of some parts, whose bytes follow from `seed`.
fn file(seed: u8, bytes: usize) -> FileBytes {
    let byte = |place: usize| (place as u8).wrapping_mul(31).wrapping_add(seed);
    FileBytes::new((0..bytes).map(byte).collect())
}

fn write(variable: &str, replaces: u32, file: &FileBytes, name: &str) -> AnswerWrite {
    let given = GivenFile {
        hash: file.hash(),
        bytes: file.bytes().len() as u64,
        kind: FileType::Pdf,
        name: name.to_owned(),
    };
    AnswerWrite {
        variable: variable.to_owned(),
        value: Some(Value::File(given).encode()),
        replaces,
        file: Some(file.clone()),
    }
}

async fn save(field: &Field, unit: &str, answers: &[AnswerWrite]) -> Result<usize, StoreError> {
    let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
    let saved = writing.save(&field.case(unit), &section("bosetting"), answers).await?;
    writing.commit().await?;
    Ok(saved.changed)
}

/// Returns how many rows a table has.
async fn rows(field: &Field, table: &str) -> String {
    let mut past = field.database.connect().await;
    let counted = past.texts(&format!("select cast(count(*) as text) from {table}")).await;
    past.close().await;
    counted.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_file_is_kept_with_its_answer_and_read_back() {
    let field = Field::open().await;
    for bytes in [1, 65_535, 65_536, 65_537, 1_000_000] {
        let file = file(7, bytes);
        let replaces = field.store.case(&field.case("1508")).await.unwrap();
        let replaces = replaces.held.get("plan").map_or(0, |held| held.version);
        assert_eq!(
            save(&field, "1508", &[write("plan", replaces, &file, "a.pdf")]).await.unwrap(),
            1
        );
        assert_eq!(field.store.file(&file.hash()).await.unwrap(), file, "{bytes}");
    }
    let none = file(8, 3);
    assert!(matches!(field.store.file(&none.hash()).await, Err(StoreError::Stored { .. })));
    assert_eq!(field.store.file_part(&none.hash(), 0).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_file_is_kept_once() {
    let field = Field::open().await;
    let file = file(1, 200_000);
    for (unit, name) in [("1508", "plan.pdf"), ("0301", "plan.pdf"), ("0301", "årsplan.pdf")] {
        let case = field.store.case(&field.case(unit)).await.unwrap();
        let replaces = case.held.get("plan").map_or(0, |held| held.version);
        assert_eq!(save(&field, unit, &[write("plan", replaces, &file, name)]).await.unwrap(), 1);
    }
    // A request that comes twice.
    let twice = [write("plan", 0, &file, "plan.pdf")];
    assert_eq!(save(&field, "1508", &twice).await.unwrap(), 0);
    assert_eq!(
        (rows(&field, "file").await, rows(&field, "file_part").await),
        ("1".into(), "4".into())
    );
}

#[tokio::test]
async fn a_file_that_is_not_accepted_leaves_nothing_behind() {
    let field = Field::open().await;
    let (mine, theirs) = (file(1, 100), file(2, 100));
    save(&field, "1508", &[write("plan", 0, &theirs, "b.pdf")]).await.unwrap();
    let refused = save(&field, "1508", &[write("plan", 0, &mine, "a.pdf")]).await.unwrap_err();
    let StoreError::Conflict(conflicts) = refused else { panic!("{refused}") };
    assert!(conflicts[0].held.value.as_ref().unwrap().ends_with(" b.pdf"));
    // The connection breaks before the commit.
    let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
    let over = [write("plan", 1, &mine, "a.pdf")];
    writing.save(&field.case("1508"), &section("bosetting"), &over).await.unwrap();
    drop(writing);
    assert_eq!(rows(&field, "file").await, "1");
    assert_eq!(field.store.file(&theirs.hash()).await.unwrap(), theirs);
}

#[tokio::test]
async fn files_go_with_a_copy_and_a_damaged_one_is_found() {
    let field = Field::open().await;
    let file = file(3, 150_000);
    save(&field, "1508", &[write("plan", 0, &file, "plan.pdf")]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let backup = store::StoreUrl::sqlite(folder.path().join("backup.db"));
    let backup = store::Store::open(&backup).await.unwrap();
    let copied = field.store.copy_to(&backup).await.unwrap();
    assert_eq!(backup.digest().await.unwrap(), copied);
    assert_eq!(backup.file(&file.hash()).await.unwrap(), file);
    let database = Database::new();
    let restored = database.open().await;
    backup.copy_to(&restored).await.unwrap();
    assert_eq!(restored.file(&file.hash()).await.unwrap(), file);

    let mut past = database.connect().await;
    past.run("delete from file_part where number = 1").await;
    past.close().await;
    let damaged = restored.file(&file.hash()).await.unwrap_err();
    let expected = format!("the database holds a file that cannot be read: `{}`", file.hash());
    assert_eq!(damaged.to_string(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_who_hand_over_the_same_file_at_once_all_succeed() {
    let field = Field::open().await;
    let file = file(5, 300_000);
    let tasks = ["1508", "0301"].into_iter().cycle().take(8).enumerate().map(|(number, unit)| {
        let (store, case, file) = (field.store.clone(), field.case(unit), file.clone());
        tokio::spawn(async move {
            let mut writing = store.write(staff(), at("2025-10-02T10:00:00")).await.unwrap();
            let variable = format!("plan{number}");
            let answers = [write(&variable, 0, &file, "plan.pdf")];
            writing.save(&case, &section("bosetting"), &answers).await.unwrap();
            writing.commit().await.unwrap();
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(rows(&field, "file").await, "1");
    assert_eq!(field.store.file(&file.hash()).await.unwrap(), file);
}
