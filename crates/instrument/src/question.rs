//! Questions: their routing, checks and lineage, and the variables that they fill.

use std::ops::Range;

use crate::expression::{Case, Checked, CheckedCalculation, CheckedNumber};
use crate::kind::{calculated, rows_of};
use crate::prefill::{LABEL, PREFILL};
use crate::{
    Answers, Choice, Code, Kind, Listing, MissingKind, Prefill, QuestionId, RoundId, Row, Text,
    Value,
};

/// What a reason's variable is called behind its question's name and a point.
pub(crate) const REASON: &str = "reason";

/// One question, or a text between questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its name, stable over rounds.
    pub id: QuestionId,
    /// Its section, as an index into [`crate::Instrument::sections`].
    pub section: usize,
    /// The row of a list that it belongs to.
    pub row: Option<RowOf>,
    /// What can be answered.
    pub kind: Kind,
    /// The question itself.
    pub text: Text,
    /// What helps to answer it: definitions, what to count.
    pub help: Option<Text>,
    /// How it is answered: what to write, how many to choose.
    pub instruction: Option<Text>,
    /// When it is asked; always where `None`.
    pub show_if: Option<Condition>,
    /// Which of its options and rows are offered, and in what order.
    pub listing: Listing,
    /// Whether a section cannot be handed in without an answer.
    pub required: bool,
    /// Whether one who leaves it blank is asked once whether that is meant.
    pub asked_to_answer: bool,
    /// Boxes beside the field for those who cannot answer: the kinds of missing with their texts.
    /// Empty where the question has options, which may be kinds of missing themselves.
    pub missing: Vec<(MissingKind, Text)>,
    /// What the parts of a distribution sum to.
    pub formula: Option<Formula>,
    /// How a calculation comes to its value.
    pub calculation: Option<Calculation>,
    /// What must hold, or ought to hold, of the answer.
    pub checks: Vec<Check>,
    /// What asks for the reason of an answer that a warning fires at. One who gives it has confirmed
    /// the answer.
    pub reason: Option<Text>,
    /// What its fields are filled in with for those who ask for it.
    pub prefill: Option<Prefill>,
    /// Where the question comes from; `None` for one that is new in this round.
    pub trend: Option<Trend>,
    /// Who may see the answers.
    pub release: Release,
    /// Its variables, as a range into [`crate::Instrument::variables`]; empty for a note.
    pub variables: Range<usize>,
}

/// The row of a list that a question belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOf {
    /// The list, as an index into [`crate::Instrument::questions`].
    pub repeat: usize,
    /// The row, from 0.
    pub row: usize,
    /// What the question is called within its row.
    pub name: QuestionId,
}

/// A checked boolean expression and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The expression as the team wrote it.
    pub source: String,
    /// The expression with its names resolved.
    pub checked: Checked,
}

/// A checked expression that is a number, and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// The expression as the team wrote it.
    pub source: String,
    /// The expression with its names resolved.
    pub checked: CheckedNumber,
}

/// How a value follows from answers, checked and as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    /// The expression as the team wrote it.
    pub source: String,
    /// The expression with its names resolved.
    pub checked: CheckedCalculation,
}

/// Something that must hold, or ought to hold, of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// When the message is shown.
    pub when: Condition,
    /// Whether the section can be handed in all the same.
    pub level: Level,
    /// What the informant reads.
    pub message: Text,
}

/// How hard a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Must be mended before the section is handed in.
    Error,
    /// May stand, once the informant has looked at it.
    Warning,
}

/// Where a question comes from, and whether it can be compared with its predecessor.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The first round that asked it.
    pub since: RoundId,
    /// Whether its figures may be compared with the last round's.
    pub comparable: Comparable,
    /// Its name in the last round, where it had another.
    pub was: Option<QuestionId>,
    /// For an option that did not exist in the last round: the options that it stands for.
    pub options: Vec<(Code, Vec<Code>)>,
    /// What changed, for the reader of a figure.
    pub note: Option<Text>,
}

/// Whether figures may be compared with the last round's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable {
    /// They may.
    Yes,
    /// They may not: a report that tries is refused.
    No,
    /// They may, when the note stands beside them.
    WithNote,
}

/// Who may see a variable, from the most to the fewest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// Anyone, unit by unit.
    Open,
    /// Anyone, in tables that follow the disclosure rule.
    Tables,
    /// Only those who work with the survey.
    Internal,
}

