//! The ledger: every figure and change that a report states, recorded once.

use std::collections::{BTreeMap, BTreeSet};

use instrument::{Code, RoundId};

use crate::figures::{ChangeFigure, Figure, Measure, Ranked};
use crate::finding::Finding;
use crate::published::Published;

/// What names a figure: the id and option of `findings.json`, and the round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// The variable's name with `_` for `.`.
    pub(crate) id: String,
    /// Codes joined with `+`.
    pub(crate) option: String,
    /// The group of units, as `size=under_5000`; empty for the whole country.
    pub(crate) group: String,
    /// The round.
    pub(crate) round: RoundId,
}

/// A figure that is stated, and its place where a ranking states it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stated {
    /// The figure.
    pub(crate) figure: Figure,
    /// Its place.
    pub(crate) rank: Option<usize>,
}

/// Every figure and change that a report states.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    figures: BTreeMap<Key, Stated>,
    changes: BTreeMap<Key, ChangeFigure>,
    variables: BTreeSet<String>,
}

impl Key {
    /// Returns the key of a figure.
    pub(crate) fn of(figure: &Figure) -> Key {
        let joined = |codes: &[Code]| codes.iter().map(Code::as_str).collect::<Vec<_>>().join("+");
        let codes = joined(&figure.codes);
        let (id, option) = match figure.measure {
            Measure::Share => (figure.variable.replace('.', "_"), codes),
            Measure::Net => {
                let against = joined(&figure.against);
                (figure.variable.replace('.', "_"), format!("net:{codes}-{against}"))
            }
            Measure::Mean => (figure.variable.replace('.', "_"), "mean".to_owned()),
            Measure::Median => (figure.variable.replace('.', "_"), "median".to_owned()),
            Measure::ResponseRate => ("svarprosent".to_owned(), String::new()),
        };
        let group = figure.group.as_ref().map(ToString::to_string);
        Key { id, option, group: group.unwrap_or_default(), round: figure.round }
    }

    /// Returns the address of the figure's row on the page.
    pub(crate) fn anchor(&self) -> String {
        let part = |part: &str| {
            if part.is_empty() { String::new() } else { format!("-{part}") }
        };
        format!("f-{}{}{}-{}", self.id, part(&self.option), part(&self.group), self.round)
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = if self.option.is_empty() { "" } else { " " };
        let group = if self.group.is_empty() { "" } else { " " };
        let Key { id, option, group: of, round } = self;
        write!(f, "`{id}{part}{option}{group}{of}` of {round}")
    }
}

impl Ledger {
    /// Records a figure and returns the address of its row.
    pub(crate) fn state(&mut self, figure: &Figure) -> String {
        let key = Key::of(figure);
        let anchor = key.anchor();
        self.mention(&figure.variable);
        self.figures.entry(key).or_insert_with(|| Stated { figure: figure.clone(), rank: None });
        anchor
    }

    /// Records a figure with its place in a ranking.
    pub(crate) fn state_ranked(&mut self, ranked: &Ranked) -> String {
        let anchor = self.state(&ranked.figure);
        if let Some(stated) = self.figures.get_mut(&Key::of(&ranked.figure)) {
            stated.rank = Some(ranked.rank);
        }
        anchor
    }

    /// Records a change and the figures of both rounds, and returns the address of its row.
    pub(crate) fn state_change(&mut self, change: &ChangeFigure) -> String {
        self.state(&change.before);
        let anchor = format!("c-{}", self.state(&change.after));
        self.changes.entry(Key::of(&change.after)).or_insert_with(|| change.clone());
        anchor
    }

    /// Records that a question is spoken of, so that its wording stands in the appendix.
    pub(crate) fn mention(&mut self, variable: &str) {
        if !variable.is_empty() {
            self.variables.insert(variable.to_owned());
        }
    }

    /// Returns the figures in the order of their keys.
    pub(crate) fn figures(&self) -> impl Iterator<Item = (&Key, &Stated)> {
        self.figures.iter()
    }

    /// Returns whether a figure is stated.
    pub(crate) fn states(&self, key: &Key) -> bool {
        self.figures.contains_key(key)
    }

    /// Returns the changes in the order of the keys of their later figures.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Key, &ChangeFigure)> {
        self.changes.iter()
    }

    /// Returns whether a variable is spoken of.
    pub(crate) fn mentions(&self, variable: &str) -> bool {
        self.variables.contains(variable)
    }

    /// Adds what another language's report states.
    pub(crate) fn absorb(&mut self, other: Ledger) {
        for (key, stated) in other.figures {
            let ours = self.figures.entry(key).or_insert(stated.clone());
            ours.rank = ours.rank.or(stated.rank);
        }
        self.changes.extend(other.changes);
        self.variables.extend(other.variables);
    }

    /// Returns the keys that the other ledger has and this one lacks.
    pub(crate) fn lacks<'o>(&self, other: &'o Ledger) -> Vec<&'o Key> {
        other.figures.keys().filter(|key| !self.figures.contains_key(key)).collect()
    }

    /// Returns the rows of `findings.json`, each with what was published of it.
    pub(crate) fn findings(&self, published: &[Published]) -> Vec<Finding> {
        self.figures.iter().map(|(key, stated)| finding(key, stated, published)).collect()
    }
}

impl Published {
    /// Returns the key of the figure that it is to be compared with.
    pub(crate) fn key(&self) -> Key {
        let group = String::new();
        Key { id: self.id.clone(), option: self.option.clone(), group, round: self.of }
    }
}

fn finding(key: &Key, stated: &Stated, published: &[Published]) -> Finding {
    let figure = &stated.figure;
    let shown = figure.published();
    let published = published.iter().find(|published| published.key() == *key);
    Finding {
        id: key.id.clone(),
        option: key.option.clone(),
        group: key.group.clone(),
        round: key.round,
        value: figure.unweighted.value,
        value_weighted: figure.weighted.map(|weighted| weighted.value),
        se: shown.se,
        ci_low: shown.interval.map(|(low, _)| low),
        ci_high: shown.interval.map(|(_, high)| high),
        base: figure.base,
        rounded: figure.rounded(),
        rank: stated.rank,
        published: published.map(|published| published.value),
        published_unit: published.map(|published| published.unit),
        derived: published.is_some_and(|published| published.derived),
    }
}
