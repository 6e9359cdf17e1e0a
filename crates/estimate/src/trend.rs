//! A mean or share over many rounds: every change, a joint test, and the line through them.

use std::collections::BTreeMap;

use crate::change::{Change, Wave, change};
use crate::distribution::{f_tail, t_two_sided};
use crate::error::EstimateError;
use crate::level::Level;
use crate::matrix::{Matrix, dot};
use crate::regression::{WaldTest, wald_test};
use crate::share::Estimate;
use crate::solve::{Qr, cholesky, solve};
use crate::statistics::Estimates;

/// Estimates of several rounds, in their order, with what ties them together.
#[derive(Debug, Clone)]
pub struct Trend {
    /// The estimate of each round.
    pub rounds: Vec<Estimate>,
    /// The change between each pair of rounds, in the order of the earlier one, then of the later.
    pub changes: Vec<RoundChange>,
    /// The covariance of the estimates of the rounds.
    pub covariance: Matrix,
}

/// The change between two of several rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundChange {
    /// The earlier round, from 0.
    pub before: usize,
    /// The later round.
    pub after: usize,
    /// What changed.
    pub change: Change,
}

/// A straight line through the estimates of several rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// By how much the estimate rises per unit of time.
    pub slope: f64,
    /// Its standard error.
    pub se: f64,
    /// The lower end of the interval of the slope.
    pub ci_low: f64,
    /// The upper end of the interval of the slope.
    pub ci_high: f64,
    /// Degrees of freedom: the fewest that a round has.
    pub df: f64,
    /// The probability of a steeper slope, either way, where there is none.
    pub p_value: f64,
    /// The test that the rounds lie on a line; none for two rounds, which always do.
    pub departure: Option<WaldTest>,
}

/// Estimates every round, the change between every two and the covariance of all.
///
/// `links` has, for each pair of rounds (the earlier first, from 0), the elements that are the same unit; a pair left
/// out shares none. Variances and covariances are those of [`change()`] (Tam 1984), pair by pair. They use
/// all units that two rounds have in common, whoever was missing in the others; in return nothing ensures
/// that the matrix is positive definite, and where it is not, the test and the line refuse.
pub fn trend(
    waves: &[Wave<'_>],
    links: &BTreeMap<(usize, usize), Vec<(usize, usize)>>,
    level: Level,
    same_within: f64,
) -> Result<Trend, EstimateError> {
    if waves.len() < 2 {
        return Err(EstimateError::Unsupported { what: "a trend", needs: "at least two rounds" });
    }
    let mut changes = Vec::new();
    for before in 0..waves.len() {
        for after in before + 1..waves.len() {
            let links = links.get(&(before, after)).map_or(&[][..], Vec::as_slice);
            let change = change(&waves[before], &waves[after], links, level, same_within)?;
            changes.push(RoundChange { before, after, change });
        }
    }
    let first = std::iter::once(changes[0].change.before);
    let rounds: Vec<Estimate> =
        first.chain(changes[..waves.len() - 1].iter().map(|pair| pair.change.after)).collect();
    let mut covariance = Matrix::zeros(waves.len(), waves.len());
    for (round, estimate) in rounds.iter().enumerate() {
        covariance[(round, round)] = estimate.se.powi(2);
    }
    for RoundChange { before, after, change } in &changes {
        let joint = change.covariance();
        (covariance[(*before, *after)], covariance[(*after, *before)]) = (joint, joint);
    }
    Ok(Trend { rounds, changes, covariance })
}

impl Trend {
    /// Tests whether nothing changed over all rounds.
    ///
    /// Wald's test of the differences d from each round to the next: d'V^-1 d over their number k is F
    /// with k degrees of freedom and the fewest that a round has; for two rounds, the square of the t of the change.
    pub fn no_change(&self) -> Result<WaldTest, EstimateError> {
        let steps = self.rounds.len() - 1;
        let mut next = Matrix::zeros(steps, steps + 1);
        for step in 0..steps {
            (next[(step, step)], next[(step, step + 1)]) = (-1.0, 1.0);
        }
        let covariance = self.covariance.mapped(&next);
        root(&covariance, "the joint test of the rounds")?;
        let values = next.times_vector(&self.values());
        let differences =
            Estimates { values, covariance, replicates: Vec::new(), influence: Vec::new() };
        wald_test(&differences, &(0..steps).collect::<Vec<_>>(), self.df())
    }

    /// Fits a line through the rounds, at the times given, by generalised least squares.
    ///
    /// With V the covariance of the estimates y and X of ones and times, the line is (X'V^-1 X)^-1 X'V^-1 y
    /// with covariance (X'V^-1 X)^-1 (Aitken 1935); departure is the squared residual r'V^-1 r over T - 2.
    pub fn line(&self, times: &[f64], level: Level) -> Result<Line, EstimateError> {
        let what = "the line through the rounds";
        let root = root(&self.covariance, what)?;
        let count = self.rounds.len();
        if times.len() != count || !times.iter().all(|time| time.is_finite()) {
            return Err(EstimateError::Unsupported { what, needs: "a finite time for each round" });
        }
        let columns = [vec![1.0; count], times.to_vec(), self.values()];
        let whitened = solve(&root, &Matrix::from_columns(&columns));
        let whitened = whitened.ok_or(EstimateError::NotPositiveDefinite { what })?;
        let x = Matrix::from_columns(&[whitened.column(0), whitened.column(1)]);
        let qr = Qr::new(&x, 1e-9);
        if qr.rank < 2 {
            return Err(EstimateError::Unsupported { what, needs: "times that differ" });
        }
        let y = whitened.column(2);
        let coefficients = qr.coefficients(&y);
        let fitted = x.times_vector(&coefficients);
        let residuals: Vec<f64> = y.iter().zip(fitted).map(|(y, fitted)| y - fitted).collect();
        let (slope, se, df) = (coefficients[1], qr.solve_normal(&[0.0, 1.0])[1].sqrt(), self.df());
        let reach = se * level.t(df);
        let (ci_low, ci_high) = (slope - reach, slope + reach);
        let departure = (count > 2).then(|| {
            let free = (count - 2) as f64;
            let f = dot(&residuals, &residuals) / free;
            WaldTest { f, df: free, ddf: df, p_value: f_tail(f, free, df) }
        });
        Ok(Line { slope, se, ci_low, ci_high, df, p_value: t_two_sided(slope / se, df), departure })
    }

    fn values(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.value).collect()
    }

    /// Returns the fewest degrees of freedom that a round has; one is the least there is.
    fn df(&self) -> f64 {
        self.rounds.iter().fold(f64::INFINITY, |df, round| df.min(round.df)).max(1.0)
    }
}

