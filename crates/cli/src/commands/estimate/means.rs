//! Means, totals, ratios, variances and what is made of them.

use estimate::{Estimates, Level, Linearised, means, ratios, totals, variances};
use serde_json::{Map, Value, json};

use super::request::{Deff, EstimateSpec};
use super::sample::{Sample, Variables, level};

/// Answers with means.
pub(super) fn mean(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    of_variables(spec, sample, means, mean_of_simple_sample)
}

/// Answers with totals.
pub(super) fn total(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    of_variables(spec, sample, totals, total_of_simple_sample)
}

/// Estimates a statistic of each variable, with design effects if asked for.
fn of_variables(
    spec: &EstimateSpec,
    sample: &Sample,
    statistic: fn(&[Vec<f64>], &[f64]) -> Linearised,
    simple: fn(f64, Population) -> f64,
) -> anyhow::Result<Value> {
    let variables = sample.variables(&spec.x.items)?;
    let found = estimated(spec.na_rm, sample, &variables, statistic)?;
    let mut answer = found.answer(&variables.names, sample.df(&sample.domain), level(spec.level)?);
    if spec.deff != Deff::None {
        let variance = found.estimates.covariance.diagonal();
        let effects =
            design_effects(sample, &variables, &found.domain, &variance, spec.deff, simple)?;
        answer.insert("deff".to_owned(), json!(effects));
    }
    Ok(Value::Object(answer))
}

/// Estimates, with the domain they were made in and the variables that miss values in it.
pub(super) struct Found {
    pub estimates: Estimates,
    pub domain: Vec<bool>,
    /// Whether a variable misses values, so that nothing can be said of it.
    pub missing: Vec<bool>,
}

/// Estimates a statistic of every variable.
///
/// With `na_rm`, rows that miss any of the variables are left out; without, a variable that misses a value
/// in the domain has no estimate.
pub(super) fn estimated(
    na_rm: bool,
    sample: &Sample,
    variables: &Variables,
    statistic: fn(&[Vec<f64>], &[f64]) -> Linearised,
) -> anyhow::Result<Found> {
    let everywhere = vec![true; sample.domain.len()];
    let inside = if na_rm { variables.complete() } else { everywhere };
    let domain = sample.within(&inside);
    let gaps =
        |column: &Vec<f64>| column.iter().zip(&domain).any(|(x, inside)| *inside && x.is_nan());
    let missing: Vec<bool> = variables.columns.iter().map(gaps).collect();
    let filled: Vec<Vec<f64>> = variables
        .columns
        .iter()
        .zip(&missing)
        .map(|(column, missing)| if *missing { vec![0.0; column.len()] } else { column.clone() })
        .collect();
    let estimates = sample.estimate(&inside, |weights| statistic(&filled, weights))?;
    Ok(Found { estimates, domain, missing })
}

impl Found {
    /// Returns the names, estimates, errors, covariance and intervals.
    pub(super) fn answer(&self, names: &[String], df: f64, level: Level) -> Map<String, Value> {
        let hidden = |i: usize, value: f64| if self.missing[i] { f64::NAN } else { value };
        let values: Vec<f64> =
            self.estimates.values.iter().enumerate().map(|(i, x)| hidden(i, *x)).collect();
        let se: Vec<f64> =
            self.estimates.se().iter().enumerate().map(|(i, x)| hidden(i, *x)).collect();
        let size = values.len();
        let cell = |i: usize, j: usize| hidden(i, hidden(j, self.estimates.covariance[(i, j)]));
        let vcov: Vec<Vec<f64>> =
            (0..size).map(|i| (0..size).map(|j| cell(i, j)).collect()).collect();
        let mut answer = with_intervals(&values, &se, df, level);
        answer.insert("names".to_owned(), json!(names));
        answer.insert("vcov".to_owned(), json!(vcov));
        answer.insert("n".to_owned(), json!(self.domain.iter().filter(|inside| **inside).count()));
        answer
    }
}

