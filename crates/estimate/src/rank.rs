//! Rank tests for survey samples (Lumley and Scott 2013).

use crate::design::Design;
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::statistics::{Estimates, Linearised, check_domain, estimate, means, totals};

/// How a value's rank, as a share of the population, is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankScore {
    /// The rank itself (Wilcoxon, Kruskal and Wallis).
    Wilcoxon,
    /// The normal quantile of the rank (van der Waerden).
    VanDerWaerden,
    /// Whether the rank is above the middle (Mood's median test).
    Median,
}

/// Estimates how far the mean scores of the groups after the first lie from the first group's.
///
/// The scores are taken as known: their own variance is of lower order under the hypothesis.
pub fn rank_differences(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    groups: &[usize],
    score: RankScore,
) -> Result<Estimates, EstimateError> {
    check_domain(design, domain)?;
    let within: Vec<f64> =
        design.weights().iter().zip(domain).map(|(&w, &d)| if d { w } else { 0.0 }).collect();
    let scores = score.of(&ranks(y, &within));
    let differences = group_differences(&scores, groups, &within);
    // The variance is that of the influences' totals: with replicates, too, scores and influences stay.
    let found = estimate(design, domain, |weights| Ok(totals(&differences.influence, weights)))?;
    Ok(Estimates { values: differences.values, ..found })
}

/// Returns the groups' weighted mean scores less the first group's.
fn group_differences(scores: &[f64], groups: &[usize], weights: &[f64]) -> Linearised {
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let column = [scores.to_vec()];
    let of_group = |group: usize| {
        let inside: Vec<f64> =
            groups.iter().zip(weights).map(|(g, w)| if *g == group { *w } else { 0.0 }).collect();
        means(&column, &inside)
    };
    let of_groups: Vec<Linearised> = (0..count).map(of_group).collect();
    let first = &of_groups[0];
    let less_first = |other: &Linearised| -> Vec<f64> {
        other.influence[0].iter().zip(&first.influence[0]).map(|(a, b)| a - b).collect()
    };
    Linearised {
        values: of_groups[1..].iter().map(|other| other.values[0] - first.values[0]).collect(),
        influence: of_groups[1..].iter().map(less_first).collect(),
    }
}

impl RankScore {
    fn of(self, ranks: &[f64]) -> Vec<f64> {
        let score = |rank: &f64| match self {
            RankScore::Wilcoxon => *rank,
            RankScore::VanDerWaerden => crate::distribution::normal_quantile(*rank),
            RankScore::Median => f64::from(u8::from(*rank > 0.5)),
        };
        ranks.iter().map(score).collect()
    }
}

/// Returns every value's estimated rank in the population as a share of it; ties share their mean.
fn ranks(y: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut rows: Vec<usize> = (0..y.len()).filter(|&row| weights[row] != 0.0).collect();
    rows.sort_by(|&a, &b| y[a].total_cmp(&y[b]));
    let all: f64 = rows.iter().map(|&row| weights[row]).sum();
    let mut ranks = vec![0.5; y.len()];
    let mut sum = 0.0;
    for tie in rows.chunk_by(|&a, &b| y[a] == y[b]) {
        let mut middles = 0.0;
        for &row in tie {
            middles += sum + weights[row] / 2.0;
            sum += weights[row];
        }
        tie.iter().for_each(|&row| ranks[row] = middles / tie.len() as f64 / all);
    }
    ranks
}

/// Returns the scatter of some estimates about 0 in units of their covariance.
pub fn quadratic(estimates: &Estimates) -> Result<f64, EstimateError> {
    let values = &estimates.values;
    let solved = crate::solve::solve(
        &estimates.covariance,
        &Matrix::from_columns(std::slice::from_ref(values)),
    );
    let what = "the rank test";
    Ok(dot(values, &solved.ok_or(EstimateError::Singular { what })?.column(0)))
}
