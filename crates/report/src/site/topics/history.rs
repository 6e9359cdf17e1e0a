//! The figures of a topic, round by round, as the reports state them.

use std::collections::BTreeMap;

use dataset::CodebookVariable;
use instrument::{Lang, RoundId, SectionId};

use super::super::furniture::Furniture;
use crate::figures::{ChangeFigure, Figure, FigureError, Measure};
use crate::labels::Labels;
use crate::site::round::Composed;
use crate::words::Words;

/// One figure over the rounds.
pub(super) struct Line {
    /// The question, or the row of a grid.
    pub(super) question: String,
    /// What of it the figure counts.
    pub(super) answer: String,
    /// For each round the figure, and which of the composed rounds states it.
    pub(super) figures: BTreeMap<RoundId, (Figure, usize)>,
    /// The change between the last two rounds, where it can be tested.
    pub(super) change: Option<ChangeFigure>,
    /// Whether the two last rounds cannot be compared.
    incomparable: bool,
    /// Where its variable and its first option stand in the questionnaire.
    order: (usize, usize),
}

/// Returns the lines of a topic in the order of the questionnaire. `rounds` come with the newest first.
pub(super) fn histories(rounds: &[Composed<'_>], topic: &SectionId, lang: Lang) -> Vec<Line> {
    let mut lines: BTreeMap<(String, String), Line> = BTreeMap::new();
    for (place, round) in rounds.iter().enumerate() {
        let labels = Labels::new(round.figures.now.data, lang);
        for (key, stated) in round.ledger.figures() {
            let figure = &stated.figure;
            if figure.group.is_some() || figure.measure == Measure::ResponseRate {
                continue;
            }
            let Some((variable, current)) = continued(rounds, place, &figure.variable) else {
                continue;
            };
            if variable.section != *topic {
                continue;
            }
            let line = lines.entry((current, key.option.clone())).or_insert_with(|| Line {
                question: variable.label.get(lang).to_owned(),
                answer: answer(figure, &labels, lang),
                figures: BTreeMap::new(),
                change: None,
                incomparable: false,
                order: order(rounds, variable, figure),
            });
            line.figures.entry(figure.round).or_insert((figure.clone(), place));
        }
    }
    for line in lines.values_mut() {
        line.compare(rounds);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.answer.cmp(&b.answer)));
    lines
}

/// Returns the newest variable that continues one of an older round, and its name.
fn continued<'a>(
    rounds: &'a [Composed<'_>],
    place: usize,
    name: &str,
) -> Option<(&'a CodebookVariable, String)> {
    let mut variable = rounds[place].figures.now.data.variable(name)?.0;
    for round in rounds[..place].iter().rev() {
        let next = round.figures.now.data.variables.iter().find(|newer| {
            newer.lineage.as_ref().is_some_and(|lineage| lineage.was == variable.name)
        });
        variable = next.unwrap_or(variable);
    }
    Some((variable, variable.name.clone()))
}

fn order(rounds: &[Composed<'_>], variable: &CodebookVariable, figure: &Figure) -> (usize, usize) {
    let newest = rounds.first().map(|round| &round.figures.now.data.variables);
    let place = newest.and_then(|all| all.iter().position(|other| other.name == variable.name));
    let option = figure.codes.first().and_then(|code| variable.option(code.as_str()));
    (place.unwrap_or(usize::MAX), option.unwrap_or_default())
}

fn answer(figure: &Figure, labels: &Labels<'_>, lang: Lang) -> String {
    let words = Words::of(lang).unwrap_or_else(Words::english);
    match figure.measure {
        Measure::Share | Measure::ResponseRate | Measure::Net => labels.counted(figure),
        Measure::Mean => words.chart.mean.to_owned(),
        Measure::Median => words.chart.median.to_owned(),
    }
}

impl Line {
    /// Tests the change between the last two rounds.
    fn compare(&mut self, rounds: &[Composed<'_>]) {
        let Some((last, (figure, place))) = self.figures.last_key_value() else { return };
        let round = &rounds[*place];
        let Some((before, _)) = self.figures.range(..*last).next_back() else { return };
        if figure.round != round.id() || figure.measure != Measure::Share {
            return;
        }
        match round.figures.change(&figure.variable, &figure.codes, *before) {
            Ok(change) => self.change = Some(change),
            Err(
                FigureError::Incomparable { .. }
                | FigureError::New { .. }
                | FigureError::NewOption { .. },
            ) => self.incomparable = true,
            Err(_) => {}
        }
    }

    /// Returns what is said of the change between the last two rounds; nothing where the figure is of one
    /// round.
    pub(super) fn verdict(&self, words: &Words) -> Option<String> {
        let change = self.change.as_ref().map(|change| words.verdict_with_arrow(change.verdict));
        let not_comparable = || Furniture::of(words.lang).not_comparable.to_owned();
        change.or_else(|| self.incomparable.then(not_comparable))
    }
}
