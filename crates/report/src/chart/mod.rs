//! Charts: hand-written SVG with real text, and the table behind each.
//!
//! Every chart is drawn twice, for a wide and for a narrow page, so that its text has its right
//! size on paper, on a desk and on a phone; the style sheet shows one of the two.

mod areas;
mod bars;
mod changes;
mod diverging;
mod groups;
mod multiples;
mod response;
mod stacked;
mod svg;
mod table;
mod tiles;

use crate::boundaries::Ring;
use crate::figures::{ChangeFigure, Figure, GroupCell};
use crate::words::Words;

pub(crate) use response::ResponseCurve;
pub(crate) use svg::Layout;
pub(crate) use table::Table;
pub(crate) use tiles::{Tile, lay_out};

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
    /// A bar for each row of a grid, or for one question, to both sides of a line.
    Diverging {
        /// The steps of the scale, in order, and which way each leans.
        scale: Vec<(ScaleStep, Leaning)>,
        /// The rows, in order.
        rows: Vec<DivergingRow>,
    },
    /// A point with its interval for each group of units.
    Groups {
        /// The whole country.
        national: Figure,
        /// The groups.
        groups: Vec<GroupBar>,
    },
    /// The same bars for each group of units.
    Multiples {
        /// What the bars are of.
        labels: Vec<String>,
        /// The groups.
        panels: Vec<Panel>,
    },
    /// A tile for each unit, toned by the figure of its group.
    Map {
        /// The groups.
        groups: Vec<GroupBar>,
        /// The tiles.
        tiles: Vec<Tile>,
    },
    /// The area of each group, toned by its figure.
    Areas {
        /// The groups.
        groups: Vec<GroupBar>,
        /// What lies around the area of each.
        areas: Vec<Vec<Ring>>,
    },
    /// A table by groups of units: nothing is drawn.
    Table {
        /// What the columns are of.
        columns: Vec<String>,
        /// The groups.
        rows: Vec<Panel>,
    },
}

/// Which way a step of a scale leans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaning {
    /// To the good side.
    Good,
    /// To the bad side.
    Bad,
    /// To neither.
    Neither,
}

/// A row of a scale with two sides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DivergingRow {
    /// What it is of.
    pub(crate) label: String,
    /// A figure for each step of the scale.
    pub(crate) figures: Vec<Figure>,
    /// All good answers together.
    pub(crate) good: Option<Figure>,
    /// All bad answers together.
    pub(crate) bad: Option<Figure>,
}

/// A group of units with one figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupBar {
    /// What the group is called.
    pub(crate) label: String,
    /// Its figure, where it is shown.
    pub(crate) figure: GroupCell<Figure>,
}

/// A group of units with several figures.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panel {
    /// What the group is called.
    pub(crate) label: String,
    /// How many of it are in the base.
    pub(crate) base: GroupCell<usize>,
    /// Its figures, where they are shown.
    pub(crate) cells: Vec<GroupCell<Figure>>,
}

impl GroupBar {
    /// Returns the published value, where it is shown.
    fn value(&self) -> Option<f64> {
        match &self.figure {
            GroupCell::Shown(figure) => Some(figure.published().value),
            GroupCell::Hidden | GroupCell::Impossible => None,
        }
    }
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
    /// What the whole country is called.
    pub(crate) whole: &'static str,
    /// What is not shown, and why.
    pub(crate) not_shown: &'static str,
    /// What there cannot be.
    pub(crate) impossible: &'static str,
    /// What a mean and a median are called.
    pub(crate) mean: &'static str,
    pub(crate) median: &'static str,
    /// Heading of answers that lean to neither side.
    pub(crate) neither: &'static str,
}

