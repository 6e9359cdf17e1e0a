//! Kinds of which an answer is chosen: one option, several, one in each row, or consent.

use super::{Choice, Kind, KindEntry, Row};
use crate::read::{Fields, Node, Reader, Scales, bounds, check_fit, fields, report_same};
use crate::{Code, InputProblem, Release, Text, rules};

pub(super) const SELECT_ONE: KindEntry = KindEntry {
    name: "select_one",
    title: "a question of kind `select_one`",
    fields: &["options", "options_from", "missing", "order"],
    about: "One of several options. An option may be a kind of missing, may ask for a text, and may \
            be offered under a condition (`show_if`). `order` is `fixed`, `sorted` or `random`. A long \
            list lies in a file of the survey's folder, `options_from: lists/land.csv`, with the \
            columns `code` and one for each language; one then writes in a field that searches it, \
            and those who cannot answer have boxes beside the field (`missing`).",
    column: "the code of the option",
    example: "id: retningslinjer
kind: select_one
text: Har kommunen retningslinjer for bruk av tolk?
options:
  ja: Ja
  nei: Nei
  annet: { text: Annet, specify: Hva da? }
  vet_ikke: { text: Vet ikke, missing: dont_know }",
    release: Release::Tables,
    read: |reader, fields, scales| {
        if fields.get("options_from").is_some() {
            return from_list(reader, fields, scales);
        }
        if let Some(node) = fields.get("missing") {
            let message = "boxes stand beside a field that one writes in";
            let hint = Some("an option can be one: `{ text: …, missing: dont_know }`".to_owned());
            reader.report::<()>(rules::UNKNOWN_FIELD, node.head(), message, hint);
        }
        let options = options(reader, fields, scales)?;
        fitting(reader, fields, Kind::SelectOne { options, listed: false })
    },
};

pub(super) const SELECT_MULTIPLE: KindEntry = KindEntry {
    name: "select_multiple",
    title: "a question of kind `select_multiple`",
    fields: &["options", "min", "max", "order"],
    about: "Any number of options, or as many as `min` and `max` say. An option that is \
            `exclusive` stands alone.",
    column: "the codes of the options; in CSV a column of 0 and 1 for each",
    example: "id: hindringer
kind: select_multiple
text: Hva hindrer bruk av tolk?
max: 2
options:
  pris: Pris
  tilgang: For få tolker
  ingen: { text: Ingenting, exclusive: true }",
    release: Release::Tables,
    read: select_multiple,
};

pub(super) const GRID: KindEntry = KindEntry {
    name: "grid",
    title: "a question of kind `grid`",
    fields: &["rows", "options", "several", "order"],
    about: "Rows that are each answered with one option of the same scale or, with `several: true`, \
            with any number of them. On a phone each row is a question of its own. A row may be asked under a condition (`show_if`), and `order` puts \
            the rows in order.",
    column: "one column for each row, `question.row`: the code of the option, or with `several` the \
             codes; in CSV then a column of 0 and 1 for each",
    example: "id: samarbeid
kind: grid
text: Hvor godt er samarbeidet med
rows: { nav: NAV, skole: Skolene }
options: { godt: Godt, darlig: Dårlig, vet_ikke: { text: Vet ikke, missing: dont_know } }",
    release: Release::Tables,
    read: |reader, fields, scales| {
        let rows = reader.required(fields, "rows", rows);
        let options = options(reader, fields, scales);
        let several = reader.optional(fields, "several", Reader::flag).unwrap_or(false);
        fitting(reader, fields, Kind::Grid { rows: rows?, options: options?, several })
    },
};

pub(super) const CONSENT: KindEntry = KindEntry {
    name: "consent",
    title: "a question of kind `consent`",
    fields: &["agree"],
    about: "A box to tick. With `required: true` the section cannot be handed in without it.",
    column: "the code `yes` where the box is ticked",
    example: "id: samtykke
kind: consent
text: Svarene kan deles med forskere som har taushetsplikt.
agree: Det samtykker vi til
required: true",
    release: Release::Tables,
    read: |reader, fields, _| {
        let text = reader.required(fields, "agree", Reader::text)?;
        let code = Code::new("yes").expect("a word is a code");
        let agree = Choice { code, text, missing: None, exclusive: false, specify: None };
        Some(Kind::Consent { agree })
    },
};

