//! Kinds of which the parts are answered together: an order, and the parts of a whole.

use super::choice::rows;
use super::{Kind, KindEntry};
use crate::expression::Case;
use crate::path::CheckMessage;
use crate::read::{Node, Reader};
use crate::{Question, Release, Value, rules};

pub(super) const RANK: KindEntry = KindEntry {
    name: "rank",
    title: "a question of kind `rank`",
    fields: &["rows", "top", "order"],
    about: "Rows that are put in order, 1 for the first. With `top` only so many are ranked, and \
            the others stay blank. No two rows can have the same place.",
    column: "one column for each row, `question.row`: its place, a whole number",
    example: "id: viktigst
kind: rank
text: Hva er viktigst for en god bosetting?
top: 2
rows: { bolig: Bolig, arbeid: Arbeid, skole: Skole, helse: Helse }",
    release: Release::Tables,
    read: |reader, fields, _| {
        let rows = reader.required(fields, "rows", rows);
        let count = |reader: &mut Reader<'_>, node: &Node| {
            reader.integer(node, 1..=1000).and_then(|count| u32::try_from(count).ok())
        };
        let (rows, top) = (rows?, reader.optional(fields, "top", count));
        let needed = top.map_or(2, |top| top as usize);
        if rows.len() < needed {
            let message = format!("{needed} rows are to be ranked, but there are {}", rows.len());
            return reader.report(rules::IMPOSSIBLE_CHOICE, fields.head(), message, None);
        }
        Some(Kind::Rank { rows, top })
    },
};

pub(super) const DISTRIBUTION: KindEntry = KindEntry {
    name: "distribution",
    title: "a question of kind `distribution`",
    fields: &["rows", "total", "unit", "order"],
    about: "Rows that are each given a part of a whole. `total` is a number or an expression over \
            earlier answers; the running sum is shown, and a sum that is another must be mended. \
            Each row needs a number, 0 where it has no part.",
    column: "one column for each row, `question.row`: a number",
    example: "id: tid
kind: distribution
text: Hvordan fordeler arbeidstiden seg?
rows: { veiledning: Veiledning, saker: Saksbehandling, annet: Annet }
total: 100
unit: prosent",
    release: Release::Tables,
    read: |reader, fields, _| {
        let rows = reader.required(fields, "rows", rows);
        // What the total is can be read once every question is known.
        let total = reader.required(fields, "total", |_, node| Some(node));
        let unit = reader.optional(fields, "unit", Reader::text);
        total.and(Some(Kind::Distribution { rows: rows?, unit }))
    },
};

/// How the rows of a question belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// They are put in order, up to the place `top`.
    Order {
        /// The last place.
        top: usize,
    },
    /// They are the parts of a whole.
    Whole,
}

impl Kind {
    /// Returns how the rows are answered together; `None` where each is answered by itself or there
    /// are none.
    pub fn together(&self) -> Option<Together> {
        match self {
            Kind::Rank { rows, top } => {
                Some(Together::Order { top: top.map_or(rows.len(), |top| top as usize) })
            }
            Kind::Distribution { .. } => Some(Together::Whole),
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
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
}

/// How far a sum of parts may lie from the whole: what doubles cannot hold, not what a person
/// rounded.
const CLOSE: f64 = 1e-6;

/// Returns what does not hold of the parts of a question together, and of which of its variables.
pub(crate) fn broken_together<'a>(
    question: &Question,
    case: &Case<'_>,
) -> Option<(usize, CheckMessage<'a>)> {
    match question.kind.together()? {
        Together::Order { .. } => same_place(question, case),
        Together::Whole => other_sum(question, case),
    }
}

fn same_place<'a>(question: &Question, case: &Case<'_>) -> Option<(usize, CheckMessage<'a>)> {
    let place = |variable: usize| match case.answers.get(variable) {
        Some(Value::Integer(place)) => Some(*place),
        Some(_) | None => None,
    };
    let first = question.variables.start;
    question.variables.clone().find_map(|variable| {
        let taken = place(variable)?;
        let twice = (first..variable).any(|before| place(before) == Some(taken));
        twice.then_some((variable, CheckMessage::SamePlace(taken)))
    })
}

/// A sum is wrong where every part is there and makes another whole, or where it is too much
/// already. An unknown whole makes no sum wrong.
fn other_sum<'a>(question: &Question, case: &Case<'_>) -> Option<(usize, CheckMessage<'a>)> {
    let total = question.formula.as_ref()?.checked.evaluate(case)?;
    let (sum, whole) = sum_of_parts(question, case);
    let wrong = sum > total + CLOSE || (whole && sum < total - CLOSE);
    let first = question.variables.clone().find(|variable| !case.answers.leaves_out(*variable));
    first.filter(|_| wrong).map(|variable| (variable, CheckMessage::OtherSum { sum, total }))
}

/// Returns the sum of the parts of a distribution that are there, and whether they all are.
fn sum_of_parts(question: &Question, case: &Case<'_>) -> (f64, bool) {
    let asked = question.variables.clone().filter(|variable| !case.answers.leaves_out(*variable));
    let parts = asked.map(|variable| match case.answers.get(variable) {
        Some(Value::Decimal(part)) => Some(*part),
        Some(_) | None => None,
    });
    let parts: Vec<Option<f64>> = parts.collect();
    (parts.iter().flatten().sum(), parts.iter().all(Option::is_some))
}
