//! A page for each topic: what the reports state of it, round beside round, and what became of it.
//!
//! A topic is a section of the questionnaire. Its page rests on the ledgers of the reports, so that it
//! says nothing that no report says.

mod history;
mod words;

use askama::Template;
use instrument::{Lang, SectionId};

use super::furniture::Furniture;
use super::page::{Alternate, Frame};
use super::round::Composed;
use super::{PublicationInput, Site, language_folder};
use crate::chart::{Chart, ChartKind, Layout, Pair};
use crate::figures::Figure;
use crate::ledger::Key;
use crate::words::Words;
use history::{Line, histories};
use words::TopicWords;

/// The folder of the pages, below that of their language.
const FOLDER: &str = "topics";

/// How many changes the chart shows at most.
const CHART: usize = 8;

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    frame: Frame,
    f: &'static Furniture,
    w: &'static TopicWords,
    title: &'a str,
    /// The rounds that have a report, with its address.
    reports: Vec<(String, String)>,
    chart: Option<TopicChart>,
    questions: Vec<Question>,
    others: Vec<TopicLink>,
    credits: &'a str,
}

/// What became of the topic since the round before.
struct TopicChart {
    title: String,
    wide: String,
    narrow: String,
}

/// A question of the topic.
struct Question {
    id: String,
    title: String,
    rounds: Vec<String>,
    /// Whether anything is said of change.
    is_compared: bool,
    rows: Vec<Row>,
}

/// An answer, round by round.
struct Row {
    label: String,
    /// For each round the figure, where a report states it.
    figures: Vec<Option<Cell>>,
    /// What is said of the change between the last two rounds.
    verdict: Option<String>,
}

/// A figure, and the address of its row where the report in this language states it too.
struct Cell {
    value: String,
    href: Option<String>,
}

/// A topic in a list.
#[derive(Clone)]
pub(super) struct TopicLink {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// A topic of the newest round that has something to say of it.
struct Topic<'a> {
    id: &'a SectionId,
    title: &'a str,
}

/// Writes the pages of all topics in every language of the survey. `rounds` come with the newest
/// first.
pub(super) fn write(input: &PublicationInput<'_>, rounds: &[Composed<'_>], site: &mut Site) {
    for words in input.survey.languages.iter().filter_map(|lang| Words::of(*lang)) {
        let topics = topics(rounds, words.lang);
        for place in 0..topics.len() {
            let page = page((input, rounds, words), &topics, place);
            let html = page.render().expect("writing to memory does not fail");
            let folder = language_folder(input.survey, words.lang);
            site.files.insert(format!("{folder}{}", address(topics[place].id)), html.into_bytes());
        }
    }
}

/// Returns the topics with their addresses from the front page of a language.
pub(super) fn links(rounds: &[Composed<'_>], lang: Lang) -> Vec<TopicLink> {
    let link = |topic: Topic<'_>| TopicLink {
        title: topic.title.to_owned(),
        href: address(topic.id),
        current: false,
    };
    topics(rounds, lang).into_iter().map(link).collect()
}

fn address(topic: &SectionId) -> String {
    format!("{FOLDER}/{topic}.html")
}

/// Returns the sections of the newest round of which some report states a figure, in order.
fn topics<'a>(rounds: &'a [Composed<'_>], lang: Lang) -> Vec<Topic<'a>> {
    let Some(newest) = rounds.first() else { return vec![] };
    let mut sections: Vec<&SectionId> = vec![];
    for variable in &newest.figures.now.data.variables {
        if !sections.contains(&&variable.section) {
            sections.push(&variable.section);
        }
    }
    let told = |section: &&SectionId| !histories(rounds, section, lang).is_empty();
    sections
        .into_iter()
        .filter(told)
        .map(|id| {
            let sections = newest.input.instrument.map_or(&[][..], |i| i.sections.as_slice());
            let section = sections.iter().find(|section| section.id == *id);
            Topic { id, title: section.map_or(id.as_str(), |section| section.title.get(lang)) }
        })
        .collect()
}

fn page<'a>(
    (input, rounds, words): (&'a PublicationInput<'_>, &'a [Composed<'_>], &'static Words),
    topics: &[Topic<'a>],
    place: usize,
) -> TopicPage<'a> {
    let topic = &topics[place];
    let lines = histories(rounds, topic.id, words.lang);
    let w = TopicWords::of(words.lang);
    let report = |round: &Composed<'_>| {
        let (written_in, _) = round.report(words.lang)?;
        let folder = language_folder(input.survey, written_in.lang);
        Some((
            round.id().to_string(),
            format!("{}{}/{folder}index.html", up(input, words), round.id()),
        ))
    };
    TopicPage {
        frame: frame((input, rounds, words), topic),
        f: Furniture::of(words.lang),
        w,
        title: topic.title,
        reports: rounds.iter().filter_map(report).collect(),
        chart: chart(&lines, w, words),
        questions: questions((input, rounds, words), &lines),
        others: topics
            .iter()
            .enumerate()
            .map(|(other, topic)| TopicLink {
                title: topic.title.to_owned(),
                href: format!("{}.html", topic.id),
                current: other == place,
            })
            .collect(),
        credits: input.survey.credits.get(words.lang),
    }
}

