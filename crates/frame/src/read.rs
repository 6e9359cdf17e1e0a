//! Reads frame files: `frame/YEAR.csv` and `frame/changes.csv`, with all diagnostics at once.

use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use csv::{ErrorKind, StringRecord};
use instrument::rules::Rule;
use instrument::{Diagnostic, Hash, RoundId, Severity};

use crate::{Change, ChangeKind, Changes, Frame, Unit, UnitId, rules};

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
/// What other programs put between columns, and what it is called.
const SEPARATORS: [(char, &str); 2] = [(';', "semicolons"), ('\t', "tabs")];
/// More than live on earth: sums over a frame stay far from the largest number.
const MOST_PEOPLE: u64 = 10_000_000_000;
/// The largest file that is read: a hundred thousand units.
const MOST_BYTES: usize = 16 << 20;
/// With so many mistakes the file is of another kind; to list more of them helps nobody.
const MOST_MISTAKES: usize = 200;

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
        let hint = "add a row for each unit";
        table.report(rules::NO_UNITS, None, "the frame has no units".to_owned(), hint);
    }
    units.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    // Where rows could not be read, nobody knows which units are missing.
    if table.diagnostics.is_empty() {
        unknown_parents(&mut table, &units);
    }
    duplicates(&mut table, &units);
    let units = units.into_iter().map(|(unit, _)| unit).collect();
    table.finish(Frame { round, units, hash: Hash::of(text) })
}

fn duplicates(table: &mut Table<'_>, units: &[(Unit, Range<usize>)]) {
    for pair in units.windows(2) {
        let (unit, span) = &pair[1];
        if pair[0].0.id == unit.id {
            let message = format!("unit {} stands twice in the frame", unit.id);
            let hint = "remove one of the rows";
            table.report(rules::DUPLICATE_UNIT, Some(span.clone()), message, hint);
        }
    }
}

fn unknown_parents(table: &mut Table<'_>, units: &[(Unit, Range<usize>)]) {
    for (unit, span) in units {
        let Some(parent) = &unit.parent else { continue };
        if units.binary_search_by(|(other, _)| other.id.cmp(parent)).is_err() {
            let message =
                format!("unit {} belongs to {parent}, which is not in the frame", unit.id);
            let hint = "add the parent's row, or leave `parent` empty";
            table.report(rules::UNKNOWN_PARENT, Some(span.clone()), message, hint);
        }
    }
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
    let population = row.within("population", 0..=MOST_PEOPLE, "a whole number of people");
    let centrality = row.within("centrality", 1..=6, "a class from 1 to 6");
    let kostra_group = row.within("kostra_group", 1..=99, "a group number");
    let sami_area = row.within("sami_area", 0..=1, "0 or 1");
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
        sami_area: sami_area? == 1u8,
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
    /// What is wrong with the field in this place.
    problems: Vec<(usize, String)>,
}

