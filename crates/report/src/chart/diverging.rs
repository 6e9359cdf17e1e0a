//! Diverging bars: the good answers of a scale to the right of a line, the bad ones to the left, and
//! what is neither in a column of its own.

use super::svg::{Anchor, Area, INK, Layout, PANEL, Svg, TextStyle, text_width};
use super::{DivergingRow, Leaning, ScaleStep};
use crate::figures::Figure;
use crate::words::Words;

const BAR: f64 = 26.0;
const SWATCH: f64 = 13.0;

/// Tones of good answers from the line outwards, and of bad ones: told apart by their side, by their
/// lightness, and by blue-green against orange, which the colour-blind can tell.
const GOOD: [&str; 3] = ["#74a3a5", "#1d666b", "#0a454b"];
const BAD: [&str; 3] = ["#e3b27a", "#b9701f", "#7a4408"];

/// Draws the legend and the rows.
pub(super) fn draw(
    scale: &[(ScaleStep, Leaning)],
    rows: &[DivergingRow],
    layout: Layout,
    words: &Words,
) -> Svg {
    let mut svg = Svg::new(layout);
    let fills = fills(scale);
    let top = legend(&mut svg, scale, &fills, layout) + 12.0;
    let plot = Plot::of(rows, scale, layout);
    heading(&mut svg, &plot, (top, layout), words);
    let mut y = top + layout.line() + 6.0;
    let first = y;
    for row in rows {
        let lines = layout.wrap_label(&row.label);
        let height = lines.len() as f64 * layout.line();
        let bar = match layout {
            Layout::Wide => y + (BAR.max(height) - BAR) / 2.0,
            Layout::Narrow => y + height + 4.0,
        };
        let label = match layout {
            Layout::Wide => y + (BAR.max(height) - height) / 2.0 + layout.font(),
            Layout::Narrow => y + layout.font(),
        };
        svg.label(0.0, label, &lines);
        segments(&mut svg, row, scale, &fills, (&plot, bar, layout, words));
        if layout == Layout::Narrow {
            // The labels above the bars are left clear.
            svg.line((plot.line, bar - 3.0), (plot.line, bar + BAR + 3.0), INK, 1.5);
        }
        y = bar + BAR.max(if layout == Layout::Wide { height } else { BAR }) + 12.0;
    }
    if layout == Layout::Wide {
        svg.line((plot.line, first - 4.0), (plot.line, y - 8.0), INK, 1.5);
    }
    svg.reach(y - 6.0);
    svg
}

/// Where the line is, and how wide a percentage point.
struct Plot {
    line: f64,
    point: f64,
    /// The right end of the column of what is neither.
    neither: f64,
}

impl Plot {
    fn of(rows: &[DivergingRow], scale: &[(ScaleStep, Leaning)], layout: Layout) -> Plot {
        let widest = |leaning: Leaning| {
            rows.iter().map(|row| total(row, scale, leaning)).fold(0.0, f64::max)
        };
        let (good, bad) = (widest(Leaning::Good), widest(Leaning::Bad));
        let value = text_width("100\u{a0}%", layout.font()) + 10.0;
        let left = layout.label_column();
        let room = layout.width() - left - 3.0 * value;
        let point = room / (good + bad).max(1.0);
        Plot { line: left + value + bad * point, point, neither: layout.width() }
    }
}

fn total(row: &DivergingRow, scale: &[(ScaleStep, Leaning)], leaning: Leaning) -> f64 {
    let steps = row.figures.iter().zip(scale).filter(|(_, (_, of))| *of == leaning);
    steps.map(|(figure, _)| figure.published().value).sum()
}

/// Returns the tone of each step; `None` for what is neither.
fn fills(scale: &[(ScaleStep, Leaning)]) -> Vec<Option<&'static str>> {
    let of = |leaning: Leaning| scale.iter().filter(move |(_, of)| *of == leaning).count();
    let (good, bad) = (of(Leaning::Good), of(Leaning::Bad));
    let (mut goods, mut bads) = (0, 0);
    let tone = |(_, leaning): &(ScaleStep, Leaning)| match leaning {
        // The first good answer is the best, and stands farthest out.
        Leaning::Good => {
            goods += 1;
            Some(GOOD[(good - goods).min(GOOD.len() - 1)])
        }
        Leaning::Bad => {
            bads += 1;
            Some(BAD[(bads - 1).min(bad.min(BAD.len()) - 1)])
        }
        Leaning::Neither => None,
    };
    scale.iter().map(tone).collect()
}

