//! Which options and rows of a question are offered to a case, and in what order they are shown.

use std::ops::Range;

use crate::expression::{Attribute, Case, UnitAttributes};
use crate::spelling::alphabet;
use crate::{Answers, Choice, Condition, Hash, Lang, Question, Text, Value};

/// What is shown of a question's options and rows, and in what order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The order of the options or, in a question of rows, of the rows.
    pub order: Order,
    /// When each option is offered; empty where all always are.
    pub options: Vec<Option<Condition>>,
    /// When each row is asked; empty where all always are.
    pub rows: Vec<Option<Condition>>,
}

/// In what order options or rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the questionnaire has them.
    #[default]
    Fixed,
    /// By their texts in the reader's language.
    Sorted,
    /// Shuffled, in the same way whenever the same unit looks at the question.
    Random,
}

impl Order {
    /// Returns its name, as a questionnaire writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::Fixed => "fixed",
            Order::Sorted => "sorted",
            Order::Random => "random",
        }
    }
}

impl Listing {
    /// Whether every option and row is offered to everybody.
    pub fn offers_all(&self) -> bool {
        self.options.is_empty() && self.rows.is_empty()
    }

    /// Returns the conditions of options and rows that have one.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.options.iter().chain(&self.rows).flatten()
    }
}

impl Question {
    /// Whether the option with this index is offered to a case.
    pub fn offers_option(&self, option: usize, case: &Case<'_>) -> bool {
        offers(&self.listing.options, option, case)
    }

    /// Whether the row with this index is asked of a case.
    pub fn offers_row(&self, row: usize, case: &Case<'_>) -> bool {
        offers(&self.listing.rows, row, case)
    }

    /// Returns the options that are offered to a case, by their indexes, in the order that they are
    /// shown. What is no plain option (a kind of missing, one that stands alone, one that asks for
    /// a text) stays behind the others, as it is written.
    pub fn options_for(&self, case: &Case<'_>, lang: Lang) -> Vec<usize> {
        let options = self.kind.options();
        let offered = (0..options.len()).filter(|option| self.offers_option(*option, case));
        // The rows of a grid are put in order, its scale never.
        if self.listing.order == Order::Fixed || !self.kind.rows().is_empty() {
            return offered.collect();
        }
        let (mut plain, last): (Vec<usize>, Vec<usize>) =
            offered.partition(|option| is_plain(&options[*option]));
        let key = |option: usize| (options[option].code.as_str(), &options[option].text);
        self.arrange(&mut plain, key, case, lang);
        plain.into_iter().chain(last).collect()
    }

    /// Returns the rows that are asked of a case, by their indexes, in the order that they are shown.
    pub fn rows_for(&self, case: &Case<'_>, lang: Lang) -> Vec<usize> {
        let rows = self.kind.rows();
        let mut asked: Vec<usize> =
            (0..rows.len()).filter(|row| self.offers_row(*row, case)).collect();
        self.arrange(&mut asked, |row| (rows[row].code.as_str(), &rows[row].text), case, lang);
        asked
    }

    fn arrange<'a>(
        &self,
        places: &mut [usize],
        named: impl Fn(usize) -> (&'a str, &'a Text),
        case: &Case<'_>,
        lang: Lang,
    ) {
        match self.listing.order {
            Order::Fixed => {}
            Order::Sorted => {
                places.sort_by_cached_key(|place| alphabet(&named(*place).1.plain(lang)));
            }
            Order::Random => {
                let seed = format!("{}\n{}", seed(case.unit), self.id);
                places.sort_by_cached_key(|place| Hash::of(format!("{seed}\n{}", named(*place).0)));
            }
        }
    }

    /// Returns the variables of its rows.
    pub fn row_variables(&self) -> Range<usize> {
        let first = self.variables.start;
        first..first + self.kind.rows().len()
    }
}

/// What makes the shuffled order of a unit its own: the unit's number in the frame.
fn seed(unit: &UnitAttributes) -> &str {
    match unit.get("id") {
        Some(Attribute::Text(id)) => id,
        Some(Attribute::Number(_) | Attribute::Flag(_)) | None => "",
    }
}

fn is_plain(option: &Choice) -> bool {
    option.missing.is_none() && !option.exclusive && option.specify.is_none()
}

fn offers(conditions: &[Option<Condition>], place: usize, case: &Case<'_>) -> bool {
    let condition = conditions.get(place).and_then(Option::as_ref);
    condition.is_none_or(|condition| condition.checked.holds(case))
}

/// Settles what a question that is reached offers: rows that are not asked are marked, and what was
/// answered there, or with an option that is not offered, counts for nothing. Returns whether there
/// is anything to answer.
pub(crate) fn settle(
    question: &Question,
    unit: &UnitAttributes,
    answers: &mut Answers,
    asked: &[bool],
) -> bool {
    if question.listing.offers_all() {
        return true;
    }
    let case = Case::new(unit, answers, asked);
    let rows: Vec<bool> =
        (0..question.kind.rows().len()).map(|row| question.offers_row(row, &case)).collect();
    let options: Vec<bool> = (0..question.kind.options().len())
        .map(|option| question.offers_option(option, &case))
        .collect();
    for (variable, asked) in question.row_variables().zip(&rows) {
        answers.leave_out(variable, !asked);
        if !asked {
            answers.set(variable, None);
        }
    }
    for variable in question.variables.start..question.answer_end() {
        let counted = answers.get(variable).and_then(|value| counted(question, value, &options));
        answers.set(variable, counted);
    }
    let any = |offered: &[bool]| offered.is_empty() || offered.contains(&true);
    any(&rows) && any(&options)
}

/// Takes the marks of [`settle`] away from a question that is not asked: no row of it is any more
/// off the path than the others.
pub(crate) fn unsettle(question: &Question, answers: &mut Answers) {
    if !question.listing.rows.is_empty() {
        question.row_variables().for_each(|variable| answers.leave_out(variable, false));
    }
}

/// Returns what of an answer is offered.
fn counted(question: &Question, value: &Value, offered: &[bool]) -> Option<Value> {
    let is_offered = |code: &crate::Code| {
        let place = question.kind.options().iter().position(|option| option.code == *code);
        place.is_some_and(|place| offered[place])
    };
    match value {
        Value::Code(code) => is_offered(code).then(|| value.clone()),
        Value::Codes(codes) => {
            let codes: Vec<_> = codes.iter().filter(|code| is_offered(code)).cloned().collect();
            (!codes.is_empty()).then_some(Value::Codes(codes))
        }
        Value::Integer(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::File(_)
        | Value::Missing(_) => Some(value.clone()),
    }
}
