//! The distributions of tests and intervals. Tails come from `statrs`; quantiles are our own, because
//! those of `statrs` drift or never return for very large degrees of freedom, which data can produce.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};
use statrs::function::gamma::gamma_ur;

/// Returns the probability that a standard normal variable is below `z`.
///
/// Through the incomplete gamma function, which `statrs` has to fourteen digits, and `erf` to eleven.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    let beyond = if z == 0.0 { 0.5 } else { 0.5 * gamma_ur(0.5, 0.5 * z * z) };
    if z > 0.0 { 1.0 - beyond } else { beyond }
}

/// Returns the standard normal quantile.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// Returns the probability that Student's t is below `t`; infinite `df` is the normal distribution.
pub(crate) fn t_cdf(t: f64, df: f64) -> f64 {
    if df > LARGE_DF {
        // Abramowitz and Stegun 26.7.8, off by the order of 1 / df squared.
        return normal_cdf(t * (1.0 - 0.25 / df) / (1.0 + t * t / (2.0 * df)).sqrt());
    }
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |d| d.cdf(t))
}

/// Returns the quantile of Student's t; infinite `df` is the normal distribution.
pub(crate) fn t_quantile(p: f64, df: f64) -> f64 {
    if p < 0.5 { -t_quantile(1.0 - p, df) } else { root(|t| t_cdf(t, df) - p, normal_quantile(p)) }
}

/// Above this, `statrs` loses digits and the normal approximation has gained them.
const LARGE_DF: f64 = 1e5;

/// Returns the root of an increasing function, at or above zero and near `start`: the bracket is
/// doubled until it holds the root and then halved until it is as narrow as doubles are.
fn root(increasing: impl Fn(f64) -> f64, start: f64) -> f64 {
    let (mut low, mut high) = (0.0, start.max(1.0));
    while increasing(high) < 0.0 && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
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
                let back = t_cdf(t_quantile(p, df), df);
                assert!((back - p).abs() < 1e-9, "df {df}, p {p}: {back}");
            }
        }
    }
}
