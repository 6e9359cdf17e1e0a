//! Tables of figures for others: JSON-stat 2.0 for programs, CSV for everyone.
//!
//! A [`Cube`] is a table with any number of dimensions; its values stand in row-major order, the
//! last dimension running fastest. A value that is not published is `None`.

use instrument::{Lang, Text};
use serde_json::{Map, Value, json};

/// A table of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Cube {
    /// Its name, unique within the publication.
    pub name: String,
    /// What it is about.
    pub title: Text,
    /// Who made the figures.
    pub source: Text,
    /// When the data were frozen, in the form of RFC 3339.
    pub updated: String,
    /// What every reader must know, for instance that the answers are simulated.
    pub notes: Vec<Text>,
    /// The dimensions, the slowest first.
    pub dimensions: Vec<Dimension>,
    /// The values; as many as the product of the dimensions' sizes.
    pub values: Vec<Option<f64>>,
    /// The places of values that there cannot be, in order: they are not hidden.
    pub impossible: Vec<usize>,
}

/// A dimension of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub title: Text,
    /// What it is to a program that draws the table.
    pub role: Role,
    /// Its categories: code and text.
    pub categories: Vec<(String, Text)>,
}

/// What a dimension is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Points in time.
    Time,
    /// The measures that are told of each cell.
    Metric,
    /// Anything else.
    Classification,
}

/// Returns a table as a JSON-stat 2.0 dataset with the texts of one language. `:` is the status of
/// a value that is not published and `.` of one that there cannot be, as Statistics Norway's tables have it.
pub fn write_json_stat(cube: &Cube, lang: Lang) -> String {
    let ids: Vec<&str> = cube.dimensions.iter().map(|dimension| dimension.name).collect();
    let sizes: Vec<usize> = cube.dimensions.iter().map(|d| d.categories.len()).collect();
    let hidden = cube.values.iter().enumerate().filter(|(_, value)| value.is_none());
    let status: Map<String, Value> =
        hidden.map(|(place, _)| (place.to_string(), Value::from(sign(cube, place)))).collect();
    let mut written = json!({
        "version": "2.0",
        "class": "dataset",
        "label": cube.title.get(lang),
        "source": cube.source.get(lang),
        "updated": cube.updated,
        "id": ids,
        "size": sizes,
        "role": roles(&cube.dimensions),
        "dimension": cube.dimensions.iter().map(|d| (d.name.to_owned(), dimension(d, lang)))
            .collect::<Map<_, _>>(),
        "value": cube.values.iter().map(|value| number(*value)).collect::<Vec<_>>(),
    });
    if !status.is_empty() {
        written["status"] = Value::Object(status);
    }
    if !cube.notes.is_empty() {
        written["note"] = cube.notes.iter().map(|note| note.get(lang)).collect();
    }
    format!("{written}\n")
}

fn sign(cube: &Cube, place: usize) -> &'static str {
    if cube.impossible.binary_search(&place).is_ok() { "." } else { ":" }
}

/// Returns a JSON-stat 2.0 collection that leads to tables: for each its address and title.
pub fn write_json_stat_collection(title: &str, items: &[(String, String)]) -> String {
    let item = |(href, label): &(String, String)| json!({"class": "dataset", "href": href, "label": label, "type": "application/json"});
    let written = json!({
        "version": "2.0",
        "class": "collection",
        "label": title,
        "link": {"item": items.iter().map(item).collect::<Vec<_>>()},
    });
    format!("{written}\n")
}

fn roles(dimensions: &[Dimension]) -> Value {
    let of = |role| dimensions.iter().filter(move |d| d.role == role).map(|d| d.name);
    let mut roles = Map::new();
    for (name, role) in [("time", Role::Time), ("metric", Role::Metric)] {
        let named: Vec<&str> = of(role).collect();
        if !named.is_empty() {
            roles.insert(name.to_owned(), json!(named));
        }
    }
    Value::Object(roles)
}

fn dimension(dimension: &Dimension, lang: Lang) -> Value {
    let codes: Vec<&str> = dimension.categories.iter().map(|(code, _)| code.as_str()).collect();
    let labels = dimension.categories.iter();
    let labels: Map<String, Value> =
        labels.map(|(code, text)| (code.clone(), Value::from(text.get(lang)))).collect();
    json!({
        "label": dimension.title.get(lang),
        "category": {"index": codes, "label": labels},
    })
}

/// Writes four decimals at most, as `findings.json` does, and whole numbers without a point.
fn number(value: Option<f64>) -> Value {
    let Some(value) = value else { return Value::Null };
    let short = (value * 1e4).round() / 1e4;
    if short.fract() == 0.0 && short.abs() < 1e15 { json!(short as i64) } else { json!(short) }
}

/// Writes tables as one CSV file: a row for each cell, a column for each measure of the last
/// dimension, and the texts of `lang`. Cells that are not published are empty. Errs only where two
/// tables have different measures.
pub fn write_tables_csv(
    cubes: &[Cube],
    lang: Lang,
    marks: &[(&str, &str)],
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(vec![]);
    let Some(first) = cubes.first() else { return Ok(vec![]) };
    let measures = first.dimensions.last().map_or(&[][..], |last| &last.categories);
    let mut head: Vec<&str> = vec!["table", "title"];
    let names: Vec<String> = first
        .dimensions
        .iter()
        .filter(|d| d.role != Role::Metric)
        .flat_map(|d| [d.name.to_owned(), format!("{}.text", d.name)])
        .collect();
    head.extend(names.iter().map(String::as_str));
    head.extend(measures.iter().map(|(code, _)| code.as_str()));
    head.extend(marks.iter().map(|(name, _)| *name));
    writer.write_record(&head)?;
    for cube in cubes {
        for (place, values) in cube.values.chunks(measures.len().max(1)).enumerate() {
            let mut row = vec![cube.name.clone(), cube.title.get(lang).to_owned()];
            row.extend(place_texts(cube, place, lang));
            row.extend(values.iter().map(|value| match number(*value) {
                Value::Null => String::new(),
                number => number.to_string(),
            }));
            row.extend(marks.iter().map(|(_, mark)| (*mark).to_owned()));
            writer.write_record(&row)?;
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Returns code and text of the categories that a cell belongs to; `place` counts cells without
/// the measures.
fn place_texts(cube: &Cube, place: usize, lang: Lang) -> Vec<String> {
    let outer: Vec<&Dimension> =
        cube.dimensions.iter().filter(|d| d.role != Role::Metric).collect();
    let mut texts = vec![];
    let mut rest = place;
    for dimension in outer.iter().rev() {
        let (code, text) = &dimension.categories[rest % dimension.categories.len()];
        rest /= dimension.categories.len();
        texts.push([code.clone(), text.get(lang).to_owned()]);
    }
    texts.into_iter().rev().flatten().collect()
}
