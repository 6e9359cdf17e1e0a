//! Exchanges of answers between units: the second set of answers, in which a small count is another.

use super::{COUNTRY, NEVER, Place, Places, Tally};

/// Units that give up one of two answers for the other. Where nothing tells the units apart that give up
/// the one from those that give up the other, nobody can see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) answers: [usize; 2],
    /// The kind of each unit, and which of the answers it gives up.
    pub(super) moves: Vec<(usize, usize)>,
    /// What it costs to hide everything in which it would show.
    pub(super) price: usize,
}

impl Exchange {
    /// Returns the groups in which it would show, with their divisions: those that the two answers
    /// come out of otherwise than before.
    pub(super) fn shows_in(&self, tally: &Tally<'_>) -> Vec<(usize, usize)> {
        let mut shows = vec![];
        for division in 0..tally.counts().len() {
            let group = |kind: usize| tally.groups(kind)[division];
            for (place, (kind, _)) in self.moves.iter().enumerate() {
                let same = |(other, _): &&(usize, usize)| group(*other) == group(*kind);
                let seen = self.moves[..place].iter().any(|other| same(&other));
                let of_first =
                    self.moves.iter().filter(same).filter(|(_, gives)| *gives == 0).count();
                if !seen && 2 * of_first != self.moves.iter().filter(same).count() {
                    shows.push((division, group(*kind)));
                }
            }
        }
        shows
    }

    /// Returns whether as many units gave up each answer as gave it: of one kind there may be too few.
    fn is_possible(&self, tally: &Tally<'_>) -> bool {
        self.moves.iter().all(|(kind, gives)| {
            let same = |other: &&(usize, usize)| **other == (*kind, *gives);
            self.moves.iter().filter(same).count() <= tally.count(*kind, self.answers[*gives])
        })
    }
}

/// Returns the exchange that makes a count another one and costs least.
pub(super) fn cheapest(
    tally: &Tally<'_>,
    prices: &Places<usize>,
    place: Place,
    linked: bool,
) -> Option<Exchange> {
    let outside = tally.outside();
    let is_there = tally.counts()[place.division][place.group][place.answer] > 0;
    let mut best: Option<Exchange> = None;
    for other in (0..outside).filter(|other| *other != place.answer) {
        // Somebody in the group gives up one answer for the other.
        let answers = match is_there && place.answer != outside {
            true => [place.answer, other],
            false => [other, place.answer],
        };
        let search = Search::new(tally, prices, (place, answers), linked);
        search.improve(&mut best);
        if best.as_ref().is_some_and(|best| best.price == 0) {
            break;
        }
    }
    best
}

/// A search among the exchanges of two answers.
struct Search<'a> {
    tally: &'a Tally<'a>,
    place: Place,
    answers: [usize; 2],
    /// What it costs that a group shows the exchange, by division and group.
    shows: Vec<Vec<usize>>,
    /// What it costs at least that units of two groups exchange answers, by division and the groups.
    least: Vec<Vec<Vec<usize>>>,
    /// The pairs of units that make a division come out even, by division and the groups.
    evens: Vec<Vec<Vec<Option<[usize; 2]>>>>,
}

impl<'a> Search<'a> {
    fn new(
        tally: &'a Tally<'a>,
        prices: &Places<usize>,
        (place, answers): (Place, [usize; 2]),
        linked: bool,
    ) -> Search<'a> {
        let of_group = |counts: &Vec<usize>| answers.iter().map(|answer| counts[*answer]).sum();
        let shows: Vec<Vec<usize>> =
            prices.iter().map(|groups| groups.iter().map(of_group).collect()).collect();
        let mut evens: Vec<Vec<Vec<Option<[usize; 2]>>>> =
            shows.iter().map(|groups| vec![vec![None; groups.len()]; groups.len()]).collect();
        for division in (0..shows.len()).filter(|division| !linked && *division != place.division) {
            for pair in tally.neighbours(division, answers) {
                // Who gives up the first answer there stands in for who took it here.
                let [there, here] = pair.map(|kind| tally.groups(kind)[division]);
                evens[division][here][there].get_or_insert(pair);
            }
        }
        let least = shows
            .iter()
            .zip(&evens)
            .map(|(shows, evens)| {
                let price = |here: usize, there: usize| match evens[here][there] {
                    _ if here == there => 0,
                    Some(_) => 0,
                    None => shows[here] + shows[there],
                };
                let row = |here: usize| (0..shows.len()).map(|there| price(here, there)).collect();
                (0..shows.len()).map(row).collect()
            })
            .collect();
        Search { tally, place, answers, shows, least, evens }
    }

    /// Looks for an exchange that costs less than the best so far.
    fn improve(&self, best: &mut Option<Exchange>) {
        let Search { tally, place, answers: [from, to], .. } = self;
        let inside = |kind: &usize| tally.groups(*kind)[place.division] == place.group;
        let (within, elsewhere): (Vec<usize>, Vec<usize>) = tally.kinds().partition(inside);
        let elsewhere: Vec<usize> =
            elsewhere.into_iter().filter(|kind| tally.count(*kind, *to) > 0).collect();
        let mut most = best.as_ref().map_or(NEVER, |best| best.price);
        for first in within.into_iter().filter(|kind| tally.count(*kind, *from) > 0) {
            for second in elsewhere.iter().copied().map(Some).chain([None]) {
                if self.least(first, second, most) >= most {
                    continue;
                }
                let exchange = self.exchange(first, second);
                if exchange.price < most {
                    most = exchange.price;
                    *best = Some(exchange);
                }
            }
            if most == 0 {
                break;
            }
        }
    }

    /// Adds up what an exchange costs at least; gives up where that is more than it may cost.
    fn least(&self, first: usize, second: Option<usize>, most: usize) -> usize {
        let own = self.tally.groups(first);
        let mut least = 0;
        match second.map(|second| self.tally.groups(second)) {
            Some(theirs) => {
                for ((of, own), theirs) in self.least.iter().zip(own).zip(theirs) {
                    least += of[*own][*theirs];
                    if least >= most {
                        break;
                    }
                }
            }
            None => least += self.shows.iter().zip(own).map(|(of, own)| of[*own]).sum::<usize>(),
        }
        least
    }

    /// Returns the exchange of two units, with those that make other divisions come out even. One unit
    /// may change its answer alone.
    fn exchange(&self, first: usize, second: Option<usize>) -> Exchange {
        let moves = [Some((first, 0)), second.map(|second| (second, 1))];
        let moves: Vec<(usize, usize)> = moves.into_iter().flatten().collect();
        let mut exchange = Exchange { answers: self.answers, moves, price: 0 };
        let Some(second) = second else { return self.priced(exchange) };
        let groups = self.tally.groups(first).iter().zip(self.tally.groups(second));
        for (division, (here, there)) in groups.enumerate().skip(COUNTRY + 1) {
            let shows = &self.shows[division];
            if here == there || shows[*here] + shows[*there] == 0 {
                continue;
            }
            if let Some([one, other]) = self.evens[division][*here][*there] {
                exchange.moves.extend([(one, 0), (other, 1)]);
                if !exchange.is_possible(self.tally) {
                    exchange.moves.truncate(exchange.moves.len() - 2);
                }
            }
        }
        self.priced(exchange)
    }

    fn priced(&self, exchange: Exchange) -> Exchange {
        let shows = exchange.shows_in(self.tally).into_iter();
        let price = shows.map(|(division, group)| self.shows[division][group]).sum();
        Exchange { price, ..exchange }
    }
}
