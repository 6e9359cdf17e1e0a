//! What an expression can say of a unit: `unit.kind`, `unit.population`; what it answered in the
//! last round, and the day on which it is looked at.

use jiff::civil::Date;

use crate::Answers;

/// The names that may follow `unit.`, handed in by whoever knows the frame.
pub type UnitNames = [UnitName];

/// One attribute that units have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitName {
    /// Its name, for instance `population`.
    pub name: &'static str,
    /// What it holds.
    pub kind: AttributeKind,
    /// The only texts that it can hold; empty where any text may stand, and for other kinds.
    pub values: &'static [&'static str],
}

/// What an attribute of a unit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// A text or code.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
}

/// What is known of one unit before it answers: its attributes in the frame, its answers of the
/// last round where it has any, and the day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitAttributes {
    /// Sorted by name: there are about ten, so that a search costs less than a hash.
    attributes: Vec<(&'static str, Attribute)>,
    last: Option<Answers>,
    today: Option<Date>,
}

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

impl UnitAttributes {
    /// Returns what is known of a unit. An attribute that is left out is unknown.
    pub fn new(attributes: impl IntoIterator<Item = (&'static str, Attribute)>) -> UnitAttributes {
        let mut attributes: Vec<_> = attributes.into_iter().collect();
        attributes.sort_by_key(|(name, _)| *name);
        attributes.dedup_by_key(|(name, _)| *name);
        UnitAttributes { attributes, last: None, today: None }
    }

    /// Returns the same with the answers of the last round, in the order of that round's
    /// variables. [`crate::lineage::last_answers`] leaves out those off the path.
    #[must_use]
    pub fn with_last(self, answers: Answers) -> UnitAttributes {
        UnitAttributes { last: Some(answers), ..self }
    }

    /// Returns the same, looked at on a day.
    #[must_use]
    pub fn on(self, today: Date) -> UnitAttributes {
        UnitAttributes { today: Some(today), ..self }
    }

    /// Returns the answers of the last round.
    pub fn last(&self) -> Option<&Answers> {
        self.last.as_ref()
    }

    /// Returns the day on which the unit is looked at.
    pub fn today(&self) -> Option<Date> {
        self.today
    }

    /// Returns the attribute with this name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        let place = self.attributes.binary_search_by_key(&name, |(name, _)| name).ok()?;
        Some(&self.attributes[place].1)
    }
}
