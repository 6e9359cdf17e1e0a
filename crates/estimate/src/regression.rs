//! Regression with survey weights: linear, logistic and Poisson, with the variance of the design.

use crate::design::Design;
use crate::distribution::f_tail;
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::solve::{Qr, solve};
use crate::statistics::{Estimates, Linearised, estimate, variances};

/// How the mean of the response depends on the linear predictor, and its variance on the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The mean itself, constant variance.
    Gaussian,
    /// The log odds of the mean, variance of a share.
    Binomial,
    /// The logarithm of the mean, variance equal to the mean.
    Poisson,
}

/// A fitted regression.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The coefficients and their covariance.
    pub estimates: Estimates,
    /// The variance of Pearson's residuals.
    pub dispersion: f64,
    /// The deviance, with weights brought to a mean of 1.
    pub deviance: f64,
    /// The fitted means.
    pub fitted: Vec<f64>,
}

/// Fits a regression of `y` on the columns of `x` in a domain.
pub fn regression(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    x: &[Vec<f64>],
    family: Family,
) -> Result<Fit, EstimateError> {
    let model = Model { y, x: Matrix::from_columns(x), family };
    let estimates = estimate(design, domain, |weights| model.fit(weights))?;
    let fitted = model.means(&estimates.values);
    let pearson: Vec<f64> = (0..y.len())
        .map(|row| (y[row] - fitted[row]) / family.variance(fitted[row]).sqrt())
        .collect();
    let weights: Vec<f64> =
        design.weights().iter().zip(domain).map(|(&w, &d)| if d { w } else { 0.0 }).collect();
    let mut dispersion = variances(&[pearson], &weights).values[0];
    if estimates.replicates.is_empty() {
        // With replicate weights R divides by n, otherwise by n - 1.
        let n = weights.iter().filter(|weight| **weight != 0.0).count() as f64;
        dispersion *= n / (n - 1.0);
    }
    Ok(Fit { deviance: model.deviance(&fitted, &weights), estimates, dispersion, fitted })
}

/// A test that some coefficients are 0 together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaldTest {
    /// The F statistic.
    pub f: f64,
    /// How many coefficients are tested.
    pub df: f64,
    /// The degrees of freedom of the denominator.
    pub ddf: f64,
    /// The probability of a larger statistic.
    pub p_value: f64,
}

/// Tests whether these coefficients of a fit are all 0.
pub fn wald_test(
    estimates: &Estimates,
    coefficients: &[usize],
    ddf: f64,
) -> Result<WaldTest, EstimateError> {
    let values: Vec<f64> = coefficients.iter().map(|&i| estimates.values[i]).collect();
    let mut part = Matrix::zeros(values.len(), values.len());
    for (i, &row) in coefficients.iter().enumerate() {
        for (j, &column) in coefficients.iter().enumerate() {
            part[(i, j)] = estimates.covariance[(row, column)];
        }
    }
    let solved = solve(&part, &Matrix::from_columns(std::slice::from_ref(&values)));
    let what = "the test of the coefficients";
    let solved = solved.ok_or(EstimateError::Singular { what })?;
    let df = values.len() as f64;
    let f = dot(&values, &solved.column(0)) / df;
    Ok(WaldTest { f, df, ddf, p_value: f_tail(f, df, ddf) })
}

struct Model<'a> {
    y: &'a [f64],
    x: Matrix,
    family: Family,
}

