//! The instrument: the checked questionnaire of one round.

use std::ops::Range;

use crate::{
    Condition, Hash, Lang, Question, QuestionId, RoleId, RoundId, SectionId, SurveyId, Text,
    Variable,
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
    /// The hash of the questionnaire file.
    pub hash: Hash,
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
