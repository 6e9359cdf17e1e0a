//! Where letters go: what the command line says of it, and the names that letters use.

use std::net::SocketAddr;

use mail::{Book, Courier, RoundBook, Route};

use crate::failure::refused;
use crate::folder::{Folder, Round};

/// How letters leave.
#[derive(Debug, clap::Args)]
pub struct Post {
    /// Send letters to colleagues: smtps://USER@HOST, smtp://HOST:PORT (over TLS unless it is this
    /// machine) or file:DIR; a password is taken from RUNDE_MAIL_PASSWORD [default: links are
    /// shown for the reader to pass on]
    #[arg(long, value_name = "ROUTE", env = "RUNDE_MAIL")]
    mail: Option<Route>,
    /// Whom letters are from
    #[arg(long, value_name = "ADDRESS", default_value = NOBODY, env = "RUNDE_MAIL_FROM")]
    mail_from: String,
    /// Where the pages are reached from outside, for the links in letters [default: the address
    /// that is listened on]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

/// The sender of letters where nobody has said who it is.
const NOBODY: &str = "Runde <runde@localhost>";

impl Post {
    /// Returns who carries the letters; `None` where none are sent. The password does not come
    /// through the arguments: everybody on the machine can read those.
    pub fn courier(&self) -> anyhow::Result<Option<Courier>> {
        let Some(route) = &self.mail else { return Ok(None) };
        let password = std::env::var_os("RUNDE_MAIL_PASSWORD")
            .map(std::ffi::OsString::into_string)
            .transpose()
            .map_err(|_| refused("RUNDE_MAIL_PASSWORD is no text"))?;
        Ok(Some(Courier::new(route, &self.mail_from, password).map_err(refused)?))
    }

    /// Returns where the pages are reached, without a slash at the end.
    pub fn base_url(&self, listening: SocketAddr) -> String {
        match &self.base_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{listening}"),
        }
    }
}

/// Returns a courier that puts letters into a folder.
pub fn into_folder(folder: std::path::PathBuf) -> anyhow::Result<Courier> {
    Ok(Courier::new(&Route::Folder(folder), NOBODY, None)?)
}

/// Returns the names that letters use.
pub fn book(folder: &Folder, base_url: String) -> Book {
    Book {
        survey: folder.survey.title.clone(),
        owner: folder.survey.owner.clone(),
        rounds: folder.rounds.iter().map(|(id, round)| (*id, names(round))).collect(),
        base_url,
        print: crate::print::receipts(),
    }
}

fn names(round: &Round) -> RoundBook {
    let units = round.frame.units.iter();
    let sections = round.instrument.sections.iter();
    RoundBook {
        units: units.map(|unit| (unit.id.to_string(), unit.name.clone())).collect(),
        sections: sections.map(|s| (s.id.to_string(), s.title.clone())).collect(),
    }
}
