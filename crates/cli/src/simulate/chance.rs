//! Chance: every draw has a stream of its own, named by what is drawn.
//!
//! A stream depends on its seed and its name alone, so a new question or another unit changes no
//! other answer, and a round can resemble the last one without reading it.

use instrument::RoundId;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// The chances of one round.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    /// The seed of all draws.
    pub seed: u64,
    /// The round.
    pub round: RoundId,
}

/// The random numbers of one draw.
pub struct Stream(ChaCha20Rng);

impl Chance {
    /// Returns a stream that is the same in every round.
    pub fn lasting(self, name: &[&str]) -> Stream {
        self.stream("every round", name)
    }

    /// Returns a stream of this round.
    pub fn passing(self, name: &[&str]) -> Stream {
        self.stream(&self.round.to_string(), name)
    }

    /// Returns a standard normal number whose correlation between two rounds is `resemblance`.
    pub fn lean(self, resemblance: f64, name: &[&str]) -> f64 {
        resemblance.sqrt() * self.lasting(name).normal()
            + (1.0 - resemblance).sqrt() * self.passing(name).normal()
    }

    fn stream(self, when: &str, name: &[&str]) -> Stream {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_string());
        for part in [when].iter().chain(name) {
            // No name holds a line break, so that no two lists of names make the same text.
            hash.update("\n");
            hash.update(part);
        }
        Stream(ChaCha20Rng::from_seed(hash.finalize().into()))
    }
}

impl Stream {
    /// Returns a number from 0 up to but not including 1.
    pub fn uniform(&mut self) -> f64 {
        // 53 bits: as many as a double holds exactly.
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a whole number from 0 up to but not including `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.uniform() * end as f64) as usize
    }

    /// Returns a number that is as good as standard normal: the sum of twelve uniform ones has
    /// mean 6 and variance 1. Logarithms and cosines may differ between machines in their last
    /// bit; sums do not, and the tails beyond six standard deviations are not missed.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(resemblance: f64) -> Vec<(f64, f64)> {
        let rounds = [2021, 2023].map(|year| RoundId::new(year).unwrap());
        let [before, after] = rounds.map(|round| Chance { seed: 1, round });
        let draw =
            |chance: Chance, unit: usize| chance.lean(resemblance, &["q", &unit.to_string()]);
        (0..4000).map(|unit| (draw(before, unit), draw(after, unit))).collect()
    }

    #[test]
    fn leanings_are_standard_normal_and_resemble_those_of_another_round() {
        for resemblance in [0.0, 0.3, 0.7, 1.0] {
            let pairs = pairs(resemblance);
            let mean = |f: &dyn Fn(&(f64, f64)) -> f64| {
                pairs.iter().map(f).sum::<f64>() / pairs.len() as f64
            };
            // Four standard errors of a mean of 4000 are 0.063, of their variance 0.089.
            assert!(mean(&|(a, _)| *a).abs() < 0.063);
            assert!((mean(&|(a, _)| a * a) - 1.0).abs() < 0.089);
            assert!((mean(&|(a, b)| a * b) - resemblance).abs() < 0.089);
        }
    }

    #[test]
    fn a_stream_depends_on_every_part_of_its_name() {
        let chance = Chance { seed: 1, round: RoundId::new(2023).unwrap() };
        let first = chance.passing(&["a", "b"]).uniform();
        assert_eq!(first, chance.passing(&["a", "b"]).uniform());
        let other_seed = Chance { seed: 2, ..chance };
        for other in [
            chance.passing(&["ab"]).uniform(),
            chance.passing(&["b", "a"]).uniform(),
            chance.lasting(&["a", "b"]).uniform(),
            other_seed.passing(&["a", "b"]).uniform(),
        ] {
            assert_ne!(first, other);
        }
    }
}
