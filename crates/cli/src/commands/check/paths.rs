//! `runde check --paths`: what drawn informants find on their way through each questionnaire.

use instrument::walk::{DeadEnd, Length, Start, Walks, Way, walk};
use instrument::{Instrument, Lang, RoundId};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::folder::{Folder, Round};

/// A round whose questionnaire has been walked.
#[derive(Debug)]
pub struct Walked<'a> {
    round: RoundId,
    instrument: &'a Instrument,
    walks: Walks,
}

/// Sends informants through the questionnaire of every round. Each round has its own stream of
/// chance, so that one does not change what is found in another.
pub fn walk_all(folder: &Folder, informants: usize, seed: u64) -> Vec<Walked<'_>> {
    let walked = |(id, round): (&RoundId, &'_ Round)| {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        random.set_stream(id.year().into());
        let units: Vec<Start> = round
            .frame
            .units
            .iter()
            .map(|unit| Start { kind: unit.kind.as_str(), attributes: unit.attributes() })
            .collect();
        walk(&round.instrument, &units, informants, &mut || random.next_u64())
    };
    folder
        .rounds
        .iter()
        .map(|(id, round)| Walked {
            round: *id,
            instrument: &round.instrument,
            walks: walked((id, round)),
        })
        .collect()
}

/// How the time is estimated, for the foot of the page.
const TIME: &str = "Minutes are a rule of thumb: text, help and options read at 240 words a minute; \
                    then 3 seconds to choose one, 3 a row of a grid, 6 for a multiple choice, 20 \
                    for a number, 15 for a line of text and 45 for several.";

