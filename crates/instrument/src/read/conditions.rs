//! Reads conditions and checks, once every question is known.

use std::collections::BTreeSet;

use super::fields;
use super::reader::{InRows, Reader};
use super::rows::{names_in, text_in_row};
use super::yaml::Node;
use crate::expression::{
    Expression, ExpressionKind, Part, Problem, Scope, UnitNames, check, check_calculation,
    check_number, check_proposal, parse,
};
use crate::lineage::{continued, same_kind};
use crate::prefill::takes_one_value;
use crate::rules;
use crate::{
    Calculation, Check, Code, Comparable, Condition, Filling, Formula, Instrument, Kind, Level,
    Question, QuestionId, Role, RoleId, Variable,
};

/// What the last round's answer to the question itself is called.
const LAST: &str = "last";

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
        Scope { questions, variables, unit, before, last, roles, role, beyond: false, row: None }
    }

    /// Reads the field `show_if` of a section, a question, an option or a row.
    pub(super) fn show_if(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        scope: &Scope<'_>,
    ) -> Option<Condition> {
        let field = node.get("show_if")?;
        self.condition(reader, field, scope).map(|(_, condition)| condition)
    }

    /// Reads when each of the options or rows under a field is offered, in the order of their codes;
    /// empty where all always are.
    pub(super) fn listed<'c>(
        &self,
        reader: &mut Reader<'_>,
        node: Option<&Node>,
        codes: impl Iterator<Item = &'c Code>,
        scope: &Scope<'_>,
    ) -> Vec<Option<Condition>> {
        let under = |code: &Code| node.and_then(|node| node.get(code.as_str()));
        let nodes: Vec<Option<&Node>> = codes.map(under).collect();
        if !nodes.iter().flatten().any(|node| node.get("show_if").is_some()) {
            return vec![];
        }
        let read = |node: Option<&Node>| node.and_then(|node| self.show_if(reader, node, scope));
        nodes.into_iter().map(read).collect()
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
        let scope = scope.in_row_of(&self.questions[index]);
        reader.looking_back = index + 1;
        let row = self.questions[index].row.as_ref();
        // The first row stands for the others, and comes right after the list.
        reader.in_rows = row.map(|of| InRows { repeat: of.repeat, before: index - of.repeat });
        let check = |reader: &mut Reader<'_>, node| self.check(reader, node, index, &scope);
        let checks = reader.list(field, check).unwrap_or_default();
        reader.in_rows = None;
        checks
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
            let question = &self.questions[index];
            let id = question.row.as_ref().map_or(&question.id, |of| &of.name);
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
        let message = text_in_row(&message?, &names_in(self.questions, scope.row));
        Some(Check { when: when?, level: level?, message })
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

    /// Reads the field `value` of the calculation with this index.
    pub(super) fn calculation(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        index: usize,
        scope: &Scope<'_>,
    ) -> Option<Calculation> {
        let node = node.get("value")?;
        let (source, expression) = parsed(reader, node)?;
        let (checked, problems) = check_calculation(&expression, scope, &self.questions[index]);
        self.report(reader, node, source, problems);
        let checked = checked?;
        let rests_on = checked.parts().into_iter().filter_map(|part| match part {
            Part::Answer { question, .. } => Some(&self.questions[question]),
            Part::Last(_) | Part::Today | Part::Attribute(_) | Part::Number(_) | Part::Word(_) => {
                None
            }
        });
        let closest = rests_on.max_by_key(|question| question.release);
        if let Some(closest) = closest.filter(|q| q.release > self.questions[index].release) {
            let message = format!("fewer may see `{}`, which the value rests on", closest.id);
            reader.report::<()>(rules::OPEN_CALCULATION, node.span.clone(), message, None);
        }
        Some(Calculation { source: source.to_owned(), checked })
    }

    /// Reads the field `prefill` of the question with this index.
    pub(super) fn prefill(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        index: usize,
        scope: &Scope<'_>,
    ) -> Option<Filling> {
        let question = &self.questions[index];
        let prefill = question.prefill.as_ref()?;
        let node = node.get("prefill")?;
        if matches!(question.kind, Kind::Consent { .. } | Kind::File(_)) {
            let message = "what is agreed to or handed over cannot be filled in".to_owned();
            return reader.report(rules::MISPLACED_PREFILL, node.span.clone(), message, None);
        }
        if prefill.source == LAST {
            return self.last_answers(reader, node, question);
        }
        if !takes_one_value(&question.kind) {
            let name = question.kind.name();
            let message = format!("an expression is one value, and a {name} has several parts");
            let hint =
                Some("`prefill: last` fills in every part of the last round's answer".into());
            return reader.report(rules::MISPLACED_PREFILL, node.span.clone(), message, hint);
        }
        let (source, expression) = parsed(reader, node)?;
        let scope = Scope { beyond: true, ..*scope };
        let (checked, problems) = check_proposal(&expression, &scope, question);
        self.report(reader, node, source, problems);
        let checked = checked?;
        let mut parts = checked.parts().into_iter();
        if parts.all(|part| matches!(part, Part::Number(_) | Part::Word(_))) {
            let message = "the same is filled in for everybody".to_owned();
            reader.report::<()>(rules::SAME_PREFILL, node.span.clone(), message, None);
        }
        Some(Filling::Value(checked))
    }

    /// Finds the last round's answers to a question.
    fn last_answers(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        question: &Question,
    ) -> Option<Filling> {
        let Some(before) = self.last else {
            let message = "there is no round before this one to fill in from".to_owned();
            return reader.report(rules::NO_LAST_ANSWER, node.span.clone(), message, None);
        };
        let trend = question.trend.as_ref();
        let Some((trend, last)) =
            trend.and_then(|trend| Some((trend, continued(question, trend, before)?)))
        else {
            let message = format!("`{}` is new in this round and has no last answer", question.id);
            let hint = Some("`trend` says which question of the last round it continues".into());
            return reader.report(rules::NO_LAST_ANSWER, node.span.clone(), message, hint);
        };
        if !same_kind(question, last) {
            let message = format!("the round of {} asked a {}", before.round, last.kind.name());
            let hint = Some(format!("its answer is none to a {}", question.kind.name()));
            return reader.report(rules::MISPLACED_PREFILL, node.span.clone(), message, hint);
        }
        if trend.comparable == Comparable::No {
            let message =
                format!("`{}` is declared not comparable with the last round", question.id);
            let hint = Some("look whether the two mean the same here".to_owned());
            reader.report::<()>(rules::INCOMPARABLE_LAST, node.span.clone(), message, hint);
        }
        Filling::last((question, self.variables), trend, before)
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
