//! What programs read of the publication: a feed of reports and corrections, a description of each
//! data set for search engines and for data catalogues, and the list of pages.
//!
//! Addresses are relative to where a file lies, unless the survey says where it is published.

mod catalogue;
mod feed;
mod schema_org;
mod sitemap;

use instrument::{Lang, Survey, Text};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::round::Composed;
use super::{PublicationInput, Site};

/// Writes the files for programs; the last of all, since one of them lists the others.
pub(super) fn write(input: &PublicationInput<'_>, rounds: &[Composed<'_>], site: &mut Site) {
    for round in rounds {
        let name = format!("{}/{}", round.id(), schema_org::FILE);
        site.files.insert(name, schema_org::dataset(input.survey, round).into_bytes());
    }
    feed::write(input.survey, rounds, site);
    site.files.insert(catalogue::FILE.to_owned(), catalogue::write(input.survey, rounds));
    if let Some(address) = &input.survey.address {
        let list = sitemap::write(address, rounds, site);
        site.files.insert(sitemap::FILE.to_owned(), list);
    }
}

pub(super) use feed::FILE as FEED;
pub(super) use schema_org::FILE as DATASET;

/// Returns the day on which a round was published: the end of its embargo, or else the day on which
/// its data were frozen.
fn published(round: &Composed<'_>) -> Date {
    let frozen = round.figures.now.data.provenance.frozen_at.to_zoned(TimeZone::UTC).date();
    round.figures.plan.embargo.unwrap_or(frozen)
}

/// Returns what a data set is called in a language.
fn dataset_title(survey: &Survey, round: &Composed<'_>, lang: Lang) -> String {
    format!("{} {}", survey.title.get(lang), round.id())
}

/// Returns what a data set is, in a language. That answers are simulated is said first.
fn description(round: &Composed<'_>, lang: Lang) -> String {
    let counts = round.figures.now.data.dispositions();
    let (invited, answered) = (counts.invited(), counts.answered());
    let furniture = super::furniture::Furniture::of(lang);
    let simulated = match round.simulated() {
        true => format!("{}. {} ", furniture.simulated, furniture.simulated_means),
        false => String::new(),
    };
    let what = if lang == Lang::EN {
        format!("Answers and distributions: {answered} of {invited} invited units answered.")
    } else if lang == Lang::NN {
        format!("Svar og fordelingar: {answered} av {invited} inviterte einingar svara.")
    } else {
        format!("Svar og fordelinger: {answered} av {invited} inviterte enheter svarte.")
    };
    format!("{simulated}{what}")
}

/// Returns the media type of a file, by the end of its name.
fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("parquet") => "application/vnd.apache.parquet",
        Some("pdf") => "application/pdf",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
}

/// Returns an address below the survey's own, or relative to the root of the site.
fn absolute(survey: &Survey, path: &str) -> String {
    match &survey.address {
        Some(address) => format!("{}/{path}", address.trim_end_matches('/')),
        None => path.to_owned(),
    }
}

/// Returns the languages of a text that the survey has.
fn translations<'a>(survey: &'a Survey, text: &'a Text) -> Vec<(Lang, &'a str)> {
    survey.languages.iter().map(|lang| (*lang, text.get(*lang))).collect()
}
