//! The table of answers as CSV.

use std::collections::BTreeSet;
use std::io::Write;

use dataset::{CodebookVariable, Column, DataSet, UnitRow};

use crate::column::{UNIT, columns};
use crate::{Audience, cell};

/// Why a data set could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file could not be written.
    #[error("cannot write the table: {0}")]
    Csv(#[from] csv::Error),
    /// Two variables would fill the same column, as those of a foreign file may.
    #[error("cannot write the table: two variables would fill the column {0}; rename one of them")]
    DuplicateColumn(String),
}

/// Writes the answers as CSV: a row for each unit, codes for options, and the kinds of missing kept
/// apart. The public gets only those variables that are released unit by unit.
pub fn write_csv(data: &DataSet, audience: Audience, out: impl Write) -> Result<(), WriteError> {
    let variables: Vec<(&CodebookVariable, &Column)> = (0..data.variables.len())
        .filter(|index| audience.sees_answers(data, *index))
        .map(|index| (&data.variables[index], &data.columns[index]))
        .collect();
    let header = header(&variables)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&header)?;
    for (index, unit) in data.units.iter().enumerate() {
        let mut row = unit_cells(unit).to_vec();
        for (variable, column) in &variables {
            row.extend(cell::write(variable, column, index));
        }
        writer.write_record(&row)?;
    }
    writer.flush().map_err(csv::Error::from)?;
    Ok(())
}

fn header(variables: &[(&CodebookVariable, &Column)]) -> Result<Vec<String>, WriteError> {
    let mut header: Vec<String> = UNIT.map(str::to_owned).to_vec();
    header.extend(variables.iter().flat_map(|(variable, _)| columns(variable)));
    let mut names = BTreeSet::new();
    match header.iter().find(|name| !names.insert(name.as_str())) {
        Some(twice) => Err(WriteError::DuplicateColumn(twice.clone())),
        None => Ok(header),
    }
}

/// Returns what stands in the columns of [`UNIT`].
fn unit_cells(unit: &UnitRow) -> [String; UNIT.len()] {
    [
        unit.id.to_string(),
        unit.name.clone(),
        unit.kind.as_str().to_owned(),
        unit.county_id.clone(),
        unit.county.clone(),
        unit.population.to_string(),
        unit.size.to_string(),
        unit.centrality.to_string(),
        unit.kostra_group.to_string(),
        unit.disposition.as_str().to_owned(),
    ]
}
