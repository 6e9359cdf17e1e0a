//! What a form is answered with when its session is over: nothing that was typed is lost.
//!
//! The page holds everything that was sent. Once the reader has opened their link again, in this
//! browser, its button sends it once more.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

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

/// Returns the page.
pub(super) fn page(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    posted: &Posted,
) -> Result<Response, Problem> {
    let shell = Shell::new(app, chosen_language(app, uri, headers), None);
    let (fields, lacks_files) = (posted.iter().collect(), posted.lacks_files());
    let resume = Resume { shell, here: uri.path(), fields, lacks_files };
    page_with(StatusCode::FORBIDDEN, &resume)
}
