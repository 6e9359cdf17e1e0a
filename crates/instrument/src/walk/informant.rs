//! An informant who answers at random, but only what the questions accept.

use crate::expression::{Case, Part, UnitAttributes};
use crate::path::{Path, holds, open_checks, path, reach};
use crate::{Answers, Choice, Instrument, Item, Kind, Level, Question, Value, Variable};

/// How many answers to a question an informant tries that are refused.
const TRIES: usize = 40;

/// Of questions that need not be answered, one in so many is left blank.
const BLANK: u64 = 10;

/// The highest number that is drawn where the question sets no bound.
const HIGHEST: f64 = 10_000.0;

/// Where the random numbers come from.
pub(super) struct Chance<'a>(pub(super) &'a mut dyn FnMut() -> u64);

impl Chance<'_> {
    /// Returns a number from 0 up to but not including `end`.
    fn below(&mut self, end: usize) -> usize {
        // The remainder favours small numbers by less than one in 2^40.
        usize::try_from((self.0)() % (end as u64).max(1)).unwrap_or(0)
    }

    fn one_in(&mut self, many: u64) -> bool {
        (self.0)().is_multiple_of(many)
    }

    fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// What informants answer more often than others: for each variable, the numbers and words that
/// conditions and calculations name beside it, so that narrow ways are found too.
pub(super) struct Habits {
    numbers: Vec<Vec<f64>>,
    words: Vec<Vec<String>>,
}

impl Habits {
    /// Reads the habits out of the conditions, checks and calculations of a questionnaire.
    pub(super) fn of(instrument: &Instrument) -> Habits {
        let none = instrument.variables.len();
        let mut habits = Habits { numbers: vec![vec![]; none], words: vec![vec![]; none] };
        let sections = instrument.sections.iter().filter_map(|section| section.show_if.as_ref());
        let questions = instrument.questions.iter().flat_map(|question| {
            let checks = question.checks.iter().map(|check| &check.when);
            question.show_if.iter().chain(question.listing.conditions()).chain(checks)
        });
        let conditions = sections.chain(questions).map(|condition| condition.checked.parts());
        let calculations = instrument.questions.iter().filter_map(|q| q.calculation.as_ref());
        let calculations = calculations.map(|calculation| calculation.checked.parts());
        conditions.chain(calculations).for_each(|parts| habits.learn(&parts));
        for (variable, numbers) in instrument.variables.iter().zip(&mut habits.numbers) {
            numbers.sort_by(f64::total_cmp);
            numbers.dedup();
            numbers.retain(|number| {
                matches!(instrument.read_input(variable, &[&number.to_string()]), Ok(Some(_)))
            });
        }
        habits
    }

    fn learn(&mut self, parts: &[Part<'_>]) {
        let variables = parts.iter().filter_map(|part| match part {
            Part::Answer { variable, .. } => Some(*variable),
            Part::Attribute(_) | Part::Number(_) | Part::Word(_) | Part::Last(_) | Part::Today => {
                None
            }
        });
        for variable in variables {
            for part in parts {
                match part {
                    Part::Number(number) => {
                        self.numbers[variable].extend([number - 1.0, *number, number + 1.0]);
                    }
                    Part::Word(word) => self.words[variable].push((*word).to_owned()),
                    Part::Answer { .. } | Part::Attribute(_) | Part::Last(_) | Part::Today => {}
                }
            }
        }
    }

    /// Returns the numbers that a variable is compared with and their neighbours, from the lowest.
    pub(super) fn numbers(&self, variable: usize) -> &[f64] {
        &self.numbers[variable]
    }
}

/// Where an informant could not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stuck {
    pub(super) question: usize,
    pub(super) check: Option<usize>,
}

/// An informant and the way that was gone.
pub(super) struct Informant<'a> {
    pub(super) instrument: &'a Instrument,
    pub(super) unit: &'a UnitAttributes,
    pub(super) answers: Answers,
    pub(super) sections: Vec<bool>,
    pub(super) asked: Vec<bool>,
}

