//! Cases as they were last read, so that one which nobody has changed is not read again.
//!
//! A turn of a page reads its case several times, and a case has a hundred answers. Every change
//! counts up the case's revision before anything else (`Writing::lock`), in the same transaction.
//! So a case that was committed under a revision is the case as long as the database names
//! that revision, and whoever wants it asks for nothing but the number. This holds for several
//! servers on one database too: they share the revision, not the memory.
//!
//! The same holds for who may see the case. A link that is revoked, a person who gets another name or
//! is erased, a round whose days are moved: each counts up the revision of every case that it
//! concerns. So what a session opened under a revision it opens as long as that stands, and does not
//! end by itself before.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashlink::LruCache;

use crate::{Access, Case, CaseId, Entered, RoundState};

/// How many cases are kept: those in which somebody is answering just now, and some.
const CASES: usize = 512;

/// The longest answers that a kept case may have together, in bytes, so that 512 cases take no
/// more than a few tens of megabytes.
const LARGEST: usize = 64 * 1024;

/// How many sessions are kept of a case: its hands, each in a browser or two.
const SESSIONS: usize = 16;

/// The cases that this process has read, the least recently used ones forgotten.
#[derive(Clone, Debug)]
pub(crate) struct Known(Arc<Mutex<LruCache<CaseId, Kept>>>);

/// A case, and the sessions that it is known to be open to.
#[derive(Debug)]
struct Kept {
    revised: Revised,
    sessions: Vec<Opened>,
}

/// A case, and the revision that it was committed under.
#[derive(Clone, Debug)]
pub(crate) struct Revised {
    pub(crate) revision: i64,
    pub(crate) case: Arc<Case>,
}

/// What a session opens under the revision that it was read with.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// The hash of its token.
    pub(crate) session: String,
    pub(crate) access: Access,
    pub(crate) round: RoundState,
    /// When the session or its link ends by itself, in milliseconds.
    pub(crate) ends: i64,
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
        let known = cases.get(id).filter(|known| known.revised.revision == revision)?;
        Some(Arc::clone(&known.revised.case))
    }

    /// Returns what a session opens at the time `now` in a case that stands under a revision, where
    /// that is known.
    pub(crate) fn entered(
        &self,
        id: &CaseId,
        (revision, session, now): (i64, &str, i64),
    ) -> Option<Entered> {
        let mut cases = self.lock();
        let known = cases.get(id).filter(|known| known.revised.revision == revision)?;
        let opened = known.sessions.iter().find(|opened| opened.session == session)?;
        (now < opened.ends).then(|| Entered {
            access: opened.access.clone(),
            round: opened.round.clone(),
            case: Arc::clone(&known.revised.case),
        })
    }

    /// Whether a session is known to have opened a case, whatever has become of both since.
    pub(crate) fn has_entered(&self, id: &CaseId, session: &str) -> bool {
        let cases = self.lock();
        let known = cases.peek(id);
        known.is_some_and(|known| known.sessions.iter().any(|opened| opened.session == session))
    }

    /// Keeps a case that has been committed. A newer one that is known already stays.
    pub(crate) fn keep(&self, revised: Revised) {
        self.keep_with(revised, |_| vec![]);
    }

    /// Keeps a case as a change has left it that was of its answers and of how far it has come: whoever
    /// could see it can see it still.
    pub(crate) fn keep_changed(&self, revised: Revised) {
        let before = revised.revision - 1;
        self.keep_with(revised, |known| match known.revised.revision == before {
            true => mem::take(&mut known.sessions),
            false => vec![],
        });
    }

    /// Keeps a case; `sessions` says which it is open to of those that the one before was open to.
    fn keep_with(&self, revised: Revised, sessions: impl FnOnce(&mut Kept) -> Vec<Opened>) {
        let id = &revised.case.id;
        let mut cases = self.lock();
        let known = cases.get_mut(id);
        if known.as_ref().is_some_and(|known| known.revised.revision >= revised.revision) {
            return;
        }
        let sessions = known.map_or(vec![], sessions);
        if size(&revised.case) > LARGEST {
            cases.remove(id);
        } else {
            cases.insert(id.clone(), Kept { revised, sessions });
        }
    }

    /// Keeps what a session opens in a case that stands under a revision, where that case is known.
    pub(crate) fn keep_session(&self, revision: i64, opened: Opened) {
        let mut cases = self.lock();
        let known = cases.get_mut(&opened.access.case);
        let Some(known) = known.filter(|known| known.revised.revision == revision) else { return };
        known.sessions.retain(|other| other.session != opened.session);
        if known.sessions.len() == SESSIONS {
            known.sessions.remove(0);
        }
        known.sessions.push(opened);
    }

    /// Forgets everything. A new connection may lead to another server than the one that
    /// the cases were read from: a standby that has taken its place.
    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<CaseId, Kept>> {
        // Each change to the map is one call: whoever panicked left it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(case: &Case) -> usize {
    case.held.values().filter_map(|held| held.value.as_ref()).map(String::len).sum()
}
