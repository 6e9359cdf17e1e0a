//! The whole way of an informant: link, task list, pages, review, signature, receipt.

use axum::http::{StatusCode, header};
use store::{AccessKind, SectionStatus};

use crate::world::World;

const CASE: &str = "/case/2025/1508";

#[tokio::test]
async fn from_the_link_to_the_receipt_and_back() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let tasks = kari.get(CASE).await;
    assert!(tasks.says("Ålesund") && tasks.says("Ikke begynt") && tasks.says("0 av 2 deler"));
    assert!(!tasks.says("Bydel"), "a section for districts is not asked of a municipality");

    // Answering "ja" calls up a question on the same page.
    let first = "/case/2025/1508/tolk/1";
    let saved = kari.fill(first, &[("retningslinjer", "ja"), ("timer", "12,5")]).await;
    assert_eq!(saved.leads_to(), "/case/2025/1508/tolk/1?new=%C3%A5r#q-%C3%A5r");
    let again = kari.get("/case/2025/1508/tolk/1?new=%C3%A5r").await;
    assert!(again.says("Nytt spørsmål") && again.says("Fra hvilket år?"));
    // Once it has been shown, leaving it open keeps nobody.
    let answers = [("retningslinjer", "ja"), ("timer", "12,5")];
    let on = kari.send_again(&again, first, &answers).await;
    assert_eq!(on.leads_to(), "/case/2025/1508/tolk/2");

    let second = "/case/2025/1508/tolk/2";
    let answers = [
        ("hindringer", "tilgang"),
        ("hindringer", "pris"),
        ("samarbeid.nav", "godt"),
        ("fornoyd", "0"),
    ];
    let on = kari.fill(second, &answers).await;
    assert_eq!(on.leads_to(), "/case/2025/1508/tolk/review");
    assert_eq!(kari.fill(second, &[(":go", "back")]).await.leads_to(), first);
    assert_eq!(world.held("1508", "timer").await, Some((Some("12.5".into()), 1)));

    // "Back" saved the page as it was sent: without answers. They are withdrawn, not erased.
    assert_eq!(world.held("1508", "hindringer").await, Some((None, 2)));
    let on = kari.fill(second, &answers).await;
    let review = kari.get(on.leads_to()).await;
    assert!(review.says("Prisen\nTilgangen"), "options stand in the questionnaire's order");
    assert!(review.says("2 spørsmål er ikke besvart"), "the year, and a row of the grid");
    let done = kari.post("/case/2025/1508/tolk/review", &[]).await;
    assert_eq!(done.leads_to(), CASE);

    // Nothing can be signed before the last section is handed in.
    let review = kari.get("/case/2025/1508/review").await;
    assert!(review.says("Disse delene må leveres") && !review.says("name=\"content\""));
    kari.fill("/case/2025/1508/annet/1", &[("navn", "Plan A")]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    let signed = kari.fill("/case/2025/1508/review", &[]).await;
    let receipt = kari.get(signed.leads_to()).await;
    assert!(receipt.says("Coordinator in 1508") && receipt.says("3. november 2025 kl. 09.00"));
    assert!(receipt.says("Plan A") && receipt.says("12,5 timer"));
    let case = world.case("1508").await;
    assert!(case.signed && receipt.says(&case.content().short()));

    // A signed case is read-only, until the coordinator opens it again.
    assert_eq!(kari.get(first).await.leads_to(), "/case/2025/1508/receipt");
    let refused = kari.post(first, &[("seen:timer", "1."), ("timer", "3")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.says("Svaret er signert"));
    assert_eq!(kari.post("/case/2025/1508/receipt", &[]).await.leads_to(), CASE);
    assert!(!world.case("1508").await.signed);
    assert_eq!(kari.get(first).await.status, StatusCode::OK);
    assert_eq!(kari.get("/case/2025/1508/receipt").await.leads_to(), CASE);
}

#[tokio::test]
async fn looking_at_a_link_changes_nothing() {
    let world = World::new().await;
    let (token, _) = world.link("1508", AccessKind::Coordinator).await;
    let mut scanner = world.browser();
    let address = format!("/answer/{}", token.reveal());
    let page = scanner.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("Ålesund") && page.says("30. november 2025") && page.says("Direktoratet"));
    assert!(page.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(scanner.get("/case/2025/1508").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_link_that_does_not_work_gets_the_same_page() {
    let world = World::new().await;
    let (revoked, _) = world.link("1508", AccessKind::Coordinator).await;
    let (expired, _) = world.link("1511", AccessKind::Coordinator).await;
    let mut writing = world.writing().await;
    writing.revoke_link(&revoked).await.unwrap();
    writing.commit().await.unwrap();
    world.at("2025-12-01T00:00:00Z");
    let mut browser = world.browser();
    let wrong = browser.get("/answer/00000000000000000000000000").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert!(wrong.says("Lenken virker ikke"));
    for token in [revoked.reveal(), expired.reveal(), "x", "%F0%28", "..%2F..%2Fetc"] {
        let page = browser.get(&format!("/answer/{token}")).await;
        assert_eq!((page.status, &page.html), (wrong.status, &wrong.html), "{token}");
        let page = browser.post(&format!("/answer/{token}"), &[]).await;
        assert_eq!((page.status, &page.html), (wrong.status, &wrong.html), "{token}");
    }
}

#[tokio::test]
async fn a_form_that_comes_twice_has_the_effect_of_one() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let address = "/case/2025/1508/annet/1";
    let page = kari.get(address).await;
    let first = kari.send_again(&page, address, &[("navn", "Plan A")]).await;
    let second = kari.send_again(&page, address, &[("navn", "Plan A")]).await;
    assert_eq!(first.leads_to(), second.leads_to());
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan A".into()), 1)));
    kari.post("/case/2025/1508/annet/review", &[]).await;
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    kari.post("/case/2025/1508/tolk/review", &[]).await;
    let review = kari.get("/case/2025/1508/review").await;
    for _ in 0..2 {
        let signed = kari.send_again(&review, "/case/2025/1508/review", &[]).await;
        assert_eq!(signed.leads_to(), "/case/2025/1508/receipt");
    }
    assert_eq!(world.case("1508").await.signatures.len(), 1);
}

#[tokio::test]
async fn a_section_with_a_hard_check_open_is_not_handed_in() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let review = "/case/2025/1508/tolk/review";
    let refused = kari.post(review, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.says("Spørsmålet må besvares: Har dere retningslinjer"));
    assert!(refused.says(r##"href="/case/2025/1508/tolk/1#f-retningslinjer""##));
    assert!(refused.says("autofocus"));

    // A hard check keeps the page; the answer is stored, and the way out is open.
    let address = "/case/2025/1508/tolk/1";
    let answers = [("retningslinjer", "nei"), ("timer", "9000")];
    assert_eq!(kari.fill(address, &answers).await.leads_to(), address);
    let page = kari.get(address).await;
    assert!(page.says("Det er flere timer enn året har.") && page.says("value=\"9000\""));
    let exit = kari.send_again(&page, address, &[answers[0], answers[1], (":go", "exit")]).await;
    assert_eq!(exit.leads_to(), "/case/2025/1508");
    assert_eq!(kari.post(review, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Mended, it goes through.
    kari.fill(address, &[("retningslinjer", "nei"), ("timer", "90")]).await;
    assert_eq!(kari.post(review, &[]).await.status, StatusCode::SEE_OTHER);
    let tolk = world.case("1508").await.status(&"tolk".parse().unwrap());
    assert_eq!(tolk, SectionStatus::Done);
}

#[tokio::test]
async fn a_warning_is_shown_once() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let address = "/case/2025/1508/tolk/1";
    kari.fill(address, &[("retningslinjer", "ja")]).await;
    let answers = [("retningslinjer", "ja"), ("år", "1960")];
    assert_eq!(kari.fill(address, &answers).await.leads_to(), address);
    let warned = kari.get(address).await;
    assert!(warned.says("Er det så lenge siden?"));
    let on = kari.send_again(&warned, address, &answers).await;
    assert_eq!(on.leads_to(), "/case/2025/1508/tolk/2");
}

#[tokio::test]
async fn nothing_is_saved_after_the_round_has_closed() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let address = "/case/2025/1508/annet/1";
    let page = kari.get(address).await;
    world.at("2025-11-30T23:00:00Z");
    let late = kari.send_again(&page, address, &[("navn", "Plan A")]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(world.held("1508", "navn").await, None);
}
