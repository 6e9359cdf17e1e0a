//! A survey's folder: the one place that reads its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use frame::{Changes, Frame, UNIT_NAMES};
use instrument::rules::Rule;
use instrument::{
    Diagnostic, Instrument, Lang, OptionList, Plan, RoundId, Severity, Sources, Survey, read,
    render,
};
use report::{Boundaries, CodedText, Published, ReportText};
use store::StoreUrl;

use crate::failure::refused;
use crate::simulate;

/// What is wrong with the folder itself, or between its files.
const MISSING: &Rule = &error(
    "RS0001",
    "A file of the survey is missing",
    "Write the file where the message names it",
);
const TOO_LARGE: &Rule = &error(
    "RS0002",
    "A file is too large",
    "Split the file, or look whether another file has taken its place",
);
const NOT_UTF8: &Rule = &error(
    "RS0003",
    "A file is not UTF-8",
    "Save the file as UTF-8; older spreadsheets save as Windows-1252",
);
const OTHER_ROUND: &Rule = &error(
    "RS0004",
    "A questionnaire names another round than its folder",
    "Write the year of the folder as `round`, or rename the folder",
);
const OTHER_NAME: &Rule = &error(
    "RS0005",
    "A survey is named otherwise than its folder",
    "Write the folder's name as `survey`, or rename the folder",
);
const TOO_MANY_SECTIONS: &Rule = &error(
    "RS0006",
    "A plan asks for more sections than there are",
    "Ask for no more sections than the questionnaire has",
);

/// Every rule of this file, for the guide's catalogue.
#[cfg(test)]
pub const RULES: &[&Rule] =
    &[MISSING, TOO_LARGE, NOT_UTF8, OTHER_ROUND, OTHER_NAME, TOO_MANY_SECTIONS];

const fn error(code: &'static str, title: &'static str, remedy: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, title, remedy }
}

/// The largest file that a survey's folder may hold: a questionnaire of thousands of questions.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// A survey's folder, read and checked.
#[derive(Debug)]
pub struct Folder {
    /// Where it lies.
    pub path: PathBuf,
    /// `survey.yaml`.
    pub survey: Survey,
    /// `frame/changes.csv`; empty where there is none.
    pub changes: Changes,
    /// `published.csv`; empty where there is none.
    pub published: Vec<Published>,
    /// The rounds, by year.
    pub rounds: BTreeMap<RoundId, Round>,
}

/// The files of one round, read and checked.
#[derive(Debug)]
pub struct Round {
    /// `rounds/YEAR/questionnaire.yaml`.
    pub instrument: Instrument,
    /// `rounds/YEAR/plan.yaml`.
    pub plan: Plan,
    /// `frame/YEAR.csv`.
    pub frame: Frame,
    /// `frame/YEAR.geojson`, where there is one: what maps can be drawn in.
    pub boundaries: Option<Boundaries>,
    /// `rounds/YEAR/report.LANG.md`, in the languages that have one.
    pub reports: BTreeMap<Lang, ReportText>,
    /// `rounds/YEAR/codes.csv`: the open answers that have been coded; empty where there is none.
    pub codes: Vec<CodedText>,
    /// `rounds/YEAR/simulation.yaml`, where there is one.
    pub simulation: Option<simulate::Settings>,
}

/// Everything that reading a folder has to say: the folder where no file has an error, and all
/// diagnostics with the texts that they point into.
#[derive(Debug)]
pub struct Reading {
    /// The folder; `None` where any file has an error.
    pub folder: Option<Folder>,
    /// What is wrong, or doubtful.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were read.
    pub sources: Sources,
}

impl Folder {
    /// Reads a folder that must be sound; errs with all its errors, rendered.
    pub fn open(path: &Path) -> anyhow::Result<Folder> {
        let reading = read_folder(path)?;
        let errors: Vec<Diagnostic> =
            reading.diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
        reading.folder.ok_or_else(|| refused(render(&errors, &reading.sources, false)))
    }

    /// Returns the files of a round; errs with the rounds that there are.
    pub fn round(&self, id: RoundId) -> anyhow::Result<&Round> {
        self.rounds.get(&id).ok_or_else(|| {
            let known: Vec<String> = self.rounds.keys().map(RoundId::to_string).collect();
            refused(format!(
                "{} has no round {id}; it has {}",
                self.path.display(),
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            ))
        })
    }

    /// Returns the last round before `id`.
    pub fn before(&self, id: RoundId) -> Option<(RoundId, &Round)> {
        self.rounds.range(..id).next_back().map(|(id, round)| (*id, round))
    }

    /// Returns where the store lies unless another is asked for.
    pub fn default_store(&self) -> StoreUrl {
        StoreUrl::sqlite(self.path.join(".runde").join("runde.db"))
    }
}

