//! The fewest answers that lead to a question.

use std::collections::BTreeSet;

use super::informant::{Habits, Informant};
use crate::expression::Part;
use crate::path::path;
use crate::{Answers, Instrument, Value};

/// For each question, the questions whose answers decide whether it is asked, or what it comes to.
pub(super) struct Needs(Vec<BTreeSet<usize>>);

impl Needs {
    /// Follows the conditions of a questionnaire back to the questions that they rest on.
    pub(super) fn of(instrument: &Instrument) -> Needs {
        let mut needs: Vec<BTreeSet<usize>> = vec![];
        for question in &instrument.questions {
            let section = &instrument.sections[question.section];
            let conditions = [section.show_if.as_ref(), question.show_if.as_ref()];
            let conditions = conditions.into_iter().flatten().chain(question.listing.conditions());
            let parts = conditions.flat_map(|condition| condition.checked.parts());
            let calculation = question.calculation.iter().flat_map(|c| c.checked.parts());
            let list = question.row.as_ref().map(|of| of.repeat);
            let direct: BTreeSet<usize> = questions(parts.chain(calculation)).chain(list).collect();
            let further: Vec<usize> =
                direct.iter().flat_map(|earlier| needs[*earlier].iter().copied()).collect();
            needs.push(direct.into_iter().chain(further).collect());
        }
        Needs(needs)
    }

    /// Returns the answers of an informant without which the question would not have been asked,
    /// made as plain as can be: none can be left out.
    pub(super) fn shortest(
        &self,
        question: usize,
        informant: &Informant<'_>,
        habits: &Habits,
    ) -> Vec<(usize, Value)> {
        let instrument = informant.instrument;
        let needed = self.0[question].iter().filter(|needed| informant.asked[**needed]);
        let variables = needed.flat_map(|index| instrument.questions[*index].fields());
        let variables: Vec<usize> =
            variables.filter(|variable| informant.answers.get(*variable).is_some()).collect();
        let mut answers = Answers::none(instrument);
        for variable in &variables {
            answers.set(*variable, informant.answers.get(*variable).cloned());
        }
        for variable in variables.iter().rev() {
            let given = answers.get(*variable).cloned();
            let plainer = std::iter::once(None)
                .chain(given.iter().flat_map(|value| plainer(value, *variable, habits)).map(Some));
            for value in plainer.chain([given.clone()]) {
                answers.set(*variable, value);
                // What is not offered on the way to a try is still there for the next one.
                let mut tried = answers.clone();
                if path(instrument, informant.unit, &mut tried).questions[question] {
                    break;
                }
            }
        }
        let kept = variables.into_iter();
        kept.filter_map(|variable| Some((variable, answers.get(variable)?.clone()))).collect()
    }
}

/// The questions that an expression of these parts looks at.
fn questions<'a>(parts: impl Iterator<Item = Part<'a>>) -> impl Iterator<Item = usize> {
    parts.filter_map(|part| match part {
        Part::Answer { question, .. } => Some(question),
        Part::Attribute(_) | Part::Number(_) | Part::Word(_) | Part::Last(_) | Part::Today => None,
    })
}

/// Values that say less than this one: one option in place of several, a number of the conditions.
fn plainer(value: &Value, variable: usize, habits: &Habits) -> Vec<Value> {
    match value {
        Value::Codes(codes) => codes.iter().map(|code| Value::Codes(vec![code.clone()])).collect(),
        Value::Integer(_) => {
            let whole = habits.numbers(variable).iter().filter(|number| number.fract() == 0.0);
            whole.map(|number| Value::Integer(*number as i64)).collect()
        }
        Value::Decimal(_) => {
            habits.numbers(variable).iter().map(|number| Value::Decimal(*number)).collect()
        }
        Value::Code(_) | Value::Text(_) | Value::File(_) | Value::Missing(_) => vec![],
    }
}
