//! Change over repeated samples from a known population: how often its 95 percent interval holds the truth,
//! and whether the variance it estimates is the one that the samples have.
//!
//! The schemes of two rounds and the exact variances are those of a study made in R with 5,000 samples each; its
//! coverage by the same variance (Tam 1984) was 94.5 to 95.4 percent.

use estimate::{Change, Design, Level, Values, Wave, change, trend};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::files;

/// How the respondents of two rounds come about.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    /// 215 and 205 of 371, each drawn for itself.
    Independent,
    /// 215, of whom 160 are kept, and 45 drawn from the others.
    Overlapping,
    /// Both in four strata, of which the last is taken whole, with a fixed overlap in each.
    Stratified,
    /// All are asked, and answer or not each time, with a propensity that is the unit's own.
    Responding,
}

const SIZES: [f64; 4] = [210.0, 100.0, 46.0, 15.0];
const FIRST: [usize; 4] = [105, 60, 35, 15];
const SECOND: [usize; 4] = [98, 58, 33, 15];
const BOTH: [usize; 4] = [70, 45, 28, 15];

/// The population that the samples come from.
struct Population {
    /// The variable in both rounds.
    values: [Vec<f64>; 2],
    stratum: Vec<usize>,
    /// How ready a unit is to answer.
    latent: Vec<f64>,
}

impl Population {
    fn of(variable: &str) -> Self {
        let data = files::read(include_str!("data/trend_popA.csv"));
        Self {
            values: [1, 2].map(|round| files::numbers(&data, &format!("{variable}{round}"))),
            stratum: files::codes(&data, "stratum"),
            latent: files::numbers(&data, "a"),
        }
    }

    fn change(&self) -> f64 {
        let [before, after] = self.values.each_ref().map(|values| values.iter().sum::<f64>());
        (after - before) / self.stratum.len() as f64
    }
}

impl Scheme {
    /// Draws the units of both rounds.
    fn draw(self, population: &Population, random: &mut ChaCha20Rng) -> [Vec<usize>; 2] {
        let all: Vec<usize> = (0..population.stratum.len()).collect();
        match self {
            Scheme::Independent => [215, 205].map(|n| shuffled(all.clone(), random)[..n].to_vec()),
            Scheme::Overlapping => overlapping(all, [215, 205, 160], random),
            Scheme::Stratified => {
                let mut rounds = [Vec::new(), Vec::new()];
                for h in 0..4 {
                    let inside = |unit: &usize| population.stratum[*unit] == h;
                    let units = all.iter().copied().filter(inside).collect();
                    let drawn = overlapping(units, [FIRST[h], SECOND[h], BOTH[h]], random);
                    rounds.iter_mut().zip(drawn).for_each(|(round, drawn)| round.extend(drawn));
                }
                rounds
            }
            Scheme::Responding => {
                let propensity =
                    |unit: usize| 1.0 / (1.0 + (-0.35 - 1.2 * population.latent[unit]).exp());
                let mut answers = |unit: &usize| random.random_bool(propensity(*unit));
                let mut round = || all.iter().copied().filter(&mut answers).collect();
                [round(), round()]
            }
        }
    }

    fn design(self, population: &Population, units: &[usize]) -> Design {
        match self {
            Scheme::Independent | Scheme::Overlapping | Scheme::Responding => {
                Design::simple(units.len(), population.stratum.len() as f64)
            }
            Scheme::Stratified => {
                let strata: Vec<usize> =
                    units.iter().map(|&unit| population.stratum[unit]).collect();
                Design::stratified(&strata, &SIZES)
            }
        }
        .expect("a design")
    }
}

fn shuffled(mut units: Vec<usize>, random: &mut impl Rng) -> Vec<usize> {
    units.shuffle(random);
    units
}

/// Draws a first sample, keeps some of it, and fills the second up from those outside of the first.
fn overlapping(
    units: Vec<usize>,
    [first, second, both]: [usize; 3],
    random: &mut impl Rng,
) -> [Vec<usize>; 2] {
    let order = shuffled(units, random);
    [order[..first].to_vec(), order[first - both..first - both + second].to_vec()]
}

/// What many samples show.
struct Study {
    /// How often the interval holds the change in the population.
    coverage: f64,
    /// The mean of the estimated variances.
    estimated: f64,
    /// The mean squared error of the estimated change.
    observed: f64,
}

fn study(scheme: Scheme, variable: &str, samples: u32) -> Study {
    let population = Population::of(variable);
    let truth = population.change();
    let mut random = ChaCha20Rng::seed_from_u64(20_260_101);
    let mut sums = Study { coverage: 0.0, estimated: 0.0, observed: 0.0 };
    for _ in 0..samples {
        let units = scheme.draw(&population, &mut random);
        let designs = [0, 1].map(|round| scheme.design(&population, &units[round]));
        let difference = compared(&units, &designs, &population.values, variable == "y").difference;
        let covered = difference.ci_low <= truth && truth <= difference.ci_high;
        let share = 1.0 / f64::from(samples);
        sums.coverage += f64::from(u8::from(covered)) * share;
        sums.estimated += difference.se.powi(2) * share;
        sums.observed += (difference.value - truth).powi(2) * share;
    }
    sums
}

