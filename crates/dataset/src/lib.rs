//! What we know: the frozen data of one round, the waist of the program.
//!
//! Everything to the left of it collects, everything to the right of it estimates and tells. A
//! [`DataSet`] knows no SQL and no HTTP, and has no place for contacts: answers, frame attributes
//! and dispositions are all it can hold.

mod check;
mod codebook;
mod codec;
mod column;
mod links;

pub use check::Flaw;
pub use codebook::{CodebookOption, CodebookVariable, Lineage};
pub use codec::{CodecError, decode, encode};
pub use column::{Cell, Column, Missing};

use frame::{Disposition, Dispositions, UnitId, UnitKind};
use instrument::{Code, Hash, RoundId, SurveyId, Text};
use jiff::Timestamp;
use jiff::civil::Date;

/// The frozen data of one round: a row for every unit that was invited, whether it answered or not.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// Where it comes from.
    pub provenance: Provenance,
    /// The units that were invited, sorted by id; all of them, since the frame is a finite
    /// population that the answers stand for.
    pub units: Vec<UnitRow>,
    /// The classes of population that [`UnitRow::size`] names, from the smallest.
    pub size_classes: Vec<(Code, Text)>,
    /// How many units came to count as answered on each day, in order; empty where it is not known. No
    /// unit is told by its day.
    pub answered_on: Vec<(Date, usize)>,
    /// What each column holds.
    pub variables: Vec<CodebookVariable>,
    /// The values, a column for each variable and in each a cell for each unit.
    pub columns: Vec<Column>,
}

/// Where a data set comes from: the hashes of its parents in the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The survey.
    pub survey: SurveyId,
    /// The round.
    pub round: RoundId,
    /// The questionnaire that was asked.
    pub instrument: Hash,
    /// The frame that was invited.
    pub sample: Hash,
    /// The answers, with their versions.
    pub responses: Hash,
    /// When it was frozen.
    pub frozen_at: Timestamp,
    /// Whether any answer was drawn by `runde simulate`; whatever is published says so.
    pub simulated: bool,
}

/// One unit of the frame and how its case ended.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitRow {
    /// Its official number.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The number of its county.
    pub county_id: String,
    /// The name of its county.
    pub county: String,
    /// How many live there.
    pub population: u64,
    /// Its class of population.
    pub size: Code,
    /// Its class of centrality, from 1 (most central) to 6.
    pub centrality: u8,
    /// Its KOSTRA group.
    pub kostra_group: u8,
    /// How its case ended.
    pub disposition: Disposition,
}

impl DataSet {
    /// Returns the variable with this name and its column.
    pub fn variable(&self, name: &str) -> Option<(&CodebookVariable, &Column)> {
        let index = self.variables.iter().position(|variable| variable.name == name)?;
        Some((&self.variables[index], &self.columns[index]))
    }

    /// Returns how many cases ended in which way.
    pub fn dispositions(&self) -> Dispositions {
        self.units.iter().map(|unit| unit.disposition).collect()
    }

    /// Returns the hash of the canonical bytes: what a published figure names as its source.
    pub fn hash(&self) -> Hash {
        Hash::of(encode(self))
    }
}
