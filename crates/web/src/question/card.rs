//! The rows of a list, each a card with its own questions.

use instrument::Question;

use super::{Asking, QuestionView};
use crate::list::{Button, add_button, card_id, remove_button, row_title};

/// Where the card of a row begins.
pub(crate) struct CardStart {
    pub(crate) id: String,
    pub(crate) title: String,
}

/// Where the card of a row ends.
#[derive(Default)]
pub(crate) struct CardEnd {
    /// What takes the row away.
    pub(crate) remove: Option<Button>,
    /// What adds another, behind the last.
    pub(crate) add: Option<Button>,
}

impl Asking<'_> {
    /// Returns the questions of a page, ready to be shown.
    pub(crate) fn views(&self, asked: &[usize]) -> Vec<QuestionView> {
        let view = |(place, index): (usize, &usize)| {
            let beside = |other: Option<&usize>| {
                let row = |index: usize| {
                    let of = self.instrument.questions[index].row.as_ref()?;
                    Some((of.repeat, of.row))
                };
                other.is_some_and(|other| row(*other) == row(*index))
            };
            let question = &self.instrument.questions[*index];
            let before = place.checked_sub(1).and_then(|before| asked.get(before));
            let start = question.row.is_some() && !beside(before);
            let end = question.row.is_some() && !beside(asked.get(place + 1));
            QuestionView {
                starts: if start { self.card_start(question) } else { None },
                ends: end.then(|| self.card_end(question)),
                ..self.view(*index)
            }
        };
        asked.iter().enumerate().map(view).collect()
    }

    fn card_start(&self, question: &Question) -> Option<CardStart> {
        let of = question.row.as_ref()?;
        let list = &self.instrument.questions[of.repeat];
        let title = row_title(self.instrument, question, self.lang, &self.case)?;
        Some(CardStart { id: card_id(list.id.as_str(), of.row + 1), title })
    }

    fn card_end(&self, question: &Question) -> CardEnd {
        let Some(of) = &question.row else { return CardEnd::default() };
        let words = (self.lang, &self.ui.page.list);
        let rows = self.instrument.questions[of.repeat].rows_in(self.case.answers);
        let last = rows == Some(of.row + 1);
        let add = || add_button(self.instrument, of.repeat, words, &self.case);
        CardEnd {
            remove: remove_button(self.instrument, question, words, &self.case),
            add: last.then(add).flatten(),
        }
    }
}
