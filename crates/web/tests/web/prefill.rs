//! Answers that are filled in for those who ask for it.

use axum::http::StatusCode;

use crate::world::World;

const PAGE: &str = "/case/2025/1508/del/1";
const REVIEW: &str = "/case/2025/1508/del/review";
const OPEN: &str = "Fylt inn, men ikke bekreftet";

#[tokio::test]
async fn nothing_is_filled_in_before_somebody_asks_for_it() {
    let world = World::of("prefill").await;
    world.answered_then("1508", &[("avtale", "ja"), ("kanaler", "epost telefon")]).await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    let button = |name: &str| format!(r#"name=":go" value="prefill:{name}">"#);
    assert!(page.says(&(button("innbyggere") + "Fyll inn det vi vet fra før")), "{}", page.html);
    assert!(page.says(&(button("avtale") + "Hent svaret fra 2023")), "{}", page.html);
    assert!(!page.says(&button("byra")), "nobody answered it then");
    assert!(page.says(r#"name="innbyggere" id="f-innbyggere" value="""#), "{}", page.html);
    // Looking at the page has filled in nothing.
    assert_eq!(world.held("1508", "innbyggere").await, None);
}

#[tokio::test]
async fn what_was_filled_in_is_marked_until_it_is_changed_or_confirmed() {
    let world = World::of("prefill").await;
    world.answered_then("1508", &[("avtale", "ja"), ("kanaler", "epost telefon")]).await;
    let mut kari = world.coordinator("1508").await;
    let held = |text: &str, version| Some((Some(text.to_owned()), version));
    // What is written elsewhere on the page is saved with it.
    let asked = kari.fill(PAGE, &[("byra", "Tolk AS"), (":go", "prefill:innbyggere")]).await;
    assert_eq!(asked.leads_to(), PAGE.to_owned() + "#q-innbyggere");
    assert_eq!(world.held("1508", "byra").await, held("Tolk AS", 1));
    assert_eq!(world.held("1508", "innbyggere").await, held("59198", 1));
    assert_eq!(world.held("1508", "innbyggere.prefill").await, held("shown", 1));
    let page = kari.get(PAGE).await;
    let mark = r#"<p id="filled-innbyggere">Vi har fylt inn det vi vet fra før."#;
    assert!(
        page.says(mark) && page.says(r#"aria-describedby="filled-innbyggere"#),
        "{}",
        page.html
    );
    assert!(!page.says(r#"value="prefill:innbyggere""#), "it is offered once");

    // Going on without a word leaves the mark, and the review asks for one.
    let as_is = [("innbyggere", "59198"), ("byra", "Tolk AS")];
    assert_eq!(kari.fill(PAGE, &as_is).await.leads_to(), REVIEW);
    let review = kari.get(REVIEW).await;
    let line = r##"<a href="/case/2025/1508/del/1#f-innbyggere.prefill">"##.to_owned() + OPEN;
    assert!(review.says(&line), "{}", review.html);
    let confirmed = [&as_is[..], &[("innbyggere.prefill", "confirmed")]].concat();
    kari.fill(PAGE, &confirmed).await;
    assert_eq!(world.held("1508", "innbyggere.prefill").await, held("confirmed", 2));
    assert!(!kari.get(PAGE).await.says(mark) && !kari.get(REVIEW).await.says(OPEN));
    // A change of mind is one, too; what was confirmed is in the history.
    kari.fill(PAGE, &[("innbyggere", "60000"), ("byra", "Tolk AS")]).await;
    assert_eq!(world.held("1508", "innbyggere.prefill").await, held("changed", 3));

    // Whoever changes it says so by that.
    let fetch = |name: &'static str| [&as_is[1..], &[(":go", name)]].concat();
    kari.fill(PAGE, &fetch("prefill:bestilling")).await;
    assert_eq!(world.held("1508", "bestilling").await, held("nett telefon", 1));
    let page = kari.get(PAGE).await;
    assert!(page.says("Dette er svaret fra 2023."), "{}", page.html);
    kari.fill(PAGE, &[("byra", "Tolk AS"), ("bestilling", "nett")]).await;
    assert_eq!(world.held("1508", "bestilling.prefill").await, held("changed", 2));
}

#[tokio::test]
async fn a_press_that_comes_late_or_by_hand_overwrites_nothing() {
    let world = World::of("prefill").await;
    world.answered_then("1508", &[("avtale", "ja")]).await;
    let mut kari = world.coordinator("1508").await;
    let before = kari.get(PAGE).await;
    kari.fill(PAGE, &[("avtale", "nei")]).await;
    // The page from before still shows the button.
    kari.send_again(&before, PAGE, &[(":go", "prefill:avtale")]).await;
    let held = |text: &str, version| Some((Some(text.to_owned()), version));
    assert_eq!(world.held("1508", "avtale").await, held("nei", 1));
    assert_eq!(world.held("1508", "avtale.prefill").await, None);
    for name in ["prefill:byra", "prefill:", "prefill:../x", "prefill:personvern"] {
        let page = kari.fill(PAGE, &[("avtale", "nei"), (":go", name)]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{name}");
    }
    // The state alone can be sent by nobody.
    let made = [("avtale", "nei"), ("seen:avtale.prefill", "0."), ("avtale.prefill", "confirmed")];
    kari.fill(PAGE, &made).await;
    assert_eq!(world.held("1508", "avtale.prefill").await, None);
    // Where something else on the page is refused, what was fetched is shown all the same.
    let wrong = [("avtale", "nei"), ("innbyggere", "mange"), (":go", "prefill:avtale")];
    let page = kari.fill(PAGE, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says(r#"value="mange""#), "{}", page.html);
}
