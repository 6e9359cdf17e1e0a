//! What a condition looks at.

use super::Checked;
use super::evaluate::{Number, Place, Truth, Word};

/// Something that stands in a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// The answer to a variable.
    Answer {
        /// Its index into the questionnaire's variables.
        variable: usize,
        /// Its question's index.
        question: usize,
    },
    /// An attribute of the unit.
    Attribute(&'static str),
    /// A number.
    Number(f64),
    /// A text or code.
    Word(&'a str),
}

impl Checked {
    /// Returns everything that stands in the condition, from left to right.
    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![];
        self.0.collect(&mut parts);
        parts
    }
}

impl From<Place> for Part<'_> {
    fn from(Place { variable, question }: Place) -> Self {
        Part::Answer { variable, question }
    }
}

impl Truth {
    pub(super) fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Truth::Constant(_) => {}
            Truth::Flag(name) => parts.push(Part::Attribute(name)),
            Truth::Answered(place) => parts.push((*place).into()),
            Truth::Not(operand) => operand.collect(parts),
            Truth::And(pair) | Truth::Or(pair) | Truth::Same(pair) => {
                pair.0.collect(parts);
                pair.1.collect(parts);
            }
            Truth::SameWord(pair) => {
                pair.0.collect(parts);
                pair.1.collect(parts);
            }
            Truth::WordIn(word, list) => {
                word.collect(parts);
                list.iter().for_each(|word| word.collect(parts));
            }
            Truth::Chosen(word, place) => {
                word.collect(parts);
                parts.push((*place).into());
            }
            Truth::Compare(_, pair) => {
                pair.0.collect(parts);
                pair.1.collect(parts);
            }
            Truth::NumberIn(number, list) => {
                number.collect(parts);
                list.iter().for_each(|number| number.collect(parts));
            }
            Truth::If(branches) => {
                branches.0.collect(parts);
                branches.1.collect(parts);
                branches.2.collect(parts);
            }
        }
    }
}

impl Number {
    fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Number::Constant(number) => parts.push(Part::Number(*number)),
            Number::Answer(place) | Number::Chosen(place) => parts.push((*place).into()),
            Number::Attribute(name) => parts.push(Part::Attribute(name)),
            Number::Length(word) => word.collect(parts),
            Number::Negate(operand) => operand.collect(parts),
            Number::Add(pair)
            | Number::Subtract(pair)
            | Number::Multiply(pair)
            | Number::Divide(pair) => {
                pair.0.collect(parts);
                pair.1.collect(parts);
            }
            Number::If(branches) => {
                branches.0.collect(parts);
                branches.1.collect(parts);
                branches.2.collect(parts);
            }
        }
    }
}

impl Word {
    fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Word::Constant(text) => parts.push(Part::Word(text)),
            Word::Answer(place) => parts.push((*place).into()),
            Word::Attribute(name) => parts.push(Part::Attribute(name)),
            Word::If(branches) => {
                branches.0.collect(parts);
                branches.1.collect(parts);
                branches.2.collect(parts);
            }
        }
    }
}
