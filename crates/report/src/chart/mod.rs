//! Charts: hand-written SVG with real text, and the table behind each.
//!
//! Every chart is drawn twice, for a wide and for a narrow page, so that its text has its right
//! size on paper, on a desk and on a phone; the style sheet shows one of the two.

mod bars;
mod changes;
mod stacked;
mod svg;

use crate::figures::{ChangeFigure, Figure};
use crate::ledger::Key;
use crate::words::Words;

pub(crate) use svg::Layout;

/// A chart of a report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// What it shows, as a sentence.
    pub(crate) title: String,
    /// The question, where the chart is about one.
    pub(crate) question: String,
    /// What is drawn.
    pub(crate) kind: ChartKind,
}

/// What a chart draws.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ChartKind {
    /// A bar for each option or question.
    Bars(Vec<Bar>),
    /// A bar for each row of a grid, divided by the scale.
    Stacked {
        /// The steps of the scale, in order.
        scale: Vec<ScaleStep>,
        /// The rows, in order.
        rows: Vec<StackedRow>,
    },
    /// Two points with their intervals for each share.
    Changes(Vec<Pair>),
}

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    /// What it is of.
    pub(crate) label: String,
    /// How long it is.
    pub(crate) figure: Figure,
    /// Whether it stands for a kind of missing.
    pub(crate) missing: bool,
}

/// A step of a scale.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScaleStep {
    /// What it is called.
    pub(crate) label: String,
    /// Whether it stands for a kind of missing.
    pub(crate) missing: bool,
}

/// A row of a grid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StackedRow {
    /// What it is called.
    pub(crate) label: String,
    /// A share for each step of the scale.
    pub(crate) figures: Vec<Figure>,
}

/// A share in two rounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    /// What it is of.
    pub(crate) label: String,
    /// The two figures and what can be said of them.
    pub(crate) change: ChangeFigure,
}

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// The headings.
    pub(crate) head: Vec<String>,
    /// The rows; the first cell of each is its heading.
    pub(crate) rows: Vec<Vec<String>>,
}

/// What a chart says beside its figures, in one language.
#[derive(Debug)]
pub(crate) struct ChartWords {
    /// Heading of shares.
    pub(crate) share: &'static str,
    /// Heading of intervals.
    pub(crate) interval: &'static str,
    /// Heading of bases.
    pub(crate) answers: &'static str,
    /// Heading of verdicts.
    pub(crate) change: &'static str,
    /// Heading of differences.
    pub(crate) difference: &'static str,
    /// What figures without a sign are.
    pub(crate) percent: &'static str,
    /// What the lines of a chart of change are.
    pub(crate) whiskers: &'static str,
}

impl Chart {
    /// Draws the chart. `id` is its address on the page.
    pub(crate) fn draw(&self, layout: Layout, id: &str, words: &Words) -> String {
        let drawn = match &self.kind {
            ChartKind::Bars(bars) => bars::draw(bars, layout, words),
            ChartKind::Stacked { scale, rows } => stacked::draw(scale, rows, layout, words),
            ChartKind::Changes(pairs) => changes::draw(pairs, layout, words),
        };
        drawn.finish(id, &self.title, &self.description(words))
    }

    /// Returns every figure that it shows.
    pub(crate) fn figures(&self) -> Vec<&Figure> {
        match &self.kind {
            ChartKind::Bars(bars) => bars.iter().map(|bar| &bar.figure).collect(),
            ChartKind::Stacked { rows, .. } => rows.iter().flat_map(|row| &row.figures).collect(),
            ChartKind::Changes(pairs) => {
                pairs.iter().flat_map(|pair| [&pair.change.before, &pair.change.after]).collect()
            }
        }
    }

    /// Returns the table behind the chart.
    pub(crate) fn table(&self, words: &Words) -> Table {
        match &self.kind {
            ChartKind::Bars(bars) => bars_table(bars, words),
            ChartKind::Stacked { scale, rows } => stacked_table(scale, rows, words),
            ChartKind::Changes(pairs) => changes_table(pairs, words),
        }
    }

