//! Simple and ranked bars: a bar for each option or question, out of all who answered.

use super::Bar;
use super::svg::{ACCENT, Area, Layout, Svg, TRACK, TextStyle, text_width};
use crate::words::Words;

const BAR: f64 = 18.0;

/// Draws the bars.
pub(super) fn draw(bars: &[Bar], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let left = layout.label_column();
    // The room for the longest value, "100 %", right of the whole.
    let room = layout.width() - left - text_width("100\u{a0}%", layout.font()) - 8.0;
    let mut y = 4.0;
    for bar in bars {
        let lines = layout.wrap_label(&bar.label);
        let height = lines.len() as f64 * layout.line();
        let top = match layout {
            Layout::Wide => {
                svg.label(0.0, y + layout.font(), &lines);
                y + (layout.line() - BAR) / 2.0 + 1.0
            }
            Layout::Narrow => {
                svg.label(0.0, y + layout.font(), &lines);
                y + height + 3.0
            }
        };
        draw_bar(&mut svg, bar, Area { x: left, y: top, width: room, height: BAR }, words);
        y = match layout {
            Layout::Wide => y + height.max(BAR) + 12.0,
            Layout::Narrow => top + BAR + 12.0,
        };
    }
    svg.reach(y - 6.0);
    svg
}

/// Draws the whole, the part of it that the figure is, and the figure.
fn draw_bar(svg: &mut Svg, bar: &Bar, whole: Area, words: &Words) {
    let share = (bar.figure.published().value / 100.0).clamp(0.0, 1.0);
    let part = Area { width: whole.width * share, ..whole };
    svg.rect(whole, "track", TRACK);
    if bar.missing {
        svg.hatched(part);
    } else {
        svg.rect(part, "bar", ACCENT);
    }
    let (x, y) = (whole.x + whole.width + 8.0, whole.y + whole.height - 4.0);
    svg.text(x, y, TextStyle::BOLD, &words.short_figure(&bar.figure));
}
