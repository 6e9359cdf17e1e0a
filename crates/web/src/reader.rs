//! "Did you find what you came for?" at the foot of the published pages.
//!
//! The pages are files that any server can show. They hold a mark where the question may stand; only
//! this server, which can take an answer, puts it there. Answers are counted by page and day, and
//! nothing is kept of who gave them.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::Arc;

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use instrument::Lang;

use crate::limit::Tried;
use crate::link::encode;
use crate::posted::Posted;
use crate::problem::{Problem, page};
use crate::service::App;
use crate::shell::{Shell, chosen_language};
use crate::ui::{Readers, oslo, ui};
use crate::visitor::Visitor;

/// Where the answers are sent.
pub(crate) const ADDRESS: &str = "/found";

/// The mark that the published pages hold.
const MARK: &str = "<!-- reader-question -->";

/// The largest page that the question is put on.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;

#[derive(Template)]
#[template(path = "reader_question.html")]
struct Question<'a> {
    words: &'static Readers,
    page: &'a str,
    lang: Lang,
}

#[derive(Template)]
#[template(path = "reader_thanks.html")]
struct Thanks {
    shell: Shell,
    back: String,
}

/// Puts the question on a page of the published site that has room for it.
pub(crate) async fn ask(path: &str, method: &Method, response: Response) -> Response {
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    if !(is_page && method == Method::GET && response.status() == StatusCode::OK) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_PAGE).await else {
        return Problem::Broken.into_response();
    };
    let asked = std::str::from_utf8(&bytes).ok().and_then(|html| with_question(html, path));
    let body = asked.map_or_else(|| Body::from(bytes), Body::from);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// Returns a page with the question in place of its mark, in the language of the page.
fn with_question(html: &str, path: &str) -> Option<String> {
    if !html.contains(MARK) {
        return None;
    }
    let lang = html.split_once("<html lang=\"").and_then(|(_, rest)| rest.split('"').next());
    let lang = lang.and_then(|lang| lang.parse().ok()).unwrap_or(Lang::NB);
    let page = file_of(path);
    let question = Question { words: &ui(lang).readers, page: &page, lang };
    Some(html.replacen(MARK, &question.render().ok()?, 1))
}

/// `POST /found`: counts the answer. Several from one place to one page within a minute are one.
pub(crate) async fn count(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Problem> {
    let answer = posted.first("found");
    let found = match answer {
        Some("yes") => true,
        Some("no") => false,
        Some(_) | None => return Err(Problem::Unreadable),
    };
    let asked_on = posted.first("page").unwrap_or_default();
    if !is_published(&app, asked_on).await {
        return Err(Problem::NotFound);
    }
    let now = app.now();
    if app.limits.count(Tried::Answer, &visitor, now) {
        return Err(Problem::TooMany);
    }
    if !app.limits.count(Tried::AnswerToPage, &(visitor, asked_on), now) {
        app.service.store.count_reader(asked_on, found, oslo(now).date()).await?;
    }
    let lang = posted.first("lang").unwrap_or_default();
    let thanks = format!("{ADDRESS}?page={}&lang={}", encode(asked_on), encode(lang));
    let location = HeaderValue::from_str(&thanks).map_err(|_| Problem::Unreadable)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

/// `GET /found`: thanks the reader, and leads back.
pub(crate) async fn thank(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let answered = asked.get("page").map_or("", String::as_str);
    if !is_published(&app, answered).await {
        return Err(Problem::NotFound);
    }
    let shell = Shell::new(&app, chosen_language(&app, &uri, &headers), None);
    page(&Thanks { shell, back: format!("/{answered}") })
}

/// Returns the file that an address shows.
fn file_of(path: &str) -> String {
    let path = path.trim_start_matches('/');
    match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_owned(),
    }
}

/// Whether the published site has this page. Others are not counted, so that nobody fills the store
/// with names of their own.
async fn is_published(app: &App, page: &str) -> bool {
    let Some(site) = &app.service.site else { return false };
    let path = Path::new(page);
    let below = path.components().all(|part| matches!(part, Component::Normal(_)));
    let is_page = path.extension().is_some_and(|ending| ending == "html");
    below && is_page && tokio::fs::try_exists(site.join(path)).await.unwrap_or(false)
}
