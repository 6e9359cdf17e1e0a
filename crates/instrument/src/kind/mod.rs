//! Kinds of question. Each family has one file: how a kind is written in a questionnaire, what it
//! accepts as an answer, and what the guide says of it. [`KINDS`] lists them all.

mod calculate;
mod choice;
mod file;
mod listed;
mod number;
mod parts;
mod repeat;
mod shape;
mod text;

pub use file::{FileProblem, FileRule, FileType, GivenFile, MEGABYTE, file_name};
pub use shape::{Pattern, Shape, ShapeProblem};

pub(crate) use calculate::calculated;
pub(crate) use choice::check_choice;
pub(crate) use file::GIVEN;
pub use listed::candidates;
pub(crate) use listed::find_listed;
pub(crate) use number::{read_decimal, read_integer};
pub use parts::Together;
pub(crate) use parts::broken_together;
pub(crate) use repeat::rows_of;
pub use text::SPECIFY_LENGTH;
pub(crate) use text::read_text;

use crate::read::{Fields, Reader, Scales};
use crate::{Code, Release, Text};

/// One kind of question, as a questionnaire writes it and the guide tells of it.
#[derive(Clone, Copy)]
pub struct KindEntry {
    /// Its name, the value of the field `kind`.
    pub name: &'static str,
    /// What a message calls it.
    pub title: &'static str,
    /// The fields that it has beside those of every question.
    pub fields: &'static [&'static str],
    /// What it is for, in one or two sentences.
    pub about: &'static str,
    /// What stands in the data set.
    pub column: &'static str,
    /// A question of the kind in YAML, as short as can be.
    pub example: &'static str,
    /// Who may see the answers where the question does not say.
    pub(crate) release: Release,
    /// Reads the fields of its own.
    pub(crate) read: fn(&mut Reader<'_>, Fields<'_>, &mut Scales<'_>) -> Option<Kind>,
}

/// Every kind of question, in the order of the guide.
pub const KINDS: [&KindEntry; 23] = [
    &choice::SELECT_ONE,
    &choice::SELECT_MULTIPLE,
    &choice::GRID,
    &parts::RANK,
    &parts::DISTRIBUTION,
    &choice::CONSENT,
    &number::RANGE,
    &number::INTEGER,
    &number::DECIMAL,
    &number::YEAR,
    &text::TEXT,
    &text::MULTILINE,
    &shape::DATE,
    &shape::MONTH,
    &shape::TIME,
    &shape::EMAIL,
    &shape::URL,
    &shape::ORGANISATION_NUMBER,
    &shape::PATTERN,
    &file::FILE,
    &repeat::REPEAT,
    &calculate::CALCULATE,
    &text::NOTE,
];

/// What can be answered. The names are XLSForm's where XLSForm has one.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Exactly one of several options.
    SelectOne {
        /// The options, in the order that they are shown.
        options: Vec<Choice>,
        /// Whether they come from a list, in which one searches by writing.
        listed: bool,
    },
    /// Any number of options.
    SelectMultiple {
        /// The options, in the order that they are shown.
        options: Vec<Choice>,
        /// The fewest that may be chosen.
        min: Option<u32>,
        /// The most that may be chosen.
        max: Option<u32>,
    },
    /// Rows that are each answered with options of the same scale.
    Grid {
        /// The rows, in the order that they are shown.
        rows: Vec<Row>,
        /// The scale, from its first to its last option.
        options: Vec<Choice>,
        /// Whether each row takes any number of options, and not one.
        several: bool,
    },
    /// Rows that are put in order.
    Rank {
        /// The rows, in the order that they are shown.
        rows: Vec<Row>,
        /// How many of them are to be ranked; all where `None`.
        top: Option<u32>,
    },
    /// Rows that are each given a part of a whole, which is the question's formula.
    Distribution {
        /// The rows, in the order that they are shown.
        rows: Vec<Row>,
        /// What the parts measure: "prosent".
        unit: Option<Text>,
    },
    /// A whole number on a scale with labelled ends.
    Range {
        /// The lowest number.
        min: i64,
        /// The highest number.
        max: i64,
        /// What the lowest number means.
        low: Text,
        /// What the highest number means.
        high: Text,
    },
    /// A whole number.
    Integer {
        /// The lowest number that is accepted.
        min: Option<i64>,
        /// The highest number that is accepted.
        max: Option<i64>,
        /// What is counted, shown after the field: "personer".
        unit: Option<Text>,
    },
    /// A number with decimals.
    Decimal {
        /// The lowest number that is accepted.
        min: Option<f64>,
        /// The highest number that is accepted.
        max: Option<f64>,
        /// What is measured, shown after the field: "årsverk".
        unit: Option<Text>,
    },
    /// A year with four digits.
    Year {
        /// The first year that is accepted.
        min: i64,
        /// The last year that is accepted.
        max: i64,
    },
    /// One line of text.
    Text {
        /// The most characters that are accepted.
        max_length: usize,
    },
    /// Several lines of text.
    Multiline {
        /// The most characters that are accepted.
        max_length: usize,
    },
    /// A text of a given shape: a date, an address, a number with a check digit.
    Shaped(Shape),
    /// A file that is handed over.
    File(FileRule),
    /// A box to tick for what must be agreed to.
    Consent {
        /// The only option: that it is agreed to.
        agree: Choice,
    },
    /// A list of things that each have questions of their own, which stand after it.
    Repeat {
        /// What a row is called.
        each: Text,
        /// The fewest rows.
        min: u32,
        /// The most rows.
        max: u32,
    },
    /// A value that follows from answers; nothing to answer.
    Calculate {
        /// The options that it can be; empty for a number.
        options: Vec<Choice>,
        /// The decimals that a number is rounded to.
        decimals: u32,
        /// What a number counts or measures.
        unit: Option<Text>,
    },
    /// A text between questions; nothing to answer.
    Note,
}

