//! A form of several parts, as it comes: `multipart/form-data` of RFC 7578, as browsers write it.
//!
//! A crate would do, but for one thing: the one that `axum` brings takes in all that has arrived before
//! it looks at any of it, so that whoever sends fast fills the memory. Here the next piece of the body is
//! asked for when the last one has been used up.

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt;

use crate::problem::Problem;

/// A form that is being read.
pub(crate) struct Multipart {
    body: BodyDataStream,
    /// What stands before each part and after the last one: a line break and the boundary.
    mark: Vec<u8>,
    /// What has come; it is used up to `used`.
    come: Vec<u8>,
    used: usize,
    /// How many bytes may come yet.
    left: u64,
    /// Whether the mark after the content of a part is still to come.
    inside: bool,
}

/// What stands over a part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The field that it is of.
    pub(crate) name: String,
    /// What the file is called; `None` for what is no file.
    pub(crate) file: Option<String>,
}

/// The longest head of a part; browsers write a few hundred bytes.
const LONGEST_HEAD: usize = 8 * 1024;

/// The longest boundary (RFC 2046, 5.1.1).
const LONGEST_BOUNDARY: usize = 70;

impl Multipart {
    /// Begins a form of so many bytes at most. Errs where its type names no boundary.
    pub(crate) fn new(kind: &str, body: Body, most: u64) -> Result<Multipart, Problem> {
        let boundary = boundary(kind).ok_or(Problem::Unreadable)?;
        let mark = format!("\r\n--{boundary}").into_bytes();
        // The first mark may stand at the very beginning, without a line break of its own.
        let (body, come) = (body.into_data_stream(), b"\r\n".to_vec());
        Ok(Multipart { body, mark, come, used: 0, left: most, inside: true })
    }

    /// Goes on to the next part; what is left of the last one is dropped. Returns `None` after the last.
    pub(crate) async fn part(&mut self) -> Result<Option<Head>, Problem> {
        while self.content().await?.is_some() {}
        while self.rest().len() < 2 {
            self.more().await?;
        }
        if self.rest().starts_with(b"--") {
            return Ok(None);
        }
        const END: &[u8] = b"\r\n\r\n";
        let end = loop {
            match find(self.rest(), END) {
                Some(end) if end <= LONGEST_HEAD => break end,
                None if self.rest().len() <= LONGEST_HEAD => self.more().await?,
                Some(_) | None => return Err(Problem::Unreadable),
            }
        };
        let head = head(&self.rest()[..end]).ok_or(Problem::Unreadable)?;
        self.used += end + END.len();
        self.inside = true;
        Ok(Some(head))
    }

    /// Returns the next piece of the content of the part; `None` at its end.
    pub(crate) async fn content(&mut self) -> Result<Option<Bytes>, Problem> {
        while self.inside {
            let (sure, mark) = match find(self.rest(), &self.mark) {
                Some(end) => (end, self.mark.len()),
                // The mark may have begun.
                None => (self.rest().len().saturating_sub(self.mark.len() - 1), 0),
            };
            let piece = Bytes::copy_from_slice(&self.rest()[..sure]);
            self.used += sure + mark;
            self.inside = mark == 0;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
            if self.inside {
                self.more().await?;
            }
        }
        Ok(None)
    }

    fn rest(&self) -> &[u8] {
        &self.come[self.used..]
    }

    /// Waits for the next piece of the body. Errs at its end: a form ends with a mark.
    async fn more(&mut self) -> Result<(), Problem> {
        let piece = self.body.next().await.and_then(Result::ok).ok_or(Problem::Unreadable)?;
        self.left = self.left.checked_sub(piece.len() as u64).ok_or(Problem::TooLarge)?;
        self.come.drain(..self.used);
        self.used = 0;
        self.come.extend_from_slice(&piece);
        Ok(())
    }
}

/// Whether a body of this type is a form of several parts.
pub(crate) fn is_multipart(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("multipart/form-data")
}

/// Returns the boundary that the type of a body names.
fn boundary(kind: &str) -> Option<&str> {
    let named = kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    (1..=LONGEST_BOUNDARY).contains(&named.len()).then_some(named)
}

/// Returns where something begins that begins with a line break.
fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + within[from..].iter().position(|byte| *byte == b'\r')?;
        if within[at..].starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Reads what stands over a part. A field has a name that is text; of the name of a file, what is no
