//! `/case/{round}/{unit}/receipt`: what the coordinator keeps, and the way back.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use store::Signature;

use super::OpenCase;
use super::sign::{ReviewedSection, reviewed};
use crate::problem::{Problem, page};
use crate::question::who;
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt {
    shell: Shell,
    unit: String,
    survey: String,
    signed_by: String,
    signed_at: String,
    mark: String,
    sections: Vec<ReviewedSection>,
    may_reopen: bool,
    reopen_means: String,
    tasks: String,
}

/// `GET`. Before the case is signed there is nothing to receipt.
pub(super) async fn show(open: OpenCase) -> Result<Response, Problem> {
    let signature = open.case.signatures.last().filter(|_| open.case.signed);
    let Some(signature) = signature else {
        return Ok(Redirect::to(&open.links.tasks).into_response());
    };
    let shell = open.shell();
    page(&Receipt {
        unit: open.unit.name.clone(),
        survey: format!("{} {}", shell.title, open.case.id.round),
        signed_by: signer(&open, signature),
        signed_at: shell.ui.time(signature.at),
        mark: signature.hash.short(),
        sections: reviewed(&open, false),
        may_reopen: open.is_coordinator(),
        reopen_means: (shell.ui.receipt.reopen_means)(&open.deadline()),
        tasks: open.links.tasks.clone(),
        shell,
    })
}

/// `POST`: opens a signed case again.
pub(super) async fn reopen(open: OpenCase) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    let mut writing = open.write().await?;
    writing.reopen(&open.case.id).await?;
    writing.commit().await?;
    Ok(Redirect::to(&open.links.tasks).into_response())
}

fn signer(open: &OpenCase, signature: &Signature) -> String {
    let own = store::Actor::Contact(open.access.contact.clone());
    match signature.by == own {
        true => open.access.name.clone(),
        false => who(&signature.by, &open.case, open.ui()),
    }
}
