//! Why nothing can be estimated.

use thiserror::Error;

/// Why nothing can be estimated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EstimateError {
    /// A column of another length than the sample.
    #[error("{what} has {got} rows, but the sample has {expected}")]
    Length {
        /// The column.
        what: &'static str,
        /// Its length.
        got: usize,
        /// The length of the sample.
        expected: usize,
    },
    /// Nobody in the domain.
    #[error("the domain is empty: no element was asked and answered")]
    EmptyDomain,
    /// A value in the domain that is not a finite number.
    #[error("{what} is {value} in row {row}: estimates need finite numbers")]
    Value {
        /// The column.
        what: &'static str,
        /// The row, from 0.
        row: usize,
        /// The value.
        value: f64,
    },
    /// A ratio whose denominator adds up to nothing.
    #[error("the denominator of the ratio adds up to 0")]
    ZeroDenominator,
    /// A unit with fewer than nobody in it.
    #[error("row {row} has size {size}: the size of a unit must not be negative")]
    NegativeSize {
        /// The row, from 0.
        row: usize,
        /// The size.
        size: f64,
    },
    /// A stratum whose variance no data can tell.
    #[error(
        "stratum {stratum} has a single sampling unit at stage {stage}: merge it with a neighbour or choose how to treat it"
    )]
    LonelyUnit {
        /// The stage, from 1.
        stage: usize,
        /// The stratum.
        stratum: usize,
    },
    /// Replicates none of which has anybody in the domain.
    #[error("no replicate has anybody in the domain")]
    EmptyReplicates,
    /// A pair of linked elements that one of the waves does not have.
    #[error(
        "the link ({before}, {after}) names an element beyond the {waves:?} elements of the waves"
    )]
    Link {
        /// The earlier element.
        before: usize,
        /// The later element.
        after: usize,
        /// The sizes of the waves.
        waves: (usize, usize),
    },
    /// A response cell without any answer.
    #[error("nobody responded in cell {cell}: merge it with another")]
    NobodyResponded {
        /// The cell.
        cell: String,
    },
    /// Balanced replicates of a stratum that does not have two units.
    #[error("stratum {stratum} does not have two sampling units: balanced replicates need pairs")]
    NotPaired {
        /// The stratum.
        stratum: usize,
    },
    /// More or fewer population totals than auxiliary variables.
    #[error("{got} population totals are given for {expected} auxiliary variables")]
    Totals {
        /// How many are given.
        got: usize,
        /// How many are needed.
        expected: usize,
    },
    /// Bounds in the wrong order, or that leave no room.
    #[error(
        "weights cannot be kept between {low} and {high}: factors need bounds about 1, weights a lower one below the upper"
    )]
    Bounds {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// Equations without a single solution.
    #[error("{what} cannot be solved: its columns depend on each other")]
    Singular {
        /// What was to be solved.
        what: &'static str,
    },
    /// Rounds of which the units in common tell too little.
    #[error(
        "{what} needs estimates that vary and units that answered in several rounds: their covariance is not positive definite; compare rounds in pairs"
    )]
    NotPositiveDefinite {
        /// What was to be found.
        what: &'static str,
    },
    /// An iteration that did not settle.
    #[error("{what} did not converge in {iterations} iterations")]
    NoConvergence {
        /// What was to be found.
        what: &'static str,
        /// How often it was tried.
        iterations: usize,
    },
    /// A request that this kind of design cannot answer.
    #[error("{what} needs {needs}")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
        /// What it needs.
        needs: &'static str,
    },
}
