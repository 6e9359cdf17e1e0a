//! The life of a case, from its first answer to its signature and back.

use instrument::Hash;
use store::{AccessKind, Actor, SectionStatus, StoreError};

use crate::field::{Field, at, section, staff, writes};

/// Two people with a name in the store.
async fn colleagues(field: &Field) -> (Actor, Actor) {
    let mut writing = field.writing(&staff(), "2025-10-01T08:00:00").await;
    let contact = |name: &str| store::Contact {
        name: name.to_owned(),
        email: format!("{name}@kommune.example"),
        language: instrument::Lang::NN,
    };
    let (a, b) = (contact("anne"), contact("bjørn"));
    let (a, b) = (writing.add_contact(&a).await.unwrap(), writing.add_contact(&b).await.unwrap());
    writing.commit().await.unwrap();
    for contact in [&a, &b] {
        for unit in ["1508", "0301"] {
            field.invite(contact, AccessKind::Coordinator, &field.case(unit)).await;
        }
    }
    (Actor::Contact(a), Actor::Contact(b))
}

#[tokio::test]
async fn a_round_opens_once_for_the_same_questionnaire_and_frame() {
    let mut field = Field::open().await;
    let round = field.tiny.instrument.round;
    field.open_round().await.unwrap();
    assert_eq!(field.store.overview(round).await.unwrap().len(), 5);

    let questionnaire = std::mem::replace(&mut field.tiny.instrument.hash, Hash::of("another"));
    let refused = field.open_round().await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherParent { what: "questionnaire", .. }), "{refused}");

    field.tiny.instrument.hash = questionnaire;
    field.tiny.frame.hash = Hash::of("another");
    let refused = field.open_round().await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherParent { what: "frame", .. }), "{refused}");
}

/// A store that has changed a case knows what it has become without reading it.
#[tokio::test]
async fn what_is_known_of_a_case_is_what_is_stored() {
    let field = Field::open().await;
    let (anne, _) = colleagues(&field).await;
    let (case, of) = (field.case("1508"), section("bosetting"));
    for step in 0..8 {
        let mut writing = field.writing(&anne, &format!("2025-10-02T10:00:0{step}")).await;
        match step {
            0 | 3 => {
                let answers =
                    writes(&[("merknad", step / 3, Some(["en", "to"][step as usize / 3]))]);
                writing.save(&case, &of, &answers).await.map(|_| ())
            }
            1 | 4 | 5 => writing.hand_in(&case, &of).await,
            2 => writing.reopen_section(&case, &of).await,
            6 => {
                let seen = field.store.case(&case).await.unwrap().content();
                writing.sign(&case, seen).await.map(|_| ())
            }
            _ => writing.reopen(&case).await,
        }
        .unwrap();
        writing.commit().await.unwrap();
        // Another store on the same database has to read it.
        let stored = field.database.open().await.case(&case).await.unwrap();
        assert_eq!(field.store.case(&case).await.unwrap(), stored, "after step {step}");
    }
}

#[tokio::test]
async fn an_answer_gets_a_version_for_each_change_and_none_for_a_repeated_request() {
    let field = Field::open().await;
    let (anne, _) = colleagues(&field).await;
    let case = field.case("1508");
    for (answer, changed, version) in [
        (("tolk", 0, Some("ja")), 1, 1),
        // The same request again, as after a double click.
        (("tolk", 0, Some("ja")), 0, 1),
        (("tolk", 1, Some("nei")), 1, 2),
        (("tolk", 2, None), 1, 3),
        (("tolk", 3, None), 0, 3),
    ] {
        let saved = field.save(&anne, &case, &[answer]).await.unwrap();
        let held = &field.store.case(&case).await.unwrap().held["tolk"];
        assert_eq!((saved.changed, held.version), (changed, version), "{answer:?}");
        assert_eq!(held.value.as_deref(), answer.2);
        assert_eq!(held.by, anne);
    }
    assert_eq!(field.actions(&case).await, vec!["answered bosetting: tolk"; 3]);
}

#[tokio::test]
async fn a_form_that_names_a_version_nobody_wrote_leaves_no_gap() {
    let field = Field::open().await;
    let case = field.case("1508");
    field.save(&staff(), &case, &[("tolk", u32::MAX, Some("ja"))]).await.unwrap();
    assert_eq!(field.store.case(&case).await.unwrap().held["tolk"].version, 1);
}

