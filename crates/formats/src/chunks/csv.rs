//! CSV in blocks of whole records.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::column::{Dictionary, is_missing, number};
use super::{Chunk, ChunkColumn, ColumnsError, Target, open};

/// How much is read at once: large enough that threads seldom meet, small enough for their caches.
const BLOCK: usize = 512 * 1024;

/// The longest record.
const LONGEST: usize = 64 * 1024 * 1024;

/// Returns the names in the first line.
pub(super) fn header(path: &Path) -> Result<Vec<String>, ColumnsError> {
    let mut reader = ::csv::Reader::from_reader(open(path)?);
    let names = reader.headers().map_err(|source| not_csv(path, source))?;
    let names: Vec<String> = names.iter().map(str::to_owned).collect();
    Ok(names)
}

fn not_csv(path: &Path, source: ::csv::Error) -> ColumnsError {
    ColumnsError::Csv { file: path.to_owned(), source }
}

/// A file that is taken block by block.
#[derive(Debug)]
pub(super) struct Blocks {
    path: PathBuf,
    fields: usize,
    input: Mutex<Input>,
}

#[derive(Debug)]
struct Input {
    file: File,
    /// What was read beyond the last whole record.
    rest: Vec<u8>,
    /// The line at which `rest` begins, from 1.
    line: u64,
    /// Whether the header is still to be passed over.
    header: bool,
}

impl Blocks {
    pub(super) fn open(path: &Path, fields: usize) -> Result<Blocks, ColumnsError> {
        let input = Input { file: open(path)?, rest: vec![], line: 1, header: true };
        Ok(Blocks { path: path.to_owned(), fields, input: Mutex::new(input) })
    }

    /// Fills `block` with whole records; returns its first line, or `None` at the end of the file.
    fn take(&self, block: &mut Vec<u8>) -> Result<Option<u64>, ColumnsError> {
        // A reader that panicked has left the input between two blocks at worst.
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        if input.header {
            input.fill(block, &self.path, first_record)?;
            input.header = false;
        }
        let line = input.fill(block, &self.path, whole_records)?;
        Ok((!block.is_empty()).then_some(line))
    }
}

impl Input {
    /// Reads until `end` finds the end of records in the block; returns the block's first line.
    fn fill(
        &mut self,
        block: &mut Vec<u8>,
        path: &Path,
        end: fn(&[u8]) -> Option<usize>,
    ) -> Result<u64, ColumnsError> {
        let line = self.line;
        std::mem::swap(block, &mut self.rest);
        self.rest.clear();
        loop {
            let wanted = (BLOCK.saturating_sub(block.len())).max(BLOCK / 2) as u64;
            let got = self.file.by_ref().take(wanted).read_to_end(block);
            let got = got.map_err(|source| ColumnsError::File { file: path.to_owned(), source })?;
            if let Some(end) = end(block) {
                self.rest.extend_from_slice(&block[end..]);
                block.truncate(end);
                break;
            }
            if got == 0 {
                break;
            }
            if block.len() > LONGEST {
                return Err(ColumnsError::Endless { line, limit: LONGEST });
            }
        }
        self.line += block.iter().filter(|byte| **byte == b'\n').count() as u64;
        Ok(line)
    }
}

/// Returns where the last whole record ends.
fn whole_records(block: &[u8]) -> Option<usize> {
    if !block.contains(&b'"') {
        return block.iter().rposition(|byte| *byte == b'\n').map(|place| place + 1);
    }
    record_ends(block).last()
}

/// Returns where the first record ends.
fn first_record(block: &[u8]) -> Option<usize> {
    record_ends(block).next()
}

/// Returns where records end: after line feeds outside quotes. A quote within quotes is written
/// twice and so opens what it closes.
fn record_ends(block: &[u8]) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    block.iter().enumerate().filter_map(move |(place, byte)| {
        quoted ^= *byte == b'"';
        (*byte == b'\n' && !quoted).then_some(place + 1)
    })
}

