//! Draws the answers: question by question, over all cases at once, so that shares come out.

use frame::Unit;
use instrument::expression::{self, UnitAttributes};
use instrument::path::{CheckMessage, Path, open_checks, path};
use instrument::{
    Answers, Choice, Code, Instrument, Item, Lang, Level, Question, Section, Value, Variable,
    VariableKind,
};

use super::counts::{Bounds, Joined, divide, nearest, spread, stands_alone};
use super::latent::{Character, top};
use super::offered;
use super::proposed;
use super::settings::{Bank, Distribution, Number, bounds};
use super::together;
use super::{Reach, Simulation, published};
use crate::failure::refused;
use crate::folder::Round;

/// A case whose answers are drawn.
pub struct Case<'a> {
    /// Its unit.
    pub unit: &'a Unit,
    /// What the unit is like.
    pub character: Character,
    /// What conditions may ask of the unit.
    pub attributes: UnitAttributes,
    /// How far each section comes.
    pub reach: Vec<Reach>,
    /// The answers so far.
    pub answers: Answers,
    /// The path that follows from them.
    pub path: Path,
}

/// One variable, and all that its answers are drawn from.
#[derive(Clone, Copy)]
struct Draw<'a> {
    with: &'a Simulation<'a>,
    index: usize,
    variable: &'a Variable,
    question: &'a Question,
}

/// Draws the answers of all cases. Those that will be in the base of a figure are drawn together
/// and steered; the few that will not, of sections that are only begun, are drawn by themselves.
pub fn draw(with: &Simulation<'_>, cases: &mut [Case<'_>]) -> anyhow::Result<()> {
    let instrument = &with.round.instrument;
    for (place, question) in instrument.questions.iter().enumerate() {
        cases.iter_mut().for_each(|case| case.find_path(instrument));
        let page = page_of(instrument, place);
        for index in question.fields() {
            let draw = Draw { with, index, variable: &instrument.variables[index], question };
            for handed_in in [true, false] {
                let group = draw.group(cases, page, handed_in);
                let members: Vec<&Case<'_>> = group.iter().map(|case| &cases[*case]).collect();
                let values = draw.values(&members);
                for (case, value) in group.into_iter().zip(values) {
                    cases[case].answers.set(index, value);
                }
            }
        }
        cases.iter_mut().for_each(|case| together::fit(question, case));
        cases.iter_mut().for_each(|case| offered::fit(question, case));
        cases.iter_mut().for_each(|case| proposed::fit(with, question, case));
    }
    cases.iter_mut().for_each(|case| case.find_path(instrument));
    cases.iter().try_for_each(|case| case.check(instrument))
}

impl<'a> Case<'a> {
    /// Returns the case of a unit of the frame, in which nothing has been answered yet.
    pub fn new(round: &'a Round, unit: usize, character: &Character) -> Case<'a> {
        let (unit, mut answers) = (&round.frame.units[unit], Answers::none(&round.instrument));
        let attributes = unit.attributes();
        let path = path(&round.instrument, &attributes, &mut answers);
        Case { unit, character: character.clone(), attributes, reach: vec![], answers, path }
    }

    /// Whether the case may be shown a section, as far as is known of its unit and answers.
    pub fn may_see(&self, section: &Section) -> bool {
        let known = expression::Case::new(&self.attributes, &self.answers, &self.path.questions);
        let condition = section.show_if.as_ref();
        condition.is_none_or(|condition| condition.checked.evaluate(&known) != Some(false))
    }

    fn find_path(&mut self, instrument: &Instrument) {
        self.path = path(instrument, &self.attributes, &mut self.answers);
    }

    /// Returns the number of pages that are saved of a section.
    pub fn pages(&self, instrument: &Instrument, section: usize) -> usize {
        match self.reach[section] {
            Reach::HandedIn => instrument.sections[section].pages.len(),
            Reach::Pages(pages) => pages,
        }
    }

    /// Errs where a section that is to be handed in could not be.
    fn check(&self, instrument: &Instrument) -> anyhow::Result<()> {
        for (section, reach) in self.reach.iter().enumerate() {
            if *reach != Reach::HandedIn || !self.path.sections[section] {
                continue;
            }
            let open =
                open_checks(instrument, &self.attributes, &self.answers, &self.path, section);
            if let Some(check) = open.iter().find(|check| check.level == Level::Error) {
                let why = match check.message {
                    CheckMessage::Required => "has no answer, though one is required",
                    CheckMessage::Written(_)
                    | CheckMessage::Blank
                    | CheckMessage::SamePlace(_)
                    | CheckMessage::OtherSum { .. } => "has an answer that its checks refuse",
                };
                return Err(refused(format!(
                    "the simulation cannot answer `{}` for unit {}: it {why}; change how it is \
                     drawn in simulation.yaml",
                    instrument.questions[check.question].id, self.unit.id
                )));
            }
        }
        Ok(())
    }
}

/// Returns the number of the question's page within its section.
fn page_of(instrument: &Instrument, question: usize) -> usize {
    let pages = &instrument.sections[instrument.questions[question].section].pages;
    let page = pages.iter().position(|page| page.questions.contains(&question));
    page.expect("every question stands on a page of its section")
}

impl<'a> Draw<'a> {
    /// Returns the cases that answer the variable, in sections that are handed in or in others.
    fn group(self, cases: &[Case<'_>], page: usize, handed_in: bool) -> Vec<usize> {
        let instrument = &self.with.round.instrument;
        let section = self.question.section;
        let answers = |case: &Case<'_>| {
            case.path.questions[self.variable.question]
                && (case.reach[section] == Reach::HandedIn) == handed_in
                && page < case.pages(instrument, section)
                && !case.answers.leaves_out(self.index)
                && self.may_write(case)
                && !self.left_blank(case)
        };
        (0..cases.len()).filter(|case| answers(&cases[*case])).collect()
    }

