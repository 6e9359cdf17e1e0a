//! The names that letters use: of the survey, its units and its sections.

use std::collections::BTreeMap;

use instrument::{RoundId, Text};
use jiff::civil::Date;

/// The names that letters use.
#[derive(Clone, Debug)]
pub struct Book {
    /// What the survey is called.
    pub survey: Text,
    /// Who asks.
    pub owner: Text,
    /// The rounds that letters may be about.
    pub rounds: BTreeMap<RoundId, RoundBook>,
    /// Where the pages can be reached, without a slash at the end: `https://svar.example.no`.
    pub base_url: String,
    /// Makes PDFs of what letters enclose; `None` where the program has been built without.
    pub print: Option<Print>,
}

/// Returns a page as PDF: given its HTML, the date that it bears and what stands above its title. Errs
/// with what is wrong with the page, which is our fault.
pub type Print = fn(page: &str, date: Date, subtitle: &str) -> Result<Vec<u8>, String>;

/// The names of one round.
#[derive(Clone, Debug)]
pub struct RoundBook {
    /// What the units are called, by their numbers.
    pub units: BTreeMap<String, String>,
    /// What the sections are called, by their ids.
    pub sections: BTreeMap<String, Text>,
}
