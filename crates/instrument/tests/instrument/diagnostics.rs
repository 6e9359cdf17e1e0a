//! Every rule, broken: one file in `diagnostics/` for each way to break it, named by its code, and
//! what `runde check` says of it in `snapshots/`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use instrument::{Diagnostic, Instrument, Severity, Sources, read, render, rules};

use crate::sample::{UNIT, plain_survey, right, rounds, tiny_surveys};

const QUESTIONNAIRE: &str = "rounds/2025/questionnaire.yaml";

#[test]
fn each_rule_says_what_is_wrong() {
    let seen = RefCell::new(BTreeSet::new());
    insta::glob!("diagnostics/*/*.yaml", |path| {
        let text = fs::read_to_string(path).unwrap();
        let (file, is_value, diagnostics) = check(path, &text);
        let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
        assert_eq!(is_value, !failed, "a value is there where no error is");
        let codes: BTreeSet<&str> = diagnostics.iter().map(|d| d.code).collect();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let code = name.split('-').next().unwrap();
        assert!(!code.starts_with("RQ") || codes.contains(code), "{name} breaks {codes:?}");
        seen.borrow_mut().extend(codes);
        let sources = Sources::from([(file.to_owned(), text)]);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("check", render(&diagnostics, &sources, false));
        });
    });
    let all: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(*seen.borrow(), all, "every rule is broken by a file");
}

/// Reads a file as what its folder says it is. Returns its name, whether there is a value, and what
/// was said.
fn check(path: &Path, text: &str) -> (&'static str, bool, Vec<Diagnostic>) {
    let mut survey = plain_survey();
    let land = "code,nb\nno,Norge\nse,Sverige\n";
    let land = right(read::list("lists/land.csv", land, &survey.languages));
    survey.lists.insert("lists/land.csv".into(), land);
    let kind = path.parent().unwrap().file_name().unwrap();
    let questionnaire = |before: Option<&Instrument>| {
        let (value, said) = read::questionnaire(QUESTIONNAIRE, text, &survey, UNIT, before);
        (QUESTIONNAIRE, value.is_some(), said)
    };
    match kind.to_str().unwrap() {
        "survey" => {
            let (value, said) = read::survey("survey.yaml", text);
            ("survey.yaml", value.is_some(), said)
        }
        "list" => {
            let (value, said) = read::list("lists/land.csv", text, &survey.languages);
            ("lists/land.csv", value.is_some(), said)
        }
        "plan" => {
            let (value, said) = read::plan("rounds/2025/plan.yaml", text, &survey);
            ("rounds/2025/plan.yaml", value.is_some(), said)
        }
        "lineage" => {
            let text = include_str!("diagnostics/before.yaml");
            let file = "rounds/2023/questionnaire.yaml";
            questionnaire(Some(&right(read::questionnaire(file, text, &survey, UNIT, None))))
        }
        _ => questionnaire(None),
    }
}

#[test]
fn the_example_surveys_are_right() {
    let rounds: usize = tiny_surveys().iter().map(|name| rounds(name).len()).sum();
    assert!(rounds >= 90, "the example surveys have {rounds} rounds");
}

#[test]
fn a_diagnostic_of_a_file_that_is_not_there_names_it() {
    let lost = Diagnostic::new(rules::EMPTY_FILE, "lost.yaml", Some(3..4), "it is lost", None);
    let text = render(&[lost], &Sources::new(), false);
    assert_eq!(text, "error[RQ0102]: it is lost\n--> lost.yaml\n");
}