/// Returns estimates, errors and both intervals; without degrees of freedom there is none by t.
pub(super) fn with_intervals(
    values: &[f64],
    se: &[f64],
    df: f64,
    level: Level,
) -> Map<String, Value> {
    let intervals = |quantile: f64| -> Vec<[f64; 2]> {
        values.iter().zip(se).map(|(x, se)| [x - quantile * se, x + quantile * se]).collect()
    };
    let ci_t = (df > 0.0).then(|| intervals(level.t(df)));
    let answer = json!({
        "estimate": values,
        "se": se,
        "df": df,
        "ci_z": intervals(level.t(f64::INFINITY)),
        "ci_t": ci_t,
    });
    match answer {
        Value::Object(answer) => answer,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// The sample size and the population size that a simple random sample is imagined with.
#[derive(Clone, Copy)]
pub(super) struct Population {
    n: f64,
    all: f64,
    replace: bool,
}

/// Returns the factor by which a variance gives that of a mean from a simple random sample.
pub(super) fn mean_of_simple_sample(variance: f64, population: Population) -> f64 {
    let unseen = if population.replace { 1.0 } else { 1.0 - population.n / population.all };
    variance / population.n * unseen
}

/// Returns the same for a total.
pub(super) fn total_of_simple_sample(variance: f64, population: Population) -> f64 {
    mean_of_simple_sample(variance, population) * population.all * population.all
}

/// Returns the ratio of each variance to that of a simple random sample of the same size.
pub(super) fn design_effects(
    sample: &Sample,
    variables: &Variables,
    domain: &[bool],
    variance: &[f64],
    deff: Deff,
    simple: fn(f64, Population) -> f64,
) -> anyhow::Result<Vec<f64>> {
    let weights: Vec<f64> = sample
        .design
        .weights()
        .iter()
        .zip(domain)
        .map(|(&w, &d)| if d { w } else { 0.0 })
        .collect();
    let n = weights.iter().filter(|weight| **weight != 0.0).count() as f64;
    let replace = deff == Deff::Replace;
    let population = Population { n, all: weights.iter().sum(), replace };
    let effect = |(column, variance): (&Vec<f64>, &f64)| {
        // Weights that add up to less than the sample cannot be population weights.
        if !replace && population.all < population.n {
            return f64::NAN;
        }
        let spread = variances(std::slice::from_ref(column), &weights).values[0] * n / (n - 1.0);
        variance / simple(spread, population)
    };
    Ok(variables.columns.iter().zip(variance).map(effect).collect())
}

/// Answers with ratios of all numerators to all denominators, numerators varying fastest.
pub(super) fn ratio(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let ratios = Ratios::new(spec, sample)?;
    let found = ratios.estimated(spec.na_rm, sample, &vec![true; sample.domain.len()])?;
    let mut answer = found.answer(&ratios.names, sample.df(&sample.domain), level(spec.level)?);
    if spec.deff != Deff::None {
        let residuals = ratios.residuals(sample, &found);
        let variance = found.estimates.covariance.diagonal();
        let simple = total_of_simple_sample;
        let effects =
            design_effects(sample, &residuals, &found.domain, &variance, spec.deff, simple)?;
        answer.insert("deff".to_owned(), json!(effects));
    }
    Ok(Value::Object(answer))
}

/// The numerators and denominators of a request, paired.
pub(super) struct Ratios {
    pub names: Vec<String>,
    pairs: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Ratios {
    pub(super) fn new(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Self> {
        let above = if spec.numerator.is_empty() { &spec.x } else { &spec.numerator };
        let above = sample.variables(&above.items)?;
        let below =
            sample.variables(spec.denominator.as_ref().map_or(&[], |d| d.items.as_slice()))?;
        let mut ratios = Self { names: Vec::new(), pairs: Vec::new() };
        for (denominator, down) in below.names.iter().zip(&below.columns) {
            for (numerator, up) in above.names.iter().zip(&above.columns) {
                ratios.names.push(format!("{numerator}/{denominator}"));
                ratios.pairs.push((up.clone(), down.clone()));
            }
        }
        Ok(ratios)
    }

    /// Estimates the ratios in the rows of a mask.
    pub(super) fn estimated(
        &self,
        na_rm: bool,
        sample: &Sample,
        mask: &[bool],
    ) -> anyhow::Result<Found> {
        let gap =
            |(up, down): &(Vec<f64>, Vec<f64>), row: usize| up[row].is_nan() || down[row].is_nan();
        let complete = |row: usize| !self.pairs.iter().any(|pair| gap(pair, row));
        let inside: Vec<bool> =
            (0..mask.len()).map(|row| mask[row] && (!na_rm || complete(row))).collect();
        let domain = sample.within(&inside);
        let missing: Vec<bool> = self
            .pairs
            .iter()
            .map(|pair| (0..domain.len()).any(|row| domain[row] && gap(pair, row)))
            .collect();
        let zeros = vec![0.0; mask.len()];
        let ones = vec![1.0; mask.len()];
        let pairs: Vec<(&[f64], &[f64])> = self
            .pairs
            .iter()
            .zip(&missing)
            .map(|((up, down), missing)| match missing {
                true => (zeros.as_slice(), ones.as_slice()),
                false => (up.as_slice(), down.as_slice()),
            })
            .collect();
        let estimates = sample.estimate(&inside, |weights| ratios(&pairs, weights))?;
        Ok(Found { estimates, domain, missing })
    }

    /// Returns what the numerators deviate from ratio times denominator, over the denominators' totals.
    fn residuals(&self, sample: &Sample, found: &Found) -> Variables {
        let rows = || (0..found.domain.len()).filter(|&row| found.domain[row]);
        let residual = |((up, down), ratio): (&(Vec<f64>, Vec<f64>), &f64)| {
            let below: f64 = rows().map(|row| sample.design.weights()[row] * down[row]).sum();
            let mut column = vec![0.0; found.domain.len()];
            rows().for_each(|row| column[row] = (up[row] - ratio * down[row]) / below);
            column
        };
        let columns = self.pairs.iter().zip(&found.estimates.values).map(residual).collect();
        Variables { names: self.names.clone(), columns }
    }
}

/// Answers with a variance, or the covariance matrix of several variables.
pub(super) fn variance(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let variables = sample.variables(&spec.x.items)?;
    let names = &variables.names;
    if let [_] = names.as_slice() {
        let mut found = estimated(spec.na_rm, sample, &variables, variances)?;
        found.estimates = found.estimates.scaled(of_sample(&found.domain));
        let df = sample.df(&sample.domain);
        return Ok(Value::Object(found.answer(names, df, level(spec.level)?)));
    }
    let inside = if spec.na_rm { variables.complete() } else { vec![true; sample.domain.len()] };
    let found = sample.estimate(&inside, |weights| variances(&variables.columns, weights))?;
    let found = found.scaled(of_sample(&sample.within(&inside)));
    Ok(json!({
        "dim": [names.len(), names.len()],
        "dimnames": [names, names],
        "values_column_major": found.values,
        "se": found.se(),
    }))
}

/// Returns what makes a variance that of a sample: n / (n - 1).
fn of_sample(domain: &[bool]) -> f64 {
    let n = domain.iter().filter(|inside| **inside).count() as f64;
    n / (n - 1.0)
}

/// Answers with coefficients of variation of means.
pub(super) fn variation(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let variables = sample.variables(&spec.x.items)?;
    let found = estimated(spec.na_rm, sample, &variables, means)?;
    let se = found.estimates.se();
    let values: Vec<f64> = (0..se.len())
        .map(|i| if found.missing[i] { f64::NAN } else { se[i] / found.estimates.values[i] })
        .collect();
    Ok(json!({ "value": values }))
}

/// Answers with Cronbach's alpha of a scale of items.
pub(super) fn cronbach_alpha(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let mut items = sample.variables(&spec.x.items)?;
    let inside = if spec.na_rm { items.complete() } else { vec![true; sample.domain.len()] };
    let rows = sample.domain.len();
    let sum = (0..rows).map(|row| items.columns.iter().map(|column| column[row]).sum()).collect();
    items.columns.push(sum);
    let size = items.columns.len();
    let found = sample.estimate(&inside, |weights| variances(&items.columns, weights))?;
    let own = |item: usize| found.values[item * size + item];
    let k = (size - 1) as f64;
    let alpha = k / (k - 1.0) * (1.0 - (0..size - 1).map(own).sum::<f64>() / own(size - 1));
    Ok(json!({ "value": [alpha] }))
}
