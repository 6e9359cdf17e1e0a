//! `/case/{round}/{unit}/{section}/file/{variable}`: a file that was handed over, for those who may see
//! the section.

use axum::extract::Path;
use axum::response::Response;
use instrument::Value;

use super::OpenCase;
use crate::download;
use crate::problem::Problem;

type Address = Path<(String, String, String, String)>;

/// `GET`.
pub(super) async fn fetch(
    open: OpenCase,
    Path((_, _, section, variable)): Address,
) -> Result<Response, Problem> {
    let (section, instrument) = (open.section(&section)?, open.instrument());
    let own = |index: &usize| {
        let held = &instrument.variables[*index];
        held.name == variable && instrument.question_of(held).section == section
    };
    let index = (0..instrument.variables.len()).find(own).ok_or(Problem::NotFound)?;
    match open.answers.get(index) {
        Some(Value::File(file)) => download::from_store(&open.app.service.store, file).await,
        Some(_) | None => Err(Problem::NotFound),
    }
}