fn options(
    reader: &mut Reader<'_>,
    fields: Fields<'_>,
    scales: &mut Scales<'_>,
) -> Option<Vec<Choice>> {
    reader.required(fields, "options", |reader, node| scales.options(reader, node))
}

fn from_list(reader: &mut Reader<'_>, fields: Fields<'_>, scales: &mut Scales<'_>) -> Option<Kind> {
    if let Some(node) = fields.get("options") {
        let message = "the options come from a list, so that there are no others";
        reader.report::<()>(rules::UNKNOWN_FIELD, node.head(), message, None);
    }
    let read = |reader: &mut Reader<'_>, node: &Node| scales.list(reader, node);
    let options = reader.required(fields, "options_from", read)?;
    Some(Kind::SelectOne { options, listed: true })
}

fn select_multiple(
    reader: &mut Reader<'_>,
    fields: Fields<'_>,
    scales: &mut Scales<'_>,
) -> Option<Kind> {
    let options = options(reader, fields, scales);
    let count = |reader: &mut Reader<'_>, node: &Node| {
        reader.integer(node, 1..=1000).and_then(|count| u32::try_from(count).ok())
    };
    let (min, max) = bounds(reader, fields, count)?;
    let options = options?;
    let there = options.iter().filter(|option| !option.exclusive).count();
    let asked = min.max(max).unwrap_or(0);
    if usize::try_from(asked).is_ok_and(|asked| asked > there) {
        let message = format!("{asked} options are asked for, but {there} can be chosen together");
        return reader.report(rules::IMPOSSIBLE_CHOICE, fields.head(), message, None);
    }
    if let (Some(1), Some(node)) = (max, fields.get("max")) {
        let message = "only one option can be chosen";
        let hint = Some("write `kind: select_one`".to_owned());
        reader.report::<()>(rules::ONE_OF_SEVERAL, node.span.clone(), message, hint);
    }
    fitting(reader, fields, Kind::SelectMultiple { options, min, max })
}

fn fitting(reader: &mut Reader<'_>, fields: Fields<'_>, kind: Kind) -> Option<Kind> {
    check_fit(reader, &kind, fields.get("options")?);
    Some(kind)
}

pub(super) fn rows(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Row>> {
    let entries = reader.entries(node)?;
    let rows: Vec<Option<Row>> = entries
        .iter()
        .map(|entry| {
            let (code, text) = (reader.key(entry), row_text(reader, &entry.value));
            Some(Row { code: code?, text: text? })
        })
        .collect();
    let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
    report_same(reader, rules::SAME_ROW, rows.iter().map(|row| (&row.code, &row.text)), node);
    Some(rows)
}

/// Reads a row: its text, or fields of which one is the text. Its condition is read when every
/// question is known.
fn row_text(reader: &mut Reader<'_>, node: &Node) -> Option<Text> {
    if !fields::ROW.iter().any(|field| node.get(field).is_some()) {
        return reader.text(node);
    }
    let fields = reader.fields(node, "a row", fields::ROW)?;
    reader.required(fields, "text", Reader::text)
}

/// Checks that these options may be chosen together.
pub(crate) fn check_choice(kind: &Kind, codes: &[Code]) -> Result<(), InputProblem> {
    let (options, min, max) = match kind {
        Kind::SelectMultiple { options, min, max } => (options, *min, *max),
        Kind::Grid { options, several: true, .. } => (options, None, None),
        Kind::SelectOne { .. }
        | Kind::Grid { several: false, .. }
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
        | Kind::Consent { .. }
        | Kind::Calculate { .. }
        | Kind::Note => return Ok(()),
    };
    let alone = options.iter().find(|o| o.exclusive && codes.contains(&o.code));
    if let Some(alone) = alone {
        return match codes.len() > 1 {
            true => Err(InputProblem::Exclusive(alone.code.clone())),
            false => Ok(()),
        };
    }
    let chosen = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    match (min, max) {
        (Some(min), _) if chosen < min => Err(InputProblem::TooFew(min)),
        (_, Some(max)) if chosen > max => Err(InputProblem::TooMany(max)),
        _ => Ok(()),
    }
}
