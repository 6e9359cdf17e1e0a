//! The table of answers as Parquet: the columns of the CSV file with their types.
//!
//! A typed column has no room for the reason why an answer is missing. It is null there, and the
//! reason stands in a text column beside it, `NAME.missing`, which is null where there is an answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, Field, Schema};
use dataset::{Cell, CodebookVariable, Column, DataSet, UnitRow};

use crate::column::{UNIT, columns};
use crate::{Audience, cell};

/// Why a data set could not be written as Parquet.
#[derive(Debug, thiserror::Error)]
pub enum WriteParquetError {
    /// Arrow refused the columns.
    #[error("cannot write the Parquet file: {0}")]
    Arrow(#[from] ArrowError),
    /// Parquet refused the table.
    #[error("cannot write the Parquet file: {0}")]
    Parquet(#[from] ParquetError),
    /// Two variables would fill the same column.
    #[error(
        "cannot write the Parquet file: two variables would fill the column {0}; rename one of them"
    )]
    DuplicateColumn(String),
}

/// Returns the answers as a Parquet file. The file says of itself which data set it was made of and
/// whether the answers are simulated.
pub fn write_parquet(data: &DataSet, audience: Audience) -> Result<Vec<u8>, WriteParquetError> {
    let mut table: Vec<(String, ArrayRef)> = unit_columns(&data.units);
    for (index, (variable, column)) in data.variables.iter().zip(&data.columns).enumerate() {
        if audience.sees_answers(data, index) {
            let values = value_columns(variable, column);
            // The options of a multiple choice are all missing for the same reason.
            let of = match values.as_slice() {
                [(only, _)] => only.clone(),
                _ => variable.name.clone(),
            };
            table.extend(values);
            let missing = (0..column.len()).map(|unit| column.missing(unit));
            let reasons = missing.map(|missing| missing.map(dataset::Missing::as_str));
            table.push((format!("{of}.missing"), text(reasons)));
        }
    }
    let mut names = BTreeSet::new();
    if let Some((twice, _)) = table.iter().find(|(name, _)| !names.insert(name.as_str())) {
        return Err(WriteParquetError::DuplicateColumn(twice.clone()));
    }
    let fields: Vec<Field> = table.iter().map(|(name, array)| field(name, array)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = table.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(provenance(data)))
        .build();
    let mut writer = ArrowWriter::try_new(vec![], schema, Some(properties))?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

fn field(name: &str, array: &ArrayRef) -> Field {
    let of_unit = name.starts_with("unit.");
    Field::new(name, array.data_type().clone(), !of_unit)
}

/// What the file says of itself.
fn provenance(data: &DataSet) -> Vec<KeyValue> {
    let from = &data.provenance;
    let said = [
        ("survey", from.survey.to_string()),
        ("round", from.round.to_string()),
        ("dataset", data.hash().to_string()),
        ("instrument", from.instrument.to_string()),
        ("frozen_at", from.frozen_at.to_string()),
        ("simulated", from.simulated.to_string()),
    ];
    said.into_iter().map(|(key, value)| KeyValue::new(format!("runde.{key}"), value)).collect()
}

fn unit_columns(units: &[UnitRow]) -> Vec<(String, ArrayRef)> {
    let whole = |value: &dyn Fn(&UnitRow) -> i64| -> ArrayRef {
        Arc::new(units.iter().map(|unit| Some(value(unit))).collect::<Int64Array>())
    };
    let words = |value: &dyn Fn(&UnitRow) -> String| -> ArrayRef {
        text(units.iter().map(|unit| Some(value(unit))))
    };
    let arrays: [ArrayRef; UNIT.len()] = [
        words(&|unit| unit.id.to_string()),
        words(&|unit| unit.name.clone()),
        words(&|unit| unit.kind.as_str().to_owned()),
        words(&|unit| unit.county_id.clone()),
        words(&|unit| unit.county.clone()),
        whole(&|unit| i64::try_from(unit.population).unwrap_or(i64::MAX)),
        words(&|unit| unit.size.to_string()),
        whole(&|unit| i64::from(unit.centrality)),
        whole(&|unit| i64::from(unit.kostra_group)),
        words(&|unit| unit.disposition.as_str().to_owned()),
    ];
    UNIT.iter().map(|name| (*name).to_owned()).zip(arrays).collect()
}

/// Returns the columns that hold a variable's values, named as in the CSV file.
fn value_columns(variable: &CodebookVariable, column: &Column) -> Vec<(String, ArrayRef)> {
    let arrays: Vec<ArrayRef> = match column {
        Column::Category(cells) => {
            let code = |place: &u16| variable.options[usize::from(*place)].code.to_string();
            vec![text(cells.iter().map(|cell| cell.valid().map(code)))]
        }
        Column::Categories(cells) => {
            cell::substantive(variable).map(|option| indicators(cells, option)).collect()
        }
        Column::Integer(cells) => {
            vec![Arc::new(cells.iter().map(|cell| cell.valid().copied()).collect::<Int64Array>())]
        }
        Column::Decimal(cells) => {
            vec![Arc::new(cells.iter().map(|cell| cell.valid().copied()).collect::<Float64Array>())]
        }
        Column::Text(cells) => vec![text(cells.iter().map(Cell::valid))],
    };
    columns(variable).into_iter().zip(arrays).collect()
}

fn indicators(cells: &[Cell<Vec<u16>>], option: u16) -> ArrayRef {
    let chosen = |cell: &Cell<Vec<u16>>| cell.valid().map(|options| options.contains(&option));
    Arc::new(cells.iter().map(chosen).collect::<BooleanArray>())
}

fn text<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    let array: StringArray = values.collect();
    Arc::new(array)
}
