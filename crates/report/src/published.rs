//! `published.csv`: figures that were published before Runde, to compare with.

use instrument::{Diagnostic, RoundId};

use crate::rows::Columns;

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

const COLUMNS: Columns<'_> = Columns {
    of: "published figures",
    names: &["round", "of", "id", "option", "value", "unit", "derived"],
    code: "RR0701",
};

/// Reads `published.csv`. Returns the rows that could be read and all diagnostics.
pub fn read_published(file: &str, text: &str) -> (Vec<Published>, Vec<Diagnostic>) {
    COLUMNS.read(file, text, row)
}

fn row(record: &csv::StringRecord) -> Result<Published, String> {
    let wrong = |column, wanted| COLUMNS.wrong(record, column, wanted);
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
