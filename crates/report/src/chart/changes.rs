//! Change: for each share a ring in the round before and a point in this one, with their intervals.

use super::Pair;
use super::svg::{ACCENT, Anchor, LINE, Layout, Svg, TextStyle, text_width};
use crate::figures::Figure;
use crate::words::Words;

/// Half the distance between the two rounds of a share.
const APART: f64 = 10.0;

/// Draws the legend, the axis and the shares.
pub(super) fn draw(pairs: &[Pair], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let plot = Plot { left: layout.label_column() + 8.0, right: layout.width() - 12.0 };
    let top = legend(&mut svg, pairs, layout, words) + 14.0;
    let rows = places(pairs, layout, top);
    let bottom = rows.last().map_or(top, |row| row.below);
    axis(&mut svg, &plot, bottom, words);
    for (pair, row) in pairs.iter().zip(&rows) {
        svg.line((0.0, row.below - 6.0), (layout.width(), row.below - 6.0), LINE, 1.0);
        grid(&mut svg, &plot, row);
        svg.label(0.0, row.label, &row.lines);
        let below = row.label + row.lines.len() as f64 * layout.line();
        svg.text(0.0, below, TextStyle::MUTED, &words.verdict_with_arrow(pair.change.verdict));
        shares(&mut svg, pair, &plot, row.middle, words);
    }
    svg.reach(bottom + 18.0);
    svg
}

/// Where percents lie.
struct Plot {
    left: f64,
    right: f64,
}

impl Plot {
    fn x(&self, percent: f64) -> f64 {
        self.left + (self.right - self.left) * percent / 100.0
    }
}

/// Where a share is drawn.
struct Row {
    lines: Vec<String>,
    /// The baseline of the first line of its label.
    label: f64,
    /// Where its marks begin.
    marks: f64,
    /// Between its two rounds.
    middle: f64,
    below: f64,
}

fn places(pairs: &[Pair], layout: Layout, top: f64) -> Vec<Row> {
    let mut y = top;
    let mut rows = vec![];
    for pair in pairs {
        let lines = layout.wrap_label(&pair.label);
        // The verdict is one line more.
        let height = (lines.len() + 1) as f64 * layout.line();
        let marks = 2.0 * APART + 22.0;
        let label = y + layout.font();
        let (begin, middle, below) = match layout {
            Layout::Wide => (y - 6.0, y + height.max(marks) / 2.0, y + height.max(marks) + 16.0),
            Layout::Narrow => (y + height, y + height + marks / 2.0, y + height + marks + 16.0),
        };
        rows.push(Row { lines, label, marks: begin, middle, below });
        y = below;
    }
    rows
}

/// Tells ring from point; returns where the next thing may begin.
fn legend(svg: &mut Svg, pairs: &[Pair], layout: Layout, words: &Words) -> f64 {
    let Some(change) = pairs.first().map(|pair| &pair.change) else { return 0.0 };
    let mut x = 8.0;
    for (round, filled) in [(change.before.round, false), (change.after.round, true)] {
        svg.line((x - 8.0, 9.0), (x + 16.0, 9.0), ACCENT, 2.0);
        svg.point(x + 4.0, 9.0, filled);
        svg.text(x + 22.0, 14.0, TextStyle::BOLD, &round.to_string());
        x += 22.0 + text_width("2023", layout.font()) + 26.0;
    }
    let (x, y) = match layout {
        Layout::Wide => (x - 8.0, 14.0),
        Layout::Narrow => (0.0, 14.0 + layout.line()),
    };
    svg.text(x, y, TextStyle::MUTED, words.chart.whiskers);
    y + 4.0
}

/// The percents that have a line and a figure.
const TICKS: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];

/// Draws the lines behind the marks of one share; labels that stand above are left clear.
fn grid(svg: &mut Svg, plot: &Plot, row: &Row) {
    for percent in TICKS {
        let x = plot.x(percent);
        svg.line((x, row.marks), (x, row.below - 6.0), LINE, 1.0);
    }
}

fn axis(svg: &mut Svg, plot: &Plot, bottom: f64, words: &Words) {
    for percent in TICKS {
        let (label, anchor, x) = if percent == 100.0 {
            (words.percent_sign(percent), Anchor::End, plot.right + 12.0)
        } else {
            (words.whole(percent as i64), Anchor::Middle, plot.x(percent))
        };
        svg.text(x, bottom + 12.0, TextStyle::MUTED.at(anchor), &label);
    }
}

fn shares(svg: &mut Svg, pair: &Pair, plot: &Plot, middle: f64, words: &Words) {
    let (before, after) = (&pair.change.before, &pair.change.after);
    let place = |figure: &Figure| plot.x(figure.published().value);
    let (upper, lower) = (middle - APART, middle + APART);
    svg.line((place(before), upper), (place(after), lower), "#8fb3b3", 1.5);
    // Each figure stands on the side that the other point is not on, clear of the line between.
    let rose = after.published().value >= before.published().value;
    let rounds = [(before, upper, false, rose), (after, lower, true, !rose)];
    for (figure, y, is_after, left) in rounds {
        let (low, high) = figure.published().interval.unwrap_or_default();
        svg.line((plot.x(low), y), (plot.x(high), y), ACCENT, 2.0);
        svg.point(place(figure), y, is_after);
        let label = words.short_figure(figure);
        let style = if is_after { TextStyle::BOLD } else { TextStyle::PLAIN };
        let (x, anchor) = beside(plot, (low, high), &label, left);
        svg.text(x, y + 5.0, style.at(anchor), &label);
    }
}

/// Finds where a figure stands beside its interval: on the wished side, where there is room.
fn beside(plot: &Plot, (low, high): (f64, f64), label: &str, left: bool) -> (f64, Anchor) {
    let width = text_width(label, 15.0);
    let room_left = plot.x(low) - 8.0 - width >= plot.left - 6.0;
    let room_right = plot.x(high) + 8.0 + width <= plot.right + 12.0;
    if (left && room_left) || !room_right {
        (plot.x(low) - 8.0, Anchor::End)
    } else {
        (plot.x(high) + 8.0, Anchor::Start)
    }
}
