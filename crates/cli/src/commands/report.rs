//! `runde report`: the published site, from frozen data.

mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use instrument::RoundId;

use super::{STAFF, SurveyArguments};
use crate::failure::refused;
use crate::output;
use crate::stages::{Extent, Line, Memory, publish, rendered, write_site};

/// What is said of a language that has no report, or one that states less than another's.
const INCOMPLETE: [&str; 2] = ["RR0702", "RR0704"];

/// Make the published site from the data sets that were frozen last
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  runde freeze surveys/kommuneundersokelsen 2023\n  \
                        runde report surveys/kommuneundersokelsen 2023 --out site\n  \
                        runde report surveys/kommuneundersokelsen 2023 --check\n  \
                        runde report surveys/kommuneundersokelsen 2023 --watch --out /tmp/preview")]
pub struct Report {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round whose report is wanted, by its year
    round: RoundId,
    /// Where to write the site
    #[arg(long, value_name = "DIR", default_value = "site")]
    out: PathBuf,
    /// Check the report, also that it says the same in every language, and write nothing
    #[arg(long)]
    check: bool,
    /// Write the pages again each time that a file of the survey changes, until Ctrl-C; the pages
    /// fetch themselves again in the browser
    #[arg(long, conflicts_with = "check")]
    watch: bool,
}

impl Report {
    /// Writes the site, or says everything that keeps it from being written.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        let datasets = line.datasets().await?;
        opened.folder.round(self.round)?;
        if !datasets.contains_key(&self.round) {
            return Err(refused(format!(
                "round {round} has not been frozen; run `runde freeze {survey} {round}` first",
                round = self.round,
                survey = self.survey.survey.display()
            )));
        }
        if self.watch {
            let now = opened.clock.now();
            tokio::select! {
                ended = watch::watch(&self.survey.survey, &datasets, &self.out, now) => ended?,
                stopped = tokio::signal::ctrl_c() => stopped?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        let (now, memory) = (opened.clock.now(), &mut Memory::default());
        let site = publish(&opened.folder, &datasets, Extent::Whole, now, memory)?;
        if !quiet && !site.warnings.is_empty() {
            output::note(&rendered(&opened.folder, &site.warnings));
        }
        if self.check && site.warnings.iter().any(|found| INCOMPLETE.contains(&found.code)) {
            return Err(refused("the report is not whole in every language of the survey"));
        }
        if !self.check {
            write_site(&site, &self.out)?;
            output::data(&format!("{}\n", self.out.join(self.round.to_string()).display()));
        }
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
