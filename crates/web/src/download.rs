//! A file that was handed over, on its way back: always to be saved, never shown by the browser.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use instrument::{GivenFile, Hash};
use store::{FileBytes, Store, StoreError};

use crate::link::encode;
use crate::problem::Problem;

/// Returns a file out of the store. One part of it is in memory at a time.
pub(crate) async fn from_store(store: &Store, file: &GivenFile) -> Result<Response, Problem> {
    if store.file_part(&file.hash, 0).await?.is_none() {
        tracing::error!("the database lacks the file {}", file.hash);
        return Err(Problem::Broken);
    }
    Ok(response(file, Body::from_stream(parts(store.clone(), file.hash))))
}

/// Returns a file that is in memory.
pub(crate) fn from_memory(file: &GivenFile, bytes: &FileBytes) -> Response {
    response(file, Body::from(bytes.bytes().to_vec()))
}

fn parts(
    store: Store,
    hash: Hash,
) -> impl futures_util::Stream<Item = Result<Vec<u8>, StoreError>> {
    stream::try_unfold((store, 0), move |(store, number)| async move {
        let part = store.file_part(&hash, number).await?;
        Ok(part.map(|part| (part, (store, number + 1))))
    })
}

/// The guard of all pages adds that browsers may not guess another type.
fn response(file: &GivenFile, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type()));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(file.bytes));
    headers.insert(CONTENT_DISPOSITION, disposition(&file.name));
    response
}

/// Says that a file is to be saved, and under which name: in ASCII for old programs, and as it is
/// (RFC 6266, RFC 8187).
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encode(name));
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Whether a sign means nothing within quotation marks.
fn is_plain(sign: char) -> bool {
    (sign.is_ascii_graphic() || sign == ' ') && !matches!(sign, '"' | '\\' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_arrive_whole_and_break_no_header() {
        for (name, expected) in [
            ("plan.pdf", "attachment; filename=\"plan.pdf\"; filename*=UTF-8''plan.pdf"),
            (
                "Årsplan 2025.pdf",
                "attachment; filename=\"_rsplan 2025.pdf\"; filename*=UTF-8''%C3%85rsplan%202025.pdf",
            ),
            (
                "a\"\\%41;b.txt",
                "attachment; filename=\"a___41;b.txt\"; filename*=UTF-8''a%22%5C%2541%3Bb.txt",
            ),
            ("\r\nx: y", "attachment; filename=\"__x: y\"; filename*=UTF-8''%0D%0Ax%3A%20y"),
        ] {
            assert_eq!(disposition(name).to_str().unwrap(), expected, "{name:?}");
        }
    }
}
