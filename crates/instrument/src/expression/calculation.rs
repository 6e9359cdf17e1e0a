//! What a calculation comes to: a number, or one of a few options.

use super::check::{Checker, Words};
use super::evaluate::Word;
use super::{Case, CheckedNumber, Expression, ExpressionKind, Problem, Scope};
use crate::Question;

/// The expression of a calculation, with its names resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckedCalculation {
    /// A number.
    Number(CheckedNumber),
    /// The code of an option, or a text.
    Option(CheckedWord),
}

/// An expression that is a text or a code, with its names resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedWord(pub(super) Word);

impl CheckedWord {
    /// Returns the text; `None` where what it rests on is unknown.
    pub fn evaluate<'a>(&'a self, case: &Case<'a>) -> Option<&'a str> {
        self.0.evaluate(case)
    }
}

/// Checks what a question is calculated as: one of its options, or a number where it has none.
/// Returns it where there is no problem.
pub fn check_calculation(
    expression: &Expression,
    scope: &Scope<'_>,
    question: &Question,
) -> (Option<CheckedCalculation>, Vec<Problem>) {
    number_or_option(expression, scope, question, "value")
}

fn number_or_option(
    expression: &Expression,
    scope: &Scope<'_>,
    question: &Question,
    what: &'static str,
) -> (Option<CheckedCalculation>, Vec<Problem>) {
    let mut checker = Checker::new(scope);
    let checked = if question.kind.options().is_empty() {
        let number = checker.number(expression, what);
        number.map(|number| CheckedCalculation::Number(CheckedNumber(number)))
    } else {
        let word = option(&mut checker, expression, &Words::OptionOf(question));
        word.map(|word| CheckedCalculation::Option(CheckedWord(word)))
    };
    (checked.filter(|_| checker.problems.is_empty()), checker.problems)
}

/// Checks what a question is filled in with: a number, one of its options, or a text. Returns it
/// where there is no problem.
pub fn check_proposal(
    expression: &Expression,
    scope: &Scope<'_>,
    question: &Question,
) -> (Option<CheckedCalculation>, Vec<Problem>) {
    if !question.kind.options().is_empty() || question.kind.is_number() {
        return number_or_option(expression, scope, question, "prefill");
    }
    let mut checker = Checker::new(scope);
    let word = checker.word(expression, &Words::Any);
    let checked = word.map(|word| CheckedCalculation::Option(CheckedWord(word)));
    (checked.filter(|_| checker.problems.is_empty()), checker.problems)
}

/// Checks each of the codes that `? :` chooses between.
fn option<'a>(
    checker: &mut Checker<'a>,
    expression: &Expression,
    options: &Words<'a>,
) -> Option<Word> {
    let ExpressionKind::Conditional { condition, then, otherwise } = &expression.kind else {
        return checker.word(expression, options);
    };
    let condition = checker.condition(condition);
    let (then, otherwise) = (option(checker, then, options), option(checker, otherwise, options));
    Some(Word::If(Box::new((condition?, then?, otherwise?))))
}
