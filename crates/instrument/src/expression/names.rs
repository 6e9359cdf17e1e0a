//! Resolves names: questions, rows of grids, fields of "other, specify", attributes of the unit.

use std::ops::Range;

use super::check::{Checker, Typed, Words};
use super::evaluate::{Number, Place, Truth, Word};
use super::{AttributeKind, Expression, ExpressionKind, Identifier};
use crate::lineage::continued;
use crate::rules;
use crate::spelling::suggest;
use crate::{Comparable, Kind, Question, Shape, VariableKind};

/// What attributes of the unit stand behind.
const UNIT: &str = "unit";

/// What the last round's answers stand behind.
pub(crate) const LAST: &str = "last";

/// The day on which a check is made.
const TODAY: &str = "today";

/// The role that answers where the expression stands.
const ROLE: &str = "role";

/// The names that no question can have.
pub(crate) const RESERVED_NAMES: [&str; 7] = [UNIT, LAST, TODAY, ROLE, "true", "false", "in"];

impl<'a> Checker<'a> {
    pub(super) fn name(&mut self, name: &str, span: &Range<usize>) -> Option<Typed<'a>> {
        match name {
            UNIT => return self.unit_alone(span),
            LAST => return self.last_alone(span),
            TODAY => return self.today(span),
            ROLE => return self.role(span),
            _ => {}
        }
        let index = self.question(name, span)?;
        if let Some((place, variable)) = self.current_row(index) {
            let question = &self.scope.questions[index];
            return Some(typed(place, question, self.scope.variables[variable].kind));
        }
        let question = &self.scope.questions[index];
        let hint = match &question.kind {
            Kind::Note => None,
            Kind::Grid { rows, several, .. } => rows.first().map(|row| {
                let row = format!("`{name}.{}`", row.code);
                let all =
                    if *several { format!("… in {name}") } else { format!("{name} == …") };
                format!("name a row: {row}, or look at all: `any({all})`")
            }),
            Kind::Rank { rows, .. } | Kind::Distribution { rows, .. } => {
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
            | Kind::File(_)
            | Kind::Consent { .. }
            | Kind::Repeat { .. }
            | Kind::Calculate { .. } => return self.variable(question.id.as_str(), index),
        };
        let kind = question.kind.name();
        let message = format!("`{name}` is a {kind} and has no answer of its own");
        self.report(rules::NO_ANSWER, span, message, hint)
    }

    pub(super) fn member(
        &mut self,
        of: &Expression,
        name: &Identifier,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        if let ExpressionKind::Member { of: outer, name: question } = &of.kind
            && matches!(&outer.kind, ExpressionKind::Name(name) if name == LAST)
        {
            return self.last(question, Some(name), span);
        }
        let ExpressionKind::Name(of_name) = &of.kind else {
            let message = "only a question or `unit` can stand before a point".to_owned();
            return self.report(rules::UNKNOWN_NAME, &of.span, message, None);
        };
        if of_name == UNIT {
            return self.attribute(name);
        }
        if of_name == LAST {
            return self.last(name, None, span);
        }
        let index = self.question(of_name, &of.span)?;
        let question = &self.scope.questions[index];
        if matches!(question.kind, Kind::Repeat { .. }) {
            return self.in_rows(index, name, span);
        }
        if let Some(typed) = self.variable(&format!("{}.{}", question.id, name.name), index) {
            return Some(typed);
        }
        let message = format!("`{of_name}` has no part `{}`", name.name);
        let hint = match question.option(&name.name) {
            Some(option) => part_hint(question, option.code.as_str()),
            None => suggest(&name.name, self.parts(index).iter().map(String::as_str)),
        };
        self.report(rules::UNKNOWN_NAME, span, message, hint)
    }