/// text is left out later.
fn head(bytes: &[u8]) -> Option<Head> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let mut parameters = parameters(line);
    if !parameters.next()?.0.eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file) = (None, None);
    for (parameter, value) in parameters {
        match parameter.to_ascii_lowercase().as_str() {
            "name" => name = name.or(value),
            "filename" => file = file.or(value),
            _ => {}
        }
    }
    let name = name.filter(|name| !name.contains(char::REPLACEMENT_CHARACTER))?;
    Some(Head { name, file })
}

/// Splits `form-data; name="a"; filename="b; c.pdf"` into its parameters. Browsers write a quotation
/// mark within a value as `%22`, and line breaks likewise (HTML standard, multipart form data).
fn parameters(line: &str) -> impl Iterator<Item = (&str, Option<String>)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['=', ';']).unwrap_or(rest.len());
        let name = rest[..end].trim();
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else { return Some((name, None)) };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        rest = after;
        let value = value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
        Some((name, Some(value)))
    })
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    const KIND: &str = "multipart/form-data; boundary=x";

    /// Reads a form that comes in pieces of so many bytes.
    async fn read(
        kind: &str,
        form: &[u8],
        size: usize,
        most: u64,
    ) -> Result<Vec<(Head, Vec<u8>)>, Problem> {
        let pieces: Vec<_> =
            form.chunks(size).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let mut form = Multipart::new(kind, Body::from_stream(stream::iter(pieces)), most)?;
        let mut parts = vec![];
        while let Some(head) = form.part().await? {
            let mut content = vec![];
            while let Some(piece) = form.content().await? {
                content.extend(piece);
            }
            parts.push((head, content));
        }
        Ok(parts)
    }

    fn part(name: &str, file: Option<&str>, content: &[u8]) -> (Head, Vec<u8>) {
        (Head { name: name.into(), file: file.map(str::to_owned) }, content.to_vec())
    }

    #[tokio::test]
    async fn forms_are_read_as_browsers_write_them_however_they_come() {
        let form = b"before\r\n--x\r\nContent-Disposition: form-data; name=\"navn\"\r\n\r\n\xc3\xa5\r\n\
            --x\r\ncontent-disposition: form-data; name=\"plan\"; filename=\"a; %22b%22.pdf\"\r\n\
            Content-Type: application/pdf\r\n\r\n%PDF-\r\n--\r\n-x\r\n--y\r\n\
            --x\r\nContent-Disposition: form-data; name=tom; filename=\"\"\r\n\r\n\r\n--x--\r\nafter";
        let expected = [
            part("navn", None, "å".as_bytes()),
            part("plan", Some("a; \"b\".pdf"), b"%PDF-\r\n--\r\n-x\r\n--y"),
            part("tom", Some(""), b""),
        ];
        for size in 1..=form.len() {
            let parts = read(KIND, form, size, 10_000).await;
            assert_eq!(parts.as_deref(), Ok(&expected[..]), "in pieces of {size}");
        }
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        let head = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
        let long = format!("--x\r\nContent-Disposition: form-data; name=\"{}\"", "a".repeat(9000));
        let large = format!("{head}{}\r\n--x--", "b".repeat(20_000));
        for (kind, form, problem) in [
            ("multipart/form-data", head, Problem::Unreadable),
            ("multipart/form-data; boundary=", head, Problem::Unreadable),
            (KIND, "", Problem::Unreadable),
            (KIND, "--y--", Problem::Unreadable),
            (KIND, "--x", Problem::Unreadable),
            (KIND, head, Problem::Unreadable),
            (KIND, "--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--", Problem::Unreadable),
            (KIND, "--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x--", Problem::Unreadable),
            (KIND, long.as_str(), Problem::Unreadable),
            (KIND, large.as_str(), Problem::TooLarge),
        ] {
            for size in [1, 7, 100_000] {
                let read = read(kind, form.as_bytes(), size, 15_000).await;
                assert_eq!(read.unwrap_err(), problem, "{kind} {}", &form[..form.len().min(60)]);
            }
        }
        let bad = b"--x\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\na\r\n--x--";
        assert_eq!(read(KIND, bad, 9, 1000).await, Err(Problem::Unreadable));
        let file = b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\xff.pdf\"\r\n\r\n\r\n--x--";
        assert_eq!(
            read(KIND, file, 9, 1000).await.unwrap(),
            [part("a", Some("\u{fffd}.pdf"), b"")]
        );
    }
}
