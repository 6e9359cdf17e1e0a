//! Kinds of which the answer is a text of a given shape: dates and times, addresses, numbers with
//! a check digit, and whatever a pattern of the survey's own describes.
//!
//! What is stored is the one normal form of what was written: `3.11.2025` becomes `2025-11-03`.

use jiff::civil::{Date, Time};
use regex::{Regex, RegexBuilder};

use super::{Kind, KindEntry};
use crate::read::{Fields, Node, Reader, iso_date, min_above_max};
use crate::{Release, Text, rules};

/// The shape that a text must have.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A day; stored as `2025-11-03`.
    Date {
        /// The first day that is accepted.
        min: Option<Date>,
        /// The last day that is accepted.
        max: Option<Date>,
    },
    /// A month of a year; stored as `2025-11`.
    Month,
    /// A time of day; stored as `09:30`.
    Time,
    /// An e-mail address.
    Email,
    /// An address on the web.
    Url,
    /// A number of the Norwegian register of entities: nine digits, the last a check digit.
    OrganisationNumber,
    /// What a pattern describes.
    Pattern(Pattern),
}

/// A pattern that a whole text must match, in time linear in its length.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The regular expression as the questionnaire has it.
    pub source: String,
    /// A text that matches, shown to the informant.
    pub example: String,
    /// What the informant is told of a text that does not match.
    pub message: Text,
    regex: Regex,
}

/// Why a text does not have its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeProblem {
    /// It looks otherwise.
    #[error("does not have the shape that is asked for")]
    Malformed,
    /// It looks right, but its check digit says that a digit is wrong.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// A day before the first one.
    #[error("before {0}")]
    Before(Date),
    /// A day after the last one.
    #[error("after {0}")]
    After(Date),
}

/// The most bytes of a compiled pattern; larger ones are refused when the survey is checked.
const LARGEST_PATTERN: usize = 1 << 18;

/// The most characters of a text with a shape; the longest address that mail can be sent to.
const LONGEST: usize = 254;

/// The most characters of an address on the web.
const LONGEST_URL: usize = 2000;

pub(super) const DATE: KindEntry = KindEntry {
    name: "date",
    title: "a question of kind `date`",
    fields: &["min", "max", "missing"],
    about: "A day, written as `3.11.2025` or `2025-11-03`.",
    column: "a text, `2025-11-03`",
    example: "id: vedtak
kind: date
text: Når gjorde kommunestyret vedtaket?
min: 2020-01-01
max: 2025-12-31",
    release: Release::Tables,
    read: |reader, fields, _| {
        let min = reader.optional(fields, "min", iso_date);
        let max = reader.optional(fields, "max", iso_date);
        match (min, max) {
            (Some(first), Some(last)) if first >= last => min_above_max(reader, fields),
            _ => Some(Kind::Shaped(Shape::Date { min, max })),
        }
    },
};

pub(super) const MONTH: KindEntry = KindEntry {
    name: "month",
    title: "a question of kind `month`",
    fields: &["missing"],
    about: "A month of a year, written as `11.2025` or `2025-11`.",
    column: "a text, `2025-11`",
    example: "id: oppstart
kind: month
text: I hvilken måned startet ordningen?",
    release: Release::Tables,
    read: |_, _, _| Some(Kind::Shaped(Shape::Month)),
};

pub(super) const TIME: KindEntry = KindEntry {
    name: "time",
    title: "a question of kind `time`",
    fields: &["missing"],
    about: "A time of day, written as `9.30` or `09:30`.",
    column: "a text, `09:30`",
    example: "id: apner
kind: time
text: Når åpner servicetorget?",
    release: Release::Tables,
    read: |_, _, _| Some(Kind::Shaped(Shape::Time)),
};

pub(super) const EMAIL: KindEntry = KindEntry {
    name: "email",
    title: "a question of kind `email`",
    fields: &["missing"],
    about: "An e-mail address. It is `internal`: an address may be a person's. Whom invitations \
            are sent to is not asked here, but kept with the contacts.",
    column: "a text",
    example: "id: postmottak
kind: email
text: Hva er e-postadressen til postmottaket?",
    release: Release::Internal,
    read: |_, _, _| Some(Kind::Shaped(Shape::Email)),
};

