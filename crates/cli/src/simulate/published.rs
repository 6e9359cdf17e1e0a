//! Figures that have been published: what the drawn answers must come out to.

use instrument::{Choice, ShareBase, Value, Variable};
use report::{Published, PublishedUnit};

use super::counts::{Joined, comes_out};
use super::draw::Case;
use super::{Reach, Simulation};
use crate::failure::refused;

/// Returns the published shares of a variable's options. There are none to meet where the plan
/// takes shares of valid answers only: the settings say what share of all answers an option has.
pub fn targets<'a>(
    with: &'a Simulation<'_>,
    variable: &Variable,
    options: &'a [Choice],
) -> impl Iterator<Item = Joined> + use<'a> {
    let id = variable.name.replace('.', "_");
    let round = with.round.instrument.round;
    let percent = |unit| match unit {
        PublishedUnit::Percent => true,
        PublishedUnit::Rank => false,
    };
    let figures: &[Published] = match with.round.plan.base {
        ShareBase::Answered => with.published,
        ShareBase::Valid => &[],
    };
    let figures = figures.iter();
    figures.filter(move |f| f.of == round && f.id == id && percent(f.unit)).map(|figure| {
        let place = |code| options.iter().position(|option| option.code.as_str() == code);
        Joined {
            options: figure.option.split('+').filter_map(place).collect(),
            percent: figure.value as usize,
        }
    })
}

/// Errs where the answers do not come out to a published figure.
pub fn check(with: &Simulation<'_>, cases: &[Case<'_>]) -> anyhow::Result<()> {
    let instrument = &with.round.instrument;
    for (index, variable) in instrument.variables.iter().enumerate() {
        let question = instrument.question_of(variable);
        let options = question.kind.options();
        let base: Vec<&Value> = cases
            .iter()
            .filter(|case| case.reach[question.section] == Reach::HandedIn)
            .filter_map(|case| case.answers.get(index))
            .collect();
        for Joined { options: places, percent } in targets(with, variable, options) {
            let given = |value: &&&Value| places.iter().any(|place| chose(value, &options[*place]));
            let count = base.iter().filter(given).count();
            if !comes_out(count, base.len(), percent) {
                let codes: Vec<&str> =
                    places.iter().map(|place| options[*place].code.as_str()).collect();
                return Err(refused(format!(
                    "{percent} percent were published of `{}` {} in {}, but the simulation comes to \
                     {count} of {}; change the shares of simulation.yaml, or `respond` and \
                     `sections` where the base is too small",
                    variable.name,
                    codes.join("+"),
                    instrument.round,
                    base.len()
                )));
            }
        }
    }
    Ok(())
}

fn chose(value: &Value, option: &Choice) -> bool {
    match value {
        Value::Code(code) => *code == option.code,
        Value::Codes(codes) => codes.contains(&option.code),
        // Its only option is that it was handed over.
        Value::File(_) => true,
        Value::Integer(_) | Value::Decimal(_) | Value::Text(_) | Value::Missing(_) => false,
    }
}
