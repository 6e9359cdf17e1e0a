//! The tiny surveys, one for each feature: simulated, answered by people, and frozen.
//!
//! A walk that knows nothing but what the pages say answers all of them without scripts and without a
//! screen, in a browser that does no more than send forms. Chromium, on a phone, takes the same walk
//! through those that have something of their own to show.

use std::fs;
use std::path::{Path, PathBuf};

use super::answering::answer_case;
use super::chromium::{Browser, Person};
use super::field::Field;
use super::frozen::{assert_holds, holds_drawn_answers};
use super::plain::PlainBrowser;
use super::visitor::Visitor;
use crate::program::municipal_survey;

/// The units that people answer for; Oslo's answers are drawn.
const LEFT: [&str; 2] = ["1508", "030101"];
const DRAWN: &str = "0301";

/// Surveys whose pages show nothing that another's do not: what they are about is which questions come,
/// what is refused, or what stands in the data.
const ALIKE: [&str; 36] = [
    "calculate_class",
    "check_error",
    "check_rows",
    "check_sections",
    "check_today",
    "consent_required",
    "dates_compared",
    "exclusive",
    "last_piped",
    "negative_numbers",
    "one_language",
    "order_random",
    "order_sorted",
    "piping_dates",
    "piping_numbers",
    "release",
    "repeat_all",
    "repeat_count",
    "repeat_last",
    "required",
    "roles",
    "routing_all",
    "routing_and",
    "routing_any",
    "routing_chain",
    "routing_count",
    "routing_dates",
    "routing_in",
    "routing_missing",
    "routing_numbers",
    "routing_or",
    "routing_row",
    "routing_sum",
    "routing_unit",
    "trend_not_comparable",
    "trend_split",
];

#[tokio::test(flavor = "multi_thread")]
async fn each_tiny_survey_that_looks_like_no_other_is_answered_on_a_phone() {
    answer_in_chromium(Person::Phone, LEFT[0], |survey| !ALIKE.contains(&survey)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tiny_survey_is_drawn_answered_without_scripts_and_frozen() {
    let surveys = tiny_surveys();
    let known = |name: &str| surveys.iter().any(|survey| survey.ends_with(name));
    assert!(ALIKE.iter().all(|name| known(name)), "a survey of the list is not there");
    for survey in &surveys {
        answer(&mut PlainBrowser::new(), survey, LEFT[1]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "full size: every survey once more, in a Chromium that runs no scripts"]
async fn each_tiny_survey_is_answered_in_chromium_without_scripts() {
    answer_in_chromium(Person::DeskWithoutScripts, LEFT[1], |_| true).await;
}

async fn answer_in_chromium(person: Person, unit: &str, shows: fn(&str) -> bool) {
    let mut browser = Browser::start(person).await;
    for survey in tiny_surveys() {
        let name = survey.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if shows(name) {
            answer(&mut browser, &survey, unit).await;
        }
    }
    browser.quit().await;
}

/// Answers a survey for a unit, and checks that the data of all units are what was given.
async fn answer(visitor: &mut impl Visitor, survey: &Path, unit: &str) {
    let field = Field::drawn(survey, LEFT);
    let given = answer_case(visitor, &field.invite(unit)).await;
    println!("{} was answered: {given:?}", field.name);
    let data = field.freeze();
    assert_holds(&data, unit, &given);
    holds_drawn_answers(&data, DRAWN, &field.name);
}

/// Returns the folders of all surveys but the municipal one.
fn tiny_surveys() -> Vec<PathBuf> {
    let large = municipal_survey();
    let all = large.parent().expect("it lies among the surveys");
    let entries = fs::read_dir(all).expect("the surveys can be listed");
    let paths = entries.map(|entry| entry.expect("the surveys can be listed").path());
    let mut tiny: Vec<PathBuf> =
        paths.filter(|path| path.is_dir() && path.file_name() != large.file_name()).collect();
    tiny.sort();
    tiny
}