    /// Returns the figures as CSV, unrounded. `simulated` is said of every row.
    pub(crate) fn csv(&self, simulated: bool) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(vec![]);
        let head =
            ["id", "option", "round", "label", "value", "value_weighted", "ci_low", "ci_high"];
        let head = head.into_iter().chain(["base", "simulated"]);
        writer.write_record(head).expect("writing to memory does not fail");
        for (label, figure) in self.labelled() {
            let key = Key::of(figure);
            let interval = figure.published().interval;
            let row = [
                key.id,
                key.option,
                key.round.to_string(),
                label,
                decimal(Some(figure.unweighted.value)),
                decimal(figure.weighted.map(|weighted| weighted.value)),
                decimal(interval.map(|(low, _)| low)),
                decimal(interval.map(|(_, high)| high)),
                figure.base.to_string(),
                simulated.to_string(),
            ];
            writer.write_record(row).expect("writing to memory does not fail");
        }
        writer.into_inner().expect("writing to memory does not fail")
    }

    fn labelled(&self) -> Vec<(String, &Figure)> {
        match &self.kind {
            ChartKind::Bars(bars) => {
                bars.iter().map(|bar| (bar.label.clone(), &bar.figure)).collect()
            }
            ChartKind::Stacked { scale, rows } => rows
                .iter()
                .flat_map(|row| {
                    let steps = scale.iter().zip(&row.figures);
                    steps.map(|(step, figure)| (format!("{}: {}", row.label, step.label), figure))
                })
                .collect(),
            ChartKind::Changes(pairs) => pairs
                .iter()
                .flat_map(|pair| {
                    let rounds = [&pair.change.before, &pair.change.after];
                    rounds.map(|figure| (pair.label.clone(), figure))
                })
                .collect(),
        }
    }

    /// Says the chart in words, for those who do not see it.
    fn description(&self, words: &Words) -> String {
        let sentence =
            |(label, figure): (String, &Figure)| format!("{label}: {}", words.short_figure(figure));
        let all: Vec<String> = match &self.kind {
            ChartKind::Bars(_) | ChartKind::Stacked { .. } => {
                self.labelled().into_iter().map(sentence).collect()
            }
            ChartKind::Changes(pairs) => {
                let said = |pair: &Pair| {
                    let after = words.short_figure(&pair.change.after);
                    format!("{}: {after}, {}", pair.label, words.change(&pair.change))
                };
                pairs.iter().map(said).collect()
            }
        };
        format!("{}.", all.join(". "))
    }
}

fn bars_table(bars: &[Bar], words: &Words) -> Table {
    let chart = &words.chart;
    let head = ["", chart.share, chart.interval, chart.answers].map(str::to_owned).to_vec();
    let row = |bar: &Bar| {
        let figure = &bar.figure;
        let share = words.short_figure(figure);
        vec![bar.label.clone(), share, words.interval(figure), words.count(figure.base)]
    };
    Table { head, rows: bars.iter().map(row).collect() }
}

fn stacked_table(scale: &[ScaleStep], rows: &[StackedRow], words: &Words) -> Table {
    let steps = scale.iter().map(|step| step.label.clone());
    let mut head = vec![String::new()];
    head.extend(steps);
    head.push(words.chart.answers.to_owned());
    let row = |row: &StackedRow| {
        let mut cells = vec![row.label.clone()];
        cells.extend(row.figures.iter().map(|figure| words.short_figure(figure)));
        cells.push(words.count(row.figures.first().map_or(0, |figure| figure.base)));
        cells
    };
    Table { head, rows: rows.iter().map(row).collect() }
}

fn changes_table(pairs: &[Pair], words: &Words) -> Table {
    let rounds = pairs.first().map(|pair| [pair.change.before.round, pair.change.after.round]);
    let mut head = vec![String::new()];
    for round in rounds.into_iter().flatten() {
        head.extend([round.to_string(), words.chart.interval.to_owned()]);
    }
    head.extend([words.chart.difference.to_owned(), words.chart.change.to_owned()]);
    let row = |pair: &Pair| {
        let change = &pair.change;
        let mut cells = vec![pair.label.clone()];
        for figure in [&change.before, &change.after] {
            cells.extend([words.short_figure(figure), words.interval(figure)]);
        }
        cells.push(words.difference(change));
        cells.push(words.verdict(change.verdict).to_owned());
        cells
    };
    Table { head, rows: pairs.iter().map(row).collect() }
}

fn decimal(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.4}")).unwrap_or_default()
}
