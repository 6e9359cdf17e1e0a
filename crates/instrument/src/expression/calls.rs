//! The functions of conditions.

use std::ops::Range;

use jiff::civil::Date;

use super::check::{Checker, Typed, Words};
use super::evaluate::{Number, Place, Rows, Truth, Word, day_number};
use super::{Argument, Expression, ExpressionKind, Identifier};
use crate::rules;
use crate::spelling::suggest;
use crate::{Item, Kind, Question};

/// The functions of conditions.
const FUNCTIONS: [&str; 7] = ["answered", "size", "count", "any", "all", "sum", "date"];

impl<'a> Checker<'a> {
    pub(super) fn call(
        &mut self,
        function: &Identifier,
        arguments: &[Argument],
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let [Argument { name: None, value }] = arguments else {
            if !FUNCTIONS.contains(&function.name.as_str()) {
                return self.unknown_function(function);
            }
            let (takes, example) = usage(&function.name);
            let message = format!("`{}` takes one {takes}", function.name);
            let hint = Some(format!("for instance `{example}`"));
            return self.report(rules::WRONG_ARGUMENTS, span, message, hint);
        };
        match function.name.as_str() {
            "answered" => self.answered(value),
            "size" => self.size(value),
            "count" => self.count(value),
            "any" => {
                let (rows, inner) = self.each_row("any", value, Self::condition)?;
                Some(Typed::Truth(Truth::Any(rows, Box::new(inner))))
            }
            "all" => {
                let (rows, inner) = self.each_row("all", value, Self::condition)?;
                Some(Typed::Truth(Truth::All(rows, Box::new(inner))))
            }
            "sum" => {
                let number = |checker: &mut Self, value: &_| checker.number(value, "sum");
                let (rows, inner) = self.each_row("sum", value, number)?;
                Some(Typed::Number(Number::Sum(rows, Box::new(inner))))
            }
            "date" => self.date(value),
            _ => self.unknown_function(function),
        }
    }

