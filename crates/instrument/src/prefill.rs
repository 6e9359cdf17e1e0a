//! Answers that are filled in for those who ask for it: from the last round, or from what is known
//! of the unit. What was filled in is an answer like others; beside it stands what became of it.

use std::sync::LazyLock;

use crate::expression::{Case, CheckedCalculation};
use crate::kind::{check_choice, read_text};
use crate::lineage::{carried_option, continued, same_item};
use crate::{
    Choice, Code, Instrument, Item, Kind, Lang, Question, RoundId, Text, Trend, Value, Variable,
    VariableKind,
};

/// What the variable that tells what became of a proposal is called behind its question's name and
/// a point.
pub(crate) const PREFILL: &str = "prefill";

/// What the fields of a question are filled in with for those who ask for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prefill {
    /// What the team wrote: `last`, or an expression.
    pub source: String,
    /// Where the answer comes from.
    pub from: Filling,
}

/// Where an answer comes from that is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Filling {
    /// Not known until every question has been read; no questionnaire that was read whole has it.
    Unread,
    /// The last round's answers to the question that it continues.
    Last {
        /// That round.
        round: RoundId,
        /// Its fields beside those of this round.
        fields: Vec<Carried>,
    },
    /// What an expression comes to.
    Value(CheckedCalculation),
}

/// A field of the last round that is carried over to one of this round.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// Its index into the last round's variables.
    pub last: usize,
    /// The index of this round's, counted from the question's first variable.
    pub now: usize,
    /// What became of each option that still has one.
    pub options: Vec<(Code, Code)>,
}

/// What became of an answer that was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefilled {
    /// It was shown, and nobody has said whether it is right.
    Shown,
    /// Somebody said that it is right.
    Confirmed,
    /// Somebody changed it.
    Changed,
}

impl Prefilled {
    /// Everything that can become of an answer that was filled in.
    pub const ALL: [Prefilled; 3] = [Prefilled::Shown, Prefilled::Confirmed, Prefilled::Changed];

    /// Returns its name, which is the code of an option.
    pub fn as_str(self) -> &'static str {
        match self {
            Prefilled::Shown => "shown",
            Prefilled::Confirmed => "confirmed",
            Prefilled::Changed => "changed",
        }
    }

    /// Returns it as an answer holds it.
    pub fn value(self) -> Value {
        Value::Code(Code::new(self.as_str()).expect("a word is a code"))
    }

    /// Reads what an answer holds.
    pub fn of(value: Option<&Value>) -> Option<Prefilled> {
        let Some(Value::Code(code)) = value else { return None };
        Prefilled::ALL.into_iter().find(|state| state.as_str() == code.as_str())
    }
}

/// What the column is about that tells what became of proposals.
pub(crate) static LABEL: LazyLock<Text> = LazyLock::new(|| {
    text(
        "Hva som ble av svaret som ble fylt inn",
        "Kva som vart av svaret som vart fylt inn",
        "What became of the answer that was filled in",
    )
});

/// What can stand in that column, as a codebook lists it.
pub(crate) static STATES: LazyLock<[Choice; 3]> = LazyLock::new(|| {
    let texts = [
        text("Vist, ikke bekreftet", "Vist, ikkje stadfesta", "Shown, not confirmed"),
        text("Bekreftet", "Stadfesta", "Confirmed"),
        text("Endret", "Endra", "Changed"),
    ];
    let mut texts = texts.into_iter();
    Prefilled::ALL.map(|state| Choice {
        code: Code::new(state.as_str()).expect("a word is a code"),
        text: texts.next().unwrap_or_default(),
        missing: None,
        exclusive: false,
        specify: None,
    })
});

fn text(nb: &str, nn: &str, en: &str) -> Text {
    Text::new(vec![(Lang::NB, nb.into()), (Lang::NN, nn.into()), (Lang::EN, en.into())])
}

impl Filling {
    /// Returns how the last round's question lies beside the one that continues it.
    pub(crate) fn last(
        (now, variables): (&Question, &[Variable]),
        trend: &Trend,
        before: &Instrument,
    ) -> Option<Filling> {
        let last = continued(now, trend, before)?;
        let carried = |(place, index): (usize, usize)| {
            let item = &variables[index].item;
            let same = |old: &usize| same_item(now, item, last, &before.variables[*old].item);
            let found = last.answer_fields().find(same)?;
            Some(Carried { last: found, now: place, options: options(now, trend, last) })
        };
        let fields = now.answer_fields().enumerate().filter_map(carried).collect();
        Some(Filling::Last { round: before.round, fields })
    }

    /// Whether it takes answers over from the last round, or looks at them.
    pub(crate) fn looks_back(&self) -> bool {
        match self {
            Filling::Unread => false,
            Filling::Last { .. } => true,
            Filling::Value(value) => value.looks_back(),
        }
    }
}

/// Returns what became of each substantive option of the last round. "Don't know" is asked for anew.
fn options(now: &Question, trend: &Trend, last: &Question) -> Vec<(Code, Code)> {
    let old = last.kind.options().iter().filter(|option| option.missing.is_none());
    old.filter_map(|old| Some((old.code.clone(), carried_option(now, trend, &old.code)?.clone())))
        .collect()
}

