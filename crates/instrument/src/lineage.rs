//! What became of each question between two rounds.

use crate::{
    Code, Instrument, Item, Kind, Lang, Question, QuestionId, RoundId, Text, Trend, Variable,
};

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

/// Returns what became of each question: this round's in order, then those that are gone. Notes
/// are left out.
pub fn fates(now: &Instrument, before: &Instrument) -> Vec<(QuestionId, Fate)> {
    let last = |question: &Question| continued(question, question.trend.as_ref()?, before);
    let asked = now.questions.iter().filter(|question| question.kind != Kind::Note);
    let continued: Vec<_> = asked.map(|question| (question, last(question))).collect();
    let fate = |question: &Question, last: &Option<&Question>| match last {
        None => Fate::Added,
        Some(last) if is_kept(Asked::new(question, now), Asked::new(last, before)) => Fate::Kept,
        Some(_) => Fate::Changed,
    };
    let lasts: Vec<&Question> = continued.iter().filter_map(|(_, last)| *last).collect();
    let removed = before.questions.iter().filter(|question| {
        question.kind != Kind::Note && !lasts.iter().any(|last| last.id == question.id)
    });
    let here = continued.iter().map(|(question, last)| (question.id.clone(), fate(question, last)));
    here.chain(removed.map(|question| (question.id.clone(), Fate::Removed))).collect()
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
    pub(crate) fn same_words(self, last: Asked<'_>) -> bool {
        let same = |now: &Text, old: &Text| self.words(now) == last.words(old);
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

    /// The words of a text, with years told from the round's.
    fn words(&self, text: &Text) -> Vec<String> {
        let words = text.get(self.lang).split_inclusive(|c: char| !c.is_ascii_digit());
        words
            .map(|word| {
                let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
                match digits.parse::<RoundId>() {
                    Ok(year) => {
                        let offset = i32::from(year.year()) - i32::from(self.round.year());
                        format!("{offset:+}{}", &word[digits.len()..])
                    }
                    Err(_) => word.to_owned(),
                }
            })
            .collect()
    }
}

fn is_kept(now: Asked<'_>, last: Asked<'_>) -> bool {
    let codes = |asked: Asked<'_>| -> Vec<Code> {
        let kind = &asked.question.kind;
        let options = kind.options().iter().map(|option| option.code.clone());
        options.chain(kind.rows().iter().map(|row| row.code.clone())).collect()
    };
    same_kind(now.question, last.question) && now.same_words(last) && codes(now) == codes(last)
}

/// Whether two questions are of the same kind.
pub(crate) fn same_kind(now: &Question, last: &Question) -> bool {
    std::mem::discriminant(&now.kind) == std::mem::discriminant(&last.kind)
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
