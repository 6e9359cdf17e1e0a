//! A form as the browser sent it.

use std::collections::BTreeMap;

use axum::extract::rejection::RawFormRejection;
use axum::extract::{FromRequest, RawForm, Request};
use axum::http::StatusCode;

use crate::problem::Problem;
use crate::upload::{Held, Upload};

/// The fields of a form. A name may come several times, as boxes that are ticked do.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    fields: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
    /// Whether a file was chosen that the form was not read with.
    lacks_files: bool,
    /// The memory that the files take up.
    held: Option<Held>,
}

impl Posted {
    /// Returns every value of a field, in the order of the form.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the files that were chosen in a field.
    pub(crate) fn files(&self, name: &str) -> &[Upload] {
        self.files.get(name).map_or(&[], Vec::as_slice)
    }

    /// Adds what was written in a field.
    pub(crate) fn add(&mut self, name: String, value: &str) {
        self.fields.entry(name).or_default().push(printable(value));
    }

    /// Adds a file that was chosen in a field.
    pub(crate) fn add_file(&mut self, name: String, file: Upload) {
        self.files.entry(name).or_default().push(file);
    }

    /// Notes that a file was chosen, and dropped.
    pub(crate) fn drop_file(&mut self) {
        self.lacks_files = true;
    }

    /// Whether a file was chosen, and dropped.
    pub(crate) fn lacks_files(&self) -> bool {
        self.lacks_files
    }

    /// Notes what memory the files take up.
    pub(crate) fn hold(&mut self, held: Held) {
        self.held = Some(held);
    }

    /// Returns every field with each of its values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter();
        fields.flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    /// Returns the first value of a field.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Posted {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Posted {
        let mut posted = Posted::default();
        for (name, value) in pairs {
            posted.add(name, &value);
        }
        posted
    }
}

/// Drops control characters, which no one types and no database or report is better for.
fn printable(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect()
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Posted, Problem> {
        match RawForm::from_request(request, state).await {
            Ok(RawForm(bytes)) => Ok(decode(&bytes)?.into_iter().collect()),
            Err(RawFormRejection::BytesRejection(rejection))
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(Problem::TooLarge)
            }
            Err(_) => Err(Problem::Unreadable),
        }
    }
}

/// The most fields that a form may have; the largest page of ours has some hundreds.
pub(crate) const MOST_FIELDS: usize = 10_000;

/// Reads `name=value&…`. Errs where a part is no UTF-8: a guess would store what nobody wrote.
fn decode(bytes: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let parts: Vec<&[u8]> = bytes.split(|b| *b == b'&').filter(|part| !part.is_empty()).collect();
    if parts.len() > MOST_FIELDS {
        return Err(Problem::TooLarge);
    }
    let pair = |part: &[u8]| {
        let middle = part.iter().position(|b| *b == b'=').unwrap_or(part.len());
        let value = part.get(middle + 1..).unwrap_or_default();
        Ok((text(&part[..middle])?, text(value)?))
    };
    parts.into_iter().map(pair).collect()
}

/// Reads a name or a value: `+` is a space, `%C3%A5` an å, and a `%` without two digits itself.
fn text(coded: &[u8]) -> Result<String, Problem> {
    let mut plain = Vec::with_capacity(coded.len());
    let mut rest = coded;
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => plain.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    plain.push(high * 16 + low);
                    rest = after;
                }
                (None, _) | (_, None) => plain.push(b'%'),
            },
            (other, _) => plain.push(*other),
        }
    }
    String::from_utf8(plain).map_err(|_| Problem::Unreadable)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let read = decode(b"navn=%C3%85se+N%c3%a6ss&a=1%2B1%3D2&a=&tom&&x=100%&y=%zz").unwrap();
        let expected = [
            pair("navn", "\u{c5}se N\u{e6}ss"),
            pair("a", "1+1=2"),
            pair("a", ""),
            pair("tom", ""),
            pair("x", "100%"),
            pair("y", "%zz"),
        ];
        assert_eq!(read, expected);
        assert_eq!(decode(b"a=%FF"), Err(Problem::Unreadable));
        assert_eq!(decode("a&".repeat(MOST_FIELDS + 1).as_bytes()), Err(Problem::TooLarge));
    }
}
