//! How long it takes to check a large questionnaire, and to compute the path of a case.
//!
//! `cargo xtask bench instrument` runs it. Each figure is the median of many runs; it fails where one
//! is over its limit.

#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::panic,
    reason = "a benchmark prints what it measured and stops where it cannot measure"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use instrument::expression::{Attribute, AttributeKind, UnitAttributes, UnitName};
use instrument::path::path;
use instrument::{Answers, Instrument, Survey, Value, read};

const QUESTIONS: usize = 500;

const UNIT: &[UnitName] = &[
    UnitName { name: "kind", kind: AttributeKind::Text, values: &["municipality", "district"] },
    UnitName { name: "population", kind: AttributeKind::Number, values: &[] },
];

const SURVEY: &str = "survey: prove\ntitle: Prøve\nowner: Runde\nlanguages: [nb]\n\
    roles: [{ id: informant, title: Den som svarer }]\n\
    size_classes: [{ id: alle, from: 0, title: Alle }]\ncredits: Ingen\n";

fn main() -> ExitCode {
    let survey = read::survey("survey.yaml", SURVEY).0.expect("the survey is right");
    let text = questionnaire();
    let instrument = check(&text, &survey);
    let (unit, mut answers) = (unit(), answers(&instrument));
    let checking = median(40, || drop(black_box(check(black_box(&text), &survey))));
    let walking = median(2000, || {
        drop(black_box(path(&instrument, black_box(&unit), black_box(&mut answers))));
    });
    let asked =
        path(&instrument, &unit, &mut answers).questions.iter().filter(|asked| **asked).count();
    println!("{QUESTIONS} questions, {} expressions, {} bytes", 2 * QUESTIONS, text.len());
    let fine = report("checking the questionnaire", checking, Duration::from_millis(50))
        & report("the path of a case", walking, Duration::from_micros(100));
    println!("(the case is asked {asked} questions)");
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(what: &str, took: Duration, limit: Duration) -> bool {
    println!("{what:<28} median {took:>10.1?}   limit {limit:?}");
    took <= limit
}

fn median(times: usize, mut work: impl FnMut()) -> Duration {
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    took.sort();
    took[times / 2]
}

fn check(text: &str, survey: &Survey) -> Instrument {
    let (instrument, said) =
        read::questionnaire("rounds/2025/questionnaire.yaml", text, survey, UNIT, None);
    instrument.unwrap_or_else(|| panic!("{said:?}"))
}

/// Sections of fifty questions of four kinds, each with a condition and a check of a few parts.
fn questionnaire() -> String {
    let mut text = "round: 2025\nscales: { svar: { ja: Ja, nei: Nei, vet_ikke: { text: Vet ikke, \
                    missing: dont_know } } }\nsections:\n"
        .to_owned();
    for index in 0..QUESTIONS {
        if index % 50 == 0 {
            let section = index / 50;
            let _ = write!(
                text,
                "- id: del_{section}\n  role: informant\n  title: Del\n  pages:\n  - questions:\n"
            );
        }
        let _ = write!(text, "    - id: q{index}\n      text: Hvor mange i {index}?\n");
        let _ = writeln!(text, "{}", kind(index));
        if index >= 4 {
            let _ = writeln!(text, "      show_if: '{}'", condition(index));
        } else {
            text.push_str("      show_if: unit.population > 100\n");
        }
        let _ = writeln!(
            text,
            "      checks: [{{ when: '{}', level: warning, message: Er det riktig? }}]",
            warning(index)
        );
    }
    text
}

fn kind(index: usize) -> &'static str {
    match index % 4 {
        0 => "      kind: select_one\n      options: svar",
        1 => "      kind: integer\n      min: 0",
        2 => "      kind: select_multiple\n      options: { a: A, b: B, c: C, d: D }",
        _ => "      kind: grid\n      rows: { x: X, y: Y, z: Z }\n      options: svar",
    }
}

fn condition(index: usize) -> String {
    let base = index - index % 4 - 4;
    let (one, number, several, grid) = (base, base + 1, base + 2, base + 3);
    match index % 4 {
        0 => format!("q{one} == \"ja\" || q{number} > 10 && unit.kind == \"municipality\""),
        1 => format!("\"a\" in q{several} || !answered(q{several})"),
        2 => format!("any(q{grid} == \"ja\") || count(q{several}) > 1 || q{number} < 5"),
        _ => format!("q{grid}.x in [\"ja\", \"nei\"] || q{one} != \"vet_ikke\""),
    }
}

fn warning(index: usize) -> String {
    match index % 4 {
        0 => format!("q{index} == \"nei\" && unit.population > 50000"),
        1 => format!("q{index} > 20 * unit.population / 100 + 7"),
        2 => format!("size(q{index}) == 4 && \"d\" in q{index}"),
        _ => format!("all(q{index} == \"nei\") && q{index}.x == \"nei\""),
    }
}

fn unit() -> UnitAttributes {
    UnitAttributes::new([
        ("kind", Attribute::Text("municipality".into())),
        ("population", Attribute::Number(59_198.0)),
    ])
}

/// Answers everything with the first that is accepted.
fn answers(instrument: &Instrument) -> Answers {
    let mut answers = Answers::none(instrument);
    for (index, variable) in instrument.variables.iter().enumerate() {
        let options = instrument.question_of(variable).kind.options();
        let value = match options.first() {
            Some(option) => instrument.decode(variable, option.code.as_str()).ok(),
            None => Some(Value::Integer(12)),
        };
        answers.set(index, value);
    }
    answers
}
