//! The outbox: each letter is sent once, and only while it is wanted.

use store::{AccessKind, Actor, CaseId, ContactId, Letter, LetterFor, LetterKind, LetterState};

use crate::field::{Field, at, section, staff};
use crate::hands::{coordinator, hand_over};

/// A case in which Ola has `bosetting`, and a letter to him lies in the outbox.
async fn with_letter(kind: LetterKind) -> (Field, CaseId, ContactId) {
    let field = Field::open().await;
    let case = field.case("1508");
    let kari = coordinator(&field, &case).await;
    let ola = hand_over(&field, &kari, &case, (&["bosetting"], "Ola")).await.unwrap().contact;
    for news in [true, false] {
        let queued = queue(&field, &case, &ola, (&kari, kind)).await;
        assert_eq!(queued, news, "there is one letter for each step");
    }
    (field, case, ola)
}

async fn queue(
    field: &Field,
    case: &CaseId,
    to: &ContactId,
    (by, kind): (&ContactId, LetterKind),
) -> bool {
    let actor = Actor::Contact(by.clone());
    let mut writing = field.writing(&actor, "2025-10-02T10:00:00").await;
    let letter = LetterFor {
        case,
        to,
        kind,
        step: "the step",
        about: &[section("bosetting")],
        message: "Hei!",
        enclosed: ("", ""),
    };
    let queued = writing.queue_letter(&letter).await.unwrap();
    writing.commit().await.unwrap();
    queued
}

/// Takes the letter that is due; `None` where none is, or where it is no longer wanted.
async fn take(field: &Field, time: &str) -> Option<Letter> {
    let due = field.store.letters_due(at(time)).await.unwrap();
    let mut writing = field.writing(&Actor::Sender, time).await;
    let letter = writing.take_letter(due.first()?).await.unwrap();
    writing.commit().await.unwrap();
    letter
}

async fn states(field: &Field, case: &CaseId) -> Vec<LetterState> {
    field.store.letters(case).await.unwrap().iter().map(|letter| letter.state).collect()
}

#[tokio::test]
async fn a_letter_is_taken_by_one_sender_and_sent_once() {
    let (field, case, _) = with_letter(LetterKind::HandOver).await;
    let letter = take(&field, "2025-10-02T10:00:01").await.unwrap();
    assert_eq!((letter.to.name.as_str(), letter.message.as_str()), ("Ola", "Hei!"));
    assert_eq!(letter.from.as_ref().unwrap().name, "Kari");
    assert_eq!(letter.about, [section("bosetting")]);
    assert_eq!(letter.due, Some("2025-10-20".parse().unwrap()));
    // While it is being sent, nobody else gets it; then its sender is taken for dead.
    assert_eq!(take(&field, "2025-10-02T10:05:00").await, None);
    let again = take(&field, "2025-10-02T10:05:01").await.unwrap();
    assert_eq!(again.id, letter.id);
    let (first, second) = (letter.link.unwrap(), again.link.unwrap());
    assert_ne!(first, second, "a link is kept as a hash, so each attempt has its own");
    for link in [first, second] {
        let access = field.store.open_link(&link, at("2025-10-03T10:00:00")).await.unwrap();
        assert_eq!(access.unwrap().kind, AccessKind::Delegate);
    }
    for _ in 0..2 {
        let mut writing = field.writing(&Actor::Sender, "2025-10-02T10:06:00").await;
        writing.letter_left(&letter.id).await.unwrap();
        writing.commit().await.unwrap();
    }
    assert_eq!(states(&field, &case).await, [LetterState::Sent]);
    assert_eq!(take(&field, "2025-11-02T10:00:00").await, None);
    let sent = field.actions(&case).await.into_iter().filter(|a| a == "letter_sent hand_over");
    assert_eq!(sent.count(), 1);
}

#[tokio::test]
async fn nobody_is_written_to_about_what_they_no_longer_have_or_have_handed_in() {
    for (what, kind) in [
        ("taken back", LetterKind::HandOver),
        ("taken back", LetterKind::Reminder),
        ("handed in", LetterKind::Reminder),
        ("erased", LetterKind::HandOver),
        ("closed", LetterKind::Reminder),
    ] {
        let (field, case, ola) = with_letter(kind).await;
        let mut writing = field.writing(&staff(), "2025-10-03T10:00:00").await;
        match what {
            "taken back" => writing.take_back(&case, &section("bosetting")).await.unwrap(),
            "handed in" => writing.hand_in(&case, &section("bosetting")).await.unwrap(),
            "erased" => assert!(writing.erase_contact(&ola).await.unwrap()),
            _ => {}
        }
        writing.commit().await.unwrap();
        let time = if what == "closed" { "2025-12-01T00:00:00" } else { "2025-10-03T10:00:01" };
        assert_eq!(take(&field, time).await, None, "{what}");
        assert_eq!(states(&field, &case).await, [LetterState::Dropped], "{what}");
    }
}

#[tokio::test]
async fn pauses_grow_until_a_letter_is_given_up() {
    let (field, case, _) = with_letter(LetterKind::HandOver).await;
    let mut minutes = 0;
    for pause in [5, 10, 30, 60, 180, 360, 720] {
        let now = at("2025-10-02T10:00:00") + jiff::SignedDuration::from_mins(minutes);
        let time = now.to_string().trim_end_matches('Z').to_owned();
        let letter = take(&field, &time).await.unwrap();
        let mut writing = field.writing(&Actor::Sender, &time).await;
        assert!(writing.letter_waits(&letter.id, "450 later").await.unwrap());
        writing.commit().await.unwrap();
        let early = now + jiff::SignedDuration::from_secs(60 * pause - 1);
        assert_eq!(field.store.letters_due(early).await.unwrap(), vec![], "{pause}");
        minutes += pause;
    }
    let letter = take(&field, "2025-10-04T10:00:00").await.unwrap();
    let mut writing = field.writing(&Actor::Sender, "2025-10-04T10:00:00").await;
    assert!(!writing.letter_waits(&letter.id, "450 later").await.unwrap());
    writing.commit().await.unwrap();
    assert_eq!(states(&field, &case).await, [LetterState::GivenUp]);
}

#[tokio::test]
async fn a_refusal_is_noted_on_the_contact() {
    let (field, case, ola) = with_letter(LetterKind::HandOver).await;
    let letter = take(&field, "2025-10-02T10:00:01").await.unwrap();
    let mut writing = field.writing(&Actor::Sender, "2025-10-02T10:00:02").await;
    writing.letter_refused(&letter.id, "550 no such user").await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(states(&field, &case).await, [LetterState::Refused]);
    let person = &field.store.people(&case).await.unwrap()[&ola];
    assert_eq!(person.refusal.as_deref(), Some("550 no such user"));
}

#[tokio::test]
async fn a_letter_gives_no_more_access_than_its_reader_has() {
    // A colleague who handed a section on is told of its return, and stays a colleague.
    let (field, _, _) = with_letter(LetterKind::Returned).await;
    let letter = take(&field, "2025-10-02T10:00:01").await.unwrap();
    let link = letter.link.unwrap();
    let access = field.store.open_link(&link, at("2025-10-03T10:00:00")).await.unwrap().unwrap();
    assert_eq!(access.kind, AccessKind::Delegate);
}
