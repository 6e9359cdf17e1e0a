//! Walks a questionnaire before anyone is asked: which answers lead to each question, how long the
//! way is, and whether everybody who sets out comes to its end.
//!
//! The informants are drawn: each belongs to one of the round's units in turn and gives an answer
//! that the question accepts to everything on its path. Chance comes in as a function.

mod informant;
mod time;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use crate::expression::UnitAttributes;
use crate::{Instrument, RoleId, Value};

pub use time::seconds;

use informant::{Chance, Habits, Informant, Stuck};
use way::Needs;

/// How often an informant begins anew who has come to a question that takes no answer, before it
/// is called a dead end.
const FRESH_STARTS: usize = 20;

/// For so many of its informants, the way to a question is looked at; the shortest is told.
const WAYS_TRIED: usize = 8;

/// A unit whose informants set out.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Its kind, by which the lengths are told apart.
    pub kind: &'static str,
    /// What conditions may ask of it.
    pub attributes: UnitAttributes,
}

/// What came of the walks.
#[derive(Clone, Debug, PartialEq)]
pub struct Walks {
    /// How many informants set out.
    pub informants: usize,
    /// How many came to the end: every answer accepted, no check open that forbids handing in.
    pub finished: usize,
    /// For each question of the instrument, the way in; `None` where nobody was asked it.
    pub ways: Vec<Option<Way>>,
    /// How long the way is, by role and kind of unit; then over all roles.
    pub lengths: Vec<Length>,
    /// The questions at which informants ended who never came to the end.
    pub dead_ends: Vec<DeadEnd>,
    /// The sections that were shown to somebody without a question in them.
    pub empty_sections: Vec<EmptySection>,
}

/// The shortest way into a question that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The kinds of unit that were asked the question.
    pub kinds: BTreeSet<&'static str>,
    /// The answers that lead there, each by its variable's index; empty where it is asked anyway.
    pub answers: Vec<(usize, Value)>,
}

/// How many questions the informants of one role met, and how long they took.
#[derive(Clone, Debug, PartialEq)]
pub struct Length {
    /// The role; `None` for the whole questionnaire.
    pub role: Option<RoleId>,
    /// The kind of unit.
    pub kind: &'static str,
    /// The median number of questions.
    pub median: f64,
    /// The largest number of questions.
    pub longest: usize,
    /// The median time, by [`seconds`].
    pub median_seconds: f64,
    /// The longest time.
    pub longest_seconds: f64,
}

/// A question that some informants found no answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadEnd {
    /// The question, as an index into [`Instrument::questions`].
    pub question: usize,
    /// The check that refused the last answer, as an index into its checks; `None` where no answer
    /// was a possible one.
    pub check: Option<usize>,
    /// How many informants ended there.
    pub informants: usize,
}

/// A section that was shown without a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptySection {
    /// The section, as an index into [`Instrument::sections`].
    pub section: usize,
    /// The kind of unit.
    pub kind: &'static str,
    /// How many informants saw it.
    pub informants: usize,
}

/// Sends `informants` through a questionnaire, from each of the units in turn. Nobody sets out
/// where there are no units.
pub fn walk(
    instrument: &Instrument,
    units: &[Start],
    informants: usize,
    chance: &mut dyn FnMut() -> u64,
) -> Walks {
    let habits = Habits::of(instrument);
    let needs = Needs::of(instrument);
    let mut chance = Chance(chance);
    let mut record = Record::new(instrument);
    for unit in units.iter().cycle().take(informants) {
        record.informants += 1;
        let walks = (0..FRESH_STARTS)
            .map(|_| Informant::walk(instrument, &habits, &unit.attributes, &mut chance));
        match first_finished(walks) {
            Ok(informant) => record.finished(&informant, unit, &needs, &habits),
            Err(Some(stuck)) => *record.dead_ends.entry(stuck).or_default() += 1,
            Err(None) => {}
        }
    }
    record.close()
}

/// Returns the first walk that came to the end, or where the last of them was stuck.
fn first_finished<T>(walks: impl Iterator<Item = Result<T, Stuck>>) -> Result<T, Option<Stuck>> {
    let mut last = None;
    for walk in walks {
        match walk {
            Ok(informant) => return Ok(informant),
            Err(stuck) => last = Some(stuck),
        }
    }
    Err(last)
}

