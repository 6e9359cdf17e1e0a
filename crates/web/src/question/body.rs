//! The fields of a question, kind by kind.

use instrument::{Answers, FileRule, Instrument, Item, Kind, Lang, Question, Value, Variable};

use super::shaped::{self, is_narrow, keyboard};
use super::{Asking, Notices, field_id};
use crate::link::encode;
use crate::list::{Button, add_button};
use crate::markup::Html;
use crate::ui::Ui;
use crate::{HAND_OVER, WITHDRAW};

/// The fields of a question.
pub(crate) enum Body {
    /// Radio buttons or boxes to tick.
    Choices { group: Group },
    /// Rows of radio buttons, or of boxes to tick, over the same scale.
    Grid { rows: Vec<RowView>, head: Vec<Html>, table: bool, specify: Vec<Specify> },
    /// The steps of a range between two labelled ends.
    Steps { group: Group, low: String, high: String },
    /// Rows that each take a number, which belong together: places in an order, parts of a whole.
    Parts { rows: Vec<PartView>, places: Vec<i64>, unit: Option<String>, sum: Option<SumView> },
    /// One line: a text, or a number with its unit.
    Line { field: Field, unit: Option<String>, keyboard: Option<&'static str>, narrow: bool },
    /// One line in which a long list is searched.
    Search { field: Field, list: Vec<String>, pick: String, found: Vec<OptionView> },
    /// Several lines of text.
    Area { field: Field, limit: String },
    /// A file to be chosen, beside the one that was handed over; `hand_over` is the button that does it.
    File { field: Field, accept: String, given: Option<FileView>, hand_over: String },
    /// A list before its rows: what is said of one without any, and its buttons.
    List { said: Option<&'static str>, buttons: Vec<Button> },
    /// A value that follows from answers; `None` where it is not known yet.
    Calculated { id: String, name: String, value: Option<String> },
    /// A text between questions.
    Note { text: Html },
}

/// Options of which one, or several, can be chosen.
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) multiple: bool,
    pub(crate) options: Vec<OptionView>,
    pub(crate) answered: bool,
    pub(crate) invalid: bool,
}

/// One option.
pub(crate) struct OptionView {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) text: Html,
    pub(crate) checked: bool,
    pub(crate) alone: bool,
    pub(crate) specify: Option<Specify>,
}

/// The text that belongs to an option.
pub(crate) struct Specify {
    pub(crate) label: Html,
    pub(crate) field: Field,
    /// Whether it stays in sight whatever is chosen.
    pub(crate) keep: bool,
}

/// One row of a grid.
pub(crate) struct RowView {
    pub(crate) text: Html,
    pub(crate) group: Group,
    pub(crate) notices: Notices,
}

/// One row that takes a number.
pub(crate) struct PartView {
    pub(crate) text: Html,
    pub(crate) field: Field,
    pub(crate) notices: Notices,
}

/// The sum of the parts so far, and what it should be where that is known.
pub(crate) struct SumView {
    pub(crate) sum: String,
    pub(crate) total: Option<String>,
    /// The total without marks of any language, for scripts.
    pub(crate) plain: String,
}

/// A file that was handed over.
pub(crate) struct FileView {
    pub(crate) name: String,
    pub(crate) size: String,
    pub(crate) href: String,
    /// The button that takes it away.
    pub(crate) withdraw: String,
}

/// A field to write in.
pub(crate) struct Field {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) invalid: bool,
}

/// The widest scale that is shown as a table.
const WIDEST_TABLE: usize = 8;

/// The longest range that is shown as steps; a longer one is written as a number.
const LONGEST_RANGE: i64 = 20;

impl Body {
    /// Returns what a number counts.
    pub(crate) fn unit(&self) -> Option<&String> {
        match self {
            Body::Line { unit, .. } => unit.as_ref(),
            Body::Choices { .. }
            | Body::Grid { .. }
            | Body::Steps { .. }
            | Body::Parts { .. }
            | Body::Search { .. }
            | Body::Area { .. }
            | Body::File { .. }
            | Body::List { .. }
            | Body::Calculated { .. }
            | Body::Note { .. } => None,
        }
    }

