//! The tiny surveys, one for each feature: simulated, answered by people, and frozen.

use std::fs;
use std::path::PathBuf;

use super::answering::answer_case;
use super::chromium::{Browser, Person};
use super::field::Field;
use super::frozen::{assert_holds, holds_drawn_answers};
use crate::program::municipal_survey;

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
        let field = Field::drawn(&survey, LEFT);
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
