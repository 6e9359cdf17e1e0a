//! Weights that meet known totals: post-stratification, raking and calibration are one thing.

use crate::design::{Design, Plan};
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::solve::Qr;

/// What weights are to be brought to, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The auxiliary variables: a row for every element, a column for every total.
    pub auxiliary: Matrix,
    /// Their totals in the population.
    pub totals: Vec<f64>,
    /// How far weights may be moved, and what moving them costs.
    pub distance: Distance,
    /// What the residual variance is taken to be proportional to, if it is not the same for all.
    pub variance: Option<Vec<f64>>,
    /// How the regression that variance is freed of weighs the elements.
    pub regression: RegressionWeights,
}

/// How the regression on auxiliary variables weighs the elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegressionWeights {
    /// By their weights before calibration, as the generalised regression estimator does.
    Design,
    /// All alike, as R's `rake` does; with unequal weights, standard errors differ by a few percent.
    Equal,
}

/// The distance between old and new weights, by the factor g that it lets depend on a linear predictor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// g = 1 + u, within bounds if given (the generalised regression estimator).
    Linear(Option<(f64, f64)>),
    /// g = exp(u), within bounds if given: raking.
    Raking(Option<(f64, f64)>),
    /// g between the bounds, along a logistic curve (Deville and Särndal 1992).
    Logit(f64, f64),
}

/// The regression on auxiliary variables that calibration takes out of the variance.
#[derive(Debug, Clone)]
pub(crate) struct Projection {
    auxiliary: Matrix,
    halves: Vec<f64>,
    qr: Qr,
}

impl Projection {
    fn new(calibration: &Calibration, weights: &[f64]) -> Self {
        let halves: Vec<f64> = match calibration.regression {
            RegressionWeights::Design => {
                calibration.by_variance(weights).iter().map(|w| w.max(0.0).sqrt()).collect()
            }
            RegressionWeights::Equal => vec![1.0; weights.len()],
        };
        let auxiliary = calibration.auxiliary.clone();
        let qr = Qr::new(&auxiliary.rows_times(&halves), DEPENDENT);
        Self { auxiliary, halves, qr }
    }

    /// Returns what the auxiliary variables leave unexplained, by least squares with the old weights.
    pub(crate) fn residuals(&self, values: &[f64]) -> Vec<f64> {
        let scaled: Vec<f64> = values.iter().zip(&self.halves).map(|(y, half)| y * half).collect();
        let fitted = self.auxiliary.times_vector(&self.qr.coefficients(&scaled));
        values.iter().zip(fitted).map(|(y, fitted)| y - fitted).collect()
    }
}

/// A column of which less than this share is its own is taken to depend on the others.
const DEPENDENT: f64 = 1e-9;

/// Moves weights, and replicate weights, as little as possible so that they meet the totals.
pub fn calibrate(design: &Design, calibration: &Calibration) -> Result<Design, EstimateError> {
    calibration.check(design.len())?;
    let mut calibrated = design.clone();
    calibrated.weights = calibration.apply(&design.weights)?;
    if let Plan::Replicates(replicates) = &mut calibrated.plan {
        for weights in &mut replicates.weights {
            *weights = calibration.apply(weights)?;
        }
    } else {
        calibrated.calibrations.push(Projection::new(calibration, &design.weights));
    }
    Ok(calibrated)
}

impl Calibration {
    /// Describes post-stratification, or raking where there are several margins: the group of every
    /// element in each margin, and the population of each group.
    pub fn to_margins(margins: &[(Vec<usize>, Vec<f64>)], distance: Distance) -> Self {
        let regression = match distance {
            Distance::Raking(_) => RegressionWeights::Equal,
            Distance::Linear(_) | Distance::Logit(..) => RegressionWeights::Design,
        };
        let mut columns = Vec::new();
        for (groups, sizes) in margins {
            for group in 0..sizes.len() {
                columns.push(groups.iter().map(|g| f64::from(u8::from(*g == group))).collect());
            }
        }
        Self {
            auxiliary: Matrix::from_columns(&columns),
            totals: margins.iter().flat_map(|(_, sizes)| sizes.clone()).collect(),
            distance,
            variance: None,
            regression,
        }
    }

