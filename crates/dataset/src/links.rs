//! Which variables hang together: a question that is asked of those alone who answered another in some
//! way, and a value that is calculated from others.

use instrument::Release;

use crate::{CodebookVariable, DataSet};

impl DataSet {
    /// Returns the variables that decide who was asked another. They stand before it.
    pub fn asked_by(&self, index: usize) -> impl Iterator<Item = usize> {
        self.named_in(self.variables[index].filter.as_deref(), index)
    }

    /// Returns the variables that a value is calculated from. They stand before it.
    pub fn made_of(&self, index: usize) -> impl Iterator<Item = usize> {
        self.named_in(self.variables[index].formula.as_deref(), index)
    }

    /// Returns whether what each unit answered may be told: the variable is open, and so is everything
    /// that would be told with it. Who was asked tells what was answered before.
    pub fn is_open(&self, index: usize) -> bool {
        self.variables[index].release == Release::Open
            && self.asked_by(index).chain(self.made_of(index)).all(|other| self.is_open(other))
    }

    fn named_in(&self, expression: Option<&str>, index: usize) -> impl Iterator<Item = usize> {
        let is_name = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '.';
        let words: Vec<&str> =
            expression.unwrap_or_default().split(|sign| !is_name(sign)).collect();
        (0..index).filter(move |other| {
            let CodebookVariable { name, question, .. } = &self.variables[*other];
            words.contains(&name.as_str()) || words.contains(&question.as_str())
        })
    }
}
