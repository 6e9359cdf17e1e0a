//! Bad input: each gets a sentence that says what is wrong, where, and what to do, and leaves
//! everything as it was.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use crate::program::{files_under, municipal_survey, runde};

/// A copy of the municipal survey, to be broken.
struct Copy {
    path: PathBuf,
    _folder: TempDir,
}

impl Copy {
    fn make() -> Copy {
        let folder = tempdir().expect("a temporary folder");
        // A survey's folder bears its name.
        let path = folder.path().join("kommuneundersokelsen");
        for (name, bytes) in files_under(&municipal_survey()) {
            let file = path.join(name);
            fs::create_dir_all(file.parent().expect("it lies in the copy")).expect("it is made");
            fs::write(file, bytes).expect("it can be written");
        }
        Copy { path, _folder: folder }
    }

    fn name(&self) -> &str {
        self.path.to_str().expect("the name of a temporary folder is text")
    }
}

fn edit(folder: &Path, file: &str, change: impl FnOnce(&str) -> String) {
    let path = folder.join(file);
    let before = fs::read_to_string(&path).expect("the file is there");
    let after = change(&before);
    assert_ne!(before, after, "{file} was not broken");
    fs::write(path, after).expect("it can be written");
}

/// Runs `check` on a survey that `break_it` broke; all of `says` must be said, and no file change.
fn check(break_it: impl FnOnce(&Path), says: &[&str]) {
    let survey = Copy::make();
    break_it(&survey.path);
    let before = files_under(&survey.path);
    let said = runde(&["check", survey.name()]);
    let text = format!("{}{}", said.stdout, said.stderr);
    assert_eq!(said.status, Some(1), "{text}");
    for words in says {
        assert!(text.contains(words), "`{words}` is not in:\n{text}");
    }
    assert_eq!(files_under(&survey.path), before, "checking changed the folder");
}

#[test]
fn the_survey_itself_has_no_errors() {
    let said = runde(&["check", municipal_survey().to_str().expect("its name is text")]);
    assert_eq!(said.status, Some(0), "{}{}", said.stdout, said.stderr);
}

#[test]
fn a_file_that_is_no_yaml_is_named_with_its_line() {
    let questionnaire = "rounds/2025/questionnaire.yaml";
    check(
        |folder| edit(folder, questionnaire, |text| text.replacen("sections:", "sections: [", 1)),
        &[questionnaire, "error"],
    );
}

#[test]
fn a_missing_frame_is_named() {
    check(
        |folder| fs::remove_file(folder.join("frame/2023.csv")).expect("it was there"),
        &["frame/2023.csv", "missing"],
    );
}

#[test]
fn a_unit_that_stands_twice_is_named() {
    let twice = |text: &str| {
        let row = text.lines().find(|line| line.starts_with("1508,")).expect("Ålesund is there");
        format!("{text}{row}\n")
    };
    check(|folder| edit(folder, "frame/2025.csv", twice), &["frame/2025.csv", "1508"]);
}

#[test]
fn a_lineage_to_an_option_that_never_was_is_named() {
    let questionnaire = "rounds/2023/questionnaire.yaml";
    check(
        |folder| edit(folder, questionnaire, |text| text.replacen("was: ", "was: aldri_spurt_", 1)),
        &[questionnaire, "aldri_spurt_"],
    );
}

#[test]
fn a_taken_port_is_named_and_nothing_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("it has an address").to_string();
    let folder = tempdir().expect("a temporary folder");
    let demo = folder.path().join("demo");
    let said = runde(&["demo", "--listen", &address, "--dir", demo.to_str().expect("text")]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains(&address) && said.stderr.contains("--listen"), "{}", said.stderr);
    assert!(!demo.exists(), "a demo that cannot be served was made");
}

#[test]
fn a_folder_of_somebody_elses_is_not_made_a_demo_of() {
    let folder = tempdir().expect("a temporary folder");
    fs::write(folder.path().join("thesis.txt"), "three years of work").expect("it can be written");
    let before = files_under(folder.path());
    let said = runde(&["demo", "--no-serve", "--dir", folder.path().to_str().expect("text")]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("--dir"), "{}", said.stderr);
    assert_eq!(files_under(folder.path()), before);
}

#[test]
fn a_round_that_is_not_there_is_answered_with_those_that_are() {
    let survey = Copy::make();
    let said = runde(&["freeze", survey.name(), "2022"]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("2021, 2023, 2025"), "{}", said.stderr);
}

#[test]
fn wrong_use_has_its_own_status() {
    for arguments in [&["freeze"][..], &["fly"], &["demo", "--seed", "one"]] {
        assert_eq!(runde(arguments).status, Some(2), "{arguments:?}");
    }
}
