//! `runde check`: everything that is wrong with a survey's folder, at once.

use std::path::PathBuf;
use std::process::ExitCode;

use instrument::{Diagnostic, Severity, render};
use serde_json::json;

use super::Format;
use crate::folder::read_folder;
use crate::output;

/// Check a survey's files and report everything that is wrong at once
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  runde check surveys/kommuneundersokelsen\n  \
                        runde check surveys/kommuneundersokelsen --format json")]
pub struct Check {
    /// The folder of the survey
    survey: PathBuf,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Check {
    /// Prints all diagnostics; the status is 1 where any of them is an error.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let reading = read_folder(&self.survey)?;
        let found = &reading.diagnostics;
        let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
        match self.format {
            Format::Json => output::data(&to_json(found)),
            Format::Text => {
                output::data(&render(found, &reading.sources, output::colour()));
                let warnings = found.len() - errors;
                output::note(&format!("{errors} errors, {warnings} warnings"));
            }
        }
        Ok(ExitCode::from(u8::from(errors > 0)))
    }
}

fn to_json(found: &[Diagnostic]) -> String {
    let rows: Vec<_> = found
        .iter()
        .map(|d| {
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
        })
        .collect();
    format!("{:#}\n", serde_json::Value::from(rows))
}
