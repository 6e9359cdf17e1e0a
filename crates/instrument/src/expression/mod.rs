//! The one small language of conditions, checks and reports: CEL's syntax, with a typed meaning
//! that knows about missing answers.

use std::collections::BTreeMap;

/// What is known of a unit when a condition is evaluated: `unit.kind`, `unit.population`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitAttributes(pub BTreeMap<&'static str, Attribute>);

/// One attribute of a unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// A text or code.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

/// An expression with its names resolved against a questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {}
