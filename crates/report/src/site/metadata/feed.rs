//! A feed of reports and corrections, in Atom: for those who want to know when something is new.

use askama::Template;
use instrument::{Hash, Lang, Survey};
use jiff::civil::Date;

use super::{absolute, published};
use crate::site::furniture::Furniture;
use crate::site::round::Composed;
use crate::site::{Site, language_folder};
use crate::words::Words;

/// The name of the file, in the folder of its language.
pub(in crate::site) const FILE: &str = "feed.xml";

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    lang: String,
    id: String,
    title: String,
    owner: String,
    /// The address of the feed itself, where it is known.
    address: Option<String>,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    href: String,
    updated: Date,
    summary: String,
}

/// Writes a feed in each language of the survey.
pub(super) fn write(survey: &Survey, rounds: &[Composed<'_>], site: &mut Site) {
    for words in survey.languages.iter().filter_map(|lang| Words::of(*lang)) {
        let folder = language_folder(survey, words.lang);
        let feed = feed(survey, rounds, words);
        let xml = feed.render().expect("writing to memory does not fail");
        site.files.insert(format!("{folder}{FILE}"), xml.into_bytes());
    }
}

fn feed(survey: &Survey, rounds: &[Composed<'_>], words: &Words) -> Feed {
    let lang = words.lang;
    let mut entries: Vec<Entry> =
        rounds.iter().flat_map(|round| entries(survey, round, lang)).collect();
    entries.sort_by(|a, b| b.updated.cmp(&a.updated).then(a.id.cmp(&b.id)));
    let newest = entries.first().map_or(Date::constant(1970, 1, 1), |entry| entry.updated);
    let own = format!("{}{FILE}", language_folder(survey, lang));
    Feed {
        lang: lang.to_string(),
        id: identity(survey, &own),
        title: survey.title.get(lang).to_owned(),
        owner: survey.owner.get(lang).to_owned(),
        address: survey.address.as_ref().map(|_| absolute(survey, &own)),
        updated: newest.to_string(),
        entries,
    }
}

/// The report of a round, and each of its corrections.
fn entries(survey: &Survey, round: &Composed<'_>, lang: Lang) -> Vec<Entry> {
    let Some((written_in, document)) = round.report(lang) else { return vec![] };
    let page = format!("{}/{}index.html", round.id(), language_folder(survey, written_in.lang));
    let up = if language_folder(survey, lang).is_empty() { "" } else { "../" };
    let href = match &survey.address {
        Some(_) => absolute(survey, &page),
        None => format!("{up}{page}"),
    };
    let furniture = Furniture::of(lang);
    let simulated =
        if round.simulated() { format!("{} – ", furniture.simulated) } else { String::new() };
    let report = Entry {
        id: identity(survey, &page),
        title: format!("{simulated}{}", document.title),
        href: href.clone(),
        updated: published(round),
        summary: document.introduction.clone(),
    };
    let corrections =
        round.figures.plan.corrections.iter().enumerate().map(|(place, correction)| Entry {
            id: identity(survey, &format!("{page}#correction-{}", place + 1)),
            title: format!("{}: {}", furniture.correction, document.title),
            href: format!("{href}#corrections"),
            updated: correction.date,
            summary: correction.reason.get(lang).to_owned(),
        });
    std::iter::once(report).chain(corrections).collect()
}

/// Returns a name that stays the same wherever the site lies: readers of feeds know entries by it.
fn identity(survey: &Survey, path: &str) -> String {
    let hash = Hash::of(format!("{}\n{path}", survey.id)).to_string();
    let part = |from: usize, to: usize| &hash[from..to];
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 30)
    )
}
