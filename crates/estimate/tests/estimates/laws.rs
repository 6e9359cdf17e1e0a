//! Laws that hold for any sample.

use estimate::{
    Calibration, Design, Distance, Level, Values, Wave, calibrate, change, estimate, mean, means,
    ratio, share, total,
};
use proptest::prelude::*;

/// A stratified sample of numbers: strata of at least two elements, drawn from larger populations.
#[derive(Debug, Clone)]
struct Sample {
    stratum: Vec<usize>,
    sizes: Vec<f64>,
    y: Vec<f64>,
    domain: Vec<bool>,
}

impl Sample {
    fn design(&self) -> Design {
        Design::stratified(&self.stratum, &self.sizes).expect("strata of two or more")
    }

    fn all(&self) -> Vec<bool> {
        vec![true; self.y.len()]
    }
}

prop_compose! {
    fn samples()(
        drawn in prop::collection::vec(2_usize..6, 1..5),
        unseen in prop::collection::vec(1_u32..50, 5),
        y in prop::collection::vec(-100.0..100.0, 25),
        inside in prop::collection::vec(any::<bool>(), 25),
    ) -> Sample {
        let stratum: Vec<usize> =
            drawn.iter().enumerate().flat_map(|(stratum, n)| vec![stratum; *n]).collect();
        let sizes = drawn.iter().zip(&unseen).map(|(n, more)| (*n as u32 + more).into()).collect();
        let n = stratum.len();
        let mut domain = inside[..n].to_vec();
        domain[0] = true;
        Sample { stratum, sizes, y: y[..n].to_vec(), domain }
    }
}

const LEVEL: Level = Level::NINETY_FIVE;

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * (1.0 + left.abs().max(right.abs()))
}

proptest! {
    #[test]
    fn rescaled_weights_change_no_mean(sample in samples(), factor in 0.01..100.0) {
        let design = sample.design();
        let weights = design.weights().iter().map(|w| w * factor).collect();
        let rescaled = design.clone().with_weights(weights).expect("positive weights");
        let [left, right] = [design, rescaled]
            .map(|design| mean(&design, &sample.domain, &sample.y, LEVEL).expect("a mean"));
        prop_assert!(near(left.value, right.value) && near(left.se, right.se));
    }

    #[test]
    fn the_order_of_rows_changes_nothing(sample in samples()) {
        let reversed = Sample {
            stratum: sample.stratum.iter().rev().copied().collect(),
            y: sample.y.iter().rev().copied().collect(),
            domain: sample.domain.iter().rev().copied().collect(),
            ..sample.clone()
        };
        let [left, right] = [&sample, &reversed]
            .map(|s| mean(&s.design(), &s.domain, &s.y, LEVEL).expect("a mean"));
        prop_assert!(near(left.value, right.value) && near(left.se, right.se));
    }

    #[test]
    fn totals_of_the_parts_add_up(sample in samples()) {
        let rest: Vec<bool> = sample.domain.iter().map(|inside| !inside).collect();
        prop_assume!(rest.contains(&true));
        let of = |domain: &[bool]| total(&sample.design(), domain, &sample.y, LEVEL).expect("a total").value;
        prop_assert!(near(of(&sample.domain) + of(&rest), of(&sample.all())));
    }

    #[test]
    fn calibrated_weights_meet_their_totals(sample in samples(), shift in 0.8..1.25) {
        let design = sample.design();
        let groups: Vec<usize> = sample.domain.iter().map(|inside| usize::from(*inside)).collect();
        prop_assume!(groups.contains(&0));
        let sizes: Vec<f64> = [0, 1]
            .map(|group| {
                let inside = design.weights().iter().zip(&groups).filter(|(_, g)| **g == group);
                shift * inside.map(|(weight, _)| weight).sum::<f64>()
            })
            .into();
        for distance in [Distance::Linear(None), Distance::Raking(None), Distance::Logit(0.5, 2.0)] {
            let to = Calibration::to_margins(&[(groups.clone(), sizes.clone())], distance);
            let calibrated = calibrate(&design, &to).expect("two groups");
            let met = total(&calibrated, &sample.domain, &vec![1.0; groups.len()], LEVEL).expect("a total");
            prop_assert!(near(met.value, sizes[1]));
            // What is calibrated to is known: nothing of it varies.
            prop_assert!(met.se <= 1e-7 * sizes[1]);
        }
    }

    #[test]
    fn nothing_varies_in_a_census(sample in samples()) {
        let sizes: Vec<f64> = (0..sample.sizes.len())
            .map(|stratum| sample.stratum.iter().filter(|s| **s == stratum).count() as f64)
            .collect();
        let design = Design::stratified(&sample.stratum, &sizes).expect("all of all strata");
        prop_assert_eq!(mean(&design, &sample.domain, &sample.y, LEVEL).expect("a mean").se, 0.0);
    }

    #[test]
    fn a_full_panel_that_answers_alike_has_not_changed(sample in samples()) {
        let design = sample.design();
        let wave = Wave { design: &design, domain: &sample.domain, values: Values::Numbers(&sample.y) };
        let links: Vec<(usize, usize)> = (0..sample.y.len()).map(|row| (row, row)).collect();
        let found = change(&wave, &wave, &links, LEVEL, 1.0).expect("a change");
        prop_assert_eq!((found.difference.value, found.difference.se), (0.0, 0.0));
    }

    #[test]
    fn a_share_lies_in_its_interval_and_that_between_0_and_1(sample in samples()) {
        let hits: Vec<bool> = sample.y.iter().map(|y| *y > 0.0).collect();
        let found = share(&sample.design(), &sample.domain, &hits, LEVEL).expect("a share");
        prop_assert!(0.0 <= found.ci_low && found.ci_low <= found.value);
        prop_assert!(found.value <= found.ci_high && found.ci_high <= 1.0);
    }

    #[test]
    fn a_mean_is_a_ratio_to_ones_and_linearised_like_it(sample in samples()) {
        let ones = vec![1.0; sample.y.len()];
        let (design, level) = (sample.design(), LEVEL);
        let left = mean(&design, &sample.domain, &sample.y, level).expect("a mean");
        let right = ratio(&design, &sample.domain, &sample.y, &ones, level).expect("a ratio");
        prop_assert_eq!((left.value, left.se), (right.value, right.se));
    }

    #[test]
    fn the_jackknife_of_a_total_is_its_linearised_variance(sample in samples()) {
        // For statistics linear in the weights the two are the same in exact arithmetic.
        let design = sample.design();
        let jackknife = design.jackknifed().expect("two or more in every stratum");
        let [left, right] =
            [design, jackknife].map(|d| total(&d, &sample.domain, &sample.y, LEVEL).expect("a total"));
        prop_assert!(near(left.value, right.value) && near(left.se, right.se));
    }
}

