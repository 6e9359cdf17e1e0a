//! Small multiples: the same bars for each group of units, side by side where there is room.

use super::Panel;
use super::svg::{ACCENT, Area, Layout, Svg, TRACK, TextStyle, text_width, wrap};
use crate::figures::GroupCell;
use crate::signs::{HIDDEN, IMPOSSIBLE};
use crate::words::Words;

const BAR: f64 = 16.0;
const GAP: f64 = 18.0;

/// How much wider bold letters are than others.
const BOLD: f64 = 1.15;

/// Draws the panels: in columns beside one list of labels, or on a phone one below the other.
pub(super) fn draw(labels: &[String], panels: &[Panel], layout: Layout, words: &Words) -> Svg {
    match layout {
        Layout::Wide => side_by_side(labels, panels, words),
        Layout::Narrow => one_by_one(labels, panels, words),
    }
}

fn side_by_side(labels: &[String], panels: &[Panel], words: &Words) -> Svg {
    let layout = Layout::Wide;
    let mut svg = Svg::new(layout);
    let left = 210.0;
    let width = (layout.width() - left) / panels.len().max(1) as f64 - GAP;
    let heads: Vec<Vec<String>> =
        panels.iter().map(|panel| wrap(&panel.label, width / BOLD, layout.font())).collect();
    let deepest = heads.iter().map(Vec::len).max().unwrap_or_default();
    for (place, head) in heads.iter().enumerate() {
        let x = left + place as f64 * (width + GAP) + GAP;
        for (line, text) in head.iter().enumerate() {
            let y = layout.font() + line as f64 * layout.line();
            svg.text(x, y, TextStyle::BOLD, text);
        }
    }
    let mut y = deepest as f64 * layout.line() + 8.0;
    for (row, label) in labels.iter().enumerate() {
        let lines = wrap(label, left - 8.0, layout.font());
        svg.label(0.0, y + layout.font(), &lines);
        for (place, panel) in panels.iter().enumerate() {
            let x = left + place as f64 * (width + GAP) + GAP;
            bar(&mut svg, panel, row, Area { x, y: y + 2.0, width, height: BAR }, words);
        }
        y += (lines.len() as f64 * layout.line()).max(BAR) + 9.0;
    }
    svg.reach(y - 4.0);
    svg
}

fn one_by_one(labels: &[String], panels: &[Panel], words: &Words) -> Svg {
    let layout = Layout::Narrow;
    let mut svg = Svg::new(layout);
    let mut y = 2.0;
    for panel in panels {
        for line in wrap(&panel.label, layout.width() / BOLD, layout.font()) {
            svg.text(0.0, y + layout.font(), TextStyle::BOLD, &line);
            y += layout.line();
        }
        y += 4.0;
        for (row, label) in labels.iter().enumerate() {
            let lines = layout.wrap_label(label);
            svg.label(0.0, y + layout.font(), &lines);
            y += lines.len() as f64 * layout.line() + 3.0;
            let area = Area { x: 0.0, y, width: layout.width(), height: BAR };
            bar(&mut svg, panel, row, area, words);
            y += BAR + 9.0;
        }
        y += 12.0;
    }
    svg.reach(y - 12.0);
    svg
}

/// Draws one bar with its figure to the right; the sign for hidden where it is.
fn bar(svg: &mut Svg, panel: &Panel, row: usize, area: Area, words: &Words) {
    let font = 14.0;
    let room = text_width("100\u{a0}%", font) + 8.0;
    let whole = Area { width: area.width - room, ..area };
    let value = match panel.cells.get(row) {
        Some(GroupCell::Shown(figure)) => {
            let share = (figure.published().value / 100.0).clamp(0.0, 1.0);
            svg.rect(whole, "track", TRACK);
            svg.rect(Area { width: whole.width * share, ..whole }, "bar", ACCENT);
            words.short_figure(figure)
        }
        Some(GroupCell::Hidden) => HIDDEN.to_owned(),
        Some(GroupCell::Impossible) | None => IMPOSSIBLE.to_owned(),
    };
    let x = whole.x + whole.width + 6.0;
    svg.text(x, area.y + BAR - 3.0, TextStyle::BOLD, &value);
}
