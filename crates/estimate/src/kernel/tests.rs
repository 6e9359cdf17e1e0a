//! The kernel beside the functions that hold all rows at once.

use proptest::prelude::*;

use super::*;
use crate::{
    Design, Level, Lonely, Replicates, Sizes, Stage, joint_covariance, mean, means, share, total,
};

/// A sample of three strata: units nest in strata, domains and values do not.
#[derive(Debug, Clone)]
struct Sample {
    strata: Vec<u32>,
    units: Vec<u32>,
    domains: Vec<u32>,
    weights: Vec<f64>,
    populations: Vec<f64>,
    values: [Vec<f64>; 2],
}

/// Deterministic values without a pattern: the fractional parts of multiples of an irrational number.
fn scattered(row: usize, salt: f64) -> f64 {
    ((row as f64 + 1.0) * salt).fract()
}

fn sample(rows: usize) -> Sample {
    let stratum = |row: usize| [0, 0, 1, 2, 2, 2][row % 6];
    let population = |row: usize| [300.0, f64::INFINITY, 900.0][stratum(row) as usize];
    let y = |row: usize| match row % 11 {
        // A value that is missing now and then, far from 0 beside its spread.
        7 => f64::NAN,
        _ => 1000.0 + scattered(row, 2_f64.sqrt()),
    };
    Sample {
        strata: (0..rows).map(stratum).collect(),
        units: (0..rows).map(|row| 10 * stratum(row) + (row / 6 % 5) as u32).collect(),
        domains: (0..rows).map(|row| (scattered(row, 3_f64.sqrt()) * 4.0) as u32).collect(),
        weights: (0..rows).map(|row| 1.0 + 5.0 * scattered(row, 5_f64.sqrt())).collect(),
        populations: (0..rows).map(population).collect(),
        values: [
            (0..rows).map(y).collect(),
            (0..rows).map(|row| f64::from(scattered(row, 7_f64.sqrt()) < 0.3)).collect(),
        ],
    }
}

impl Sample {
    fn shape(clustered: bool) -> Shape {
        Shape { origins: vec![1000.0, 0.0], clustered, crossed: true }
    }

    fn rows(&self, from: usize, to: usize, clustered: bool) -> Rows<'_> {
        Rows {
            strata: &self.strata[from..to],
            units: clustered.then(|| &self.units[from..to]),
            domains: &self.domains[from..to],
            weights: Some(&self.weights[from..to]),
            populations: Some(&self.populations[from..to]),
            values: self.values.iter().map(|values| &values[from..to]).collect(),
        }
    }

    /// Returns the sums of pieces that begin at these rows, each made by a thread of its own.
    fn sums(&self, cuts: &[usize], clustered: bool) -> Sums {
        self.sums_of(cuts, &Self::shape(clustered))
    }

    fn sums_of(&self, cuts: &[usize], shape: &Shape) -> Sums {
        let mut whole = Sums::new(shape.clone());
        let numbers: Vec<u32> = (0..100).collect();
        let same = Renumbering { strata: &numbers, units: &numbers, domains: &numbers };
        for piece in cuts.windows(2) {
            let mut sums = Sums::new(shape.clone());
            let rows = self.rows(piece[0], piece[1], shape.clustered);
            sums.add(&rows).expect("the sample is sound");
            whole.merge(&sums, same).expect("pieces of one sample agree");
        }
        whole
    }

    fn design(&self, clustered: bool) -> Design {
        let all: Vec<usize> = (0..self.strata.len()).collect();
        let units = self.units.iter().map(|unit| *unit as usize).collect();
        let strata = self.strata.iter().map(|stratum| *stratum as usize).collect();
        let sizes = Sizes::Population(self.populations.clone());
        let stage = Stage::new(strata, if clustered { units } else { all }, sizes);
        let design = Design::staged(vec![stage.expect("a stage")]).expect("a design");
        design.with_weights(self.weights.clone()).expect("weights")
    }
}

fn close(got: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((got - expected).abs() <= tolerance * expected.abs(), "{what}: {got}, not {expected}");
}

fn same(got: &crate::Estimate, expected: &crate::Estimate, tolerance: f64) {
    close(got.value, expected.value, tolerance, "value");
    close(got.se, expected.se, tolerance, "se");
    close(got.ci_low, expected.ci_low, tolerance, "low");
    close(got.ci_high, expected.ci_high, tolerance, "high");
    close(got.base.weight_sum, expected.base.weight_sum, tolerance, "weight sum");
    assert_eq!((got.base.n, got.df), (expected.base.n, expected.df));
}