    /// Makes all elements of a cluster share the cluster's mean, so that they get the same factor.
    pub fn aggregated(mut self, cluster: &[usize]) -> Self {
        let clusters = cluster.iter().max().map_or(0, |last| last + 1);
        for column in 0..self.auxiliary.columns() {
            let mut sums = vec![(0.0, 0.0); clusters];
            for (row, &cluster) in cluster.iter().enumerate() {
                sums[cluster].0 += self.auxiliary[(row, column)];
                sums[cluster].1 += 1.0;
            }
            for (row, &cluster) in cluster.iter().enumerate() {
                self.auxiliary[(row, column)] = sums[cluster].0 / sums[cluster].1;
            }
        }
        self
    }

    fn check(&self, rows: usize) -> Result<(), EstimateError> {
        match self.distance {
            Distance::Linear(Some((low, high)))
            | Distance::Raking(Some((low, high)))
            | Distance::Logit(low, high) => check_bounds(low, 1.0, high)?,
            Distance::Linear(None) | Distance::Raking(None) => {}
        }
        let got = self.auxiliary.rows();
        if got != rows {
            let what = "the auxiliary variables";
            return Err(EstimateError::Length { what, got, expected: rows });
        }
        for row in 0..rows {
            if let Some(&value) = self.auxiliary.row(row).iter().find(|x| !x.is_finite()) {
                return Err(EstimateError::Value { what: "an auxiliary variable", row, value });
            }
        }
        if self.totals.len() == self.auxiliary.columns() {
            return Ok(());
        }
        let (got, expected) = (self.totals.len(), self.auxiliary.columns());
        Err(EstimateError::Totals { got, expected })
    }

    /// Returns the weights that meet the totals, by Newton's method on the multipliers.
    fn apply(&self, weights: &[f64]) -> Result<Vec<f64>, EstimateError> {
        let mut multipliers = vec![0.0; self.totals.len()];
        let mut state = self.state(weights, &multipliers);
        for _ in 0..ITERATIONS {
            if state.misfit <= PRECISION {
                return Ok(state.weights);
            }
            let halves: Vec<f64> = state.slopes.iter().map(|slope| slope.max(0.0).sqrt()).collect();
            let qr = Qr::new(&self.auxiliary.rows_times(&halves), DEPENDENT);
            let step = qr.solve_normal(&state.short);
            let Some((next, found)) = self.shortened(weights, &multipliers, &step, state.misfit)
            else {
                break;
            };
            (multipliers, state) = (next, found);
        }
        // Rounding may stop progress just short of the aim.
        if state.misfit <= 1e3 * PRECISION {
            return Ok(state.weights);
        }
        Err(EstimateError::NoConvergence { what: "the calibration", iterations: ITERATIONS })
    }

    /// Returns the state after a step, halved until it brings the totals closer.
    fn shortened(
        &self,
        weights: &[f64],
        from: &[f64],
        step: &[f64],
        misfit: f64,
    ) -> Option<(Vec<f64>, State)> {
        let mut length = 1.0;
        for _ in 0..30 {
            let next: Vec<f64> = from.iter().zip(step).map(|(x, step)| x + length * step).collect();
            let state = self.state(weights, &next);
            if state.misfit < misfit {
                return Some((next, state));
            }
            length /= 2.0;
        }
        None
    }

