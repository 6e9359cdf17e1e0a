//! Change of a mean or share between two rounds of a finite population that share some of their units.

use std::collections::{BTreeMap, BTreeSet};

use crate::design::{Design, Plan, Stage};
use crate::error::EstimateError;
use crate::level::Level;
use crate::share::{self, Estimate, Interval, Method, Of};
use crate::statistics::{estimate, ratios};
use crate::variance::unexplained;

/// One round of a variable: who was in, who was asked and answered, and what.
#[derive(Debug, Clone, Copy)]
pub struct Wave<'a> {
    /// How this round's respondents came about.
    pub design: &'a Design,
    /// Which of them were asked the question and answered it.
    pub domain: &'a [bool],
    /// What they answered.
    pub values: Values<'a>,
}

/// The answers of a wave, which decide the kind of interval.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Whether the element is a hit: a share is estimated.
    Hits(&'a [bool]),
    /// Whether the element is a hit and how many live in it: a share of the population is estimated.
    Population(&'a [bool], &'a [f64]),
    /// Numbers: a mean is estimated.
    Numbers(&'a [f64]),
}

/// Pairs of elements, earlier wave first, that are the same unit.
///
/// Units that split have no pair: they stay out of the overlap, and a unit that merged is paired only
/// where it has a single predecessor whose answers it continues.
pub type Links = [(usize, usize)];

/// A change between two waves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The estimate of the earlier wave.
    pub before: Estimate,
    /// The estimate of the later wave.
    pub after: Estimate,
    /// After less before.
    pub difference: Estimate,
    /// What can be said about it.
    pub verdict: Verdict,
}

/// What can be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// More than before: a test at the level refuses "no change".
    Up,
    /// Less than before, by the same test.
    Down,
    /// About the same: two one-sided tests at the level refuse any change as large as the bound.
    Same,
    /// Neither can be said.
    Unclear,
}

/// Estimates the change from one wave to the next and says what it amounts to.
///
/// The variance is that of Tam (1984) on linearised variables: V1 + V2 - 2C, each wave in its own strata
/// with its own finite population. `same_within` is the bound of "about the same", in the unit
/// of the variable (0.07 for 7 percentage points of a share).
///
/// Strata may differ between the waves. C adds up over the pairs of an earlier stratum g and a later
/// stratum h that linked elements lie in. With n of them, drawn at the rates f and F, out of the N units
/// that both populations hold in that pair, it adds (n / (f F) - N) S, where S is the covariance of the linked
/// elements about their means in g and in h. N is the share of g's links that lie in h, times the size
/// of g; or the other way round if that is smaller, since a unit must be in both populations.
///
/// After calibration, S is the covariance of what the auxiliary variables of each wave leave unexplained.
pub fn change(
    before: &Wave<'_>,
    after: &Wave<'_>,
    links: &Links,
    level: Level,
    same_within: f64,
) -> Result<Change, EstimateError> {
    let covariance = covariance(before, after, links)?;
    let at = |level: Level| -> Result<Change, EstimateError> {
        let (before, after) = (before.estimate(level)?, after.estimate(level)?);
        let difference = difference(&before, &after, covariance, level);
        Ok(Change { before, after, difference, verdict: Verdict::Unclear })
    };
    let change = at(level)?;
    // Two one-sided tests at 5 percent are an interval of 90 percent within the bounds.
    let verdict = verdict(&change.difference, &at(level.equivalence())?.difference, same_within);
    Ok(Change { verdict, ..change })
}

impl Change {
    /// Returns the covariance of the two estimates, which is in the variance of their difference.
    pub fn covariance(&self) -> f64 {
        (self.before.se.powi(2) + self.after.se.powi(2) - self.difference.se.powi(2)) / 2.0
    }
}