/// Returns L with L L' = V, where V is positive definite by more than a rounding.
fn root(covariance: &Matrix, what: &'static str) -> Result<Matrix, EstimateError> {
    let root = cholesky(covariance).ok_or(EstimateError::NotPositiveDefinite { what })?;
    let own = |i: usize| root[(i, i)].powi(2) > 1e-10 * covariance[(i, i)];
    if (0..root.rows()).all(own) {
        Ok(root)
    } else {
        Err(EstimateError::NotPositiveDefinite { what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Values;
    use crate::design::Design;

    const LEVEL: Level = Level::NINETY_FIVE;

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() <= 1e-10 * expected.abs().max(1.0), "{got}, not {expected}");
    }

    /// Three rounds of which the same eight of 20 units answer all, in the order of the units.
    const PANEL: [[f64; 8]; 3] = [
        [3.0, 5.0, 2.0, 8.0, 6.0, 4.0, 7.0, 5.0],
        [4.0, 5.0, 3.0, 9.0, 5.0, 6.0, 7.0, 7.0],
        [5.0, 7.0, 2.0, 9.0, 8.0, 5.0, 9.0, 8.0],
    ];

    fn of_panel(rounds: &[[f64; 8]]) -> Trend {
        let design = Design::simple(8, 20.0).expect("8 of 20");
        let domain = [true; 8];
        let waves: Vec<Wave<'_>> = rounds
            .iter()
            .map(|y| Wave { design: &design, domain: &domain, values: Values::Numbers(y) })
            .collect();
        let same: Vec<(usize, usize)> = (0..8).map(|unit| (unit, unit)).collect();
        let pairs = (0..rounds.len()).flat_map(|b| (b + 1..rounds.len()).map(move |a| (b, a)));
        let links = pairs.map(|pair| (pair, same.clone())).collect();
        trend(&waves, &links, LEVEL, 0.5).expect("a panel")
    }

    /// Returns (1 - f) / n times the sample covariance.
    fn covariance(x: &[f64], y: &[f64]) -> f64 {
        let mean = |x: &[f64]| x.iter().sum::<f64>() / 8.0;
        let products = x.iter().zip(y).map(|(a, b)| (a - mean(x)) * (b - mean(y)));
        products.sum::<f64>() / 7.0 * 0.6 / 8.0
    }

    #[test]
    fn a_full_panel_has_the_covariance_of_a_mean_vector() {
        let found = of_panel(&PANEL);
        for (i, x) in PANEL.iter().enumerate() {
            for (j, y) in PANEL.iter().enumerate() {
                near(found.covariance[(i, j)], covariance(x, y));
            }
        }
        let pairs: Vec<(usize, usize)> =
            found.changes.iter().map(|c| (c.before, c.after)).collect();
        assert_eq!(pairs, [(0, 1), (0, 2), (1, 2)]);
        // Means 5, 5.75 and 6.625.
        near(found.changes[1].change.difference.value, 1.625);
    }

    #[test]
    fn the_joint_test_is_hotellings() {
        // By hand: d = (.75, .875) and the 2 x 2 covariance of the units' differences, inverted by Cramer's rule.
        let apart = |a: usize, b: usize| -> Vec<f64> {
            PANEL[a].iter().zip(&PANEL[b]).map(|(before, after)| after - before).collect()
        };
        let (first, second) = (apart(0, 1), apart(1, 2));
        let (v, w, c) =
            (covariance(&first, &first), covariance(&second, &second), covariance(&first, &second));
        let statistic = (0.75_f64.powi(2) * w - 2.0 * 0.75 * 0.875 * c + 0.875_f64.powi(2) * v)
            / (v * w - c * c);
        let test = of_panel(&PANEL).no_change().expect("three rounds");
        near(test.f, statistic / 2.0);
        assert_eq!((test.df, test.ddf), (2.0, 7.0));
    }

    #[test]
    fn two_rounds_are_a_change() {
        let found = of_panel(&PANEL[..2]);
        let change = found.changes[0].change.difference;
        let line = found.line(&[2021.0, 2023.0], LEVEL).expect("a line");
        near(line.slope, change.value / 2.0);
        near(line.se, change.se / 2.0);
        near(line.ci_low, change.ci_low / 2.0);
        assert_eq!(line.departure, None);
        let test = found.no_change().expect("two rounds");
        near(test.f, (change.value / change.se).powi(2));
        near(test.p_value, line.p_value);
    }

    #[test]
    fn the_line_weighs_rounds_by_their_covariance() {
        // Sums over V^-1, solved column by column: slope and variance as in Aitken's formula written out.
        let found = of_panel(&PANEL);
        let times = [0.0, 1.0, 3.0];
        let columns = Matrix::from_columns(&[vec![1.0; 3], times.to_vec(), found.values()]);
        let solved = solve(&found.covariance, &columns).expect("a regular matrix");
        let sum = |i: usize, j: usize| dot(&columns.column(i), &solved.column(j));
        let determinant = sum(0, 0) * sum(1, 1) - sum(0, 1).powi(2);
        let line = found.line(&times, LEVEL).expect("a line");
        near(line.slope, (sum(0, 0) * sum(1, 2) - sum(0, 1) * sum(0, 2)) / determinant);
        near(line.se, (sum(0, 0) / determinant).sqrt());
        // With the other side of the same space: the contrast that every line leaves at 0 is (2, -3, 1).
        let bend = 2.0 * 5.0 - 3.0 * 5.75 + 6.625;
        let variance = found.covariance.mapped(&Matrix::from_rows(&[vec![2.0, -3.0, 1.0]]));
        near(line.departure.expect("three rounds").f, bend * bend / variance[(0, 0)]);
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let alike = of_panel(&[PANEL[0], PANEL[0], PANEL[1]]);
        let refused = alike.no_change().err();
        assert!(matches!(refused, Some(EstimateError::NotPositiveDefinite { .. })), "{refused:?}");
        assert_eq!(alike.changes[0].change.difference.se, 0.0);
        let found = of_panel(&PANEL);
        for times in [&[1.0, 2.0][..], &[1.0, 1.0, 1.0], &[1.0, f64::NAN, 2.0]] {
            let refused = found.line(times, LEVEL).err();
            assert!(matches!(refused, Some(EstimateError::Unsupported { .. })), "{times:?}");
        }
        let none = trend(&[], &BTreeMap::new(), LEVEL, 0.1).err();
        assert!(matches!(none, Some(EstimateError::Unsupported { .. })));
    }
}
