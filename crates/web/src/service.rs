//! What the pages are made of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use frame::{Frame, UnitId};
use instrument::{Instrument, Lang, Plan, RoundId, Survey};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{CaseId, Store};
use tokio::sync::Mutex;

use crate::answer::Presence;
use crate::limit::Limits;
use crate::upload::Uploads;

/// Everything that the pages need, handed in by whoever serves them.
pub struct Service {
    /// Where answers rest.
    pub store: Store,
    /// What holds for every round.
    pub survey: Survey,
    /// The rounds that can be answered and watched.
    pub rounds: Vec<ServedRound>,
    /// The published site.
    pub site: Option<PathBuf>,
    /// Tells the time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether the pages are reached over TLS, so that cookies may say so.
    pub secure: bool,
    /// Whether somebody sends what is put into the outbox. Where nobody does, links are shown for
    /// the reader to pass on.
    pub letters: bool,
    /// What was published of units in an earlier round; `None` where nothing is.
    pub beside: Option<Beside>,
    /// Makes PDFs; `None` where the program has been built without.
    pub print: Option<Print>,
    /// Where the pages can be reached, without a slash at the end.
    pub base_url: String,
}

/// What was published of units in an earlier round, with all their own answers.
pub struct Beside {
    /// The round that each case looks back at, and the unit that it was then. One that was merged or
    /// split is not here: the answers of then are not its own.
    pub was: BTreeMap<CaseId, (RoundId, UnitId)>,
    /// Makes the page.
    pub page: BesidePage,
}

/// Returns the page of a unit in a round and a language. `None` where nothing is published of it; errs with
/// what is wrong, which is our fault.
pub type BesidePage = Arc<dyn Fn(RoundId, UnitId, Lang) -> MadePage + Send + Sync>;

/// A page that is being made.
pub type MadePage = Pin<Box<dyn Future<Output = Result<Option<String>, String>> + Send>>;

/// Returns a page as PDF: given its HTML, the date that it bears and what stands above its title. Errs
/// with what is wrong with the page, which is our fault.
pub type Print = fn(page: &str, date: Date, subtitle: &str) -> Result<Vec<u8>, String>;

/// One round of the survey.
pub struct ServedRound {
    /// What is asked.
    pub instrument: Instrument,
    /// When, and what counts as answered.
    pub plan: Plan,
    /// Who is asked.
    pub frame: Frame,
    /// The round before it, where its answers are looked back at.
    pub last: Option<LastRound>,
}

/// The round before one that is served.
pub struct LastRound {
    /// What was asked.
    pub instrument: Instrument,
    /// Who was asked.
    pub frame: Frame,
    /// What each unit of this round was then. One that was merged or split is not here: the
    /// answers of then are not its own.
    pub was: BTreeMap<UnitId, UnitId>,
}

/// The service with what the pages share between requests.
pub(crate) struct App {
    pub(crate) service: Service,
    /// Held while a password is checked: one at a time, for all who try.
    pub(crate) login: Mutex<()>,
    /// Held while something is made that keeps a processor busy: one at a time, so that another is left
    /// for those who answer.
    pub(crate) making: Mutex<()>,
    /// Who is on which page.
    pub(crate) presence: Presence,
    /// How often links have been tried.
    pub(crate) limits: Limits,
    /// The memory for files on their way into the store.
    pub(crate) uploads: Uploads,
}

impl App {
    pub(crate) fn new(service: Service) -> App {
        App {
            service,
            login: Mutex::new(()),
            making: Mutex::new(()),
            presence: Presence::default(),
            limits: Limits::default(),
            uploads: Uploads::default(),
        }
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> Timestamp {
        (self.service.clock)()
    }

    /// Returns the round and its place among the rounds that are served.
    pub(crate) fn round(&self, id: RoundId) -> Option<(usize, &ServedRound)> {
        self.service.rounds.iter().enumerate().find(|(_, round)| round.instrument.round == id)
    }
}
