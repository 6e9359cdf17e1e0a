//! A case to be read through: its answers in words, and what is still open.

use instrument::path::{CheckMessage, open_checks};
use instrument::{Answers, Item, Kind, Level, Prefilled, Question, Value};

use crate::answer::{Names, OpenCase};
use crate::link::encode;
use crate::list::{full_text, row_title};
use crate::question::{check_text, field_id, shown};
use crate::ui::Ui;

/// A question with its answer in words.
pub(crate) struct AnswerLine {
    pub(crate) text: String,
    pub(crate) parts: Vec<Part>,
    /// The rows of a list.
    pub(crate) table: Option<Table>,
    pub(crate) answered: bool,
    /// Where it is answered; `None` where nothing can be changed.
    pub(crate) href: Option<String>,
    /// Where the file that was handed over is fetched; `None` where another may have taken its place.
    pub(crate) file: Option<String>,
    /// Who answered it last, and when.
    pub(crate) by: Option<String>,
}

/// The rows of a list, with what was answered in each.
pub(crate) struct Table {
    pub(crate) heads: Vec<String>,
    /// What each row is called, and its answers in the order of the heads.
    pub(crate) rows: Vec<(String, Vec<String>)>,
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
    let lines = questions.into_iter().filter(|question| {
        // The rows of a list stand in its table.
        open.instrument().questions[*question].row.is_none()
    });
    lines.map(|question| line(open, section, question, names)).collect()
}

/// Returns the rows of a list; `None` where it has none, and for other kinds.
fn table(open: &OpenCase, index: usize) -> Option<Table> {
    let instrument = open.instrument();
    let list = &instrument.questions[index];
    let rows = list.rows_in(&open.answers).filter(|rows| *rows > 0)?;
    let inside: Vec<usize> = (index + 1..instrument.questions.len())
        .take_while(|inside| {
            instrument.questions[*inside].row.as_ref().is_some_and(|of| of.repeat == index)
        })
        .filter(|inside| instrument.questions[*inside].kind != Kind::Note)
        .collect();
    let of_row = |row: usize| {
        let own = |inside: &&usize| {
            instrument.questions[**inside].row.as_ref().is_some_and(|of| of.row == row)
        };
        inside.iter().filter(own).copied().collect::<Vec<usize>>()
    };
    let first = of_row(0);
    let row = |row: usize| {
        let title = row_title(
            instrument,
            &instrument.questions[*of_row(row).first()?],
            open.lang,
            &open.known(),
        )?;
        Some((title, of_row(row).into_iter().map(|inside| cell(open, inside)).collect()))
    };
    Some(Table {
        heads: first.iter().map(|q| open.plain(&instrument.questions[*q].text)).collect(),
        rows: (0..rows).filter_map(row).collect(),
    })
}

/// Returns what was answered to a question of a row, in words.
fn cell(open: &OpenCase, index: usize) -> String {
    let question = &open.instrument().questions[index];
    if !open.path.questions[index] {
        return "\u{2013}".to_owned();
    }
    let parts = question.variables.clone().filter_map(|variable| part(open, question, variable));
    let said = parts.map(|part| {
        let value = part.value.unwrap_or_else(|| open.ui().review.unanswered.to_owned());
        let value = value.replace('\n', ", ");
        part.label.map_or(value.clone(), |label| format!("{label}: {value}"))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// Returns who gave any part of an answer last, and when.
fn by(open: &OpenCase, question: &Question, names: &Names) -> Option<String> {
    let variables = &open.instrument().variables[question.variables.clone()];
    let held = variables.iter().filter_map(|variable| open.case.held(&variable.name));
    let last = held.max_by_key(|held| held.at)?;
    Some(format!("{}, {}", names.of(&last.by), open.ui().time(last.at)))
}

fn line(open: &OpenCase, section: usize, index: usize, names: Option<&Names>) -> AnswerLine {
    let question = &open.instrument().questions[index];
    let variables = question.variables.clone();
    AnswerLine {
        text: open.plain(&question.text),
        parts: variables.clone().filter_map(|variable| part(open, question, variable)).collect(),
        table: table(open, index),
        answered: is_answered(&open.answers, question),
        href: names
            .filter(|_| question.kind.is_answered())
            .map(|_| question_link(open, section, index)),
        file: names.and_then(|_| file_link(open, section, question)),
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
        // A list without rows says so; the rows of another speak for themselves.
        Item::Whole if matches!(question.kind, Kind::Repeat { .. }) => {
            let rows = question.rows_in(&open.answers);
            let empty = rows.map(|_| open.ui().page.list.empty.to_owned());
            (rows.unwrap_or(0) == 0).then_some(Part { label: None, value: empty })
        }
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

/// Returns how many questions of a section have stored answers that count no more, since other answers
/// have taken the questions off the path.
pub(crate) fn off_path(open: &OpenCase, section: usize) -> usize {
    let instrument = open.instrument();
    let is_held = |variable: usize| {
        let held = open.case.held(&instrument.variables[variable].name);
        let asked = open.path.asks(instrument, variable) && !open.answers.leaves_out(variable);
        !asked && held.is_some_and(|held| held.value.is_some())
    };
    let questions = instrument.questions.iter().filter(|question| question.section == section);
    questions.filter(|question| question.answer_fields().any(is_held)).count()
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
                let text = format!("{}: {}", ui.review.not_confirmed, open.title(question));
                found.look.push(OpenLine { href, text });
            }
            if !is_answered(&open.answers, question) && !required.contains(&index) {
                let href = question_link(open, section, index);
                let text = open.title(question);
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
        let title = open.title(question);
        let said = check_text(&check.message, |text| open.plain(text), open.ui());
        let text = match check.message {
            CheckMessage::Written(_) => {
                let row = row_title(open.instrument(), question, open.lang, &open.known());
                row.map_or(said.clone(), |row| format!("{row}: {said}"))
            }
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

fn file_link(open: &OpenCase, section: usize, question: &Question) -> Option<String> {
    let variable = question.variables.start;
    let Some(Value::File(_)) = open.answers.get(variable) else { return None };
    let instrument = open.instrument();
    let files = open.links.files(instrument.sections[section].id.as_str());
    Some(format!("{files}/{}", encode(&instrument.variables[variable].name)))
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
    /// Returns the text of a question, behind what its row is called.
    fn title(&self, question: &Question) -> String {
        full_text(self.instrument(), question, self.lang, &self.known())
    }

    /// Returns the checks of a section that are open.
    pub(crate) fn checks(&self, section: usize) -> Vec<instrument::path::OpenCheck<'_>> {
        open_checks(self.instrument(), &self.attributes, &self.answers, &self.path, section)
    }
}
