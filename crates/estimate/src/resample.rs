//! Making replicate weights: balanced halves, bootstraps, successive differences.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use crate::design::{Design, Plan, Stage};
use crate::error::EstimateError;
use crate::replicates::Replicates;

/// How a bootstrap draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bootstrap {
    /// One unit fewer than the stratum has, with replacement (Rao and Wu 1988); as if drawn with replacement.
    RaoWu,
    /// As many as the stratum has, without replacement from a population made of copies of the sample
    /// (Canty and Davison 1999), with deviations stretched to be unbiased.
    CantyDavison,
    /// Half of the units of every stage, without replacement (Preston 2009); finite at every stage.
    Multistage,
}

impl Design {
    /// Replaces strata of two sampling units each by balanced half samples (BRR).
    ///
    /// `damping` above 0 is Fay's: the half left out keeps this share of its weight.
    pub fn balanced(&self, damping: f64) -> Result<Self, EstimateError> {
        let stage = self.resampled_stage("balanced replicates")?;
        let strata = strata(stage);
        if let Some((&stratum, _)) = strata.iter().find(|(_, units)| units.len() != 2) {
            return Err(EstimateError::NotPaired { stratum });
        }
        let count = (strata.len() + 1).next_power_of_two();
        let multipliers = |replicate: usize| -> BTreeMap<usize, f64> {
            let halves = strata.values().enumerate().flat_map(|(place, units)| {
                let swing = (1.0 - damping) * sign(place + 1, replicate);
                [(units[0], 1.0 + swing), (units[1], 1.0 - swing)]
            });
            halves.collect()
        };
        let scale = 1.0 / (count as f64 * (1.0 - damping).powi(2));
        Ok(self.replicated_by(stage, (0..count).map(multipliers), scale))
    }

    /// Replaces the first stage by successive differences (Fay and Train 1995), for systematic samples: units
    /// are compared with their neighbours in the order of the file.
    pub fn successive_differences(&self) -> Result<Self, EstimateError> {
        let stage = self.resampled_stage("successive differences")?;
        let mut units: Vec<(usize, usize)> = Vec::new();
        for row in 0..stage.unit.len() {
            if !units.iter().any(|(unit, _)| *unit == stage.unit[row]) {
                units.push((stage.unit[row], row));
            }
        }
        let count = (units.len() + 2).next_power_of_two();
        let multipliers = |replicate: usize| -> BTreeMap<usize, f64> {
            let multiplier = |(place, &(unit, row)): (usize, &(usize, usize))| {
                let unseen = (1.0 - stage.sampled[row] / stage.population[row]).sqrt();
                let swing = sign(place + 1, replicate) - sign(place + 2, replicate);
                (unit, 1.0 + unseen * swing / 8.0_f64.sqrt())
            };
            units.iter().enumerate().map(multiplier).collect()
        };
        let scale = 4.0 / count as f64;
        Ok(self.replicated_by(stage, (0..count).map(multipliers), scale))
    }

    /// Replaces the design by bootstrap replicates.
    pub fn bootstrapped(
        &self,
        bootstrap: Bootstrap,
        replicates: usize,
        random: &mut impl Rng,
    ) -> Result<Self, EstimateError> {
        let stage = self.resampled_stage("the bootstrap")?;
        self.refuse_lonely(stage)?;
        let scale = 1.0 / (replicates as f64 - 1.0);
        if bootstrap == Bootstrap::Multistage {
            let draws = (0..replicates).map(|_| self.multistage_weights(random)).collect();
            return Ok(self.with_replicates(draws, scale));
        }
        let strata = strata(stage);
        let draws: Vec<BTreeMap<usize, f64>> = (0..replicates)
            .map(|_| {
                let units = strata.values().flat_map(|units| {
                    let population = stage.population[row_of(stage, units[0])];
                    let multipliers = match bootstrap {
                        Bootstrap::CantyDavison if population.is_finite() => {
                            from_copies(units.len(), population, random)
                        }
                        Bootstrap::RaoWu | Bootstrap::CantyDavison | Bootstrap::Multistage => {
                            with_replacement(units.len(), random)
                        }
                    };
                    units.iter().copied().zip(multipliers).collect::<Vec<_>>()
                });
                units.collect()
            })
            .collect();
        Ok(self.replicated_by(stage, draws.into_iter(), scale))
    }

    fn resampled_stage(&self, what: &'static str) -> Result<&Stage, EstimateError> {
        let needs = "strata and sampling units";
        self.first_stage().ok_or(EstimateError::Unsupported { what, needs })
    }

