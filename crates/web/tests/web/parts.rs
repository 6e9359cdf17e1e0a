//! Texts of a given shape, parts that are answered together, and boxes for those who cannot answer.

use axum::http::StatusCode;

use crate::world::World;

const PAGE: &str = "/case/2025/1508/del/1";
const REVIEW: &str = "/case/2025/1508/del/review";

#[tokio::test]
async fn a_date_is_kept_in_one_form_and_shown_in_words() {
    let world = World::of("dates").await;
    let mut kari = world.coordinator("1508").await;
    for (wrong, message) in [
        ("31.2.2025", "Skriv dag, måned og år, for eksempel 31.12.2025"),
        ("1.1.2026", "Datoen kan ikke være etter 31. desember 2025"),
        ("31.12.2019", "Datoen kan ikke være før 1. januar 2020"),
    ] {
        let page = kari.fill(PAGE, &[("vedtak", wrong)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(page.says(message) && page.says(&format!(r#"value="{wrong}""#)), "{}", page.html);
        assert_eq!(world.held("1508", "vedtak").await, None, "{wrong}");
    }
    kari.fill(PAGE, &[("vedtak", "03.11.2025"), ("oppstart", "8.2021"), ("apner", "9.05")]).await;
    let held = |text: &str| Some((Some(text.to_owned()), 1));
    assert_eq!(world.held("1508", "vedtak").await, held("2025-11-03"));
    assert_eq!(world.held("1508", "oppstart").await, held("2021-08"));
    assert_eq!(world.held("1508", "apner").await, held("09:05"));
    assert!(kari.get(PAGE).await.says(r#"id="f-vedtak" value="3.11.2025""#));
    let review = kari.get(REVIEW).await;
    assert!(review.says("3. november 2025") && review.says("august 2021"), "{}", review.html);
    // What the page shows is the same answer: sending it back writes nothing.
    kari.fill(PAGE, &[("vedtak", "3.11.2025"), ("oppstart", "8.2021"), ("apner", "09:05")]).await;
    assert_eq!(world.held("1508", "vedtak").await, held("2025-11-03"));
}

#[tokio::test]
async fn a_box_says_that_there_is_no_answer() {
    let world = World::of("missing").await;
    let mut kari = world.coordinator("1508").await;
    let both = [("kostnad", "100"), ("missing:kostnad", "dont_know")];
    let two = [("missing:kostnad", "dont_know"), ("missing:kostnad", "not_relevant")];
    for fields in [&both[..], &two] {
        let page = kari.fill(PAGE, fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("Skriv et svar eller kryss av, ikke begge deler"), "{}", page.html);
        assert!(page.says(r#"value="dont_know" checked"#), "{}", page.html);
        assert_eq!(world.held("1508", "kostnad").await, None);
    }
    let invented = kari.fill(PAGE, &[("missing:kostnad", "will_not_answer")]).await;
    assert_eq!(invented.status, StatusCode::UNPROCESSABLE_ENTITY, "the question has no such box");

    kari.fill(PAGE, &[("missing:kostnad", "not_relevant")]).await;
    let held = world.held("1508", "kostnad").await;
    assert_eq!(held, Some((Some("\u{1}not_relevant".to_owned()), 1)));
    let page = kari.get(PAGE).await;
    assert!(page.says(r#"value="not_relevant" checked"#), "{}", page.html);
    assert!(page.says(r#"id="q-begrunnelse""#), "whoever ticked a box has answered");
    assert!(kari.get(REVIEW).await.says("Vi brukte ikke tolk"));
    // A number in its place is the next version.
    kari.fill(PAGE, &[("kostnad", "1 500,5")]).await;
    assert_eq!(world.held("1508", "kostnad").await, Some((Some("1500.5".to_owned()), 2)));
    // Nobody can type what the store keeps for a box.
    kari.fill(PAGE, &[("begrunnelse", "\u{1}dont_know")]).await;
    assert_eq!(world.held("1508", "begrunnelse").await, Some((Some("dont_know".to_owned()), 1)));
}

#[tokio::test]
async fn parts_that_make_another_whole_keep_one_on_the_page() {
    let world = World::of("distribution").await;
    let mut kari = world.coordinator("1508").await;
    let parts = |last| [("tid.veiledning", "50"), ("tid.saker", "30"), ("tid.annet", last)];
    let on = kari.fill(PAGE, &[&parts("10")[..], &[("bosatte", "0")]].concat()).await;
    assert_eq!(on.leads_to(), PAGE);
    let page = kari.get(PAGE).await;
    assert!(page.says("Til sammen er det 90, men det skal bli 100"), "{}", page.html);
    assert!(page.says(r##"<a href="#f-tid.veiledning">"##), "the summary links to the first part");
    assert!(page.says("Til sammen <output>90</output> av 100 prosent"), "{}", page.html);
    let held = world.held("1508", "tid.annet").await;
    assert_eq!(
        held,
        Some((Some("10".to_owned()), 1)),
        "what does not add up is saved all the same"
    );
    let refused = kari.fill(REVIEW, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "nor can it be handed in");

    let on = kari.fill(PAGE, &[&parts("20")[..], &[("bosatte", "0")]].concat()).await;
    assert_eq!(on.leads_to(), REVIEW);
}

#[tokio::test]
async fn two_rows_cannot_have_the_same_place() {
    let world = World::of("rank").await;
    let mut kari = world.coordinator("1508").await;
    let kanaler = [("kanaler.telefon", "1"), ("kanaler.skjerm", "2"), ("kanaler.oppmote", "3")];
    let same = [("viktigst.bolig", "1"), ("viktigst.skole", "1")];
    let on = kari.fill(PAGE, &[&kanaler[..], &same].concat()).await;
    assert_eq!(on.leads_to(), PAGE.to_owned() + "?new=hvorfor#q-hvorfor");
    let page = kari.get(PAGE).await;
    assert!(page.says("To har fått plass nummer 1"), "{}", page.html);
    assert!(page.says(r#"<option value="1" selected>1</option>"#), "{}", page.html);
    let third = kari.fill(PAGE, &[("viktigst.bolig", "3")]).await;
    assert_eq!(third.status, StatusCode::UNPROCESSABLE_ENTITY, "two are to be ranked");
}
