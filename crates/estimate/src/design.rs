//! How a sample was drawn and weighted, which decides what an estimate weighs and how sure it is.

use thiserror::Error;

use crate::calibrate::Projection;
use crate::pairs::Pairs;
use crate::replicates::Replicates;

/// How a sample was drawn and weighted.
#[derive(Debug, Clone)]
pub struct Design {
    pub(crate) weights: Vec<f64>,
    pub(crate) plan: Plan,
    pub(crate) calibrations: Vec<Projection>,
    pub(crate) lonely: LonelyRule,
}

/// What variance is computed from.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// Sampling in one or more stages.
    Stages(Vec<Stage>),
    /// Unequal probabilities, with those of every pair.
    Pairs(Pairs),
    /// Replicate weights.
    Replicates(Replicates),
}

/// One stage of sampling, as seen from every element of the sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The stratum that the element's sampling unit was drawn from.
    pub(crate) stratum: Vec<usize>,
    /// The sampling unit the element belongs to.
    pub(crate) unit: Vec<usize>,
    /// How many units were drawn in that stratum.
    pub(crate) sampled: Vec<f64>,
    /// How many units that stratum holds; infinite when drawn with replacement.
    pub(crate) population: Vec<f64>,
    /// Whether units of a stratum had different probabilities.
    pub(crate) unequal: bool,
}

/// How large the strata of a stage are, said of every element.
#[derive(Debug, Clone, PartialEq)]
pub enum Sizes {
    /// Drawn with replacement, or so large that it does not matter.
    Infinite,
    /// How many units the stratum holds.
    Population(Vec<f64>),
    /// Which share of the stratum's units was drawn.
    Fraction(Vec<f64>),
    /// How probable it was to draw this very unit (Brewer's approximation for unequal probabilities).
    Probability(Vec<f64>),
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

/// What to do about lonely units, and whether it holds for units left alone by a domain too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LonelyRule {
    /// What to do.
    pub treatment: Lonely,
    /// Whether a stratum of several units with only one in the domain is treated so too.
    pub in_domains: bool,
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
    /// Rows of a stratum that state different population sizes.
    #[error("stratum {stratum} has population size {first} and, in row {row}, {other}")]
    Disagreement {
        /// The stratum.
        stratum: usize,
        /// The row, from 0.
        row: usize,
        /// What the stratum's first row says.
        first: f64,
        /// What this row says.
        other: f64,
    },
    /// A sampling unit in two strata.
    #[error(
        "the sampling unit of row {row} lies in two strata: unit names start anew in each, say so"
    )]
    NotNested {
        /// The row, from 0.
        row: usize,
    },
    /// A weight that is not a positive finite number.
    #[error("row {row} has weight {weight}: a weight must be a positive, finite number")]
    Weight {
        /// The row, from 0.
        row: usize,
        /// The weight.
        weight: f64,
    },
    /// A probability outside (0, 1].
    #[error(
        "row {row} has inclusion probability {probability}: it must lie above 0 and at most at 1"
    )]
    Probability {
        /// The row, from 0.
        row: usize,
        /// The probability.
        probability: f64,
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
        for (row, &stratum) in stratum.iter().enumerate() {
            if stratum >= population.len() {
                let known = population.len();
                return Err(DesignError::UnknownStratum { row, stratum, known });
            }
        }
        let units: Vec<usize> = (0..stratum.len()).collect();
        let sizes = Sizes::Population(stratum.iter().map(|&h| population[h]).collect());
        Self::staged(vec![Stage::new(stratum.to_vec(), units, sizes)?])
    }

    /// Describes a sample drawn in stages; every element weighs the product of N/n over the stages.
    pub fn staged(stages: Vec<Stage>) -> Result<Self, DesignError> {
        let rows = stages.first().map_or(0, |stage| stage.unit.len());
        let raising = |stage: &Stage, row: usize| match stage.population[row] {
            f64::INFINITY => 1.0,
            population => population / stage.sampled[row],
        };
        let weights =
            (0..rows).map(|row| stages.iter().map(|stage| raising(stage, row)).product()).collect();
        Ok(Self::of(weights, Plan::Stages(stages)))
    }

    pub(crate) fn of(weights: Vec<f64>, plan: Plan) -> Self {
        Self { weights, plan, calibrations: Vec::new(), lonely: LonelyRule::default() }
    }

    /// Replaces the weights; those that calibrate are put in by [`crate::calibrate()`].
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, DesignError> {
        let (got, expected) = (weights.len(), self.len());
        if got != expected {
            return Err(DesignError::Length { what: "the column of weights", got, expected });
        }
        if let Some(row) = weights.iter().position(|w| !w.is_finite() || *w <= 0.0) {
            return Err(DesignError::Weight { row, weight: weights[row] });
        }
        self.weights = weights;
        Ok(self)
    }

    /// Chooses what to do about strata with a single sampling unit.
    pub fn with_lonely(mut self, lonely: LonelyRule) -> Self {
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

    /// Returns whether elements outside a domain still count as zeros each by itself, and not only by their
    /// number: calibration spreads a domain over all, and unequal probabilities tell them apart.
    pub fn keeps_whole_sample(&self) -> bool {
        !self.calibrations.is_empty()
            || match &self.plan {
                Plan::Stages(stages) => stages.iter().any(|stage| stage.unequal),
                Plan::Pairs(_) => true,
                Plan::Replicates(_) => false,
            }
    }

    /// Returns the first stage of sampling, if the sample was drawn in stages.
    pub(crate) fn first_stage(&self) -> Option<&Stage> {
        match &self.plan {
            Plan::Stages(stages) => stages.first(),
            Plan::Pairs(_) | Plan::Replicates(_) => None,
        }
    }

    /// Returns the share of the population around this element that was not drawn.
    pub(crate) fn unseen(&self, row: usize) -> f64 {
        match &self.plan {
            Plan::Stages(stages) => {
                let drawn = |stage: &Stage| stage.sampled[row] / stage.population[row];
                (1.0 - stages.iter().map(drawn).product::<f64>()).max(0.0)
            }
            Plan::Pairs(_) | Plan::Replicates(_) => 1.0,
        }
    }
}

