//! Resolves names: questions, rows of grids, fields of "other, specify", attributes of the unit.

use std::ops::Range;

use super::check::{Checker, Typed, Words};
use super::evaluate::{Number, Place, Truth, Word};
use super::{AttributeKind, Expression, ExpressionKind, Identifier};
use crate::rules;
use crate::spelling::suggest;
use crate::{Kind, Question, VariableKind};

/// What attributes of the unit stand behind.
const UNIT: &str = "unit";

/// The names that no question can have.
pub(crate) const RESERVED_NAMES: [&str; 4] = [UNIT, "true", "false", "in"];

impl<'a> Checker<'a> {
    pub(super) fn name(&mut self, name: &str, span: &Range<usize>) -> Option<Typed<'a>> {
        if name == UNIT {
            let message = "`unit` is not a value; one of its attributes is".to_owned();
            let hint =
                self.scope.unit.first().map(|unit| format!("for instance `unit.{}`", unit.name));
            return self.report(rules::NO_ANSWER, span, message, hint);
        }
        let index = self.question(name, span)?;
        let question = &self.scope.questions[index];
        let hint = match &question.kind {
            Kind::Note => None,
            Kind::Grid { rows, .. } => {
                rows.first().map(|row| format!("name a row: `{name}.{}`", row.code))
            }
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Range { .. }
            | Kind::Integer { .. }
            | Kind::Decimal { .. }
            | Kind::Year { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Shaped(_)
            | Kind::Consent { .. } => return self.variable(name, index),
        };
        let what = if question.kind == Kind::Note { "a note" } else { "a grid" };
        let message = format!("`{name}` is {what} and has no answer of its own");
        self.report(rules::NO_ANSWER, span, message, hint)
    }

    pub(super) fn member(
        &mut self,
        of: &Expression,
        name: &Identifier,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let ExpressionKind::Name(of_name) = &of.kind else {
            let message = "only a question or `unit` can stand before a point".to_owned();
            return self.report(rules::UNKNOWN_NAME, &of.span, message, None);
        };
        if of_name == UNIT {
            return self.attribute(name);
        }
        let index = self.question(of_name, &of.span)?;
        if let Some(typed) = self.variable(&format!("{of_name}.{}", name.name), index) {
            return Some(typed);
        }
        let question = &self.scope.questions[index];
        let message = format!("`{of_name}` has no part `{}`", name.name);
        let hint = match question.option(&name.name) {
            Some(option) => part_hint(question, option.code.as_str()),
            None => suggest(&name.name, self.parts(index).iter().map(String::as_str)),
        };
        self.report(rules::UNKNOWN_NAME, span, message, hint)
    }

    /// The rows and fields of a question that can be named.
    fn parts(&self, index: usize) -> Vec<String> {
        let question = &self.scope.questions[index];
        let names = self.scope.variables[question.variables.clone()].iter();
        names.filter_map(|variable| Some(variable.name.split_once('.')?.1.to_owned())).collect()
    }

    /// Finds a question that can be looked at from here.
    fn question(&mut self, name: &str, span: &Range<usize>) -> Option<usize> {
        let questions = self.scope.questions;
        let before = self.scope.before.min(questions.len());
        let Some(index) = questions.iter().position(|question| question.id.as_str() == name) else {
            let known = questions[..before].iter().map(|question| question.id.as_str());
            let hint = match crate::spelling::closest(name, known.chain([UNIT])) {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None => Some(format!("a text or code stands in quotes: \"{name}\"")),
            };
            let message = format!("there is no question `{name}`");
            return self.report(rules::UNKNOWN_NAME, span, message, hint);
        };
        if index < before {
            return Some(index);
        }
        let message = format!("the condition looks at `{name}`, which is not asked before it");
        let hint = Some(
            "a condition can only look back: move it, or the question that it looks at".to_owned(),
        );
        self.report(rules::FORWARD_REFERENCE, span, message, hint)
    }

    fn variable(&self, name: &str, question: usize) -> Option<Typed<'a>> {
        let asked = &self.scope.questions[question];
        let found = asked.variables.clone().find(|i| self.scope.variables[*i].name == name)?;
        let place = Place { variable: found, question };
        Some(match self.scope.variables[found].kind {
            VariableKind::Category => Typed::Word(Word::Answer(place), Words::OptionOf(asked)),
            VariableKind::Categories => Typed::Codes(place, asked),
            VariableKind::Integer | VariableKind::Decimal => Typed::Number(Number::Answer(place)),
            VariableKind::Text => Typed::Word(Word::Answer(place), Words::Any),
        })
    }

    fn attribute(&mut self, name: &Identifier) -> Option<Typed<'a>> {
        let known = self.scope.unit;
        let Some(unit) = known.iter().find(|unit| unit.name == name.name) else {
            let message = format!("units have no attribute `{}`", name.name);
            let hint = suggest(&name.name, known.iter().map(|unit| unit.name));
            return self.report(rules::UNKNOWN_ATTRIBUTE, &name.span, message, hint);
        };
        Some(match unit.kind {
            AttributeKind::Text => Typed::Word(Word::Attribute(unit.name), Words::ValueOf(unit)),
            AttributeKind::Number => Typed::Number(Number::Attribute(unit.name)),
            AttributeKind::Flag => Typed::Truth(Truth::Flag(unit.name)),
        })
    }
}

/// What is meant by `q.option`.
fn part_hint(question: &Question, code: &str) -> Option<String> {
    let id = &question.id;
    match &question.kind {
        Kind::SelectMultiple { .. } => {
            Some(format!("whether it was chosen is `\"{code}\" in {id}`"))
        }
        Kind::SelectOne { .. } | Kind::Consent { .. } => {
            Some(format!("whether it was chosen is `{id} == \"{code}\"`"))
        }
        Kind::Grid { rows, .. } => {
            rows.first().map(|row| format!("compare a row: `{id}.{} == \"{code}\"`", row.code))
        }
        Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::Note => None,
    }
}
