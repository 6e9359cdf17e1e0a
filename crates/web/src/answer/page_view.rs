//! How a page of questions is shown.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use instrument::Level;
use instrument::path::OpenCheck;
use store::Conflict;

use super::page::{Place, page_checks, warning_id};
use super::{OpenCase, form};
use crate::draft::Draft;
use crate::list::row_title;
use crate::markup::Html;
use crate::problem::{Problem, page_with};
use crate::question::{Asking, Body, QuestionView, field_id};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    shell: Shell,
    /// The page's own address, without what called it up.
    here: String,
    /// Whether a file can be handed over.
    files: bool,
    section: String,
    title: String,
    number: usize,
    pages: usize,
    progress: String,
    intro: Option<Html>,
    summary: Vec<SummaryLine>,
    summary_heading: &'static str,
    /// The class of the summary, for the stylesheet.
    tone: &'static str,
    rest_saved: bool,
    /// The name of the form, and how often it has been sent.
    form: String,
    questions: Vec<QuestionView>,
    /// The warnings that the page shows.
    warned: Vec<String>,
    deadline: String,
}

/// A line of the summary at the top of a page, which links to a field.
struct SummaryLine {
    target: String,
    text: String,
}

/// What a page shows beside the stored answers.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) draft: &'a Draft,
    pub(super) conflicts: &'a BTreeMap<String, (Conflict, String)>,
    pub(super) new: Option<&'a str>,
    /// Whether those who left something blank are asked whether that is meant.
    pub(super) ask: bool,
}

/// Renders a page. Its status tells whether something was refused.
pub(super) fn render(open: &OpenCase, place: Place, shown: Shown<'_>) -> Result<Response, Problem> {
    let checks = page_checks(open, place, shown.ask);
    let files = open.links.files(open.instrument().sections[place.section].id.as_str());
    let asking = Asking {
        instrument: open.instrument(),
        lang: open.lang,
        ui: open.ui(),
        draft: shown.draft,
        case: open.known(),
        conflicts: shown.conflicts,
        checks: &checks,
        new: shown.new,
        files: &files,
    };
    let asked = asked(open, place);
    let wrong = asking.has_problems(&asked);
    let status = match (shown.conflicts.is_empty(), wrong) {
        (false, _) => StatusCode::CONFLICT,
        (true, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, false) => StatusCode::OK,
    };
    page_with(status, &page(open, place, &asking, &asked, status))
}

fn page(
    open: &OpenCase,
    place: Place,
    asking: &Asking<'_>,
    asked: &[usize],
    status: StatusCode,
) -> Page {
    let (section, pages) = (&open.instrument().sections[place.section], open.pages(place.section));
    let mut shell = open.shell();
    shell.switch_saves = true;
    let number = 1 + pages.iter().filter(|page| **page < place.page).count();
    let title = section.pages[place.page].title.as_ref().unwrap_or(&section.title);
    let intro = section.intro.as_ref().filter(|_| number == 1);
    let (summary_heading, tone) = heading(asking, status);
    let questions = asking.views(asked);
    Page {
        here: open.links.page(section.id.as_str(), place.page),
        section: asking.plain(&section.title),
        title: asking.plain(title),
        number,
        pages: pages.len(),
        progress: (shell.ui.page.progress)(number, pages.len()),
        intro: intro.map(|intro| asking.paragraphs(intro)),
        summary: asked.iter().flat_map(|question| asking.summary(*question)).collect(),
        summary_heading,
        tone,
        form: form::fresh(),
        rest_saved: status != StatusCode::OK,
        files: questions.iter().any(|question| matches!(question.body, Body::File { .. })),
        questions,
        warned: warnings(open, asking.checks),
        deadline: (shell.ui.deadline)(&open.deadline()),
        shell,
    }
}

/// Returns the questions of a page that are asked, notes included.
fn asked(open: &OpenCase, place: Place) -> Vec<usize> {
    let questions = open.instrument().sections[place.section].pages[place.page].questions.clone();
    questions.filter(|question| open.path.questions[*question]).collect()
}

/// Returns what stands over the summary, and in which tone.
fn heading(asking: &Asking<'_>, status: StatusCode) -> (&'static str, &'static str) {
    let words = &asking.ui.page;
    let hard = asking.checks.iter().any(|check| check.level == Level::Error);
    match status {
        StatusCode::CONFLICT => (words.summary_conflict, "warn"),
        StatusCode::UNPROCESSABLE_ENTITY => (words.summary_wrong, "bad"),
        _ if hard => (words.summary_wrong, "bad"),
        _ => (words.summary_look, "warn"),
    }
}

fn warnings(open: &OpenCase, checks: &[OpenCheck<'_>]) -> Vec<String> {
    let soft = checks.iter().filter(|check| check.level == Level::Warning);
    soft.map(|check| warning_id(open, check)).collect()
}

impl Asking<'_> {
    fn has_problems(&self, asked: &[usize]) -> bool {
        let mut variables =
            asked.iter().flat_map(|q| self.instrument.questions[*q].variables.clone());
        variables.any(|v| self.draft.entries.get(&v).is_some_and(|entry| entry.read.is_err()))
    }

    /// Returns a line for everything that is said of a question, linked to the field it is about.
    fn summary(&self, question: usize) -> Vec<SummaryLine> {
        let about = &self.instrument.questions[question];
        let mut lines = vec![];
        let mut add = |variable: usize, texts: Vec<String>| {
            let target = field_id(&self.instrument.variables[variable].name);
            lines
                .extend(texts.into_iter().map(|text| SummaryLine { target: target.clone(), text }));
        };
        for check in self.checks.iter().filter(|check| check.question == question) {
            add(check.variable, vec![self.check_text(check)]);
        }
        for variable in about.variables.clone() {
            let label = self.plain(about.label(&self.instrument.variables[variable].item));
            let row = row_title(self.instrument, about, self.lang, &self.case);
            let label = row.map_or(label.clone(), |row| format!("{row}: {label}"));
            add(variable, self.notices(variable).summary(&label));
        }
        lines
    }
}
