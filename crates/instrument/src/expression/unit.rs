//! What an expression can say of a unit: `unit.kind`, `unit.population`.

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

/// What is known of one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitAttributes {
    /// Sorted by name: there are about ten, so that a search costs less than a hash.
    attributes: Vec<(&'static str, Attribute)>,
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
        UnitAttributes { attributes }
    }

    /// Returns the attribute with this name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        let place = self.attributes.binary_search_by_key(&name, |(name, _)| name).ok()?;
        Some(&self.attributes[place].1)
    }
}
