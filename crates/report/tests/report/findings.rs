//! The figures themselves, each with its reason.

use instrument::{Estimator, Lang, RoundId, ShareBase};
use report::{Finding, Published, PublishedUnit, compare_table};

use crate::{WORLD, World};

fn findings(world: &World, text: &str) -> Vec<Finding> {
    let text = format!("# Tittel\n\n{text}");
    let site = world.publish(&[(Lang::NB, &text)]).unwrap();
    site.findings.into_values().next().unwrap()
}

fn near(value: Option<f64>, expected: f64) {
    let value = value.expect("a value");
    assert!((value - expected).abs() < 5e-5, "{value} is not {expected}");
}

#[test]
fn a_share_has_its_finite_population_error_and_wilsons_interval() {
    let found = findings(&WORLD, "{{ share(\"tolk\", \"ja\") }}");
    let share = &found[0];
    // 139 of 215 answered yes.
    near(Some(share.value), 100.0 * 139.0 / 215.0);
    assert_eq!((share.rounded, share.base, share.round.year()), (65.0, 215, 2023));
    // Cochran (1977), 3.8: (1 - n/N) p (1 - p) / (n - 1), for 215 of 371.
    let p: f64 = 139.0 / 215.0;
    let se = ((1.0 - 215.0 / 371.0) * p * (1.0 - p) / 214.0).sqrt();
    near(share.se, 100.0 * se);
    // Wilson's score interval with the effective size p (1 - p) / se² and t of 214 df for z.
    let (n, t) = (p * (1.0 - p) / (se * se), 1.971_111_257_662_305_f64);
    let (centre, shrink) = (p + t * t / (2.0 * n), 1.0 + t * t / n);
    let reach = t * (p * (1.0 - p) / n + t * t / (4.0 * n * n)).sqrt();
    near(share.ci_low, 100.0 * (centre - reach) / shrink);
    near(share.ci_high, 100.0 * (centre + reach) / shrink);
}

#[test]
fn dont_know_is_in_the_base_unless_the_plan_leaves_it_out() {
    let mut world = World::new();
    let text = "{{ share(\"tolk\", \"ja\") }}";
    assert_eq!(findings(&world, text)[0].base, 215);
    world.plan.base = ShareBase::Valid;
    let valid = &findings(&world, text)[0];
    // 16 of 215 did not know.
    assert_eq!(valid.base, 199);
    near(Some(valid.value), 100.0 * 139.0 / 199.0);
    // And then it is no share to be told.
    let refused = world.publish(&[(Lang::NB, "# T\n\n{{ share(\"tolk\", \"vet_ikke\") }}")]);
    assert!(refused.unwrap_err().iter().any(|wrong| wrong.code == "RR0304"));
}

#[test]
fn codes_are_counted_together() {
    let found = findings(
        &WORLD,
        "{{ share(\"veiledning.lov\", [\"svaert_god\", \"god\"]) }} {{ share(\"tolk\", \"vet_ikke\") }}",
    );
    // 62 and 96 of 211; the row is named by the variable and its codes.
    assert_eq!(
        (found[1].id.as_str(), found[1].option.as_str()),
        ("veiledning_lov", "svaert_god+god")
    );
    near(Some(found[1].value), 100.0 * 158.0 / 211.0);
    near(Some(found[0].value), 100.0 * 16.0 / 215.0);
}

#[test]
fn several_options_are_shares_of_those_who_answered() {
    let found = findings(&WORLD, "{{ top(\"utfordringer\", 2) }}");
    let told: Vec<_> =
        found.iter().map(|f| (f.option.as_str(), f.rounded, f.rank, f.base)).collect();
    // 168 and 137 of 215 chose them; the others are not stated.
    assert_eq!(told, [("bolig", 78.0, Some(1), 215), ("helse", 64.0, Some(2), 215)]);
}

#[test]
fn options_named_as_often_share_their_rank() {
    let found = findings(&WORLD, "{{ ranking(\"utfordringer\") }}");
    let rank = |option: &str| found.iter().find(|f| f.option == option).unwrap().rank;
    // 168, 137, 96, 96, 61 and 6.
    let options = ["bolig", "helse", "nav", "skole", "penger", "ingen"];
    assert_eq!(options.map(rank), [1, 2, 3, 3, 5, 6].map(Some));
}

#[test]
fn a_change_states_both_rounds() {
    let found = findings(&WORLD, "{{ change(\"tolk\", \"ja\", since: 2021) }}");
    let told: Vec<_> = found.iter().map(|f| (f.round.year(), f.rounded, f.base)).collect();
    // 57 of 220 in 2021, 139 of 215 in 2023.
    assert_eq!(told, [(2021, 26.0, 220), (2023, 65.0, 215)]);
}

#[test]
fn a_variable_that_was_renamed_keeps_its_new_name_in_both_rounds() {
    let mut world = World::new();
    let renamed = world.before.variables.iter_mut().find(|v| v.name == "tolk").unwrap();
    renamed.name = "tolk_gammel".into();
    renamed.options[0].code = "jo".parse().unwrap();
    let now = world.now.variables.iter_mut().find(|v| v.name == "tolk").unwrap();
    let lineage = now.lineage.as_mut().unwrap();
    lineage.was = "tolk_gammel".into();
    lineage.options = vec![("ja".parse().unwrap(), vec!["jo".parse().unwrap()])];
    let found = findings(&world, "{{ change(\"tolk\", \"ja\", since: 2021) }}");
    let told: Vec<_> =
        found.iter().map(|f| (f.id.as_str(), f.option.as_str(), f.rounded)).collect();
    assert_eq!(told, [("tolk", "ja", 26.0), ("tolk", "ja", 65.0)]);
}

