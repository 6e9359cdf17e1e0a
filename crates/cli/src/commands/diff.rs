//! `runde diff`: what became of each question between two rounds.

use std::path::PathBuf;
use std::process::ExitCode;

use instrument::lineage::{Change, Difference, Doubt, Fate, Part, Run, Setting, differences};
use instrument::{Comparable, Instrument, Lang, Question, RoundId};
use serde_json::{Value, json};

use super::Format;
use crate::failure::refused;
use crate::folder::Folder;
use crate::output;

/// Show what was kept, reworded, added and removed between two rounds, and what may not compare
#[derive(Debug, clap::Args)]
#[command(after_help = "In a pipe, words that went stand in [-…-] and words that came in {+…+}; \
                        a terminal shows them in red and green.\n\nExamples:\n  \
                        runde diff surveys/kommuneundersokelsen 2021 2023\n  \
                        runde diff surveys/kommuneundersokelsen 2021 2023 --lang nb\n  \
                        runde diff surveys/kommuneundersokelsen 2021 2023 --format json")]
pub struct Diff {
    /// The folder of the survey
    survey: PathBuf,
    /// The earlier round, by its year
    before: RoundId,
    /// The later round, by its year
    now: RoundId,
    /// Show texts in this language only, for instance nb [default: all of the survey's]
    #[arg(long)]
    lang: Option<Lang>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Diff {
    /// Prints the differences.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let folder = Folder::open(&self.survey)?;
        let now = &folder.round(self.now)?.instrument;
        let before = &folder.round(self.before)?.instrument;
        if self.before >= self.now {
            let (before, now) = (self.before, self.now);
            return Err(refused(format!(
                "round {before} is not before round {now}; give the earlier round first"
            )));
        }
        let languages = match self.lang {
            None => now.languages.clone(),
            Some(lang) if now.languages.contains(&lang) => vec![lang],
            Some(lang) => {
                let known: Vec<&str> = now.languages.iter().map(Lang::as_str).collect();
                let known = known.join(", ");
                return Err(refused(format!("the survey is not in {lang}; it is in {known}")));
            }
        };
        let earlier = folder.rounds.range(self.before..self.now).rev();
        let earlier: Vec<&Instrument> = earlier.map(|(_, round)| &round.instrument).collect();
        let found = differences(now, &earlier);
        output::data(&match self.format {
            Format::Json => to_json(&found, before.round, now.round, &languages),
            Format::Text => {
                let page = Page { languages: &languages, colour: output::colour() };
                page.show(&found, &folder, before.round, now.round)
            }
        });
        Ok(ExitCode::SUCCESS)
    }
}

/// How the differences are shown to people.
struct Page<'a> {
    languages: &'a [Lang],
    colour: bool,
}

/// The colours of a terminal.
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const BOLD: &str = "\u{1b}[1m";

