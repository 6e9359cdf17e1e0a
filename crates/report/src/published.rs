//! `published.csv`: figures that were published before Runde, to compare with.

use instrument::{Diagnostic, RoundId, Severity};

/// A figure that was published before, by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The round whose report states it.
    pub round: RoundId,
    /// The round that it is a figure of.
    pub of: RoundId,
    /// The id of the finding: the variable's name with `_` for `.`.
    pub id: String,
    /// The option's code, codes joined with `+`, or empty.
    pub option: String,
    /// What was published.
    pub value: f64,
    /// What the value counts.
    pub unit: PublishedUnit,
    /// Whether the value was not printed, but follows from one that was.
    pub derived: bool,
}

/// What a published value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedUnit {
    /// Whole percent.
    Percent,
    /// The place in a ranking, 1 for the most often named.
    Rank,
}

const COLUMNS: [&str; 7] = ["round", "of", "id", "option", "value", "unit", "derived"];

/// Reads `published.csv`. Returns the rows that could be read and all diagnostics.
pub fn read_published(file: &str, text: &str) -> (Vec<Published>, Vec<Diagnostic>) {
    let mut rows = vec![];
    let mut diagnostics = vec![];
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header_fits = reader.headers().is_ok_and(|header| header.iter().eq(COLUMNS));
    if !header_fits {
        let hint = format!("the first line is `{}`", COLUMNS.join(","));
        let message = "the columns are not those of published figures".to_owned();
        return (rows, vec![error(file, 0..first_line(text), message, Some(hint))]);
    }
    for record in reader.into_records() {
        let record = match record {
            Ok(record) => record,
            Err(wrong) => {
                diagnostics.push(error(file, 0..0, format!("not a CSV file: {wrong}"), None));
                break;
            }
        };
        let start = record.position().map_or(0, |position| position.byte() as usize);
        match row(&record) {
            Ok(row) => rows.push(row),
            Err(message) => {
                let span = start..start + first_line(&text[start..]);
                diagnostics.push(error(file, span, message, None));
            }
        }
    }
    (rows, diagnostics)
}

fn row(record: &csv::StringRecord) -> Result<Published, String> {
    if record.len() != COLUMNS.len() {
        return Err(format!("the row has {} fields, not {}", record.len(), COLUMNS.len()));
    }
    let wrong = |column: usize, wanted: &str| {
        format!("{} is `{}`, not {wanted}", COLUMNS[column], &record[column])
    };
    let round = |column: usize| record[column].parse().map_err(|_| wrong(column, "a year"));
    let value: f64 = record[4].parse().map_err(|_| wrong(4, "a number"))?;
    Ok(Published {
        round: round(0)?,
        of: round(1)?,
        id: record[2].to_owned(),
        option: record[3].to_owned(),
        value: if value.is_finite() { value } else { return Err(wrong(4, "a number")) },
        unit: match &record[5] {
            "percent" => PublishedUnit::Percent,
            "rank" => PublishedUnit::Rank,
            _ => return Err(wrong(5, "percent or rank")),
        },
        derived: match &record[6] {
            "yes" => true,
            "" => false,
            _ => return Err(wrong(6, "yes or empty")),
        },
    })
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn error(
    file: &str,
    span: std::ops::Range<usize>,
    message: String,
    hint: Option<String>,
) -> Diagnostic {
    let severity = Severity::Error;
    Diagnostic { code: "RR0701", severity, file: file.to_owned(), span: Some(span), message, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "round,of,id,option,value,unit,derived\n";

    #[test]
    fn rows_are_read_and_the_wrong_ones_named() {
        let text = format!(
            "{HEADER}2023,2021,frivillighetspolitikk,ja,50,percent,yes\n\
             2023,2023,kapasitet_utfordringer,bolig,1,rank,\n\
             2023,23,x,ja,1,percent,\n2023,2023,x,ja,mange,percent,\n2023,2023,x\n"
        );
        let (rows, diagnostics) = read_published("published.csv", &text);
        assert_eq!(rows.len(), 2);
        assert!(rows[0].derived && rows[0].of.year() == 2021 && rows[0].value == 50.0);
        assert_eq!(rows[1].unit, PublishedUnit::Rank);
        let messages: Vec<&str> = diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "of is `23`, not a year",
                "value is `mange`, not a number",
                "the row has 3 fields, not 7"
            ]
        );
        let span = diagnostics[1].span.clone().expect("a place");
        assert_eq!(&text[span], "2023,2023,x,ja,mange,percent,");
    }

    #[test]
    fn another_table_is_refused() {
        let (rows, diagnostics) = read_published("published.csv", "a,b\n1,2\n");
        assert!(rows.is_empty());
        assert_eq!(diagnostics[0].span, Some(0..3));
    }
}
