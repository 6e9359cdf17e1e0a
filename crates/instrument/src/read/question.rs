//! Reads questions. Their conditions are read later, when every question is known.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use super::options::{Scales, check_fit, report_same};
use super::reader::{Fields, Reader};
use super::trend::trend;
use super::yaml::Node;
use crate::expression::RESERVED_NAMES;
use crate::rules;
use crate::{Choice, Kind, Question, QuestionId, Release, RoundId, Row};

/// The kinds by their names in the file.
#[derive(Clone, Copy)]
enum KindName {
    SelectOne,
    SelectMultiple,
    Grid,
    Range,
    Integer,
    Decimal,
    Text,
    Multiline,
    Note,
}

const KINDS: [(&str, KindName); 9] = [
    ("select_one", KindName::SelectOne),
    ("select_multiple", KindName::SelectMultiple),
    ("grid", KindName::Grid),
    ("range", KindName::Range),
    ("integer", KindName::Integer),
    ("decimal", KindName::Decimal),
    ("text", KindName::Text),
    ("multiline", KindName::Multiline),
    ("note", KindName::Note),
];

/// The fields that every question has, and those of every question but a note.
const COMMON: [&str; 5] = ["id", "kind", "text", "help", "show_if"];
const ANSWERED: [&str; 4] = ["required", "checks", "trend", "release"];

/// The bounds of whole numbers: those that a double holds exactly.
const WHOLE: RangeInclusive<i64> = -9_007_199_254_740_992..=9_007_199_254_740_992;

/// The most steps of a range, each of which is a field to choose on the page.
const MOST_STEPS: i64 = 100;

