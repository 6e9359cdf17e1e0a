//! What was answered, looked up in the frozen data set.

use std::fs;
use std::path::Path;

use dataset::{Cell, CodebookOption, CodebookVariable, Column, DataSet, Missing};
use frame::{Disposition, UnitKind};

use super::answering::Given;

/// Reads the data set that `freeze` or `demo` wrote into `folder`.
pub(crate) fn data_set(folder: &Path) -> DataSet {
    let bytes = fs::read(folder.join("dataset.json")).expect("the data set was written");
    dataset::decode(&bytes).expect("it can be read back")
}

/// Returns the number of a district of Oslo that has not begun to answer.
pub(crate) fn untouched_district(data: &DataSet) -> String {
    let untouched = |kind, end| kind == UnitKind::District && end == Disposition::NonContact;
    let found = data.units.iter().find(|unit| untouched(unit.kind, unit.disposition));
    found.expect("some district has not begun").id.to_string()
}

/// Checks that the data of `unit` is what was given: nothing else, and nothing left out.
pub(crate) fn assert_holds(data: &DataSet, unit: &str, given: &Given) {
    let unit = data.units.iter().position(|row| row.id.as_str() == unit).expect("it was invited");
    assert_eq!(data.units[unit].disposition, Disposition::Complete);
    for (name, written) in given {
        let (variable, column) = data.variable(name).unwrap_or_else(|| panic!("no column {name}"));
        let written: Vec<String> = written.iter().map(|text| coded(variable, text)).collect();
        assert_eq!(read(variable, column, unit), written, "{name}");
    }
    for (variable, column) in data.variables.iter().zip(&data.columns) {
        let name = &variable.name;
        match column.missing(unit) {
            None if variable.formula.is_some() => {
                assert!(!given.contains_key(name), "{name} was answered by somebody");
            }
            None | Some(Missing::DontKnow | Missing::NotRelevant | Missing::WillNotAnswer) => {
                assert!(given.contains_key(name), "{name} was answered by nobody");
            }
            // The text of an "other, specify" is asked of those who chose the option.
            Some(Missing::NotAnswered) => {
                assert!(specifies(variable), "{name} was asked, but stood on no page");
            }
            Some(missing @ (Missing::NoResponse | Missing::NotHandedIn)) => {
                panic!("{name} is {missing:?} after the whole case was signed");
            }
            Some(Missing::NotAsked) => {}
        }
    }
}

/// Checks that columns of each kind that the data has were answered.
pub(crate) fn assert_all_kinds(data: &DataSet, given: &Given) {
    for CodebookVariable { kind, .. } in &data.variables {
        let mut of_its_kind = data.variables.iter().filter(|other| other.kind == *kind);
        let answered = of_its_kind.any(|other| given.contains_key(&other.name));
        assert!(answered, "no {kind:?} was answered");
    }
}

/// Returns the code of an option of a list that was written by its text; other texts as they are
/// stored.
fn coded(variable: &CodebookVariable, written: &str) -> String {
    let is_written = |option: &&CodebookOption| option.text.iter().any(|(_, text)| text == written);
    let option = variable.options.iter().find(is_written);
    option.map_or_else(|| in_order(written), |option| option.code.to_string())
}

/// Returns a day or month with its largest part first, as it is stored; other texts as they are.
fn in_order(written: &str) -> String {
    let parts: Vec<&str> = written.split('.').collect();
    let year = parts.last().is_some_and(|last| last.len() == 4);
    let digits = written.chars().all(|c| c.is_ascii_digit() || c == '.');
    if parts.len() < 2 || !year || !digits {
        return written.to_owned();
    }
    parts.iter().rev().map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join("-")
}

/// Checks that a simulated unit answered something where anything is asked, and that nothing that
/// it was asked and need not write by hand is missing without a reason.
pub(crate) fn holds_drawn_answers(data: &DataSet, unit: &str, survey: &str) {
    let unit = data.units.iter().position(|row| row.id.as_str() == unit).expect("it was invited");
    assert_eq!(data.units[unit].disposition, Disposition::Complete, "{survey}");
    for (variable, column) in data.variables.iter().zip(&data.columns) {
        let open = column.missing(unit) == Some(Missing::NotAnswered);
        let text = matches!(column, Column::Text(_));
        // An order of the first few leaves the other rows without a place.
        let unplaced = matches!(column, Column::Integer(_))
            && data.variables.iter().zip(&data.columns).any(|(other, places)| {
                other.question == variable.question
                    && other.name != variable.name
                    && places.missing(unit).is_none()
            });
        assert!(!open || text || unplaced, "{survey}: {} was not drawn", variable.name);
    }
}

/// Whether a variable holds the text that belongs to an option.
fn specifies(variable: &CodebookVariable) -> bool {
    variable.options.is_empty() && variable.name != variable.question.as_str()
}

/// Returns what a cell holds as a person gave it: codes, or what was written.
fn read(variable: &CodebookVariable, column: &Column, unit: usize) -> Vec<String> {
    let code = |option: &u16| variable.options[usize::from(*option)].code.to_string();
    match column {
        Column::Category(cells) => cell(&cells[unit], |option| vec![code(option)]),
        Column::Categories(cells) => cell(&cells[unit], |set| set.iter().map(code).collect()),
        Column::Integer(cells) => cell(&cells[unit], |number| vec![number.to_string()]),
        Column::Decimal(cells) => cell(&cells[unit], |number| vec![number.to_string()]),
        Column::Text(cells) => cell(&cells[unit], |text| vec![text.clone()]),
    }
}

fn cell<T>(cell: &Cell<T>, read: impl FnOnce(&T) -> Vec<String>) -> Vec<String> {
    match cell {
        Cell::Valid(value) => read(value),
        Cell::Missing(missing) => vec![missing.as_str().to_owned()],
    }
}