impl Page<'_> {
    fn show(
        &self,
        found: &[Difference<'_>],
        folder: &Folder,
        before: RoundId,
        now: RoundId,
    ) -> String {
        let mut text = format!("{}: {before} → {now}\n{}\n", folder.survey.id, counted(found));
        for difference in found {
            match difference.fate {
                Fate::Kept => {}
                Fate::Reworded | Fate::Changed => text += &self.changed(difference),
                Fate::Added | Fate::Removed => text += &self.headed(difference),
            }
        }
        let kept = found.iter().filter(|difference| difference.fate == Fate::Kept);
        let kept: Vec<&str> = kept.map(|difference| subject(difference).id.as_str()).collect();
        if !kept.is_empty() {
            text += &format!("\n{}\n{}", self.paint(BOLD, "kept"), wrapped(&kept));
        }
        text
    }

    /// The line of a question with its text, and why it is doubtful.
    fn headed(&self, difference: &Difference<'_>) -> String {
        let question = subject(difference);
        let fate = self.paint(BOLD, fate_word(difference.fate));
        let declared = difference.comparable.map_or(String::new(), |comparable| {
            format!(" (comparable: {})", comparable_word(comparable))
        });
        let mut text = format!("\n{fate} {}{declared}\n", question.id);
        for doubt in &difference.doubts {
            let line = format!("  doubtful: {}", doubt_words(*doubt));
            text += &format!("{}\n", self.paint(YELLOW, &line));
        }
        let wording = question.text.get(self.languages[0]);
        match difference.fate {
            Fate::Added => text += &format!("  {}\n", self.added(wording)),
            Fate::Removed => text += &format!("  {}\n", self.removed(wording)),
            Fate::Kept | Fate::Reworded | Fate::Changed => {}
        }
        text
    }

    fn changed(&self, difference: &Difference<'_>) -> String {
        let mut text = self.headed(difference);
        for change in &difference.changes {
            text += &match change {
                Change::Words { lang, .. } if !self.languages.contains(lang) => continue,
                change => format!("  {}\n", self.change(change)),
            };
        }
        text
    }

    fn change(&self, change: &Change<'_>) -> String {
        let first = self.languages[0];
        match change {
            Change::Words { part, lang, runs } => {
                let words: Vec<String> = runs.iter().map(|run| self.run(run)).collect();
                format!("{lang} {}: {}", part_words(*part), words.join(" "))
            }
            Change::Added { part, text, from } => {
                let codes: Vec<&str> = from.iter().map(instrument::Code::as_str).collect();
                let from = match codes.as_slice() {
                    [] => String::new(),
                    codes => format!(" (stands for {})", codes.join(", ")),
                };
                format!("{}: {}{from}", part_words(*part), self.added(text.get(first)))
            }
            Change::Removed { part, text } => {
                format!("{}: {}", part_words(*part), self.removed(text.get(first)))
            }
            Change::Counts(code) => {
                format!("option {code}: counts otherwise (missing, exclusive)")
            }
            Change::Offered { part, before, now } => {
                let shown =
                    [before.map(|text| self.removed(text)), now.map(|text| self.added(text))];
                let shown: Vec<String> = shown.into_iter().flatten().collect();
                format!("{} is offered when: {}", part_words(*part), shown.join(" "))
            }
            Change::Order => "order: options or rows have changed places".to_owned(),
            Change::Setting { setting, before, now } => {
                let shown = [before.as_ref().map(|text| self.removed(text))];
                let shown = shown.into_iter().chain([now.as_ref().map(|text| self.added(text))]);
                let shown: Vec<String> = shown.flatten().collect();
                format!("{}: {}", setting_word(*setting), shown.join(" "))
            }
        }
    }

    fn run(&self, run: &Run) -> String {
        match run {
            Run::Same(text) => text.clone(),
            Run::Removed(text) => self.removed(text),
            Run::Added(text) => self.added(text),
        }
    }

    fn removed(&self, text: &str) -> String {
        if self.colour { self.paint(RED, text) } else { format!("[-{text}-]") }
    }

    fn added(&self, text: &str) -> String {
        if self.colour { self.paint(GREEN, text) } else { format!("{{+{text}+}}") }
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("{colour}{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// The question as the later round asks it, or as it was last asked.
fn subject<'a>(difference: &Difference<'a>) -> &'a Question {
    difference.now.or(difference.before).expect("a difference is between questions of two rounds")
}

fn counted(found: &[Difference<'_>]) -> String {
    let fates = [Fate::Kept, Fate::Reworded, Fate::Changed, Fate::Added, Fate::Removed];
    let counts = fates.map(|fate| {
        let count = found.iter().filter(|difference| difference.fate == fate).count();
        format!("{count} {}", fate_word(fate))
    });
    let doubtful = found.iter().filter(|difference| !difference.doubts.is_empty()).count();
    format!("{}; {doubtful} doubtful", counts.join(", "))
}

/// Names in lines of at most 80 characters.
fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::new()];
    for name in names {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last + name.chars().count() > 76 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(&format!(" {name}"));
        }
    }
    lines.iter().map(|line| format!(" {line}\n")).collect()
}

fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "kept",
        Fate::Reworded => "reworded",
        Fate::Changed => "changed",
        Fate::Added => "added",
        Fate::Removed => "removed",
    }
}

fn comparable_word(comparable: Comparable) -> &'static str {
    match comparable {
        Comparable::Yes => "yes",
        Comparable::No => "no",
        Comparable::WithNote => "with_note",
    }
}

fn doubt_word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Kind => "kind",
        Doubt::Filter => "filter",
        Doubt::Words => "words",
        Doubt::Help => "help",
        Doubt::Options => "options",
        Doubt::Bounds => "bounds",
        Doubt::Formula => "formula",
        Doubt::Prefill => "prefill",
        Doubt::Unmarked => "unmarked",
    }
}

