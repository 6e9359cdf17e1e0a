//! Shows diagnostics as a good compiler does: the source line, a caret, the code, the hint.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use crate::{Diagnostic, Severity, Sources};

/// Renders diagnostics, sorted by file and place, with an empty line between them. A span that
/// goes over several lines is shown by its first.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|d| (&d.file, d.span.as_ref().map(|span| span.start), d.code));
    let lines: BTreeMap<&str, Lines<'_>> =
        sources.iter().map(|(file, source)| (file.as_str(), Lines::of(source))).collect();
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in sorted {
        if !out.is_empty() {
            out.push('\n');
        }
        let group = group(diagnostic, lines.get(diagnostic.file.as_str()));
        out.push_str(&renderer.render(&[group]));
        out.push('\n');
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, lines: Option<&Lines<'a>>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(normalize_untrusted_str(&diagnostic.message));
    let mut group = Group::with_title(title.id(diagnostic.code));
    group = match (lines, &diagnostic.span) {
        (Some(lines), Some(span)) => {
            let line = lines.first_of(span);
            let annotation = AnnotationKind::Primary.span(line.span);
            let snippet = Snippet::source(line.text).line_start(line.number);
            group.element(snippet.path(&diagnostic.file).annotation(annotation))
        }
        (None, _) | (_, None) => group.element(Origin::path(&diagnostic.file)),
    };
    match &diagnostic.hint {
        Some(hint) => group.element(Level::HELP.message(normalize_untrusted_str(hint))),
        None => group,
    }
}

/// A source and where its lines begin.
struct Lines<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

/// A line of a source, and the part of it that is meant.
struct Line<'a> {
    text: &'a str,
    number: usize,
    span: Range<usize>,
}

/// The longest line that is shown whole, in bytes; and how much of a longer one is shown on either
/// side of what is meant. Nobody writes such lines, and the renderer's work grows with them.
const LONGEST_LINE: usize = 4096;
const AROUND: usize = 80;

impl Line<'_> {
    /// Cuts a line that no person can have written down to what stands around the part meant.
    fn shortened(self) -> Self {
        if self.text.len() <= LONGEST_LINE {
            return self;
        }
        let Line { text, number, span } = self;
        let start = text.floor_char_boundary(span.start.saturating_sub(AROUND));
        let shown_to = text.floor_char_boundary(span.end.min(span.start + AROUND));
        let end = text.floor_char_boundary((shown_to + AROUND).min(text.len()));
        let span = span.start - start..shown_to.max(span.start) - start;
        Line { text: &text[start..end], number, span }
    }
}

impl<'a> Lines<'a> {
    fn of(source: &'a str) -> Lines<'a> {
        let later = source.match_indices('\n').map(|(newline, _)| newline + 1);
        Lines { source, starts: std::iter::once(0).chain(later).collect() }
    }

    /// Returns the line that `span` begins in. Only this line is given to the renderer, whose work
    /// grows with the source.
    fn first_of(&self, span: &Range<usize>) -> Line<'a> {
        let source = self.source;
        let at = source.floor_char_boundary(span.start);
        let number = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[number - 1];
        let text = source[start..].lines().next().unwrap_or_default();
        let from = (at - start).min(text.len());
        let to = source.floor_char_boundary(span.end).saturating_sub(start);
        Line { text, number, span: from..to.clamp(from, text.len()) }.shortened()
    }
}