impl Wave<'_> {
    fn estimate(&self, level: Level) -> Result<Estimate, EstimateError> {
        let Self { design, domain, values } = self;
        match values {
            Values::Hits(hit) => share::share(design, domain, hit, level),
            Values::Population(hit, sizes) => {
                share::share_of(design, domain, hit, Of::Population(sizes), level)
            }
            Values::Numbers(y) => share::mean(design, domain, y, level),
        }
    }

    /// Returns what each element adds to the estimate, weighted.
    fn influence(&self) -> Result<Vec<f64>, EstimateError> {
        let (numerator, denominator) = self.ratio();
        share::check(self.design, self.domain, &numerator)?;
        share::check(self.design, self.domain, &denominator)?;
        let found = estimate(self.design, self.domain, |weights| {
            Ok(ratios(&[(&numerator, &denominator)], weights))
        })?;
        let influence = unexplained(self.design, &found.influence[0]);
        Ok(influence.iter().zip(self.design.weights()).map(|(u, w)| u * w).collect())
    }

    /// Returns the two variables of whose totals the estimate is the ratio.
    fn ratio(&self) -> (Vec<f64>, Vec<f64>) {
        let ones = vec![1.0; self.design.len()];
        let of_hit = |(hit, size): (&bool, &f64)| if *hit { *size } else { 0.0 };
        match self.values {
            Values::Hits(hit) => (hit.iter().map(|&hit| f64::from(u8::from(hit))).collect(), ones),
            Values::Population(hit, sizes) => {
                (hit.iter().zip(sizes).map(of_hit).collect(), sizes.to_vec())
            }
            Values::Numbers(y) => (y.to_vec(), ones),
        }
    }

    /// Returns the strata, where each element was drawn by itself.
    fn stage(&self) -> Result<&Stage, EstimateError> {
        let (what, needs) = (
            "change between waves",
            "strata of elements drawn with equal probabilities: no clusters, pairs or replicates",
        );
        let Plan::Stages(stages) = &self.design.plan else {
            return Err(EstimateError::Unsupported { what, needs });
        };
        let alone = |stage: &&Stage| {
            let units: BTreeSet<usize> = stage.unit.iter().copied().collect();
            units.len() == stage.unit.len() && !stage.unequal
        };
        match stages.as_slice() {
            [stage] => Some(stage).filter(alone),
            _ => None,
        }
        .ok_or(EstimateError::Unsupported { what, needs })
    }
}

/// Returns after less before, with its interval at the level of the two.
fn difference(before: &Estimate, after: &Estimate, covariance: f64, level: Level) -> Estimate {
    let apart = before.se.powi(2) + after.se.powi(2);
    let variance = apart - 2.0 * covariance;
    // Rounding leaves the variance of no change at all a hair beside 0.
    let se = if variance > 1e-14 * apart { variance.sqrt() } else { 0.0 };
    let value = after.value - before.value;
    let df = before.df.min(after.df);
    let reach = if se > 0.0 { se * level.t(df.max(1.0)) } else { 0.0 };
    let (below, above, interval) = match blind(before) || blind(after) {
        false => (reach, reach, Interval::StudentT),
        true => (
            (after.value - after.ci_low).hypot(before.ci_high - before.value),
            (after.ci_high - after.value).hypot(before.value - before.ci_low),
            Interval::Newcombe,
        ),
    };
    let base = if after.base.n < before.base.n { after.base } else { before.base };
    let (ci_low, ci_high) = (value - below, value + above);
    Estimate { value, se, ci_low, ci_high, df, base, method: Method { interval } }
}

/// Returns whether the standard error is 0 only because all who answered answered alike.
fn blind(estimate: &Estimate) -> bool {
    estimate.se == 0.0 && estimate.ci_low < estimate.ci_high
}

/// Reads the verdict off the interval at the level and the narrower one of the equivalence test.
fn verdict(wide: &Estimate, narrow: &Estimate, same_within: f64) -> Verdict {
    if wide.ci_low > 0.0 {
        Verdict::Up
    } else if wide.ci_high < 0.0 {
        Verdict::Down
    } else if narrow.ci_low > -same_within && narrow.ci_high < same_within {
        Verdict::Same
    } else {
        Verdict::Unclear
    }
}