    fn state(&self, weights: &[f64], multipliers: &[f64]) -> State {
        let predictor = self.by_variance(&self.auxiliary.times_vector(multipliers));
        let base = self.by_variance(weights);
        let (moved, slopes): (Vec<f64>, Vec<f64>) = (0..weights.len())
            .map(|row| {
                let (factor, slope) = self.distance.factor(predictor[row]);
                (weights[row] * factor, base[row] * slope)
            })
            .unzip();
        let reached = self.auxiliary.transposed().times_vector(&moved);
        let short: Vec<f64> =
            self.totals.iter().zip(reached).map(|(total, got)| total - got).collect();
        let relative =
            short.iter().zip(&self.totals).map(|(short, total)| short.abs() / (1.0 + total.abs()));
        let misfit = relative
            .fold(0.0, |worst: f64, x| if x.is_nan() { f64::INFINITY } else { worst.max(x) });
        State { weights: moved, slopes, short, misfit }
    }

    fn by_variance(&self, values: &[f64]) -> Vec<f64> {
        match &self.variance {
            None => values.to_vec(),
            Some(variance) => {
                values.iter().zip(variance).map(|(x, variance)| x / variance).collect()
            }
        }
    }
}

/// Refuses bounds that leave no room about the middle.
fn check_bounds(low: f64, middle: f64, high: f64) -> Result<(), EstimateError> {
    let room = low < middle && middle < high;
    if room { Ok(()) } else { Err(EstimateError::Bounds { low, high }) }
}

const ITERATIONS: usize = 200;
const PRECISION: f64 = 1e-13;

/// Where Newton's method stands.
struct State {
    weights: Vec<f64>,
    slopes: Vec<f64>,
    short: Vec<f64>,
    misfit: f64,
}

impl Distance {
    /// Returns the factor for a linear predictor, and its slope.
    fn factor(self, u: f64) -> (f64, f64) {
        match self {
            Distance::Linear(None) => (1.0 + u, 1.0),
            Distance::Linear(Some((low, high))) => {
                let inside = 1.0 + u >= low && 1.0 + u <= high;
                ((1.0 + u).clamp(low, high), f64::from(u8::from(inside)))
            }
            Distance::Raking(None) => (u.exp(), u.exp()),
            Distance::Raking(Some((low, high))) => {
                let inside = u.exp() >= low && u.exp() <= high;
                (u.exp().clamp(low, high), if inside { u.exp() } else { 0.0 })
            }
            Distance::Logit(low, high) => {
                let rate = (high - low) / ((1.0 - low) * (high - 1.0));
                let (left, right) = (high - 1.0, (1.0 - low) * (rate * u).exp());
                if right.is_infinite() {
                    return (high, 0.0);
                }
                let factor = (low * left + high * right) / (left + right);
                (factor, rate * (high - low) * left * right / (left + right).powi(2))
            }
        }
    }
}

/// Brings weights within limits and spreads what that takes or adds over the weights already within them;
/// if strictly, again until none is pushed out.
pub fn trim(design: &Design, low: f64, high: f64, strict: bool) -> Result<Design, EstimateError> {
    check_bounds(low, 0.5 * (low.max(-f64::MAX) + high.min(f64::MAX)), high)?;
    let mut trimmed = design.clone();
    trim_weights(&mut trimmed.weights, low, high, strict)?;
    if let Plan::Replicates(replicates) = &mut trimmed.plan {
        for weights in &mut replicates.weights {
            trim_weights(weights, low, high, strict)?;
        }
    }
    Ok(trimmed)
}

fn trim_weights(
    weights: &mut [f64],
    low: f64,
    high: f64,
    strict: bool,
) -> Result<(), EstimateError> {
    for _ in 0..ITERATIONS {
        let inside: Vec<bool> = weights.iter().map(|w| (low..=high).contains(w)).collect();
        let count = inside.iter().filter(|inside| **inside).count();
        if count == weights.len() {
            return Ok(());
        }
        let before: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight = weight.clamp(low, high));
        let share = (before - weights.iter().sum::<f64>()) / count as f64;
        let free = weights.iter_mut().zip(&inside).filter(|(_, inside)| **inside);
        free.for_each(|(weight, _)| *weight += share);
        if !strict {
            return Ok(());
        }
    }
    Err(EstimateError::NoConvergence { what: "the trimming of weights", iterations: ITERATIONS })
}

