//! Kinds of which the answer is a number: a step of a range, a count, a measure, a year.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::{Kind, KindEntry};
use crate::read::{Fields, Node, Reader, bounds, min_above_max};
use crate::{InputProblem, Release, rules};

/// The bounds of whole numbers: those that a double holds exactly.
const WHOLE: RangeInclusive<i64> = -9_007_199_254_740_992..=9_007_199_254_740_992;

/// The largest whole number that a double holds exactly, 2^53.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The most steps of a range, each of which is a field to choose on the page.
const MOST_STEPS: i64 = 100;

/// The years that are accepted where the question sets no bounds: those of four digits.
const YEARS: RangeInclusive<i64> = 1000..=9999;

pub(super) const RANGE: KindEntry = KindEntry {
    name: "range",
    title: "a question of kind `range`",
    fields: &["min", "max", "low", "high"],
    about: "A step on a scale whose ends have labels. Up to 20 steps are shown side by side.",
    column: "a whole number",
    example: "id: fornoyd
kind: range
text: Hvor fornøyd er dere med tilbudet?
min: 0
max: 10
low: Ikke fornøyd
high: Svært fornøyd",
    release: Release::Tables,
    read: |reader, fields, _| range(reader, fields),
};

pub(super) const INTEGER: KindEntry = KindEntry {
    name: "integer",
    title: "a question of kind `integer`",
    fields: &["min", "max", "unit", "missing"],
    about: "A whole number, with what it counts beside the field.",
    column: "a whole number",
    example: "id: bosatte
kind: integer
text: Hvor mange har kommunen bosatt i år?
min: 0
max: 2000
unit: personer",
    release: Release::Tables,
    read: |reader, fields, _| {
        let whole = |reader: &mut Reader<'_>, node: &Node| reader.integer(node, WHOLE);
        let (min, max) = number_bounds(reader, fields, whole)?;
        let unit = reader.optional(fields, "unit", Reader::text);
        Some(Kind::Integer { min, max, unit })
    },
};

pub(super) const DECIMAL: KindEntry = KindEntry {
    name: "decimal",
    title: "a question of kind `decimal`",
    fields: &["min", "max", "unit", "missing"],
    about: "A number with decimals, with what it measures beside the field.",
    column: "a number",
    example: "id: arsverk
kind: decimal
text: Hvor mange årsverk går med til arbeidet?
min: 0
unit: årsverk",
    release: Release::Tables,
    read: |reader, fields, _| {
        let any = |reader: &mut Reader<'_>, node: &Node| reader.decimal(node, -1e15..=1e15);
        let (min, max) = number_bounds(reader, fields, any)?;
        let unit = reader.optional(fields, "unit", Reader::text);
        Some(Kind::Decimal { min, max, unit })
    },
};

pub(super) const YEAR: KindEntry = KindEntry {
    name: "year",
    title: "a question of kind `year`",
    fields: &["min", "max", "missing"],
    about: "A year with four digits.",
    column: "a whole number",
    example: "id: vedtatt
kind: year
text: Hvilket år ble planen vedtatt?
min: 1990
max: 2025",
    release: Release::Tables,
    read: |reader, fields, _| {
        let year = |reader: &mut Reader<'_>, node: &Node| reader.integer(node, YEARS);
        let (min, max) = number_bounds(reader, fields, year)?;
        Some(Kind::Year { min: min.unwrap_or(*YEARS.start()), max: max.unwrap_or(*YEARS.end()) })
    },
};

fn range(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Kind> {
    let whole = |reader: &mut Reader<'_>, node: &Node| reader.integer(node, WHOLE);
    let min = reader.required(fields, "min", whole);
    let max = reader.required(fields, "max", whole);
    let low = reader.required(fields, "low", Reader::text);
    let high = reader.required(fields, "high", Reader::text);
    let (min, max) = (min?, max?);
    if min >= max {
        return min_above_max(reader, fields);
    }
    if max - min > MOST_STEPS {
        let message = format!("the range has more than {MOST_STEPS} steps");
        let hint = Some("a large number is asked for with `kind: integer`".to_owned());
        return reader.report(rules::LONG_RANGE, fields.head(), message, hint);
    }
    Some(Kind::Range { min, max, low: low?, high: high? })
}

/// Reads the bounds of a number, which must leave something to answer.
fn number_bounds<T: PartialOrd + Copy + Display>(
    reader: &mut Reader<'_>,
    fields: Fields<'_>,
    read: impl Fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Option<(Option<T>, Option<T>)> {
    let bounds = bounds(reader, fields, read)?;
    if let (Some(min), Some(max)) = bounds
        && min == max
    {
        let span = fields.get("max").map_or(fields.head(), |node| node.span.clone());
        let message = format!("only the number {min} is accepted");
        reader.report::<()>(rules::ONE_NUMBER, span, message, None);
    }
    Some(bounds)
}

/// Reads a whole number as people write it, within the bounds of its question.
pub(crate) fn read_integer(kind: &Kind, written: &str) -> Result<i64, InputProblem> {
    let number = parse_number(written)?;
    if number.fract() != 0.0 || number.abs() > MAX_WHOLE {
        return Err(InputProblem::NotWhole);
    }
    within(number, kind.limits())?;
    Ok(number as i64)
}

/// Reads a number as people write it, within the bounds of its question.
pub(crate) fn read_decimal(kind: &Kind, written: &str) -> Result<f64, InputProblem> {
    let number = parse_number(written)?;
    within(number, kind.limits())?;
    Ok(number)
}

fn within(number: f64, limits: (Option<f64>, Option<f64>)) -> Result<(), InputProblem> {
    match limits {
        (Some(min), _) if number < min => Err(InputProblem::BelowMinimum(min)),
        (_, Some(max)) if number > max => Err(InputProblem::AboveMaximum(max)),
        _ => Ok(()),
    }
}

/// Reads a number as people write it: spaces between groups, a decimal comma or point.
fn parse_number(written: &str) -> Result<f64, InputProblem> {
    let plain: String = written
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    let figures = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    match plain.parse::<f64>() {
        Ok(number) if figures && number.is_finite() => Ok(number),
        _ => Err(InputProblem::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (written, number) in
            [("1 234,5", 1234.5), ("1\u{a0}000", 1000.0), ("\u{2212}3", -3.0), ("0.25", 0.25)]
        {
            assert_eq!(parse_number(written), Ok(number), "{written:?}");
        }
        for wrong in ["", "abc", "1e400", "inf", "NaN", "1,2,3", "1e3", "0x10"] {
            assert_eq!(parse_number(wrong), Err(InputProblem::NotANumber), "{wrong:?}");
        }
    }
}