#[tokio::test]
async fn who_comes_second_sees_all_conflicts_and_nothing_is_overwritten() {
    let field = Field::open().await;
    let (anne, bjørn) = colleagues(&field).await;
    let case = field.case("1508");
    let annes = [("tolk", 0, Some("ja")), ("tiltak", 0, Some("kurs"))];
    field.save(&anne, &case, &annes).await.unwrap();

    // Bjørn agrees about `merknad`, which nobody has answered, and about nothing else.
    let his =
        [("tolk", 0, Some("nei")), ("tiltak", 0, Some("bolig")), ("merknad", 0, Some("Ja takk"))];
    let StoreError::Conflict(conflicts) = field.save(&bjørn, &case, &his).await.unwrap_err()
    else {
        panic!("his page was older than her answers");
    };
    let seen: Vec<_> = conflicts
        .iter()
        .map(|c| (c.variable.as_str(), c.held.version, c.held.value.as_deref(), &c.held.by))
        .collect();
    assert_eq!(seen, [("tolk", 1, Some("ja"), &anne), ("tiltak", 1, Some("kurs"), &anne)]);
    let held = field.store.case(&case).await.unwrap().held.clone();
    assert_eq!(held.keys().map(AsRef::as_ref).collect::<Vec<&str>>(), ["tiltak", "tolk"]);

    // He has seen hers and chooses.
    let his = [("tolk", 1, Some("nei")), ("merknad", 0, Some("Ja takk"))];
    assert_eq!(field.save(&bjørn, &case, &his).await.unwrap().changed, 2);
}

