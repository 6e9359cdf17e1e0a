//! Tables by groups of units.

use dataset::{Cell, Column, DataSet};
use estimate::Verdict;
use instrument::{Estimator, Lang};
use report::{
    Previous, RoundInput, Shown, TableBlock, TableCell, TableChange, TableError, TableRequest,
    table,
};

use crate::{WORLD, fixture};

fn input(with_previous: bool) -> RoundInput<'static> {
    let previous = Previous { data: &WORLD.before, overlap: fixture::overlap() };
    RoundInput {
        plan: &WORLD.plan,
        data: &WORLD.now,
        previous: with_previous.then_some(previous),
        reports: Default::default(),
        instrument: None,
        frame: None,
        published: vec![],
        coded: vec![],
        downloads: vec![],
        known: Default::default(),
        boundaries: None,
    }
}

/// Asks for one question, after `change` has said how.
fn ask(
    question: &str,
    change: impl FnOnce(&mut TableRequest<'_>),
) -> Result<Vec<TableBlock>, TableError> {
    let questions = [question.to_owned()];
    let mut request = TableRequest {
        questions: &questions,
        by: None,
        trend: false,
        estimator: None,
        of_population: false,
        lang: Lang::NB,
    };
    change(&mut request);
    table(&input(true), &request)
}

fn shown(cell: &TableCell) -> &Shown {
    match cell {
        TableCell::Shown(shown) => shown,
        TableCell::Withheld | TableCell::Nobody => unreachable!("nothing is shown: {cell:?}"),
    }
}

#[test]
fn the_first_lines_are_of_all_units() {
    let blocks = ask("tolk", |_| {}).unwrap();
    let rows = &blocks[0].rows;
    assert_eq!(blocks[0].title, "Har dere retningslinjer for bestilling og bruk av tolk?");
    let codes: Vec<&str> =
        rows.iter().map(|row| row.option.as_ref().unwrap().code.as_str()).collect();
    assert_eq!(codes, ["ja", "nei", "vet_ikke"]);
    // The fixture lets 139, 60 and 16 of 215 answer so.
    for (row, count) in rows.iter().zip([139.0, 60.0, 16.0]) {
        let shown = shown(&row.cell);
        assert_eq!(shown.n, 215);
        assert!((shown.value - 100.0 * count / 215.0).abs() < 1e-9);
    }
}

#[test]
fn change_is_told_with_its_test() {
    let rows = &ask("tolk", |request| request.trend = true).unwrap()[0].rows;
    let change = shown(&rows[0].cell).change.clone();
    let Some(TableChange::Tested { before, difference, verdict, .. }) = change else {
        unreachable!("it is comparable")
    };
    // 57 of 220 in 2021.
    assert!((before - 5_700.0 / 220.0).abs() < 1e-9);
    assert!((difference - (13_900.0 / 215.0 - 5_700.0 / 220.0)).abs() < 1e-9);
    assert_eq!(verdict, Verdict::Up);
    let rows = &ask("endret", |request| request.trend = true).unwrap()[0].rows;
    let Some(TableChange::None(why)) = &shown(&rows[0].cell).change else {
        unreachable!("`comparable: no` is refused")
    };
    assert!(why.contains("cannot be compared"), "{why}");
}

/// Counts by hand how many of a size class answered `tolk`, and how many said yes.
fn counted(data: &DataSet, class: &str) -> (usize, usize) {
    let (_, Column::Category(cells)) = data.variable("tolk").unwrap() else {
        unreachable!("a category")
    };
    let of_class = data.units.iter().zip(cells).filter(|(unit, _)| unit.size.as_str() == class);
    let answered: Vec<&Cell<u16>> = of_class
        .map(|(_, cell)| cell)
        .filter(|cell| matches!(cell, Cell::Valid(_) | Cell::Missing(dataset::Missing::DontKnow)))
        .collect();
    (answered.len(), answered.iter().filter(|cell| ***cell == Cell::Valid(0)).count())
}

#[test]
fn groups_are_counted_over_those_who_are_in_them() {
    let rows = &ask("tolk", |request| request.by = Some("size")).unwrap()[0].rows;
    let mut groups: Vec<&str> =
        rows.iter().filter_map(|row| row.group.as_ref()).map(|group| group.code.as_str()).collect();
    groups.dedup();
    assert_eq!(groups, ["under_5000", "fra_5000", "fra_20000"], "from the smallest");
    for class in groups {
        let (n, yes) = counted(&WORLD.now, class);
        let row = rows.iter().find(|row| row.group.as_ref().is_some_and(|g| g.code == class));
        let shown = shown(&row.unwrap().cell);
        assert_eq!(shown.n, n);
        assert!((shown.value - 100.0 * yes as f64 / n as f64).abs() < 1e-9, "{class}");
    }
}

#[test]
fn what_is_few_is_withheld_and_never_alone() {
    for by in ["county", "centrality", "size", "kind"] {
        for question in ["tolk", "mangfold", "veiledning", "utfordringer"] {
            for block in ask(question, |request| request.by = Some(by)).unwrap() {
                check_limits(&block);
            }
        }
    }
}

fn check_limits(block: &TableBlock) {
    let mut hidden = std::collections::BTreeMap::<&str, usize>::new();
    for row in block.rows.iter().filter(|row| row.group.is_some()) {
        match &row.cell {
            TableCell::Shown(shown) => {
                let count = (shown.value / 100.0 * shown.n as f64).round();
                assert!(
                    shown.n >= 10 && !(1.0..3.0).contains(&count),
                    "{}: {row:?}",
                    block.variable
                );
            }
            TableCell::Withheld => {
                *hidden.entry(row.option.as_ref().unwrap().code.as_str()).or_default() += 1;
            }
            TableCell::Nobody => {}
        }
    }
    // One alone would be the count of all units less the shown ones.
    assert!(hidden.values().all(|count| *count != 1), "{}: {hidden:?}", block.variable);
}

#[test]
fn shares_of_the_population_count_people() {
    let rows = &ask("tolk", |request| request.of_population = true).unwrap()[0].rows;
    let (_, Column::Category(cells)) = WORLD.now.variable("tolk").unwrap() else {
        unreachable!("a category")
    };
    let people = |wanted: &dyn Fn(&Cell<u16>) -> bool| -> f64 {
        let units = WORLD.now.units.iter().zip(cells).filter(|(_, cell)| wanted(cell));
        units.map(|(unit, _)| unit.population as f64).sum()
    };
    let yes = people(&|cell| *cell == Cell::Valid(0));
    let all =
        people(&|cell| matches!(cell, Cell::Valid(_) | Cell::Missing(dataset::Missing::DontKnow)));
    assert!((shown(&rows[0].cell).value - 100.0 * yes / all).abs() < 1e-9);
}

#[test]
fn numbers_are_told_by_their_mean_and_weights_are_asked_for() {
    let mean = |estimator| {
        let blocks = ask("bosatte", |request| request.estimator = estimator).unwrap();
        shown(&blocks[0].rows[0].cell).value
    };
    // 1, 2 … 215.
    assert!((mean(None) - 108.0).abs() < 1e-9);
    assert!((mean(Some(Estimator::Weighted)) - 108.0).abs() > 1e-3);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_do() {
    let refused = |question: &str, change: fn(&mut TableRequest<'_>)| {
        let error = ask(question, change).unwrap_err();
        format!("{error}; {}", error.hint.clone().unwrap_or_default())
    };
    for (question, change, expected) in [
        ("tulk", (|_| {}) as fn(&mut TableRequest<'_>), "no variable `tulk`; did you mean `tolk`?"),
        ("hemmelig", |_| {}, "release class is `internal`"),
        ("tolk", |request| request.by = Some("regions"), "nothing called `regions`"),
        ("tolk", |request| request.by = Some("utfordringer"), "does not divide"),
        (
            "tolk",
            |request| {
                request.by = Some("mangfold");
                request.trend = true;
            },
            "leave out --trend or --by",
        ),
    ] {
        let told = refused(question, change);
        assert!(told.contains(expected), "{told}");
    }
    let questions = ["tolk".to_owned()];
    let request = TableRequest {
        questions: &questions,
        by: None,
        trend: true,
        estimator: None,
        of_population: false,
        lang: Lang::NB,
    };
    assert!(table(&input(false), &request).is_err(), "there is no round before");
}
