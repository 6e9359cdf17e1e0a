//! The arguments of a call: bound to their names, then read as what the function needs.

use std::collections::BTreeMap;
use std::ops::Range;

use instrument::expression::{Argument, BinaryOperator, Expression, ExpressionKind, parse};
use instrument::spelling::suggest;
use instrument::{Code, RoundId};

use super::Problem;
use super::function::{Definition, Function};
use crate::figures::{FrameAttribute, Group};

/// A variable, its options and a label.
pub(super) type Share = (String, Vec<Code>, Option<String>);

/// A call whose arguments have found their names.
pub(super) struct Call<'e> {
    /// What is called.
    pub(super) function: Function,
    /// The place of the whole call.
    pub(super) span: Range<usize>,
    arguments: BTreeMap<&'static str, &'e Expression>,
}

/// Binds an expression to the function that it calls.
pub(super) fn bind(expression: &Expression) -> Result<Call<'_>, Problem> {
    let ExpressionKind::Call { function: name, arguments: written } = &expression.kind else {
        let message = "a report states figures by calling a function";
        return Err(Problem::new("RR0201", expression.span.clone(), message)
            .hint("for instance `share(\"question\", \"option\")`"));
    };
    let Some(function) = Function::named(&name.name) else {
        return Err(unknown_function(&name.name, name.span.clone()));
    };
    let definition = function.definition();
    let mut arguments = BTreeMap::new();
    for (place, argument) in written.iter().enumerate() {
        let parameter = parameter(&definition, place, argument)
            .ok_or_else(|| wrong(&definition, span(argument), "has no such argument"))?;
        if arguments.insert(parameter, &argument.value).is_some() {
            return Err(wrong(&definition, span(argument), "gets an argument twice"));
        }
    }
    match definition.required.iter().find(|name| !arguments.contains_key(*name)) {
        Some(missing) => {
            let what = format!("lacks the argument `{missing}`");
            Err(wrong(&definition, expression.span.clone(), &what))
        }
        None => Ok(Call { function, span: expression.span.clone(), arguments }),
    }
}

fn unknown_function(name: &str, span: Range<usize>) -> Problem {
    let names = Function::ALL.map(|function| function.definition().name);
    Problem::new("RR0202", span, format!("there is no function `{name}`")).hint(
        suggest(name, names).unwrap_or_else(|| format!("the functions are {}", names.join(", "))),
    )
}

fn parameter(definition: &Definition, place: usize, argument: &Argument) -> Option<&'static str> {
    let mut all = definition.required.iter().chain(definition.optional);
    match &argument.name {
        Some(written) => all.find(|name| **name == written.name).copied(),
        None => all.nth(place).copied(),
    }
}

fn span(argument: &Argument) -> Range<usize> {
    let start = argument.name.as_ref().map_or(argument.value.span.start, |name| name.span.start);
    start..argument.value.span.end
}

fn wrong(definition: &Definition, span: Range<usize>, what: &str) -> Problem {
    Problem::new("RR0203", span, format!("`{}` {what}", definition.name)).hint(definition.usage())
}

