//! Response cells: groups of alike units within which who answered is taken to be random.

use crate::design::{Design, DesignError};

/// A division of the invited units into response cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The cell of every invited unit.
    pub of_unit: Vec<usize>,
    /// How many units were invited, by cell.
    pub invited: Vec<usize>,
    /// How many of them answered, by cell.
    pub answered: Vec<usize>,
    responded: Vec<bool>,
}

/// Divides the invited units by their attributes, and merges cells with too few answers.
///
/// The attributes of a unit are given coarsest first. While some cell has fewer than `smallest`
/// answers, the one with the fewest is merged with a neighbour in the order of the attributes: the one
/// that shares more leading attributes, and among equals the one with fewer answers.
pub fn cells<A: Ord + Clone>(attributes: &[Vec<A>], responded: &[bool], smallest: usize) -> Cells {
    let mut groups = by_attributes(attributes, responded);
    while let Some(weakest) = weakest(&groups, smallest) {
        let group = groups.remove(weakest);
        let into = neighbour(&groups, weakest, &group);
        groups[into].absorb(group);
    }
    let mut of_unit = vec![0; attributes.len()];
    for (cell, group) in groups.iter().enumerate() {
        group.units.iter().for_each(|&unit| of_unit[unit] = cell);
    }
    Cells {
        of_unit,
        invited: groups.iter().map(|group| group.units.len()).collect(),
        answered: groups.iter().map(|group| group.answered).collect(),
        responded: responded.to_vec(),
    }
}

impl Cells {
    /// Describes the respondents, in the order of the units, as a sample stratified by cell.
    pub fn design(&self) -> Result<Design, DesignError> {
        let respondents =
            self.of_unit.iter().zip(&self.responded).filter(|(_, answered)| **answered);
        let stratum: Vec<usize> = respondents.map(|(&cell, _)| cell).collect();
        let population: Vec<f64> = self.invited.iter().map(|&invited| invited as f64).collect();
        Design::stratified(&stratum, &population)
    }
}

/// Units with the same attributes, or merged from such.
struct Group<A> {
    attributes: Vec<A>,
    units: Vec<usize>,
    answered: usize,
}

impl<A> Group<A> {
    fn absorb(&mut self, other: Group<A>) {
        self.units.extend(other.units);
        self.answered += other.answered;
    }
}

fn by_attributes<A: Ord + Clone>(attributes: &[Vec<A>], responded: &[bool]) -> Vec<Group<A>> {
    let mut order: Vec<usize> = (0..attributes.len()).collect();
    order.sort_by(|&a, &b| attributes[a].cmp(&attributes[b]));
    let mut groups: Vec<Group<A>> = Vec::new();
    for unit in order {
        let alike = groups.last().is_some_and(|group| group.attributes == attributes[unit]);
        if !alike {
            let attributes = attributes[unit].clone();
            groups.push(Group { attributes, units: Vec::new(), answered: 0 });
        }
        if let Some(group) = groups.last_mut() {
            group.units.push(unit);
            group.answered += usize::from(responded[unit]);
        }
    }
    groups
}

/// Returns the group with the fewest answers, if these are too few and there is another to join.
fn weakest<A>(groups: &[Group<A>], smallest: usize) -> Option<usize> {
    if groups.len() < 2 {
        return None;
    }
    let weakest = (0..groups.len()).min_by_key(|&index| groups[index].answered)?;
    (groups[weakest].answered < smallest).then_some(weakest)
}

/// Returns which of the groups beside the gap at `index` the group taken from there is to join.
fn neighbour<A: PartialEq>(groups: &[Group<A>], index: usize, group: &Group<A>) -> usize {
    let Some(before) = index.checked_sub(1) else { return 0 };
    if index == groups.len() {
        return before;
    }
    let shared = |other: &Group<A>| {
        other.attributes.iter().zip(&group.attributes).take_while(|(a, b)| a == b).count()
    };
    let (left, right) = (&groups[before], &groups[index]);
    let nearer_right = (shared(right), std::cmp::Reverse(right.answered))
        > (shared(left), std::cmp::Reverse(left.answered));
    if nearer_right { index } else { before }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cells_join_the_neighbour_that_is_more_alike() {
        // Size class first, then region: the lone answer of (2, a) joins (2, b), not (1, b).
        let attributes: Vec<Vec<&str>> = [("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")]
            .iter()
            .flat_map(|(size, region)| vec![vec![*size, *region]; 3])
            .collect();
        let responded: Vec<bool> =
            [1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1].iter().map(|&r| r == 1).collect();
        let cells = cells(&attributes, &responded, 2);
        assert_eq!(cells.of_unit, [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
        assert_eq!(cells.invited, [3, 3, 6]);
        assert_eq!(cells.answered, [3, 2, 4]);
    }

    #[test]
    fn respondents_carry_the_weight_of_their_cell() {
        let attributes =
            vec![vec!["a"]; 4].into_iter().chain(vec![vec!["b"]; 6]).collect::<Vec<_>>();
        let responded = [true, true, false, false, true, true, true, false, false, false];
        let design = cells(&attributes, &responded, 2).design().expect("two cells with answers");
        // 4 / 2 in the first cell, 6 / 3 in the second.
        assert_eq!(design.weights(), [2.0, 2.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn too_few_answers_in_all_leave_one_cell() {
        let attributes = vec![vec![1], vec![2], vec![3]];
        let cells = cells(&attributes, &[true, false, false], 5);
        assert_eq!(cells.invited, [3]);
    }
}
