//! Secondary suppression: what must be withheld lest a withheld count be worked out.
//!
//! The counts of a table of groups and answers add up: over the groups to the count of all units,
//! which is shown, and over the answers to the group's base where each unit gives one answer. A
//! withheld count is then the difference of shown ones exactly where its edge is a bridge of the
//! graph that joins groups and answers by the withheld counts (Gusfield 1988, SIAM Journal on
//! Computing 17).

/// A cell: its group and its answer.
type Place = (usize, usize);

/// What it costs to withhold a zero, which hides little: it serves where there is nothing else.
const ZERO: usize = 1_000_000;

/// Returns which cells to withhold: `hidden`, and others of small counts, so that no withheld count is
/// determined. `adds_up` says whether each unit gives one answer. Where there is a single group, its
/// counts are those of all units and nothing can stand beside them.
pub(super) fn complemented(
    mut hidden: Vec<Vec<bool>>,
    counts: &[Vec<usize>],
    adds_up: bool,
) -> Vec<Vec<bool>> {
    let places: Vec<Place> = (0..hidden.len())
        .flat_map(|group| (0..hidden[group].len()).map(move |answer| (group, answer)))
        .collect();
    for place in &places {
        if !hidden[place.0][place.1] {
            continue;
        }
        let cost = |(group, answer): Place| match (hidden[group][answer], counts[group][answer]) {
            (true, _) => 0,
            (false, 0) => ZERO,
            (false, count) => count,
        };
        let company = match adds_up {
            true => cheapest_circle(&places, *place, cost),
            false => cheapest_in_column(&places, *place, cost).into_iter().collect(),
        };
        for (group, answer) in company {
            hidden[group][answer] = true;
        }
    }
    hidden
}

/// Returns the cell in the same column that costs least.
fn cheapest_in_column(
    places: &[Place],
    alone: Place,
    cost: impl Fn(Place) -> usize,
) -> Option<Place> {
    let column = places.iter().filter(|place| place.1 == alone.1 && **place != alone);
    column.copied().min_by_key(|place| (cost(*place), *place))
}

/// Returns the cells that lead from the group of `bridge` to its answer without it and cost least
/// (Bellman and Ford). Those of a circle that is withheld already cost nothing.
fn cheapest_circle(places: &[Place], bridge: Place, cost: impl Fn(Place) -> usize) -> Vec<Place> {
    let sides =
        places.iter().fold((0, 0), |size, place| (size.0.max(place.0), size.1.max(place.1)));
    // The cost of the cheapest way to each group and answer, and its last cell.
    let mut groups: Vec<Option<(usize, Option<Place>)>> = vec![None; sides.0 + 1];
    let mut answers = vec![None; sides.1 + 1];
    groups[bridge.0] = Some((0, None));
    let cheaper =
        |old: Option<(usize, Option<Place>)>, new: usize| old.is_none_or(|(cost, _)| new < cost);
    let mut changed = true;
    while changed {
        changed = false;
        for place in places.iter().copied().filter(|place| *place != bridge) {
            let (group, answer) = place;
            if let Some((before, _)) = groups[group]
                && cheaper(answers[answer], before + cost(place))
            {
                answers[answer] = Some((before + cost(place), Some(place)));
                changed = true;
            }
            if let Some((before, _)) = answers[answer]
                && cheaper(groups[group], before + cost(place))
            {
                groups[group] = Some((before + cost(place), Some(place)));
                changed = true;
            }
        }
    }
    let mut way = vec![];
    let mut at_answer = true;
    let mut last = answers[bridge.1];
    while let Some((_, Some(place))) = last {
        way.push(place);
        at_answer = !at_answer;
        last = if at_answer { answers[place.1] } else { groups[place.0] };
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: &[&[usize]], limit: usize, adds_up: bool, expected: &[&[bool]]) {
        let counts: Vec<Vec<usize>> = counts.iter().map(|row| row.to_vec()).collect();
        let small = |count: &usize| (1..limit).contains(count);
        let hidden = counts.iter().map(|row| row.iter().map(small).collect()).collect();
        let found = complemented(hidden, &counts, adds_up);
        assert_eq!(found, expected.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_small_withholds_nothing() {
        check(&[&[5, 6], &[7, 8]], 3, true, &[&[false, false], &[false, false]]);
    }

    #[test]
    fn a_single_small_count_takes_a_rectangle_with_it() {
        // 2 is the base less 9, and all units less 8: three more must go.
        check(&[&[2, 9], &[8, 7]], 3, true, &[&[true, true], &[true, true]]);
        check(
            &[&[2, 9, 20], &[8, 7, 30], &[40, 50, 60]],
            3,
            true,
            &[&[true, true, false], &[true, true, false], &[false, false, false]],
        );
    }

    #[test]
    fn answers_that_do_not_add_up_need_company_in_their_column_alone() {
        check(&[&[2, 9], &[8, 7]], 3, false, &[&[true, false], &[true, false]]);
    }

    #[test]
    fn a_count_that_joins_two_circles_gets_a_circle_of_its_own() {
        // Rows 0-1 with columns 0-1, and rows 2-3 with columns 2-3, are circles; (1, 2) joins them and
        // would be known from the sums of either.
        let mut hidden = vec![vec![false; 4]; 4];
        let circles = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)];
        for (group, answer) in circles.into_iter().chain([(1, 2)]) {
            hidden[group][answer] = true;
        }
        let found = complemented(hidden, &vec![vec![9; 4]; 4], true);
        let joined = (0..4).flat_map(|group| (0..4).map(move |answer| (group, answer)));
        let joins = |(group, answer): &(usize, usize)| (*group < 2) != (*answer < 2);
        let count = joined.filter(joins).filter(|(g, a)| found[*g][*a]).count();
        assert_eq!(count, 2);
    }

    #[test]
    fn a_zero_is_withheld_where_nothing_else_is_left() {
        check(&[&[1, 9], &[0, 7]], 3, false, &[&[true, false], &[true, false]]);
        check(
            &[&[1, 9], &[0, 7], &[5, 5]],
            3,
            false,
            &[&[true, false], &[false; 2], &[true, false]],
        );
    }
}
