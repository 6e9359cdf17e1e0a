//! Whether a condition can hold at all, and whether it can fail.
//!
//! It is tried on everything that the answers and attributes in it can be, where that is a short
//! list: the options of a question, a few numbers on either side of those that it is compared
//! with. Of any other condition nothing is said.

use std::collections::BTreeSet;

use super::evaluate::{Number, Truth, Word};
use super::{Attribute, AttributeKind, Case, Checked, Part, UnitAttributes, UnitNames};
use crate::{Answers, Choice, Code, Instrument, Kind, Question, Value, Variable};

/// The most cases that a condition is tried on.
const MOST_CASES: usize = 2000;

/// The most options of a multiple choice of which every choice is tried.
const MOST_OPTIONS: usize = 8;

/// The most numbers of which each is tried.
const MOST_NUMBERS: f64 = 200.0;

/// What is known of the questionnaire that conditions belong to.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) questions: &'a [Question],
    pub(crate) variables: &'a [Variable],
    pub(crate) unit: &'a UnitNames,
    /// The last round's questionnaire.
    pub(crate) last: Option<&'a Instrument>,
    /// Which questions nobody is ever asked; those beyond its end may be.
    pub(crate) never_asked: &'a [bool],
}

/// What a condition comes to, over everything that it can be tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcomes {
    /// There is a case in which it holds.
    pub(crate) can_hold: bool,
    /// There is a case in which it is known not to hold.
    pub(crate) can_fail: bool,
}

/// Returns what conditions that must all hold come to; `None` where there is too much to try.
pub(crate) fn outcomes(conditions: &[&Checked], ground: &Ground<'_>) -> Option<Outcomes> {
    let subjects = Subject::all(conditions)?;
    let plain = conditions.iter().all(|condition| condition.0.is_plain());
    let parts: Vec<Part<'_>> = conditions.iter().flat_map(|condition| condition.parts()).collect();
    let looks_back = subjects.iter().any(|subject| matches!(subject, Subject::Last(_)));
    let mut domains: Vec<Vec<Held>> = vec![];
    let mut cases = 1;
    for subject in &subjects {
        let domain = ground.domain(*subject, &parts, plain)?;
        cases *= domain.len();
        if cases > MOST_CASES {
            return None;
        }
        domains.push(domain);
    }
    let mut found = Outcomes { can_hold: false, can_fail: false };
    let asked = vec![true; ground.questions.len()];
    let mut answers = Answers::blank(ground.variables.len());
    let mut last = Answers::blank(ground.last.map_or(0, |last| last.variables.len()));
    for case in 0..cases {
        let mut rest = case;
        let mut attributes = vec![];
        for (subject, domain) in subjects.iter().zip(&domains) {
            let held = &domain[rest % domain.len()];
            rest /= domain.len();
            match (subject, held) {
                (Subject::Variable(index), Held::Answer(value)) => {
                    answers.set(*index, value.clone());
                }
                (Subject::Attribute(name), Held::Attribute(Some(value))) => {
                    attributes.push((*name, value.clone()));
                }
                (Subject::Last(index), Held::Answer(value)) => last.set(*index, value.clone()),
                (Subject::Variable(_) | Subject::Attribute(_) | Subject::Last(_), _) => {}
            }
        }
        let mut unit = UnitAttributes::new(attributes);
        if looks_back {
            unit = unit.with_last(last.clone());
        }
        let case = Case::new(&unit, &answers, &asked);
        let outcomes = || conditions.iter().map(|condition| condition.evaluate(&case));
        found.can_hold |= outcomes().all(|outcome| outcome == Some(true));
        found.can_fail |= outcomes().any(|outcome| outcome == Some(false));
        // Nothing more can be found; of most conditions, after a few cases.
        if found.can_hold && found.can_fail {
            break;
        }
    }
    Some(found)
}

/// Something whose value a condition depends on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Variable(usize),
    Attribute(&'static str),
    /// A variable of the last round.
    Last(usize),
}

/// A value that a subject can have; `None` where it is unknown.
enum Held {
    Answer(Option<Value>),
    Attribute(Option<Attribute>),
}

impl Subject {
    /// Returns all subjects; `None` where the day is one, of which there is no end.
    fn all(conditions: &[&Checked]) -> Option<BTreeSet<Subject>> {
        let mut subjects = BTreeSet::new();
        for part in conditions.iter().flat_map(|condition| condition.parts()) {
            subjects.insert(match part {
                Part::Answer { variable, .. } => Subject::Variable(variable),
                Part::Attribute(name) => Subject::Attribute(name),
                Part::Last(variable) => Subject::Last(variable),
                Part::Today => return None,
                Part::Number(_) | Part::Word(_) => continue,
            });
        }
        Some(subjects)
    }
}

