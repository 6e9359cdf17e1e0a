//! The variance of estimated totals under the design, to which every linearised estimate is brought.

use std::collections::{BTreeMap, BTreeSet};

use crate::calibrate::Projection;
use crate::design::{Design, Lonely, LonelyRule, Plan, Stage};
use crate::error::EstimateError;
use crate::matrix::Matrix;

/// Returns the covariance matrix of weighted totals of the columns of `influence`.
///
/// `present` tells which elements lie in the domain at hand: the others count as zeros, but a stratum
/// without any element of the domain plays no part in the treatment of lonely units.
pub(crate) fn covariance(
    design: &Design,
    influence: &[Vec<f64>],
    present: &[bool],
) -> Result<Matrix, EstimateError> {
    let columns: Vec<Vec<f64>> =
        influence.iter().map(|column| unexplained(design, column)).collect();
    let totals = Matrix::from_columns(&columns).rows_times(&design.weights);
    let whole = design.keeps_whole_sample();
    let rows: Vec<usize> = (0..design.len()).filter(|&row| whole || present[row]).collect();
    match &design.plan {
        Plan::Stages(stages) => Staged { totals, rule: design.lonely }.variance(&rows, stages, 1),
        Plan::Pairs(pairs) => Ok(pairs.variance(&totals)),
        Plan::Replicates(_) => Err(EstimateError::Unsupported {
            what: "linearisation",
            needs: "strata and sampling units, not replicate weights",
        }),
    }
}

/// Returns what is left of an influence after the auxiliary variables of the design's calibrations.
pub(crate) fn unexplained(design: &Design, influence: &[f64]) -> Vec<f64> {
    let residuals = |column: Vec<f64>, calibration: &Projection| calibration.residuals(&column);
    design.calibrations.iter().fold(influence.to_vec(), residuals)
}

/// Weighted values of elements sampled in stages.
struct Staged {
    totals: Matrix,
    rule: LonelyRule,
}

impl Staged {
    /// Adds up the variance of the first stage and, within its units, of the stages below.
    fn variance(
        &self,
        rows: &[usize],
        stages: &[Stage],
        number: usize,
    ) -> Result<Matrix, EstimateError> {
        let Some((stage, below)) = stages.split_first() else { return Ok(self.nothing()) };
        let mut sum = self.of_stage(rows, stage, number)?;
        if below.is_empty() {
            return Ok(sum);
        }
        for unit_rows in groups(rows, &stage.unit).values() {
            let fraction = stage.sampled[unit_rows[0]] / stage.population[unit_rows[0]];
            if fraction > 0.0 {
                sum.add(&self.variance(unit_rows, below, number + 1)?, fraction);
            }
        }
        Ok(sum)
    }

    /// Adds up the strata of one stage; those left to the average count as much as the others do.
    fn of_stage(
        &self,
        rows: &[usize],
        stage: &Stage,
        number: usize,
    ) -> Result<Matrix, EstimateError> {
        let strata = groups(rows, &stage.stratum);
        let centre = self.mean_of_units(rows, stage);
        let (mut sum, mut known) = (self.nothing(), 0);
        for (&stratum, rows) in &strata {
            let units = self.unit_totals(rows, stage);
            if units.drawn <= 1.0
                && self.rule.treatment == Lonely::Fail
                && units.beyond.iter().any(|&share| share > CENSUS)
            {
                return Err(EstimateError::LonelyUnit { stage: number, stratum });
            }
            if let Some(part) = units.variance(self.rule, &centre) {
                known += 1;
                sum.add(&part, 1.0);
            }
        }
        match (known, strata.keys().next()) {
            (0, Some(&stratum)) => Err(EstimateError::LonelyUnit { stage: number, stratum }),
            _ => {
                let mut raised = self.nothing();
                raised.add(&sum, strata.len() as f64 / f64::from(known.max(1)));
                Ok(raised)
            }
        }
    }

    fn nothing(&self) -> Matrix {
        Matrix::zeros(self.totals.columns(), self.totals.columns())
    }

    /// Returns the mean of all sampling units of a stage, from which lonely units may be measured.
    fn mean_of_units(&self, rows: &[usize], stage: &Stage) -> Vec<f64> {
        let units: BTreeSet<(usize, usize)> =
            rows.iter().map(|&row| (stage.stratum[row], stage.unit[row])).collect();
        let mut sum = self.sum(rows);
        sum.iter_mut().for_each(|sum| *sum /= units.len() as f64);
        sum
    }

