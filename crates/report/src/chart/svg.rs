//! A small writer of SVG: real text, presentation attributes and classes, no scripts, no `style`.

use std::fmt::Write as _;

use crate::prose::escape;

/// How wide a page the chart is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Paper and desk: labels stand left of what they name.
    Wide,
    /// A phone: labels stand above.
    Narrow,
}

/// The ink of texts and axes.
pub(super) const INK: &str = "#14282b";
/// Texts of less weight; 4.5 to 1 and more against paper.
pub(super) const MUTED: &str = "#52656a";
/// The colour of what is measured.
pub(super) const ACCENT: &str = "#0b5d63";
/// The whole that a bar is part of.
pub(super) const TRACK: &str = "#e6eeec";
/// Lines behind what is measured.
pub(super) const LINE: &str = "#cdd6d4";
/// The ground.
pub(super) const PANEL: &str = "#ffffff";

const FONT: &str = "Inter, 'Noto Sans', system-ui, -apple-system, 'Segoe UI', Roboto, \
                    'Helvetica Neue', Arial, sans-serif";

impl Layout {
    /// Returns the width of the drawing, in its own units.
    pub(super) fn width(self) -> f64 {
        match self {
            Layout::Wide => 720.0,
            Layout::Narrow => 330.0,
        }
    }

    /// Returns the size of texts. A narrow drawing of 330 is shown 278 wide on a phone of 320, and
    /// still has letters of 12.
    pub(super) fn font(self) -> f64 {
        match self {
            Layout::Wide => 15.0,
            Layout::Narrow => 14.5,
        }
    }

    /// Returns the width of the column of labels; 0 where labels stand above.
    pub(super) fn label_column(self) -> f64 {
        match self {
            Layout::Wide => 268.0,
            Layout::Narrow => 0.0,
        }
    }

    /// Returns the distance between the lines of a text.
    pub(super) fn line(self) -> f64 {
        (self.font() * 1.3).round()
    }

    /// Wraps a label to the room that it has.
    pub(super) fn wrap_label(self, label: &str) -> Vec<String> {
        let room = match self {
            Layout::Wide => self.label_column() - 20.0,
            Layout::Narrow => self.width(),
        };
        wrap(label, room, self.font())
    }

    fn class(self) -> &'static str {
        match self {
            Layout::Wide => "wide",
            Layout::Narrow => "narrow",
        }
    }
}

/// Where a text is held.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing in the making.
pub(super) struct Svg {
    layout: Layout,
    height: f64,
    body: String,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct TextStyle {
    pub(super) anchor: Anchor,
    pub(super) fill: &'static str,
    pub(super) bold: bool,
    /// Whether it stands on a segment, whose tone its own colour goes with.
    pub(super) on_tone: bool,
}

impl TextStyle {
    /// A text that begins where it is put.
    pub(super) const PLAIN: TextStyle =
        TextStyle { anchor: Anchor::Start, fill: INK, bold: false, on_tone: false };
    /// A text of less weight.
    pub(super) const MUTED: TextStyle = TextStyle { fill: MUTED, ..TextStyle::PLAIN };
    /// A figure.
    pub(super) const BOLD: TextStyle = TextStyle { bold: true, ..TextStyle::PLAIN };

    /// The same text, held elsewhere.
    pub(super) const fn at(self, anchor: Anchor) -> TextStyle {
        TextStyle { anchor, ..self }
    }
}

impl Svg {
    pub(super) fn new(layout: Layout) -> Svg {
        Svg { layout, height: 0.0, body: String::new() }
    }

    /// Writes a text with its baseline at `y`.
    pub(super) fn text(&mut self, x: f64, y: f64, style: TextStyle, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if style.bold { " font-weight=\"600\"" } else { "" };
        let class = if style.on_tone { " class=\"on-tone\"" } else { "" };
        let (x, y, fill, text) = (number(x), number(y), style.fill, escape(text));
        let _ = writeln!(
            self.body,
            "<text{class} x=\"{x}\" y=\"{y}\" fill=\"{fill}\"{anchor}{weight}>{text}</text>"
        );
    }

