//! Parts that are answered together: what was drawn for each is made to fit the others.

use instrument::expression;
use instrument::{Question, Together, Value};

use super::draw::Case;

/// Makes the numbers that were drawn for the rows of a question an order, or the parts of a whole.
/// Nothing happens to questions of other kinds, or where nothing was drawn.
pub fn fit(question: &Question, case: &mut Case<'_>) {
    let number = |variable: usize| match case.answers.get(variable) {
        Some(Value::Integer(number)) => Some(*number as f64),
        Some(Value::Decimal(number)) => Some(*number),
        Some(_) | None => None,
    };
    let asked = question.variables.clone().filter(|variable| !case.answers.leaves_out(*variable));
    let asked: Vec<usize> = asked.collect();
    let drawn: Option<Vec<f64>> = asked.iter().map(|variable| number(*variable)).collect();
    let Some(drawn) = drawn.filter(|drawn| !drawn.is_empty()) else { return };
    let fitted = match question.kind.together() {
        Some(Together::Order { top }) => order(&drawn, top),
        Some(Together::Whole) => {
            let asked = &case.path.questions;
            let known = expression::Case::new(&case.attributes, &case.answers, asked);
            let total = question.formula.as_ref().and_then(|total| total.checked.evaluate(&known));
            parts(&drawn, total.unwrap_or(100.0))
        }
        None => return,
    };
    for (variable, value) in asked.into_iter().zip(fitted) {
        case.answers.set(variable, value);
    }
}

/// Puts rows in the order of what was drawn for them; where two are alike, the row that stands
/// first in the questionnaire comes first. Rows after the `top` stay blank.
fn order(drawn: &[f64], top: usize) -> Vec<Option<Value>> {
    let before = |row: usize, other: usize| {
        drawn[other] < drawn[row] || (drawn[other] == drawn[row] && other < row)
    };
    let place = |row: usize| 1 + (0..drawn.len()).filter(|other| before(row, *other)).count();
    let place = |row: usize| (place(row) <= top).then(|| Value::Integer(place(row) as i64));
    (0..drawn.len()).map(place).collect()
}

/// Makes parts in proportion to what was drawn, whole numbers but for the last, which takes what
/// is left of the total.
fn parts(drawn: &[f64], total: f64) -> Vec<Option<Value>> {
    let sum: f64 = drawn.iter().sum();
    let share = |part: &f64| if sum > 0.0 { part / sum } else { 0.0 };
    let mut parts: Vec<f64> = drawn.iter().map(|part| (total * share(part)).floor()).collect();
    let rest: f64 = total - parts.iter().sum::<f64>();
    if let Some(last) = parts.last_mut() {
        *last += rest;
    }
    parts.into_iter().map(|part| Some(Value::Decimal(part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_each_place_once() {
        let places = |top| order(&[3.0, 1.0, 3.0, 2.0], top);
        let whole = |places: [i64; 4]| places.map(|place| Some(Value::Integer(place))).to_vec();
        assert_eq!(places(4), whole([3, 1, 4, 2]));
        assert_eq!(places(1), [None, Some(Value::Integer(1)), None, None]);
    }

    #[test]
    fn parts_make_the_whole() {
        for (drawn, total) in
            [(vec![1.0, 1.0, 1.0], 100.0), (vec![0.0, 0.0], 7.5), (vec![9.0], 0.0)]
        {
            let sum: f64 = parts(&drawn, total)
                .into_iter()
                .map(|part| match part {
                    Some(Value::Decimal(part)) if part >= 0.0 => part,
                    other => panic!("{other:?} is no part"),
                })
                .sum();
            assert_eq!(sum, total, "{drawn:?}");
        }
    }
}
