//! Variance estimators of change for two waves of one population, side by side: what the usual ones do
//! wrong in a small population can be seen from them.

use std::collections::BTreeMap;

use crate::error::EstimateError;

/// Two waves stacked: every row an answer of a unit in a wave.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// The unit of every row.
    pub unit: &'a [usize],
    /// Whether the row belongs to the later wave.
    pub later: &'a [bool],
    /// The stratum of every row, the same in both waves.
    pub stratum: &'a [usize],
    /// The size of the row's stratum.
    pub population: &'a [f64],
    /// The answer.
    pub y: &'a [f64],
}

/// The estimated change of a mean and estimators of its variance.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ChangeVariances {
    /// How many units answered in the first wave, the second, both, either.
    pub n: [usize; 4],
    /// The size of the population.
    pub population: f64,
    /// Second mean less first.
    pub change: f64,
    /// The stacked data with units as clusters, drawn with replacement.
    pub stacked: f64,
    /// The same times the share of the population that neither wave holds: far too small.
    pub stacked_with_fpc: f64,
    /// The waves taken as independent samples of a finite population.
    pub independent: f64,
    /// The waves taken as independent samples of an endless one.
    pub independent_without_fpc: f64,
    /// Tam's (1984).
    pub tam: f64,
    /// The stacked one less (s1^2 + s2^2 - 2 s12) / N.
    pub stacked_corrected: f64,
}

/// Computes the estimators, stratum by stratum.
pub fn change_variances(panel: &Panel<'_>) -> Result<ChangeVariances, EstimateError> {
    let strata = strata(panel)?;
    let population: f64 = strata.values().map(|stratum| stratum.population).sum();
    // In the stacked analysis the weights of a wave add up to what the strata hold.
    let sums: [f64; 2] = [0, 1].map(|wave| {
        strata.values().map(|stratum| stratum.population * stratum.mean(wave)).sum::<f64>()
    });
    let means = sums.map(|sum| sum / population);
    let mut result =
        ChangeVariances { population, change: means[1] - means[0], ..Default::default() };
    for (&index, stratum) in &strata {
        let [n1, n2, both] =
            [stratum.waves[0].len(), stratum.waves[1].len(), stratum.pairs().len()];
        if n1 < 2 || n2 < 2 || both < 2 {
            return Err(EstimateError::LonelyUnit { stage: 1, stratum: index });
        }
        for (n, more) in result.n.iter_mut().zip([n1, n2, both, n1 + n2 - both]) {
            *n += more;
        }
        result.add(stratum, stratum.population / population, means);
    }
    Ok(result)
}

fn strata(panel: &Panel<'_>) -> Result<BTreeMap<usize, Stratum>, EstimateError> {
    let mut strata: BTreeMap<usize, Stratum> = BTreeMap::new();
    for row in 0..panel.y.len() {
        let value = panel.y[row];
        if !value.is_finite() {
            return Err(EstimateError::Value { what: "the variable", row, value });
        }
        let stratum = strata.entry(panel.stratum[row]).or_default();
        stratum.population = panel.population[row];
        stratum.waves[usize::from(panel.later[row])].insert(panel.unit[row], value);
    }
    Ok(strata)
}

#[derive(Default)]
struct Stratum {
    population: f64,
    /// The answers of each wave, by unit.
    waves: [BTreeMap<usize, f64>; 2],
}

impl Stratum {
    fn mean(&self, wave: usize) -> f64 {
        self.waves[wave].values().sum::<f64>() / self.waves[wave].len() as f64
    }

    fn variance(&self, wave: usize) -> f64 {
        let mean = self.mean(wave);
        let squares = self.waves[wave].values().map(|y| (y - mean).powi(2));
        squares.sum::<f64>() / (self.waves[wave].len() as f64 - 1.0)
    }

    /// Returns the answers of units in both waves.
    fn pairs(&self) -> Vec<(f64, f64)> {
        let second = |(unit, first): (&usize, &f64)| Some((*first, *self.waves[1].get(unit)?));
        self.waves[0].iter().filter_map(second).collect()
    }

    fn covariance(&self) -> f64 {
        let pairs = self.pairs();
        let n = pairs.len() as f64;
        let (first, second) = pairs.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0, sum.1 + p.1));
        let products = pairs.iter().map(|(x, y)| (x - first / n) * (y - second / n));
        products.sum::<f64>() / (n - 1.0)
    }

    /// Returns the variance of the units' totals of weighted deviations, as if drawn with replacement.
    fn stacked(&self, share: f64, means: [f64; 2]) -> f64 {
        let mut totals: BTreeMap<usize, f64> = BTreeMap::new();
        for (wave, sign) in [(0, -1.0), (1, 1.0)] {
            let weight = share / self.waves[wave].len() as f64;
            for (unit, y) in &self.waves[wave] {
                *totals.entry(*unit).or_default() += sign * weight * (y - means[wave]);
            }
        }
        let n = totals.len() as f64;
        let mean = totals.values().sum::<f64>() / n;
        totals.values().map(|total| (total - mean).powi(2)).sum::<f64>() * n / (n - 1.0)
    }
}

impl ChangeVariances {
    fn add(&mut self, stratum: &Stratum, share: f64, means: [f64; 2]) {
        let all = stratum.population;
        let n = [0, 1].map(|wave| stratum.waves[wave].len() as f64);
        let s = [0, 1].map(|wave| stratum.variance(wave));
        let (both, joint) = (stratum.pairs().len() as f64, stratum.covariance());
        let either = n[0] + n[1] - both;
        let square = share * share;
        let endless = s[0] / n[0] + s[1] / n[1];
        let independent = endless - (s[0] + s[1]) / all;
        let stacked = stratum.stacked(share, means);
        self.stacked += stacked;
        self.stacked_with_fpc += stacked * (1.0 - either / all);
        self.independent += square * independent;
        self.independent_without_fpc += square * endless;
        self.tam += square * (independent - 2.0 * (both / (n[0] * n[1]) - 1.0 / all) * joint);
        self.stacked_corrected += stacked - square * (s[0] + s[1] - 2.0 * joint) / all;
    }
}