    /// The answer to a question of a list, in the row that a function has come to.
    fn in_rows(
        &mut self,
        repeat: usize,
        name: &Identifier,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let (questions, list) = (self.scope.questions, &self.scope.questions[repeat].id);
        let first_row = questions[repeat + 1..].iter().enumerate().take_while(|(_, question)| {
            question.row.as_ref().is_some_and(|of| of.repeat == repeat && of.row == 0)
        });
        let first_row: Vec<(usize, &Question)> = first_row.collect();
        let own = |question: &'a Question| question.row.as_ref().map(|of| of.name.as_str());
        let Some((place, question)) =
            first_row.iter().copied().find(|(_, question)| own(question) == Some(&name.name))
        else {
            let message = format!("`{list}` asks no question `{}` of its rows", name.name);
            let known = first_row.iter().filter_map(|(_, question)| own(question));
            return self.report(
                rules::UNKNOWN_NAME,
                &name.span,
                message,
                suggest(&name.name, known),
            );
        };
        let Some(rows) = self.rows.as_mut().filter(|rows| rows.question == repeat) else {
            let message = format!("`{list}.{}` has an answer in each row", name.name);
            let hint = "look at all rows: `any(…)`, `all(…)`, `sum(…)` or `count(…)`".to_owned();
            return self.report(rules::NO_ANSWER, span, message, Some(hint));
        };
        let variable = question.variables.start;
        let of_whole = question.answer_end() > variable && question.kind.rows().is_empty();
        if !of_whole {
            let message = format!("`{list}.{}` is no single answer", name.name);
            return self.report(rules::NO_ANSWER, span, message, None);
        }
        let (question_place, every) = (repeat + 1 + place, first_row.len());
        let of_row = |(row, first): (usize, usize)| {
            (first + variable - rows.variables.start, question_place + row * every)
        };
        let firsts = rows.variables.clone().step_by(rows.every);
        let cells: Vec<(usize, usize)> = firsts.enumerate().map(of_row).collect();
        rows.cells.extend(cells);
        let offset = variable - rows.variables.start;
        let place = Place::Field { question: question_place, every, offset };
        Some(typed(place, question, self.scope.variables[variable].kind))
    }

    /// The rows and fields of a question that can be named.
    fn parts(&self, index: usize) -> Vec<String> {
        let question = &self.scope.questions[index];
        // What is said of an answer is for people to read: nothing is asked because of it.
        let end = question.answer_end();
        let names = self.scope.variables[question.variables.start..end].iter();
        names.filter_map(|variable| Some(variable.name.split_once('.')?.1.to_owned())).collect()
    }

    /// Finds a question that can be looked at from here.
    fn question(&mut self, name: &str, span: &Range<usize>) -> Option<usize> {
        let questions = self.scope.questions;
        let before = self.scope.before.min(questions.len());
        let row = self.scope.row;
        let called =
            |question: &Question| question.row.as_ref().is_some_and(|of| of.name.as_str() == name);
        let beside =
            questions.iter().position(|question| in_row_of(question, row) && called(question));
        let found = || questions.iter().position(|question| question.id.as_str() == name);
        let Some(index) = beside.or_else(found) else {
            let known = questions[..before].iter().filter_map(|question| match &question.row {
                Some(of) => in_row_of(question, row).then_some(of.name.as_str()),
                None => Some(question.id.as_str()),
            });
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
        let end = asked.answer_end();
        let mut variables = asked.variables.start..end;
        let found = variables.find(|i| self.scope.variables[*i].name == name)?;
        let place = Place::Now { variable: found, question };
        Some(typed(place, asked, self.scope.variables[found].kind))
    }

    fn unit_alone(&mut self, span: &Range<usize>) -> Option<Typed<'a>> {
        let message = "`unit` is not a value; one of its attributes is".to_owned();
        let hint = self.scope.unit.first().map(|unit| format!("for instance `unit.{}`", unit.name));
        self.report(rules::NO_ANSWER, span, message, hint)
    }

