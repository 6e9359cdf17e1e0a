//! What a page is answered with that can no longer be saved: why, and everything that was typed, to copy.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use instrument::{Instrument, Lang, Question};
use store::CaseId;

use super::page::Place;
use super::{OpenCase, resume};
use crate::draft::{Draft, Entry};
use crate::link::CaseLinks;
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::question::shown;
use crate::service::App;
use crate::shell::Shell;
use crate::ui::Ui;

#[derive(Template)]
#[template(path = "kept.html")]
struct Page {
    shell: Shell,
    why: &'static str,
    /// Questions with what was typed in their fields.
    typed: Vec<(String, String)>,
    tasks: String,
}

/// Where something was typed, by whom, and in which language it was read.
pub(super) struct Scene {
    app: Arc<App>,
    case: CaseId,
    lang: Lang,
    simulated: bool,
    coordinator: bool,
    place: Place,
}

impl Scene {
    pub(super) fn new(open: &OpenCase, place: Place) -> Scene {
        Scene {
            app: Arc::clone(&open.app),
            case: open.case.id.clone(),
            lang: open.lang,
            simulated: open.state.simulated,
            coordinator: open.is_coordinator(),
            place,
        }
    }

    /// Returns the page, where the problem is that nothing can be saved there now; other problems are
    /// given back.
    pub(super) fn page(self, problem: Problem, posted: &Posted) -> Result<Response, Problem> {
        let (_, served) = self.app.round(self.case.round).ok_or(Problem::NotFound)?;
        let links = CaseLinks::new(&self.case);
        let unit = served.frame.unit(&self.case.unit).map(|unit| unit.name.clone());
        let mut shell = Shell::new(&self.app, Some(self.lang), unit);
        shell.simulated = self.simulated;
        let words = &shell.ui.saving;
        let why = match problem {
            Problem::Signed => words.kept_signed,
            Problem::Closed => words.kept_closed,
            Problem::NotFound if self.coordinator => words.kept_off_path,
            Problem::NotFound => words.kept_theirs,
            Problem::Session => {
                let section = served.instrument.sections[self.place.section].id.as_str();
                let here = links.page(section, self.place.page);
                return resume::page(&self.app, Some(self.lang), &here, posted);
            }
            other => return Err(other),
        };
        let typed = self.typed(&served.instrument, posted, shell.ui)?;
        page_with(StatusCode::CONFLICT, &Page { why, typed, tasks: links.tasks, shell })
    }

    fn typed(
        &self,
        instrument: &Instrument,
        posted: &Posted,
        ui: &Ui,
    ) -> Result<Vec<(String, String)>, Problem> {
        let page = &instrument.sections[self.place.section].pages[self.place.page];
        let questions = &instrument.questions[page.questions.clone()];
        let draft = Draft::posted(instrument, questions.iter().flat_map(Question::fields), posted)?;
        let line = |(index, entry): (&usize, &Entry)| {
            let variable = &instrument.variables[*index];
            let question = instrument.question_of(variable);
            let written = match &entry.read {
                Ok(Some(value)) => shown(instrument, variable, value, self.lang, ui),
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
