//! The codebook: what each column holds and where it comes from.

use instrument::{
    Choice, Code, Comparable, Condition, Instrument, Item, Kind, Question, QuestionId, Release,
    RoundId, SectionId, Text, Variable, VariableKind,
};

use crate::Missing;

/// What one column holds, in words and codes; enough to read the data without the questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct CodebookVariable {
    /// Its name: `question`, `question.row` or `question.option` for an "other, specify".
    pub name: String,
    /// The question that it answers.
    pub question: QuestionId,
    /// The section of the question.
    pub section: SectionId,
    /// What it can hold.
    pub kind: VariableKind,
    /// The question as it was asked.
    pub question_text: Text,
    /// The row or option that it holds; the question's text where it holds the whole question.
    pub label: Text,
    /// The options; empty for numbers and texts.
    pub options: Vec<CodebookOption>,
    /// What a number counts.
    pub unit: Option<Text>,
    /// The expression that its value was calculated with; `None` where somebody answered.
    pub formula: Option<String>,
    /// The condition under which it was asked, its section's included; `None` where everyone was.
    pub filter: Option<String>,
    /// Where it comes from; `None` where it is new in this round.
    pub lineage: Option<Lineage>,
    /// Who may see it.
    pub release: Release,
}

/// An option of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct CodebookOption {
    /// Its code.
    pub code: Code,
    /// What the informant read.
    pub text: Text,
    /// The kind of missing that it stands for.
    pub missing: Option<Missing>,
}

/// How a variable relates to the last round.
#[derive(Clone, Debug, PartialEq)]
pub struct Lineage {
    /// The first round that asked it.
    pub since: RoundId,
    /// Whether its figures may be compared with the last round's.
    pub comparable: Comparable,
    /// The name of the last round's variable.
    pub was: String,
    /// For an option that is new: the options of the last round that it stands for.
    pub options: Vec<(Code, Vec<Code>)>,
    /// What changed, for the reader of a figure.
    pub note: Option<Text>,
}

impl CodebookVariable {
    /// Returns what the codebook says of one variable of a questionnaire.
    pub fn of(instrument: &Instrument, variable: &Variable) -> CodebookVariable {
        let question = instrument.question_of(variable);
        let section = &instrument.sections[question.section];
        // A label is written in the languages of its question.
        let languages = question.text.iter().map(|(lang, _)| lang);
        let label = languages.map(|lang| (lang, question.label(&variable.item).plain(lang)));
        let options = match variable.kind {
            VariableKind::Category | VariableKind::Categories => {
                question.options_of(&variable.item)
            }
            VariableKind::Integer | VariableKind::Decimal | VariableKind::Text => &[],
        };
        let rows = question
            .row
            .as_ref()
            .map(|of| format!("{} >= {}", instrument.questions[of.repeat].id, of.row + 1));
        CodebookVariable {
            name: variable.name.clone(),
            question: question.id.clone(),
            section: section.id.clone(),
            kind: variable.kind,
            question_text: in_row(instrument, question, question.text.to_plain()),
            label: in_row(instrument, question, Text::new(label.collect())),
            options: options.iter().map(CodebookOption::of).collect(),
            unit: question.kind.unit().cloned(),
            formula: question.calculation.as_ref().map(|calculation| calculation.source.clone()),
            filter: filter(
                &[
                    section.show_if.as_ref(),
                    question.show_if.as_ref(),
                    own_condition(question, variable),
                ],
                rows.as_deref(),
            ),
            lineage: question.trend.as_ref().map(|trend| Lineage {
                since: trend.since,
                comparable: trend.comparable,
                was: predecessor(&variable.name, &question.id, trend.was.as_ref()),
                options: trend.options.clone(),
                note: trend.note.clone(),
            }),
            release: release(question, &variable.item),
        }
    }

    /// Returns the index of the option with this code.
    pub fn option(&self, code: &str) -> Option<usize> {
        self.options.iter().position(|option| option.code.as_str() == code)
    }
}

impl CodebookOption {
    fn of(choice: &Choice) -> CodebookOption {
        CodebookOption {
            code: choice.code.clone(),
            text: choice.text.to_plain(),
            missing: choice.missing.map(Missing::from),
        }
    }
}

/// Returns a text of a question behind what its row of a list is called.
fn in_row(instrument: &Instrument, question: &Question, text: Text) -> Text {
    let Some(of) = &question.row else { return text };
    let Kind::Repeat { each, .. } = &instrument.questions[of.repeat].kind else { return text };
    let each = each.to_plain();
    let named =
        text.iter().map(|(lang, own)| (lang, format!("{} {}: {own}", each.get(lang), of.row + 1)));
    Text::new(named.collect())
}

/// Returns the condition that a variable stands under: its section's, its question's and its row's, and
/// that its list has so many rows.
fn filter(conditions: &[Option<&Condition>], rows: Option<&str>) -> Option<String> {
    let sources = conditions.iter().flatten().map(|condition| condition.source.as_str());
    let sources: Vec<&str> = sources.chain(rows).collect();
    match sources.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        several => {
            let bracketed: Vec<String> = several.iter().map(|one| format!("({one})")).collect();
            Some(bracketed.join(" && "))
        }
    }
}

/// Returns the condition of the row that a variable holds.
fn own_condition<'a>(question: &'a Question, variable: &Variable) -> Option<&'a Condition> {
    let Item::Row(row) = variable.item else { return None };
    question.listing.rows.get(row)?.as_ref()
}

/// Returns who may see a part of a question. What somebody wrote beside an option or to a warning may
/// name people, even where it is open to all what was answered.
fn release(question: &Question, item: &Item) -> Release {
    match item {
        Item::Whole | Item::Row(_) => question.release,
        // What became of a proposal tells how somebody worked, not what the unit answered.
        Item::Prefill => question.release.max(Release::Tables),
        Item::Specify(_) | Item::Reason => Release::Internal,
    }
}

/// Returns the name of last round's variable: the same item of the question's earlier name.
fn predecessor(name: &str, question: &QuestionId, was: Option<&QuestionId>) -> String {
    let item = &name[question.as_str().len()..];
    format!("{}{item}", was.unwrap_or(question))
}
