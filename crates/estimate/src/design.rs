//! How a sample was drawn: weights, and at each stage strata, sampling units and population sizes.

use thiserror::Error;

/// How a sample was drawn, which decides what an estimate weighs and how sure it is.
#[derive(Debug, Clone)]
pub struct Design {
    pub(crate) weights: Vec<f64>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) lonely: Lonely,
}

/// One stage of sampling, as seen from every element of the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The stratum that the element's sampling unit was drawn from.
    pub stratum: Vec<usize>,
    /// The sampling unit the element belongs to.
    pub unit: Vec<usize>,
    /// How many units were drawn in that stratum.
    pub sampled: Vec<f64>,
    /// How many units that stratum holds; infinite when drawn with replacement.
    pub population: Vec<f64>,
}

/// What to do about a stratum with a single sampling unit, whose variance no data can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lonely {
    /// Refuse, and name the stratum.
    #[default]
    Fail,
    /// Let the stratum add nothing.
    Remove,
    /// Take the unit as certain to be drawn, so that it adds nothing.
    Certainty,
    /// Let the stratum add what the others add on average.
    Average,
    /// Measure the unit from the mean of all units instead of from its stratum's.
    Adjust,
}

/// Why a design does not describe a sample.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DesignError {
    /// Columns of the design differ in length.
    #[error("{what} has {got} rows, but the sample has {expected}")]
    Length {
        /// The column.
        what: &'static str,
        /// Its length.
        got: usize,
        /// The length of the sample.
        expected: usize,
    },
    /// A stratum index beyond the list of population sizes.
    #[error("row {row} is in stratum {stratum}, but only {known} strata have a population size")]
    UnknownStratum {
        /// The row, from 0.
        row: usize,
        /// The stratum.
        stratum: usize,
        /// How many there are.
        known: usize,
    },
    /// A population smaller than the sample drawn from it, or not a number.
    #[error(
        "stratum {stratum} holds {sampled} sampled units, but its population size is {population}"
    )]
    Population {
        /// The stratum.
        stratum: usize,
        /// The units drawn.
        sampled: usize,
        /// The population size.
        population: f64,
    },
    /// A weight that is not a positive finite number.
    #[error("row {row} has weight {weight}: a weight must be a positive, finite number")]
    Weight {
        /// The row, from 0.
        row: usize,
        /// The weight.
        weight: f64,
    },
}

impl Design {
    /// Describes a simple random sample of `sampled` elements from `population`.
    pub fn simple(sampled: usize, population: f64) -> Result<Self, DesignError> {
        Self::stratified(&vec![0; sampled], &[population])
    }

    /// Describes a stratified element sample: the stratum of every element, and each stratum's size.
    ///
    /// Every element weighs N/n of its stratum. Respondents within response cells are described
    /// the same way: within a cell, who answers is taken to be random (Oh and Scheuren 1983).
    pub fn stratified(stratum: &[usize], population: &[f64]) -> Result<Self, DesignError> {
        let mut sampled = vec![0_usize; population.len()];
        for (row, &stratum) in stratum.iter().enumerate() {
            let unknown = DesignError::UnknownStratum { row, stratum, known: population.len() };
            *sampled.get_mut(stratum).ok_or(unknown)? += 1;
        }
        for (stratum, (&sampled, &population)) in sampled.iter().zip(population).enumerate() {
            if !population.is_finite() || population < sampled as f64 {
                return Err(DesignError::Population { stratum, sampled, population });
            }
        }
        let stage = Stage {
            stratum: stratum.to_vec(),
            unit: (0..stratum.len()).collect(),
            sampled: stratum.iter().map(|&h| sampled[h] as f64).collect(),
            population: stratum.iter().map(|&h| population[h]).collect(),
        };
        let weights = stage.population.iter().zip(&stage.sampled).map(|(all, n)| all / n).collect();
        Ok(Self { weights, stages: vec![stage], lonely: Lonely::default() })
    }

    /// Replaces the weights, for instance by calibrated ones.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, DesignError> {
        let (got, expected) = (weights.len(), self.len());
        if got != expected {
            return Err(DesignError::Length { what: "the column of weights", got, expected });
        }
        match weights.iter().position(|w| !w.is_finite() || *w <= 0.0) {
            Some(row) => Err(DesignError::Weight { row, weight: weights[row] }),
            None => {
                self.weights = weights;
                Ok(self)
            }
        }
    }

    /// Chooses what to do about strata with a single sampling unit.
    pub fn with_lonely(mut self, lonely: Lonely) -> Self {
        self.lonely = lonely;
        self
    }

    /// Returns the number of elements in the sample.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Returns whether the sample holds no element.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Returns the weights, in the order of the sample.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Returns the share of the population around this element that was not drawn.
    pub(crate) fn unseen(&self, row: usize) -> f64 {
        let drawn = |stage: &Stage| stage.sampled[row] / stage.population[row];
        (1.0 - self.stages.iter().map(drawn).product::<f64>()).max(0.0)
    }
}