#[test]
fn linearisation_approaches_the_jackknife_of_a_ratio() {
    // Second derivation of the same variance; they differ by terms of the order of 1 / n.
    let y: Vec<f64> = (0..200).map(|i| f64::from(i % 17) + 3.0).collect();
    let x: Vec<f64> = (0..200).map(|i| f64::from(i % 23) + 5.0).collect();
    let design = Design::simple(200, 1_000.0).expect("200 of 1,000");
    let jackknife = design.jackknifed().expect("a jackknife");
    let [left, right] =
        [design, jackknife].map(|d| ratio(&d, &[true; 200], &y, &x, LEVEL).expect("a ratio").se);
    assert!((left / right - 1.0).abs() < 0.01, "{left} {right}");
}

#[test]
fn covariances_of_domains_hold_the_variances() {
    // Two halves of a simple random sample: what they share is 0 up to the finite population's -S2 / N,
    // which for domain means linearised around their own mean vanishes.
    let design = Design::simple(10, 40.0).expect("10 of 40");
    let y: Vec<f64> = (0..10).map(f64::from).collect();
    let all = [true; 10];
    let found = estimate(&design, &all, |weights| {
        let halves = [0..5, 5..10].map(|half| {
            let part: Vec<f64> =
                (0..10).map(|row| if half.contains(&row) { weights[row] } else { 0.0 }).collect();
            means(std::slice::from_ref(&y), &part)
        });
        let [first, second] = halves;
        Ok(estimate::Linearised {
            values: [first.values, second.values].concat(),
            influence: [first.influence, second.influence].concat(),
        })
    })
    .expect("two means");
    assert!(found.covariance[(0, 1)].abs() < 1e-15);
    let half: Vec<bool> = (0..10).map(|row| row < 5).collect();
    let alone = mean(&design, &half, &y, LEVEL).expect("a mean");
    assert!(near(alone.se.powi(2), found.covariance[(0, 0)]));
}