/// Returns the covariance of the two estimates that comes from the units they share.
fn covariance(before: &Wave<'_>, after: &Wave<'_>, links: &Links) -> Result<f64, EstimateError> {
    let waves = (before.design.len(), after.design.len());
    if let Some(&(before, after)) = links.iter().find(|(b, a)| *b >= waves.0 || *a >= waves.1) {
        return Err(EstimateError::Link { before, after, waves });
    }
    let (earlier, later) = (before.stage()?, after.stage()?);
    let overlap = Overlap::of(earlier, later, links);
    let (first, second) = (before.influence()?, after.influence()?);
    let first = centred(links.iter().map(|&(b, _)| (earlier.stratum[b], first[b])));
    let second = centred(links.iter().map(|&(_, a)| (later.stratum[a], second[a])));
    let mut products: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (&(b, a), (left, right)) in links.iter().zip(first.iter().zip(&second)) {
        *products.entry((earlier.stratum[b], later.stratum[a])).or_default() += left * right;
    }
    Ok(products.iter().map(|(&cell, product)| product * overlap.factor(cell)).sum())
}

/// Returns the values less the mean of their stratum.
fn centred(values: impl Iterator<Item = (usize, f64)> + Clone) -> Vec<f64> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (stratum, value) in values.clone() {
        let sum = sums.entry(stratum).or_default();
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    values.map(|(stratum, value)| value - sums[&stratum].0 / sums[&stratum].1).collect()
}

/// How many linked elements lie in each earlier stratum, each later one and each pair of them.
struct Overlap {
    earlier: BTreeMap<usize, Linked>,
    later: BTreeMap<usize, Linked>,
    both: BTreeMap<(usize, usize), f64>,
}

/// The linked elements of a stratum, beside all that were drawn from it and all it holds.
struct Linked {
    links: f64,
    sampled: f64,
    population: f64,
}

impl Overlap {
    fn of(earlier: &Stage, later: &Stage, links: &Links) -> Self {
        let mut both = BTreeMap::new();
        for &(b, a) in links {
            *both.entry((earlier.stratum[b], later.stratum[a])).or_default() += 1.0;
        }
        let earlier = linked(earlier, links.iter().map(|link| link.0));
        let later = linked(later, links.iter().map(|link| link.1));
        Self { earlier, later, both }
    }

    /// Returns what the sum of products of a cell is multiplied by: (1 - N f F / n) n / d.
    ///
    /// The influences are weighted already, so 1 / (f F) is in the product. d stands for n less
    /// what centring about the two stratum means takes away: n - 1 where the strata are the same.
    fn factor(&self, cell: (usize, usize)) -> f64 {
        let (earlier, later, n) = (&self.earlier[&cell.0], &self.later[&cell.1], self.both[&cell]);
        let held = (earlier.population * n / earlier.links).min(later.population * n / later.links);
        let rates = earlier.sampled / earlier.population * later.sampled / later.population;
        // What two endless populations hold in common is endless too, but the rates fall faster.
        let counted = if held.is_finite() { held * rates } else { 0.0 };
        let taken = 1.0 / earlier.links + 1.0 / later.links - n / (earlier.links * later.links);
        if taken < 1.0 { (1.0 - counted / n) / (1.0 - taken) } else { 0.0 }
    }
}

