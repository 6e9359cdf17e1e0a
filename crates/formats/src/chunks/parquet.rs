//! Parquet, a row group at a time for each thread: its columns are read as they stand in the file,
//! without a table in between.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use ::parquet::file::serialized_reader::SerializedPageReader;
use ::parquet::schema::types::{ColumnDescriptor, SchemaDescriptor};

use super::column::{Dictionary, is_missing};
use super::{Chunk, ChunkColumn, ColumnsError, Target, open};

/// How many rows a chunk has at most.
const ROWS: usize = 16 * 1024;

/// Reads what a file says of itself.
pub(super) fn metadata(path: &Path) -> Result<Arc<ParquetMetaData>, ColumnsError> {
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&open(path)?);
    metadata.map(Arc::new).map_err(|source| not_parquet(path, source))
}

pub(super) fn names(metadata: &ParquetMetaData) -> Vec<String> {
    let fields = schema(metadata).root_schema().get_fields();
    fields.iter().map(|field| field.name().to_owned()).collect()
}

fn schema(metadata: &ParquetMetaData) -> &SchemaDescriptor {
    metadata.file_metadata().schema_descr()
}

fn not_parquet(path: &Path, source: ParquetError) -> ColumnsError {
    ColumnsError::Parquet { file: path.to_owned(), source }
}

/// A file whose row groups are taken one by one.
#[derive(Debug)]
pub(super) struct RowGroups {
    path: PathBuf,
    metadata: Arc<ParquetMetaData>,
    targets: Vec<Target>,
    next: AtomicUsize,
}

impl RowGroups {
    pub(super) fn new(path: &Path, metadata: &Arc<ParquetMetaData>, targets: &[Target]) -> Self {
        let (metadata, targets) = (Arc::clone(metadata), targets.to_vec());
        RowGroups { path: path.to_owned(), metadata, targets, next: AtomicUsize::new(0) }
    }

    /// Takes the next row group.
    fn take(&self) -> Result<Option<RowGroup>, ColumnsError> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        let groups = self.metadata.row_groups();
        let Some(group) = groups.get(place) else { return Ok(None) };
        let before: i64 = groups[..place].iter().map(RowGroupMetaData::num_rows).sum();
        let left = usize::try_from(group.num_rows()).unwrap_or_default();
        let file = Arc::new(open(&self.path)?);
        let reader = |target: &Target| {
            let (leaf, holds) = self.column(target)?;
            let pages = pages(&file, group.column(leaf), left);
            let pages = pages.map_err(|source| not_parquet(&self.path, source))?;
            let description = schema(&self.metadata).column(leaf);
            let may_lack = description.max_def_level() > 0;
            let cells = get_column_reader(description, Box::new(pages));
            Ok(Column { cells, holds, may_lack })
        };
        let columns = self.targets.iter().map(reader).collect::<Result<_, ColumnsError>>()?;
        Ok(Some(RowGroup { columns, row: before.unsigned_abs() + 1, left }))
    }

    /// Returns where a column lies among those that hold values, and what it holds.
    fn column(&self, target: &Target) -> Result<(usize, Holds), ColumnsError> {
        let schema = schema(&self.metadata);
        let refused = |held: String| ColumnsError::Type { column: target.name.clone(), held };
        if schema.root_schema().get_fields()[target.place].is_group() {
            return Err(refused("GROUP".to_owned()));
        }
        let mut leaves = 0..schema.num_columns();
        let leaf = leaves.find(|leaf| schema.get_column_root_idx(*leaf) == target.place);
        let leaf = leaf.ok_or_else(|| refused("GROUP".to_owned()))?;
        let description = schema.column(leaf);
        let holds = holds(&description).ok_or_else(|| refused(type_name(&description)))?;
        Ok((leaf, holds))
    }
}

/// Returns the pages of a column within a row group.
fn pages(
    file: &Arc<File>,
    column: &ColumnChunkMetaData,
    rows: usize,
) -> Result<SerializedPageReader<File>, ParquetError> {
    // A damaged file may say so, and whoever reads the pages takes it for impossible.
    let starts = [Some(column.data_page_offset()), column.dictionary_page_offset()];
    let lies = [column.compressed_size()].into_iter().chain(starts.into_iter().flatten());
    if lies.min().is_some_and(|least| least < 0) {
        return Err(ParquetError::General("a column lies before the file begins".to_owned()));
    }
    SerializedPageReader::new(Arc::clone(file), column, rows, None)
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Truths,
    /// Whole numbers; those without a sign are stored as if they had one.
    Whole {
        signed: bool,
    },
    Real,
    Texts,
}

