//! Sections that change hands, people that are forgotten, and forms that arrive twice.

use instrument::{Lang, SectionId};
use store::{
    AccessKind, Actor, AnswerWrite, CaseId, Contact, ContactId, Ended, Form, HandOver, HandedOver,
    StoreError,
};

use crate::field::{Field, at, section, staff, writes};

pub(crate) fn contact(name: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        email: format!("{}@kommune.example", name.to_lowercase()),
        language: Lang::NB,
    }
}

/// Adds a coordinator with a link into the case.
pub(crate) async fn coordinator(field: &Field, case: &CaseId) -> ContactId {
    let mut writing = field.writing(&staff(), "2025-10-01T08:00:00").await;
    let id = writing.add_contact(&contact("Kari")).await.unwrap();
    writing.commit().await.unwrap();
    field.invite(&id, AccessKind::Coordinator, case).await;
    id
}

/// Hands sections over in somebody's name, and gives whoever has them a link.
pub(crate) async fn hand_over(
    field: &Field,
    by: &ContactId,
    case: &CaseId,
    (sections, to): (&[&str], &str),
) -> Result<HandedOver, StoreError> {
    let sections: Vec<SectionId> = sections.iter().map(|id| section(id)).collect();
    let actor = Actor::Contact(by.clone());
    let mut writing = field.writing(&actor, "2025-10-02T10:00:00").await;
    let handed = writing
        .hand_over(&HandOver {
            case,
            sections: &sections,
            to: &contact(to),
            note: "Kan du ta denne?",
            due: Some("2025-10-20".parse().unwrap()),
            may_hand_on: to == "Ola",
        })
        .await?;
    writing.commit().await?;
    field.invite(&handed.contact, AccessKind::Delegate, case).await;
    Ok(handed)
}

#[tokio::test]
async fn sections_are_handed_over_handed_on_returned_and_taken_back() {
    let field = Field::open().await;
    let case = field.case("1508");
    let kari = coordinator(&field, &case).await;
    let both = ["bosetting", "oppfolging"];
    let ola = hand_over(&field, &kari, &case, (&both, "Ola")).await.unwrap();
    assert_eq!(ola.sections.len(), 2);
    // The same request a second time changes nothing; the same address is the same person.
    let again = hand_over(&field, &kari, &case, (&both, "Ola")).await.unwrap();
    assert_eq!((again.contact == ola.contact, again.sections.len()), (true, 0));
    // Ola may hand on what he has; Per, who got it without that right, may not.
    let per = hand_over(&field, &ola.contact, &case, (&["oppfolging"], "Per"));
    let per = per.await.unwrap();
    let refused = hand_over(&field, &per.contact, &case, (&["oppfolging"], "Siv"));
    assert!(matches!(refused.await, Err(StoreError::NotTheirs(_))));
    let refused = hand_over(&field, &per.contact, &case, (&["bosetting"], "Siv"));
    assert!(matches!(refused.await, Err(StoreError::NotTheirs(_))));

    give_back(&field, &case, &ola.contact).await;
    let mut writing = field.writing(&Actor::Contact(kari.clone()), "2025-10-04T10:00:00").await;
    writing.take_back(&case, &section("oppfolging")).await.unwrap();
    writing.take_back(&case, &section("oppfolging")).await.unwrap();
    writing.commit().await.unwrap();

    assert!(field.store.case(&case).await.unwrap().assignments.is_empty());
    let hands = field.store.hands(&case).await.unwrap();
    let told: Vec<_> = hands.values().flatten().map(|h| (h.number, h.ended.map(|e| e.1))).collect();
    let expected =
        [(1, Some(Ended::Returned)), (1, Some(Ended::HandedOn)), (2, Some(Ended::TakenBack))];
    assert_eq!(told, expected);
    let first = &hands[&section("bosetting")][0];
    assert_eq!((first.note.as_str(), first.reply.as_str()), ("Kan du ta denne?", "Ikke mitt"));
    assert_eq!((first.due, first.may_hand_on), (Some("2025-10-20".parse().unwrap()), true));
    let tail: Vec<String> = field.actions(&case).await.split_off(3);
    assert_eq!(tail, ["returned bosetting", "taken_back oppfolging"]);
}

