//! The published site, and what stands in its place before anything is published.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::problem::{self, Problem};
use crate::reader;
use crate::service::App;
use crate::shell::{Shell, chosen_language};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shell: Shell,
}

/// Every address that is not one of ours belongs to the published site.
pub(crate) async fn get(State(app): State<Arc<App>>, request: Request) -> Response {
    match &app.service.site {
        Some(directory) => {
            let (path, method) = (request.uri().path().to_owned(), request.method().clone());
            let Ok(response) = ServeDir::new(directory).oneshot(request).await;
            let mut response = reader::ask(&path, &method, response.map(Body::new)).await;
            // A reader asks each time whether the page is still the same: its tag answers.
            let ask = HeaderValue::from_static("public, no-cache");
            response.headers_mut().insert(CACHE_CONTROL, ask);
            response
        }
        None if request.uri().path() != "/" => Problem::NotFound.into_response(),
        None if !request.method().is_safe() => Problem::Method.into_response(),
        None => home(&app, &request).into_response(),
    }
}

fn home(app: &App, request: &Request) -> Result<Response, Problem> {
    let lang = chosen_language(app, request.uri(), request.headers());
    problem::page(&Home { shell: Shell::new(app, lang, None) })
}

/// `GET /health`: whether the store can be read.
pub(crate) async fn health(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    for round in &app.service.rounds {
        app.service.store.round(round.instrument.round).await?;
    }
    Ok("ok\n")
}
