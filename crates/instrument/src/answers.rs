//! The answers of a case, and how they are read from a form and from the store.

use crate::{Code, Instrument, Item, Kind, Variable, VariableKind};

/// What one variable of a case holds once it has been answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An option.
    Code(Code),
    /// Options, in the order of the questionnaire; never empty.
    Codes(Vec<Code>),
    /// A whole number.
    Integer(i64),
    /// A number; finite.
    Decimal(f64),
    /// A text; never empty, without white space around it.
    Text(String),
}

/// The answers of one case, one place for each variable of its instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    values: Vec<Option<Value>>,
}

/// Why something that an informant wrote cannot be an answer to the question.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputProblem {
    /// A code that the question does not have: the form was tampered with or is of another round.
    #[error("`{0}` is not an option of this question")]
    UnknownOption(String),
    /// More than one value for a question that takes one.
    #[error("only one answer can be given")]
    SeveralValues,
    /// An exclusive option together with others.
    #[error("an option that stands alone was chosen together with others")]
    Exclusive(Code),
    /// Fewer options than asked for.
    #[error("at least {0} must be chosen")]
    TooFew(u32),
    /// More options than allowed.
    #[error("at most {0} can be chosen")]
    TooMany(u32),
    /// Not a number.
    #[error("not a number")]
    NotANumber,
    /// A number with decimals where a whole one is asked for.
    #[error("not a whole number")]
    NotWhole,
    /// Below the lowest number.
    #[error("below {0}")]
    BelowMinimum(f64),
    /// Above the highest number.
    #[error("above {0}")]
    AboveMaximum(f64),
    /// A text of more characters than allowed.
    #[error("longer than {0} characters")]
    TooLong(usize),
}

impl Answers {
    /// Returns a case of which nothing has been answered.
    pub fn none(instrument: &Instrument) -> Answers {
        Answers::blank(instrument.variables.len())
    }

    /// Returns a case of so many variables, of which nothing has been answered.
    pub(crate) fn blank(variables: usize) -> Answers {
        Answers { values: vec![None; variables] }
    }

    /// Returns what the variable with this index holds.
    pub fn get(&self, variable: usize) -> Option<&Value> {
        self.values.get(variable).and_then(Option::as_ref)
    }

    /// Sets or, with `None`, withdraws an answer.
    pub fn set(&mut self, variable: usize, value: Option<Value>) {
        self.values[variable] = value;
    }
}

impl Value {
    /// Returns the value as the store keeps it; [`Instrument::decode`] reads it back.
    pub fn encode(&self) -> String {
        match self {
            Value::Code(code) => code.to_string(),
            Value::Codes(codes) => codes.iter().map(Code::as_str).collect::<Vec<_>>().join(" "),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        }
    }
}