/// Returns `bosetting` in Ola's name, twice; Kari had handed it over.
async fn give_back(field: &Field, case: &CaseId, ola: &ContactId) {
    let bosetting = section("bosetting");
    for (time, news) in [("2025-10-03T10:00:00", true), ("2025-10-03T10:00:01", false)] {
        let mut writing = field.writing(&Actor::Contact(ola.clone()), time).await;
        let returned = writing.return_section(case, &bosetting, "Ikke mitt").await.unwrap();
        assert_eq!(returned.is_some(), news);
        writing.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_form_does_not_conflict_with_itself_and_does_not_undo_what_it_sent_later() {
    let field = Field::open().await;
    let case = field.case("1508");
    let form = |token: &str, step| Form { token: token.into(), step };
    let save = async |form: &Form, replaces, value: &str| {
        let answers: Vec<AnswerWrite> = writes(&[("merknad", replaces, Some(value))]);
        let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
        let saved = writing.save_from(&case, &section("bosetting"), &answers, Some(form)).await;
        if saved.is_ok() {
            writing.commit().await.unwrap();
        }
        saved.map(|saved| saved.changed)
    };
    assert_eq!(save(&form("a", 0), 0, "en").await.unwrap(), 1);
    // The answer to the first was lost: the form still names version 0.
    assert_eq!(save(&form("a", 1), 0, "to").await.unwrap(), 1);
    // The first arrives once more, late.
    assert_eq!(save(&form("a", 0), 0, "en").await.unwrap(), 0);
    // Another form has not seen it.
    assert!(matches!(save(&form("b", 0), 0, "tre").await, Err(StoreError::Conflict(_))));
    assert_eq!(save(&form("b", 0), 2, "tre").await.unwrap(), 1);
    // Then the first is in conflict with the other's, not with its own.
    assert!(matches!(save(&form("a", 2), 2, "fire").await, Err(StoreError::Conflict(_))));
    let held = field.store.case(&case).await.unwrap().held["merknad"].clone();
    assert_eq!((held.value.as_deref(), held.version), (Some("tre"), 3));
}

#[tokio::test]
async fn whoever_is_erased_leaves_the_answers_and_an_honest_trace() {
    let field = Field::open().await;
    let case = field.case("1508");
    let kari = coordinator(&field, &case).await;
    let ola = hand_over(&field, &kari, &case, (&["bosetting"], "Ola")).await;
    let ola = ola.unwrap().contact;
    let answers = [("merknad", 0, Some("Vi bosetter flere."))];
    field.save(&Actor::Contact(ola.clone()), &case, &answers).await.unwrap();

    for news in [true, false] {
        let mut writing = field.writing(&staff(), "2025-10-05T10:00:00").await;
        assert_eq!(writing.erase_contact(&ola).await.unwrap(), news);
        writing.commit().await.unwrap();
    }
    let now = field.store.case(&case).await.unwrap();
    assert_eq!(now.held["merknad"].value.as_deref(), Some("Vi bosetter flere."));
    assert_eq!(now.held["merknad"].by, Actor::Contact(ola.clone()));
    assert!(now.assignments.is_empty(), "the section is back with the coordinator");
    let person = &field.store.people(&case).await.unwrap()[&ola];
    assert_eq!((person.contact.name.as_str(), person.contact.email.as_str()), ("", ""));
    assert_eq!(person.erased_at, Some(at("2025-10-05T10:00:00")));
    assert_eq!(field.actions(&case).await.last().unwrap(), &format!("erased {ola}"));
    // Nothing of the person is left in the file. PostgreSQL's files are not ours to read.
    let Some(file) = field.database.file() else { return };
    field.store.close().await;
    let bytes = std::fs::read(file).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("kari@kommune.example") && holds("Vi bosetter flere."));
    for gone in ["ola@kommune.example", "Kan du ta denne?"] {
        assert!(!holds(gone), "{gone} is still there");
    }
}
