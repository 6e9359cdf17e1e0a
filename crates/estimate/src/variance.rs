//! The variance of an estimated total under the design, to which every linearised estimate is brought.

use std::collections::{BTreeMap, BTreeSet};

use crate::design::{Design, Lonely, Stage};
use crate::matrix::Matrix;
use crate::share::EstimateError;

/// Returns the covariance matrix of weighted totals of the columns of `influence`.
///
/// `present` tells which elements lie in the domain at hand: the others count as zeros, but a stratum
/// without any element of the domain plays no part in the treatment of lonely units.
pub(crate) fn covariance(
    design: &Design,
    influence: &[Vec<f64>],
    present: &[bool],
) -> Result<Matrix, EstimateError> {
    let rows: Vec<usize> = (0..design.len()).filter(|&row| present[row]).collect();
    let mut weighted = Matrix::zeros(design.len(), influence.len());
    for &row in &rows {
        for (column, values) in influence.iter().enumerate() {
            weighted[(row, column)] = values[row] * design.weights[row];
        }
    }
    of_stages(&weighted, &rows, &design.stages, design.lonely)
}

/// Adds up the variance of the first stage and, within its units, of the stages below.
fn of_stages(
    totals: &Matrix,
    rows: &[usize],
    stages: &[Stage],
    lonely: Lonely,
) -> Result<Matrix, EstimateError> {
    let Some((stage, below)) = stages.split_first() else {
        return Ok(Matrix::zeros(totals.columns(), totals.columns()));
    };
    let mut sum = of_stage(totals, rows, stage, lonely)?;
    if !below.is_empty() {
        for unit_rows in groups(rows, &stage.unit).values() {
            let fraction = stage.sampled[unit_rows[0]] / stage.population[unit_rows[0]];
            if fraction > 0.0 {
                sum.add(&of_stages(totals, unit_rows, below, lonely)?, fraction);
            }
        }
    }
    Ok(sum)
}

/// Adds up the strata of one stage.
fn of_stage(
    totals: &Matrix,
    rows: &[usize],
    stage: &Stage,
    lonely: Lonely,
) -> Result<Matrix, EstimateError> {
    let mut sum = Matrix::zeros(totals.columns(), totals.columns());
    let (mut known, mut strata) = (0.0, 0.0);
    for stratum_rows in groups(rows, &stage.stratum).values() {
        strata += 1.0;
        if let Some(part) = of_stratum(totals, stratum_rows, stage, lonely)? {
            known += 1.0;
            sum.add(&part, 1.0);
        }
    }
    let mut raised = Matrix::zeros(sum.rows(), sum.columns());
    raised.add(&sum, if known > 0.0 { strata / known } else { 1.0 });
    Ok(raised)
}

/// Returns the variance within one stratum, or nothing where the others' average is to stand for it.
fn of_stratum(
    totals: &Matrix,
    rows: &[usize],
    stage: &Stage,
    lonely: Lonely,
) -> Result<Option<Matrix>, EstimateError> {
    let columns = totals.columns();
    let mut sum = Matrix::zeros(columns, columns);
    let drawn = stage.sampled[rows[0]];
    let beyond = |row: usize| 1.0 - stage.sampled[row] / stage.population[row];
    if rows.iter().all(|&row| beyond(row) < 1e-7) {
        return Ok(Some(sum));
    }
    if drawn <= 1.0 {
        return match lonely {
            Lonely::Fail => Err(EstimateError::LonelyUnit { stratum: stage.stratum[rows[0]] }),
            Lonely::Remove | Lonely::Certainty => Ok(Some(sum)),
            Lonely::Average => Ok(None),
            Lonely::Adjust => Ok(Some(sum)),
        };
    }
    let units = unit_totals(totals, rows, stage);
    let mean: Vec<f64> = (0..columns)
        .map(|column| units.iter().map(|(_, unit)| unit[column]).sum::<f64>() / drawn)
        .collect();
    for (row, unit) in &units {
        let deviation: Vec<f64> =
            unit.iter().zip(&mean).map(|(value, mean)| value - mean).collect();
        sum.add_outer(&deviation, beyond(*row) * drawn / (drawn - 1.0));
    }
    // Units of the stratum without any element in the domain have the total 0.
    let absent = drawn - units.len() as f64;
    sum.add_outer(&mean, absent * beyond(rows[0]) * drawn / (drawn - 1.0));
    Ok(Some(sum))
}

/// Returns the total of each sampling unit, with one of its rows.
fn unit_totals(totals: &Matrix, rows: &[usize], stage: &Stage) -> Vec<(usize, Vec<f64>)> {
    let sum_of = |rows: Vec<usize>| {
        let mut sum = vec![0.0; totals.columns()];
        for &row in &rows {
            sum.iter_mut().zip(totals.row(row)).for_each(|(sum, value)| *sum += value);
        }
        (rows[0], sum)
    };
    groups(rows, &stage.unit).into_values().map(sum_of).collect()
}

/// Collects rows by key, in the order of the keys.
fn groups(rows: &[usize], key: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        groups.entry(key[row]).or_default().push(row);
    }
    groups
}

/// Returns the degrees of freedom: sampling units less strata, of the first stage, in the domain.
pub(crate) fn degrees_of_freedom(design: &Design, present: &[bool]) -> f64 {
    let Some(stage) = design.stages.first() else { return 0.0 };
    let inside = || (0..design.len()).filter(|&row| present[row]);
    let units: BTreeSet<_> = inside().map(|row| (stage.stratum[row], stage.unit[row])).collect();
    let strata: BTreeSet<_> = inside().map(|row| stage.stratum[row]).collect();
    (units.len() - strata.len()) as f64
}
