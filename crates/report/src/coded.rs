//! `codes.csv`: how open answers have been read by the team, and which of them may be quoted.
//!
//! What somebody wrote in their own words may name people. It leaves the data only where a person has
//! read it, said what it is about, and approved that it is published.

use frame::UnitId;
use instrument::{Code, Diagnostic, Lang};

use crate::rows::Columns;

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

const COLUMNS: Columns<'_> = Columns {
    of: "coded answers",
    names: &["variable", "unit", "code", "lang", "approved"],
    code: "RR0708",
};

/// Reads `codes.csv`. Returns the rows that could be read and all diagnostics.
pub fn read_codes(file: &str, text: &str) -> (Vec<CodedText>, Vec<Diagnostic>) {
    COLUMNS.read(file, text, row)
}

fn row(record: &csv::StringRecord) -> Result<CodedText, String> {
    let wrong = |column, wanted| COLUMNS.wrong(record, column, wanted);
    Ok(CodedText {
        variable: record[0].to_owned(),
        unit: record[1].parse().map_err(|_| wrong(1, "the number of a unit"))?,
        code: Code::new(&record[2]).map_err(|_| wrong(2, "a code"))?,
        lang: record[3].parse().map_err(|_| wrong(3, "a language such as nb"))?,
        approved: match &record[4] {
            "yes" => true,
            "" => false,
            _ => return Err(wrong(4, "yes or empty")),
        },
    })
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
