//! A list of things that each have questions of their own.

use super::{Kind, KindEntry};
use crate::read::{Reader, min_above_max};
use crate::{Answers, Question, Release, Value};

/// The most rows that a list can have: each of them has columns of its own in the data set.
const MOST_ROWS: i64 = 30;

pub(super) const REPEAT: KindEntry = KindEntry {
    name: "repeat",
    title: "a question of kind `repeat`",
    fields: &["each", "min", "max", "questions"],
    about: "A list of things, each with the same questions: what the informant adds is a row. `each` \
            is what a row is called, and `max` the most that there can be. The questions of a row \
            are written as others are; a condition or a text in a row looks at the answers of the \
            same row by their names. Outside, `tiltak` is the number of rows, and `any`, `all`, `sum` and \
            `count` go through them: `sum(tiltak.deltakere) > 100`. A list has no list inside.",
    column: "the number of rows, and a column for each question of each row that there can be: \
             `tiltak_1_navn`",
    example: "id: tiltak
kind: repeat
text: Hvilke tiltak har kommunen?
each: Tiltak
max: 5
questions:
  - { id: navn, kind: text, text: Hva heter tiltaket? }
  - { id: deltakere, kind: integer, text: Hvor mange deltok?, min: 0 }",
    release: Release::Tables,
    read: |reader, fields, _| {
        let rows = |reader: &mut Reader<'_>, node: &_, least: i64| {
            reader.integer(node, least..=MOST_ROWS).map(|count| count.unsigned_abs() as u32)
        };
        let each = reader.required(fields, "each", Reader::text);
        let min = reader.optional(fields, "min", |reader, node| rows(reader, node, 0));
        let max = reader.required(fields, "max", |reader, node| rows(reader, node, 1));
        // What is asked of each row is read with the questions of the page.
        let questions = reader.required(fields, "questions", |_, node| Some(node));
        let (each, min, max) = (each?, min.unwrap_or(0), max?);
        if min > max {
            return min_above_max(reader, fields);
        }
        questions.and(Some(Kind::Repeat { each, min, max }))
    },
};

/// Returns how many rows a list has that is asked; `None` where nobody has said, and none is needed.
pub(crate) fn rows_of(question: &Question, answers: &Answers) -> Option<usize> {
    let Kind::Repeat { min, max, .. } = &question.kind else { return None };
    match answers.get(question.variables.start) {
        Some(Value::Integer(rows)) => {
            usize::try_from((*rows).clamp(i64::from(*min), i64::from(*max))).ok()
        }
        Some(_) | None => (*min > 0).then_some(*min as usize),
    }
}
