//! Tables as text, CSV and JSON.

use std::path::Path;

use estimate::Verdict;
use formats::SheetCell;
use instrument::Lang;
use serde_json::{Map, Value, json};

use report::{Shown, TableBlock, TableCell, TableChange, TableLabel, TableRow, TableUnit};

use super::TableFormat;
use super::words::Words;
use crate::failure::refused;

/// Figures ready to print.
pub(super) struct Printed<'a> {
    pub(super) blocks: &'a [TableBlock],
    /// What the figures are divided by.
    pub(super) by: Option<&'a str>,
    pub(super) lang: Lang,
    /// What a reader must know of all of them.
    pub(super) notes: Vec<String>,
}

impl Printed<'_> {
    /// Returns the table in one of its forms.
    pub(super) fn to_string(&self, format: TableFormat) -> anyhow::Result<String> {
        Ok(match format {
            TableFormat::Text => self.text(),
            TableFormat::Csv => self.csv()?,
            TableFormat::Json => format!("{:#}\n", self.json()),
        })
    }

    /// Writes the table to a file in the form that its ending names.
    pub(super) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let bytes = match ending.as_deref() {
            Some("csv") => self.csv()?.into_bytes(),
            Some("json") => self.to_string(TableFormat::Json)?.into_bytes(),
            Some("txt") => self.text().into_bytes(),
            Some("xlsx") => formats::write_sheet(&self.records())?,
            Some(_) | None => {
                return Err(refused(format!(
                    "`{}` has no ending that says what to write: .csv, .xlsx, .json or .txt",
                    file.display()
                )));
            }
        };
        std::fs::write(file, bytes)
            .map_err(|error| refused(format!("cannot write `{}`: {error}", file.display())))
    }

    fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    fn text(&self) -> String {
        let words = self.words();
        let mut text = String::new();
        for block in self.blocks {
            let title = if block.title.is_empty() { &block.variable } else { &block.title };
            text.push_str(&format!("\n{title}\n{}", aligned(&self.lines(block, words))));
        }
        text.push('\n');
        let cells = || self.blocks.iter().flat_map(|block| &block.rows).map(|row| &row.cell);
        let mut keys: Vec<&str> = self.notes.iter().map(String::as_str).collect();
        keys.extend(cells().any(|cell| *cell == TableCell::Withheld).then_some(words.withheld));
        keys.extend(cells().any(|cell| *cell == TableCell::Nobody).then_some(words.nobody));
        for key in keys {
            text.push_str(&format!("{key}\n"));
        }
        text
    }

    /// Returns the lines of a block, field by field; the first names the columns.
    fn lines(&self, block: &TableBlock, words: &Words) -> Vec<Vec<String>> {
        let grouped = block.rows.iter().any(|row| row.group.is_some());
        let optioned = block.rows.iter().any(|row| row.option.is_some());
        let changing = block.rows.iter().any(|row| change(row).is_some());
        let unit = match block.unit {
            TableUnit::Percent => words.percent,
            TableUnit::Mean => words.mean,
            TableUnit::Total => words.total,
        };
        let mut header = vec![self.by.filter(|_| grouped).unwrap_or_default().to_owned()];
        header.extend(optioned.then(String::new));
        header.extend(["n", unit, "±", words.interval].map(str::to_owned));
        if changing {
            header.extend([words.before, words.change, ""].map(str::to_owned));
        }
        let mut lines = vec![header];
        let mut last: Option<&str> = None;
        for row in &block.rows {
            let group = row.group.as_ref().map_or(words.all, |group| &group.text);
            // A group is named once, above its answers.
            let named = if last == Some(group) && optioned { "" } else { group };
            last = Some(group);
            let mut line = vec![named.to_owned()];
            line.extend(optioned.then(|| {
                row.option.as_ref().map_or_else(String::new, |option| option.text.clone())
            }));
            line.extend(numbers(&row.cell, block.unit));
            line.extend(change(row).into_iter().flat_map(|change| changes(change, words)));
            lines.push(line);
        }
        lines
    }

    fn csv(&self) -> anyhow::Result<String> {
        let mut writer = csv::Writer::from_writer(vec![]);
        for record in self.records() {
            writer.write_record(record.iter().map(SheetCell::to_string))?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }

    /// Returns the table as records, the names of the columns first.
    fn records(&self) -> Vec<Vec<SheetCell>> {
        let names = [
            "variable",
            "option",
            "by",
            "group",
            "unit",
            "status",
            "n",
            "value",
            "se",
            "ci_low",
            "ci_high",
            "before",
            "difference",
            "difference_se",
            "verdict",
        ];
        let header = names.map(|name| SheetCell::Text(name.to_owned())).to_vec();
        std::iter::once(header).chain(self.rows().map(|row| self.record(row))).collect()
    }

    fn record(&self, (block, row): (&TableBlock, &TableRow)) -> Vec<SheetCell> {
        let text = |text: &str| match text {
            "" => SheetCell::Empty,
            text => SheetCell::Text(text.to_owned()),
        };
        let code = |label: &Option<TableLabel>| {
            label.as_ref().map_or(SheetCell::Empty, |label| text(&label.code))
        };
        let mut record = vec![
            text(&block.variable),
            code(&row.option),
            text(row.group.as_ref().and(self.by).unwrap_or_default()),
            code(&row.group),
            text(unit_name(block.unit)),
            text(status(&row.cell)),
        ];
        if let TableCell::Shown(Shown { n, value, se, interval, .. }) = &row.cell {
            let numbers = [*n as f64, *value, *se, interval.0, interval.1];
            record.extend(numbers.map(SheetCell::Number));
        } else {
            record.extend(vec![SheetCell::Empty; 5]);
        }
        match change(row) {
            Some(TableChange::Tested { before, difference, se, verdict }) => {
                record.extend([*before, *difference, *se].map(SheetCell::Number));
                record.push(text(verdict_name(*verdict)));
            }
            Some(TableChange::None(reason)) => {
                record.extend(vec![SheetCell::Empty; 3]);
                record.push(text(reason));
            }
            None => record.extend(vec![SheetCell::Empty; 4]),
        }
        record
    }

    fn json(&self) -> Value {
        let row = |(block, row): (&TableBlock, &TableRow)| {
            let mut entry = Map::new();
            entry.insert("variable".to_owned(), json!(block.variable));
            if let Some(option) = &row.option {
                entry.insert("option".to_owned(), json!(option.code));
            }
            if let (Some(by), Some(group)) = (self.by, &row.group) {
                entry.insert("by".to_owned(), json!(by));
                entry.insert("group".to_owned(), json!(group.code));
            }
            entry.insert("unit".to_owned(), json!(unit_name(block.unit)));
            entry.extend(figures(&row.cell));
            Value::Object(entry)
        };
        json!({ "notes": self.notes, "rows": self.rows().map(row).collect::<Vec<_>>() })
    }

    fn rows(&self) -> impl Iterator<Item = (&TableBlock, &TableRow)> {
        self.blocks.iter().flat_map(|block| block.rows.iter().map(move |row| (block, row)))
    }
}