    /// Whether the case sees the variable's field: the text of an option belongs to the option, and a
    /// reason to a warning.
    fn may_write(self, case: &Case<'_>) -> bool {
        // What becomes of a proposal follows from what was drawn.
        if self.variable.item == Item::Prefill {
            return false;
        }
        if self.variable.item == Item::Reason {
            let asked = &case.path.questions;
            let known = expression::Case::new(&case.attributes, &case.answers, asked);
            return self.question.warnings(&known).next().is_some();
        }
        let Item::Specify(option) = self.variable.item else { return true };
        let code = &self.question.kind.options()[option].code;
        self.question.has_chosen(code, &case.answers)
    }

    fn left_blank(self, case: &Case<'_>) -> bool {
        // Whether a text is written is what its share says.
        if self.question.required || self.variable.kind == VariableKind::Text {
            return false;
        }
        // Parts that are answered together are left blank together.
        let rows = self.question.kind.together().is_some();
        let part = if rows { self.question.id.as_str() } else { &self.variable.name };
        let name = ["blank", &case.character.id, part];
        let percent = self.with.settings.item_nonresponse as f64;
        100.0 * self.with.chance().passing(&name).uniform() < percent
    }

    /// Draws the variable's answers for a group of cases that are all to answer it.
    fn values(self, cases: &[&Case<'_>]) -> Vec<Option<Value>> {
        // Whoever does not leave it blank hands over the same small file.
        if let Some(rule) = self.question.kind.file_rule(&self.variable.item) {
            return vec![Some(Value::File(rule.example())); cases.len()];
        }
        match &self.with.settings.variables[self.index] {
            Distribution::Shares(shares) => match bounds(self.question) {
                None => self.single(shares, cases),
                Some(bounds) => self.multiple(shares, bounds, cases),
            },
            Distribution::Number(number) => {
                cases.iter().map(|case| self.number(*number, case)).collect()
            }
            Distribution::Text(bank) => self.texts(bank, cases),
        }
    }

    /// Returns how strongly each case leans towards an answer; `answer` is empty for the question.
    fn leanings(self, cases: &[&Case<'_>], answer: &str) -> Vec<f64> {
        let name = format!("{}={answer}", self.variable.name);
        cases.iter().map(|case| case.character.leans(self.with.chance(), &name)).collect()
    }

    /// Gives each case one option. Those who lean most towards an answer that is none, such as
    /// "don't know", give it; the others are ranked by one leaning, from the first option to the
    /// last, as on a scale.
    fn single(self, shares: &[usize], cases: &[&Case<'_>]) -> Vec<Option<Value>> {
        let options = self.question.kind.options();
        let joined: Vec<Joined> = published::targets(self.with, self.variable, options).collect();
        let counts = divide(shares, cases.len(), &joined);
        let mut chosen: Vec<Option<&Code>> = vec![None; cases.len()];
        for (option, count) in options.iter().zip(&counts).filter(|(o, _)| o.missing.is_some()) {
            let scores = self.leanings(cases, option.code.as_str());
            take(&scores, *count, &mut chosen, &option.code);
        }
        let scores = self.leanings(cases, "");
        for (option, count) in options.iter().zip(&counts).filter(|(o, _)| o.missing.is_none()) {
            take(&scores, *count, &mut chosen, &option.code);
        }
        chosen.into_iter().map(|code| code.cloned().map(Value::Code)).collect()
    }

    /// Gives each case one or more options: first the options that stand alone, then each of the
    /// others to those who lean most towards it.
    fn multiple(self, shares: &[usize], bounds: Bounds, cases: &[&Case<'_>]) -> Vec<Option<Value>> {
        let options = self.question.kind.options();
        let counts = spread(options, shares, cases.len(), bounds);
        let leanings = |option: &Choice| self.leanings(cases, option.code.as_str());
        let scores: Vec<Vec<f64>> = options.iter().map(leanings).collect();
        let mut alone: Vec<Option<&Code>> = vec![None; cases.len()];
        for (option, place) in options.iter().zip(0..).filter(|(option, _)| stands_alone(option)) {
            take(&scores[place], counts[place], &mut alone, &option.code);
        }
        let others: Vec<usize> = (0..cases.len()).filter(|case| alone[*case].is_none()).collect();
        let mut chosen = vec![vec![false; options.len()]; cases.len()];
        for place in (0..options.len()).filter(|place| !stands_alone(&options[*place])) {
            let scores: Vec<f64> = others.iter().map(|case| scores[place][*case]).collect();
            for winner in top(&scores, counts[place]) {
                chosen[others[winner]][place] = true;
            }
        }
        even_out(&mut chosen, &others, &scores, bounds);
        let codes = |(alone, chosen): (Option<&Code>, Vec<bool>)| match alone {
            Some(code) => Some(Value::Codes(vec![code.clone()])),
            None => {
                let chosen = options.iter().zip(chosen).filter(|(_, chosen)| *chosen);
                Some(Value::Codes(chosen.map(|(option, _)| option.code.clone()).collect()))
            }
        };
        alone.into_iter().zip(chosen).map(codes).collect()
    }

    /// Draws a number that the question's hard checks let pass: the unit's own, otherwise other
    /// ones, at last the lowest. Where none passes, the field is left blank.
    fn number(self, number: Number, case: &Case<'_>) -> Option<Value> {
        let chance = self.with.chance();
        let own = case.character.leans(chance, &self.variable.name);
        let mut stream = chance.passing(&["number", &case.character.id, &self.variable.name]);
        let leanings = [own].into_iter().chain((0..20).map(|_| stream.normal()));
        let (min, max) = self.question.kind.limits();
        let mut numbers = leanings.map(|leaning| number.at(leaning, case.unit)).chain(min);
        numbers.find_map(|number| {
            let within =
                |number: f64| number.max(min.unwrap_or(f64::MIN)).min(max.unwrap_or(f64::MAX));
            let value = match self.variable.kind {
                VariableKind::Integer => Value::Integer(within(number.round()) as i64),
                // One decimal, as people give.
                VariableKind::Decimal
                | VariableKind::Category
                | VariableKind::Categories
                | VariableKind::Text => Value::Decimal(within((10.0 * number).round() / 10.0)),
            };
            self.passes(&value, case).then_some(value)
        })
    }

    /// Whether the question's hard checks let an answer pass.
    fn passes(self, value: &Value, case: &Case<'_>) -> bool {
        let mut answers = case.answers.clone();
        answers.set(self.index, Some(value.clone()));
        let case = expression::Case::new(&case.attributes, &answers, &case.path.questions);
        let mut hard = self.question.checks.iter().filter(|check| check.level == Level::Error);
        !hard.any(|check| check.when.checked.holds(&case))
    }

    /// Deals the texts of the bank, in the unit's language, to those who lean most towards writing.
    fn texts(self, bank: &Bank, cases: &[&Case<'_>]) -> Vec<Option<Value>> {
        let answers = self.variable.item != Item::Reason;
        let share = if self.question.required && answers { 100 } else { bank.share };
        let mut values = vec![None; cases.len()];
        let writers = top(&self.leanings(cases, ""), nearest(share, cases.len()));
        for (turn, case) in writers.into_iter().enumerate() {
            let lang = language(&self.with.round.instrument.languages, cases[case].unit);
            let texts = bank.texts.iter().find(|(of, _)| *of == lang).or(bank.texts.first());
            values[case] = texts.map(|(_, texts)| texts[turn % texts.len()].clone());
        }
        values
    }
}

impl Number {
    /// Returns the number of a unit that lies `leaning` standard deviations from the middle. The
    /// exponential may differ between machines in its last bit, which rounding takes away again.
    fn at(self, leaning: f64, unit: &Unit) -> f64 {
        match self {
            Number::Normal { mean, sd } => mean + sd * leaning,
            Number::LogNormal { median, sigma, per_1000 } => {
                let scale = if per_1000 { unit.population as f64 / 1000.0 } else { 1.0 };
                median * scale * (sigma * leaning).exp()
            }
        }
    }
}

/// Returns the language that a unit writes in: nynorsk where it has decided so and the survey has
/// it, otherwise the survey's first.
pub fn language(languages: &[Lang], unit: &Unit) -> Lang {
    let nynorsk = unit.language_form == "nynorsk" && languages.contains(&Lang::NN);
    if nynorsk { Lang::NN } else { languages[0] }
}

/// Gives an answer to the `count` cases without one that lean most towards it.
fn take<'c>(scores: &[f64], count: usize, chosen: &mut [Option<&'c Code>], code: &'c Code) {
    let free: Vec<usize> = (0..chosen.len()).filter(|case| chosen[*case].is_none()).collect();
    let scores: Vec<f64> = free.iter().map(|case| scores[*case]).collect();
    for place in top(&scores, count) {
        chosen[free[place]] = Some(code);
    }
}

/// Moves options between cases until each has as many as it may, so that the count of every option
/// stays. There are enough in all, and not too many: [`spread`] sees to that.
fn even_out(chosen: &mut [Vec<bool>], cases: &[usize], scores: &[Vec<f64>], bounds: Bounds) {
    let with = |chosen: &[Vec<bool>], fits: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let size = |case: usize| chosen[case].iter().filter(|chosen| **chosen).count();
        cases.iter().copied().filter(|case| fits(size(*case))).collect()
    };
    loop {
        let poor = with(chosen, &|size| size < bounds.min);
        let rich = with(chosen, &|size| size > bounds.max);
        let (givers, takers) = match (poor.first(), rich.first()) {
            (Some(poor), _) => (with(chosen, &|size| size > bounds.min), vec![*poor]),
            (None, Some(rich)) => (vec![*rich], with(chosen, &|size| size < bounds.max)),
            (None, None) => return,
        };
        let Some((option, from, to)) = cheapest(chosen, scores, &givers, &takers) else { return };
        chosen[from][option] = false;
        chosen[to][option] = true;
    }
}

/// Returns the option, its giver and its taker for which the leanings speak least against a move.
fn cheapest(
    chosen: &[Vec<bool>],
    scores: &[Vec<f64>],
    givers: &[usize],
    takers: &[usize],
) -> Option<(usize, usize, usize)> {
    let pairs = givers.iter().flat_map(|from| takers.iter().map(move |to| (*from, *to)));
    let moves = pairs.flat_map(|(from, to)| {
        (0..scores.len())
            .filter(move |option| chosen[from][*option] && !chosen[to][*option])
            .map(move |option| (option, from, to))
    });
    let cost =
        |(option, from, to): &(usize, usize, usize)| scores[*option][*from] - scores[*option][*to];
    moves.min_by(|a, b| cost(a).total_cmp(&cost(b)))
}

#[cfg(test)]
mod tests {
    use instrument::RoundId;

    use super::*;
    use crate::simulate::chance::Chance;

    #[test]
    fn evening_out_keeps_the_counts_of_the_options() {
        let bounds = Bounds { min: 1, max: 2 };
        for seed in 0..50 {
            let mut stream = Chance { seed, round: RoundId::new(2023).unwrap() }.passing(&[]);
            let scores: Vec<Vec<f64>> =
                (0..4).map(|_| (0..30).map(|_| stream.normal()).collect()).collect();
            // 42 choices among 30 cases: enough for one each, not more than two each.
            let counts = [18, 12, 9, 3];
            let mut chosen = vec![vec![false; 4]; 30];
            for (option, count) in counts.into_iter().enumerate() {
                top(&scores[option], count)
                    .into_iter()
                    .for_each(|case| chosen[case][option] = true);
            }
            even_out(&mut chosen, &(0..30).collect::<Vec<_>>(), &scores, bounds);
            for (option, count) in counts.into_iter().enumerate() {
                assert_eq!(chosen.iter().filter(|case| case[option]).count(), count);
            }
            let size = |case: &Vec<bool>| case.iter().filter(|chosen| **chosen).count();
            assert!(chosen.iter().all(|case| (1..=2).contains(&size(case))), "seed {seed}");
        }
    }
}
