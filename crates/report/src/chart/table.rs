//! The table behind a chart, and its figures as CSV.

use super::{Bar, Chart, ChartKind, GroupBar, Pair, Panel, ScaleStep, StackedRow};
use crate::figures::{Figure, GroupCell};
use crate::ledger::Key;
use crate::signs::{HIDDEN, IMPOSSIBLE, key, printed};
use crate::words::Words;

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// The headings.
    pub(crate) head: Vec<String>,
    /// The rows; the first cell of each is its heading.
    pub(crate) rows: Vec<Vec<String>>,
    /// What the signs in it mean.
    pub(crate) key: Vec<String>,
}

impl Chart {
    /// Returns the table behind the chart.
    pub(crate) fn table(&self, words: &Words) -> Table {
        match &self.kind {
            ChartKind::Bars(bars) => bars_table(bars, words),
            ChartKind::Stacked { scale, rows } => {
                let rows = rows.iter().map(|StackedRow { label, figures }| (label, figures));
                scale_table(scale.iter(), rows, words)
            }
            ChartKind::Diverging { scale, rows } => {
                let rows = rows.iter().map(|row| (&row.label, &row.figures));
                scale_table(scale.iter().map(|(step, _)| step), rows, words)
            }
            ChartKind::Changes(pairs) => changes_table(pairs, words),
            ChartKind::Groups { national, groups } => groups_table(Some(national), groups, words),
            ChartKind::Map { groups, .. } | ChartKind::Areas { groups, .. } => {
                groups_table(None, groups, words)
            }
            ChartKind::Multiples { labels: columns, panels: rows }
            | ChartKind::Table { columns, rows } => panels_table(columns, rows, words),
        }
    }

    /// Returns the figures as CSV, unrounded. `simulated` is said of every row. A figure that is not
    /// shown, or that cannot be, has the sign of official statistics in place of its numbers.
    pub(crate) fn csv(&self, simulated: bool) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(vec![]);
        let head =
            ["id", "option", "round", "label", "value", "value_weighted", "ci_low", "ci_high"];
        let head = head.into_iter().chain(["base", "simulated"]);
        writer.write_record(head).expect("writing to memory does not fail");
        for (label, figure) in self.labelled() {
            let record = match figure {
                GroupCell::Shown(figure) => record(label, figure, simulated),
                GroupCell::Hidden => without(label, HIDDEN, simulated),
                GroupCell::Impossible => without(label, IMPOSSIBLE, simulated),
            };
            writer.write_record(record).expect("writing to memory does not fail");
        }
        writer.into_inner().expect("writing to memory does not fail")
    }
}

fn record(label: String, figure: &Figure, simulated: bool) -> [String; 10] {
    let key = Key::of(figure);
    let interval = figure.published().interval;
    [
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
    ]
}

fn without(label: String, sign: &str, simulated: bool) -> [String; 10] {
    let sign = || sign.to_owned();
    let nothing = String::new;
    let simulated = simulated.to_string();
    [nothing(), nothing(), nothing(), label, sign(), sign(), sign(), sign(), sign(), simulated]
}

fn bars_table(bars: &[Bar], words: &Words) -> Table {
    let rows = bars.iter().map(|bar| figure_row(&bar.label, &bar.figure, words)).collect();
    Table { head: figure_head(words), rows, key: vec![] }
}

fn figure_head(words: &Words) -> Vec<String> {
    let chart = &words.chart;
    ["", chart.share, chart.interval, chart.answers].map(str::to_owned).to_vec()
}

fn figure_row(label: &str, figure: &Figure, words: &Words) -> Vec<String> {
    let share = words.short_figure(figure);
    vec![label.to_owned(), share, words.interval(figure), words.count(figure.base)]
}

fn groups_table(national: Option<&Figure>, groups: &[GroupBar], words: &Words) -> Table {
    let mut rows = vec![];
    if let Some(national) = national {
        rows.push(figure_row(words.chart.whole, national, words));
    }
    for group in groups {
        let sign = |sign: &str| {
            let mut row = vec![group.label.clone()];
            row.extend(std::iter::repeat_n(sign.to_owned(), 3));
            row
        };
        rows.push(match &group.figure {
            GroupCell::Shown(figure) => figure_row(&group.label, figure, words),
            GroupCell::Hidden => sign(HIDDEN),
            GroupCell::Impossible => sign(IMPOSSIBLE),
        });
    }
    let key = key(rows.iter().flatten(), words);
    Table { head: figure_head(words), rows, key }
}

fn panels_table(columns: &[String], panels: &[Panel], words: &Words) -> Table {
    let mut head = vec![String::new()];
    head.extend(columns.iter().cloned());
    head.push(words.chart.answers.to_owned());
    let row = |panel: &Panel| {
        let mut cells = vec![panel.label.clone()];
        cells.extend(panel.cells.iter().map(|cell| printed(cell, |f| words.short_figure(f))));
        cells.push(printed(&panel.base, |base| words.count(*base)));
        cells
    };
    let rows: Vec<Vec<String>> = panels.iter().map(row).collect();
    let key = key(rows.iter().flatten(), words);
    Table { head, rows, key }
}

fn scale_table<'a>(
    scale: impl Iterator<Item = &'a ScaleStep>,
    rows: impl Iterator<Item = (&'a String, &'a Vec<Figure>)>,
    words: &Words,
) -> Table {
    let mut head = vec![String::new()];
    head.extend(scale.map(|step| step.label.clone()));
    head.push(words.chart.answers.to_owned());
    let row = |(label, figures): (&String, &Vec<Figure>)| {
        let mut cells = vec![label.clone()];
        cells.extend(figures.iter().map(|figure| words.short_figure(figure)));
        cells.push(words.count(figures.first().map_or(0, |figure| figure.base)));
        cells
    };
    Table { head, rows: rows.map(row).collect(), key: vec![] }
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
    Table { head, rows: pairs.iter().map(row).collect(), key: vec![] }
}

fn decimal(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.4}")).unwrap_or_default()
}
