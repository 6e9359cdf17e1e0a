//! Rankings: which options are named most often.

use instrument::Code;

use super::{Figure, FigureError, Figures};

/// A figure and its place in a ranking.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ranked {
    /// The figure.
    pub(crate) figure: Figure,
    /// Its place, 1 for the most often named; figures of the same value share a place.
    pub(crate) rank: usize,
}

impl Figures<'_> {
    /// Returns the options of a variable, the most often named first. "Don't know" and its like are
    /// no options that one can name, and stay out.
    pub(crate) fn ranking(&self, name: &str) -> Result<Vec<Ranked>, FigureError> {
        let (variable, _) = self.publishable(name)?;
        let substantive = variable.options.iter().filter(|option| option.missing.is_none());
        let figures: Result<Vec<Figure>, FigureError> = substantive
            .map(|option| self.share(name, std::slice::from_ref(&option.code)))
            .collect();
        Ok(ranked(figures?))
    }

    /// Returns one option of several variables, the variable that it is most often chosen for first.
    pub(crate) fn ranking_over(
        &self,
        names: &[String],
        codes: &[Code],
    ) -> Result<Vec<Ranked>, FigureError> {
        let figures: Result<Vec<Figure>, FigureError> =
            names.iter().map(|name| self.share(name, codes)).collect();
        Ok(ranked(figures?))
    }
}

/// Sorts by value; figures of the same value keep the order of the questionnaire.
fn ranked(mut figures: Vec<Figure>) -> Vec<Ranked> {
    figures.sort_by(|a, b| b.published().value.total_cmp(&a.published().value));
    let values: Vec<f64> = figures.iter().map(|figure| figure.published().value).collect();
    let place = |value: f64| 1 + values.iter().filter(|other| **other > value).count();
    let rank = |figure: Figure| Ranked { rank: place(figure.published().value), figure };
    figures.into_iter().map(rank).collect()
}
