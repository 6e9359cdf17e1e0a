//! What the groups around a unit answered.

use std::collections::BTreeMap;

use dataset::{CodebookVariable, Column, DataSet, UnitRow};
use instrument::{Plan, Release};

/// A variable whose answers are open unit by unit.
pub(super) struct OpenVariable<'a> {
    /// What it holds.
    pub(super) entry: &'a CodebookVariable,
    /// The answers.
    pub(super) column: &'a Column,
}

/// What a group answered.
#[derive(Debug, PartialEq)]
pub(super) struct Summary {
    /// How many answered.
    pub(super) base: usize,
    /// The percentage that chose each option; of a number, the median alone.
    pub(super) values: Vec<f64>,
}

/// A group of units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Kostra(u8),
    County(String),
    Country,
}

/// What every group answered to every open variable; `None` where too few did.
pub(super) struct Groups {
    summaries: BTreeMap<(Group, usize), Option<Summary>>,
}

/// Returns the variables that can be shown unit by unit. Texts are not among them: they may name
/// people.
pub(super) fn open_variables(data: &DataSet) -> Vec<OpenVariable<'_>> {
    let all = data.variables.iter().zip(&data.columns);
    let shown = |(entry, column): &(&CodebookVariable, &Column)| {
        entry.release == Release::Open && !matches!(column, Column::Text(_))
    };
    all.filter(shown).map(|(entry, column)| OpenVariable { entry, column }).collect()
}

impl OpenVariable<'_> {
    /// Returns whether the answers are numbers.
    pub(super) fn is_number(&self) -> bool {
        match self.column {
            Column::Integer(_) | Column::Decimal(_) => true,
            Column::Category(_) | Column::Categories(_) | Column::Text(_) => false,
        }
    }

    /// Returns whether a unit chose the option at this place.
    pub(super) fn chose(&self, unit: usize, place: usize) -> bool {
        let option = &self.entry.options[place];
        if option.missing.is_some() {
            return self.column.missing(unit) == option.missing;
        }
        let chosen = match self.column {
            Column::Category(cells) => cells[unit].valid().map(std::slice::from_ref),
            Column::Categories(cells) => cells[unit].valid().map(Vec::as_slice),
            Column::Integer(_) | Column::Decimal(_) | Column::Text(_) => None,
        };
        chosen.is_some_and(|chosen| chosen.iter().any(|option| usize::from(*option) == place))
    }

    fn number(&self, unit: usize) -> Option<f64> {
        match self.column {
            Column::Integer(cells) => cells[unit].valid().map(|number| *number as f64),
            Column::Decimal(cells) => cells[unit].valid().copied(),
            Column::Category(_) | Column::Categories(_) | Column::Text(_) => None,
        }
    }

    /// Sums up some units; `None` where fewer than `smallest` answered.
    fn summary(&self, units: &[usize], smallest: usize) -> Option<Summary> {
        if self.is_number() {
            let mut numbers: Vec<f64> =
                units.iter().filter_map(|unit| self.number(*unit)).collect();
            numbers.sort_by(f64::total_cmp);
            let base = numbers.len();
            return (base >= smallest.max(1))
                .then(|| Summary { base, values: vec![median(&numbers)] });
        }
        let answered: Vec<usize> =
            units.iter().copied().filter(|unit| self.column.answered(*unit)).collect();
        let base = answered.len();
        let share = |place| {
            let count = answered.iter().filter(|unit| self.chose(**unit, place)).count();
            100.0 * count as f64 / base as f64
        };
        (base >= smallest.max(1))
            .then(|| Summary { base, values: (0..self.entry.options.len()).map(share).collect() })
    }
}

impl Groups {
    pub(super) fn new(data: &DataSet, variables: &[OpenVariable<'_>], plan: &Plan) -> Groups {
        let mut members: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for (place, unit) in data.units.iter().enumerate() {
            for group in groups_of(unit) {
                members.entry(group).or_default().push(place);
            }
        }
        let smallest = plan.disclosure.smallest_base;
        let mut summaries = BTreeMap::new();
        for (group, units) in &members {
            for (index, variable) in variables.iter().enumerate() {
                let summary = variable.summary(units, smallest);
                summaries.insert((group.clone(), index), summary);
            }
        }
        Groups { summaries }
    }

    /// Returns what a unit's KOSTRA group, its county and the country answered, in this order.
    pub(super) fn around(&self, unit: &UnitRow, variable: usize) -> [Option<&Summary>; 3] {
        groups_of(unit).map(|group| self.summaries.get(&(group, variable)).and_then(Option::as_ref))
    }
}

fn groups_of(unit: &UnitRow) -> [Group; 3] {
    [Group::Kostra(unit.kostra_group), Group::County(unit.county_id.clone()), Group::Country]
}

/// Returns the median of numbers in order.
fn median(numbers: &[f64]) -> f64 {
    let middle = numbers.len() / 2;
    if numbers.len().is_multiple_of(2) {
        0.5 * (numbers[middle - 1] + numbers[middle])
    } else {
        numbers[middle]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_two() {
        assert_eq!(median(&[1.0, 2.0, 10.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0, 4.0, 10.0]), 3.0);
    }
}
