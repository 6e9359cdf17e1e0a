//! What became of each question between two rounds.
