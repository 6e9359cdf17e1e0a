//! Intervals for shares, by the methods in use.

use crate::distribution::{beta_quantile, hypergeometric_tails, t_quantile};
use crate::level::Level;

/// How the interval of a share is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Share plus and minus t standard errors.
    Mean,
    /// The same on the scale of the log odds.
    Logit,
    /// The same on the scale of the arc sine of the root.
    Asin,
    /// Clopper and Pearson's with the effective sample size (Korn and Graubard 1998).
    Beta,
    /// Wilson's with the effective sample size.
    Wilson,
    /// Where the likelihood ratio, scaled by Rao and Scott's effect, passes its quantile.
    Likelihood,
}

/// A share, its variance, and how many elements it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its variance under the design.
    pub variance: f64,
    /// The sample's size.
    pub n: usize,
}

impl Share {
    /// Returns the effective size, put right for the degrees of freedom of the variance.
    fn effective_size(&self, tail: f64, df: f64) -> f64 {
        let size = self.value * (1.0 - self.value) / self.variance;
        size * (t_quantile(tail, self.n as f64 - 1.0) / t_quantile(tail, df)).powi(2)
    }
}

/// Returns the interval of a share, or nothing where the method has none (at shares of 0 and 1).
///
/// `df` is that of the interval's t; `design_df` that of the variance, which the effective size is put right for.
pub fn interval(
    share: &Share,
    method: IntervalMethod,
    level: Level,
    df: f64,
    design_df: f64,
) -> Option<(f64, f64)> {
    let (p, tail) = (share.value, level.tail());
    let t = level.t(df);
    let se = share.variance.sqrt();
    let inside = p > 0.0 && p < 1.0;
    let limits = match method {
        IntervalMethod::Mean if se == 0.0 => (p, p),
        IntervalMethod::Mean => (p - t * se, p + t * se),
        _ if !inside => return None,
        IntervalMethod::Logit => {
            let reach = t * se / (p * (1.0 - p));
            let odds = (p / (1.0 - p)).ln();
            (expit(odds - reach), expit(odds + reach))
        }
        IntervalMethod::Asin => {
            let (angle, reach) = (p.sqrt().asin(), t * se / (2.0 * (p * (1.0 - p)).sqrt()));
            ((angle - reach).sin().powi(2), (angle + reach).sin().powi(2))
        }
        IntervalMethod::Beta => clopper_pearson(p, share.effective_size(tail, design_df), level),
        IntervalMethod::Wilson => wilson(p, p * (1.0 - p) / share.variance, t),
        IntervalMethod::Likelihood => {
            // As in regression, Rao and Scott's effect is that of residuals with divisor n - 1.
            let effect = share.variance / (p * (1.0 - p)) * share.n as f64 / (share.n as f64 - 1.0);
            likelihood(p, effect * t * t)
        }
    };
    (limits.0.is_finite() && limits.1.is_finite()).then_some(limits)
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Returns the exact binomial interval for a share of `n`, which need not be whole.
pub fn clopper_pearson(p: f64, n: f64, level: Level) -> (f64, f64) {
    let tail = level.tail();
    let (hits, misses) = (n * p, n * (1.0 - p));
    let low = if hits > 0.0 { beta_quantile(tail, hits, misses + 1.0) } else { 0.0 };
    let high = if misses > 0.0 { beta_quantile(1.0 - tail, hits + 1.0, misses) } else { 1.0 };
    (low, high)
}

/// Returns Wilson's score interval for a share of `n`, with the quantile `z`.
pub fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let shrink = 1.0 + z * z / n;
    let centre = (p + z * z / (2.0 * n)) / shrink;
    let reach = z / shrink * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    // At shares of 0 and 1 one limit is the share itself; rounding must not push it past.
    ((centre - reach).max(0.0).min(p), (centre + reach).min(1.0).max(p))
}

/// Returns the shares whose log likelihood per element lies half of `cut` below the best.
fn likelihood(p: f64, cut: f64) -> (f64, f64) {
    let deviance = |q: f64| 2.0 * (p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln());
    let limit = |end: f64| {
        let (mut inside, mut outside) = (p, end);
        for _ in 0..200 {
            let middle = 0.5 * (inside + outside);
            if deviance(middle) < cut { inside = middle } else { outside = middle }
        }
        inside
    };
    (limit(0.0), limit(1.0))
}

/// Returns the least and most hits in a population of `all` that neither one-sided test refuses, when `hits` of `drawn` are seen.
pub fn population_hits(hits: u64, drawn: u64, all: u64, level: Level) -> (u64, u64) {
    let tail = level.tail();
    let (least, most) = (hits, all - (drawn - hits));
    // The more hits in the population, the likelier many in the sample: each test turns once.
    let low = first(least, most, |count| hypergeometric_tails(hits, drawn, count, all).1 > tail);
    let high = first(low, most, |count| hypergeometric_tails(hits, drawn, count, all).0 <= tail);
    (low, if hypergeometric_tails(hits, drawn, high, all).0 > tail { high } else { high - 1 })
}

/// Returns the first number from which on a condition holds, or the last number if it never does.
fn first(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}
