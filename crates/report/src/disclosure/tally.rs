//! The answers to one question, counted by every division of the units at once.

use std::collections::BTreeMap;

/// The answers to one question, counted for each kind of unit.
///
/// Units are of a kind where no division tells them apart. The last answer of all is to be outside the
/// base: not asked, or silent.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// For each kind, its group in each division; the first division has all units in one group.
    groups: Vec<Vec<usize>>,
    /// For each kind, how many gave each answer.
    of_kinds: Vec<Vec<usize>>,
    /// For each division and group, how many gave each answer.
    counts: Vec<Vec<Vec<usize>>>,
    outside: usize,
}

impl Tally {
    /// Counts units, each by its group in each of the divisions and by its answer; `None` is outside
    /// the base. `sizes` says how many groups each division has.
    pub(crate) fn new(
        units: impl IntoIterator<Item = (Vec<usize>, Option<usize>)>,
        sizes: &[usize],
        answers: usize,
    ) -> Tally {
        let mut kinds: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (groups, answer) in units {
            let groups: Vec<usize> = [0].into_iter().chain(groups).collect();
            let counts = kinds.entry(groups).or_insert_with(|| vec![0; answers + 1]);
            counts[answer.unwrap_or(answers)] += 1;
        }
        let (groups, of_kinds): (Vec<Vec<usize>>, Vec<Vec<usize>>) = kinds.into_iter().unzip();
        let mut counts: Vec<Vec<Vec<usize>>> =
            [1].iter().chain(sizes).map(|size| vec![vec![0; answers + 1]; *size]).collect();
        for (of, given) in groups.iter().zip(&of_kinds) {
            for (division, group) in of.iter().enumerate() {
                let row = &mut counts[division][*group];
                row.iter_mut().zip(given).for_each(|(count, given)| *count += given);
            }
        }
        Tally { groups, of_kinds, counts, outside: answers }
    }

    /// Returns the answer that stands for those outside the base.
    pub(super) fn outside(&self) -> usize {
        self.outside
    }

    /// Returns how many gave each answer, by division and group.
    pub(super) fn counts(&self) -> &[Vec<Vec<usize>>] {
        &self.counts
    }

    /// Returns the kinds of units.
    pub(super) fn kinds(&self) -> std::ops::Range<usize> {
        0..self.groups.len()
    }

    /// Returns the group of a kind in each division.
    pub(super) fn groups(&self, kind: usize) -> &[usize] {
        &self.groups[kind]
    }

    /// Returns how many of a kind gave an answer.
    pub(super) fn count(&self, kind: usize, answer: usize) -> usize {
        self.of_kinds[kind][answer]
    }

    /// Returns the divisions that tell two kinds apart, with their groups; a kind alone stands out in
    /// all of them.
    pub(super) fn apart(
        &self,
        first: usize,
        second: Option<usize>,
    ) -> impl Iterator<Item = (usize, [Option<usize>; 2])> {
        (0..self.counts.len()).filter_map(move |division| {
            let of = |kind: usize| self.groups[kind][division];
            let groups = [of(first), second.map_or(usize::MAX, of)];
            (groups[0] != groups[1]).then_some((division, [Some(groups[0]), second.map(of)]))
        })
    }
}
