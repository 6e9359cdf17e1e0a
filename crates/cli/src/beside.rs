//! What units answered in the round before, beside others: made from the frozen data when somebody asks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use dataset::DataSet;
use frame::UnitId;
use instrument::{Lang, RoundId};
use store::{CaseId, Store};
use tokio::task::spawn_blocking;
use web::{Beside, MadePage};

use crate::clock::Clock;
use crate::commands::STAFF;
use crate::folder::Folder;
use crate::stages::{Line, is_published, round_input};

/// Returns what the cases of a survey look back at.
pub fn beside(folder: &Folder, store: &Store, clock: Clock) -> Beside {
    let (path, store) = (folder.path.clone(), store.clone());
    let page = move |round: RoundId, unit: UnitId, lang: Lang| -> MadePage {
        let (path, store) = (path.clone(), store.clone());
        Box::pin(async move {
            let made = made(path, &store, clock, (round, unit, lang)).await;
            made.map_err(|error| format!("{error:#}"))
        })
    };
    Beside { was: was(folder), page: Arc::new(page) }
}

/// Returns for each case the round before it, and the unit that it was then.
fn was(folder: &Folder) -> BTreeMap<CaseId, (RoundId, UnitId)> {
    let mut was = BTreeMap::new();
    for (id, round) in &folder.rounds {
        let Some((before_id, before)) = folder.before(*id) else { continue };
        let between = (before.plan.opens, round.plan.opens);
        let pairs = folder.changes.overlap(&before.frame, &round.frame, between.0, between.1);
        was.extend(pairs.into_iter().map(|(then, now)| {
            let case = CaseId { round: *id, unit: round.frame.units[now].id.clone() };
            (case, (before_id, before.frame.units[then].id.clone()))
        }));
    }
    was
}

/// Makes the page. The files are read anew: they may say something else than when the server started.
async fn made(
    path: PathBuf,
    store: &Store,
    clock: Clock,
    (round, unit, lang): (RoundId, UnitId, Lang),
) -> anyhow::Result<Option<String>> {
    let folder = spawn_blocking(move || Folder::open(&path)).await??;
    if !is_published(folder.round(round)?, clock.now())? {
        return Ok(None);
    }
    let line = Line { folder: &folder, store, staff: STAFF };
    let datasets = line.datasets().await?;
    spawn_blocking(move || Ok(page(&folder, &datasets, (round, &unit, lang)))).await?
}

fn page(
    folder: &Folder,
    datasets: &BTreeMap<RoundId, DataSet>,
    (round, unit, lang): (RoundId, &UnitId, Lang),
) -> Option<String> {
    let input = round_input(folder, datasets, round)?;
    report::held_page(&folder.survey, &input, unit, lang)
}
