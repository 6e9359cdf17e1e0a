//! What the fields of a page hold: what is stored, or what was typed just now.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use instrument::{
    Answers, Code, FileRule, GivenFile, Hash, InputProblem, Instrument, Item, Kind, Lang,
    MissingKind, Prefilled, Question, Value, Variable, file_name,
};
use store::{AnswerWrite, Case, Conflict, FileBytes, Held};

use crate::WITHDRAW;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::question::typed;
use crate::ui::Ui;
use crate::upload::Upload;

/// The fields of a page, by variable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) entries: BTreeMap<usize, Entry>,
}

/// The fields of one variable.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// What stands in them.
    pub(crate) typed: Vec<String>,
    /// The boxes beside the field that are ticked.
    pub(crate) boxes: Vec<String>,
    /// The answer that the informant saw when typing.
    pub(crate) seen: Seen,
    /// What was typed, as an answer.
    pub(crate) read: Result<Option<Value>, InputProblem>,
    /// The file that the answer names, where it has just been handed over.
    pub(crate) file: Option<FileBytes>,
    /// Whether nothing was said of the answer: the field of a file is blank whatever is stored.
    pub(crate) left: bool,
}

/// The stored answer that a page showed. It travels in a hidden field, so that a save names what
/// it replaces, and an answer that was not touched is not written at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) version: u32,
    /// The beginning of the hash of the value; empty where there was none.
    mark: String,
}

impl Seen {
    /// Returns the version that is held and the mark of what counts of it: what was answered with an
    /// option that is no longer offered is not shown, and a save that changes nothing leaves it.
    fn new(held: Option<&Held>, counted: Option<&Value>) -> Seen {
        let counted = counted.map(Value::encode);
        Seen { version: held.map_or(0, |held| held.version), mark: mark(counted.as_deref()) }
    }

    /// Whether it was a file: an answer to a question for one that is none of its boxes.
    fn is_file(&self, question: &Question) -> bool {
        let boxed = |kind: MissingKind| mark(Some(&Value::Missing(kind).encode())) == self.mark;
        !self.mark.is_empty() && !question.missing.iter().any(|(kind, _)| boxed(*kind))
    }

    /// Returns what had become of an answer that was filled in.
    fn state(&self) -> Option<Prefilled> {
        let marked = |state: &Prefilled| mark(Some(&state.value().encode())) == self.mark;
        Prefilled::ALL.into_iter().find(marked)
    }
}

impl Entry {
    /// Returns what was typed, with what it is as an answer.
    fn written(
        typed: Vec<String>,
        boxes: Vec<String>,
        seen: Seen,
        read: Result<Option<Value>, InputProblem>,
    ) -> Entry {
        Entry { typed, boxes, seen, read, file: None, left: false }
    }

    /// Whether it holds another answer than the one that was seen.
    pub(crate) fn is_touched(&self) -> bool {
        !self.left && self.mark().is_some_and(|mark| mark != self.seen.mark)
    }

    /// Returns the mark of what was typed; `None` where it cannot be an answer.
    fn mark(&self) -> Option<String> {
        let read = self.read.as_ref().ok()?;
        Some(mark(read.as_ref().map(Value::encode).as_deref()))
    }
}

fn mark(value: Option<&str>) -> String {
    value.map_or(String::new(), |value| Hash::of(value).short())
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.version, self.mark)
    }
}

impl FromStr for Seen {
    type Err = Problem;
    fn from_str(text: &str) -> Result<Seen, Problem> {
        let (version, mark) = text.split_once('.').ok_or(Problem::Unreadable)?;
        let version = version.parse().map_err(|_| Problem::Unreadable)?;
        Ok(Seen { version, mark: mark.to_owned() })
    }
}