/// A column of the data set: what one answer goes into.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name: `question`, `question.row` or `question.option` for an "other, specify".
    pub name: String,
    /// Its question, as an index into [`crate::Instrument::questions`].
    pub question: usize,
    /// Which part of the question it holds.
    pub item: Item,
    /// What it can hold.
    pub kind: VariableKind,
}

/// Which part of a question a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The whole question.
    Whole,
    /// The row of a grid with this index.
    Row(usize),
    /// The text that belongs to the option with this index.
    Specify(usize),
    /// What became of an answer that was filled in.
    Prefill,
    /// Why the answer is right though a warning fires at it.
    Reason,
}

/// What a variable can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// One option of the question.
    Category,
    /// A set of options of the question.
    Categories,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A text.
    Text,
}

impl Question {
    /// Whether the option with this code has been chosen, in any of the question's variables.
    pub fn has_chosen(&self, code: &Code, answers: &Answers) -> bool {
        self.variables.clone().any(|variable| match answers.get(variable) {
            Some(Value::Code(chosen)) => chosen == code,
            Some(Value::Codes(chosen)) => chosen.contains(code),
            Some(
                Value::Integer(_)
                | Value::Decimal(_)
                | Value::Text(_)
                | Value::File(_)
                | Value::Missing(_),
            )
            | None => false,
        })
    }

    /// Whether it stands for its like in every row of a list, or in none.
    pub fn is_first_of_rows(&self) -> bool {
        self.row.as_ref().is_none_or(|of| of.row == 0)
    }

    /// Returns the number of rows of a list that is asked; `None` where nobody has said, and for
    /// other kinds.
    pub fn rows_in(&self, answers: &Answers) -> Option<usize> {
        rows_of(self, answers)
    }

    /// Returns the option with this code.
    pub fn option(&self, code: &str) -> Option<&Choice> {
        self.kind.options().iter().find(|option| option.code.as_str() == code)
    }

    /// Returns the variables that answering this question fills, in order: the question itself or
    /// its rows, then the text of each option that asks for one, what became of an answer that was
    /// filled in, and last the reason that confirms it. `index` is the question's own.
    pub fn make_variables(&self, index: usize) -> Vec<Variable> {
        let variable = |name, item, kind| Variable { name, question: index, item, kind };
        let whole = |kind| vec![variable(self.id.to_string(), Item::Whole, kind)];
        let rows = |kind| {
            let rows = self.kind.rows().iter().enumerate();
            let name = |row: &Row| format!("{}.{}", self.id, row.code);
            rows.map(|(i, row)| variable(name(row), Item::Row(i), kind)).collect()
        };
        let mut variables = match &self.kind {
            Kind::SelectOne { .. } | Kind::Consent { .. } | Kind::File(_) => {
                whole(VariableKind::Category)
            }
            Kind::SelectMultiple { .. } => whole(VariableKind::Categories),
            Kind::Grid { several: true, .. } => rows(VariableKind::Categories),
            Kind::Grid { several: false, .. } => rows(VariableKind::Category),
            Kind::Rank { .. } => rows(VariableKind::Integer),
            Kind::Distribution { .. } => rows(VariableKind::Decimal),
            Kind::Range { .. } | Kind::Integer { .. } | Kind::Year { .. } | Kind::Repeat { .. } => {
                whole(VariableKind::Integer)
            }
            Kind::Decimal { .. } => whole(VariableKind::Decimal),
            Kind::Calculate { options, .. } if !options.is_empty() => whole(VariableKind::Category),
            Kind::Calculate { decimals: 0, .. } => whole(VariableKind::Integer),
            Kind::Calculate { .. } => whole(VariableKind::Decimal),
            Kind::Text { .. } | Kind::Multiline { .. } | Kind::Shaped(_) => {
                whole(VariableKind::Text)
            }
            Kind::Note => vec![],
        };
        for (i, option) in self.kind.options().iter().enumerate() {
            if option.specify.is_some() {
                let name = format!("{}.{}", self.id, option.code);
                variables.push(variable(name, Item::Specify(i), VariableKind::Text));
            }
        }
        if self.prefill.is_some() {
            let name = format!("{}.{PREFILL}", self.id);
            variables.push(variable(name, Item::Prefill, VariableKind::Category));
        }
        if self.reason.is_some() {
            let name = format!("{}.{REASON}", self.id);
            variables.push(variable(name, Item::Reason, VariableKind::Text));
        }
        variables
    }