    fn last_alone(&mut self, span: &Range<usize>) -> Option<Typed<'a>> {
        let message = "`last` is not a value; the last round's answer to a question is".to_owned();
        let question = self.scope.questions.first();
        let hint = question.map(|question| format!("for instance `last.{}`", question.id));
        self.report(rules::NO_ANSWER, span, message, hint)
    }

    fn today(&mut self, span: &Range<usize>) -> Option<Typed<'a>> {
        self.beyond("the day", span)?;
        Some(Typed::Day(Number::Today))
    }

    /// Reports what the path of a case cannot depend on.
    fn beyond(&mut self, what: &str, span: &Range<usize>) -> Option<()> {
        if self.scope.beyond {
            return Some(());
        }
        let message = format!("what is asked cannot depend on {what}");
        let hint = Some("it can stand in a check and in a text".to_owned());
        self.report(rules::PATH_BEYOND, span, message, hint)
    }

    /// The role that answers is known before anyone does: a section has one.
    fn role(&mut self, span: &Range<usize>) -> Option<Typed<'a>> {
        if let Some(role) = self.scope.role {
            let word = Word::Constant(role.as_str().into());
            return Some(Typed::Word(word, Words::Role(self.scope.roles)));
        }
        let message = "no single role answers where this stands".to_owned();
        self.report(rules::NO_ANSWER, span, message, None)
    }

    /// The last round's answer to a question of this round, or to its row or "other, specify".
    fn last(
        &mut self,
        question: &Identifier,
        part: Option<&Identifier>,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        self.beyond("the last round's answers", span)?;
        let name = &question.name;
        let Some(before) = self.scope.last else {
            let message = format!("there is no round before this one, so `last.{name}` is nothing");
            return self.report(rules::NO_LAST_ANSWER, span, message, None);
        };
        let (questions, row) = (self.scope.questions, self.scope.row);
        let beside = |asked: &&Question| {
            in_row_of(asked, row) && asked.row.as_ref().is_some_and(|of| of.name.as_str() == name)
        };
        let found = || questions.iter().find(|asked| asked.id.as_str() == name);
        let Some(asked) = questions.iter().find(beside).or_else(found) else {
            let known = questions.iter().map(|question| question.id.as_str());
            let message = format!("there is no question `{name}` in this round");
            return self.report(rules::UNKNOWN_NAME, &question.span, message, suggest(name, known));
        };
        let continued = asked.trend.as_ref().and_then(|trend| continued(asked, trend, before));
        let Some(old) = continued else {
            let message = format!("`{name}` is new in this round, so `last.{name}` is nothing");
            let hint = Some("`trend` says which question of the last round it continues".into());
            return self.report(rules::NO_LAST_ANSWER, span, message, hint);
        };
        let wanted = match part {
            Some(part) => format!("{}.{}", old.id, part.name),
            None => old.id.to_string(),
        };
        let Some(variable) =
            old.variables.clone().find(|variable| before.variables[*variable].name == wanted)
        else {
            let message = format!("the question of {} has no answer `{wanted}`", before.round);
            let names = before.variables[old.variables.clone()].iter();
            let names = names.map(|variable| variable.name.as_str());
            return self.report(rules::NO_LAST_ANSWER, span, message, suggest(&wanted, names));
        };
        if asked.trend.as_ref().is_some_and(|trend| trend.comparable == Comparable::No) {
            let message = format!("`{name}` is declared not comparable with the last round");
            let hint = Some("look whether the two mean the same here".to_owned());
            self.report::<()>(rules::INCOMPARABLE_LAST, span, message, hint);
        }
        Some(typed(Place::Last { variable }, old, before.variables[variable].kind))
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

/// Whether a question belongs to a row of a list.
fn in_row_of(question: &Question, row: Option<(usize, usize)>) -> bool {
    let own = question.row.as_ref().map(|of| (of.repeat, of.row));
    own.is_some() && own == row
}

/// What an answer to a variable of this kind is.
fn typed<'a>(place: Place, question: &'a Question, kind: VariableKind) -> Typed<'a> {
    match kind {
        VariableKind::Text if matches!(question.kind, Kind::Shaped(Shape::Date { .. })) => {
            Typed::Day(Number::DayOf(Box::new(Word::Answer(place))))
        }
        VariableKind::Category => Typed::Word(Word::Answer(place), Words::OptionOf(question)),
        VariableKind::Categories => Typed::Codes(place, question),
        VariableKind::Integer | VariableKind::Decimal => Typed::Number(Number::Answer(place)),
        VariableKind::Text => Typed::Word(Word::Answer(place), Words::Any),
    }
}

/// What is meant by `q.option`.
fn part_hint(question: &Question, code: &str) -> Option<String> {
    let id = &question.id;
    match &question.kind {
        Kind::SelectMultiple { .. } => {
            Some(format!("whether it was chosen is `\"{code}\" in {id}`"))
        }
        Kind::SelectOne { .. } | Kind::Consent { .. } | Kind::File(_) | Kind::Calculate { .. } => {
            Some(format!("whether it was chosen is `{id} == \"{code}\"`"))
        }
        Kind::Grid { rows, several: true, .. } => rows
            .first()
            .map(|row| format!("ask for it in a row: `\"{code}\" in {id}.{}`", row.code)),
        Kind::Grid { rows, several: false, .. } => {
            rows.first().map(|row| format!("compare a row: `{id}.{} == \"{code}\"`", row.code))
        }
        Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::Repeat { .. }
        | Kind::Note => None,
    }
}