    /// Returns the sum of parts, where they have one.
    pub(crate) fn sum(&self) -> Option<&SumView> {
        match self {
            Body::Parts { sum, .. } => sum.as_ref(),
            Body::Choices { .. }
            | Body::Grid { .. }
            | Body::Steps { .. }
            | Body::Line { .. }
            | Body::Search { .. }
            | Body::Area { .. }
            | Body::File { .. }
            | Body::List { .. }
            | Body::Calculated { .. }
            | Body::Note { .. } => None,
        }
    }

    /// Returns the file that was handed over.
    pub(crate) fn file(&self) -> Option<&FileView> {
        match self {
            Body::File { given, .. } => given.as_ref(),
            Body::Choices { .. }
            | Body::Grid { .. }
            | Body::Steps { .. }
            | Body::Parts { .. }
            | Body::Line { .. }
            | Body::Search { .. }
            | Body::Area { .. }
            | Body::List { .. }
            | Body::Calculated { .. }
            | Body::Note { .. } => None,
        }
    }

    /// Returns what is said about the length of a text.
    pub(crate) fn limit(&self) -> Option<&String> {
        match self {
            Body::Area { limit, .. } => Some(limit),
            Body::Choices { .. }
            | Body::Grid { .. }
            | Body::Steps { .. }
            | Body::Parts { .. }
            | Body::Line { .. }
            | Body::Search { .. }
            | Body::File { .. }
            | Body::List { .. }
            | Body::Calculated { .. }
            | Body::Note { .. } => None,
        }
    }
}

