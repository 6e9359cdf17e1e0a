//! The canonical bytes of a data set: JSON with a fixed order, so that equal data has equal bytes
//! and one hash. What is stored is read back through the same types.

use frame::{Disposition, UnitId, UnitKind};
use instrument::{
    Code, Comparable, Hash, Lang, QuestionId, Release, RoundId, SectionId, SurveyId, Text,
    VariableKind,
};
use serde::{Deserialize, Serialize};

use crate::{
    Cell, CodebookOption, CodebookVariable, Column, DataSet, Flaw, Lineage, Missing, Provenance,
    UnitRow,
};

/// The version of the canonical form; it changes when the same data would get other bytes.
const FORMAT: u32 = 1;

/// Why bytes are not a data set.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The bytes are not the JSON of a data set.
    #[error("not a data set: {0}")]
    Json(#[from] serde_json::Error),
    /// A value that no data set holds.
    #[error("not a data set: `{value}` is no {what}")]
    Value {
        /// What was wanted.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The columns do not fit the codebook or the units.
    #[error("not a data set: {0}")]
    Shape(#[from] Flaw),
    /// Written by a newer version of Runde.
    #[error("the data set has format {0}, this version of Runde reads {FORMAT}; use a newer Runde")]
    Newer(u32),
}

/// Returns the canonical bytes of a data set.
pub fn encode(data: &DataSet) -> Vec<u8> {
    serde_json::to_vec(&WrittenDataSet::from(data)).expect("texts and numbers become JSON")
}

/// Reads what [`encode`] wrote. Errs where the bytes are something else.
pub fn decode(bytes: &[u8]) -> Result<DataSet, CodecError> {
    // Of another version nothing but the number can be relied on.
    let WrittenFormat { format } = serde_json::from_slice(bytes)?;
    if format > FORMAT {
        return Err(CodecError::Newer(format));
    }
    serde_json::from_slice::<WrittenDataSet>(bytes)?.read()
}

type WrittenText = Vec<(String, String)>;

#[derive(Deserialize)]
struct WrittenFormat {
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct WrittenDataSet {
    format: u32,
    survey: String,
    round: u16,
    instrument: String,
    sample: String,
    responses: String,
    frozen_at: String,
    simulated: bool,
    size_classes: Vec<(String, WrittenText)>,
    /// Data sets that were frozen before days were counted have none, and keep their bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    answered_on: Vec<(String, usize)>,
    units: Vec<WrittenUnit>,
    variables: Vec<WrittenVariable>,
}

#[derive(Serialize, Deserialize)]
struct WrittenUnit {
    id: String,
    name: String,
    kind: String,
    county_id: String,
    county: String,
    population: u64,
    size: String,
    centrality: u8,
    kostra_group: u8,
    disposition: String,
}

#[derive(Serialize, Deserialize)]
struct WrittenVariable {
    name: String,
    question: String,
    section: String,
    question_text: WrittenText,
    label: WrittenText,
    options: Vec<WrittenOption>,
    unit: Option<WrittenText>,
    /// Left out where there is none, so that other data sets keep their bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    formula: Option<String>,
    filter: Option<String>,
    lineage: Option<WrittenLineage>,
    release: String,
    column: WrittenColumn,
}

#[derive(Serialize, Deserialize)]
struct WrittenOption {
    code: String,
    text: WrittenText,
    missing: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct WrittenLineage {
    since: u16,
    comparable: String,
    was: String,
    options: Vec<(String, Vec<String>)>,
    note: Option<WrittenText>,
}

/// A cell is a value, or the code of a missing as `{"missing": "not_asked"}`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenCell<T> {
    Missing { missing: String },
    Valid(T),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenColumn {
    Category(Vec<WrittenCell<u16>>),
    Categories(Vec<WrittenCell<Vec<u16>>>),
    Integer(Vec<WrittenCell<i64>>),
    Decimal(Vec<WrittenCell<f64>>),
    Text(Vec<WrittenCell<String>>),
}

impl From<&DataSet> for WrittenDataSet {
    fn from(data: &DataSet) -> WrittenDataSet {
        let from = &data.provenance;
        let columns = data.variables.iter().zip(&data.columns);
        WrittenDataSet {
            format: FORMAT,
            survey: from.survey.to_string(),
            round: from.round.year(),
            instrument: from.instrument.to_string(),
            sample: from.sample.to_string(),
            responses: from.responses.to_string(),
            frozen_at: from.frozen_at.to_string(),
            simulated: from.simulated,
            size_classes: data
                .size_classes
                .iter()
                .map(|(code, title)| (code.to_string(), write_text(title)))
                .collect(),
            answered_on: data.answered_on.iter().map(|(day, n)| (day.to_string(), *n)).collect(),
            units: data.units.iter().map(write_unit).collect(),
            variables: columns.map(|(variable, column)| write_variable(variable, column)).collect(),
        }
    }
}

impl WrittenDataSet {
    fn read(self) -> Result<DataSet, CodecError> {
        let units = self.units.into_iter().map(read_unit).collect::<Result<Vec<_>, _>>()?;
        let mut variables = vec![];
        let mut columns = vec![];
        for written in self.variables {
            let (variable, column) = read_variable(written)?;
            variables.push(variable);
            columns.push(column);
        }
        let mut size_classes = vec![];
        for (code, title) in self.size_classes {
            size_classes.push((parse("code", &code)?, read_text(title)?));
        }
        let mut answered_on = vec![];
        for (day, count) in self.answered_on {
            answered_on.push((parse("day", &day)?, count));
        }
        let provenance = Provenance {
            survey: parse::<SurveyId>("survey", &self.survey)?,
            round: read_round(self.round)?,
            instrument: read_hash(&self.instrument)?,
            sample: read_hash(&self.sample)?,
            responses: read_hash(&self.responses)?,
            frozen_at: parse("time", &self.frozen_at)?,
            simulated: self.simulated,
        };
        let data = DataSet { provenance, units, size_classes, answered_on, variables, columns };
        data.check()?;
        Ok(data)
    }
}

fn write_text(text: &Text) -> WrittenText {
    text.iter().map(|(lang, text)| (lang.to_string(), text.to_owned())).collect()
}

fn read_text(written: WrittenText) -> Result<Text, CodecError> {
    let translations =
        written.into_iter().map(|(lang, text)| Ok((parse("language", &lang)?, text)));
    translations.collect::<Result<Vec<(Lang, String)>, CodecError>>().map(Text::new)
}

fn write_unit(unit: &UnitRow) -> WrittenUnit {
    WrittenUnit {
        id: unit.id.to_string(),
        name: unit.name.clone(),
        kind: unit.kind.as_str().to_owned(),
        county_id: unit.county_id.clone(),
        county: unit.county.clone(),
        population: unit.population,
        size: unit.size.to_string(),
        centrality: unit.centrality,
        kostra_group: unit.kostra_group,
        disposition: unit.disposition.as_str().to_owned(),
    }
}

fn read_unit(written: WrittenUnit) -> Result<UnitRow, CodecError> {
    Ok(UnitRow {
        id: parse::<UnitId>("unit", &written.id)?,
        name: written.name,
        kind: parse::<UnitKind>("kind of unit", &written.kind)?,
        county_id: written.county_id,
        county: written.county,
        population: written.population,
        size: parse::<Code>("code", &written.size)?,
        centrality: written.centrality,
        kostra_group: written.kostra_group,
        disposition: parse::<Disposition>("disposition", &written.disposition)?,
    })
}

fn write_variable(variable: &CodebookVariable, column: &Column) -> WrittenVariable {
    WrittenVariable {
        name: variable.name.clone(),
        question: variable.question.to_string(),
        section: variable.section.to_string(),
        question_text: write_text(&variable.question_text),
        label: write_text(&variable.label),
        options: variable.options.iter().map(write_option).collect(),
        unit: variable.unit.as_ref().map(write_text),
        formula: variable.formula.clone(),
        filter: variable.filter.clone(),
        lineage: variable.lineage.as_ref().map(write_lineage),
        release: release_code(variable.release).to_owned(),
        column: write_column(column),
    }
}

fn read_variable(written: WrittenVariable) -> Result<(CodebookVariable, Column), CodecError> {
    let column = read_column(written.column)?;
    let variable = CodebookVariable {
        name: written.name,
        question: parse::<QuestionId>("question", &written.question)?,
        section: parse::<SectionId>("section", &written.section)?,
        kind: match column {
            Column::Category(_) => VariableKind::Category,
            Column::Categories(_) => VariableKind::Categories,
            Column::Integer(_) => VariableKind::Integer,
            Column::Decimal(_) => VariableKind::Decimal,
            Column::Text(_) => VariableKind::Text,
        },
        question_text: read_text(written.question_text)?,
        label: read_text(written.label)?,
        options: written.options.into_iter().map(read_option).collect::<Result<_, _>>()?,
        unit: written.unit.map(read_text).transpose()?,
        formula: written.formula,
        filter: written.filter,
        lineage: written.lineage.map(read_lineage).transpose()?,
        release: read_release(&written.release)?,
    };
    Ok((variable, column))
}

fn write_option(option: &CodebookOption) -> WrittenOption {
    WrittenOption {
        code: option.code.to_string(),
        text: write_text(&option.text),
        missing: option.missing.map(|missing| missing.as_str().to_owned()),
    }
}

fn read_option(written: WrittenOption) -> Result<CodebookOption, CodecError> {
    Ok(CodebookOption {
        code: parse("code", &written.code)?,
        text: read_text(written.text)?,
        missing: written.missing.as_deref().map(read_missing).transpose()?,
    })
}

fn write_lineage(lineage: &Lineage) -> WrittenLineage {
    let codes = |codes: &[Code]| codes.iter().map(Code::to_string).collect();
    WrittenLineage {
        since: lineage.since.year(),
        comparable: comparable_code(lineage.comparable).to_owned(),
        was: lineage.was.clone(),
        options: lineage.options.iter().map(|(new, old)| (new.to_string(), codes(old))).collect(),
        note: lineage.note.as_ref().map(write_text),
    }
}

fn read_lineage(written: WrittenLineage) -> Result<Lineage, CodecError> {
    let mut options = vec![];
    for (new, old) in written.options {
        let old = old.iter().map(|code| parse("code", code)).collect::<Result<_, _>>()?;
        options.push((parse("code", &new)?, old));
    }
    Ok(Lineage {
        since: read_round(written.since)?,
        comparable: read_comparable(&written.comparable)?,
        was: written.was,
        options,
        note: written.note.map(read_text).transpose()?,
    })
}

fn write_column(column: &Column) -> WrittenColumn {
    match column {
        Column::Category(cells) => WrittenColumn::Category(write_cells(cells)),
        Column::Categories(cells) => WrittenColumn::Categories(write_cells(cells)),
        Column::Integer(cells) => WrittenColumn::Integer(write_cells(cells)),
        Column::Decimal(cells) => WrittenColumn::Decimal(write_cells(cells)),
        Column::Text(cells) => WrittenColumn::Text(write_cells(cells)),
    }
}

fn read_column(written: WrittenColumn) -> Result<Column, CodecError> {
    Ok(match written {
        WrittenColumn::Category(cells) => Column::Category(read_cells(cells)?),
        WrittenColumn::Categories(cells) => Column::Categories(read_cells(cells)?),
        WrittenColumn::Integer(cells) => Column::Integer(read_cells(cells)?),
        WrittenColumn::Decimal(cells) => Column::Decimal(read_cells(cells)?),
        WrittenColumn::Text(cells) => Column::Text(read_cells(cells)?),
    })
}

fn write_cells<T: Clone>(cells: &[Cell<T>]) -> Vec<WrittenCell<T>> {
    let write = |cell: &Cell<T>| match cell {
        Cell::Valid(value) => WrittenCell::Valid(value.clone()),
        Cell::Missing(missing) => WrittenCell::Missing { missing: missing.as_str().to_owned() },
    };
    cells.iter().map(write).collect()
}

fn read_cells<T>(cells: Vec<WrittenCell<T>>) -> Result<Vec<Cell<T>>, CodecError> {
    let read = |cell| match cell {
        WrittenCell::Valid(value) => Ok(Cell::Valid(value)),
        WrittenCell::Missing { missing } => read_missing(&missing).map(Cell::Missing),
    };
    cells.into_iter().map(read).collect()
}

fn release_code(release: Release) -> &'static str {
    match release {
        Release::Open => "open",
        Release::Tables => "tables",
        Release::Internal => "internal",
    }
}

fn read_release(text: &str) -> Result<Release, CodecError> {
    one_of("release class", text, [Release::Open, Release::Tables, Release::Internal], release_code)
}

fn comparable_code(comparable: Comparable) -> &'static str {
    match comparable {
        Comparable::Yes => "yes",
        Comparable::No => "no",
        Comparable::WithNote => "with_note",
    }
}

fn read_comparable(text: &str) -> Result<Comparable, CodecError> {
    let all = [Comparable::Yes, Comparable::No, Comparable::WithNote];
    one_of("comparability", text, all, comparable_code)
}

fn read_missing(text: &str) -> Result<Missing, CodecError> {
    one_of("kind of missing", text, Missing::ALL, Missing::as_str)
}

fn read_round(year: u16) -> Result<RoundId, CodecError> {
    let wrong = |_| CodecError::Value { what: "round", value: year.to_string() };
    RoundId::new(year).map_err(wrong)
}

fn read_hash(text: &str) -> Result<Hash, CodecError> {
    Hash::from_hex(text).ok_or_else(|| CodecError::Value { what: "hash", value: text.to_owned() })
}

/// Finds the value whose code `text` is.
fn one_of<T: Copy, const N: usize>(
    what: &'static str,
    text: &str,
    all: [T; N],
    code: fn(T) -> &'static str,
) -> Result<T, CodecError> {
    let found = all.into_iter().find(|value| code(*value) == text);
    found.ok_or_else(|| CodecError::Value { what, value: text.to_owned() })
}

fn parse<T: std::str::FromStr>(what: &'static str, text: &str) -> Result<T, CodecError> {
    text.parse().map_err(|_| CodecError::Value { what, value: text.to_owned() })
}