/// Reads and checks all files of a survey's folder. Errs only where there is no such folder or a
/// file cannot be read at all; what is wrong in a file becomes a diagnostic.
pub fn read_folder(path: &Path) -> anyhow::Result<Reading> {
    if !path.join("survey.yaml").is_file() {
        return Err(refused(format!(
            "{} has no survey.yaml; give the folder of a survey, for instance \
             surveys/kommuneundersokelsen",
            path.display()
        )));
    }
    let mut files = Files { root: path, sources: Sources::new(), diagnostics: vec![] };
    let mut survey = files.read("survey.yaml", read::survey)?;
    if let Some(survey) = &mut survey {
        survey.lists = files.lists(&survey.languages)?;
    }
    let changes = files.read_optional("frame/changes.csv", frame::changes)?;
    let published = files.read_optional("published.csv", |file, text| {
        let (rows, diagnostics) = report::read_published(file, text);
        (Some(rows), diagnostics)
    })?;
    let rounds = match &survey {
        Some(survey) => {
            files.check_name(survey);
            files.rounds(survey)?
        }
        None => BTreeMap::new(),
    };
    let sound = files.diagnostics.iter().all(|d| d.severity != Severity::Error);
    let folder = survey.filter(|_| sound).map(|survey| Folder {
        path: path.to_owned(),
        survey,
        changes: changes.unwrap_or_default(),
        published: published.unwrap_or_default(),
        rounds,
    });
    Ok(Reading { folder, diagnostics: files.diagnostics, sources: files.sources })
}

