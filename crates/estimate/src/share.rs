//! Shares, means, totals and ratios in a domain, with interval, base and method.

use crate::design::Design;
use crate::error::EstimateError;
use crate::level::Level;
use crate::proportion;
use crate::statistics::{self, Linearised, check_domain};
use crate::variance::degrees_of_freedom;

/// An estimate and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate itself; a share lies between 0 and 1.
    pub value: f64,
    /// Its standard error under the design.
    pub se: f64,
    /// The lower end of the interval.
    pub ci_low: f64,
    /// The upper end of the interval.
    pub ci_high: f64,
    /// Degrees of freedom of the variance: sampling units less strata, within the domain.
    pub df: f64,
    /// What the estimate rests on.
    pub base: Base,
    /// How variance and interval were found.
    pub method: Method,
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Base {
    /// How many elements of the sample lie in the domain.
    pub n: usize,
    /// How many elements of the population they stand for.
    pub weight_sum: f64,
}

/// How variance and interval were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// The kind of interval; the variance is always by linearisation under the design.
    pub interval: Interval,
}

/// The kinds of interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Estimate plus and minus t times the standard error.
    StudentT,
    /// Wilson's score interval with the design's effective sample size and t for z.
    ///
    /// It stays within 0 and 1 and keeps its coverage near them. Where nobody or everybody answered
    /// yes, the effective size comes from the weights and the finite population instead of the variance.
    Wilson,
    /// The difference of two such shares, from the limits of each (Newcombe 1998, method 10).
    Newcombe,
}

/// Estimates the share of the domain that is a hit: ratio-linearised, with Wilson's interval.
pub fn share(
    design: &Design,
    domain: &[bool],
    hit: &[bool],
    level: Level,
) -> Result<Estimate, EstimateError> {
    same_length("the column of hits", hit.len(), design)?;
    let hit: Vec<f64> = hit.iter().map(|&hit| f64::from(u8::from(hit))).collect();
    let estimate = mean(design, domain, &hit, level)?;
    let (ci_low, ci_high) = wilson(design, domain, &estimate, level);
    Ok(Estimate { ci_low, ci_high, method: Method { interval: Interval::Wilson }, ..estimate })
}

/// Estimates the mean of `y` in the domain.
pub fn mean(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    level: Level,
) -> Result<Estimate, EstimateError> {
    ratio(design, domain, y, &vec![1.0; design.len()], level)
}

/// Estimates the total of `y` in the domain.
pub fn total(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    level: Level,
) -> Result<Estimate, EstimateError> {
    check(design, domain, y)?;
    let column = [y.to_vec()];
    with_interval(design, domain, level, |weights| Ok(statistics::totals(&column, weights)))
}

/// Estimates the ratio of two totals in the domain, such as the share of the population that lives in
/// municipalities of some kind.
pub fn ratio(
    design: &Design,
    domain: &[bool],
    numerator: &[f64],
    denominator: &[f64],
    level: Level,
) -> Result<Estimate, EstimateError> {
    check(design, domain, numerator)?;
    check(design, domain, denominator)?;
    with_interval(design, domain, level, |weights| {
        let ratio = statistics::ratios(&[(numerator, denominator)], weights);
        if ratio.values[0].is_finite() { Ok(ratio) } else { Err(EstimateError::ZeroDenominator) }
    })
}

/// Refuses columns that do not fit the sample, empty domains and values that are not numbers.
pub(crate) fn check(design: &Design, domain: &[bool], y: &[f64]) -> Result<(), EstimateError> {
    check_domain(design, domain)?;
    same_length("the column of values", y.len(), design)?;
    match (0..y.len()).find(|&row| domain[row] && !y[row].is_finite()) {
        Some(row) => Err(EstimateError::Value { what: "the variable", row, value: y[row] }),
        None => Ok(()),
    }
}

fn same_length(what: &'static str, got: usize, design: &Design) -> Result<(), EstimateError> {
    let expected = design.len();
    if got == expected { Ok(()) } else { Err(EstimateError::Length { what, got, expected }) }
}

/// Estimates one statistic and puts a t interval and its base to it.
fn with_interval(
    design: &Design,
    domain: &[bool],
    level: Level,
    statistic: impl Fn(&[f64]) -> Result<Linearised, EstimateError>,
) -> Result<Estimate, EstimateError> {
    let found = statistics::estimate(design, domain, statistic)?;
    let (value, se) = (found.values[0], found.se()[0]);
    let df = degrees_of_freedom(design, domain);
    let reach = if se > 0.0 { se * level.t(df.max(1.0)) } else { 0.0 };
    Ok(Estimate {
        value,
        se,
        ci_low: value - reach,
        ci_high: value + reach,
        df,
        base: base(design, domain),
        method: Method { interval: Interval::StudentT },
    })
}

