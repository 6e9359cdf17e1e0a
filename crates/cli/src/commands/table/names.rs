//! The names that several threads met, in one order that does not depend on who met them when.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Returns all names in order, and for each thread the place of each of its names.
pub(super) fn united<N: Ord + Clone>(
    of_threads: &[Vec<N>],
    order: impl Fn(&N, &N) -> Ordering,
) -> (Vec<N>, Vec<Vec<u32>>) {
    let mut all: Vec<N> = of_threads.iter().flatten().cloned().collect();
    all.sort_by(|left, right| order(left, right).then_with(|| left.cmp(right)));
    all.dedup();
    let places: BTreeMap<&N, u32> = all.iter().zip(0..).collect();
    let of_threads =
        of_threads.iter().map(|names| names.iter().map(|name| places[name]).collect()).collect();
    (all, of_threads)
}

/// Orders names as people do: numbers by size and before words, the empty name last.
pub(super) fn natural(left: &str, right: &str) -> Ordering {
    let number = |name: &str| name.parse::<f64>().ok().filter(|number| number.is_finite());
    let rank = |name: &str| match (name.is_empty(), number(name)) {
        (true, _) => (2, 0.0),
        (false, Some(number)) => (0, number),
        (false, None) => (1, 0.0),
    };
    let ((left, first), (right, second)) = (rank(left), rank(right));
    left.cmp(&right).then(first.total_cmp(&second))
}
