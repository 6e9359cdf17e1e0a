//! Parquet, a row group at a time for each thread.

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::RowGroupMetaData;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, RecordBatch};
use arrow_schema::DataType;

use super::column::{Dictionary, is_missing};
use super::{Chunk, ChunkColumn, ColumnsError, Target, open};

/// How many rows a chunk has at most.
const ROWS: usize = 16 * 1024;

/// Reads what a file says of itself. The types that Arrow noted beside those of Parquet are passed
/// over: a category is then the text that it stands for, whoever wrote it.
pub(super) fn metadata(path: &Path) -> Result<ArrowReaderMetadata, ColumnsError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    ArrowReaderMetadata::load(&open(path)?, options).map_err(|source| not_parquet(path, source))
}

pub(super) fn names(metadata: &ArrowReaderMetadata) -> Vec<String> {
    metadata.schema().fields().iter().map(|field| field.name().clone()).collect()
}

fn not_parquet(path: &Path, source: ParquetError) -> ColumnsError {
    ColumnsError::Parquet { file: path.to_owned(), source }
}

/// A file whose row groups are taken one by one.
#[derive(Debug)]
pub(super) struct RowGroups {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    targets: Vec<Target>,
    next: AtomicUsize,
}

impl RowGroups {
    pub(super) fn new(path: &Path, metadata: &ArrowReaderMetadata, targets: &[Target]) -> Self {
        let (metadata, targets) = (metadata.clone(), targets.to_vec());
        RowGroups { path: path.to_owned(), metadata, targets, next: AtomicUsize::new(0) }
    }

    /// Takes the next row group; returns it with its first row, from 1.
    fn take(&self) -> Result<Option<(ParquetRecordBatchReader, u64)>, ColumnsError> {
        let group = self.next.fetch_add(1, Ordering::Relaxed);
        let groups = self.metadata.metadata().row_groups();
        if group >= groups.len() {
            return Ok(None);
        }
        let before: i64 = groups[..group].iter().map(RowGroupMetaData::num_rows).sum();
        let reader = self.open(group).map_err(|source| match source {
            Failed::File(error) => error,
            Failed::Parquet(source) => not_parquet(&self.path, source),
        })?;
        Ok(Some((reader, before.unsigned_abs() + 1)))
    }

    fn open(&self, group: usize) -> Result<ParquetRecordBatchReader, Failed> {
        let file: File = open(&self.path).map_err(Failed::File)?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let places = self.targets.iter().map(|target| target.place);
        let columns = ProjectionMask::roots(builder.parquet_schema(), places);
        let builder = builder.with_projection(columns).with_row_groups(vec![group]);
        builder.with_batch_size(ROWS).build().map_err(Failed::Parquet)
    }
}

enum Failed {
    File(ColumnsError),
    Parquet(ParquetError),
}

/// One thread's decoder.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    groups: &'a RowGroups,
    current: Option<(ParquetRecordBatchReader, u64)>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(groups: &'a RowGroups) -> Decoder<'a> {
        Decoder { groups, current: None }
    }

    /// Reads a batch into the chunk; returns whether there was one.
    pub(super) fn read(&mut self, chunk: &mut Chunk) -> Result<bool, ColumnsError> {
        loop {
            if self.current.is_none() {
                self.current = self.groups.take()?;
            }
            let Some((reader, row)) = &mut self.current else { return Ok(false) };
            match reader.next() {
                Some(batch) => {
                    let failed = |error| not_parquet(&self.groups.path, ParquetError::from(error));
                    let batch = batch.map_err(failed)?;
                    chunk.line = *row;
                    *row += batch.num_rows() as u64;
                    self.store(&batch, chunk)?;
                    return Ok(true);
                }
                None => self.current = None,
            }
        }
    }

    fn store(&self, batch: &RecordBatch, chunk: &mut Chunk) -> Result<(), ColumnsError> {
        let line = chunk.line;
        for (column, target) in self.groups.targets.iter().enumerate() {
            let array =
                batch.column_by_name(&target.name).ok_or_else(|| type_error(target, &""))?;
            match &mut chunk.columns[column] {
                ChunkColumn::Numbers(into) => {
                    numbers(array, into).ok_or_else(|| type_error(target, array.data_type()))?;
                    let infinite = into.iter().position(|number| number.is_infinite());
                    if let Some(row) = infinite {
                        let (column, text) = (target.name.clone(), into[row].to_string());
                        return Err(ColumnsError::Number { column, line: line + row as u64, text });
                    }
                }
                ChunkColumn::Keys(into) => keys(array, into, &mut chunk.dictionaries[column])
                    .ok_or_else(|| type_error(target, array.data_type()))?,
            }
        }
        Ok(())
    }
}

fn type_error(target: &Target, held: &impl Display) -> ColumnsError {
    ColumnsError::Type { column: target.name.clone(), held: held.to_string() }
}

/// Appends an array as numbers; `None` where it holds no numbers.
fn numbers(array: &dyn Array, into: &mut Vec<f64>) -> Option<()> {
    fn of<T: ArrowPrimitiveType>(
        array: &dyn Array,
        into: &mut Vec<f64>,
        number: impl Fn(T::Native) -> f64,
    ) {
        let values = array.as_primitive::<T>();
        into.extend(values.iter().map(|value| value.map_or(f64::NAN, &number)));
    }
    match array.data_type() {
        DataType::Boolean => {
            let number =
                |value: Option<bool>| value.map_or(f64::NAN, |value| u8::from(value).into());
            into.extend(array.as_boolean().iter().map(number));
        }
        DataType::Int8 => of::<Int8Type>(array, into, f64::from),
        DataType::Int16 => of::<Int16Type>(array, into, f64::from),
        DataType::Int32 => of::<Int32Type>(array, into, f64::from),
        DataType::Int64 => of::<Int64Type>(array, into, |value| value as f64),
        DataType::UInt8 => of::<UInt8Type>(array, into, f64::from),
        DataType::UInt16 => of::<UInt16Type>(array, into, f64::from),
        DataType::UInt32 => of::<UInt32Type>(array, into, f64::from),
        DataType::UInt64 => of::<UInt64Type>(array, into, |value| value as f64),
        DataType::Float32 => of::<Float32Type>(array, into, f64::from),
        DataType::Float64 => of::<Float64Type>(array, into, |value| value),
        _ => return None,
    }
    Some(())
}

/// Appends an array as keys; `None` where it holds neither texts nor numbers.
fn keys(array: &dyn Array, into: &mut Vec<u32>, dictionary: &mut Dictionary) -> Option<()> {
    let mut push = |text: Option<&str>| {
        let text = text.filter(|text| !is_missing(text.as_bytes()));
        into.push(dictionary.key(text.unwrap_or_default()));
    };
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().for_each(&mut push),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(&mut push),
        _ => {
            let mut values = vec![];
            numbers(array, &mut values)?;
            let mut last = (f64::NAN, String::new());
            for value in values {
                if value.to_bits() != last.0.to_bits() {
                    last = (value, if value.is_nan() { String::new() } else { value.to_string() });
                }
                push(Some(&last.1));
            }
        }
    }
    Some(())
}
