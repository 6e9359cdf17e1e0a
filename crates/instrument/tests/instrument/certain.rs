//! What is said of a condition before anyone has answered is true of everybody who answers.

use instrument::walk::walk;
use instrument::{Diagnostic, Instrument, read};
use proptest::prelude::*;

use crate::sample::{UNIT, plain_survey};
use crate::walks::{splitmix, units};

/// Reads a questionnaire in which `da` is asked where a condition holds, and `ellers` where it is
/// known not to. Every other question must be answered.
fn read_with(condition: &str) -> (Instrument, Vec<Diagnostic>) {
    let text = format!(
        "round: 2025\nsections:\n- id: del\n  role: informant\n  title: Del\n  pages:\n  - questions:\n\
         \x20   - {{ id: tolk, kind: select_one, text: Tolk?, required: true, options: {{ ja: Ja, nei: Nei, av_og_til: Av og til }} }}\n\
         \x20   - {{ id: antall, kind: integer, text: Antall?, required: true, min: -3, max: 400 }}\n\
         \x20   - {{ id: trinn, kind: range, text: Trinn?, required: true, min: 0, max: 5, low: Lav, high: Høy }}\n\
         \x20   - {{ id: andel, kind: decimal, text: Andel?, required: true, min: 0 }}\n\
         \x20   - {{ id: navn, kind: text, text: Navn?, required: true }}\n\
         \x20   - {{ id: kall, kind: text, text: Kallenavn?, required: true }}\n\
         \x20   - {{ id: sprak, kind: select_multiple, text: Språk?, required: true, options: {{ a: A, b: B, c: {{ text: C, exclusive: true }} }} }}\n\
         \x20   - {{ id: da, kind: note, text: Da, show_if: '{condition}' }}\n\
         \x20   - {{ id: ellers, kind: note, text: Ellers, show_if: '!({condition})' }}\n"
    );
    let file = "rounds/2025/questionnaire.yaml";
    let (instrument, said) = read::questionnaire(file, &text, &plain_survey(), UNIT, None);
    (instrument.unwrap_or_else(|| panic!("{condition}: {said:?}")), said)
}

fn comparison() -> impl Strategy<Value = String> {
    let operators = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let numbers = ["antall", "trinn", "andel", "unit.population", "size(sprak)", "size(navn)"];
    let with_number = (prop::sample::select(numbers.to_vec()), operators(), -5..8_i32)
        .prop_map(|(name, operator, number)| format!("{name} {operator} {number}"));
    let between = (prop::sample::select(numbers.to_vec()), operators())
        .prop_map(|(name, operator)| format!("{name} {operator} trinn"));
    let words = prop::sample::select(vec![
        r#"tolk == "ja""#,
        r#"tolk != "nei""#,
        r#"tolk in ["ja", "av_og_til"]"#,
        r#"navn == "x""#,
        r#"navn != kall"#,
        r#"navn == "y""#,
        r#"unit.kind == "district""#,
        r#"unit.kind != "municipality""#,
        r#""a" in sprak"#,
        r#""c" in sprak"#,
        r#"antall in [1, 2, 500]"#,
        "answered(tolk)",
        "unit.sami_area",
    ]);
    prop_oneof![with_number, between, words.prop_map(str::to_owned)]
}

fn condition() -> impl Strategy<Value = String> {
    comparison().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn nobody_proves_it_wrong(condition in condition(), seed in any::<u64>()) {
        let (instrument, said) = read_with(&condition);
        let walks = walk(&instrument, &units(), 60, &mut splitmix(seed));
        let asked = |id: &str| {
            let index = instrument.questions.iter().position(|q| q.id.as_str() == id).unwrap();
            walks.ways[index].is_some()
        };
        // The first diagnostic of `da` and `ellers` each is of their own condition.
        let says = |code: &str| said.iter().filter(|d| d.code == code).count();
        let da_first = said.first().map(|diagnostic| diagnostic.code);
        match da_first {
            Some("RQ0611") => prop_assert!(!asked("da"), "{}", condition),
            Some("RQ0612") => prop_assert!(!asked("ellers"), "{}", condition),
            _ => prop_assert_eq!(says("RQ0611") + says("RQ0612"), 0, "{}", condition),
        }
    }
}

#[test]
fn both_outcomes_are_found_where_they_are_certain() {
    for (condition, code) in [
        ("antall < -3", Some("RQ0611")),
        ("antall <= -3", None),
        ("antall >= -3", Some("RQ0612")),
        ("antall > 1 && antall < 2", Some("RQ0611")),
        ("andel > 1 && andel < 2", None),
        ("andel > -0.5", Some("RQ0612")),
        ("trinn * 2 == 9", Some("RQ0611")),
        ("size(sprak) > 2", Some("RQ0611")),
        ("navn == \"a\" && navn == \"b\"", Some("RQ0611")),
        ("navn != kall", None),
        ("tolk == \"ja\" || antall * antall >= 0", None),
    ] {
        let said = read_with(condition).1;
        assert_eq!(said.first().map(|d| d.code), code, "{condition}");
    }
}
