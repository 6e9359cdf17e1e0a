//! Corrections of a report that had been published: what was wrong, when it was put right, and which
//! figures changed.

use instrument::{CorrectedFigure, Diagnostic, Plan, Severity};

use super::round::diagnostic;
use crate::figures::{Figures, Measure};
use crate::labels::Labels;
use crate::ledger::{Ledger, Stated};
use crate::words::Words;

/// A correction as the page lists it.
pub(super) struct CorrectionEntry {
    pub(super) anchor: String,
    pub(super) date: String,
    pub(super) reason: String,
    pub(super) figures: Vec<CorrectedEntry>,
}

/// A figure that changed.
pub(super) struct CorrectedEntry {
    /// The address of its row.
    pub(super) anchor: String,
    pub(super) label: String,
    pub(super) was: String,
    pub(super) now: String,
}

/// Returns the corrections of a round, the latest first.
pub(super) fn entries(
    figures: &Figures<'_>,
    ledger: &Ledger,
    words: &Words,
) -> Vec<CorrectionEntry> {
    let labels = Labels::new(figures.now.data, words.lang);
    let numbered = figures.plan.corrections.iter().enumerate().rev();
    numbered
        .map(|(place, correction)| CorrectionEntry {
            anchor: format!("correction-{}", place + 1),
            date: words.date(correction.date),
            reason: correction.reason.get(words.lang).to_owned(),
            figures: correction
                .figures
                .iter()
                .filter_map(|corrected| entry(corrected, ledger, &labels, words))
                .collect(),
        })
        .collect()
}

fn entry(
    corrected: &CorrectedFigure,
    ledger: &Ledger,
    labels: &Labels<'_>,
    words: &Words,
) -> Option<CorrectedEntry> {
    let (anchor, stated) = find(ledger, corrected)?;
    let figure = &stated.figure;
    let value = |value: f64| match figure.measure {
        Measure::Share | Measure::ResponseRate => words.percent_sign(value),
        Measure::Mean | Measure::Median | Measure::Net => words.decimal(value, 1),
    };
    let options = labels.options(&figure.variable, &figure.codes);
    let question = labels.variable(&figure.variable);
    let label =
        if options.is_empty() { question.to_owned() } else { format!("{question} {options}") };
    let name = if label.trim().is_empty() { corrected.id.clone() } else { label };
    Some(CorrectedEntry {
        anchor,
        label: name,
        was: value(corrected.was),
        now: value(figure.rounded()),
    })
}

/// Says which corrections name a figure that no report states, or one that has not changed.
pub(super) fn check(plan: &Plan, ledger: &Ledger, file: &str) -> Vec<Diagnostic> {
    let figures = plan.corrections.iter().flat_map(|correction| &correction.figures);
    figures.filter_map(|corrected| wrong(corrected, ledger, file)).collect()
}

fn wrong(corrected: &CorrectedFigure, ledger: &Ledger, file: &str) -> Option<Diagnostic> {
    let name = format!("{} {}", corrected.id, corrected.option);
    let name = name.trim_end();
    let (message, hint) = match find(ledger, corrected) {
        None => (
            format!("a correction names `{name}`, which no report states"),
            "name figures as findings.json does, by `id` and `option`",
        ),
        Some((_, stated)) if stated.figure.rounded() == corrected.was => (
            format!("a correction says that `{name}` was {}, which it still is", corrected.was),
            "`was` is the value that was published and is no longer right",
        ),
        Some(_) => return None,
    };
    let wrong = diagnostic("RR0706", Severity::Error, file, message);
    Some(Diagnostic { hint: Some(hint.to_owned()), ..wrong })
}

/// Returns the latest figure of this name, and the address of its row.
fn find<'l>(ledger: &'l Ledger, corrected: &CorrectedFigure) -> Option<(String, &'l Stated)> {
    let named = ledger
        .figures()
        .filter(|(key, _)| key.group.is_empty())
        .filter(|(key, _)| key.id == corrected.id && key.option == corrected.option);
    named.max_by_key(|(key, _)| key.round).map(|(key, stated)| (key.anchor(), stated))
}
