//! The codebook as JSON: what every column of the table means, and where the data comes from.

use std::collections::BTreeMap;
use std::fmt;

use dataset::{CodebookOption, DataSet, Lineage, Missing};
use instrument::{Code, Comparable, Release, Text, VariableKind};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Audience;
use crate::cell::write_missing;
use crate::column::columns;

/// The version of the form; it changes when an older reader would misread the file.
pub(crate) const FORMAT: u32 = 1;

/// Writes the codebook of a data set as JSON, with texts in all languages. The public does not
/// learn of internal variables; of those that are released in tables it learns the words, not how
/// many answered.
pub fn write_codebook(data: &DataSet, audience: Audience) -> String {
    let written = WrittenCodebook::of(data, audience);
    let mut json = serde_json::to_string_pretty(&written).expect("texts and numbers become JSON");
    json.push('\n');
    json
}

/// A text by language, in the order of the survey's languages.
#[derive(Clone)]
pub(crate) struct WrittenText(pub(crate) Vec<(String, String)>);

#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenCodebook {
    pub(crate) format: u32,
    pub(crate) survey: String,
    pub(crate) round: u16,
    /// The hash of the data set; absent where the files hold less than the whole of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dataset: Option<String>,
    pub(crate) instrument: String,
    pub(crate) sample: String,
    pub(crate) responses: String,
    pub(crate) frozen_at: String,
    pub(crate) simulated: bool,
    pub(crate) units: usize,
    pub(crate) dispositions: BTreeMap<String, usize>,
    /// How many units came to count as answered on each day; absent where it is not known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) answered_on: BTreeMap<String, usize>,
    pub(crate) size_classes: Vec<WrittenCategory>,
    pub(crate) missing: Vec<WrittenCategory>,
    pub(crate) variables: Vec<WrittenVariable>,
}

/// A code and what it means.
#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenCategory {
    pub(crate) code: String,
    pub(crate) text: WrittenText,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenVariable {
    pub(crate) name: String,
    /// The columns of the table that it fills; none where the table does not hold it.
    pub(crate) columns: Vec<String>,
    pub(crate) question: String,
    pub(crate) section: String,
    #[serde(with = "WrittenKind")]
    pub(crate) kind: VariableKind,
    pub(crate) question_text: WrittenText,
    pub(crate) label: WrittenText,
    pub(crate) options: Vec<WrittenOption>,
    pub(crate) unit: Option<WrittenText>,
    /// How the value was calculated; left out where somebody answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) formula: Option<String>,
    pub(crate) filter: Option<String>,
    pub(crate) lineage: Option<WrittenLineage>,
    #[serde(with = "WrittenRelease")]
    pub(crate) release: Release,
    /// How many units answered, "don't know" included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<usize>,
    /// How many units gave a substantive answer, and how many did not, by the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<BTreeMap<String, usize>>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenOption {
    pub(crate) code: String,
    pub(crate) text: WrittenText,
    pub(crate) missing: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenLineage {
    pub(crate) since: u16,
    #[serde(with = "WrittenComparable")]
    pub(crate) comparable: Comparable,
    pub(crate) was: String,
    pub(crate) options: Vec<WrittenJoin>,
    pub(crate) note: Option<WrittenText>,
}

/// An option, and the options of the last round that it stands for.
#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenJoin {
    pub(crate) code: String,
    pub(crate) was: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "VariableKind", rename_all = "snake_case")]
