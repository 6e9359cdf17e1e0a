//! Where mail goes, as it is written on the command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Where mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To an e-mail server.
    Smtp(Server),
    /// Into a folder, a file for each letter.
    Folder(PathBuf),
}

/// An e-mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) user: Option<String>,
    pub(crate) safety: Safety,
}

/// How what is sent is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// TLS from the first byte.
    Tls,
    /// TLS after a greeting, or nothing is sent.
    StartTls,
    /// Nothing leaves this machine.
    Loopback,
}

/// The text does not say where mail goes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRoute {
    /// Neither of the three forms.
    #[error(
        "`{0}` does not say where mail goes; give smtp://HOST:PORT, smtps://HOST or file:FOLDER"
    )]
    Form(String),
    /// A password where everybody on the machine can read it.
    #[error(
        "a password on the command line can be read by everybody on this machine; put it into the \
         environment variable RUNDE_MAIL_PASSWORD"
    )]
    Password,
    /// A port that is none.
    #[error("`{0}` is no port; give a number between 1 and 65535")]
    Port(String),
}

impl FromStr for Route {
    type Err = InvalidRoute;

    fn from_str(text: &str) -> Result<Route, InvalidRoute> {
        let wrong = || InvalidRoute::Form(text.to_owned());
        if let Some(folder) = text.strip_prefix("file:") {
            return match folder {
                "" => Err(wrong()),
                folder => Ok(Route::Folder(PathBuf::from(folder))),
            };
        }
        let (tls, rest) = match text.split_once("://") {
            Some(("smtp", rest)) => (false, rest),
            Some(("smtps", rest)) => (true, rest),
            _ => return Err(wrong()),
        };
        server(tls, rest.trim_end_matches('/'), wrong).map(Route::Smtp)
    }
}

/// Reads `USER@HOST:PORT`; user and port may be left out. The user's name may hold an `@`.
fn server(tls: bool, rest: &str, wrong: impl Fn() -> InvalidRoute) -> Result<Server, InvalidRoute> {
    let (user, place) = match rest.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, rest),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(InvalidRoute::Password);
    }
    let (host, port) = host_and_port(place)?;
    if host.is_empty() || host.contains(['/', ' ']) {
        return Err(wrong());
    }
    let safety = match (tls, is_here(host)) {
        (true, _) => Safety::Tls,
        (false, true) => Safety::Loopback,
        (false, false) => Safety::StartTls,
    };
    let usual = if tls { 465 } else { 587 };
    let user = user.map(str::to_owned);
    Ok(Server { host: host.to_owned(), port: port.unwrap_or(usual), user, safety })
}

/// Parts a host from its port; an address of IPv6 stands in brackets.
fn host_and_port(place: &str) -> Result<(&str, Option<u16>), InvalidRoute> {
    if let Some((host, rest)) = place.strip_prefix('[').and_then(|p| p.split_once(']')) {
        return Ok((host, rest.strip_prefix(':').map(port).transpose()?));
    }
    match place.rsplit_once(':') {
        Some((host, number)) => Ok((host, Some(port(number)?))),
        None => Ok((place, None)),
    }
}

fn port(number: &str) -> Result<u16, InvalidRoute> {
    let port = number.parse().ok().filter(|port| *port != 0);
    port.ok_or_else(|| InvalidRoute::Port(number.to_owned()))
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, port: u16, user: Option<&str>, safety: Safety) {
        let user = user.map(str::to_owned);
        let server = Server { host: host.to_owned(), port, user, safety };
        assert_eq!(text.parse(), Ok(Route::Smtp(server)), "{text}");
    }

    #[test]
    fn servers_are_reached_over_tls_unless_they_are_here() {
        check("smtps://post.example.no", "post.example.no", 465, None, Safety::Tls);
        check("smtp://post.example.no/", "post.example.no", 587, None, Safety::StartTls);
        check("smtp://kari@x.no@post.no:25", "post.no", 25, Some("kari@x.no"), Safety::StartTls);
        check("smtp://127.0.0.1:2525", "127.0.0.1", 2525, None, Safety::Loopback);
        check("smtp://[::1]:2525", "::1", 2525, None, Safety::Loopback);
        check("smtps://localhost:4465", "localhost", 4465, None, Safety::Tls);
        // A name that only looks as if it were here.
        check("smtp://127.0.0.1.no", "127.0.0.1.no", 587, None, Safety::StartTls);
    }

    #[test]
    fn what_is_no_route_says_so() {
        assert_eq!("file:post".parse(), Ok(Route::Folder("post".into())));
        for text in ["", "post.no", "file:", "http://post.no", "smtp://", "smtp://a b"] {
            assert_eq!(text.parse::<Route>(), Err(InvalidRoute::Form(text.to_owned())));
        }
        let secret = "smtp://kari:hemmelig@post.no".parse::<Route>().unwrap_err();
        assert_eq!(secret, InvalidRoute::Password);
        assert!(!secret.to_string().contains("hemmelig"));
        assert_eq!("smtp://a:0".parse::<Route>(), Err(InvalidRoute::Port("0".to_owned())));
    }
}
