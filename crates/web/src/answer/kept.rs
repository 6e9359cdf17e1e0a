//! What a page is answered with that can no longer be saved: why, and everything that was typed, to copy.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use instrument::{Lang, Question, RoundId};

use super::OpenCase;
use super::page::Place;
use crate::draft::{Draft, Entry};
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::question::shown;
use crate::service::App;
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "kept.html")]
struct Page {
    shell: Shell,
    why: &'static str,
    /// Questions with what was typed in their fields.
    typed: Vec<(String, String)>,
    tasks: String,
}

/// Where something was typed, and in which language it was read.
pub(super) struct Scene {
    app: Arc<App>,
    shell: Shell,
    lang: Lang,
    round: RoundId,
    place: Place,
    tasks: String,
}

impl Scene {
    pub(super) fn new(open: &OpenCase, place: Place) -> Scene {
        Scene {
            app: Arc::clone(&open.app),
            shell: open.shell(),
            lang: open.lang,
            round: open.case.id.round,
            place,
            tasks: open.links.tasks.clone(),
        }
    }

    /// Returns the page, where the problem is that nothing can be saved there any more; other problems
    /// are given back.
    pub(super) fn page(self, problem: Problem, posted: &Posted) -> Result<Response, Problem> {
        let words = &self.shell.ui.saving;
        let why = match problem {
            Problem::Signed => words.kept_signed,
            Problem::Closed => words.kept_closed,
            Problem::NotFound => words.kept_theirs,
            other => return Err(other),
        };
        let typed = self.typed(posted)?;
        page_with(StatusCode::CONFLICT, &Page { why, typed, tasks: self.tasks, shell: self.shell })
    }

    fn typed(&self, posted: &Posted) -> Result<Vec<(String, String)>, Problem> {
        let (_, served) = self.app.round(self.round).ok_or(Problem::NotFound)?;
        let instrument = &served.instrument;
        let page = &instrument.sections[self.place.section].pages[self.place.page];
        let questions = &instrument.questions[page.questions.clone()];
        let draft = Draft::posted(instrument, questions.iter().flat_map(Question::fields), posted)?;
        let line = |(index, entry): (&usize, &Entry)| {
            let variable = &instrument.variables[*index];
            let question = instrument.question_of(variable);
            let written = match &entry.read {
                Ok(Some(value)) => shown(instrument, variable, value, self.lang, self.shell.ui),
                Ok(None) | Err(_) => entry.typed.join(", "),
            };
            // As it is written: what others have answered, which it may tell, is not theirs any more.
            let text = question.text.plain(self.lang);
            let label = question.label(&variable.item).plain(self.lang);
            let text = if label == text { text } else { format!("{text} {label}") };
            (!written.is_empty()).then_some((text, written))
        };
        Ok(draft.entries.iter().filter_map(line).collect())
    }
}