#[test]
fn the_kernel_estimates_what_the_functions_on_all_rows_do() {
    let sample = sample(66);
    for (clustered, crossed) in [(false, false), (false, true), (true, false), (true, true)] {
        let design = sample.design(clustered);
        let shape = Shape { crossed, ..Sample::shape(clustered) };
        let sums = sample.sums_of(&[0, 20, 66], &shape);
        let summary = sums.finish(Lonely::Fail).expect("sizes fit");
        let ask = |statistic| summary.estimates(&[statistic; 2], Level::NINETY_FIVE);
        for domain in 0..4 {
            for (variable, y) in sample.values.iter().enumerate() {
                let inside: Vec<bool> =
                    (0..66).map(|row| sample.domains[row] == domain && !y[row].is_nan()).collect();
                let got =
                    |statistic| ask(statistic)[domain as usize][variable].clone().expect("it");
                let level = Level::NINETY_FIVE;
                let expected = mean(&design, &inside, y, level).expect("a mean");
                // The spread is a thousandth of the value: the functions lose six digits of sixteen.
                same(&got(Statistic::Mean), &expected, 1e-9);
                let expected = total(&design, &inside, y, level).expect("a total");
                same(&got(Statistic::Total), &expected, 1e-12);
                if variable == 1 {
                    let hits: Vec<bool> = y.iter().map(|y| *y == 1.0).collect();
                    let expected = share(&design, &inside, &hits, level).expect("a share");
                    same(&got(Statistic::Share), &expected, 1e-12);
                }
            }
        }
    }
}

