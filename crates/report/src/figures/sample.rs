//! One round as a sample: the units that answered, out of all that were invited.

use std::sync::OnceLock;

use dataset::{Cell, CodebookVariable, Column, DataSet, Missing, UnitRow};
use estimate::{Cells, Design, cells};
use frame::UnitKind;
use instrument::spelling::closest;
use instrument::{Code, Estimator, Hash, Plan, ShareBase};

use super::concealed::Telling;
use super::{FigureError, Known};

/// One round as a sample of its frame.
pub(crate) struct Sample<'a> {
    /// The frozen data.
    pub(crate) data: &'a DataSet,
    hash: OnceLock<Hash>,
    /// The response cells of the weighting.
    pub(crate) cells: Cells,
    /// What is told of it by groups.
    pub(super) telling: Telling,
    respondents: Vec<usize>,
    simple: Design,
    weighted: Design,
}

impl<'a> Sample<'a> {
    /// Describes who answered. Errs where nobody did, or where the cells cannot be made.
    pub(crate) fn new(
        plan: &Plan,
        data: &'a DataSet,
        known: &Known,
    ) -> Result<Sample<'a>, FigureError> {
        let responded: Vec<bool> =
            data.units.iter().map(|unit| unit.disposition.answered()).collect();
        let respondents: Vec<usize> =
            (0..data.units.len()).filter(|&unit| responded[unit]).collect();
        if respondents.is_empty() {
            return Err(FigureError::NobodyAnswered(data.provenance.round));
        }
        let attributes: Result<Vec<Vec<Attribute<'_>>>, FigureError> = data
            .units
            .iter()
            .map(|unit| {
                plan.weighting.cells.iter().map(|name| attribute(data, unit, name)).collect()
            })
            .collect();
        let cells = cells(&attributes?, &responded, plan.weighting.smallest_cell);
        let simple = Design::simple(respondents.len(), data.units.len() as f64)?;
        let weighted = cells.design()?;
        let telling = Telling::new(plan, data, known.clone());
        Ok(Sample { data, hash: OnceLock::new(), cells, telling, respondents, simple, weighted })
    }

    /// Returns the hash of the data.
    pub(crate) fn hash(&self) -> Hash {
        *self.hash.get_or_init(|| self.data.hash())
    }

    /// Returns the design of an estimator.
    pub(crate) fn design(&self, estimator: Estimator) -> &Design {
        match estimator {
            Estimator::Unweighted => &self.simple,
            Estimator::Weighted => &self.weighted,
        }
    }

    /// Returns the units that answered, in the order of the frame.
    pub(crate) fn units(&self) -> impl Iterator<Item = usize> {
        self.respondents.iter().copied()
    }

    /// Returns the row of a unit among those who answered.
    pub(crate) fn row(&self, unit: usize) -> Option<usize> {
        self.respondents.binary_search(&unit).ok()
    }

    /// Returns a variable and its index; errs with the nearest name.
    pub(crate) fn variable(
        &self,
        name: &str,
    ) -> Result<(&'a CodebookVariable, usize), FigureError> {
        let variables = &self.data.variables;
        match variables.iter().position(|variable| variable.name == name) {
            Some(index) => Ok((&variables[index], index)),
            None => Err(FigureError::UnknownVariable {
                name: name.to_owned(),
                round: self.data.provenance.round,
                near: closest(name, variables.iter().map(|variable| variable.name.as_str()))
                    .map(str::to_owned),
            }),
        }
    }

    /// Returns which respondents are in the base: asked, and answered as the plan counts it.
    pub(crate) fn domain(&self, variable: usize, base: ShareBase) -> Vec<bool> {
        let column = &self.data.columns[variable];
        let inside = |unit: &usize| match base {
            ShareBase::Answered => column.answered(*unit),
            ShareBase::Valid => column.missing(*unit).is_none(),
        };
        self.respondents.iter().map(inside).collect()
    }

    /// Returns how many people each respondent counts for in shares of the population: those who live
    /// there, and nobody where the people are counted in its districts.
    pub(crate) fn populations(&self) -> Vec<f64> {
        let is_district = |unit: &&UnitRow| unit.kind == UnitKind::District;
        let districts: Vec<&UnitRow> = self.data.units.iter().filter(is_district).collect();
        // The number of a district begins with that of its municipality.
        let divided = |unit: &UnitRow| {
            let number = unit.id.as_str();
            unit.kind == UnitKind::Municipality
                && districts.iter().any(|district| district.id.as_str().starts_with(number))
        };
        let of = |unit: &UnitRow| if divided(unit) { 0.0 } else { unit.population as f64 };
        self.respondents.iter().map(|&unit| of(&self.data.units[unit])).collect()
    }

    /// Returns which respondents gave one of the options.
    pub(crate) fn hits(&self, index: usize, codes: &[Code]) -> Result<Vec<bool>, FigureError> {
        let variable = &self.data.variables[index];
        let wanted = || Wanted::new(variable, codes);
        let units = self.respondents.iter();
        match &self.data.columns[index] {
            Column::Category(cells) => {
                let wanted = wanted()?;
                Ok(units.map(|unit| wanted.meets(&cells[*unit], std::slice::from_ref)).collect())
            }
            Column::Categories(cells) => {
                let wanted = wanted()?;
                Ok(units.map(|unit| wanted.meets(&cells[*unit], Vec::as_slice)).collect())
            }
            column @ (Column::Integer(_) | Column::Decimal(_) | Column::Text(_)) => {
                Err(kind_error(variable, column, "one with options"))
            }
        }
    }

    /// Returns which respondents gave a number, and the numbers, 0 for the others.
    pub(crate) fn numbers(&self, index: usize) -> Result<(Vec<bool>, Vec<f64>), FigureError> {
        let number: Box<dyn Fn(usize) -> Option<f64>> = match &self.data.columns[index] {
            Column::Integer(cells) => Box::new(|unit| cells[unit].valid().map(|n| *n as f64)),
            Column::Decimal(cells) => Box::new(|unit| cells[unit].valid().copied()),
            column @ (Column::Category(_) | Column::Categories(_) | Column::Text(_)) => {
                return Err(kind_error(&self.data.variables[index], column, "a number"));
            }
        };
        let numbers: Vec<Option<f64>> = self.respondents.iter().map(|unit| number(*unit)).collect();
        let domain = numbers.iter().map(Option::is_some).collect();
        Ok((domain, numbers.iter().map(|number| number.unwrap_or(0.0)).collect()))
    }
}