enum WrittenKind {
    Category,
    Categories,
    Integer,
    Decimal,
    Text,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Release", rename_all = "snake_case")]
enum WrittenRelease {
    Open,
    Tables,
    Internal,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Comparable", rename_all = "snake_case")]
enum WrittenComparable {
    Yes,
    No,
    WithNote,
}

impl WrittenCodebook {
    fn of(data: &DataSet, audience: Audience) -> WrittenCodebook {
        let from = &data.provenance;
        let category = |(code, text): &(Code, Text)| WrittenCategory {
            code: code.to_string(),
            text: WrittenText::of(text),
        };
        let seen = |index: &usize| audience.sees_variable(data.variables[*index].release);
        WrittenCodebook {
            format: FORMAT,
            survey: from.survey.to_string(),
            round: from.round.year(),
            dataset: match audience {
                Audience::Internal => Some(data.hash().to_string()),
                Audience::Public => None,
            },
            instrument: from.instrument.to_string(),
            sample: from.sample.to_string(),
            responses: from.responses.to_string(),
            frozen_at: from.frozen_at.to_string(),
            simulated: from.simulated,
            units: data.units.len(),
            dispositions: count(data.units.iter().map(|unit| unit.disposition.as_str().to_owned())),
            answered_on: data.answered_on.iter().map(|(day, n)| (day.to_string(), *n)).collect(),
            size_classes: data.size_classes.iter().map(category).collect(),
            missing: Missing::ALL.map(meaning).into(),
            variables: (0..data.variables.len())
                .filter(seen)
                .map(|index| WrittenVariable::of(data, index, audience))
                .collect(),
        }
    }
}

impl WrittenVariable {
    fn of(data: &DataSet, index: usize, audience: Audience) -> WrittenVariable {
        let (variable, column) = (&data.variables[index], &data.columns[index]);
        let whole = audience.sees_answers(data, index);
        let units = || 0..column.len();
        let reason = |unit| column.missing(unit).map_or("valid".to_owned(), write_missing);
        WrittenVariable {
            name: variable.name.clone(),
            columns: if whole { columns(variable) } else { vec![] },
            question: variable.question.to_string(),
            section: variable.section.to_string(),
            kind: variable.kind,
            question_text: WrittenText::of(&variable.question_text),
            label: WrittenText::of(&variable.label),
            options: variable.options.iter().map(WrittenOption::of).collect(),
            unit: variable.unit.as_ref().map(WrittenText::of),
            formula: variable.formula.clone(),
            filter: variable.filter.clone(),
            lineage: variable.lineage.as_ref().map(WrittenLineage::of),
            release: variable.release,
            base: whole.then(|| units().filter(|unit| column.answered(*unit)).count()),
            counts: whole.then(|| count(units().map(reason))),
        }
    }
}

fn count(codes: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for code in codes {
        *counts.entry(code).or_default() += 1;
    }
    counts
}

impl WrittenOption {
    fn of(option: &CodebookOption) -> WrittenOption {
        WrittenOption {
            code: option.code.to_string(),
            text: WrittenText::of(&option.text),
            missing: option.missing.map(write_missing),
        }
    }
}

impl WrittenLineage {
    fn of(lineage: &Lineage) -> WrittenLineage {
        let join = |(code, was): &(Code, Vec<Code>)| WrittenJoin {
            code: code.to_string(),
            was: was.iter().map(Code::to_string).collect(),
        };
        WrittenLineage {
            since: lineage.since.year(),
            comparable: lineage.comparable,
            was: lineage.was.clone(),
            options: lineage.options.iter().map(join).collect(),
            note: lineage.note.as_ref().map(WrittenText::of),
        }
    }
}

/// Returns the code of a kind of missing in the table, and what it means.
fn meaning(missing: Missing) -> WrittenCategory {
    let [nb, nn, en] = match missing {
        Missing::NoResponse => [
            "Enheten svarte ikke, eller for lite til å telle med",
            "Eininga svara ikkje, eller for lite til å telje med",
            "The unit did not answer, or too little to count",
        ],
        Missing::NotHandedIn => [
            "Enheten svarte, men leverte ikke denne delen",
            "Eininga svara, men leverte ikkje denne delen",
            "The unit answered, but did not hand in this section",
        ],
        Missing::NotAsked => [
            "Enheten fikk ikke spørsmålet",
            "Eininga fekk ikkje spørsmålet",
            "The unit was not asked the question",
        ],
        Missing::NotAnswered => [
            "Enheten fikk spørsmålet, men svarte ikke på det",
            "Eininga fekk spørsmålet, men svara ikkje på det",
            "The unit was asked the question and left it blank",
        ],
        Missing::DontKnow => ["Vet ikke", "Veit ikkje", "Don't know"],
        Missing::NotRelevant => ["Ikke aktuelt", "Ikkje aktuelt", "Not relevant"],
        Missing::WillNotAnswer => ["Vil ikke svare", "Vil ikkje svare", "Will not answer"],
    };
    let text = [("nb", nb), ("nn", nn), ("en", en)];
    let text = text.map(|(lang, text)| (lang.to_owned(), text.to_owned()));
    WrittenCategory { code: write_missing(missing), text: WrittenText(text.into()) }
}

impl WrittenText {
    fn of(text: &Text) -> WrittenText {
        WrittenText(text.iter().map(|(lang, text)| (lang.to_string(), text.to_owned())).collect())
    }
}

impl Serialize for WrittenText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(lang, text)| (lang, text)))
    }
}

/// Keeps the order of the languages, which a map would lose.
impl<'de> Deserialize<'de> for WrittenText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WrittenText, D::Error> {
        struct Languages;
        impl<'de> Visitor<'de> for Languages {
            type Value = WrittenText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text by language")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WrittenText, A::Error> {
                let mut texts = vec![];
                while let Some(text) = map.next_entry()? {
                    texts.push(text);
                }
                Ok(WrittenText(texts))
            }
        }
        deserializer.deserialize_map(Languages)
    }
}
