//! What is said beside a question: what is wrong, what to look at, what others have answered.

use instrument::path::{CheckMessage, OpenCheck};
use instrument::{InputProblem, Item, Lang, Level, Question, Text};
use store::Held;

use super::{Asking, shaped, shown};
use crate::ui::Ui;

/// What is said beside a question or a row.
#[derive(Default)]
pub(crate) struct Notices {
    pub(crate) wrong: Vec<String>,
    pub(crate) look: Vec<String>,
    pub(crate) conflicts: Vec<ConflictNotice>,
}

/// What somebody else has answered meanwhile.
pub(crate) struct ConflictNotice {
    pub(crate) what: String,
    pub(crate) theirs: String,
    /// What is to be done.
    pub(crate) todo: &'static str,
}

impl Notices {
    pub(crate) fn is_empty(&self) -> bool {
        self.wrong.is_empty() && self.look.is_empty() && self.conflicts.is_empty()
    }

    /// Returns the class that marks the question or row.
    pub(crate) fn tone(&self) -> &'static str {
        if !self.wrong.is_empty() {
            "wrong"
        } else if self.is_empty() {
            ""
        } else {
            "look"
        }
    }

    /// Returns the same for the summary of a page, each with the question or row that it is about.
    pub(crate) fn summary(&self, label: &str) -> Vec<String> {
        let conflicts = self.conflicts.iter().map(|conflict| &conflict.what);
        let all = self.wrong.iter().chain(&self.look).chain(conflicts);
        all.map(|text| format!("{}: {label}", text.trim_end_matches('.'))).collect()
    }

    pub(super) fn join(&mut self, other: Notices) {
        self.wrong.extend(other.wrong);
        self.look.extend(other.look);
        self.conflicts.extend(other.conflicts);
    }
}

impl Asking<'_> {
    /// Returns what is said of the answer to one variable.
    pub(crate) fn notices(&self, index: usize) -> Notices {
        let mut notices = Notices::default();
        let variable = &self.instrument.variables[index];
        let question = self.instrument.question_of(variable);
        if let Some(Err(problem)) = self.draft.entries.get(&index).map(|entry| &entry.read) {
            notices.wrong.push(input_problem(problem, question, self.lang, self.ui));
        }
        if let Some((conflict, who)) = self.conflicts.get(&variable.name) {
            notices.conflicts.push(self.conflict(index, &conflict.held, who));
        }
        notices
    }

    /// Returns what the open checks of a question say.
    pub(super) fn check_notices(&self, question: usize) -> Notices {
        let mut notices = Notices::default();
        for check in self.checks.iter().filter(|check| check.question == question) {
            let message = self.check_text(check);
            match check.level {
                Level::Error => notices.wrong.push(message),
                Level::Warning => notices.look.push(message),
            }
        }
        notices
    }

    /// Returns what an open check says.
    pub(crate) fn check_text(&self, check: &OpenCheck<'_>) -> String {
        check_text(&check.message, |text| self.plain(text), self.ui)
    }

    fn conflict(&self, index: usize, held: &Held, who: &str) -> ConflictNotice {
        let words = &self.ui.page;
        let variable = &self.instrument.variables[index];
        let value = held.value.as_deref().map(|text| {
            let decoded = self.instrument.decode(variable, text);
            decoded.map_or(text.to_owned(), |value| {
                shown(self.instrument, variable, &value, self.lang, self.ui)
            })
        });
        let entry = self.draft.entries.get(&index);
        ConflictNotice {
            todo: match entry {
                // A browser fills in no field of a file again.
                Some(entry) if entry.file.is_some() => self.ui.files.choose_again,
                // What is shown is theirs: a button would have taken it away.
                Some(entry) if entry.read.is_ok() && !entry.is_touched() => words.conflict_look,
                Some(_) | None => words.conflict_do,
            },
            what: (words.conflict)(who, &self.ui.time(held.at)),
            theirs: value.map_or(words.conflict_withdrawn.to_owned(), |value| {
                (words.conflict_theirs)(&value.replace('\n', ", "))
            }),
        }
    }
}

/// Returns what a check that is open says; `plain` fills in a text.
pub(crate) fn check_text(
    message: &CheckMessage<'_>,
    plain: impl Fn(&Text) -> String,
    ui: &Ui,
) -> String {
    match message {
        CheckMessage::Written(text) => plain(text),
        CheckMessage::Required => ui.input.required.to_owned(),
        CheckMessage::Blank => ui.input.blank.to_owned(),
        CheckMessage::SamePlace(place) => (ui.input.same_place)(*place),
        CheckMessage::OtherSum { sum, total } => {
            (ui.input.other_sum)(&ui.number(*sum), &ui.number(*total))
        }
    }
}

/// Returns what to tell the informant about something that cannot be an answer.
pub(crate) fn input_problem(
    problem: &InputProblem,
    question: &Question,
    lang: Lang,
    ui: &Ui,
) -> String {
    let words = &ui.input;
    match problem {
        InputProblem::UnknownOption(_) => words.unknown_option.to_owned(),
        InputProblem::NotListed(written) => (words.not_listed)(written),
        InputProblem::AnswerAndBox => words.answer_and_box.to_owned(),
        InputProblem::SeveralValues => words.several.to_owned(),
        InputProblem::Exclusive(code) => {
            let option = question.option(code.as_str());
            let option = option.map_or(code.to_string(), |option| option.text.plain(lang));
            (words.exclusive)(&option)
        }
        InputProblem::TooFew(n) => (words.too_few)(*n),
        InputProblem::TooMany(n) => (words.too_many)(*n),
        InputProblem::NotANumber => words.not_a_number.to_owned(),
        InputProblem::NotWhole => words.not_whole.to_owned(),
        InputProblem::BelowMinimum(n) => (words.below)(&ui.number(*n)),
        InputProblem::AboveMaximum(n) => (words.above)(&ui.number(*n)),
        InputProblem::TooLong(n) => (words.too_long)(*n),
        InputProblem::File(problem) => {
            ui.file_problem(*problem, question.kind.file_rule(&Item::Whole))
        }
        InputProblem::Shape(problem) => shaped::problem(*problem, &question.kind, lang, ui),
    }
}
