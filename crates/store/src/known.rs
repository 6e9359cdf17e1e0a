//! Cases as they were last read, so that one which nobody has changed is not read again.
//!
//! A turn of a page reads its case several times, and a case has a hundred answers. Every change
//! counts up the case's revision before anything else (`Writing::lock`), in the same transaction.
//! So a case that was committed under a revision is the case as long as the database names
//! that revision, and whoever wants it asks for nothing but the number. This holds for several
//! servers on one database too: they share the revision, not the memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;

use crate::{Case, CaseId};

/// How many cases are kept: those in which somebody is answering just now, and some.
const CASES: usize = 512;

/// The longest answers that a kept case may have together, in bytes, so that 512 cases take no
/// more than a few tens of megabytes.
const LARGEST: usize = 64 * 1024;

/// The cases that this process has read, the least recently used ones forgotten.
#[derive(Clone, Debug)]
pub(crate) struct Known(Arc<Mutex<LruCache<CaseId, Revised>>>);

/// A case, and the revision that it was committed under.
#[derive(Clone, Debug)]
pub(crate) struct Revised {
    pub(crate) revision: i64,
    pub(crate) case: Arc<Case>,
}

impl Default for Known {
    fn default() -> Known {
        Known(Arc::new(Mutex::new(LruCache::new(CASES))))
    }
}

impl Known {
    /// Returns the case as it was committed under a revision, where it is known.
    pub(crate) fn get(&self, id: &CaseId, revision: i64) -> Option<Arc<Case>> {
        let mut cases = self.lock();
        let known = cases.get(id).filter(|known| known.revision == revision)?;
        Some(Arc::clone(&known.case))
    }

    /// Keeps a case that has been committed. A newer one that is known already stays.
    pub(crate) fn keep(&self, revised: Revised) {
        let id = &revised.case.id;
        let mut cases = self.lock();
        if cases.peek(id).is_some_and(|known| known.revision > revised.revision) {
            return;
        }
        if size(&revised.case) > LARGEST {
            cases.remove(id);
        } else {
            cases.insert(id.clone(), revised);
        }
    }

    /// Forgets everything. A new connection may lead to another server than the one that
    /// the cases were read from: a standby that has taken its place.
    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<CaseId, Revised>> {
        // Each change to the map is one call: whoever panicked left it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(case: &Case) -> usize {
    case.held.values().filter_map(|held| held.value.as_ref()).map(String::len).sum()
}
