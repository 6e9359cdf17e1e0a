//! Evaluates conditions by Kleene's three-valued logic.
//!
//! There is one type of node for each type of value, so that a condition that was checked cannot
//! meet a value of the wrong type. Nothing is allocated: answers are found by their place, and
//! texts are borrowed.

use std::ops::Range;

use jiff::civil::{Date, date};

use super::{Attribute, UnitAttributes};
use crate::kind::GIVEN;
use crate::{Answers, Value};

/// What a condition is evaluated for: a unit in a round, with its answers so far.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is known of the unit.
    pub unit: &'a UnitAttributes,
    /// Its answers.
    pub answers: &'a Answers,
    /// For each question, whether it is on the path; the answer to one that is not is unknown.
    pub asked: &'a [bool],
    /// What `any`, `all`, `count` or `sum` has come to: the first variable of a row, and which row.
    row: Option<(usize, usize)>,
}

/// A condition with its names resolved against a questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked(pub(super) Truth);

/// An expression that is a number, with its names resolved against a questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedNumber(pub(super) Number);

impl CheckedNumber {
    /// Returns the number; `None` where what it rests on is unknown.
    pub fn evaluate(&self, case: &Case<'_>) -> Option<f64> {
        self.0.evaluate(case)
    }
}

impl Checked {
    /// Returns whether the condition holds; `None` where what it rests on is unknown.
    pub fn evaluate(&self, case: &Case<'_>) -> Option<bool> {
        self.0.evaluate(case)
    }

    /// Whether the condition is known to hold.
    pub fn holds(&self, case: &Case<'_>) -> bool {
        self.evaluate(case) == Some(true)
    }
}

/// Where an answer is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// In a variable of this round.
    Now { variable: usize, question: usize },
    /// In the row that `any`, `all`, `count` or `sum` has come to.
    Row { question: usize },
    /// In a question of the row of a list that they have come to.
    Field {
        /// The question in the first row.
        question: usize,
        /// How many questions a row has.
        every: usize,
        /// How far its variable lies behind the row's first.
        offset: usize,
    },
    /// In a variable of the last round.
    Last { variable: usize },
}

/// The rows that are gone through one by one: of a grid, or of whatever else has rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    pub(super) question: usize,
    /// One variable for each row, or as many as a row of a list has.
    pub(super) variables: Range<usize>,
    /// How many variables a row has.
    pub(super) every: usize,
    /// The variable that says how many rows there are, of a list.
    pub(super) counted: Option<usize>,
    /// Every variable of a list that is looked at, with its question.
    pub(super) cells: Vec<(usize, usize)>,
}

/// What is true, false or unknown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    Constant(bool),
    Flag(&'static str),
    Answered(Place),
    Not(Box<Truth>),
    And(Box<(Truth, Truth)>),
    Or(Box<(Truth, Truth)>),
    Same(Box<(Truth, Truth)>),
    SameWord(Box<(Word, Word)>),
    WordIn(Box<Word>, Vec<Word>),
    /// Whether an option is among those chosen.
    Chosen(Box<Word>, Place),
    Compare(Comparison, Box<(Number, Number)>),
    NumberIn(Box<Number>, Vec<Number>),
    If(Box<(Truth, Truth, Truth)>),
    /// Whether it holds for a row.
    Any(Rows, Box<Truth>),
    /// Whether it holds for every row.
    All(Rows, Box<Truth>),
}

/// How two numbers are compared; the opposite of each is its negation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Equal,
    Less,
    LessOrEqual,
}

/// A number, or unknown. A day is one too: the days from 1 January 1970 to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    Constant(f64),
    Answer(Place),
    Attribute(&'static str),
    /// How many options were chosen.
    Chosen(Place),
    /// How many characters a text has.
    Length(Box<Word>),
    /// The day on which the case is looked at.
    Today,
    /// The day that a text names.
    DayOf(Box<Word>),
    /// For how many rows it holds.
    Count(Rows, Box<Truth>),
    /// How many rows have been answered.
    Filled(Rows),
    /// What the rows come to.
    Sum(Rows, Box<Number>),
    Negate(Box<Number>),
    Add(Box<(Number, Number)>),
    Subtract(Box<(Number, Number)>),
    Multiply(Box<(Number, Number)>),
    Divide(Box<(Number, Number)>),
    If(Box<(Truth, Number, Number)>),
}

/// A text or a code, or unknown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Constant(Box<str>),
    Answer(Place),
    Attribute(&'static str),
    If(Box<(Truth, Word, Word)>),
}