impl Asking<'_> {
    pub(super) fn body(&self, index: usize, question: &Question) -> Body {
        let first = question.variables.start;
        let line = |unit: &Option<instrument::Text>, keyboard| Body::Line {
            field: self.field(first),
            unit: unit.as_ref().map(|unit| self.plain(unit)),
            keyboard,
            narrow: is_narrow(&question.kind),
        };
        match &question.kind {
            Kind::SelectOne { options, listed: true } => self.search(first, question, options),
            Kind::SelectOne { listed: false, .. } => {
                Body::Choices { group: self.group(first, question, false) }
            }
            Kind::SelectMultiple { .. } => {
                Body::Choices { group: self.group(first, question, true) }
            }
            Kind::Grid { several, .. } => self.grid(question, *several),
            Kind::Rank { .. } | Kind::Distribution { .. } => self.parts(question),
            Kind::Range { min, max, low, high } if max - min <= LONGEST_RANGE => Body::Steps {
                group: self.steps(first, *min, *max),
                low: format!("{min} = {}", self.plain(low)),
                high: format!("{max} = {}", self.plain(high)),
            },
            Kind::Range { .. } => line(&None, Some("numeric")),
            Kind::Integer { unit, .. } => line(unit, Some("numeric")),
            Kind::Decimal { unit, .. } => line(unit, Some("decimal")),
            Kind::Year { .. } => line(&None, Some("numeric")),
            Kind::Text { .. } => line(&None, None),
            Kind::Shaped(shape) => line(&None, keyboard(shape)),
            Kind::File(rule) => self.file(first, rule),
            Kind::Consent { .. } => Body::Choices { group: self.group(first, question, true) },
            Kind::Multiline { max_length } => {
                Body::Area { field: self.field(first), limit: (self.ui.page.limit)(*max_length) }
            }
            Kind::Repeat { min, .. } => self.list(index, question, *min),
            Kind::Calculate { .. } => Body::Calculated {
                id: field_id(self.name(first)),
                name: calculated_field(self.name(first)),
                value: calculated(self.instrument, first, self.case.answers, self.lang, self.ui),
            },
            Kind::Note => Body::Note { text: self.paragraphs(&question.text) },
        }
    }

    fn group(&self, variable: usize, question: &Question, multiple: bool) -> Group {
        let (name, typed) = (self.name(variable), self.typed(variable));
        let option = |(place, option): (usize, usize)| {
            let choice = &question.kind.options()[option];
            OptionView {
                id: option_id(name, place),
                code: choice.code.to_string(),
                text: self.line(&choice.text),
                checked: typed.iter().any(|code| code == choice.code.as_str()),
                alone: choice.exclusive,
                specify: match self.instrument.variables[variable].item {
                    Item::Whole => self.specify(question, option, false),
                    Item::Row(_) | Item::Specify(_) | Item::Prefill | Item::Reason => None,
                },
            }
        };
        let offered = question.options_for(&self.case, self.lang);
        Group {
            multiple,
            answered: !typed.is_empty(),
            invalid: self.invalid(variable),
            options: offered.into_iter().enumerate().map(option).collect(),
            name: name.to_owned(),
        }
    }

    fn steps(&self, variable: usize, min: i64, max: i64) -> Group {
        let (name, typed) = (self.name(variable), self.typed(variable));
        let step = |(place, number): (usize, i64)| OptionView {
            id: option_id(name, place),
            code: number.to_string(),
            text: Html::escaped(&number.to_string().replace('-', "\u{2212}")),
            checked: typed.iter().any(|code| *code == number.to_string()),
            alone: false,
            specify: None,
        };
        Group {
            multiple: false,
            answered: !typed.is_empty(),
            invalid: self.invalid(variable),
            options: (min..=max).enumerate().map(step).collect(),
            name: name.to_owned(),
        }
    }

    fn grid(&self, question: &Question, several: bool) -> Body {
        let row = |variable: usize| RowView {
            text: self.label(variable),
            group: self.group(variable, question, several),
            notices: self.notices(variable),
        };
        let options = question.kind.options();
        let offered = question.options_for(&self.case, self.lang);
        Body::Grid {
            rows: self.rows(question).map(row).collect(),
            table: offered.len() <= WIDEST_TABLE,
            head: offered.iter().map(|option| self.line(&options[*option].text)).collect(),
            specify: (0..options.len()).filter_map(|o| self.specify(question, o, true)).collect(),
        }
    }

    /// Returns the variables of the rows that are asked, in the order that they are shown.
    fn rows(&self, question: &Question) -> impl Iterator<Item = usize> {
        let first = question.variables.start;
        question.rows_for(&self.case, self.lang).into_iter().map(move |row| first + row)
    }

    /// Returns the field of a file, with what the store holds: the field itself is blank on every page.
    fn file(&self, variable: usize, rule: &FileRule) -> Body {
        let name = self.name(variable);
        let given = match self.case.answers.get(variable) {
            Some(Value::File(file)) => Some(FileView {
                name: file.name.clone(),
                size: self.ui.file_size(file.bytes),
                href: format!("{}/{}", self.files, encode(name)),
                withdraw: format!("{WITHDRAW}{name}"),
            }),
            Some(_) | None => None,
        };
        let ends = rule.types.iter().flat_map(|kind| kind.ends());
        let accept: Vec<String> = ends.map(|end| format!(".{end}")).collect();
        Body::File {
            field: self.field(variable),
            accept: accept.join(","),
            given,
            hand_over: format!("{HAND_OVER}{name}"),
        }
    }

    /// Returns what stands before the rows of a list. What adds a row stands behind the last one.
    fn list(&self, index: usize, question: &Question, min: u32) -> Body {
        let words = &self.ui.page.list;
        let rows = question.rows_in(self.case.answers);
        let empty = rows.unwrap_or(0) == 0;
        let add = || add_button(self.instrument, index, (self.lang, words), &self.case);
        let nothing = (rows.is_none() && min == 0).then(|| Button {
            go: format!("nothing:{}", question.id),
            text: words.nothing.to_owned(),
        });
        let buttons = if empty { add().into_iter().chain(nothing).collect() } else { vec![] };
        Body::List { said: (rows == Some(0)).then_some(words.empty), buttons }
    }

    fn parts(&self, question: &Question) -> Body {
        let row = |variable: usize| PartView {
            text: self.label(variable),
            field: self.field(variable),
            notices: self.notices(variable),
        };
        let rows: Vec<PartView> = self.rows(question).map(row).collect();
        let (_, most) = question.kind.limits();
        Body::Parts {
            places: (1..=most.map_or(0, |most| (most as i64).min(rows.len() as i64))).collect(),
            rows,
            unit: question.kind.unit().map(|unit| self.plain(unit)),
            sum: question.formula.as_ref().map(|formula| {
                let total = formula.checked.evaluate(&self.case);
                SumView {
                    sum: self.ui.number(self.sum(question)),
                    total: total.map(|total| self.ui.number(total)),
                    plain: total.map_or(String::new(), |total| total.to_string()),
                }
            }),
        }
    }

    /// Returns the sum of the parts that stand in the fields.
    fn sum(&self, question: &Question) -> f64 {
        let parts = question.variables.clone().filter_map(|variable| {
            match self.draft.entries.get(&variable)?.read.as_ref().ok()?.as_ref()? {
                Value::Decimal(part) => Some(*part),
                Value::Code(_)
                | Value::Codes(_)
                | Value::Integer(_)
                | Value::Text(_)
                | Value::File(_)
                | Value::Missing(_) => None,
            }
        });
        parts.sum()
    }

    /// Returns the text field of the option at `place`, where it has one.
    fn specify(&self, question: &Question, place: usize, keep: bool) -> Option<Specify> {
        let mut variables = question.variables.clone();
        let variable =
            variables.find(|v| self.instrument.variables[*v].item == Item::Specify(place))?;
        Some(Specify { label: self.label(variable), field: self.field(variable), keep })
    }

    pub(super) fn field(&self, variable: usize) -> Field {
        let name = self.name(variable);
        Field {
            id: field_id(name),
            name: name.to_owned(),
            value: self.typed(variable).first().cloned().unwrap_or_default(),
            invalid: self.invalid(variable),
        }
    }

    fn label(&self, index: usize) -> Html {
        let variable = &self.instrument.variables[index];
        self.line(self.instrument.question_of(variable).label(&variable.item))
    }

    pub(super) fn name(&self, variable: usize) -> &str {
        &self.instrument.variables[variable].name
    }

    fn typed(&self, variable: usize) -> &[String] {
        self.draft.entries.get(&variable).map_or(&[], |entry| entry.typed.as_slice())
    }

    fn invalid(&self, variable: usize) -> bool {
        self.draft.entries.get(&variable).is_some_and(|entry| entry.read.is_err())
    }
}

