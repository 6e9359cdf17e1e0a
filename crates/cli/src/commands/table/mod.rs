//! `runde table`: figures of a round or of any survey file, as a table in the terminal.

mod collect;
mod file;
mod names;
mod print;
mod survey;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use estimate::Lonely;
use instrument::Lang;
use store::StoreUrl;

use crate::output;

/// Print a table of figures from a survey's frozen data, or from any CSV or Parquet file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A column of a file that holds numbers is told by its mean, one of 0 and 1 or of text by shares.

Examples:
  runde table surveys/kommuneundersokelsen 2023 tolk_retningslinjer --by size --trend
  runde table surveys/kommuneundersokelsen 2023 tolk_vansker --of population --out tolk.xlsx
  runde table --data answers.csv trust income --by region --weights w --strata stratum --fpc N
  runde table --data panel.parquet q1 --weights w --replicates rep --scale 0.0125 --format json")]
pub struct Table {
    /// SURVEY ROUND QUESTION…; with --data only QUESTION…
    #[arg(required = true, value_name = "SURVEY ROUND QUESTION")]
    words: Vec<String>,
    /// A CSV or Parquet file in place of a survey
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Divide by: size, county, kind, centrality or a question; of a file a column
    #[arg(long, value_name = "BY")]
    by: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// The language of the table: nb, nn or en [default: the survey's first; of a file en]
    #[arg(long)]
    lang: Option<Lang>,
    /// Write the table to this file; its ending says how: .csv, .xlsx, .json or .txt
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    out: Option<PathBuf>,
    #[command(flatten, next_help_heading = "Of a survey")]
    of_survey: OfSurvey,
    #[command(flatten, next_help_heading = "Of a file")]
    of_file: OfFile,
}

/// What is said of a survey alone.
#[derive(Debug, clap::Args)]
struct OfSurvey {
    /// Show the change since the round before
    #[arg(long, conflicts_with = "data")]
    trend: bool,
    /// Let the units that answered stand for those of their kind that did not
    #[arg(long, conflicts_with = "data")]
    weighted: bool,
    /// Tell shares of the units, or of the people who live in them
    #[arg(long, value_enum, default_value = "units", conflicts_with = "data")]
    of: Of,
    /// The database, as `sqlite:FILE` or `postgres://USER@HOST/DATABASE` [default: SURVEY/.runde/runde.db]
    #[arg(long, value_name = "URL", env = "RUNDE_STORE", hide_env_values = true)]
    store: Option<StoreUrl>,
}

/// What is said of a file alone: how its sample was drawn.
#[derive(Debug, clap::Args)]
struct OfFile {
    /// The column of weights [default: N/n of the stratum with --fpc, else 1]
    #[arg(long, value_name = "COLUMN", requires = "data")]
    weights: Option<String>,
    /// The column of strata
    #[arg(long, value_name = "COLUMN", requires = "data")]
    strata: Option<String>,
    /// The column of sampling units, which nest in strata
    #[arg(long, value_name = "COLUMN", requires = "data")]
    units: Option<String>,
    /// The column that says how many units the stratum holds
    #[arg(long, value_name = "COLUMN", requires = "data")]
    fpc: Option<String>,
    /// What to do about a stratum with a single sampling unit
    #[arg(long, value_enum, default_value = "fail")]
    lonely: LonelyUnits,
    /// The replicate weights: columns named PREFIX and a number
    #[arg(long, value_name = "PREFIX", requires = "weights", requires = "scale",
          conflicts_with_all = ["strata", "units", "fpc"])]
    replicates: Option<String>,
    /// What the squares of the replicates' deviations from their mean are multiplied by
    #[arg(long, value_name = "NUMBER", requires = "replicates")]
    scale: Option<f64>,
    /// Take numbers as the codes of answers, and tell the share of each
    #[arg(long, requires = "data", conflicts_with = "totals")]
    shares: bool,
    /// Tell totals over the population in place of means and shares
    #[arg(long, requires = "data")]
    totals: bool,
    /// How many threads read [default: one for each processor]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<std::num::NonZeroUsize>,
    /// Say on standard error where the time went
    #[arg(long, requires = "data")]
    timing: bool,
}

/// What shares are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Every unit counts as one
    Units,
    /// Every unit counts as many as live there
    Population,
}

/// The form of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    /// For people.
    Text,
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

/// The choices about lonely units that one pass over a file allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LonelyUnits {
    /// Refuse, and name the stratum
    Fail,
    /// Let the stratum add nothing to the variance
    Remove,
    /// Let it add what the others add on average
    Average,
}

impl From<LonelyUnits> for Lonely {
    fn from(choice: LonelyUnits) -> Lonely {
        match choice {
            LonelyUnits::Fail => Lonely::Fail,
            LonelyUnits::Remove => Lonely::Remove,
            LonelyUnits::Average => Lonely::Average,
        }
    }
}

impl Table {
    /// Prints the table.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let format = self.format;
        let (printed, lang) = match &self.data {
            Some(data) => {
                let by = self.by.as_deref();
                let blocks = file::blocks(data, &self.words, by, &self.of_file, quiet)?;
                ((blocks, vec![]), self.lang.unwrap_or(Lang::EN))
            }
            None => survey::blocks(&self).await?,
        };
        let (blocks, notes) = printed;
        let table = print::Printed { blocks: &blocks, by: self.by.as_deref(), lang, notes };
        match &self.out {
            Some(file) => table.write(file)?,
            None => output::data(&table.to_string(format)?),
        }
        Ok(ExitCode::SUCCESS)
    }
}
