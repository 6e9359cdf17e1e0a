//! The texts of a question, each by the part that it belongs to.

use crate::{Choice, Code, Condition, Kind, Question, Row, Text};

/// A text of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// The question itself.
    Text,
    /// Its help.
    Help,
    /// How it is answered.
    Instruction,
    /// The unit behind its field.
    Unit,
    /// What a row of a list is called.
    Each,
    /// What asks for the reason of an unusual answer.
    Reason,
    /// What the lowest number of a range means.
    Low,
    /// What the highest number of a range means.
    High,
    /// An option.
    Option(&'a Code),
    /// The label of an option's text field.
    Specify(&'a Code),
    /// A row of a grid.
    Row(&'a Code),
}

impl Part<'_> {
    /// Whether a question has the option or row that the part belongs to.
    pub(super) fn fits(&self, question: &Question) -> bool {
        match self {
            Part::Option(code) | Part::Specify(code) => question.option(code.as_str()).is_some(),
            Part::Row(code) => question.kind.rows().iter().any(|row| row.code == **code),
            Part::Text
            | Part::Help
            | Part::Instruction
            | Part::Unit
            | Part::Each
            | Part::Reason
            | Part::Low
            | Part::High => true,
        }
    }
}

/// The options and rows of a question, in order.
pub(super) fn listed(question: &Question) -> impl Iterator<Item = (Part<'_>, &Text)> {
    let options = question.kind.options().iter();
    let options = options.map(|Choice { code, text, .. }| (Part::Option(code), text));
    options.chain(question.kind.rows().iter().map(|Row { code, text }| (Part::Row(code), text)))
}

/// The options and rows of a question, each with the condition that it is offered under.
pub(super) fn conditions(question: &Question) -> impl Iterator<Item = (Part<'_>, Option<&str>)> {
    let listing = &question.listing;
    let options = (0..).zip(question.kind.options());
    let options =
        options.map(|(place, o)| (Part::Option(&o.code), source(&listing.options, place)));
    let rows = (0..).zip(question.kind.rows());
    options.chain(rows.map(|(place, row)| (Part::Row(&row.code), source(&listing.rows, place))))
}

fn source(conditions: &[Option<Condition>], place: usize) -> Option<&str> {
    conditions.get(place)?.as_ref().map(|condition| condition.source.as_str())
}

/// All texts of a question.
pub(super) fn texts(question: &Question) -> Vec<(Part<'_>, &Text)> {
    let unit = question.kind.unit();
    let ends = match &question.kind {
        Kind::Range { low, high, .. } => vec![(Part::Low, low), (Part::High, high)],
        Kind::Repeat { each, .. } => vec![(Part::Each, each)],
        Kind::Consent { .. }
        | Kind::SelectOne { .. }
        | Kind::SelectMultiple { .. }
        | Kind::Grid { .. }
        | Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::File(_)
        | Kind::Calculate { .. }
        | Kind::Note => vec![],
    };
    let options = question.kind.options().iter();
    let specify = options.filter_map(|o| Some((Part::Specify(&o.code), o.specify.as_ref()?)));
    [(Part::Text, &question.text)]
        .into_iter()
        .chain(question.help.as_ref().map(|help| (Part::Help, help)))
        .chain(question.instruction.as_ref().map(|text| (Part::Instruction, text)))
        .chain(unit.map(|unit| (Part::Unit, unit)))
        .chain(question.reason.as_ref().map(|reason| (Part::Reason, reason)))
        .chain(ends)
        .chain(listed(question))
        .chain(specify)
        .collect()
}
