//! `runde files`: the files that informants handed over, written where the survey team works with them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use instrument::{GivenFile, Instrument, RoundId, Value};
use jiff::Timestamp;
use store::{Case, CaseId, SectionStatus, Store, StoreError};

use super::SurveyArguments;
use crate::failure::refused;
use crate::folder::Round;
use crate::output;
use crate::stages::write_file;

/// Write out the files that were handed over in a round, a folder for each unit
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
                        runde files surveys/file 2025 --out files\n  \
                        runde files surveys/file 2025 --out files --question plan\n\n\
                        Writes files/UNIT/QUESTION NAME for each file that holds now, and files/files.csv, \
                        which lists them with their units and SHA-256. Each is held against its hash. \
                        A file that is there already is left as it is where it is the same, and refused \
                        where it is another. What somebody handed over may name people: keep the folder \
                        as well as the store, and out of the survey's own folder.")]
pub struct Files {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The round, by its year
    round: RoundId,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only the files of this question
    #[arg(long, value_name = "ID")]
    question: Option<String>,
}

/// A file that a case holds.
struct Held {
    unit: String,
    unit_name: String,
    variable: String,
    file: GivenFile,
    at: Timestamp,
    handed_in: bool,
}

impl Files {
    /// Writes the files and tells how many there are.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let round = opened.folder.round(self.round)?;
        self.check_question(&round.instrument)?;
        let state = opened.store.round(self.round).await?;
        state.ok_or(StoreError::NoRound(self.round)).map_err(refused)?;
        let mut held = vec![];
        for unit in &round.frame.units {
            let id = CaseId { round: self.round, unit: unit.id.clone() };
            let case = opened.store.case(&id).await?;
            held.extend(self.of_case(round, &case, &unit.name));
        }
        for one in &held {
            write(&opened.store, one, &self.out).await?;
        }
        write_file(&self.out.join("files.csv"), &listed(&held)?)?;
        opened.store.close().await;
        if !quiet {
            let units: BTreeSet<&str> = held.iter().map(|one| one.unit.as_str()).collect();
            let (files, units, out) = (held.len(), units.len(), self.out.display());
            output::note(&format!("{files} files of {units} units in {out}"));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Errs where the question that was asked for takes no file.
    fn check_question(&self, instrument: &Instrument) -> anyhow::Result<()> {
        let Some(wanted) = &self.question else { return Ok(()) };
        let mut files = instrument.questions.iter().filter(|q| is_of(q, wanted));
        match files.any(|question| question.kind.name() == "file") {
            true => Ok(()),
            false => Err(refused(format!(
                "round {} asks for no file in a question `{wanted}`",
                self.round
            ))),
        }
    }

    /// Returns the files that a case holds now.
    fn of_case(&self, round: &Round, case: &Case, unit_name: &str) -> Vec<Held> {
        let (instrument, answers) = (&round.instrument, case.answers(&round.instrument));
        let held = |(index, variable): (usize, &instrument::Variable)| {
            let question = instrument.question_of(variable);
            let Some(Value::File(file)) = answers.get(index) else { return None };
            if self.question.as_ref().is_some_and(|wanted| !is_of(question, wanted)) {
                return None;
            }
            let section = &instrument.sections[question.section].id;
            Some(Held {
                unit: case.id.unit.to_string(),
                unit_name: unit_name.to_owned(),
                variable: variable.name.clone(),
                file: file.clone(),
                at: case.held(&variable.name)?.at,
                handed_in: case.status(section) == SectionStatus::Done,
            })
        };
        instrument.variables.iter().enumerate().filter_map(held).collect()
    }
}

/// Whether a question has this name, by itself or within each row of a list.
fn is_of(question: &instrument::Question, name: &str) -> bool {
    let in_row = question.row.as_ref().is_some_and(|of| of.name.as_str() == name);
    question.id.as_str() == name || in_row
}

impl Held {
    /// Where it lies below the folder: the question's name keeps two of one unit apart.
    fn path(&self) -> PathBuf {
        Path::new(&self.unit).join(format!("{} {}", self.variable, self.file.name))
    }
}

/// Writes a file, unless it is there.
async fn write(store: &Store, held: &Held, out: &Path) -> anyhow::Result<()> {
    let file = store.file(&held.file.hash).await?;
    let path = out.join(held.path());
    match fs::read(&path) {
        Ok(there) if there == file.bytes() => Ok(()),
        Ok(_) => Err(refused(format!(
            "{} is there already and is another file; give another folder, or move it away",
            path.display()
        ))),
        Err(_) => write_file(&path, file.bytes()),
    }
}

/// Returns the list of the files as CSV.
fn listed(held: &[Held]) -> anyhow::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(vec![]);
    let head =
        ["unit", "unit_name", "variable", "file", "bytes", "type", "sha256", "at", "handed_in"];
    table.write_record(head)?;
    for one in held {
        table.write_record([
            one.unit.as_str(),
            &one.unit_name,
            &one.variable,
            &one.path().display().to_string(),
            &one.file.bytes.to_string(),
            one.file.kind.as_str(),
            &one.file.hash.to_string(),
            &one.at.to_string(),
            if one.handed_in { "yes" } else { "no" },
        ])?;
    }
    table.into_inner().context("the list of the files")
}
