//! `/case/{round}/{unit}/beside`: what the unit answered last time, beside others, for whoever holds its link.

use axum::response::{Html, IntoResponse, Response};

use super::OpenCase;
use crate::problem::Problem;
use crate::ui::Tasks;

/// Where a case leads to such a page, and with which words.
pub(super) fn link(open: &OpenCase, words: &Tasks) -> Option<(String, String)> {
    let service = &open.app.service;
    let (round, _) = service.beside.as_ref()?.was.get(&open.case.id)?;
    // It exists as long as the round is published.
    let published = service.site.as_ref()?.join(round.to_string()).join("index.html").is_file();
    let shown = published && open.is_coordinator();
    shown.then(|| (open.links.beside(), (words.beside)(&round.to_string())))
}

/// `GET`. A colleague sees only some sections, and so not this.
pub(super) async fn show(open: OpenCase) -> Result<Response, Problem> {
    let beside = open.app.service.beside.as_ref().filter(|_| open.is_coordinator());
    let beside = beside.ok_or(Problem::NotFound)?;
    let (round, unit) = beside.was.get(&open.case.id).ok_or(Problem::NotFound)?;
    let _turn = open.app.making.lock().await;
    match (beside.page)(*round, unit.clone(), open.lang).await {
        Ok(Some(page)) => Ok(Html(page).into_response()),
        Ok(None) => Err(Problem::NotFound),
        Err(error) => {
            tracing::error!("the page of a unit cannot be made: {error}");
            Err(Problem::Broken)
        }
    }
}
