//! How it travels: a [`dataset::DataSet`] as files that others read, and back.
//!
//! [`write_csv`] writes the answers with codes, a row for each unit; [`write_codebook`] writes what
//! they mean. Together they are the whole data set: [`read_csv`] makes it again.
//!
//! [`write_parquet`] holds the same columns with their types, [`write_questionnaire`] what was asked,
//! and a [`Cube`] figures that others read as JSON-stat or CSV.
//!
//! # The table
//! RFC 4180 in UTF-8 with line feeds and decimal points. The first columns tell of the unit and
//! begin with `unit.`. A variable has a column of its name, with two exceptions: a multiple choice
//! has a column `question.option` with 1 or 0 for each option, and the text of an "other, specify"
//! is in `question.option.text`. A cell without a substantive answer holds the reason after a
//! point: `.not_asked`, `.dont_know`. The codebook lists all of them.

mod cell;
mod chunks;
mod codebook;
mod column;
mod cube;
mod package;
mod parquet;
mod questionnaire;
mod read;
mod sheet;
mod table;

pub use chunks::{Chunk, ChunkColumn, Chunks, ColumnFile, ColumnsError, Reader, Reading};
pub use codebook::write_codebook;
pub use cube::{
    Cube, Dimension, Role, write_json_stat, write_json_stat_collection, write_tables_csv,
};
pub use package::{About, write_checksums, write_licence, write_readme};
pub use parquet::{WriteParquetError, write_parquet};
pub use questionnaire::write_questionnaire;
pub use read::{ReadError, read_csv};
pub use sheet::{SheetCell, SheetError, write_sheet};
pub use table::{WriteError, write_csv};

use dataset::DataSet;
use instrument::Release;

/// Who a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anyone: the answers of variables that are released unit by unit.
    Public,
    /// Those who work with the survey: everything.
    Internal,
}

impl Audience {
    /// Returns whether it may see what each unit answered to the variable with this index.
    fn sees_answers(self, data: &DataSet, index: usize) -> bool {
        match self {
            Audience::Internal => true,
            Audience::Public => data.is_open(index),
        }
    }

    /// Returns whether it may know of the variable.
    fn sees_variable(self, release: Release) -> bool {
        match (self, release) {
            (Audience::Internal, _) | (Audience::Public, Release::Open | Release::Tables) => true,
            (Audience::Public, Release::Internal) => false,
        }
    }
}
