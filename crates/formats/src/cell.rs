//! What stands in a cell: a value, or a kind of missing after a point.

use dataset::{Cell, CodebookVariable, Column, Missing};

/// A cell of the table cannot be read.
#[derive(Debug)]
pub(crate) struct NotACell;

/// Returns what stands in the table's columns of a variable for one unit.
pub(crate) fn write(variable: &CodebookVariable, column: &Column, unit: usize) -> Vec<String> {
    match column {
        Column::Category(cells) => {
            let code = |place: &u16| variable.options[usize::from(*place)].code.to_string();
            vec![write_one(&cells[unit], code)]
        }
        Column::Categories(cells) => write_indicators(variable, &cells[unit]),
        Column::Integer(cells) => vec![write_one(&cells[unit], i64::to_string)],
        Column::Decimal(cells) => vec![write_one(&cells[unit], f64::to_string)],
        Column::Text(cells) => vec![write_one(&cells[unit], |text| write_text(text))],
    }
}

fn write_one<T>(cell: &Cell<T>, valid: impl Fn(&T) -> String) -> String {
    match cell {
        Cell::Valid(value) => valid(value),
        Cell::Missing(missing) => write_missing(*missing),
    }
}

fn write_indicators(variable: &CodebookVariable, cell: &Cell<Vec<u16>>) -> Vec<String> {
    let chosen = |place: u16| match cell {
        Cell::Valid(places) if places.contains(&place) => "1".to_owned(),
        Cell::Valid(_) => "0".to_owned(),
        Cell::Missing(missing) => write_missing(*missing),
    };
    substantive(variable).map(chosen).collect()
}

/// Returns the indexes of the options that are no kind of missing.
pub(crate) fn substantive(variable: &CodebookVariable) -> impl Iterator<Item = u16> {
    let options = (0u16..).zip(&variable.options);
    options.filter(|(_, option)| option.missing.is_none()).map(|(place, _)| place)
}

/// Returns the code of a kind of missing in the table.
pub(crate) fn write_missing(missing: Missing) -> String {
    format!(".{}", missing.as_str())
}

/// A text that would pass for a kind of missing gets one point more.
fn write_text(text: &str) -> String {
    if text.starts_with('.') && missing(text.trim_start_matches('.')).is_some() {
        format!(".{text}")
    } else {
        text.to_owned()
    }
}

fn missing(code: &str) -> Option<Missing> {
    Missing::ALL.into_iter().find(|missing| missing.as_str() == code)
}

/// Reads a cell of one column. `valid` reads what is no kind of missing.
pub(crate) fn read<T>(text: &str, valid: impl Fn(&str) -> Option<T>) -> Result<Cell<T>, NotACell> {
    match text.strip_prefix('.').and_then(missing) {
        Some(missing) => Ok(Cell::Missing(missing)),
        None => valid(text).map(Cell::Valid).ok_or(NotACell),
    }
}

/// Reads what [`write_text`] wrote.
pub(crate) fn read_text(text: &str) -> Option<String> {
    let escaped = text.starts_with("..") && missing(text.trim_start_matches('.')).is_some();
    Some(if escaped { &text[1..] } else { text }.to_owned())
}

/// Reads the columns of a multiple choice: all hold the same kind of missing, or 0 and 1 with at
/// least one 1.
pub(crate) fn read_indicators(
    texts: &[&str],
    places: impl Iterator<Item = u16>,
) -> Result<Cell<Vec<u16>>, NotACell> {
    let first = read(texts.first().ok_or(NotACell)?, |_| Some(()))?;
    if let Cell::Missing(missing) = first {
        let same = texts.iter().all(|text| *text == texts[0]);
        return if same { Ok(Cell::Missing(missing)) } else { Err(NotACell) };
    }
    if !texts.iter().all(|text| matches!(*text, "0" | "1")) {
        return Err(NotACell);
    }
    let chosen: Vec<u16> =
        places.zip(texts).filter(|(_, text)| **text == "1").map(|(place, _)| place).collect();
    if chosen.is_empty() { Err(NotACell) } else { Ok(Cell::Valid(chosen)) }
}
