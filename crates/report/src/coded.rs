//! `codes.csv`: how open answers have been read by the team, and which of them may be quoted.
//!
//! What somebody wrote in their own words may name people. It leaves the data only where a person has
//! read it, said what it is about, and approved that it is published.

use frame::UnitId;
use instrument::{Code, Diagnostic, Lang, Severity};

/// An open answer that has been read and coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodedText {
    /// The variable that holds it.
    pub variable: String,
    /// The unit that wrote it.
    pub unit: UnitId,
    /// What it is about.
    pub code: Code,
    /// The language that it is written in.
    pub lang: Lang,
    /// Whether it may be published.
    pub approved: bool,
}

const COLUMNS: [&str; 5] = ["variable", "unit", "code", "lang", "approved"];

/// Reads `codes.csv`. Returns the rows that could be read and all diagnostics.
pub fn read_codes(file: &str, text: &str) -> (Vec<CodedText>, Vec<Diagnostic>) {
    let mut rows = vec![];
    let mut diagnostics = vec![];
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    if !reader.headers().is_ok_and(|header| header.iter().eq(COLUMNS)) {
        let hint = format!("the first line is `{}`", COLUMNS.join(","));
        let message = "the columns are not those of coded answers".to_owned();
        return (rows, vec![error(file, 0..line(text), message, Some(hint))]);
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
                let span = start..start + line(&text[start..]);
                diagnostics.push(error(file, span, message, None));
            }
        }
    }
    (rows, diagnostics)
}

fn row(record: &csv::StringRecord) -> Result<CodedText, String> {
    let [variable, unit, code, lang, approved] =
        <[&str; 5]>::try_from(record.iter().collect::<Vec<_>>())
            .map_err(|all| format!("the row has {} fields, not {}", all.len(), COLUMNS.len()))?;
    let wrong = |column: usize, found: &str, wanted: &str| {
        format!("{} is `{found}`, not {wanted}", COLUMNS[column])
    };
    Ok(CodedText {
        variable: variable.to_owned(),
        unit: unit.parse().map_err(|_| wrong(1, unit, "the number of a unit"))?,
        code: Code::new(code).map_err(|_| wrong(2, code, "a code"))?,
        lang: lang.parse().map_err(|_| wrong(3, lang, "a language such as nb"))?,
        approved: match approved {
            "yes" => true,
            "" => false,
            other => return Err(wrong(4, other, "yes or empty")),
        },
    })
}

fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn error(
    file: &str,
    span: std::ops::Range<usize>,
    message: String,
    hint: Option<String>,
) -> Diagnostic {
    let severity = Severity::Error;
    Diagnostic { code: "RR0706", severity, file: file.to_owned(), span: Some(span), message, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_the_wrong_ones_named() {
        let text = "variable,unit,code,lang,approved\n\
                    tolk_utdyp,1508,samme_tolk,nn,yes\ntolk_utdyp,1508,kvalitet,nn,\n\
                    tolk_utdyp,1508,kvalitet,nynorsk!,\ntolk_utdyp,1508,kvalitet,nn,ja\nx,1508\n";
        let (rows, diagnostics) = read_codes("codes.csv", text);
        assert_eq!(rows.len(), 2);
        assert!(rows[0].approved && rows[0].lang == Lang::NN && !rows[1].approved);
        let messages: Vec<&str> = diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "lang is `nynorsk!`, not a language such as nb",
                "approved is `ja`, not yes or empty",
                "the row has 2 fields, not 5"
            ]
        );
        assert_eq!(read_codes("codes.csv", "a,b\n").1[0].span, Some(0..3));
    }
}
