//! The signs of official statistics that stand where a number does not, as Statistics Norway uses them.

use std::collections::BTreeSet;

use crate::figures::GroupCell;
use crate::words::Words;

/// Not shown for the sake of those who answered.
pub(crate) const HIDDEN: &str = ":";

/// There is nothing that it could be a number of.
pub(crate) const IMPOSSIBLE: &str = ".";

/// Prints a cell, or the sign that stands in its place.
pub(crate) fn printed<T>(cell: &GroupCell<T>, print: impl Fn(&T) -> String) -> String {
    match cell {
        GroupCell::Shown(value) => print(value),
        GroupCell::Hidden => HIDDEN.to_owned(),
        GroupCell::Impossible => IMPOSSIBLE.to_owned(),
    }
}

/// Returns what the signs mean that stand in some cells.
pub(crate) fn key<'c>(cells: impl Iterator<Item = &'c String>, words: &Words) -> Vec<String> {
    let cells: BTreeSet<&str> = cells.map(String::as_str).collect();
    let signs = [(HIDDEN, words.chart.not_shown), (IMPOSSIBLE, words.chart.impossible)];
    let used = signs.iter().filter(|(sign, _)| cells.contains(sign));
    used.map(|(sign, meaning)| format!("{sign}\u{a0}= {meaning}")).collect()
}