#[test]
fn covariance_over_domains_is_that_of_linearisation() {
    let mut sample = sample(66);
    // Means of one call leave out the same rows for all variables.
    sample.values[0].iter_mut().filter(|y| y.is_nan()).for_each(|y| *y = 1000.5);
    for clustered in [false, true] {
        let design = sample.design(clustered);
        let parts: Vec<_> = (0..4)
            .map(|domain| {
                let inside: Vec<bool> = sample.domains.iter().map(|d| *d == domain).collect();
                let columns = sample.values.clone();
                crate::estimate(&design, &inside, |weights| Ok(means(&columns, weights)))
                    .expect("means")
            })
            .collect();
        let expected = joint_covariance(&design, &[true; 66], &parts).expect("a covariance");
        let of: Vec<(usize, usize)> = (0..4).flat_map(|d| [(d, 0), (d, 1)]).collect();
        let summary = sample.sums(&[0, 66], clustered).finish(Lonely::Fail).expect("sizes fit");
        let got = summary.covariance(Statistic::Mean, &of).expect("a covariance");
        for i in 0..8 {
            for j in 0..8 {
                let apart = (got[(i, j)] - expected[(i, j)]).abs();
                let scale = (expected[(i, i)] * expected[(j, j)]).sqrt();
                assert!(apart < 1e-9 * scale, "({i}, {j}): {} {}", got[(i, j)], expected[(i, j)]);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_split_of_the_rows_gives_the_same(
        mut cuts in prop::collection::vec(0_usize..600, 0..9),
        clustered: bool,
    ) {
        let sample = sample(600);
        cuts.extend([0, 600]);
        cuts.sort_unstable();
        let all = |cuts: &[usize]| -> Vec<crate::Estimate> {
            let summary = sample.sums(cuts, clustered).finish(Lonely::Fail).expect("sizes fit");
            let statistics = [Statistic::Mean, Statistic::Share];
            let found = summary.estimates(&statistics, Level::NINETY_FIVE);
            found.into_iter().flatten().map(|estimate| estimate.expect("an estimate")).collect()
        };
        for (got, expected) in all(&cuts).iter().zip(&all(&[0, 600])) {
            same(got, expected, 1e-13);
        }
    }
}

#[test]
fn without_weights_rows_weigh_what_their_stratum_holds() {
    // Stratum means 2 and 5 in strata of 30 and 10: mean 2.75. Cochran (1977), 5.7: the variance of the total
    // is 30 * 28 * s2 / 2 + 10 * 8 * s2 / 2 with s2 = 2 and 8.
    let mut sums = Sums::new(Shape { origins: vec![0.0], clustered: false, crossed: false });
    let rows = Rows {
        strata: &[0, 1, 0, 1],
        units: None,
        domains: &[0; 4],
        weights: None,
        populations: Some(&[30.0, 10.0, 30.0, 10.0]),
        values: vec![&[1.0, 3.0, 3.0, 7.0]],
    };
    sums.add(&rows).expect("two strata");
    let summary = sums.finish(Lonely::Fail).expect("sizes fit");
    let ask = |what| summary.estimates(&[what], Level::NINETY_FIVE)[0][0].clone().expect("it");
    assert_eq!((ask(Statistic::Mean).value, ask(Statistic::Total).value), (2.75, 110.0));
    close(ask(Statistic::Total).se, (30.0_f64 * 28.0 + 80.0 * 4.0).sqrt(), 1e-15, "se");
}

#[test]
fn what_describes_no_sample_is_refused() {
    let check = |weights: &[f64], populations: &[f64], expected: KernelError| {
        let mut sums = Sums::new(Shape { origins: vec![0.0], clustered: false, crossed: false });
        let (weights, populations) = (Some(weights), Some(populations));
        let (strata, domains, values) = (&[0, 0], &[0, 0], vec![&[1.0, 0.0][..]]);
        let rows = Rows { strata, units: None, domains, weights, populations, values };
        let got = sums.add(&rows).and_then(|()| sums.finish(Lonely::Fail).map(|_| ()));
        assert_eq!(got, Err(expected));
    };
    let weight = DesignError::Weight { row: 1, weight: 0.0 };
    check(&[1.0, 0.0], &[5.0, 5.0], KernelError::Design(weight));
    check(
        &[1.0],
        &[5.0, 5.0],
        KernelError::Design(DesignError::Length {
            what: "the column of weights",
            got: 1,
            expected: 2,
        }),
    );
    let other = KernelError::Populations { stratum: 0, first: 5.0, other: 6.0 };
    check(&[1.0, 1.0], &[5.0, 6.0], other);
    let small = DesignError::Population { stratum: 0, sampled: 2, population: 1.0 };
    check(&[1.0, 1.0], &[1.0, 1.0], KernelError::Design(small));
}

#[test]
fn lonely_units_are_treated_as_asked() {
    let summary = |lonely| {
        let mut sums = Sums::new(Shape { origins: vec![0.0], clustered: false, crossed: false });
        let rows = Rows {
            strata: &[0, 0, 1],
            units: None,
            domains: &[0; 3],
            weights: Some(&[2.0, 2.0, 3.0]),
            populations: None,
            values: vec![&[1.0, 3.0, 4.0]],
        };
        sums.add(&rows).expect("three rows");
        sums.finish(lonely).map(|summary| {
            summary.estimates(&[Statistic::Total], Level::NINETY_FIVE)[0][0].clone().map(|e| e.se)
        })
    };
    let lonely = EstimateError::LonelyUnit { stage: 1, stratum: 1 };
    assert_eq!(summary(Lonely::Fail), Ok(Err(lonely)));
    // The first stratum adds 2 / 1 * ((2 - 4)^2 + (6 - 4)^2) = 16, the average of one such twice that.
    assert_eq!(summary(Lonely::Remove), Ok(Ok(4.0)));
    assert_eq!(summary(Lonely::Average), Ok(Ok(32.0_f64.sqrt())));
    assert!(summary(Lonely::Adjust).is_err());
}

#[test]
fn replicates_give_what_the_functions_on_all_rows_do() {
    let sample = sample(300);
    let y = &sample.values[1];
    let columns: Vec<Vec<f64>> = (0..5)
        .map(|r| (0..300).map(|row| sample.weights[row] * (1 + (row + r) % 3) as f64).collect())
        .collect();
    let (scale, factors) = (0.25, vec![1.0; 5]);
    let replicates = Replicates { weights: columns.clone(), scale, factors, from_estimate: false };
    let mut sums = ReplicateSums::new(1, 5);
    for (from, to) in [(0, 77), (77, 300)] {
        let mut piece = ReplicateSums::new(1, 5);
        let rows = ReplicateRows {
            domains: &sample.domains[from..to],
            weights: &sample.weights[from..to],
            replicates: columns.iter().map(|column| &column[from..to]).collect(),
            values: vec![&y[from..to]],
        };
        piece.add(&rows).expect("sound rows");
        sums.merge(&piece, &[0, 1, 2, 3]);
    }
    let got = sums.estimates(&[Statistic::Mean], &replicates, Level::NINETY_FIVE);
    let design = Design::replicated(sample.weights.clone(), replicates).expect("a design");
    for domain in 0..4 {
        let inside: Vec<bool> = sample.domains.iter().map(|d| *d == domain).collect();
        let expected = mean(&design, &inside, y, Level::NINETY_FIVE).expect("a mean");
        let got = got[domain as usize][0].clone().expect("a mean");
        close(got.value, expected.value, 1e-13, "value");
        close(got.se, expected.se, 1e-12, "se");
    }
}
