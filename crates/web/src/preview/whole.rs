//! The whole questionnaire on one page: every question with its routing in words, its options and
//! its checks, to print or to send round for comment.

use askama::Template;
use instrument::expression::{in_words, number_of};
use instrument::{
    Choice, Condition, Instrument, Kind, Lang, Level, Order, Question, Row, Survey, Text,
};

use super::words::{Words, words};
use crate::markup::{self, Html};
use crate::ui::ui;

#[derive(Template)]
#[template(path = "preview/whole.html")]
struct Page {
    lang: Lang,
    title: String,
    owner: String,
    round: String,
    css: String,
    /// The script that loads the page again when a file is saved.
    script: Option<(String, String)>,
    words: &'static Words,
    sections: Vec<SectionView>,
    terms: Vec<(Html, Html)>,
}

struct SectionView {
    title: Html,
    role: String,
    intro: Option<Html>,
    shown_when: Option<String>,
    questions: Vec<QuestionView>,
}

struct QuestionView {
    id: String,
    /// Whether it is asked of each row of a list.
    inside: bool,
    /// What a row of a list is called, and how many there can be.
    each: Option<String>,
    number: Option<usize>,
    kind: String,
    text: Html,
    instruction: Option<Html>,
    help: Option<Html>,
    /// Code, text, and when it is offered.
    rows: Vec<(String, Html, Option<String>)>,
    options: Vec<(String, Html, Option<String>)>,
    /// How many more options a long list has.
    more: usize,
    /// In what order they are shown, where it is not this one.
    order: &'static str,
    /// How the value is calculated, or what the parts sum to.
    formula: Option<(&'static str, String)>,
    /// How hard an answer is asked for; empty where it is not.
    demand: &'static str,
    /// What asks for the reason of an answer that a warning fires at.
    reason: Option<Html>,
    /// What it is filled in with for those who ask for it.
    prefill: Option<(&'static str, String)>,
    shown_when: Option<String>,
    checks: Vec<CheckView>,
    since: Option<String>,
}

/// The most options of a long list that are written out.
const LISTED: usize = 5;

struct CheckView {
    label: &'static str,
    when: String,
    message: Html,
}

/// What the page lies beside.
pub struct Around<'a> {
    /// The address of the stylesheet.
    pub css: &'a str,
    /// The address of the script and the version that it watches; none in a page that is sent round.
    pub script: Option<(&'a str, &'a str)>,
}

/// Returns the page of a whole questionnaire in `lang`.
pub fn whole(
    survey: &Survey,
    instrument: &Instrument,
    lang: Lang,
    around: &Around<'_>,
) -> Result<String, askama::Error> {
    let with = Writer { survey, instrument, lang, words: words(lang) };
    let page = Page {
        lang,
        title: survey.title.plain(lang),
        owner: survey.owner.plain(lang),
        round: instrument.round.to_string(),
        css: around.css.to_owned(),
        script: around.script.map(|(address, version)| (address.to_owned(), version.to_owned())),
        words: with.words,
        sections: (0..instrument.sections.len()).map(|index| with.section(index)).collect(),
        terms: instrument
            .terms
            .iter()
            .map(|term| (with.line(&term.text), with.paragraphs(&term.definition)))
            .collect(),
    };
    page.render()
}

/// Returns the stylesheet that the page is read with.
pub fn stylesheet() -> &'static str {
    crate::assets::CSS
}

struct Writer<'a> {
    survey: &'a Survey,
    instrument: &'a Instrument,
    lang: Lang,
    words: &'static Words,
}

