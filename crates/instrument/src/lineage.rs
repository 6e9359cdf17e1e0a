//! What became of each question between two rounds.

use crate::{Code, Instrument, Question, QuestionId, Trend};

/// The variable of the last round that a variable continues.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predecessor<'a> {
    /// Its index into the last round's [`Instrument::variables`].
    pub variable: usize,
    /// Its question, as the last round asked it.
    pub question: &'a Question,
    /// What the questionnaire says about comparing the two.
    pub trend: &'a Trend,
}

/// What became of a question since the last round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Asked in the same words, with the same options.
    Kept,
    /// Asked, with other words or options.
    Changed,
    /// Asked for the first time.
    Added,
    /// No longer asked.
    Removed,
}

/// Returns the variable of the last round that `variable` of this round continues.
pub fn predecessor<'a>(
    now: &'a Instrument,
    before: &'a Instrument,
    variable: usize,
) -> Option<Predecessor<'a>> {
    let _ = (now, before, variable);
    unimplemented!()
}

/// Returns what became of each question: this round's in order, then those that are gone.
pub fn fates(now: &Instrument, before: &Instrument) -> Vec<(QuestionId, Fate)> {
    let _ = (now, before);
    unimplemented!()
}

impl Predecessor<'_> {
    /// Returns the options of the last round that an option of this round stands for.
    pub fn options(&self, code: &Code) -> Vec<Code> {
        let _ = code;
        unimplemented!()
    }
}
