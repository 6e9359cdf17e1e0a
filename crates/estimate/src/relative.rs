//! A change as a ratio or as an odds ratio, beside the difference.

use thiserror::Error;

use crate::change::Change;
use crate::level::Level;
use crate::share::Interval;

/// A ratio of after to before, of means or of odds; 1 is no change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relative {
    /// The ratio.
    pub value: f64,
    /// Its standard error by the delta method.
    pub se: f64,
    /// The lower end of the interval, which is symmetric on the scale of the logarithm.
    pub ci_low: f64,
    /// The upper end of the interval.
    pub ci_high: f64,
    /// Degrees of freedom, those of the difference.
    pub df: f64,
}

/// Why there is no ratio.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum RelativeError {
    /// A ratio of estimates of which one is not positive.
    #[error("a ratio needs two estimates above 0, got {before} before and {after} after")]
    NotPositive {
        /// The earlier estimate.
        before: f64,
        /// The later estimate.
        after: f64,
    },
    /// Odds of what is no share, or one of nobody or everybody.
    #[error(
        "an odds ratio needs two shares between 0 and 1, got {before} before and {after} after"
    )]
    NoOdds {
        /// The earlier estimate.
        before: f64,
        /// The later estimate.
        after: f64,
    },
}

/// Returns the estimate after as a multiple of the one before: 1.2 is 20 percent more.
///
/// The logarithm of the ratio of b to a has the variance Va / a^2 + Vb / b^2 - 2 C / (a b): Taylor
/// linearisation (Wolter 2007, Introduction to Variance Estimation, chapter 6). Variances and covariance are those of
/// the change, with its strata, overlap and calibration. `level` is the one the change was estimated at.
pub fn relative_change(change: &Change, level: Level) -> Result<Relative, RelativeError> {
    let (before, after) = (change.before.value, change.after.value);
    if !(before > 0.0 && after > 0.0) {
        return Err(RelativeError::NotPositive { before, after });
    }
    Ok(relative(change, level, f64::ln, |value| 1.0 / value))
}

/// Returns the odds after as a multiple of the odds before.
///
/// As [`relative_change`], with the derivative 1 / (p (1 - p)) of the logarithm of the odds of p.
pub fn odds_ratio(change: &Change, level: Level) -> Result<Relative, RelativeError> {
    let (before, after) = (change.before.value, change.after.value);
    let inside = |share: f64| share > 0.0 && share < 1.0;
    if !(inside(before) && inside(after)) {
        return Err(RelativeError::NoOdds { before, after });
    }
    Ok(relative(change, level, |p| (p / (1.0 - p)).ln(), |p| 1.0 / (p * (1.0 - p))))
}