fn linked(stage: &Stage, rows: impl Iterator<Item = usize>) -> BTreeMap<usize, Linked> {
    let mut strata: BTreeMap<usize, Linked> = BTreeMap::new();
    for row in rows {
        let (sampled, population) = (stage.sampled[row], stage.population[row]);
        let none = Linked { links: 0.0, sampled, population };
        strata.entry(stage.stratum[row]).or_insert(none).links += 1.0;
    }
    strata
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::{Calibration, Distance, calibrate};
    use crate::design::Sizes;

    fn all(n: usize) -> Vec<bool> {
        vec![true; n]
    }

    #[test]
    fn variance_is_tams() {
        // N = 10, n1 = n2 = 4, three units in both. By hand, with the formula of Tam (1984):
        // y1 = 1 2 3 6 (mean 3, s2 = 14/3), y2 = 2 2 5 7 (mean 4, s2 = 6); overlap: units 2, 3, 4 of the first
        // are 1, 3, 4 of the second: (2, 2), (3, 5), (6, 7); means 11/3 and 14/3; s12 = (28/3) / 2.
        let design = Design::simple(4, 10.0).expect("4 of 10");
        let (y1, y2, domain) = ([1.0, 2.0, 3.0, 6.0], [2.0, 2.0, 5.0, 7.0], all(4));
        let wave = |values| Wave { design: &design, domain: &domain, values };
        let s12 = (2.0 * 2.0 + 3.0 * 5.0 + 6.0 * 7.0 - 11.0 * 14.0 / 3.0) / 2.0;
        let variance: f64 =
            0.6 * (14.0 / 3.0) / 4.0 + 0.6 * 6.0 / 4.0 - 2.0 * (3.0 / 16.0 - 0.1) * s12;
        let links = [(1, 0), (2, 2), (3, 3)];
        let (before, after) = (wave(Values::Numbers(&y1)), wave(Values::Numbers(&y2)));
        let change = change(&before, &after, &links, Level::NINETY_FIVE, 0.5).expect("numbers");
        assert!((change.difference.value - 1.0).abs() < 1e-15);
        assert!((change.difference.se - variance.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn an_endless_population_is_the_limit_of_a_large_one() {
        let (y1, y2, domain) = ([1.0, 2.0, 3.0, 6.0], [2.0, 2.0, 5.0, 7.0], all(4));
        let se = |population: f64| {
            let design = Design::simple(4, population).expect("a sample");
            let wave = |y| Wave { design: &design, domain: &domain, values: Values::Numbers(y) };
            let links = [(1, 0), (2, 2), (3, 3)];
            let found = change(&wave(&y1), &wave(&y2), &links, Level::NINETY_FIVE, 0.5);
            found.expect("a change").difference.se
        };
        assert!((se(f64::INFINITY) / se(1e9) - 1.0).abs() < 1e-8);
    }

    #[test]
    fn a_share_of_the_population_changes_as_the_ratio_it_is() {
        // In a full panel the difference of two ratios with the same sizes below is one ratio.
        let design = Design::stratified(&[0, 0, 0, 1, 1, 1], &[9.0, 7.0]).expect("two strata");
        let sizes = [10.0, 40.0, 25.0, 70.0, 15.0, 90.0];
        let hits =
            [[true, false, true, false, false, true], [true, true, false, false, true, true]];
        let domain = [true, true, true, true, false, true];
        let wave = |hit| Wave {
            design: &design,
            domain: &domain,
            values: Values::Population(hit, &sizes),
        };
        let links: Vec<(usize, usize)> = (0..6).map(|unit| (unit, unit)).collect();
        let level = Level::NINETY_FIVE;
        let got = change(&wave(&hits[0]), &wave(&hits[1]), &links, level, 0.1).expect("a panel");
        let apart = [0.0, 40.0, -25.0, 0.0, 15.0, 0.0];
        let expected = share::ratio(&design, &domain, &apart, &sizes, level).expect("a ratio");
        assert!((got.difference.value - expected.value).abs() < 1e-12);
        assert!((got.difference.se - expected.se).abs() < 1e-12);
    }

    #[test]
    fn clusters_and_unequal_probabilities_are_refused() {
        let cluster = Stage::new(vec![0; 4], vec![0, 0, 1, 1], Sizes::Infinite);
        let unequal = Sizes::Probability(vec![0.1, 0.2, 0.3, 0.4]);
        let unequal = Stage::new(vec![0; 4], vec![0, 1, 2, 3], unequal);
        for stage in [cluster, unequal] {
            let design = Design::staged(vec![stage.expect("a stage")]).expect("a design");
            let (domain, y) = (all(4), [1.0, 2.0, 3.0, 4.0]);
            let wave = Wave { design: &design, domain: &domain, values: Values::Numbers(&y) };
            let refused = change(&wave, &wave, &[(0, 0)], Level::NINETY_FIVE, 0.1).err();
            assert!(matches!(refused, Some(EstimateError::Unsupported { .. })), "{refused:?}");
        }
    }

    #[test]
    fn after_calibration_a_full_panel_is_one_sample_of_differences() {
        // The same units with the same weights answer twice: the change is the mean of their differences, and its
        // variance that of one calibrated sample, found without any covariance of waves.
        let design = Design::simple(6, 20.0).expect("6 of 20");
        let margins = [(vec![0, 0, 1, 1, 1, 0], vec![8.0, 12.0])];
        let calibration = Calibration::to_margins(&margins, Distance::Linear(None));
        let design = calibrate(&design, &calibration).expect("post-strata");
        let (y1, y2) = ([1.0, 2.0, 9.0, 6.0, 8.0, 3.0], [2.0, 2.0, 7.0, 9.0, 8.0, 1.0]);
        let (apart, domain) = ([1.0, 0.0, -2.0, 3.0, 0.0, -2.0], all(6));
        let wave = |y| Wave { design: &design, domain: &domain, values: Values::Numbers(y) };
        let links: Vec<(usize, usize)> = (0..6).map(|unit| (unit, unit)).collect();
        let got = change(&wave(&y1), &wave(&y2), &links, Level::NINETY_FIVE, 0.5).expect("a panel");
        let expected = share::mean(&design, &domain, &apart, Level::NINETY_FIVE).expect("a mean");
        assert!((got.difference.value - expected.value).abs() < 1e-12);
        assert!((got.difference.se - expected.se).abs() < 1e-12);
    }

    #[test]
    fn a_full_panel_that_answers_alike_has_not_changed() {
        let design = Design::stratified(&[0, 0, 0, 1, 1, 1], &[9.0, 7.0]).expect("two strata");
        let (hit, domain) = ([true, false, true, false, false, true], all(6));
        let wave = Wave { design: &design, domain: &domain, values: Values::Hits(&hit) };
        let links: Vec<(usize, usize)> = (0..6).map(|unit| (unit, unit)).collect();
        let change = change(&wave, &wave, &links, Level::NINETY_FIVE, 0.07).expect("a panel");
        assert_eq!((change.difference.value, change.difference.se), (0.0, 0.0));
        assert_eq!(change.verdict, Verdict::Same);
    }

    #[test]
    fn nobody_in_two_small_rounds_is_not_certainty() {
        // 0 of 15 and 0 of 15 out of 100: the standard error is 0, and still a change of 7 points may hide.
        let design = Design::simple(15, 100.0).expect("15 of 100");
        let (hit, domain) = ([false; 15], all(15));
        let wave = Wave { design: &design, domain: &domain, values: Values::Hits(&hit) };
        let change = change(&wave, &wave, &[], Level::NINETY_FIVE, 0.07).expect("two rounds");
        assert_eq!(change.difference.method.interval, Interval::Newcombe);
        assert_eq!(change.verdict, Verdict::Unclear);
    }

    #[test]
    fn verdicts_follow_the_intervals() {
        let design = Design::simple(200, 400.0).expect("200 of 400");
        let domain = all(200);
        let verdict = |before: usize, after: usize| {
            let (first, second): (Vec<bool>, Vec<bool>) =
                (0..200).map(|i| (i < before, i < after)).unzip();
            let wave = |hit| Wave { design: &design, domain: &domain, values: Values::Hits(hit) };
            let change = change(&wave(&first), &wave(&second), &[], Level::NINETY_FIVE, 0.07);
            change.expect("two waves").verdict
        };
        // Without overlap the standard error of the difference is about 3.5 points (independent halves):
        // 30 points are seen, 1 point of 2 percent is within 7, and 6 points of half are neither.
        assert_eq!(verdict(60, 120), Verdict::Up);
        assert_eq!(verdict(120, 60), Verdict::Down);
        assert_eq!(verdict(4, 6), Verdict::Same);
        assert_eq!(verdict(100, 112), Verdict::Unclear);
    }

    #[test]
    fn a_link_to_nobody_is_refused() {
        let design = Design::simple(2, 4.0).expect("2 of 4");
        let domain = all(2);
        let wave = Wave { design: &design, domain: &domain, values: Values::Numbers(&[1.0, 2.0]) };
        let refused = change(&wave, &wave, &[(0, 2)], Level::NINETY_FIVE, 0.1);
        assert_eq!(refused, Err(EstimateError::Link { before: 0, after: 2, waves: (2, 2) }));
    }
}
