//! Links, sessions, assignments and staff: who gets in, and for how long.

use instrument::Lang;
use jiff::Timestamp;
use store::{AccessKind, Actor, CaseId, Contact, ContactId, LinkFor, StoreError, Token};

use crate::field::{Field, at, section, staff};

const EXPIRES: &str = "2025-12-01T00:00:00";

async fn coordinator(field: &Field, name: &str) -> ContactId {
    let contact = Contact {
        name: name.to_owned(),
        email: format!("{name}@kommune.example"),
        language: Lang::NN,
    };
    let mut writing = field.writing(&staff(), "2025-09-20T08:00:00").await;
    let id = writing.add_contact(&contact).await.unwrap();
    writing.commit().await.unwrap();
    id
}

/// Issues a link before the round opens, as an invitation is.
async fn link(field: &Field, case: &CaseId, contact: &ContactId) -> Token {
    let link = LinkFor {
        case: case.clone(),
        contact: contact.clone(),
        kind: AccessKind::Coordinator,
        expires: at(EXPIRES),
    };
    let mut writing = field.writing(&staff(), "2025-09-20T08:00:00").await;
    let token = writing.issue_link(&link).await.unwrap();
    writing.commit().await.unwrap();
    token
}

async fn session(field: &Field, link: &Token) -> Token {
    session_at(field, link, "2025-10-03T09:00:00").await
}

async fn session_at(field: &Field, link: &Token, time: &str) -> Token {
    let mut writing = field.writing(&staff(), time).await;
    let (_, session) = writing.start_sessions(link).await.unwrap().remove(0);
    writing.commit().await.unwrap();
    session
}