impl KindName {
    /// Returns the fields that this kind has beside the common ones.
    fn fields(self) -> &'static [&'static str] {
        match self {
            KindName::SelectOne => &["options"],
            KindName::SelectMultiple => &["options", "min", "max"],
            KindName::Grid => &["rows", "options"],
            KindName::Range => &["min", "max", "low", "high"],
            KindName::Integer | KindName::Decimal => &["min", "max", "unit"],
            KindName::Text | KindName::Multiline => &["max_length"],
            KindName::Note => &[],
        }
    }

    /// Returns what a message calls it.
    fn title(self) -> &'static str {
        match self {
            KindName::SelectOne => "a question of kind `select_one`",
            KindName::SelectMultiple => "a question of kind `select_multiple`",
            KindName::Grid => "a question of kind `grid`",
            KindName::Range => "a question of kind `range`",
            KindName::Integer => "a question of kind `integer`",
            KindName::Decimal => "a question of kind `decimal`",
            KindName::Text => "a question of kind `text`",
            KindName::Multiline => "a question of kind `multiline`",
            KindName::Note => "a note",
        }
    }

    fn release(self) -> Release {
        match self {
            // An open answer may name a person.
            KindName::Text | KindName::Multiline => Release::Internal,
            KindName::SelectOne
            | KindName::SelectMultiple
            | KindName::Grid
            | KindName::Range
            | KindName::Integer
            | KindName::Decimal
            | KindName::Note => Release::Tables,
        }
    }
}

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
        let name = reader.required(any, "kind", |reader, node| reader.word(node, &KINDS))?;
        let fields = reader.fields(node, name.title(), &known(name))?;
        let id = reader.required(fields, "id", |reader, node| self.id(reader, node));
        let text = reader.required(fields, "text", Reader::text);
        let help = reader.optional(fields, "help", Reader::text);
        let kind = self.kind(reader, name, fields);
        let required = reader.optional(fields, "required", Reader::flag).unwrap_or(false);
        let release = reader.optional(fields, "release", release).unwrap_or(name.release());
        let options = kind.as_ref().map(Kind::options).unwrap_or_default();
        let trend = reader
            .optional(fields, "trend", |reader, node| trend(reader, node, self.round, options));
        Some(Question {
            id: id?,
            section,
            kind: kind?,
            text: text?,
            help,
            show_if: None,
            required,
            checks: vec![],
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

    fn kind(
        &mut self,
        reader: &mut Reader<'_>,
        name: KindName,
        fields: Fields<'_>,
    ) -> Option<Kind> {
        match name {
            KindName::SelectOne => {
                let options = self.options(reader, fields)?;
                fitting(reader, fields, Kind::SelectOne { options })
            }
            KindName::SelectMultiple => self.select_multiple(reader, fields),
            KindName::Grid => {
                let rows = reader.required(fields, "rows", rows);
                let options = self.options(reader, fields);
                fitting(reader, fields, Kind::Grid { rows: rows?, options: options? })
            }
            KindName::Range => range(reader, fields),
            KindName::Integer => {
                let whole = |reader: &mut Reader<'_>, node: &Node| reader.integer(node, WHOLE);
                let (min, max) = number_bounds(reader, fields, whole)?;
                let unit = reader.optional(fields, "unit", Reader::text);
                Some(Kind::Integer { min, max, unit })
            }
            KindName::Decimal => {
                let any = |reader: &mut Reader<'_>, node: &Node| reader.decimal(node, -1e15..=1e15);
                let (min, max) = number_bounds(reader, fields, any)?;
                let unit = reader.optional(fields, "unit", Reader::text);
                Some(Kind::Decimal { min, max, unit })
            }
            KindName::Text => Some(Kind::Text { max_length: max_length(reader, fields, 250) }),
            KindName::Multiline => {
                Some(Kind::Multiline { max_length: max_length(reader, fields, 4000) })
            }
            KindName::Note => Some(Kind::Note),
        }
    }

    fn options(&mut self, reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Vec<Choice>> {
        reader.required(fields, "options", |reader, node| self.scales.options(reader, node))
    }

    fn select_multiple(&mut self, reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Kind> {
        let options = self.options(reader, fields);
        let count = |reader: &mut Reader<'_>, node: &Node| {
            reader.integer(node, 1..=1000).and_then(|count| u32::try_from(count).ok())
        };
        let (min, max) = bounds(reader, fields, count)?;
        let options = options?;
        let there = options.iter().filter(|option| !option.exclusive).count();
        let asked = min.max(max).unwrap_or(0);
        if usize::try_from(asked).is_ok_and(|asked| asked > there) {
            let message =
                format!("{asked} options are asked for, but {there} can be chosen together");
            return reader.report(rules::IMPOSSIBLE_CHOICE, fields.head(), message, None);
        }
        if let (Some(1), Some(node)) = (max, fields.get("max")) {
            let message = "only one option can be chosen";
            let hint = Some("write `kind: select_one`".to_owned());
            reader.report::<()>(rules::ONE_OF_SEVERAL, node.span.clone(), message, hint);
        }
        fitting(reader, fields, Kind::SelectMultiple { options, min, max })
    }
}

fn known(name: KindName) -> Vec<&'static str> {
    let answered: &[&str] = if matches!(name, KindName::Note) { &[] } else { &ANSWERED };
    [&COMMON, name.fields(), answered].concat()
}

fn fitting(reader: &mut Reader<'_>, fields: Fields<'_>, kind: Kind) -> Option<Kind> {
    check_fit(reader, &kind, fields.get("options")?);
    Some(kind)
}

fn rows(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Row>> {
    let entries = reader.entries(node)?;
    let rows: Vec<Option<Row>> = entries
        .iter()
        .map(|entry| {
            let (code, text) = (reader.key(entry), reader.text(&entry.value));
            Some(Row { code: code?, text: text? })
        })
        .collect();
    let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
    report_same(reader, rules::SAME_ROW, rows.iter().map(|row| (&row.code, &row.text)), node);
    Some(rows)
}

fn range(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Kind> {
    let whole = |reader: &mut Reader<'_>, node: &Node| reader.integer(node, WHOLE);
    let min = reader.required(fields, "min", whole);
    let max = reader.required(fields, "max", whole);
    let low = reader.required(fields, "low", Reader::text);
    let high = reader.required(fields, "high", Reader::text);
    let (min, max) = (min?, max?);
    if min >= max {
        return min_above_max(reader, fields);
    }
    if max - min > MOST_STEPS {
        let message = format!("the range has more than {MOST_STEPS} steps");
        let hint = Some("a large number is asked for with `kind: integer`".to_owned());
        return reader.report(rules::LONG_RANGE, fields.head(), message, hint);
    }
    Some(Kind::Range { min, max, low: low?, high: high? })
}

/// Reads the bounds of a number, which must leave something to answer.
fn number_bounds<T: PartialOrd + Copy + Display>(
    reader: &mut Reader<'_>,
    fields: Fields<'_>,
    read: impl Fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<(Option<T>, Option<T>)> {
    let bounds = bounds(reader, fields, read)?;
    if let (Some(min), Some(max)) = bounds
        && min == max
    {
        let span = fields.get("max").map_or(fields.head(), |node| node.span.clone());
        let message = format!("only the number {min} is accepted");
        reader.report::<()>(rules::ONE_NUMBER, span, message, None);
    }
    Some(bounds)
}

/// Reads `min` and `max`, which may both be left out.
fn bounds<T: PartialOrd + Copy>(
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

fn min_above_max<T>(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<T> {
    let span = fields.get("min").map_or(fields.head(), |node| node.span.clone());
    let message = "the lowest number is not below the highest";
    reader.report(rules::MIN_ABOVE_MAX, span, message, None)
}

fn max_length(reader: &mut Reader<'_>, fields: Fields<'_>, default: usize) -> usize {
    reader
        .optional(fields, "max_length", |reader, node| reader.integer(node, 1..=20_000))
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(default)
}

fn release(reader: &mut Reader<'_>, node: &Node) -> Option<Release> {
    let words =
        [("open", Release::Open), ("tables", Release::Tables), ("internal", Release::Internal)];
    reader.word(node, &words)
}
