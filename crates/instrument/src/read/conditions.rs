//! Reads conditions and checks, once every question is known.

use std::collections::BTreeSet;

use super::fields;
use super::reader::Reader;
use super::yaml::Node;
use crate::expression::{
    Expression, ExpressionKind, Problem, Scope, UnitNames, check, check_number, parse,
};
use crate::rules;
use crate::{
    Check, Condition, Formula, Instrument, Level, Question, QuestionId, Role, RoleId, Variable,
};

/// What the conditions of a questionnaire are checked against.
pub(super) struct Conditions<'a> {
    pub(super) questions: &'a [Question],
    pub(super) variables: &'a [Variable],
    pub(super) unit: &'a UnitNames,
    /// The last round's questionnaire.
    pub(super) last: Option<&'a Instrument>,
    /// The roles of the survey.
    pub(super) roles: &'a [Role],
    /// The names of questions that could not be read: a condition that looks at one has no
    /// mistake of its own.
    pub(super) unreadable: &'a BTreeSet<String>,
}

impl<'a> Conditions<'a> {
    /// Returns what can be looked at from a place that only questions before the index `before`
    /// come ahead of and that a role answers.
    pub(super) fn scope(&self, before: usize, role: Option<&'a RoleId>) -> Scope<'a> {
        let Conditions { questions, variables, unit, last, roles, .. } = *self;
        Scope { questions, variables, unit, before, last, roles, role, beyond: false }
    }

    /// Reads the field `show_if` of a question or section.
    pub(super) fn show_if(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        scope: &Scope<'_>,
    ) -> Option<Condition> {
        let field = node.get("show_if")?;
        self.condition(reader, field, scope).map(|(_, condition)| condition)
    }

    /// Reads the field `checks` of the question with this index.
    pub(super) fn checks(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        index: usize,
        role: Option<&'a RoleId>,
    ) -> Vec<Check> {
        let Some(field) = node.get("checks") else { return vec![] };
        let scope = Scope { beyond: true, ..self.scope(index + 1, role) };
        reader.looking_back = index + 1;
        let check = |reader: &mut Reader<'_>, node| self.check(reader, node, index, &scope);
        reader.list(field, check).unwrap_or_default()
    }

    fn check(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        index: usize,
        scope: &Scope<'_>,
    ) -> Option<Check> {
        let fields = reader.fields(node, "a check", fields::CHECK)?;
        let when = reader.required(fields, "when", |reader, node| {
            let (expression, condition) = self.condition(reader, node, scope)?;
            let id = &self.questions[index].id;
            if !mentions(&expression, id) {
                let message = format!("the check does not look at its own question `{id}`");
                reader.report::<()>(rules::FOREIGN_CHECK, node.span.clone(), message, None);
            }
            Some(condition)
        });
        let level = reader.required(fields, "level", |reader, node| {
            reader.word(node, &[("error", Level::Error), ("warning", Level::Warning)])
        });
        let message = reader.required(fields, "message", Reader::text);
        Some(Check { when: when?, level: level?, message: message? })
    }

    /// Reads the field `total` of a question that only earlier questions come ahead of.
    pub(super) fn formula(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        scope: &Scope<'_>,
    ) -> Option<Formula> {
        let node = node.get("total")?;
        let (source, expression) = parsed(reader, node)?;
        let (checked, problems) = check_number(&expression, scope);
        self.report(reader, node, source, problems);
        Some(Formula { source: source.to_owned(), checked: checked? })
    }

    fn condition(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        scope: &Scope<'_>,
    ) -> Option<(Expression, Condition)> {
        let (source, expression) = parsed(reader, node)?;
        let (checked, problems) = check(&expression, scope);
        self.report(reader, node, source, problems);
        Some((expression, Condition { source: source.to_owned(), checked: checked? }))
    }

    fn report(&self, reader: &mut Reader<'_>, node: &Node, source: &str, problems: Vec<Problem>) {
        let own = |problem: &Problem| !follows(problem, source, self.unreadable);
        for problem in problems.into_iter().filter(own) {
            let span = node.place_of(problem.span, reader.source());
            reader.report::<()>(problem.rule, span, problem.message, problem.hint);
        }
    }
}

fn parsed<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<(&'n str, Expression)> {
    let source = reader.scalar(node)?;
    match parse(source) {
        Ok(expression) => Some((source, expression)),
        Err(error) => {
            let span = node.place_of(error.span, reader.source());
            let hint = error.hint.map(str::to_owned);
            reader.report(rules::SYNTAX, span, error.message, hint)
        }
    }
}

/// Whether a problem only follows from a question that could not be read.
pub(super) fn follows(problem: &Problem, source: &str, unreadable: &BTreeSet<String>) -> bool {
    let written = &source[problem.span.clone()];
    let question = written.split('.').next().unwrap_or(written).trim_end();
    problem.rule == rules::UNKNOWN_NAME && unreadable.contains(question)
}

fn mentions(expression: &Expression, id: &QuestionId) -> bool {
    let any = |parts: &[&Expression]| parts.iter().any(|part| mentions(part, id));
    match &expression.kind {
        ExpressionKind::Name(name) => name == id.as_str(),
        ExpressionKind::Bool(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Decimal(_)
        | ExpressionKind::Text(_) => false,
        ExpressionKind::List(elements) => elements.iter().any(|element| mentions(element, id)),
        ExpressionKind::Member { of, .. } => mentions(of, id),
        ExpressionKind::Call { arguments, .. } => {
            arguments.iter().any(|argument| mentions(&argument.value, id))
        }
        ExpressionKind::Unary { operand, .. } => mentions(operand, id),
        ExpressionKind::Binary { left, right, .. } => any(&[left, right]),
        ExpressionKind::Conditional { condition, then, otherwise } => {
            any(&[condition, then, otherwise])
        }
    }
}
