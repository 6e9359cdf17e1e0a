//! The distributions of tests and intervals.
//!
//! Everything rests on two functions of `statrs`, the incomplete gamma and beta functions, which it has to
//! fourteen digits. Its own normal distribution has eleven, and its quantiles drift or never return
//! for very large degrees of freedom, which data can produce: quantiles here are bracketed and halved.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::{checked_gamma_ur, ln_gamma};

/// Returns the probability that a standard normal variable is below `z`.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    let beyond = 0.5 * chi_squared_tail(z * z, 1.0);
    if z > 0.0 { 1.0 - beyond } else { beyond }
}

/// Returns the standard normal quantile.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    quantile(p, |z| 0.5 * chi_squared_tail(z * z, 1.0))
}

/// Returns the probability that chi-squared exceeds `x`.
pub fn chi_squared_tail(x: f64, df: f64) -> f64 {
    if x <= 0.0 { 1.0 } else { checked_gamma_ur(0.5 * df, 0.5 * x).unwrap_or(f64::NAN) }
}

/// Returns the probability that F exceeds `x`; infinite `below` leaves chi-squared over its degrees of freedom.
pub(crate) fn f_tail(x: f64, above: f64, below: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if below > LARGE_DF {
        return chi_squared_tail(x * above, above);
    }
    beta_cdf(below / (below + above * x), 0.5 * below, 0.5 * above)
}

/// Returns the probability that Student's t lies further from 0 than `t`.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if df > LARGE_DF {
        // Abramowitz and Stegun 26.7.8, off by the order of 1 / df squared.
        let z = t * (1.0 - 0.25 / df) / (1.0 + t * t / (2.0 * df)).sqrt();
        return chi_squared_tail(z * z, 1.0);
    }
    f_tail(t * t, 1.0, df)
}

/// Returns the quantile of Student's t; NaN without degrees of freedom, normal where they are infinite.
///
/// Finding one takes longer than all else about an interval, and the figures of a table have few degrees of
/// freedom between them: what was found is kept.
pub(crate) fn t_quantile(p: f64, df: f64) -> f64 {
    static FOUND: Mutex<BTreeMap<(u64, u64), f64>> = Mutex::new(BTreeMap::new());
    let found = || FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = (p.to_bits(), df.to_bits());
    if let Some(t) = found().get(&asked) {
        return *t;
    }
    let t = if df > 0.0 { quantile(p, |t| 0.5 * t_two_sided(t, df)) } else { f64::NAN };
    let mut found = found();
    if found.len() >= MOST_KEPT {
        found.clear();
    }
    found.insert(asked, t);
    t
}

/// How many quantiles are kept at most: fractional degrees of freedom have no end.
const MOST_KEPT: usize = 4096;

/// Above this, approximations by the normal distribution and its kin are exact to ten digits.
const LARGE_DF: f64 = 1e5;

/// Returns the probability that a beta variable is below `x`.
fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    checked_beta_reg(a, b, x).unwrap_or(f64::NAN)
}

/// Returns the quantile of the beta distribution.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    root(|x| beta_cdf(x, a, b) - p, 0.0, 1.0)
}

/// Returns the probabilities of at most, and at least, `hits` among `drawn` from `all` with `count` hits.
pub(crate) fn hypergeometric_tails(hits: u64, drawn: u64, count: u64, all: u64) -> (f64, f64) {
    let choose = |n: u64, k: u64| {
        let gamma = |n: u64| ln_gamma(n as f64 + 1.0);
        gamma(n) - gamma(k) - gamma(n - k)
    };
    let probability =
        |k: u64| (choose(count, k) + choose(all - count, drawn - k) - choose(all, drawn)).exp();
    let (least, most) = (drawn.saturating_sub(all - count), drawn.min(count));
    let at_most = (least..=hits.min(most)).map(probability).sum();
    let at_least = (hits.max(least)..=most).map(probability).sum();
    (at_most, at_least)
}

/// Returns the quantile of a distribution symmetric about 0, by its upper tail.
fn quantile(p: f64, tail: impl Fn(f64) -> f64) -> f64 {
    let upper = p.max(1.0 - p);
    let mut high = 1.0;
    while tail(high) > 1.0 - upper && high < 1e300 {
        high *= 2.0;
    }
    root(|x| (1.0 - upper) - tail(x), 0.0, high).copysign(p - 0.5)
}

/// Returns the root of an increasing function: the bracket is halved until it is as narrow as doubles are.
fn root(increasing: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..1100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if increasing(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_quantiles_are_those_of_r() {
        // R 4.2.2: qt(0.975, df).
        for (df, expected) in [
            (1.0, 12.706_204_736_174_7),
            (14.0, 2.144_786_687_916_92),
            (214.0, 1.971_111_257_662_305),
            (f64::INFINITY, 1.959_963_984_540_05),
        ] {
            let got = t_quantile(0.975, df);
            assert!((got - expected).abs() < 1e-12, "df {df}: {got}");
        }
    }

    #[test]
    fn quantile_and_probability_are_inverse() {
        for df in [0.7, 3.0, 57.3, 99_999.0, 1e8, 1e300] {
            for p in [0.001, 0.3, 0.5, 0.975, 0.9999] {
                let t = t_quantile(p, df);
                let half = 0.5 * t_two_sided(t, df);
                let back = if t > 0.0 { 1.0 - half } else { half };
                assert!((back - p).abs() < 1e-9, "df {df}, p {p}: {back}");
            }
        }
    }

    #[test]
    fn hypergeometric_tails_add_up() {
        // 3 of 5 hits, 2 drawn: 0, 1, 2 hits with probabilities 1, 6 and 3 of 10.
        let (at_most, at_least) = hypergeometric_tails(1, 2, 3, 5);
        assert!((at_most - 0.7).abs() < 1e-12 && (at_least - 0.9).abs() < 1e-12);
    }
}
