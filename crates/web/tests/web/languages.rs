//! Bokmål, nynorsk and English, and the notice of a simulated round.

use axum::http::header;
use store::AccessKind;

use crate::world::World;

#[tokio::test]
async fn the_language_is_switched_and_kept() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get("/case/2025/1508").await;
    assert!(page.says(r#"<html lang="nb">"#) && page.says(r#"href="?lang=nn""#));
    let page = kari.get("/case/2025/1508?lang=nn").await;
    assert!(page.says(r#"<html lang="nn">"#) && page.says("Ikkje byrja"));
    let page = kari.get("/case/2025/1508/tolk/1").await;
    assert!(page.says("Har de retningslinjer") && page.says("Lagre og hald fram"));
    // A language that the survey does not have changes nothing.
    let page = kari.get("/case/2025/1508?lang=de").await;
    assert!(page.says(r#"<html lang="nn">"#) && page.headers.get(header::SET_COOKIE).is_none());
    let page = kari.get("/nowhere?lang=en").await;
    assert!(page.says("We cannot find the page"));
}

#[tokio::test]
async fn switching_on_a_page_of_questions_saves_it() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let address = "/case/2025/1508/annet/1";
    assert!(kari.get(address).await.says(r#"<button form="page" name=":go" value="en""#));
    let saved = kari.fill(address, &[("navn", "Plan A"), (":go", "en")]).await;
    assert_eq!(saved.leads_to(), "/case/2025/1508/annet/1?lang=en");
    let page = kari.get(saved.leads_to()).await;
    assert!(page.says("What is the plan called?") && page.says("Plan A"));
}

#[tokio::test]
async fn a_simulated_round_says_so_on_every_page_of_it() {
    let world = World::new().await;
    let (token, _) = world.link("1508", AccessKind::Coordinator).await;
    let link = format!("/answer/{}", token.reveal());
    let mut kari = world.browser();
    assert!(!kari.get(&link).await.says("Simulerte svar"));
    let mut writing = world.writing().await;
    writing.mark_simulated("2025".parse().unwrap()).await.unwrap();
    writing.commit().await.unwrap();
    assert!(kari.get(&link).await.says("Simulerte svar"));
    kari.post(&link, &[]).await;
    for address in ["", "/tolk/1", "/tolk/review", "/review"] {
        let page = kari.get(&format!("/case/2025/1508{address}")).await;
        assert!(page.says("Simulerte svar"), "{address}");
    }
}

#[tokio::test]
async fn the_enter_key_goes_on_and_does_not_switch_the_language() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get("/case/2025/1508/annet/1").await;
    // In HTML the Enter key presses the first button of the form in the order of the page.
    let first = page.html.split(r#"name=":go" value=""#).nth(1).unwrap();
    assert!(first.starts_with(r#"next""#), "{first}");
}
