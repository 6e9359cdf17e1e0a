//! What of a question is neither text nor option, as it is held against another round.

use crate::{Instrument, Item, Kind, MEGABYTE, Question, Shape};

/// Something of a question that is neither text nor option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Its name.
    Name,
    /// Its kind.
    Kind,
    /// Its section.
    Section,
    /// Who is asked: its condition and its section's.
    Filter,
    /// Whether it must be answered.
    Required,
    /// The lowest number, or the fewest options.
    Min,
    /// The highest number, the most options, or the most megabytes.
    Max,
    /// The most characters.
    MaxLength,
    /// How it is calculated, or what its parts sum to.
    Formula,
    /// In what order options or rows are shown.
    Order,
    /// Whether each row takes several options.
    Several,
    /// What it is filled in with for those who ask for it.
    Prefill,
    /// Which types of file it takes.
    Types,
}

/// Returns every setting of a question; none where it is left out.
pub(super) fn settings(
    question: &Question,
    instrument: &Instrument,
) -> [(Setting, Option<String>); 13] {
    let (min, max, max_length) = bounds(&question.kind);
    let several = matches!(question.kind, Kind::Grid { several: true, .. });
    [
        (Setting::Name, Some(question.id.to_string())),
        (Setting::Kind, Some(question.kind.name().to_owned())),
        (Setting::Section, Some(instrument.sections[question.section].id.to_string())),
        (Setting::Filter, filter(question, instrument)),
        (Setting::Required, demand(question).map(str::to_owned)),
        (Setting::Min, min),
        (Setting::Max, max),
        (Setting::MaxLength, max_length),
        (Setting::Formula, question.formula_source().map(str::to_owned)),
        (Setting::Several, several.then(|| "true".to_owned())),
        (Setting::Prefill, question.prefill.as_ref().map(|prefill| prefill.source.clone())),
        (Setting::Order, Some(question.listing.order.as_str().to_owned())),
        (Setting::Types, types(&question.kind)),
    ]
}

/// How hard an answer is asked for.
fn demand(question: &Question) -> Option<&'static str> {
    match (question.required, question.asked_to_answer) {
        (true, _) => Some("true"),
        (false, true) => Some("asked to answer"),
        (false, false) => None,
    }
}

/// The types of file that a question takes.
fn types(kind: &Kind) -> Option<String> {
    let rule = kind.file_rule(&Item::Whole)?;
    Some(rule.types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "))
}

/// The condition of a question and that of its section, as one expression.
fn filter(question: &Question, instrument: &Instrument) -> Option<String> {
    let section = instrument.sections[question.section].show_if.as_ref();
    match (section, question.show_if.as_ref()) {
        (Some(section), Some(own)) => Some(format!("({}) && ({})", section.source, own.source)),
        (one, other) => one.or(other).map(|condition| condition.source.clone()),
    }
}

/// The lowest, the highest and the longest that a question accepts.
fn bounds(kind: &Kind) -> (Option<String>, Option<String>, Option<String>) {
    fn written<T: ToString>(bound: &Option<T>) -> Option<String> {
        bound.as_ref().map(T::to_string)
    }
    match kind {
        Kind::SelectMultiple { min, max, .. } => (written(min), written(max), None),
        Kind::Range { min, max, .. } | Kind::Year { min, max } => {
            (Some(min.to_string()), Some(max.to_string()), None)
        }
        Kind::Repeat { min, max, .. } => (Some(min.to_string()), Some(max.to_string()), None),
        Kind::Shaped(Shape::Date { min, max }) => (written(min), written(max), None),
        Kind::Integer { min, max, .. } => (written(min), written(max), None),
        Kind::Decimal { min, max, .. } => (written(min), written(max), None),
        Kind::Text { max_length } | Kind::Multiline { max_length } => {
            (None, None, Some(max_length.to_string()))
        }
        Kind::Rank { top, .. } => (None, written(top), None),
        Kind::File(rule) => (None, Some((rule.most / MEGABYTE).to_string()), None),
        Kind::SelectOne { .. }
        | Kind::Grid { .. }
        | Kind::Distribution { .. }
        | Kind::Shaped(_)
        | Kind::Consent { .. }
        | Kind::Calculate { .. }
        | Kind::Note => (None, None, None),
    }
}