    fn refuse_lonely(&self, stage: &Stage) -> Result<(), EstimateError> {
        let lonely = |row: &usize| stage.sampled[*row] <= 1.0 && stage.population[*row] > 1.0;
        match (0..self.len()).find(lonely) {
            Some(row) => Err(EstimateError::LonelyUnit { stage: 1, stratum: stage.stratum[row] }),
            None => Ok(()),
        }
    }

    fn replicated_by(
        &self,
        stage: &Stage,
        multipliers: impl Iterator<Item = BTreeMap<usize, f64>>,
        scale: f64,
    ) -> Self {
        let weights = |multipliers: BTreeMap<usize, f64>| {
            let weight = |row: usize| self.weights[row] * multipliers[&stage.unit[row]];
            (0..self.len()).map(weight).collect()
        };
        self.with_replicates(multipliers.map(weights).collect(), scale)
    }

    fn with_replicates(&self, weights: Vec<Vec<f64>>, scale: f64) -> Self {
        let factors = vec![1.0; weights.len()];
        let replicates = Replicates { weights, scale, factors, from_estimate: false };
        Self::of(self.weights.clone(), Plan::Replicates(replicates))
    }

    /// Draws half of the units at every stage, and turns the draws into weights.
    ///
    /// A stage adds what its draw deviates, as far as the stages above drew the unit it lies in, and scaled so
    /// that its share of the variance comes out.
    fn multistage_weights(&self, random: &mut impl Rng) -> Vec<f64> {
        let Plan::Stages(stages) = &self.plan else { return self.weights.clone() };
        let mut multipliers = vec![1.0; self.len()];
        // What the stages above pass on: whether they drew the unit, and the product of their fractions.
        let mut drawn = vec![1.0; self.len()];
        let mut fraction = vec![1.0; self.len()];
        for stage in stages {
            let chosen = halves(stage, random);
            for row in 0..self.len() {
                let (n, all) = (stage.sampled[row], stage.population[row]);
                let m = (n / 2.0).floor();
                if m > 0.0 {
                    let hit = f64::from(u8::from(chosen[&stage.unit[row]])) * n / m;
                    let scale = (m * fraction[row] * (1.0 - n / all) / (n - m)).sqrt();
                    multipliers[row] += drawn[row] * scale * (hit - 1.0);
                    drawn[row] *= hit.sqrt();
                }
                fraction[row] *= n / all;
            }
        }
        self.weights.iter().zip(multipliers).map(|(weight, factor)| weight * factor).collect()
    }
}

