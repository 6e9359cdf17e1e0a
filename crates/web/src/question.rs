//! A question as a page shows it: its fields, what stands in them, and what is said beside them.

mod body;
mod card;
mod notice;
mod search;
mod shaped;

pub(crate) use body::{Body, Field, calculated, calculated_field, shown};
pub(crate) use card::{CardEnd, CardStart};
pub(crate) use notice::{Notices, check_text};
pub(crate) use shaped::typed;

use std::collections::BTreeMap;

use instrument::expression::Case;
use instrument::path::OpenCheck;
use instrument::{Instrument, Item, Kind, Lang, MissingKind, Prefilled, Question, Text};
use store::Conflict;

use crate::draft::{Draft, box_field};
use crate::markup::{self, Html};
use crate::ui::Ui;

/// A question, ready to be shown.
pub(crate) struct QuestionView {
    /// The card that begins with it, and the one that ends with it.
    pub(crate) starts: Option<CardStart>,
    pub(crate) ends: Option<CardEnd>,
    pub(crate) id: String,
    pub(crate) text: Html,
    /// How it is answered.
    pub(crate) instruction: Option<Html>,
    /// What helps to answer it.
    pub(crate) help: Option<Html>,
    /// The terms that its texts link to, each with its definition.
    pub(crate) terms: Vec<(Html, Html)>,
    /// How many can be chosen.
    pub(crate) rule: Option<String>,
    pub(crate) required: bool,
    /// Whether the answers just given have called it up.
    pub(crate) new: bool,
    pub(crate) notices: Notices,
    pub(crate) body: Body,
    /// Where a warning that fires is confirmed.
    pub(crate) reason: Option<ReasonView>,
    /// What is offered to be filled in, and what is said of what was.
    pub(crate) prefill: PrefillView,
    /// The boxes for those who cannot answer.
    pub(crate) boxes: Vec<BoxView>,
    /// For each of its variables, the name of the hidden field and what was seen.
    pub(crate) seen: Vec<(String, String)>,
}

/// What asks for the reason of an answer that a warning fires at.
pub(crate) struct ReasonView {
    pub(crate) label: Html,
    pub(crate) field: Field,
    /// What the warnings say, where the reason has confirmed them and nothing else says it.
    pub(crate) confirmed: Vec<String>,
}

/// What is offered to be filled in, and what is said of what was.
#[derive(Default)]
pub(crate) struct PrefillView {
    /// The button that fills the fields in, where they are blank.
    pub(crate) offer: Option<String>,
    /// What is said beside the fields until somebody has changed or confirmed what stands in them.
    pub(crate) mark: Option<String>,
    /// The name of the box that confirms it.
    pub(crate) name: String,
}

/// A box to tick for those who cannot answer.
pub(crate) struct BoxView {
    pub(crate) name: String,
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) ticked: bool,
}

/// What a page needs to show its questions.
pub(crate) struct Asking<'a> {
    pub(crate) instrument: &'a Instrument,
    pub(crate) lang: Lang,
    pub(crate) ui: &'static Ui,
    pub(crate) draft: &'a Draft,
    /// The case, as texts look at it.
    pub(crate) case: Case<'a>,
    /// What others have answered meanwhile, and who they are, by variable.
    pub(crate) conflicts: &'a BTreeMap<String, (Conflict, String)>,
    /// The checks that are open on this page.
    pub(crate) checks: &'a [OpenCheck<'a>],
    /// The question that has just come up.
    pub(crate) new: Option<&'a str>,
    /// What stands before the name of a variable in the address of its file.
    pub(crate) files: &'a str,
}

