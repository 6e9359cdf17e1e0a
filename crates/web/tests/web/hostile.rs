//! Requests that no page of ours sends.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::world::{World, encode};

const PAGE: &str = "/case/2025/1508/annet/1";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_from_another_site_has_no_effect() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let fields = encode(&[("seen:navn", "0."), ("navn", "Plan A")]);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.no"),
    ] {
        let request = kari
            .request("POST", PAGE)
            .header(header::CONTENT_TYPE, FORM)
            .header(name, value)
            .body(Body::from(fields.clone()))
            .unwrap();
        let page = kari.send(PAGE, request).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{value}");
        assert!(page.says("Skjemaet kom fra et annet nettsted"));
    }
    assert!(world.case("1508").await.held.is_empty());
}

#[tokio::test]
async fn bodies_that_are_no_form_get_a_page_and_change_nothing() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let huge = format!("navn={}", "x".repeat(300 * 1024));
    for (kind, body, status) in [
        (FORM, huge.into_bytes(), StatusCode::PAYLOAD_TOO_LARGE),
        (FORM, b"a=1&".repeat(60_000), StatusCode::PAYLOAD_TOO_LARGE),
        ("application/json", b"{}".to_vec(), StatusCode::BAD_REQUEST),
        ("text/plain", b"navn=x".to_vec(), StatusCode::BAD_REQUEST),
        ("multipart/form-data", b"--".to_vec(), StatusCode::BAD_REQUEST),
        (FORM, b"seen%3Anavn=abc&navn=x".to_vec(), StatusCode::BAD_REQUEST),
        (FORM, b"seen%3Anavn=-1.&navn=x".to_vec(), StatusCode::BAD_REQUEST),
        (FORM, b"seen%3Anavn=99999999999.&navn=x".to_vec(), StatusCode::BAD_REQUEST),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let request = kari.request("POST", PAGE).header(header::CONTENT_TYPE, kind);
        let page = kari.send(PAGE, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, status, "{kind} {shown}");
        assert!(page.says("<h1>") && page.says("Ingenting er endret"), "{kind} {shown}");
    }
    assert!(world.case("1508").await.held.is_empty());
}

#[tokio::test]
async fn strange_fields_do_no_harm() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    // Control characters, names of other pages, unknown names.
    let body = b"%EF%BF%BD=%01&navn=a%00b%1Bc%0D%0Ad&seen%3Anavn=0.&timer=5&seen%3Atimer=0.&go=%00";
    let request = kari.request("POST", PAGE).header(header::CONTENT_TYPE, FORM);
    let page = kari.send(PAGE, request.body(Body::from(&body[..])).unwrap()).await;
    // The form left out a question of the page: it is shown before the informant goes on.
    assert_eq!(page.leads_to(), "/case/2025/1508/annet/1?new=forslag#q-forslag");
    assert_eq!(world.held("1508", "navn").await, Some((Some("abc\nd".into()), 1)));
    assert_eq!(world.held("1508", "timer").await, None, "it belongs to another page");
    // A form may not claim to have seen more than there is.
    let ahead = kari.post(PAGE, &[("seen:navn", "7."), ("navn", "x")]).await;
    assert_eq!(ahead.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_was_written_is_shown_as_text() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    let attack = "\"><script>alert(1)</script>{{7*7}}";
    let fields = [("navn", attack), ("forslag", "</textarea><b>")];
    let review = kari.fill(PAGE, &fields).await.leads_to().to_owned();
    for address in [PAGE, review.as_str()] {
        let page = kari.get(address).await;
        assert!(!page.says("<script>alert") && !page.says("</textarea><b>"), "{address}");
        assert!(page.says("&#60;script&#62;") && page.says("{{7*7}}"), "{address}");
    }
    let name = format!("/case/2025/1508/annet/1?new={}", "%3Cscript%3E");
    assert!(!kari.get(&name).await.says("<script>"));
}

#[tokio::test]
async fn addresses_that_are_not_there_get_a_page() {
    let world = World::new().await;
    let mut kari = world.coordinator("1508").await;
    for (method, address, status) in [
        ("GET", "/nowhere", StatusCode::NOT_FOUND),
        ("GET", "/../../etc/passwd", StatusCode::NOT_FOUND),
        ("GET", "/assets/runde.css", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/tolk/0", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/tolk/3", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/tolk/99999999999999999999", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/tolk/-1", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/bydel/1", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/%FF/1", StatusCode::NOT_FOUND),
        ("GET", "/case/2025/1508/tolk", StatusCode::NOT_FOUND),
        ("GET", "/case/x/y", StatusCode::FORBIDDEN),
        ("GET", "/case/9999999/1508", StatusCode::FORBIDDEN),
        ("POST", "/case/2025/1508", StatusCode::METHOD_NOT_ALLOWED),
        ("DELETE", PAGE, StatusCode::METHOD_NOT_ALLOWED),
        ("POST", "/health", StatusCode::METHOD_NOT_ALLOWED),
        ("POST", "/", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let request = kari.request(method, address).body(Body::empty()).unwrap();
        let page = kari.send(address, request).await;
        assert_eq!(page.status, status, "{method} {address}");
        assert!(page.says("<!doctype html>") && page.says("<h1>"), "{method} {address}");
    }
}

#[tokio::test]
async fn cookies_of_strangers_open_nothing() {
    let world = World::new().await;
    for cookie in ["runde_case=", "runde_case=x", "runde_case=00000000000000000000000000", "=;;="] {
        let mut stranger = world.browser();
        let request = stranger.request("GET", PAGE).header(header::COOKIE, cookie);
        let page = stranger.send(PAGE, request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{cookie}");
        assert!(page.says("Åpne den personlige lenken på nytt"));
    }
}