impl Model<'_> {
    /// Returns the coefficients, by repeated weighted least squares, with their influence.
    fn fit(&self, weights: &[f64]) -> Result<Linearised, EstimateError> {
        let mut predictor: Vec<f64> =
            self.y.iter().map(|y| self.family.link(self.family.start(*y))).collect();
        let mut deviance = f64::INFINITY;
        for _ in 0..ITERATIONS {
            let (qr, values) = self.step(weights, &predictor)?;
            predictor = self.x.times_vector(&values);
            let means: Vec<f64> = predictor.iter().map(|eta| self.family.mean(*eta)).collect();
            let now = self.deviance(&means, weights);
            // One more step than needed: Newton's method doubles the digits each time.
            if (now - deviance).abs() <= 1e-14 * (now.abs() + 1e-3) {
                return Ok(self.linearised(&qr, values, weights, &means));
            }
            deviance = now;
        }
        Err(EstimateError::NoConvergence { what: "the regression", iterations: ITERATIONS })
    }

    fn step(&self, weights: &[f64], predictor: &[f64]) -> Result<(Qr, Vec<f64>), EstimateError> {
        let (mut halves, mut working) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
        for row in (0..weights.len()).filter(|&row| weights[row] > 0.0) {
            let mean = self.family.mean(predictor[row]);
            let slope = self.family.slope(mean);
            halves[row] = (weights[row] * slope * slope / self.family.variance(mean)).sqrt();
            working[row] = halves[row] * (predictor[row] + (self.y[row] - mean) / slope);
        }
        let scaled = self.scaled(&halves);
        let qr = Qr::new(&scaled, 1e-11);
        if qr.rank < scaled.columns() {
            return Err(EstimateError::Singular { what: "the regression" });
        }
        let values = qr.coefficients(&working);
        if values.iter().any(|value| !value.is_finite()) {
            return Err(EstimateError::NoConvergence {
                what: "the regression",
                iterations: ITERATIONS,
            });
        }
        Ok((qr, values))
    }

    /// Returns the rows of x times their factor; rows that weigh nothing may hold missing values.
    fn scaled(&self, factors: &[f64]) -> Matrix {
        let mut scaled = Matrix::zeros(self.x.rows(), self.x.columns());
        for row in (0..factors.len()).filter(|&row| factors[row] != 0.0) {
            for (column, x) in self.x.row(row).iter().enumerate() {
                scaled[(row, column)] = x * factors[row];
            }
        }
        scaled
    }

    fn linearised(&self, qr: &Qr, values: Vec<f64>, weights: &[f64], means: &[f64]) -> Linearised {
        let mut influence = vec![vec![0.0; weights.len()]; values.len()];
        for row in (0..weights.len()).filter(|&row| weights[row] != 0.0) {
            let mean = means[row];
            let score = (self.y[row] - mean) * self.family.slope(mean) / self.family.variance(mean);
            let direction = qr.solve_normal(self.x.row(row));
            for (column, along) in influence.iter_mut().zip(direction) {
                column[row] = score * along;
            }
        }
        Linearised { values, influence }
    }

    fn means(&self, values: &[f64]) -> Vec<f64> {
        self.x.times_vector(values).iter().map(|eta| self.family.mean(*eta)).collect()
    }

    fn deviance(&self, means: &[f64], weights: &[f64]) -> f64 {
        let rows: Vec<usize> = (0..weights.len()).filter(|&row| weights[row] > 0.0).collect();
        let all: f64 = rows.iter().map(|&row| weights[row]).sum();
        let of_row = |row: usize| weights[row] * self.family.deviance(self.y[row], means[row]);
        rows.iter().map(|&row| of_row(row)).sum::<f64>() * rows.len() as f64 / all
    }
}

const ITERATIONS: usize = 100;

impl Family {
    fn start(self, y: f64) -> f64 {
        match self {
            Family::Gaussian => y,
            Family::Binomial => (y + 0.5) / 2.0,
            Family::Poisson => y + 0.1,
        }
    }

    fn link(self, mean: f64) -> f64 {
        match self {
            Family::Gaussian => mean,
            Family::Binomial => (mean / (1.0 - mean)).ln(),
            Family::Poisson => mean.ln(),
        }
    }

    fn mean(self, predictor: f64) -> f64 {
        match self {
            Family::Gaussian => predictor,
            Family::Binomial => 1.0 / (1.0 + (-predictor).exp()),
            Family::Poisson => predictor.exp(),
        }
    }

    /// Returns the slope of the mean by the linear predictor.
    fn slope(self, mean: f64) -> f64 {
        match self {
            Family::Gaussian => 1.0,
            Family::Binomial => mean * (1.0 - mean),
            Family::Poisson => mean,
        }
    }

    fn variance(self, mean: f64) -> f64 {
        match self {
            Family::Gaussian => 1.0,
            Family::Binomial => mean * (1.0 - mean),
            Family::Poisson => mean,
        }
    }

    fn deviance(self, y: f64, mean: f64) -> f64 {
        let part = |y: f64, mean: f64| if y > 0.0 { y * (y / mean).ln() } else { 0.0 };
        match self {
            Family::Gaussian => (y - mean).powi(2),
            Family::Binomial => 2.0 * (part(y, mean) + part(1.0 - y, 1.0 - mean)),
            Family::Poisson => 2.0 * (part(y, mean) - (y - mean)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saturated_logistic_regression_is_the_log_odds() {
        // 1 of 4 and 3 of 4: log(1/3), and the log odds ratio log 9.
        let design = Design::simple(8, 80.0).expect("8 of 80");
        let y = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0];
        let x = [vec![1.0; 8], vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]];
        let fit = regression(&design, &[true; 8], &y, &x, Family::Binomial).expect("a fit");
        assert!((fit.estimates.values[0] - (1.0_f64 / 3.0).ln()).abs() < 1e-12);
        assert!((fit.estimates.values[1] - 9.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn separation_and_dependence_are_errors() {
        let design = Design::simple(4, 40.0).expect("4 of 40");
        let fit = |y: &[f64], second: Vec<f64>| {
            regression(&design, &[true; 4], y, &[vec![1.0; 4], second], Family::Binomial)
        };
        let singular = fit(&[0.0, 1.0, 0.0, 1.0], vec![2.0; 4]);
        assert_eq!(singular.err(), Some(EstimateError::Singular { what: "the regression" }));
        assert!(fit(&[0.0, 0.0, 1.0, 1.0], vec![0.0, 0.0, 1.0, 1.0]).is_err());
    }
}