fn unit_name(unit: TableUnit) -> &'static str {
    match unit {
        TableUnit::Percent => "percent",
        TableUnit::Mean => "mean",
        TableUnit::Total => "total",
    }
}

fn status(cell: &TableCell) -> &'static str {
    match cell {
        TableCell::Shown(_) => "shown",
        TableCell::Withheld => "withheld",
        TableCell::Nobody => "nobody",
    }
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Up => "up",
        Verdict::Down => "down",
        Verdict::Same => "same",
        Verdict::Unclear => "unclear",
    }
}

/// Returns the JSON of a cell.
fn figures(cell: &TableCell) -> Map<String, Value> {
    let TableCell::Shown(Shown { n, value, se, interval, df, change }) = cell else {
        return Map::from_iter([("status".to_owned(), json!(status(cell)))]);
    };
    let entries = [
        ("status", json!("shown")),
        ("n", json!(n)),
        ("value", json!(value)),
        ("se", json!(se)),
        ("ci_low", json!(interval.0)),
        ("ci_high", json!(interval.1)),
        ("df", json!(df)),
    ];
    let mut entries: Map<String, Value> =
        entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if let Some(change) = change {
        let change = match change {
            TableChange::Tested { before, difference, se, verdict } => {
                json!({ "before": before, "difference": difference, "se": se, "verdict": verdict_name(*verdict) })
            }
            TableChange::None(reason) => json!({ "none": reason }),
        };
        entries.insert("change".to_owned(), change);
    }
    entries
}

fn change(row: &TableRow) -> Option<&TableChange> {
    match &row.cell {
        TableCell::Shown(shown) => shown.change.as_ref(),
        TableCell::Withheld | TableCell::Nobody => None,
    }
}

/// Returns base, value, half the interval and the interval as people read them.
fn numbers(cell: &TableCell, unit: TableUnit) -> [String; 4] {
    let decimals = |value: f64| match unit {
        TableUnit::Percent => 1,
        TableUnit::Total => 0,
        TableUnit::Mean if value.abs() >= 1000.0 => 0,
        TableUnit::Mean => 2,
    };
    match cell {
        TableCell::Shown(Shown { n, value, interval: (low, high), .. }) => {
            let places = decimals(*value);
            let number = |x: f64| format!("{x:.places$}");
            let interval = format!("{} – {}", number(*low), number(*high));
            [n.to_string(), number(*value), number((high - low) / 2.0), interval]
        }
        TableCell::Withheld => [":", ":", "", ""].map(str::to_owned),
        TableCell::Nobody => ["0", ".", "", ""].map(str::to_owned),
    }
}

fn changes(change: &TableChange, words: &Words) -> [String; 3] {
    match change {
        TableChange::Tested { before, difference, verdict, .. } => {
            let verdict = words.verdict(*verdict).to_owned();
            [format!("{before:.1}"), format!("{difference:+.1}"), verdict]
        }
        TableChange::None(reason) => [".".to_owned(), ".".to_owned(), reason.clone()],
    }
}

/// Sets fields in columns: words to the left, numbers to the right.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|f| f.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    // Words stand before `n` and, as verdicts, at the end.
    let first_number = lines.first().and_then(|header| header.iter().position(|f| f == "n"));
    let is_number =
        |column: usize| first_number.is_some_and(|first| (first..first + 6).contains(&column));
    let mut text = String::new();
    for line in lines {
        let mut set = String::from(" ");
        for (column, (field, &width)) in line.iter().zip(&widths).enumerate() {
            if is_number(column) {
                set.push_str(&format!(" {field:>width$} "));
            } else {
                set.push_str(&format!(" {field:<width$} "));
            }
        }
        text.push_str(set.trim_end());
        text.push('\n');
    }
    text
}