fn base(design: &Design, domain: &[bool]) -> Base {
    let inside = design.weights().iter().zip(domain).filter(|(_, inside)| **inside);
    Base { n: inside.clone().count(), weight_sum: inside.map(|(weight, _)| weight).sum() }
}

/// Returns Wilson's interval with the effective sample size of the estimate.
fn wilson(design: &Design, domain: &[bool], share: &Estimate, level: Level) -> (f64, f64) {
    let p = share.value;
    let n = effective_size(design, domain, share);
    if n.is_infinite() {
        return (p, p);
    }
    // A domain with as many strata as elements leaves no degree of freedom; one is the least there is.
    let t = level.t(share.df.max(1.0));
    proportion::wilson(p, n, t)
}

/// Returns the size of the simple random sample, with replacement, that would be as sure.
fn effective_size(design: &Design, domain: &[bool], share: &Estimate) -> f64 {
    if share.se > 0.0 {
        return share.value * (1.0 - share.value) / (share.se * share.se);
    }
    let rows = || (0..design.len()).filter(|&row| domain[row]);
    let sum: f64 = rows().map(|row| design.weights()[row]).sum();
    let unseen: f64 = rows().map(|row| design.weights()[row].powi(2) * design.unseen(row)).sum();
    if unseen > 0.0 { sum * sum / unseen } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_the_textbook_variance() {
        // 6 of 20 from 50: (1 - n/N) p (1 - p) / (n - 1), Cochran (1977), formula 3.8.
        let design = Design::simple(20, 50.0).expect("20 of 50");
        let hit: Vec<bool> = (0..20).map(|i| i < 6).collect();
        let got = share(&design, &[true; 20], &hit, Level::NINETY_FIVE).expect("a share");
        assert!((got.value - 0.3).abs() < 1e-15);
        assert!((got.se - (0.6_f64 * 0.21 / 19.0).sqrt()).abs() < 1e-15);
        assert_eq!((got.base.n, got.base.weight_sum, got.df), (20, 50.0, 19.0));
    }

    #[test]
    fn nobody_and_everybody_leave_an_interval() {
        // Wilson's upper limit at p = 0 is t2 / (n + t2), with n the effective size 20 / (1 - 0.4).
        let design = Design::simple(20, 50.0).expect("20 of 50");
        let none = share(&design, &[true; 20], &[false; 20], Level::NINETY_FIVE).expect("none");
        let t2 = 2.093_024_054_408_263_f64.powi(2);
        assert_eq!((none.value, none.se, none.ci_low), (0.0, 0.0, 0.0));
        assert!((none.ci_high - t2 / (20.0 / 0.6 + t2)).abs() < 1e-9);
        let every = share(&design, &[true; 20], &[true; 20], Level::NINETY_FIVE).expect("all");
        assert!((every.ci_low - (1.0 - none.ci_high)).abs() < 1e-12 && every.ci_high == 1.0);
    }

    #[test]
    fn a_census_is_sure() {
        let design = Design::stratified(&[0, 0, 1, 1], &[2.0, 2.0]).expect("all");
        let hit = [true, false, false, false];
        let got = share(&design, &[true; 4], &hit, Level::NINETY_FIVE).expect("a share");
        assert_eq!((got.ci_low, got.value, got.ci_high), (0.25, 0.25, 0.25));
    }

    #[test]
    fn means_weigh_strata_by_their_size() {
        // Stratum means 2 and 5 in strata of 30 and 10: mean 2.75, total 110. Cochran (1977), 5.7: the variance
        // of the total is 30 * 28 * s2 / 2 + 10 * 8 * s2 / 2 with s2 = 2 and 8.
        let design = Design::stratified(&[0, 0, 1, 1], &[30.0, 10.0]).expect("two strata");
        let y = [1.0, 3.0, 3.0, 7.0];
        let got = total(&design, &[true; 4], &y, Level::NINETY_FIVE).expect("a total");
        assert!((got.value - 110.0).abs() < 1e-12);
        assert!((got.se - (30.0_f64 * 28.0 + 80.0 * 4.0).sqrt()).abs() < 1e-12);
        let got = mean(&design, &[true; 4], &y, Level::NINETY_FIVE).expect("a mean");
        assert!((got.value - 2.75).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_estimated_is_refused_by_name() {
        let design = Design::stratified(&[0, 0, 1], &[5.0, 5.0]).expect("two strata");
        let level = Level::NINETY_FIVE;
        assert_eq!(mean(&design, &[false; 3], &[1.0; 3], level), Err(EstimateError::EmptyDomain));
        assert_eq!(
            mean(&design, &[true; 3], &[1.0, 2.0, 3.0], level),
            Err(EstimateError::LonelyUnit { stage: 1, stratum: 1 })
        );
        let nan = mean(&design, &[true; 3], &[1.0, f64::NAN, 3.0], level);
        assert!(matches!(nan, Err(EstimateError::Value { row: 1, .. })));
    }
}
