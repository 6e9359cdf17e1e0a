//! `/case/{round}/{unit}/{section}/review`: reading a section through, and handing it in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use store::SectionStatus;

use super::OpenCase;
use crate::problem::{Problem, page_with};
use crate::review::{AnswerLine, Open, lines, may_hand_in, off_path, open_lines};
use crate::shell::Shell;

type Address = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "section_review.html")]
struct SectionReview {
    shell: Shell,
    title: String,
    done: bool,
    /// Whether handing in has just been refused.
    refused: bool,
    open: Open,
    /// What is said of answers that count no more, where there are any.
    off_path: Option<String>,
    lines: Vec<AnswerLine>,
    tasks: String,
    deadline: String,
}

/// `GET`.
pub(super) async fn show(
    open: OpenCase,
    Path((_, _, section)): Address,
) -> Result<Response, Problem> {
    let section = open.section(&section)?;
    if open.case.signed {
        return Ok(open.to_receipt());
    }
    render(&open, section, false).await
}

/// `POST`: hands the section in, unless a hard check is open.
pub(super) async fn hand_in(
    open: OpenCase,
    Path((_, _, section)): Address,
) -> Result<Response, Problem> {
    let section = open.section(&section)?;
    if !may_hand_in(&open, section) {
        return render(&open, section, true).await;
    }
    let id = &open.instrument().sections[section].id;
    let mut writing = open.write().await?;
    writing.hand_in(&open.case.id, id).await?;
    writing.commit().await?;
    Ok(Redirect::to(&open.links.tasks).into_response())
}

async fn render(open: &OpenCase, section: usize, refused: bool) -> Result<Response, Problem> {
    let shell = open.shell();
    let names = open.names_of_answers().await?;
    let about = &open.instrument().sections[section];
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_with(
        status,
        &SectionReview {
            title: open.plain(&about.title),
            done: open.case.status(&about.id) == SectionStatus::Done,
            refused,
            open: open_lines(open, &[section], shell.ui),
            off_path: Some(off_path(open, section))
                .filter(|answers| *answers > 0)
                .map(shell.ui.saving.off_path),
            lines: lines(open, section, Some(&names)),
            tasks: open.links.tasks.clone(),
            deadline: (shell.ui.deadline)(&open.deadline()),
            shell,
        },
    )
}