impl Instrument {
    /// Returns what the fields of a question that nobody has answered can be filled in with, by
    /// their variables; nothing where that is not known, or cannot be an answer.
    pub fn proposals(&self, question: &Question, case: &Case<'_>) -> Vec<(usize, Value)> {
        let Some(prefill) = &question.prefill else { return vec![] };
        if question.answer_fields().any(|variable| case.answers.get(variable).is_some()) {
            return vec![];
        }
        let first = question.variables.start;
        let found: Vec<(usize, Value)> = match &prefill.from {
            Filling::Unread => vec![],
            Filling::Last { fields, .. } => {
                let field = |field: &Carried| {
                    let value = case.unit.last()?.get(field.last)?;
                    Some((first + field.now, carried(value, &field.options)?))
                };
                fields.iter().filter_map(field).collect()
            }
            Filling::Value(value) => {
                let value = computed(value, self.variables[first].kind, case);
                value.map(|value| (first, value)).into_iter().collect()
            }
        };
        let fits = |(variable, value): &(usize, Value)| {
            !case.answers.leaves_out(*variable) && self.accepts(*variable, value, case)
        };
        found.into_iter().filter(fits).collect()
    }

    /// Whether a value can be the answer of a case to a variable, as far as that alone decides.
    fn accepts(&self, variable: usize, value: &Value, case: &Case<'_>) -> bool {
        let variable = &self.variables[variable];
        let question = self.question_of(variable);
        let (min, max) = question.kind.limits();
        let within = |number: f64| {
            min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
        };
        let offered = |code: &Code| {
            let options = question.kind.options();
            let place = options.iter().position(|option| option.code == *code);
            place.is_some_and(|place| question.offers_option(place, case))
        };
        match value {
            Value::Code(code) => offered(code),
            Value::Codes(codes) => {
                codes.iter().all(offered) && check_choice(&question.kind, codes).is_ok()
            }
            Value::Integer(number) => within(*number as f64),
            Value::Decimal(number) => within(*number),
            Value::Text(text) => read_text(&question.kind, &variable.item, text).is_ok(),
            Value::File(_) | Value::Missing(_) => false,
        }
    }
}

/// Returns what an answer of the last round is in this one; `None` where it has no counterpart.
fn carried(value: &Value, options: &[(Code, Code)]) -> Option<Value> {
    let now = |code: &Code| options.iter().find(|(old, _)| old == code).map(|(_, now)| now.clone());
    match value {
        Value::Code(code) => now(code).map(Value::Code),
        Value::Codes(codes) => {
            let mut codes: Vec<Code> = codes.iter().filter_map(now).collect();
            codes.dedup();
            (!codes.is_empty()).then_some(Value::Codes(codes))
        }
        // A file is handed over anew in each round.
        Value::File(_) | Value::Missing(_) => None,
        Value::Integer(_) | Value::Decimal(_) | Value::Text(_) => Some(value.clone()),
    }
}

/// Returns what an expression comes to, as an answer of a kind.
fn computed(value: &CheckedCalculation, kind: VariableKind, case: &Case<'_>) -> Option<Value> {
    match value {
        CheckedCalculation::Number(number) => {
            let number = number.evaluate(case)?;
            Some(match kind {
                VariableKind::Integer => Value::Integer(number.round() as i64),
                VariableKind::Decimal
                | VariableKind::Category
                | VariableKind::Categories
                | VariableKind::Text => Value::Decimal(number),
            })
        }
        CheckedCalculation::Option(word) => {
            let word = word.evaluate(case)?.trim();
            match kind {
                VariableKind::Category => Code::new(word).ok().map(Value::Code),
                VariableKind::Categories
                | VariableKind::Integer
                | VariableKind::Decimal
                | VariableKind::Text => (!word.is_empty()).then(|| Value::Text(word.to_owned())),
            }
        }
    }
}

impl Question {
    /// Returns the variable that tells what became of an answer that was filled in, where one can be.
    pub fn prefill_variable(&self) -> Option<usize> {
        self.prefill.as_ref().map(|_| self.answer_end())
    }

    /// Returns the round whose answer is filled in; `None` where an expression says what is.
    pub fn prefilled_from(&self) -> Option<RoundId> {
        match &self.prefill.as_ref()?.from {
            Filling::Last { round, .. } => Some(*round),
            Filling::Unread | Filling::Value(_) => None,
        }
    }

    /// Returns the options of one of its variables.
    pub fn options_of(&self, item: &Item) -> &[Choice] {
        match item {
            Item::Prefill => &*STATES,
            Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Reason => self.kind.options(),
        }
    }
}

/// Whether an expression can stand for the whole answer to a question of a kind.
pub(crate) fn takes_one_value(kind: &Kind) -> bool {
    match kind {
        Kind::SelectOne { .. }
        | Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_) => true,
        Kind::SelectMultiple { .. }
        | Kind::Grid { .. }
        | Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::File(_)
        | Kind::Consent { .. }
        | Kind::Repeat { .. }
        | Kind::Calculate { .. }
        | Kind::Note => false,
    }
}
