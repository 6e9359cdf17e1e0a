//! Evaluates conditions by Kleene's three-valued logic.

use super::UnitAttributes;
use crate::Answers;

/// What a condition is evaluated for: a unit in a round, with its answers so far.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is known of the unit.
    pub unit: &'a UnitAttributes,
    /// Its answers.
    pub answers: &'a Answers,
    /// For each question, whether it is on the path; the answer to one that is not is unknown.
    pub asked: &'a [bool],
}

/// A condition with its names resolved against a questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {}

impl Checked {
    /// Returns whether the condition holds; `None` where what it rests on is unknown.
    pub fn evaluate(&self, case: &Case<'_>) -> Option<bool> {
        let _ = case;
        unimplemented!()
    }

    /// Whether the condition is known to hold.
    pub fn holds(&self, case: &Case<'_>) -> bool {
        self.evaluate(case) == Some(true)
    }
}
