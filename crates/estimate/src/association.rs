//! Tests of tables: Pearson's statistic with the corrections of Rao and Scott, Wald's, and fit to shares.

use crate::columns::Levels;
use crate::design::Design;
use crate::distribution::{chi_squared_tail, f_tail};
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::quadratic_form::{integrated_tail, saddlepoint_tail};
use crate::solve::{eigenvalues, relative_eigenvalues, solve};
use crate::statistics::{Estimates, estimate, means, totals};

/// A two-way table of estimated totals and shares with their covariances, rows varying fastest.
#[derive(Debug, Clone)]
pub struct Table {
    rows: usize,
    columns: usize,
    totals: Estimates,
    shares: Estimates,
    n: f64,
}

/// How a two-way table is tested for independence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableTest {
    /// Rao and Scott's second-order correction, against F.
    F,
    /// Their first-order correction, against chi-squared.
    ChiSquared,
    /// Wald's test of the differences from independence.
    Wald,
    /// The same with the degrees of freedom put right.
    AdjustedWald,
    /// The exact asymptotic distribution of Pearson's statistic, integrated.
    Lincom,
    /// The same by the saddlepoint.
    Saddlepoint,
}

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// The statistic.
    pub statistic: f64,
    /// The degrees of freedom, of numerator and denominator where there are two.
    pub df: Vec<f64>,
    /// The probability of a larger statistic.
    pub p_value: f64,
    /// The eigenvalues of Rao and Scott's design effects, largest first, where they are used.
    pub effects: Vec<f64>,
    /// Their effective number.
    pub effective: f64,
}

impl Table {
    /// Estimates a two-way table among the elements of a domain that have both categories.
    ///
    /// `n` is the sample size that Pearson's statistic is counted in.
    pub fn of(
        design: &Design,
        domain: &[bool],
        rows: &Levels,
        columns: &Levels,
        n: usize,
    ) -> Result<Self, EstimateError> {
        if rows.names.len() < 2 || columns.names.len() < 2 {
            let (what, needs) = ("a table", "two categories or more each way");
            return Err(EstimateError::Unsupported { what, needs });
        }
        let cells = Levels::crossed(&[rows.clone(), columns.clone()], ".");
        let domain: Vec<bool> = domain
            .iter()
            .zip(&cells.codes)
            .map(|(&inside, cell)| inside && cell.is_some())
            .collect();
        let indicators = cells.indicators();
        Ok(Self {
            rows: rows.names.len(),
            columns: columns.names.len(),
            totals: estimate(design, &domain, |weights| Ok(totals(&indicators, weights)))?,
            shares: estimate(design, &domain, |weights| Ok(means(&indicators, weights)))?,
            n: n as f64,
        })
    }

    /// Tests rows and columns for independence; `nu` is the degrees of freedom of the design.
    pub fn test(&self, test: TableTest, nu: f64) -> Result<TestResult, EstimateError> {
        match test {
            TableTest::Wald | TableTest::AdjustedWald => self.wald(test, nu),
            TableTest::F | TableTest::ChiSquared | TableTest::Lincom | TableTest::Saddlepoint => {
                self.pearson(test, nu)
            }
        }
    }

    fn pearson(&self, test: TableTest, nu: f64) -> Result<TestResult, EstimateError> {
        let effects = self.design_effects()?;
        let sum: f64 = effects.iter().sum();
        let effective = sum * sum / dot(&effects, &effects);
        let statistic = self.pearson_statistic();
        let (cells, ddf) = (effects.len() as f64, effective * nu);
        let (statistic, df, p_value) = match test {
            TableTest::F => {
                let f = statistic / sum;
                (f, vec![effective, ddf], f_tail(f, effective, ddf))
            }
            TableTest::Lincom => (statistic, vec![], integrated_tail(statistic, &effects, ddf)),
            TableTest::Saddlepoint => {
                (statistic, vec![], saddlepoint_tail(statistic, &effects, ddf))
            }
            TableTest::ChiSquared | TableTest::Wald | TableTest::AdjustedWald => {
                (statistic, vec![cells], chi_squared_tail(statistic * cells / sum, cells))
            }
        };
        Ok(TestResult { statistic, df, p_value, effects, effective })
    }

    fn pearson_statistic(&self) -> f64 {
        let cell = |i: usize, j: usize| {
            let expected = self.row_share(i) * self.column_share(j);
            (self.share(i, j) - expected).powi(2) / expected
        };
        self.n * self.each(cell).iter().sum::<f64>()
    }

    /// Returns the eigenvalues of (C' D^-1 C / n)^-1 C' D^-1 V D^-1 C, for contrasts C of interaction.
    fn design_effects(&self) -> Result<Vec<f64>, EstimateError> {
        let contrasts = self.interaction_contrasts();
        let inverse: Vec<f64> = self
            .shares
            .values
            .iter()
            .map(|share| if *share == 0.0 { 0.0 } else { 1.0 / share })
            .collect();
        let scaled = contrasts.rows_times(&inverse);
        let mut simple = Matrix::zeros(scaled.columns(), scaled.columns());
        simple.add(&contrasts.transposed().times(&scaled), 1.0 / self.n);
        let designed = self.shares.covariance.mapped(&scaled.transposed());
        let what =
            "the table's test: a row or column is empty, or a cell's share does not vary, which";
        relative_eigenvalues(&simple, &designed).ok_or(EstimateError::Singular { what })
    }