fn doubt_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Kind => "called comparable, but it was a question of another kind",
        Doubt::Filter => "called comparable, but its condition or its section's was another",
        Doubt::Words => "called comparable, but it was asked in other words",
        Doubt::Help => "called comparable, but its help or instruction said something else",
        Doubt::Options => "called comparable, but its options or rows were others",
        Doubt::Bounds => "called comparable, but other numbers were accepted",
        Doubt::Formula => "called comparable, but its value or its whole was another expression",
        Doubt::Prefill => {
            "called comparable, but it was filled in from somewhere else, or not at all"
        }
        Doubt::Unmarked => "counts as new, but the earlier round has a question of this name",
    }
}

fn setting_word(setting: Setting) -> &'static str {
    match setting {
        Setting::Name => "name",
        Setting::Kind => "kind",
        Setting::Section => "section",
        Setting::Filter => "filter",
        Setting::Required => "required",
        Setting::Min => "min",
        Setting::Max => "max",
        Setting::MaxLength => "max_length",
        Setting::Formula => "formula",
        Setting::Order => "order",
        Setting::Prefill => "prefill",
        Setting::Several => "several",
        Setting::Types => "types",
    }
}

fn part_words(part: Part<'_>) -> String {
    match part {
        Part::Text => "text".to_owned(),
        Part::Help => "help".to_owned(),
        Part::Instruction => "instruction".to_owned(),
        Part::Unit => "unit".to_owned(),
        Part::Each => "each".to_owned(),
        Part::Reason => "reason".to_owned(),
        Part::Low => "low".to_owned(),
        Part::High => "high".to_owned(),
        Part::Option(code) => format!("option {code}"),
        Part::Specify(code) => format!("text field of option {code}"),
        Part::Row(code) => format!("row {code}"),
    }
}

fn to_json(found: &[Difference<'_>], before: RoundId, now: RoundId, languages: &[Lang]) -> String {
    let questions: Vec<Value> = found
        .iter()
        .map(|difference| {
            let shown = difference.changes.iter().filter(|change| match change {
                Change::Words { lang, .. } => languages.contains(lang),
                Change::Added { .. }
                | Change::Removed { .. }
                | Change::Counts(_)
                | Change::Offered { .. }
                | Change::Order
                | Change::Setting { .. } => true,
            });
            json!({
                "question": subject(difference).id.as_str(),
                "was": difference.before.map(|question| question.id.as_str()),
                "fate": fate_word(difference.fate),
                "comparable": difference.comparable.map(comparable_word),
                "doubts": difference.doubts.iter().map(|d| doubt_word(*d)).collect::<Vec<_>>(),
                "changes": shown.map(change_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    let whole = json!({ "before": before.year(), "now": now.year(), "questions": questions });
    format!("{whole:#}\n")
}

fn change_json(change: &Change<'_>) -> Value {
    match change {
        Change::Words { part, lang, runs } => {
            let runs = runs.iter().map(|run| match run {
                Run::Same(text) => json!({ "same": text }),
                Run::Removed(text) => json!({ "removed": text }),
                Run::Added(text) => json!({ "added": text }),
            });
            json!({
                "change": "words",
                "part": part_words(*part),
                "lang": lang.as_str(),
                "words": runs.collect::<Vec<_>>(),
            })
        }
        Change::Added { part, from, .. } => {
            let from: Vec<&str> = from.iter().map(instrument::Code::as_str).collect();
            json!({ "change": "added", "part": part_words(*part), "stands_for": from })
        }
        Change::Removed { part, .. } => json!({ "change": "removed", "part": part_words(*part) }),
        Change::Counts(code) => json!({ "change": "counts", "option": code.as_str() }),
        Change::Offered { part, before, now } => {
            json!({ "change": "offered", "part": part_words(*part), "before": before, "now": now })
        }
        Change::Order => json!({ "change": "order" }),
        Change::Setting { setting, before, now } => {
            json!({ "change": setting_word(*setting), "before": before, "now": now })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Returns the page on two rounds of an example survey, as it goes into a pipe.
    fn page(survey: &str, before: u16, now: u16) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys").join(survey);
        let folder = Folder::open(&path).unwrap();
        let [before, now] = [before, now].map(|year| RoundId::new(year).unwrap());
        let rounds = [now, before].map(|round| &folder.round(round).unwrap().instrument);
        let found = differences(rounds[0], &rounds[1..]);
        let page = Page { languages: &rounds[0].languages, colour: false };
        page.show(&found, &folder, before, now)
    }

    #[test]
    fn two_rounds_of_the_example_surveys() {
        insta::assert_snapshot!("lineage", page("lineage", 2023, 2025));
        insta::assert_snapshot!("kommuneundersokelsen", page("kommuneundersokelsen", 2021, 2023));
    }
}