impl Walked<'_> {
    /// Whether somebody did not come to the end.
    pub fn is_stuck(&self) -> bool {
        self.walks.finished < self.walks.informants
    }

    /// Returns the page for people.
    pub fn to_text(&self) -> String {
        let Walks { informants, finished, lengths, .. } = &self.walks;
        let mut text = format!(
            "Round {}: {finished} of {informants} informants came to the end\n",
            self.round
        );
        for dead_end in &self.walks.dead_ends {
            text += &format!("  dead end: {}\n", self.dead_end(dead_end));
        }
        for id in self.unreached() {
            text += &format!("  nobody was asked `{id}`\n");
        }
        for empty in &self.walks.empty_sections {
            let section = &self.instrument.sections[empty.section].id;
            let (kind, count) = (empty.kind, empty.informants);
            text += &format!("  section `{section}` had no question for {count} of kind {kind}\n");
        }
        text += &format!(
            "\n  {:<40} {:>11} {:>15}\n",
            "length, median (longest)", "questions", "minutes"
        );
        lengths.iter().for_each(|length| text += &length_line(length));
        text += "\n  the way in\n";
        for (question, way) in self.instrument.questions.iter().zip(&self.walks.ways) {
            if let Some(way) = way.as_ref().filter(|_| question.is_first_of_rows()) {
                text += &format!("  {:<32} {}\n", question.id.as_str(), self.steps(way));
            }
        }
        text + &format!("\n{TIME}\n\n")
    }

    /// The names of the questions that nobody was asked.
    fn unreached(&self) -> Vec<&str> {
        let questions = self.instrument.questions.iter().zip(&self.walks.ways);
        let questions = questions.filter(|(question, _)| question.is_first_of_rows());
        questions.filter(|(_, way)| way.is_none()).map(|(q, _)| q.id.as_str()).collect()
    }

    fn dead_end(&self, dead_end: &DeadEnd) -> String {
        let question = &self.instrument.questions[dead_end.question];
        let lang = self.instrument.languages.first().copied().unwrap_or(Lang::NB);
        let why = match dead_end.check {
            Some(check) => {
                let check = &question.checks[check];
                format!("its check `{}` says “{}”", check.when.source, check.message.get(lang))
            }
            None => "nothing that was tried is an answer to it".to_owned(),
        };
        format!("{} informants found no answer to `{}`: {why}", dead_end.informants, question.id)
    }

    fn steps(&self, way: &Way) -> String {
        let steps = way.answers.iter().map(|(variable, value)| {
            format!("{} = {}", self.instrument.variables[*variable].name, value.encode())
        });
        let everybody: Vec<&str> = self.kinds();
        let some = way.kinds.len() < everybody.len();
        let kinds = some.then(|| way.kinds.iter().copied().collect::<Vec<_>>().join(", "));
        let kinds = kinds.map(|kinds| format!("only {kinds}"));
        let steps: Vec<String> = kinds.into_iter().chain(steps).collect();
        if steps.is_empty() { "asked of all".to_owned() } else { steps.join(" → ") }
    }

    /// The kinds of unit that walked.
    fn kinds(&self) -> Vec<&str> {
        let whole = self.walks.lengths.iter().filter(|length| length.role.is_none());
        whole.map(|length| length.kind).collect()
    }

    /// Returns what was found for programs.
    pub fn to_json(&self) -> Value {
        let questions = self.instrument.questions.iter().zip(&self.walks.ways);
        let questions = questions.map(|(question, way)| {
            let steps = way.as_ref().map(|way| {
                let steps = way.answers.iter().map(|(variable, value)| {
                    let variable = &self.instrument.variables[*variable].name;
                    json!({ "variable": variable, "value": value.encode() })
                });
                steps.collect::<Value>()
            });
            let kinds = way.as_ref().map(|way| way.kinds.iter().copied().collect::<Value>());
            json!({ "question": question.id.as_str(), "way_in": steps, "kinds": kinds })
        });
        let dead_ends = self.walks.dead_ends.iter().map(|dead_end| {
            let question = &self.instrument.questions[dead_end.question];
            let check = dead_end.check.map(|check| question.checks[check].when.source.as_str());
            let informants = dead_end.informants;
            json!({ "question": question.id.as_str(), "check": check, "informants": informants })
        });
        let empty = self.walks.empty_sections.iter().map(|empty| {
            let section = self.instrument.sections[empty.section].id.as_str();
            json!({ "section": section, "kind": empty.kind, "informants": empty.informants })
        });
        json!({
            "round": self.round.year(),
            "informants": self.walks.informants,
            "finished": self.walks.finished,
            "dead_ends": dead_ends.collect::<Value>(),
            "empty_sections": empty.collect::<Value>(),
            "lengths": self.walks.lengths.iter().map(length_json).collect::<Value>(),
            "questions": questions.collect::<Value>(),
        })
    }
}

fn length_line(length: &Length) -> String {
    let role = length.role.as_ref().map_or("all sections", |role| role.as_str());
    let who = format!("{role}, {}", length.kind);
    let questions = format!("{} ({})", length.median, length.longest);
    let [median, longest] =
        [length.median_seconds, length.longest_seconds].map(|seconds| seconds / 60.0);
    format!("  {who:<40} {questions:>11} {:>15}\n", format!("{median:.1} ({longest:.1})"))
}

fn length_json(length: &Length) -> Value {
    json!({
        "role": length.role.as_ref().map(instrument::RoleId::as_str),
        "kind": length.kind,
        "median": length.median,
        "longest": length.longest,
        "median_seconds": length.median_seconds,
        "longest_seconds": length.longest_seconds,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_small_survey_is_told_whole() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/routing");
        let folder = Folder::open(&path).unwrap();
        let text: String = walk_all(&folder, 200, 1).iter().map(Walked::to_text).collect();
        insta::assert_snapshot!("routing", text);
    }

    #[test]
    fn everybody_comes_through_the_municipal_survey() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/kommuneundersokelsen");
        let folder = Folder::open(&path).unwrap();
        let walked = walk_all(&folder, 400, 1);
        assert_eq!(walked.len(), 3);
        for round in walked {
            assert!(!round.is_stuck(), "{}", round.to_text());
            assert_eq!(round.unreached(), [""; 0]);
            assert_eq!(round.walks.empty_sections, []);
        }
    }
}
