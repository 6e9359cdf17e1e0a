//! Disclosure control of a table of counts by group: what is too small is hidden, and so is as much
//! more as it takes that nobody can work it out from the totals.
//!
//! Whoever reads the table knows the totals of the whole country, every cell that is shown, and that
//! no count is negative. Counts are then a flow: from the national base into groups, and from groups
//! into answers. A hidden count is known exactly when it lies on no cycle along which flow could be
//! moved (Gusfield 1988, A graph theoretic approach to statistical data security), so the search of a
//! cycle decides, without solving any equation, whether a cell is safe.

use instrument::Disclosure;

/// What of a table is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// For each group, whether its base is hidden, and with it every cell.
    pub(crate) bases: Vec<bool>,
    /// For each group and answer, whether the cell is hidden.
    pub(crate) cells: Vec<Vec<bool>>,
}

/// Hides what is too small, and what would give it away. `counts` has a row for each group and a
/// column for each answer; every respondent of a group stands in one column.
pub(crate) fn hide(counts: &[Vec<usize>], limits: &Disclosure) -> Hidden {
    let table = Table::new(counts);
    let mut hidden = table.too_small(limits);
    let sensitive = hidden.clone();
    while let Some(known) = table.first_known(&sensitive, &hidden) {
        if !table.hide_one_more(known, &mut hidden) {
            break;
        }
    }
    hidden
}

struct Table<'c> {
    counts: &'c [Vec<usize>],
    bases: Vec<usize>,
    totals: Vec<usize>,
}

/// A hidden count: the base of a group, or one of its cells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Base(usize),
    Cell(usize, usize),
}

/// A hidden count as a flow from one node to another.
#[derive(Clone, Copy)]
struct Arc {
    place: Place,
    from: usize,
    to: usize,
    count: usize,
}

