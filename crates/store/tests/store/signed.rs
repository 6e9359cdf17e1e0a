//! What was signed is kept, each time, and can be read back.

use crate::field::{Field, section, staff};

#[tokio::test]
async fn every_signed_version_reads_back_as_it_was() {
    let field = Field::open().await;
    let case = field.case("1508");
    let mut hashes = vec![];
    for (number, value) in ["først", "siden"].iter().enumerate() {
        let replaces = u32::try_from(number).unwrap();
        field.save(&staff(), &case, &[("merknad", replaces, Some(value))]).await.unwrap();
        let mut writing = field.writing(&staff(), "2025-10-03T10:00:00").await;
        writing.hand_in(&case, &section("bosetting")).await.unwrap();
        writing.commit().await.unwrap();
        let seen = field.store.case(&case).await.unwrap().content();
        let mut writing = field.writing(&staff(), "2025-10-03T11:00:00").await;
        writing.sign(&case, seen).await.unwrap();
        writing.reopen(&case).await.unwrap();
        writing.commit().await.unwrap();
        hashes.push(seen);
    }
    field.save(&staff(), &case, &[("merknad", 2, Some("til sist"))]).await.unwrap();
    for (number, value) in [(1, "først"), (2, "siden")] {
        let signed = field.store.signed_case(&case, number).await.unwrap().unwrap();
        assert_eq!(signed.held["merknad"].value.as_deref(), Some(value));
        // What is read back is what was signed: its hash is the signature's.
        assert_eq!(signed.content(), hashes[number - 1]);
        assert_eq!(signed.signatures.last().unwrap().hash, hashes[number - 1]);
    }
    assert_eq!(field.store.signed_case(&case, 3).await.unwrap(), None);
    assert_eq!(field.store.signed_case(&case, 0).await.unwrap(), None);
}
