//! Each kind of question: how it is shown, and what is said of input that cannot be an answer.

use axum::http::StatusCode;

use crate::world::World;

const FIRST: &str = "/case/2025/1508/tolk/1";
const SECOND: &str = "/case/2025/1508/tolk/2";
const OTHER: &str = "/case/2025/1508/annet/1";

#[tokio::test]
async fn each_kind_has_its_fields() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    for (address, fields) in [
        (
            FIRST,
            &[
                r#"<fieldset class="question " id="q-retningslinjer" role="radiogroup">"#,
                "Har dere retningslinjer &#60;for&#62; bruk av tolk?",
                "(må besvares)",
                r#"<input type="radio" name="retningslinjer" id="f-retningslinjer" value="ja">"#,
                r#"<label for="f-retningslinjer.annet">Hva da?</label>"#,
                r#"inputmode="decimal" autocomplete="off" aria-describedby="hint-timer unit-timer""#,
                r#"<span id="unit-timer">timer</span>"#,
                r#"<input type="hidden" name="seen:timer" value="0.">"#,
            ][..],
        ),
        (
            SECOND,
            &[
                "<p>Takk så langt.</p><p>Det er litt til.</p>",
                "Velg høyst 2.",
                r#"<input type="checkbox" name="hindringer" id="f-hindringer" value="pris">"#,
                r#"value="ingen" data-alone>"#,
                "<legend>NAV</legend>",
                r#"name="samarbeid.skole" id="f-samarbeid.skole-2" value="vet_ikke""#,
                r#"aria-describedby="ends-fornoyd""#,
                r#"<span>0 = Ikke</span><span>10 = Svært</span>"#,
                r#"name="fornoyd" id="f-fornoyd-10" value="10""#,
            ],
        ),
        (OTHER, &[r#"<textarea class="input" name="forslag" id="f-forslag""#, "Høyst 40 tegn."]),
    ] {
        let page = kari.get(address).await;
        for field in fields {
            assert!(page.says(field), "{address} lacks {field}\n{}", page.html);
        }
    }
}

#[tokio::test]
async fn wrong_input_is_kept_told_and_loses_nothing_else() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let long = "x".repeat(41);
    for (address, wrong, message, kept) in [
        (FIRST, vec![("timer", "mange")], "Skriv et tall, for eksempel 12", r#"value="mange""#),
        (FIRST, vec![("timer", "-1")], "Skriv et tall som er 0 eller høyere", r#"value="-1""#),
        (FIRST, vec![("timer", "1"), ("timer", "2")], "Gi bare ett svar", r#"value="1""#),
        (FIRST, vec![("retningslinjer", "kanskje")], "Velg et av svarene på listen", ""),
        (SECOND, vec![("fornoyd", "11")], "Skriv et tall som er 10 eller lavere", ""),
        (SECOND, vec![("fornoyd", "2.5")], "Skriv et helt tall", ""),
        (
            SECOND,
            vec![("hindringer", "pris"), ("hindringer", "tilgang"), ("hindringer", "kvalitet")],
            "Velg høyst 2",
            r#"value="kvalitet" checked"#,
        ),
        (
            SECOND,
            vec![("hindringer", "pris"), ("hindringer", "ingen")],
            "«Ingenting» kan ikke kombineres",
            r#"value="ingen" checked"#,
        ),
        (OTHER, vec![("forslag", long.as_str())], "høyst 40 tegn", long.as_str()),
    ] {
        let page = kari.fill(address, &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(page.says(message) && page.says(kept), "{wrong:?}\n{}", page.html);
        assert!(page.says(r#"aria-invalid="true""#) && page.says("autofocus"), "{wrong:?}");
        assert!(page.says("<title>Feil:") && page.says("De andre svarene på siden er lagret"));
        let target = format!(r##"href="#f-{}""##, wrong[0].0);
        assert!(page.says(&target), "the summary links to the field: {wrong:?}");
        assert_eq!(world.held("1508", wrong[0].0).await, None, "{wrong:?}");
    }
    kari.fill(FIRST, &[("retningslinjer", "nei"), ("timer", "mange")]).await;
    assert_eq!(world.held("1508", "retningslinjer").await, Some((Some("nei".into()), 1)));
}

#[tokio::test]
async fn an_answer_can_be_withdrawn_without_a_script() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let hidden = r#"<label class="clear" hidden><input type="radio" name="fornoyd" value="">"#;
    assert!(kari.get(SECOND).await.says(hidden));
    kari.fill(SECOND, &[("fornoyd", "3")]).await;
    let shown = r#"<label class="clear"><input type="radio" name="fornoyd" value="">"#;
    assert!(kari.get(SECOND).await.says(shown));
    kari.fill(SECOND, &[("fornoyd", "")]).await;
    assert_eq!(world.held("1508", "fornoyd").await, Some((None, 2)));
}

#[tokio::test]
async fn the_text_of_an_option_belongs_to_it() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let specified = [("retningslinjer", "annet"), ("retningslinjer.annet", "Et vedtak")];
    kari.fill(FIRST, &specified).await;
    let stored = world.held("1508", "retningslinjer.annet").await;
    assert_eq!(stored, Some((Some("Et vedtak".into()), 1)));
    // Another option is chosen: the field is out of sight, and what stands in it no answer.
    kari.fill(FIRST, &[("retningslinjer", "nei"), specified[1]]).await;
    assert_eq!(world.held("1508", "retningslinjer.annet").await, Some((None, 2)));
}

#[tokio::test]
async fn what_is_off_the_path_is_kept() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    kari.fill(FIRST, &[("retningslinjer", "ja")]).await;
    kari.fill(FIRST, &[("retningslinjer", "ja"), ("år", "2010")]).await;
    kari.fill(FIRST, &[("retningslinjer", "nei"), ("år", "2010")]).await;
    assert!(!kari.get(FIRST).await.says("Fra hvilket år?"));
    assert_eq!(world.held("1508", "år").await, Some((Some("2010".into()), 1)));
    // A field that has left the path keeps nobody with what stands in it.
    kari.fill(FIRST, &[("retningslinjer", "ja"), ("år", "2010")]).await;
    let on = kari.fill(FIRST, &[("retningslinjer", "nei"), ("år", "tull")]).await;
    assert_eq!(on.leads_to(), SECOND);
}
