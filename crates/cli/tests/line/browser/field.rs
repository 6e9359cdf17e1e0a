//! A survey that is served from a copy of its folder, for people to answer.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use super::frozen::data_set;
use super::{EVENING, NOW, utf8};
use crate::program::{Server, files_under, runde};

/// When the last round was in the field.
const THEN: &str = "2023-11-03T09:00:00+01:00";

/// A survey in the field.
pub(crate) struct Field {
    pub(crate) name: String,
    server: Server,
    folder: TempDir,
}

impl Field {
    /// Copies a survey and serves it; nobody has answered.
    pub(crate) fn begin(survey: &Path) -> Field {
        let folder = copied(survey);
        Field::serve(survey, folder)
    }

    /// Copies a tiny survey, draws the answers of all units but those of `left`, and serves the
    /// rest.
    pub(crate) fn drawn(survey: &Path, left: [&str; 2]) -> Field {
        let folder = copied(survey);
        let copy = folder.path().join(name(survey));
        if copy.join("rounds/2023").is_dir() {
            draw(&copy, "2023", &[], THEN);
        }
        draw(&copy, "2025", &left, NOW);
        Field::serve(survey, folder)
    }

    fn serve(survey: &Path, folder: TempDir) -> Field {
        let (name, copy) = (name(survey), folder.path().join(name(survey)));
        let arguments = ["serve", utf8(&copy), "--at", NOW, "--listen", "127.0.0.1:0"];
        let server = Server::start(&arguments, "Serving on");
        Field { name, server, folder }
    }

    fn survey(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// Returns a link for the coordinator of a unit.
    pub(crate) fn invite(&self, unit: &str) -> String {
        let address = self.server.said_after("Serving on").trim_end_matches(['/', ',']);
        let survey = self.survey();
        let rest = ["--email", "post@kommune.example", "--base-url", address, "--at", NOW];
        let arguments = [&["invite", utf8(&survey), "2025", unit][..], &rest].concat();
        let invited = runde(&arguments);
        assert_eq!(invited.status, Some(0), "{}: {}", self.name, invited.stderr);
        invited.stdout.trim().to_owned()
    }

    /// Returns what has been answered.
    pub(crate) fn freeze(&self) -> dataset::DataSet {
        let (survey, out) = (self.survey(), self.folder.path().join("frozen"));
        let frozen =
            runde(&["freeze", utf8(&survey), "2025", "--out", utf8(&out), "--at", EVENING]);
        assert_eq!(frozen.status, Some(0), "{}: {}", self.name, frozen.stderr);
        data_set(&out.join("2025"))
    }
}

/// Draws the answers of a round, of all units but those of `left`.
fn draw(survey: &Path, round: &str, left: &[&str], at: &str) {
    let folder = survey.join("rounds").join(round);
    let mut settings = format!("respond: 1\nsections: {}\n", all_of_them(&folder));
    if !left.is_empty() {
        let left: Vec<String> = left.iter().map(|unit| format!("'{unit}'")).collect();
        settings += &format!("leave: [{}]\n", left.join(", "));
    }
    fs::write(folder.join("simulation.yaml"), settings).expect("it can be written");
    let drawn = runde(&["simulate", utf8(survey), round, "--at", at, "--quiet"]);
    assert_eq!(drawn.status, Some(0), "{} {round}: {}", survey.display(), drawn.stderr);
}

fn name(survey: &Path) -> String {
    survey.file_name().unwrap_or_default().display().to_string()
}

/// Copies a survey into a folder that is gone with the test.
fn copied(survey: &Path) -> TempDir {
    let folder = tempdir().expect("a temporary folder");
    let copy = folder.path().join(name(survey));
    for (file, bytes) in files_under(survey) {
        let file = copy.join(file);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(file, bytes).expect("it can be written");
    }
    folder
}

/// Returns what makes the drawn answers hand in every section of a round.
fn all_of_them(round: &Path) -> String {
    let text = fs::read_to_string(round.join("questionnaire.yaml"))
        .expect("the questionnaire can be read");
    let ids = text.lines().filter_map(|line| line.strip_prefix("  - id: "));
    let sections: Vec<String> = ids.map(|id| format!("{id}: 100")).collect();
    format!("{{ {} }}", sections.join(", "))
}