/// An option of a question or of a grid's scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its code, stable over rounds.
    pub code: Code,
    /// What the informant reads.
    pub text: Text,
    /// Whether it is a kind of missing ("don't know") rather than a substantive answer.
    pub missing: Option<MissingKind>,
    /// Whether it shuts out the other options of a multiple choice ("none of these").
    pub exclusive: bool,
    /// The label of the text field that belongs to it ("other, specify").
    pub specify: Option<Text>,
}

impl Choice {
    fn texts_mut(&mut self) -> impl Iterator<Item = &mut Text> {
        std::iter::once(&mut self.text).chain(&mut self.specify)
    }
}

/// A row of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its code, stable over rounds.
    pub code: Code,
    /// What the informant reads.
    pub text: Text,
}

/// Why an answered question carries no substantive value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissingKind {
    /// "Don't know".
    DontKnow,
    /// "Not relevant for us".
    NotRelevant,
    /// "Will not answer".
    WillNotAnswer,
}

impl MissingKind {
    /// Returns its name, as a questionnaire and the store write it.
    pub fn as_str(self) -> &'static str {
        match self {
            MissingKind::DontKnow => "dont_know",
            MissingKind::NotRelevant => "not_relevant",
            MissingKind::WillNotAnswer => "will_not_answer",
        }
    }
}

