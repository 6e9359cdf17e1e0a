//! The folder of data files: CSV with a line of names, and a schema that orders categories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow};
use estimate::{Column, Columns, Levels, Matrix};
use serde::Deserialize;

use crate::failure::refused;

/// The files of a folder, each read once.
pub(super) struct Library {
    folder: PathBuf,
    schema: BTreeMap<String, FileSchema>,
    tables: BTreeMap<String, Rc<Columns>>,
    replicates: BTreeMap<String, Rc<Vec<Vec<f64>>>>,
}

#[derive(Deserialize)]
struct FileSchema {
    #[serde(default)]
    columns: Vec<ColumnSchema>,
}

#[derive(Deserialize)]
struct ColumnSchema {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    levels: Option<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Integer,
    Double,
    String,
    Factor,
}

impl Library {
    /// Opens a folder; a `schema.json` in it says which columns are categories, and in what order.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join("schema.json");
        let schema = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| refused(format!("cannot read {}: {error}", file.display())))?,
            Err(_) => BTreeMap::new(),
        };
        let (tables, replicates) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { folder: folder.to_owned(), schema, tables, replicates })
    }

    /// Returns a file's columns.
    pub(super) fn table(&mut self, stem: &str) -> anyhow::Result<Rc<Columns>> {
        if let Some(table) = self.tables.get(stem) {
            return Ok(table.clone());
        }
        let text = self.text(&format!("{stem}.csv"))?;
        let table = Rc::new(self.columns(stem, &text)?);
        self.tables.insert(stem.to_owned(), table.clone());
        Ok(table)
    }

    /// Returns the columns of a file that holds nothing but numbers, such as replicate weights.
    pub(super) fn numbers(&mut self, file: &str) -> anyhow::Result<Rc<Vec<Vec<f64>>>> {
        if let Some(numbers) = self.replicates.get(file) {
            return Ok(numbers.clone());
        }
        let text = self.text(file)?;
        let mut columns = vec![Vec::with_capacity(text.rows.len()); text.names.len()];
        for (row, record) in text.rows.iter().enumerate() {
            for ((column, field), name) in columns.iter_mut().zip(record).zip(&text.names) {
                let number: Result<f64, _> = field.parse();
                column.push(number.map_err(|_| {
                    anyhow!("{file}: column {name}, row {}: `{field}` is no number", row + 1)
                })?);
            }
        }
        let columns = Rc::new(columns);
        self.replicates.insert(file.to_owned(), columns.clone());
        Ok(columns)
    }

    /// Returns a file of numbers as a matrix.
    pub(super) fn matrix(&mut self, stem: &str) -> anyhow::Result<Matrix> {
        Ok(Matrix::from_columns(&self.numbers(&format!("{stem}.csv"))?))
    }

    fn text(&self, file: &str) -> anyhow::Result<TextTable> {
        let inside =
            Path::new(file).components().all(|c| matches!(c, std::path::Component::Normal(_)));
        if !inside {
            return Err(anyhow!("`{file}` lies outside the data folder"));
        }
        let path = self.folder.join(file);
        let mut reader = csv::Reader::from_path(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let names = reader.headers()?.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
            .collect::<Result<Vec<Vec<String>>, csv::Error>>()
            .with_context(|| format!("cannot read {}", path.display()))?;
        Ok(TextTable { names, rows })
    }

    fn columns(&self, stem: &str, text: &TextTable) -> anyhow::Result<Columns> {
        let mut columns = Columns::new(text.rows.len());
        for (index, name) in text.names.iter().enumerate() {
            let schema = self
                .schema
                .get(stem)
                .and_then(|file| file.columns.iter().find(|column| column.name == *name));
            let fields: Vec<Option<&str>> = text
                .rows
                .iter()
                .map(|row| Some(row[index].as_str()).filter(|field| !field.is_empty()))
                .collect();
            columns.insert(
                name,
                column(&fields, schema).with_context(|| format!("{stem}: column {name}"))?,
            );
        }
        Ok(columns)
    }
}

/// A CSV file as text.
struct TextTable {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Returns the column that fields of text stand for; without a schema, what is all numbers is numbers.
fn column(fields: &[Option<&str>], schema: Option<&ColumnSchema>) -> anyhow::Result<Column> {
    match schema.map(|schema| (schema.kind, &schema.levels)) {
        Some((Kind::Factor, Some(levels))) => levelled(fields, levels),
        Some((Kind::Factor | Kind::String, _)) => Ok(Column::Levels(Levels::of_text(fields))),
        Some((Kind::Integer | Kind::Double, _)) => numbers(fields),
        None => numbers(fields).or_else(|_| Ok(Column::Levels(Levels::of_text(fields)))),
    }
}

fn levelled(fields: &[Option<&str>], levels: &[String]) -> anyhow::Result<Column> {
    let column = Levels::with_names(levels.to_vec(), fields);
    let stray = fields
        .iter()
        .zip(&column.codes)
        .position(|(field, code)| field.is_some() && code.is_none());
    match stray {
        Some(row) => {
            let field = fields[row].unwrap_or_default();
            Err(anyhow!("row {}: `{field}` is none of the levels in schema.json", row + 1))
        }
        None => Ok(Column::Levels(column)),
    }
}

fn numbers(fields: &[Option<&str>]) -> anyhow::Result<Column> {
    let number = |(row, field): (usize, &Option<&str>)| match field {
        None => Ok(f64::NAN),
        Some(field) => match field.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            Ok(_) | Err(_) => Err(anyhow!("row {}: `{field}` is no finite number", row + 1)),
        },
    };
    fields.iter().enumerate().map(number).collect::<anyhow::Result<_>>().map(Column::Numbers)
}
