//! `runde new`: a small survey that works, to be written over.

use std::path::PathBuf;
use std::process::ExitCode;

use instrument::SurveyId;
use instrument::schema;
use jiff::tz::TimeZone;

use crate::clock::Clock;
use crate::failure::refused;
use crate::output;
use crate::stages::write_file;

/// Begin a survey: writes a folder with a small questionnaire that works
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde new my_survey && runde preview my_survey 2025")]
pub struct New {
    /// The folder to make; its name becomes the survey's
    directory: PathBuf,
    /// The round, by its year [default: this year]
    #[arg(long, value_name = "YEAR")]
    round: Option<instrument::RoundId>,
}

/// The files of a new survey, with places for its name and its year.
const FILES: [(&str, &str); 4] = [
    ("survey.yaml", include_str!("new/survey.yaml")),
    ("rounds/YEAR/questionnaire.yaml", include_str!("new/questionnaire.yaml")),
    ("rounds/YEAR/plan.yaml", include_str!("new/plan.yaml")),
    ("frame/YEAR.csv", include_str!("new/frame.csv")),
];

impl New {
    /// Writes the folder; refuses where there is something already.
    pub fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let directory = &self.directory;
        let occupied = std::fs::read_dir(directory).is_ok_and(|mut files| files.next().is_some());
        if occupied || directory.is_file() {
            return Err(refused(format!(
                "{} is there already; give a folder that is not",
                directory.display()
            )));
        }
        let name = directory.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let survey = SurveyId::new(name.clone()).map_err(|error| {
            refused(format!("`{name}` cannot be the name of a survey: {error}"))
        })?;
        let year = match self.round {
            Some(round) => round.to_string(),
            None => {
                let now = Clock::starting_at(None).now();
                now.to_zoned(TimeZone::get("Europe/Oslo")?).year().to_string()
            }
        };
        for (file, text) in FILES {
            let text = text.replace("SURVEY", survey.as_str()).replace("YEAR", &year);
            write_file(&directory.join(file.replace("YEAR", &year)), text.as_bytes())?;
        }
        for (file, schema) in schema::all() {
            write_file(&directory.join("schema").join(file), schema.as_bytes())?;
        }
        if !quiet {
            let path = directory.display();
            output::note(&format!("Wrote {path}; look at it with `runde preview {path} {year}`"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
