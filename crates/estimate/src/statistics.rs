//! Statistics as functions of the weights, each with what every element adds to its deviation; from
//! these the design finds the covariance, by linearisation or by replicates.

use crate::design::{Design, Plan};
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::variance::covariance;

/// Values of statistics and the influence of every element on them, per unit of weight.
#[derive(Debug, Clone)]
pub struct Linearised {
    /// The values.
    pub values: Vec<f64>,
    /// The influence: a column for every value, a row for every element.
    pub influence: Vec<Vec<f64>>,
}

/// Estimates with their covariance.
#[derive(Debug, Clone)]
pub struct Estimates {
    /// The estimates.
    pub values: Vec<f64>,
    /// Their covariance under the design.
    pub covariance: Matrix,
    /// The estimates of every replicate, where the design has replicates.
    pub replicates: Vec<Vec<f64>>,
    /// The influence of every element, where the design is linearised.
    pub influence: Vec<Vec<f64>>,
}

/// Estimates statistics in a domain: elements outside it weigh nothing.
pub fn estimate(
    design: &Design,
    domain: &[bool],
    statistic: impl Fn(&[f64]) -> Result<Linearised, EstimateError>,
) -> Result<Estimates, EstimateError> {
    check_domain(design, domain)?;
    let within = |weights: &[f64]| -> Vec<f64> {
        weights.iter().zip(domain).map(|(&w, &inside)| if inside { w } else { 0.0 }).collect()
    };
    let Linearised { values, influence } = statistic(&within(&design.weights))?;
    if let Plan::Replicates(plan) = &design.plan {
        let replicate = |weights: &Vec<f64>| Ok(statistic(&within(weights))?.values);
        let replicates: Vec<Vec<f64>> =
            plan.weights.iter().map(replicate).collect::<Result<_, EstimateError>>()?;
        let covariance = plan.covariance(&values, &replicates)?;
        return Ok(Estimates { values, covariance, replicates, influence: Vec::new() });
    }
    let covariance = covariance(design, &influence, domain)?;
    Ok(Estimates { values, covariance, replicates: Vec::new(), influence })
}

/// Refuses masks that do not fit the sample or select nobody.
pub(crate) fn check_domain(design: &Design, domain: &[bool]) -> Result<(), EstimateError> {
    let (got, expected) = (domain.len(), design.len());
    if got != expected {
        return Err(EstimateError::Length { what: "the domain", got, expected });
    }
    if domain.contains(&true) { Ok(()) } else { Err(EstimateError::EmptyDomain) }
}

/// Returns the covariance of estimates of several domains with each other, within one domain of all.
pub fn joint_covariance(
    design: &Design,
    domain: &[bool],
    parts: &[Estimates],
) -> Result<Matrix, EstimateError> {
    let Plan::Replicates(plan) = &design.plan else {
        let influence: Vec<Vec<f64>> =
            parts.iter().flat_map(|part| part.influence.clone()).collect();
        return covariance(design, &influence, domain);
    };
    let values: Vec<f64> = parts.iter().flat_map(|part| part.values.clone()).collect();
    let of_replicate =
        |r: usize| parts.iter().flat_map(|part| part.replicates[r].clone()).collect::<Vec<f64>>();
    let replicates: Vec<Vec<f64>> = (0..plan.weights.len()).map(of_replicate).collect();
    plan.covariance(&values, &replicates)
}

impl Estimates {
    /// Returns the estimates of a constant times what these estimate.
    pub fn scaled(mut self, factor: f64) -> Self {
        let mut covariance = Matrix::zeros(self.covariance.rows(), self.covariance.columns());
        covariance.add(&self.covariance, factor * factor);
        self.covariance = covariance;
        self.values.iter_mut().for_each(|value| *value *= factor);
        self.replicates.iter_mut().flatten().for_each(|value| *value *= factor);
        self.influence.iter_mut().flatten().for_each(|value| *value *= factor);
        self
    }

    /// Returns the standard errors.
    pub fn se(&self) -> Vec<f64> {
        self.covariance.diagonal().iter().map(|variance| variance.max(0.0).sqrt()).collect()
    }
}

/// Returns the totals of columns.
pub fn totals(columns: &[Vec<f64>], weights: &[f64]) -> Linearised {
    let influence: Vec<Vec<f64>> =
        columns.iter().map(|column| where_weighted(weights, |row| column[row])).collect();
    Linearised { values: influence.iter().map(|column| dot(column, weights)).collect(), influence }
}

/// Returns the means of columns.
pub fn means(columns: &[Vec<f64>], weights: &[f64]) -> Linearised {
    let ones = vec![1.0; weights.len()];
    let pairs: Vec<_> = columns.iter().map(|column| (column.as_slice(), ones.as_slice())).collect();
    ratios(&pairs, weights)
}

/// Returns ratios of totals.
pub fn ratios(pairs: &[(&[f64], &[f64])], weights: &[f64]) -> Linearised {
    let (values, influence) = pairs.iter().map(|(up, down)| ratio(up, down, weights)).unzip();
    Linearised { values, influence }
}

fn ratio(numerator: &[f64], denominator: &[f64], weights: &[f64]) -> (f64, Vec<f64>) {
    let below = dot(&where_weighted(weights, |row| denominator[row]), weights);
    let value = dot(&where_weighted(weights, |row| numerator[row]), weights) / below;
    let influence =
        where_weighted(weights, |row| (numerator[row] - value * denominator[row]) / below);
    (value, influence)
}

/// Returns variances and covariances of columns, in the order of a matrix' columns.
///
/// The divisor is the sum of weights; [`Estimates::scaled`] by n / (n - 1) makes it that of a sample of n.
pub fn variances(columns: &[Vec<f64>], weights: &[f64]) -> Linearised {
    let centres = means(columns, weights).values;
    let mut products = Vec::new();
    for (right, right_mean) in columns.iter().zip(&centres) {
        for (left, left_mean) in columns.iter().zip(&centres) {
            products.push(where_weighted(weights, |row| {
                (left[row] - left_mean) * (right[row] - right_mean)
            }));
        }
    }
    means(&products, weights)
}

/// Returns the column of values where an element weighs something, and 0 where it lies outside.
fn where_weighted(weights: &[f64], value: impl Fn(usize) -> f64) -> Vec<f64> {
    weights.iter().enumerate().map(|(row, &w)| if w == 0.0 { 0.0 } else { value(row) }).collect()
}
