//! What a unit is like: how it leans towards each answer, and whom that puts first.

use frame::Frame;

use super::chance::Chance;

/// How much a unit's answers resemble its own of the last round.
const RESEMBLANCE: f64 = 0.7;

/// What all leanings of a unit rest on. It goes by the unit's number: one that is renumbered begins
/// anew, as does a question under a new name.
#[derive(Clone, Debug)]
pub struct Character {
    /// Its official number.
    pub id: String,
    /// Its rank by population, from -1 for the smallest to 1 for the largest.
    pub size: f64,
    /// Its centrality, from -1 for the most remote to 1 for the most central.
    pub central: f64,
}

/// Returns the character of every unit of a frame, in its order.
pub fn characters(frame: &Frame) -> Vec<Character> {
    let mut order: Vec<usize> = (0..frame.units.len()).collect();
    order.sort_by_key(|unit| (frame.units[*unit].population, *unit));
    let mut rank = vec![0; order.len()];
    for (place, unit) in order.iter().enumerate() {
        rank[*unit] = place;
    }
    let last = order.len().saturating_sub(1).max(1) as f64;
    let character = |(unit, rank): (&frame::Unit, usize)| Character {
        id: unit.id.to_string(),
        size: 2.0 * rank as f64 / last - 1.0,
        central: (3.5 - f64::from(unit.centrality)) / 2.5,
    };
    frame.units.iter().zip(rank).map(character).collect()
}

impl Character {
    /// Returns how strongly the unit leans towards an answer in this round, about standard normal.
    /// Size and centrality matter a little, to each answer by a slope of its own, mostly upwards:
    /// so figures depend on who answers, and weights move them.
    pub fn leans(&self, chance: Chance, answer: &str) -> f64 {
        let slope = 0.4 * chance.lasting(&["slope", answer]).uniform() - 0.1;
        slope * (self.size + 0.5 * self.central)
            + chance.lean(RESEMBLANCE, &["leaning", &self.id, answer])
    }
}

/// Returns the places of the `count` largest scores, the largest first; of equals the first.
pub fn top(scores: &[f64], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    order.truncate(count);
    order
}