fn legend(
    svg: &mut Svg,
    scale: &[(ScaleStep, Leaning)],
    fills: &[Option<&'static str>],
    layout: Layout,
) -> f64 {
    let (mut x, mut y) = (0.0, 2.0);
    // From left to right, as the segments stand: the scale begins with the best.
    for ((step, _), fill) in scale.iter().zip(fills).rev() {
        let Some(fill) = fill else { continue };
        let width = SWATCH + 6.0 + text_width(&step.label, layout.font());
        if x > 0.0 && x + width > layout.width() {
            (x, y) = (0.0, y + layout.line() + 2.0);
        }
        svg.rect(Area { x, y: y + 2.0, width: SWATCH, height: SWATCH }, "segment", fill);
        svg.text(x + SWATCH + 6.0, y + 13.5, TextStyle::PLAIN, &step.label);
        x += width + 16.0;
    }
    y + layout.line()
}

fn heading(svg: &mut Svg, plot: &Plot, (top, layout): (f64, Layout), words: &Words) {
    let style = TextStyle::MUTED.at(Anchor::End);
    svg.text(plot.neither, top + layout.font(), style, words.chart.neither);
}

fn segments(
    svg: &mut Svg,
    row: &DivergingRow,
    scale: &[(ScaleStep, Leaning)],
    fills: &[Option<&'static str>],
    (plot, y, layout, words): (&Plot, f64, Layout, &Words),
) {
    let steps: Vec<(&Figure, Leaning, Option<&'static str>)> = row
        .figures
        .iter()
        .zip(scale.iter().zip(fills))
        .map(|(figure, ((_, leaning), fill))| (figure, *leaning, *fill))
        .collect();
    let mut left = plot.line;
    for (figure, leaning, fill) in &steps {
        if let (Leaning::Bad, Some(fill)) = (leaning, fill) {
            let width = figure.published().value * plot.point;
            left -= width;
            segment(svg, figure, (left, width, y), fill, (layout, words));
        }
    }
    let mut right = plot.line;
    for (figure, leaning, fill) in steps.iter().rev() {
        if let (Leaning::Good, Some(fill)) = (leaning, fill) {
            let width = figure.published().value * plot.point;
            segment(svg, figure, (right, width, y), fill, (layout, words));
            right += width;
        }
    }
    let baseline = y + BAR / 2.0 + 5.0;
    let whole = |figure: Option<&Figure>, value: f64| {
        let rounded = figure.map_or(value, Figure::rounded);
        words.percent_sign(rounded)
    };
    let bad = whole(row.bad.as_ref(), total(row, scale, Leaning::Bad));
    let good = whole(row.good.as_ref(), total(row, scale, Leaning::Good));
    svg.text(left - 6.0, baseline, TextStyle::BOLD.at(Anchor::End), &bad);
    svg.text(right + 6.0, baseline, TextStyle::BOLD, &good);
    let neither = total(row, scale, Leaning::Neither);
    let style = TextStyle::MUTED.at(Anchor::End);
    svg.text(plot.neither, baseline, style, &words.percent_sign(neither));
}

fn segment(
    svg: &mut Svg,
    figure: &Figure,
    (x, width, y): (f64, f64, f64),
    fill: &'static str,
    (layout, words): (Layout, &Words),
) {
    let gap = 1.0_f64.min(width / 2.0);
    svg.rect(Area { x, y, width: width - gap, height: BAR }, "segment", fill);
    let label = words.whole(figure.rounded() as i64);
    if text_width(&label, layout.font()) + 6.0 <= width {
        let dark = [GOOD[1], GOOD[2], BAD[2]].contains(&fill);
        let style = TextStyle { on_tone: true, ..TextStyle::BOLD.at(Anchor::Middle) };
        let style = if dark { TextStyle { fill: PANEL, ..style } } else { style };
        svg.text(x + width / 2.0, y + BAR / 2.0 + 5.0, style, &label);
    }
}