impl Draft {
    /// Returns the fields of these variables as the store holds them.
    pub(crate) fn stored(
        instrument: &Instrument,
        variables: impl Iterator<Item = usize>,
        case: &Case,
        answers: &Answers,
        (lang, ui): (Lang, &Ui),
    ) -> Draft {
        let entry = |variable: usize| {
            let value = answers.get(variable);
            let held = case.held(&instrument.variables[variable].name);
            let boxes = match value {
                Some(Value::Missing(kind)) => vec![kind.as_str().to_owned()],
                Some(_) | None => vec![],
            };
            let typed =
                value.map_or(vec![], |value| fields(instrument, variable, value, (lang, ui)));
            Entry::written(typed, boxes, Seen::new(held, value), Ok(value.cloned()))
        };
        Draft { entries: variables.map(|variable| (variable, entry(variable))).collect() }
    }

    /// Returns the fields of these variables as somebody has typed in them, with no store behind.
    pub(crate) fn typed(
        instrument: &Instrument,
        variables: impl Iterator<Item = usize>,
        fields: &BTreeMap<String, Vec<String>>,
    ) -> Draft {
        let entry = |index: usize| {
            let variable = &instrument.variables[index];
            let answered = |field: &str| fields.get(field).cloned().unwrap_or_default();
            let typed = answered(&variable.name);
            let boxes = answered(&box_field(&variable.name));
            let read = kept(instrument, index, &typed, &boxes);
            (index, Entry::written(typed, boxes, Seen::new(None, None), read))
        };
        Draft { entries: variables.map(entry).collect() }
    }

    /// Reads the fields of these variables from a form. A variable that the form did not show is
    /// left out. Errs where the form was not made by one of our pages.
    pub(crate) fn posted(
        instrument: &Instrument,
        variables: impl Iterator<Item = usize>,
        posted: &Posted,
    ) -> Result<Draft, Problem> {
        let mut draft = Draft::default();
        for index in variables {
            let variable = &instrument.variables[index];
            let Some(seen) = posted.first(&seen_field(&variable.name)) else { continue };
            if let Some(rule) = instrument.file_rule(variable) {
                let entry = file_entry((instrument, variable), rule, posted, seen.parse()?);
                draft.entries.insert(index, entry);
                continue;
            }
            let typed = written(instrument, variable, |field| posted.all(field));
            let boxes = posted.all(&box_field(&variable.name)).to_vec();
            let read = match belongs_to_chosen(instrument, index, posted) {
                true => read(instrument, index, &typed, &boxes),
                false => Ok(None),
            };
            draft.entries.insert(index, Entry::written(typed, boxes, seen.parse()?, read));
        }
        draft.follow_proposals(instrument);
        Ok(draft)
    }

    /// Notes what becomes of answers that were filled in: whoever changes one says so by it, and
    /// whoever ticks its box confirms it.
    fn follow_proposals(&mut self, instrument: &Instrument) {
        let proposed: Vec<usize> = self.entries.keys().copied().collect();
        for index in proposed {
            let variable = &instrument.variables[index];
            if variable.item != Item::Prefill {
                continue;
            }
            let mut fields = instrument.question_of(variable).answer_fields();
            let changed = fields.any(|v| self.entries.get(&v).is_some_and(Entry::is_touched));
            if let Some(entry) = self.entries.get_mut(&index) {
                let ticked = !entry.typed.is_empty();
                let state = entry.seen.state().map(|was| become_of(was, changed, ticked));
                entry.read = Ok(state.map(Prefilled::value));
            }
        }
    }

    /// Returns what is to be written: every answer that can be one and was touched.
    pub(crate) fn writes(&self, instrument: &Instrument) -> Vec<AnswerWrite> {
        let write = |(index, entry): (&usize, &Entry)| {
            let value = entry.read.as_ref().ok()?.as_ref().map(Value::encode);
            let variable = instrument.variables[*index].name.clone();
            entry.is_touched().then_some(AnswerWrite {
                variable,
                value,
                replaces: entry.seen.version,
                file: entry.file.clone(),
            })
        };
        self.entries.iter().filter_map(write).collect()
    }

