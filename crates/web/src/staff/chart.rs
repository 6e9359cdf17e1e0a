//! The chart of responses by day: bars in SVG, placed by attributes, for styles are forbidden.

use super::figures::DayCount;
use crate::ui::Ui;

/// The chart, in the units of its view box.
pub(super) struct DayChart {
    pub(super) bars: Vec<Bar>,
    pub(super) lines: Vec<Line>,
    pub(super) labels: Vec<Label>,
    /// The chart in words.
    pub(super) summary: String,
}

/// The bar of one day.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) title: String,
}

/// A line across the chart, with its number.
pub(super) struct Line {
    pub(super) y: String,
    pub(super) text_y: String,
    pub(super) number: usize,
}

/// A date under the chart.
pub(super) struct Label {
    pub(super) x: String,
    pub(super) text: String,
}

pub(super) const WIDTH: f64 = 900.0;
pub(super) const HEIGHT: f64 = 260.0;
const LEFT: f64 = 36.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 32.0;

/// Draws the chart; `None` where nobody has answered.
pub(super) fn draw(days: &[DayCount], ui: &Ui) -> Option<DayChart> {
    let busiest = days.iter().rev().max_by_key(|day| day.new).filter(|day| day.new > 0)?;
    let step = step(busiest.new);
    let top = busiest.new.div_ceil(step) * step;
    let (plot_width, plot_height) = (WIDTH - LEFT, HEIGHT - TOP - BOTTOM);
    let slot = plot_width / days.len() as f64;
    let y = |count: usize| TOP + plot_height * (1.0 - count as f64 / top as f64);
    let bar = |(place, day): (usize, &DayCount)| Bar {
        x: figure(LEFT + slot * (place as f64 + 0.12)),
        y: figure(y(day.new)),
        width: figure(slot * 0.76),
        height: figure(TOP + plot_height - y(day.new)),
        title: format!("{}: {}", (ui.date)(day.day), day.new),
    };
    let line =
        |number: usize| Line { y: figure(y(number)), text_y: figure(y(number) + 4.5), number };
    let label = |(place, day): (usize, &DayCount)| Label {
        x: figure(LEFT + slot * (place as f64 + 0.5)),
        text: (ui.short_date)(day.day),
    };
    Some(DayChart {
        bars: days.iter().enumerate().filter(|(_, day)| day.new > 0).map(bar).collect(),
        lines: (0..=top).step_by(step).map(line).collect(),
        labels: days.iter().enumerate().step_by(7).map(label).collect(),
        summary: (ui.staff.by_day_chart)(&(ui.date)(busiest.day), busiest.new),
    })
}

/// Returns a round distance between lines, so that there are two to five of them.
fn step(most: usize) -> usize {
    let steps = (0..8).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_usize.pow(power)));
    steps.into_iter().find(|step| most.div_ceil(*step) <= 5).unwrap_or(most)
}

fn figure(number: f64) -> String {
    format!("{number:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_round_numbers() {
        for (most, expected) in [(1, 1), (5, 1), (6, 2), (23, 5), (48, 10), (371, 100)] {
            assert_eq!(step(most), expected, "{most}");
        }
    }
}
