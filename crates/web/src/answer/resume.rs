//! What a form is answered with when its session is over: nothing that was typed is lost.
//!
//! The page holds everything that was sent. Once the reader has opened their link again, in this
//! browser, its button sends it once more.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use instrument::Lang;

use super::OpenCase;
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::service::App;
use crate::shell::{Shell, chosen_language};

#[derive(Template)]
#[template(path = "resume.html")]
struct Resume<'a> {
    shell: Shell,
    here: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    /// Whether a file is to be chosen again.
    lacks_files: bool,
}

/// A form about a case, and the case. Whose session is over gets the page instead.
pub(super) struct Sent {
    pub(super) open: OpenCase,
    pub(super) posted: Posted,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Sent, Response> {
        let (mut parts, body) = request.into_parts();
        let opened = OpenCase::from_request_parts(&mut parts, app).await;
        let lang = chosen_language(app, &parts.uri, &parts.headers);
        let here = parts.uri.path().to_owned();
        let posted = Posted::from_request(Request::from_parts(parts, body), app).await;
        let posted = posted.map_err(IntoResponse::into_response)?;
        match opened {
            Ok(open) => Ok(Sent { open, posted }),
            Err(Problem::Session) => Err(page(app, lang, &here, &posted).into_response()),
            Err(problem) => Err(problem.into_response()),
        }
    }
}

/// Returns the page for a form that was sent to `here`.
pub(super) fn page(
    app: &App,
    lang: Option<Lang>,
    here: &str,
    posted: &Posted,
) -> Result<Response, Problem> {
    let shell = Shell::new(app, lang, None);
    let (fields, lacks_files) = (posted.iter().collect(), posted.lacks_files());
    page_with(StatusCode::FORBIDDEN, &Resume { shell, here, fields, lacks_files })
}
