//! `plan.yaml`: when a round is in the field, what counts as answered, and how it is estimated.

use jiff::civil::Date;

use crate::Text;

/// The plan of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The first day in the field.
    pub opens: Date,
    /// The last day in the field; links expire when it ends.
    pub closes: Date,
    /// The days on which those who have not answered are reminded.
    pub reminders: Vec<Date>,
    /// When a case counts as answered.
    pub answered: Answered,
    /// Whether "don't know" is in the base of a share.
    pub base: ShareBase,
    /// Which value is published.
    pub estimator: Estimator,
    /// How nonresponse is weighted for.
    pub weighting: Weighting,
    /// When two rounds are said to differ.
    pub change: ChangeRule,
    /// What is too little to be shown.
    pub disclosure: Disclosure,
    /// The day of publication; nothing is public before it.
    pub embargo: Option<Date>,
    /// What was corrected after publication, in the order of the dates.
    pub corrections: Vec<Correction>,
}

/// Something that was wrong in a published report and has been put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The day on which the report was corrected.
    pub date: Date,
    /// What was wrong, and why.
    pub reason: Text,
    /// The figures that changed.
    pub figures: Vec<CorrectedFigure>,
}

/// A figure that has another value than the one that was published.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectedFigure {
    /// Its name in `findings.json`.
    pub id: String,
    /// Its option in `findings.json`; empty where it has none.
    pub option: String,
    /// The value that was published.
    pub was: f64,
}

/// When a case counts as answered: at least this many sections handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The fewest sections.
    pub sections: usize,
}

/// What a share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareBase {
    /// Those who were asked and answered, "don't know" included.
    Answered,
    /// Those who gave a substantive answer.
    Valid,
}

/// Which value is published; the other stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Estimator {
    /// Every respondent counts as one.
    Unweighted,
    /// Respondents stand for those of their cell who did not answer.
    Weighted,
}

/// Response cells: respondents stand for the units with the same frame attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighting {
    /// The frame attributes that make the cells: `size`, `centrality`, `county`, `kind`.
    pub cells: Vec<String>,
    /// A cell with fewer respondents is joined with its neighbour.
    pub smallest_cell: usize,
}

/// When two rounds are said to differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangeRule {
    /// The level of the tests, 0.05 for 95 percent intervals.
    pub level: f64,
    /// "About the same" is claimed when the change is shown to be within this, in percentage points.
    pub same_within: f64,
}

/// What is too little to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The smallest base of a figure.
    pub smallest_base: usize,
    /// The smallest count of a cell in a table by group.
    pub smallest_cell: usize,
    /// Whether distributions over the whole country may show small cells.
    pub publish_national: bool,
}
