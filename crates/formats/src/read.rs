//! Reading a table and its codebook back into a data set.

use std::collections::BTreeMap;
use std::str::FromStr;

use csv::StringRecord;
use dataset::{
    CodebookOption, CodebookVariable, Column, DataSet, Flaw, Lineage, Missing, Provenance, UnitRow,
};
use instrument::{Hash, Lang, RoundId, Text, VariableKind};

use crate::cell::{self, NotACell};
use crate::codebook::{
    FORMAT, WrittenCodebook, WrittenLineage, WrittenOption, WrittenText, WrittenVariable,
};
use crate::column::columns;

/// Why a table and a codebook are not a data set.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The codebook is not the JSON of a codebook.
    #[error("the codebook cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// Written by a newer version of Runde.
    #[error("the codebook has format {0}, this version of Runde reads {FORMAT}; use a newer Runde")]
    Newer(u32),
    /// A value that no codebook holds.
    #[error("the codebook cannot be read: `{value}` is no {what}")]
    Codebook {
        /// What was wanted.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// The table is not CSV.
    #[error("the table cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// The table lacks a column, or has it twice.
    #[error("the table has the column {name} {times} times, it must be there once")]
    Header {
        /// The column.
        name: String,
        /// How often it is there.
        times: usize,
    },
    /// A value of the table that the codebook does not allow.
    #[error(
        "line {line} of the table holds `{value}` in the column {column}, which the codebook does not allow"
    )]
    Cell {
        /// The line, counted from 1.
        line: u64,
        /// The first column that it is about.
        column: String,
        /// What stands there; the columns of a multiple choice are joined with spaces.
        value: String,
    },
    /// Table and codebook do not make a data set.
    #[error("table and codebook are not a data set: {0}")]
    Shape(#[from] Flaw),
    /// The table or the codebook was changed after they were written.
    #[error("table and codebook are not the data set {0} that they were written from")]
    Changed(String),
}

/// Reads what [`crate::write_csv`] and [`crate::write_codebook`] wrote. Variables that the table
/// does not hold are left out; columns that the codebook does not know are passed over.
pub fn read_csv(table: &[u8], codebook: &str) -> Result<DataSet, ReadError> {
    let written = read_codebook(codebook)?;
    let table = Table::read(table)?;
    let mut variables = vec![];
    let mut values = vec![];
    for variable in &written.variables {
        if variable.columns.is_empty() {
            continue;
        }
        let variable = read_variable(variable)?;
        values.push(table.column(&variable)?);
        variables.push(variable);
    }
    let data = DataSet {
        provenance: read_provenance(&written)?,
        units: table.units()?,
        answered_on: written
            .answered_on
            .iter()
            .map(|(day, count)| Ok((parse("day", day)?, *count)))
            .collect::<Result<_, ReadError>>()?,
        size_classes: written
            .size_classes
            .iter()
            .map(|class| Ok((parse("code", &class.code)?, read_text(&class.text)?)))
            .collect::<Result<_, ReadError>>()?,
        variables,
        columns: values,
    };
    data.check()?;
    match written.dataset {
        Some(hash) if hash != data.hash().to_string() => Err(ReadError::Changed(hash)),
        Some(_) | None => Ok(data),
    }
}

fn read_codebook(codebook: &str) -> Result<WrittenCodebook, ReadError> {
    #[derive(serde::Deserialize)]
    struct Format {
        format: u32,
    }
    // Of another version nothing but the number can be relied on.
    let Format { format } = serde_json::from_str(codebook)?;
    if format > FORMAT {
        Err(ReadError::Newer(format))
    } else {
        Ok(serde_json::from_str(codebook)?)
    }
}

/// The rows of the table, with the place of each column.
struct Table {
    places: BTreeMap<String, Vec<usize>>,
    rows: Vec<StringRecord>,
}