    /// Returns the totals of the sampling units of one stratum.
    fn unit_totals(&self, rows: &[usize], stage: &Stage) -> Units {
        let groups = groups(rows, &stage.unit);
        let beyond = |row: usize| 1.0 - stage.sampled[row] / stage.population[row];
        Units {
            beyond: groups.values().map(|rows| beyond(rows[0])).collect(),
            totals: groups.values().map(|rows| self.sum(rows)).collect(),
            drawn: stage.sampled[rows[0]],
        }
    }

    fn sum(&self, rows: &[usize]) -> Vec<f64> {
        let mut sum = vec![0.0; self.totals.columns()];
        for &row in rows {
            sum.iter_mut().zip(self.totals.row(row)).for_each(|(sum, value)| *sum += value);
        }
        sum
    }
}

/// Below this share of units left out, a stratum is taken as wholly drawn.
const CENSUS: f64 = 1e-7;

/// The sampling units of one stratum that lie in the domain.
struct Units {
    totals: Vec<Vec<f64>>,
    /// The share of the population that was not drawn, as each unit sees it.
    beyond: Vec<f64>,
    /// How many units were drawn, within the domain or not.
    drawn: f64,
}

impl Units {
    /// Returns the stratum's variance, or nothing where the other strata's average is to stand for it.
    fn variance(&self, rule: LonelyRule, centre: &[f64]) -> Option<Matrix> {
        let columns = centre.len();
        let mut sum = Matrix::zeros(columns, columns);
        if self.beyond.iter().all(|&share| share < CENSUS) {
            return Some(sum);
        }
        let alone = self.drawn <= 1.0;
        let lonely = alone || (self.totals.len() == 1 && rule.in_domains);
        if lonely && rule.treatment == Lonely::Average {
            return None;
        }
        let adjusted = lonely && rule.treatment == Lonely::Adjust;
        if alone && !adjusted {
            return Some(sum);
        }
        let mean = if adjusted { centre.to_vec() } else { self.mean(columns) };
        let scale = if alone { 1.0 } else { self.drawn / (self.drawn - 1.0) };
        for (unit, beyond) in self.totals.iter().zip(&self.beyond) {
            let deviation: Vec<f64> = unit.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
            sum.add_outer(&deviation, beyond * scale);
        }
        // Units of the stratum without any element in the domain have the total 0.
        let absent = self.drawn - self.totals.len() as f64;
        sum.add_outer(&mean, absent * self.beyond[0] * scale);
        Some(sum)
    }

    /// Returns the mean over all units drawn. It is built up from the first unit's total, so that
    /// units that are all alike deviate from it by exactly nothing.
    fn mean(&self, columns: usize) -> Vec<f64> {
        let absent = self.drawn - self.totals.len() as f64;
        let mean = |column: usize| {
            let first = self.totals[0][column];
            let apart: f64 = self.totals.iter().map(|unit| unit[column] - first).sum();
            first + (apart - absent * first) / self.drawn
        };
        (0..columns).map(mean).collect()
    }
}

/// Collects rows by key, in the order of the keys.
fn groups(rows: &[usize], key: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        groups.entry(key[row]).or_default().push(row);
    }
    groups
}

/// Returns the degrees of freedom left in a domain: sampling units less strata, of the first stage; of
/// replicates, the rank of their weights less one.
pub fn degrees_of_freedom(design: &Design, domain: &[bool]) -> f64 {
    let inside = || (0..design.len()).filter(|&row| domain[row] && design.weights[row] != 0.0);
    let count = |stratum: &[usize], unit: &[usize]| {
        let units: BTreeSet<_> = inside().map(|row| (stratum[row], unit[row])).collect();
        let strata: BTreeSet<_> = inside().map(|row| stratum[row]).collect();
        (units.len() - strata.len()) as f64
    };
    match &design.plan {
        Plan::Stages(stages) => stages.first().map_or(0.0, |s| count(&s.stratum, &s.unit)),
        Plan::Pairs(pairs) => count(&pairs.stratum, &(0..design.len()).collect::<Vec<_>>()),
        Plan::Replicates(replicates) => replicates.degrees_of_freedom(domain),
    }
}
