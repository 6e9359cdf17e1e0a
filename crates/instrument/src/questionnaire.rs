//! The instrument: the checked questionnaire of one round.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::expression::{Case, Piped, in_words};
use crate::markup;
use crate::text::fill;
use crate::{
    Code, Condition, Filled, Hash, Lang, Question, QuestionId, RoleId, RoundId, SectionId,
    SurveyId, Text, Variable,
};

/// The checked questionnaire of a round. Indexes are stable: questions and variables stand in
/// the order of the questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// The survey.
    pub survey: SurveyId,
    /// The round.
    pub round: RoundId,
    /// The languages of the survey; the first is the one that texts fall back on.
    pub languages: Vec<Lang>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The questions of all sections, in order.
    pub questions: Vec<Question>,
    /// The variables of all questions, in order.
    pub variables: Vec<Variable>,
    /// The terms that texts link to, in order.
    pub terms: Vec<Term>,
    /// What texts pipe, by language and by what stands between `{{` and `}}`.
    pub pipes: BTreeMap<(Lang, String), Piped>,
    /// The hash of the questionnaire file.
    pub hash: Hash,
}

/// A word with its definition, which texts link to as `[word](term:code)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its code.
    pub code: Code,
    /// The word.
    pub text: Text,
    /// What it means here.
    pub definition: Text,
}

/// A part of the questionnaire that one role answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name, stable over rounds.
    pub id: SectionId,
    /// Who answers it.
    pub role: RoleId,
    /// Its heading.
    pub title: Text,
    /// What the informant reads before the first page.
    pub intro: Option<Text>,
    /// For which units and answers it is asked; always where `None`.
    pub show_if: Option<Condition>,
    /// Its pages, in order; never empty.
    pub pages: Vec<Page>,
}

/// The questions that are shown together.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// A heading under the section's.
    pub title: Option<Text>,
    /// Its questions, as indexes into [`Instrument::questions`].
    pub questions: Range<usize>,
}

impl Instrument {
    /// Returns a text for a case: in `lang` where it has been written, with what is piped into it.
    /// Values are marked as mere characters of Markdown.
    pub fn fill<'t>(&self, text: &'t Text, lang: Lang, case: &Case<'_>) -> Filled<'t> {
        let (lang, written) = text.written(lang);
        let value = |pipe: &str| self.pipes.get(&(lang, pipe.to_owned()))?.fill(lang, case);
        Filled { lang, markdown: fill(written, value) }
    }

    /// Returns a text for no case: where a value would be piped, brackets say which.
    pub fn fill_open<'t>(&self, text: &'t Text, lang: Lang) -> Filled<'t> {
        let (lang, written) = text.written(lang);
        let value = |pipe: &str| Some(format!("[{}]", in_words(pipe, self, lang)));
        Filled { lang, markdown: fill(written, value) }
    }

    /// Whether a check, a text or a proposal looks at the last round's answers.
    pub fn looks_back(&self) -> bool {
        let checks = self.questions.iter().flat_map(|question| &question.checks);
        checks.into_iter().any(|check| check.when.checked.looks_back())
            || self.pipes.values().any(Piped::looks_back)
            || self.questions.iter().flat_map(|q| &q.prefill).any(|p| p.from.looks_back())
    }

    /// Returns the terms that texts link to, each once, in the order of the questionnaire.
    pub fn terms_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<&Term> {
        let named: Vec<String> = texts.flat_map(markup::terms).collect();
        let linked = |term: &&Term| named.iter().any(|name| name == term.code.as_str());
        self.terms.iter().filter(linked).collect()
    }

    /// Returns the question with this name.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id.as_str() == id)
    }

    /// Returns the index of the variable with this name.
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|variable| variable.name == name)
    }

    /// Returns the index of the section with this name.
    pub fn section(&self, id: &str) -> Option<usize> {
        self.sections.iter().position(|section| section.id.as_str() == id)
    }

    /// Returns the question that a variable belongs to.
    pub fn question_of(&self, variable: &Variable) -> &Question {
        &self.questions[variable.question]
    }

    /// Returns the index of the question with this name.
    pub fn question_index(&self, id: &QuestionId) -> Option<usize> {
        self.questions.iter().position(|question| question.id == *id)
    }
}
