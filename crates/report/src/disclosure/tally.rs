//! The answers to one question, counted by every division of the units at once.

use std::collections::BTreeMap;

/// How the units are divided. Units are of a kind where no division tells them apart; it is the same
/// for every question.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    of_units: Vec<usize>,
    /// For each kind, its group in each division; the first division has all units in one group.
    groups: Vec<Vec<usize>>,
    /// How many groups each division has.
    sizes: Vec<usize>,
    /// For each division, the pairs of kinds that it alone tells apart.
    neighbours: Vec<Vec<[usize; 2]>>,
}

/// The answers to one question, counted for each kind of unit. The last answer of all is to be outside
/// the base: not asked, or silent.
#[derive(Clone, Debug)]
pub(crate) struct Tally<'a> {
    kinds: &'a Kinds,
    /// For each kind, how many gave each answer.
    of_kinds: Vec<Vec<usize>>,
    /// For each division and group, how many gave each answer.
    counts: Vec<Vec<Vec<usize>>>,
    outside: usize,
}

impl Kinds {
    /// Sorts units into kinds, each unit by its group in each of the divisions. `sizes` says how many
    /// groups each division has.
    pub(crate) fn new(units: impl IntoIterator<Item = Vec<usize>>, sizes: &[usize]) -> Kinds {
        let units: Vec<Vec<usize>> =
            units.into_iter().map(|groups| [0].into_iter().chain(groups).collect()).collect();
        let mut places: BTreeMap<&Vec<usize>, usize> =
            units.iter().map(|groups| (groups, 0)).collect();
        places.values_mut().enumerate().for_each(|(place, value)| *value = place);
        let of_units = units.iter().map(|groups| places[groups]).collect();
        let groups: Vec<Vec<usize>> = places.into_keys().cloned().collect();
        let sizes: Vec<usize> = [1].iter().chain(sizes).copied().collect();
        let neighbours = neighbours(&groups, sizes.len());
        Kinds { of_units, groups, sizes, neighbours }
    }
}

/// Returns, for each division, the pairs of kinds that are in the same group in every other.
fn neighbours(groups: &[Vec<usize>], divisions: usize) -> Vec<Vec<[usize; 2]>> {
    let mut neighbours = vec![vec![]; divisions];
    for (one, own) in groups.iter().enumerate() {
        for (other, theirs) in groups.iter().enumerate() {
            let mut apart = (0..divisions).filter(|division| own[*division] != theirs[*division]);
            if let (Some(division), None) = (apart.next(), apart.next()) {
                neighbours[division].push([one, other]);
            }
        }
    }
    neighbours
}

impl<'a> Tally<'a> {
    /// Counts what the units answered; `None` is outside the base.
    pub(crate) fn new(
        kinds: &'a Kinds,
        given: impl IntoIterator<Item = Option<usize>>,
        answers: usize,
    ) -> Tally<'a> {
        let mut of_kinds = vec![vec![0; answers + 1]; kinds.groups.len()];
        for (kind, answer) in kinds.of_units.iter().zip(given) {
            of_kinds[*kind][answer.unwrap_or(answers)] += 1;
        }
        let mut counts: Vec<Vec<Vec<usize>>> =
            kinds.sizes.iter().map(|size| vec![vec![0; answers + 1]; *size]).collect();
        for (of, given) in kinds.groups.iter().zip(&of_kinds) {
            for (division, group) in of.iter().enumerate() {
                let row = &mut counts[division][*group];
                row.iter_mut().zip(given).for_each(|(count, given)| *count += given);
            }
        }
        Tally { kinds, of_kinds, counts, outside: answers }
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
        0..self.kinds.groups.len()
    }

    /// Returns the group of a kind in each division.
    pub(super) fn groups(&self, kind: usize) -> &[usize] {
        &self.kinds.groups[kind]
    }

    /// Returns how many of a kind gave an answer.
    pub(super) fn count(&self, kind: usize, answer: usize) -> usize {
        self.of_kinds[kind][answer]
    }

    /// Returns the pairs of kinds that one division alone tells apart, of which some of the first gave
    /// the first answer and some of the second the second.
    pub(super) fn neighbours(
        &self,
        division: usize,
        [first, second]: [usize; 2],
    ) -> impl Iterator<Item = [usize; 2]> {
        let gave = move |[one, other]: &[usize; 2]| {
            self.count(*one, first) > 0 && self.count(*other, second) > 0
        };
        self.kinds.neighbours[division].iter().copied().filter(gave)
    }
}
