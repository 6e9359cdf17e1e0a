//! The path: which sections and questions a case is asked. Reading it changes nothing.

use crate::expression::{Case, UnitAttributes};
use crate::kind::broken_together;
use crate::listing::{settle, unsettle};
use crate::{Answers, Check, Condition, Instrument, Item, Level, Question, Text, Value};

/// Which sections and questions a case is asked, given its unit and its answers so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// One place for each section of the instrument.
    pub sections: Vec<bool>,
    /// One place for each question of the instrument.
    pub questions: Vec<bool>,
}

/// Something that the informant must or should look at before a section is handed in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenCheck<'a> {
    /// The question, as an index into [`Instrument::questions`].
    pub question: usize,
    /// The variable whose field to go to, as an index into [`Instrument::variables`].
    pub variable: usize,
    /// Whether the section can be handed in all the same.
    pub level: Level,
    /// What to tell the informant.
    pub message: CheckMessage<'a>,
}

/// What an open check tells the informant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CheckMessage<'a> {
    /// What the questionnaire says.
    Written(&'a Text),
    /// That the question must be answered.
    Required,
    /// That the question is blank, and whether that is meant.
    Blank,
    /// That two rows have the same place in an order.
    SamePlace(i64),
    /// That the parts do not make the whole.
    OtherSum {
        /// What they make.
        sum: f64,
        /// What they should make.
        total: f64,
    },
}

/// Computes the path of a case, and what is calculated on it: `answers` comes back with the values
/// of the calculations, without what was answered in rows and with options that the case is not
/// offered, and otherwise as it was. An answer to a question that is off the path counts as
/// unanswered for the questions after it, but stays where it is.
pub fn path(instrument: &Instrument, unit: &UnitAttributes, answers: &mut Answers) -> Path {
    let mut questions = vec![false; instrument.questions.len()];
    let mut sections = Vec::with_capacity(instrument.sections.len());
    for section in &instrument.sections {
        let shown = holds(section.show_if.as_ref(), &Case::new(unit, answers, &questions));
        for index in section.pages.iter().flat_map(|page| page.questions.clone()) {
            reach(instrument, index, shown, unit, answers, &mut questions);
        }
        sections.push(shown);
    }
    Path { sections, questions }
}

/// Comes to the question with this index: settles whether it is asked, what it offers, and what it
/// is calculated as.
pub(crate) fn reach(
    instrument: &Instrument,
    index: usize,
    shown: bool,
    unit: &UnitAttributes,
    answers: &mut Answers,
    questions: &mut [bool],
) {
    let question = &instrument.questions[index];
    let condition = question.show_if.as_ref();
    let in_list = question.row.as_ref().is_none_or(|of| {
        let rows = instrument.questions[of.repeat].rows_in(answers);
        questions[of.repeat] && rows.is_some_and(|rows| of.row < rows)
    });
    questions[index] = shown
        && in_list
        && holds(condition, &Case::new(unit, answers, questions))
        && settle(question, unit, answers, questions);
    if !questions[index] {
        unsettle(question, answers);
    }
    // A list that must have rows has them before anybody adds one.
    if let (true, Some(rows)) = (questions[index], question.rows_in(answers)) {
        answers.set(question.variables.start, Some(Value::Integer(rows as i64)));
    }
    if question.calculation.is_some() {
        let case = Case::new(unit, answers, questions);
        let value = if questions[index] { question.calculated(&case) } else { None };
        answers.set(question.variables.start, value);
    }
}

/// Whether something with this condition is asked.
pub(crate) fn holds(condition: Option<&Condition>, case: &Case<'_>) -> bool {
    condition.is_none_or(|condition| condition.checked.holds(case))
}

/// Returns the checks of one section that are open, of the questions on the path: questions without
/// an answer that must have or should have one, and written checks that fire. A warning that has
/// been confirmed with a reason is no longer open.
pub fn open_checks<'a>(
    instrument: &'a Instrument,
    unit: &UnitAttributes,
    answers: &Answers,
    path: &Path,
    section: usize,
) -> Vec<OpenCheck<'a>> {
    let case = Case::new(unit, answers, &path.questions);
    let questions = instrument.questions.iter().enumerate();
    questions
        .filter(|(index, question)| question.section == section && path.questions[*index])
        .flat_map(|(index, question)| {
            required(instrument, question, index, answers)
                .into_iter()
                .chain(together(question, index, &case))
                .chain(firing(question, index, &case))
        })
        .collect()
}

/// The question's demand for an answer, where it has one that is not met. A grid must be answered
/// in every row; a text that belongs to an option or a warning is never required.
fn required<'a>(
    instrument: &Instrument,
    question: &Question,
    index: usize,
    answers: &Answers,
) -> Option<OpenCheck<'a>> {
    let (level, message) = match (question.required, question.asked_to_answer) {
        (true, _) => (Level::Error, CheckMessage::Required),
        (false, true) => (Level::Warning, CheckMessage::Blank),
        (false, false) => return None,
    };
    let variable = question.answer_fields().find(|variable| {
        let specify = matches!(instrument.variables[*variable].item, Item::Specify(_));
        !specify && !answers.leaves_out(*variable) && answers.get(*variable).is_none()
    });
    let open = |variable| OpenCheck { question: index, variable, level, message };
    variable.filter(|_| !question.is_complete(answers)).map(open)
}

/// What does not hold of the parts of a question together, as of the sum of a distribution.
fn together<'a>(question: &Question, index: usize, case: &Case<'_>) -> Option<OpenCheck<'a>> {
    let (variable, message) = broken_together(question, case)?;
    Some(OpenCheck { question: index, variable, level: Level::Error, message })
}

fn firing<'a>(
    question: &'a Question,
    index: usize,
    case: &Case<'_>,
) -> impl Iterator<Item = OpenCheck<'a>> {
    let reason = question.reason_variable().and_then(|variable| case.answers.get(variable));
    let open = move |check: &&Check| match check.level {
        Level::Error => true,
        Level::Warning => reason.is_none(),
    };
    let firing = question.checks.iter().filter(|check| check.when.checked.holds(case));
    firing.filter(open).map(move |check| OpenCheck {
        question: index,
        variable: question.variables.start,
        level: check.level,
        message: CheckMessage::Written(&check.message),
    })
}

impl Path {
    /// Whether the question of the variable with this index is on the path. Of its rows, some may
    /// be [left out](Answers::leaves_out).
    pub fn asks(&self, instrument: &Instrument, variable: usize) -> bool {
        self.questions[instrument.variables[variable].question]
    }
}
