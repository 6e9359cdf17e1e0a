//! The pages: typed contexts of the templates.

use askama::Template;
use instrument::{Estimator, Lang, Survey};

use super::appendix::Appendix;
use super::corrections::CorrectionEntry;
use super::download::DownloadLink;
use super::furniture::Furniture;
use super::method::{Method, note_anchor};
use super::quality::Quality;
use super::round::Composed;
use super::topics::TopicLink;
use crate::chart::{Chart, ChartKind, Layout, Table};
use crate::prose::Section;
use crate::words::Words;

/// What every page has.
pub(super) struct Frame {
    pub(super) lang: String,
    pub(super) title: String,
    pub(super) survey: String,
    pub(super) owner: String,
    /// The address of the style sheet.
    pub(super) style: String,
    /// The address of the feed.
    pub(super) feed: String,
    /// The address of the description of the data set; `None` where the page is not about one.
    pub(super) dataset: Option<String>,
    /// The address of the list of all reports; `None` on that page itself.
    pub(super) home: Option<String>,
    pub(super) simulated: bool,
    pub(super) alternates: Vec<Alternate>,
    /// From the page up to the folder of its round.
    pub(super) up_to_round: String,
}

/// The same page in a language.
pub(super) struct Alternate {
    pub(super) lang: String,
    pub(super) name: &'static str,
    pub(super) href: String,
    pub(super) current: bool,
}

/// The report of a round.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct ReportPage {
    pub(super) frame: Frame,
    pub(super) f: &'static Furniture,
    pub(super) lang: Lang,
    pub(super) round: String,
    pub(super) embargo: Option<String>,
    pub(super) lead: String,
    pub(super) sections: Vec<Section>,
    pub(super) method: Method,
    pub(super) quality: Quality,
    pub(super) appendix: Appendix,
    pub(super) findings: String,
    pub(super) about: String,
    pub(super) codebook: &'static str,
    /// The list of units, where their pages exist.
    pub(super) units: Option<String>,
    pub(super) downloads: Vec<DownloadLink>,
    pub(super) corrections: Vec<CorrectionEntry>,
    pub(super) credits: String,
}

/// The list of all reports.
#[derive(Template)]
#[template(path = "front.html")]
pub(super) struct FrontPage {
    pub(super) frame: Frame,
    pub(super) f: &'static Furniture,
    pub(super) in_field: Vec<FieldEntry>,
    pub(super) reports: Vec<ReportEntry>,
    pub(super) topics: Vec<TopicLink>,
    pub(super) credits: String,
}

/// A report in the list.
pub(super) struct ReportEntry {
    pub(super) round: String,
    pub(super) title: String,
    pub(super) introduction: String,
    pub(super) href: String,
    /// The language of the report, where it is not that of the list.
    pub(super) lang: Option<String>,
    pub(super) answered: String,
    pub(super) invited: String,
    pub(super) rate: String,
    pub(super) simulated: bool,
}

/// A round in the field.
pub(super) struct FieldEntry {
    pub(super) round: String,
    pub(super) opens: String,
    pub(super) closes: String,
    /// Answered, invited, rate.
    pub(super) response: Option<(String, String, String)>,
    pub(super) simulated: bool,
}

/// A chart with its title, its sources and its table.
#[derive(Template)]
#[template(path = "figure.html")]
struct FigureBlock<'a> {
    f: &'static Furniture,
    id: String,
    number: usize,
    title: &'a str,
    question: &'a str,
    /// What the figures are, where they bear no sign.
    unit: &'static str,
    wide: String,
    narrow: String,
    bases: String,
    source: String,
    weighted: bool,
    simulated: bool,
    /// Address of the note on comparing, and what it is about.
    notes: Vec<(String, &'a str)>,
    is_table: bool,
    table: Table,
    csv: String,
}

impl ReportPage {
    /// Returns the page.
    pub(super) fn html(&self) -> String {
        self.render().expect("writing to memory does not fail")
    }
}

impl FrontPage {
    /// Returns the page.
    pub(super) fn html(&self) -> String {
        self.render().expect("writing to memory does not fail")
    }
}

/// Returns a chart with all that belongs to it.
pub(super) fn figure_html(
    round: &Composed<'_>,
    survey: &Survey,
    words: &'static Words,
    (number, chart): (usize, &Chart),
) -> String {
    let id = format!("figure-{number}");
    let block = FigureBlock {
        f: Furniture::of(words.lang),
        number,
        title: &chart.title,
        question: if chart.title == chart.question { "" } else { &chart.question },
        unit: match chart.kind {
            ChartKind::Stacked { .. } => words.chart.percent,
            ChartKind::Multiples { .. } | ChartKind::Diverging { .. } => words.chart.percent,
            ChartKind::Bars(_)
            | ChartKind::Changes(_)
            | ChartKind::Groups { .. }
            | ChartKind::Map { .. }
            | ChartKind::Areas { .. }
            | ChartKind::Table { .. } => "",
        },
        wide: chart.draw(Layout::Wide, &id, words),
        narrow: chart.draw(Layout::Narrow, &id, words),
        bases: bases(chart, words),
        source: format!("{} {}", survey.title.get(words.lang), round.id()),
        weighted: matches!(round.figures.plan.estimator, Estimator::Weighted),
        simulated: round.simulated(),
        notes: notes(chart),
        is_table: chart.is_table(),
        table: chart.table(words),
        csv: format!("{id}.csv"),
        id,
    };
    block.render().expect("writing to memory does not fail")
}

/// Returns the bases of a chart's figures, for each round: "205", "2021: 201–205. 2023: 196".
fn bases(chart: &Chart, words: &Words) -> String {
    let figures = chart.figures();
    let mut rounds: Vec<_> = figures.iter().map(|figure| figure.round).collect();
    rounds.sort();
    rounds.dedup();
    let of_round = |round| {
        let bases = figures.iter().filter(|figure| figure.round == round);
        let low = bases.clone().map(|figure| figure.base).min().unwrap_or_default();
        let high = bases.map(|figure| figure.base).max().unwrap_or_default();
        if low == high {
            words.count(low)
        } else {
            format!("{}–{}", words.count(low), words.count(high))
        }
    };
    match rounds.as_slice() {
        [round] => of_round(*round),
        _ => {
            let all: Vec<String> =
                rounds.iter().map(|round| format!("{} ({round})", of_round(*round))).collect();
            super::method::enumerate(all.into_iter(), words)
        }
    }
}

fn notes(chart: &Chart) -> Vec<(String, &str)> {
    let ChartKind::Changes(pairs) = &chart.kind else { return vec![] };
    let noted = pairs.iter().filter(|pair| pair.change.note.is_some());
    noted.map(|pair| (note_anchor(&pair.change.after.variable), pair.label.as_str())).collect()
}
