//! Simulated answers: a stand-in for what informants would have said.
//!
//! `simulation.yaml` says how many units answer and how their answers are distributed. Who answers
//! and what they answer is drawn: large and central units are a little readier to answer, each unit
//! resembles itself in the last round, and shares are met to the whole percent. The draws depend on
//! a seed and on names alone ([`chance`]). What is drawn enters the store as a person's answers do,
//! and the round is marked as simulated for good.

mod chance;
mod counts;
mod draw;
mod field;
mod latent;
mod offered;
mod proposed;
mod published;
mod respond;
mod settings;
#[cfg(test)]
mod tests;
mod together;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use instrument::{RoundId, Survey};
use report::Published;
use store::Store;

use self::chance::Chance;
use self::draw::Case;
use self::field::Visits;
#[cfg(test)]
pub use self::settings::RULES;
pub use self::settings::{Settings, read as read_settings};
use crate::failure::refused;
use crate::folder::{Folder, Round};
use crate::stages::Simulated;

/// A round whose answers are to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Simulation<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// The files of the round.
    pub round: &'a Round,
    /// How the answers are drawn.
    pub settings: &'a Settings,
    /// The figures that they must come out to.
    pub published: &'a [Published],
    /// With which seed, and up to when.
    pub answers: Simulated,
}

/// How far a section of a case comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// As many of its pages are saved, from none to all.
    Pages(usize),
    /// It is handed in.
    HandedIn,
}

/// Draws the answers of a round that has been opened in the store, and writes them. Errs, and
/// writes nothing, where the round has answers or no `simulation.yaml`, or the published
/// figures cannot be met. `progress` is told how many of how many cases are written.
pub async fn round(
    store: &Store,
    folder: &Folder,
    id: RoundId,
    answers: Simulated,
    progress: &dyn Fn(usize, usize),
) -> anyhow::Result<()> {
    let round = folder.round(id)?;
    let settings = settings(id, round)?;
    let (survey, published) = (&folder.survey, &folder.published);
    let with = Simulation { survey, round, settings, published, answers };
    let state = field::untouched(store, id).await?;
    let cases = with.draw()?;
    field::invite(store, &with, &state).await?;
    progress(0, cases.len());
    let answers = cases.iter().map(|visits| field::answer(store, &with, visits));
    let mut answered = stream::iter(answers).buffer_unordered(AT_ONCE);
    let mut done = 0;
    while answered.try_next().await?.is_some() {
        done += 1;
        progress(done, cases.len());
    }
    Ok(())
}

/// How many cases are answered at the same time: they are committed together, as those of people are.
const AT_ONCE: usize = 16;

fn settings(id: RoundId, round: &Round) -> anyhow::Result<&Settings> {
    round.simulation.as_ref().ok_or_else(|| {
        refused(format!("round {id} cannot be simulated without rounds/{id}/simulation.yaml"))
    })
}

impl<'a> Simulation<'a> {
    fn chance(&self) -> Chance {
        Chance { seed: self.answers.seed, round: self.round.instrument.round }
    }

    /// Draws who answers, how far each comes, what they answer and when.
    fn draw(&self) -> anyhow::Result<Vec<Visits<'a>>> {
        let days = respond::working_days(&self.round.plan, self.answers.until)?;
        let characters = latent::characters(&self.round.frame);
        let cast = respond::cast(self, &characters)?;
        let units = cast.answering.iter().chain(&cast.begun);
        let mut cases: Vec<Case<'a>> =
            units.map(|unit| Case::new(self.round, *unit, &characters[*unit])).collect();
        respond::set_reach(self, &mut cases, cast.answering.len());
        draw::draw(self, &mut cases)?;
        published::check(self, &cases)?;
        Ok(cases.into_iter().map(|case| respond::visits(self, case, &days)).collect())
    }
}
