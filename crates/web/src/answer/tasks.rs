//! `/case/{round}/{unit}`: the list of sections.

use askama::Template;
use axum::response::Response;
use store::SectionStatus;

use super::OpenCase;
use crate::problem::{Problem, page};
use crate::review::is_answered;
use crate::shell::Shell;
use crate::ui::Tasks;

#[derive(Template)]
#[template(path = "tasks.html")]
struct TaskList {
    shell: Shell,
    kicker: String,
    unit: String,
    lead: String,
    signed: bool,
    delegate: bool,
    tasks: Vec<Task>,
    ready: bool,
    review: Option<String>,
    receipt: String,
    deadline: String,
}

struct Task {
    href: Option<String>,
    title: String,
    role: String,
    holder: Option<String>,
    questions: String,
    /// The class of the state, for the stylesheet.
    state: &'static str,
    status: &'static str,
}

/// `GET`.
pub(super) async fn show(open: OpenCase) -> Result<Response, Problem> {
    let shell = open.shell();
    let sections = open.sections();
    let ids = sections.iter().map(|s| &open.instrument().sections[*s].id);
    let done = ids.filter(|id| open.case.status(id) == SectionStatus::Done).count();
    let ready = done == sections.len();
    let coordinator = open.is_coordinator();
    let words = &shell.ui.tasks;
    page(&TaskList {
        kicker: format!("{} {}", shell.title, open.case.id.round),
        unit: open.unit.name.clone(),
        lead: match ready && coordinator {
            true => words.ready.to_owned(),
            false => (words.lead)(done, sections.len()),
        },
        signed: open.case.signed,
        delegate: !coordinator,
        tasks: sections.iter().map(|section| task(&open, *section, words)).collect(),
        ready,
        review: (coordinator && !open.case.signed).then(|| open.links.review()),
        receipt: open.links.receipt(),
        deadline: (shell.ui.deadline)(&open.deadline()),
        shell,
    })
}

fn task(open: &OpenCase, index: usize, words: &Tasks) -> Task {
    let section = &open.instrument().sections[index];
    let status = open.case.status(&section.id);
    let asked = open.asked(index);
    let answered = |q: &&usize| is_answered(&open.answers, &open.instrument().questions[**q]);
    Task {
        href: (!open.case.signed).then(|| entrance(open, index, status)),
        title: open.plain(&section.title),
        role: open.app.service.survey.role_title(&section.role, open.lang).to_owned(),
        holder: open.case.assignments.get(&section.id).map(|held| {
            match held.contact == open.access.contact {
                true => words.with_you.to_owned(),
                false => (words.holder)(&held.name),
            }
        }),
        questions: match status {
            SectionStatus::NotBegun => (words.questions)(asked.len()),
            SectionStatus::Begun | SectionStatus::Done => {
                (words.answered)(asked.iter().filter(answered).count(), asked.len())
            }
        },
        state: state_class(status),
        status: state_word(status, words),
    }
}

/// Returns where a section is entered: at its first page, or, once handed in, where it is read.
fn entrance(open: &OpenCase, index: usize, status: SectionStatus) -> String {
    let section = open.instrument().sections[index].id.as_str();
    match status {
        SectionStatus::NotBegun | SectionStatus::Begun => {
            open.links.page(section, open.pages(index).first().copied().unwrap_or_default())
        }
        SectionStatus::Done => open.links.section_review(section),
    }
}

/// Returns the word for how far a section has come.
pub(super) fn state_word(status: SectionStatus, words: &Tasks) -> &'static str {
    match status {
        SectionStatus::NotBegun => words.not_begun,
        SectionStatus::Begun => words.begun,
        SectionStatus::Done => words.done,
    }
}

/// Returns the class under which the stylesheet knows how far a section has come.
pub(super) fn state_class(status: SectionStatus) -> &'static str {
    match status {
        SectionStatus::NotBegun => "not-begun",
        SectionStatus::Begun => "begun",
        SectionStatus::Done => "done",
    }
}
