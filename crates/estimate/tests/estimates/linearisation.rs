//! What an element adds to an estimate, against what happens when its weight is nudged: the infinitesimal
//! jackknife (Jaeckel 1972), a second derivation of every linearised variance.

use estimate::{
    Design, EstimateError, Estimates, Family, estimate, means, ratios, regression, totals,
    variances,
};

const Y: [f64; 8] = [3.0, 7.0, 8.0, 12.0, 20.0, 1.0, 9.0, 4.0];
const X: [f64; 8] = [2.0, 5.0, 9.0, 10.0, 16.0, 2.0, 6.0, 7.0];
/// All but the seventh.
const DOMAIN: [bool; 8] = [true, true, true, true, true, true, false, true];

fn design() -> Design {
    Design::stratified(&[0, 0, 0, 0, 1, 1, 1, 1], &[10.0, 25.0]).expect("two strata")
}

/// Compares influence with the slope of the estimates by each weight.
fn check(what: &str, statistic: impl Fn(&Design) -> Result<Estimates, EstimateError>) {
    let found = statistic(&design()).expect(what);
    let nudged = |row: usize, by: f64| {
        let mut weights = design().weights().to_vec();
        weights[row] += by;
        statistic(&design().with_weights(weights).expect("positive weights")).expect(what).values
    };
    for row in 0..8 {
        let (up, down) = (nudged(row, 1e-4), nudged(row, -1e-4));
        for (value, influence) in found.influence.iter().enumerate() {
            let slope = (up[value] - down[value]) / 2e-4;
            let scale = influence.iter().fold(0.0_f64, |scale, u| scale.max(u.abs()));
            let apart = (influence[row] - slope).abs();
            assert!(apart < 1e-6 * scale, "{what} {value}, row {row}: {} {slope}", influence[row]);
        }
    }
}

#[test]
fn influence_is_the_slope_by_the_weight() {
    check("totals", |d| estimate(d, &DOMAIN, |w| Ok(totals(&[Y.to_vec()], w))));
    check("means", |d| estimate(d, &DOMAIN, |w| Ok(means(&[Y.to_vec(), X.to_vec()], w))));
    check("ratios", |d| estimate(d, &DOMAIN, |w| Ok(ratios(&[(&Y, &X), (&X, &Y)], w))));
    check("variances", |d| estimate(d, &DOMAIN, |w| Ok(variances(&[Y.to_vec(), X.to_vec()], w))));
}

#[test]
fn influence_on_coefficients_is_the_slope_by_the_weight() {
    let x = [vec![1.0; 8], X.to_vec()];
    let hits: Vec<f64> = [0, 1, 0, 1, 1, 1, 0, 0].map(f64::from).to_vec();
    for (family, y) in
        [(Family::Gaussian, Y.to_vec()), (Family::Poisson, Y.to_vec()), (Family::Binomial, hits)]
    {
        check(&format!("{family:?}"), |design| {
            Ok(regression(design, &DOMAIN, &y, &x, family)?.estimates)
        });
    }
}
