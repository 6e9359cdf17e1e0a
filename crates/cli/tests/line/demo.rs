//! The demo: from nothing to the published report.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::program::{Finished, files_under, municipal_survey, runde};

/// How many units each round invites: 356 municipalities and 15 districts of Oslo; since 2024
/// Ålesund is two municipalities.
const INVITED: [(&str, usize); 3] = [("2021", 371), ("2023", 371), ("2025", 372)];

fn demo(folder: &Path, seed: &str) -> Finished {
    let folder = folder.to_str().expect("the name of a temporary folder is text");
    runde(&["demo", "--no-serve", "--dir", folder, "--seed", seed])
}

#[test]
fn the_demo_publishes_the_known_figures_and_repeats_itself_byte_for_byte() {
    let folders = tempdir().expect("a temporary folder");
    let (first, second) = (folders.path().join("first"), folders.path().join("second"));
    let said = demo(&first, "1");
    assert_eq!(said.status, Some(0), "{}{}", said.stdout, said.stderr);
    every_published_figure_is_found(&first);
    every_invited_unit_is_in_the_data(&first);
    the_pages_say_that_answers_are_simulated(&first);

    assert_eq!(demo(&second, "1").status, Some(0));
    for part in ["data", "site"] {
        let (once, again) = (files_under(&first.join(part)), files_under(&second.join(part)));
        let different: Vec<_> =
            once.iter().filter(|(name, bytes)| again.get(*name) != Some(*bytes)).collect();
        assert!(different.is_empty(), "{part} differs: {:?}", names(&different));
        assert_eq!(once.len(), again.len(), "{part} has more files the second time");
    }
}

/// `published.csv` holds what the ministry's own report of the survey says.
fn every_published_figure_is_found(folder: &Path) {
    let published = fs::read_to_string(municipal_survey().join("published.csv"))
        .expect("the published figures are there");
    let mut compared = 0;
    for row in published.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let [round, of, id, option, value, unit, _derived] = fields[..] else {
            panic!("`{row}` has not seven fields");
        };
        let finding = finding(folder, round, &[id, option, of]);
        let key = if unit == "rank" { "rank" } else { "rounded" };
        let expected: f64 = value.parse().expect("a published figure is a number");
        assert_eq!(finding[key].as_f64(), Some(expected), "{row}\n{finding:#}");
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} published figures");
}

fn finding(folder: &Path, round: &str, wanted: &[&str; 3]) -> Value {
    let file = folder.join("site").join(round).join("findings.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let findings: Vec<Value> = serde_json::from_str(&text).expect("findings are JSON");
    let matches = |finding: &&Value| {
        let round = finding["round"].to_string();
        [finding["id"].as_str(), finding["option"].as_str(), Some(round.trim_matches('"'))]
            == wanted.map(Some)
    };
    findings.iter().find(matches).unwrap_or_else(|| panic!("no finding {wanted:?}")).clone()
}

fn every_invited_unit_is_in_the_data(folder: &Path) {
    for (round, invited) in INVITED {
        let file = folder.join("data").join(round).join("dataset.json");
        let text = fs::read_to_string(file).expect("the data set is written");
        let data: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(data["units"].as_array().map(Vec::len), Some(invited), "round {round}");
    }
}

fn the_pages_say_that_answers_are_simulated(folder: &Path) {
    let pages: Vec<_> = files_under(&folder.join("site"))
        .into_iter()
        .filter(|(name, _)| name.extension().is_some_and(|extension| extension == "html"))
        .collect();
    assert!(pages.len() >= 3, "a report in three languages, but {:?}", names(&pages));
    for (name, bytes) in pages {
        let text = String::from_utf8(bytes).expect("pages are UTF-8").to_lowercase();
        let said = ["simulerte svar", "simulated answers"].iter().any(|words| text.contains(words));
        assert!(said, "{} does not say so", name.display());
    }
}

fn names<T: std::fmt::Debug, U>(files: &[(T, U)]) -> Vec<String> {
    files.iter().map(|(name, _)| format!("{name:?}")).collect()
}
