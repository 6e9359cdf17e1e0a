//! One table as a spreadsheet.

use std::fmt;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use thiserror::Error;

/// What stands in a cell of a spreadsheet.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetCell {
    /// Nothing.
    Empty,
    /// A text; a spreadsheet shows it as it is and computes nothing, whatever it begins with.
    Text(String),
    /// A number.
    Number(f64),
}

/// Why a spreadsheet cannot be made.
#[derive(Debug, Error)]
#[error("the table does not fit into a spreadsheet: {0}")]
pub struct SheetError(#[from] XlsxError);

impl fmt::Display for SheetCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SheetCell::Empty => Ok(()),
            SheetCell::Text(text) => f.write_str(text),
            SheetCell::Number(number) => number.fmt(f),
        }
    }
}

/// Returns a spreadsheet (XLSX) with one sheet, whose first record names the columns.
///
/// The same records give the same bytes. Errs where a sheet has no room for all records.
pub fn write_sheet(records: &[Vec<SheetCell>]) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    // The library would write the time of day into the file.
    let fixed = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (line, record) in (0..).zip(records) {
        for (column, cell) in (0..).zip(record) {
            match cell {
                SheetCell::Empty => {}
                SheetCell::Text(text) if line == 0 => {
                    sheet.write_string_with_format(line, column, text, &bold)?;
                }
                SheetCell::Text(text) => {
                    sheet.write_string(line, column, text)?;
                }
                SheetCell::Number(number) => {
                    sheet.write_number(line, column, *number)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(workbook.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Vec<SheetCell>> {
        let text = |text: &str| SheetCell::Text(text.to_owned());
        vec![
            vec![text("variable"), text("value")],
            vec![text("=1+1 æøå"), SheetCell::Number(64.5)],
            vec![SheetCell::Empty, SheetCell::Number(-0.25)],
        ]
    }

    #[test]
    fn the_same_records_give_the_same_workbook() {
        let bytes = write_sheet(&records()).expect("it fits");
        assert_eq!(bytes, write_sheet(&records()).expect("it fits"));
        assert!(bytes.starts_with(b"PK"), "a workbook is a ZIP file");
    }

    #[test]
    fn a_sheet_that_is_too_wide_is_refused() {
        let wide = vec![vec![SheetCell::Number(1.0); 16_385]];
        assert!(write_sheet(&wide).is_err());
    }
}
