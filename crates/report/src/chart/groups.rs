//! A share by groups of units: a point with its interval for each group, beside the whole country.

use super::GroupBar;
use super::svg::{ACCENT, Anchor, INK, LINE, Layout, Svg, TextStyle, text_width, wrap};
use crate::figures::{Figure, GroupCell};
use crate::signs::{HIDDEN, IMPOSSIBLE};
use crate::words::Words;

const ROW: f64 = 30.0;

/// Draws the whole country as a line, and the groups on either side of it.
pub(super) fn draw(national: &Figure, groups: &[GroupBar], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let left = layout.label_column() + 8.0;
    let room = text_width("100\u{a0}%", layout.font()) + 16.0;
    let plot = Plot { left, right: layout.width() - room };
    let top = layout.line() + 10.0;
    let heights: Vec<f64> = groups.iter().map(|group| height(group, layout)).collect();
    let bottom = top + heights.iter().sum::<f64>();
    axis(&mut svg, &plot, (top, bottom), (layout, words));
    whole(&mut svg, national, &plot, (bottom, layout), words);
    let mut y = top;
    for (group, height) in groups.iter().zip(heights) {
        row(&mut svg, group, &plot, (y, layout), words);
        y += height;
    }
    let mut end = bottom + layout.line();
    if groups.iter().any(|group| group.value().is_none()) {
        let key = format!(":\u{a0}= {}", words.chart.not_shown);
        for line in wrap(&key, layout.width(), layout.font()) {
            end += layout.line();
            svg.text(0.0, end, TextStyle::MUTED, &line);
        }
    }
    svg.reach(end + 6.0);
    svg
}

struct Plot {
    left: f64,
    right: f64,
}

impl Plot {
    fn x(&self, percent: f64) -> f64 {
        self.left + (self.right - self.left) * percent.clamp(0.0, 100.0) / 100.0
    }
}

fn height(group: &GroupBar, layout: Layout) -> f64 {
    let lines = layout.wrap_label(&group.label).len() as f64 * layout.line();
    match layout {
        Layout::Wide => ROW.max(lines + 8.0),
        Layout::Narrow => lines + ROW,
    }
}

fn axis(svg: &mut Svg, plot: &Plot, (top, bottom): (f64, f64), (layout, words): (Layout, &Words)) {
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let x = plot.x(percent);
        if layout == Layout::Wide {
            svg.line((x, top), (x, bottom), LINE, 1.0);
        }
        let label = if percent == 100.0 {
            words.percent_sign(percent)
        } else {
            words.whole(percent as i64)
        };
        svg.text(x, bottom + 16.0, TextStyle::MUTED.at(Anchor::Middle), &label);
    }
}

/// Draws the figure of the whole country through all rows, with its name above.
fn whole(
    svg: &mut Svg,
    national: &Figure,
    plot: &Plot,
    (bottom, layout): (f64, Layout),
    words: &Words,
) {
    let x = plot.x(national.published().value);
    let label = format!("{} {}", words.chart.whole, words.short_figure(national));
    let reach = text_width(&label, layout.font()) / 2.0;
    let middle = x.clamp(reach, (layout.width() - reach).max(reach));
    svg.text(middle, layout.font(), TextStyle::PLAIN.at(Anchor::Middle), &label);
    svg.dashed((x, layout.line()), (x, bottom), INK);
}

fn row(svg: &mut Svg, group: &GroupBar, plot: &Plot, (y, layout): (f64, Layout), words: &Words) {
    let lines = layout.wrap_label(&group.label);
    svg.label(0.0, y + layout.font() + 3.0, &lines);
    let middle = match layout {
        Layout::Wide => y + ROW / 2.0 - 1.0,
        Layout::Narrow => y + lines.len() as f64 * layout.line() + 13.0,
    };
    if layout == Layout::Narrow {
        // The label above the marks is left clear.
        svg.line((plot.left, middle), (plot.right, middle), LINE, 1.0);
    }
    match &group.figure {
        GroupCell::Shown(figure) => {
            let (low, high) = figure.published().interval.unwrap_or_default();
            svg.line((plot.x(low), middle), (plot.x(high), middle), ACCENT, 2.0);
            svg.point(plot.x(figure.published().value), middle, true);
            let (x, value) = (layout.width(), words.short_figure(figure));
            svg.text(x, middle + 5.0, TextStyle::BOLD.at(Anchor::End), &value);
        }
        GroupCell::Hidden => {
            svg.text(layout.width(), middle + 5.0, TextStyle::MUTED.at(Anchor::End), HIDDEN);
        }
        GroupCell::Impossible => {
            svg.text(layout.width(), middle + 5.0, TextStyle::MUTED.at(Anchor::End), IMPOSSIBLE);
        }
    }
}
