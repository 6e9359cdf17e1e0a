//! How sure one wants to be, said once so that 0.05 and 0.95 cannot be mistaken for each other.

use thiserror::Error;

use crate::distribution::t_quantile;

/// How sure an interval or a test is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    confidence: f64,
}

/// A level that is not strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("a level must lie strictly between 0 and 1, got {0}")]
pub struct LevelError(f64);

impl Level {
    /// The usual 95 percent interval, and the test at 5 percent.
    pub const NINETY_FIVE: Level = Level { confidence: 0.95 };

    /// Returns the level of an interval that is to cover with this probability, say 0.95.
    pub fn confidence(confidence: f64) -> Result<Self, LevelError> {
        let inside = confidence > 0.0 && confidence < 1.0;
        if inside { Ok(Self { confidence }) } else { Err(LevelError(confidence)) }
    }

    /// Returns the level of a test that may err with this probability, say 0.05.
    pub fn test(significance: f64) -> Result<Self, LevelError> {
        Self::confidence(1.0 - significance).map_err(|_| LevelError(significance))
    }

    /// Returns the quantile of Student's t at the upper end of the interval; infinite `df` is normal.
    pub fn t(self, df: f64) -> f64 {
        t_quantile(1.0 - self.tail(), df)
    }

    /// Returns the probability left to each side of the interval: 0.025 at 95 percent.
    pub(crate) fn tail(self) -> f64 {
        (1.0 - self.confidence) / 2.0
    }

    /// Returns the level of the interval that two one-sided tests at this level amount to: 90 for 95.
    pub(crate) fn equivalence(self) -> Self {
        Self { confidence: (1.0 - 2.0 * (1.0 - self.confidence)).max(f64::EPSILON) }
    }
}
