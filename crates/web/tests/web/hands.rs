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
    assert!(conflict.says("Noen andre har svart i mellomtiden"));
    assert!(conflict.says("Dette ble endret av en kollega 3. november 2025 kl. 09.00."));
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

async fn delegate(world: &World) -> Browser {
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
