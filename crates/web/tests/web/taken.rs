//! Sections that change hands while somebody is at work: nothing typed is lost, nobody gets in where
//! they should not, and a form that is sent twice has the effect of one.

use axum::http::StatusCode;
use store::AccessKind;

use crate::hands::delegate;
use crate::world::{Browser, World, case_id};

const SHARE: &str = "/case/2025/1508/share";
const PAGE: &str = "/case/2025/1508/annet/1";

/// What somebody fills in to hand sections over.
fn ask<'a>(sections: &[&'a str], name: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("name", name), ("email", email), ("may_hand_on", "1")];
    fields.extend(sections.iter().map(|section| ("section", *section)));
    fields
}

/// Returns the link that a page shows to pass on.
fn link(page: &crate::world::Page) -> Option<String> {
    let (_, rest) = page.html.split_once("https://runde.no/answer/")?;
    Some(format!("/answer/{}", rest.split_once('"')?.0))
}

/// Opens a link in a browser of its own.
async fn opened(world: &World, link: &str) -> Browser {
    let mut browser = world.browser();
    assert_eq!(browser.post(link, &[]).await.status, StatusCode::SEE_OTHER);
    browser
}

#[tokio::test]
async fn what_was_typed_is_given_back_when_the_section_is_taken_back() {
    let world = World::new().await;
    let mut ola = delegate(&world).await;
    let page = ola.get(PAGE).await;
    let mut kari = world.coordinator("1508").await;
    kari.post("/case/2025/1508/annet/hands", &[(":go", "take_back")]).await;
    let typed = [("navn", "En plan <på> vei"), (":go", "next")];
    let kept = ola.send_again(&page, PAGE, &typed).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    for said in
        ["Dette er ikke lagret", "ikke lenger hos deg", "Hva heter planen?", "En plan &#60;på"]
    {
        assert!(kept.says(said), "{said} {}", kept.html);
    }
    assert_eq!(world.held("1508", "navn").await, None);
    let tasks = ola.get("/case/2025/1508").await;
    assert!(tasks.says("Du har ingen deler å svare på nå.") && !tasks.says("0 av 0"));
}

#[tokio::test]
async fn what_was_typed_is_given_back_when_the_case_is_signed_or_the_round_is_over() {
    let world = World::new().await;
    let mut ola = delegate(&world).await;
    let page = ola.get(PAGE).await;
    let mut kari = world.coordinator("1508").await;
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    kari.post("/case/2025/1508/tolk/review", &[]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    assert_eq!(
        kari.fill("/case/2025/1508/review", &[]).await.leads_to(),
        "/case/2025/1508/receipt"
    );
    let kept = ola.send_again(&page, PAGE, &[("navn", "For sent")]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    assert!(kept.says("Svaret er signert") && kept.says("For sent"), "{}", kept.html);
}

#[tokio::test]
async fn a_letter_that_is_being_written_survives_the_session() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let mut fields = ask(&["annet"], "Ola", "ola@example.no");
    fields.push(("message", "En lang melding"));
    world.at("2025-11-03T23:30:00Z");
    let resume = kari.post(SHARE, &fields).await;
    assert_eq!(resume.status, StatusCode::FORBIDDEN);
    assert!(resume.says("Økten er utløpt") && resume.says("En lang melding"), "{}", resume.html);
    let reply = [(":go", "return"), ("reply", "Ikke mitt bord")];
    let resume = kari.post("/case/2025/1508/annet/hands", &reply).await;
    assert!(resume.says("Økten er utløpt") && resume.says("Ikke mitt bord"), "{}", resume.html);
}

#[tokio::test]
async fn a_link_that_a_colleague_is_shown_opens_what_they_handed_on_and_no_more() {
    let world = World::without_letters().await;
    let mut kari = world.coordinator("1508").await;
    assert!(kari.get(SHARE).await.says("Du får en personlig lenke"), "no e-mail is promised");
    let tolk = kari.post(SHARE, &ask(&["tolk"], "Bjørn", "bjorn@example.no")).await;
    let bjorn = link(&tolk).unwrap();
    let anne = link(&kari.post(SHARE, &ask(&["annet"], "Anne", "anne@example.no")).await).unwrap();
    let mut anne = opened(&world, &anne).await;
    // Bjørn has a section from Kari: Anne gets no way into it, and does not rename him.
    let on = ask(&["annet"], "Noen andre", "BJORN@example.no");
    for _ in 0..2 {
        let handed = anne.post(SHARE, &on).await;
        assert_eq!(handed.leads_to(), "/case/2025/1508?done=handed_known");
    }
    let mut bjorn = opened(&world, &bjorn).await;
    let tasks = bjorn.get("/case/2025/1508").await;
    assert!(tasks.says("/tolk/1") && tasks.says("/annet/1"), "he finds it behind his own link");
    assert!(kari.get("/case/2025/1508").await.says("Hos Bjørn"));
    // Whoever has nothing but what he hands on gets a link, also where the form comes twice.
    for _ in 0..2 {
        let handed = bjorn.post(SHARE, &ask(&["annet"], "Siv", "siv@example.no")).await;
        let mut siv = opened(&world, &link(&handed).unwrap()).await;
        let tasks = siv.get("/case/2025/1508").await;
        assert!(tasks.says("/annet/1") && !tasks.says("/tolk/1"), "{}", tasks.html);
    }
    // And a coordinator gets one again, too.
    for _ in 0..2 {
        let handed = kari.post(SHARE, &ask(&["annet"], "Tor", "tor@example.no")).await;
        assert!(link(&handed).is_some(), "{}", handed.html);
    }
}

#[tokio::test]
async fn new_terms_are_told_and_old_ones_are_not_told_twice() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let mut fields = ask(&["annet"], "Ola", "ola@example.no");
    kari.post(SHARE, &fields).await;
    fields.push(("due", "2025-11-20"));
    for _ in 0..2 {
        kari.post(SHARE, &fields).await;
    }
    let letters = world.store.letters(&case_id("1508")).await.unwrap();
    assert_eq!(letters.len(), 2);
    let tasks = kari.get("/case/2025/1508").await;
    assert!(tasks.says("20. november 2025") && tasks.says("Ikke åpnet ennå"), "{}", tasks.html);
}