impl<'a> Informant<'a> {
    /// Walks from the first question to the last.
    pub(super) fn walk(
        instrument: &'a Instrument,
        habits: &Habits,
        unit: &'a UnitAttributes,
        chance: &mut Chance<'_>,
    ) -> Result<Informant<'a>, Stuck> {
        let mut informant = Informant {
            instrument,
            unit,
            answers: Answers::none(instrument),
            sections: vec![],
            asked: vec![false; instrument.questions.len()],
        };
        for section in &instrument.sections {
            let shown = holds(section.show_if.as_ref(), &informant.case());
            informant.sections.push(shown);
            for index in section.pages.iter().flat_map(|page| page.questions.clone()) {
                let Informant { answers, asked, .. } = &mut informant;
                reach(instrument, index, shown, unit, answers, asked);
                if informant.asked[index] {
                    informant.answer(index, habits, chance)?;
                }
            }
        }
        informant.arrive()
    }

    fn case(&self) -> Case<'_> {
        Case::new(self.unit, &self.answers, &self.asked)
    }

    /// Looks at the whole case as handing it in does: the path is what was walked, and no check
    /// forbids it.
    fn arrive(mut self) -> Result<Informant<'a>, Stuck> {
        let (instrument, unit) = (self.instrument, self.unit);
        let whole: Path = path(instrument, unit, &mut self.answers);
        debug_assert_eq!(whole.questions, self.asked, "conditions look back only");
        let sections = 0..instrument.sections.len();
        let mut open = sections
            .flat_map(|section| open_checks(instrument, unit, &self.answers, &whole, section));
        match open.find(|check| check.level == Level::Error) {
            Some(check) => Err(Stuck { question: check.question, check: None }),
            None => Ok(self),
        }
    }

    /// Answers a question; at last it is left blank, where that is allowed.
    fn answer(
        &mut self,
        index: usize,
        habits: &Habits,
        chance: &mut Chance<'_>,
    ) -> Result<(), Stuck> {
        let question = &self.instrument.questions[index];
        if question.fields().is_empty() {
            // A calculation that a check refuses can only be mended by other answers.
            let check = self.refused_by(index);
            return check
                .map_or(Ok(()), |check| Err(Stuck { question: index, check: Some(check) }));
        }
        if !question.required && chance.one_in(BLANK) && self.refused_by(index).is_none() {
            return Ok(());
        }
        let mut refused = None;
        for _ in 0..TRIES {
            if self.draw(question, habits, chance) {
                refused = self.refused_by(index);
                if refused.is_none() {
                    return Ok(());
                }
            }
        }
        question.variables.clone().for_each(|variable| self.answers.set(variable, None));
        if !question.required && self.refused_by(index).is_none() {
            return Ok(());
        }
        Err(Stuck { question: index, check: refused })
    }

    /// The check that forbids handing in what has been answered.
    fn refused_by(&self, question: usize) -> Option<usize> {
        let case = self.case();
        self.instrument.questions[question]
            .checks
            .iter()
            .position(|check| check.level == Level::Error && check.when.checked.holds(&case))
    }

    /// Draws an answer to every part of a question; returns whether all are possible ones.
    fn draw(&mut self, question: &Question, habits: &Habits, chance: &mut Chance<'_>) -> bool {
        let together = self.together(question, chance);
        let mut possible = true;
        let asked = question.fields().filter(|index| !self.answers.leaves_out(*index));
        for index in asked.collect::<Vec<_>>() {
            let variable = &self.instrument.variables[index];
            if let Some((kind, _)) = question.missing.first()
                && variable.item == Item::Whole
                && chance.one_in(BLANK)
            {
                self.answers.set(index, Some(Value::Missing(*kind)));
                continue;
            }
            if let Some(rule) = question.kind.file_rule(&variable.item) {
                self.answers.set(index, Some(Value::File(rule.example())));
                continue;
            }
            let input = match &together {
                Some(parts) => parts[index - question.variables.start].clone(),
                None => self.input(index, variable, question, habits, chance),
            };
            let input: Vec<&str> = input.iter().map(String::as_str).collect();
            match self.instrument.read_input(variable, &input) {
                Ok(value) => self.answers.set(index, value),
                Err(_) => possible = false,
            }
        }
        possible
    }

    /// What the informant writes in the fields of a variable.
    fn input(
        &self,
        index: usize,
        variable: &Variable,
        question: &Question,
        habits: &Habits,
        chance: &mut Chance<'_>,
    ) -> Vec<String> {
        let text = |chance: &mut Chance<'_>| match chance.choose(&habits.words[index]) {
            Some(word) if chance.one_in(2) => vec![word.clone()],
            Some(_) | None => vec!["x".to_owned()],
        };
        if variable.item == Item::Prefill {
            return vec![];
        }
        if variable.item == Item::Reason {
            let warned = question.warnings(&self.case()).next().is_some();
            return if warned && chance.one_in(2) { text(chance) } else { vec![] };
        }
        if let Item::Specify(option) = variable.item {
            let chosen = question.has_chosen(&question.kind.options()[option].code, &self.answers);
            return if chosen { text(chance) } else { vec![] };
        }
        let offered = || -> Vec<&Choice> {
            let case = self.case();
            let options = question.kind.options().iter().enumerate();
            options.filter(|(o, _)| question.offers_option(*o, &case)).map(|(_, o)| o).collect()
        };
        match &question.kind {
            Kind::Grid { several: true, .. } => several(offered(), None, None, chance),
            Kind::SelectOne { .. } | Kind::Grid { several: false, .. } => chance
                .choose(&offered())
                .map(|option| option.code.to_string())
                .into_iter()
                .collect(),
            Kind::SelectMultiple { min, max, .. } => several(offered(), *min, *max, chance),
            Kind::Range { min, max, .. } => {
                vec![number(Some(*min as f64), Some(*max as f64), 1.0, &[], chance)]
            }
            Kind::Integer { min, max, .. } => {
                let (min, max) = (min.map(|min| min as f64), max.map(|max| max as f64));
                vec![number(min, max, 1.0, habits.numbers(index), chance)]
            }
            Kind::Decimal { min, max, .. } => {
                vec![number(*min, *max, 0.01, habits.numbers(index), chance)]
            }
            Kind::Year { min, max } => {
                let (min, max) = (Some(*min as f64), Some(*max as f64));
                vec![number(min, max, 1.0, habits.numbers(index), chance)]
            }
            Kind::Shaped(shape) => match habits.words[index].is_empty() || chance.one_in(2) {
                true => chance.choose(&shape.examples()).cloned().into_iter().collect(),
                false => text(chance),
            },
            Kind::Consent { agree } => vec![agree.code.to_string()],
            Kind::Text { .. } | Kind::Multiline { .. } => text(chance),
            Kind::Repeat { min, max, .. } => {
                vec![(*min as usize + chance.below((max - min) as usize + 1)).to_string()]
            }
            // A file is no text, and the parts of a whole are drawn together.
            Kind::File(_)
            | Kind::Rank { .. }
            | Kind::Distribution { .. }
            | Kind::Calculate { .. }
            | Kind::Note => vec![],
        }
    }

    /// What the informant writes in parts that are answered together: an order, or the parts of a
    /// whole. Rows that are not asked stay blank.
    fn together(&self, question: &Question, chance: &mut Chance<'_>) -> Option<Vec<Vec<String>>> {
        let asked: Vec<bool> =
            question.row_variables().map(|row| !self.answers.leaves_out(row)).collect();
        let rows = asked.iter().filter(|asked| **asked).count();
        let mut parts = self.drawn_together(question, rows, chance)?.into_iter();
        let part = |asked: bool| if asked { parts.next().unwrap_or_default() } else { vec![] };
        Some(asked.into_iter().map(part).collect())
    }

    fn drawn_together(
        &self,
        question: &Question,
        rows: usize,
        chance: &mut Chance<'_>,
    ) -> Option<Vec<Vec<String>>> {
        if let Kind::Rank { top, .. } = &question.kind {
            let top = top.map_or(rows, |top| top as usize);
            let mut places: Vec<usize> = (1..=rows).collect();
            let mut drawn = || places.swap_remove(chance.below(places.len()));
            let write = |place: usize| if place > top { vec![] } else { vec![place.to_string()] };
            return Some((0..rows).map(|_| write(drawn())).collect());
        }
        let formula = question.formula.as_ref()?;
        let mut left = formula.checked.evaluate(&self.case()).unwrap_or(0.0);
        let mut parts = vec![];
        for _ in 1..rows {
            let part = chance.below(left as usize + 1) as f64;
            parts.push(vec![part.to_string()]);
            left -= part;
        }
        parts.push(vec![left.to_string()]);
        Some(parts)
    }
}

