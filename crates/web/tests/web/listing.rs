//! Values that are calculated, and options and rows that follow earlier answers.

use axum::http::StatusCode;

use crate::world::World;

const PAGE: &str = "/case/2025/1508/del/1";
const SECOND: &str = "/case/2025/1508/del/2";
const REVIEW: &str = "/case/2025/1508/del/review";

#[tokio::test]
async fn a_calculation_is_shown_and_nobody_writes_it() {
    let world = World::of("calculate").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    assert!(page.says("Regnes ut når svarene over er gitt</output>"), "{}", page.html);
    assert!(page.says("20 000 innbyggere og mer</output>"), "what is known of the unit is there");
    // A form that was made by hand has a field for it all the same.
    let by_hand = [("andel", "5"), ("seen:andel", "0."), ("storrelse", "liten")];
    let fields = [&[("bosatte", "12"), ("enslige", "8")][..], &by_hand].concat();
    let saved = kari.fill(PAGE, &[&fields[..], &[(":go", "stay")]].concat()).await;
    assert_eq!(saved.status, StatusCode::OK);
    assert!(saved.says("\ncalculated:andel\t66,7 prosent\n"), "{}", saved.html);
    for variable in ["andel", "storrelse"] {
        assert_eq!(world.held("1508", variable).await, None, "{variable} is not stored");
    }
    // Its check is shown as any other's.
    let page = kari.get(PAGE).await;
    assert!(page.says(r##"<a href="#f-andel">Mer enn halvparten er enslige"##), "{}", page.html);
    assert!(
        page.says(r#"id="f-andel" aria-labelledby="l-andel" aria-describedby="notices-andel""#)
    );
    assert!(kari.get(SECOND).await.says("Hvorfor er så mange som 66,7 prosent"));
    let review = kari.get(REVIEW).await;
    assert!(review.says("66,7 prosent") && !review.says("#q-andel"), "{}", review.html);
    assert!(kari.get("/case/2025/1508").await.says("2 av 3"), "only questions are counted");
}

#[tokio::test]
async fn options_and_rows_follow_the_answers_of_an_earlier_page() {
    let world = World::of("offered").await;
    let mut kari = world.coordinator("1508").await;
    let both = [("tjenester", "norsk"), ("tjenester", "bolig")];
    kari.fill(PAGE, &both).await;
    let page = kari.get(SECOND).await;
    let option = |code: &str| format!(r#"name="viktigst" id="f-viktigst{code}"#);
    // Sorted by their Norwegian texts: Hjelp before Norskopplæring, "don't know" last.
    for shown in [r#"" value="bolig""#, r#"-1" value="norsk""#, r#"-2" value="vet_ikke""#] {
        assert!(page.says(&option(shown)), "{shown} {}", page.html);
    }
    assert!(!page.says(r#"value="helse""#) && !page.says("hvor_godt.helse"), "{}", page.html);
    let rows = [("hvor_godt.norsk", "godt"), ("hvor_godt.bolig", "darlig")];
    let on = kari.fill(SECOND, &[&[("viktigst", "bolig")][..], &rows].concat()).await;
    assert_eq!(on.leads_to(), REVIEW);

    // Without housing the answer counts for nothing, and a page that is only looked through leaves it.
    kari.fill(PAGE, &[("tjenester", "norsk")]).await;
    let page = kari.get(SECOND).await;
    assert!(!page.says(r#"value="bolig""#), "{}", page.html);
    let open = r##"<li><a href="/case/2025/1508/del/2#q-viktigst">"##;
    assert!(kari.get(REVIEW).await.says(open), "it is not answered");
    assert_eq!(kari.fill(SECOND, &[("hvor_godt.norsk", "godt")]).await.leads_to(), REVIEW);
    let held = |value: &str, version| Some((Some(value.to_owned()), version));
    assert_eq!(world.held("1508", "viktigst").await, held("bolig", 1));
    assert_eq!(world.held("1508", "hvor_godt.bolig").await, held("darlig", 1));

    // It counts again when the option comes back.
    kari.fill(PAGE, &both).await;
    assert!(kari.get(SECOND).await.says(r#"value="bolig" checked"#));
    // Another answer in its place is the next version.
    kari.fill(PAGE, &[("tjenester", "norsk")]).await;
    kari.fill(SECOND, &[("viktigst", "norsk"), ("hvor_godt.norsk", "godt")]).await;
    assert_eq!(world.held("1508", "viktigst").await, held("norsk", 2));
}

#[tokio::test]
async fn a_long_list_is_searched_with_and_without_scripts() {
    let world = World::of("listed").await;
    let mut kari = world.coordinator("1508").await;
    let page = kari.get(PAGE).await;
    // The browser itself searches while one writes; no script is needed for it.
    assert!(page.says(r#"id="f-land" value="" list="list-land""#), "{}", page.html);
    assert!(page.says(r#"<option value="Syria"><option value="Sør-Sudan">"#), "{}", page.html);
    // Whoever writes a part of it is shown what it may be.
    let page = kari.fill(PAGE, &[("land", "kongo")]).await;
    assert_eq!(page.leads_to(), SECOND, "Kongo is a country");
    let page = kari.fill(PAGE, &[("land", "sudan ")]).await;
    assert_eq!(page.leads_to(), SECOND, "so is Sudan");
    let page = kari.fill(PAGE, &[("land", "suda")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Vi finner ikke «suda» på listen"), "{}", page.html);
    let picks = [r#"name="pick:land" id="f-pick:land-40" value="sd""#, r#"value="ss""#];
    assert!(picks.iter().all(|pick| page.says(pick)), "{}", page.html);
    assert_eq!(world.held("1508", "land").await, Some((Some("sd".to_owned()), 2)));
    // What is picked counts for what was written, unless something else that is on the list is.
    let picked = [("land", "suda"), ("pick:land", "ss")];
    assert_eq!(kari.send_again(&page, PAGE, &picked).await.leads_to(), SECOND);
    assert_eq!(world.held("1508", "land").await, Some((Some("ss".to_owned()), 3)));
    assert!(kari.get(PAGE).await.says(r#"value="Sør-Sudan" list="list-land""#));
    kari.fill(PAGE, &[("land", "Syria"), ("pick:land", "ss")]).await;
    assert_eq!(world.held("1508", "land").await, Some((Some("sy".to_owned()), 4)));
    // The page shows the same answer in each language: sending it back writes nothing.
    let english = kari.get(&format!("{PAGE}?lang=en")).await;
    assert!(english.says(r#"value="Syria""#), "{}", english.html);
    kari.send_again(&english, PAGE, &[("land", "Syria")]).await;
    assert_eq!(world.held("1508", "land").await, Some((Some("sy".to_owned()), 4)));
    // A box beside the field is for those who cannot answer.
    kari.fill(PAGE, &[("missing:land", "dont_know")]).await;
    let held = world.held("1508", "land").await;
    assert_eq!(held, Some((Some("\u{1}dont_know".to_owned()), 5)));
}
