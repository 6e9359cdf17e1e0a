//! `runde status`: how far a round has come.

use std::process::ExitCode;

use instrument::RoundId;
use serde_json::json;
use store::{CaseOverview, SectionStatus, answered_at};

use super::{Format, SurveyArguments};
use crate::failure::refused;
use crate::folder::Round;
use crate::output;

/// Show how far a round has come: units that have answered, and sections handed in
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde status surveys/kommuneundersokelsen 2025")]
pub struct Status {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Status {
    /// Prints the counts of the round.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let round = opened.folder.round(self.round)?;
        let state = opened.store.round(self.round).await?.ok_or_else(|| {
            refused(format!("round {} has not been opened in this database", self.round))
        })?;
        let cases = opened.store.overview(self.round).await?;
        let answered = cases.iter().filter(|case| answered_at(&round.plan, case).is_some()).count();
        let signed = cases.iter().filter(|case| case.signed).count();
        let begun = cases.iter().filter(|case| !case.sections.is_empty()).count();
        let sections = handed_in(round, &cases);
        output::data(&match self.format {
            Format::Json => format!(
                "{:#}\n",
                json!({
                    "round": self.round.year(),
                    "simulated": state.simulated,
                    "invited": cases.len(),
                    "begun": begun,
                    "answered": answered,
                    "signed": signed,
                    "sections": sections
                        .iter()
                        .map(|(id, done)| json!({ "id": id, "handed_in": done }))
                        .collect::<Vec<_>>(),
                })
            ),
            Format::Text => {
                let mut text = format!(
                    "Round {}{}: {answered} of {} units have answered ({begun} have begun, \
                     {signed} have signed)\n",
                    self.round,
                    if state.simulated { " (simulated answers)" } else { "" },
                    cases.len()
                );
                for (id, done) in &sections {
                    text.push_str(&format!("  {id:<24} {done:>5} handed in\n"));
                }
                text
            }
        });
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns for each section how many units have handed it in.
fn handed_in(round: &Round, cases: &[CaseOverview]) -> Vec<(String, usize)> {
    let done = |case: &&CaseOverview, id| {
        case.sections.get(id).is_some_and(|state| state.status == SectionStatus::Done)
    };
    let sections = round.instrument.sections.iter();
    sections
        .map(|section| {
            let count = cases.iter().filter(|case| done(case, &section.id)).count();
            (section.id.to_string(), count)
        })
        .collect()
}
