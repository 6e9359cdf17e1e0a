//! Cookies: what a browser sends back, and what it is told to keep.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// Returns the value of the cookie with this name.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    pairs
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A cookie to be kept by the browser; scripts never see it.
pub(crate) struct Cookie<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// The part of the site that it is sent to.
    pub(crate) path: &'a str,
    /// How many seconds it is kept; until the browser is closed where `None`.
    pub(crate) keep: Option<u32>,
    pub(crate) secure: bool,
}

impl Cookie<'_> {
    /// Returns the value of a `Set-Cookie` header.
    pub(crate) fn header(&self) -> HeaderValue {
        let keep = self.keep.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.secure { "; Secure" } else { "" };
        let Cookie { name, value, path, .. } = self;
        let text = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{keep}{secure}");
        HeaderValue::from_str(&text).expect("tokens, codes and encoded paths are ASCII")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; runde_case=abc;b=2"));
        headers.append(COOKIE, HeaderValue::from_static("runde_lang=nn"));
        assert_eq!(read(&headers, "runde_case"), Some("abc"));
        assert_eq!(read(&headers, "runde_lang"), Some("nn"));
        assert_eq!(read(&headers, "runde"), None);
    }
}