/// What has come of the walks so far.
struct Record<'a> {
    instrument: &'a Instrument,
    seconds: Vec<f64>,
    informants: usize,
    finished: usize,
    ways: Vec<Option<Way>>,
    tried: Vec<usize>,
    /// The number of questions and the seconds of each informant, by section's role and kind.
    lengths: BTreeMap<(usize, &'static str), Vec<(usize, f64)>>,
    dead_ends: BTreeMap<Stuck, usize>,
    empty: BTreeMap<(usize, &'static str), usize>,
    /// The roles, in the order of their first sections.
    roles: Vec<&'a RoleId>,
}

impl<'a> Record<'a> {
    fn new(instrument: &'a Instrument) -> Record<'a> {
        let mut roles: Vec<&RoleId> = vec![];
        for section in &instrument.sections {
            if !roles.contains(&&section.role) {
                roles.push(&section.role);
            }
        }
        let lang = instrument.languages.first().copied().unwrap_or(crate::Lang::NB);
        Record {
            instrument,
            seconds: instrument.questions.iter().map(|q| time::seconds(q, lang)).collect(),
            informants: 0,
            finished: 0,
            ways: vec![None; instrument.questions.len()],
            tried: vec![0; instrument.questions.len()],
            lengths: BTreeMap::new(),
            dead_ends: BTreeMap::new(),
            empty: BTreeMap::new(),
            roles,
        }
    }

    fn finished(
        &mut self,
        informant: &Informant<'_>,
        unit: &Start,
        needs: &Needs,
        habits: &Habits,
    ) {
        self.finished += 1;
        self.measure(informant, unit.kind);
        for question in (0..self.ways.len()).filter(|question| informant.asked[*question]) {
            self.tried[question] += 1;
            if self.tried[question] <= WAYS_TRIED {
                let answers = needs.shortest(question, informant, habits);
                let way = self.ways[question].get_or_insert_with(|| Way {
                    kinds: BTreeSet::new(),
                    answers: answers.clone(),
                });
                if answers.len() < way.answers.len() {
                    way.answers = answers;
                }
            }
            if let Some(way) = &mut self.ways[question] {
                way.kinds.insert(unit.kind);
            }
        }
    }

    /// Notes how long the informant's way was, in all and for each role that has a part in it.
    fn measure(&mut self, informant: &Informant<'_>, kind: &'static str) {
        let whole = self.roles.len();
        let mut parts: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for (index, section) in self.instrument.sections.iter().enumerate() {
            if !informant.sections[index] {
                continue;
            }
            let questions = section.pages.iter().flat_map(|page| page.questions.clone());
            let asked: Vec<usize> = questions.filter(|q| informant.asked[*q]).collect();
            let count =
                asked.iter().filter(|q| self.instrument.questions[**q].kind.is_answered()).count();
            let seconds: f64 = asked.iter().map(|question| self.seconds[*question]).sum();
            if count == 0 {
                *self.empty.entry((index, kind)).or_default() += 1;
            }
            let role = self.roles.iter().position(|role| **role == section.role);
            for place in role.into_iter().chain([whole]) {
                let part = parts.entry(place).or_default();
                *part = (part.0 + count, part.1 + seconds);
            }
        }
        for (place, length) in parts {
            self.lengths.entry((place, kind)).or_default().push(length);
        }
    }

    fn close(self) -> Walks {
        let roles = &self.roles;
        let length = |((place, kind), walks): ((usize, &'static str), Vec<(usize, f64)>)| Length {
            role: roles.get(place).map(|role| (*role).clone()),
            kind,
            median: median(walks.iter().map(|(count, _)| *count as f64)),
            longest: walks.iter().map(|(count, _)| *count).max().unwrap_or(0),
            median_seconds: median(walks.iter().map(|(_, seconds)| *seconds)),
            longest_seconds: walks.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max),
        };
        let dead_end =
            |(Stuck { question, check }, informants)| DeadEnd { question, check, informants };
        let empty = |((section, kind), informants)| EmptySection { section, kind, informants };
        Walks {
            informants: self.informants,
            finished: self.finished,
            ways: self.ways,
            lengths: self.lengths.into_iter().map(length).collect(),
            dead_ends: self.dead_ends.into_iter().map(dead_end).collect(),
            empty_sections: self.empty.into_iter().map(empty).collect(),
        }
    }
}

/// The value in the middle, or between the two in the middle; 0 of nothing.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle) {
        None => 0.0,
        Some(upper) if values.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(values[middle - 1], *upper),
    }
}
