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

/// What a share is a share of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Of<'a> {
    /// Of the units, each counting as one: "40 percent of the municipalities".
    Units,
    /// Of the population living in them: "municipalities with 40 percent of the population". The size of
    /// every unit is given, in the order of the sample; a unit without people counts as nothing.
    Population(&'a [f64]),
}

/// Estimates the share of the domain's units that are a hit: ratio-linearised, with Wilson's interval.
pub fn share(
    design: &Design,
    domain: &[bool],
    hit: &[bool],
    level: Level,
) -> Result<Estimate, EstimateError> {
    share_of(design, domain, hit, Of::Units, level)
}

/// Estimates the share of the domain's units, or of the population living in them, that is a hit.
///
/// The latter is the ratio of two totals, sizes of hits over sizes of all, with the ratio's variance
/// (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, section 5.6): the people of a unit share
/// its answer, so one large unit may make the estimate much less sure than that of the units.
/// Errs where nobody lives in the domain.
pub fn share_of(
    design: &Design,
    domain: &[bool],
    hit: &[bool],
    of: Of<'_>,
    level: Level,
) -> Result<Estimate, EstimateError> {
    same_length("the column of hits", hit.len(), design)?;
    let sizes = match of {
        Of::Units => vec![1.0; design.len()],
        Of::Population(sizes) => sizes.to_vec(),
    };
    if let Some(row) =
        (0..sizes.len()).find(|&row| domain.get(row) == Some(&true) && sizes[row] < 0.0)
    {
        return Err(EstimateError::NegativeSize { row, size: sizes[row] });
    }
    let hits: Vec<f64> =
        hit.iter().zip(&sizes).map(|(&hit, &size)| if hit { size } else { 0.0 }).collect();
    let estimate = ratio(design, domain, &hits, &sizes, level)?;
    let (ci_low, ci_high) = wilson(design, domain, &sizes, &estimate, level);
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
fn wilson(
    design: &Design,
    domain: &[bool],
    sizes: &[f64],
    share: &Estimate,
    level: Level,
) -> (f64, f64) {
    let p = share.value;
    let n = effective_size(design, domain, sizes, share);
    if n.is_infinite() {
        return (p, p);
    }
    // A domain with as many strata as elements leaves no degree of freedom; one is the least there is.
    let t = level.t(share.df.max(1.0));
    proportion::wilson(p, n, t)
}

/// Returns the size of the simple random sample, with replacement, that would be as sure.
fn effective_size(design: &Design, domain: &[bool], sizes: &[f64], share: &Estimate) -> f64 {
    if share.se > 0.0 {
        return share.value * (1.0 - share.value) / (share.se * share.se);
    }
    let mass = |row: usize| design.weights()[row] * sizes[row];
    let rows = || (0..design.len()).filter(|&row| domain[row]);
    let sum: f64 = rows().map(mass).sum();
    let unseen: f64 = rows().map(|row| mass(row).powi(2) * design.unseen(row)).sum();
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
    fn a_share_of_the_population_is_a_ratio_of_sizes() {
        // 4 of 10 units with 100, 300, 50 and 550 people; the first two are hits: 400 of 1000. By hand,
        // Cochran (1977), theorem 2.5: (1 - f) / (n mean^2) times the variance of y - R x, here 60, 180, -20 and -220.
        let design = Design::simple(4, 10.0).expect("4 of 10");
        let (hit, sizes) = ([true, true, false, false], [100.0, 300.0, 50.0, 550.0]);
        let ask = |hit: &[bool], sizes: &[f64]| {
            share_of(&design, &[true; 4], hit, Of::Population(sizes), Level::NINETY_FIVE)
        };
        let got = ask(&hit, &sizes).expect("a share");
        let variance: f64 =
            (60.0_f64.powi(2) + 180.0_f64.powi(2) + 20.0_f64.powi(2) + 220.0_f64.powi(2)) / 3.0;
        assert!((got.value - 0.4).abs() < 1e-15);
        assert!((got.se - (0.6 / 4.0 * variance).sqrt() / 250.0).abs() < 1e-15);
        assert!(got.ci_low > 0.0 && got.ci_high < 1.0);
        // Units of one size are the share of units, in all but the last digits.
        let alike = ask(&hit, &[7.0; 4]).expect("a share");
        let units = share(&design, &[true; 4], &hit, Level::NINETY_FIVE).expect("a share");
        assert!((alike.se - units.se).abs() < 1e-15 && (alike.ci_low - units.ci_low).abs() < 1e-12);
        // Everybody: the effective size counts people, 1000^2 / (sum of squares * (1 - f)).
        let every = ask(&[true; 4], &sizes).expect("a share");
        let n = 1e6 / (0.6 * (1e4 + 9e4 + 2500.0 + 302_500.0));
        let t2 = Level::NINETY_FIVE.t(3.0).powi(2);
        assert!((every.ci_low - n / (n + t2)).abs() < 1e-12 && every.ci_high == 1.0);
        assert_eq!(ask(&hit, &[0.0; 4]), Err(EstimateError::ZeroDenominator));
        let negative = Err(EstimateError::NegativeSize { row: 1, size: -1.0 });
        assert_eq!(ask(&hit, &[1.0, -1.0, 1.0, 1.0]), negative);
        assert!(matches!(ask(&hit, &[f64::NAN; 4]), Err(EstimateError::Value { .. })));
        assert!(matches!(ask(&hit, &[1.0]), Err(EstimateError::Length { .. })));
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
