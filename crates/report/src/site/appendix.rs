//! The appendix: a row for every figure and change, and the wording of every question used.

use dataset::CodebookVariable;
use instrument::{Comparable, RoundId};

use super::furniture::Furniture;
use crate::figures::{Figure, Figures, Measure};
use crate::labels::Labels;
use crate::ledger::{Key, Ledger, Stated};
use crate::prose::question_anchor;
use crate::words::Words;

/// The appendix of a report in one language.
pub(super) struct Appendix {
    pub(super) figures: Vec<FigureRow>,
    pub(super) changes: Vec<ChangeRow>,
    pub(super) questions: Vec<QuestionCard>,
}

/// A figure and how it came about.
pub(super) struct FigureRow {
    pub(super) anchor: String,
    /// The address of the question; empty for the response rate.
    pub(super) question: String,
    pub(super) label: String,
    pub(super) answer: String,
    pub(super) round: String,
    pub(super) unweighted: String,
    pub(super) weighted: String,
    pub(super) interval: String,
    pub(super) base: String,
    pub(super) method: &'static str,
    pub(super) data: String,
    /// Its name in `findings.json`.
    pub(super) name: String,
}

/// A change and how it came about.
pub(super) struct ChangeRow {
    pub(super) anchor: String,
    pub(super) label: String,
    pub(super) answer: String,
    pub(super) before: String,
    pub(super) before_anchor: String,
    pub(super) after: String,
    pub(super) after_anchor: String,
    pub(super) difference: String,
    pub(super) overlap: String,
    pub(super) verdict: &'static str,
}

/// A question as it was asked.
pub(super) struct QuestionCard {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) text: String,
    /// Address and text of the rows that the report speaks of; empty where there are none.
    pub(super) rows: Vec<(String, String)>,
    pub(super) options: Vec<String>,
    pub(super) filter: Option<String>,
    pub(super) trend: String,
}

/// Gathers the appendix.
pub(super) fn appendix(
    figures: &Figures<'_>,
    ledger: &Ledger,
    words: &Words,
    furniture: &'static Furniture,
) -> Appendix {
    let writer =
        Writer { figures, words, furniture, labels: Labels::new(figures.now.data, words.lang) };
    let mut stated: Vec<(&Key, &Stated)> = ledger.figures().collect();
    stated.sort_by_key(|(key, stated)| writer.place(key, &stated.figure));
    Appendix {
        figures: stated.iter().map(|(key, stated)| writer.figure(key, &stated.figure)).collect(),
        changes: ledger.changes().map(|(key, change)| writer.change(key, change)).collect(),
        questions: writer.questions(ledger),
    }
}

struct Writer<'a> {
    figures: &'a Figures<'a>,
    words: &'a Words,
    furniture: &'static Furniture,
    labels: Labels<'a>,
}

impl<'a> Writer<'a> {
    /// The order of the table: the response rate, then as the questionnaire asks; within a
    /// question by option, the latest round first.
    fn place(&self, key: &Key, figure: &Figure) -> (usize, Vec<usize>, std::cmp::Reverse<RoundId>) {
        let variables = &self.figures.now.data.variables;
        let variable = variables.iter().position(|variable| variable.name == figure.variable);
        let options = figure.codes.iter().map(|code| {
            let found = variable.and_then(|index| variables[index].option(code.as_str()));
            found.unwrap_or(usize::MAX)
        });
        let place = variable.map_or(0, |index| index + 1);
        (place, options.collect(), std::cmp::Reverse(key.round))
    }

