//! The preview: a questionnaire for a unit and a role, without a store.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::StatusCode;
use web::ServedRound;
use web::preview::{Preview, Previewed, Reading, router};

use crate::world::{Browser, survey};

/// Returns a browser of the preview of the survey of all kinds, shown as Ålesund.
fn browser() -> (Browser, Arc<Mutex<Arc<Reading>>>) {
    let (survey, ServedRound { instrument, frame, .. }) = survey();
    let round = Ok(Previewed { survey, instrument, frame });
    let files = Arc::new(Mutex::new(Arc::new(Reading { version: "1".into(), round })));
    let read = Arc::clone(&files);
    let preview = Preview {
        read: Arc::new(move || Arc::clone(&read.lock().unwrap())),
        unit: Some(frame::UnitId::new("1508").unwrap()),
        role: None,
        today: jiff::civil::date(2025, 11, 3),
    };
    (Browser::of(router(preview)), files)
}

#[tokio::test]
async fn answers_call_up_questions_and_show_in_the_path() {
    let (mut browser, _) = browser();
    let start = browser.get("/").await;
    assert!(start.says("Ålesund") && start.says("/section/tolk/1"), "{}", start.html);
    let turned =
        browser.post("/section/tolk/1", &[("retningslinjer", "ja"), (":go", "next")]).await;
    assert_eq!(turned.leads_to(), "/section/tolk/1", "a question was called up on the page");
    let page = browser.get("/section/tolk/1").await;
    assert!(page.says("Fra hvilket år?"), "{}", page.html);
    let path = browser.get("/path").await;
    assert!(path.says("<strong>sann</strong>") && path.says("er «Ja»"), "{}", path.html);
    let year = [("retningslinjer", "ja"), ("år", "1980"), (":go", "next")];
    assert_eq!(browser.post("/section/tolk/1", &year).await.leads_to(), "/section/tolk/2");
    assert!(browser.get("/section/tolk/1").await.says("Er det så lenge siden?"));
    browser.post("/forget", &[]).await;
    assert!(!browser.get("/section/tolk/1").await.says("Fra hvilket år?"));
}

#[tokio::test]
async fn another_role_sees_other_sections() {
    let (mut browser, _) = browser();
    let chosen = browser.post("/choose", &[("unit", "1508"), ("role", "fagleder")]).await;
    assert_eq!(chosen.leads_to(), "/");
    let start = browser.get("/").await;
    assert!(!start.says("/section/tolk/1") && start.says("/section/annet/1"), "{}", start.html);
}

#[tokio::test]
async fn a_file_with_errors_is_told_until_it_is_mended() {
    let (mut browser, files) = browser();
    let version = browser.get("/version").await.html;
    let right = Arc::clone(&files.lock().unwrap());
    let round = Err("error[RQ0602]: there is no question `<tolken>`".to_owned());
    *files.lock().unwrap() = Arc::new(Reading { version: "2".into(), round });
    let wrong = browser.get("/section/tolk/1").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.says("RQ0602") && wrong.says("`&#60;tolken&#62;`"), "{}", wrong.html);
    assert_ne!(browser.get("/version").await.html, version);
    *files.lock().unwrap() = right;
    assert_eq!(browser.get("/section/tolk/1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_whole_questionnaire_is_on_one_page() {
    let (mut browser, _) = browser();
    let whole = browser.get("/whole").await;
    for words in
        ["Stilles når spørsmål 1 «Har dere retningslinjer", "Varsler når", "<code>samarbeid</code>"]
    {
        assert!(whole.says(words), "{words} is not in {}", whole.html);
    }
}

#[tokio::test]
async fn strange_requests_do_no_harm() {
    let (mut browser, _) = browser();
    for address in
        ["/section/tolk/0", "/section/tolk/99", "/section/x/1", "/section/tolk/-1", "/assets/x"]
    {
        assert!(browser.get(address).await.status.is_client_error(), "{address}");
    }
    let foreign = browser.request("POST", "/forget").header("sec-fetch-site", "cross-site");
    let foreign = foreign.body(Body::empty()).unwrap();
    let response = browser.send("/forget", foreign).await;
    assert_eq!(response.status, StatusCode::FORBIDDEN);
    browser.post("/choose", &[("unit", "<b>"), ("role", "'")]).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}
