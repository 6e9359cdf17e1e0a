//! Boundaries: where the areas of a map lie, from a GeoJSON file (RFC 7946) that the team supplies.
//!
//! A feature is a county or a unit of the frame, by its number; the areas of units make up that of their
//! county. What is read of it is its number and its lines, and nothing else.

use std::fmt;

use frame::Frame;
use instrument::{Diagnostic, Severity};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;

/// The areas of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundaries {
    pub(crate) areas: Vec<Area>,
}

/// The area of a county or a unit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Feature")]
pub(crate) struct Area {
    /// Its number.
    pub(crate) id: String,
    /// The lines around it and around what is not part of it, each closed.
    pub(crate) rings: Vec<Ring>,
}

/// The points of a closed line: longitude and latitude.
pub(crate) type Ring = Vec<(f64, f64)>;

/// How many points a file may have: ten times the finest that a page has use for.
const MOST_POINTS: usize = 500_000;

/// The code of what is wrong with the file.
const CODE: &str = "RR0707";

/// Reads the boundaries of a frame. Returns them where nothing is wrong, and what is.
pub fn read_boundaries(
    file: &str,
    text: &str,
    frame: &Frame,
) -> (Option<Boundaries>, Vec<Diagnostic>) {
    let error = |span, message: String, hint: &str| Diagnostic {
        code: CODE,
        severity: Severity::Error,
        file: file.to_owned(),
        span: Some(span),
        message,
        hint: Some(hint.to_owned()),
    };
    let collection: Collection = match serde_json::from_str(text) {
        Ok(collection) => collection,
        Err(wrong) => {
            let read = offset(text, wrong.line(), wrong.column());
            let said = wrong.to_string();
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            // A whole feature is looked at when it has been read: it ends before this place.
            let of_whole = said.starts_with("the area ") || said.starts_with("a feature ");
            let end = text[..read].rfind('}').filter(|_| of_whole);
            let place = end.unwrap_or(read);
            let message = format!("no boundaries in GeoJSON: {said}");
            return (None, vec![error(place..place, message, SHAPE)]);
        }
    };
    let areas = collection.features;
    let points = areas.iter().flat_map(|area| &area.rings).map(Vec::len).sum::<usize>();
    if points > MOST_POINTS {
        let message = format!("the boundaries have {points} points, more than {MOST_POINTS}");
        return (
            None,
            vec![error(0..0, message, "simplify them, for instance with `ogr2ogr -simplify`")],
        );
    }
    let known =
        |id: &str| frame.units.iter().any(|unit| unit.county_id == id || unit.id.as_str() == id);
    let unknown = areas.iter().filter(|area| !known(&area.id)).map(|area| {
        let quoted = format!("\"{}\"", area.id);
        let start = text.find(&quoted).unwrap_or_default();
        let message = format!("the frame has no county and no unit `{}`", area.id);
        error(
            start..start + quoted.len(),
            message,
            "take the feature out, or write the number of the frame",
        )
    });
    let unknown: Vec<Diagnostic> = unknown.collect();
    (unknown.is_empty().then_some(Boundaries { areas }), unknown)
}

/// What the file must be, for whoever has another one there.
const SHAPE: &str = "the file is a FeatureCollection of polygons in longitude and latitude (WGS 84), each with \
                     the number of a county or a unit as its `id`, in quotation marks";

/// Returns the place of a line and column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let place = (before + column.saturating_sub(1)).min(text.len());
    (0..=place).rev().find(|place| text.is_char_boundary(*place)).unwrap_or_default()
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    _kind: CollectionKind,
    features: Vec<Area>,
}

#[derive(Deserialize)]
enum CollectionKind {
    FeatureCollection,
}

#[derive(Deserialize)]
enum FeatureKind {
    Feature,
}

#[derive(Deserialize)]
enum GeometryKind {
    Polygon,
    MultiPolygon,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "type")]
    _kind: FeatureKind,
    id: Option<Value>,
    properties: Option<Properties>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Properties {
    id: Option<Value>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: GeometryKind,
    coordinates: Nested,
}

