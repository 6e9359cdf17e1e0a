//! `runde preview`: a questionnaire as informants will see it, before anyone is asked.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use frame::UnitId;
use instrument::{RoleId, RoundId, Severity, render};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use web::preview::{Around, Previewed, Reading, stylesheet, whole};

use super::serve::{bind, stopped};
use crate::clock::Clock;
use crate::failure::refused;
use crate::folder::{Folder, read_folder};
use crate::output;
use crate::stages::write_file;

/// Show a questionnaire to those who write it, without a database; a saved file shows at once
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  runde preview surveys/kommuneundersokelsen 2025\n  \
                        runde preview surveys/kommuneundersokelsen 2025 --unit 0301 --role skole\n  \
                        runde preview surveys/kommuneundersokelsen 2025 --out comments")]
pub struct Preview {
    /// The folder of the survey
    survey: PathBuf,
    /// The round, by its year
    round: RoundId,
    /// The unit that is shown first [default: the first of the frame]
    #[arg(long, value_name = "ID")]
    unit: Option<String>,
    /// The role whose sections are shown first [default: all]
    #[arg(long)]
    role: Option<RoleId>,
    /// Write the whole questionnaire as a page for each language to this folder, and serve nothing
    #[arg(long, value_name = "DIR", conflicts_with_all = ["unit", "role", "listen"])]
    out: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8426")]
    listen: SocketAddr,
    /// Let checks look at this time, for instance 2025-11-03T09:00:00+01:00 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

impl Preview {
    /// Serves until Ctrl-C, or writes the pages.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        match &self.out {
            Some(directory) => self.write(directory, quiet)?,
            None => self.serve(quiet).await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn write(&self, directory: &Path, quiet: bool) -> anyhow::Result<()> {
        let folder = Folder::open(&self.survey)?;
        let instrument = &folder.round(self.round)?.instrument;
        let around = Around { css: "questionnaire.css", script: None };
        write_file(&directory.join(around.css), stylesheet().as_bytes())?;
        for lang in &folder.survey.languages {
            let html = whole(&folder.survey, instrument, *lang, &around)?;
            let file = directory.join(format!("questionnaire.{lang}.html"));
            write_file(&file, html.as_bytes())?;
            if !quiet {
                output::note(&format!("Wrote {}", file.display()));
            }
        }
        Ok(())
    }

    async fn serve(self, quiet: bool) -> anyhow::Result<()> {
        let unit = self.unit.as_deref().map(UnitId::new).transpose();
        let unit = unit.map_err(|error| refused(error.to_string()))?;
        let listener = bind(self.listen).await?;
        let files = Files { survey: self.survey, round: self.round, last: Mutex::new(None) };
        if let Ok(round) = &files.read().round {
            check_choice(round, unit.as_ref(), self.role.as_ref())?;
        }
        let now = Clock::starting_at(self.at).now();
        let preview = web::preview::Preview {
            read: Arc::new(move || files.read()),
            unit,
            role: self.role,
            today: now.to_zoned(TimeZone::get("Europe/Oslo")?).date(),
        };
        if !quiet {
            let address = listener.local_addr()?;
            output::note(&format!("Preview on http://{address}/, Ctrl-C ends"));
        }
        web::preview::serve(preview, listener, stopped()).await.context("the preview has stopped")
    }
}

/// Refuses a unit or a role that is not there. In a survey with errors there may be any.
fn check_choice(
    round: &Previewed,
    unit: Option<&UnitId>,
    role: Option<&RoleId>,
) -> anyhow::Result<()> {
    if let Some(unit) = unit.filter(|unit| round.frame.unit(unit).is_none()) {
        return Err(refused(format!("the frame of the round has no unit {unit}")));
    }
    let roles: Vec<&str> = round.survey.roles.iter().map(|role| role.id.as_str()).collect();
    match role.filter(|role| !roles.contains(&role.as_str())) {
        Some(role) => {
            let known = roles.join(", ");
            Err(refused(format!("the survey has no role {role}; it has {known}")))
        }
        None => Ok(()),
    }
}

/// The files of a survey, read anew when one of them changes.
struct Files {
    survey: PathBuf,
    round: RoundId,
    last: Mutex<Option<Arc<Reading>>>,
}

impl Files {
    fn read(&self) -> Arc<Reading> {
        let version = version(&self.survey);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(reading) if reading.version == version => Arc::clone(reading),
            Some(_) | None => {
                let round = previewed(&self.survey, self.round).map_err(|error| error.to_string());
                let reading = Arc::new(Reading { version, round });
                *last = Some(Arc::clone(&reading));
                reading
            }
        }
    }
}

/// Reads the round; errs with everything that is wrong.
fn previewed(survey: &Path, id: RoundId) -> anyhow::Result<Previewed> {
    let reading = read_folder(survey)?;
    let Some(mut folder) = reading.folder else {
        let errors = reading.diagnostics.into_iter().filter(|d| d.severity == Severity::Error);
        let errors: Vec<_> = errors.collect();
        return Err(refused(render(&errors, &reading.sources, false)));
    };
    folder.round(id)?;
    let round = folder.rounds.remove(&id).context("the round was there a moment ago")?;
    Ok(Previewed { survey: folder.survey, instrument: round.instrument, frame: round.frame })
}

/// Returns a text that changes when a file of the survey does: made of the names, lengths and times
/// of all that `check` reads.
fn version(survey: &Path) -> String {
    let mut files = vec![survey.join("survey.yaml"), survey.join("published.csv")];
    for folder in ["frame", "rounds"] {
        files_below(&survey.join(folder), 2, &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let Ok(about) = file.metadata() else { continue };
        (&file, about.len(), about.modified().ok()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn files_below(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            files_below(&path, depth - 1, files);
        } else {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use instrument::Lang;

    use super::*;

    #[test]
    fn a_saved_file_is_read_and_one_that_is_wrong_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let survey = folder.path().join("routing");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/routing");
        let mut names = vec![];
        files_below(&from, 2, &mut names);
        for name in &names {
            let to = survey.join(name.strip_prefix(&from).unwrap());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(name, to).unwrap();
        }
        let round: RoundId = "2025".parse().unwrap();
        let files = Files { survey: survey.clone(), round, last: Mutex::new(None) };
        let first = files.read();
        assert!(first.round.is_ok(), "{:?}", first.round.as_ref().err());
        assert!(Arc::ptr_eq(&first, &files.read()), "what has not changed is not read again");
        let questionnaire = survey.join("rounds/2025/questionnaire.yaml");
        let text = std::fs::read_to_string(&questionnaire).unwrap();
        std::fs::write(&questionnaire, text.replace("tolk ==", "tolken ==")).unwrap();
        let second = files.read();
        assert_ne!(first.version, second.version);
        let said = second.round.as_ref().err().unwrap();
        assert!(said.contains("RQ0602") && said.contains("did you mean `tolk`?"), "{said}");
    }

    #[test]
    fn the_whole_questionnaire_is_one_page_in_each_language() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/routing");
        let folder = Folder::open(&path).unwrap();
        let instrument = &folder.rounds[&"2025".parse().unwrap()].instrument;
        let around = Around { css: "questionnaire.css", script: None };
        for lang in [Lang::NB, Lang::NN, Lang::EN] {
            let html = whole(&folder.survey, instrument, lang, &around).unwrap();
            insta::assert_snapshot!(format!("whole_{lang}"), html);
        }
    }
}