    /// Returns a basis of the interactions: what adds up to 0 over every row and every column.
    fn interaction_contrasts(&self) -> Matrix {
        let mut contrasts = Vec::new();
        let mark = |i: usize, last: usize, k: usize| {
            f64::from(u8::from(i == k)) - f64::from(u8::from(i == last))
        };
        for column in 0..self.columns - 1 {
            for row in 0..self.rows - 1 {
                contrasts.push(
                    self.each(|i, j| {
                        mark(i, self.rows - 1, row) * mark(j, self.columns - 1, column)
                    }),
                );
            }
        }
        Matrix::from_columns(&contrasts)
    }

    fn wald(&self, test: TableTest, nu: f64) -> Result<TestResult, EstimateError> {
        let (map, distances) = self.distances();
        let covariance = self.totals.covariance.mapped(&map);
        let solved = solve(&covariance, &Matrix::from_columns(std::slice::from_ref(&distances)));
        let what = "Wald's test of the table";
        let solved = solved.ok_or(EstimateError::Singular { what })?;
        let k = distances.len() as f64;
        let statistic = dot(&distances, &solved.column(0)) / k;
        let (statistic, ddf) = match test {
            TableTest::AdjustedWald => (statistic * (nu - k + 1.0) / nu, nu - k + 1.0),
            TableTest::Wald
            | TableTest::F
            | TableTest::ChiSquared
            | TableTest::Lincom
            | TableTest::Saddlepoint => (statistic, nu),
        };
        let p_value = f_tail(statistic, k, ddf);
        Ok(TestResult { statistic, df: vec![k, ddf], p_value, effects: vec![], effective: k })
    }

    /// Returns how far the cells but the last row and column are from independence, with the derivatives.
    ///
    /// Wald's statistic is that of estimated numbers, not shares: where the size of the population is
    /// estimated too, its variance counts.
    fn distances(&self) -> (Matrix, Vec<f64>) {
        let (mut derivatives, mut distances) = (Vec::new(), Vec::new());
        let same = |a: usize, b: usize| f64::from(u8::from(a == b));
        let all: f64 = self.totals.values.iter().sum();
        for column in 0..self.columns - 1 {
            for row in 0..self.rows - 1 {
                let (across, down) = (self.row_share(row), self.column_share(column));
                distances.push((self.share(row, column) - across * down) * all);
                derivatives.push(self.each(|i, j| {
                    same(i, row) * same(j, column) - same(i, row) * down - same(j, column) * across
                        + across * down
                }));
            }
        }
        (Matrix::from_rows(&derivatives), distances)
    }

    fn share(&self, row: usize, column: usize) -> f64 {
        self.shares.values[column * self.rows + row]
    }

    fn row_share(&self, row: usize) -> f64 {
        (0..self.columns).map(|column| self.share(row, column)).sum()
    }

    fn column_share(&self, column: usize) -> f64 {
        (0..self.rows).map(|row| self.share(row, column)).sum()
    }

    /// Returns a value for every cell, rows varying fastest.
    fn each(&self, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let value = &value;
        (0..self.columns).flat_map(|j| (0..self.rows).map(move |i| value(i, j))).collect()
    }
}

/// Tests whether the shares of categories are the given ones.
///
/// Pearson's statistic is compared with a scaled chi-squared whose mean and variance are those that the design
/// gives it (Satterthwaite's approximation). `df` holds the scale first.
pub fn fit_to_shares(
    design: &Design,
    domain: &[bool],
    categories: &Levels,
    shares: &[f64],
) -> Result<TestResult, EstimateError> {
    let (got, expected) = (shares.len(), categories.names.len());
    if got != expected {
        return Err(EstimateError::Totals { got, expected });
    }
    let domain: Vec<bool> = domain
        .iter()
        .zip(&categories.codes)
        .map(|(&inside, code)| inside && code.is_some())
        .collect();
    let indicators = categories.indicators();
    let found = estimate(design, &domain, |weights| Ok(totals(&indicators, weights)))?;
    let all: f64 = found.values.iter().sum();
    let given: f64 = shares.iter().sum();
    let expected: Vec<f64> = shares.iter().map(|share| share / given * all).collect();
    let mut derivatives = Matrix::zeros(shares.len(), shares.len());
    let mut statistic = 0.0;
    for (i, (observed, expected)) in found.values.iter().zip(&expected).enumerate() {
        statistic += (observed - expected).powi(2) / expected;
        for j in 0..shares.len() {
            let own = f64::from(u8::from(i == j)) / expected.sqrt();
            let through_all =
                (observed + expected) / (2.0 * expected.powf(1.5)) * shares[i] / given;
            derivatives[(i, j)] = own - through_all;
        }
    }
    let effects = eigenvalues(&found.covariance.mapped(&derivatives));
    let mean = effects.iter().sum::<f64>() / effects.len() as f64;
    let square = dot(&effects, &effects) / effects.len() as f64 / (mean * mean);
    let (scale, df) = (mean * square, effects.len() as f64 / square);
    let p_value = chi_squared_tail(statistic / scale, df);
    Ok(TestResult { statistic, df: vec![scale, df], p_value, effects, effective: df })
}
