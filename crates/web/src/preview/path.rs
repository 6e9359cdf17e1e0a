//! `/path`: which questions the unit is asked, and what each condition comes to.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use instrument::Condition;
use instrument::expression::{in_words, number_of};

use super::page::Bench;
use super::{Desk, Seen};
use crate::problem::page;

#[derive(Template)]
#[template(path = "preview/path.html")]
struct PathPage {
    bench: Bench,
    sections: Vec<SectionRows>,
}

struct SectionRows {
    title: String,
    shown: bool,
    condition: Option<ConditionView>,
    rows: Vec<Row>,
}

struct Row {
    number: Option<usize>,
    id: String,
    text: String,
    asked: bool,
    condition: Option<ConditionView>,
}

/// A condition as it is written, in words, and what it comes to.
struct ConditionView {
    source: String,
    words: String,
    value: &'static str,
}

/// `GET /path`.
pub(super) async fn show(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Response {
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    let sections = (0..seen.instrument().sections.len()).map(|index| section(&seen, index));
    page(&PathPage { sections: sections.collect(), bench: Bench::of(&seen) }).into_response()
}

fn section(seen: &Seen, index: usize) -> SectionRows {
    let instrument = seen.instrument();
    let section = &instrument.sections[index];
    let questions = section.pages.iter().flat_map(|page| page.questions.clone());
    // A list shows its first row, and those that there are.
    let questions = questions.filter(|index| {
        seen.path.questions[*index] || instrument.questions[*index].is_first_of_rows()
    });
    let row = |question: usize| {
        let asked = seen.path.questions[question];
        let question = &instrument.questions[question];
        Row {
            number: number_of(instrument, question),
            id: question.id.to_string(),
            text: instrument.fill(&question.text, seen.lang, &seen.case()).plain(),
            asked,
            condition: question.show_if.as_ref().map(|condition| view(seen, condition)),
        }
    };
    SectionRows {
        title: instrument.fill(&section.title, seen.lang, &seen.case()).plain(),
        shown: seen.path.sections[index],
        condition: section.show_if.as_ref().map(|condition| view(seen, condition)),
        rows: questions.map(row).collect(),
    }
}

fn view(seen: &Seen, condition: &Condition) -> ConditionView {
    let words = seen.words();
    ConditionView {
        source: condition.source.clone(),
        words: in_words(&condition.source, seen.instrument(), seen.lang),
        value: match condition.checked.evaluate(&seen.case()) {
            Some(true) => words.holds,
            Some(false) => words.fails,
            None => words.unknown,
        },
    }
}
