//! Strings that have broken other programs, through every field of text: they come back as they were
//! written, and nothing of them is run.

use axum::http::StatusCode;

use crate::world::{Browser, Page, World, case_id};

/// Strings of our own, sorted by what they are mistaken for.
fn strings() -> Vec<String> {
    serde_json::from_str(include_str!("naughty.json")).unwrap()
}

/// Returns what is left of a text: control characters are dropped, and space around it.
fn kept(text: &str) -> String {
    let seen = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().filter(seen).collect::<String>().trim().to_owned()
}

/// Returns a text as it is written in a page.
fn escaped(text: &str) -> String {
    let sign = |c: char| match c {
        '&' => "&#38;".to_owned(),
        '<' => "&#60;".to_owned(),
        '>' => "&#62;".to_owned(),
        '"' => "&#34;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(sign).collect()
}

/// Nothing of a page is what was typed, and one of its fields holds just that.
fn shows(page: &Page, text: &str) {
    let kept = escaped(&kept(text));
    let in_field = page.says(&format!("value=\"{kept}\"")) || page.says(&format!("\n{kept}</"));
    assert!(kept.is_empty() || in_field, "{text:?} does not come back\n{}", page.html);
    runs_nothing(page, text);
}

fn runs_nothing(page: &Page, text: &str) {
    for run in ["<script>alert", "<svg onload", "<img src=x", "<iframe", "onfocus='alert", "<math>"]
    {
        assert!(!page.says(run), "{text:?} is run");
    }
}

/// Writes each string into a field of a page, and reads it back from the store and from the page.
async fn come_back(
    (world, browser): (&World, &mut Browser),
    page: &str,
    (field, with): (&str, &[(&str, &str)]),
) {
    for text in strings() {
        let mut fields = vec![(field, text.as_str()), (":go", "stay")];
        fields.extend(with);
        let sent = browser.fill(page, &fields).await;
        assert_eq!(sent.status, StatusCode::OK, "{text:?} {}", sent.html);
        if kept(&text).chars().count() > 40 {
            continue;
        }
        let held = world.held("1508", field).await.and_then(|(value, _)| value);
        assert_eq!(held.unwrap_or_default(), kept(&text), "{field}");
        shows(&browser.get(page).await, &text);
    }
}

#[tokio::test]
async fn in_lines_in_paragraphs_and_beside_an_option() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let page = "/case/2025/1508/annet/1";
    come_back((&world, &mut kari), page, ("navn", &[])).await;
    come_back((&world, &mut kari), page, ("forslag", &[])).await;
    let other = ("retningslinjer.annet", &[("retningslinjer", "annet")] as &[_]);
    come_back((&world, &mut kari), "/case/2025/1508/tolk/1", other).await;
    for place in ["annet/review", "tolk/review"] {
        runs_nothing(&kari.get(&format!("/case/2025/1508/{place}")).await, place);
    }
}

#[tokio::test]
async fn in_the_rows_of_a_list() {
    let world = World::of("repeat").await;
    let mut kari = world.coordinator("1508").await;
    let page = "/case/2025/1508/del/1";
    kari.fill(page, &[(":go", "add:tiltak")]).await;
    come_back((&world, &mut kari), page, ("tiltak_1_navn", &[])).await;
}

#[tokio::test]
async fn in_names_messages_and_replies() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    for (index, text) in strings().into_iter().enumerate() {
        let email = format!("nr{index}@example.no");
        let fields = [("section", "annet"), ("name", &text), ("email", &email), ("message", &text)];
        let sent = kari.post("/case/2025/1508/share", &fields).await;
        // A name is on one line, and of at most a hundred characters.
        if sent.status == StatusCode::UNPROCESSABLE_ENTITY {
            shows(&sent, &text);
            continue;
        }
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{text:?}");
        let hands = kari.get("/case/2025/1508/annet/hands").await;
        assert!(hands.says(&escaped(&kept(&text))), "{text:?}\n{}", hands.html);
        runs_nothing(&hands, &text);
        runs_nothing(&kari.get("/case/2025/1508").await, &text);
        let people = world.store.people(&case_id("1508")).await.unwrap();
        let person = people.values().find(|person| person.contact.email == email).unwrap();
        assert_eq!(person.contact.name, kept(&text));
    }
}
