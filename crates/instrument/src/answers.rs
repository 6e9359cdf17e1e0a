//! The answers of a case, and how they are read from a form and from the store.

use std::collections::BTreeSet;

use crate::kind::{ShapeProblem, check_choice, find_listed, read_decimal, read_integer, read_text};
use crate::{
    Code, FileProblem, FileRule, GivenFile, Instrument, Item, Kind, MissingKind, Variable,
    VariableKind,
};

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
    /// A file; its bytes lie elsewhere.
    File(GivenFile),
    /// A box beside the field: why there is no answer in it.
    Missing(MissingKind),
}

/// What the store writes before a kind of missing. No form can hold it: control characters are
/// dropped at the edge.
const NO_ANSWER: char = '\u{1}';

/// The answers of one case, one place for each variable of its instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    values: Vec<Option<Value>>,
    /// The variables that the case is not asked though it is asked their question: rows.
    left_out: BTreeSet<usize>,
}

/// Why something that an informant wrote cannot be an answer to the question.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputProblem {
    /// A code that the question does not have: the form was tampered with or is of another round.
    #[error("`{0}` is not an option of this question")]
    UnknownOption(String),
    /// A text that is no option of a list.
    #[error("`{0}` is not on the list")]
    NotListed(String),
    /// More than one value for a question that takes one.
    #[error("only one answer can be given")]
    SeveralValues,
    /// An answer, and a box beside it that says that there is none.
    #[error("there is an answer, and a box that says that there is none")]
    AnswerAndBox,
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
    /// A text that does not have the shape that is asked for.
    #[error(transparent)]
    Shape(ShapeProblem),
    /// A file that the question does not take.
    #[error(transparent)]
    File(FileProblem),
}

impl Answers {
    /// Returns a case of which nothing has been answered.
    pub fn none(instrument: &Instrument) -> Answers {
        Answers::blank(instrument.variables.len())
    }

    /// Returns a case of so many variables, of which nothing has been answered.
    pub(crate) fn blank(variables: usize) -> Answers {
        Answers { values: vec![None; variables], left_out: BTreeSet::new() }
    }

    /// Returns what the variable with this index holds.
    pub fn get(&self, variable: usize) -> Option<&Value> {
        self.values.get(variable).and_then(Option::as_ref)
    }

    /// Whether the variable with this index is a row that the case is not asked. The
    /// [path](crate::path::path) marks it.
    pub fn leaves_out(&self, variable: usize) -> bool {
        self.left_out.contains(&variable)
    }

    pub(crate) fn leave_out(&mut self, variable: usize, left_out: bool) {
        match left_out {
            true => self.left_out.insert(variable),
            false => self.left_out.remove(&variable),
        };
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
            Value::File(file) => file.encode(),
            Value::Missing(kind) => format!("{NO_ANSWER}{}", kind.as_str()),
        }
    }
}

impl Instrument {
    /// Reads a value that [`Value::encode`] wrote. Errs where the text cannot be an answer to the
    /// variable, as after a change of the questionnaire in the field.
    pub fn decode(&self, variable: &Variable, text: &str) -> Result<Value, InputProblem> {
        if let Some(missing) = text.strip_prefix(NO_ANSWER) {
            return self.read_missing(variable, missing);
        }
        if self.file_rule(variable).is_some() {
            let file = GivenFile::decode(text).map(Value::File);
            return file.ok_or(InputProblem::File(FileProblem::NoFile));
        }
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
    /// was answered. Numbers may be written as people write them: `1 234,5`. A file is judged by
    /// [`FileRule::judge`], and no text is one.
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
        if self.file_rule(variable).is_some() {
            return Err(InputProblem::File(FileProblem::NoFile));
        }
        let kind = &self.question_of(variable).kind;
        match variable.kind {
            VariableKind::Category => self.written_option(variable, first).map(Value::Code),
            VariableKind::Categories => {
                let codes = self.codes(variable, written.iter().copied())?;
                check_choice(kind, &codes)?;
                Ok(Value::Codes(codes))
            }
            VariableKind::Integer => read_integer(kind, first).map(Value::Integer),
            VariableKind::Decimal => read_decimal(kind, first).map(Value::Decimal),
            VariableKind::Text => read_text(kind, &variable.item, first).map(Value::Text),
        }
        .map(Some)
    }

    /// Returns which files are an answer to a variable; `None` where none is.
    pub fn file_rule(&self, variable: &Variable) -> Option<&FileRule> {
        self.question_of(variable).kind.file_rule(&variable.item)
    }

    /// Reads the box that was ticked beside the field of a variable.
    pub fn read_missing(&self, variable: &Variable, code: &str) -> Result<Value, InputProblem> {
        let boxes = &self.question_of(variable).missing;
        let found = boxes.iter().find(|(kind, _)| kind.as_str() == code);
        let found = found.filter(|_| variable.item == Item::Whole);
        found
            .map(|(kind, _)| Value::Missing(*kind))
            .ok_or_else(|| InputProblem::UnknownOption(code.to_owned()))
    }

    /// Returns the option that was chosen, or written where it comes from a list.
    fn written_option(&self, variable: &Variable, written: &str) -> Result<Code, InputProblem> {
        if let Kind::SelectOne { options, listed: true } = &self.question_of(variable).kind
            && variable.item == Item::Whole
        {
            return find_listed(options, written);
        }
        self.option(variable, written)
    }

    fn option(&self, variable: &Variable, code: &str) -> Result<Code, InputProblem> {
        let mut options = self.question_of(variable).options_of(&variable.item).iter();
        options
            .find(|option| option.code.as_str() == code)
            .map(|option| option.code.clone())
            .ok_or_else(|| InputProblem::UnknownOption(code.to_owned()))
    }

    /// Returns the chosen options in the order of the questionnaire, each once.
    fn codes<'a>(
        &self,
        variable: &Variable,
        chosen: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Code>, InputProblem> {
        let options = self.question_of(variable).options_of(&variable.item);
        let mut places = vec![];
        for code in chosen {
            let place = options.iter().position(|option| option.code.as_str() == code);
            places.push(place.ok_or_else(|| InputProblem::UnknownOption(code.to_owned()))?);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places.into_iter().map(|place| options[place].code.clone()).collect())
    }
}