    /// Writes a text on a ground of many tones: around the letters is a rim of the colour given.
    pub(super) fn haloed(&mut self, x: f64, y: f64, style: TextStyle, text: (&str, &'static str)) {
        let (text, rim) = (escape(text.0), text.1);
        let weight = if style.bold { " font-weight=\"600\"" } else { "" };
        let (x, y, fill) = (number(x), number(y), style.fill);
        let _ = writeln!(
            self.body,
            "<text class=\"halo\" x=\"{x}\" y=\"{y}\" fill=\"{fill}\" text-anchor=\"middle\"\
             {weight} font-size=\"13\" stroke=\"{rim}\" stroke-width=\"3\" \
             stroke-linejoin=\"round\" paint-order=\"stroke\">{text}</text>"
        );
    }

    /// Draws a thin line around a rectangle.
    pub(super) fn frame(&mut self, area: Area) {
        let Area { x, y, width, height } = area;
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        let _ = writeln!(
            self.body,
            "<rect class=\"frame\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             fill=\"none\" stroke=\"{MUTED}\" stroke-width=\"0.75\"/>"
        );
    }

    /// Draws a dashed line.
    pub(super) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let _ = writeln!(
            self.body,
            "<line class=\"mark\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" \
             stroke=\"{stroke}\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"/>"
        );
    }

    /// Writes the lines of a label, the first with its baseline at `y`.
    pub(super) fn label(&mut self, x: f64, y: f64, lines: &[String]) {
        for (place, line) in lines.iter().enumerate() {
            self.text(x, y + place as f64 * self.layout.line(), TextStyle::PLAIN, line);
        }
    }

    /// Draws a rectangle; `class` tells the style sheet what it is.
    pub(super) fn rect(&mut self, area: Area, class: &str, fill: &str) {
        let Area { x, y, width, height } = area;
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             fill=\"{fill}\"/>"
        );
    }

    /// Fills a rectangle with slanting lines: a kind of missing, told without colour.
    pub(super) fn hatched(&mut self, area: Area) {
        self.rect(area, "hatch-ground", PANEL);
        let Area { x, y, width, height } = area;
        let mut path = String::new();
        let mut start = 6.0;
        while start < width + height {
            let (from_x, from_y) =
                if start <= width { (x + start, y) } else { (x + width, y + start - width) };
            let (to_x, to_y) =
                if start <= height { (x, y + start) } else { (x + start - height, y + height) };
            let (from_x, from_y) = (number(from_x), number(from_y));
            let _ = write!(path, "M{from_x} {from_y}L{} {}", number(to_x), number(to_y));
            start += 6.0;
        }
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        let _ = writeln!(
            self.body,
            "<path class=\"hatch\" d=\"{path}M{x} {y}h{width}v{height}h-{width}z\" fill=\"none\" \
             stroke=\"#8a9a9c\" stroke-width=\"1\"/>"
        );
    }

    /// Draws a line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let class = if stroke == LINE { "rule" } else { "mark" };
        let width = number(width);
        let _ = writeln!(
            self.body,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" \
             stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        );
    }

    /// Draws a line through points.
    pub(super) fn path(
        &mut self,
        points: impl Iterator<Item = (f64, f64)>,
        stroke: &str,
        width: f64,
    ) {
        let mut path = String::new();
        for (place, (x, y)) in points.enumerate() {
            let step = if place == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{step}{} {}", number(x), number(y));
        }
        let width = number(width);
        let _ = writeln!(
            self.body,
            "<path class=\"mark\" d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" \
             stroke-width=\"{width}\" stroke-linejoin=\"round\"/>"
        );
    }

    /// Draws an area within closed lines, in half units of the drawing.
    pub(super) fn area(&mut self, lines: &[Vec<(i64, i64)>], fill: &str, stroke: &str) {
        let mut path = String::new();
        for line in lines {
            for (place, (x, y)) in line.iter().enumerate() {
                let step = if place == 0 { 'M' } else { 'L' };
                let (x, y) = (number(*x as f64 / 2.0), number(*y as f64 / 2.0));
                let _ = write!(path, "{step}{x} {y}");
            }
            path.push('z');
        }
        let _ = writeln!(
            self.body,
            "<path class=\"segment\" d=\"{path}\" fill=\"{fill}\" fill-rule=\"evenodd\" \
             stroke=\"{stroke}\" stroke-width=\"0.75\" stroke-linejoin=\"round\"/>"
        );
    }

