//! Saving while the informant goes on, forms that come twice, sessions that end, limits.

use axum::body::Body;
use axum::http::{StatusCode, header};
use store::AccessKind;

use crate::world::{Browser, Page, World, encode};

const PAGE: &str = "/case/2025/1508/annet/1";

/// Sends the form of a page as its script does, the `step`th time; returns what it is told.
async fn keep(browser: &mut Browser, page: &Page, step: u32, fields: &[(&str, &str)]) -> Page {
    let hidden = page.hidden();
    let token = hidden.iter().find(|(name, _)| name == ":form").unwrap();
    let form = format!("{}.{step}", token.1.trim_end_matches(".0"));
    let mut all: Vec<(&str, &str)> = vec![(":go", "stay"), (":form", &form)];
    let seen = hidden.iter().filter(|(name, _)| name != ":form");
    all.extend(seen.map(|(name, value)| (name.as_str(), value.as_str())));
    all.extend(fields);
    browser.post(PAGE, &all).await
}

#[tokio::test]
async fn a_script_saves_and_is_told_what_the_fields_show() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    let told = keep(&mut kari, &page, 1, &[("navn", "Plan A")]).await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(told.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert!(told.html.starts_with("saved\tLagret 09.00\n"), "{}", told.html);
    assert!(told.html.contains("\nseen:navn\t1."), "{}", told.html);
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan A".into()), 1)));
    // The answer was lost on its way: what comes next from the same form is no conflict.
    let told = keep(&mut kari, &page, 2, &[("navn", "Plan B")]).await;
    assert!(told.html.starts_with("saved\t"), "{}", told.html);
    // What was sent first arrives again, late, and changes nothing.
    keep(&mut kari, &page, 1, &[("navn", "Plan A")]).await;
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan B".into()), 2)));
    // The page is turned with the form as it was, which has seen none of this.
    let turned = kari.send_again(&page, PAGE, &[("navn", "Plan B"), (":go", "exit")]).await;
    assert_eq!(turned.leads_to(), "/case/2025/1508");
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan B".into()), 2)));
}

#[tokio::test]
async fn a_script_is_told_of_a_conflict_and_another_tab_is_somebody_else() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let (one, other) = (kari.get(PAGE).await, kari.get(PAGE).await);
    keep(&mut kari, &one, 1, &[("navn", "Plan A"), ("forslag", "Mer tid")]).await;
    let told = keep(&mut kari, &other, 1, &[("navn", "Plan B"), ("forslag", "Mer tid")]).await;
    assert!(told.html.starts_with("conflict\tNoen andre har svart"), "{}", told.html);
    assert!(!told.html.contains("seen:navn"), "the tab has not seen the other's answer");
    let fields = [("navn", "Plan B"), ("forslag", "Mer tid")];
    let shown = kari.send_again(&other, PAGE, &fields).await;
    assert_eq!(shown.status, StatusCode::CONFLICT);
    assert!(shown.says("Dette ble endret av deg 3. november 2025 kl. 09.00."));
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan A".into()), 1)));
}

