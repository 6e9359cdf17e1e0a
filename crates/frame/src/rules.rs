//! The rules that `runde check` holds frame files to; the guide's catalogue is made from them.

use instrument::Severity;
use instrument::rules::Rule;

const fn error(code: &'static str, title: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, title }
}

/// A row has too few or too many fields.
pub const NOT_CSV: &Rule = &error("RF0101", "A row has too few or too many fields");
/// The first line lacks a column.
pub const MISSING_COLUMN: &Rule = &error("RF0102", "The first line lacks a column");
/// A value has the wrong form.
pub const WRONG_VALUE: &Rule = &error("RF0103", "A value has the wrong form");
/// A unit stands twice in the frame.
pub const DUPLICATE_UNIT: &Rule = &error("RF0104", "A unit stands twice in the frame");
/// A unit belongs to one that is not in the frame.
pub const UNKNOWN_PARENT: &Rule =
    &error("RF0105", "A unit belongs to one that is not in the frame");
/// The frame has no units.
pub const NO_UNITS: &Rule = &error("RF0106", "The frame has no units");
/// The columns are not separated by commas.
pub const WRONG_SEPARATOR: &Rule = &error("RF0107", "The columns are not separated by commas");
/// The file is too large, or has too many mistakes to go on.
pub const TOO_MUCH: &Rule =
    &error("RF0108", "The file is too large, or has too many mistakes to go on");

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
