//! A list of things with questions of their own: the buttons that add a row or take one away, and what
//! then stands where.

use std::ops::Range;

use instrument::expression::Case;
use instrument::{Answers, Instrument, Kind, Lang, Question, Text};

use crate::ui::ListWords;

/// What is to become of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// One row more.
    Add,
    /// This row, from 0, is taken away, and those after it move up.
    Remove(usize),
    /// There is nothing to put on it.
    Nothing,
}

/// A button that changes a list: its value, and what it says.
pub(crate) struct Button {
    pub(crate) go: String,
    pub(crate) text: String,
}

/// What a list holds once a step has been taken.
pub(crate) struct Changed<T> {
    /// The variable that counts the rows.
    pub(crate) count: usize,
    /// How many rows there are.
    pub(crate) rows: usize,
    /// What each of its fields holds that may have changed.
    pub(crate) fields: Vec<(usize, Option<T>)>,
    /// Where on the page to go on.
    pub(crate) anchor: String,
}

impl Step {
    /// Reads the value of a button: what it does, and with which list.
    pub(crate) fn read(go: &str) -> Option<(Step, &str)> {
        let (step, rest) = go.split_once(':')?;
        match step {
            "add" => Some((Step::Add, rest)),
            "nothing" => Some((Step::Nothing, rest)),
            "remove" => {
                let (list, row) = rest.rsplit_once('.')?;
                Some((Step::Remove(row.parse::<usize>().ok()?.checked_sub(1)?), list))
            }
            _ => None,
        }
    }

    /// Takes the step with the list of this name, where it can be: `held` tells what a field holds.
    pub(crate) fn take<T>(
        self,
        instrument: &Instrument,
        list: &str,
        answers: &Answers,
        held: impl Fn(usize) -> Option<T>,
    ) -> Option<Changed<T>> {
        let index =
            instrument.questions.iter().position(|question| question.id.as_str() == list)?;
        let head = &instrument.questions[index];
        let Kind::Repeat { min, max, .. } = head.kind else { return None };
        let there = head.rows_in(answers);
        let rows = there.unwrap_or(0);
        let (after, moved) = match self {
            Step::Add if rows < max as usize => (rows + 1, rows..rows + 1),
            Step::Remove(row) if row < rows && rows > min as usize => (rows - 1, row..rows),
            Step::Nothing if there.is_none() => (0, 0..0),
            Step::Add | Step::Remove(_) | Step::Nothing => return None,
        };
        let block = |row: usize| row_variables(instrument, index, row);
        let fields = moved.flat_map(|row| {
            let next = block(row + 1);
            let of = |(place, variable)| {
                let from = next.start + place;
                // The last row of all has none behind it.
                let value = if row + 1 < rows { held(from) } else { None };
                (variable, value)
            };
            block(row).enumerate().map(of).collect::<Vec<_>>()
        });
        let fields = fields.collect();
        let anchor = match self {
            Step::Add => card_id(list, after),
            Step::Remove(_) | Step::Nothing => format!("q-{list}"),
        };
        Some(Changed { count: head.variables.start, rows: after, fields, anchor })
    }
}

/// Returns the variables of a row of a list; none where it has no such row.
fn row_variables(instrument: &Instrument, list: usize, row: usize) -> Range<usize> {
    let mut inside = instrument.questions[list + 1..].iter().filter(|question| {
        question.row.as_ref().is_some_and(|of| of.repeat == list && of.row == row)
    });
    let Some(first) = inside.next() else { return 0..0 };
    let last = inside.next_back().unwrap_or(first);
    first.variables.start..last.variables.end
}

/// Returns the variables of a list: its count, and those of all of its rows.
pub(crate) fn variables(instrument: &Instrument, list: &str) -> Range<usize> {
    let Some(index) = instrument.questions.iter().position(|q| q.id.as_str() == list) else {
        return 0..0;
    };
    let inside = instrument.questions[index + 1..].iter();
    let inside = inside.take_while(|q| q.row.as_ref().is_some_and(|of| of.repeat == index));
    let start = instrument.questions[index].variables.start;
    start..inside.last().map_or(start, |last| last.variables.end)
}

/// Returns the id of the card of a row, from 1.
pub(crate) fn card_id(list: &str, row: usize) -> String {
    format!("card-{list}-{row}")
}

/// Returns what the row that a question belongs to is called: "Tiltak 2".
pub(crate) fn row_title(
    instrument: &Instrument,
    question: &Question,
    lang: Lang,
    case: &Case<'_>,
) -> Option<String> {
    let of = question.row.as_ref()?;
    let each = each(instrument, of.repeat, lang, case)?;
    Some(format!("{each} {}", of.row + 1))
}

/// Returns the text of a question, behind what its row is called.
pub(crate) fn full_text(
    instrument: &Instrument,
    question: &Question,
    lang: Lang,
    case: &Case<'_>,
) -> String {
    let text = instrument.fill(&question.text, lang, case).plain();
    match row_title(instrument, question, lang, case) {
        Some(row) => format!("{row}: {text}"),
        None => text,
    }
}

/// Returns what a row of a list is called.
fn each(instrument: &Instrument, list: usize, lang: Lang, case: &Case<'_>) -> Option<String> {
    let Kind::Repeat { each, .. } = &instrument.questions[list].kind else { return None };
    let plain = |text: &Text| instrument.fill(text, lang, case).plain();
    Some(plain(each))
}

/// Returns the button that adds a row, where one may be added.
pub(crate) fn add_button(
    instrument: &Instrument,
    list: usize,
    (lang, words): (Lang, &ListWords),
    case: &Case<'_>,
) -> Option<Button> {
    let question = &instrument.questions[list];
    let Kind::Repeat { max, .. } = question.kind else { return None };
    let rows = question.rows_in(case.answers).unwrap_or(0);
    let each = in_sentence(&each(instrument, list, lang, case)?);
    (rows < max as usize)
        .then(|| Button { go: format!("add:{}", question.id), text: (words.add)(&each) })
}

/// Returns the button that takes away the row of a question, where one may be taken away.
pub(crate) fn remove_button(
    instrument: &Instrument,
    question: &Question,
    (lang, words): (Lang, &ListWords),
    case: &Case<'_>,
) -> Option<Button> {
    let of = question.row.as_ref()?;
    let list = &instrument.questions[of.repeat];
    let Kind::Repeat { min, .. } = list.kind else { return None };
    let title = row_title(instrument, question, lang, case)?;
    (list.rows_in(case.answers)? > min as usize).then(|| Button {
        go: format!("remove:{}.{}", list.id, of.row + 1),
        text: (words.remove)(&in_sentence(&title)),
    })
}

/// Writes a name as it stands inside a sentence; one that begins with several capitals stays.
fn in_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_say_what_they_do() {
        for (go, expected) in [
            ("add:tiltak", Some((Step::Add, "tiltak"))),
            ("remove:tiltak.2", Some((Step::Remove(1), "tiltak"))),
            ("nothing:tiltak", Some((Step::Nothing, "tiltak"))),
            ("remove:tiltak.0", None),
            ("remove:tiltak", None),
            ("prefill:tiltak", None),
            ("next", None),
        ] {
            assert_eq!(Step::read(go), expected, "{go}");
        }
        for (name, expected) in [("Tiltak 2", "tiltak 2"), ("NAV-kontor", "NAV-kontor"), ("Å", "Å")]
        {
            assert_eq!(in_sentence(name), expected);
        }
    }
}
