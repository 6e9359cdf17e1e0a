//! A store with one letter in its outbox, and a clock that can be moved.

use std::sync::atomic::{AtomicI64, Ordering};

use instrument::{Hash, Lang, Text};
use jiff::{SignedDuration, Timestamp};
use mail::{Book, Courier, RoundBook};
use store::{
    Actor, CaseId, Contact, HandOver, LetterFor, LetterKind, LetterState, OpenRound, Store,
    StoreUrl,
};
use tempfile::TempDir;

pub(crate) struct Outbox {
    store: Store,
    case: CaseId,
    minutes: AtomicI64,
    /// Kept, for the store lies in it.
    _folder: TempDir,
}

const NOW: &str = "2025-11-03T08:00:00Z";

impl Outbox {
    /// Opens a round and hands a section to somebody with this address.
    pub(crate) async fn with_letter(email: &str) -> Outbox {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::sqlite(folder.path().join("runde.db"));
        let store = Store::open(&url).await.unwrap();
        let unit = "1508".parse().unwrap();
        let case = CaseId { round: "2025".parse().unwrap(), unit };
        let outbox = Outbox { store, case, minutes: AtomicI64::new(0), _folder: folder };
        outbox.fill(email).await;
        outbox
    }

    async fn fill(&self, email: &str) {
        let actor = Actor::Staff("kari".to_owned());
        let mut writing = self.store.write(actor, self.now()).await.unwrap();
        let open = OpenRound {
            survey: &"prove".parse().unwrap(),
            round: self.case.round,
            instrument: Hash::of("a"),
            sample: Hash::of("b"),
            units: std::slice::from_ref(&self.case.unit),
            opens: self.now(),
            closes: "2025-11-30T23:00:00Z".parse().unwrap(),
        };
        writing.open_round(&open).await.unwrap();
        let about = ["tolk".parse().unwrap()];
        let to = Contact { name: "Ola".to_owned(), email: email.to_owned(), language: Lang::NB };
        let hand_over = HandOver {
            case: &self.case,
            sections: &about,
            to: &to,
            note: "",
            due: None,
            may_hand_on: false,
        };
        let handed = writing.hand_over(&hand_over).await.unwrap();
        let letter = LetterFor {
            case: &self.case,
            to: &handed.contact,
            kind: LetterKind::HandOver,
            step: "1",
            about: &about,
            message: "",
            enclosed: ("", ""),
        };
        assert!(writing.queue_letter(&letter).await.unwrap());
        writing.commit().await.unwrap();
    }

    fn now(&self) -> Timestamp {
        let start: Timestamp = NOW.parse().unwrap();
        start + SignedDuration::from_mins(self.minutes.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub(crate) fn wait_minutes(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::Relaxed);
    }

    /// Sends what is due; returns how many letters left.
    pub(crate) async fn send(&self, courier: &Courier) -> usize {
        let now = self.now();
        mail::send_due(&self.store, courier, &book(), &|| now).await.unwrap()
    }

    /// Returns how far the letter has come.
    pub(crate) async fn state(&self) -> LetterState {
        self.store.letters(&self.case).await.unwrap()[0].state
    }

    /// Returns what is noted on the reader.
    pub(crate) async fn refusal(&self) -> Option<String> {
        let people = self.store.people(&self.case).await.unwrap();
        people.into_values().next().unwrap().refusal
    }
}

fn book() -> Book {
    let text = |text: &str| Text::new(vec![(Lang::NB, text.to_owned())]);
    let round = RoundBook {
        units: [("1508".to_owned(), "Ålesund".to_owned())].into(),
        sections: [("tolk".to_owned(), text("Tolking"))].into(),
    };
    Book {
        survey: text("Prøveundersøkelsen"),
        owner: text("IMDi"),
        rounds: [("2025".parse().unwrap(), round)].into(),
        base_url: "http://127.0.0.1:8425".to_owned(),
        print: None,
    }
}