impl<'a> Case<'a> {
    /// Returns a case of a unit with these answers, of which these questions are asked.
    pub fn new(unit: &'a UnitAttributes, answers: &'a Answers, asked: &'a [bool]) -> Case<'a> {
        Case { unit, answers, asked, row: None }
    }

    pub(super) fn answer(&self, place: Place) -> Option<&'a Value> {
        let (question, variable) = match place {
            Place::Now { variable, question } => (question, variable),
            Place::Row { question } => (question, self.row?.0),
            Place::Field { question, every, offset } => {
                let (first, row) = self.row?;
                (question + row * every, first + offset)
            }
            Place::Last { variable } => return self.unit.last()?.get(variable),
        };
        let asked = self.asked.get(question).copied().unwrap_or(false);
        if asked { self.answers.get(variable) } else { None }
    }

    /// Returns the case once for each row that it is asked.
    fn each(self, rows: &Rows) -> impl Iterator<Item = Case<'a>> {
        let there = rows.there(&self).unwrap_or(0);
        let firsts = rows.variables.clone().step_by(rows.every).take(there).zip(0..);
        let asked = firsts.filter(move |(first, _)| !self.answers.leaves_out(*first));
        asked.map(move |row| Case { row: Some(row), ..self })
    }
}

impl Rows {
    /// Returns how many rows there can be, or are in a list; `None` where nobody has said how many.
    fn there(&self, case: &Case<'_>) -> Option<usize> {
        let Some(variable) = self.counted else { return Some(usize::MAX) };
        match case.answer(Place::Now { variable, question: self.question })? {
            Value::Integer(rows) => usize::try_from(*rows).ok(),
            Value::Decimal(_)
            | Value::Code(_)
            | Value::Codes(_)
            | Value::Text(_)
            | Value::File(_)
            | Value::Missing(_) => None,
        }
    }

    fn filled(&self, case: &Case<'_>) -> usize {
        let rows = case.each(self);
        rows.filter(|row| row.answer(Place::Row { question: self.question }).is_some()).count()
    }
}

impl Truth {
    fn evaluate(&self, case: &Case<'_>) -> Option<bool> {
        match self {
            Truth::Constant(value) => Some(*value),
            Truth::Flag(name) => match case.unit.get(name)? {
                Attribute::Flag(flag) => Some(*flag),
                Attribute::Text(_) | Attribute::Number(_) => None,
            },
            Truth::Answered(place) => Some(case.answer(*place).is_some()),
            Truth::Not(operand) => operand.evaluate(case).map(|value| !value),
            Truth::And(pair) => and(pair.0.evaluate(case), || pair.1.evaluate(case)),
            Truth::Or(pair) => or(pair.0.evaluate(case), || pair.1.evaluate(case)),
            Truth::Same(pair) => Some(pair.0.evaluate(case)? == pair.1.evaluate(case)?),
            Truth::SameWord(pair) => Some(pair.0.evaluate(case)? == pair.1.evaluate(case)?),
            Truth::WordIn(word, list) => {
                let word = word.evaluate(case)?;
                any(list.iter().map(|element| Some(element.evaluate(case)? == word)))
            }
            Truth::Chosen(word, place) => {
                let word = word.evaluate(case)?;
                Some(codes(case, *place)?.iter().any(|code| code.as_str() == word))
            }
            Truth::Compare(comparison, pair) => {
                let (left, right) = (pair.0.evaluate(case)?, pair.1.evaluate(case)?);
                Some(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::Less => left < right,
                    Comparison::LessOrEqual => left <= right,
                })
            }
            Truth::NumberIn(number, list) => {
                let number = number.evaluate(case)?;
                any(list.iter().map(|element| Some(element.evaluate(case)? == number)))
            }
            Truth::If(parts) => match parts.0.evaluate(case)? {
                true => parts.1.evaluate(case),
                false => parts.2.evaluate(case),
            },
            Truth::Any(rows, _) | Truth::All(rows, _) if rows.there(case).is_none() => None,
            Truth::Any(rows, inner) => any(case.each(rows).map(|row| inner.evaluate(&row))),
            Truth::All(rows, inner) => {
                any(case.each(rows).map(|row| inner.evaluate(&row).map(|holds| !holds)))
                    .map(|fails| !fails)
            }
        }
    }
}

