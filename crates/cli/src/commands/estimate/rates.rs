//! Response rates, and weights that stand in for those who did not answer.

use anyhow::{Context, anyhow};
use estimate::{Column, Columns, Formula, Outcomes, cell_weights, propensities, score_classes};
use serde_json::{Map, Value, json};

use super::data::Library;
use super::design::crossed;
use super::request::{AaporSpec, Request, ResponseSpec};

/// Answers with AAPOR's rates.
pub(super) fn aapor(spec: &AaporSpec) -> anyhow::Result<Value> {
    let counts = &spec.dispositions;
    let outcomes = Outcomes {
        complete: counts.complete,
        partial: counts.partial,
        refusal: counts.refusal,
        non_contact: counts.non_contact,
        other: counts.other,
        unknown_household: counts.unknown_household,
        unknown_other: counts.unknown_other,
        not_eligible: counts.not_eligible,
    };
    let eligible = spec.e.as_f64().or_else(|| outcomes.eligible_share());
    let eligible =
        eligible.context("no case of known eligibility tells the share that is eligible")?;
    let rates = outcomes.rates(eligible);
    let mut answer = Map::new();
    answer.insert("e".to_owned(), json!(eligible));
    let groups: [(&str, &[Option<f64>]); 4] = [
        ("RR", &rates.response),
        ("COOP", &rates.cooperation),
        ("REF", &rates.refusal),
        ("CON", &rates.contact),
    ];
    for (name, rates) in groups {
        for (index, rate) in rates.iter().enumerate() {
            answer.insert(format!("{name}{}", index + 1), json!(rate));
        }
    }
    Ok(Value::Object(answer))
}

/// Answers with weights of those units of a frame that responded.
pub(super) fn nonresponse_weights(
    spec: &ResponseSpec,
    request: &Request,
    library: &mut Library,
) -> anyhow::Result<Value> {
    let stem = request.data.items.first().context("the request names no data file")?;
    let frame = library.table(stem)?;
    let mut answer = Map::new();
    let (responded, weights) = match &spec.formula {
        None => {
            let responded = responded(&frame, "responded")?;
            let cells = crossed(&spec.cells.items, &frame).context("response cells")?;
            (responded.clone(), cell_weights(&cells, &responded)?)
        }
        Some(text) => {
            let formula = Formula::parse(text)?;
            let name = formula.response.as_ref().map(ToString::to_string);
            let responded =
                responded(&frame, &name.context("the formula has nothing to explain")?)?;
            let weights = by_propensity(spec, &formula, &frame, &responded, &mut answer)?;
            (responded, weights)
        }
    };
    let rows = || (0..responded.len()).filter(|&row| responded[row]);
    let weights: Vec<f64> = rows().map(|row| weights[row]).collect();
    if let Some(Column::Numbers(ids)) = frame.get("id") {
        let ids: Vec<Value> = rows().map(|row| whole(ids[row])).collect();
        answer.insert("ids".to_owned(), json!(ids));
    }
    answer.insert("sum".to_owned(), json!(weights.iter().sum::<f64>()));
    answer.insert("weights".to_owned(), json!(weights));
    Ok(Value::Object(answer))
}

fn whole(id: f64) -> Value {
    if id.fract() == 0.0 { json!(id as i64) } else { json!(id) }
}

/// Returns weights from fitted propensities: their inverse, or by classes at their quantiles.
fn by_propensity(
    spec: &ResponseSpec,
    formula: &Formula,
    frame: &Columns,
    responded: &[bool],
    answer: &mut Map<String, Value>,
) -> anyhow::Result<Vec<f64>> {
    let matrix = formula.matrix(frame, &vec![true; frame.rows()])?;
    for (name, column) in matrix.names.iter().zip(&matrix.columns) {
        if let Some(row) = column.iter().position(|x| !x.is_finite()) {
            return Err(anyhow!("`{name}` is {} in row {}", column[row], row + 1));
        }
    }
    let found = propensities(responded, &matrix.columns)?;
    answer.insert("coef_names".to_owned(), json!(matrix.names));
    answer.insert("coef".to_owned(), json!(found.coefficients));
    let Some(classes) = classes(&spec.method) else {
        return Ok(found.fitted.iter().map(|fitted| 1.0 / fitted).collect());
    };
    let classes = score_classes(&found.fitted, classes);
    let count = |inside: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let of = |class: usize| {
            let rows = classes.codes.iter().enumerate();
            rows.filter(|(row, code)| **code == Some(class) && inside(*row)).count()
        };
        (0..classes.names.len()).map(of).collect()
    };
    answer.insert("classes_N".to_owned(), json!(count(&|_| true)));
    answer.insert("classes_n".to_owned(), json!(count(&|row| responded[row])));
    Ok(cell_weights(&classes, responded)?)
}

/// Returns the number of classes that a method speaks of, as in `5 classes at the quintiles`.
fn classes(method: &str) -> Option<usize> {
    let (before, _) = method.split_once(" classes")?;
    before.split_whitespace().last()?.parse().ok()
}

fn responded(frame: &Columns, name: &str) -> anyhow::Result<Vec<bool>> {
    match frame.get(name) {
        Some(Column::Numbers(numbers)) => match numbers.iter().position(|x| *x != 0.0 && *x != 1.0)
        {
            None => Ok(numbers.iter().map(|x| *x == 1.0).collect()),
            Some(row) => Err(anyhow!("column {name}, row {}: 0 or 1 is needed", row + 1)),
        },
        Some(Column::Levels(_)) => Err(anyhow!("column {name}: 0 and 1 are needed")),
        None => Err(anyhow!("there is no column `{name}`")),
    }
}
