//! The path: which sections and questions a case is asked. Reading it changes nothing.

use crate::expression::UnitAttributes;
use crate::{Answers, Instrument};

/// Which sections and questions a case is asked, given its unit and its answers so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// One place for each section of the instrument.
    pub sections: Vec<bool>,
    /// One place for each question of the instrument.
    pub questions: Vec<bool>,
}

/// Computes the path of a case. An answer to a question that is off the path counts as unanswered
/// for the questions after it, but stays where it is.
pub fn path(instrument: &Instrument, unit: &UnitAttributes, answers: &Answers) -> Path {
    let _ = (instrument, unit, answers);
    unimplemented!()
}

impl Path {
    /// Whether the variable with this index is on the path.
    pub fn asks(&self, instrument: &Instrument, variable: usize) -> bool {
        self.questions[instrument.variables[variable].question]
    }
}
