//! `/case/{round}/{unit}/receipt`: what the coordinator keeps, and the way back.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use store::{Actor, LetterFor, LetterKind, Signature};
use tokio::task::spawn_blocking;

use super::OpenCase;
use super::sign::{ReviewedSection, reviewed};
use crate::problem::{Problem, page};
use crate::review::OpenLine;
use crate::shell::Shell;
use crate::ui::oslo;

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
    /// Whether this is not what holds now, but an earlier signed version.
    earlier: bool,
    /// The earlier signed versions.
    versions: Vec<OpenLine>,
    may_reopen: bool,
    reopen_means: String,
    /// Where the receipt is as PDF.
    pdf: Option<String>,
    /// Whether this is to be a PDF.
    printed: bool,
    /// Where the receipt can be asked for by e-mail.
    mail: Option<String>,
    mailed: bool,
    tasks: String,
}

/// The receipt as a letter encloses it.
#[derive(Template)]
#[template(path = "receipt.txt")]
struct Plain<'a> {
    receipt: &'a Receipt,
}

/// The same in HTML.
#[derive(Template)]
#[template(path = "receipt_letter.html")]
struct Enclosed<'a> {
    receipt: &'a Receipt,
    shell: &'a Shell,
}

/// `GET`. Before the case is signed there is nothing to receipt.
pub(super) async fn show(
    open: OpenCase,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    if !open.case.signed {
        return Ok(Redirect::to(&open.links.tasks).into_response());
    }
    let mut receipt = receipt(&open).await?;
    receipt.mailed = query.get("done").is_some_and(|done| done == "mailed");
    page(&receipt)
}

/// `GET`: a version that was signed, whether or not it still holds.
pub(super) async fn show_version(
    open: OpenCase,
    Path((_, _, number)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    let pdf = open.app.service.print.map(|_| format!("{}/{number}/pdf", open.links.receipt()));
    let (_, mut receipt) = version(open, &number).await?;
    receipt.pdf = pdf;
    page(&receipt)
}

/// `GET`: the receipt as PDF.
pub(super) async fn print(open: OpenCase) -> Result<Response, Problem> {
    if !open.case.signed {
        return Err(Problem::NotFound);
    }
    let receipt = receipt(&open).await?;
    printed(&open, receipt).await
}

/// `GET`: the same of a version that was signed.
pub(super) async fn print_version(
    open: OpenCase,
    Path((_, _, number)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    if !open.is_coordinator() {
        return Err(Problem::NotFound);
    }
    let (open, receipt) = version(open, &number).await?;
    printed(&open, receipt).await
}

/// Returns the case as it was signed for the `number`th time, and its receipt.
async fn version(open: OpenCase, number: &str) -> Result<(OpenCase, Receipt), Problem> {
    let number: usize = number.parse().map_err(|_| Problem::NotFound)?;
    let signed = open.app.service.store.signed_case(&open.case.id, number).await?;
    let open = open.with(Arc::new(signed.ok_or(Problem::NotFound)?));
    let mut receipt = receipt(&open).await?;
    receipt.earlier = true;
    receipt.may_reopen = false;
    receipt.mail = None;
    receipt.versions.clear();
    Ok((open, receipt))
}

/// Typesets a receipt, in a thread that has the time.
async fn printed(open: &OpenCase, mut receipt: Receipt) -> Result<Response, Problem> {
    let print = open.app.service.print.ok_or(Problem::NotFound)?;
    let signature = open.case.signatures.last().ok_or(Problem::NotFound)?;
    receipt.printed = true;
    let (page, date) = (written(&receipt)?, oslo(signature.at).date());
    let above = receipt.survey;
    let _turn = open.app.making.lock().await;
    let pdf = spawn_blocking(move || print(&page, date, &above)).await;
    let pdf = pdf.map_err(|error| error.to_string()).flatten().map_err(|error| {
        tracing::error!("a receipt cannot be printed: {error}");
        Problem::Broken
    })?;
    let (title, id) = (receipt.shell.ui.receipt.title.to_lowercase(), &open.case.id);
    let name = format!("attachment; filename=\"{title}-{}-{}.pdf\"", id.round, id.unit);
    Ok(([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)], pdf)
        .into_response())
}

/// `POST`: puts the receipt into the outbox, once for each signature.
pub(super) async fn mail(open: OpenCase) -> Result<Response, Problem> {
    if !open.is_coordinator() || !open.case.signed || !open.app.service.letters {
        return Err(Problem::NotFound);
    }
    let receipt = receipt(&open).await?;
    let (text, html) = (
        written(&Plain { receipt: &receipt })?,
        written(&Enclosed { receipt: &receipt, shell: &receipt.shell })?,
    );
    let mut writing = open.write().await?;
    writing
        .queue_letter(&LetterFor {
            case: &open.case.id,
            to: &open.access.contact,
            kind: LetterKind::Receipt,
            step: &format!("receipt:{}", open.case.signatures.len()),
            about: &[],
            message: "",
            enclosed: (&text, &html),
        })
        .await?;
    writing.commit().await?;
    Ok(Redirect::to(&format!("{}?done=mailed", open.links.receipt())).into_response())
}

fn written(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| {
        tracing::error!("a receipt cannot be written: {error}");
        Problem::Broken
    })
}

async fn receipt(open: &OpenCase) -> Result<Receipt, Problem> {
    let signature = open.case.signatures.last().ok_or(Problem::NotFound)?;
    let shell = open.shell();
    let letters = open.app.service.letters && open.is_coordinator();
    Ok(Receipt {
        unit: open.unit.name.clone(),
        survey: format!("{} {}", shell.title, open.case.id.round),
        signed_by: signer(open, signature).await?,
        signed_at: shell.ui.time(signature.at),
        mark: signature.hash.short(),
        sections: reviewed(open, None),
        earlier: false,
        pdf: open.app.service.print.map(|_| format!("{}/pdf", open.links.receipt())),
        printed: false,
        versions: versions(open, &shell, 1),
        may_reopen: open.is_coordinator(),
        reopen_means: (shell.ui.receipt.reopen_means)(&open.deadline()),
        mail: letters.then(|| format!("{}/mail", open.links.receipt())),
        mailed: false,
        tasks: open.links.tasks.clone(),
        shell,
    })
}

/// Returns the versions that were signed, all but so many of the last; a colleague does not see them.
pub(super) fn versions(open: &OpenCase, shell: &Shell, but: usize) -> Vec<OpenLine> {
    let earlier = open.case.signatures.len().saturating_sub(but);
    let signatures = open.case.signatures.iter().take(earlier).filter(|_| open.is_coordinator());
    let line = |(index, signature): (usize, &Signature)| OpenLine {
        href: format!("{}/{}", open.links.receipt(), index + 1),
        text: (shell.ui.saving.earlier_line)(index + 1, &shell.ui.time(signature.at)),
    };
    signatures.enumerate().map(line).collect()
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

/// Returns who signed, by name also where it is whoever reads.
async fn signer(open: &OpenCase, signature: &Signature) -> Result<String, Problem> {
    match &signature.by {
        Actor::Contact(contact) if *contact == open.access.contact => Ok(open.access.name.clone()),
        Actor::Contact(contact) => Ok(open.names().await?.contact(contact)),
        other => Ok(open.names().await?.of(other)),
    }
}
