//! Reads what stands inside texts: values that are piped, links, and signs of Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::conditions::follows;
use super::reader::{InRows, Reader, Written};
use super::rows::{names_in, written_out};
use super::yaml::{Content, Node};
use crate::expression::{Piece, Piped, Scope, check_piped, parse, pieces};
use crate::markup::{self, Fault};
use crate::rules;
use crate::spelling::suggest;
use crate::{Lang, Question, Survey};

/// Checks every text that was kept for it, and returns what they pipe.
pub(super) fn read(
    reader: &mut Reader<'_>,
    scope: &Scope<'_>,
    survey: &Survey,
    unreadable: &BTreeSet<String>,
) -> BTreeMap<(Lang, String), Piped> {
    let mut pipes = BTreeMap::new();
    for written in std::mem::take(&mut reader.written) {
        check_markup(reader, &written.node);
        for (span, source) in piped(reader, &written.node) {
            for (before, row) in places(&written, scope.questions) {
                reader.muted = row.is_some_and(|(_, row)| row > 0);
                let scope = Scope { before, row, ..*scope };
                let piped = pipe(reader, &written, &span, &source, (&scope, survey, unreadable));
                let source = written_out(source.trim(), &names_in(scope.questions, row));
                pipes.extend(piped.map(|piped| ((written.lang, source), piped)));
            }
        }
        reader.muted = false;
        reader.written.push(written);
    }
    pipes
}

/// Returns where a text stands: how many questions it can look back at, and in which row. In a list
/// that is a place for each row.
fn places(written: &Written, questions: &[Question]) -> Vec<(usize, Option<(usize, usize)>)> {
    let Some(InRows { repeat, before }) = written.in_rows else {
        return vec![(written.before, None)];
    };
    let mut firsts = vec![];
    for (index, question) in questions.iter().enumerate() {
        let row = question.row.as_ref().filter(|of| of.repeat == repeat).map(|of| of.row);
        if row == Some(firsts.len()) {
            firsts.push(index);
        }
    }
    let rows = firsts.into_iter().enumerate();
    rows.map(|(row, first)| (first + before, Some((repeat, row)))).collect()
}

/// Checks one value that is piped.
fn pipe(
    reader: &mut Reader<'_>,
    written: &Written,
    range: &Range<usize>,
    source: &str,
    (scope, survey, unreadable): (&Scope<'_>, &Survey, &BTreeSet<String>),
) -> Option<Piped> {
    let place = |part: Range<usize>, reader: &Reader<'_>| {
        let part = range.start + part.start..range.start + part.end;
        written.node.place_of(part, reader.source())
    };
    let expression = match parse(source) {
        Ok(expression) => expression,
        Err(error) => {
            let span = place(error.span, reader);
            let hint = error.hint.map(str::to_owned);
            return reader.report(rules::SYNTAX, span, error.message, hint);
        }
    };
    let (piped, problems) =
        check_piped(&expression, scope, written.lang, &survey.plurals(written.lang));
    for problem in problems.into_iter().filter(|problem| !follows(problem, source, unreadable)) {
        let span = place(problem.span, reader);
        reader.report::<()>(problem.rule, span, problem.message, problem.hint);
    }
    piped
}

/// Returns what a text pipes, each with its place in the text; reports what does not end.
fn piped(reader: &mut Reader<'_>, node: &Node) -> Vec<(Range<usize>, String)> {
    let Content::Scalar(text) = &node.content else { return vec![] };
    let mut found = vec![];
    for piece in pieces(text) {
        match piece {
            Piece::Characters(_) => {}
            Piece::Pipe(range) => found.push((range.clone(), text[range].to_owned())),
            Piece::Open(range) => {
                let span = node.place_of(range.start..range.start + 2, reader.source());
                let message = "`{{` is not followed by `}}`";
                reader.report::<()>(rules::OPEN_PIPE, span, message, None);
            }
        }
    }
    found
}

fn check_markup(reader: &mut Reader<'_>, node: &Node) {
    let Content::Scalar(text) = &node.content else { return };
    for (range, fault) in markup::faults(text) {
        let (rule, message) = match fault {
            Fault::Html => {
                let tag = &text[range.clone()];
                (rules::HTML_IN_TEXT, format!("`{tag}` is HTML and will be shown as it is"))
            }
            Fault::Picture => (rules::UNSAFE_MARKUP, "a text cannot hold a picture".to_owned()),
            Fault::Link(address) => {
                let message = format!("`{address}` is no address that a text can link to");
                (rules::UNSAFE_MARKUP, message)
            }
        };
        let span = node.place_of(range, reader.source());
        reader.report::<()>(rule, span, message, None);
    }
}

impl Reader<'_> {
    /// Reports links to terms that are not among those defined.
    pub(super) fn check_terms(&mut self, known: &[&str]) {
        let written = std::mem::take(&mut self.written);
        for Written { node, .. } in &written {
            let Content::Scalar(text) = &node.content else { continue };
            for term in markup::terms(text).iter().filter(|term| !known.contains(&term.as_str())) {
                let address = format!("term:{term}");
                let at = text.find(&address).unwrap_or(0);
                let span = node.place_of(at..at + address.len(), self.source());
                let message = format!("the term `{term}` is not defined");
                let hint = suggest(term, known.iter().copied());
                self.report::<()>(rules::UNKNOWN_TERM, span, message, hint);
            }
        }
        self.written = written;
    }

    /// Reports every text that pipes something, in a file whose texts belong to no case.
    pub(super) fn refuse_pipes(&mut self) {
        for Written { node, .. } in std::mem::take(&mut self.written) {
            check_markup(self, &node);
            if let Some((range, _)) = piped(self, &node).into_iter().next() {
                let span = node.place_of(range, self.source());
                let message = "nothing can be piped into this text";
                self.report::<()>(rules::MISPLACED_PIPE, span, message, None);
            }
        }
    }
}
