//! Resolves the names of an expression and finds its mistakes.

use std::ops::Range;

use super::{Checked, Expression, UnitNames};
use crate::{Question, Variable};

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The questions of the questionnaire, in order.
    pub questions: &'a [Question],
    /// Their variables.
    pub variables: &'a [Variable],
    /// What may follow `unit.`.
    pub unit: &'a UnitNames,
    /// Only questions with a smaller index can be looked at: those before the one whose condition
    /// it is, or those up to the one that a check belongs to.
    pub before: usize,
}

/// One mistake in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its place in the expression's source, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Checks a condition. Returns it where there is no problem.
pub fn check(expression: &Expression, scope: &Scope<'_>) -> (Option<Checked>, Vec<Problem>) {
    let _ = (expression, scope);
    unimplemented!()
}
