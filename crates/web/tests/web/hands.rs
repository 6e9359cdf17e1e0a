//! Several hands in one case: conflicts, delegates, two cases in one browser, signing.

use axum::http::StatusCode;
use store::AccessKind;

use crate::world::{Browser, World, case_id};

const PAGE: &str = "/case/2025/1508/tolk/2";

#[tokio::test]
async fn the_later_of_two_sees_both_answers_and_chooses() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    let (hers, his) = (kari.get(PAGE).await, ola.get(PAGE).await);
    kari.send_again(&hers, PAGE, &[("samarbeid.nav", "godt"), ("fornoyd", "3")]).await;
    let answers = [("samarbeid.nav", "darlig"), ("samarbeid.skole", "godt")];
    let conflict = ola.send_again(&his, PAGE, &answers).await;

    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.says("Noe er endret siden du åpnet siden"));
    assert!(conflict.says("Dette ble endret av Coordinator in 1508 3. november 2025 kl. 09.00."));
    assert!(conflict.says("Svaret som er lagret nå: Godt"));
    let typed = r#"name="samarbeid.nav" id="f-samarbeid.nav-1" value="darlig" checked"#;
    assert!(conflict.says(typed), "what was typed is kept");
    // Nothing of hers is overwritten: neither what he answered otherwise nor what he left alone.
    assert_eq!(world.held("1508", "samarbeid.nav").await, Some((Some("godt".into()), 1)));
    assert_eq!(world.held("1508", "fornoyd").await, Some((Some("3".into()), 1)));
    // The rest of his page is saved.
    assert_eq!(world.held("1508", "samarbeid.skole").await, Some((Some("godt".into()), 1)));

    // Having seen both, he chooses.
    let fields = [answers[0], answers[1], ("fornoyd", "3")];
    let chosen = ola.send_again(&conflict, PAGE, &fields).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(world.held("1508", "samarbeid.nav").await, Some((Some("darlig".into()), 2)));
}

#[tokio::test]
async fn what_was_not_touched_is_not_written() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    kari.fill(PAGE, &[("fornoyd", "3")]).await;
    let his = ola.get(PAGE).await;
    kari.fill(PAGE, &[("fornoyd", "4")]).await;
    let saved = ola.send_again(&his, PAGE, &[("fornoyd", "3"), ("hindringer", "pris")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "he did not touch what she changed");
    assert_eq!(world.held("1508", "fornoyd").await, Some((Some("4".into()), 2)));
}

#[tokio::test]
async fn a_delegate_sees_only_their_sections() {
    let world = World::new().await;
    let mut ola = delegate(&world).await;
    let tasks = ola.get("/case/2025/1508").await;
    assert!(tasks.says("/annet/1") && !tasks.says("/tolk/1") && !tasks.says("/review"));
    for address in [PAGE, "/case/2025/1508/tolk/review", "/case/2025/1508/review"] {
        assert_eq!(ola.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        let posted = ola.post(address, &[("content", &"0".repeat(64))]).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND, "{address}");
    }
    let reopened = ola.post("/case/2025/1508/receipt", &[]).await;
    assert_eq!(reopened.status, StatusCode::NOT_FOUND);
    ola.fill("/case/2025/1508/annet/1", &[("navn", "Plan A")]).await;
    let done = ola.post("/case/2025/1508/annet/review", &[]).await;
    assert_eq!(done.leads_to(), "/case/2025/1508");
    let tasks = world.coordinator("1508").await.get("/case/2025/1508").await;
    assert!(tasks.says("Hos Delegate in 1508") && tasks.says("Levert"));
}

/// Returns the browser of a colleague who has a section of Ålesund's.
pub(crate) async fn delegate(world: &World) -> Browser {
    let (token, contact) = world.link("1508", AccessKind::Delegate).await;
    let mut writing = world.writing().await;
    writing.assign(&case_id("1508"), &"annet".parse().unwrap(), &contact).await.unwrap();
    writing.commit().await.unwrap();
    let mut browser = world.browser();
    browser.post(&format!("/answer/{}", token.reveal()), &[]).await;
    browser
}

