//! What holds of every data set: checked where one comes from outside.

use std::collections::BTreeSet;

use instrument::VariableKind;

use crate::{Cell, CodebookVariable, Column, DataSet};

/// Why columns, codebook and units do not make a data set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Units are sorted by id, each once.
    #[error("unit {0} stands twice or out of order")]
    Unit(String),
    /// Each variable has a name of its own.
    #[error("variable {0} stands twice")]
    Variable(String),
    /// There is a column for each variable.
    #[error("there are {columns} columns for {variables} variables")]
    Columns {
        /// How many columns there are.
        columns: usize,
        /// How many variables there are.
        variables: usize,
    },
    /// A column has a cell for each unit, of the variable's kind and within its options.
    #[error("the column of {0} does not fit its codebook")]
    Column(String),
}

impl DataSet {
    /// Checks that columns, codebook and units fit each other, as every room that reads a data set
    /// relies on.
    pub fn check(&self) -> Result<(), Flaw> {
        let sorted = |pair: &&[crate::UnitRow]| pair[0].id >= pair[1].id;
        if let Some(pair) = self.units.windows(2).find(sorted) {
            return Err(Flaw::Unit(pair[1].id.to_string()));
        }
        let (columns, variables) = (self.columns.len(), self.variables.len());
        if columns != variables {
            return Err(Flaw::Columns { columns, variables });
        }
        let mut names = BTreeSet::new();
        for (variable, column) in self.variables.iter().zip(&self.columns) {
            if !names.insert(&variable.name) {
                return Err(Flaw::Variable(variable.name.clone()));
            }
            if column.len() != self.units.len() || !fits(variable, column) {
                return Err(Flaw::Column(variable.name.clone()));
            }
        }
        Ok(())
    }
}

/// Whether a column is of the variable's kind and every value is one that the codebook knows.
fn fits(variable: &CodebookVariable, column: &Column) -> bool {
    let substantive = |index: &u16| {
        variable.options.get(usize::from(*index)).is_some_and(|option| option.missing.is_none())
    };
    let set = |places: &Vec<u16>| {
        !places.is_empty() && places.is_sorted_by(|a, b| a < b) && places.iter().all(substantive)
    };
    match (variable.kind, column) {
        (VariableKind::Category, Column::Category(cells)) => all_valid(cells, substantive),
        (VariableKind::Categories, Column::Categories(cells)) => all_valid(cells, set),
        (VariableKind::Decimal, Column::Decimal(cells)) => all_valid(cells, |n| n.is_finite()),
        (VariableKind::Integer, Column::Integer(_)) | (VariableKind::Text, Column::Text(_)) => true,
        (
            VariableKind::Category
            | VariableKind::Categories
            | VariableKind::Decimal
            | VariableKind::Integer
            | VariableKind::Text,
            _,
        ) => false,
    }
}

fn all_valid<T>(cells: &[Cell<T>], holds: impl Fn(&T) -> bool) -> bool {
    cells.iter().filter_map(Cell::valid).all(holds)
}
