//! What the answers mean: totals, means, shares and changes between rounds, with the uncertainty of a
//! finite population of which some did not answer.
//!
//! Pure numbers: slices in, estimates out. Nothing here reads a file, a clock or a random source.

mod cells;
mod change;
mod design;
mod distribution;
mod level;
mod matrix;
mod share;
mod variance;

pub use cells::{Cells, cells};
pub use change::{Change, Links, Values, Verdict, Wave, change};
pub use design::{Design, DesignError, Lonely, Stage};
pub use level::{Level, LevelError};
pub use matrix::Matrix;
pub use share::{Base, Estimate, EstimateError, Interval, Method, mean, ratio, share, total};
