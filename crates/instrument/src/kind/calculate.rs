//! A value that is calculated from answers: nobody is asked it, and all may look at it.

use super::{Kind, KindEntry};
use crate::expression::{Case, CheckedCalculation};
use crate::read::{Fields, Reader, Scales, check_fit};
use crate::{Question, Release, Value};

pub(super) const CALCULATE: KindEntry = KindEntry {
    name: "calculate",
    title: "a question of kind `calculate`",
    fields: &["value", "options", "decimals", "unit"],
    about: "A value that follows from answers before it and from what is known of the unit. The \
            informant sees it, and nobody writes it; later conditions and texts look at it as at an \
            answer. Where something that it rests on is unknown, it is missing. `value` is a number, \
            rounded to so many `decimals` (2 where nothing is said, 0 for a whole number), or, \
            with `options`, one of their codes.",
    column: "a number, or the code of the option",
    example: "id: storrelse
kind: calculate
text: Kommunens størrelse
value: 'unit.population < 5000 ? \"liten\" : \"stor\"'
options: { liten: Liten, stor: Stor }",
    release: Release::Tables,
    read: calculate,
};

/// The decimals that a number is rounded to where the questionnaire does not say.
const DECIMALS: i64 = 2;

/// Whole numbers up to here are told apart by a double.
const LARGEST: f64 = 9_007_199_254_740_992.0;

fn calculate(reader: &mut Reader<'_>, fields: Fields<'_>, scales: &mut Scales<'_>) -> Option<Kind> {
    // What the value is can be read once every question is known.
    let value = reader.required(fields, "value", |_, node| Some(node));
    let options =
        reader.optional(fields, "options", |reader, node| scales.plain_options(reader, node));
    let decimals = reader.optional(fields, "decimals", |reader, node| reader.integer(node, 0..=6));
    let unit = reader.optional(fields, "unit", Reader::text);
    let written = fields.get("options");
    // Options that could not be read have been reported.
    if value.is_none() || written.is_some() && options.is_none() {
        return None;
    }
    let decimals = decimals.unwrap_or(DECIMALS).unsigned_abs() as u32;
    let kind = Kind::Calculate { options: options.unwrap_or_default(), decimals, unit };
    if let Some(node) = written {
        check_fit(reader, &kind, node);
    }
    Some(kind)
}

/// Returns the value of a question for a case; `None` where what it rests on is unknown, and for
/// questions that are not calculated.
pub(crate) fn calculated(question: &Question, case: &Case<'_>) -> Option<Value> {
    let Kind::Calculate { decimals, .. } = &question.kind else { return None };
    match &question.calculation.as_ref()?.checked {
        CheckedCalculation::Number(number) => rounded(number.evaluate(case)?, *decimals),
        CheckedCalculation::Option(word) => {
            question.option(word.evaluate(case)?).map(|option| Value::Code(option.code.clone()))
        }
    }
}

/// Rounds half away from zero, as people do. A number that is too large to be told from its
/// neighbours is none.
fn rounded(number: f64, decimals: u32) -> Option<Value> {
    let power = 10_f64.powi(decimals as i32);
    let scaled = (number * power).round();
    if scaled.abs() > LARGEST {
        return None;
    }
    // Nothing is not below zero.
    let number = scaled / power + 0.0;
    Some(if decimals == 0 { Value::Integer(number as i64) } else { Value::Decimal(number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_people_do() {
        for (number, decimals, expected) in [
            (2.5, 0, Some(Value::Integer(3))),
            (-2.5, 0, Some(Value::Integer(-3))),
            (200.0 / 3.0, 2, Some(Value::Decimal(66.67))),
            (-0.001, 2, Some(Value::Decimal(0.0))),
            (1e15, 2, None),
        ] {
            assert_eq!(rounded(number, decimals), expected, "{number} to {decimals}");
        }
    }
}
