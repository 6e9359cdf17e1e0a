//! Disclosure control: which figures of groups of units are not shown.
//!
//! What is too small is hidden. That alone protects nobody: whoever knows the total, and every other
//! group, works out the rest. So as much more is hidden as it takes for every small count to be
//! *doubtful*: there must be a second set of answers that gives the very same publication and in
//! which the count is another. The second set is found, not argued for: two units of different groups
//! exchange their answers, and what shows the exchange is hidden.
//!
//! All the divisions of the units that figures may be told by are looked at together, because they
//! cut across each other: a count that the table by county hides could otherwise be taken out of the
//! table by size. Whoever has one table, or all of them, knows as much. An exchange leaves a
//! data set that could have been, with every unit where it was, so that neither arithmetic nor
//! knowledge of the frame tells it from the true one.

mod tally;

use instrument::Disclosure;

pub(crate) use tally::Tally;

/// What of a question by groups of units is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// For each division, group and answer; the last of the answers stands for the base.
    places: Vec<Vec<Vec<bool>>>,
}

/// The division that has every unit in one group, before those that figures are told by.
const COUNTRY: usize = 0;

/// What it costs to hide a zero, which hides little: it serves where there is nothing else.
const ZERO: usize = 1_000_000;

/// What it costs to hide what must be shown: more than all else together, and still such that prices can
/// be added up.
const NEVER: usize = usize::MAX / 16;

/// A count: its division, its group and its answer, where the last answer is to be outside the base.
#[derive(Clone, Copy)]
struct Place {
    division: usize,
    group: usize,
    answer: usize,
}

/// Units of one kind take another answer, and units of a second kind the answer that they gave up.
/// Where nothing tells the second kind apart from all units, one kind may change alone.
struct Exchange {
    answers: [usize; 2],
    first: usize,
    second: Option<usize>,
    price: usize,
}

/// Hides what is under the limits, what `also` names, and what would give it away. `also` are the
/// bases, by division and group, that are hidden for the sake of another question.
pub(crate) fn hide(tally: &Tally, limits: &Disclosure, also: &[(usize, usize)]) -> Hidden {
    let mut hidden = too_small(tally, limits);
    let small = places(tally, &hidden);
    for (division, group) in also {
        hidden.places[division + 1][*group].fill(true);
    }
    for place in small {
        // There is none where all the units there are gave the same answer, or are in one group: then
        // the figure of the country has told it already.
        if let Some(exchange) = cheapest(tally, &prices(tally, limits, &hidden), place) {
            hidden.cover(tally, &exchange);
        }
    }
    hidden
}

impl Hidden {
    /// Returns whether the base of a group is hidden, and with it all that the group answered.
    pub(crate) fn base(&self, division: usize, group: usize) -> bool {
        self.places[division + 1][group].last() == Some(&true)
    }

    /// Returns whether a count is hidden.
    pub(crate) fn cell(&self, division: usize, group: usize, answer: usize) -> bool {
        self.places[division + 1][group][answer]
    }

    /// Returns whether anything of a group is hidden.
    pub(crate) fn any_cell(&self, division: usize, group: usize) -> bool {
        self.places[division + 1][group].contains(&true)
    }

    /// Returns whether the count over the whole country is hidden.
    pub(crate) fn in_country(&self, answer: usize) -> bool {
        self.places[COUNTRY][0][answer]
    }

    /// Hides everything in which an exchange would show.
    fn cover(&mut self, tally: &Tally, exchange: &Exchange) {
        let outside = tally.outside();
        for (division, groups) in tally.apart(exchange.first, exchange.second) {
            for group in groups.into_iter().flatten() {
                let row = &mut self.places[division][group];
                exchange.answers.iter().for_each(|answer| row[*answer] = true);
                if row[outside] {
                    row.fill(true);
                }
            }
        }
    }
}

/// Hides bases and counts that are under the limits. A count of nobody is not small: it says nothing
/// about anyone.
fn too_small(tally: &Tally, limits: &Disclosure) -> Hidden {
    let small = |count: usize, limit: usize| (1..limit).contains(&count);
    let outside = tally.outside();
    let row = |division: usize, counts: &Vec<usize>| -> Vec<bool> {
        let base = counts[..outside].iter().sum();
        let of_few = small(base, limits.smallest_base);
        let shown = division == COUNTRY && limits.publish_national;
        let cells = counts[..outside]
            .iter()
            .map(|count| of_few || !shown && small(*count, limits.smallest_cell));
        cells.chain([of_few]).collect()
    };
    let division = |(division, groups): (usize, &Vec<Vec<usize>>)| {
        groups.iter().map(|counts| row(division, counts)).collect()
    };
    Hidden { places: tally.counts().iter().enumerate().map(division).collect() }
}