/// One thread's parser.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    blocks: &'a Blocks,
    /// The columns that are read in the order of the file, each with its place in the chunk.
    targets: Vec<(&'a Target, usize)>,
    block: Vec<u8>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(blocks: &'a Blocks, targets: &'a [Target]) -> Parser<'a> {
        let mut targets: Vec<(&Target, usize)> = targets.iter().zip(0..).collect();
        targets.sort_by_key(|(target, _)| target.place);
        Parser { blocks, targets, block: vec![] }
    }

    /// Reads a block into the chunk; returns whether there was one.
    pub(super) fn read(&mut self, chunk: &mut Chunk) -> Result<bool, ColumnsError> {
        let Some(line) = self.blocks.take(&mut self.block)? else { return Ok(false) };
        chunk.line = line;
        if self.block.contains(&b'"') {
            self.quoted(chunk)?;
        } else {
            self.plain(chunk)?;
        }
        Ok(true)
    }

    /// Parses a block without quotes: every comma and every line feed ends a field.
    fn plain(&self, chunk: &mut Chunk) -> Result<(), ColumnsError> {
        let (mut line, mut start, mut place) = (chunk.line, 0, 0);
        let mut targets = self.targets.as_slice();
        let last = (!self.block.ends_with(b"\n")).then_some(&b'\n');
        for (end, &byte) in self.block.iter().chain(last).enumerate() {
            if byte != b',' && byte != b'\n' {
                continue;
            }
            let mut field = &self.block[start..end];
            if byte == b'\n' {
                field = field.strip_suffix(b"\r").unwrap_or(field);
            }
            start = end + 1;
            // An empty line is no record.
            if byte == b'\n' && place == 0 && field.is_empty() && self.blocks.fields > 1 {
                line += 1;
                continue;
            }
            while let Some(((target, column), rest)) = targets.split_first()
                && target.place == place
            {
                store(chunk, target, *column, field, line)?;
                targets = rest;
            }
            place += 1;
            if byte == b'\n' {
                self.check_fields(place, line)?;
                (line, place, targets) = (line + 1, 0, self.targets.as_slice());
            }
        }
        Ok(())
    }

    /// Parses a block with quotes.
    fn quoted(&self, chunk: &mut Chunk) -> Result<(), ColumnsError> {
        let mut options = ::csv::ReaderBuilder::new();
        let mut reader =
            options.has_headers(false).flexible(true).from_reader(self.block.as_slice());
        let mut record = ::csv::ByteRecord::new();
        let first = chunk.line;
        let not_csv = |source| not_csv(&self.blocks.path, source);
        while reader.read_byte_record(&mut record).map_err(not_csv)? {
            let line = first + record.position().map_or(1, ::csv::Position::line) - 1;
            self.check_fields(record.len(), line)?;
            for (target, column) in &self.targets {
                store(chunk, target, *column, &record[target.place], line)?;
            }
        }
        Ok(())
    }

    fn check_fields(&self, got: usize, line: u64) -> Result<(), ColumnsError> {
        let expected = self.blocks.fields;
        if got == expected { Ok(()) } else { Err(ColumnsError::Fields { line, got, expected }) }
    }
}

fn store(
    chunk: &mut Chunk,
    target: &Target,
    column: usize,
    field: &[u8],
    line: u64,
) -> Result<(), ColumnsError> {
    match &mut chunk.columns[column] {
        ChunkColumn::Numbers(numbers) => numbers.push(match number(field) {
            Some(number) => number,
            None if is_missing(field) => f64::NAN,
            None => {
                let text = String::from_utf8_lossy(field).into_owned();
                return Err(ColumnsError::Number { column: target.name.clone(), line, text });
            }
        }),
        ChunkColumn::Keys(keys) => keys.push(
            key(&mut chunk.dictionaries[column], field)
                .ok_or_else(|| ColumnsError::NotText { column: target.name.clone(), line })?,
        ),
    }
    Ok(())
}

fn key(dictionary: &mut Dictionary, field: &[u8]) -> Option<u32> {
    dictionary.key_of(if is_missing(field) { b"" } else { field })
}
