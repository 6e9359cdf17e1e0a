//! Reads frame files: `frame/YEAR.csv` and `frame/changes.csv`, with all diagnostics at once.

use std::ops::Range;
use std::str::FromStr;

use csv::StringRecord;
use instrument::{Diagnostic, Hash, RoundId, Severity};

use crate::{Change, ChangeKind, Changes, Frame, Unit, UnitId};

const FRAME_COLUMNS: [&str; 13] = [
    "id",
    "name",
    "kind",
    "parent",
    "county_id",
    "county",
    "population",
    "centrality",
    "kostra_group",
    "language_form",
    "sami_area",
    "lon",
    "lat",
];
const CHANGE_COLUMNS: [&str; 4] = ["date", "from_id", "to_id", "kind"];
const LANGUAGE_FORMS: [&str; 3] = ["bokmål", "nynorsk", "nøytral"];

/// Reads the frame of a round. Returns `None` beside the diagnostics where any of them is an error.
pub fn frame(file: &str, text: &str, round: RoundId) -> (Option<Frame>, Vec<Diagnostic>) {
    let mut table = Table::new(file, text);
    let mut units: Vec<(Unit, Range<usize>)> = vec![];
    table.rows(&FRAME_COLUMNS, |row| {
        if let Some(unit) = unit(row) {
            units.push((unit, row.span.clone()));
        }
    });
    if units.is_empty() && table.diagnostics.is_empty() {
        table.report("RF0106", None, "the frame has no units", "add a row for each unit");
    }
    units.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    for pair in units.windows(2) {
        if pair[0].0.id == pair[1].0.id {
            let message = format!("unit {} stands twice in the frame", pair[1].0.id);
            table.report("RF0104", Some(pair[1].1.clone()), &message, "remove one of the rows");
        }
    }
    for (unit, span) in &units {
        let Some(parent) = &unit.parent else { continue };
        if units.binary_search_by(|(other, _)| other.id.cmp(parent)).is_err() {
            let message =
                format!("unit {} belongs to {parent}, which is not in the frame", unit.id);
            let hint = "add the parent's row, or leave `parent` empty";
            table.report("RF0105", Some(span.clone()), &message, hint);
        }
    }
    let units = units.into_iter().map(|(unit, _)| unit).collect();
    table.finish(Frame { round, units, hash: Hash::of(text) })
}

/// Reads what happened to units between rounds. Returns `None` where any diagnostic is an error.
pub fn changes(file: &str, text: &str) -> (Option<Changes>, Vec<Diagnostic>) {
    let mut table = Table::new(file, text);
    let mut changes = vec![];
    table.rows(&CHANGE_COLUMNS, |row| {
        let date = row.parse("date", "a date such as 2024-01-01");
        let from = row.parse("from_id", "the id of a unit");
        let to = row.parse("to_id", "the id of a unit");
        let kind = row.parse("kind", "merged, split, renumbered or renamed");
        if let (Some(date), Some(from), Some(to), Some(kind)) = (date, from, to, kind) {
            changes.push(Change { date, from, to, kind });
        }
    });
    table.finish(Changes::new(changes))
}

fn unit(row: &mut Row<'_>) -> Option<Unit> {
    let id = row.parse("id", "the id of a unit");
    let kind = row.parse("kind", "municipality or district");
    let population = row.parse("population", "a whole number of people");
    let centrality = row.number("centrality", 1..=6, "a class from 1 to 6");
    let kostra_group = row.number("kostra_group", 1..=99, "a group number");
    let sami_area = row.number("sami_area", 0..=1, "0 or 1");
    let parent = if row.get("parent").is_empty() {
        Some(None)
    } else {
        row.parse("parent", "the id of a unit").map(Some)
    };
    let point = row.point();
    let language_form = row.get("language_form").to_owned();
    if !LANGUAGE_FORMS.contains(&language_form.as_str()) {
        row.wrong("language_form", "bokmål, nynorsk or nøytral");
    }
    for column in ["name", "county_id", "county"] {
        if row.get(column).is_empty() {
            row.wrong(column, "a text");
        }
    }
    Some(Unit {
        id: id?,
        name: row.get("name").to_owned(),
        kind: kind?,
        parent: parent?,
        county_id: row.get("county_id").to_owned(),
        county: row.get("county").to_owned(),
        population: population?,
        centrality: centrality?,
        kostra_group: kostra_group?,
        language_form,
        sami_area: sami_area? == 1,
        point: point?,
    })
}

impl FromStr for UnitId {
    type Err = crate::InvalidUnitId;
    fn from_str(text: &str) -> Result<UnitId, Self::Err> {
        UnitId::new(text)
    }
}

