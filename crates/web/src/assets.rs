//! The stylesheet, the script and the mark: part of the program, named by their content so that a
//! browser may keep them for ever.

use std::sync::{Arc, LazyLock};

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use instrument::Hash;

use crate::service::App;
use crate::site;

/// The addresses of what every page uses.
pub(crate) struct Assets {
    pub(crate) css: String,
    pub(crate) js: String,
    pub(crate) mark: String,
}

pub(crate) const CSS: &str = include_str!("../assets/runde.css");
pub(crate) const JS: &str = include_str!("../assets/runde.js");
pub(crate) const MARK: &str = include_str!("../assets/mark.svg");

/// The addresses, which change when the content does.
pub(crate) static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    css: address("runde", CSS, "css"),
    js: address("runde", JS, "js"),
    mark: address("mark", MARK, "svg"),
});

fn address(name: &str, content: &str, extension: &str) -> String {
    format!("/assets/{name}.{}.{extension}", Hash::of(content).short())
}

/// `GET /assets/{file}`. The published site may have a folder of the same name.
pub(crate) async fn get(
    app: State<Arc<App>>,
    Path(file): Path<String>,
    request: Request,
) -> Response {
    let address = format!("/assets/{file}");
    let (content, kind) = if address == ASSETS.css {
        (CSS, "text/css; charset=utf-8")
    } else if address == ASSETS.js {
        (JS, "text/javascript; charset=utf-8")
    } else if address == ASSETS.mark {
        (MARK, "image/svg+xml")
    } else {
        return site::get(app, request).await;
    };
    let forever = "public, max-age=31536000, immutable";
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, forever)], content).into_response()
}
