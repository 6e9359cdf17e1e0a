//! `runde invite`: a personal link for the coordinator of a unit.

use std::process::ExitCode;

use frame::UnitId;
use instrument::{Lang, RoundId};
use store::{CaseId, Contact};

use super::{STAFF, SurveyArguments};
use crate::failure::refused;
use crate::output;
use crate::stages::Line;

/// Make a personal link for the coordinator of a unit; prints it, once
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde invite surveys/kommuneundersokelsen 2025 1508 \
                        --name \"Koordinator\" --email post@alesund.example --lang nn\n\n\
                        The link is not sent: give it to the coordinator yourself.")]
pub struct Invite {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// The number of the unit
    unit: String,
    /// What the coordinator is called
    #[arg(long, default_value = "Koordinator")]
    name: String,
    /// The coordinator's e-mail address
    #[arg(long)]
    email: String,
    /// The language that the coordinator is met in
    #[arg(long, default_value = "nb")]
    lang: Lang,
    /// Where `runde serve` can be reached
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8425")]
    base_url: String,
}

impl Invite {
    /// Makes the link and prints it.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let unit = UnitId::new(self.unit.as_str()).map_err(refused)?;
        let opened = self.survey.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        let now = opened.clock.now();
        line.open(self.round, now).await?;
        let case = CaseId { round: self.round, unit };
        let contact = Contact { name: self.name, email: self.email, language: self.lang };
        let token = line.invite(&case, &contact, now).await?;
        let base = self.base_url.trim_end_matches('/');
        output::data(&format!("{base}/answer/{}\n", token.reveal()));
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
