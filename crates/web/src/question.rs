//! A question as a page shows it: its fields, what stands in them, and what is said beside them.

mod body;
mod notice;
mod shaped;

pub(crate) use body::{Body, shown};
pub(crate) use notice::{Notices, who};
pub(crate) use shaped::typed;

use std::collections::BTreeMap;

use instrument::path::OpenCheck;
use instrument::{Instrument, Item, Kind, Lang, Question};
use store::Conflict;

use crate::draft::Draft;
use crate::ui::Ui;

/// A question, ready to be shown.
pub(crate) struct QuestionView {
    pub(crate) id: String,
    pub(crate) text: String,
    /// The help, paragraph by paragraph.
    pub(crate) hint: Vec<String>,
    /// How many can be chosen.
    pub(crate) rule: Option<String>,
    pub(crate) required: bool,
    /// Whether the answers just given have called it up.
    pub(crate) new: bool,
    pub(crate) notices: Notices,
    pub(crate) body: Body,
    /// For each of its variables, the name of the hidden field and what was seen.
    pub(crate) seen: Vec<(String, String)>,
}

/// What a page needs to show its questions.
pub(crate) struct Asking<'a> {
    pub(crate) instrument: &'a Instrument,
    pub(crate) lang: Lang,
    pub(crate) ui: &'static Ui,
    pub(crate) draft: &'a Draft,
    /// What others have answered meanwhile, and who they are, by variable.
    pub(crate) conflicts: &'a BTreeMap<String, (Conflict, String)>,
    /// The checks that are open on this page.
    pub(crate) checks: &'a [OpenCheck<'a>],
    /// The question that has just come up.
    pub(crate) new: Option<&'a str>,
}

impl Asking<'_> {
    /// Returns the question with this index, ready to be shown.
    pub(crate) fn view(&self, index: usize) -> QuestionView {
        let question = &self.instrument.questions[index];
        let id = question.id.to_string();
        QuestionView {
            text: question.text.get(self.lang).to_owned(),
            hint: question.help.as_ref().map_or(vec![], |help| paragraphs(help.get(self.lang))),
            rule: self.rule(question),
            required: question.required,
            new: self.new == Some(id.as_str()),
            notices: self.question_notices(index, question),
            body: self.body(question),
            seen: self.seen(question),
            id,
        }
    }

    /// Returns what is said of a question as a whole. What is wrong in a row stands by the row.
    fn question_notices(&self, index: usize, question: &Question) -> Notices {
        let mut notices = self.check_notices(index);
        for variable in question.variables.clone() {
            if !matches!(self.instrument.variables[variable].item, Item::Row(_)) {
                notices.join(self.notices(variable));
            }
        }
        notices
    }

    fn rule(&self, question: &Question) -> Option<String> {
        let Kind::SelectMultiple { min, max, .. } = &question.kind else {
            return shaped::rule(&question.kind, self.ui);
        };
        let words = &self.ui.page;
        match (*min, *max) {
            (Some(min), Some(max)) => Some((words.choose_between)(min, max)),
            (Some(min), None) => Some((words.choose_at_least)(min)),
            (None, Some(max)) => Some((words.choose_at_most)(max)),
            // The help says what to choose, where there is one.
            (None, None) => question.help.is_none().then(|| words.choose_any.to_owned()),
        }
    }

    fn seen(&self, question: &Question) -> Vec<(String, String)> {
        let variables = question.variables.clone();
        variables
            .filter_map(|index| {
                let seen = &self.draft.entries.get(&index)?.seen;
                Some((self.instrument.variables[index].name.clone(), seen.to_string()))
            })
            .collect()
    }
}

impl QuestionView {
    /// Returns the ids of what describes the fields, for `aria-describedby`.
    pub(crate) fn described(&self) -> String {
        let id = &self.id;
        [
            (!self.hint.is_empty(), format!("hint-{id}")),
            (self.rule.is_some(), format!("rule-{id}")),
            (!self.notices.is_empty(), format!("notices-{id}")),
            (self.body.unit().is_some(), format!("unit-{id}")),
            (self.body.limit().is_some(), format!("limit-{id}")),
            (matches!(self.body, Body::Steps { .. }), format!("ends-{id}")),
        ]
        .into_iter()
        .filter_map(|(there, id)| there.then_some(id))
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// Returns the class that marks a question where something is to be done.
    pub(crate) fn tone(&self) -> &'static str {
        self.notices.tone()
    }
}

/// Returns the id of the first field of a variable, which messages link to.
pub(crate) fn field_id(variable: &str) -> String {
    format!("f-{variable}")
}

/// Returns the paragraphs of a text: an empty line parts them.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}
