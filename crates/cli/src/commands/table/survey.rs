//! Figures of a survey's own frozen data.

use std::path::PathBuf;

use instrument::{Estimator, Lang, RoundId};
use report::{TableBlock, TableRequest};

use super::{Of, Table};
use crate::commands::{STAFF, SurveyArguments};
use crate::failure::refused;
use crate::stages::{Line, round_input};

use super::words::{Told, notes};

/// Returns the figures with what a reader must know of all of them, and the language.
pub(super) async fn blocks(
    table: &Table,
) -> anyhow::Result<((Vec<TableBlock>, Vec<String>), Lang)> {
    let [survey, round, questions @ ..] = table.words.as_slice() else { return Err(too_few()) };
    if questions.is_empty() {
        return Err(too_few());
    }
    let round: RoundId = round.parse().map_err(|_| {
        refused(format!("`{round}` is not a round: write its year after the survey"))
    })?;
    let arguments = SurveyArguments {
        survey: PathBuf::from(survey),
        store: table.of_survey.store.clone(),
        at: None,
    };
    let opened = arguments.open().await?;
    opened.folder.round(round)?;
    let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
    let datasets = line.datasets().await?;
    opened.store.close().await;
    let input = round_input(&opened.folder, &datasets, round).ok_or_else(|| {
        refused(format!("round {round} has not been frozen; run `runde freeze` first"))
    })?;
    let lang = table.lang.or(opened.folder.survey.languages.first().copied()).unwrap_or(Lang::EN);
    let estimator = table.of_survey.weighted.then_some(Estimator::Weighted);
    let request = TableRequest {
        questions,
        by: table.by.as_deref(),
        trend: table.of_survey.trend,
        estimator,
        of_population: table.of_survey.of == Of::Population,
        lang,
    };
    let blocks = report::table(&input, &request).map_err(|error| {
        refused(match &error.hint {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        })
    })?;
    let counts = input.data.dispositions();
    let told = Told {
        round,
        answered: counts.answered(),
        invited: counts.invited(),
        weighted: estimator.unwrap_or(input.plan.estimator) == Estimator::Weighted,
        of_population: request.of_population,
        simulated: input.data.provenance.simulated,
        hash: input.data.hash().short().to_owned(),
    };
    Ok(((blocks, notes(lang, &told)), lang))
}

fn too_few() -> anyhow::Error {
    refused("name the survey, the round and at least one question, or a file with --data")
}
