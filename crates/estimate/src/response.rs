//! Response: AAPOR's rates from dispositions, and weights that stand in for those who did not answer.

use crate::columns::Levels;
use crate::design::Design;
use crate::error::EstimateError;
use crate::regression::{Family, regression};

/// How many cases came to which end, in the letters of AAPOR's Standard Definitions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcomes {
    /// Complete answers (I).
    pub complete: f64,
    /// Partial answers (P).
    pub partial: f64,
    /// Refusals and break-offs (R).
    pub refusal: f64,
    /// Never reached (NC).
    pub non_contact: f64,
    /// Other reasons (O).
    pub other: f64,
    /// Unknown whether there is a household, or an organisation, at all (UH).
    pub unknown_household: f64,
    /// Unknown for other reasons (UO).
    pub unknown_other: f64,
    /// Not eligible (NE).
    pub not_eligible: f64,
}

/// AAPOR's rates; one whose denominator is 0 is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseRates {
    /// RR1 to RR6.
    pub response: [Option<f64>; 6],
    /// COOP1 to COOP4.
    pub cooperation: [Option<f64>; 4],
    /// REF1 to REF3.
    pub refusal: [Option<f64>; 3],
    /// CON1 to CON3.
    pub contact: [Option<f64>; 3],
}

impl Outcomes {
    /// Returns the share of eligible cases among those where it is known, which may stand for the unknown.
    pub fn eligible_share(&self) -> Option<f64> {
        share(self.eligible(), self.eligible() + self.not_eligible)
    }

    /// Returns the rates, taking this share of the cases of unknown eligibility as eligible.
    pub fn rates(&self, eligible_share: f64) -> ResponseRates {
        let answers = self.complete + self.partial;
        let unknown = self.unknown_household + self.unknown_other;
        // All unknown cases count, an estimated share of them, or none.
        let bases = [1.0, eligible_share, 0.0].map(|share| self.eligible() + share * unknown);
        let over_bases = |part: f64| bases.map(|base| share(part, base));
        let [rr1, rr3, rr5] = over_bases(self.complete);
        let [rr2, rr4, rr6] = over_bases(answers);
        let contacted = answers + self.refusal + self.other;
        let able = answers + self.refusal;
        ResponseRates {
            response: [rr1, rr2, rr3, rr4, rr5, rr6],
            cooperation: [
                share(self.complete, contacted),
                share(answers, contacted),
                share(self.complete, able),
                share(answers, able),
            ],
            refusal: over_bases(self.refusal),
            contact: over_bases(contacted),
        }
    }

    fn eligible(&self) -> f64 {
        self.complete + self.partial + self.refusal + self.non_contact + self.other
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Returns, for every unit of the frame, how many units of its cell stand behind each that responded.
///
/// A cell in which nobody responded is an error: merge it with another.
pub fn cell_weights(cells: &Levels, responded: &[bool]) -> Result<Vec<f64>, EstimateError> {
    let mut counts = vec![(0.0, 0.0); cells.names.len()];
    for (row, (code, responded)) in cells.codes.iter().zip(responded).enumerate() {
        let what = "the response cell";
        let code = code.ok_or(EstimateError::Value { what, row, value: f64::NAN })?;
        counts[code].0 += 1.0;
        counts[code].1 += f64::from(u8::from(*responded));
    }
    if let Some(cell) = counts.iter().position(|(all, answered)| *all > 0.0 && *answered == 0.0) {
        return Err(EstimateError::NobodyResponded { cell: cells.names[cell].clone() });
    }
    let weight = |code: usize| counts[code].0 / counts[code].1;
    Ok(cells.codes.iter().flatten().map(|code| weight(*code)).collect())
}

/// Fitted response propensities of all units of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Propensities {
    /// The coefficients of the logistic regression.
    pub coefficients: Vec<f64>,
    /// The propensity of every unit.
    pub fitted: Vec<f64>,
}

/// Fits who responded by unweighted logistic regression on the columns of `x`.
pub fn propensities(responded: &[bool], x: &[Vec<f64>]) -> Result<Propensities, EstimateError> {
    let units = responded.len();
    let y: Vec<f64> = responded.iter().map(|&r| f64::from(u8::from(r))).collect();
    let frame = Design::simple(units, units as f64).map_err(|_| EstimateError::EmptyDomain)?;
    let fit = regression(&frame, &vec![true; units], &y, x, Family::Binomial)?;
    Ok(Propensities { coefficients: fit.estimates.values, fitted: fit.fitted })
}

/// Divides units into classes at the quantiles of a score (rule 7; a class includes its upper limit).
pub fn score_classes(score: &[f64], classes: usize) -> Levels {
    let mut sorted = score.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantile = |k: usize| {
        let place = (sorted.len() - 1) as f64 * k as f64 / classes as f64;
        let (below, share) = (place.floor() as usize, place.fract());
        let above = sorted[(below + 1).min(sorted.len() - 1)];
        sorted[below] + share * (above - sorted[below])
    };
    let limits: Vec<f64> =
        if score.is_empty() { Vec::new() } else { (1..classes).map(quantile).collect() };
    let class = |score: &f64| Some(limits.partition_point(|limit| limit < score));
    Levels {
        names: (1..=classes).map(|class| class.to_string()).collect(),
        codes: score.iter().map(class).collect(),
    }
}