impl Call<'_> {
    /// Returns the place of an argument; of the whole call where it is not there.
    pub(super) fn span_of(&self, name: &str) -> Range<usize> {
        self.arguments.get(name).map_or(self.span.clone(), |expression| expression.span.clone())
    }

    /// Reads a text.
    pub(super) fn text(&self, name: &str) -> Result<String, Problem> {
        let wanted = "a text in quotes";
        match self.optional_text(name)? {
            Some(text) => Ok(text),
            None => Err(self.kind(name, wanted)),
        }
    }

    /// Reads a text that may be left out.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, Problem> {
        let Some(expression) = self.arguments.get(name) else { return Ok(None) };
        match text(expression) {
            Some(text) => Ok(Some(text)),
            None => Err(self.kind(name, "a text in quotes")),
        }
    }

    /// Reads one text, or a list of texts.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let read = self.arguments.get(name).and_then(|expression| texts(expression));
        read.ok_or_else(|| self.kind(name, "a text in quotes, or a list of texts"))
    }

    /// Returns whether an argument is a list.
    pub(super) fn is_list(&self, name: &str) -> bool {
        let kind = self.arguments.get(name).map(|expression| &expression.kind);
        matches!(kind, Some(ExpressionKind::List(_)))
    }

    /// Reads one code, or a list of codes.
    pub(super) fn codes(&self, name: &str) -> Result<Vec<Code>, Problem> {
        codes(self.texts(name)?).ok_or_else(|| self.kind(name, "the code of an option"))
    }

    /// Reads codes that may be left out.
    pub(super) fn optional_codes(&self, name: &str) -> Result<Vec<Code>, Problem> {
        if self.arguments.contains_key(name) { self.codes(name) } else { Ok(vec![]) }
    }

    /// Reads a list of shares: a variable, its options and, where it is given, a short label.
    pub(super) fn shares(&self, name: &str) -> Result<Vec<Share>, Problem> {
        let Some(Expression { kind: ExpressionKind::List(shares), .. }) = self.arguments.get(name)
        else {
            return Err(self.not_shares(name));
        };
        if shares.is_empty() {
            return Err(self.not_shares(name));
        }
        shares.iter().map(|one| share(one).ok_or_else(|| self.not_shares(name))).collect()
    }

    /// Reads the year of a round.
    pub(super) fn round(&self, name: &str) -> Result<RoundId, Problem> {
        let year = self.integer(name).and_then(|year| u16::try_from(year).ok());
        let round = year.and_then(|year| RoundId::new(year).ok());
        round.ok_or_else(|| self.kind(name, "the year of a round"))
    }

    /// Reads the year of a round that may be left out.
    pub(super) fn optional_round(&self, name: &str) -> Result<Option<RoundId>, Problem> {
        if self.arguments.contains_key(name) { self.round(name).map(Some) } else { Ok(None) }
    }

    /// Reads how many.
    pub(super) fn count(&self, name: &str) -> Result<usize, Problem> {
        let count = self.integer(name).and_then(|count| usize::try_from(count).ok());
        let wanted = || self.kind(name, "a whole number from 1 up");
        count.filter(|count| *count > 0).ok_or_else(wanted)
    }

    /// Reads how many; one where it is left out.
    pub(super) fn optional_count(&self, name: &str) -> Result<usize, Problem> {
        if self.arguments.contains_key(name) { self.count(name) } else { Ok(1) }
    }

    /// Reads one code.
    pub(super) fn code(&self, name: &str) -> Result<Code, Problem> {
        Code::new(self.text(name)?).map_err(|_| self.kind(name, "a code"))
    }

    fn integer(&self, name: &str) -> Option<i64> {
        match self.arguments.get(name).map(|expression| &expression.kind) {
            Some(ExpressionKind::Integer(number)) => Some(*number),
            Some(_) | None => None,
        }
    }

    /// Reads what units are grouped by.
    pub(super) fn attribute(&self, name: &str) -> Result<FrameAttribute, Problem> {
        let wanted = || {
            self.kind(name, "\"size\", \"county\", \"centrality\", \"kind\" or \"kostra_group\"")
        };
        FrameAttribute::named(&self.text(name)?).ok_or_else(wanted)
    }

    /// Reads a group of units, `county == "18"`, which may stand in quotes.
    pub(super) fn group(&self, name: &str) -> Result<Group, Problem> {
        let wanted = || self.kind(name, "a group of units such as `county == \"18\"`");
        let expression = self.arguments.get(name).ok_or_else(wanted)?;
        let quoted = match text(expression) {
            Some(text) => Some(parse(&text).map_err(|_| wanted())?),
            None => None,
        };
        group(quoted.as_ref().unwrap_or(expression)).ok_or_else(wanted)
    }

    /// Reads a group of units that may be left out.
    pub(super) fn optional_group(&self, name: &str) -> Result<Option<Group>, Problem> {
        if self.arguments.contains_key(name) { self.group(name).map(Some) } else { Ok(None) }
    }

    /// Reads claims: one, a list of them, or none.
    pub(super) fn claims(&self, name: &str) -> Result<Vec<String>, Problem> {
        if self.arguments.contains_key(name) { self.texts(name) } else { Ok(vec![]) }
    }

    fn not_shares(&self, name: &str) -> Problem {
        self.kind(
            name,
            "a list such as `[[\"question\", \"option\"], [\"question\", \"option\", \"label\"]]`",
        )
    }

    pub(super) fn kind(&self, name: &str, wanted: &str) -> Problem {
        let definition = self.function.definition();
        let message = format!("`{name}` of `{}` must be {wanted}", definition.name);
        Problem::new("RR0204", self.span_of(name), message).hint(definition.usage())
    }
}

fn group(expression: &Expression) -> Option<Group> {
    let ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right } = &expression.kind
    else {
        return None;
    };
    let ExpressionKind::Name(name) = &left.kind else { return None };
    let code = match &right.kind {
        ExpressionKind::Text(code) => code.clone(),
        ExpressionKind::Integer(number) => number.to_string(),
        _ => return None,
    };
    Some(Group { attribute: FrameAttribute::named(name)?, code })
}

fn share(expression: &Expression) -> Option<Share> {
    let ExpressionKind::List(parts) = &expression.kind else { return None };
    let (variable, options, label) = match parts.as_slice() {
        [variable, options] => (variable, options, None),
        [variable, options, label] => (variable, options, Some(text(label)?)),
        _ => return None,
    };
    Some((text(variable)?, codes(texts(options)?)?, label))
}

fn text(expression: &Expression) -> Option<String> {
    if let ExpressionKind::Text(text) = &expression.kind { Some(text.clone()) } else { None }
}

fn texts(expression: &Expression) -> Option<Vec<String>> {
    if let ExpressionKind::List(list) = &expression.kind {
        return list.iter().map(text).collect();
    }
    text(expression).map(|text| vec![text])
}

fn codes(texts: Vec<String>) -> Option<Vec<Code>> {
    texts.into_iter().map(|text| Code::new(text).ok()).collect()
}
