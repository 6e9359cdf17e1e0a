use microlp::{ComparisonOp, OptimizationDirection, Problem};
use proptest::prelude::*;

use super::*;

const LIMITS: Disclosure =
    Disclosure { smallest_base: 10, smallest_cell: 3, publish_national: true };

/// Rules under which every division is read as much.
fn rules(limits: Disclosure) -> Rules {
    Rules { limits, read: vec![1; 3], linked: false }
}

/// A unit: its group in each division, and its answer.
type Unit = (Vec<usize>, Option<usize>);

/// Units of one division: `counts` gave the answers, and five of each group are outside the base.
fn units(counts: &[Vec<usize>]) -> Vec<Unit> {
    let mut units = vec![];
    for (group, row) in counts.iter().enumerate() {
        for (answer, count) in row.iter().enumerate() {
            units.extend(std::iter::repeat_n((vec![group], Some(answer)), *count));
        }
        units.extend(std::iter::repeat_n((vec![group], None), 5));
    }
    units
}

/// Sorts units into kinds; returns their answers beside.
fn sorted(units: impl IntoIterator<Item = Unit>, sizes: &[usize]) -> (Kinds, Vec<Option<usize>>) {
    let (groups, given): (Vec<Vec<usize>>, Vec<Option<usize>>) = units.into_iter().unzip();
    (Kinds::new(groups, sizes), given)
}

/// Shows a division as it would be printed: `:` for what is hidden.
fn shown(tally: &Tally<'_>, hidden: &Hidden, division: usize) -> Vec<String> {
    let cell = |hidden: bool, count: usize| if hidden { ":".into() } else { count.to_string() };
    let row = |(group, counts): (usize, &Vec<usize>)| {
        let counts = &counts[..tally.outside()];
        let cells = counts.iter().enumerate();
        let cells: Vec<String> = cells
            .map(|(answer, count)| cell(hidden.cell(division, group, answer), *count))
            .collect();
        format!("{} | {}", cells.join(" "), cell(hidden.base(division, group), counts.iter().sum()))
    };
    tally.counts()[division + 1].iter().enumerate().map(row).collect()
}

#[test]
fn what_is_small_takes_company_into_hiding() {
    for (counts, expected) in [
        // Nothing is small.
        (vec![vec![5, 6], vec![7, 8]], vec!["5 6 | 11", "7 8 | 15"]),
        // One small cell: its row and its column each lose another, and the corner closes them.
        (
            vec![vec![2, 20, 5], vec![9, 9, 9], vec![12, 14, 16]],
            vec![": 20 : | 27", ": 9 : | 27", "12 14 16 | 42"],
        ),
        // Two small cells in a row keep each other only with two more in their columns.
        (vec![vec![1, 2, 30], vec![9, 8, 9]], vec![": : 30 | 33", ": : 9 | 26"]),
        // A small group takes another group with it.
        (vec![vec![4, 3], vec![9, 8], vec![20, 30]], vec![": : | :", ": : | :", "20 30 | 50"]),
        // An answer that nobody gave needs no company.
        (vec![vec![0, 12], vec![0, 14]], vec!["0 12 | 12", "0 14 | 14"]),
        // A zero is hidden where nothing else is left.
        (vec![vec![1, 19], vec![0, 17]], vec![": : | 20", ": : | 17"]),
    ] {
        let (kinds, given) = sorted(units(&counts), &[counts.len()]);
        let tally = Tally::new(&kinds, given, counts[0].len());
        let hidden = hide(&tally, &rules(LIMITS), &[]);
        assert_eq!(shown(&tally, &hidden, 0), expected, "{counts:?}");
    }
}

/// The districts are a county, and a kind of unit: what is hidden of the one is hidden of the other.
#[test]
fn a_group_by_another_name_is_hidden_too() {
    let counts = [vec![2, 9], vec![12, 15], vec![20, 25]];
    let by_kind = |(mut groups, answer): Unit| {
        groups.push(usize::from(groups[0] > 0));
        (groups, answer)
    };
    let units = units(&counts).into_iter().map(by_kind);
    let (kinds, given) = sorted(units, &[3, 2]);
    let tally = Tally::new(&kinds, given, 2);
    let hidden = hide(&tally, &rules(LIMITS), &[]);
    assert_eq!(shown(&tally, &hidden, 0), [": : | 11", ": : | 27", "20 25 | 45"]);
    assert_eq!(shown(&tally, &hidden, 1), [": : | 11", ": : | 72"]);
}

