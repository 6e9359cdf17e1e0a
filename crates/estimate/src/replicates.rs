//! Replicate weights: given by others, or made by jackknife.

use std::collections::BTreeMap;

use crate::design::{Design, DesignError, Plan, Stage};
use crate::error::EstimateError;
use crate::matrix::Matrix;
use crate::solve::Qr;

/// Replicate weights and how far their estimates are to be counted.
///
/// The variance is `scale` times the sum over replicates of `factors` times the squared distance from the
/// centre.
#[derive(Debug, Clone)]
pub struct Replicates {
    /// The weights that analysis uses, one column a replicate.
    pub weights: Vec<Vec<f64>>,
    /// The factor common to all replicates.
    pub scale: f64,
    /// The factor of each replicate.
    pub factors: Vec<f64>,
    /// Whether distance is measured from the full-sample estimate rather than the replicates' mean.
    pub from_estimate: bool,
}

impl Design {
    /// Describes a sample by its weights and replicate weights.
    pub fn replicated(weights: Vec<f64>, replicates: Replicates) -> Result<Self, DesignError> {
        let expected = weights.len();
        for column in &replicates.weights {
            if column.len() != expected {
                let what = "a column of replicate weights";
                return Err(DesignError::Length { what, got: column.len(), expected });
            }
        }
        if replicates.factors.len() != replicates.weights.len() {
            let (got, expected) = (replicates.factors.len(), replicates.weights.len());
            return Err(DesignError::Length {
                what: "the list of replicate factors",
                got,
                expected,
            });
        }
        Ok(Self::of(weights, Plan::Replicates(replicates)))
    }

    /// Replaces strata and sampling units by the jackknife that leaves out one first-stage unit at a time.
    ///
    /// Strata drawn whole have no replicates (JKn); with a single stratum it is JK1.
    pub fn jackknifed(&self) -> Result<Self, EstimateError> {
        let Some(stage) = self.first_stage() else {
            let needs = "strata and sampling units";
            return Err(EstimateError::Unsupported { what: "the jackknife", needs });
        };
        let mut replicates = Replicates {
            weights: Vec::new(),
            scale: 1.0,
            factors: Vec::new(),
            from_estimate: false,
        };
        for (&(_, unit), &row) in &first_rows(stage) {
            let (drawn, all) = (stage.sampled[row], stage.population[row]);
            if drawn >= all {
                continue;
            }
            if drawn <= 1.0 {
                return Err(EstimateError::LonelyUnit { stage: 1, stratum: stage.stratum[row] });
            }
            replicates.weights.push(self.without(stage, row, unit));
            replicates.factors.push((drawn - 1.0) / drawn * (1.0 - drawn / all));
        }
        Ok(Self::of(self.weights.clone(), Plan::Replicates(replicates)))
    }

    fn without(&self, stage: &Stage, first: usize, unit: usize) -> Vec<f64> {
        let raised = stage.sampled[first] / (stage.sampled[first] - 1.0);
        let weight = |row: usize| match (stage.unit[row] == unit, stage.stratum[row]) {
            (true, _) => 0.0,
            (false, stratum) if stratum == stage.stratum[first] => self.weights[row] * raised,
            (false, _) => self.weights[row],
        };
        (0..self.len()).map(weight).collect()
    }
}

/// Returns a row of every sampling unit, by stratum and unit.
fn first_rows(stage: &Stage) -> BTreeMap<(usize, usize), usize> {
    let mut rows = BTreeMap::new();
    for row in 0..stage.unit.len() {
        rows.entry((stage.stratum[row], stage.unit[row])).or_insert(row);
    }
    rows
}

impl Replicates {
    /// Returns the covariance of the estimates that the replicates gave.
    ///
    /// A replicate that left nobody in the domain gave no estimate, and is left out.
    pub(crate) fn covariance(
        &self,
        values: &[f64],
        estimates: &[Vec<f64>],
    ) -> Result<Matrix, EstimateError> {
        let usable: Vec<(&Vec<f64>, f64)> = estimates
            .iter()
            .zip(self.factors.iter().copied())
            .filter(|(estimate, _)| estimate.iter().all(|value| value.is_finite()))
            .collect();
        let counted = usable.iter().filter(|(_, factor)| *factor > 0.0).count() as f64;
        if counted == 0.0 {
            return Err(EstimateError::EmptyReplicates);
        }
        let mean = |column: usize| {
            let counted_values = usable.iter().filter(|(_, factor)| *factor > 0.0);
            counted_values.map(|(estimate, _)| estimate[column]).sum::<f64>() / counted
        };
        let centre: Vec<f64> = match self.from_estimate {
            true => values.to_vec(),
            false => (0..values.len()).map(mean).collect(),
        };
        let mut sum = Matrix::zeros(values.len(), values.len());
        for (estimate, factor) in usable {
            let deviation: Vec<f64> = estimate.iter().zip(&centre).map(|(x, c)| x - c).collect();
            sum.add_outer(&deviation, self.scale * factor);
        }
        Ok(sum)
    }

    /// Returns the rank of the weights within a domain, less one.
    pub(crate) fn degrees_of_freedom(&self, domain: &[bool]) -> f64 {
        let inside = |column: &Vec<f64>| -> Vec<f64> {
            column.iter().zip(domain).filter(|(_, inside)| **inside).map(|(w, _)| *w).collect()
        };
        let columns: Vec<Vec<f64>> = self.weights.iter().map(inside).collect();
        (Qr::new(&Matrix::from_columns(&columns), 1e-5).rank as f64 - 1.0).max(0.0)
    }
}