impl Asking<'_> {
    /// Returns the question with this index, ready to be shown.
    pub(crate) fn view(&self, index: usize) -> QuestionView {
        let question = &self.instrument.questions[index];
        let id = question.id.to_string();
        QuestionView {
            starts: None,
            ends: None,
            text: self.line(&question.text),
            instruction: question.instruction.as_ref().map(|text| self.line(text)),
            help: question.help.as_ref().map(|help| self.paragraphs(help)),
            terms: self.terms(question),
            rule: self.rule(question),
            required: question.required,
            new: self.new == Some(id.as_str()),
            notices: self.question_notices(index, question),
            body: self.body(index, question),
            reason: self.reason(question),
            prefill: self.prefill(question),
            boxes: self.boxes(question),
            seen: self.seen(question),
            id,
        }
    }

    /// Returns a text of one line as it reads in this case.
    pub(crate) fn line(&self, text: &Text) -> Html {
        markup::line(&self.instrument.fill(text, self.lang, &self.case), self.lang)
    }

    /// Returns a text of several lines as it reads in this case.
    pub(crate) fn paragraphs(&self, text: &Text) -> Html {
        markup::paragraphs(&self.instrument.fill(text, self.lang, &self.case), self.lang)
    }

    /// Returns the characters that are read of a text of one line.
    pub(crate) fn plain(&self, text: &Text) -> String {
        self.instrument.fill(text, self.lang, &self.case).plain()
    }

    fn terms(&self, question: &Question) -> Vec<(Html, Html)> {
        let rows = question.kind.rows().iter().map(|row| &row.text);
        let options = question.kind.options().iter().map(|option| &option.text);
        let texts = [Some(&question.text), question.help.as_ref(), question.instruction.as_ref()];
        let texts = texts.into_iter().flatten().chain(rows).chain(options);
        let terms = self.instrument.terms_in(texts.map(|text| text.get(self.lang)));
        terms
            .iter()
            .map(|term| (self.line(&term.text), self.paragraphs(&term.definition)))
            .collect()
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
        let words = &self.ui.page;
        if let Kind::Rank { rows, top } = &question.kind {
            let asked = (0..rows.len()).filter(|row| question.offers_row(*row, &self.case)).count();
            let most = top.map_or(asked, |top| asked.min(top as usize));
            return Some((words.rank)(most, most < asked));
        }
        if let Kind::SelectOne { listed: true, .. } = &question.kind {
            return Some(words.search.to_owned());
        }
        if let Kind::Grid { several: true, .. } = &question.kind {
            return Some(words.choose_in_rows.to_owned());
        }
        if let Kind::File(rule) = &question.kind {
            return Some(self.ui.file_rule(rule));
        }
        let Kind::SelectMultiple { min, max, .. } = &question.kind else {
            return shaped::rule(&question.kind, self.ui);
        };
        match (*min, *max) {
            (Some(min), Some(max)) => Some((words.choose_between)(min, max)),
            (Some(min), None) => Some((words.choose_at_least)(min)),
            (None, Some(max)) => Some((words.choose_at_most)(max)),
            // The help says what to choose, where there is one.
            (None, None) => question.help.is_none().then(|| words.choose_any.to_owned()),
        }
    }

    /// Returns the boxes beside the field of a question.
    fn boxes(&self, question: &Question) -> Vec<BoxView> {
        let variable = question.variables.start;
        let ticked = self.draft.entries.get(&variable).map_or(&[][..], |entry| &entry.boxes);
        let view = |(kind, text): &(MissingKind, Text)| BoxView {
            name: box_field(question.id.as_str()),
            code: kind.as_str(),
            text: self.plain(text),
            ticked: ticked.iter().any(|code| code == kind.as_str()),
        };
        question.missing.iter().map(view).collect()
    }

    fn prefill(&self, question: &Question) -> PrefillView {
        let Some(variable) = question.prefill_variable() else { return PrefillView::default() };
        let words = &self.ui.page.prefill;
        let round = question.prefilled_from().map(|round| round.to_string());
        let shown = Prefilled::of(self.case.answers.get(variable)) == Some(Prefilled::Shown);
        let offered = !self.instrument.proposals(question, &self.case).is_empty();
        let say = |last: fn(&str) -> String, known: &str| match &round {
            Some(round) => last(round),
            None => known.to_owned(),
        };
        PrefillView {
            offer: offered.then(|| say(words.fetch, words.fill_in)),
            mark: (shown && !offered).then(|| say(words.fetched, words.filled_in)),
            name: self.instrument.variables[variable].name.clone(),
        }
    }

    fn reason(&self, question: &Question) -> Option<ReasonView> {
        let variable = question.reason_variable()?;
        let warnings: Vec<String> =
            question.warnings(&self.case).map(|check| self.plain(&check.message)).collect();
        let is_confirmed = self.case.answers.get(variable).is_some();
        (!warnings.is_empty()).then(|| ReasonView {
            label: self.line(question.label(&Item::Reason)),
            field: self.field(variable),
            confirmed: if is_confirmed { warnings } else { vec![] },
        })
    }

    fn seen(&self, question: &Question) -> Vec<(String, String)> {
        let warned = question.warnings(&self.case).next().is_some();
        let filled_in = |variable: usize| self.case.answers.get(variable).is_some();
        let shown =
            question.fields().filter(|index| match self.instrument.variables[*index].item {
                Item::Reason => warned,
                Item::Prefill => filled_in(*index),
                Item::Whole | Item::Row(_) | Item::Specify(_) => {
                    !self.case.answers.leaves_out(*index)
                }
            });
        shown
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
            (self.instruction.is_some(), format!("instruction-{id}")),
            (self.help.is_some(), format!("hint-{id}")),
            (self.rule.is_some(), format!("rule-{id}")),
            (!self.notices.is_empty(), format!("notices-{id}")),
            (self.prefill.mark.is_some(), format!("filled-{id}")),
            (self.body.unit().is_some(), format!("unit-{id}")),
            (self.body.limit().is_some(), format!("limit-{id}")),
            (matches!(self.body, Body::Steps { .. }), format!("ends-{id}")),
            (self.body.sum().is_some(), format!("sum-{id}")),
            (self.body.file().is_some(), format!("given-{id}")),
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
