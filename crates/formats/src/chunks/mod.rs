//! Reading a few columns of a large file, a chunk of rows at a time and on several threads.
//!
//! A [`ColumnFile`] is CSV or Parquet. Its [`Chunks`] are shared among threads, each of which has a
//! [`Reader`]: what is locked is the taking of the next piece of the file, not its parsing. Nothing
//! is kept of a chunk once the next is read, so that a file of any length takes the same memory.

mod column;
mod csv;
mod parquet;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use column::{Chunk, ChunkColumn};

/// What the cells of a column are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Finite numbers; a missing one is NaN.
    Numbers,
    /// Keys: each different text is a number of its own, see [`Reader::keys`]. A missing one is the
    /// empty text.
    Keys,
}

/// Why columns cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// The file cannot be read at all.
    #[error("cannot read {}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not Parquet, or damaged.
    #[error("cannot read {}: {source}", file.display())]
    Parquet {
        /// The file.
        file: PathBuf,
        /// What the reader says.
        source: ::parquet::errors::ParquetError,
    },
    /// The CSV is not well formed.
    #[error("cannot read {}: {source}", file.display())]
    Csv {
        /// The file.
        file: PathBuf,
        /// What the reader says.
        source: ::csv::Error,
    },
    /// A file whose name does not say what it is.
    #[error("cannot tell what {} is: name it .csv or .parquet", .0.display())]
    Form(PathBuf),
    /// A column that the file does not have, or has several times.
    #[error("{} has the column `{name}` {times} times, it must be there once; it has {known}",
            file.display())]
    Column {
        /// The file.
        file: PathBuf,
        /// The column.
        name: String,
        /// How often it is there.
        times: usize,
        /// The columns that are there.
        known: String,
    },
    /// A row with more or fewer fields than the header.
    #[error("line {line} has {got} fields, but the header has {expected}")]
    Fields {
        /// The line, from 1.
        line: u64,
        /// Its fields.
        got: usize,
        /// Those of the header.
        expected: usize,
    },
    /// A cell that is no finite number.
    #[error("column `{column}`, line {line}: `{text}` is no finite number")]
    Number {
        /// The column.
        column: String,
        /// The line, from 1; of Parquet the row.
        line: u64,
        /// What stands there.
        text: String,
    },
    /// A cell that is not UTF-8.
    #[error("column `{column}`, line {line}: not UTF-8; save the file as UTF-8")]
    NotText {
        /// The column.
        column: String,
        /// The line, from 1.
        line: u64,
    },
    /// A record without an end.
    #[error("the record that begins in line {line} is longer than {limit} bytes: a quote is open")]
    Endless {
        /// The line, from 1.
        line: u64,
        /// The longest record.
        limit: usize,
    },
    /// A type of Parquet that is neither number nor text.
    #[error("column `{column}` is of type {held}; it must be a number, a truth value or a text")]
    Type {
        /// The column.
        column: String,
        /// Its type.
        held: String,
    },
}

/// A file of columns, of which the names are known.
#[derive(Debug)]
pub struct ColumnFile {
    path: PathBuf,
    names: Vec<String>,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Csv,
    Parquet(Arc<::parquet::file::metadata::ParquetMetaData>),
}

/// The rows of a file, to be shared among threads: each row is read by one of them.
#[derive(Debug)]
pub struct Chunks {
    targets: Vec<Target>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Csv(csv::Blocks),
    Parquet(parquet::RowGroups),
}

/// A column that is read.
#[derive(Clone, Debug)]
struct Target {
    name: String,
    /// Where it stands in the file, from 0.
    place: usize,
    reading: Reading,
}

/// One thread's reader of [`Chunks`].
#[derive(Debug)]
pub struct Reader<'a> {
    chunk: Chunk,
    state: State<'a>,
}

#[derive(Debug)]
enum State<'a> {
    Csv(csv::Parser<'a>),
    Parquet(parquet::Decoder<'a>),
}

impl ColumnFile {
    /// Opens a file and reads the names of its columns.
    pub fn open(path: &Path) -> Result<ColumnFile, ColumnsError> {
        let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let (names, form) = match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("csv") => (csv::header(path)?, Form::Csv),
            Some("parquet") => {
                let metadata = parquet::metadata(path)?;
                (parquet::names(&metadata), Form::Parquet(metadata))
            }
            Some(_) | None => return Err(ColumnsError::Form(path.to_owned())),
        };
        Ok(ColumnFile { path: path.to_owned(), names, form })
    }

    /// Returns the names of the columns, in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Begins to read some columns, from the first row on.
    pub fn chunks(&self, wanted: &[(&str, Reading)]) -> Result<Chunks, ColumnsError> {
        let targets = wanted
            .iter()
            .map(|&(name, reading)| {
                Ok(Target { name: name.to_owned(), place: self.place(name)?, reading })
            })
            .collect::<Result<Vec<Target>, ColumnsError>>()?;
        let source = match &self.form {
            Form::Csv => Source::Csv(csv::Blocks::open(&self.path, self.names.len())?),
            Form::Parquet(metadata) => {
                Source::Parquet(parquet::RowGroups::new(&self.path, metadata, &targets))
            }
        };
        Ok(Chunks { targets, source })
    }

    fn place(&self, name: &str) -> Result<usize, ColumnsError> {
        let mut places = (0..self.names.len()).filter(|place| self.names[*place] == name);
        match (places.next(), places.count()) {
            (Some(place), 0) => Ok(place),
            (first, more) => Err(ColumnsError::Column {
                file: self.path.clone(),
                name: name.to_owned(),
                times: usize::from(first.is_some()) + more,
                known: self.names.join(", "),
            }),
        }
    }
}

impl Chunks {
    /// Returns a reader for one thread.
    pub fn reader(&self) -> Reader<'_> {
        let state = match &self.source {
            Source::Csv(blocks) => State::Csv(csv::Parser::new(blocks, &self.targets)),
            Source::Parquet(groups) => State::Parquet(parquet::Decoder::new(groups)),
        };
        Reader { chunk: Chunk::new(&self.targets), state }
    }
}

impl Reader<'_> {
    /// Reads the next chunk; `None` where all rows have been read by this or other readers.
    pub fn read(&mut self) -> Result<Option<&Chunk>, ColumnsError> {
        self.chunk.clear();
        let more = match &mut self.state {
            State::Csv(parser) => parser.read(&mut self.chunk)?,
            State::Parquet(decoder) => decoder.read(&mut self.chunk)?,
        };
        Ok(more.then_some(&self.chunk))
    }

    /// Returns the chunk that was read last.
    pub fn chunk(&self) -> &Chunk {
        &self.chunk
    }

    /// Returns the texts that this reader's keys of a column stand for, in the order in which it met
    /// them; empty for a column of numbers. Another reader's keys are others.
    pub fn keys(&self, column: usize) -> &[String] {
        self.chunk.dictionaries[column].names()
    }
}

fn open(path: &Path) -> Result<File, ColumnsError> {
    File::open(path).map_err(|source| ColumnsError::File { file: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
