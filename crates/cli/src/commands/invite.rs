//! `runde invite`: a personal link for the coordinator of one unit or several.

use std::process::ExitCode;

use frame::UnitId;
use instrument::{Lang, RoundId};
use store::{CaseId, Contact};

use super::{STAFF, SurveyArguments};
use crate::failure::refused;
use crate::output;
use crate::stages::Line;

/// Make a personal link for the coordinator of one unit or several; prints it, once
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde invite surveys/kommuneundersokelsen 2025 1508 \
                        --name \"Koordinator\" --email post@alesund.example --lang nn\n  \
                        runde invite surveys/kommuneundersokelsen 2025 1508 1511 1514 \
                        --email kari@sunnmore.example\n\n\
                        One address is one person: a link of theirs opens every unit that they \
                        answer for.                         The link is not sent: give it to the coordinator yourself.")]
pub struct Invite {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// The numbers of the units
    #[arg(required = true)]
    units: Vec<String>,
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
        let units = self.units.iter().map(|unit| UnitId::new(unit.as_str()));
        let units: Vec<UnitId> = units.collect::<Result<_, _>>().map_err(refused)?;
        let opened = self.survey.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        let now = opened.clock.now();
        line.open(self.round, now).await?;
        let contact = Contact { name: self.name, email: self.email, language: self.lang };
        let mut token = None;
        for unit in units {
            let case = CaseId { round: self.round, unit };
            token = Some(line.invite(&case, &contact, now).await?);
        }
        let base = self.base_url.trim_end_matches('/');
        if let Some(token) = token {
            output::data(&format!("{base}/answer/{}\n", token.reveal()));
        }
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
