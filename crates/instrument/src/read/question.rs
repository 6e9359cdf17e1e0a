//! Reads questions. Their conditions are read later, when every question is known.

use std::collections::BTreeSet;

use super::options::{Scales, missing_boxes};
use super::reader::{Fields, Reader};
use super::trend::trend;
use super::yaml::Node;
use crate::expression::RESERVED_NAMES;
use crate::prefill::PREFILL;
use crate::question::REASON;
use crate::rules;
use crate::{
    Filling, KINDS, Kind, KindEntry, Listing, Order, Prefill, Question, QuestionId, Release,
    RoundId,
};

/// The fields that every question has, those of each that fills a column, and those of each that
/// is answered.
const COMMON: [&str; 5] = ["id", "kind", "text", "help", "show_if"];
const KEPT: [&str; 4] = ["checks", "reason", "trend", "release"];
const ANSWERED: [&str; 4] = ["instruction", "required", "asked_to_answer", "prefill"];

/// What the questions of a questionnaire have in common while they are read.
pub(super) struct Questions<'n> {
    pub(super) round: Option<RoundId>,
    pub(super) scales: Scales<'n>,
    pub(super) ids: BTreeSet<QuestionId>,
}

impl Questions<'_> {
    /// Reads a question of the section with the index `section`.
    pub(super) fn question(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        section: usize,
    ) -> Option<Question> {
        // Which fields are known depends on the kind; an unknown one hides its other mistakes.
        let any = reader.mapping(node, "a question")?;
        let words = KINDS.map(|entry| (entry.name, entry));
        let entry = reader.required(any, "kind", |reader, node| reader.word(node, &words))?;
        let fields = reader.fields(node, entry.title, &known(entry))?;
        let id = reader.required(fields, "id", |reader, node| self.id(reader, node));
        let text = reader.required(fields, "text", Reader::text);
        let help = reader.optional(fields, "help", Reader::text);
        let instruction = reader.optional(fields, "instruction", Reader::text);
        let kind = (entry.read)(reader, fields, &mut self.scales);
        let order = reader.optional(fields, "order", order);
        let missing = reader.optional(fields, "missing", missing_boxes).unwrap_or_default();
        let required = reader.optional(fields, "required", Reader::flag).unwrap_or(false);
        let asked_to_answer = reader.optional(fields, "asked_to_answer", Reader::flag);
        let asked_to_answer = asked_to_answer.unwrap_or(false);
        if let (true, true, Some(node)) = (required, asked_to_answer, fields.get("asked_to_answer"))
        {
            let message = "the question must be answered anyway";
            reader.report::<()>(rules::IDLE_DEMAND, node.span.clone(), message, None);
        }
        let reason = reader.optional(fields, "reason", Reader::text);
        if let (Some(kind), Some(node)) = (&kind, fields.get("reason")) {
            check_column_name(reader, kind, node, (REASON, "the reason"));
        }
        // Where it comes from can be read once every question is known.
        let prefill = reader.optional(fields, "prefill", Reader::scalar);
        let prefill = prefill.filter(|_| kind.as_ref().is_some_and(Kind::is_answered));
        if let (Some(kind), Some(node)) = (&kind, fields.get("prefill")) {
            check_column_name(reader, kind, node, (PREFILL, "what was filled in"));
        }
        let release = reader.optional(fields, "release", release).unwrap_or(entry.release);
        let options = kind.as_ref().map(Kind::options).unwrap_or_default();
        let trend = reader
            .optional(fields, "trend", |reader, node| trend(reader, node, self.round, options));
        Some(Question {
            id: id?,
            section,
            row: None,
            kind: kind?,
            text: text?,
            help,
            instruction,
            show_if: None,
            listing: Listing { order: order.unwrap_or_default(), ..Listing::default() },
            required,
            asked_to_answer,
            missing,
            formula: None,
            calculation: None,
            checks: vec![],
            reason,
            prefill: prefill
                .map(|source| Prefill { source: source.to_owned(), from: Filling::Unread }),
            trend,
            release,
            variables: 0..0,
        })
    }

    fn id(&mut self, reader: &mut Reader<'_>, node: &Node) -> Option<QuestionId> {
        let id: QuestionId = reader.new_name(node, &mut self.ids)?;
        if !RESERVED_NAMES.contains(&id.as_str()) {
            return Some(id);
        }
        let message = format!("`{id}` has a meaning of its own in conditions");
        reader.report(rules::RESERVED_NAME, node.span.clone(), message, None)
    }
}

/// Reports a row or an option with a text that has the name of a column beside the answer's.
fn check_column_name(
    reader: &mut Reader<'_>,
    kind: &Kind,
    node: &Node,
    (name, what): (&str, &str),
) {
    let rows = kind.rows().iter().map(|row| &row.code);
    let options = kind.options().iter().filter(|option| option.specify.is_some());
    if rows.chain(options.map(|option| &option.code)).any(|code| code.as_str() == name) {
        let message = format!("`{name}` is what the column of {what} is called");
        let hint = Some("give the row or option another code".to_owned());
        reader.report::<()>(rules::DUPLICATE_NAME, node.head(), message, hint);
    }
}

/// Returns the fields of a kind of question.
pub(crate) fn known(entry: &KindEntry) -> Vec<&'static str> {
    let (answered, kept): (&[&str], &[&str]) = match entry.name {
        "note" => (&[], &[]),
        "calculate" => (&[], &KEPT),
        // What is answered in the rows has the rest.
        "repeat" => (&["instruction", "required"], &["checks", "trend", "release"]),
        _ => (&ANSWERED, &KEPT),
    };
    [&COMMON, entry.fields, answered, kept].concat()
}

/// Reads `min` and `max`, which may both be left out.
pub(crate) fn bounds<T: PartialOrd + Copy>(
    reader: &mut Reader<'_>,
    fields: Fields<'_>,
    read: impl Fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<(Option<T>, Option<T>)> {
    let min = reader.optional(fields, "min", &read);
    let max = reader.optional(fields, "max", &read);
    match (min, max) {
        (Some(low), Some(high)) if low > high => min_above_max(reader, fields),
        bounds => Some(bounds),
    }
}

pub(crate) fn min_above_max<T>(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<T> {
    let span = fields.get("min").map_or(fields.head(), |node| node.span.clone());
    let message = "the lowest number is not below the highest";
    reader.report(rules::MIN_ABOVE_MAX, span, message, None)
}

fn order(reader: &mut Reader<'_>, node: &Node) -> Option<Order> {
    reader.word(node, &[Order::Fixed, Order::Sorted, Order::Random].map(|o| (o.as_str(), o)))
}

fn release(reader: &mut Reader<'_>, node: &Node) -> Option<Release> {
    let words =
        [("open", Release::Open), ("tables", Release::Tables), ("internal", Release::Internal)];
    reader.word(node, &words)
}