    /// Returns the variables that informants fill in: all of its own, but of a calculation no more
    /// than the reason that confirms it.
    pub fn fields(&self) -> Range<usize> {
        let variables = self.variables.clone();
        if self.kind.is_answered() { variables } else { self.answer_end()..variables.end }
    }

    /// Returns the variables of the answer itself, without what is said of it.
    pub fn answer_fields(&self) -> Range<usize> {
        let fields = self.fields();
        fields.start..self.answer_end()
    }

    /// Returns the variable of the reason that confirms an answer, where one can be given.
    pub fn reason_variable(&self) -> Option<usize> {
        (self.reason.is_some() && !self.variables.is_empty()).then(|| self.variables.end - 1)
    }

    /// Returns the index after the last variable of the answer itself.
    pub(crate) fn answer_end(&self) -> usize {
        let beside = [self.reason.is_some(), self.prefill.is_some()];
        let beside = beside.into_iter().filter(|there| *there && !self.variables.is_empty());
        self.variables.end - beside.count()
    }

    /// Returns the warnings that fire and that a reason can confirm.
    pub fn warnings<'q>(&'q self, case: &Case<'_>) -> impl Iterator<Item = &'q Check> {
        let warnings = self.checks.iter().filter(|check| check.level == Level::Warning);
        warnings.filter(|check| self.reason.is_some() && check.when.checked.holds(case))
    }

    /// Whether a warning fires that a reason can confirm, or might if the last round and the day were
    /// known.
    pub fn may_be_warned(&self, case: &Case<'_>) -> bool {
        let beyond = |check: &Check| {
            let condition = &check.when.checked;
            condition.looks_beyond() && condition.evaluate(case).is_none()
        };
        let mut warnings = self.checks.iter().filter(|check| check.level == Level::Warning);
        self.warnings(case).next().is_some() || self.reason.is_some() && warnings.any(beyond)
    }

    /// Returns what a calculation comes to; `None` where that is unknown, and for other kinds.
    pub fn calculated(&self, case: &Case<'_>) -> Option<Value> {
        calculated(self, case)
    }

    /// Returns the expression that its value or the sum of its parts follows from, as written.
    pub fn formula_source(&self) -> Option<&str> {
        let total = self.formula.as_ref().map(|formula| formula.source.as_str());
        total.or(self.calculation.as_ref().map(|calculation| calculation.source.as_str()))
    }

    /// Whether it has been answered whole: every part, or as many as are to be ranked. The text of
    /// an "other, specify" is no part, and in a calculation there is nothing to answer.
    pub fn is_complete(&self, answers: &Answers) -> bool {
        if !self.kind.is_answered() {
            return true;
        }
        let parts = self.kind.rows().len().max(1);
        let parts = self.variables.clone().take(parts);
        let asked = parts.filter(|variable| !answers.leaves_out(*variable));
        let (mut needed, mut answered) = (0, 0);
        for variable in asked {
            needed += 1;
            answered += usize::from(answers.get(variable).is_some());
        }
        let Kind::Rank { top: Some(top), .. } = &self.kind else { return answered == needed };
        answered >= needed.min(*top as usize)
    }

    /// Returns every text that belongs to it alone: all but those of its checks.
    pub(crate) fn texts_mut(&mut self) -> Vec<&mut Text> {
        let Question { kind, text, help, instruction, missing, reason, .. } = self;
        let own = [Some(text), help.as_mut(), instruction.as_mut(), reason.as_mut()];
        let boxes = missing.iter_mut().map(|(_, text)| text);
        own.into_iter().flatten().chain(boxes).chain(kind.texts_mut()).collect()
    }

    /// Returns the label of one of its variables: the question, a row, or an option.
    pub fn label(&self, item: &Item) -> &Text {
        match item {
            Item::Whole => &self.text,
            Item::Row(row) => &self.kind.rows()[*row].text,
            Item::Prefill => &LABEL,
            Item::Reason => self.reason.as_ref().unwrap_or(&self.text),
            Item::Specify(option) => {
                let option = &self.kind.options()[*option];
                option.specify.as_ref().unwrap_or(&option.text)
            }
        }
    }
}