impl Number {
    pub(super) fn evaluate(&self, case: &Case<'_>) -> Option<f64> {
        let both = |pair: &(Number, Number)| Some((pair.0.evaluate(case)?, pair.1.evaluate(case)?));
        let number = match self {
            Number::Constant(number) => *number,
            Number::Answer(place) => match case.answer(*place)? {
                Value::Integer(number) => *number as f64,
                Value::Decimal(number) => *number,
                Value::Code(_)
                | Value::Codes(_)
                | Value::Text(_)
                | Value::File(_)
                | Value::Missing(_) => return None,
            },
            Number::Attribute(name) => match case.unit.get(name)? {
                Attribute::Number(number) => *number,
                Attribute::Text(_) | Attribute::Flag(_) => return None,
            },
            Number::Chosen(place) => codes(case, *place)?.len() as f64,
            Number::DayOf(word) => {
                f64::from(day_number(word.evaluate(case)?.parse::<Date>().ok()?))
            }
            Number::Today => f64::from(day_number(case.unit.today()?)),
            // Of an empty list something is known.
            Number::Count(rows, _) | Number::Sum(rows, _) if rows.there(case) == Some(0) => 0.0,
            Number::Count(rows, inner) => {
                let known = case.each(rows).filter_map(|row| inner.evaluate(&row));
                known.map(|holds| f64::from(u8::from(holds))).reduce(|sum, one| sum + one)?
            }
            Number::Filled(rows) => rows.filled(case) as f64,
            Number::Sum(rows, inner) => {
                let known = case.each(rows).filter_map(|row| inner.evaluate(&row));
                known.reduce(|sum, number| sum + number)?
            }
            Number::Length(word) => word.evaluate(case)?.chars().count() as f64,
            Number::Negate(operand) => -operand.evaluate(case)?,
            Number::Add(pair) => both(pair).map(|(left, right)| left + right)?,
            Number::Subtract(pair) => both(pair).map(|(left, right)| left - right)?,
            Number::Multiply(pair) => both(pair).map(|(left, right)| left * right)?,
            Number::Divide(pair) => both(pair).map(|(left, right)| left / right)?,
            Number::If(parts) => match parts.0.evaluate(case)? {
                true => parts.1.evaluate(case)?,
                false => parts.2.evaluate(case)?,
            },
        };
        // Division by zero gives no number, so what rests on it is unknown.
        number.is_finite().then_some(number)
    }
}

impl Word {
    pub(super) fn evaluate<'a>(&'a self, case: &Case<'a>) -> Option<&'a str> {
        match self {
            Word::Constant(text) => Some(text),
            Word::Answer(place) => match case.answer(*place)? {
                Value::Code(code) => Some(code.as_str()),
                Value::Text(text) => Some(text),
                Value::File(_) => Some(GIVEN),
                Value::Codes(_) | Value::Integer(_) | Value::Decimal(_) | Value::Missing(_) => None,
            },
            Word::Attribute(name) => match case.unit.get(name)? {
                Attribute::Text(text) => Some(text),
                Attribute::Number(_) | Attribute::Flag(_) => None,
            },
            Word::If(parts) => match parts.0.evaluate(case)? {
                true => parts.1.evaluate(case),
                false => parts.2.evaluate(case),
            },
        }
    }
}

pub(super) fn codes<'a>(case: &Case<'a>, place: Place) -> Option<&'a [crate::Code]> {
    match case.answer(place)? {
        Value::Codes(codes) => Some(codes),
        Value::Code(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::File(_)
        | Value::Missing(_) => None,
    }
}

/// Returns a day as the number that conditions reckon with.
pub(super) fn day_number(day: Date) -> i32 {
    let days = EPOCH.until(day).map(|span| span.get_days());
    // The difference of two dates in days is always a span of days.
    days.unwrap_or_default()
}

/// Returns the day that a number stands for; `None` beyond the calendar.
pub(super) fn day_of(number: f64) -> Option<Date> {
    let days = if number.abs() < 1e7 { number.round() as i32 } else { return None };
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

const EPOCH: Date = date(1970, 1, 1);

/// Kleene's conjunction: one false is enough, otherwise one unknown.
fn and(left: Option<bool>, right: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match left {
        Some(false) => Some(false),
        Some(true) => right(),
        None => right().filter(|right| !right),
    }
}

/// Kleene's disjunction: one true is enough, otherwise one unknown.
fn or(left: Option<bool>, right: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match left {
        Some(true) => Some(true),
        Some(false) => right(),
        None => right().filter(|right| *right),
    }
}

/// Kleene's disjunction of many.
fn any(values: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for value in values {
        match value {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connectives_are_kleenes() {
        // Kleene, Introduction to Metamathematics (1952), section 64: with F < U < T, conjunction
        // is the smaller, disjunction the larger, and negation turns the order round.
        let rank = |value: Option<bool>| value.map_or(1, |value| if value { 2 } else { 0 });
        for a in [Some(false), None, Some(true)] {
            for b in [Some(false), None, Some(true)] {
                assert_eq!(rank(and(a, || b)), rank(a).min(rank(b)), "{a:?} && {b:?}");
                assert_eq!(rank(or(a, || b)), rank(a).max(rank(b)), "{a:?} || {b:?}");
                assert_eq!(rank(any([a, b].into_iter())), rank(a).max(rank(b)), "any {a:?} {b:?}");
            }
            assert_eq!(rank(a.map(|a| !a)), 2 - rank(a), "!{a:?}");
        }
    }
}
