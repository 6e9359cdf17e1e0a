//! How often something may be tried: counted for each address and each link, in bounded memory.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How often links have been tried.
#[derive(Debug)]
pub(crate) struct Limits {
    slots: Mutex<Vec<Slot>>,
    /// Scatters the keys so that nobody knows who shares a slot with whom.
    scatter: RandomState,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The minute that is counted, since 1970.
    minute: i64,
    count: u32,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tried {
    /// Links that open nothing, by address.
    WrongLink,
    /// Sessions begun with a link, by link.
    Session,
    /// Answers of readers, by address.
    Answer,
    /// Answers of readers to one page, by address and page: a second click is the same answer.
    AnswerToPage,
}

/// How many keys have a slot of their own; more of them share. 128 kB.
const SLOTS: usize = 8192;

impl Tried {
    /// Returns how often it may be tried in a minute. A whole municipality may stand behind one
    /// address, and a mail scanner may open a link in several browsers.
    fn most(self) -> u32 {
        match self {
            Tried::WrongLink => 60,
            Tried::Session => 30,
            Tried::Answer => 60,
            Tried::AnswerToPage => 1,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { slots: Mutex::new(vec![Slot::default(); SLOTS]), scatter: RandomState::new() }
    }
}

impl Limits {
    /// Counts an attempt; returns whether it is one too many.
    pub(crate) fn count(&self, tried: Tried, key: &impl Hash, now: Timestamp) -> bool {
        self.with_slot(tried, key, now, |slot| {
            slot.count = slot.count.saturating_add(1);
            slot.count > tried.most()
        })
    }

    /// Whether there have been too many attempts in this minute.
    pub(crate) fn is_reached(&self, tried: Tried, key: &impl Hash, now: Timestamp) -> bool {
        self.with_slot(tried, key, now, |slot| slot.count > tried.most())
    }

    fn with_slot<T>(
        &self,
        tried: Tried,
        key: &impl Hash,
        now: Timestamp,
        look: impl FnOnce(&mut Slot) -> T,
    ) -> T {
        let place = self.scatter.hash_one((tried, key)) as usize % SLOTS;
        let minute = now.as_second().div_euclid(60);
        // Counters are counters whoever panicked before.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = &mut slots[place];
        if slot.minute != minute {
            *slot = Slot { minute, count: 0 };
        }
        look(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_for_a_minute_and_for_one_key() {
        let limits = Limits::default();
        let now: Timestamp = "2025-11-03T08:00:00Z".parse().unwrap();
        for attempt in 0..60 {
            assert!(!limits.count(Tried::WrongLink, &"a", now), "{attempt}");
        }
        assert!(limits.count(Tried::WrongLink, &"a", now));
        assert!(limits.is_reached(Tried::WrongLink, &"a", now));
        // One key in 8,192 shares the slot; of these ten, not all do.
        assert!((0..10).any(|key| !limits.is_reached(Tried::WrongLink, &key, now)));
        let later = now + jiff::SignedDuration::from_secs(60);
        assert!(!limits.is_reached(Tried::WrongLink, &"a", later));
    }
}