/// Carries a difference to the scale of a logarithm, and its interval back as a ratio.
fn relative(
    change: &Change,
    level: Level,
    scale: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
) -> Relative {
    let Change { before, after, difference, .. } = change;
    let step = scale(after.value) - scale(before.value);
    let (left, right) = (slope(before.value), slope(after.value));
    let apart = (left * before.se).powi(2) + (right * after.se).powi(2);
    let variance = apart - 2.0 * left * right * change.covariance();
    // As in the difference: rounding leaves the variance of no change at all a hair beside 0.
    let se = if variance > 1e-14 * apart { variance.sqrt() } else { 0.0 };
    let reach = if se > 0.0 { se * level.t(difference.df.max(1.0)) } else { 0.0 };
    let (below, above) = match difference.method.interval {
        Interval::StudentT | Interval::Wilson => (reach, reach),
        // All answered alike in one of the rounds, and the limits of each say more than its standard error
        // of 0 (Zou and Donner 2008, Statistics in Medicine 27).
        Interval::Newcombe => {
            let apart = |from: f64, to: f64| scale(to) - scale(from);
            (
                apart(after.ci_low, after.value).hypot(apart(before.value, before.ci_high)),
                apart(after.value, after.ci_high).hypot(apart(before.ci_low, before.value)),
            )
        }
    };
    Relative {
        value: step.exp(),
        se: step.exp() * se,
        ci_low: (step - below).exp(),
        ci_high: (step + above).exp(),
        df: difference.df,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Values, Wave, change};
    use crate::design::Design;
    use crate::share;

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{got}, not {expected}");
    }

    #[test]
    fn in_a_full_panel_it_is_the_ratio_of_two_variables() {
        // The same six units answer twice: after over before is a ratio of one sample, with its standard error.
        let design = Design::stratified(&[0, 0, 0, 1, 1, 1], &[9.0, 30.0]).expect("two strata");
        let (first, second) = ([1.0, 2.0, 4.0, 8.0, 5.0, 7.0], [2.0, 2.0, 3.0, 9.0, 9.0, 6.0]);
        let domain = [true, false, true, true, true, true];
        let wave =
            |values| Wave { design: &design, domain: &domain, values: Values::Numbers(values) };
        let links: Vec<(usize, usize)> = (0..6).map(|unit| (unit, unit)).collect();
        let level = Level::NINETY_FIVE;
        let found = change(&wave(&first), &wave(&second), &links, level, 0.1).expect("a change");
        let found = relative_change(&found, level).expect("positive means");
        let expected = share::ratio(&design, &domain, &second, &first, level).expect("a ratio");
        near(found.value, expected.value);
        near(found.se, expected.se);
        let reach = level.t(expected.df) * expected.se / expected.value;
        near(found.ci_low, expected.value * (-reach).exp());
        near(found.ci_high, expected.value * reach.exp());
    }

    #[test]
    fn independent_shares_have_woolfs_odds_ratio() {
        // 12 of 40 and 20 of 45, endless population, no unit in both: the variance of the logarithm is
        // the sum of 1 / (n p (1 - p)) (Woolf 1955), here with n - 1 for n.
        let level = Level::NINETY_FIVE;
        let (first, second) = ((0..40).map(|i| i < 12), (0..45).map(|i| i < 20));
        let (first, second): (Vec<bool>, Vec<bool>) = (first.collect(), second.collect());
        let designs = [40, 45].map(|n| Design::simple(n, f64::INFINITY).expect("a sample"));
        let domain = [true; 45];
        let before =
            Wave { design: &designs[0], domain: &domain[..40], values: Values::Hits(&first) };
        let after = Wave { design: &designs[1], domain: &domain, values: Values::Hits(&second) };
        let found = change(&before, &after, &[], level, 0.1).expect("a change");
        let found = odds_ratio(&found, level).expect("shares inside");
        let (p, q) = (12.0 / 40.0, 20.0 / 45.0);
        near(found.value, (20.0 / 25.0) / (12.0 / 28.0));
        let variance: f64 = 1.0 / (39.0 * p * (1.0 - p)) + 1.0 / (44.0 * q * (1.0 - q));
        near(found.se, found.value * variance.sqrt());
    }

    #[test]
    fn everybody_is_not_certainty() {
        // 10 of 20 and then 20 of 20: the ratio is 2, and its interval reaches down for the doubt about both.
        let level = Level::NINETY_FIVE;
        let design = Design::simple(20, 100.0).expect("20 of 100");
        let (half, every, domain) =
            ((0..20).map(|i| i < 10).collect::<Vec<_>>(), [true; 20], [true; 20]);
        let wave = |hit| Wave { design: &design, domain: &domain, values: Values::Hits(hit) };
        let found = change(&wave(&half), &wave(&every), &[], level, 0.1).expect("a change");
        let ratio = relative_change(&found, level).expect("positive shares");
        let (before, after) = (found.before, found.after);
        let below = (after.ci_low.ln()).hypot((before.ci_high / 0.5).ln());
        near(ratio.ci_low, 2.0 * (-below).exp());
        near(ratio.ci_high, 2.0 * 0.5 / before.ci_low);
        assert_eq!(
            odds_ratio(&found, level),
            Err(RelativeError::NoOdds { before: 0.5, after: 1.0 })
        );
        let back = change(&wave(&[false; 20]), &wave(&half), &[], level, 0.1).expect("a change");
        assert!(matches!(relative_change(&back, level), Err(RelativeError::NotPositive { .. })));
    }
}
