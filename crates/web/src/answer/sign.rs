//! `/case/{round}/{unit}/review`: reading the whole case through, and signing it.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::Hash;
use store::{SectionStatus, StoreError};

use super::OpenCase;
use super::names::Names;
use super::tasks::{state_class, state_word};
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::question::shown;
use crate::review::{AnswerLine, Open, OpenLine, lines, may_hand_in, open_lines};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "case_review.html")]
struct CaseReview {
    shell: Shell,
    unit: String,
    /// Whether somebody changed something between what the signer saw and the signature.
    changed: bool,
    /// What they changed.
    changes: Vec<ChangeLine>,
    /// Which version of each answer is shown.
    versions: String,
    refused: bool,
    open: Open,
    sections: Vec<ReviewedSection>,
    /// The sections that keep the case from being signed.
    waiting: Vec<OpenLine>,
    content: String,
    tasks: String,
    deadline: String,
}

/// An answer that somebody changed while the signer was reading.
struct ChangeLine {
    question: String,
    what: String,
    now: String,
}

/// A section with its answers in words.
pub(super) struct ReviewedSection {
    pub(super) title: String,
    pub(super) state: &'static str,
    pub(super) status: &'static str,
    pub(super) lines: Vec<AnswerLine>,
}

/// `GET`.
pub(super) async fn show(open: OpenCase) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    if open.case.signed {
        return Ok(open.to_receipt());
    }
    render(&open, StatusCode::OK, None).await
}

/// `POST`: signs what the form says was seen; shows the case again where it has changed since, or
/// where a section has not been handed in.
pub(super) async fn sign(open: OpenCase, posted: Posted) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    let seen = posted.first("content").and_then(Hash::from_hex).ok_or(Problem::Unreadable)?;
    if !waiting(&open).is_empty() && !open.case.signed {
        return render(&open, StatusCode::UNPROCESSABLE_ENTITY, None).await;
    }
    let mut writing = open.write().await?;
    match writing.sign(&open.case.id, seen).await {
        Ok(_) => writing.commit().await?,
        Err(StoreError::Changed(_)) => {
            drop(writing);
            let seen = posted.first("versions");
            return render(&open.reload().await?, StatusCode::CONFLICT, seen).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&open.links.receipt()).into_response())
}

/// Renders the case; `seen` is which version of each answer the signer was shown before.
async fn render(
    open: &OpenCase,
    status: StatusCode,
    seen: Option<&str>,
) -> Result<Response, Problem> {
    let shell = open.shell();
    let names = open.names_of_answers().await?;
    page_with(
        status,
        &CaseReview {
            unit: open.unit.name.clone(),
            changed: status == StatusCode::CONFLICT,
            changes: seen.map_or(vec![], |seen| changes(open, seen, &names)),
            versions: versions(open),
            refused: status == StatusCode::UNPROCESSABLE_ENTITY,
            open: open_lines(open, &open.sections(), shell.ui),
            sections: reviewed(open, Some(&names)),
            waiting: waiting(open),
            content: open.case.content().to_string(),
            tasks: open.links.tasks.clone(),
            deadline: (shell.ui.deadline)(&open.deadline()),
            shell,
        },
    )
}

/// Returns which version of each answer holds, for the form.
fn versions(open: &OpenCase) -> String {
    let held = open.case.held.iter();
    held.map(|(name, held)| format!("{name}:{}", held.version)).collect::<Vec<_>>().join(" ")
}

/// Returns what has another version now than `seen` says, with who changed it.
fn changes(open: &OpenCase, seen: &str, names: &Names) -> Vec<ChangeLine> {
    let seen: BTreeMap<&str, &str> =
        seen.split_whitespace().filter_map(|pair| pair.rsplit_once(':')).collect();
    let instrument = open.instrument();
    let mut lines = vec![];
    for (index, variable) in instrument.variables.iter().enumerate() {
        let Some(held) = open.case.held(&variable.name) else { continue };
        if seen.get(variable.name.as_str()) == Some(&held.version.to_string().as_str()) {
            continue;
        }
        let question = instrument.question_of(variable);
        let words = &open.ui().page;
        let value = open.answers.get(index);
        lines.push(ChangeLine {
            question: open.plain(&question.text),
            what: (words.conflict)(&names.of(&held.by), &open.ui().time(held.at)),
            now: value.map_or(words.conflict_withdrawn.to_owned(), |value| {
                let value = shown(instrument, variable, value, open.lang, open.ui());
                (words.conflict_theirs)(&value.replace('\n', ", "))
            }),
        });
    }
    lines
}

/// Returns every section with its answers in words. Where `names` are given, the answers can be
/// changed, and it is told who gave them.
pub(super) fn reviewed(open: &OpenCase, names: Option<&Names>) -> Vec<ReviewedSection> {
    let words = &open.ui().tasks;
    let section = |index: usize| {
        let section = &open.instrument().sections[index];
        let status = open.case.status(&section.id);
        ReviewedSection {
            title: open.plain(&section.title),
            state: state_class(status),
            status: state_word(status, words),
            lines: lines(open, index, names),
        }
    };
    open.sections().into_iter().map(section).collect()
}

/// Returns the sections that have not been handed in, or that a correction has left with a hard
/// check open.
fn waiting(open: &OpenCase) -> Vec<OpenLine> {
    let sections = &open.instrument().sections;
    let waits = |index: &usize| {
        open.case.status(&sections[*index].id) != SectionStatus::Done || !may_hand_in(open, *index)
    };
    let line = |index: usize| OpenLine {
        href: open.links.section_review(sections[index].id.as_str()),
        text: open.plain(&sections[index].title),
    };
    open.sections().into_iter().filter(waits).map(line).collect()
}