#[test]
fn of_a_country_that_is_not_published_no_answer_stands_alone() {
    let counts = [vec![1, 20, 12], vec![1, 19, 30]];
    let (kinds, given) = sorted(units(&counts), &[2]);
    let tally = Tally::new(&kinds, given, 3);
    let hidden = hide(&tally, &rules(Disclosure { publish_national: false, ..LIMITS }), &[]);
    let in_country = (0..3).map(|answer| hidden.in_country(answer));
    assert_eq!(in_country.collect::<Vec<_>>(), [true, false, true]);
    let published = hide(&tally, &rules(LIMITS), &[]);
    assert!(!(0..3).any(|answer| published.in_country(answer)));
}

/// Returns by how much a count may vary for somebody who reads all that is shown.
fn latitude(tally: &Tally<'_>, hidden: &Hidden, place: &Place) -> f64 {
    let extreme = |direction| {
        let mut problem = Problem::new(direction);
        let answers = 0..=tally.outside();
        let variables: Vec<Vec<_>> = tally
            .kinds()
            .map(|kind| {
                let counted = tally.groups(kind)[place.division] == place.group;
                answers
                    .clone()
                    .map(|answer| {
                        let weight = f64::from(u8::from(counted && answer == place.answer));
                        problem.add_var(weight, (0.0, f64::INFINITY))
                    })
                    .collect()
            })
            .collect();
        for kind in tally.kinds() {
            let units: usize = answers.clone().map(|answer| tally.count(kind, answer)).sum();
            let all = variables[kind].iter().map(|variable| (*variable, 1.0));
            problem.add_constraint(all.collect::<Vec<_>>(), ComparisonOp::Eq, units as f64);
        }
        for (division, groups) in tally.counts().iter().enumerate() {
            for (group, counts) in groups.iter().enumerate() {
                for answer in answers.clone().filter(|a| !hidden.places[division][group][*a]) {
                    let inside =
                        tally.kinds().filter(|kind| tally.groups(*kind)[division] == group);
                    let sum = inside.map(|kind| (variables[kind][answer], 1.0));
                    let sum: Vec<_> = sum.collect();
                    problem.add_constraint(sum, ComparisonOp::Eq, counts[answer] as f64);
                }
            }
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    };
    extreme(OptimizationDirection::Maximize) - extreme(OptimizationDirection::Minimize)
}

/// Whether some exchange could make a count doubtful, were everything but the country hidden.
fn could_be_doubtful(tally: &Tally<'_>, place: Place) -> bool {
    let everything = tally.counts().iter().enumerate().map(|(division, groups)| {
        groups.iter().map(|counts| vec![division != COUNTRY; counts.len()]).collect()
    });
    let hidden = Hidden { places: everything.collect() };
    cheapest(tally, &prices(tally, &rules(LIMITS), &hidden), place, false)
        .is_some_and(|exchange| exchange.moves.len() > 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However units and answers fall, over three divisions that cut across each other, no small
    /// count can be solved for; and nothing is hidden where nothing is small.
    #[test]
    fn nothing_small_is_ever_known(
        units in proptest::collection::vec(
            ((0usize..4, 0usize..3, 0usize..2), proptest::option::of(0usize..3)), 20..90),
    ) {
        let units = units.into_iter().map(|((a, b, c), answer)| (vec![a, b, c], answer));
        let (kinds, given) = sorted(units, &[4, 3, 2]);
        let tally = Tally::new(&kinds, given, 3);
        let small = places(&tally, &too_small(&tally, &LIMITS));
        let hidden = hide(&tally, &rules(LIMITS), &[]);
        for place in &small {
            if could_be_doubtful(&tally, *place) {
                prop_assert!(latitude(&tally, &hidden, place) > 0.5, "{}", place.answer);
            }
        }
        prop_assert!(!small.is_empty() || hidden == too_small(&tally, &LIMITS));
    }
}

/// Hiding what is small and nothing else protects nobody: the same attack finds it.
#[test]
fn what_is_hidden_alone_is_known() {
    let counts = [vec![2, 20, 5], vec![9, 9, 9], vec![12, 14, 16]];
    let (kinds, given) = sorted(units(&counts), &[3]);
    let tally = Tally::new(&kinds, given, 3);
    let alone = too_small(&tally, &LIMITS);
    let small = places(&tally, &alone);
    assert_eq!(small.len(), 1);
    assert!(latitude(&tally, &alone, &small[0]) < 1e-6);
    assert!(latitude(&tally, &hide(&tally, &rules(LIMITS), &[]), &small[0]) > 0.5);
}
