//! A case to be read through: its answers in words, and what is still open.

use instrument::path::{CheckMessage, open_checks};
use instrument::{Answers, Item, Level, Prefilled, Question};

use crate::answer::{Names, OpenCase};
use crate::link::encode;
use crate::question::{check_text, field_id, shown};
use crate::ui::Ui;

/// A question with its answer in words.
pub(crate) struct AnswerLine {
    pub(crate) text: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) answered: bool,
    /// Where it is answered; `None` where nothing can be changed.
    pub(crate) href: Option<String>,
    /// Who answered it last, and when.
    pub(crate) by: Option<String>,
}

/// One part of an answer: the whole, a row, or a text that belongs to an option.
pub(crate) struct Part {
    pub(crate) label: Option<String>,
    pub(crate) value: Option<String>,
}

/// What is still open in one or more sections.
#[derive(Default)]
pub(crate) struct Open {
    /// What must be mended before the section is handed in.
    pub(crate) must: Vec<OpenLine>,
    /// What ought to be looked at.
    pub(crate) look: Vec<OpenLine>,
    /// What is on the path and has no answer.
    pub(crate) unanswered: Vec<OpenLine>,
    pub(crate) unanswered_heading: String,
}

/// A text that links to a question.
pub(crate) struct OpenLine {
    pub(crate) href: String,
    pub(crate) text: String,
}

/// Returns the questions of a section that are asked, with their answers.
/// Where `names` are given, the answers can be changed, and it is told who gave them.
pub(crate) fn lines(open: &OpenCase, section: usize, names: Option<&Names>) -> Vec<AnswerLine> {
    let questions = open.asked(section);
    questions.into_iter().map(|question| line(open, section, question, names)).collect()
}

/// Returns who gave any part of an answer last, and when.
fn by(open: &OpenCase, question: &Question, names: &Names) -> Option<String> {
    let variables = &open.instrument().variables[question.variables.clone()];
    let held = variables.iter().filter_map(|variable| open.case.held.get(&variable.name));
    let last = held.max_by_key(|held| held.at)?;
    Some(format!("{}, {}", names.of(&last.by), open.ui().time(last.at)))
}

fn line(open: &OpenCase, section: usize, index: usize, names: Option<&Names>) -> AnswerLine {
    let question = &open.instrument().questions[index];
    let variables = question.variables.clone();
    AnswerLine {
        text: open.plain(&question.text),
        parts: variables.clone().filter_map(|variable| part(open, question, variable)).collect(),
        answered: is_answered(&open.answers, question),
        href: names
            .filter(|_| question.kind.is_answered())
            .map(|_| question_link(open, section, index)),
        by: names.and_then(|names| by(open, question, names)),
    }
}

fn part(open: &OpenCase, question: &Question, index: usize) -> Option<Part> {
    if open.answers.leaves_out(index) {
        return None;
    }
    let instrument = open.instrument();
    let variable = &instrument.variables[index];
    let value = open.answers.get(index);
    let shown = value.map(|value| shown(instrument, variable, value, open.lang, open.ui()));
    let label = open.plain(question.label(&variable.item));
    match variable.item {
        Item::Whole => Some(Part { label: None, value: shown }),
        Item::Row(_) => Some(Part { label: Some(label), value: shown }),
        // An empty "specify" is no gap.
        Item::Specify(_) => shown.map(|value| Part { label: Some(label), value: Some(value) }),
        // What was confirmed or changed is an answer like others.
        Item::Prefill => {
            let said = || open.ui().review.not_confirmed.to_owned();
            let waits = Prefilled::of(value) == Some(Prefilled::Shown);
            waits.then(|| Part { label: None, value: Some(said()) })
        }
        // A reason belongs to the warning that it confirms.
        Item::Reason => {
            let warned = question.warnings(&open.known()).next().is_some();
            shown.filter(|_| warned).map(|value| Part { label: Some(label), value: Some(value) })
        }
    }
}

/// Whether a question has been answered whole; the text of an option is optional.
pub(crate) fn is_answered(answers: &Answers, question: &Question) -> bool {
    question.is_complete(answers)
}

/// Returns what is open in these sections.
pub(crate) fn open_lines(open: &OpenCase, sections: &[usize], ui: &Ui) -> Open {
    let mut found = Open::default();
    for section in sections.iter().copied() {
        add_checks(open, section, &mut found);
        let required: Vec<usize> = required(open, section);
        for index in open.asked(section) {
            let question = &open.instrument().questions[index];
            if let Some(variable) = filled_in(open, question) {
                let href = field_link(open, section, index, variable);
                let text = format!("{}: {}", ui.review.not_confirmed, open.plain(&question.text));
                found.look.push(OpenLine { href, text });
            }
            if !is_answered(&open.answers, question) && !required.contains(&index) {
                let href = question_link(open, section, index);
                let text = open.plain(&question.text);
                found.unanswered.push(OpenLine { href, text });
            }
        }
    }
    found.unanswered_heading = (ui.review.unanswered_heading)(found.unanswered.len());
    found
}

fn add_checks(open: &OpenCase, section: usize, found: &mut Open) {
    for check in open.checks(section) {
        let question = &open.instrument().questions[check.question];
        let title = open.plain(&question.text);
        let said = check_text(&check.message, |text| open.plain(text), open.ui());
        let text = match check.message {
            CheckMessage::Written(_) => said,
            // What is blank is listed with all that is not answered.
            CheckMessage::Blank => continue,
            CheckMessage::Required | CheckMessage::SamePlace(_) | CheckMessage::OtherSum { .. } => {
                format!("{said}: {title}")
            }
        };
        let href = field_link(open, section, check.question, check.variable);
        match check.level {
            Level::Error => found.must.push(OpenLine { href, text }),
            Level::Warning => found.look.push(OpenLine { href, text }),
        }
    }
}

/// Returns the variable of a proposal that nobody has changed or confirmed.
fn filled_in(open: &OpenCase, question: &Question) -> Option<usize> {
    let shown =
        |variable: &usize| Prefilled::of(open.answers.get(*variable)) == Some(Prefilled::Shown);
    question.prefill_variable().filter(shown)
}

fn required(open: &OpenCase, section: usize) -> Vec<usize> {
    let checks = open.checks(section).into_iter();
    checks
        .filter(|check| matches!(check.message, CheckMessage::Required))
        .map(|check| check.question)
        .collect()
}

/// Whether nothing keeps the section from being handed in.
pub(crate) fn may_hand_in(open: &OpenCase, section: usize) -> bool {
    open.checks(section).iter().all(|check| check.level == Level::Warning)
}

fn question_link(open: &OpenCase, section: usize, question: usize) -> String {
    let id = encode(open.instrument().questions[question].id.as_str());
    format!("{}#q-{id}", page_link(open, section, question))
}

fn field_link(open: &OpenCase, section: usize, question: usize, variable: usize) -> String {
    let field = field_id(&open.instrument().variables[variable].name);
    format!("{}#{}", page_link(open, section, question), encode(&field))
}

fn page_link(open: &OpenCase, section: usize, question: usize) -> String {
    let section = &open.instrument().sections[section];
    let page = section.pages.iter().position(|page| page.questions.contains(&question));
    open.links.page(section.id.as_str(), page.unwrap_or_default())
}

impl OpenCase {
    /// Returns the checks of a section that are open.
    pub(crate) fn checks(&self, section: usize) -> Vec<instrument::path::OpenCheck<'_>> {
        open_checks(self.instrument(), &self.attributes, &self.answers, &self.path, section)
    }
}
