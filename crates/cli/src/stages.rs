//! The line: the stages of a round, from its questionnaire to its published report.
//!
//! [`Line::run`] is the whole program on one page. The demo runs it, and each command runs the
//! stage that it is named for: there is no second way through.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use dataset::DataSet;
use frame::UnitId;
use instrument::{Diagnostic, Plan, RoundId, render};
use jiff::{Timestamp, ToSpan};
use report::{Known, Previous, PublicationInput, RoundInField, RoundInput, Site};
use store::{AccessKind, Actor, CaseId, Contact, FreezeWith, LinkFor, OpenRound, Store, Token};
use web::LastRound;

use crate::clock::start_of;
use crate::failure::refused;
use crate::folder::{Folder, Round};
use crate::open_data::{Package, package};
use crate::print;
use crate::simulate;

/// A survey and its store: what every stage works on.
#[derive(Debug)]
pub struct Line<'a> {
    /// The survey's folder: for each round its `Instrument` and its `Sample`.
    pub folder: &'a Folder,
    /// Where its `Response`s rest.
    pub store: &'a Store,
    /// The name under which changes are written: the staff member at the keyboard.
    pub staff: &'a str,
}

/// Whether a round's answers come from people or are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// The seed of all draws.
    pub seed: u64,
    /// For a round in the field: nothing is drawn that would have happened later.
    pub until: Option<Timestamp>,
}

impl Line<'_> {
    /// Carries a round through all stages up to its frozen data: questionnaire and frame are the
    /// folder's, cases are opened in the store, answers come in, and what was handed in is frozen.
    /// What is published is made of several rounds' data together: [`publish`].
    pub async fn run(
        &self,
        round: RoundId,
        answers: Simulated,
        now: Timestamp,
        progress: &dyn Fn(usize, usize),
    ) -> anyhow::Result<DataSet> {
        self.open(round, now).await?;
        self.simulate(round, answers, progress).await?;
        self.freeze(round, now).await
    }

    /// Opens a round in the store: a case for each unit of its frame.
    pub async fn open(&self, id: RoundId, now: Timestamp) -> anyhow::Result<()> {
        let round = self.folder.round(id)?;
        let units: Vec<UnitId> = round.frame.units.iter().map(|unit| unit.id.clone()).collect();
        let mut writing = self.store.write(self.actor(), now).await?;
        writing
            .open_round(&OpenRound {
                survey: &self.folder.survey.id,
                round: id,
                instrument: round.instrument.hash,
                sample: round.frame.hash,
                units: &units,
                opens: start_of(round.plan.opens)?,
                closes: closing(round)?,
            })
            .await?;
        Ok(writing.commit().await?)
    }

    /// Draws answers for a round and writes them as a person's are written.
    pub async fn simulate(
        &self,
        id: RoundId,
        answers: Simulated,
        progress: &dyn Fn(usize, usize),
    ) -> anyhow::Result<()> {
        simulate::round(self.store, self.folder, id, answers, progress).await
    }

    /// Freezes what was handed in, and keeps the data set in the store.
    pub async fn freeze(&self, id: RoundId, now: Timestamp) -> anyhow::Result<DataSet> {
        let round = self.folder.round(id)?;
        let with = FreezeWith {
            survey: &self.folder.survey,
            instrument: &round.instrument,
            frame: &round.frame,
            plan: &round.plan,
        };
        let data = self.store.freeze(with, now).await?;
        let mut writing = self.store.write(self.actor(), now).await?;
        writing.keep_dataset(&data).await?;
        writing.commit().await?;
        Ok(data)
    }

    /// Returns the data sets that were frozen last, by round.
    pub async fn datasets(&self) -> anyhow::Result<BTreeMap<RoundId, DataSet>> {
        let mut datasets = BTreeMap::new();
        for id in self.folder.rounds.keys() {
            if let Some(data) = self.store.latest_dataset(*id).await? {
                datasets.insert(*id, data);
            }
        }
        Ok(datasets)
    }

    /// Makes a personal link for the coordinator of a unit; returns its token, shown only now.
    pub async fn invite(
        &self,
        case: &CaseId,
        contact: &Contact,
        now: Timestamp,
    ) -> anyhow::Result<Token> {
        let round = self.folder.round(case.round)?;
        if round.frame.unit(&case.unit).is_none() {
            return Err(refused(format!(
                "unit {} is not in the frame of {}",
                case.unit, case.round
            )));
        }
        let mut writing = self.store.write(self.actor(), now).await?;
        let contact = writing.coordinator(contact).await?;
        let (case, expires) = (case.clone(), closing(round)?);
        let link = LinkFor { case, contact, kind: AccessKind::Coordinator, expires };
        let token = writing.issue_link(&link).await?;
        writing.commit().await?;
        Ok(token)
    }

    fn actor(&self) -> Actor {
        Actor::Staff(self.staff.to_owned())
    }
}