/// Estimates the change between two samples, of a share or of a mean.
fn compared(
    units: &[Vec<usize>; 2],
    designs: &[Design; 2],
    values: &[Vec<f64>; 2],
    share: bool,
) -> Change {
    let links = same_units(&units[0], &units[1]);
    let of = |round: usize| units[round].iter().map(move |&unit| values[round][unit]);
    let numbers = [0, 1].map(|round| of(round).collect::<Vec<f64>>());
    let hits = [0, 1].map(|round| of(round).map(|y| y == 1.0).collect::<Vec<bool>>());
    let domains = [0, 1].map(|round| vec![true; units[round].len()]);
    let [before, after] = [0, 1].map(|round| Wave {
        design: &designs[round],
        domain: &domains[round],
        values: if share { Values::Hits(&hits[round]) } else { Values::Numbers(&numbers[round]) },
    });
    change(&before, &after, &links, Level::NINETY_FIVE, 0.07).expect("a change")
}

/// Returns the rows of two samples that are the same unit.
fn same_units(before: &[usize], after: &[usize]) -> Vec<(usize, usize)> {
    let mut place = vec![None; before.iter().chain(after).max().map_or(0, |last| last + 1)];
    after.iter().enumerate().for_each(|(row, &unit)| place[unit] = Some(row));
    before.iter().enumerate().filter_map(|(row, &unit)| Some((row, place[unit]?))).collect()
}

/// Each scheme and variable with the exact variance of change, by formula from the whole population. There is none
/// where units answer with propensities of their own.
const STUDIES: [(Scheme, &str, Option<f64>); 8] = [
    (Scheme::Independent, "y", Some(0.001_007_572_471_054_32)),
    (Scheme::Independent, "x", Some(0.350_382_137_598_883)),
    (Scheme::Overlapping, "y", Some(0.000_731_196_787_431_812)),
    (Scheme::Overlapping, "x", Some(0.236_406_175_362_14)),
    (Scheme::Stratified, "y", Some(0.000_822_071_537_687_22)),
    (Scheme::Stratified, "x", Some(0.171_459_913_189_161)),
    (Scheme::Responding, "y", None),
    (Scheme::Responding, "x", None),
];

fn check(samples: u32, coverage: std::ops::RangeInclusive<f64>, within: f64) {
    for (scheme, variable, exact) in STUDIES {
        let found = study(scheme, variable, samples);
        let what = format!("{scheme:?} {variable}: covers {}", found.coverage);
        assert!(coverage.contains(&found.coverage), "{what}");
        if let Some(exact) = exact {
            let (estimated, observed) = (found.estimated / exact, found.observed / exact);
            assert!((estimated - 1.0).abs() < within, "{what}, variance times {estimated}");
            // Squared errors vary more than estimates of their mean: by the root of 2 / samples.
            let reach = 3.0 * (2.0 / f64::from(samples)).sqrt();
            assert!((observed - 1.0).abs() < reach, "{what}, squared error times {observed}");
        }
    }
}

#[test]
fn intervals_of_change_cover_roughly_in_few_samples() {
    // Of 100 samples 95 percent are covered give or take 6.5 points (three standard errors).
    check(100, 0.885..=1.0, 0.05);
}

#[test]
#[ignore = "full size: 5,000 samples of every scheme"]
fn intervals_of_change_cover_94_to_96_percent() {
    // Of 5,000 samples 95 percent are covered give or take 0.6 points (two standard errors).
    check(5_000, 0.94..=0.96, 0.01);
}

/// Returns how often three rounds of a variable that does not change are found to have changed, and how often the
/// slope's interval holds 0. Each round keeps 120 of the 160 units of the one before.
fn false_alarms(samples: u32) -> (f64, f64) {
    let population = Population::of("x");
    let design = Design::simple(160, 371.0).expect("160 of 371");
    let mut random = ChaCha20Rng::seed_from_u64(20_260_102);
    let (mut alarms, mut covered) = (0.0, 0.0);
    for _ in 0..samples {
        let order = shuffled((0..371).collect(), &mut random);
        let [first, second] = [order[..160].to_vec(), order[40..200].to_vec()];
        let outside = [&order[..40], &order[200..]].concat();
        let kept = shuffled(second.clone(), &mut random)[..120].to_vec();
        let third = [kept, shuffled(outside, &mut random)[..40].to_vec()].concat();
        let units = [first, second, third];
        let answers = units.each_ref().map(|units| {
            units.iter().map(|&unit| population.values[0][unit]).collect::<Vec<f64>>()
        });
        let waves = answers.each_ref().map(|y| Wave {
            design: &design,
            domain: &[true; 160],
            values: Values::Numbers(y),
        });
        let links = [(0, 1), (0, 2), (1, 2)];
        let links = links.map(|(b, a)| ((b, a), same_units(&units[b], &units[a]))).into();
        let found = trend(&waves, &links, Level::NINETY_FIVE, 0.1).expect("three rounds");
        let line = found.line(&[0.0, 1.0, 2.0], Level::NINETY_FIVE).expect("a line");
        let share = 1.0 / f64::from(samples);
        let test = found.no_change().expect("a test");
        alarms += f64::from(u8::from(test.p_value < 0.05)) * share;
        covered += f64::from(u8::from(line.ci_low <= 0.0 && 0.0 <= line.ci_high)) * share;
    }
    (alarms, covered)
}

#[test]
fn three_rounds_without_change_seldom_raise_an_alarm() {
    // Of 100 samples 5 percent, give or take 6.5 points (three standard errors).
    let (alarms, covered) = false_alarms(100);
    assert!(alarms <= 0.115 && covered >= 0.885, "{alarms} {covered}");
}

#[test]
#[ignore = "full size: 5,000 samples of three rounds"]
fn three_rounds_without_change_raise_an_alarm_in_4_to_6_percent() {
    // Of 5,000 samples 5 percent, give or take 0.6 points (two standard errors).
    let (alarms, covered) = false_alarms(5_000);
    assert!((0.04..=0.06).contains(&alarms), "{alarms}");
    assert!((0.94..=0.96).contains(&covered), "{covered}");
}
