//! A field that searches a long list of options.

use instrument::{Choice, InputProblem, Question, candidates};

use super::body::{Body, OptionView};
use super::{Asking, field_id};
use crate::draft::pick_field;

impl Asking<'_> {
    /// Returns the field with the list that the browser searches and, where something was written that
    /// is not on it, what it may have been.
    pub(super) fn search(&self, variable: usize, question: &Question, options: &[Choice]) -> Body {
        let offered = question.options_for(&self.case, self.lang);
        let refused = self.draft.entries.get(&variable).and_then(|entry| match &entry.read {
            Err(InputProblem::NotListed(written)) => Some(written.as_str()),
            Ok(_) | Err(_) => None,
        });
        let found = refused.map_or(vec![], |written| candidates(options, written, self.lang));
        let pick = pick_field(self.name(variable));
        let view = |place: usize| OptionView {
            id: field_id(&format!("{pick}-{place}")),
            code: options[place].code.to_string(),
            text: self.line(&options[place].text),
            checked: false,
            alone: false,
            specify: None,
        };
        Body::Search {
            field: self.field(variable),
            list: offered.iter().map(|place| options[*place].text.plain(self.lang)).collect(),
            found: found.into_iter().map(view).collect(),
            pick,
        }
    }
}
