//! Units and their attributes.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use instrument::expression::{Attribute, AttributeKind, UnitAttributes, UnitName};
use instrument::{Hash, RoundId};

/// The units of one round, in the order of their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The round.
    pub round: RoundId,
    /// The units, sorted by id.
    pub units: Vec<Unit>,
    /// The hash of the frame file.
    pub hash: Hash,
}

/// A municipality or a district, as it was in one round.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its official number.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The municipality that a district belongs to.
    pub parent: Option<UnitId>,
    /// The number of its county.
    pub county_id: String,
    /// The name of its county.
    pub county: String,
    /// How many live there.
    pub population: u64,
    /// Statistics Norway's class of centrality, from 1 (most central) to 6.
    pub centrality: u8,
    /// Statistics Norway's KOSTRA group.
    pub kostra_group: u8,
    /// The form of Norwegian that it has decided on: bokmål, nynorsk or nøytral.
    pub language_form: String,
    /// Whether it belongs to the administrative area for Sámi languages.
    pub sami_area: bool,
    /// One point inside it as longitude and latitude in degrees; districts have none.
    pub point: Option<(f64, f64)>,
}

/// The official number of a unit: text, since it may begin with 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(Arc<str>);

/// The text is not the number of a unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a unit's id holds 1 to 20 letters, digits or `-`, not `{0}`")]
pub struct InvalidUnitId(String);

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// A municipality.
    Municipality,
    /// A district of a municipality.
    District,
}

/// What an expression may ask of a unit, by name after `unit.`.
pub const UNIT_NAMES: &[UnitName] = &[
    text("id"),
    text("name"),
    UnitName { name: "kind", kind: AttributeKind::Text, values: &["municipality", "district"] },
    text("parent"),
    text("county_id"),
    text("county"),
    number("population"),
    number("centrality"),
    number("kostra_group"),
    UnitName {
        name: "language_form",
        kind: AttributeKind::Text,
        values: &["bokmål", "nynorsk", "nøytral"],
    },
    UnitName { name: "sami_area", kind: AttributeKind::Flag, values: &[] },
];

const fn text(name: &'static str) -> UnitName {
    UnitName { name, kind: AttributeKind::Text, values: &[] }
}

const fn number(name: &'static str) -> UnitName {
    UnitName { name, kind: AttributeKind::Number, values: &[] }
}

impl UnitId {
    /// Checks the characters of `text`.
    pub fn new(text: impl Into<String>) -> Result<UnitId, InvalidUnitId> {
        let text = text.into();
        let fits = (1..=20).contains(&text.chars().count());
        if fits && text.chars().all(|c| c.is_alphanumeric() || c == '-') {
            Ok(UnitId(text.into()))
        } else {
            Err(InvalidUnitId(text))
        }
    }

    /// Returns the number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for UnitId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl UnitKind {
    /// Returns the word that frame files and expressions use.
    pub fn as_str(self) -> &'static str {
        match self {
            UnitKind::Municipality => "municipality",
            UnitKind::District => "district",
        }
    }
}

impl FromStr for UnitKind {
    type Err = ();
    fn from_str(text: &str) -> Result<UnitKind, ()> {
        match text {
            "municipality" => Ok(UnitKind::Municipality),
            "district" => Ok(UnitKind::District),
            _ => Err(()),
        }
    }
}

impl Frame {
    /// Returns the unit with this id.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.position(id).map(|index| &self.units[index])
    }

    /// Returns the index of the unit with this id.
    pub fn position(&self, id: &UnitId) -> Option<usize> {
        self.units.binary_search_by(|unit| unit.id.cmp(id)).ok()
    }
}

impl Unit {
    /// Returns what expressions may ask of the unit, under the names of [`UNIT_NAMES`].
    pub fn attributes(&self) -> UnitAttributes {
        let text = |text: &str| Attribute::Text(text.to_owned());
        let mut attributes = vec![
            ("id", text(self.id.as_str())),
            ("name", text(&self.name)),
            ("kind", text(self.kind.as_str())),
            ("county_id", text(&self.county_id)),
            ("county", text(&self.county)),
            ("population", Attribute::Number(self.population as f64)),
            ("centrality", Attribute::Number(f64::from(self.centrality))),
            ("kostra_group", Attribute::Number(f64::from(self.kostra_group))),
            ("language_form", text(&self.language_form)),
            ("sami_area", Attribute::Flag(self.sami_area)),
        ];
        if let Some(parent) = &self.parent {
            attributes.push(("parent", text(parent.as_str())));
        }
        UnitAttributes::new(attributes)
    }
}
