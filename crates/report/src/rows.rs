//! Small tables that the team writes by hand: read whole, with everything that is wrong at its place.

use std::ops::Range;

use csv::StringRecord;
use instrument::{Diagnostic, Severity};

/// A table as it must be.
pub(crate) struct Columns<'a> {
    /// What its rows are, for who has another table there.
    pub(crate) of: &'a str,
    pub(crate) names: &'a [&'a str],
    /// The code of the diagnostics.
    pub(crate) code: &'static str,
}

impl Columns<'_> {
    /// Reads a table; `row` says what is wrong with a record, which has as many fields as there are
    /// columns. Returns the rows that could be read and all diagnostics.
    pub(crate) fn read<T>(
        &self,
        file: &str,
        text: &str,
        row: impl Fn(&StringRecord) -> Result<T, String>,
    ) -> (Vec<T>, Vec<Diagnostic>) {
        let (mut rows, mut diagnostics) = (vec![], vec![]);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        if !reader.headers().is_ok_and(|header| header.iter().eq(self.names.iter().copied())) {
            let hint = format!("the first line is `{}`", self.names.join(","));
            let message = format!("the columns are not those of {}", self.of);
            return (rows, vec![self.error(file, 0..line(text), message, Some(hint))]);
        }
        for record in reader.into_records() {
            let record = match record {
                Ok(record) => record,
                Err(wrong) => {
                    let message = format!("not a CSV file: {wrong}");
                    diagnostics.push(self.error(file, 0..0, message, None));
                    break;
                }
            };
            let start = record.position().map_or(0, |position| position.byte() as usize);
            match self.whole(&record).and_then(|()| row(&record)) {
                Ok(row) => rows.push(row),
                Err(message) => {
                    let span = start..start + line(&text[start..]);
                    diagnostics.push(self.error(file, span, message, None));
                }
            }
        }
        (rows, diagnostics)
    }

    /// Says that a field is not what is wanted in its column.
    pub(crate) fn wrong(&self, record: &StringRecord, column: usize, wanted: &str) -> String {
        format!("{} is `{}`, not {wanted}", self.names[column], &record[column])
    }

    fn whole(&self, record: &StringRecord) -> Result<(), String> {
        let (fields, columns) = (record.len(), self.names.len());
        if fields == columns {
            Ok(())
        } else {
            Err(format!("the row has {fields} fields, not {columns}"))
        }
    }

    fn error(
        &self,
        file: &str,
        span: Range<usize>,
        message: String,
        hint: Option<String>,
    ) -> Diagnostic {
        let (code, severity, file) = (self.code, Severity::Error, file.to_owned());
        Diagnostic { code, severity, file, span: Some(span), message, hint }
    }
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