/// Returns the units of every stratum, in their order.
fn strata(stage: &Stage) -> BTreeMap<usize, Vec<usize>> {
    let mut strata: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut pairs: Vec<(usize, usize)> =
        stage.stratum.iter().copied().zip(stage.unit.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (stratum, unit) in pairs {
        strata.entry(stratum).or_default().push(unit);
    }
    strata
}

fn row_of(stage: &Stage, unit: usize) -> usize {
    stage.unit.iter().position(|other| *other == unit).unwrap_or_default()
}

/// Returns an entry of Sylvester's Hadamard matrix, whose rows are orthogonal.
fn sign(row: usize, column: usize) -> f64 {
    if (row & column).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

/// Returns how often each of n units counts when n - 1 are drawn with replacement.
fn with_replacement(n: usize, random: &mut impl Rng) -> Vec<f64> {
    if n < 2 {
        return vec![1.0; n];
    }
    let mut counts = vec![0.0; n];
    (1..n).for_each(|_| counts[random.random_range(0..n)] += 1.0);
    counts.iter().map(|count| count * n as f64 / (n as f64 - 1.0)).collect()
}

/// Returns how often each of n units counts when n are drawn from a population of copies of them.
fn from_copies(n: usize, population: f64, random: &mut impl Rng) -> Vec<f64> {
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(random);
    let mut copies: Vec<usize> =
        order.iter().copied().cycle().take(population.round() as usize).collect();
    let (chosen, _) = copies.partial_shuffle(random, n);
    let mut counts = vec![0.0; n];
    chosen.iter().for_each(|unit| counts[*unit] += 1.0);
    // Copies vary less than the population they stand for: by (n - 1) / n, and by N / (N - 1) more.
    let less = (n as f64 - 1.0) / n as f64 * population / (population - 1.0);
    let stretch = if less > 0.0 { less.sqrt().recip() } else { 1.0 };
    counts.iter().map(|count| 1.0 + stretch * (count - 1.0)).collect()
}

/// Draws half of the units of every stratum.
fn halves(stage: &Stage, random: &mut impl Rng) -> BTreeMap<usize, bool> {
    let mut chosen = BTreeMap::new();
    for units in strata(stage).into_values() {
        let mut order = units.clone();
        order.shuffle(random);
        for (place, unit) in order.into_iter().enumerate() {
            chosen.insert(unit, place < units.len() / 2);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use super::*;
    use crate::design::Sizes;
    use crate::level::Level;
    use crate::share::total;

    fn design(sizes: Sizes) -> Design {
        // Six strata of two units with three elements each.
        let stratum = (0..36).map(|row| row / 6).collect();
        let unit = (0..36).map(|row| row / 3).collect();
        let stage = Stage::new(stratum, unit, sizes).expect("a stage");
        let design = Design::staged(vec![stage]).expect("a design");
        design.with_weights((0..36).map(|row| 5.0 + f64::from(row % 4)).collect()).expect("weights")
    }

    fn se(design: &Design) -> f64 {
        let y: Vec<f64> = (0..36).map(|row| f64::from(row * row % 19)).collect();
        total(design, &[true; 36], &y, Level::NINETY_FIVE).expect("a total").se
    }

    #[test]
    fn balanced_halves_give_the_variance_of_a_total_exactly() {
        // McCarthy (1969): in full balance, the replicates of a linear estimate give the textbook variance.
        let design = design(Sizes::Infinite);
        for damping in [0.0, 0.3] {
            let balanced = design.balanced(damping).expect("pairs");
            assert!((se(&balanced) / se(&design) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn bootstraps_come_near_the_variance() {
        // 4,000 replicates give a standard error within about 2 percent.
        let mut random = ChaCha20Rng::seed_from_u64(7);
        let (endless, finite) = (Sizes::Infinite, Sizes::Population(vec![10.0; 36]));
        for (bootstrap, sizes) in [
            (Bootstrap::RaoWu, endless),
            (Bootstrap::CantyDavison, finite.clone()),
            (Bootstrap::Multistage, finite),
        ] {
            let design = design(sizes);
            let boot = design.bootstrapped(bootstrap, 4_000, &mut random).expect("replicates");
            let ratio = se(&boot) / se(&design);
            assert!((ratio - 1.0).abs() < 0.05, "{bootstrap:?}: {ratio}");
        }
    }

    #[test]
    fn two_stages_add_up_in_the_multistage_bootstrap() {
        let stratum = vec![0; 40];
        let unit: Vec<usize> = (0..40).map(|row| row / 10).collect();
        let first = Stage::new(stratum, unit.clone(), Sizes::Population(vec![9.0; 40]));
        let second = Stage::new(unit, (0..40).collect(), Sizes::Population(vec![25.0; 40]));
        let stages = vec![first.expect("a stage"), second.expect("a stage")];
        let design = Design::staged(stages).expect("a design");
        let mut random = ChaCha20Rng::seed_from_u64(11);
        let boot =
            design.bootstrapped(Bootstrap::Multistage, 4_000, &mut random).expect("replicates");
        let y: Vec<f64> = (0..40).map(|row| f64::from(row * row % 23)).collect();
        let [left, right] = [design, boot]
            .map(|d| total(&d, &[true; 40], &y, Level::NINETY_FIVE).expect("a total").se);
        assert!((left / right - 1.0).abs() < 0.05, "{left} {right}");
    }

    #[test]
    fn successive_differences_are_half_the_mean_square_of_steps() {
        let design = Design::simple(6, f64::INFINITY).expect("six of endlessly many");
        let replicates = design.successive_differences().expect("replicates");
        let y = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0];
        let found = total(&replicates, &[true; 6], &y, Level::NINETY_FIVE).expect("a total");
        // Five steps of 2 and, at the open ends, the first and the last value: (5 * 4 + 1 + 9) / 2.
        assert!((found.se.powi(2) - 15.0).abs() < 1e-9, "{}", found.se.powi(2));
    }

    #[test]
    fn strata_of_three_are_no_pairs() {
        let stage = Stage::new(vec![0; 3], vec![0, 1, 2], Sizes::Infinite).expect("a stage");
        let design = Design::staged(vec![stage]).expect("a design");
        assert_eq!(design.balanced(0.0).err(), Some(EstimateError::NotPaired { stratum: 0 }));
    }
}