    fn figure(&self, key: &Key, figure: &Figure) -> FigureRow {
        let is_rate = figure.measure == Measure::ResponseRate;
        let value = |value: f64| match figure.measure {
            Measure::Share | Measure::ResponseRate => self.words.percent_tenths(value),
            Measure::Mean | Measure::Median | Measure::Net => self.words.decimal(value, 1),
        };
        FigureRow {
            anchor: key.anchor(),
            question: if is_rate { String::new() } else { question_anchor(&figure.variable) },
            label: match &figure.group {
                Some(group) => {
                    format!("{} – {}", self.label(figure), self.labels.group(group, self.words))
                }
                None => self.label(figure),
            },
            answer: self.labels.counted(figure),
            round: key.round.to_string(),
            unweighted: value(figure.unweighted.value),
            weighted: figure.weighted.map(|weighted| value(weighted.value)).unwrap_or_default(),
            interval: self.words.interval(figure),
            base: self.words.count(figure.base),
            method: match figure.measure {
                Measure::Share => self.furniture.wilson,
                Measure::Mean | Measure::Net => self.furniture.student,
                Measure::Median => "median",
                Measure::ResponseRate => self.furniture.count,
            },
            data: self.data_hash(key.round),
            name: name(key),
        }
    }

    fn label(&self, figure: &Figure) -> String {
        if figure.measure == Measure::ResponseRate {
            return self.furniture.response_rate.to_owned();
        }
        let found = self.figures.now.variable(&figure.variable);
        found.map_or(String::new(), |(variable, _)| variable.label.get(self.words.lang).to_owned())
    }

    fn data_hash(&self, round: RoundId) -> String {
        let samples = [Some(&self.figures.now), self.figures.before.as_ref()];
        let of_round =
            samples.into_iter().flatten().find(|sample| sample.data.provenance.round == round);
        of_round.map(|sample| sample.hash().short()).unwrap_or_default()
    }

    fn change(&self, key: &Key, change: &crate::figures::ChangeFigure) -> ChangeRow {
        let before = Key::of(&change.before);
        ChangeRow {
            anchor: format!("c-{}", key.anchor()),
            label: self.label(&change.after),
            answer: self.labels.options(&change.after.variable, &change.after.codes),
            before: self.words.percent_tenths(change.before.published().value),
            before_anchor: before.anchor(),
            after: self.words.percent_tenths(change.after.published().value),
            after_anchor: key.anchor(),
            difference: self.words.difference(change),
            overlap: self.words.count(change.overlap),
            verdict: self.words.verdict(change.verdict),
        }
    }

    /// Returns a card for each question that is spoken of, in the order of the questionnaire.
    fn questions(&self, ledger: &Ledger) -> Vec<QuestionCard> {
        let mut cards: Vec<QuestionCard> = vec![];
        let all = self.figures.now.data.variables.iter();
        for variable in all.filter(|variable| ledger.mentions(&variable.name)) {
            let name = variable.question.as_str();
            if cards.last().is_none_or(|card| card.name != name) {
                cards.push(self.card(variable));
            }
            if let Some(card) = cards.last_mut().filter(|_| variable.name != name) {
                let label = variable.label.get(self.words.lang).to_owned();
                card.rows.push((question_anchor(&variable.name), label));
            }
        }
        cards
    }

    fn card(&self, variable: &CodebookVariable) -> QuestionCard {
        let lang = self.words.lang;
        let options = variable.options.iter().map(|option| option.text.get(lang).to_owned());
        QuestionCard {
            anchor: question_anchor(variable.question.as_str()),
            name: variable.question.to_string(),
            text: variable.question_text.get(lang).to_owned(),
            rows: vec![],
            options: options.collect(),
            filter: variable.filter.clone(),
            trend: self.trend(variable),
        }
    }

    fn trend(&self, variable: &CodebookVariable) -> String {
        let Some(lineage) = &variable.lineage else {
            return self.furniture.new_question.to_owned();
        };
        let comparable = match lineage.comparable {
            Comparable::Yes => self.furniture.comparable,
            Comparable::No => self.furniture.not_comparable,
            Comparable::WithNote => self.furniture.comparable_with_note,
        };
        let note = lineage.note.as_ref().map(|note| format!(" {}", note.get(self.words.lang)));
        let since = self.furniture.asked_since;
        format!("{since} {}. {comparable}{}", lineage.since, note.unwrap_or_default())
    }
}

/// Returns a figure's name in `findings.json`.
fn name(key: &Key) -> String {
    if key.option.is_empty() { key.id.clone() } else { format!("{} {}", key.id, key.option) }
}
