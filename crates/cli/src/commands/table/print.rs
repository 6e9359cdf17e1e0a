//! Tables as text, CSV and JSON.

use instrument::Lang;
use serde_json::{Map, Value, json};

use super::{Block, Cell, Change, Row, TableFormat, Unit};

/// Figures ready to print.
pub(super) struct Printed<'a> {
    pub(super) blocks: &'a [Block],
    /// What the figures are divided by.
    pub(super) by: Option<&'a str>,
    pub(super) lang: Lang,
    /// What a reader must know of all of them.
    pub(super) notes: Vec<String>,
}

/// The fixed words of a table.
struct Words {
    all: &'static str,
    percent: &'static str,
    mean: &'static str,
    total: &'static str,
    interval: &'static str,
    before: &'static str,
    change: &'static str,
    withheld: &'static str,
    nobody: &'static str,
}

const ENGLISH: Words = Words {
    all: "All",
    percent: "percent",
    mean: "mean",
    total: "total",
    interval: "95 % interval",
    before: "before",
    change: "change",
    withheld: ": = withheld for confidentiality",
    nobody: ". = nobody to tell of",
};

const BOKMAL: Words = Words {
    all: "Alle",
    percent: "prosent",
    mean: "snitt",
    total: "sum",
    interval: "95 % intervall",
    before: "sist",
    change: "endring",
    withheld: ": = vises ikke av hensyn til konfidensialitet",
    nobody: ". = ingen å fortelle om",
};

const NYNORSK: Words = Words {
    all: "Alle",
    percent: "prosent",
    mean: "snitt",
    total: "sum",
    interval: "95 % intervall",
    before: "sist",
    change: "endring",
    withheld: ": = blir ikkje vist av omsyn til konfidensialitet",
    nobody: ". = ingen å fortelje om",
};

impl Printed<'_> {
    /// Returns the table in one of its forms.
    pub(super) fn to_string(&self, format: TableFormat) -> anyhow::Result<String> {
        Ok(match format {
            TableFormat::Text => self.text(),
            TableFormat::Csv => self.csv()?,
            TableFormat::Json => format!("{:#}\n", self.json()),
        })
    }

    fn words(&self) -> &'static Words {
        match self.lang {
            Lang::NB => &BOKMAL,
            Lang::NN => &NYNORSK,
            _ => &ENGLISH,
        }
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
        keys.extend(cells().any(|cell| *cell == Cell::Withheld).then_some(words.withheld));
        keys.extend(cells().any(|cell| *cell == Cell::Nobody).then_some(words.nobody));
        for key in keys {
            text.push_str(&format!("{key}\n"));
        }
        text
    }

    /// Returns the lines of a block, field by field; the first names the columns.
    fn lines(&self, block: &Block, words: &Words) -> Vec<Vec<String>> {
        let grouped = block.rows.iter().any(|row| row.group.is_some());
        let optioned = block.rows.iter().any(|row| row.option.is_some());
        let changing = block.rows.iter().any(|row| change(row).is_some());
        let unit = match block.unit {
            Unit::Percent => words.percent,
            Unit::Mean => words.mean,
            Unit::Total => words.total,
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
            line.extend(change(row).into_iter().flat_map(changes));
            lines.push(line);
        }
        lines
    }

    fn csv(&self) -> anyhow::Result<String> {
        let mut writer = csv::Writer::from_writer(vec![]);
        writer.write_record([
            "variable", "option", "by", "group", "unit", "status", "n", "value", "se", "ci_low",
            "ci_high",
        ])?;
        for (block, row) in self.rows() {
            let code = |label: &Option<super::Label>| {
                label.as_ref().map_or_else(String::new, |label| label.code.clone())
            };
            let by = row.group.as_ref().and(self.by).unwrap_or_default().to_owned();
            let (status, figures) = match &row.cell {
                Cell::Shown { n, value, se, interval, .. } => {
                    let numbers = [*value, *se, interval.0, interval.1].map(|x| x.to_string());
                    ("shown", [vec![n.to_string()], numbers.to_vec()].concat())
                }
                Cell::Withheld => ("withheld", vec![String::new(); 5]),
                Cell::Nobody => ("nobody", vec![String::new(); 5]),
            };
            let names = [
                block.variable.clone(),
                code(&row.option),
                by,
                code(&row.group),
                unit_name(block.unit).to_owned(),
                status.to_owned(),
            ];
            writer.write_record(names.iter().chain(&figures))?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }

    fn json(&self) -> Value {
        let row = |(block, row): (&Block, &Row)| {
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

    fn rows(&self) -> impl Iterator<Item = (&Block, &Row)> {
        self.blocks.iter().flat_map(|block| block.rows.iter().map(move |row| (block, row)))
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "percent",
        Unit::Mean => "mean",
        Unit::Total => "total",
    }
}

/// Returns the JSON of a cell.
fn figures(cell: &Cell) -> Map<String, Value> {
    let Cell::Shown { n, value, se, interval, df, change } = cell else {
        let status = if *cell == Cell::Withheld { "withheld" } else { "nobody" };
        return Map::from_iter([("status".to_owned(), json!(status))]);
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
            Change::Tested { before, difference, se, verdict } => {
                json!({ "before": before, "difference": difference, "se": se, "verdict": verdict })
            }
            Change::None(reason) => json!({ "none": reason }),
        };
        entries.insert("change".to_owned(), change);
    }
    entries
}

fn change(row: &Row) -> Option<&Change> {
    match &row.cell {
        Cell::Shown { change, .. } => change.as_ref(),
        Cell::Withheld | Cell::Nobody => None,
    }
}

/// Returns base, value, half the interval and the interval as people read them.
fn numbers(cell: &Cell, unit: Unit) -> [String; 4] {
    let decimals = |value: f64| match unit {
        Unit::Percent => 1,
        Unit::Total => 0,
        Unit::Mean if value.abs() >= 1000.0 => 0,
        Unit::Mean => 2,
    };
    match cell {
        Cell::Shown { n, value, interval: (low, high), .. } => {
            let places = decimals(*value);
            let number = |x: f64| format!("{x:.places$}");
            let interval = format!("{} – {}", number(*low), number(*high));
            [n.to_string(), number(*value), number((high - low) / 2.0), interval]
        }
        Cell::Withheld => [":", ":", "", ""].map(str::to_owned),
        Cell::Nobody => ["0", ".", "", ""].map(str::to_owned),
    }
}

fn changes(change: &Change) -> [String; 3] {
    match change {
        Change::Tested { before, difference, verdict, .. } => {
            [format!("{before:.1}"), format!("{difference:+.1}"), (*verdict).to_owned()]
        }
        Change::None(reason) => [".".to_owned(), ".".to_owned(), reason.clone()],
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
