//! `runde files`: what was handed over arrives whole, by unit, and nothing is written over.

use std::fs;
use std::path::Path;

use instrument::{FileType, Hash};
use tempfile::tempdir;

use crate::program::{Finished, files_under, municipal_survey, runde};

const AT: &str = "2025-11-03T09:00:00+01:00";

/// Copies the survey of files, and draws the answers of all of its units.
fn drawn(folder: &Path) -> String {
    let survey = municipal_survey().with_file_name("file");
    let copy = folder.join("file");
    for (file, bytes) in files_under(&survey) {
        let file = copy.join(file);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(file, bytes).expect("it can be written");
    }
    let simulation = "respond: 3\nsections: { del: 100 }\nitem_nonresponse: 0\n";
    fs::write(copy.join("rounds/2025/simulation.yaml"), simulation).expect("it can be written");
    let copy = copy.to_str().expect("the path is text").to_owned();
    let simulated = runde(&["simulate", &copy, "2025", "--at", AT, "--quiet"]);
    assert_eq!(simulated.status, Some(0), "{}", simulated.stderr);
    copy
}

fn files(survey: &str, out: &Path, rest: &[&str]) -> Finished {
    let out = out.to_str().expect("the path is text");
    runde(&[&["files", survey, "2025", "--out", out, "--at", AT], rest].concat())
}

#[test]
fn what_was_handed_over_arrives_whole_by_unit() {
    let folder = tempdir().expect("a temporary folder");
    let survey = drawn(folder.path());
    let out = folder.path().join("out");
    for _ in 0..2 {
        let written = files(&survey, &out, &[]);
        assert_eq!(written.status, Some(0), "{}", written.stderr);
        assert!(written.stderr.starts_with("6 files of 3 units"), "{}", written.stderr);
    }
    for unit in ["0301", "030101", "1508"] {
        for (name, kind) in
            [("plan eksempel.pdf", FileType::Pdf), ("tall eksempel.xlsx", FileType::Xlsx)]
        {
            let file = fs::read(out.join(unit).join(name)).expect("it was written");
            assert!(file == kind.example(), "{unit} {name}");
        }
    }
    assert_eq!(files_under(&out).len(), 7, "six files and their list");
    let list = fs::read_to_string(out.join("files.csv")).expect("it was written");
    let hash = Hash::of(FileType::Pdf.example());
    let bytes = FileType::Pdf.example().len();
    let line = format!("1508,Ålesund,plan,1508/plan eksempel.pdf,{bytes},pdf,{hash},");
    assert!(list.lines().any(|own| own.starts_with(&line) && own.ends_with(",yes")), "{list}");
}

#[test]
fn other_files_are_not_written_over_and_other_questions_are_refused() {
    let folder = tempdir().expect("a temporary folder");
    let survey = drawn(folder.path());
    let out = folder.path().join("out");
    let written = files(&survey, &out, &["--question", "plan"]);
    assert!(written.stderr.starts_with("3 files of 3 units"), "{}", written.stderr);
    let own = out.join("1508/plan eksempel.pdf");
    fs::write(&own, "mine").expect("it can be written");
    let refused = files(&survey, &out, &[]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("is there already and is another file"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(own).expect("it is there"), "mine");
    let refused = files(&survey, &out, &["--question", "merknad"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("no file in a question `merknad`"), "{}", refused.stderr);
}
