//! All samples of a population of six: what an estimate and its variance are on average, exactly.

use estimate::{
    Design, Estimate, Level, Of, Sizes, Stage, Values, Wave, change, mean, share_of, total, trend,
};

const LEVEL: Level = Level::NINETY_FIVE;
const ALL: [usize; 6] = [0, 1, 2, 3, 4, 5];
/// What the six answer in one round, and in the next.
const Y: [f64; 6] = [3.0, 7.0, 8.0, 12.0, 20.0, 1.0];
const LATER: [f64; 6] = [4.0, 6.0, 9.0, 15.0, 18.0, 2.0];

/// Returns all ways to draw `n` of the units.
fn subsets(units: &[usize], n: usize) -> Vec<Vec<usize>> {
    (0_u32..1 << units.len())
        .filter(|bits| bits.count_ones() as usize == n)
        .map(|bits| (0..units.len()).filter(|i| bits >> i & 1 == 1).map(|i| units[i]).collect())
        .collect()
}

/// Checks that estimates average to the truth, and their estimated variances to the variance they have.
fn check_unbiased(estimates: &[Estimate], truth: f64) {
    let count = estimates.len() as f64;
    let average = |f: &dyn Fn(&Estimate) -> f64| estimates.iter().map(f).sum::<f64>() / count;
    let expectation = average(&|found| found.value);
    assert!((expectation - truth).abs() < 1e-12, "{expectation} for {truth}");
    let variance = average(&|found| (found.value - truth).powi(2));
    let estimated = average(&|found| found.se.powi(2));
    assert!((estimated / variance - 1.0).abs() < 1e-12, "{estimated} for {variance}");
}

/// Returns by how much the mean of the six rises.
fn rise() -> f64 {
    (LATER.iter().sum::<f64>() - Y.iter().sum::<f64>()) / 6.0
}

fn of(units: &[usize]) -> Vec<f64> {
    units.iter().map(|&unit| Y[unit]).collect()
}

#[test]
fn simple_samples_are_unbiased() {
    let design = Design::simple(3, 6.0).expect("3 of 6");
    let samples = subsets(&ALL, 3);
    assert_eq!(samples.len(), 20);
    let found: Vec<Estimate> = samples
        .iter()
        .map(|units| total(&design, &[true; 3], &of(units), LEVEL).expect("a total"))
        .collect();
    check_unbiased(&found, Y.iter().sum());
}

#[test]
fn stratified_samples_are_unbiased() {
    // Two of four and one, two of two: the second stratum is taken whole and adds nothing. 6 samples.
    let samples = subsets(&[0, 1, 2, 3], 2).into_iter().map(|first| [first, vec![4, 5]].concat());
    let design = Design::stratified(&[0, 0, 1, 1], &[4.0, 2.0]).expect("two strata");
    let found: Vec<Estimate> = samples
        .map(|units| mean(&design, &[true; 4], &of(&units), LEVEL).expect("a mean"))
        .collect();
    check_unbiased(&found, Y.iter().sum::<f64>() / 6.0);
}

#[test]
fn two_stage_samples_are_unbiased() {
    // Two of three clusters: {0, 1, 2} of which two are drawn, {3, 4}, of which both, {5}, which is alone. The lone
    // unit is a census of its cluster. Pairs of clusters are equally likely, and so are samples within;
    // every sample of a pair therefore counts as often as that makes the pairs equal.
    let clusters: [&[usize]; 3] = [&[0, 1, 2], &[3, 4], &[5]];
    let drawn = [2, 2, 1];
    let mut found = Vec::new();
    for pair in subsets(&[0, 1, 2], 2) {
        let [first, second] = [pair[0], pair[1]].map(|c| subsets(clusters[c], drawn[c]));
        let weight = 3 / (first.len() * second.len());
        for (left, right) in first.iter().flat_map(|left| second.iter().map(move |r| (left, r))) {
            let units = [left.as_slice(), right].concat();
            let cluster: Vec<usize> =
                [vec![pair[0]; left.len()], vec![pair[1]; right.len()]].concat();
            let rows = units.len();
            let sizes = cluster.iter().map(|&c| clusters[c].len() as f64).collect();
            let stages = vec![
                Stage::new(vec![0; rows], cluster.clone(), Sizes::Population(vec![3.0; rows])),
                Stage::new(cluster, units.clone(), Sizes::Population(sizes)),
            ];
            let stages = stages.into_iter().collect::<Result<_, _>>().expect("two stages");
            let design = Design::staged(stages).expect("a design");
            let estimate = total(&design, &vec![true; rows], &of(&units), LEVEL).expect("a total");
            found.extend(vec![estimate; weight]);
        }
    }
    assert_eq!(found.len(), 9);
    check_unbiased(&found, Y.iter().sum());
}

#[test]
fn given_their_overlap_the_variance_of_change_between_independent_samples_is_unbiased() {
    // Two rounds of three units, each drawn for itself: 400 pairs of samples. Among those with two units in common,
    // and among those with three, Tam's variance averages to the true one. With fewer there is no
    // covariance to estimate.
    let design = Design::simple(3, 6.0).expect("3 of 6");
    let mut by_overlap: [Vec<Estimate>; 4] = Default::default();
    for first in subsets(&ALL, 3) {
        for second in subsets(&ALL, 3) {
            let links = same_units(&first, &second);
            let (before, after) = (of(&first), second.iter().map(|&unit| LATER[unit]).collect());
            let [before, after] = [&before, &after].map(|y: &Vec<f64>| Wave {
                design: &design,
                domain: &[true; 3],
                values: Values::Numbers(y),
            });
            let found = change(&before, &after, &links, LEVEL, 1.0).expect("a change");
            by_overlap[links.len()].push(found.difference);
        }
    }
    assert_eq!(by_overlap.each_ref().map(Vec::len), [20, 180, 180, 20]);
    by_overlap[2..].iter().for_each(|found| check_unbiased(found, rise()));
}