impl Chart {
    /// Draws the chart. `id` is its address on the page.
    pub(crate) fn draw(&self, layout: Layout, id: &str, words: &Words) -> String {
        let drawn = match &self.kind {
            ChartKind::Bars(bars) => bars::draw(bars, layout, words),
            ChartKind::Stacked { scale, rows } => stacked::draw(scale, rows, layout, words),
            ChartKind::Changes(pairs) => changes::draw(pairs, layout, words),
            ChartKind::Diverging { scale, rows } => diverging::draw(scale, rows, layout, words),
            ChartKind::Groups { national, groups } => groups::draw(national, groups, layout, words),
            ChartKind::Multiples { labels, panels } => {
                multiples::draw(labels, panels, layout, words)
            }
            ChartKind::Map { groups, tiles } => tiles::draw(groups, tiles, layout, words),
            ChartKind::Areas { groups, areas } => areas::draw(groups, areas, layout, words),
            ChartKind::Table { .. } => return String::new(),
        };
        drawn.finish(id, &self.title, &self.description(words))
    }

    /// Returns every figure that it shows.
    pub(crate) fn figures(&self) -> Vec<&Figure> {
        self.labelled().into_iter().filter_map(|(_, cell)| cell.shown()).collect()
    }

    /// Whether it is a table alone, with nothing drawn.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.kind, ChartKind::Table { .. })
    }

    /// Returns every figure with what it is of.
    fn labelled(&self) -> Vec<(String, GroupCell<&Figure>)> {
        let of = |first: &str, second: &str| format!("{first}: {second}");
        match &self.kind {
            ChartKind::Bars(bars) => {
                bars.iter().map(|bar| (bar.label.clone(), GroupCell::Shown(&bar.figure))).collect()
            }
            ChartKind::Stacked { scale, rows } => rows
                .iter()
                .flat_map(|row| {
                    let steps = scale.iter().zip(&row.figures);
                    steps.map(|(step, figure)| {
                        (of(&row.label, &step.label), GroupCell::Shown(figure))
                    })
                })
                .collect(),
            ChartKind::Diverging { scale, rows } => rows
                .iter()
                .flat_map(|row| {
                    let steps = scale.iter().zip(&row.figures);
                    steps.map(|((step, _), figure)| {
                        (of(&row.label, &step.label), GroupCell::Shown(figure))
                    })
                })
                .collect(),
            ChartKind::Changes(pairs) => pairs
                .iter()
                .flat_map(|pair| {
                    let rounds = [&pair.change.before, &pair.change.after];
                    rounds.map(|figure| (pair.label.clone(), GroupCell::Shown(figure)))
                })
                .collect(),
            ChartKind::Groups { groups, .. }
            | ChartKind::Map { groups, .. }
            | ChartKind::Areas { groups, .. } => {
                groups.iter().map(|group| (group.label.clone(), group.figure.as_ref())).collect()
            }
            ChartKind::Multiples { labels: columns, panels: rows }
            | ChartKind::Table { columns, rows } => rows
                .iter()
                .flat_map(|row| {
                    let cells = columns.iter().zip(&row.cells);
                    cells.map(|(column, cell)| (of(&row.label, column), cell.as_ref()))
                })
                .collect(),
        }
    }

    /// Says the chart in words, for those who do not see it.
    fn description(&self, words: &Words) -> String {
        if let ChartKind::Changes(pairs) = &self.kind {
            let said = |pair: &Pair| {
                let after = words.short_figure(&pair.change.after);
                format!("{}: {after}, {}", pair.label, words.change(&pair.change))
            };
            return format!("{}.", pairs.iter().map(said).collect::<Vec<_>>().join(". "));
        }
        let said = |(label, figure): (String, GroupCell<&Figure>)| match figure {
            GroupCell::Shown(figure) => format!("{label}: {}", words.short_figure(figure)),
            GroupCell::Hidden => format!("{label}: {}", words.chart.not_shown),
            GroupCell::Impossible => format!("{label}: {}", words.chart.impossible),
        };
        let all: Vec<String> = self.labelled().into_iter().map(said).collect();
        format!("{}.", all.join(". "))
    }
}