impl Stage {
    /// Returns the sampling unit of every element.
    pub fn units(&self) -> &[usize] {
        &self.unit
    }

    /// Describes a stage by every element's stratum, sampling unit and stratum size, and counts the units.
    pub fn new(stratum: Vec<usize>, unit: Vec<usize>, sizes: Sizes) -> Result<Self, DesignError> {
        let drawn = units_drawn(&stratum, &unit)?;
        let sampled: Vec<f64> = stratum.iter().map(|&h| drawn[h] as f64).collect();
        if let Sizes::Population(sizes) | Sizes::Fraction(sizes) = &sizes {
            agreeing(&stratum, sizes, drawn.len())?;
        }
        let unequal = matches!(sizes, Sizes::Probability(_));
        let population = match sizes {
            Sizes::Infinite => vec![f64::INFINITY; stratum.len()],
            Sizes::Population(population) => population,
            Sizes::Fraction(shares) | Sizes::Probability(shares) => {
                sampled.iter().zip(shares).map(|(n, share)| n / share).collect()
            }
        };
        // Sizes that come from a division may fall short of the sample by a rounding.
        let short = |row: &usize| {
            population[*row].is_nan() || population[*row] < sampled[*row] * (1.0 - 1e-9)
        };
        if let Some(row) = (0..stratum.len()).find(short) {
            let (stratum, population) = (stratum[row], population[row]);
            return Err(DesignError::Population { stratum, sampled: drawn[stratum], population });
        }
        Ok(Self { stratum, unit, sampled, population, unequal })
    }
}

/// Refuses strata whose rows state different sizes.
fn agreeing(stratum: &[usize], sizes: &[f64], strata: usize) -> Result<(), DesignError> {
    let mut first: Vec<Option<f64>> = vec![None; strata];
    for (row, (&stratum, &other)) in stratum.iter().zip(sizes).enumerate() {
        let first = *first[stratum].get_or_insert(other);
        if other != first && !(other.is_nan() && first.is_nan()) {
            return Err(DesignError::Disagreement { stratum, row, first, other });
        }
    }
    Ok(())
}

/// Returns how many units were drawn from each stratum.
fn units_drawn(stratum: &[usize], unit: &[usize]) -> Result<Vec<usize>, DesignError> {
    let mut drawn = vec![0; stratum.iter().max().map_or(0, |last| last + 1)];
    let mut home: Vec<Option<usize>> = vec![None; unit.iter().max().map_or(0, |last| last + 1)];
    for (row, (&stratum, &unit)) in stratum.iter().zip(unit).enumerate() {
        match home[unit] {
            None => {
                home[unit] = Some(stratum);
                drawn[stratum] += 1;
            }
            Some(other) if other != stratum => return Err(DesignError::NotNested { row }),
            Some(_) => {}
        }
    }
    Ok(drawn)
}
