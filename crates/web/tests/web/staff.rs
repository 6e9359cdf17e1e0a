//! The staff's pages.

use axum::http::StatusCode;
use store::Actor;

use crate::world::{Browser, World, case_id};

/// Returns a browser in which somebody of the staff has logged in.
pub(crate) async fn logged_in(world: &World) -> Browser {
    let mut writing = world.writing().await;
    writing.add_staff("eva", "et langt passord").await.unwrap();
    writing.commit().await.unwrap();
    let mut eva = world.browser();
    let fields = [("name", " eva "), ("password", "et langt passord")];
    assert_eq!(eva.post("/staff/login", &fields).await.leads_to(), "/staff");
    eva
}

/// Hands in sections in the name of a unit.
async fn hand_in(world: &World, unit: &str, sections: &[&str], at: &str) {
    let at = at.parse().unwrap();
    let mut writing = world.store.write(Actor::Simulation, at).await.unwrap();
    for section in sections {
        writing.hand_in(&case_id(unit), &section.parse().unwrap()).await.unwrap();
    }
    writing.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_gets_in_without_the_password() {
    let world = World::new().await;
    let mut eva = logged_in(&world).await;
    let mut stranger = world.browser();
    for address in ["/staff", "/staff/2025", "/staff/2025/1508"] {
        assert_eq!(stranger.get(address).await.leads_to(), "/staff/login", "{address}");
        assert_eq!(eva.get(address).await.status, StatusCode::OK, "{address}");
    }
    for fields in [[("name", "eva"), ("password", "feil")], [("name", "adam"), ("password", "")]] {
        let page = stranger.post("/staff/login", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("Brukernavnet eller passordet er feil"));
    }
    // An informant's session opens no staff page, and the other way round.
    let mut kari = world.coordinator("1508").await;
    assert_eq!(kari.get("/staff/2025").await.leads_to(), "/staff/login");
    assert_eq!(eva.get("/case/2025/1508").await.status, StatusCode::FORBIDDEN);
    // Logging out ends the session in the store, not in the browser alone.
    let kept = eva.clone();
    assert_eq!(eva.post("/staff/logout", &[]).await.leads_to(), "/staff/login");
    assert_eq!(kept.clone().get("/staff").await.leads_to(), "/staff/login");
}

#[tokio::test]
async fn a_round_is_watched() {
    let world = World::new().await;
    let mut eva = logged_in(&world).await;
    assert!(eva.get("/staff/2025").await.says("Ingen har svart ennå."));
    // Half past midnight in Oslo is still the day before in UTC.
    hand_in(&world, "1508", &["tolk", "annet"], "2025-10-20T22:30:00Z").await;
    hand_in(&world, "0301", &["annet"], "2025-10-21T10:00:00Z").await;
    let page = eva.get("/staff/2025").await;
    assert!(page.says("<strong>50\u{a0}%</strong>"), "two of four units\n{}", page.html);
    assert!(page.says("Flest kom 21. oktober 2025: 2."));
    assert!(page.says("<title>21. oktober 2025: 2</title>"));
    // One of Oslo's two units, one of Møre og Romsdal's two.
    let row = |county: &str| {
        format!(
            r#"<th scope="row">{county}</th><td class="number">1</td><td class="number">2</td>"#
        )
    };
    assert!(page.says(&row("Oslo")) && page.says(&row("Møre og Romsdal")));
    assert!(page.says("Viser 4 av 4."));
    for (query, shown, there) in [
        ("county=15", "Viser 2 av 4.", "Vanylven"),
        ("state=answered", "Viser 2 av 4.", "Ålesund"),
        ("county=15&state=not-begun", "Viser 1 av 4.", "Vanylven"),
        ("county=99", "Viser 0 av 4.", "Alle fylker"),
    ] {
        let page = eva.get(&format!("/staff/2025?{query}")).await;
        assert!(page.says(shown) && page.says(there), "{query}");
    }
}

#[tokio::test]
async fn the_history_of_a_case_can_be_read() {
    let world = World::new().await;
    let mut eva = logged_in(&world).await;
    let mut kari = world.coordinator("1508").await;
    kari.fill("/case/2025/1508/annet/1", &[("navn", "Plan A")]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    let page = eva.get("/staff/2025/1508").await;
    assert!(page.says("Svarte: Annet: ") && page.says("Leverte delen: Annet"));
    assert!(page.says("Laget personlig lenke: koordinator") && page.says("Medarbeider test"));
    assert!(page.says("Coordinator in 1508") && page.says("post@example.no"));
    assert_eq!(eva.get("/staff/2025/9999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(eva.get("/staff/2023").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_is_erased_after_a_question_and_the_answers_stay() {
    let world = World::new().await;
    let mut eva = logged_in(&world).await;
    let mut kari = world.coordinator("1508").await;
    kari.fill("/case/2025/1508/annet/1", &[("navn", "Plan A")]).await;
    let page = eva.get("/staff/2025/1508").await;
    let (_, rest) = page.html.split_once("href=\"/staff/2025/1508/erase/").unwrap();
    let erase = format!("/staff/2025/1508/erase/{}", rest.split_once('"').unwrap().0);
    assert_eq!(kari.post(&erase, &[]).await.leads_to(), "/staff/login");
    assert!(eva.get(&erase).await.says("Slette Coordinator in 1508?"));
    assert!(kari.get("/case/2025/1508").await.status.is_success(), "asking erases nobody");
    assert_eq!(eva.post(&erase, &[]).await.leads_to(), "/staff/2025/1508");
    let page = eva.get("/staff/2025/1508").await;
    assert!(!page.says("Coordinator in 1508") && !page.says("post@example.no"));
    assert!(page.says("en person som er slettet") && page.says("Slettet en person"));
    assert_eq!(kari.get("/case/2025/1508").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.held("1508", "navn").await.unwrap().0.unwrap(), "Plan A");
}

#[tokio::test]
async fn staff_open_a_signed_case_again() {
    let world = World::new().await;
    let mut eva = logged_in(&world).await;
    let mut kari = world.coordinator("1508").await;
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    for section in ["tolk", "annet"] {
        kari.post(&format!("/case/2025/1508/{section}/review"), &[]).await;
    }
    kari.fill("/case/2025/1508/review", &[]).await;
    assert!(world.case("1508").await.signed);
    assert!(eva.get("/staff/2025/1508").await.says("Åpne svaret igjen"));
    assert_eq!(eva.post("/staff/2025/1508", &[]).await.leads_to(), "/staff/2025/1508");
    assert!(!world.case("1508").await.signed);
    assert_eq!(world.case("1508").await.signatures.len(), 1, "the signature is kept");
}