#[tokio::test]
async fn an_answer_that_counts_no_more_is_told_at_the_review() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let page = "/case/2025/1508/tolk/1";
    kari.fill(page, &[("retningslinjer", "ja")]).await;
    kari.fill(page, &[("retningslinjer", "ja"), ("år", "2010")]).await;
    let review = "/case/2025/1508/tolk/review";
    assert!(!kari.get(review).await.says("gjelder ikke lenger"));
    kari.fill(page, &[("retningslinjer", "nei"), ("år", "2010")]).await;
    assert!(kari.get(review).await.says("1 svar er lagret, men gjelder ikke lenger"));
}

#[tokio::test]
async fn the_staff_see_who_did_what_with_whom() {
    let world = World::new().await;
    let mut eva = crate::staff::logged_in(&world).await;
    let mut kari = world.coordinator("1508").await;
    kari.post(SHARE, &ask(&["annet"], "Ola Ås", "ola@example.no")).await;
    kari.post(SHARE, &ask(&["annet"], "Ola B. Ås", "ola@example.no")).await;
    kari.fill(PAGE, &[("navn", "Plan A")]).await;
    let page = eva.get("/staff/2025/1508").await;
    for said in [
        "Åpnet den personlige lenken",
        "Ga delen til en kollega: Annet, Ola B. Ås",
        "Endret navn eller språk for: Ola B. Ås",
        "Ba om e-post: overlevering, Ola B. Ås",
        "Svarte: Annet: Hva heter planen?",
    ] {
        assert!(page.says(said), "{said} {}", page.html);
    }
}

#[tokio::test]
async fn every_unit_of_a_link_tells_that_it_was_opened() {
    let world = World::new().await;
    let (token, contact) = world.link("1508", AccessKind::Coordinator).await;
    let mut writing = world.writing().await;
    let expires = "2025-11-30T23:00:00Z".parse().unwrap();
    let kind = AccessKind::Coordinator;
    let other = store::LinkFor { case: case_id("1511"), contact: contact.clone(), kind, expires };
    writing.issue_link(&other).await.unwrap();
    writing.commit().await.unwrap();
    opened(&world, &format!("/answer/{}", token.reveal())).await;
    for unit in ["1508", "1511"] {
        let people = world.store.people(&case_id(unit)).await.unwrap();
        assert!(people[&contact].opened_at.is_some(), "{unit}");
    }
}

#[tokio::test]
async fn what_was_typed_is_given_back_when_the_section_leaves_the_path() {
    let world = World::of("sections_routed").await;
    let mut kari = world.coordinator("1508").await;
    let (first, page) = ("/case/2025/1508/forst/1", "/case/2025/1508/tolking/1");
    kari.fill(first, &[("tolk", "ja")]).await;
    let open = kari.get(page).await;
    kari.fill(first, &[("tolk", "nei")]).await;
    let kept = kari.send_again(&open, page, &[("kvalitet", "Vi tester dem")]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    for said in ["gjelder ikke lenger", "Hvordan sikrer dere kvaliteten?", "Vi tester dem"] {
        assert!(kept.says(said), "{said} {}", kept.html);
    }
    assert_eq!(world.held("1508", "kvalitet").await, None);
}
