//! Shows diagnostics as a good compiler does: the source line, a caret, the code, the hint.

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
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in sorted {
        if !out.is_empty() {
            out.push('\n');
        }
        let source = sources.get(&diagnostic.file).map(String::as_str);
        out.push_str(&renderer.render(&[group(diagnostic, source)]));
        out.push('\n');
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, source: Option<&'a str>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(normalize_untrusted_str(&diagnostic.message));
    let mut group = Group::with_title(title.id(diagnostic.code));
    group = match (source, &diagnostic.span) {
        (Some(source), Some(span)) => {
            let line = Line::of(source, span);
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

/// A line of a source, and the part of it that is meant.
struct Line<'a> {
    text: &'a str,
    number: usize,
    span: Range<usize>,
}

impl Line<'_> {
    /// Returns the line that `span` begins in. Only this line is given to the renderer, whose work
    /// grows with the whole source.
    fn of<'a>(source: &'a str, span: &Range<usize>) -> Line<'a> {
        let at = source.floor_char_boundary(span.start);
        let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let text = source[start..].lines().next().unwrap_or_default();
        let from = (at - start).min(text.len());
        let to = source.floor_char_boundary(span.end).saturating_sub(start);
        let number = source[..start].matches('\n').count() + 1;
        Line { text, number, span: from..to.clamp(from, text.len()) }
    }
}