/// Chooses options: now and then one that stands alone, otherwise as many as may be.
fn several(
    options: Vec<&Choice>,
    min: Option<u32>,
    max: Option<u32>,
    chance: &mut Chance<'_>,
) -> Vec<String> {
    let (alone, mut together): (Vec<&Choice>, Vec<&Choice>) =
        options.into_iter().partition(|option| option.exclusive);
    if (together.is_empty() || chance.one_in(6)) && !alone.is_empty() {
        return chance.choose(&alone).map(|option| option.code.to_string()).into_iter().collect();
    }
    let most = max.map_or(together.len(), |max| together.len().min(max as usize));
    let least = min.map_or(1, |min| min as usize).min(most);
    let count = least + chance.below(most - least + 1);
    let mut chosen = vec![];
    while chosen.len() < count && !together.is_empty() {
        chosen.push(together.swap_remove(chance.below(together.len())).code.to_string());
    }
    chosen
}

/// Writes a number within bounds: one of the conditions', a bound, a small one, or any.
fn number(
    min: Option<f64>,
    max: Option<f64>,
    step: f64,
    habits: &[f64],
    chance: &mut Chance<'_>,
) -> String {
    let low = min.unwrap_or_else(|| max.map_or(0.0, |max| max.min(0.0)));
    let high = max.unwrap_or(low + HIGHEST);
    let steps = ((high - low) / step) as usize;
    let number = match chance.below(4) {
        0 => chance.choose(habits).copied().unwrap_or(low),
        1 => *chance.choose(&[low, high]).unwrap_or(&low),
        2 => low + step * chance.below(steps.saturating_add(1).min(50)) as f64,
        _ => low + step * chance.below(steps.saturating_add(1)) as f64,
    };
    // Three decimals are enough for any step, and hide what doubles cannot hold.
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
