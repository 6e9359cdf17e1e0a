//! Backup, restore and moving between engines: everything arrives, or nothing.

use cluster::Databases;
use store::{AccessKind, Actor, CopyError, FreezeWith, StoreUrl};

use crate::database::Database;
use crate::field::{Field, at, section, staff};

/// A field with rows in most tables, and with texts that engines sort and quote in their own ways.
async fn lived_in() -> Field {
    let field = Field::open().await;
    let case = field.case("1508");
    let contact = store::Contact {
        name: "Åse \"O'Neill\" Ødegård".into(),
        email: "a@example.no".into(),
        language: instrument::Lang::NN,
    };
    let mut writing = field.writing(&staff(), "2025-10-01T08:00:00").await;
    let anne = writing.add_contact(&contact).await.unwrap();
    writing.assign(&case, &section("bosetting"), &anne).await.unwrap();
    writing.add_staff("kari", "riktig hest batteri").await.unwrap();
    writing.commit().await.unwrap();
    field.invite(&anne, AccessKind::Delegate, &case).await;
    for (version, value) in [Some("a"), Some("Å\n🙂"), None, Some("")].into_iter().enumerate() {
        let answers = [("merknad", version as u32, value), ("tolk", version as u32, Some("ja"))];
        field.save(&Actor::Contact(anne.clone()), &case, &answers).await.unwrap();
    }
    for number in 0..250 {
        let text = number.to_string();
        field
            .save(&staff(), &field.case("0301"), &[("merknad", number, Some(&text))])
            .await
            .unwrap();
    }
    field.hand_in(&staff(), &case, "bosetting", "2025-10-03T10:00:00").await;
    let tiny = &field.tiny;
    let with = FreezeWith {
        survey: &tiny.survey,
        instrument: &tiny.instrument,
        frame: &tiny.frame,
        plan: &tiny.plan,
    };
    let data = field.store.freeze(with, at("2025-12-02T08:00:00")).await.unwrap();
    let mut writing = field.writing(&staff(), "2025-12-02T08:00:00").await;
    writing.keep_dataset(&data).await.unwrap();
    writing.commit().await.unwrap();
    field
}

#[tokio::test]
async fn a_store_goes_to_the_other_engine_and_back() {
    let field = lived_in().await;
    let before = field.store.digest().await.unwrap();
    assert!(before.rows > 500, "{before:?}");
    let folder = tempfile::tempdir().unwrap();
    // In the run on SQLite the file goes to another file; in the one on PostgreSQL it comes from
    // there, and goes to a second database there.
    let file = StoreUrl::sqlite(folder.path().join("backup.db"));
    let backup = store::Store::open(&file).await.unwrap();
    assert_eq!(field.store.copy_to(&backup).await.unwrap(), before);
    assert_eq!(backup.digest().await.unwrap(), before);
    let again = Database::new();
    assert_eq!(Databases::given().is_some(), again.file().is_none());
    let restored = again.open().await;
    assert_eq!(backup.copy_to(&restored).await.unwrap(), before);
    let case = field.case("1508");
    let (old, new) = (field.store.case(&case).await, restored.case(&case).await);
    assert_eq!(old.unwrap(), new.unwrap());
    assert!(restored.check_staff("kari", "riktig hest batteri").await.unwrap());
}

#[tokio::test]
async fn what_is_not_empty_is_left_as_it_is() {
    let (field, other) = (lived_in().await, lived_in().await);
    let before = other.store.digest().await.unwrap();
    let refused = field.store.copy_to(&other.store).await.unwrap_err();
    assert!(matches!(&refused, CopyError::NotEmpty { table, .. } if table == "round"), "{refused}");
    assert_eq!(other.store.digest().await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_others_write_is_of_one_moment() {
    let field = Field::open().await;
    let (store, case) = (field.store.clone(), field.case("1508"));
    let writer = tokio::spawn(async move {
        for number in 0..200u32 {
            let mut writing = store.write(staff(), at("2025-10-02T10:00:00")).await.unwrap();
            let text = number.to_string();
            // Two answers that are always the same.
            let pair = [("merknad", number, Some(text.as_str())), ("andel", number, Some(&text))];
            let pair = crate::field::writes(&pair);
            writing.save(&case, &section("bosetting"), &pair).await.unwrap();
            writing.commit().await.unwrap();
        }
    });
    for _ in 0..5 {
        let target = Database::new();
        let copy = target.open().await;
        field.store.copy_to(&copy).await.unwrap();
        let held = copy.case(&field.case("1508")).await.unwrap().held.clone();
        let value = |name: &str| held.get(name).and_then(|held| held.value.clone());
        assert_eq!(value("merknad"), value("andel"));
    }
    writer.await.unwrap();
}
