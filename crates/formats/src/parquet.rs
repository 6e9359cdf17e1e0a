//! The table of answers as Parquet: the columns of the CSV file with their types.
//!
//! A typed column has no room for the reason why an answer is missing. It is null there, and the
//! reason stands in a text column beside it, `NAME.missing`, which is null where there is an answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{Type, TypePtr};
use dataset::{Cell, CodebookVariable, DataSet, UnitRow};

use crate::column::{UNIT, columns};
use crate::{Audience, cell};

/// Why a data set could not be written as Parquet.
#[derive(Debug, thiserror::Error)]
pub enum WriteParquetError {
    /// Parquet refused the table.
    #[error("cannot write the Parquet file: {0}")]
    Parquet(#[from] ParquetError),
    /// Two variables would fill the same column.
    #[error(
        "cannot write the Parquet file: two variables would fill the column {0}; rename one of them"
    )]
    DuplicateColumn(String),
}

/// The cells of a column of the file; empty ones are `None`.
enum Cells {
    Texts(Vec<Option<ByteArray>>),
    Whole(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Truths(Vec<Option<bool>>),
}

/// Returns the answers as a Parquet file. The file says of itself which data set it was made of and
/// whether the answers are simulated.
pub fn write_parquet(data: &DataSet, audience: Audience) -> Result<Vec<u8>, WriteParquetError> {
    let mut table: Vec<(String, Cells)> = unit_columns(&data.units);
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
            table.push((format!("{of}.missing"), texts(reasons)));
        }
    }
    let mut names = BTreeSet::new();
    if let Some((twice, _)) = table.iter().find(|(name, _)| !names.insert(name.as_str())) {
        return Err(WriteParquetError::DuplicateColumn(twice.clone()));
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(provenance(data)))
        .build();
    let mut bytes = vec![];
    let mut file = SerializedFileWriter::new(&mut bytes, schema(&table)?, Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for (name, cells) in &table {
        let column = group.next_column()?.ok_or_else(|| ParquetError::General(name.clone()))?;
        cells.write(column, is_of_unit(name))?;
    }
    group.close()?;
    file.close()?;
    Ok(bytes)
}

/// Whether a column tells of the unit; each cell of such a one is filled.
fn is_of_unit(name: &str) -> bool {
    name.starts_with("unit.")
}

fn schema(table: &[(String, Cells)]) -> Result<TypePtr, ParquetError> {
    let field = |(name, cells): &(String, Cells)| {
        let (physical, logical) = match cells {
            Cells::Texts(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Cells::Whole(_) => (Physical::INT64, None),
            Cells::Real(_) => (Physical::DOUBLE, None),
            Cells::Truths(_) => (Physical::BOOLEAN, None),
        };
        let repetition = if is_of_unit(name) { Repetition::REQUIRED } else { Repetition::OPTIONAL };
        let field = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        Ok(Arc::new(field.with_logical_type(logical).build()?))
    };
    let fields = table.iter().map(field).collect::<Result<Vec<TypePtr>, ParquetError>>()?;
    Ok(Arc::new(Type::group_type_builder("answers").with_fields(fields).build()?))
}

impl Cells {
    fn write(&self, to: SerializedColumnWriter<'_>, filled: bool) -> Result<(), ParquetError> {
        match self {
            Cells::Texts(cells) => write::<ByteArrayType>(cells, to, filled),
            Cells::Whole(cells) => write::<Int64Type>(cells, to, filled),
            Cells::Real(cells) => write::<DoubleType>(cells, to, filled),
            Cells::Truths(cells) => write::<BoolType>(cells, to, filled),
        }
    }
}

/// Writes the cells that are there, and of a column that is not `filled`, which they are.
fn write<T: DataType>(
    cells: &[Option<T::T>],
    mut to: SerializedColumnWriter<'_>,
    filled: bool,
) -> Result<(), ParquetError> {
    let values: Vec<T::T> = cells.iter().flatten().cloned().collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    to.typed::<T>().write_batch(&values, (!filled).then_some(levels.as_slice()), None)?;
    to.close()
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

fn unit_columns(units: &[UnitRow]) -> Vec<(String, Cells)> {
    let whole = |value: &dyn Fn(&UnitRow) -> i64| {
        Cells::Whole(units.iter().map(|unit| Some(value(unit))).collect())
    };
    let words =
        |value: &dyn Fn(&UnitRow) -> String| texts(units.iter().map(|unit| Some(value(unit))));
    let columns: [Cells; UNIT.len()] = [
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
    UNIT.iter().map(|name| (*name).to_owned()).zip(columns).collect()
}

/// Returns the columns that hold a variable's values, named as in the CSV file.
fn value_columns(variable: &CodebookVariable, column: &dataset::Column) -> Vec<(String, Cells)> {
    let cells: Vec<Cells> = match column {
        dataset::Column::Category(cells) => {
            let code = |place: &u16| variable.options[usize::from(*place)].code.to_string();
            vec![texts(cells.iter().map(|cell| cell.valid().map(code)))]
        }
        dataset::Column::Categories(cells) => {
            cell::substantive(variable).map(|option| indicators(cells, option)).collect()
        }
        dataset::Column::Integer(cells) => {
            vec![Cells::Whole(cells.iter().map(|cell| cell.valid().copied()).collect())]
        }
        dataset::Column::Decimal(cells) => {
            vec![Cells::Real(cells.iter().map(|cell| cell.valid().copied()).collect())]
        }
        dataset::Column::Text(cells) => vec![texts(cells.iter().map(Cell::valid))],
    };
    columns(variable).into_iter().zip(cells).collect()
}

fn indicators(cells: &[Cell<Vec<u16>>], option: u16) -> Cells {
    let chosen = |cell: &Cell<Vec<u16>>| cell.valid().map(|options| options.contains(&option));
    Cells::Truths(cells.iter().map(chosen).collect())
}

fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> Cells {
    Cells::Texts(values.map(|text| text.map(|text| text.as_ref().into())).collect())
}
