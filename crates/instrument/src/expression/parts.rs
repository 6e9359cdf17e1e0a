//! What a condition looks at.

use super::evaluate::{Number, Place, Rows, Truth, Word};
use super::{Checked, CheckedCalculation};

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
    /// The answer to a variable of the last round, by its index there.
    Last(usize),
    /// The day on which the case is looked at.
    Today,
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

    /// Whether the condition looks at more than the unit and its answers: the last round or the day.
    pub(crate) fn looks_beyond(&self) -> bool {
        self.parts().iter().any(|part| matches!(part, Part::Last(_) | Part::Today))
    }

    /// Whether the condition looks at the last round's answers.
    pub(crate) fn looks_back(&self) -> bool {
        self.parts().iter().any(|part| matches!(part, Part::Last(_)))
    }
}

impl CheckedCalculation {
    /// Returns everything that stands in the calculation, from left to right.
    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![];
        match self {
            CheckedCalculation::Number(number) => number.0.collect(&mut parts),
            CheckedCalculation::Option(word) => word.0.collect(&mut parts),
        }
        parts
    }

    /// Whether it looks at the last round's answers.
    pub(crate) fn looks_back(&self) -> bool {
        self.parts().iter().any(|part| matches!(part, Part::Last(_)))
    }
}

impl Place {
    pub(super) fn collect(self, parts: &mut Vec<Part<'_>>) {
        match self {
            Place::Now { variable, question } => parts.push(Part::Answer { variable, question }),
            Place::Last { variable } => parts.push(Part::Last(variable)),
            // The rows are collected with the function that goes through them.
            Place::Row { .. } | Place::Field { .. } => {}
        }
    }
}

impl Rows {
    fn collect(&self, parts: &mut Vec<Part<'_>>) {
        let question = self.question;
        if let Some(variable) = self.counted {
            parts.push(Part::Answer { variable, question });
            let cells = self.cells.iter();
            parts.extend(cells.map(|&(variable, question)| Part::Answer { variable, question }));
            return;
        }
        parts.extend(self.variables.clone().map(|variable| Part::Answer { variable, question }));
    }
}

impl Truth {
    pub(super) fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Truth::Constant(_) => {}
            Truth::Flag(name) => parts.push(Part::Attribute(name)),
            Truth::Answered(place) => place.collect(parts),
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
                place.collect(parts);
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
            Truth::Any(rows, inner) | Truth::All(rows, inner) => {
                rows.collect(parts);
                inner.collect(parts);
            }
        }
    }
}

impl Number {
    pub(super) fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Number::Constant(number) => parts.push(Part::Number(*number)),
            Number::Answer(place) | Number::Chosen(place) => place.collect(parts),
            Number::Attribute(name) => parts.push(Part::Attribute(name)),
            Number::Length(word) | Number::DayOf(word) => word.collect(parts),
            Number::Today => parts.push(Part::Today),
            Number::Filled(rows) => rows.collect(parts),
            Number::Count(rows, inner) => {
                rows.collect(parts);
                inner.collect(parts);
            }
            Number::Sum(rows, inner) => {
                rows.collect(parts);
                inner.collect(parts);
            }
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
    pub(super) fn collect<'a>(&'a self, parts: &mut Vec<Part<'a>>) {
        match self {
            Word::Constant(text) => parts.push(Part::Word(text)),
            Word::Answer(place) => place.collect(parts),
            Word::Attribute(name) => parts.push(Part::Attribute(name)),
            Word::If(branches) => {
                branches.0.collect(parts);
                branches.1.collect(parts);
                branches.2.collect(parts);
            }
        }
    }
}
