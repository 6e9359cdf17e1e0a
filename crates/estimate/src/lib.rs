//! What the answers mean: totals, means, shares and changes between rounds, with the uncertainty of a
//! finite population of which some did not answer.
//!
//! Pure numbers: slices in, estimates out. Nothing here reads a file, a clock or a random source.
//!
//! A [`Design`] says how a sample was drawn and weighted. [`share`], [`mean`], [`total`] and [`ratio`] estimate
//! one figure in a domain, [`change()`] compares two rounds and [`trend()`] many. [`representativity`] tells how
//! evenly a frame answered, [`bounds()`] what no weighting can exclude. Underneath, [`estimate`] takes any statistic that
//! can say what each element adds to it, and finds the covariance that the design gives.

mod association;
mod bounds;
mod calibrate;
mod cells;
mod change;
mod columns;
mod design;
mod distribution;
mod error;
mod expression;
mod formula;
mod indicators;
mod kernel;
mod level;
mod matrix;
mod pairs;
mod panel;
mod proportion;
mod quadratic_form;
mod quantile;
mod rank;
mod regression;
mod relative;
mod replicates;
mod resample;
mod response;
mod share;
mod solve;
mod statistics;
mod trend;
mod variance;

pub use association::{Table, TableTest, TestResult, fit_to_shares};
pub use bounds::{Bounds, BoundsError, bounds};
pub use calibrate::{Calibration, Distance, RegressionWeights, calibrate, standardize, trim};
pub use cells::{Cells, cells};
pub use change::{Change, Links, Values, Verdict, Wave, change};
pub use columns::{Column, Columns, Levels};
pub use design::{Design, DesignError, Lonely, LonelyRule, Sizes, Stage};
pub use distribution::{chi_squared_tail, t_two_sided};
pub use error::EstimateError;
pub use expression::{Dual, EvaluateError, Expression, Operator, SyntaxError};
pub use formula::{Formula, FormulaError, ModelMatrix, column, numbers};
pub use indicators::{
    CategoryIndicators, Indicator, PartialIndicators, Representativity, ResponseModel,
    partial_indicators, representativity,
};
pub use kernel::{
    KernelError, Renumbering, ReplicateRows, ReplicateSums, Rows, Shape, Statistic, Summary, Sums,
};
pub use level::{Level, LevelError};
pub use matrix::Matrix;
pub use pairs::{PairEstimator, PairRule};
pub use panel::{ChangeVariances, Panel, change_variances};
pub use proportion::{IntervalMethod, Share, clopper_pearson, interval, population_hits, wilson};
pub use quantile::{
    PlottingPosition, Quantile, QuantileInterval, QuantileOptions, QuantileRule, quantile,
};
pub use rank::{RankScore, quadratic, rank_differences};
pub use regression::{Family, Fit, WaldTest, regression, wald_test};
pub use relative::{Relative, RelativeError, odds_ratio, relative_change};
pub use replicates::Replicates;
pub use resample::Bootstrap;
pub use response::{
    Outcomes, Propensities, ResponseRates, cell_weights, propensities, score_classes,
};
pub use share::{Base, Estimate, Interval, Method, Of, mean, ratio, share, share_of, total};
pub use statistics::{
    Estimates, Linearised, estimate, joint_covariance, means, ratios, totals, variances,
};
pub use trend::{Line, RoundChange, Trend, trend};
pub use variance::degrees_of_freedom;
