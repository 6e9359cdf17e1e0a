//! People answer in Chromium, and their answers are in the next freeze.

mod answering;
mod around;
mod chromium;
mod driving;
mod field;
mod frozen;
mod hands;
mod html;
mod look;
mod pictures;
mod plain;
mod tiny;
mod visitor;

use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use crate::program::{Server, runde};
use answering::{Given, answer_case};
use around::{
    go_astray, look_back, look_in_other_languages, read_site, say_what_was_found, search_units,
    watch_as_staff,
};
use chromium::{Browser, Person};
use frozen::{assert_all_kinds, assert_holds, data_set, untouched_district};

/// Ålesund, for which the demo hands out a link.
const ALESUND: &str = "1508";
/// The time of the demo.
const NOW: &str = "2025-11-03T09:00:00+01:00";
/// The evening of that day.
const EVENING: &str = "2025-11-03T23:00:00+01:00";

/// A demo that serves.
struct Demo {
    server: Server,
    folder: TempDir,
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_answer_whole_cases_and_the_next_freeze_holds_their_answers() {
    let demo = Demo::start();
    let district = untouched_district(&data_set(&demo.folder.path().join("data/2025")));
    let link = demo.invite(&district);
    let (by_alesund, by_district) = tokio::join!(
        // Ålesund was split: what it answered in 2023 is not its own any more.
        answer(Person::DeskWithoutScripts, demo.said("Answer for Ålesund"), false),
        answer(Person::Phone, &link, true),
    );
    tokio::join!(look_around(&demo, Person::Desk), look_around(&demo, Person::Phone));

    let (survey, out) = (demo.survey(), demo.folder.path().join("frozen"));
    demo.server.stop();
    let frozen = runde(&["freeze", utf8(&survey), "2025", "--out", utf8(&out), "--at", EVENING]);
    assert_eq!(frozen.status, Some(0), "{}", frozen.stderr);
    let data = data_set(&out.join("2025"));
    assert_holds(&data, ALESUND, &by_alesund);
    assert_holds(&data, &district, &by_district);
    assert_all_kinds(&data, &by_alesund);
    assert_all_kinds(&data, &by_district);
    assert!(by_alesund.len() >= 45, "the questionnaire has 45 questions: {by_alesund:?}");
}

/// Answers a case, then looks at what was answered in the round before, if it `was_there`.
async fn answer(person: Person, link: &str, was_there: bool) -> Given {
    let mut browser = Browser::start(person).await;
    let given = answer_case(&mut browser, link).await;
    look_in_other_languages(&browser).await;
    let here = browser.driver.current_url().await.expect("a page is open");
    let case: Vec<&str> = here.path().split('/').take(4).collect();
    let case = format!("{}{}", here.origin().ascii_serialization(), case.join("/"));
    look_back(&browser, &case, was_there).await;
    browser.quit().await;
    given
}

/// Looks at the pages that nobody answers on: those of readers, of the staff, and of mistakes.
async fn look_around(demo: &Demo, person: Person) {
    let browser = Browser::start(person).await;
    read_site(&browser, demo.address()).await;
    say_what_was_found(&browser, demo.address()).await;
    search_units(&browser, demo.address()).await;
    go_astray(&browser, demo.address()).await;
    watch_as_staff(&browser, demo.address(), demo.password()).await;
    browser.quit().await;
}

impl Demo {
    fn start() -> Demo {
        let folder = tempdir().expect("a temporary folder");
        let arguments = ["demo", "--dir", utf8(folder.path()), "--listen", "127.0.0.1:0"];
        let server = Server::start(&arguments, "runde serve");
        Demo { server, folder }
    }

    fn survey(&self) -> PathBuf {
        self.folder.path().join("kommuneundersokelsen")
    }

    fn said(&self, label: &str) -> &str {
        self.server.said_after(label)
    }

    fn address(&self) -> &str {
        self.said("Read the reports").trim_end_matches('/')
    }

    fn password(&self) -> &str {
        let told = self.server.said.iter().find_map(|line| line.split_once("password "));
        told.expect("the demo tells the password").1.trim_end_matches(')')
    }

    /// Makes a link for the coordinator of `unit`, beside the server that is running.
    fn invite(&self, unit: &str) -> String {
        let survey = self.survey();
        let invited = runde(&[
            "invite",
            utf8(&survey),
            "2025",
            unit,
            "--email",
            "post@bydel.example",
            "--lang",
            "nn",
            "--base-url",
            self.address(),
            "--at",
            NOW,
        ]);
        assert_eq!(invited.status, Some(0), "{}", invited.stderr);
        invited.stdout.trim().to_owned()
    }
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("the name of a temporary folder is text")
}