impl Table {
    fn read(table: &[u8]) -> Result<Table, ReadError> {
        let mut reader = csv::Reader::from_reader(table);
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, name) in reader.headers()?.iter().enumerate() {
            places.entry(name.to_owned()).or_default().push(place);
        }
        Ok(Table { places, rows: reader.into_records().collect::<Result<_, _>>()? })
    }

    fn place(&self, name: &str) -> Result<usize, ReadError> {
        match self.places.get(name).map_or(&[][..], Vec::as_slice) {
            [place] => Ok(*place),
            places => Err(ReadError::Header { name: name.to_owned(), times: places.len() }),
        }
    }

    fn units(&self) -> Result<Vec<UnitRow>, ReadError> {
        let unit = |row| {
            Ok(UnitRow {
                id: self.unit(row, "unit.id")?,
                name: self.unit(row, "unit.name")?,
                kind: self.unit(row, "unit.kind")?,
                county_id: self.unit(row, "unit.county_id")?,
                county: self.unit(row, "unit.county")?,
                population: self.unit(row, "unit.population")?,
                size: self.unit(row, "unit.size")?,
                centrality: self.unit(row, "unit.centrality")?,
                kostra_group: self.unit(row, "unit.kostra_group")?,
                disposition: self.unit(row, "unit.disposition")?,
            })
        };
        self.rows.iter().map(unit).collect()
    }

    fn unit<T: FromStr>(&self, row: &StringRecord, column: &str) -> Result<T, ReadError> {
        let text = &row[self.place(column)?];
        text.parse().map_err(|_| wrong(row, column, text))
    }

    /// Reads the cells of a variable.
    fn column(&self, variable: &CodebookVariable) -> Result<Column, ReadError> {
        let names = columns(variable);
        let places =
            names.iter().map(|name| self.place(name)).collect::<Result<Vec<usize>, ReadError>>()?;
        let code = |text: &str| variable.option(text).and_then(|place| u16::try_from(place).ok());
        let finite = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
        let whole = |text: &str| text.parse().ok();
        Ok(match variable.kind {
            VariableKind::Category => {
                Column::Category(self.cells(&names, &places, |text| cell::read(text[0], code))?)
            }
            VariableKind::Categories => {
                Column::Categories(self.cells(&names, &places, |texts| {
                    cell::read_indicators(texts, cell::substantive(variable))
                })?)
            }
            VariableKind::Integer => {
                Column::Integer(self.cells(&names, &places, |text| cell::read(text[0], whole))?)
            }
            VariableKind::Decimal => {
                Column::Decimal(self.cells(&names, &places, |text| cell::read(text[0], finite))?)
            }
            VariableKind::Text => Column::Text(
                self.cells(&names, &places, |text| cell::read(text[0], cell::read_text))?,
            ),
        })
    }

    /// Reads one cell from each row, which may stand in several columns.
    fn cells<T>(
        &self,
        names: &[String],
        places: &[usize],
        read: impl Fn(&[&str]) -> Result<T, NotACell>,
    ) -> Result<Vec<T>, ReadError> {
        let cell = |row: &StringRecord| {
            let texts: Vec<&str> = places.iter().map(|place| &row[*place]).collect();
            let name = names.first().map_or("", String::as_str);
            read(&texts).map_err(|NotACell| wrong(row, name, &texts.join(" ")))
        };
        self.rows.iter().map(cell).collect()
    }
}

fn wrong(row: &StringRecord, column: &str, value: &str) -> ReadError {
    let line = row.position().map_or(0, csv::Position::line);
    ReadError::Cell { line, column: column.to_owned(), value: value.to_owned() }
}

fn read_provenance(written: &WrittenCodebook) -> Result<Provenance, ReadError> {
    Ok(Provenance {
        survey: parse("survey", &written.survey)?,
        round: read_round(written.round)?,
        instrument: read_hash(&written.instrument)?,
        sample: read_hash(&written.sample)?,
        responses: read_hash(&written.responses)?,
        frozen_at: parse("time", &written.frozen_at)?,
        simulated: written.simulated,
    })
}

fn read_variable(written: &WrittenVariable) -> Result<CodebookVariable, ReadError> {
    Ok(CodebookVariable {
        name: written.name.clone(),
        question: parse("question", &written.question)?,
        section: parse("section", &written.section)?,
        kind: written.kind,
        question_text: read_text(&written.question_text)?,
        label: read_text(&written.label)?,
        options: written.options.iter().map(read_option).collect::<Result<_, _>>()?,
        unit: written.unit.as_ref().map(read_text).transpose()?,
        formula: written.formula.clone(),
        filter: written.filter.clone(),
        lineage: written.lineage.as_ref().map(read_lineage).transpose()?,
        release: written.release,
    })
}

fn read_option(written: &WrittenOption) -> Result<CodebookOption, ReadError> {
    Ok(CodebookOption {
        code: parse("code", &written.code)?,
        text: read_text(&written.text)?,
        missing: written.missing.as_deref().map(read_missing).transpose()?,
    })
}

fn read_lineage(written: &WrittenLineage) -> Result<Lineage, ReadError> {
    let mut options = vec![];
    for join in &written.options {
        let was = join.was.iter().map(|code| parse("code", code)).collect::<Result<_, _>>()?;
        options.push((parse("code", &join.code)?, was));
    }
    Ok(Lineage {
        since: read_round(written.since)?,
        comparable: written.comparable,
        was: written.was.clone(),
        options,
        note: written.note.as_ref().map(read_text).transpose()?,
    })
}

fn read_text(written: &WrittenText) -> Result<Text, ReadError> {
    let translation =
        |(lang, text): &(String, String)| Ok((parse::<Lang>("language", lang)?, text.clone()));
    written.0.iter().map(translation).collect::<Result<_, ReadError>>().map(Text::new)
}

fn read_missing(code: &str) -> Result<Missing, ReadError> {
    let found = Missing::ALL.into_iter().find(|missing| cell::write_missing(*missing) == code);
    found.ok_or_else(|| codebook("kind of missing", code))
}

fn read_round(year: u16) -> Result<RoundId, ReadError> {
    RoundId::new(year).map_err(|_| codebook("round", &year.to_string()))
}

fn read_hash(text: &str) -> Result<Hash, ReadError> {
    Hash::from_hex(text).ok_or_else(|| codebook("hash", text))
}

fn parse<T: FromStr>(what: &'static str, text: &str) -> Result<T, ReadError> {
    text.parse().map_err(|_| codebook(what, text))
}

fn codebook(what: &'static str, value: &str) -> ReadError {
    ReadError::Codebook { what, value: value.to_owned() }
}
