//! `/case/{round}/{unit}/review`: reading the whole case through, and signing it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::Hash;
use store::{SectionStatus, StoreError};

use super::OpenCase;
use super::tasks::{state_class, state_word};
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::review::{AnswerLine, Open, OpenLine, lines, may_hand_in, open_lines};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "case_review.html")]
struct CaseReview {
    shell: Shell,
    unit: String,
    /// Whether somebody changed an answer between what the signer saw and the signature.
    changed: bool,
    refused: bool,
    open: Open,
    sections: Vec<ReviewedSection>,
    /// The sections that keep the case from being signed.
    waiting: Vec<OpenLine>,
    content: String,
    tasks: String,
    deadline: String,
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
    render(&open, StatusCode::OK)
}

/// `POST`: signs what the form says was seen; shows the case again where it has changed since, or
/// where a section has not been handed in.
pub(super) async fn sign(open: OpenCase, posted: Posted) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    let seen = posted.first("content").and_then(Hash::from_hex).ok_or(Problem::Unreadable)?;
    if !waiting(&open).is_empty() && !open.case.signed {
        return render(&open, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut writing = open.write().await?;
    match writing.sign(&open.case.id, seen).await {
        Ok(_) => writing.commit().await?,
        Err(StoreError::Changed(_)) => {
            drop(writing);
            return render(&open.reload().await?, StatusCode::CONFLICT);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&open.links.receipt()).into_response())
}

fn render(open: &OpenCase, status: StatusCode) -> Result<Response, Problem> {
    let shell = open.shell();
    page_with(
        status,
        &CaseReview {
            unit: open.unit.name.clone(),
            changed: status == StatusCode::CONFLICT,
            refused: status == StatusCode::UNPROCESSABLE_ENTITY,
            open: open_lines(open, &open.sections(), shell.ui),
            sections: reviewed(open, true),
            waiting: waiting(open),
            content: open.case.content().to_string(),
            tasks: open.links.tasks.clone(),
            deadline: (shell.ui.deadline)(&open.deadline()),
            shell,
        },
    )
}

/// Returns every section with its answers in words.
pub(super) fn reviewed(open: &OpenCase, may_change: bool) -> Vec<ReviewedSection> {
    let words = &open.ui().tasks;
    let section = |index: usize| {
        let section = &open.instrument().sections[index];
        let status = open.case.status(&section.id);
        ReviewedSection {
            title: open.plain(&section.title),
            state: state_class(status),
            status: state_word(status, words),
            lines: lines(open, index, may_change),
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