    /// Notes that the informant now sees what the store holds: where that is what stands in the field,
    /// where a conflict tells it, and of a file, which is always shown as it is stored. Another's answer
    /// that the page does not show has not been seen, and is not to be replaced by what the field
    /// still holds.
    pub(crate) fn look_again(
        &mut self,
        instrument: &Instrument,
        (case, answers): (&Case, &Answers),
        conflicts: &[Conflict],
    ) {
        for (index, entry) in &mut self.entries {
            let name = &instrument.variables[*index].name;
            let now = Seen::new(case.held(name), answers.get(*index));
            let told = entry.left || conflicts.iter().any(|conflict| conflict.variable == *name);
            let shown = entry.mark().is_some_and(|mark| told || mark == now.mark);
            if shown {
                entry.seen = now;
            }
        }
    }

    /// Forgets what stood in a field where somebody else has answered since and the informant has typed
    /// nothing: the field is shown as it is stored.
    pub(crate) fn give_way(&mut self, instrument: &Instrument, conflicts: &[Conflict]) {
        self.entries.retain(|index, entry| {
            let name = &instrument.variables[*index].name;
            let theirs = conflicts.iter().any(|conflict| conflict.variable == *name);
            !theirs || entry.read.is_err() || entry.is_touched()
        });
    }

    /// Takes the entries that are not there yet from another draft.
    pub(crate) fn fill(&mut self, other: Draft) {
        for (index, entry) in other.entries {
            self.entries.entry(index).or_insert(entry);
        }
    }
}

/// Returns what becomes of an answer that was filled in.
pub(crate) fn become_of(was: Prefilled, changed: bool, ticked: bool) -> Prefilled {
    match was {
        Prefilled::Shown | Prefilled::Confirmed if changed => Prefilled::Changed,
        Prefilled::Shown if ticked => Prefilled::Confirmed,
        Prefilled::Shown | Prefilled::Confirmed | Prefilled::Changed => was,
    }
}

/// Returns what was written in the fields of a variable; where it is no option of a list, the option
/// that was picked of those that it may have meant.
pub(crate) fn written<'f>(
    instrument: &Instrument,
    variable: &Variable,
    posted: impl Fn(&str) -> &'f [String],
) -> Vec<String> {
    let typed = posted(&variable.name);
    let Some(picked) = posted(&pick_field(&variable.name)).first() else { return typed.to_vec() };
    let input: Vec<&str> = typed.iter().map(String::as_str).collect();
    let refused = instrument.read_input(variable, &input);
    let refused = matches!(refused, Err(InputProblem::NotListed(_)));
    if refused { vec![picked.clone()] } else { typed.to_vec() }
}

/// Returns the name of the options that are offered for what is no option of a list.
pub(crate) fn pick_field(variable: &str) -> String {
    format!("pick:{variable}")
}

/// Returns what a form says of a file: that it is handed over, taken away, or nothing.
fn file_entry(
    (instrument, variable): (&Instrument, &Variable),
    rule: &FileRule,
    posted: &Posted,
    seen: Seen,
) -> Entry {
    let boxes = posted.all(&box_field(&variable.name)).to_vec();
    let go = posted.first(crate::GO).and_then(|go| go.strip_prefix(WITHDRAW));
    let withdrawn = go == Some(variable.name.as_str());
    let uploads = if withdrawn { &[] } else { posted.files(&variable.name) };
    let there = seen.is_file(instrument.question_of(variable)) && !withdrawn;
    let (mut file, mut left) = (None, false);
    let read = match (uploads, boxes.as_slice()) {
        ([upload], []) => judged(rule, upload).map(|(given, bytes)| {
            file = Some(bytes);
            Some(Value::File(given))
        }),
        ([], [one]) if !there => instrument.read_missing(variable, one).map(Some),
        ([], []) => {
            left = there;
            Ok(None)
        }
        (_, [_, ..]) => Err(InputProblem::AnswerAndBox),
        ([_, _, ..], []) => Err(InputProblem::SeveralValues),
    };
    Entry { typed: vec![], boxes, seen, read, file, left }
}