pub(super) const URL: KindEntry = KindEntry {
    name: "url",
    title: "a question of kind `url`",
    fields: &["missing"],
    about: "An address on the web. `https://` is added where it was left out.",
    column: "a text",
    example: "id: nettside
kind: url
text: Hvor på nett ligger planen?",
    release: Release::Internal,
    read: |_, _, _| Some(Kind::Shaped(Shape::Url)),
};

pub(super) const ORGANISATION_NUMBER: KindEntry = KindEntry {
    name: "organisation_number",
    title: "a question of kind `organisation_number`",
    fields: &["missing"],
    about: "A number of the Norwegian register of entities. Its check digit (modulo 11) finds \
            every single wrong digit and every two that changed places.",
    column: "a text of nine digits",
    example: "id: foretak
kind: organisation_number
text: Hvilket organisasjonsnummer har foretaket?",
    release: Release::Internal,
    read: |_, _, _| Some(Kind::Shaped(Shape::OrganisationNumber)),
};

pub(super) const PATTERN: KindEntry = KindEntry {
    name: "pattern",
    title: "a question of kind `pattern`",
    fields: &["pattern", "example", "message", "missing"],
    about: "A text that a regular expression matches from end to end, in the syntax of the Rust \
            crate `regex`. The `example` is shown to the informant and must match; the `message` \
            is what is said of a text that does not.",
    column: "a text",
    example: "id: saksnummer
kind: pattern
text: Hvilket saksnummer har vedtaket?
pattern: \"[0-9]{2}/[0-9]{1,5}\"
example: 25/1234
message: Skriv året med to sifre, en skråstrek og løpenummeret",
    release: Release::Internal,
    read: |reader, fields, _| pattern(reader, fields),
};

impl Shape {
    /// Returns the name of the kind, as it is written in a questionnaire.
    pub fn name(&self) -> &'static str {
        match self {
            Shape::Date { .. } => DATE.name,
            Shape::Month => MONTH.name,
            Shape::Time => TIME.name,
            Shape::Email => EMAIL.name,
            Shape::Url => URL.name,
            Shape::OrganisationNumber => ORGANISATION_NUMBER.name,
            Shape::Pattern(_) => PATTERN.name,
        }
    }

    /// Reads what a person wrote, trimmed, and returns its normal form.
    pub fn read(&self, written: &str) -> Result<String, ShapeProblem> {
        let longest = if *self == Shape::Url { LONGEST_URL } else { LONGEST };
        if written.chars().count() > longest {
            return Err(ShapeProblem::Malformed);
        }
        match self {
            Shape::Date { min, max } => date(written, *min, *max),
            Shape::Month => month(written),
            Shape::Time => time(written),
            Shape::Email => email(written),
            Shape::Url => url(written),
            Shape::OrganisationNumber => organisation_number(written),
            Shape::Pattern(pattern) => match pattern.regex.is_match(written) {
                true => Ok(written.to_owned()),
                false => Err(ShapeProblem::Malformed),
            },
        }
    }

    /// Returns texts of this shape in their normal form, as examples and for drawn answers; never
    /// empty.
    pub fn examples(&self) -> Vec<String> {
        let some = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match self {
            Shape::Date { min, max } => days(*min, *max),
            Shape::Month => some(&["2024-11", "2025-01", "2025-08"]),
            Shape::Time => some(&["09:30", "08:00", "12:15"]),
            Shape::Email => some(&["postmottak@kommune.example", "servicetorg@kommune.example"]),
            Shape::Url => some(&["https://www.kommune.example", "https://kommune.example/plan"]),
            Shape::OrganisationNumber => some(&["974760673", "889640782"]),
            Shape::Pattern(pattern) => vec![pattern.example.clone()],
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        (&self.source, &self.example, &self.message)
            == (&other.source, &other.example, &other.message)
    }
}