impl<'c> Table<'c> {
    fn new(counts: &'c [Vec<usize>]) -> Table<'c> {
        let answers = counts.first().map_or(0, Vec::len);
        let total = |answer: usize| counts.iter().map(|row| row[answer]).sum();
        Table {
            counts,
            bases: counts.iter().map(|row| row.iter().sum()).collect(),
            totals: (0..answers).map(total).collect(),
        }
    }

    /// Hides the bases and cells that are under the limits. A count of nobody is not small: it says
    /// nothing about anyone.
    fn too_small(&self, limits: &Disclosure) -> Hidden {
        let small = |count: usize, limit: usize| (1..limit).contains(&count);
        let bases: Vec<bool> =
            self.bases.iter().map(|base| small(*base, limits.smallest_base)).collect();
        let row = |(group, row): (usize, &Vec<usize>)| {
            let of_group = bases[group];
            row.iter().map(|count| of_group || small(*count, limits.smallest_cell)).collect()
        };
        let cells = self.counts.iter().enumerate().map(row).collect();
        Hidden { bases, cells }
    }

    /// Returns the first sensitive count that can be worked out.
    fn first_known(&self, sensitive: &Hidden, hidden: &Hidden) -> Option<Place> {
        let arcs = self.arcs(hidden);
        // An answer that nobody in the country gave is no secret of any group.
        let matters = |arc: &&Arc| match arc.place {
            Place::Base(group) => sensitive.bases[group],
            Place::Cell(group, answer) => sensitive.cells[group][answer] && self.totals[answer] > 0,
        };
        arcs.iter().filter(matters).find(|arc| !self.moves(arc, &arcs)).map(|arc| arc.place)
    }

    /// Nodes: the groups, the answers after them, and last the national base.
    fn arcs(&self, hidden: &Hidden) -> Vec<Arc> {
        let (groups, root) = (self.counts.len(), self.counts.len() + self.totals.len());
        let mut arcs = vec![];
        for group in 0..groups {
            if hidden.bases[group] {
                let count = self.bases[group];
                arcs.push(Arc { place: Place::Base(group), from: root, to: group, count });
            }
            for answer in (0..self.totals.len()).filter(|answer| hidden.cells[group][*answer]) {
                let count = self.counts[group][answer];
                let place = Place::Cell(group, answer);
                arcs.push(Arc { place, from: group, to: groups + answer, count });
            }
        }
        arcs
    }

    /// Whether a count could be another one: more, where flow can come back from its end to its
    /// beginning, or less, where it can go another way.
    fn moves(&self, arc: &Arc, arcs: &[Arc]) -> bool {
        let others: Vec<Arc> = arcs.iter().filter(|a| a.place != arc.place).copied().collect();
        reaches(arc.to, arc.from, &others) || (arc.count > 0 && reaches(arc.from, arc.to, &others))
    }

    /// Hides one more count for the sake of a known one: the smallest that is enough, or else one on
    /// the way there. Returns whether there was any.
    fn hide_one_more(&self, known: Place, hidden: &mut Hidden) -> bool {
        let Place::Cell(group, answer) = known else { return self.hide_a_group(None, hidden) };
        let cell = self.enough(known, hidden).or_else(|| self.beside((group, answer), hidden));
        match cell {
            Some((group, answer)) => {
                hidden.cells[group][answer] = true;
                true
            }
            None => self.hide_a_group(Some(group), hidden),
        }
    }

    /// Returns the smallest cell that, hidden, keeps a known one secret.
    fn enough(&self, known: Place, hidden: &Hidden) -> Option<(usize, usize)> {
        let answers = 0..self.totals.len();
        let shown = (0..self.counts.len())
            .flat_map(|group| answers.clone().map(move |answer| (group, answer)))
            .filter(|(group, answer)| !hidden.cells[*group][*answer]);
        let is_enough = |(group, answer): &(usize, usize)| {
            let mut more = hidden.clone();
            more.cells[*group][*answer] = true;
            let arcs = self.arcs(&more);
            arcs.iter().any(|arc| arc.place == known && self.moves(arc, &arcs))
        };
        self.smallest(shown.filter(is_enough))
    }

    /// Returns the smallest cell in the row of a known one, where nothing else of it is hidden, and
    /// otherwise in its column.
    fn beside(&self, (group, answer): (usize, usize), hidden: &Hidden) -> Option<(usize, usize)> {
        let row = &hidden.cells[group];
        let in_row = (0..row.len()).filter(|a| !row[*a]).map(|a| (group, a));
        let groups = 0..self.counts.len();
        let in_column = groups.filter(|g| !hidden.cells[*g][answer]).map(|g| (g, answer));
        let alone = !hidden.bases[group] && row.iter().filter(|hidden| **hidden).count() == 1;
        if alone {
            self.smallest(in_row).or_else(|| self.smallest(in_column))
        } else {
            self.smallest(in_column).or_else(|| self.smallest(in_row))
        }
    }

    /// Returns the smallest count of somebody, or else a count of nobody.
    fn smallest(&self, cells: impl Iterator<Item = (usize, usize)>) -> Option<(usize, usize)> {
        cells.min_by_key(|(group, answer)| {
            let count = self.counts[*group][*answer];
            (count == 0, count, *group, *answer)
        })
    }

    /// Hides the smallest group that is shown, first of all `group` itself.
    fn hide_a_group(&self, group: Option<usize>, hidden: &mut Hidden) -> bool {
        let own = group.filter(|group| !hidden.bases[*group]);
        let shown = (0..self.bases.len()).filter(|group| !hidden.bases[*group]);
        let smallest = || shown.min_by_key(|group| (self.bases[*group] == 0, self.bases[*group]));
        let Some(group) = own.or_else(smallest) else { return false };
        hidden.bases[group] = true;
        hidden.cells[group].fill(true);
        true
    }
}

/// Whether flow can be moved from one node to another: along any arc, and back along one that
/// carries some.
fn reaches(from: usize, to: usize, arcs: &[Arc]) -> bool {
    let (mut seen, mut ahead) = (vec![from], vec![from]);
    while let Some(node) = ahead.pop() {
        if node == to {
            return true;
        }
        for arc in arcs {
            let forward = (arc.from == node).then_some(arc.to);
            let back = (arc.to == node && arc.count > 0).then_some(arc.from);
            for next in [forward, back].into_iter().flatten() {
                if !seen.contains(&next) {
                    seen.push(next);
                    ahead.push(next);
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: Disclosure =
        Disclosure { smallest_base: 10, smallest_cell: 3, publish_national: true };

    /// Shows a table as it would be printed: `:` for what is hidden.
    fn shown(counts: &[Vec<usize>]) -> Vec<String> {
        let hidden = hide(counts, &LIMITS);
        let cell = |hidden: bool, count: usize| if hidden { ":".into() } else { count.to_string() };
        let row = |(group, row): (usize, &Vec<usize>)| {
            let cells = row.iter().enumerate();
            let cells: Vec<String> =
                cells.map(|(a, count)| cell(hidden.cells[group][a], *count)).collect();
            let base = cell(hidden.bases[group], row.iter().sum());
            format!("{} | {base}", cells.join(" "))
        };
        counts.iter().enumerate().map(row).collect()
    }

    #[test]
    fn what_is_small_takes_company_into_hiding() {
        for (counts, expected) in [
            // Nothing is small.
            (vec![vec![5, 6], vec![7, 8]], vec!["5 6 | 11", "7 8 | 15"]),
            // One small cell: its row and its column each lose another, and the corner closes them.
            (
                vec![vec![2, 20, 5], vec![9, 9, 9], vec![12, 14, 16]],
                vec![": 20 : | 27", ": 9 : | 27", "12 14 16 | 42"],
            ),
            // Two small cells in a row keep each other only with two more in their columns.
            (vec![vec![1, 2, 30], vec![9, 8, 9]], vec![": : 30 | 33", ": : 9 | 26"]),
            // A small group takes another group with it.
            (vec![vec![4, 3], vec![9, 8], vec![20, 30]], vec![": : | :", ": : | :", "20 30 | 50"]),
            // An answer that nobody gave needs no company.
            (vec![vec![0, 12], vec![0, 14]], vec!["0 12 | 12", "0 14 | 14"]),
        ] {
            assert_eq!(shown(&counts), expected, "{counts:?}");
        }
    }

    proptest! {
        /// However the counts fall, no sensitive one is known, and what is not small is hidden only
        /// in company.
        #[test]
        fn nothing_sensitive_is_ever_known(
            counts in (1usize..6, 2usize..6).prop_flat_map(|(groups, answers)| {
                proptest::collection::vec(
                    proptest::collection::vec(0usize..14, answers), groups)
            }),
        ) {
            let table = Table::new(&counts);
            let sensitive = table.too_small(&LIMITS);
            let hidden = hide(&counts, &LIMITS);
            let all = hidden.bases.iter().all(|hidden| *hidden);
            prop_assert!(all || table.first_known(&sensitive, &hidden).is_none());
            let any = sensitive.cells.iter().flatten().any(|small| *small);
            prop_assert!(any || !hidden.cells.iter().flatten().any(|hidden| *hidden));
        }
    }
}
