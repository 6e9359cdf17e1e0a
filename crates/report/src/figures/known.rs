//! What has been found of a round, kept for whoever asks again: the same figure stands in the report of
//! every language, in its charts and in the open data, and stays the same while its words are written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dataset::DataSet;
use instrument::{Code, RoundId};

use super::{ChangeFigure, Concealed, Figure, FrameAttribute, GroupTable};

/// What has been found of a round's data, and of those of the round before, under a plan. Whoever tells of
/// the same round shares it, so that it is found once; it holds nothing that could not be found again.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Found>);

#[derive(Debug, Default)]
struct Found {
    concealed: OnceLock<Vec<OnceLock<Concealed>>>,
    shares: Kept<(RoundId, String, Vec<Code>), Figure>,
    tables: Kept<(String, Vec<Vec<Code>>, FrameAttribute), GroupTable>,
    changes: Kept<ChangeKey, ChangeFigure>,
}

/// The units that are the same in both rounds, which the frames decide and not the data; the variable and
/// its options, and the round before.
type ChangeKey = (Vec<(usize, usize)>, String, Vec<Code>, RoundId);

impl Known {
    pub(super) fn concealed(&self, data: &DataSet) -> &[OnceLock<Concealed>] {
        let none_yet = || data.variables.iter().map(|_| OnceLock::new()).collect();
        self.0.concealed.get_or_init(none_yet)
    }

    /// Shares by the round, its variable and its options.
    pub(super) fn shares(&self) -> &Kept<(RoundId, String, Vec<Code>), Figure> {
        &self.0.shares
    }

    /// Tables by the variable, the options that were asked for and what divides the units.
    pub(super) fn tables(&self) -> &Kept<(String, Vec<Vec<Code>>, FrameAttribute), GroupTable> {
        &self.0.tables
    }

    pub(super) fn changes(&self) -> &Kept<ChangeKey, ChangeFigure> {
        &self.0.changes
    }
}

/// What was found, by what was asked for.
#[derive(Debug)]
pub(super) struct Kept<K, V>(Mutex<BTreeMap<K, V>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Kept<K, V> {
        Kept(Mutex::new(BTreeMap::new()))
    }
}

impl<K: Ord, V: Clone> Kept<K, V> {
    /// Returns what was found before, or finds it. What cannot be found is looked for again.
    pub(super) fn or_find<E>(&self, key: K, find: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept().get(&key) {
            return Ok(found.clone());
        }
        let found = find()?;
        kept().insert(key, found.clone());
        Ok(found)
    }
}
