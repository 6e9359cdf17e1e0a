//! A browser in so far as a form needs one: it keeps a connection and its cookies, follows where it is
//! led, and sends the hidden fields of a form with those that it fills in.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// A browser of one informant.
pub(crate) struct Browser {
    address: SocketAddr,
    /// None before the first request, and after one that failed.
    connection: Option<BufReader<TcpStream>>,
    cookies: Vec<String>,
}

/// What the server answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Where it leads, where it leads anywhere.
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

/// How long a browser waits for an answer.
const PATIENCE: Duration = Duration::from_secs(40);

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Browser {
        Browser { address, connection: None, cookies: vec![] }
    }

    /// Fetches a page; errs where it is not shown.
    pub(crate) fn get(&mut self, path: &str) -> Result<String> {
        let reply = self.send("GET", path, "")?;
        ensure!(reply.status == 200, "{path}: status {}", reply.status);
        Ok(reply.html)
    }

    /// Sends a form; returns where that leads, and errs where it leads nowhere.
    pub(crate) fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<String> {
        let reply = self.send("POST", path, &encode(fields))?;
        ensure!(reply.status == 303, "{path}: status {}", reply.status);
        reply.location.with_context(|| format!("{path}: it leads nowhere"))
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Reply> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let cookies = match self.cookies.is_empty() {
            true => String::new(),
            false => format!("cookie: {}\r\n", self.cookies.join("; ")),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{cookies}sec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        connection.get_mut().write_all(request.as_bytes())?;
        let reply = self.read(&mut connection)?;
        self.connection = Some(connection);
        Ok(reply)
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(BufReader::new(stream))
    }

    fn read(&mut self, connection: &mut BufReader<TcpStream>) -> Result<Reply> {
        let mut line = String::new();
        connection.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no answer of HTTP's: {line:?}"))?;
        let (mut length, mut location) = (None, None);
        loop {
            line.clear();
            connection.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse()?),
                "location" => location = Some(value.to_owned()),
                "set-cookie" => self.keep(value),
                "transfer-encoding" => bail!("an answer in pieces, which is not read here"),
                _ => {}
            }
        }
        let mut body = vec![0; length.context("an answer without its length")?];
        connection.read_exact(&mut body)?;
        Ok(Reply { status, location, html: String::from_utf8(body)? })
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        self.cookies.retain(|kept| kept.split('=').next() != pair.split('=').next());
        self.cookies.push(pair.to_owned());
    }
}

/// Returns the hidden fields of a page.
pub(crate) fn hidden(html: &str) -> Vec<(String, String)> {
    let fields = html.split(r#"<input type="hidden" name=""#).skip(1);
    let field = |rest: &str| {
        let (name, rest) = rest.split_once('"')?;
        let (_, rest) = rest.split_once(r#"value=""#)?;
        Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
    };
    fields.filter_map(field).collect()
}

/// Returns what stands in a field, or which option is chosen; empty where nothing is.
pub(crate) fn field(html: &str, name: &str) -> String {
    let inputs = html.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or(rest));
    let mut named = inputs.filter(|input| input.contains(&format!(r#"name="{name}""#)));
    let filled = |input: &&str| input.contains(r#"type="text""#) || input.ends_with(" checked");
    let value = |input: &str| {
        let (_, rest) = input.split_once(r#"value=""#)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    named.find(filled).and_then(value).unwrap_or_default()
}

fn encode(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_a_page() {
        let html = r#"<input type="hidden" name="seen:tall" value="3.ab12"><input class="input"
            type="text" name="tall" id="f" value="7" autocomplete="off"><label><input type="radio"
            name="a" id="x" value="o1"><input type="radio" name="a" id="y" value="o2" checked>"#;
        assert_eq!(hidden(html), [("seen:tall".to_owned(), "3.ab12".to_owned())]);
        assert_eq!((field(html, "tall"), field(html, "a")), ("7".to_owned(), "o2".to_owned()));
        assert_eq!(field(html, "b"), "");
    }
}
