//! The rules that `runde check` holds frame files to; the guide's catalogue is made from them.

use instrument::Severity;
use instrument::rules::Rule;

const fn error(code: &'static str, title: &'static str, remedy: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, title, remedy }
}

/// A row has too few or too many fields.
pub const NOT_CSV: &Rule = &error(
    "RF0101",
    "A row has too few or too many fields",
    "Give each row as many fields as the first line has columns; a field with a comma in it stands in quotes",
);
/// The first line lacks a column.
pub const MISSING_COLUMN: &Rule = &error(
    "RF0102",
    "The first line lacks a column",
    "Add the column to the first line and its values to every row; the message names it",
);
/// A value has the wrong form.
pub const WRONG_VALUE: &Rule = &error(
    "RF0103",
    "A value has the wrong form",
    "Write the value in the form that the message names",
);
/// A unit stands twice in the frame.
pub const DUPLICATE_UNIT: &Rule =
    &error("RF0104", "A unit stands twice in the frame", "Take one of the two rows out");
/// A unit belongs to one that is not in the frame.
pub const UNKNOWN_PARENT: &Rule = &error(
    "RF0105",
    "A unit belongs to one that is not in the frame",
    "Add the unit that it belongs to, or correct the number in `parent`",
);
/// The frame has no units.
pub const NO_UNITS: &Rule =
    &error("RF0106", "The frame has no units", "Add a row for each unit that is invited");
/// The columns are not separated by commas.
pub const WRONG_SEPARATOR: &Rule = &error(
    "RF0107",
    "The columns are not separated by commas",
    "Save the file with commas between the columns, as “CSV UTF-8” with English settings does",
);
/// The file is too large, or has too many mistakes to go on.
pub const TOO_MUCH: &Rule = &error(
    "RF0108",
    "The file is too large, or has too many mistakes to go on",
    "Look at the first messages: a file that is not a frame breaks the same rule in every row",
);

/// Every rule, by its code.
pub const ALL: &[&Rule] = &[
    NOT_CSV,
    MISSING_COLUMN,
    WRONG_VALUE,
    DUPLICATE_UNIT,
    UNKNOWN_PARENT,
    NO_UNITS,
    WRONG_SEPARATOR,
    TOO_MUCH,
];
