//! Two rounds side by side: which questions were kept, reworded, changed, added and removed, and
//! where what is declared of their comparability is doubtful.

use std::collections::{BTreeMap, BTreeSet};

use super::continued;
use super::part::{Part, conditions, listed, texts};
use super::setting::{Setting, settings};
use super::words::{Run, Word, compare};
use crate::expression::same_expression;
use crate::{Code, Comparable, Instrument, Kind, Lang, Question, Text, Trend};

/// One question of two rounds, side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<'a> {
    /// The question of the later round; `None` where it is no longer asked.
    pub now: Option<&'a Question>,
    /// The question of the earlier round; `None` where it is new.
    pub before: Option<&'a Question>,
    /// What became of it.
    pub fate: Fate,
    /// What is declared of comparing the two; over several rounds the least that any of them says.
    pub comparable: Option<Comparable>,
    /// What is not as it was.
    pub changes: Vec<Change<'a>>,
    /// Why what is declared may not be so.
    pub doubts: BTreeSet<Doubt>,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Asked as it was.
    Kept,
    /// Asked in other words, otherwise as it was.
    Reworded,
    /// Asked, with other options, rows, bounds, kind, filter or place.
    Changed,
    /// Asked for the first time.
    Added,
    /// No longer asked.
    Removed,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq)]
pub enum Change<'a> {
    /// A text has other words in one language.
    Words {
        /// Which text.
        part: Part<'a>,
        /// The language.
        lang: Lang,
        /// The text, word by word.
        runs: Vec<Run>,
    },
    /// An option or row is new.
    Added {
        /// Which it is.
        part: Part<'a>,
        /// What the informant reads.
        text: &'a Text,
        /// The earlier options that it stands for, as the lineage says.
        from: Vec<Code>,
    },
    /// An option or row is gone.
    Removed {
        /// Which it was.
        part: Part<'a>,
        /// What the informant read.
        text: &'a Text,
    },
    /// An option counts otherwise: as a kind of missing, or as standing alone.
    Counts(&'a Code),
    /// An option or row that stands in both rounds is offered to others.
    Offered {
        /// Which it is.
        part: Part<'a>,
        /// The condition that it was offered under; `None` where it was offered to all.
        before: Option<&'a str>,
        /// The condition that it is offered under.
        now: Option<&'a str>,
    },
    /// Options or rows that stand in both rounds have changed places.
    Order,
    /// Something beside the texts and options was set otherwise.
    Setting {
        /// What.
        setting: Setting,
        /// How it was; `None` where it was left out.
        before: Option<String>,
        /// How it is.
        now: Option<String>,
    },
}

/// Why two figures may not be comparable though they are declared to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It was a question of another kind.
    Kind,
    /// Others were asked.
    Filter,
    /// It was asked in other words, in at least one language.
    Words,
    /// Its help or its instruction said something else, in at least one language.
    Help,
    /// It has options or rows that the lineage does not explain.
    Options,
    /// Other numbers, or other counts of options, were accepted.
    Bounds,
    /// It was calculated otherwise, or its parts made another whole.
    Formula,
    /// It was filled in from somewhere else, or not at all: what is shown pulls answers towards it.
    Prefill,
    /// The earlier round asked a question of this name, but it counts as new.
    Unmarked,
}

/// Holds a round against an earlier one. `earlier` has the rounds before, the latest first; the
/// last of them is the one that is compared with. Returns this round's questions in order, then
/// those that are gone; notes are left out.
pub fn differences<'a>(now: &'a Instrument, earlier: &[&'a Instrument]) -> Vec<Difference<'a>> {
    let Some(before) = earlier.last() else { return vec![] };
    let told = |question: &&Question| question.kind != Kind::Note && question.is_first_of_rows();
    let asked = now.questions.iter().filter(told);
    let pairs: Vec<_> = asked.map(|question| (question, ancestor(question, earlier))).collect();
    let names = pairs.iter().filter_map(|(question, ancestor)| {
        Some((ancestor.as_ref()?.question.id.as_str(), question.id.as_str()))
    });
    let rounds = Rounds { now, before, names: names.collect() };
    let found = pairs.iter().map(|(question, ancestor)| match ancestor {
        Some(ancestor) => rounds.difference(question, ancestor),
        None => rounds.added(question),
    });
    let gone = before
        .questions
        .iter()
        .filter(|question| told(question) && !rounds.names.contains_key(question.id.as_str()));
    found.chain(gone.map(removed)).collect()
}

/// The earlier question that a question continues.
struct Ancestor<'a> {
    question: &'a Question,
    comparable: Comparable,
    /// The lineage of each round on the way, the latest first.
    trends: Vec<&'a Trend>,
}

