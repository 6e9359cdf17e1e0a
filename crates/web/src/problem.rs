//! The pages that are shown in place of the one that was asked for: what happened, what to do.

use std::any::Any;

use askama::Template;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use instrument::Lang;
use store::StoreError;

use crate::service::App;
use crate::shell::Shell;
use crate::ui::{ProblemText, Problems};

/// Why a page cannot be shown, or a form cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A link that is wrong, expired or revoked: which of them is nobody's business.
    Link,
    /// A case that is not open in this browser.
    Session,
    /// The round is not in the field.
    Closed,
    /// The case is signed.
    Signed,
    /// A form that another site sent.
    CrossSite,
    /// A form that cannot be read.
    Unreadable,
    /// No such page.
    NotFound,
    /// The page cannot be asked for like this.
    Method,
    /// A form of more than the limit.
    TooLarge,
    /// Too many attempts.
    TooMany,
    /// It took too long.
    TooSlow,
    /// Our fault; it has been logged.
    Broken,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    shell: Shell,
    text: ProblemText,
}

impl Problem {
    fn status(self) -> StatusCode {
        match self {
            Problem::Link | Problem::Session | Problem::Closed | Problem::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Problem::Signed => StatusCode::CONFLICT,
            Problem::Unreadable => StatusCode::BAD_REQUEST,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Problem::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Problem::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn text(self, words: &Problems) -> ProblemText {
        match self {
            Problem::Link => words.link,
            Problem::Session => words.session,
            Problem::Closed => words.closed,
            Problem::Signed => words.signed,
            Problem::CrossSite => words.cross_site,
            Problem::Unreadable => words.unreadable,
            Problem::NotFound => words.not_found,
            Problem::Method => words.method,
            Problem::TooLarge => words.too_large,
            Problem::TooMany => words.too_many,
            Problem::TooSlow => words.too_slow,
            Problem::Broken => words.broken,
        }
    }

    /// Returns the problem that a library's bare answer stands for.
    fn of_status(status: StatusCode) -> Problem {
        match status {
            StatusCode::NOT_FOUND => Problem::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Problem::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Problem::TooSlow,
            other if other.is_server_error() => Problem::Broken,
            // An address whose parts cannot be read is the address of nothing.
            _ => Problem::NotFound,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::NoRound(_) | StoreError::NoCase(_) | StoreError::NotTheirs(_) => {
                Problem::NotFound
            }
            StoreError::NotOpen(_) => Problem::Session,
            StoreError::Closed(_) => Problem::Closed,
            StoreError::Signed(_) => Problem::Signed,
            other => {
                tracing::error!("{other}");
                Problem::Broken
            }
        }
    }
}

impl IntoResponse for Problem {
    /// Returns the bare answer; [`explain`] makes a page of it, in the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns a refusal that has no page of its own into one.
pub(crate) fn explain(app: &App, lang: Option<Lang>, mut response: Response) -> Response {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if !refused || is_page(&response) {
        return response;
    }
    let problem = response.extensions().get().copied().unwrap_or(Problem::of_status(status));
    let shell = Shell::new(app, lang, None);
    let page = Page { text: problem.text(&shell.ui.problems), shell };
    match page.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
            *response.status_mut() = problem.status();
            *response.body_mut() = Body::from(html);
        }
        Err(error) => tracing::error!("the page about a problem cannot be written: {error}"),
    }
    response
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// Answers in place of a handler that panicked.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    // The hook of the standard library has written the message and its place.
    tracing::error!("a page panicked");
    Problem::Broken.into_response()
}

/// Returns the page of a template.
pub(crate) fn page(template: &impl Template) -> Result<Response, Problem> {
    match template.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => {
            tracing::error!("a page cannot be written: {error}");
            Err(Problem::Broken)
        }
    }
}

/// Returns the page of a template with a status of its own.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    let mut response = page(template)?;
    *response.status_mut() = status;
    Ok(response)
}
