//! What holds for every request: no form from another site, an end to waiting, strict headers.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use instrument::Lang;

use crate::cookie::Cookie;
use crate::problem::{self, Problem};
use crate::service::App;
use crate::shell::{LANGUAGE_COOKIE, chosen_language, language_in};
use crate::upload;

/// The longest that a request may take, its body included.
const LONGEST: Duration = Duration::from_secs(30);

/// The same where it hands over files: ten megabytes over a line of a third of a megabit a second.
const LONGEST_WITH_FILES: Duration = Duration::from_secs(300);

/// How long a browser keeps the reader's language: a year.
const KEEP_LANGUAGE: u32 = 365 * 24 * 60 * 60;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Stands around every page.
pub(crate) async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let lang = chosen_language(&app, request.uri(), request.headers());
    let switched = language_in(request.uri()).filter(|asked| Some(*asked) == lang);
    let with_files = upload::may_be_long(request.headers());
    let longest = if with_files { LONGEST_WITH_FILES } else { LONGEST };
    let answer = if from_another_site(request.method(), request.headers()) {
        Problem::CrossSite.into_response()
    } else {
        match tokio::time::timeout(longest, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::TooSlow.into_response(),
        }
    };
    let mut response = problem::explain(&app, lang, answer);
    add_headers(response.headers_mut());
    if let Some(lang) = switched {
        let keep = language_cookie(lang, app.service.secure);
        response.headers_mut().append(SET_COOKIE, keep);
    }
    response
}

fn language_cookie(lang: Lang, secure: bool) -> HeaderValue {
    let keep = Some(KEEP_LANGUAGE);
    Cookie { name: LANGUAGE_COOKIE, value: lang.as_str(), path: "/", keep, secure }.header()
}

/// Adds what every answer tells the browser.
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A personal link is a secret: no other site is told where the reader came from.
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What says nothing else may hold answers: it stays out of every cache.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Whether a form was sent by a page of another site.
///
/// Browsers since 2023 say so themselves. Older ones name the page's origin, which is `null` under
/// our own referrer policy: then the cookies' `SameSite` is what keeps strangers out.
pub(crate) fn from_another_site(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
        (Some(site), _) => !matches!(site, "same-origin" | "none"),
        (None, None | Some("null")) => false,
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host != header(HOST.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_from_other_sites_are_refused() {
        for (method, site, origin, refused) in [
            (Method::POST, Some("same-origin"), None, false),
            (Method::POST, Some("none"), None, false),
            (Method::POST, Some("cross-site"), None, true),
            (Method::POST, Some("same-site"), None, true),
            (Method::POST, Some("cross-site"), Some("https://runde.no"), true),
            (Method::POST, None, Some("https://runde.no"), false),
            (Method::POST, None, Some("https://evil.no"), true),
            (Method::POST, None, Some("https://runde.no.evil.no"), true),
            (Method::POST, None, Some("null"), false),
            (Method::POST, None, None, false),
            (Method::GET, Some("cross-site"), Some("https://evil.no"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("runde.no"));
            let pairs = [("sec-fetch-site", site), ("origin", origin)];
            for (name, value) in pairs.into_iter().filter_map(|(n, v)| Some((n, v?))) {
                headers.insert(name, HeaderValue::from_static(value));
            }
            assert_eq!(from_another_site(&method, &headers), refused, "{site:?} {origin:?}");
        }
    }
}
