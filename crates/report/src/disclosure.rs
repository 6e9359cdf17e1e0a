//! Disclosure control: which figures of groups of units are not shown.
//!
//! What is too small is hidden. That alone protects nobody: whoever knows the total, and every other
//! group, works out the rest. So as much more is hidden as it takes for every small count to be
//! *doubtful*: there must be a second set of answers that gives the very same publication and in
//! which the count is another. The second set is found, not argued for: two units of different groups
//! exchange their answers, and what shows the exchange is hidden. Where two more units can exchange
//! theirs so that a table comes out even again, that table hides nothing.
//!
//! All the divisions of the units that figures may be told by are looked at together, because they
//! cut across each other: a count that the table by county hides could otherwise be taken out of the
//! table by size. Whoever has one table, or all of them, knows as much. An exchange leaves a
//! data set that could have been, with every unit where it was, so that neither arithmetic nor
//! knowledge of the frame tells it from the true one.

mod exchange;
mod tally;

use instrument::Disclosure;

use exchange::{Exchange, cheapest};
pub(crate) use tally::{Kinds, Tally};

/// By what is decided what of a question is not shown.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// The limits of the plan.
    pub(crate) limits: Disclosure,
    /// How much each division is read: what is hidden of one that is read much costs much.
    pub(crate) read: Vec<usize>,
    /// Whether the answers to other questions go with these. Then an exchange that shows in no count of
    /// this question could still show in theirs, and all that it touches is hidden.
    pub(crate) linked: bool,
}

/// What of a question by groups of units is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// For each division, group and answer; the last of the answers stands for the base.
    places: Places<bool>,
}

/// Something of each count, by division, group and answer.
type Places<T> = Vec<Vec<Vec<T>>>;

/// The division that has every unit in one group, before those that figures are told by.
const COUNTRY: usize = 0;

/// What it costs to hide a count beside the answers that it told of: a table with a hole in it is read
/// less easily, however little is missing.
const HOLE: usize = 10;

/// What it costs to hide a zero, which hides little: it serves where there is nothing else.
const ZERO: usize = 1_000_000;

/// What it costs to hide what must be shown: more than all else together, and still such that prices can
/// be added up.
const NEVER: usize = usize::MAX / 64;

/// A count: its division, its group and its answer, where the last answer is to be outside the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    division: usize,
    group: usize,
    answer: usize,
}

/// Hides what is under the limits, what `also` names, and what would give it away. `also` are the
/// bases, by division and group, that are hidden for the sake of another question.
pub(crate) fn hide(tally: &Tally<'_>, rules: &Rules, also: &[(usize, usize)]) -> Hidden {
    let mut bare = too_small(tally, &rules.limits);
    let small = places(tally, &bare);
    for (division, group) in also {
        bare.places[division + 1][*group].fill(true);
    }
    let mut hidden = bare.clone();
    let mut exchanges = vec![];
    for place in small {
        // There is none where all the units there are gave the same answer, or are in one group: then
        // the figure of the country has told it already.
        if let Some(exchange) = cheapest(tally, &prices(tally, rules, &hidden), place, rules.linked)
        {
            hidden.cover(tally, &exchange);
            exchanges.push((place, exchange));
        }
    }
    without_the_needless(tally, rules, &bare, exchanges)
}

/// Hides what shows the exchanges, but for what is not needed since a later exchange serves an earlier
/// count too. The dearest is tried first.
fn without_the_needless(
    tally: &Tally<'_>,
    rules: &Rules,
    bare: &Hidden,
    mut exchanges: Vec<(Place, Exchange)>,
) -> Hidden {
    let covered = |exchanges: &[(Place, Exchange)]| {
        let mut hidden = bare.clone();
        exchanges.iter().for_each(|(_, exchange)| hidden.cover(tally, exchange));
        hidden
    };
    let mut order: Vec<usize> =
        (0..exchanges.len()).filter(|at| exchanges[*at].1.price > 0).collect();
    order.sort_by_key(|at| std::cmp::Reverse(exchanges[*at].1.price));
    for at in order {
        let mut fewer = exchanges.clone();
        fewer[at].1.moves.clear();
        let hidden = covered(&fewer);
        let free = prices(tally, rules, &hidden);
        let served = fewer.iter_mut().all(|(place, exchange)| {
            if !exchange.moves.is_empty() && hidden.covers(tally, exchange) {
                return true;
            }
            let found = cheapest(tally, &free, *place, rules.linked);
            found.filter(|found| found.price == 0).map(|found| *exchange = found).is_some()
        });
        if served {
            exchanges = fewer;
        }
    }
    covered(&exchanges)
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
    fn cover(&mut self, tally: &Tally<'_>, exchange: &Exchange) {
        let outside = tally.outside();
        for (division, group) in exchange.shows_in(tally) {
            let row = &mut self.places[division][group];
            exchange.answers.iter().for_each(|answer| row[*answer] = true);
            if row[outside] {
                row.fill(true);
            }
        }
    }

    /// Returns whether everything is hidden in which an exchange would show.
    fn covers(&self, tally: &Tally<'_>, exchange: &Exchange) -> bool {
        let hidden = |(division, group): (usize, usize)| {
            exchange.answers.iter().all(|answer| self.places[division][group][*answer])
        };
        exchange.shows_in(tally).into_iter().all(hidden)
    }
}

/// Hides bases and counts that are under the limits. A count of nobody is not small: it says nothing
/// about anyone.
fn too_small(tally: &Tally<'_>, limits: &Disclosure) -> Hidden {
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
fn places(tally: &Tally<'_>, hidden: &Hidden) -> Vec<Place> {
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

/// Returns what it would cost to hide each count: as much as it tells, the more the more its table is
/// read, and nothing where it is hidden.
fn prices(tally: &Tally<'_>, rules: &Rules, hidden: &Hidden) -> Places<usize> {
    let outside = tally.outside();
    let price = |division: usize, (counts, hidden): (&Vec<usize>, &Vec<bool>)| -> Vec<usize> {
        let fixed = division == COUNTRY && rules.limits.publish_national;
        let read = if division == COUNTRY { 1 } else { rules.read[division - 1] };
        let of = |answer: usize| match (hidden[answer], counts[answer]) {
            (true, _) => 0,
            (false, _) if fixed => NEVER,
            (false, 0) => ZERO,
            (false, count) => read * (HOLE + count),
        };
        let cells: Vec<usize> = (0..outside).map(of).collect();
        let base = match hidden[outside] {
            true => 0,
            false if division == COUNTRY => NEVER,
            // A hidden base takes all its counts with it.
            false => read + cells.iter().sum::<usize>(),
        };
        cells.into_iter().chain([base]).collect()
    };
    let all = tally.counts().iter().zip(&hidden.places).enumerate();
    all.map(|(division, (counts, hidden))| {
        counts.iter().zip(hidden).map(|row| price(division, row)).collect()
    })
    .collect()
}

#[cfg(test)]
mod tests;
