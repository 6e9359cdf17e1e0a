//! How we ask: the only room that speaks HTTP.
//!
//! Informants answer on plain pages that the server renders; the staff watch a round; readers get
//! the published site. Every page works without JavaScript. A handler extracts, calls and renders:
//! who may do what is decided by the extractors [`answer::OpenCase`] and [`staff::Member`].

mod answer;
mod assets;
mod cookie;
mod draft;
mod guard;
mod link;
mod posted;
mod problem;
mod question;
mod review;
mod service;
mod shell;
mod site;
mod staff;
mod ui;

pub use service::{ServedRound, Service};

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use service::App;

/// The largest form that is read. A page with ten texts of 4,000 characters fits three times.
const LARGEST_FORM: usize = 256 * 1024;

/// Returns every page of the service.
pub fn router(service: Service) -> Router {
    let app = Arc::new(App::new(service));
    Router::new()
        .merge(answer::routes())
        .merge(staff::routes())
        .route("/assets/{file}", get(assets::get))
        .route("/health", get(site::health))
        .fallback(site::get)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), guard::around))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// Serves until `shutdown` is done, then lets the requests under way finish.
pub async fn serve(
    service: Service,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(service)).with_graceful_shutdown(shutdown).await
}
