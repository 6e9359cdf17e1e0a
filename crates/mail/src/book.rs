//! The names that letters use: of the survey, its units and its sections.

use std::collections::BTreeMap;

use instrument::{RoundId, Text};

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
}

/// The names of one round.
#[derive(Clone, Debug)]
pub struct RoundBook {
    /// What the units are called, by their numbers.
    pub units: BTreeMap<String, String>,
    /// What the sections are called, by their ids.
    pub sections: BTreeMap<String, Text>,
}
