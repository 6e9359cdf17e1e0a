//! Change between waves against closed forms.

use estimate::{
    ChangeVariances, Design, Level, Panel, Values, Verdict, Wave, change, change_variances,
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

#[test]
fn change_of_a_share_has_the_variance_of_the_closed_form() {
    let data = files::read(include_str!("data/trend_A_strat.csv"));
    let (wave, unit) = (files::numbers(&data, "wave"), files::codes(&data, "unit"));
    let rows = |number: f64| -> Vec<usize> {
        (0..wave.len()).filter(|&row| wave[row] == number).collect()
    };
    let (first, second) = (rows(1.0), rows(2.0));
    let sizes = [210.0, 100.0, 46.0, 15.0];
    let stratum = files::codes(&data, "stratum");
    let design = |rows: &[usize]| {
        let strata: Vec<usize> = rows.iter().map(|&row| stratum[row]).collect();
        Design::stratified(&strata, &sizes).expect("a design")
    };
    let y = files::numbers(&data, "y");
    let hits = |rows: &[usize]| rows.iter().map(|&row| y[row] == 1.0).collect::<Vec<bool>>();
    let place = |b: usize| second.iter().position(|&row| unit[row] == unit[first[b]]);
    let links: Vec<(usize, usize)> =
        (0..first.len()).filter_map(|b| Some((b, place(b)?))).collect();
    let (before, after) = (design(&first), design(&second));
    let (hits_before, hits_after) = (hits(&first), hits(&second));
    let all = vec![true; wave.len()];
    let earlier =
        Wave { design: &before, domain: &all[..first.len()], values: Values::Hits(&hits_before) };
    let later =
        Wave { design: &after, domain: &all[..second.len()], values: Values::Hits(&hits_after) };
    let found = change(&earlier, &later, &links, Level::NINETY_FIVE, 0.07).expect("a change");
    assert!((found.difference.se.powi(2) / panel_of("y").tam - 1.0).abs() < 1e-9);
    // 10 points, with a standard error of 2.9: more than chance, whatever the bound.
    assert_eq!(found.verdict, Verdict::Up);
}
