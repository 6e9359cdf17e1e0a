//! The demo: from nothing to the published report.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};
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
    the_open_data_are_whole_and_say_what_the_report_says(&first.join("site").join("2023"));

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

/// The tables hold the numbers of `findings.json`, and the checksums are those of the files.
fn the_open_data_are_whole_and_say_what_the_report_says(round: &Path) {
    let files = files_under(&round.join("data"));
    let sums = text(&files[Path::new("SHA256SUMS")]);
    assert_eq!(sums.lines().count() + 1, files.len());
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("a sum and a name");
        assert_eq!(sha256(&files[Path::new(name)]), sum, "{name}");
    }
    let rows = csv::Reader::from_reader(text(&files[Path::new("tables.csv")]).as_bytes())
        .into_deserialize::<BTreeMap<String, String>>()
        .map(|row| row.expect("a row of the tables"))
        .map(|row| ((row["variable"].clone(), row["answer"].clone()), row))
        .collect::<BTreeMap<_, _>>();
    let findings = fs::read_to_string(round.join("findings.json")).expect("the findings are there");
    let findings: Vec<Value> = serde_json::from_str(&findings).expect("findings are JSON");
    let mut compared = 0;
    // The tables are of the whole country.
    let national = |finding: &&Value| finding["round"] == 2023 && finding["group"].is_null();
    for finding in findings.iter().filter(national) {
        let key = ["id", "option"].map(|part| finding[part].as_str().unwrap_or("").to_owned());
        let Some(row) = rows.get(&key.into()) else { continue };
        for measure in ["value", "value_weighted", "se", "ci_low", "ci_high", "base"] {
            let told = row[measure].parse::<f64>().ok();
            assert_eq!(told, finding[measure].as_f64(), "{measure} of {finding}");
        }
        assert_eq!(row["simulated"], "true");
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} findings are in the tables");
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("a file for people is UTF-8")
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn names<T: std::fmt::Debug, U>(files: &[(T, U)]) -> Vec<String> {
    files.iter().map(|(name, _)| format!("{name:?}")).collect()
}