/// Returns what must be doubtful: the hidden bases first, which take most with them, then the counts,
/// unless nobody at all gave the answer.
fn places(tally: &Tally, hidden: &Hidden) -> Vec<Place> {
    let outside = tally.outside();
    let country = &tally.counts()[COUNTRY][0];
    let mut places = vec![];
    for (division, groups) in hidden.places.iter().enumerate() {
        for (group, row) in groups.iter().enumerate() {
            let small = (0..row.len()).filter(|answer| row[*answer] && country[*answer] > 0);
            places.extend(small.map(|answer| Place { division, group, answer }));
        }
    }
    places.sort_by_key(|place| place.answer != outside);
    places
}

/// Returns what it would cost to hide each count: as much as it tells, and nothing where it is hidden.
fn prices(tally: &Tally, limits: &Disclosure, hidden: &Hidden) -> Vec<Vec<Vec<usize>>> {
    let outside = tally.outside();
    let price = |division: usize, (counts, hidden): (&Vec<usize>, &Vec<bool>)| -> Vec<usize> {
        let fixed = division == COUNTRY && limits.publish_national;
        let of = |answer: usize| match (hidden[answer], counts[answer]) {
            (true, _) => 0,
            (false, _) if fixed => NEVER,
            (false, 0) => ZERO,
            (false, count) => count,
        };
        let cells: Vec<usize> = (0..outside).map(of).collect();
        let base = match hidden[outside] {
            true => 0,
            false if division == COUNTRY => NEVER,
            // A hidden base takes all its counts with it.
            false => 1 + cells.iter().sum::<usize>(),
        };
        cells.into_iter().chain([base]).collect()
    };
    let all = tally.counts().iter().zip(&hidden.places).enumerate();
    all.map(|(division, (counts, hidden))| {
        counts.iter().zip(hidden).map(|row| price(division, row)).collect()
    })
    .collect()
}

/// Returns the exchange that makes a count another one and costs least.
fn cheapest(tally: &Tally, prices: &[Vec<Vec<usize>>], place: Place) -> Option<Exchange> {
    let Place { division, group, answer } = place;
    let outside = tally.outside();
    let is_there = tally.counts()[division][group][answer] > 0;
    let inside = |kind: &usize| tally.groups(*kind)[division] == group;
    let mut best: Option<Exchange> = None;
    for other in (0..outside).filter(|other| *other != answer) {
        // Somebody in the group gives up one answer for the other.
        let [from, to] = match is_there && answer != outside {
            true => [answer, other],
            false => [other, answer],
        };
        // What it costs that a group shows the exchange.
        let of_group = |counts: &Vec<usize>| counts[from] + counts[to];
        let shows: Vec<Vec<usize>> =
            prices.iter().map(|groups| groups.iter().map(of_group).collect()).collect();
        let elsewhere: Vec<usize> =
            tally.kinds().filter(|kind| !inside(kind) && tally.count(*kind, to) > 0).collect();
        for first in tally.kinds().filter(|kind| inside(kind) && tally.count(*kind, from) > 0) {
            for second in elsewhere.iter().copied().map(Some).chain([None]) {
                let most = best.as_ref().map_or(NEVER, |best| best.price);
                let price =
                    price(&shows, tally.groups(first), second.map(|k| tally.groups(k)), most);
                if price < most {
                    best = Some(Exchange { answers: [from, to], first, second, price });
                }
            }
        }
    }
    best
}

/// Adds up what it costs to hide an exchange in every group that tells the two kinds apart; gives up
/// where that is more than it may cost.
fn price(shows: &[Vec<usize>], first: &[usize], second: Option<&[usize]>, most: usize) -> usize {
    let mut price = 0;
    for (division, shows) in shows.iter().enumerate() {
        let (own, theirs) = (first[division], second.map(|second| second[division]));
        if theirs != Some(own) {
            price += shows[own] + theirs.map_or(0, |theirs| shows[theirs]);
        }
        if price >= most {
            break;
        }
    }
    price
}

#[cfg(test)]
mod tests;