/// The files that have been read so far, and what was wrong with them.
struct Files<'a> {
    root: &'a Path,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Files<'_> {
    /// Reads a file that must be there.
    fn read<T>(
        &mut self,
        file: &str,
        parse: impl FnOnce(&str, &str) -> (Option<T>, Vec<Diagnostic>),
    ) -> anyhow::Result<Option<T>> {
        let value = self.read_optional(file, parse)?;
        if !self.sources.contains_key(file) {
            let hint = format!("write the file {}", self.root.join(file).display());
            self.report(MISSING, file, "the file is missing".to_owned(), hint);
        }
        Ok(value)
    }

    /// Reads a file where there is one.
    fn read_optional<T>(
        &mut self,
        file: &str,
        parse: impl FnOnce(&str, &str) -> (Option<T>, Vec<Diagnostic>),
    ) -> anyhow::Result<Option<T>> {
        let Some(text) = self.text(file)? else { return Ok(None) };
        let (value, diagnostics) = parse(file, &text);
        self.diagnostics.extend(diagnostics);
        self.sources.insert(file.to_owned(), text);
        Ok(value)
    }

    /// Returns the text of a file; `None` where there is no such file or it is no text, which
    /// is reported.
    fn text(&mut self, file: &str) -> anyhow::Result<Option<String>> {
        let path = self.root.join(file);
        if !path.is_file() {
            return Ok(None);
        }
        let cannot_read = || format!("cannot read {}", path.display());
        if path.metadata().with_context(cannot_read)?.len() > LARGEST_FILE {
            let hint = format!("a file of a survey has at most {LARGEST_FILE} bytes");
            self.report(TOO_LARGE, file, "the file is too large".to_owned(), hint);
            self.sources.insert(file.to_owned(), String::new());
            return Ok(None);
        }
        let bytes = std::fs::read(&path).with_context(cannot_read)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
            Err(error) => {
                let place = error.utf8_error().valid_up_to();
                let message = format!("the file is not UTF-8: byte {place} belongs to no letter");
                self.report(NOT_UTF8, file, message, "save it as UTF-8".to_owned());
                self.sources.insert(file.to_owned(), String::new());
                Ok(None)
            }
        }
    }

    fn report(&mut self, rule: &'static Rule, file: &str, message: String, hint: String) {
        self.diagnostics.push(Diagnostic::new(rule, file, None, message, Some(hint)));
    }

    fn check_name(&mut self, survey: &Survey) {
        let folder = self.root.canonicalize().unwrap_or_else(|_| self.root.to_owned());
        let folder = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(folder) = folder.filter(|name| name != survey.id.as_str()) {
            let message = format!("the survey is named `{}`, its folder `{folder}`", survey.id);
            let hint = format!("write `survey: {folder}`, or rename the folder");
            self.report(OTHER_NAME, "survey.yaml", message, hint);
        }
    }

    /// Reads all lists of options.
    fn lists(&mut self, languages: &[Lang]) -> anyhow::Result<BTreeMap<String, OptionList>> {
        let directory = self.root.join("lists");
        let mut lists = BTreeMap::new();
        if !directory.is_dir() {
            return Ok(lists);
        }
        let entries = std::fs::read_dir(&directory)
            .with_context(|| format!("cannot read {}", directory.display()))?;
        let mut names = vec![];
        for entry in entries {
            names.extend(
                entry?.file_name().into_string().ok().filter(|name| name.ends_with(".csv")),
            );
        }
        names.sort();
        for name in names {
            let name = format!("lists/{name}");
            let list = self.read_optional(&name, |file, text| read::list(file, text, languages))?;
            lists.extend(list.map(|list| (name, list)));
        }
        Ok(lists)
    }

    /// Reads all rounds, the earliest first, since each is checked against the one before.
    fn rounds(&mut self, survey: &Survey) -> anyhow::Result<BTreeMap<RoundId, Round>> {
        let mut rounds = BTreeMap::new();
        // A round whose questionnaire cannot be read leaves the next one without a predecessor:
        // one further back would draw diagnostics that are not the team's mistake.
        let mut before: Option<Instrument> = None;
        for id in self.round_ids()? {
            let instrument = self.instrument(id, survey, before.as_ref())?;
            before.clone_from(&instrument);
            if let Some(round) = self.round(id, survey, instrument)? {
                rounds.insert(id, round);
            }
        }
        Ok(rounds)
    }

    fn round_ids(&self) -> anyhow::Result<Vec<RoundId>> {
        let directory = self.root.join("rounds");
        if !directory.is_dir() {
            return Ok(vec![]);
        }
        let entries = std::fs::read_dir(&directory)
            .with_context(|| format!("cannot read {}", directory.display()))?;
        let mut ids = vec![];
        for entry in entries {
            ids.extend(entry?.file_name().to_string_lossy().parse::<RoundId>());
        }
        ids.sort();
        Ok(ids)
    }

    fn instrument(
        &mut self,
        id: RoundId,
        survey: &Survey,
        before: Option<&Instrument>,
    ) -> anyhow::Result<Option<Instrument>> {
        let questionnaire = format!("rounds/{id}/questionnaire.yaml");
        let instrument = self.read(&questionnaire, |file, text| {
            read::questionnaire(file, text, survey, UNIT_NAMES, before)
        })?;
        if let Some(other) = instrument.as_ref().map(|i| i.round).filter(|round| *round != id) {
            let message = format!("the file says round {other}, its folder {id}");
            self.report(OTHER_ROUND, &questionnaire, message, format!("write `round: {id}`"));
        }
        Ok(instrument)
    }

    fn round(
        &mut self,
        id: RoundId,
        survey: &Survey,
        instrument: Option<Instrument>,
    ) -> anyhow::Result<Option<Round>> {
        let plan = format!("rounds/{id}/plan.yaml");
        let plan = self.read(&plan, |file, text| read::plan(file, text, survey))?;
        let frame = format!("frame/{id}.csv");
        let frame = self.read(&frame, |file, text| frame::frame(file, text, id))?;
        let boundaries = match &frame {
            Some(frame) => self.read_optional(&format!("frame/{id}.geojson"), |file, text| {
                report::read_boundaries(file, text, frame)
            })?,
            None => None,
        };
        let mut reports = BTreeMap::new();
        for lang in &survey.languages {
            if let Some(text) = self.document(&format!("rounds/{id}/report.{lang}.md"))? {
                reports.insert(*lang, text);
            }
        }
        let codes = self.read_optional(&format!("rounds/{id}/codes.csv"), |file, text| {
            let (rows, diagnostics) = report::read_codes(file, text);
            (Some(rows), diagnostics)
        })?;
        let codes = codes.unwrap_or_default();
        let (Some(instrument), Some(plan), Some(frame)) = (instrument, plan, frame) else {
            return Ok(None);
        };
        self.check_sections(&instrument, &plan);
        let simulation = format!("rounds/{id}/simulation.yaml");
        let simulation = self.read_optional(&simulation, |file, text| {
            simulate::read_settings(file, text, &instrument)
        })?;
        Ok(Some(Round { instrument, plan, frame, boundaries, reports, codes, simulation }))
    }

    fn check_sections(&mut self, instrument: &Instrument, plan: &Plan) {
        let (wanted, there) = (plan.answered.sections, instrument.sections.len());
        if wanted > there {
            let message =
                format!("a case counts as answered with {wanted} sections, but there are {there}");
            let hint = format!("write a number from 1 to {there} under `answered: sections`");
            let file = format!("rounds/{}/plan.yaml", instrument.round);
            self.report(TOO_MANY_SECTIONS, &file, message, hint);
        }
    }

    /// Returns a file as it is written, to be read by the stage that needs it.
    fn document(&mut self, file: &str) -> anyhow::Result<Option<ReportText>> {
        self.read_optional(file, |file, text| {
            (Some(ReportText { file: file.to_owned(), text: text.to_owned() }), vec![])
        })
    }
}
