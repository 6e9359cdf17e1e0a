//! `runde check`: everything that is wrong with a survey's folder, at once.

mod paths;

use std::path::PathBuf;
use std::process::ExitCode;

use instrument::{Diagnostic, Severity, render};
use serde_json::{Value, json};

use super::Format;
use crate::folder::read_folder;
use crate::output;

/// Check a survey's files and report everything that is wrong at once
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  runde check surveys/kommuneundersokelsen\n  \
                        runde check surveys/kommuneundersokelsen --paths\n  \
                        runde check surveys/kommuneundersokelsen --format json")]
pub struct Check {
    /// The folder of the survey
    survey: PathBuf,
    /// Also walk each questionnaire: the way into each question, lengths, dead ends
    #[arg(long)]
    paths: bool,
    /// How many informants walk each questionnaire
    #[arg(long, default_value_t = 10_000, requires = "paths")]
    informants: usize,
    /// The seed of their answers; the same seed draws the same answers
    #[arg(long, default_value_t = 1, requires = "paths")]
    seed: u64,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Check {
    /// Prints all diagnostics; the status is 1 where any of them is an error, or where informants
    /// who walk a questionnaire do not come to its end.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let reading = read_folder(&self.survey)?;
        let found = &reading.diagnostics;
        let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
        // A questionnaire with errors cannot be walked.
        let walked = reading.folder.as_ref().filter(|_| self.paths);
        let walked = walked.map(|folder| paths::walk_all(folder, self.informants, self.seed));
        let stuck = walked.iter().flatten().any(paths::Walked::is_stuck);
        match self.format {
            Format::Json => {
                let diagnostics = to_json(found);
                let whole = match &walked {
                    None => diagnostics,
                    Some(rounds) => json!({
                        "diagnostics": diagnostics,
                        "paths": rounds.iter().map(paths::Walked::to_json).collect::<Vec<_>>(),
                    }),
                };
                output::data(&format!("{whole:#}\n"));
            }
            Format::Text => {
                output::data(&render(found, &reading.sources, output::colour()));
                walked.iter().flatten().for_each(|walked| output::data(&walked.to_text()));
                let warnings = found.len() - errors;
                output::note(&format!("{errors} errors, {warnings} warnings"));
            }
        }
        Ok(ExitCode::from(u8::from(errors > 0 || stuck)))
    }
}

fn to_json(found: &[Diagnostic]) -> Value {
    let rows = found.iter().map(|d| {
        json!({
            "code": d.code,
            "severity": match d.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            "file": d.file,
            "start": d.span.as_ref().map(|span| span.start),
            "end": d.span.as_ref().map(|span| span.end),
            "message": d.message,
            "hint": d.hint,
        })
    });
    rows.collect()
}
