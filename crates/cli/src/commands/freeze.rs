//! `runde freeze`: the data set of a round, as it stands now.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use dataset::DataSet;
use formats::Audience;
use instrument::RoundId;

use super::{STAFF, SurveyArguments};
use crate::output;
use crate::stages::{Line, write_file};

/// Freeze the answers of a round into a data set that never changes
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde freeze surveys/kommuneundersokelsen 2025 --out data\n\n\
                        Writes data/2025/data.csv, codebook.json and dataset.json, and prints the \
                        hash of the data set.")]
pub struct Freeze {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// Where to write the data set [default: it is kept in the store only]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Freeze {
    /// Freezes the round, keeps the data set in the store, and prints its hash.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        let data = line.freeze(self.round, opened.clock.now()).await?;
        if let Some(out) = &self.out {
            write_dataset(&data, &out.join(self.round.to_string()))?;
        }
        output::data(&format!("{}\n", data.hash()));
        if !quiet {
            let counts = data.dispositions();
            let (answered, invited) = (counts.answered(), counts.invited());
            output::note(&format!("{answered} of {invited} units have answered"));
        }
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a data set as the survey team keeps it: the table, its codebook, the canonical bytes.
pub fn write_dataset(data: &DataSet, directory: &Path) -> anyhow::Result<()> {
    let mut table = vec![];
    formats::write_csv(data, Audience::Internal, &mut table)
        .context("the table of the data set")?;
    write_file(&directory.join("data.csv"), &table)?;
    let codebook = formats::write_codebook(data, Audience::Internal);
    write_file(&directory.join("codebook.json"), codebook.as_bytes())?;
    write_file(&directory.join("dataset.json"), &dataset::encode(data))
}
