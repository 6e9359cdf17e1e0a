//! Sampling with unequal probabilities, where variance comes from the probabilities of pairs.

use crate::design::{Design, DesignError, Plan};
use crate::matrix::Matrix;

/// What is known of every pair of elements: (pi_ij - pi_i pi_j) / pi_ij, and 1 - pi_i for an element itself.
#[derive(Debug, Clone)]
pub(crate) struct Pairs {
    check: Matrix,
    estimator: PairEstimator,
    pub(crate) stratum: Vec<usize>,
}

/// How the probability of a pair follows from those of its elements.
#[derive(Debug, Clone, PartialEq)]
pub enum PairRule {
    /// Overton's approximation.
    Overton,
    /// Hartley and Rao's, with the population's sum of squared probabilities over n where it is known.
    HartleyRao(Option<f64>),
    /// Every element was drawn by itself.
    Poisson,
    /// The probabilities of all pairs are given; on the diagonal, those of the elements.
    Joint(Matrix),
}

/// Which quadratic form of the pairs estimates variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairEstimator {
    /// Horvitz and Thompson's.
    HorvitzThompson,
    /// Yates and Grundy's, for samples of fixed size.
    YatesGrundy,
}

impl Design {
    /// Describes a sample drawn with unequal probabilities, within strata; weights are their inverse.
    pub fn unequal(
        probability: &[f64],
        stratum: Vec<usize>,
        rule: &PairRule,
        estimator: PairEstimator,
    ) -> Result<Self, DesignError> {
        let impossible = |p: &f64| !(*p > 0.0 && *p <= 1.0);
        if let Some(row) = probability.iter().position(impossible) {
            return Err(DesignError::Probability { row, probability: probability[row] });
        }
        if let PairRule::Joint(joint) = rule {
            check_joint(joint, probability.len())?;
        }
        let check = rule.check(probability, &stratum);
        let weights = probability.iter().map(|p| 1.0 / p).collect();
        Ok(Self::of(weights, Plan::Pairs(Pairs { check, estimator, stratum })))
    }
}

impl PairRule {
    fn check(&self, probability: &[f64], stratum: &[usize]) -> Matrix {
        let n = probability.len();
        let mut check = Matrix::zeros(n, n);
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i && stratum[j] == stratum[i]) {
                check[(i, j)] = self.of_pair(i, j, probability, stratum);
            }
            check[(i, i)] = 1.0 - probability[i];
        }
        check
    }

    fn of_pair(&self, i: usize, j: usize, probability: &[f64], stratum: &[usize]) -> f64 {
        let (p, q) = (probability[i], probability[j]);
        let fellows = || (0..stratum.len()).filter(|&k| stratum[k] == stratum[i]);
        let n = fellows().count() as f64;
        match self {
            PairRule::Overton => 1.0 - (n - (p + q) / 2.0) / (n - 1.0),
            PairRule::HartleyRao(known) => {
                // Without the population's sum, the sample estimates it: sum over the sample of p.
                let squares =
                    known.unwrap_or_else(|| fellows().map(|k| probability[k]).sum::<f64>() / n);
                1.0 - (n - p - q + squares) / (n - 1.0)
            }
            PairRule::Poisson => 0.0,
            PairRule::Joint(joint) => 1.0 - p * q / joint[(i, j)],
        }
    }
}

/// Refuses joint probabilities that are not of all pairs, or not above 0: such pairs' variance is unknown.
fn check_joint(joint: &Matrix, expected: usize) -> Result<(), DesignError> {
    if joint.rows() != expected || joint.columns() != expected {
        let what = "the matrix of joint probabilities";
        return Err(DesignError::Length { what, got: joint.rows(), expected });
    }
    for row in 0..expected {
        let impossible = |p: &&f64| !(**p > 0.0 && **p <= 1.0);
        if let Some(&probability) = joint.row(row).iter().find(impossible) {
            return Err(DesignError::Probability { row, probability });
        }
    }
    Ok(())
}

impl Pairs {
    /// Returns the variance of the sum of weighted values.
    pub(crate) fn variance(&self, totals: &Matrix) -> Matrix {
        let quadratic = self.check.times(totals);
        let mut variance = totals.transposed().times(&quadratic);
        if self.estimator == PairEstimator::YatesGrundy {
            // -1/2 sum of D_ij (x_i - x_j)^2 differs by the row sums of D on the diagonal.
            let sums: Vec<f64> =
                (0..totals.rows()).map(|i| self.check.row(i).iter().sum()).collect();
            variance.add(&totals.transposed().times(&totals.rows_times(&sums)), -1.0);
        }
        variance
    }
}