impl<'a> Table<'a> {
    fn new(file: &'a str, text: &'a str) -> Table<'a> {
        Table { file, text, diagnostics: vec![] }
    }

    fn report(
        &mut self,
        rule: &'static Rule,
        span: Option<Range<usize>>,
        message: String,
        hint: &str,
    ) {
        let hint = Some(hint.to_owned());
        self.diagnostics.push(Diagnostic::new(rule, self.file, span, message, hint));
    }

    /// Calls `each` for every row that has all `columns`; other columns are passed over.
    fn rows(&mut self, columns: &[&str], mut each: impl FnMut(&mut Row<'_>)) {
        if self.text.len() > MOST_BYTES {
            let message = format!("the file is larger than {} MB", MOST_BYTES >> 20);
            return self.report(rules::TOO_MUCH, None, message, "check that it is the right file");
        }
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(self.text.as_bytes());
        let Some(places) = self.header(&mut reader, columns) else { return };
        let mut record = StringRecord::new();
        loop {
            let start = reader.position().byte() as usize;
            let read = reader.read_record(&mut record);
            let span = self.trimmed(start..reader.position().byte() as usize);
            match read {
                Ok(false) => return,
                Ok(true) => {
                    let problems = vec![];
                    let mut row = Row { columns, places: &places, record: &record, span, problems };
                    each(&mut row);
                    let (span, problems) = (row.span, row.problems);
                    for (place, message) in problems {
                        let span = Some(self.field(&span, place));
                        self.report(rules::WRONG_VALUE, span, message, "mend this value");
                    }
                }
                Err(error) => {
                    let hint = "give every row as many fields as the first line has";
                    self.report(rules::NOT_CSV, Some(span), not_a_row(&error), hint);
                }
            }
            if self.diagnostics.len() >= MOST_MISTAKES {
                let message =
                    format!("there are more than {MOST_MISTAKES} mistakes; reading stopped");
                return self.report(rules::TOO_MUCH, None, message, "mend these first");
            }
        }
    }

    /// Finds the place of each of `columns` in the first line.
    fn header(&mut self, reader: &mut csv::Reader<&[u8]>, columns: &[&str]) -> Option<Vec<usize>> {
        let header = reader.headers().cloned().unwrap_or_default();
        let places: Vec<Option<usize>> =
            columns.iter().map(|name| header.iter().position(|h| h == *name)).collect();
        let line = Some(self.trimmed(0..reader.position().byte() as usize));
        if let [field] = header.iter().collect::<Vec<_>>()[..]
            && let Some((_, name)) = SEPARATORS.into_iter().find(|(s, _)| field.contains(*s))
        {
            let message = format!("the columns are separated by {name}");
            let hint = "save the file as CSV with commas";
            self.report(rules::WRONG_SEPARATOR, line, message, hint);
            return None;
        }
        let missing: Vec<&str> = columns
            .iter()
            .zip(&places)
            .filter(|(_, p)| p.is_none())
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            let message = match &missing[..] {
                [name] => format!("the first line lacks the column {name}"),
                all if all.len() == columns.len() => {
                    "the first line names none of the columns".to_owned()
                }
                some => format!("the first line lacks the columns {}", some.join(", ")),
            };
            let hint = format!("the columns are {}", columns.join(","));
            self.report(rules::MISSING_COLUMN, line, message, &hint);
        }
        places.into_iter().collect()
    }

    /// Returns the part of `span` that holds text other than line breaks.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let line = self.text.get(span.clone()).unwrap_or_default();
        let start = span.start + (line.len() - line.trim_start_matches(['\n', '\r']).len());
        start..(start + line.trim_matches(['\n', '\r']).len())
    }

    /// Returns the place of a field; that of the whole row where quotes hide where fields begin.
    fn field(&self, row: &Range<usize>, place: usize) -> Range<usize> {
        let line = self.text.get(row.clone()).unwrap_or_default();
        let mut start = row.start;
        for (index, field) in line.split(',').enumerate() {
            if index == place && !line.contains('"') {
                return start..start + field.len();
            }
            start += field.len() + 1;
        }
        row.clone()
    }

    fn finish<T>(self, value: T) -> (Option<T>, Vec<Diagnostic>) {
        let sound = self.diagnostics.iter().all(|d| d.severity != Severity::Error);
        (sound.then_some(value), self.diagnostics)
    }
}

impl Row<'_> {
    fn place(&self, column: &str) -> usize {
        let index = self.columns.iter().position(|c| *c == column);
        self.places[index.expect("only columns that were asked for are read")]
    }

    fn get(&self, column: &str) -> &str {
        self.record.get(self.place(column)).unwrap_or_default()
    }

    fn wrong(&mut self, column: &str, wanted: &str) {
        let message = match self.get(column) {
            "" => format!("column {column} is empty where {wanted} is wanted"),
            written => format!("column {column} holds `{written}` where {wanted} is wanted"),
        };
        self.problems.push((self.place(column), message));
    }

    fn parse<T: FromStr>(&mut self, column: &str, wanted: &str) -> Option<T> {
        let value = self.get(column).parse().ok();
        if value.is_none() {
            self.wrong(column, wanted);
        }
        value
    }

    fn within<T: FromStr + PartialOrd>(
        &mut self,
        column: &str,
        range: RangeInclusive<T>,
        wanted: &str,
    ) -> Option<T> {
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
        let lon = self.within("lon", -180.0..=180.0, "a longitude in degrees");
        let lat = self.within("lat", -90.0..=90.0, "a latitude in degrees");
        Some(Some((lon?, lat?)))
    }
}

fn not_a_row(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields, the first line has {expected_len}")
        }
        _ => format!("not a row of CSV: {error}"),
    }
}