    /// Draws slanting strokes: a kind of missing, told without colour.
    pub(super) fn strokes(&mut self, strokes: impl Iterator<Item = [(f64, f64); 2]>) {
        let mut path = String::new();
        for [(from_x, from_y), (to_x, to_y)] in strokes {
            let (from_x, from_y) = (number(from_x), number(from_y));
            let _ = write!(path, "M{from_x} {from_y}L{} {}", number(to_x), number(to_y));
        }
        if !path.is_empty() {
            let _ = writeln!(
                self.body,
                "<path class=\"hatch\" d=\"{path}\" fill=\"none\" stroke=\"#8a9a9c\" \
                 stroke-width=\"1\"/>"
            );
        }
    }

    /// Draws a point: filled, or a ring.
    pub(super) fn point(&mut self, x: f64, y: f64, filled: bool) {
        let (x, y) = (number(x), number(y));
        let (class, fill) = if filled { ("dot", ACCENT) } else { ("ring", PANEL) };
        let _ = writeln!(
            self.body,
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"5.5\" fill=\"{fill}\" \
             stroke=\"{ACCENT}\" stroke-width=\"2\"/>"
        );
    }

    /// Lets the drawing reach down to `y`.
    pub(super) fn reach(&mut self, y: f64) {
        self.height = self.height.max(y);
    }

    /// Returns the drawing with its title and description.
    pub(super) fn finish(self, id: &str, title: &str, description: &str) -> String {
        let (class, width, font) =
            (self.layout.class(), number(self.layout.width()), number(self.layout.font()));
        let height = number(self.height.ceil());
        let id = format!("{id}-{class}");
        format!(
            "<svg class=\"drawing {class}\" xmlns=\"http://www.w3.org/2000/svg\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{FONT}\" \
             font-size=\"{font}\">\n<title id=\"{id}-title\">{}</title>\n\
             <desc id=\"{id}-desc\">{}</desc>\n{}</svg>\n",
            escape(title),
            escape(description),
            self.body,
        )
    }
}

/// A rectangle.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Writes a coordinate: one decimal at most.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    let tenths = if tenths == 0.0 { 0.0 } else { tenths };
    format!("{}", tenths / 10.0)
}

/// Estimates how wide a text is. Fonts differ, and a text that is too long for its place is worse than
/// one that is wrapped early: the widths are those of DejaVu Sans, the widest that readers may have.
pub(super) fn text_width(text: &str, font: f64) -> f64 {
    let em = |letter: char| match letter {
        'i' | 'l' | 'j' | '\'' => 0.28,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '|' | 'I' | 'J' => 0.33,
        't' | 'f' | 'r' | '(' | ')' | '/' | '-' | '!' => 0.4,
        's' | 'c' | 'z' => 0.55,
        'a' | 'e' | 'k' | 'v' | 'x' | 'y' | 'å' | 'ø' | 'é' => 0.61,
        'm' | 'w' | 'M' | 'W' | '%' | 'æ' | 'Æ' | '—' => 0.97,
        letter if letter.is_uppercase() => 0.72,
        _ => 0.64,
    };
    text.chars().map(em).sum::<f64>() * font
}

/// Breaks a text into lines that are at most `room` wide, where its words allow it.
pub(super) fn wrap(text: &str, room: f64, font: f64) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), font) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_their_room() {
        let lines = wrap("å skaffe boliger til dem som kommer", 120.0, 15.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| text_width(line, 15.0) <= 120.0));
        assert_eq!(lines.join(" "), "å skaffe boliger til dem som kommer");
        assert_eq!(wrap("", 100.0, 15.0), Vec::<String>::new());
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!([number(1.0), number(2.345), number(-0.01)], ["1", "2.3", "0"]);
    }
}