/// Returns a file as an answer, where the question takes it.
pub(crate) fn judged(
    rule: &FileRule,
    upload: &Upload,
) -> Result<(GivenFile, FileBytes), InputProblem> {
    let bytes = upload.content.clone().map_err(InputProblem::File)?;
    let name = file_name(&upload.name);
    let kind = rule.judge(&name, bytes.bytes()).map_err(InputProblem::File)?;
    let given = GivenFile { hash: bytes.hash(), bytes: bytes.bytes().len() as u64, kind, name };
    Ok((given, bytes))
}

/// Reads what a preview keeps in place of a store: of a file what the store would keep, of all else
/// what was typed.
pub(crate) fn kept(
    instrument: &Instrument,
    index: usize,
    typed: &[String],
    boxes: &[String],
) -> Result<Option<Value>, InputProblem> {
    let variable = &instrument.variables[index];
    match (instrument.file_rule(variable), typed) {
        (Some(_), [file]) if boxes.is_empty() => instrument.decode(variable, file).map(Some),
        (Some(_) | None, _) => read(instrument, index, typed, boxes),
    }
}

/// Reads an answer, or the box that says that there is none.
fn read(
    instrument: &Instrument,
    index: usize,
    typed: &[String],
    boxes: &[String],
) -> Result<Option<Value>, InputProblem> {
    let variable = &instrument.variables[index];
    let input: Vec<&str> = typed.iter().map(String::as_str).collect();
    let Some(first) = boxes.first() else { return instrument.read_input(variable, &input) };
    let missing = instrument.read_missing(variable, first)?;
    let alone = boxes.len() == 1 && input.iter().all(|text| text.trim().is_empty());
    if alone { Ok(Some(missing)) } else { Err(InputProblem::AnswerAndBox) }
}

/// Returns the name of the boxes beside the field of a variable.
pub(crate) fn box_field(variable: &str) -> String {
    format!("missing:{variable}")
}

/// Returns the name of the hidden field that tells what the informant saw of a variable.
pub(crate) fn seen_field(variable: &str) -> String {
    format!("seen:{variable}")
}

/// Whether a text belongs to an option that is chosen in the same form; true for every variable
/// but those of "other, specify". The field of an option that is not chosen is out of sight.
fn belongs_to_chosen(instrument: &Instrument, index: usize, posted: &Posted) -> bool {
    let variable = &instrument.variables[index];
    let Item::Specify(option) = variable.item else { return true };
    let question = instrument.question_of(variable);
    let code = question.kind.options()[option].code.as_str();
    let siblings = &instrument.variables[question.variables.clone()];
    siblings
        .iter()
        .filter(|sibling| !matches!(sibling.item, Item::Specify(_)))
        .any(|sibling| posted.all(&sibling.name).iter().any(|chosen| chosen == code))
}

/// Returns what stands in the fields of an option: its code, or its text where one writes it.
fn chosen(question: &Question, code: &Code, lang: Lang) -> String {
    let option = question.option(code.as_str());
    match (&question.kind, option) {
        (Kind::SelectOne { listed: true, .. }, Some(option)) => option.text.plain(lang),
        (_, Some(_) | None) => code.to_string(),
    }
}

/// Returns what stands in the fields of an answer.
pub(crate) fn fields(
    instrument: &Instrument,
    variable: usize,
    value: &Value,
    (lang, ui): (Lang, &Ui),
) -> Vec<String> {
    let variable = &instrument.variables[variable];
    match value {
        Value::Code(code) => vec![chosen(instrument.question_of(variable), code, lang)],
        Value::Codes(codes) => codes.iter().map(ToString::to_string).collect(),
        Value::Integer(number) => vec![number.to_string()],
        Value::Decimal(number) => vec![ui.plain_number(*number)],
        Value::File(_) | Value::Missing(_) => vec![],
        Value::Text(text) => match (&instrument.question_of(variable).kind, &variable.item) {
            (Kind::Shaped(shape), Item::Whole) => vec![typed(shape, text)],
            (_, Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Prefill | Item::Reason) => {
                vec![text.clone()]
            }
        },
    }
}