    fn answered(&mut self, question: &Expression) -> Option<Typed<'a>> {
        let place = match self.typed(question)? {
            Typed::Day(Number::DayOf(word)) if matches!(*word, Word::Answer(_)) => {
                let Word::Answer(place) = *word else { return None };
                place
            }
            Typed::Number(Number::Answer(place))
            | Typed::Word(Word::Answer(place), _)
            | Typed::Codes(place, _) => place,
            Typed::Truth(_) | Typed::Number(_) | Typed::Day(_) | Typed::Word(..) => {
                let message = "`answered` takes the name of a question".to_owned();
                return self.report(rules::WRONG_ARGUMENTS, &question.span, message, None);
            }
        };
        Some(Typed::Truth(Truth::Answered(place)))
    }

    fn size(&mut self, of: &Expression) -> Option<Typed<'a>> {
        let number = match self.typed(of)? {
            Typed::Codes(place, _) => Number::Chosen(place),
            Typed::Word(word, Words::Any) => Number::Length(Box::new(word)),
            other @ (Typed::Truth(_) | Typed::Number(_) | Typed::Day(_) | Typed::Word(..)) => {
                let what = other.describe();
                let message = format!(
                    "`size` counts the chosen options of a multiple choice or the \
                             characters of a text, but this is {what}"
                );
                return self.report(rules::WRONG_ARGUMENTS, &of.span, message, None);
            }
        };
        Some(Typed::Number(number))
    }

    /// Counts the chosen options, the rows that have been answered, or those for which a condition
    /// holds.
    fn count(&mut self, of: &Expression) -> Option<Typed<'a>> {
        if let ExpressionKind::Name(name) = &of.kind {
            if let Some(rows) = self.rows_of(name) {
                return Some(Typed::Number(Number::Filled(rows)));
            }
            let is_list = self.list_of(name).is_some();
            return match self.typed(of)? {
                Typed::Codes(place, _) => Some(Typed::Number(Number::Chosen(place))),
                rows @ Typed::Number(_) if is_list => Some(rows),
                other => {
                    let message = format!(
                        "`count` counts chosen options or rows, but this is {}",
                        other.describe()
                    );
                    let hint = Some(format!("whether there is an answer is `answered({name})`"));
                    self.report(rules::WRONG_ARGUMENTS, &of.span, message, hint)
                }
            };
        }
        let (rows, inner) = self.each_row("count", of, Self::condition)?;
        Some(Typed::Number(Number::Count(rows, Box::new(inner))))
    }

    /// Reads what a function says of each row in turn: the name of the grid stands for the row.
    fn each_row<T>(
        &mut self,
        function: &str,
        of: &Expression,
        read: impl FnOnce(&mut Self, &Expression) -> Option<T>,
    ) -> Option<(Rows, T)> {
        if self.rows.is_some() {
            let message = format!("`{function}` cannot stand inside another function of rows");
            return self.report(rules::WRONG_ARGUMENTS, &of.span, message, None);
        }
        let mut names = vec![];
        plain_names(of, &mut names);
        let mut lists = vec![];
        before_points(of, &mut lists);
        let rows = names.iter().find_map(|name| self.rows_of(name));
        let Some(rows) = rows.or_else(|| lists.iter().find_map(|name| self.list_of(name))) else {
            // What is wrong inside is told first.
            let before = self.problems.len();
            self.typed(of);
            if self.problems.len() > before {
                return None;
            }
            let message = format!("`{function}` goes through the rows of a grid, but names none");
            let hint = Some(format!("for instance `{}`", usage(function).1));
            return self.report(rules::WRONG_ARGUMENTS, &of.span, message, hint);
        };
        self.rows = Some(rows);
        let inner = read(self, of);
        self.rows.take().zip(inner)
    }

    /// The rows of a question that can be looked at from here; `None` where it has none.
    fn rows_of(&self, name: &str) -> Option<Rows> {
        let questions = &self.scope.questions[..self.scope.before.min(self.scope.questions.len())];
        let question = questions.iter().position(|question| question.id.as_str() == name)?;
        let Question { variables, .. } = &questions[question];
        let is_row =
            |variable: &usize| matches!(self.scope.variables[*variable].item, Item::Row(_));
        let count = variables.clone().take_while(is_row).count();
        let variables = variables.start..variables.start + count;
        (count > 0).then_some(Rows { question, variables, every: 1, counted: None, cells: vec![] })
    }

    /// The rows of a list that can be looked at from here; `None` where it is none.
    fn list_of(&self, name: &str) -> Option<Rows> {
        let questions = &self.scope.questions[..self.scope.before.min(self.scope.questions.len())];
        let question = questions.iter().position(|question| question.id.as_str() == name)?;
        let Kind::Repeat { .. } = questions[question].kind else { return None };
        let inside = questions[question + 1..]
            .iter()
            .enumerate()
            .take_while(|(_, inside)| inside.row.as_ref().is_some_and(|of| of.repeat == question));
        let inside: Vec<(usize, &Question)> = inside.collect();
        let first = inside.first()?.1.variables.start;
        let in_first = |question: &&Question| question.is_first_of_rows();
        let mut last_first = inside.iter().rev().map(|(_, question)| *question);
        let every = last_first.find(in_first)?.variables.end - first;
        let counted = Some(questions[question].variables.start);
        let variables = first..inside.last()?.1.variables.end;
        (every > 0).then_some(Rows { question, variables, every, counted, cells: vec![] })
    }

    fn date(&mut self, of: &Expression) -> Option<Typed<'a>> {
        let ExpressionKind::Text(text) = &of.kind else {
            match self.typed(of)? {
                Typed::Day(day) => return Some(Typed::Day(day)),
                Typed::Word(word @ Word::Answer(_), Words::Any) => {
                    return Some(Typed::Day(Number::DayOf(Box::new(word))));
                }
                Typed::Truth(_) | Typed::Number(_) | Typed::Word(..) | Typed::Codes(..) => {}
            }
            let message =
                "`date` takes a day in quotes, or a question that asks for one".to_owned();
            let hint = Some("for instance `date(\"2025-01-31\")`".to_owned());
            return self.report(rules::WRONG_ARGUMENTS, &of.span, message, hint);
        };
        match text.parse::<Date>() {
            Ok(day) if day.to_string() == *text => {
                Some(Typed::Day(Number::Constant(f64::from(day_number(day)))))
            }
            _ => {
                let message = format!("`{text}` is not a date");
                let hint = Some("a date is written year-month-day: 2025-10-02".to_owned());
                self.report(rules::INVALID_DATE, &of.span, message, hint)
            }
        }
    }

    fn unknown_function(&mut self, function: &Identifier) -> Option<Typed<'a>> {
        let message = format!("there is no function `{}` in conditions", function.name);
        let hint = match function.name.as_str() {
            "has" => Some("did you mean `answered`?".to_owned()),
            "exists" | "some" => Some("did you mean `any`?".to_owned()),
            "every" => Some("did you mean `all`?".to_owned()),
            name => suggest(name, FUNCTIONS.iter().copied()),
        };
        self.report(rules::UNKNOWN_FUNCTION, &function.span, message, hint)
    }

    /// The answer of the row that a function has come to.
    pub(super) fn current_row(&self, question: usize) -> Option<(Place, usize)> {
        let rows = self.rows.as_ref().filter(|rows| rows.question == question)?;
        Some((Place::Row { question }, rows.variables.start))
    }
}