/// How much of a publication is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The pages alone, as they are looked at while they are written.
    Pages,
}

/// What has been found of the rounds' data, for whoever tells of the same data again. It is forgotten
/// where the plan says something else.
#[derive(Debug, Default)]
pub struct Memory(BTreeMap<RoundId, (Plan, Known)>);

impl Memory {
    fn of(&mut self, id: RoundId, plan: &Plan) -> Known {
        let afresh = || (plan.clone(), Known::default());
        let (of, known) = self.0.entry(id).or_insert_with(afresh);
        if of != plan {
            (*of, *known) = afresh();
        }
        known.clone()
    }
}

/// Makes the published site from frozen data: a report for each round that has a text, whose field
/// is over and whose embargo has been lifted at `now`, and a line for each that is in the field.
/// `memory` is of the same data.
pub fn publish(
    folder: &Folder,
    datasets: &BTreeMap<RoundId, DataSet>,
    extent: Extent,
    now: Timestamp,
    memory: &mut Memory,
) -> anyhow::Result<Site> {
    let mut input = PublicationInput { survey: &folder.survey, rounds: vec![], in_field: vec![] };
    let mut beside = BTreeMap::new();
    for (id, round) in &folder.rounds {
        let Some(data) = datasets.get(id) else { continue };
        if now < closing(round)? {
            input.in_field.push(RoundInField {
                round: *id,
                plan: &round.plan,
                response: Some(data.dispositions()),
                simulated: data.provenance.simulated,
            });
        } else if is_published(round, now)? {
            let Some(told) = round_input(folder, datasets, *id) else { continue };
            let told = RoundInput { known: memory.of(*id, &round.plan), ..told };
            let package = match extent {
                Extent::Whole => package(folder, round, &told)?,
                Extent::Pages => Package::default(),
            };
            let downloads = match extent {
                Extent::Whole => [print::downloads(round), package.downloads].concat(),
                Extent::Pages => vec![],
            };
            input.rounds.push(RoundInput { downloads, ..told });
            let below = |(name, bytes)| (format!("{id}/{name}"), bytes);
            beside.extend(package.files.into_iter().map(below));
        }
    }
    let mut site =
        report::publish(&input).map_err(|diagnostics| refused(rendered(folder, &diagnostics)))?;
    site.files.extend(beside);
    if extent == Extent::Whole {
        print::add(folder, &mut site)?;
    }
    Ok(site)
}

/// Returns what is known of a round that has frozen data.
pub fn round_input<'a>(
    folder: &'a Folder,
    datasets: &'a BTreeMap<RoundId, DataSet>,
    id: RoundId,
) -> Option<RoundInput<'a>> {
    let round = folder.rounds.get(&id)?;
    Some(RoundInput {
        plan: &round.plan,
        data: datasets.get(&id)?,
        previous: previous(folder, datasets, id),
        reports: round.reports.clone(),
        instrument: Some(&round.instrument),
        frame: Some(&round.frame),
        published: folder.published.clone(),
        coded: round.codes.clone(),
        downloads: vec![],
        known: Known::default(),
        boundaries: round.boundaries.as_ref(),
    })
}

