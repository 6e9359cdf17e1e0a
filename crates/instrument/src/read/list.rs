//! Reads the lists of options that lie in files of their own: `lists/NAME.csv`.

use std::collections::BTreeMap;
use std::ops::Range;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use crate::rules::{self, Rule};
use crate::{Choice, Code, Diagnostic, Hash, Lang, OptionList, Severity, Text};

/// The most options that a list has: a page shows them all to whoever writes in the field.
const MOST_OPTIONS: usize = 5000;

/// How many mistakes are told before reading stops.
const MOST_MISTAKES: usize = 100;

/// Reads a list: the column `code`, and a column for each language of the survey. The value is there
/// only where there is no error.
pub fn list(file: &str, text: &str, languages: &[Lang]) -> (Option<OptionList>, Vec<Diagnostic>) {
    let mut reading = Reading { file, text, languages, said: vec![], seen: BTreeMap::new() };
    let options = reading.options();
    let failed = reading.said.iter().any(|said| said.severity == Severity::Error);
    let list =
        options.filter(|_| !failed).map(|options| OptionList { options, hash: Hash::of(text) });
    (list, reading.said)
}

struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    languages: &'a [Lang],
    said: Vec<Diagnostic>,
    /// Each text by its language, and the code of the option that has it.
    seen: BTreeMap<(Lang, String), Code>,
}

impl Reading<'_> {
    fn options(&mut self) -> Option<Vec<Choice>> {
        let mut reader =
            ReaderBuilder::new().trim(csv::Trim::All).from_reader(self.text.as_bytes());
        let columns = self.columns(&mut reader)?;
        let mut options: Vec<Choice> = vec![];
        let mut codes = std::collections::BTreeSet::new();
        let mut record = StringRecord::new();
        loop {
            let start = reader.position().byte() as usize;
            let row = reader.read_record(&mut record);
            let span = self.trimmed(start..reader.position().byte() as usize);
            match row {
                Ok(false) => break,
                Ok(true) => {
                    if let Some(option) = self.option(&record, &columns, span.clone()) {
                        if !codes.insert(option.code.clone()) {
                            let message = format!("the code `{}` is used twice", option.code);
                            self.report(rules::DUPLICATE_NAME, span, message);
                        }
                        options.push(option);
                    }
                }
                Err(error) => self.report(rules::BAD_LIST, span, not_a_row(&error)),
            }
            if options.len() > MOST_OPTIONS || self.said.len() >= MOST_MISTAKES {
                let message = format!(
                    "a list has at most {MOST_OPTIONS} options, and {MOST_MISTAKES} mistakes are told"
                );
                self.report(rules::BAD_LIST, 0..0, message);
                return None;
            }
        }
        if options.len() < 2 {
            self.report(rules::FEW_OPTIONS, 0..0, "a list needs two options or more".to_owned());
        }
        Some(options)
    }

    /// Finds the column of the codes and that of each language.
    fn columns(&mut self, reader: &mut csv::Reader<&[u8]>) -> Option<Vec<usize>> {
        let header = reader.headers().cloned().unwrap_or_default();
        let line = self.trimmed(0..reader.position().byte() as usize);
        let languages: Vec<String> = self.languages.iter().map(Lang::to_string).collect();
        let wanted: Vec<&str> =
            std::iter::once("code").chain(languages.iter().map(String::as_str)).collect();
        let places: Option<Vec<usize>> =
            wanted.iter().map(|name| header.iter().position(|there| there == *name)).collect();
        if places.is_none() || header.len() != wanted.len() {
            let message = format!("the first line of a list is `{}`", wanted.join(","));
            self.report(rules::BAD_LIST, line, message);
        }
        places.filter(|_| header.len() == wanted.len())
    }

    fn option(
        &mut self,
        record: &StringRecord,
        columns: &[usize],
        span: Range<usize>,
    ) -> Option<Choice> {
        let field = |column: usize| record.get(column).unwrap_or_default();
        let code = match Code::new(field(columns[0])) {
            Ok(code) => code,
            Err(error) => {
                self.report(rules::INVALID_NAME, span, error.to_string());
                return None;
            }
        };
        let mut texts = vec![];
        for (place, lang) in self.languages.iter().enumerate() {
            let text = field(columns[place + 1]);
            if text.is_empty() {
                let rule =
                    if place == 0 { rules::MISSING_TEXT } else { rules::MISSING_TRANSLATION };
                self.report(rule, span.clone(), format!("`{code}` has no text in {lang}"));
                continue;
            }
            let other = self.seen.insert((*lang, text.to_owned()), code.clone());
            if let Some(other) = other.filter(|other| *other != code) {
                let message = format!("`{other}` and `{code}` read the same in {lang}");
                self.report(rules::SAME_OPTION, span.clone(), message);
            }
            if text.contains("{{") {
                let message = "nothing is piped into a list: it belongs to no case".to_owned();
                self.report(rules::MISPLACED_PIPE, span.clone(), message);
            }
            texts.push((*lang, text.to_owned()));
        }
        let text = Text::new(texts);
        Some(Choice { code, text, missing: None, exclusive: false, specify: None })
    }

    /// A place in the file without the white space around it.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let start = span.start + (written.len() - written.trim_start().len());
        start..start + written.trim().len()
    }

    fn report(&mut self, rule: &'static Rule, span: Range<usize>, message: String) {
        self.said.push(Diagnostic::new(rule, self.file, Some(span), message, None));
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
