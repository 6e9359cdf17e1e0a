//! Kinds of which the answer is any text, and the one that only says something.

use super::{Kind, KindEntry};
use crate::read::{Fields, Reader};
use crate::{InputProblem, Item, Release};

/// The most characters of an "other, specify".
pub const SPECIFY_LENGTH: usize = 250;

pub(super) const TEXT: KindEntry = KindEntry {
    name: "text",
    title: "a question of kind `text`",
    fields: &["max_length", "missing"],
    about: "One line of text. An open answer may name a person, so that it is `internal` unless \
            `release` says otherwise.",
    column: "a text",
    example: "id: kontor
kind: text
text: Hva heter kontoret som har ansvaret?
max_length: 60",
    release: Release::Internal,
    read: |reader, fields, _| Some(Kind::Text { max_length: max_length(reader, fields, 250) }),
};

pub(super) const MULTILINE: KindEntry = KindEntry {
    name: "multiline",
    title: "a question of kind `multiline`",
    fields: &["max_length", "missing"],
    about: "Several lines of text; `internal` as `text` is.",
    column: "a text",
    example: "id: forslag
kind: multiline
text: Har dere forslag til forbedringer?
help: Skriv ikke navn på enkeltpersoner.",
    release: Release::Internal,
    read: |reader, fields, _| {
        Some(Kind::Multiline { max_length: max_length(reader, fields, 4000) })
    },
};

pub(super) const NOTE: KindEntry = KindEntry {
    name: "note",
    title: "a note",
    fields: &[],
    about: "A text between questions. There is nothing to answer.",
    column: "none",
    example: "id: takk
kind: note
text: Takk så langt. Det er litt til.",
    release: Release::Tables,
    read: |_, _, _| Some(Kind::Note),
};

fn max_length(reader: &mut Reader<'_>, fields: Fields<'_>, default: usize) -> usize {
    reader
        .optional(fields, "max_length", |reader, node| reader.integer(node, 1..=20_000))
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(default)
}

/// Reads a text of the question, or of one of its options, as it was written.
pub(crate) fn read_text(kind: &Kind, item: &Item, written: &str) -> Result<String, InputProblem> {
    let limit = match (kind, item) {
        (Kind::Shaped(shape), Item::Whole) => {
            return shape.read(written).map_err(InputProblem::Shape);
        }
        (Kind::Text { max_length } | Kind::Multiline { max_length }, Item::Whole) => *max_length,
        _ => SPECIFY_LENGTH,
    };
    // A browser sends line breaks as CR LF; one of them is enough to keep.
    let text = written.replace("\r\n", "\n");
    if text.chars().count() > limit { Err(InputProblem::TooLong(limit)) } else { Ok(text) }
}
