//! Writing and reading: any data set, and any bytes.

use dataset::{Cell, CodecError, Column, DataSet, Flaw, Missing, decode, encode};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::any::data_set;

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_written_alike(data in data_set()) {
        prop_assert_eq!(data.check(), Ok(()));
        let bytes = encode(&data);
        let read = decode(&bytes).unwrap();
        prop_assert_eq!(&read, &data);
        prop_assert!(encode(&read) == bytes);
        prop_assert_eq!(read.hash(), data.hash());
    }

    #[test]
    fn bytes_are_a_sound_data_set_or_an_error(bytes in any::<Vec<u8>>()) {
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn damaged_bytes_are_a_sound_data_set_or_an_error(
        data in data_set(),
        damage in proptest::collection::vec((any::<Index>(), any::<u8>(), 0..3u8), 1..4),
    ) {
        let mut bytes = encode(&data);
        for (place, byte, how) in damage {
            let place = place.index(bytes.len().max(1));
            match how {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                _ => bytes.truncate(place.max(1)),
            }
        }
        if let Ok(read) = decode(&bytes) {
            prop_assert_eq!(read.check(), Ok(()));
        }
    }
}

/// One data set of each kind of column with a unit to spare.
fn sample() -> DataSet {
    let mut runner = TestRunner::deterministic();
    let wanted = data_set().prop_filter("a multiple choice and two units", |data| {
        let multiple = data.columns.iter().any(|c| matches!(c, Column::Categories(_)));
        data.units.len() > 1 && multiple
    });
    wanted.new_tree(&mut runner).unwrap().current()
}

/// Changes the sample and returns why it is no longer a data set, by its bytes too.
fn flaw(change: impl Fn(&mut DataSet, usize)) -> Flaw {
    let mut data = sample();
    let multiple = data.columns.iter().position(|c| matches!(c, Column::Categories(_))).unwrap();
    change(&mut data, multiple);
    let flaw = data.check().unwrap_err();
    match decode(&encode(&data)) {
        Err(CodecError::Shape(read)) => assert_eq!(read, flaw),
        // `encode` pairs variables and columns, so that their number cannot differ in bytes.
        other => assert!(matches!(flaw, Flaw::Columns { .. }), "{other:?}"),
    }
    flaw
}

#[test]
fn each_promise_is_checked() {
    let cells = |cells: Vec<Cell<Vec<u16>>>| {
        move |data: &mut DataSet, at: usize| {
            let mut cells = cells.clone();
            cells.resize(data.units.len(), Cell::Missing(Missing::NotAsked));
            data.columns[at] = Column::Categories(cells);
        }
    };
    let name = |at: usize| Flaw::Column(sample().variables[at].name.clone());
    let multiple =
        sample().columns.iter().position(|c| matches!(c, Column::Categories(_))).unwrap();
    // An option that is not there, an empty set, and a set that names an option twice.
    for places in [vec![9], vec![], vec![0, 0]] {
        assert_eq!(flaw(cells(vec![Cell::Valid(places)])), name(multiple));
    }
    // A kind of missing that passes for a value.
    let passes = |data: &mut DataSet, at: usize| {
        data.variables[at].options[0].missing = Some(Missing::DontKnow);
        cells(vec![Cell::Valid(vec![0])])(data, at);
    };
    assert_eq!(flaw(passes), name(multiple));
    assert_eq!(flaw(|data, at| data.columns[at] = Column::Categories(vec![])), name(multiple));
    let twice = |data: &mut DataSet, at: usize| {
        data.variables.push(data.variables[at].clone());
        data.columns.push(data.columns[at].clone());
    };
    assert_eq!(flaw(twice), Flaw::Variable(sample().variables[multiple].name.clone()));
    let first = sample().units[0].id.to_string();
    assert_eq!(flaw(|data, _| data.units.swap(0, 1)), Flaw::Unit(first.clone()));
    assert_eq!(flaw(|data, _| data.units[1] = data.units[0].clone()), Flaw::Unit(first));
    let (columns, variables) = (sample().columns.len() - 1, sample().variables.len());
    let fewer = flaw(|data, _| drop(data.columns.pop()));
    assert_eq!(fewer, Flaw::Columns { columns, variables });
    // The kind is that of the column, which bytes hold once.
    let mut data = sample();
    data.columns[multiple] = Column::Text(vec![Cell::Valid("a".into()); data.units.len()]);
    assert_eq!(data.check(), Err(name(multiple)));
}

#[test]
fn a_newer_format_is_named_whatever_else_it_holds() {
    let error = decode(br#"{"format": 2, "columns": "elsewhere"}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the data set has format 2, this version of Runde reads 1; use a newer Runde"
    );
}

#[test]
fn deep_and_wrong_json_is_refused() {
    for bytes in ["[".repeat(100_000), "{\"format\":".repeat(100_000), "null".into(), "".into()] {
        assert!(matches!(decode(bytes.as_bytes()), Err(CodecError::Json(_))));
    }
}
