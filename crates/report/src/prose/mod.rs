//! Prose: a report in Markdown whose figures come from expressions.
//!
//! [`compose`] reads one report text. What it states goes into a ledger, what it draws into charts,
//! and everything that is wrong with it comes back at once.

mod arguments;
mod claim;
mod draw;
mod draw_groups;
mod evaluate;
mod function;
mod lexicon;
mod markdown;
mod say;
mod scan;

pub use claim::{CLAIM, ClaimedValue, Rounded, TestedClaim, verify};
pub(crate) use evaluate::question_anchor;
pub(crate) use markdown::escape;

use std::ops::Range;

use instrument::{Diagnostic, Severity};

use crate::chart::Chart;
use crate::figures::{FigureError, Figures};
use crate::ledger::Ledger;
use crate::site::ReportText;
use crate::words::Words;

/// A report text with its figures in place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Document {
    /// The title, as plain text.
    pub(crate) title: String,
    /// The first paragraph, as plain text.
    pub(crate) introduction: String,
    /// What stands before the first section, as HTML.
    pub(crate) lead: String,
    /// The addresses of the figures that the main findings show large.
    pub(crate) main_figures: Vec<String>,
    /// The sections.
    pub(crate) sections: Vec<Section>,
    /// The charts, in order; [`chart_mark`] stands in the HTML where each belongs.
    pub(crate) charts: Vec<Chart>,
    /// Everything that it states.
    pub(crate) ledger: Ledger,
}

/// A section of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section {
    /// Its address on the page.
    pub(crate) id: String,
    /// Its heading, as plain text.
    pub(crate) heading: String,
    /// Its text, as HTML.
    pub(crate) html: String,
}

/// Something that is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    code: &'static str,
    span: Range<usize>,
    message: String,
    hint: Option<String>,
}

/// Composes one report. The document is complete only where no diagnostic is an error.
pub(crate) fn compose(
    report: &ReportText,
    words: &Words,
    figures: &Figures<'_>,
) -> (Document, Vec<Diagnostic>) {
    let mut scanned = scan::scan(&report.text);
    let mut problems = std::mem::take(&mut scanned.problems);
    let mut evaluator = evaluate::Evaluator::new(figures, words);
    let mut outcomes = vec![];
    for slot in &scanned.slots {
        let outcome = evaluator.evaluate(&report.text[slot.inner.clone()]);
        let start = slot.inner.start;
        problems.extend(evaluator.warnings.drain(..).map(|warning| warning.moved(start)));
        outcomes.push(outcome.map_err(|problem| problems.push(problem.moved(start))).ok());
    }
    let mut page = markdown::render(&report.text, &scanned, outcomes, words.lang);
    problems.append(&mut page.problems);
    problems.sort_by_key(|problem| (problem.span.start, problem.code));
    let mut document = page.document;
    document.ledger = evaluator.ledger;
    (document, problems.into_iter().map(|problem| problem.in_file(&report.file)).collect())
}

/// Returns what stands in the HTML where a chart belongs.
pub(crate) fn chart_mark(index: usize) -> String {
    format!("<!--chart {index}-->")
}

impl Problem {
    fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { code, span, message: message.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }

    fn figure(error: &FigureError, span: Range<usize>) -> Problem {
        Problem { code: error.code(), span, message: error.to_string(), hint: error.hint() }
    }

    fn moved(mut self, by: usize) -> Problem {
        self.span = self.span.start + by..self.span.end + by;
        self
    }

    fn in_file(self, file: &str) -> Diagnostic {
        // A warning is what a reader would not be misled by.
        let severity =
            if self.code == evaluate::TIED { Severity::Warning } else { Severity::Error };
        Diagnostic {
            code: self.code,
            severity,
            file: file.to_owned(),
            span: Some(self.span),
            message: self.message,
            hint: self.hint,
        }
    }
}