impl Kind {
    /// Returns its name, as it is written in a questionnaire.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::SelectOne { .. } => "select_one",
            Kind::SelectMultiple { .. } => "select_multiple",
            Kind::Grid { .. } => "grid",
            Kind::Rank { .. } => "rank",
            Kind::Distribution { .. } => "distribution",
            Kind::Range { .. } => "range",
            Kind::Integer { .. } => "integer",
            Kind::Decimal { .. } => "decimal",
            Kind::Text { .. } => "text",
            Kind::Multiline { .. } => "multiline",
            Kind::Year { .. } => "year",
            Kind::Shaped(shape) => shape.name(),
            Kind::File(_) => "file",
            Kind::Consent { .. } => "consent",
            Kind::Repeat { .. } => "repeat",
            Kind::Calculate { .. } => "calculate",
            Kind::Note => "note",
        }
    }

    /// Returns the options of the question or of the grid's scale; of a file, that it was given. Empty
    /// for the other kinds.
    pub fn options(&self) -> &[Choice] {
        match self {
            Kind::SelectOne { options, .. }
            | Kind::SelectMultiple { options, .. }
            | Kind::Grid { options, .. }
            | Kind::Calculate { options, .. } => options,
            Kind::Consent { agree } => std::slice::from_ref(agree),
            Kind::File(_) => file::given(),
            Kind::Rank { .. }
            | Kind::Distribution { .. }
            | Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::Repeat { .. }
            | Kind::Note => &[],
        }
    }

    /// Returns the texts of its options, rows, ends and unit.
    pub(crate) fn texts_mut(&mut self) -> Vec<&mut Text> {
        match self {
            Kind::SelectOne { options, .. } | Kind::SelectMultiple { options, .. } => {
                options.iter_mut().flat_map(Choice::texts_mut).collect()
            }
            Kind::Grid { rows, options, .. } => {
                let options = options.iter_mut().flat_map(Choice::texts_mut);
                rows.iter_mut().map(|row| &mut row.text).chain(options).collect()
            }
            Kind::Rank { rows, .. } => rows.iter_mut().map(|row| &mut row.text).collect(),
            Kind::Distribution { rows, unit } => {
                rows.iter_mut().map(|row| &mut row.text).chain(unit).collect()
            }
            Kind::Calculate { options, unit, .. } => {
                options.iter_mut().flat_map(Choice::texts_mut).chain(unit).collect()
            }
            Kind::Range { low, high, .. } => vec![low, high],
            Kind::Integer { unit, .. } | Kind::Decimal { unit, .. } => unit.iter_mut().collect(),
            Kind::Consent { agree } => agree.texts_mut().collect(),
            Kind::Repeat { each, .. } => vec![each],
            Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Note => vec![],
        }
    }

    /// Returns the fewest options that an answer names, of the kinds of which one chooses options.
    pub fn fewest_choices(&self) -> Option<usize> {
        match self {
            Kind::SelectMultiple { min, .. } => Some(min.map_or(1, |min| min as usize)),
            Kind::SelectOne { .. } | Kind::Grid { .. } => Some(1),
            Kind::Rank { .. }
            | Kind::Distribution { .. }
            | Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Repeat { .. }
            | Kind::Calculate { .. }
            | Kind::Note => None,
        }
    }

    /// Returns the rows of a grid, a ranking or a distribution; empty for the other kinds.
    pub fn rows(&self) -> &[Row] {
        match self {
            Kind::Grid { rows, .. } | Kind::Rank { rows, .. } | Kind::Distribution { rows, .. } => {
                rows
            }
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Repeat { .. }
            | Kind::Calculate { .. }
            | Kind::Note => &[],
        }
    }

    /// Returns what a number counts or measures; `None` for the other kinds.
    pub fn unit(&self) -> Option<&Text> {
        match self {
            Kind::Integer { unit, .. }
            | Kind::Decimal { unit, .. }
            | Kind::Distribution { unit, .. }
            | Kind::Calculate { unit, .. } => unit.as_ref(),
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
            | Kind::Rank { .. }
            | Kind::Range { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Repeat { .. }
            | Kind::Note => None,
        }
    }

    /// Returns the lowest and the highest number that is accepted; none for the kinds that are not
    /// answered with a number.
    pub fn limits(&self) -> (Option<f64>, Option<f64>) {
        let whole = |bound: i64| bound as f64;
        match self {
            Kind::Range { min, max, .. } | Kind::Year { min, max } => {
                (Some(whole(*min)), Some(whole(*max)))
            }
            Kind::Integer { min, max, .. } => (min.map(whole), max.map(whole)),
            Kind::Decimal { min, max, .. } => (*min, *max),
            Kind::Rank { rows, top } => (Some(1.0), Some(top.map_or(rows.len() as f64, f64::from))),
            Kind::Distribution { .. } => (Some(0.0), None),
            Kind::Repeat { min, max, .. } => (Some(f64::from(*min)), Some(f64::from(*max))),
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Calculate { .. }
            | Kind::Note => (None, None),
        }
    }

    /// Whether it is one number.
    pub(crate) fn is_number(&self) -> bool {
        match self {
            Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. } => true,
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
            | Kind::Rank { .. }
            | Kind::Distribution { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Repeat { .. }
            | Kind::Calculate { .. }
            | Kind::Note => false,
        }
    }

    /// Whether an informant answers it. A note and a calculation are only read.
    pub fn is_answered(&self) -> bool {
        match self {
            Kind::Calculate { .. } | Kind::Note => false,
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
            | Kind::Rank { .. }
            | Kind::Distribution { .. }
            | Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::File(_)
            | Kind::Repeat { .. }
            | Kind::Consent { .. } => true,
        }
    }
}