#[tokio::test]
async fn two_cases_in_one_browser_do_not_mix() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let (token, _) = world.link("1511", AccessKind::Coordinator).await;
    kari.post(&format!("/answer/{}", token.reveal()), &[]).await;
    kari.fill("/case/2025/1508/annet/1", &[("navn", "Ålesunds plan")]).await;
    kari.fill("/case/2025/1511/annet/1", &[("navn", "Vanylvens plan")]).await;
    assert_eq!(world.held("1508", "navn").await.unwrap().0.unwrap(), "Ålesunds plan");
    assert_eq!(world.held("1511", "navn").await.unwrap().0.unwrap(), "Vanylvens plan");
    assert_eq!(kari.get("/case/2025/0301").await.status, StatusCode::FORBIDDEN);
    assert_eq!(kari.get("/case/2023/1508").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_case_that_changed_while_it_was_read_is_not_signed() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    kari.post("/case/2025/1508/tolk/review", &[]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    let review = kari.get("/case/2025/1508/review").await;
    ola.fill("/case/2025/1508/annet/1", &[("navn", "Plan B")]).await;
    let refused = kari.send_again(&review, "/case/2025/1508/review", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.says("Noen endret et svar mens du leste") && refused.says("Plan B"));
    assert!(!world.case("1508").await.signed);
    let signed = kari.send_again(&refused, "/case/2025/1508/review", &[]).await;
    assert_eq!(signed.leads_to(), "/case/2025/1508/receipt");
}

/// What a coordinator fills in to ask Ola.
const ASK_OLA: [(&str, &str); 5] = [
    ("section", "annet"),
    ("name", "Ola Ås"),
    ("email", "ola@kommune.example"),
    ("message", "Kan du se på denne?\nTakk!"),
    ("due", "2025-11-14"),
];

#[tokio::test]
async fn a_section_is_handed_over_by_letter_and_comes_back() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let form = kari.get("/case/2025/1508/share?section=annet").await;
    assert!(form.says(r#"name="section" value="annet" checked"#));
    for _ in 0..2 {
        let sent = kari.post("/case/2025/1508/share", &ASK_OLA).await;
        assert_eq!(sent.leads_to(), "/case/2025/1508?done=handed");
    }
    let letters = world.store.letters(&case_id("1508")).await.unwrap();
    assert_eq!(letters.len(), 1, "a double click sends one letter");
    let tasks = kari.get("/case/2025/1508?done=handed").await;
    assert!(tasks.says("Hos Ola Ås") && tasks.says("Kollegaen har fått det du sendte."));
    let hands = kari.get("/case/2025/1508/annet/hands").await;
    for text in ["ola@kommune.example", "14. november 2025", "Ikke åpnet ennå", "på vei"] {
        assert!(hands.says(text), "{text}");
    }

    let (mut ola, letter) = open_letter(&world).await;
    assert_eq!(letter.message, "Kan du se på denne?\nTakk!");
    assert!(kari.get("/case/2025/1508/annet/hands").await.says("Åpnet første gang"));
    // He was not allowed to hand it on.
    assert!(ola.get("/case/2025/1508/share").await.says("Det er ingen deler å sende"));
    let refused = ola.post("/case/2025/1508/share", &ASK_OLA).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let hands = "/case/2025/1508/annet/hands";
    let returned = ola.post(hands, &[(":go", "return"), ("reply", "Ikke mitt")]).await;
    assert_eq!(returned.leads_to(), "/case/2025/1508?done=returned");
    let again = ola.post(hands, &[(":go", "return"), ("reply", "Ikke mitt")]).await;
    assert_eq!(again.leads_to(), "/case/2025/1508?done=returned", "a double click");
    assert!(ola.get("/case/2025/1508").await.says("Du har ingen deler å svare på nå."));
    let tasks = kari.get("/case/2025/1508").await;
    assert!(tasks.says("Gitt tilbake av Ola Ås") && tasks.says("tag-returned"));
    assert!(kari.get(hands).await.says("Ikke mitt"));
}

/// Opens the link of the only letter that is due, as its reader would.
async fn open_letter(world: &World) -> (Browser, store::Letter) {
    let now = crate::world::NOW.parse().unwrap();
    let due = world.store.letters_due(now).await.unwrap();
    let [id] = due.as_slice() else { panic!("{due:?} are due") };
    let mut writing = world.store.write(store::Actor::Sender, now).await.unwrap();
    let letter = writing.take_letter(id).await.unwrap().unwrap();
    writing.letter_left(id).await.unwrap();
    writing.commit().await.unwrap();
    let mut browser = world.browser();
    let link = letter.link.as_ref().unwrap().reveal();
    browser.post(&format!("/answer/{link}"), &[]).await;
    (browser, letter)
}

#[tokio::test]
async fn a_coordinator_reminds_once_a_day_and_takes_back() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    kari.post("/case/2025/1508/share", &ASK_OLA).await;
    let (mut ola, _) = open_letter(&world).await;
    let hands = "/case/2025/1508/annet/hands";
    for done in ["reminded", "reminded_before"] {
        let reminded = kari.post(hands, &[(":go", "remind")]).await;
        assert_eq!(reminded.leads_to(), format!("/case/2025/1508?done={done}"));
    }
    assert_eq!(kari.post(hands, &[(":go", "return")]).await.status, StatusCode::BAD_REQUEST);
    for action in ["remind", "take_back"] {
        let refused = ola.post(hands, &[(":go", action)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{action} is the coordinator's");
    }
    let taken = kari.post(hands, &[(":go", "take_back")]).await;
    assert_eq!(taken.leads_to(), "/case/2025/1508?done=taken_back");
    assert_eq!(ola.get("/case/2025/1508/annet/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_a_hand_over_is_said_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    for (field, value, says) in [
        ("section", "finnes_ikke", "Velg minst én del"),
        ("name", "", "Skriv hva kollegaen heter"),
        ("name", "Ola\nBcc: alle@example.no", "Skriv hva kollegaen heter"),
        ("email", "ola@kommune", "Skriv en e-postadresse"),
        ("due", "2025-11-02", "Skriv en dato fra i dag"),
        ("due", "2025-12-01", "Skriv en dato fra i dag"),
        ("due", "i morgen", "Skriv en dato fra i dag"),
        ("message", &"x".repeat(2001), "Meldingen er for lang"),
    ] {
        let fields = ASK_OLA.map(|(name, text)| (name, if name == field { value } else { text }));
        let page = kari.post("/case/2025/1508/share", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(page.says(says) && page.says("role=\"alert\""), "{field} {value}");
        let kept = if field == "name" { "ola@kommune.example" } else { "Ola Ås" };
        assert!(page.says(kept), "{field} {value}");
    }
    assert!(world.case("1508").await.assignments.is_empty());
}
