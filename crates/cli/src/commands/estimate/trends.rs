//! Change between waves that are stacked in one file.

use anyhow::{Context, bail};
use estimate::{Column, Expression, Panel, t_two_sided};
use serde_json::{Map, Value, json};

use super::contrasts::{Named, by_domains};
use super::data::Library;
use super::means::with_intervals;
use super::request::{EstimateSpec, Request, Spec};
use super::sample::{Sample, level};

/// Estimates the mean of each wave; with `replicate`, variance is by the jackknife.
fn waves(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<(Named, Sample)> {
    let sample = match spec.replicate.as_deref() {
        None => sample.narrowed(&vec![true; sample.domain.len()]),
        Some(method) if method.starts_with("JK") => sample.jackknifed()?,
        Some(method) => bail!("`replicate` is `{method}`; there is JK1"),
    };
    let named = by_domains(&Spec::Mean(EstimateSpec::default()), spec, &sample)?;
    match named.names.len() {
        2 => Ok((named, sample)),
        other => bail!("change needs two waves, `by` gives {other}"),
    }
}

/// Answers with the change of a mean.
pub(super) fn change(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let (named, sample) = waves(spec, sample)?;
    let found = named.contrasted(&[vec![-1.0, 1.0]]);
    let df = sample.df(&sample.domain);
    let (estimate, se) = (found.values[0], found.se()[0]);
    let intervals = with_intervals(&[estimate], &[se], df, level(spec.level)?);
    let mut answer = Map::new();
    let covariance = &named.estimates.covariance;
    answer.insert("estimate".to_owned(), json!(estimate));
    answer.insert("se".to_owned(), json!(se));
    answer.insert("df".to_owned(), json!(df));
    answer.insert("t".to_owned(), json!(estimate / se));
    answer.insert("p_value".to_owned(), json!(t_two_sided(estimate / se, df)));
    answer.insert("ci_t".to_owned(), intervals["ci_t"][0].clone());
    answer.insert("ci_z".to_owned(), intervals["ci_z"][0].clone());
    answer.insert("vcov".to_owned(), json!([covariance.row(0), covariance.row(1)]));
    Ok(Value::Object(answer))
}

/// Answers with the later mean over the earlier one.
pub(super) fn relative_change(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let (named, _) = waves(spec, sample)?;
    let name = |wave: usize| Box::new(Expression::Name(named.names[wave].clone()));
    let ratio = Expression::Binary(estimate::Operator::Over, name(1), name(0));
    let found = named.expressed(&ratio)?;
    Ok(json!({ "estimate": found.values[0], "se": found.se()[0] }))
}

/// Answers with estimators of the variance of change, side by side.
///
/// The file has the columns unit, wave, stratum, w, N and N_h. Weights that differ within a wave tell that the
/// sample was drawn by stratum.
pub(super) fn change_variances(
    spec: &EstimateSpec,
    request: &Request,
    library: &mut Library,
) -> anyhow::Result<Value> {
    let stem = request.data.items.first().context("the request names no data file")?;
    let columns = library.table(stem)?;
    let numbers = |name: &str| -> anyhow::Result<Vec<f64>> {
        Ok(estimate::numbers(&Expression::Name(name.to_owned()), &columns)?)
    };
    let codes = |name: &str| -> anyhow::Result<Vec<usize>> {
        let levels = columns.get(name).map(Column::levels);
        let levels = levels.with_context(|| format!("{stem}: there is no column `{name}`"))?;
        let codes: Option<Vec<usize>> = levels.codes.into_iter().collect();
        codes.with_context(|| format!("{stem}: column {name} misses values"))
    };
    let variable = spec.x.items.first().context("the request names no variable")?;
    let (wave, weights) = (codes("wave")?, numbers("w")?);
    let first_weight =
        |later: usize| (0..wave.len()).find(|&row| wave[row] == later).map(|row| weights[row]);
    let stratified = (0..wave.len()).any(|row| Some(weights[row]) != first_weight(wave[row]));
    let (stratum, population) = match stratified {
        true => (codes("stratum")?, numbers("N_h")?),
        false => (vec![0; wave.len()], numbers("N")?),
    };
    let later: Vec<bool> = wave.iter().map(|wave| *wave > 0).collect();
    let (unit, y) = (codes("unit")?, numbers(variable)?);
    let panel =
        Panel { unit: &unit, later: &later, stratum: &stratum, population: &population, y: &y };
    let found = estimate::change_variances(&panel)?;
    let [n1, n2, n12, n_union] = found.n;
    Ok(json!({
        "n1": n1, "n2": n2, "n12": n12, "n_union": n_union, "N": found.population, "d": found.change,
        "v_stack": found.stacked,
        "v_stack_fpc": found.stacked_with_fpc,
        "v_indep_fpc": found.independent,
        "v_indep_nofpc": found.independent_without_fpc,
        "v_tam": found.tam,
        "v_stack_corr": found.stacked_corrected,
    }))
}