#[test]
fn three_rounds_with_a_fixed_overlap_have_an_unbiased_covariance() {
    // Four of six in every round: any three are kept, one of the two others comes in. 15 x 8 x 8 samples, all
    // equally likely. Rounds next to each other share three units, so each sample estimates their
    // covariance, (n12 / (n1 n2) - 1 / N) S12 by Tam (1984).
    let rounds = [Y, LATER, [5.0, 4.0, 9.0, 13.0, 19.0, 6.0]];
    let kept = |from: &[usize]| -> Vec<Vec<usize>> {
        let new: Vec<usize> = ALL.into_iter().filter(|unit| !from.contains(unit)).collect();
        let kept = subsets(from, 3);
        kept.iter().flat_map(|kept| new.iter().map(|&n| [kept.as_slice(), &[n]].concat())).collect()
    };
    let design = Design::simple(4, 6.0).expect("4 of 6");
    let truth = rounds.map(|y| y.iter().sum::<f64>() / 6.0);
    let (mut estimated, mut observed, mut count) = ([0.0; 2], [0.0; 2], 0.0);
    for first in subsets(&ALL, 4) {
        for second in kept(&first) {
            for third in kept(&second) {
                let units = [&first, &second, &third];
                let y: Vec<Vec<f64>> = (0..3)
                    .map(|round| units[round].iter().map(|&unit| rounds[round][unit]).collect())
                    .collect();
                let waves: Vec<Wave<'_>> = y
                    .iter()
                    .map(|y| Wave {
                        design: &design,
                        domain: &[true; 4],
                        values: Values::Numbers(y),
                    })
                    .collect();
                let pairs = [(0, 1), (0, 2), (1, 2)];
                let links = pairs.map(|(b, a)| ((b, a), same_units(units[b], units[a]))).into();
                let found = trend(&waves, &links, LEVEL, 1.0).expect("three rounds");
                let errors: Vec<f64> = found
                    .rounds
                    .iter()
                    .zip(truth)
                    .map(|(round, truth)| round.value - truth)
                    .collect();
                for step in 0..2 {
                    estimated[step] += found.covariance[(step, step + 1)];
                    observed[step] += errors[step] * errors[step + 1];
                }
                count += 1.0;
            }
        }
    }
    assert_eq!(count, 15.0 * 8.0 * 8.0);
    for (estimated, observed) in estimated.iter().zip(observed) {
        assert!((estimated / observed - 1.0).abs() < 1e-10, "{estimated} for {observed}");
    }
}

/// Returns the rows of two samples that are the same unit.
fn same_units(before: &[usize], after: &[usize]) -> Vec<(usize, usize)> {
    let place = |unit: &usize| after.iter().position(|other| other == unit);
    before.iter().enumerate().filter_map(|(row, unit)| Some((row, place(unit)?))).collect()
}

#[test]
fn in_strata_with_a_fixed_overlap_the_variance_of_change_is_unbiased() {
    // Strata of three and three, of which the same two of each answer in both rounds. 9 samples.
    let design = Design::stratified(&[0, 0, 1, 1], &[3.0, 3.0]).expect("two strata");
    let links: Vec<(usize, usize)> = (0..4).map(|row| (row, row)).collect();
    let mut found = Vec::new();
    for first in subsets(&[0, 1, 2], 2) {
        for second in subsets(&[3, 4, 5], 2) {
            let units = [first.as_slice(), &second].concat();
            let later: Vec<f64> = units.iter().map(|&unit| LATER[unit]).collect();
            let earlier = of(&units);
            let [before, after] = [&earlier, &later].map(|y| Wave {
                design: &design,
                domain: &[true; 4],
                values: Values::Numbers(y),
            });
            found.push(change(&before, &after, &links, LEVEL, 1.0).expect("a panel").difference);
        }
    }
    check_unbiased(&found, rise());
}

#[test]
fn a_share_of_the_population_is_unbiased_but_for_the_order_of_one_over_n() {
    // A ratio: over the 6 samples of five, its bias is a small part of its standard error, and its variance is
    // estimated within a fifth. With alike sizes both would be exact.
    let sizes = [100.0, 120.0, 90.0, 110.0, 130.0, 80.0];
    let hit = [true, false, true, true, false, false];
    let truth = 300.0 / 630.0;
    let design = Design::simple(5, 6.0).expect("5 of 6");
    let found: Vec<Estimate> = subsets(&ALL, 5)
        .iter()
        .map(|units| {
            let hits: Vec<bool> = units.iter().map(|&unit| hit[unit]).collect();
            let sizes: Vec<f64> = units.iter().map(|&unit| sizes[unit]).collect();
            share_of(&design, &[true; 5], &hits, Of::Population(&sizes), LEVEL).expect("a share")
        })
        .collect();
    let average = |f: &dyn Fn(&Estimate) -> f64| found.iter().map(f).sum::<f64>() / 6.0;
    let variance = average(&|found| (found.value - truth).powi(2));
    assert!((average(&|found| found.value) - truth).abs() < 0.05 * variance.sqrt());
    assert!((average(&|found| found.se.powi(2)) / variance - 1.0).abs() < 0.2);
}
