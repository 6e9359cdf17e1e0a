//! `/staff/{round}/{unit}/file/{variable}`: the files of a case, for those who work with the survey.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use instrument::{Instrument, Value};
use store::Case;

use super::Member;
use super::case::{address, find};
use crate::answer::Names;
use crate::download;
use crate::link::encode;
use crate::problem::Problem;
use crate::service::{App, ServedRound};
use crate::shell::Shell;

/// A file on the page of a case.
pub(super) struct FileLine {
    pub(super) question: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) href: String,
    /// Who handed it over, and when.
    pub(super) by: String,
}

/// Returns the files that a case holds, in the order of the questionnaire.
pub(super) fn lines(
    served: &ServedRound,
    case: &Case,
    names: &Names,
    shell: &Shell,
) -> Vec<FileLine> {
    let instrument = &served.instrument;
    let answers = case.answers(instrument);
    let line = |(index, variable): (usize, &instrument::Variable)| {
        let Some(Value::File(file)) = answers.get(index) else { return None };
        let held = case.held(&variable.name)?;
        Some(FileLine {
            question: instrument.question_of(variable).text.plain(shell.lang),
            name: file.name.clone(),
            size: shell.ui.file_size(file.bytes),
            href: format!("{}/file/{}", address(&case.id), encode(&variable.name)),
            by: format!("{}, {}", names.of(&held.by), shell.ui.time(held.at)),
        })
    };
    instrument.variables.iter().enumerate().filter_map(line).collect()
}

/// `GET`.
pub(super) async fn fetch(
    State(app): State<Arc<App>>,
    _member: Member,
    Path((round, unit, variable)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (id, served) = find(&app, &round, unit)?;
    let case = app.service.store.case(&id).await?;
    let index = position(&served.instrument, &variable).ok_or(Problem::NotFound)?;
    match case.answers(&served.instrument).get(index) {
        Some(Value::File(file)) => download::from_store(&app.service.store, file).await,
        Some(_) | None => Err(Problem::NotFound),
    }
}

fn position(instrument: &Instrument, variable: &str) -> Option<usize> {
    instrument.variables.iter().position(|own| own.name == variable)
}
