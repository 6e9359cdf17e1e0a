//! Change between waves against closed forms.

use estimate::{
    Change, ChangeVariances, Design, Level, Panel, Sizes, Stage, Values, Verdict, Wave, change,
    change_variances,
};

use super::files;

/// Two waves of trend_A_strat: strata, populations and answers to `y` or `x`.
fn panel_of(variable: &str) -> ChangeVariances {
    let data = files::read(include_str!("data/trend_A_strat.csv"));
    let later: Vec<bool> = files::numbers(&data, "wave").iter().map(|wave| *wave == 2.0).collect();
    let panel = Panel {
        unit: &files::codes(&data, "unit"),
        later: &later,
        stratum: &files::codes(&data, "stratum"),
        population: &files::numbers(&data, "N_h"),
        y: &files::numbers(&data, variable),
    };
    change_variances(&panel).expect("two waves")
}

#[test]
fn closed_forms_are_those_of_the_reference() {
    // Computed in R from the same file by the formulas that the fields name.
    let found = panel_of("y");
    assert_eq!((found.n, found.population), ([215, 204, 158, 261], 371.0));
    for (got, expected) in [
        (found.change, 0.100_096_285_039_124),
        (found.stacked, 0.001_503_633_561_598_87),
        (found.stacked_with_fpc, 0.000_480_189_237_272_929),
        (found.independent, 0.001_082_536_719_212_98),
        (found.independent_without_fpc, 0.002_387_855_941_960_35),
        (found.tam, 0.000_863_799_972_168_872),
        (found.stacked_corrected, 0.000_881_099_658_924_182),
    ] {
        assert!((got / expected - 1.0).abs() < 1e-12, "{got} for {expected}");
    }
}

/// The two waves of trend_A_strat apart: strata, units and the answers to a variable.
struct Waves {
    stratum: [Vec<usize>; 2],
    unit: [Vec<usize>; 2],
    y: [Vec<f64>; 2],
}

const POPULATION: [f64; 4] = [210.0, 100.0, 46.0, 15.0];

impl Waves {
    fn of(variable: &str) -> Self {
        let data = files::read(include_str!("data/trend_A_strat.csv"));
        let wave = files::numbers(&data, "wave");
        let rows = [1.0, 2.0].map(|number| {
            (0..wave.len()).filter(|&row| wave[row] == number).collect::<Vec<usize>>()
        });
        let codes = |name: &str| {
            let codes = files::codes(&data, name);
            rows.each_ref().map(|rows| rows.iter().map(|&row| codes[row]).collect())
        };
        let y = files::numbers(&data, variable);
        let y = rows.each_ref().map(|rows| rows.iter().map(|&row| y[row]).collect());
        Self { stratum: codes("stratum"), unit: codes("unit"), y }
    }

    fn links(&self) -> Vec<(usize, usize)> {
        let place = |unit: &usize| self.unit[1].iter().position(|other| other == unit);
        let links = self.unit[0].iter().enumerate();
        links.filter_map(|(row, unit)| Some((row, place(unit)?))).collect()
    }

    fn weights(&self, wave: usize) -> Vec<f64> {
        let strata = &self.stratum[wave];
        let drawn = |h: usize| strata.iter().filter(|other| **other == h).count() as f64;
        strata.iter().map(|&h| POPULATION[h] / drawn(h)).collect()
    }

    /// Estimates the change, with the finite population or as if it were endless.
    fn change(&self, finite: bool) -> Change {
        let designs = [0, 1].map(|wave| {
            let of_stratum = |h: &usize| if finite { POPULATION[*h] } else { f64::INFINITY };
            let strata = &self.stratum[wave];
            let sizes = Sizes::Population(strata.iter().map(of_stratum).collect());
            let stage = Stage::new(strata.clone(), (0..strata.len()).collect(), sizes);
            let design = Design::staged(vec![stage.expect("a stage")]).expect("a design");
            design.with_weights(self.weights(wave)).expect("weights")
        });
        let domains = self.y.each_ref().map(|y| vec![true; y.len()]);
        let [before, after] = [0, 1].map(|wave| Wave {
            design: &designs[wave],
            domain: &domains[wave],
            values: Values::Numbers(&self.y[wave]),
        });
        change(&before, &after, &self.links(), Level::NINETY_FIVE, 0.07).expect("a change")
    }

    /// Returns the weighted answers less the mean of all in the stratum who are in the same waves.
    fn residuals(&self, wave: usize) -> Vec<f64> {
        let strata = &self.stratum[wave];
        let both = |row: usize| self.unit[1 - wave].contains(&self.unit[wave][row]);
        let group: Vec<(usize, bool)> =
            strata.iter().enumerate().map(|(row, &h)| (h, both(row))).collect();
        let mean = |group_of: (usize, bool)| {
            let inside = group.iter().zip(&self.y[wave]).filter(|(group, _)| **group == group_of);
            inside.clone().map(|(_, y)| y).sum::<f64>() / inside.count() as f64
        };
        let weights = self.weights(wave);
        (0..group.len()).map(|row| weights[row] * (self.y[wave][row] - mean(group[row]))).collect()
    }
}

#[test]
fn change_has_the_variance_of_the_closed_form() {
    for variable in ["y", "x"] {
        let found = Waves::of(variable).change(true);
        assert!((found.difference.se.powi(2) / panel_of(variable).tam - 1.0).abs() < 1e-9);
        // 10 points, with a standard error of 2.9, and 1.04 with one of 0.40: more than chance, whatever the bound.
        assert_eq!(found.verdict, Verdict::Up);
    }
}

#[test]
fn the_covariance_is_near_that_of_a_multivariate_regression() {
    // Berger and Priam (2016, Journal of the Royal Statistical Society A 179) regress the weighted answers of both
    // waves, 0 where there is none, on stratum by wave and the products of waves, and take the correlation of
    // the residuals. The method is for small sampling fractions, so the population is endless here. Its
    // residuals are centred among all who are in the same waves, ours among those in both: alike
    // on average, a few percent apart in one sample.
    for variable in ["y", "x"] {
        let waves = Waves::of(variable);
        let found = waves.change(false);
        let residuals = [0, 1].map(|wave| waves.residuals(wave));
        let squares = residuals.each_ref().map(|e| e.iter().map(|e| e * e).sum::<f64>());
        let products: f64 =
            waves.links().iter().map(|&(b, a)| residuals[0][b] * residuals[1][a]).sum();
        let correlation = products / (squares[0] * squares[1]).sqrt();
        let expected = correlation * found.before.se * found.after.se;
        let ratio = found.covariance() / expected;
        assert!((ratio - 1.0).abs() < 0.05, "{variable}: {ratio}");
    }
}