#[tokio::test]
async fn a_link_and_its_sessions_open_the_case_until_it_expires() {
    let field = Field::open().await;
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne Næss").await);
    let link = link(&field, &case, &anne).await;
    let session = session_at(&field, &link, "2025-11-30T18:00:00").await;
    let open = async |now: Timestamp| {
        let by_link = field.store.open_link(&link, now).await.unwrap();
        let entered = field.store.enter(&session, &case, now).await.unwrap();
        assert_eq!(entered.map(|entered| entered.access), by_link);
        by_link
    };
    let access = open(at("2025-11-30T23:59:59")).await.unwrap();
    assert_eq!((&access.case, &access.contact), (&case, &anne));
    assert_eq!((access.name.as_str(), access.language), ("Anne Næss", Lang::NN));
    assert_eq!(access.kind, AccessKind::Coordinator);
    assert_eq!(open(at(EXPIRES)).await, None);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_and_its_link_begins_another() {
    let field = Field::open().await;
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne").await);
    let link = link(&field, &case, &anne).await;
    let session = session_at(&field, &link, "2025-10-02T08:00:00").await;
    let open = async |token, now| field.store.enter(token, &case, at(now)).await.unwrap().is_some();
    assert!(open(&session, "2025-10-02T19:59:59").await);
    assert!(!open(&session, "2025-10-02T20:00:00").await);
    let again = session_at(&field, &link, "2025-10-02T20:00:01").await;
    assert!(open(&again, "2025-10-02T20:00:01").await);
}

#[tokio::test]
async fn one_link_opens_every_unit_that_its_owner_answers_for() {
    let field = Field::open().await;
    let contact = Contact {
        name: "Anne".to_owned(),
        email: "Anne@Kommune.example".to_owned(),
        language: Lang::NN,
    };
    let mut writing = field.writing(&staff(), "2025-09-20T08:00:00").await;
    let anne = writing.coordinator(&contact).await.unwrap();
    let lower = Contact { email: "anne@kommune.example".to_owned(), ..contact };
    assert_ne!(writing.coordinator(&lower).await.unwrap(), anne, "no link yet");
    writing.commit().await.unwrap();
    let units = ["1508", "0301"].map(|unit| field.case(unit));
    let first = link(&field, &units[0], &anne).await;
    link(&field, &units[1], &anne).await;
    let mut writing = field.writing(&staff(), "2025-10-02T08:00:00").await;
    assert_eq!(writing.coordinator(&lower).await.unwrap(), anne, "one address is one person");
    let sessions = writing.start_sessions(&first).await.unwrap();
    writing.commit().await.unwrap();
    let cases: Vec<_> = sessions.iter().map(|(case, _)| case.clone()).collect();
    assert_eq!(cases, units, "the link's own case comes first");
    let now = at("2025-10-02T08:00:00");
    for (case, session) in &sessions {
        assert_eq!(field.store.enter(session, case, now).await.unwrap().unwrap().case.id, *case);
        let other = units.iter().find(|other| *other != case).unwrap();
        assert!(field.store.enter(session, other, now).await.unwrap().is_none());
    }
    assert_eq!(field.store.cases_of(&anne, now).await.unwrap().len(), 2);
    assert!(field.store.cases_of(&anne, at(EXPIRES)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_later_deadline_holds_for_the_links_that_are_out() {
    let field = Field::open().await;
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne Næss").await);
    let link = link(&field, &case, &anne).await;
    field.open_round_until("2025-12-15T00:00:00").await.unwrap();
    let open = async |now| field.store.open_link(&link, at(now)).await.unwrap().is_some();
    assert!(open("2025-12-14T23:59:59").await);
    assert!(!open("2025-12-15T00:00:00").await);
    let late = field.store.round(field.tiny.instrument.round).await.unwrap().unwrap();
    assert_eq!(late.closes, at("2025-12-15T00:00:00"));
}

#[tokio::test]
async fn a_revoked_link_takes_its_sessions_with_it() {
    let field = Field::open().await;
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne").await);
    let (revoked, other) = (link(&field, &case, &anne).await, link(&field, &case, &anne).await);
    let (ended, kept) = (session(&field, &revoked).await, session(&field, &other).await);
    for session in [&ended, &kept] {
        let before = field.store.enter(session, &case, at("2025-10-03T09:59:59")).await.unwrap();
        assert!(before.is_some(), "what follows is no news to the store");
    }
    let mut writing = field.writing(&staff(), "2025-10-03T10:00:00").await;
    writing.revoke_link(&revoked).await.unwrap();
    writing.revoke_link(&revoked).await.unwrap();
    writing.commit().await.unwrap();
    let now = at("2025-10-03T10:00:01");
    assert_eq!(field.store.open_link(&revoked, now).await.unwrap(), None);
    assert!(field.store.enter(&ended, &case, now).await.unwrap().is_none());
    assert!(field.store.enter(&kept, &case, now).await.unwrap().is_some());
    assert_eq!(field.actions(&case).await, ["link_revoked coordinator"]);
    let history = field.store.history(&case).await.unwrap();
    let about = |action: &str| {
        let lines = history.iter().filter(|line| line.action == action);
        lines.map(|line| line.about.clone()).collect::<Vec<_>>()
    };
    assert_eq!(about("link_issued"), [Some(anne.clone()), Some(anne.clone())]);
    assert_eq!((about("link_opened").len(), about("link_revoked")), (2, vec![Some(anne.clone())]));
    // A page that is on its way when the last link goes comes too late.
    let anne = Actor::Contact(anne);
    field.save(&anne, &case, &[("tolk", 0, Some("ja"))]).await.unwrap();
    let mut writing = field.writing(&staff(), "2025-10-03T10:00:00").await;
    writing.revoke_link(&other).await.unwrap();
    writing.commit().await.unwrap();
    let late = field.save(&anne, &case, &[("tolk", 1, Some("nei"))]).await;
    assert!(matches!(late, Err(StoreError::NotOpen(_))), "{late:?}");
}

/// A session that has opened its case is known, and answers do not make it unknown; whatever changes
/// what it opens is seen at once, by another server too.
#[tokio::test]
async fn what_a_session_opens_is_what_the_database_says() {
    let field = Field::open().await;
    let beside = field.database.open().await;
    let contact =
        Contact { name: "Anne".to_owned(), email: "anne@k.example".to_owned(), language: Lang::NB };
    let mut writing = field.writing(&staff(), "2025-09-20T08:00:00").await;
    let anne = writing.coordinator(&contact).await.unwrap();
    writing.commit().await.unwrap();
    let case = field.case("1508");
    let link = link(&field, &case, &anne).await;
    let session = session(&field, &link).await;
    let open = async || {
        let now = at("2025-10-03T10:00:00");
        let entered = field.store.enter(&session, &case, now).await.unwrap().unwrap();
        let other = beside.enter(&session, &case, now).await.unwrap().unwrap();
        assert_eq!((&entered.access, &entered.round), (&other.access, &other.round));
        assert_eq!(entered.case, other.case);
        entered
    };
    assert_eq!(open().await.access.name, "Anne");
    field.save(&staff(), &case, &[("merknad", 0, Some("ja"))]).await.unwrap();
    assert_eq!(open().await.case.held["merknad"].value.as_deref(), Some("ja"));

    let mut writing = field.writing(&staff(), "2025-10-03T09:10:00").await;
    let renamed = Contact { name: "Anne Næss".to_owned(), language: Lang::NN, ..contact };
    writing.coordinator(&renamed).await.unwrap();
    writing.commit().await.unwrap();
    let access = open().await.access;
    assert_eq!((access.name.as_str(), access.language), ("Anne Næss", Lang::NN));

    field.open_round_until("2025-12-15T00:00:00").await.unwrap();
    assert_eq!(open().await.round.closes, at("2025-12-15T00:00:00"));

    let mut writing = field.writing(&Actor::Simulation, "2025-10-03T09:20:00").await;
    writing.mark_simulated(case.round).await.unwrap();
    writing.commit().await.unwrap();
    assert!(open().await.round.simulated);
}

#[tokio::test]
async fn no_other_token_opens_anything() {
    let field = Field::open().await;
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne").await);
    let link = link(&field, &case, &anne).await;
    let session = session(&field, &link).await;
    let now = at("2025-10-03T10:00:00");
    // A session is no link, a link is no session, and neither is staff.
    assert_eq!(field.store.open_link(&session, now).await.unwrap(), None);
    assert!(field.store.enter(&link, &case, now).await.unwrap().is_none());
    assert_eq!(field.store.staff_session(&session, now).await.unwrap(), None);
    assert_eq!(field.store.open_link(&Token::random(), now).await.unwrap(), None);
}

#[tokio::test]
async fn a_link_into_a_case_that_is_not_there_is_refused() {
    let field = Field::open().await;
    let anne = coordinator(&field, "Anne").await;
    let link = LinkFor {
        case: field.case("9999"),
        contact: anne,
        kind: AccessKind::Delegate,
        expires: at(EXPIRES),
    };
    let mut writing = field.writing(&staff(), "2025-09-20T08:00:00").await;
    assert!(matches!(writing.issue_link(&link).await, Err(StoreError::NoCase(_))));
}

#[tokio::test]
async fn a_section_is_in_the_hands_of_one_at_a_time() {
    let field = Field::open().await;
    let case = field.case("1508");
    let (anne, bo) = (coordinator(&field, "Anne").await, coordinator(&field, "Bo").await);
    let bosetting = section("bosetting");
    for (to, time) in [
        (&anne, "2025-10-02T10:00:00"),
        (&anne, "2025-10-03T10:00:00"),
        (&bo, "2025-10-04T10:00:00"),
    ] {
        let mut writing = field.writing(&staff(), time).await;
        writing.assign(&case, &bosetting, to).await.unwrap();
        writing.commit().await.unwrap();
    }
    let assignment = &field.store.case(&case).await.unwrap().assignments[&bosetting];
    assert_eq!((&assignment.contact, assignment.name.as_str()), (&bo, "Bo"));
    assert_eq!(field.actions(&case).await, vec!["assigned bosetting"; 2]);
    let overview = field.store.overview(case.round).await.unwrap();
    let assigned: Vec<_> = overview.iter().filter(|case| !case.assigned.is_empty()).collect();
    assert_eq!(assigned.len(), 1);
    assert_eq!((&assigned[0].unit, &assigned[0].assigned), (&case.unit, &vec![bosetting]));
}

#[tokio::test]
async fn staff_log_in_with_their_password_for_ten_hours() {
    let field = Field::open().await;
    let mut writing = field.writing(&Actor::Staff("demo".into()), "2025-10-01T08:00:00").await;
    writing.add_staff("kari", "riktig hest batteri").await.unwrap();
    let taken = writing.add_staff("kari", "noe annet").await.unwrap_err();
    assert_eq!(taken.to_string(), "there is already a user kari");
    let token = writing.start_staff_session("kari").await.unwrap();
    writing.commit().await.unwrap();

    for (name, password, right) in [
        ("kari", "riktig hest batteri", true),
        ("kari", "noe annet", false),
        ("kari", "", false),
        ("ola", "riktig hest batteri", false),
    ] {
        assert_eq!(field.store.check_staff(name, password).await.unwrap(), right, "{name}");
    }
    let who = async |time| field.store.staff_session(&token, at(time)).await.unwrap();
    assert_eq!(who("2025-10-01T17:59:59").await.as_deref(), Some("kari"));
    assert_eq!(who("2025-10-01T18:00:00").await, None);
    let mut writing = field.writing(&staff(), "2025-10-01T09:00:00").await;
    writing.end_staff_session(&token).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(who("2025-10-01T09:00:00").await, None);
}

#[tokio::test]
async fn no_secret_is_kept_in_clear() {
    let field = Field::open().await;
    // On PostgreSQL the same values are written, into files that are not ours to read.
    let Some(file) = field.database.file() else { return };
    let (case, anne) = (field.case("1508"), coordinator(&field, "Anne").await);
    let link = link(&field, &case, &anne).await;
    let session = session(&field, &link).await;
    let mut writing = field.writing(&staff(), "2025-10-01T08:00:00").await;
    writing.add_staff("kari", "riktig hest batteri").await.unwrap();
    let logged_in = writing.start_staff_session("kari").await.unwrap();
    writing.commit().await.unwrap();
    field.store.close().await;
    let bytes = std::fs::read(file).unwrap();
    let holds = |secret: &str| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
    // The search finds what is kept, so that what it does not find is not there.
    assert!(holds("Anne@kommune.example"));
    for secret in [link.reveal(), session.reveal(), logged_in.reveal(), "riktig hest batteri"] {
        assert!(!holds(secret));
    }
}
