//! What a mean may be at most and at least, whatever those who did not answer would have said.

use thiserror::Error;

use crate::design::Design;
use crate::error::EstimateError;
use crate::level::Level;
use crate::share::{self, Estimate};

/// The smallest and the largest mean that the answers leave possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The mean if everyone who did not answer had the smallest value.
    pub low: Estimate,
    /// The mean if everyone who did not answer had the largest value.
    pub high: Estimate,
    /// Covers all means between the two with the level's probability or more: from the lower end of the interval of
    /// `low` to the upper end of that of `high`, within the range (Horowitz and Manski 2000, Journal of
    /// the American Statistical Association 95). Where all units were invited, the bounds themselves.
    pub interval: (f64, f64),
    /// The share of the domain that answered, weighted by the design.
    pub response_rate: f64,
}

/// Why there are no bounds.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BoundsError {
    /// A range without an inside.
    #[error("the range from {low} to {high} is empty or endless: bounds need its finite ends")]
    Range {
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// An answer outside of its range.
    #[error("row {row} has the answer {value}, outside of the range from {low} to {high}")]
    Outside {
        /// The row, from 0.
        row: usize,
        /// The answer.
        value: f64,
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// The means cannot be estimated.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}

/// Bounds the mean in a domain of a variable that lies within `range`, such as (0, 1) for a share.
///
/// `design` describes all who were invited, not the respondents, and the domain is one that the
/// frame knows for all of them. Manski (1989, Journal of Human Resources 24): with the response rate r
/// and the mean m of the respondents the mean lies between r m + (1 - r) low and r m + (1 - r) high. The bounds
/// are sharp: each is the mean for some answers of the others. Their distance is (1 - r) times that of the range,
/// and no weighting of the answers can exclude what lies between them.
pub fn bounds(
    design: &Design,
    domain: &[bool],
    answers: &[Option<f64>],
    range: (f64, f64),
    level: Level,
) -> Result<Bounds, BoundsError> {
    check(domain, answers, range)?;
    let mean = |value: &dyn Fn(&Option<f64>) -> f64| {
        let values: Vec<f64> = answers.iter().map(value).collect();
        share::mean(design, domain, &values, level)
    };
    let low = mean(&|answer| answer.unwrap_or(range.0))?;
    let high = mean(&|answer| answer.unwrap_or(range.1))?;
    let answered = mean(&|answer| f64::from(u8::from(answer.is_some())))?;
    let interval = (low.ci_low.max(range.0), high.ci_high.min(range.1));
    Ok(Bounds { low, high, interval, response_rate: answered.value })
}

fn check(
    domain: &[bool],
    answers: &[Option<f64>],
    (low, high): (f64, f64),
) -> Result<(), BoundsError> {
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(BoundsError::Range { low, high });
    }
    let inside = answers.iter().zip(domain).enumerate().filter(|(_, (_, inside))| **inside);
    for (row, (answer, _)) in inside {
        if let Some(value) = answer.filter(|value| !(low..=high).contains(value)) {
            return Err(BoundsError::Outside { row, value, low, high });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: (f64, f64) = (0.0, 1.0);

    #[test]
    fn bounds_of_a_census_are_sharp() {
        // 10 units, all invited, 7 answered, 4 of them yes: at least 4 and at most 7 of 10 say yes. All 8 ways the
        // three others can answer stay within, and the extreme ones reach the bounds.
        let design = Design::simple(10, 10.0).expect("all");
        let answers: Vec<Option<f64>> =
            (0..10).map(|i| (i < 7).then(|| f64::from(u8::from(i < 4)))).collect();
        let got =
            bounds(&design, &[true; 10], &answers, SHARE, Level::NINETY_FIVE).expect("bounds");
        assert_eq!((got.low.value, got.high.value, got.response_rate), (0.4, 0.7, 0.7));
        assert_eq!((got.low.se, got.high.se, got.interval), (0.0, 0.0, (0.4, 0.7)));
        let means: Vec<f64> =
            (0..8_u32).map(|others| f64::from(4 + others.count_ones()) / 10.0).collect();
        assert!(means.iter().all(|mean| (got.low.value..=got.high.value).contains(mean)));
        assert!(means.contains(&got.low.value) && means.contains(&got.high.value));
    }

    #[test]
    fn the_width_is_what_did_not_answer() {
        // Two strata of 40 and 60 drawn at 4 of 40 and 3 of 60: weights 10 and 20. A scale from 1 to 5; one of
        // each stratum is silent, so 30 of 100 are, and the width is 4 times that.
        let design = Design::stratified(&[0, 0, 0, 0, 1, 1, 1], &[40.0, 60.0]).expect("two strata");
        let answers = [Some(1.0), Some(4.0), None, Some(5.0), Some(2.0), None, Some(3.0)];
        let got =
            bounds(&design, &[true; 7], &answers, (1.0, 5.0), Level::NINETY_FIVE).expect("bounds");
        // Weighted sum of the answers: 10 (1 + 4 + 5) + 20 (2 + 3) = 200.
        assert!((got.low.value - 2.3).abs() < 1e-12 && (got.high.value - 3.5).abs() < 1e-12);
        assert!((got.response_rate - 0.7).abs() < 1e-12);
        assert!(got.interval.0 >= 1.0 && got.interval.0 < 2.3 && got.interval.1 > 3.5);
        // In a domain the same holds of its own units: the second stratum, 20 of 60 silent.
        let second: Vec<bool> = (0..7).map(|row| row > 3).collect();
        let got =
            bounds(&design, &second, &answers, (1.0, 5.0), Level::NINETY_FIVE).expect("bounds");
        assert!((got.high.value - got.low.value - 4.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_bounds_is_refused() {
        let design = Design::simple(2, 2.0).expect("all");
        let ask = |answers: &[Option<f64>], range| {
            bounds(&design, &[true; 2], answers, range, Level::NINETY_FIVE)
        };
        assert_eq!(
            ask(&[Some(0.0), Some(2.0)], SHARE),
            Err(BoundsError::Outside { row: 1, value: 2.0, low: 0.0, high: 1.0 })
        );
        assert!(matches!(
            ask(&[Some(f64::NAN), None], SHARE),
            Err(BoundsError::Outside { row: 0, .. })
        ));
        assert!(matches!(ask(&[None, None], (0.0, f64::INFINITY)), Err(BoundsError::Range { .. })));
        assert!(matches!(ask(&[None], SHARE), Err(BoundsError::Estimate(_))));
        let nothing = ask(&[None, None], SHARE).expect("bounds");
        assert_eq!(nothing.interval, (0.0, 1.0));
    }
}