/// Numbers in lists in lists.
enum Nested {
    Number(f64),
    List(Vec<Nested>),
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Nested, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Nested;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a list of numbers")
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Nested, E> {
                match number.abs() <= 180.0 {
                    true => Ok(Nested::Number(number)),
                    false => Err(E::custom(format!("{number} is no longitude and no latitude"))),
                }
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Nested, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Nested, E> {
                self.visit_f64(number as f64)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nested, A::Error> {
                let mut all = vec![];
                while let Some(one) = list.next_element()? {
                    all.push(one);
                }
                Ok(Nested::List(all))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl Nested {
    fn list(&self) -> Result<&[Nested], String> {
        match self {
            Nested::List(list) => Ok(list),
            Nested::Number(number) => Err(format!("{number} stands where a list must stand")),
        }
    }

    /// Reads the lines around a polygon and its holes.
    fn polygon(&self) -> Result<Vec<Ring>, String> {
        self.list()?.iter().map(Nested::ring).collect()
    }

    fn ring(&self) -> Result<Ring, String> {
        let ring: Ring = self.list()?.iter().map(Nested::point).collect::<Result<_, _>>()?;
        match ring.len() >= 4 && ring.first() == ring.last() {
            true => Ok(ring),
            false => {
                Err("a line is not closed: it has four points or more, and ends where it begins"
                    .to_owned())
            }
        }
    }

    fn point(&self) -> Result<(f64, f64), String> {
        match self.list()? {
            [Nested::Number(lon), Nested::Number(lat), ..] if lat.abs() <= 90.0 => Ok((*lon, *lat)),
            [Nested::Number(lon), Nested::Number(lat), ..] => {
                Err(format!("the point {lon}, {lat} has no latitude: longitude comes first"))
            }
            _ => Err("a point is not a longitude and a latitude".to_owned()),
        }
    }
}

impl TryFrom<Feature> for Area {
    type Error = String;

    fn try_from(feature: Feature) -> Result<Area, String> {
        let of_properties = feature.properties.and_then(|properties| properties.id);
        let id = match feature.id.or(of_properties) {
            Some(Value::String(id)) => id,
            Some(_) => {
                return Err("a feature has an `id` that is not in quotation marks".to_owned());
            }
            None => return Err("a feature has no `id`".to_owned()),
        };
        let rings = feature.geometry.ok_or("it has no geometry".to_owned()).and_then(|geometry| {
            match geometry.kind {
                GeometryKind::Polygon => geometry.coordinates.polygon(),
                GeometryKind::MultiPolygon => {
                    let polygons = geometry.coordinates.list()?.iter().map(Nested::polygon);
                    Ok(polygons.collect::<Result<Vec<_>, _>>()?.concat())
                }
            }
        });
        Ok(Area { rings: rings.map_err(|wrong| format!("the area `{id}`: {wrong}"))?, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str = "id,name,kind,parent,county_id,county,population,centrality,kostra_group,\
        language_form,sami_area,lon,lat\n1508,Ålesund,municipality,,15,Møre og Romsdal,59198,3,11,nynorsk,0,6.2,62.8\n";

    fn frame() -> Frame {
        frame::frame("frame/2025.csv", FRAME, "2025".parse().unwrap()).0.unwrap()
    }

    fn collection(features: &str) -> String {
        format!("{{\"type\": \"FeatureCollection\", \"features\": [\n{features}\n]}}")
    }

    fn feature(id: &str, kind: &str, coordinates: &str) -> String {
        format!(
            "{{\"type\": \"Feature\", \"properties\": {{\"id\": {id}}}, \
             \"geometry\": {{\"type\": \"{kind}\", \"coordinates\": {coordinates}}}}}"
        )
    }

    const SQUARE: &str = "[[[6, 62], [7, 62], [7, 63, 12.5], [6, 62]]]";

    #[test]
    fn areas_are_read_by_county_and_by_unit() {
        let two = format!("[{SQUARE}, {SQUARE}]");
        let text = collection(
            &[feature("\"15\"", "Polygon", SQUARE), feature("\"1508\"", "MultiPolygon", &two)]
                .join(","),
        );
        let (boundaries, said) = read_boundaries("b.geojson", &text, &frame());
        assert_eq!(said, []);
        let areas = boundaries.unwrap().areas;
        assert_eq!(areas.iter().map(|area| area.rings.len()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(areas[0].rings[0][1], (7.0, 62.0));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        for (features, says, line) in [
            (
                feature("\"15\"", "Polygon", "[[[6, 62], [7, 62], [7, 63]]]"),
                "a line is not closed",
                2,
            ),
            (feature("\"15\"", "Polygon", "[[[62, 6], [62, 700]]]"), "700 is no longitude", 2),
            (
                feature("\"15\"", "Polygon", "[[[6, 162], [7, 62], [7, 63], [6, 162]]]"),
                "longitude comes first",
                2,
            ),
            (feature("\"15\"", "Polygon", "[[6, 62]]"), "stands where a list must stand", 2),
            (feature("\"15\"", "Polygon", "[[[6, NaN]]]"), "expected value", 2),
            (feature("\"15\"", "Polygon", "[[[6, 1e999]]]"), "number out of range", 2),
            (feature("\"15\"", "Polygon", &deep), "recursion limit exceeded", 2),
            (feature("\"15\"", "Point", "[6, 62]"), "unknown variant `Point`", 2),
            (feature("15", "Polygon", SQUARE), "that is not in quotation marks", 2),
            (feature("null", "Polygon", SQUARE), "a feature has no `id`", 2),
            (feature("\"99\"", "Polygon", SQUARE), "no county and no unit `99`", 2),
            ("{\"type\": \"Feature\", \"id\": \"15\"}".to_owned(), "`15`: it has no geometry", 2),
            ("{".to_owned(), "key must be a string", 3),
        ] {
            let text = collection(&features);
            let (boundaries, said) = read_boundaries("b.geojson", &text, &frame());
            assert!(boundaries.is_none() && said.len() == 1, "{said:?}");
            assert!(said[0].message.contains(says), "{}: {says}", said[0].message);
            let place = said[0].span.clone().unwrap().start;
            assert_eq!(text[..place].matches('\n').count() + 1, line, "{says}");
        }
    }
}