/// Gives every group the same composition: within each group of `over`, the groups of `by` get the
/// population's shares, and the group keeps its estimated size. Compositions nobody has are left out.
pub fn standardize(
    design: &Design,
    by: &[usize],
    over: &[usize],
    population: &[f64],
) -> Result<Design, EstimateError> {
    let groups = over.iter().max().map_or(0, |last| last + 1);
    let all: f64 = population.iter().sum();
    let mut cells: Vec<(usize, usize)> = by.iter().copied().zip(over.iter().copied()).collect();
    let cell_of: Vec<(usize, usize)> = cells.clone();
    cells.sort_unstable();
    cells.dedup();
    let indicator = |over_group: usize| -> Vec<f64> {
        over.iter().map(|g| f64::from(u8::from(*g == over_group))).collect()
    };
    let sizes: Vec<f64> = (0..groups).map(|g| dot(&indicator(g), &design.weights)).collect();
    let totals = cells.iter().map(|(by, over)| sizes[*over] * population[*by] / all).collect();
    let index = cell_of.iter().map(|cell| cells.binary_search(cell).unwrap_or_default()).collect();
    calibrate(design, &Calibration::to_margins(&[(index, totals)], Distance::Linear(None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design() -> Design {
        Design::simple(4, 40.0).expect("4 of 40")
    }

    #[test]
    fn bounds_hold_and_the_rest_makes_up_for_them() {
        // Weights 10 and x = 1, 2, 3, 10: the total 160 is to be 185, and no weight may pass 12.
        let to = Calibration {
            auxiliary: Matrix::from_columns(&[vec![1.0, 2.0, 3.0, 10.0]]),
            totals: vec![185.0],
            distance: Distance::Linear(Some((0.5, 1.2))),
            variance: None,
            regression: RegressionWeights::Design,
        };
        let weights = calibrate(&design(), &to).expect("within reach").weights;
        assert!((weights[3] - 12.0).abs() < 1e-9, "{weights:?}");
        let total: f64 = weights.iter().zip([1.0, 2.0, 3.0, 10.0]).map(|(w, x)| w * x).sum();
        assert!((total - 185.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_met_is_an_error() {
        let beyond =
            Calibration::to_margins(&[(vec![0; 4], vec![100.0])], Distance::Logit(0.5, 2.0));
        assert!(matches!(calibrate(&design(), &beyond), Err(EstimateError::NoConvergence { .. })));
        let contradictory = Calibration::to_margins(
            &[(vec![0, 0, 1, 1], vec![20.0, 20.0]), (vec![0, 1, 0, 1], vec![30.0, 30.0])],
            Distance::Raking(None),
        );
        assert!(matches!(
            calibrate(&design(), &contradictory),
            Err(EstimateError::NoConvergence { .. })
        ));
        let turned = Distance::Linear(Some((2.0, 0.5)));
        let turned = Calibration { distance: turned, ..contradictory.clone() };
        assert_eq!(
            calibrate(&design(), &turned).err(),
            Some(EstimateError::Bounds { low: 2.0, high: 0.5 })
        );
        assert!(trim(&design(), 6.0, 2.0, false).is_err());
        let too_few = Calibration { totals: vec![], ..contradictory };
        assert_eq!(
            calibrate(&design(), &too_few).err(),
            Some(EstimateError::Totals { got: 0, expected: 4 })
        );
    }

    #[test]
    fn trimming_keeps_the_sum() {
        // 1 is raised to 2 and 9 cut to 6: the 2 left over go to the two weights within.
        let design = design().with_weights(vec![1.0, 3.0, 4.0, 9.0]).expect("weights");
        assert_eq!(trim(&design, 2.0, 6.0, false).expect("trimmed").weights, [2.0, 4.0, 5.0, 6.0]);
    }
}