#[test]
fn the_response_rate_is_a_count_over_the_frame() {
    let found = findings(&WORLD, "{{ response_rate() }} {{ response_rate(round: 2021) }}");
    let told: Vec<_> = found
        .iter()
        .map(|f| (f.id.as_str(), f.round.year(), f.rounded, f.base, f.se, f.value_weighted))
        .collect();
    // 215 and 224 of 371: 57.95 and 60.38.
    let rate = |year, rounded| ("svarprosent", year, rounded, 371, None, None);
    assert_eq!(told, [rate(2021, 60.0), rate(2023, 58.0)]);
}

#[test]
fn means_and_medians_are_told_apart() {
    let found = findings(&WORLD, "{{ mean(\"bosatte\") }} {{ median(\"bosatte\") }}");
    let told: Vec<_> = found.iter().map(|f| (f.option.as_str(), f.se.is_some())).collect();
    assert_eq!(told, [("mean", true), ("median", false)]);
    // The numbers from 1 to 215: their mean and their middle are 108.
    found.iter().for_each(|figure| near(Some(figure.value), 108.0));
}

#[test]
fn weights_are_the_inverse_response_rates_of_the_cells() {
    let mut world = World::new();
    world.plan.weighting.cells = vec!["kind".into()];
    let text = "{{ share(\"tolk\", \"ja\") }}";
    let share = findings(&world, text).remove(0);
    // Cells by kind: districts are the first 15 units, the municipalities the other 356.
    let (variable, column) = world.now.variable("tolk").unwrap();
    assert_eq!(variable.options[0].code.as_str(), "ja");
    let dataset::Column::Category(cells) = column else { panic!("one option") };
    let count = |units: std::ops::Range<usize>, yes: bool| {
        let answered = |unit: &usize| world.now.units[*unit].disposition.answered();
        let said = |unit: &usize| !yes || cells[*unit].valid() == Some(&0);
        units.filter(|unit| answered(unit) && said(unit)).count() as f64
    };
    let weighted = 15.0 * count(0..15, true) / count(0..15, false)
        + 356.0 * count(15..371, true) / count(15..371, false);
    near(share.value_weighted, 100.0 * weighted / 371.0);
    // The published value follows the plan.
    world.plan.estimator = Estimator::Weighted;
    let published = findings(&world, text).remove(0);
    assert_eq!(published.rounded, share.value_weighted.unwrap().round());
    assert_eq!(published.value, share.value);
}

#[test]
fn what_was_published_before_stands_beside_what_is() {
    let row = |of: u16, option: &str, value, unit| Published {
        round: RoundId::new(2023).unwrap(),
        of: RoundId::new(of).unwrap(),
        id: if unit == PublishedUnit::Rank { "utfordringer" } else { "tolk" }.into(),
        option: option.into(),
        value,
        unit,
        derived: of == 2021,
    };
    let mut world = World::new();
    world.published = vec![
        row(2023, "ja", 65.0, PublishedUnit::Percent),
        row(2021, "ja", 27.0, PublishedUnit::Percent),
        row(2023, "helse", 2.0, PublishedUnit::Rank),
        row(2023, "nei", 28.0, PublishedUnit::Percent),
    ];
    let text = "# T\n\n{{ change(\"tolk\", \"ja\", since: 2021) }} {{ top(\"utfordringer\", 2) }}";
    let site = world.publish(&[(Lang::NB, text)]).unwrap();
    let findings = &site.findings[&RoundId::new(2023).unwrap()];
    let told: Vec<_> = compare_table(findings)
        .iter()
        .map(|row| (row.finding.option.as_str(), row.published, row.finding.derived, row.ok))
        .collect();
    // 25.9 percent in 2021 is 26, not 27.
    assert_eq!(
        told,
        [("ja", 27.0, true, false), ("ja", 65.0, false, true), ("helse", 2.0, false, true)]
    );
    // The report is silent on those who said no.
    let silent: Vec<&str> =
        site.warnings.iter().filter(|w| w.code == "RR0705").map(|w| w.message.as_str()).collect();
    assert_eq!(silent, ["no report of 2023 states `tolk nei` of 2023"]);
}

#[test]
fn findings_are_written_one_a_line() {
    let world = World::new();
    let text =
        "# T\n\n{{ share(\"tolk\", \"ja\") }} {{ response_rate() }} {{ top(\"utfordringer\", 1) }}";
    let site = world.publish(&[(Lang::NB, text)]).unwrap();
    insta::assert_snapshot!(String::from_utf8(site.files["2023/findings.json"].clone()).unwrap());
}

#[test]
fn small_answers_are_hidden_where_the_plan_says_so() {
    let mut world = World::new();
    world.plan.disclosure.publish_national = false;
    // One unit finds the guidance very poor: fewer than three.
    let text = "# T\n\n{{ share(\"veiledning.lov\", \"svaert_darlig\") }}";
    let refused = world.publish(&[(Lang::NB, text)]).unwrap_err();
    assert!(refused.iter().any(|wrong| wrong.code == "RR0403"));
}

#[test]
fn a_plan_that_cannot_be_followed_is_refused() {
    let mut world = World::new();
    world.plan.weighting.cells = vec!["farge".into()];
    let refused = world.publish(&[(Lang::NB, "# T\n")]).unwrap_err();
    assert_eq!(refused[0].code, "RR0602");
    assert_eq!(refused[0].file, "rounds/2023/plan.yaml");
    world = World::new();
    for unit in &mut world.now.units {
        unit.disposition = frame::Disposition::NonContact;
    }
    assert_eq!(world.publish(&[(Lang::NB, "# T\n")]).unwrap_err()[0].code, "RR0601");
}
