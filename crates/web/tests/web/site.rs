//! The published site, the assets and the health page.

use axum::body::Body;
use axum::http::{StatusCode, header};

use crate::world::World;

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
