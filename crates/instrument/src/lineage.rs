//! What became of each question between two rounds.

use crate::{Code, Instrument, Item, Lang, Question, QuestionId, Trend, Variable};

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

/// What became of a question since the last round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Asked in the same words, with the same options.
    Kept,
    /// Asked, with other words or options.
    Changed,
    /// Asked for the first time.
    Added,
    /// No longer asked.
    Removed,
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

/// Returns what became of each question: this round's in order, then those that are gone.
pub fn fates(now: &Instrument, before: &Instrument) -> Vec<(QuestionId, Fate)> {
    let last = |question: &Question| continued(question, question.trend.as_ref()?, before).cloned();
    let lasts: Vec<Option<Question>> = now.questions.iter().map(last).collect();
    let fate = |question: &Question, last: &Option<Question>| match last {
        None => Fate::Added,
        Some(last) if is_kept(question, last, &now.languages) => Fate::Kept,
        Some(_) => Fate::Changed,
    };
    let asked = now.questions.iter().zip(&lasts).map(|(q, last)| (q.id.clone(), fate(q, last)));
    let removed = before
        .questions
        .iter()
        .filter(|question| !lasts.iter().flatten().any(|last| last.id == question.id));
    asked.chain(removed.map(|question| (question.id.clone(), Fate::Removed))).collect()
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

/// The question of the last round that a question with this lineage continues.
pub(crate) fn continued<'a>(
    question: &Question,
    trend: &Trend,
    before: &'a Instrument,
) -> Option<&'a Question> {
    before.question(trend.was.as_ref().unwrap_or(&question.id).as_str())
}

/// Whether two questions are asked in the same words: their own, and those of the rows and options
/// that both have.
pub(crate) fn same_words(now: &Question, last: &Question, lang: Lang) -> bool {
    let rows = now.kind.rows().iter().all(|row| {
        let old = last.kind.rows().iter().find(|old| old.code == row.code);
        old.is_none_or(|old| old.text.get(lang) == row.text.get(lang))
    });
    let options = now.kind.options().iter().all(|option| {
        let old = last.option(option.code.as_str());
        old.is_none_or(|old| old.text.get(lang) == option.text.get(lang))
    });
    now.text.get(lang) == last.text.get(lang) && rows && options
}

fn is_kept(now: &Question, last: &Question, languages: &[Lang]) -> bool {
    let codes = |question: &Question| -> Vec<Code> {
        let options = question.kind.options().iter().map(|option| option.code.clone());
        options.chain(question.kind.rows().iter().map(|row| row.code.clone())).collect()
    };
    let words = languages.first().is_none_or(|lang| same_words(now, last, *lang));
    let kind = std::mem::discriminant(&now.kind) == std::mem::discriminant(&last.kind);
    kind && words && codes(now) == codes(last)
}

/// Whether a part of a question and a part of its predecessor hold the same.
fn same_item(now: &Question, item: &Item, last: &Question, old: &Item) -> bool {
    match (item, old) {
        (Item::Whole, Item::Whole) => true,
        (Item::Row(row), Item::Row(old)) => {
            now.kind.rows()[*row].code == last.kind.rows()[*old].code
        }
        (Item::Specify(option), Item::Specify(old)) => {
            now.kind.options()[*option].code == last.kind.options()[*old].code
        }
        (Item::Whole | Item::Row(_) | Item::Specify(_), _) => false,
    }
}
