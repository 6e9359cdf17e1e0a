//! Lists of things with questions of their own: rows are added and taken away without scripts.

use axum::http::StatusCode;

use crate::world::World;

const PAGE: &str = "/case/2025/1508/del/1";
const REVIEW: &str = "/case/2025/1508/del/review";

type Fields<'a> = Vec<(&'a str, &'a str)>;

/// What somebody fills in for two rows, and where that leads.
fn two_rows(go: &str) -> Fields<'_> {
    vec![
        ("tiltak_1_navn", "Språkkafé"),
        ("tiltak_1_hvem", "frivillig"),
        ("tiltak_1_avtale", "ja"),
        ("tiltak_1_deltakere", "12"),
        ("tiltak_2_navn", "Norsk på jobb"),
        ("tiltak_2_hvem", "kommune"),
        ("tiltak_2_deltakere", "30"),
        (":go", go),
    ]
}

#[tokio::test]
async fn rows_are_added_and_answered() {
    let world = World::of("repeat").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    for button in
        [r#"value="add:tiltak">Legg til tiltak<"#, r#"value="nothing:tiltak">Vi har ingen<"#]
    {
        assert!(page.says(button), "{button} {}", page.html);
    }
    assert!(!page.says("tiltak_1_navn"), "there is no row yet");
    let added = kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    assert_eq!(added.leads_to(), PAGE.to_owned() + "#card-tiltak-1");
    let page = kari.get(PAGE).await;
    assert!(page.says(r#"id="card-tiltak-1""#) && page.says(">Tiltak 1</h2>"), "{}", page.html);
    assert!(page.says(r#"value="remove:tiltak.1">Fjern tiltak 1<"#), "{}", page.html);
    // What is written in the first is saved when the second is added.
    let first = [("tiltak_1_navn", "Språkkafé"), (":go", "add:tiltak")];
    assert_eq!(kari.fill(PAGE, &first).await.leads_to(), PAGE.to_owned() + "#card-tiltak-2");
    let held = |text: &str, version| Some((Some(text.to_owned()), version));
    assert_eq!(world.held("1508", "tiltak_1_navn").await, held("Språkkafé", 1));
    assert_eq!(world.held("1508", "tiltak").await, held("2", 2));
    // An answer of a row calls up a question of that row.
    let on = kari.fill(PAGE, &two_rows("next")).await;
    assert_eq!(on.leads_to(), PAGE.to_owned() + "?new=tiltak_1_avtale#q-tiltak_1_avtale");
    assert_eq!(kari.fill(PAGE, &two_rows("next")).await.leads_to(), "/case/2025/1508/del/2");
    let second = kari.get("/case/2025/1508/del/2").await;
    assert!(second.says("42</output>") && second.says("følger kommunen opp de frivillige"));
    // At the review it is a table.
    let review = kari.get(REVIEW).await;
    let row = r#"<tr><th scope="row">Tiltak 1</th><td>Språkkafé</td><td>Frivillige</td><td>Ja</td><td>12 personer</td></tr>"#;
    assert!(review.says(row), "{}", review.html);
    assert!(review.says("<td>Kommunen</td><td>–</td>"), "what a row was not asked is a dash");
}

#[tokio::test]
async fn a_row_that_is_taken_away_moves_the_others_up() {
    let world = World::of("repeat").await;
    let mut kari = world.coordinator("1508").await;
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    kari.fill(PAGE, &two_rows("stay")).await;
    let removed = kari.fill(PAGE, &two_rows("remove:tiltak.1")).await;
    assert_eq!(removed.leads_to(), PAGE.to_owned() + "#q-tiltak");
    let held = |text: &str| Some(text.to_owned());
    let value = async |name| world.held("1508", name).await.and_then(|(value, _)| value);
    assert_eq!(value("tiltak").await, held("1"));
    assert_eq!(value("tiltak_1_navn").await, held("Norsk på jobb"));
    assert_eq!(value("tiltak_1_hvem").await, held("kommune"));
    assert_eq!(value("tiltak_2_navn").await, None, "nothing is left behind");
    let page = kari.get(PAGE).await;
    assert!(page.says("Norsk på jobb") && !page.says("card-tiltak-2"), "{}", page.html);
    // A page from before has no row to take away any more.
    kari.fill(PAGE, &[("tiltak_1_navn", "Norsk på jobb"), (":go", "remove:tiltak.2")]).await;
    assert_eq!(value("tiltak").await, held("1"));
}

#[tokio::test]
async fn a_list_has_no_more_rows_than_it_may_and_can_be_empty() {
    let world = World::of("repeat").await;
    let mut kari = world.coordinator("1508").await;
    // Nobody has said anything yet, and one must.
    let review = kari.get(REVIEW).await;
    assert!(review.says("/case/2025/1508/del/1#f-tiltak"), "{}", review.html);
    kari.fill(PAGE, &[(":go", "nothing:tiltak")]).await;
    let page = kari.get(PAGE).await;
    assert!(page.says("Ingen er ført opp") && !page.says("nothing:tiltak"), "{}", page.html);
    assert_eq!(kari.fill(REVIEW, &[]).await.leads_to(), "/case/2025/1508", "it is handed in");
    for _ in 0..6 {
        kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    }
    let page = kari.get(PAGE).await;
    assert!(page.says("card-tiltak-4") && !page.says("add:tiltak"), "{}", page.html);
    assert_eq!(
        world.held("1508", "tiltak").await.and_then(|(value, _)| value).as_deref(),
        Some("4")
    );
    for go in
        ["add:x", "remove:tiltak.99", "remove:tiltak.0", "remove:tiltak.x", "add:", "nothing:"]
    {
        let page = kari.fill(PAGE, &[(":go", go)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{go}");
    }
    // A form that was made by hand cannot set the number of rows.
    kari.fill(PAGE, &[("tiltak", "2"), ("seen:tiltak", "0.")]).await;
    let held = world.held("1508", "tiltak").await.and_then(|(value, _)| value);
    assert_eq!(held.as_deref(), Some("4"));
}

#[tokio::test]
async fn a_button_pressed_twice_acts_once() {
    let world = World::of("repeat").await;
    let mut kari = world.coordinator("1508").await;
    let empty = kari.get(PAGE).await;
    for _ in 0..2 {
        let added = kari.send_again(&empty, PAGE, &[(":go", "add:tiltak")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER);
    }
    let value = async |name| world.held("1508", name).await.and_then(|(value, _)| value);
    assert_eq!(value("tiltak").await.as_deref(), Some("1"));
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    kari.fill(PAGE, &two_rows("stay")).await;
    let page = kari.get(PAGE).await;
    for _ in 0..2 {
        let removed = kari.send_again(&page, PAGE, &two_rows("remove:tiltak.1")).await;
        assert_eq!(removed.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(value("tiltak").await.as_deref(), Some("1"));
    assert_eq!(value("tiltak_1_navn").await.as_deref(), Some("Norsk på jobb"));
}

#[tokio::test]
async fn nothing_is_taken_away_that_the_page_did_not_show() {
    let world = World::of("repeat").await;
    let (mut kari, mut per) = (world.coordinator("1508").await, world.coordinator("1508").await);
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    kari.fill(PAGE, &two_rows("stay")).await;
    let old = per.get(PAGE).await;
    kari.fill(PAGE, &[("tiltak_2_navn", "Nytt navn fra Kari"), (":go", "stay")]).await;
    let refused = per.send_again(&old, PAGE, &two_rows("remove:tiltak.2")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for said in [
        "Nytt navn fra Kari",
        "Dette ble endret av",
        "Derfor er ikke listen endret",
        "card-tiltak-2",
    ] {
        assert!(refused.says(said), "{said}\n{}", refused.html);
    }
    let value = async |name| world.held("1508", name).await.and_then(|(value, _)| value);
    assert_eq!(value("tiltak").await.as_deref(), Some("2"));
    // A row more or less since then is told too; whoever presses once more knows of it.
    kari.fill(PAGE, &[(":go", "add:tiltak")]).await;
    let shown = [("tiltak_2_navn", "Nytt navn fra Kari"), (":go", "remove:tiltak.1")];
    let refused = per.send_again(&refused, PAGE, &shown).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.html);
    assert!(
        refused.says("card-tiltak-3") && refused.says("Dette ble endret av"),
        "{}",
        refused.html
    );
    let removed = per.send_again(&refused, PAGE, &shown).await;
    assert_eq!(removed.leads_to(), PAGE.to_owned() + "#q-tiltak");
    assert_eq!(value("tiltak").await.as_deref(), Some("2"));
    assert_eq!(value("tiltak_1_navn").await.as_deref(), Some("Nytt navn fra Kari"));
}