/// Returns the name of the output that shows what a variable is calculated as.
pub(crate) fn calculated_field(variable: &str) -> String {
    format!("calculated:{variable}")
}

/// Returns what a variable is calculated as, in words; `None` where that is unknown.
pub(crate) fn calculated(
    instrument: &Instrument,
    variable: usize,
    answers: &Answers,
    lang: Lang,
    ui: &Ui,
) -> Option<String> {
    let value = answers.get(variable)?;
    Some(shown(instrument, &instrument.variables[variable], value, lang, ui))
}

/// Returns the id of the option at a place; that of the first is the field's own.
fn option_id(variable: &str, place: usize) -> String {
    let id = field_id(variable);
    if place == 0 { id } else { format!("{id}-{place}") }
}

/// Returns an answer in words, as a reader sees it.
pub(crate) fn shown(
    instrument: &Instrument,
    variable: &Variable,
    value: &Value,
    lang: Lang,
    ui: &Ui,
) -> String {
    let question = instrument.question_of(variable);
    let option = |code: &instrument::Code| {
        let mut options = question.options_of(&variable.item).iter();
        let option = options.find(|option| option.code == *code);
        option.map_or(code.to_string(), |option| option.text.plain(lang))
    };
    match value {
        Value::Code(code) => option(code),
        Value::Codes(codes) => codes.iter().map(option).collect::<Vec<_>>().join("\n"),
        Value::Integer(number) => with_unit(&question.kind, ui.number(*number as f64), lang),
        Value::Decimal(number) => with_unit(&question.kind, ui.number(*number), lang),
        Value::File(file) => format!("{} ({})", file.name, ui.file_size(file.bytes)),
        Value::Missing(kind) => {
            let found = question.missing.iter().find(|(other, _)| other == kind);
            found.map_or_else(|| kind.as_str().to_owned(), |(_, text)| text.plain(lang))
        }
        Value::Text(text) => match (&question.kind, &variable.item) {
            (Kind::Shaped(shape), Item::Whole) => shaped::shown(shape, text, ui),
            (_, Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Prefill | Item::Reason) => {
                text.clone()
            }
        },
    }
}

/// Returns a number with what it counts, or with what the ends of its scale mean.
fn with_unit(kind: &Kind, number: String, lang: Lang) -> String {
    match (kind, kind.unit()) {
        (_, Some(unit)) => format!("{number} {}", unit.get(lang)),
        (Kind::Range { min, max, low, high }, None) => {
            format!("{number} ({min} = {}, {max} = {})", low.get(lang), high.get(lang))
        }
        (_, None) => number,
    }
}