/// Draws the changes that the newest report tells, the surest first.
fn chart(lines: &[Line], w: &TopicWords, words: &Words) -> Option<TopicChart> {
    let mut pairs: Vec<Pair> = lines
        .iter()
        .filter_map(|line| {
            let change = line.change.clone()?;
            Some(Pair { label: format!("{} {}", line.question, line.answer), change })
        })
        .collect();
    pairs.truncate(CHART);
    let change = &pairs.first()?.change;
    let title = w.changed(change.before.round, change.after.round);
    let chart = Chart { title, question: String::new(), kind: ChartKind::Changes(pairs) };
    let draw = |layout| chart.draw(layout, "change", words);
    let (wide, narrow) = (draw(Layout::Wide), draw(Layout::Narrow));
    Some(TopicChart { title: chart.title, wide, narrow })
}

fn questions(
    (input, rounds, words): (&PublicationInput<'_>, &[Composed<'_>], &Words),
    lines: &[Line],
) -> Vec<Question> {
    let of_question = lines.chunk_by(|a, b| a.question == b.question);
    of_question
        .enumerate()
        .map(|(place, lines)| {
            let mut years: Vec<_> =
                lines.iter().flat_map(|line| line.figures.keys().copied()).collect();
            years.sort();
            years.dedup();
            let row = |line: &Line| {
                let cell = |year| {
                    let (figure, stated_in) = line.figures.get(&year)?;
                    let round = &rounds[*stated_in];
                    let href = report_of(figure, (input, round, words));
                    Some(Cell { value: words.short_figure(figure), href })
                };
                Row {
                    label: line.answer.clone(),
                    figures: years.iter().map(|year| cell(*year)).collect(),
                    verdict: line.verdict(words),
                }
            };
            let rows: Vec<Row> = lines.iter().map(row).collect();
            Question {
                id: format!("question-{}", place + 1),
                title: lines[0].question.clone(),
                rounds: years.iter().map(ToString::to_string).collect(),
                is_compared: rows.iter().any(|row| row.verdict.is_some()),
                rows,
            }
        })
        .collect()
}

/// Returns the address of a figure's row in the report that states it, in the language of the page or
/// else in the first.
fn report_of(
    figure: &Figure,
    (input, round, words): (&PublicationInput<'_>, &Composed<'_>, &Words),
) -> Option<String> {
    let (written_in, document) = round.report(words.lang)?;
    let key = Key::of(figure);
    let folder = language_folder(input.survey, written_in.lang);
    let page = format!("{}{}/{folder}index.html", up(input, words), round.id());
    document.ledger.states(&key).then(|| format!("{page}#{}", key.anchor()))
}

/// Returns the way from a page of a topic to the root of the site.
fn up(input: &PublicationInput<'_>, words: &Words) -> &'static str {
    if language_folder(input.survey, words.lang).is_empty() { "../" } else { "../../" }
}

fn frame(
    (input, rounds, words): (&PublicationInput<'_>, &[Composed<'_>], &Words),
    topic: &Topic<'_>,
) -> Frame {
    let survey = input.survey;
    let up = up(input, words);
    let languages = survey.languages.iter().filter_map(|lang| Words::of(*lang));
    let alternates = languages.map(|other| Alternate {
        lang: other.lang.to_string(),
        name: other.name,
        href: format!("{up}{}{}", language_folder(survey, other.lang), address(topic.id)),
        current: other.lang == words.lang,
    });
    Frame {
        lang: words.lang.to_string(),
        title: topic.title.to_owned(),
        survey: survey.title.get(words.lang).to_owned(),
        owner: survey.owner.get(words.lang).to_owned(),
        style: format!("{up}{}", super::style_file()),
        feed: format!("../{}", super::metadata::FEED),
        dataset: None,
        home: Some("../index.html".to_owned()),
        simulated: rounds.iter().any(Composed::simulated),
        alternates: alternates.collect(),
        up_to_round: String::new(),
    }
}
