//! Sums that keep about 32 digits, so that the order of adding leaves no trace in the 16 that are shown.

use std::ops::{Add, Mul, Sub};

/// A number as the sum of two doubles, the second being what rounding took from the first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Sum {
    pub(super) fn new(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }

    /// Returns the nearest double.
    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }

    fn settled(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self { high: sum, low: low - (sum - high) }
    }
}

impl Add for Sum {
    type Output = Sum;
    fn add(self, other: Sum) -> Sum {
        let (sum, lost) = two_sum(self.high, other.high);
        Sum::settled(sum, lost + (self.low + other.low))
    }
}

impl Sub for Sum {
    type Output = Sum;
    fn sub(self, other: Sum) -> Sum {
        self + Sum { high: -other.high, low: -other.low }
    }
}

impl Mul for Sum {
    type Output = Sum;
    fn mul(self, other: Sum) -> Sum {
        let product = self.high * other.high;
        let lost = self.high.mul_add(other.high, -product);
        Sum::settled(product, lost + (self.high * other.low + self.low * other.high))
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Sum>>(terms: I) -> Sum {
        terms.fold(Sum::default(), Add::add)
    }
}

/// Returns a sum and what rounding took from it, exactly (Knuth 1969, 4.2.2, theorem B).
fn two_sum(left: f64, right: f64) -> (f64, f64) {
    let sum = left + right;
    let part = sum - left;
    (sum, (left - (sum - part)) + (right - part))
}

/// Adds terms to sums of the same length. No branch stands in the way of several lanes at once.
pub(super) fn add_each(high: &mut [f64], low: &mut [f64], terms: &[f64]) {
    for ((high, low), term) in high.iter_mut().zip(low).zip(terms) {
        let (sum, lost) = two_sum(*high, *term);
        *high = sum;
        *low += lost;
    }
}