impl Writer<'_> {
    fn section(&self, index: usize) -> SectionView {
        let section = &self.instrument.sections[index];
        let questions = section.pages.iter().flat_map(|page| page.questions.clone());
        SectionView {
            title: self.line(&section.title),
            role: self.survey.role_title(&section.role, self.lang).to_owned(),
            intro: section.intro.as_ref().map(|intro| self.paragraphs(intro)),
            shown_when: section.show_if.as_ref().map(|condition| self.say(&condition.source)),
            questions: questions
                .map(|q| &self.instrument.questions[q])
                .filter(|question| question.is_first_of_rows())
                .map(|question| self.question(question))
                .collect(),
        }
    }

    fn question(&self, question: &Question) -> QuestionView {
        let listing = &question.listing;
        // That a file was handed over is an option of the data set, which nobody reads in a form.
        let options = match &question.kind {
            Kind::File(_) => &[],
            kind => kind.options(),
        };
        let options = options.iter().enumerate();
        let rows = question.kind.rows().iter().enumerate();
        let row = |(place, row): (usize, &Row)| {
            (row.code.to_string(), self.line(&row.text), self.offered(&listing.rows, place))
        };
        let listed = matches!(question.kind, Kind::SelectOne { listed: true, .. });
        let most = if listed { LISTED } else { usize::MAX };
        let option = |(place, option): (usize, &Choice)| {
            (
                option.code.to_string(),
                self.line(&option.text),
                self.offered(&listing.options, place),
            )
        };
        QuestionView {
            id: question.row.as_ref().map_or(&question.id, |of| &of.name).to_string(),
            inside: question.row.is_some(),
            each: self.each(question),
            number: number_of(self.instrument, question),
            kind: match &question.kind {
                Kind::Grid { several: true, .. } => self.words.several_in_rows.to_owned(),
                Kind::File(rule) => {
                    let rule = ui(self.lang).file_rule(rule);
                    format!("{}: {}", self.words.kind("file"), rule.trim_end_matches('.'))
                }
                kind => self.words.kind(kind.name()).to_owned(),
            },
            text: self.line(&question.text),
            instruction: question.instruction.as_ref().map(|text| self.line(text)),
            help: question.help.as_ref().map(|text| self.paragraphs(text)),
            rows: rows.map(row).collect(),
            options: options.take(most).map(option).collect(),
            more: question.kind.options().len().saturating_sub(most),
            order: match listing.order {
                Order::Fixed => "",
                Order::Sorted => self.words.sorted,
                Order::Random => self.words.random,
            },
            formula: self.formula(question),
            demand: match (question.required, question.asked_to_answer) {
                (true, _) => self.words.required,
                (false, true) => self.words.asked_to_answer,
                (false, false) => "",
            },
            reason: question.reason.as_ref().map(|text| self.line(text)),
            prefill: question.prefill.as_ref().map(|prefill| match question.prefilled_from() {
                Some(round) => (self.words.fetched_from, round.to_string()),
                None => (self.words.filled_in_with, self.say(&prefill.source)),
            }),
            shown_when: question.show_if.as_ref().map(|condition| self.say(&condition.source)),
            checks: question
                .checks
                .iter()
                .map(|check| CheckView {
                    label: match check.level {
                        Level::Error => self.words.refused_when,
                        Level::Warning => self.words.warned_when,
                    },
                    when: self.say(&check.when.source),
                    message: self.line(&check.message),
                })
                .collect(),
            since: question.trend.as_ref().map(|trend| trend.since.to_string()),
        }
    }

    fn each(&self, question: &Question) -> Option<String> {
        let Kind::Repeat { each, min, max } = &question.kind else { return None };
        Some((self.words.for_each)(&each.plain(self.lang), *min, *max))
    }

    fn offered(&self, conditions: &[Option<Condition>], place: usize) -> Option<String> {
        conditions.get(place)?.as_ref().map(|condition| self.say(&condition.source))
    }

    fn formula(&self, question: &Question) -> Option<(&'static str, String)> {
        let label = match question.calculation {
            Some(_) => self.words.calculated_as,
            None => self.words.sums_to,
        };
        Some((label, self.say(question.formula_source()?)))
    }

    fn say(&self, source: &str) -> String {
        in_words(source, self.instrument, self.lang)
    }

    fn line(&self, text: &Text) -> Html {
        markup::line(&self.instrument.fill_open(text, self.lang), self.lang)
    }

    fn paragraphs(&self, text: &Text) -> Html {
        markup::paragraphs(&self.instrument.fill_open(text, self.lang), self.lang)
    }
}