/// Returns what a column holds; `None` where that is neither number nor text.
fn holds(column: &ColumnDescriptor) -> Option<Holds> {
    if column.max_rep_level() > 0 {
        return None;
    }
    let (logical, converted) = (column.logical_type_ref(), column.converted_type());
    match column.physical_type() {
        Physical::BOOLEAN => Some(Holds::Truths),
        Physical::INT32 | Physical::INT64 => match (logical, converted) {
            (Some(LogicalType::Integer(whole)), _) => {
                Some(Holds::Whole { signed: whole.is_signed })
            }
            (Some(_), _) => None,
            (None, converted) => signed(converted).map(|signed| Holds::Whole { signed }),
        },
        Physical::FLOAT | Physical::DOUBLE => Some(Holds::Real),
        Physical::BYTE_ARRAY => match (logical, converted) {
            (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _)
            | (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => {
                Some(Holds::Texts)
            }
            (Some(_) | None, _) => None,
        },
        Physical::INT96 | Physical::FIXED_LEN_BYTE_ARRAY => None,
    }
}

/// Returns whether whole numbers have a sign, as files say it that name no logical type; `None` for dates,
/// times and decimals.
fn signed(converted: ConvertedType) -> Option<bool> {
    use ConvertedType as As;
    match converted {
        As::NONE | As::INT_8 | As::INT_16 | As::INT_32 | As::INT_64 => Some(true),
        As::UINT_8 | As::UINT_16 | As::UINT_32 | As::UINT_64 => Some(false),
        _ => None,
    }
}

fn type_name(column: &ColumnDescriptor) -> String {
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(logical), _) => format!("{logical:?}"),
        (None, ConvertedType::NONE) => column.physical_type().to_string(),
        (None, converted) => converted.to_string(),
    }
}

/// A row group under way.
struct RowGroup {
    columns: Vec<Column>,
    /// The next row, from 1.
    row: u64,
    /// How many rows there are from there on.
    left: usize,
}

struct Column {
    cells: ColumnReader,
    holds: Holds,
    /// Whether a cell may be empty.
    may_lack: bool,
}

/// One thread's decoder.
pub(super) struct Decoder<'a> {
    groups: &'a RowGroups,
    current: Option<RowGroup>,
}

impl fmt::Debug for Decoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("groups", self.groups).finish_non_exhaustive()
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(groups: &'a RowGroups) -> Decoder<'a> {
        Decoder { groups, current: None }
    }

    /// Reads some rows into the chunk; returns whether there were any.
    pub(super) fn read(&mut self, chunk: &mut Chunk) -> Result<bool, ColumnsError> {
        let group = loop {
            match &mut self.current {
                Some(group) if group.left > 0 => break group,
                Some(_) | None => match self.groups.take()? {
                    Some(next) => self.current = Some(next),
                    None => return Ok(false),
                },
            }
        };
        let rows = group.left.min(ROWS);
        chunk.line = group.row;
        for (place, column) in group.columns.iter_mut().enumerate() {
            let name = &self.groups.targets[place].name;
            match &mut chunk.columns[place] {
                ChunkColumn::Numbers(into) => column.numbers(rows, into),
                ChunkColumn::Keys(into) => column.keys(rows, into, &mut chunk.dictionaries[place]),
            }
            .map_err(|wrong| self.groups.error(wrong, name, group.row))?;
        }
        group.row += rows as u64;
        group.left -= rows;
        Ok(true)
    }
}

