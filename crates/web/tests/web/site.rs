//! The published site, the assets and the health page.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::hands::delegate;
use crate::world::World;

#[tokio::test]
async fn a_coordinator_sees_what_was_answered_last_time_and_nobody_else_does() {
    let site = tempfile::tempdir().unwrap();
    let world = World::with_site(Some(site.path().to_owned())).await;
    let mut kari = world.coordinator("1508").await;
    let (tasks, page) = ("/case/2025/1508", "/case/2025/1508/beside");
    assert!(!kari.get(tasks).await.says(page), "nothing has been published");
    std::fs::create_dir(site.path().join("2023")).unwrap();
    std::fs::write(site.path().join("2023/index.html"), "").unwrap();
    assert!(kari.get(tasks).await.says(page));
    assert_eq!(kari.get(&format!("{page}?lang=nn")).await.html, "1507 2023 nn");
    // A unit that is not in the round before, a colleague, a stranger.
    let mut other = world.coordinator("1511").await;
    assert!(!other.get("/case/2025/1511").await.says("/beside"));
    assert_eq!(other.get("/case/2025/1511/beside").await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(page).await.status, StatusCode::FORBIDDEN);
    let mut ola = delegate(&world).await;
    assert!(!ola.get(tasks).await.says("/beside"));
    assert_eq!(ola.get(page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_published_site_is_served_with_its_types_and_tags() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("2023")).unwrap();
    std::fs::create_dir_all(site.join("assets")).unwrap();
    for (name, text) in [
        ("index.html", "<p>Rapporter</p>"),
        ("2023/index.html", "<p>2023</p>"),
        ("2023/findings.json", "[]"),
        ("assets/report.css", "p {}"),
        ("figure.svg", "<svg/>"),
    ] {
        std::fs::write(site.join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    let world = World::with_site(Some(site)).await;
    let mut reader = world.browser();
    for (address, kind) in [
        ("/", "text/html"),
        ("/2023/", "text/html"),
        ("/2023/findings.json", "application/json"),
        ("/assets/report.css", "text/css"),
        ("/figure.svg", "image/svg+xml"),
    ] {
        let page = reader.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_eq!(page.headers[header::CONTENT_TYPE], kind, "{address}");
        let tag = page.headers[header::ETAG].clone();
        let request = reader.request("GET", address).header(header::IF_NONE_MATCH, tag);
        let again = reader.send(address, request.body(Body::empty()).unwrap()).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address}");
    }
    for address in ["/2024/", "/../secret", "/%2e%2e/secret", "/..%2fsecret"] {
        let page = reader.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        assert!(page.says("Vi finner ikke siden"), "{address}");
    }
}

#[tokio::test]
async fn before_anything_is_published_there_is_a_plain_page() {
    let world = World::new().await;
    let page = world.browser().get("/").await;
    assert!(page.says("ikke publisert noen rapport") && page.says("/staff"));
    assert_eq!(world.browser().get("/health").await.html, "ok\n");
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let world = World::new().await;
    let mut reader = world.browser();
    let page = reader.get("/").await.html;
    let addresses: Vec<&str> =
        page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(addresses.len() >= 3, "{page}");
    for address in addresses {
        let asset = reader.get(address).await;
        assert_eq!(asset.status, StatusCode::OK, "{address}");
        let cache = asset.headers[header::CACHE_CONTROL].to_str().unwrap();
        assert!(cache.contains("immutable"), "{address}");
    }
}

/// Writes a site with a page that has room for the question, and one that has not.
fn site(folder: &std::path::Path) -> std::path::PathBuf {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("2023/nn")).unwrap();
    for (name, lang, mark) in [
        ("index.html", "nb", "<!-- reader-question -->"),
        ("2023/nn/index.html", "nn", "<!-- reader-question -->"),
        ("2023/plain.html", "nb", ""),
    ] {
        let page =
            format!("<!doctype html><html lang=\"{lang}\"><body><p>Tekst</p>{mark}</body></html>");
        std::fs::write(site.join(name), page).unwrap();
    }
    site
}

#[tokio::test]
async fn readers_are_asked_on_published_pages_and_staff_see_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::with_site(Some(site(folder.path()))).await;
    let mut reader = world.browser();
    let page = reader.get("/").await;
    assert!(page.says("Fant du det du lette etter?") && page.says("value=\"index.html\""));
    assert!(reader.get("/2023/nn/").await.says("Fann du det du leita etter?"));
    assert!(!reader.get("/2023/plain.html").await.says("<form"));
    let answer = [("page", "2023/nn/index.html"), ("lang", "nn"), ("found", "no")];
    let thanked = reader.post("/found", &answer).await;
    assert_eq!(thanked.status, StatusCode::SEE_OTHER);
    let thanks = reader.get(thanked.leads_to()).await;
    assert!(thanks.says("Takk for svaret") && thanks.says("href=\"/2023/nn/index.html\""));
    // A second click is the same answer.
    assert_eq!(reader.post("/found", &answer).await.status, StatusCode::SEE_OTHER);
    let said = world.store.reader_answers().await.unwrap();
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].found, said[0].not_found), (0, 1));
    let mut staff = crate::staff::logged_in(&world).await;
    let list = staff.get("/staff").await;
    assert!(list.says("Fant leserne det de lette etter?") && list.says("/2023/nn/index.html"));
}

#[tokio::test]
async fn answers_to_pages_that_there_are_not_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret.html"), "secret").unwrap();
    let world = World::with_site(Some(site(folder.path()))).await;
    let mut reader = world.browser();
    for (page, found, status) in [
        ("nothing.html", "yes", StatusCode::NOT_FOUND),
        ("../secret.html", "yes", StatusCode::NOT_FOUND),
        ("/index.html", "yes", StatusCode::NOT_FOUND),
        ("2023", "yes", StatusCode::NOT_FOUND),
        ("", "yes", StatusCode::NOT_FOUND),
        ("index.html", "maybe", StatusCode::BAD_REQUEST),
        ("index.html", "", StatusCode::BAD_REQUEST),
    ] {
        let answer = reader.post("/found", &[("page", page), ("found", found)]).await;
        assert_eq!(answer.status, status, "{page} {found}");
    }
    assert_eq!(world.store.reader_answers().await.unwrap(), []);
}