/// Follows a question back through the rounds.
fn ancestor<'a>(question: &'a Question, earlier: &[&'a Instrument]) -> Option<Ancestor<'a>> {
    let mut found = Ancestor { question, comparable: Comparable::Yes, trends: vec![] };
    for before in earlier {
        let trend = found.question.trend.as_ref()?;
        found.question = continued(found.question, trend, before)?;
        found.comparable = match (found.comparable, trend.comparable) {
            (Comparable::No, _) | (_, Comparable::No) => Comparable::No,
            (Comparable::WithNote, _) | (_, Comparable::WithNote) => Comparable::WithNote,
            (Comparable::Yes, Comparable::Yes) => Comparable::Yes,
        };
        found.trends.push(trend);
    }
    Some(found)
}

/// Two rounds, and the later names of the earlier questions.
struct Rounds<'a> {
    now: &'a Instrument,
    before: &'a Instrument,
    names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Rounds<'a> {
    fn added(&self, question: &'a Question) -> Difference<'a> {
        let asked = self.before.question(question.id.as_str());
        let unmarked = asked.is_some_and(|asked| asked.kind != Kind::Note);
        let doubts = unmarked.then_some(Doubt::Unmarked).into_iter().collect();
        let now = Some(question);
        let fate = Fate::Added;
        Difference { now, before: None, fate, comparable: None, changes: vec![], doubts }
    }

    fn difference(&self, now: &'a Question, ancestor: &Ancestor<'a>) -> Difference<'a> {
        let before = ancestor.question;
        let mut changes = self.settings(now, before);
        changes.extend(parts_added(now, before, ancestor));
        changes.extend(parts_removed(now, before));
        changes.extend(count_otherwise(now, before).map(Change::Counts));
        changes.extend(self.offered(now, before));
        changes.extend(reordered(now, before).then_some(Change::Order));
        changes.extend(self.words(now, before));
        let fate = if changes.is_empty() {
            Fate::Kept
        } else if changes.iter().all(|change| matches!(change, Change::Words { .. })) {
            Fate::Reworded
        } else {
            Fate::Changed
        };
        let comparable = ancestor.comparable;
        let doubts = match comparable {
            Comparable::Yes => changes.iter().filter_map(|c| doubt(c, ancestor)).collect(),
            Comparable::No | Comparable::WithNote => BTreeSet::new(),
        };
        let (now, before) = (Some(now), Some(before));
        Difference { now, before, fate, comparable: Some(comparable), changes, doubts }
    }

    fn settings(&self, now: &'a Question, before: &'a Question) -> Vec<Change<'a>> {
        let settings = settings(now, self.now).into_iter().zip(settings(before, self.before));
        let same = |setting: Setting, before: &Option<String>, now: &Option<String>| match setting {
            Setting::Filter | Setting::Formula | Setting::Prefill => match (before, now) {
                (Some(before), Some(now)) => {
                    same_expression(before, now, |name| self.names.get(name).unwrap_or(&name))
                }
                (before, now) => before == now,
            },
            // A bound that is the round's own year is the same bound.
            Setting::Min | Setting::Max => self.same_number(before.as_deref(), now.as_deref()),
            Setting::Name
            | Setting::Kind
            | Setting::Section
            | Setting::Required
            | Setting::MaxLength
            | Setting::Order
            | Setting::Types
            | Setting::Several => before == now,
        };
        settings
            .filter(|((setting, now), (_, before))| !same(*setting, before, now))
            .map(|((setting, now), (_, before))| Change::Setting { setting, before, now })
            .collect()
    }

    /// The options and rows that both rounds have and that are offered to others.
    fn offered(&self, now: &'a Question, before: &'a Question) -> Vec<Change<'a>> {
        let renamed = |name: &'a str| *self.names.get(name).unwrap_or(&name);
        let pairs = conditions(now).filter_map(|(part, now)| {
            let (_, before) = conditions(before).find(|(other, _)| *other == part)?;
            Some((part, before, now))
        });
        let changed = pairs.filter(|(_, before, now)| match (before, now) {
            (Some(before), Some(now)) => !same_expression(before, now, renamed),
            (before, now) => before != now,
        });
        changed.map(|(part, before, now)| Change::Offered { part, before, now }).collect()
    }

    fn same_number(&self, before: Option<&str>, now: Option<&str>) -> bool {
        let before = Word::all(before.unwrap_or_default(), self.before.round);
        let now = Word::all(now.unwrap_or_default(), self.now.round);
        before.len() == now.len() && before.iter().zip(now).all(|(before, now)| before.same(now))
    }

    /// The texts that have other words. A year that follows the round, as in "so far in 2025", is
    /// the same word.
    fn words(&self, now: &'a Question, before: &'a Question) -> Vec<Change<'a>> {
        let (new, old) = (texts(now), texts(before));
        let nothing = Text::default();
        let find = |texts: &[(Part<'a>, &'a Text)], part: Part<'a>| {
            texts.iter().find(|(other, _)| *other == part).map(|(_, text)| *text)
        };
        let gone = old.iter().filter(|(part, _)| find(&new, *part).is_none());
        let pairs = new
            .iter()
            .map(|(part, text)| (*part, Some(*text), find(&old, *part)))
            .chain(gone.map(|(part, text)| (*part, None, Some(*text))));
        // Options and rows that are in one round only have been told of.
        let pairs = pairs.filter(|(part, ..)| [now, before].iter().all(|asked| part.fits(asked)));
        let mut changes = vec![];
        for (part, now, before) in pairs {
            let (now, before) = (now.unwrap_or(&nothing), before.unwrap_or(&nothing));
            for lang in &self.now.languages {
                let [old, new] = [before, now].map(|text| text.exact(*lang).unwrap_or_default());
                let (before, now) = (self.before.round, self.now.round);
                let runs = compare(&Word::all(old, before), &Word::all(new, now));
                if !runs.iter().all(|run| matches!(run, Run::Same(_))) {
                    changes.push(Change::Words { part, lang: *lang, runs });
                }
            }
        }
        changes
    }
}