/// The options that are counted: indexes of the codebook, and kinds of missing.
struct Wanted {
    options: Vec<u16>,
    missing: Vec<Missing>,
}

impl Wanted {
    fn new(variable: &CodebookVariable, codes: &[Code]) -> Result<Wanted, FigureError> {
        if codes.is_empty() {
            return Err(FigureError::NoOption(variable.name.clone()));
        }
        let mut wanted = Wanted { options: vec![], missing: vec![] };
        for code in codes {
            let index = variable.option(code.as_str()).ok_or_else(|| unknown(variable, code))?;
            match variable.options[index].missing {
                Some(missing) => wanted.missing.push(missing),
                None => wanted.options.push(index as u16),
            }
        }
        Ok(wanted)
    }

    fn meets<T>(&self, cell: &Cell<T>, chosen: impl Fn(&T) -> &[u16]) -> bool {
        match cell {
            Cell::Valid(value) => chosen(value).iter().any(|option| self.options.contains(option)),
            Cell::Missing(missing) => self.missing.contains(missing),
        }
    }
}

fn unknown(variable: &CodebookVariable, code: &Code) -> FigureError {
    let known = variable.options.iter().map(|option| format!("`{}`", option.code)).collect();
    FigureError::UnknownOption { variable: variable.name.clone(), code: code.clone(), known }
}

fn kind_error(variable: &CodebookVariable, column: &Column, wanted: &'static str) -> FigureError {
    let held = match column {
        Column::Category(_) => "one option",
        Column::Categories(_) => "several options",
        Column::Integer(_) | Column::Decimal(_) => "a number",
        Column::Text(_) => "a text",
    };
    FigureError::Kind { variable: variable.name.clone(), held, wanted }
}

/// A frame attribute, ordered so that neighbours are alike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Attribute<'a> {
    Number(usize),
    Word(&'a str),
}

fn attribute<'a>(
    data: &DataSet,
    unit: &'a UnitRow,
    name: &str,
) -> Result<Attribute<'a>, FigureError> {
    Ok(match name {
        "size" => {
            let class = data.size_classes.iter().position(|(code, _)| *code == unit.size);
            Attribute::Number(class.unwrap_or(data.size_classes.len()))
        }
        "centrality" => Attribute::Number(usize::from(unit.centrality)),
        "county" => Attribute::Word(&unit.county_id),
        "kind" => Attribute::Word(unit.kind.as_str()),
        _ => return Err(FigureError::Cell(name.to_owned())),
    })
}
