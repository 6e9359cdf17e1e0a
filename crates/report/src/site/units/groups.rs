//! What the groups around a unit answered: the same figures as in the report, hidden where the report
//! hides them.

use std::collections::BTreeMap;

use dataset::{CodebookVariable, Column, DataSet, UnitRow};
use instrument::Code;

use crate::figures::{Figure, FigureError, Figures, FrameAttribute, GroupCell};

/// A variable whose answers are open unit by unit.
pub(super) struct OpenVariable<'a> {
    /// What it holds.
    pub(super) entry: &'a CodebookVariable,
    /// The answers.
    pub(super) column: &'a Column,
}

/// What a group answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Summary {
    /// How many answered.
    pub(super) base: GroupCell<usize>,
    /// The percentage that chose each option; of a number, the median alone.
    pub(super) values: Vec<GroupCell<f64>>,
}

/// What the groups of every open variable answered, and the country.
pub(super) struct Groups {
    variables: Vec<Around>,
}

/// What the groups of one variable answered, by their codes.
struct Around {
    kostra: BTreeMap<String, Summary>,
    county: BTreeMap<String, Summary>,
    country: Summary,
}

/// The groups of units that a page looks at, beside the country.
const ATTRIBUTES: [FrameAttribute; 2] = [FrameAttribute::KostraGroup, FrameAttribute::County];

/// Returns the variables that can be shown unit by unit. Texts are not among them: they may name
/// people.
pub(super) fn open_variables(data: &DataSet) -> Vec<OpenVariable<'_>> {
    let shown =
        |index: &usize| data.is_open(*index) && !matches!(data.columns[*index], Column::Text(_));
    let open =
        |index: usize| OpenVariable { entry: &data.variables[index], column: &data.columns[index] };
    (0..data.variables.len()).filter(shown).map(open).collect()
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

    /// Returns what each group of an attribute answered.
    fn by_group(
        &self,
        figures: &Figures<'_>,
        attribute: FrameAttribute,
    ) -> Result<BTreeMap<String, Summary>, FigureError> {
        let name = &self.entry.name;
        if self.is_number() {
            let rows = figures.numbers_by_group(name, attribute)?.into_iter();
            // The median stands beside the mean.
            let median = |cells: Vec<GroupCell<Figure>>| {
                let cell = cells.into_iter().nth(1).unwrap_or(GroupCell::Impossible);
                cell.map(|median| median.published().value)
            };
            return Ok(rows
                .map(|row| {
                    let values = vec![median(row.cells)];
                    (row.group.code, Summary { base: row.base, values })
                })
                .collect());
        }
        let table = figures.by_group(name, &[], attribute)?;
        let row = |row: crate::figures::GroupRow| {
            let value =
                |place: usize| row.cells[place].as_ref().map(|figure| figure.published().value);
            let values = self.each_option(&table.columns, value);
            (row.group.code.clone(), Summary { base: row.base.clone(), values })
        };
        Ok(table.rows.into_iter().map(row).collect())
    }

    /// Returns what the whole country answered.
    fn in_country(&self, figures: &Figures<'_>) -> Result<Summary, FigureError> {
        let name = &self.entry.name;
        if self.is_number() {
            let median = figures.median(name)?;
            return Ok(Summary {
                base: GroupCell::Shown(median.base),
                values: vec![GroupCell::Shown(median.published().value)],
            });
        }
        let base = GroupCell::Shown(figures.base(name)?);
        let share = |option: &dataset::CodebookOption| match figures
            .share(name, std::slice::from_ref(&option.code))
        {
            Ok(share) => GroupCell::Shown(share.published().value),
            Err(FigureError::NotInBase { .. }) => GroupCell::Impossible,
            Err(_) => GroupCell::Hidden,
        };
        Ok(Summary { base, values: self.entry.options.iter().map(share).collect() })
    }

    /// Returns a value for each option, where some are not in the base and have none.
    fn each_option(
        &self,
        columns: &[Vec<Code>],
        value: impl Fn(usize) -> GroupCell<f64>,
    ) -> Vec<GroupCell<f64>> {
        let column = |code: &Code| columns.iter().position(|codes| codes.contains(code));
        let options = self.entry.options.iter();
        options.map(|option| column(&option.code).map_or(GroupCell::Impossible, &value)).collect()
    }

    /// Returns a group of which nothing is told.
    fn hidden(&self) -> Summary {
        let values = self.entry.options.len().max(1);
        Summary { base: GroupCell::Hidden, values: vec![GroupCell::Hidden; values] }
    }
}

impl Groups {
    pub(super) fn new(figures: &Figures<'_>, variables: &[OpenVariable<'_>]) -> Groups {
        let around = |variable: &OpenVariable<'_>| {
            // A figure that cannot be stated is not stated here either.
            let [kostra, county] = ATTRIBUTES
                .map(|attribute| variable.by_group(figures, attribute).unwrap_or_default());
            let country = variable.in_country(figures).unwrap_or_else(|_| variable.hidden());
            Around { kostra, county, country }
        };
        Groups { variables: variables.iter().map(around).collect() }
    }

    /// Returns what a unit's KOSTRA group, its county and the country answered, in this order.
    pub(super) fn around(
        &self,
        unit: &UnitRow,
        (place, variable): (usize, &OpenVariable<'_>),
    ) -> [Summary; 3] {
        let Around { kostra, county, country } = &self.variables[place];
        let of = |groups: &BTreeMap<String, Summary>, attribute: FrameAttribute| {
            groups.get(&attribute.of(unit)).cloned().unwrap_or_else(|| variable.hidden())
        };
        let [by_kostra, by_county] = ATTRIBUTES;
        [of(kostra, by_kostra), of(county, by_county), country.clone()]
    }
}