impl FromStr for ChangeKind {
    type Err = ();
    fn from_str(text: &str) -> Result<ChangeKind, ()> {
        match text {
            "merged" => Ok(ChangeKind::Merged),
            "split" => Ok(ChangeKind::Split),
            "renumbered" => Ok(ChangeKind::Renumbered),
            "renamed" => Ok(ChangeKind::Renamed),
            _ => Err(()),
        }
    }
}

/// A CSV file being read, and what has been found wrong with it so far.
struct Table<'a> {
    file: &'a str,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

/// One row, by the names of its columns.
struct Row<'a> {
    columns: &'a [&'a str],
    places: &'a [usize],
    record: &'a StringRecord,
    span: Range<usize>,
    problems: Vec<(&'static str, String)>,
}

impl<'a> Table<'a> {
    fn new(file: &'a str, text: &'a str) -> Table<'a> {
        Table { file, text, diagnostics: vec![] }
    }

    fn report(&mut self, code: &'static str, span: Option<Range<usize>>, what: &str, hint: &str) {
        self.diagnostics.push(Diagnostic {
            code,
            severity: Severity::Error,
            file: self.file.to_owned(),
            span,
            message: what.to_owned(),
            hint: Some(hint.to_owned()),
        });
    }

    /// Calls `each` for every row that has all `columns`; other columns are passed over.
    fn rows(&mut self, columns: &[&str], mut each: impl FnMut(&mut Row<'_>)) {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(self.text.as_bytes());
        let Some(places) = self.header(&mut reader, columns) else { return };
        let mut record = StringRecord::new();
        loop {
            let start = reader.position().byte() as usize;
            match reader.read_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {
                    let end = reader.position().byte() as usize;
                    let span = trimmed(self.text, start..end);
                    let problems = vec![];
                    let mut row = Row { columns, places: &places, record: &record, span, problems };
                    each(&mut row);
                    let (span, problems) = (row.span, row.problems);
                    for (code, message) in problems {
                        let hint = "mend the value in this row";
                        self.report(code, Some(span.clone()), &message, hint);
                    }
                }
                Err(error) => {
                    let span = trimmed(self.text, start..reader.position().byte() as usize);
                    let hint = "give every row as many fields as the first line has";
                    self.report("RF0101", Some(span), &format!("not a row of CSV: {error}"), hint);
                }
            }
        }
    }

    fn header(&mut self, reader: &mut csv::Reader<&[u8]>, columns: &[&str]) -> Option<Vec<usize>> {
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                let message = format!("the first line is not CSV: {error}");
                self.report("RF0101", None, &message, "write the file as CSV in UTF-8");
                return None;
            }
        };
        let missing: Vec<&str> =
            columns.iter().copied().filter(|name| !header.iter().any(|h| h == *name)).collect();
        if !missing.is_empty() {
            let message = format!("the first line lacks the columns {}", missing.join(", "));
            let hint = format!("the columns are {}", columns.join(","));
            let line = 0..self.text.find('\n').unwrap_or(self.text.len());
            self.report("RF0102", Some(line), &message, &hint);
            return None;
        }
        columns.iter().map(|name| header.iter().position(|h| h == *name)).collect()
    }

    fn finish<T>(self, value: T) -> (Option<T>, Vec<Diagnostic>) {
        let sound = self.diagnostics.iter().all(|d| d.severity != Severity::Error);
        (sound.then_some(value), self.diagnostics)
    }
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|c| *c == column);
        place.and_then(|place| self.record.get(self.places[place])).unwrap_or_default()
    }

    fn wrong(&mut self, column: &str, wanted: &str) {
        let written = self.get(column);
        let message = format!("column {column} holds `{written}` where {wanted} is wanted");
        self.problems.push(("RF0103", message));
    }

    fn parse<T: FromStr>(&mut self, column: &str, wanted: &str) -> Option<T> {
        let value = self.get(column).parse().ok();
        if value.is_none() {
            self.wrong(column, wanted);
        }
        value
    }

    fn number(
        &mut self,
        column: &str,
        range: std::ops::RangeInclusive<u8>,
        wanted: &str,
    ) -> Option<u8> {
        let value = self.get(column).parse().ok().filter(|number| range.contains(number));
        if value.is_none() {
            self.wrong(column, wanted);
        }
        value
    }

    /// Returns longitude and latitude; the inner `None` where both fields are empty.
    #[expect(clippy::option_option, reason = "the outer is an error, the inner an absent point")]
    fn point(&mut self) -> Option<Option<(f64, f64)>> {
        if self.get("lon").is_empty() && self.get("lat").is_empty() {
            return Some(None);
        }
        let lon = self.parse("lon", "a longitude in degrees");
        let lat = self.parse("lat", "a latitude in degrees");
        Some(Some((lon?, lat?)))
    }
}

/// Returns the part of `span` that holds text other than line breaks.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let line = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (line.len() - line.trim_start_matches(['\n', '\r']).len());
    start..(start + line.trim_matches(['\n', '\r']).len())
}