/// What a function takes, and an example of it.
fn usage(function: &str) -> (&'static str, &'static str) {
    match function {
        "any" => ("condition on the rows of a grid or a list", "any(grid == \"a\")"),
        "all" => ("condition on the rows of a grid", "all(grid == \"a\")"),
        "count" => ("question, or a condition on the rows of a grid", "count(grid == \"a\") > 1"),
        "sum" => ("number for each row of a grid", "sum(grid == \"a\" ? 1 : 0)"),
        "date" => ("day in quotes", "date(\"2025-01-31\")"),
        "size" => ("question", "size(q)"),
        _ => ("question", "answered(q)"),
    }
}

/// The names that stand by themselves in an expression, from left to right.
fn plain_names<'e>(expression: &'e Expression, names: &mut Vec<&'e str>) {
    match &expression.kind {
        ExpressionKind::Name(name) => names.push(name),
        ExpressionKind::Bool(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Decimal(_)
        | ExpressionKind::Text(_)
        | ExpressionKind::Member { .. } => {}
        ExpressionKind::List(elements) => {
            elements.iter().for_each(|element| plain_names(element, names));
        }
        ExpressionKind::Call { arguments, .. } => {
            arguments.iter().for_each(|argument| plain_names(&argument.value, names));
        }
        ExpressionKind::Unary { operand, .. } => plain_names(operand, names),
        ExpressionKind::Binary { left, right, .. } => {
            plain_names(left, names);
            plain_names(right, names);
        }
        ExpressionKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].iter().for_each(|part| plain_names(part, names));
        }
    }
}

/// The names that stand before a point in an expression, from left to right.
fn before_points<'e>(expression: &'e Expression, names: &mut Vec<&'e str>) {
    match &expression.kind {
        ExpressionKind::Member { of, .. } => {
            if let ExpressionKind::Name(name) = &of.kind {
                names.push(name);
            } else {
                before_points(of, names);
            }
        }
        ExpressionKind::Name(_)
        | ExpressionKind::Bool(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Decimal(_)
        | ExpressionKind::Text(_) => {}
        ExpressionKind::List(elements) => {
            elements.iter().for_each(|element| before_points(element, names));
        }
        ExpressionKind::Call { arguments, .. } => {
            arguments.iter().for_each(|argument| before_points(&argument.value, names));
        }
        ExpressionKind::Unary { operand, .. } => before_points(operand, names),
        ExpressionKind::Binary { left, right, .. } => {
            before_points(left, names);
            before_points(right, names);
        }
        ExpressionKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].iter().for_each(|part| before_points(part, names));
        }
    }
}