/// Whether a round has a report, its field is over and the day of its publication has come.
pub fn is_published(round: &Round, now: Timestamp) -> anyhow::Result<bool> {
    let embargo = round.plan.embargo.map(start_of).transpose()?;
    Ok(!round.reports.is_empty() && closing(round)? <= now && embargo.is_none_or(|day| day <= now))
}

/// Returns the frozen data of the round before, and the units that both rounds have.
fn previous<'a>(
    folder: &Folder,
    datasets: &'a BTreeMap<RoundId, DataSet>,
    id: RoundId,
) -> Option<Previous<'a>> {
    let (before_id, before) = folder.before(id)?;
    let after = folder.rounds.get(&id)?;
    let (from, until) = (before.plan.opens, after.plan.opens);
    let overlap = folder.changes.overlap(&before.frame, &after.frame, from, until);
    Some(Previous { data: datasets.get(&before_id)?, overlap })
}

/// Returns the round before one, where its questionnaire looks back at the answers to it.
pub fn last_round(folder: &Folder, id: RoundId) -> Option<LastRound> {
    let round = folder.rounds.get(&id).filter(|round| round.instrument.looks_back())?;
    let (_, before) = folder.before(id)?;
    let (from, until) = (before.plan.opens, round.plan.opens);
    let pairs = folder.changes.overlap(&before.frame, &round.frame, from, until);
    let ids = |(then, now): (usize, usize)| {
        (round.frame.units[now].id.clone(), before.frame.units[then].id.clone())
    };
    Some(LastRound {
        instrument: before.instrument.clone(),
        frame: before.frame.clone(),
        was: pairs.into_iter().map(ids).collect(),
    })
}

/// Renders what is wrong with the reports, beside the lines that are meant.
pub fn rendered(folder: &Folder, diagnostics: &[Diagnostic]) -> String {
    let reports = folder.rounds.values().flat_map(|round| round.reports.values());
    let sources = reports.map(|report| (report.file.clone(), report.text.clone())).collect();
    render(diagnostics, &sources, false)
}

/// Returns when a round no longer takes answers: when the day after its last begins.
pub fn closing(round: &Round) -> anyhow::Result<Timestamp> {
    let day = round.plan.closes.checked_add(1.day()).context("the last day in the field")?;
    start_of(day)
}

/// Writes the files of a site under `directory`. Each file is written beside its place and moved
/// there, so that a reader never meets half a page.
pub fn write_site(site: &Site, directory: &Path) -> anyhow::Result<()> {
    let files: Vec<(PathBuf, &Vec<u8>)> =
        site.files.iter().map(|(name, bytes)| (directory.join(name), bytes)).collect();
    let folders: BTreeSet<&Path> = files.iter().filter_map(|(path, _)| path.parent()).collect();
    for folder in folders {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    // The system is waited for more than the processor: two threads keep it busy.
    let (one, other) = files.split_at(files.len() / 2);
    let write = |files: &[(PathBuf, &Vec<u8>)]| {
        // A file that is as it should be is left alone, with the day that it was written.
        let differs =
            |path: &Path, bytes: &[u8]| std::fs::read(path).ok().as_deref() != Some(bytes);
        let mut changed = files.iter().filter(|(path, bytes)| differs(path, bytes));
        changed.try_for_each(|(path, bytes)| write_in_folder(path, bytes))
    };
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| write(other));
        write(one)?;
        beside.join().map_err(|_| anyhow!("writing the site stopped midway"))?
    })
}

/// Writes a file whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    write_in_folder(path, bytes)
}

/// Writes a file whole or not at all into a folder that is there.
fn write_in_folder(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let cannot_write = || format!("cannot write {}", path.display());
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).with_context(cannot_write)?;
    std::fs::rename(&beside, path).with_context(cannot_write)
}