impl Instrument {
    /// Reads a value that [`Value::encode`] wrote. Errs where the text cannot be an answer to the
    /// variable, as after a change of the questionnaire in the field.
    pub fn decode(&self, variable: &Variable, text: &str) -> Result<Value, InputProblem> {
        match variable.kind {
            VariableKind::Category => self.option(variable, text).map(Value::Code),
            VariableKind::Categories => self.codes(variable, text.split(' ')).map(Value::Codes),
            VariableKind::Integer => {
                text.parse().map(Value::Integer).map_err(|_| InputProblem::NotWhole)
            }
            VariableKind::Decimal => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::Decimal(number)),
                _ => Err(InputProblem::NotANumber),
            },
            VariableKind::Text => Ok(Value::Text(text.to_owned())),
        }
    }

    /// Reads what an informant wrote in the fields of one variable. Returns `None` where nothing
    /// was answered. Numbers may be written as people write them: `1 234,5`.
    pub fn read_input(
        &self,
        variable: &Variable,
        input: &[&str],
    ) -> Result<Option<Value>, InputProblem> {
        let written: Vec<&str> = input.iter().map(|s| s.trim()).filter(|s| !s.is_empty()).collect();
        let Some(first) = written.first().copied() else { return Ok(None) };
        if written.len() > 1 && variable.kind != VariableKind::Categories {
            return Err(InputProblem::SeveralValues);
        }
        match variable.kind {
            VariableKind::Category => self.option(variable, first).map(Value::Code),
            VariableKind::Categories => {
                let codes = self.codes(variable, written.iter().copied())?;
                self.check_choice(variable, &codes)?;
                Ok(Value::Codes(codes))
            }
            VariableKind::Integer => self.integer(variable, first).map(Value::Integer),
            VariableKind::Decimal => self.decimal(variable, first).map(Value::Decimal),
            VariableKind::Text => self.text(variable, first).map(Value::Text),
        }
        .map(Some)
    }

    fn option(&self, variable: &Variable, code: &str) -> Result<Code, InputProblem> {
        self.question_of(variable)
            .option(code)
            .map(|option| option.code.clone())
            .ok_or_else(|| InputProblem::UnknownOption(code.to_owned()))
    }

    /// Returns the chosen options in the order of the questionnaire, each once.
    fn codes<'a>(
        &self,
        variable: &Variable,
        chosen: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Code>, InputProblem> {
        let options = self.question_of(variable).kind.options();
        let mut places = vec![];
        for code in chosen {
            let place = options.iter().position(|option| option.code.as_str() == code);
            places.push(place.ok_or_else(|| InputProblem::UnknownOption(code.to_owned()))?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places.into_iter().map(|place| options[place].code.clone()).collect())
    }

    fn check_choice(&self, variable: &Variable, codes: &[Code]) -> Result<(), InputProblem> {
        let question = self.question_of(variable);
        let Kind::SelectMultiple { options, min, max } = &question.kind else { return Ok(()) };
        let alone = options.iter().find(|o| o.exclusive && codes.contains(&o.code));
        if let Some(alone) = alone {
            return if codes.len() > 1 {
                Err(InputProblem::Exclusive(alone.code.clone()))
            } else {
                Ok(())
            };
        }
        let chosen = u32::try_from(codes.len()).unwrap_or(u32::MAX);
        match (*min, *max) {
            (Some(min), _) if chosen < min => Err(InputProblem::TooFew(min)),
            (_, Some(max)) if chosen > max => Err(InputProblem::TooMany(max)),
            _ => Ok(()),
        }
    }

    fn integer(&self, variable: &Variable, written: &str) -> Result<i64, InputProblem> {
        let number = parse_number(written)?;
        if number.fract() != 0.0 || number.abs() > MAX_WHOLE {
            return Err(InputProblem::NotWhole);
        }
        let (min, max) = match &self.question_of(variable).kind {
            Kind::Range { min, max, .. } => (Some(*min), Some(*max)),
            Kind::Integer { min, max, .. } => (*min, *max),
            Kind::SelectOne { .. }
            | Kind::SelectMultiple { .. }
            | Kind::Grid { .. }
            | Kind::Decimal { .. }
            | Kind::Text { .. }
            | Kind::Multiline { .. }
            | Kind::Note => (None, None),
        };
        within(number, min.map(|n| n as f64), max.map(|n| n as f64))?;
        Ok(number as i64)
    }

    fn decimal(&self, variable: &Variable, written: &str) -> Result<f64, InputProblem> {
        let number = parse_number(written)?;
        if let Kind::Decimal { min, max, .. } = &self.question_of(variable).kind {
            within(number, *min, *max)?;
        }
        Ok(number)
    }

    fn text(&self, variable: &Variable, written: &str) -> Result<String, InputProblem> {
        let limit = match (&self.question_of(variable).kind, &variable.item) {
            (Kind::Text { max_length } | Kind::Multiline { max_length }, Item::Whole) => {
                *max_length
            }
            _ => SPECIFY_LENGTH,
        };
        // A browser sends line breaks as CR LF; one of them is enough to keep.
        let text = written.replace("\r\n", "\n");
        if text.chars().count() > limit { Err(InputProblem::TooLong(limit)) } else { Ok(text) }
    }
}

/// The most characters of an "other, specify".
pub const SPECIFY_LENGTH: usize = 250;

/// The largest whole number that a double holds exactly, 2^53.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

fn within(number: f64, min: Option<f64>, max: Option<f64>) -> Result<(), InputProblem> {
    match (min, max) {
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