/// What is wrong with some rows of a column.
enum Wrong {
    Parquet(ParquetError),
    Type(&'static str),
    /// The row, from 0, that holds this number.
    Infinite(usize, f64),
    NotText(usize),
}

impl From<ParquetError> for Wrong {
    fn from(error: ParquetError) -> Wrong {
        Wrong::Parquet(error)
    }
}

impl RowGroups {
    fn error(&self, wrong: Wrong, column: &str, first: u64) -> ColumnsError {
        let (column, line) = (column.to_owned(), |row: usize| first + row as u64);
        match wrong {
            Wrong::Parquet(source) => not_parquet(&self.path, source),
            Wrong::Type(held) => ColumnsError::Type { column, held: held.to_owned() },
            Wrong::Infinite(row, number) => {
                ColumnsError::Number { column, line: line(row), text: number.to_string() }
            }
            Wrong::NotText(row) => ColumnsError::NotText { column, line: line(row) },
        }
    }
}

impl Column {
    /// Appends so many rows as numbers; an empty one is NaN.
    fn numbers(&mut self, rows: usize, into: &mut Vec<f64>) -> Result<(), Wrong> {
        let signed = self.holds != Holds::Whole { signed: false };
        let lacks = self.may_lack;
        match &mut self.cells {
            ColumnReader::BoolColumnReader(cells) => {
                each(cells, rows, lacks, |truth| {
                    into.push(truth.map_or(f64::NAN, |truth| u8::from(*truth).into()));
                })?;
            }
            ColumnReader::Int32ColumnReader(cells) => each(cells, rows, lacks, |whole| {
                let number = |whole: &i32| match signed {
                    true => f64::from(*whole),
                    false => f64::from(whole.cast_unsigned()),
                };
                into.push(whole.map_or(f64::NAN, number));
            })?,
            ColumnReader::Int64ColumnReader(cells) => each(cells, rows, lacks, |whole| {
                let number = |whole: &i64| match signed {
                    true => *whole as f64,
                    false => whole.cast_unsigned() as f64,
                };
                into.push(whole.map_or(f64::NAN, number));
            })?,
            ColumnReader::FloatColumnReader(cells) => {
                each(cells, rows, lacks, |real| {
                    into.push(real.map_or(f64::NAN, |real| f64::from(*real)));
                })?;
            }
            ColumnReader::DoubleColumnReader(cells) => {
                each(cells, rows, lacks, |real| into.push(real.copied().unwrap_or(f64::NAN)))?;
            }
            ColumnReader::ByteArrayColumnReader(_)
            | ColumnReader::FixedLenByteArrayColumnReader(_)
            | ColumnReader::Int96ColumnReader(_) => return Err(Wrong::Type("text")),
        }
        match into.iter().position(|number| number.is_infinite()) {
            Some(row) => Err(Wrong::Infinite(row, into[row])),
            None => Ok(()),
        }
    }

    /// Appends so many rows as keys.
    fn keys(
        &mut self,
        rows: usize,
        into: &mut Vec<u32>,
        dictionary: &mut Dictionary,
    ) -> Result<(), Wrong> {
        let ColumnReader::ByteArrayColumnReader(cells) = &mut self.cells else {
            let mut numbers = vec![];
            self.numbers(rows, &mut numbers)?;
            keys_of_numbers(&numbers, into, dictionary);
            return Ok(());
        };
        let mut not_text = None;
        each(cells, rows, self.may_lack, |text| {
            let text = text.map(ByteArray::data).filter(|text| !is_missing(text));
            let key = dictionary.key_of(text.unwrap_or_default());
            if key.is_none() {
                not_text = not_text.or(Some(into.len()));
            }
            into.push(key.unwrap_or_default());
        })?;
        not_text.map_or(Ok(()), |row| Err(Wrong::NotText(row)))
    }
}

fn keys_of_numbers(numbers: &[f64], into: &mut Vec<u32>, dictionary: &mut Dictionary) {
    // A number often follows itself.
    let mut last: Option<(f64, u32)> = None;
    for number in numbers {
        let key = match last {
            Some((same, key)) if same.to_bits() == number.to_bits() => key,
            Some(_) | None if number.is_nan() => dictionary.key(""),
            Some(_) | None => dictionary.key(&number.to_string()),
        };
        last = Some((*number, key));
        into.push(key);
    }
}

/// Hands over so many cells of a column, and `None` for each that is empty.
fn each<T: DataType>(
    cells: &mut ColumnReaderImpl<T>,
    rows: usize,
    may_lack: bool,
    mut then: impl FnMut(Option<&T::T>),
) -> Result<(), ParquetError> {
    let (mut levels, mut values) = (vec![], Vec::with_capacity(rows));
    let (read, ..) = cells.read_records(rows, Some(&mut levels), None, &mut values)?;
    if read < rows {
        return Err(ParquetError::EOF("a column ends before its row group does".to_owned()));
    }
    let mut values = values.iter();
    match may_lack {
        false => values.for_each(|value| then(Some(value))),
        true => levels.iter().for_each(|level| then(if *level > 0 { values.next() } else { None })),
    }
    Ok(())
}
