//! The tiny surveys, one for each feature: simulated, answered by people, and frozen.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use super::answering::answer_case;
use super::chromium::{Browser, Person};
use super::frozen::{assert_holds, data_set, holds_drawn_answers};
use super::{EVENING, NOW, utf8};
use crate::program::{Server, files_under, municipal_survey, runde};

/// The units that people answer for; Oslo's answers are drawn.
const LEFT: [&str; 2] = ["1508", "030101"];
const DRAWN: &str = "0301";

#[tokio::test(flavor = "multi_thread")]
async fn each_tiny_survey_is_drawn_answered_on_a_phone_and_frozen() {
    answer_all(Person::Phone, LEFT[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "full size: every survey once more, by somebody whose browser runs no scripts"]
async fn each_tiny_survey_is_answered_without_scripts() {
    answer_all(Person::DeskWithoutScripts, LEFT[1]).await;
}

async fn answer_all(person: Person, unit: &str) {
    let browser = Browser::start(person).await;
    for survey in tiny_surveys() {
        let field = Field::open(&survey);
        let given = answer_case(&browser, &field.invite(unit)).await;
        println!("{} was answered: {given:?}", field.name);
        let data = field.freeze();
        assert_holds(&data, unit, &given);
        holds_drawn_answers(&data, DRAWN, &field.name);
    }
    browser.quit().await;
}

/// Returns the folders of all surveys but the municipal one.
fn tiny_surveys() -> Vec<PathBuf> {
    let large = municipal_survey();
    let all = large.parent().expect("it lies among the surveys");
    let folders = fs::read_dir(all).expect("the surveys can be listed");
    let folders = folders.map(|entry| entry.expect("the surveys can be listed").path());
    let mut tiny: Vec<PathBuf> =
        folders.filter(|folder| folder.file_name() != large.file_name()).collect();
    tiny.sort();
    tiny
}

/// A tiny survey in the field.
struct Field {
    name: String,
    server: Server,
    folder: TempDir,
}

impl Field {
    /// Copies the survey, draws the answers of Oslo, and serves the rest.
    fn open(survey: &Path) -> Field {
        let folder = tempdir().expect("a temporary folder");
        let name = survey.file_name().unwrap_or_default().display().to_string();
        let copy = folder.path().join(&name);
        for (file, bytes) in files_under(survey) {
            let file = copy.join(file);
            fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
            fs::write(file, bytes).expect("it can be written");
        }
        let left = LEFT.map(|unit| format!("'{unit}'")).join(", ");
        fs::write(
            copy.join("rounds/2025/simulation.yaml"),
            format!("respond: 1\nleave: [{left}]\nsections: {}\n", all_of_them(&copy)),
        )
        .expect("it can be written");
        let drawn = runde(&["simulate", utf8(&copy), "2025", "--at", NOW, "--quiet"]);
        assert_eq!(drawn.status, Some(0), "{}: {}", survey.display(), drawn.stderr);
        let arguments = ["serve", utf8(&copy), "--at", NOW, "--listen", "127.0.0.1:0"];
        let server = Server::start(&arguments, "Serving on");
        Field { name, server, folder }
    }

    fn survey(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    fn invite(&self, unit: &str) -> String {
        let address = self.server.said_after("Serving on").trim_end_matches(['/', ',']);
        let survey = self.survey();
        let rest = ["--email", "post@kommune.example", "--base-url", address, "--at", NOW];
        let arguments = [&["invite", utf8(&survey), "2025", unit][..], &rest].concat();
        let invited = runde(&arguments);
        assert_eq!(invited.status, Some(0), "{}: {}", self.name, invited.stderr);
        invited.stdout.trim().to_owned()
    }

    fn freeze(&self) -> dataset::DataSet {
        let (survey, out) = (self.survey(), self.folder.path().join("frozen"));
        let frozen =
            runde(&["freeze", utf8(&survey), "2025", "--out", utf8(&out), "--at", EVENING]);
        assert_eq!(frozen.status, Some(0), "{}: {}", self.name, frozen.stderr);
        data_set(&out.join("2025"))
    }
}

/// Returns what makes the drawn answers hand in every section.
fn all_of_them(survey: &Path) -> String {
    let text = fs::read_to_string(survey.join("rounds/2025/questionnaire.yaml"))
        .expect("the questionnaire can be read");
    let ids = text.lines().filter_map(|line| line.strip_prefix("  - id: "));
    let sections: Vec<String> = ids.map(|id| format!("{id}: 100")).collect();
    format!("{{ {} }}", sections.join(", "))
}
