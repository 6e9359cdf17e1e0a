//! `runde simulate`: answers drawn for a round, honestly marked.

use std::process::ExitCode;

use instrument::RoundId;

use super::{STAFF, SurveyArguments};
use crate::output;
use crate::stages::{Line, Simulated, closing};

/// Draw answers for a round, as its simulation.yaml says; they are marked as simulated for good
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde simulate surveys/kommuneundersokelsen 2023 --seed 7")]
pub struct Simulate {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// The seed of all draws; the same seed draws the same answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Simulate {
    /// Opens the round where it is not, and draws its answers up to now.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        let now = opened.clock.now();
        let in_field = now < closing(opened.folder.round(self.round)?)?;
        let answers = Simulated { seed: self.seed, until: in_field.then_some(now) };
        let bar = output::progress(&format!("Drawing answers for {}", self.round), quiet);
        let advance = |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        };
        line.open(self.round, now).await?;
        line.simulate(self.round, answers, &advance).await?;
        output::finish(&bar, &format!("answers of {} drawn", self.round), quiet);
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