#[tokio::test]
async fn a_change_that_is_not_committed_has_not_happened() {
    let field = Field::open().await;
    let case = field.case("1508");
    let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
    let answers = writes(&[("tolk", 0, Some("ja"))]);
    writing.save(&case, &section("bosetting"), &answers).await.unwrap();
    drop(writing);
    let after = field.store.case(&case).await.unwrap();
    assert!(after.held.is_empty() && after.sections.is_empty());
    assert_eq!(field.actions(&case).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_section_is_begun_handed_in_and_opened_again() {
    let field = Field::open().await;
    let (anne, bjørn) = colleagues(&field).await;
    let (case, bosetting) = (field.case("1508"), section("bosetting"));
    let status = async || field.store.case(&case).await.unwrap().status(&bosetting);
    assert_eq!(status().await, SectionStatus::NotBegun);
    // A page without an answer has been looked at all the same.
    field.save(&anne, &case, &[]).await.unwrap();
    assert_eq!(status().await, SectionStatus::Begun);
    field.hand_in(&anne, &case, "bosetting", "2025-10-03T10:00:00").await;
    // A repeated request changes neither who nor when.
    field.hand_in(&bjørn, &case, "bosetting", "2025-10-04T10:00:00").await;
    let state = field.store.case(&case).await.unwrap().sections[&bosetting].clone();
    assert_eq!((state.status, &state.by), (SectionStatus::Done, &anne));
    assert_eq!(state.at, at("2025-10-03T10:00:00"));

    // A correction after the hand-in does not take it back.
    field.save(&bjørn, &case, &[("tolk", 0, Some("nei"))]).await.unwrap();
    assert_eq!(status().await, SectionStatus::Done);

    let mut writing = field.writing(&bjørn, "2025-10-05T10:00:00").await;
    writing.reopen_section(&case, &bosetting).await.unwrap();
    writing.reopen_section(&case, &bosetting).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(status().await, SectionStatus::Begun);
    field.hand_in(&bjørn, &case, "bosetting", "2025-10-06T10:00:00").await;
    let state = field.store.case(&case).await.unwrap().sections[&bosetting].clone();
    assert_eq!(state.first_done_at, Some(at("2025-10-03T10:00:00")));
    assert_eq!(state.at, at("2025-10-06T10:00:00"));
    let actions = [
        "answered bosetting: ",
        "handed_in bosetting",
        "answered bosetting: tolk",
        "opened_section bosetting",
        "handed_in bosetting",
    ];
    assert_eq!(field.actions(&case).await, actions);
}

#[tokio::test]
async fn a_signature_binds_what_the_signer_saw() {
    let field = Field::open().await;
    let (anne, bjørn) = colleagues(&field).await;
    let case = field.case("1508");
    field.save(&anne, &case, &[("tolk", 0, Some("ja"))]).await.unwrap();
    let sign = async |seen: Hash| {
        let mut writing = field.writing(&anne, "2025-10-07T10:00:00").await;
        let signature = writing.sign(&case, seen).await?;
        writing.commit().await?;
        Ok::<_, StoreError>(signature)
    };

    // While she reads, a colleague first changes an answer and then hands a section in.
    let seen = field.store.case(&case).await.unwrap().content();
    field.save(&bjørn, &case, &[("tolk", 1, Some("nei"))]).await.unwrap();
    assert!(matches!(sign(seen).await, Err(StoreError::Changed(_))));
    let seen = field.store.case(&case).await.unwrap().content();
    field.hand_in(&bjørn, &case, "bosetting", "2025-10-06T10:00:00").await;
    assert!(matches!(sign(seen).await, Err(StoreError::Changed(_))));

    let seen = field.store.case(&case).await.unwrap().content();
    let signature = sign(seen).await.unwrap();
    assert_eq!(sign(seen).await.unwrap(), signature);
    let after = field.store.case(&case).await.unwrap();
    assert!(after.signed);
    assert_eq!(after.signatures, [signature]);
    assert_eq!(after.content(), seen);
}

#[tokio::test]
async fn a_signed_case_can_only_be_read_until_it_is_opened_again() {
    let field = Field::open().await;
    let (anne, bjørn) = colleagues(&field).await;
    let (case, bosetting) = (field.case("1508"), section("bosetting"));
    let Actor::Contact(contact) = &bjørn else { unreachable!() };
    field.save(&anne, &case, &[("tolk", 0, Some("ja"))]).await.unwrap();
    let mut writing = field.writing(&anne, "2025-10-07T10:00:00").await;
    let seen = field.store.case(&case).await.unwrap().content();
    writing.sign(&case, seen).await.unwrap();
    writing.commit().await.unwrap();

    let mut writing = field.writing(&bjørn, "2025-10-08T10:00:00").await;
    let refused = [
        writing.save(&case, &bosetting, &[]).await.map(|_| ()),
        writing.hand_in(&case, &bosetting).await,
        writing.reopen_section(&case, &bosetting).await,
        writing.assign(&case, &bosetting, contact).await,
    ];
    for refused in refused {
        assert!(matches!(refused, Err(StoreError::Signed(_))), "{refused:?}");
    }
    writing.reopen(&case).await.unwrap();
    writing.reopen(&case).await.unwrap();
    writing.save(&case, &bosetting, &writes(&[("tolk", 1, Some("nei"))])).await.unwrap();
    writing.commit().await.unwrap();

    let after = field.store.case(&case).await.unwrap();
    assert!(!after.signed);
    assert_eq!(after.signatures.len(), 1, "the signature stays in the history");
    assert_ne!(after.content(), after.signatures[0].hash);
    let actions = field.actions(&case).await;
    let signed = format!("signed {}", seen.short());
    assert_eq!(actions[1..], [&signed, "reopened ", "answered bosetting: tolk"]);
}

#[tokio::test]
async fn nothing_is_taken_before_the_round_opens_or_after_it_closes() {
    let field = Field::open().await;
    let (case, bosetting) = (field.case("1508"), section("bosetting"));
    for (time, open) in [
        ("2025-09-30T23:59:59", false),
        ("2025-10-01T00:00:00", true),
        ("2025-11-30T23:59:59", true),
        ("2025-12-01T00:00:00", false),
    ] {
        let mut writing = field.writing(&staff(), time).await;
        let saved = writing.save(&case, &bosetting, &[]).await;
        match saved {
            Ok(_) => assert!(open, "{time}"),
            Err(error) => assert!(matches!(error, StoreError::Closed(_)) && !open, "{time}"),
        }
    }
}

#[tokio::test]
async fn a_case_or_round_that_is_not_there_is_named() {
    let field = Field::open().await;
    let nowhere = field.case("9999");
    let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
    let saved = writing.save(&nowhere, &section("bosetting"), &[]).await.unwrap_err();
    assert_eq!(saved.to_string(), "there is no case 2025/9999");
    let round = instrument::RoundId::new(2019).unwrap();
    let marked = writing.mark_simulated(round).await.unwrap_err();
    assert_eq!(marked.to_string(), "round 2019 has not been opened in this database");
    assert!(matches!(field.store.case(&nowhere).await, Err(StoreError::NoCase(_))));
    assert_eq!(field.store.round(round).await.unwrap(), None);
}