impl Ground<'_> {
    /// Returns what a subject can be, the unknown first; at least everything that makes a
    /// difference to a condition with these parts. `plain` says that numbers and texts are only
    /// compared with what is written.
    fn domain(&self, subject: Subject, parts: &[Part<'_>], plain: bool) -> Option<Vec<Held>> {
        match subject {
            Subject::Variable(index) => {
                let variable = &self.variables[index];
                let never = self.never_asked.get(variable.question).copied().unwrap_or(false);
                let question = &self.questions[variable.question];
                let mut values =
                    if never { vec![] } else { values(question, variable, parts, plain)? };
                // A box beside the field is an answer of which nothing more is known.
                if variable.item == crate::Item::Whole && !never {
                    let boxes = question.missing.first();
                    values.extend(boxes.map(|(kind, _)| Value::Missing(*kind)));
                }
                let values = values.into_iter().map(Some);
                Some(std::iter::once(None).chain(values).map(Held::Answer).collect())
            }
            Subject::Last(index) => {
                let last = self.last?;
                let variable = &last.variables[index];
                let values = values(last.question_of(variable), variable, parts, plain)?;
                let values = values.into_iter().map(Some);
                Some(std::iter::once(None).chain(values).map(Held::Answer).collect())
            }
            Subject::Attribute(name) => {
                let values = self.attributes(name, parts, plain)?.into_iter().map(Some);
                Some(std::iter::once(None).chain(values).map(Held::Attribute).collect())
            }
        }
    }

    fn attributes(&self, name: &str, parts: &[Part<'_>], plain: bool) -> Option<Vec<Attribute>> {
        let known = self.unit.iter().find(|unit| unit.name == name)?;
        let text = |text: String| Attribute::Text(text);
        Some(match known.kind {
            AttributeKind::Flag => vec![Attribute::Flag(true), Attribute::Flag(false)],
            AttributeKind::Text if !known.values.is_empty() => {
                known.values.iter().map(|value| text((*value).to_owned())).collect()
            }
            AttributeKind::Text if plain => words(parts).into_iter().map(text).collect(),
            AttributeKind::Number if plain => {
                points(parts, None, None).into_iter().map(Attribute::Number).collect()
            }
            AttributeKind::Text | AttributeKind::Number => return None,
        })
    }
}

fn values(
    question: &Question,
    variable: &Variable,
    parts: &[Part<'_>],
    plain: bool,
) -> Option<Vec<Value>> {
    if variable.kind == crate::VariableKind::Text {
        return plain.then(|| words(parts).into_iter().map(Value::Text).collect());
    }
    match &question.kind {
        Kind::Grid { options, several: true, .. } => choices(options, None, None),
        Kind::SelectOne { options, .. } | Kind::Grid { options, .. } => {
            Some(options.iter().map(|option| Value::Code(option.code.clone())).collect())
        }
        Kind::SelectMultiple { options, min, max } => choices(options, *min, *max),
        Kind::Range { min, max, .. } | Kind::Year { min, max } => {
            whole(Some(*min), Some(*max), parts, plain)
        }
        Kind::Integer { min, max, .. } => whole(*min, *max, parts, plain),
        Kind::Repeat { min, max, .. } => {
            whole(Some(i64::from(*min)), Some(i64::from(*max)), parts, plain)
        }
        Kind::Rank { .. } => {
            let (min, max) = question.kind.limits();
            whole(min.map(|min| min as i64), max.map(|max| max as i64), parts, plain)
        }
        Kind::Distribution { .. } => {
            plain.then(|| points(parts, Some(0.0), None).into_iter().map(Value::Decimal).collect())
        }
        Kind::Decimal { min, max, .. } => {
            plain.then(|| points(parts, *min, *max).into_iter().map(Value::Decimal).collect())
        }
        Kind::Calculate { options, .. } if !options.is_empty() => {
            Some(options.iter().map(|option| Value::Code(option.code.clone())).collect())
        }
        Kind::Calculate { decimals: 0, .. } => whole(None, None, parts, plain),
        Kind::Calculate { .. } => {
            plain.then(|| points(parts, None, None).into_iter().map(Value::Decimal).collect())
        }
        // That consent or a file is given is the only answer there is, and still worth asking for.
        Kind::Consent { .. } | Kind::File(_) => None,
        Kind::Text { .. } | Kind::Multiline { .. } | Kind::Shaped(_) | Kind::Note => None,
    }
}

/// Every choice that a multiple choice accepts, where its options are few.
fn choices(options: &[Choice], min: Option<u32>, max: Option<u32>) -> Option<Vec<Value>> {
    if options.len() > MOST_OPTIONS {
        return None;
    }
    let chosen = |set: usize| options.iter().enumerate().filter(move |(i, _)| set >> i & 1 == 1);
    let accepted = |set: &usize| {
        let count = chosen(*set).count();
        let alone = chosen(*set).any(|(_, option)| option.exclusive);
        let enough = min.is_none_or(|min| count >= min as usize);
        let few = max.is_none_or(|max| count <= max as usize);
        if alone { count == 1 } else { enough && few }
    };
    let codes = |set: usize| -> Vec<Code> { chosen(set).map(|(_, o)| o.code.clone()).collect() };
    Some((1..1 << options.len()).filter(accepted).map(|set| Value::Codes(codes(set))).collect())
}

fn whole(
    min: Option<i64>,
    max: Option<i64>,
    parts: &[Part<'_>],
    plain: bool,
) -> Option<Vec<Value>> {
    if let (Some(min), Some(max)) = (min, max)
        && (max - min) as f64 <= MOST_NUMBERS
    {
        return Some((min..=max).map(Value::Integer).collect());
    }
    let [min, max] = [min, max].map(|bound| bound.map(|bound| bound as f64));
    let mut points = plain.then(|| points(parts, min, max))?;
    points.iter_mut().for_each(|point| *point = point.floor());
    points.dedup();
    Some(points.into_iter().map(|point| Value::Integer(point as i64)).collect())
}

/// Returns numbers within bounds: the bounds and every number that is written, and at least one
/// that is whole or not in each gap between them and on either side.
fn points(parts: &[Part<'_>], min: Option<f64>, max: Option<f64>) -> Vec<f64> {
    let mut written: Vec<f64> = parts
        .iter()
        .filter_map(|part| match part {
            // A number behind a minus sign is written without it.
            Part::Number(number) => Some([*number, -number]),
            Part::Answer { .. }
            | Part::Attribute(_)
            | Part::Word(_)
            | Part::Last(_)
            | Part::Today => None,
        })
        .flatten()
        .chain(min)
        .chain(max)
        .chain([0.0])
        .collect();
    written.sort_by(f64::total_cmp);
    written.dedup();
    let beside = |number: f64| [number - 1.0, number.floor(), number, number.ceil(), number + 1.0];
    let middles = written.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let mut points: Vec<f64> = written.iter().copied().flat_map(beside).chain(middles).collect();
    points
        .retain(|point| min.is_none_or(|min| *point >= min) && max.is_none_or(|max| *point <= max));
    points.sort_by(f64::total_cmp);
    points.dedup();
    points
}

/// Every text that is written, and one that is not.
fn words(parts: &[Part<'_>]) -> Vec<String> {
    let written = parts.iter().filter_map(|part| match part {
        Part::Word(word) => Some((*word).to_owned()),
        Part::Answer { .. }
        | Part::Attribute(_)
        | Part::Number(_)
        | Part::Last(_)
        | Part::Today => None,
    });
    let mut words: Vec<String> = written.collect();
    words.push(words.concat() + "x");
    words
}

impl Truth {
    /// Whether numbers are compared with nothing but numbers that are written, and texts with
    /// nothing but texts that are.
    fn is_plain(&self) -> bool {
        match self {
            Truth::Constant(_) | Truth::Flag(_) | Truth::Answered(_) => true,
            Truth::SameWord(pair) => pair.0.is_written() || pair.1.is_written(),
            Truth::WordIn(_, list) => list.iter().all(Word::is_written),
            Truth::Chosen(word, _) => word.is_written(),
            Truth::Not(operand) => operand.is_plain(),
            Truth::And(pair) | Truth::Or(pair) | Truth::Same(pair) => {
                pair.0.is_plain() && pair.1.is_plain()
            }
            Truth::Compare(_, pair) => {
                pair.0.is_plain() && pair.1.is_written() || pair.0.is_written() && pair.1.is_plain()
            }
            Truth::NumberIn(number, list) => {
                number.is_plain() && list.iter().all(Number::is_written)
            }
            Truth::If(parts) => parts.0.is_plain() && parts.1.is_plain() && parts.2.is_plain(),
            Truth::Any(_, inner) | Truth::All(_, inner) => inner.is_plain(),
        }
    }
}

impl Word {
    fn is_written(&self) -> bool {
        matches!(self, Word::Constant(_))
    }
}

impl Number {
    fn is_plain(&self) -> bool {
        self.is_written() || matches!(self, Number::Answer(_) | Number::Attribute(_))
    }

    /// Whether it is a number with or without a minus sign.
    fn is_written(&self) -> bool {
        match self {
            Number::Constant(_) => true,
            Number::Negate(operand) => matches!(**operand, Number::Constant(_)),
            Number::Answer(_)
            | Number::Attribute(_)
            | Number::Chosen(_)
            | Number::Today
            | Number::Count(..)
            | Number::Filled(_)
            | Number::Sum(..)
            | Number::Length(_)
            | Number::DayOf(_)
            | Number::Add(_)
            | Number::Subtract(_)
            | Number::Multiply(_)
            | Number::Divide(_)
            | Number::If(_) => false,
        }
    }
}
