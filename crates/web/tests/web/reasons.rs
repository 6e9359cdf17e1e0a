//! Warnings that a reason confirms, and questions that one is asked to answer.

use crate::staff::logged_in;
use crate::world::World;

const PAGE: &str = "/case/2025/1508/del/1";
const REVIEW: &str = "/case/2025/1508/del/review";
const WARNING: &str = "Det er flere enn de fleste. Stemmer det?";

#[tokio::test]
async fn one_who_leaves_it_blank_is_asked_once() {
    let world = World::of("reasons").await;
    let mut kari = world.coordinator("1508").await;
    let question = "Dere har ikke svart her. Gå videre hvis det er meningen";
    assert!(!kari.get(PAGE).await.says(question), "nobody is asked before they have seen it");
    let asked = PAGE.to_owned() + "?ask=yes";
    assert_eq!(kari.fill(PAGE, &[("bosatte", "5")]).await.leads_to(), asked);
    let page = kari.get(&asked).await;
    assert!(page.says(r##"<a href="#f-kanal">Dere har ikke svart her"##), "{}", page.html);
    // The same page once more means it.
    let on = kari.send_again(&page, PAGE, &[("bosatte", "5")]).await;
    assert_eq!(on.leads_to(), REVIEW);
    let review = kari.get(REVIEW).await;
    assert!(review.says(r##"<li><a href="/case/2025/1508/del/1#q-kanal">"##), "{}", review.html);
    assert!(!review.says(question), "it is told once");
    assert_eq!(kari.fill(REVIEW, &[]).await.leads_to(), "/case/2025/1508", "it is handed in");
}

#[tokio::test]
async fn a_reason_confirms_a_warning_and_is_kept() {
    let world = World::of("reasons").await;
    let mut kari = world.coordinator("1508").await;
    assert!(!kari.get(PAGE).await.says("bosatte.reason"), "nothing has fired");
    let answers = [("bosatte", "12"), ("kanal", "brev")];
    assert_eq!(kari.fill(PAGE, &answers).await.leads_to(), PAGE);
    let page = kari.get(PAGE).await;
    assert!(page.says(r#"<label for="f-bosatte.reason">Hva er grunnen?</label>"#), "{}", page.html);
    assert!(kari.get(REVIEW).await.says(WARNING), "it is open");
    let with = |reason| [&answers[..], &[("bosatte.reason", reason)]].concat();
    assert_eq!(kari.fill(PAGE, &with("En stor familie")).await.leads_to(), REVIEW);
    let review = kari.get(REVIEW).await;
    assert!(review.says("En stor familie") && !review.says(WARNING), "{}", review.html);
    // On the page the warning still says what was confirmed.
    let page = kari.get(PAGE).await;
    assert!(page.says(&format!(r#"<div class="reason"><p>{WARNING}</p>"#)), "{}", page.html);
    kari.fill(PAGE, &with("To store familier")).await;
    let held = |text: &str, version| Some((Some(text.to_owned()), version));
    assert_eq!(world.held("1508", "bosatte.reason").await, held("To store familier", 2));

    // With another answer nothing asks for it; it stays, and stands again when the answer does.
    let fewer = [("bosatte", "5"), ("kanal", "brev"), ("bosatte.reason", "To store familier")];
    kari.fill(PAGE, &fewer).await;
    assert!(!kari.get(PAGE).await.says("bosatte.reason"));
    assert!(!kari.get(REVIEW).await.says("To store familier"));
    kari.fill(PAGE, &[("bosatte", "6"), ("kanal", "brev")]).await;
    assert_eq!(world.held("1508", "bosatte.reason").await, held("To store familier", 2));
    assert_eq!(kari.fill(PAGE, &answers).await.leads_to(), REVIEW);

    // It is there for the staff, with its author, and in the receipt.
    let mut eva = logged_in(&world).await;
    let case = eva.get("/staff/2025/1508").await;
    assert!(case.says(WARNING) && case.says("To store familier"), "{}", case.html);
    assert!(case.says("Coordinator in 1508, "), "{}", case.html);
    kari.fill(REVIEW, &[]).await;
    kari.fill("/case/2025/1508/review", &[]).await;
    let receipt = kari.get("/case/2025/1508/receipt").await;
    assert!(receipt.says("To store familier"), "{}", receipt.html);
}

#[tokio::test]
async fn a_row_takes_several_options_but_for_one_that_stands_alone() {
    let world = World::of("grid_several").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    assert!(page.says("Sett så mange kryss du vil på hver rad."), "{}", page.html);
    assert!(
        page.says(
            r#"<input type="checkbox" name="kanaler.skole" id="f-kanaler.skole" value="nett">"#
        )
    );
    let nav = [("kanaler.nav", "telefon"), ("kanaler.nav", "nett")];
    let alone = [("kanaler.skole", "ingen"), ("kanaler.skole", "nett")];
    let page = kari.fill(PAGE, &[&nav[..], &alone].concat()).await;
    assert!(page.says("«Ingen kontakt» kan ikke kombineres"), "{}", page.html);
    assert!(page.says(r#"aria-describedby="notices-kanaler.skole""#), "{}", page.html);
    assert_eq!(world.held("1508", "kanaler.skole").await, None);
    let held = Some((Some("nett telefon".to_owned()), 1));
    assert_eq!(world.held("1508", "kanaler.nav").await, held);
    let rest = [("kanaler.skole", "nett"), ("kanaler.helse", "ingen")];
    kari.fill(PAGE, &[&nav[..], &rest].concat()).await;
    assert!(kari.get("/case/2025/1508/del/2").await.says("erfaringene med kontakt på nett"));
    let review = kari.get(REVIEW).await;
    assert!(review.says("NAV: På nett\nPå telefon"), "{}", review.html);
}
