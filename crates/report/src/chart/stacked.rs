//! Stacked bars: a bar for each row of a grid, divided by the steps of the scale.

use super::svg::{Anchor, Area, Layout, PANEL, Svg, TextStyle, text_width};
use super::{ScaleStep, StackedRow};
use crate::words::Words;

const BAR: f64 = 28.0;
const SWATCH: f64 = 13.0;

/// The tones from the first to the last step of a scale: ordered from dark to light, so that they
/// tell the order without hue.
const TONES: [&str; 7] =
    ["#0a454b", "#1d666b", "#458488", "#74a3a5", "#9fbfbf", "#bbd1d0", "#d0dfdd"];

/// Draws the legend and the rows.
pub(super) fn draw(scale: &[ScaleStep], rows: &[StackedRow], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let tones = tones(scale);
    let mut y = legend(&mut svg, scale, &tones, layout) + 16.0;
    for row in rows {
        let lines = layout.wrap_label(&row.label);
        let height = lines.len() as f64 * layout.line();
        let left = layout.label_column();
        let top = match layout {
            Layout::Wide => {
                let middle = y + (BAR.max(height) - height) / 2.0;
                svg.label(0.0, middle + layout.font() - 1.0, &lines);
                y + (BAR.max(height) - BAR) / 2.0
            }
            Layout::Narrow => {
                svg.label(0.0, y + layout.font(), &lines);
                y + height + 4.0
            }
        };
        let whole = Area { x: left, y: top, width: layout.width() - left, height: BAR };
        segments(&mut svg, row, &tones, whole, (layout, words));
        y = match layout {
            Layout::Wide => y + BAR.max(height) + 12.0,
            Layout::Narrow => top + BAR + 14.0,
        };
    }
    svg.reach(y - 8.0);
    svg
}

/// Returns the tone of each step; `None` for kinds of missing, which are hatched.
fn tones(scale: &[ScaleStep]) -> Vec<Option<&'static str>> {
    let valid = scale.iter().filter(|step| !step.missing).count();
    let mut place = 0;
    let mut tone = |step: &ScaleStep| {
        if step.missing {
            return None;
        }
        let last = TONES.len() - 1;
        let index = if valid > 1 { place * last / (valid - 1) } else { 1 };
        place += 1;
        Some(TONES[index.min(last)])
    };
    scale.iter().map(&mut tone).collect()
}

/// Draws what the tones mean; returns where the next thing may begin.
fn legend(
    svg: &mut Svg,
    scale: &[ScaleStep],
    tones: &[Option<&'static str>],
    layout: Layout,
) -> f64 {
    let (mut x, mut y) = (0.0, 2.0);
    for (step, tone) in scale.iter().zip(tones) {
        let width = SWATCH + 6.0 + text_width(&step.label, layout.font());
        if x > 0.0 && x + width > layout.width() {
            (x, y) = (0.0, y + layout.line() + 2.0);
        }
        let swatch = Area { x, y: y + 2.0, width: SWATCH, height: SWATCH };
        match tone {
            Some(tone) => svg.rect(swatch, "segment", tone),
            None => svg.hatched(swatch),
        }
        svg.text(x + SWATCH + 6.0, y + 13.5, TextStyle::PLAIN, &step.label);
        x += width + 16.0;
    }
    y + layout.line()
}

fn segments(
    svg: &mut Svg,
    row: &StackedRow,
    tones: &[Option<&'static str>],
    whole: Area,
    (layout, words): (Layout, &Words),
) {
    let mut x = whole.x;
    for (place, (figure, tone)) in row.figures.iter().zip(tones).enumerate() {
        let width = whole.width * figure.published().value / 100.0;
        // A gap parts neighbours where tones cannot.
        let gap = if place + 1 < row.figures.len() { 1.5_f64.min(width / 2.0) } else { 0.0 };
        let area = Area { x, width: width - gap, ..whole };
        match tone {
            Some(tone) => svg.rect(area, "segment", tone),
            None if width > 0.0 => svg.hatched(area),
            None => {}
        }
        let label = words.whole(figure.rounded() as i64);
        if text_width(&label, layout.font()) + 6.0 <= width {
            in_segment(svg, &label, area, *tone, layout);
        }
        x += width;
    }
}

/// Writes a figure within its segment: light on dark tones, dark on light ones, and on a ground of
/// its own where lines run.
fn in_segment(svg: &mut Svg, label: &str, area: Area, tone: Option<&'static str>, layout: Layout) {
    let middle = area.x + area.width / 2.0;
    let dark = TONES[..3].iter().any(|dark| tone == Some(dark));
    if tone.is_none() {
        let width = text_width(label, layout.font()) + 4.0;
        let ground = Area { x: middle - width / 2.0, y: area.y + 5.0, width, height: BAR - 10.0 };
        svg.rect(ground, "hatch-ground", PANEL);
    }
    let on_tone = tone.is_some();
    let style = TextStyle { on_tone, ..TextStyle::BOLD.at(Anchor::Middle) };
    let style = if dark { TextStyle { fill: PANEL, ..style } } else { style };
    svg.text(middle, area.y + BAR / 2.0 + 5.0, style, label);
}