/// A field that somebody left as it was still shows the old answer when a colleague has given another:
/// what the form sends next must not put the old one back.
#[tokio::test]
async fn what_a_colleague_has_answered_meanwhile_is_not_taken_for_seen() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    let page = kari.get(PAGE).await;
    ola.fill(PAGE, &[("navn", "Plan B"), ("forslag", "")]).await;
    let told = keep(&mut kari, &page, 1, &[("navn", ""), ("forslag", "Mer tid")]).await;
    let seen = |name: &str| {
        let line = format!("seen:{name}\t");
        told.html.lines().find_map(|told| told.strip_prefix(&line)).unwrap().to_owned()
    };
    let (navn, forslag) = (seen("navn"), seen("forslag"));
    let again = [("seen:navn", navn.as_str()), ("navn", ""), ("seen:forslag", forslag.as_str())];
    let again = [&again[..], &[("forslag", "Mer tid til dette")]].concat();
    kari.post(PAGE, &again).await;
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan B".into()), 1)));
    assert_eq!(world.held("1508", "forslag").await, Some((Some("Mer tid til dette".into()), 2)));
    // Whoever does change it is told.
    let over = [("seen:navn", navn.as_str()), ("navn", "Plan C"), ("seen:forslag", "2.")];
    assert_eq!(kari.post(PAGE, &over).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_session_that_is_over_loses_nothing_that_was_typed() {
    let world = World::new().await;
    let (token, _) = world.link("1508", AccessKind::Coordinator).await;
    let link = format!("/answer/{}", token.reveal());
    let mut kari = world.browser();
    kari.post(&link, &[]).await;
    let page = kari.get(PAGE).await;
    world.at("2025-11-03T20:00:00Z");
    let typed = "Linje én\r\n\"<b>to</b>\"";
    let over = kari.send_again(&page, PAGE, &[("navn", "Plan Å"), ("forslag", typed)]).await;
    assert_eq!(over.status, StatusCode::FORBIDDEN);
    assert!(over.says("Ingenting av det du skrev er mistet") && !over.says("<b>to</b>"));
    assert!(world.case("1508").await.held.is_empty());
    // The script learns the same.
    assert_eq!(keep(&mut kari, &page, 1, &[]).await.status, StatusCode::FORBIDDEN);
    // She opens her link again, and presses the button of the page that she was shown.
    kari.post(&link, &[]).await;
    let fields: Vec<(String, String)> = over.hidden();
    let fields = fields.iter().map(|(name, value)| (name.clone(), unescape(value)));
    let fields: Vec<(String, String)> = fields.collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(kari.post(PAGE, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.held("1508", "navn").await, Some((Some("Plan Å".into()), 1)));
    let kept = world.held("1508", "forslag").await.unwrap().0.unwrap();
    assert_eq!(kept, "Linje én\n\"<b>to</b>\"");
}

/// Reads what stands in an attribute.
fn unescape(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[tokio::test]
async fn colleagues_on_the_same_page_see_each_other_for_a_minute() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    let present = format!("{PAGE}/present");
    assert_eq!(kari.post(&present, &[]).await.html, "");
    assert_eq!(kari.post(&present, &[]).await.html, "", "she is not her own colleague");
    let told = ola.post(&present, &[]).await.html;
    assert_eq!(told, "Også på denne siden nå: Coordinator in 1508");
    assert_eq!(ola.post("/case/2025/1508/tolk/1/present", &[]).await.html, "");
    world.at("2025-11-03T08:02:00Z");
    assert_eq!(ola.post(&present, &[]).await.html, "");
    let stranger = world.browser().post(&present, &[]).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_others_changed_is_shown_before_signing() {
    let world = World::new().await;
    let (mut kari, mut ola) = (world.coordinator("1508").await, world.coordinator("1508").await);
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    kari.post("/case/2025/1508/tolk/review", &[]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    let review = kari.get("/case/2025/1508/review").await;
    assert!(review.says("deg, 3. november 2025 kl. 09.00"), "who answered what is shown");
    ola.fill(PAGE, &[("navn", "Plan B")]).await;
    let refused = kari.send_again(&review, "/case/2025/1508/review", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let (_, told) = refused.html.split_once("Dette er endret siden du åpnet siden:").unwrap();
    let (told, _) = told.split_once("</ul>").unwrap();
    assert!(told.contains("Coordinator in 1508") && told.contains("Plan B"), "{told}");
    assert_eq!(told.matches("<li>").count(), 1, "what was not changed is not told: {told}");
}

#[tokio::test]
async fn every_signed_version_can_be_read_and_the_receipt_is_mailed_once() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    kari.fill("/case/2025/1508/tolk/1", &[("retningslinjer", "nei")]).await;
    kari.post("/case/2025/1508/tolk/review", &[]).await;
    kari.post("/case/2025/1508/annet/review", &[]).await;
    for name in ["Plan A", "Plan B"] {
        kari.fill(PAGE, &[("navn", name)]).await;
        kari.fill("/case/2025/1508/review", &[]).await;
        for _ in 0..2 {
            let mailed = kari.post("/case/2025/1508/receipt/mail", &[]).await;
            assert_eq!(mailed.leads_to(), "/case/2025/1508/receipt?done=mailed");
        }
        if name == "Plan A" {
            kari.post("/case/2025/1508/receipt", &[]).await;
        }
    }
    let case = crate::world::case_id("1508");
    assert_eq!(world.store.letters(&case).await.unwrap().len(), 2, "one for each signature");
    let receipt = kari.get("/case/2025/1508/receipt").await;
    assert!(receipt.says("Plan B") && receipt.says("/case/2025/1508/receipt/1"));
    assert!(receipt.says("href=\"/case/2025/1508/receipt/pdf\""), "{}", receipt.html);
    let printed = kari.get("/case/2025/1508/receipt/pdf").await;
    assert!(printed.says("<h1>Kvittering: Ålesund</h1>") && printed.says("Plan B"));
    let printed = kari.get("/case/2025/1508/receipt/1/pdf").await;
    assert!(printed.says("Plan A") && !printed.says("Plan B"), "{}", printed.html);
    let first = kari.get("/case/2025/1508/receipt/1").await;
    assert!(first.says("Plan A") && !first.says("Plan B"));
    assert!(first.says("tidligere signert utgave"));
    for wrong in ["0", "3", "x"] {
        let page = kari.get(&format!("/case/2025/1508/receipt/{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let now = crate::world::NOW.parse().unwrap();
    let due = world.store.letters_due(now).await.unwrap();
    let mut writing = world.store.write(store::Actor::Sender, now).await.unwrap();
    let letter = writing.take_letter(&due[0]).await.unwrap().unwrap();
    assert!(letter.enclosed.0.contains("Plan ") && letter.enclosed.1.contains("<dd>"));
}

#[tokio::test]
async fn whoever_tries_many_links_is_sent_away_for_a_minute() {
    let world = World::new().await;
    let (token, _) = world.link("1508", AccessKind::Coordinator).await;
    let right = format!("/answer/{}", token.reveal());
    let mut last = StatusCode::OK;
    for _ in 0..1000 {
        last = from(&world, "192.0.2.7", "/answer/00000000000000000000000000").await;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from(&world, "192.0.2.7", &right).await, StatusCode::TOO_MANY_REQUESTS);
    // What stands before the proxy's own word, the visitor may have made up.
    assert_eq!(from(&world, "198.51.100.1, 192.0.2.7", &right).await.as_u16(), 429);
    assert_eq!(from(&world, "198.51.100.1", &right).await, StatusCode::OK);
    world.at("2025-11-03T08:01:00Z");
    assert_eq!(from(&world, "192.0.2.7", &right).await, StatusCode::OK);
    // A link begins thirty sessions a minute, and no more.
    let mut statuses = vec![];
    for _ in 0..31 {
        statuses.push(world.browser().post(&right, &[]).await.status);
    }
    assert_eq!(statuses.pop(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert!(statuses.iter().all(|status| *status == StatusCode::SEE_OTHER));
}

/// Fetches an address through a proxy that says whom it talks to.
async fn from(world: &World, visitor: &str, address: &str) -> StatusCode {
    let mut browser = world.browser();
    let request = browser.request("GET", address).header("x-forwarded-for", visitor);
    browser.send(address, request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_refused_with_a_sentence() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    for broken in ["%FF%FE", "%C3", "a%80b", "%ED%A0%80"] {
        let body = format!("{}&navn={broken}", encode(&[("seen:navn", "0.")]));
        let kind = "application/x-www-form-urlencoded";
        let request = kari.request("POST", PAGE).header(header::CONTENT_TYPE, kind);
        let page = kari.send(PAGE, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{broken}");
        assert!(page.says("Ingenting er endret"), "{broken}");
    }
    // The sign that stands for what could not be read is a sign like any other.
    kari.fill(PAGE, &[("navn", "\u{fffd}")]).await;
    assert_eq!(world.held("1508", "navn").await.unwrap().0.unwrap(), "\u{fffd}");
}
