//! How we ask: the only room that speaks HTTP.
//!
//! Informants answer on plain pages that the server renders; the staff watch a round; readers get
//! the published site. Every page works without JavaScript. A handler extracts, calls and renders:
//! who may do what is decided by the extractors `answer::OpenCase` and `staff::Member`, and of a change
//! once more by the store, under the lock of the case.

mod answer;
mod assets;
mod connections;
mod cookie;
mod download;
mod draft;
mod guard;
mod limit;
mod link;
mod list;
mod markup;
mod multipart;
mod posted;
pub mod preview;
mod problem;
mod question;
mod reader;
mod review;
mod service;
mod shell;
mod site;
mod staff;
mod ui;
mod upload;
mod visitor;

pub use service::{Beside, BesidePage, LastRound, MadePage, Print, ServedRound, Service};

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use service::App;

/// What was pressed, as a form sends it. The names of a page's own fields begin with a sign that the name
/// of a question never has.
const GO: &str = ":go";

/// The questions of which a page has asked whether they were meant to be left blank.
const WARNED: &str = ":warned";

/// What stands before the name of a question in the button that fills it in.
const FILL_IN: &str = "prefill:";

/// What stands before the name of a question in the buttons that hand its file over and take it away.
const HAND_OVER: &str = "file:";
const WITHDRAW: &str = "withdraw:";

/// The largest form that is read. A page with ten texts of 4,000 characters fits three times.
const LARGEST_FORM: usize = 256 * 1024;

/// Returns every page of the service.
pub fn router(service: Service) -> Router {
    let pages = Router::new()
        .merge(answer::routes())
        .merge(staff::routes())
        .route("/assets/{file}", get(assets::get))
        .route("/health", get(site::health))
        .route(reader::ADDRESS, get(reader::thank).post(reader::count))
        .fallback(site::get);
    guarded(pages, App::new(service))
}

/// Puts around the pages what holds for every request.
fn guarded(pages: Router<Arc<App>>, app: App) -> Router {
    let app = Arc::new(app);
    // As one layer: the router puts each that it is given into a box of its own, for each request.
    let around = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), guard::around))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(DefaultBodyLimit::max(LARGEST_FORM));
    pages.layer(around).with_state(app)
}

/// Serves until `shutdown` is done, then lets the requests under way finish.
pub async fn serve(
    service: Service,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    connections::serve(router(service), listener, shutdown).await
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn app(folder: &Path) -> App {
        let text = include_str!("../tests/web/kinds/survey.yaml");
        let url = store::StoreUrl::sqlite(folder.join("runde.db"));
        App::new(Service {
            store: store::Store::open(&url).await.unwrap(),
            survey: instrument::read::survey("survey.yaml", text).0.unwrap(),
            rounds: vec![],
            site: None,
            clock: Arc::new(|| jiff::Timestamp::UNIX_EPOCH),
            secure: false,
            letters: true,
            beside: None,
            print: None,
            base_url: "https://runde.no".into(),
        })
    }

    #[tokio::test]
    async fn a_page_that_panics_is_answered_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let pages =
            Router::new().route("/", get(async || -> String { panic!("a mistake of ours") }));
        let router = guarded(pages, app(folder.path()).await);
        let request = Request::get("/?lang=en").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let html = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&html).contains("Something went wrong on our side"));
    }
}
