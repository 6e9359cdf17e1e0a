//! What became of each question between two rounds.

mod difference;
mod part;
mod setting;
mod words;

use crate::expression::UnitAttributes;
use crate::path::path;
use crate::{
    Answers, Code, Instrument, Item, Kind, Lang, Question, RoundId, Text, Trend, Variable,
};

pub use difference::{Change, Difference, Doubt, Fate, differences};
pub use part::Part;
pub use setting::Setting;
pub use words::Run;
use words::Word;

/// The variable of the last round that a variable continues.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predecessor<'a> {
    /// Its index into the last round's [`Instrument::variables`].
    pub variable: usize,
    /// Its question, as the last round asked it.
    pub question: &'a Question,
    /// What this round's questionnaire says about comparing the two.
    pub trend: &'a Trend,
}

/// Returns the variable of the last round that `variable` of this round continues. Whether the two
/// may be compared is for [`Trend::comparable`] to say.
pub fn predecessor<'a>(
    now: &'a Instrument,
    before: &'a Instrument,
    variable: usize,
) -> Option<Predecessor<'a>> {
    let Variable { question, item, .. } = &now.variables[variable];
    let question = &now.questions[*question];
    let trend = question.trend.as_ref()?;
    let last = continued(question, trend, before)?;
    let mut variables = last.variables.clone();
    let variable =
        variables.find(|i| same_item(question, item, last, &before.variables[*i].item))?;
    Some(Predecessor { variable, question: last, trend })
}

impl Predecessor<'_> {
    /// Returns the options of the last round that an option of this round stands for; none where
    /// it is new.
    pub fn options(&self, code: &Code) -> Vec<Code> {
        match self.trend.options.iter().find(|(new, _)| new == code) {
            Some((_, old)) => old.clone(),
            None => {
                self.question.option(code.as_str()).map(|o| o.code.clone()).into_iter().collect()
            }
        }
    }
}

/// Returns what a unit's answers to a round are for the round after it: those off the path are
/// left out. `unit` is what was known of the unit then.
pub fn last_answers(before: &Instrument, unit: &UnitAttributes, answers: &Answers) -> Answers {
    let mut kept = answers.clone();
    let path = path(before, unit, &mut kept);
    for variable in (0..before.variables.len()).filter(|index| !path.asks(before, *index)) {
        kept.set(variable, None);
    }
    kept
}

/// The question of the last round that a question with this lineage continues.
pub(crate) fn continued<'a>(
    question: &Question,
    trend: &Trend,
    before: &'a Instrument,
) -> Option<&'a Question> {
    before.question(trend.was.as_ref().unwrap_or(&question.id).as_str())
}

/// Returns the option of this round that an option of the last one became: the one that stands for
/// it, or the one of its name; `None` where there is none, or more than one.
pub(crate) fn carried_option<'q>(now: &'q Question, trend: &Trend, old: &Code) -> Option<&'q Code> {
    let stands_for = |code: &Code| match trend.options.iter().find(|(new, _)| new == code) {
        Some((_, olds)) => olds.contains(old),
        None => code == old,
    };
    let mut found =
        now.kind.options().iter().map(|option| &option.code).filter(|code| stands_for(code));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The words of a question in the languages of its survey, and the round that asked it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) round: RoundId,
    pub(crate) lang: Lang,
}

impl<'a> Asked<'a> {
    /// Returns a question as its round asked it, in the survey's first language.
    pub(crate) fn new(question: &'a Question, instrument: &Instrument) -> Asked<'a> {
        let lang = instrument.languages.first().copied().unwrap_or(Lang::NB);
        Asked { question, round: instrument.round, lang }
    }

    /// Whether both are asked in the same words: their own, and those of the rows and options that
    /// both have. A year that follows the round, as in "so far in 2025", is the same word.
    pub(crate) fn same_words<'b>(self, last: Asked<'b>) -> bool {
        let same = |now: &'a Text, old: &'b Text| {
            let (now, old) = (self.words(now), last.words(old));
            now.len() == old.len() && old.iter().zip(now).all(|(old, now)| old.same(now))
        };
        let (now, last) = (&self.question, &last.question);
        let rows = now.kind.rows().iter().all(|row| {
            let old = last.kind.rows().iter().find(|old| old.code == row.code);
            old.is_none_or(|old| same(&row.text, &old.text))
        });
        let options = now.kind.options().iter().all(|option| {
            let old = last.option(option.code.as_str());
            old.is_none_or(|old| same(&option.text, &old.text))
        });
        rows && options && same(&now.text, &last.text)
    }

    fn words(&self, text: &'a Text) -> Vec<Word<'a>> {
        Word::all(text.get(self.lang), self.round)
    }
}

/// Whether two questions are of the same kind, and take one or several options alike.
pub(crate) fn same_kind(now: &Question, last: &Question) -> bool {
    let several = |question: &Question| matches!(question.kind, Kind::Grid { several: true, .. });
    let same = std::mem::discriminant(&now.kind) == std::mem::discriminant(&last.kind);
    same && several(now) == several(last)
}

/// Whether a part of a question and a part of its predecessor hold the same.
pub(crate) fn same_item(now: &Question, item: &Item, last: &Question, old: &Item) -> bool {
    match (item, old) {
        (Item::Whole, Item::Whole)
        | (Item::Prefill, Item::Prefill)
        | (Item::Reason, Item::Reason) => true,
        (Item::Row(row), Item::Row(old)) => {
            now.kind.rows()[*row].code == last.kind.rows()[*old].code
        }
        (Item::Specify(option), Item::Specify(old)) => {
            now.kind.options()[*option].code == last.kind.options()[*old].code
        }
        (Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Prefill | Item::Reason, _) => false,
    }
}