fn pattern(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Kind> {
    let source = reader.required(fields, "pattern", |reader, node| {
        let source = reader.scalar(node)?;
        regex(reader, node, source).map(|regex| (source.to_owned(), regex))
    });
    let message = reader.required(fields, "message", Reader::text);
    let example = reader.required(fields, "example", |reader, node| {
        reader.scalar(node).map(|text| (text.to_owned(), node))
    });
    let ((source, regex), (example, node)) = (source?, example?);
    if !regex.is_match(&example) || example.trim() != example || example.is_empty() {
        let message = format!("the example `{example}` does not match the pattern");
        return reader.report(rules::UNLIKE_EXAMPLE, node.span.clone(), message, None);
    }
    Some(Kind::Shaped(Shape::Pattern(Pattern { source, example, message: message?, regex })))
}

fn regex(reader: &mut Reader<'_>, node: &Node, source: &str) -> Option<Regex> {
    let whole = format!("^(?:{source})$");
    let built = RegexBuilder::new(&whole).size_limit(LARGEST_PATTERN).build();
    // Alone it must be one too, or `a)|(b` would do.
    match built.and_then(|regex| Regex::new(source).map(|_| regex)) {
        Ok(regex) => Some(regex),
        Err(error) => {
            let message = match error {
                regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
                error => {
                    let last = error.to_string();
                    let last = last.lines().last().unwrap_or_default().replace("error: ", "");
                    format!("the pattern cannot be read: {last}")
                }
            };
            let hint = Some("special signs that stand for themselves have `\\` before".to_owned());
            reader.report(rules::BAD_PATTERN, node.span.clone(), message, hint)
        }
    }
}

/// Some days within the bounds: the last, the first and a few between.
fn days(min: Option<Date>, max: Option<Date>) -> Vec<String> {
    let day = |year| Date::new(year, 3, 14).expect("14 March is a day of every year");
    let last = max.unwrap_or_else(|| min.map_or(day(2025), |first| first.max(day(2025))));
    let first = min.unwrap_or_else(|| last.min(day(2020)));
    let between = first.duration_until(last).as_hours() / 24;
    let days = [4, 0, 2, 1, 3].map(|quarter| jiff::Span::new().days(between * quarter / 4));
    let days = days.into_iter().filter_map(|days| first.checked_add(days).ok());
    days.map(|day| day.to_string()).collect()
}

/// Splits digits at one kind of sign: `3.11.2025` at `.`.
fn numbers(written: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = written
        .split(['.', '-', '/', ':'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let digits = |part: &&str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().all(digits).then_some(parts)
}

/// Reads `3.11.2025`, `2025-11-03` and the same with other signs between.
fn date(written: &str, min: Option<Date>, max: Option<Date>) -> Result<String, ShapeProblem> {
    let parts = numbers(written).ok_or(ShapeProblem::Malformed)?;
    let [first, month, last] = parts[..] else { return Err(ShapeProblem::Malformed) };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let date = calendar(year, month, day).ok_or(ShapeProblem::Malformed)?;
    match (min, max) {
        (Some(min), _) if date < min => Err(ShapeProblem::Before(min)),
        (_, Some(max)) if date > max => Err(ShapeProblem::After(max)),
        _ => Ok(date.to_string()),
    }
}

/// Reads `11.2025`, `2025-11` and the same with other signs between.
fn month(written: &str) -> Result<String, ShapeProblem> {
    let parts = numbers(written).ok_or(ShapeProblem::Malformed)?;
    let [first, last] = parts[..] else { return Err(ShapeProblem::Malformed) };
    let (year, month) = if first.len() == 4 { (first, last) } else { (last, first) };
    let date = calendar(year, month, "1").ok_or(ShapeProblem::Malformed)?;
    Ok(format!("{:04}-{:02}", date.year(), date.month()))
}

/// A year must have four digits: who writes `25` may mean a day.
fn calendar(year: &str, month: &str, day: &str) -> Option<Date> {
    let short = |part: &str| if part.len() <= 2 { part.parse::<i8>().ok() } else { None };
    let year = if year.len() == 4 { year.parse::<i16>().ok() } else { None };
    Date::new(year?, short(month)?, short(day)?).ok().filter(|date| date.year() >= 1000)
}

/// Reads `9.30`, `09:30` and `0930`.
fn time(written: &str) -> Result<String, ShapeProblem> {
    let parts = numbers(written).ok_or(ShapeProblem::Malformed)?;
    let (hour, minute) = match parts[..] {
        [both] if both.len() == 4 => both.split_at(2),
        [hour, minute] if minute.len() == 2 => (hour, minute),
        _ => return Err(ShapeProblem::Malformed),
    };
    let clock = |part: &str| part.parse::<i8>().ok();
    clock(hour)
        .zip(clock(minute))
        .and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok())
        .map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
        .ok_or(ShapeProblem::Malformed)
}

/// Reads an address that mail could be sent to; whether it arrives only a letter can tell.
fn email(written: &str) -> Result<String, ShapeProblem> {
    let (local, domain) = written.rsplit_once('@').ok_or(ShapeProblem::Malformed)?;
    let part = |part: &str| {
        let sign = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        part.len() <= 64 && !part.is_empty() && part.chars().all(sign)
    };
    let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
    match part(local) && !dots(local) && is_host(domain) {
        true => Ok(format!("{local}@{}", domain.to_lowercase())),
        false => Err(ShapeProblem::Malformed),
    }
}

/// Reads an address on the web; only the schemes that a browser fetches pages with.
fn url(written: &str) -> Result<String, ShapeProblem> {
    let (scheme, rest) = match written.split_once("://") {
        Some((scheme, rest)) => (scheme.to_lowercase(), rest),
        None => ("https".to_owned(), written),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        Some(_) => return Err(ShapeProblem::Malformed),
        None => host,
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"`{}\\".contains(c);
    match ["http", "https"].contains(&scheme.as_str()) && is_host(name) && path.chars().all(plain) {
        true => Ok(format!("{scheme}://{}{path}", host.to_lowercase())),
        false => Err(ShapeProblem::Malformed),
    }
}

/// Whether a text is the name of a machine: labels of letters, digits and hyphens between points.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        let ends = label.starts_with('-') || label.ends_with('-');
        let signs = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        (1..=63).contains(&label.len()) && signs && !ends
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && name.split('.').all(label)
        && last.chars().count() >= 2
        && last.chars().any(char::is_alphabetic)
}

/// Reads a number of the register of entities, whose ninth digit makes the weighted sum divisible
/// by 11 (Brønnøysundregistrene, "Organisasjonsnummeret").
fn organisation_number(written: &str) -> Result<String, ShapeProblem> {
    const WEIGHTS: [u32; 9] = [3, 2, 7, 6, 5, 4, 3, 2, 1];
    let plain = written.strip_prefix("NO").unwrap_or(written);
    let plain = plain.strip_suffix("MVA").unwrap_or(plain);
    let signs: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let digits: Option<Vec<u32>> = signs.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|digits| digits.len() == 9).ok_or(ShapeProblem::Malformed)?;
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    if sum.is_multiple_of(11) { Ok(signs) } else { Err(ShapeProblem::CheckDigit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shape: &Shape, right: &[(&str, &str)], wrong: &[&str]) {
        for (written, normal) in right {
            assert_eq!(shape.read(written).as_deref(), Ok(*normal), "{written:?}");
            assert_eq!(shape.read(normal).as_deref(), Ok(*normal), "the normal form is one");
        }
        for written in wrong {
            assert!(shape.read(written).is_err(), "{written:?} is {:?}", shape.read(written));
        }
        for example in shape.examples() {
            assert_eq!(shape.read(&example), Ok(example.clone()), "examples are in normal form");
        }
    }

    #[test]
    fn dates_and_times_are_read_as_people_write_them() {
        let any = Shape::Date { min: None, max: None };
        check(
            &any,
            &[
                ("3.11.2025", "2025-11-03"),
                ("03/11/2025", "2025-11-03"),
                ("29.2.2024", "2024-02-29"),
            ],
            &[
                "",
                "29.2.2025",
                "31.4.2025",
                "3.11.25",
                "3.11",
                "2025",
                "i går",
                "11.0.2025",
                "1.1.0999",
            ],
        );
        check(
            &Shape::Month,
            &[("11.2025", "2025-11"), ("1/2024", "2024-01")],
            &["13.2025", "1.25"],
        );
        check(
            &Shape::Time,
            &[("9.30", "09:30"), ("0930", "09:30"), ("23:59", "23:59"), ("0.05", "00:05")],
            &["24:00", "9", "9.5", "9.60", "930", "9.30.10", "ni"],
        );
    }

    #[test]
    fn days_outside_the_bounds_are_refused_with_the_bound() {
        let day = |text: &str| text.parse::<Date>().ok();
        let shape = Shape::Date { min: day("2020-01-01"), max: day("2025-12-31") };
        assert_eq!(shape.read("31.12.2019"), Err(ShapeProblem::Before(day("2020-01-01").unwrap())));
        assert_eq!(shape.read("1.1.2026"), Err(ShapeProblem::After(day("2025-12-31").unwrap())));
        for (min, max) in
            [("1990-01-01", None), ("2030-01-01", None), ("2025-01-01", Some("2025-01-02"))]
        {
            check(&Shape::Date { min: day(min), max: max.and_then(day) }, &[], &[]);
        }
        check(&Shape::Date { min: None, max: day("1999-12-31") }, &[], &[]);
    }

    #[test]
    fn addresses_are_checked_as_far_as_they_can_be() {
        check(
            &Shape::Email,
            &[("Ola.Nordmann@Kommune.NO", "Ola.Nordmann@kommune.no"), ("a+b@ås.no", "a+b@ås.no")],
            &[
                "", "a", "a@b", "@b.no", "a@.no", "a b@c.no", "a@b..no", "a@b.1", "<a@b.no>",
                ".a@b.no",
            ],
        );
        check(
            &Shape::Url,
            &[
                ("www.imdi.no", "https://www.imdi.no"),
                ("http://IMDI.no/Tolk?a=1#b", "http://imdi.no/Tolk?a=1#b"),
                ("https://kommune.no:8443/x", "https://kommune.no:8443/x"),
            ],
            &[
                "",
                "imdi",
                "javascript:alert(1)",
                "ftp://imdi.no",
                "https://",
                "https://a.no/<b>",
                "a b.no",
            ],
        );
    }

    /// 974 760 673 is Brønnøysundregistrene, 889 640 782 is Nav.
    #[test]
    fn an_organisation_number_has_a_check_digit() {
        let shape = Shape::OrganisationNumber;
        check(
            &shape,
            &[("974 760 673", "974760673"), ("NO 889640782 MVA", "889640782")],
            &["", "97476067", "9747606733", "97476067x"],
        );
        // Every single wrong digit, and every two neighbours that changed places, are found.
        let right: Vec<char> = "974760673".chars().collect();
        for place in 0..9 {
            for digit in ('0'..='9').filter(|digit| *digit != right[place]) {
                let mut wrong = right.clone();
                wrong[place] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(shape.read(&wrong), Err(ShapeProblem::CheckDigit), "{wrong}");
            }
            let mut wrong = right.clone();
            wrong.swap(place, (place + 1) % 9);
            let wrong: String = wrong.into_iter().collect();
            assert!(place == 8 || wrong == "974760673" || shape.read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hostile_texts_are_answered_at_once() {
        let shapes =
            [Shape::Email, Shape::Url, Shape::OrganisationNumber, Shape::Month, Shape::Time];
        for shape in &shapes {
            for text in ["a".repeat(100_000), "9.".repeat(50_000), "@".repeat(300), "\0".to_owned()]
            {
                assert!(shape.read(&text).is_err(), "{}", shape.name());
            }
        }
    }
}
