//! The path: which sections and questions a case is asked. Reading it changes nothing.

use crate::expression::UnitAttributes;
use crate::{Answers, Instrument, Level, Text};

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
}

/// Computes the path of a case. An answer to a question that is off the path counts as unanswered
/// for the questions after it, but stays where it is.
pub fn path(instrument: &Instrument, unit: &UnitAttributes, answers: &Answers) -> Path {
    let _ = (instrument, unit, answers);
    unimplemented!()
}

/// Returns the checks of one section that are open: required questions without an answer, and
/// written checks that fire, of the questions on the path.
pub fn open_checks<'a>(
    instrument: &'a Instrument,
    unit: &UnitAttributes,
    answers: &Answers,
    path: &Path,
    section: usize,
) -> Vec<OpenCheck<'a>> {
    let _ = (instrument, unit, answers, path, section);
    unimplemented!()
}

impl Path {
    /// Whether the variable with this index is on the path.
    pub fn asks(&self, instrument: &Instrument, variable: usize) -> bool {
        self.questions[instrument.variables[variable].question]
    }
}