fn removed(question: &Question) -> Difference<'_> {
    let (before, fate, doubts) = (Some(question), Fate::Removed, BTreeSet::new());
    Difference { now: None, before, fate, comparable: None, changes: vec![], doubts }
}

fn parts_added<'a>(
    now: &'a Question,
    before: &'a Question,
    ancestor: &Ancestor<'a>,
) -> Vec<Change<'a>> {
    let new = listed(now).filter(|(part, _)| !listed(before).any(|(old, _)| old == *part));
    let from = |part: Part<'_>| match part {
        Part::Option(code) => ancestor.stands_for(code),
        Part::Text
        | Part::Help
        | Part::Instruction
        | Part::Unit
        | Part::Each
        | Part::Reason
        | Part::Low
        | Part::High
        | Part::Specify(_)
        | Part::Row(_) => vec![],
    };
    new.map(|(part, text)| Change::Added { part, text, from: from(part) }).collect()
}

fn parts_removed<'a>(now: &'a Question, before: &'a Question) -> Vec<Change<'a>> {
    let old = listed(before).filter(|(part, _)| !listed(now).any(|(new, _)| new == *part));
    old.map(|(part, text)| Change::Removed { part, text }).collect()
}

fn count_otherwise<'a>(now: &'a Question, before: &'a Question) -> impl Iterator<Item = &'a Code> {
    let options = now.kind.options().iter();
    let changed = options.filter(|option| {
        let old = before.option(option.code.as_str());
        old.is_some_and(|old| (old.missing, old.exclusive) != (option.missing, option.exclusive))
    });
    changed.map(|option| &option.code)
}

fn reordered(now: &Question, before: &Question) -> bool {
    let shared = |one: &Question, other: &Question| -> Vec<String> {
        let both = listed(one).filter(|(part, _)| listed(other).any(|(there, _)| there == *part));
        both.map(|(part, _)| format!("{part:?}")).collect()
    };
    shared(now, before) != shared(before, now)
}

impl Ancestor<'_> {
    /// Returns the earlier options that an option of the later round stands for.
    fn stands_for(&self, code: &Code) -> Vec<Code> {
        let mut codes = vec![code.clone()];
        let mut mapped = false;
        for trend in &self.trends {
            let step = |code: Code| match trend.options.iter().find(|(new, _)| *new == code) {
                Some((_, old)) => (true, old.clone()),
                None => (false, vec![code]),
            };
            let steps: Vec<_> = codes.into_iter().map(step).collect();
            mapped |= steps.iter().any(|(mapped, _)| *mapped);
            codes = steps.into_iter().flat_map(|(_, codes)| codes).collect();
        }
        if mapped { codes } else { vec![] }
    }

    /// Whether the lineage says what became of an option that is gone.
    fn explains(&self, code: &Code) -> bool {
        self.trends.iter().any(|t| t.options.iter().any(|(_, old)| old.contains(code)))
    }
}

/// Why a change may mean that figures cannot be compared; `None` where it does not.
fn doubt(change: &Change<'_>, ancestor: &Ancestor<'_>) -> Option<Doubt> {
    match change {
        Change::Words { part: Part::Help | Part::Instruction | Part::Reason, .. } => {
            Some(Doubt::Help)
        }
        Change::Words { .. } => Some(Doubt::Words),
        Change::Added { from, .. } => from.is_empty().then_some(Doubt::Options),
        Change::Removed { part: Part::Option(code), .. } if ancestor.explains(code) => None,
        Change::Removed { .. } | Change::Counts(_) => Some(Doubt::Options),
        Change::Offered { .. } => Some(Doubt::Filter),
        Change::Order => None,
        Change::Setting { setting, .. } => match setting {
            Setting::Kind | Setting::Several => Some(Doubt::Kind),
            Setting::Filter => Some(Doubt::Filter),
            Setting::Min | Setting::Max => Some(Doubt::Bounds),
            Setting::Prefill => Some(Doubt::Prefill),
            Setting::Formula => Some(Doubt::Formula),
            Setting::Name
            | Setting::Section
            | Setting::Required
            | Setting::MaxLength
            | Setting::Types
            | Setting::Order => None,
        },
    }
}
