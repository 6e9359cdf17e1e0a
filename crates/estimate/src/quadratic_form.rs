//! The tail of a weighted sum of chi-squared variables over an independent chi-squared, to which the
//! statistics of Rao and Scott belong.

use crate::distribution::normal_cdf;

/// A weighted sum of chi-squared variables: weights and degrees of freedom.
struct Sum(Vec<(f64, f64)>);

impl Sum {
    /// Returns the sum that exceeds 0 exactly when the ratio exceeds `x`.
    fn exceeding(x: f64, weights: &[f64], ddf: f64) -> Self {
        let mut terms: Vec<(f64, f64)> = weights.iter().map(|weight| (*weight, 1.0)).collect();
        terms.push((-x / ddf, ddf));
        Self(terms)
    }
}

/// Returns the probability that the sum of weighted chi-squared variables, each with one degree of freedom,
/// exceeds `x` times a mean square with `ddf`, by integrating the characteristic function (Imhof 1961).
pub(crate) fn integrated_tail(x: f64, weights: &[f64], ddf: f64) -> f64 {
    let sum = Sum::exceeding(x, weights, ddf);
    let largest = sum.0.iter().fold(0.0_f64, |largest, (weight, _)| largest.max(weight.abs()));
    let integrand = |u: f64| {
        let (mut angle, mut log_size) = (0.0, 0.0);
        for (weight, df) in &sum.0 {
            angle += 0.5 * df * (weight * u).atan();
            log_size += 0.25 * df * (weight * u).powi(2).ln_1p();
        }
        (angle.sin() / u) * (-log_size).exp()
    };
    // In u = e^s the integrand is smooth and dies out both ways.
    let (low, high) = ((1e-12 / largest).ln(), (1e8 / largest).ln());
    let in_logarithm = |s: f64| integrand(s.exp()) * s.exp();
    0.5 + trapezoidal(in_logarithm, low, high) / std::f64::consts::PI
}

/// Returns the integral by the trapezoidal rule, refined until it settles; it converges fast for integrands
/// that vanish at both ends.
fn trapezoidal(integrand: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let mut steps = 256;
    let sum = |steps: usize, odd: bool| -> f64 {
        let width = (high - low) / steps as f64;
        let inner = (1..steps).filter(|i| !odd || i % 2 == 1);
        inner.map(|i| integrand(low + width * i as f64)).sum()
    };
    let mut total = sum(steps, false);
    let mut integral = total * (high - low) / steps as f64;
    for _ in 0..10 {
        steps *= 2;
        total += sum(steps, true);
        let refined = total * (high - low) / steps as f64;
        if (refined - integral).abs() < 1e-13 {
            return refined;
        }
        integral = refined;
    }
    integral
}

/// Returns the same probability by the saddlepoint approximation of Lugannani and Rice, in Kuonen's form.
pub(crate) fn saddlepoint_tail(x: f64, weights: &[f64], ddf: f64) -> f64 {
    let sum = Sum::exceeding(x, weights, ddf);
    let slope = |z: f64| -> f64 { sum.0.iter().map(|(w, df)| w * df / (1.0 - 2.0 * z * w)).sum() };
    let positive = sum.0.iter().filter(|(w, _)| *w > 0.0).map(|(w, _)| 0.5 / w);
    let negative = sum.0.iter().filter(|(w, _)| *w < 0.0).map(|(w, _)| 0.5 / w);
    let (mut high, mut low) =
        (positive.fold(f64::INFINITY, f64::min), negative.fold(f64::NEG_INFINITY, f64::max));
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    let z = 0.5 * (low + high);
    let cumulant: f64 = sum.0.iter().map(|(w, df)| -0.5 * df * (-2.0 * z * w).ln_1p()).sum();
    let curvature: f64 =
        sum.0.iter().map(|(w, df)| 2.0 * df * (w / (1.0 - 2.0 * z * w)).powi(2)).sum();
    let root = (-2.0 * cumulant).max(0.0).sqrt().copysign(z);
    let scaled = z * curvature.sqrt();
    if z.abs() * curvature.sqrt() < 1e-5 {
        // At the mean the formula is 0 / 0; the exact integral is at hand.
        return integrated_tail(x, weights, ddf);
    }
    normal_cdf(-(root + (scaled / root).ln() / root))
}
