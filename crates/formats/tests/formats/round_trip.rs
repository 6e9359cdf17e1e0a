//! A table and its codebook are the data set again, or an error says why not.

use dataset::DataSet;
use formats::{Audience, read_csv, write_codebook, write_csv};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::any::data_set;
use crate::sample::sample;

fn files(data: &DataSet, audience: Audience) -> (Vec<u8>, String) {
    let mut table = vec![];
    write_csv(data, audience, &mut table).unwrap();
    (table, write_codebook(data, audience))
}

/// Returns the data set with only those variables that are told unit by unit: open ones that tell nothing
/// of one that is not.
fn open(mut data: DataSet) -> DataSet {
    let told: Vec<bool> = (0..data.variables.len()).map(|index| data.is_open(index)).collect();
    let variables = std::mem::take(&mut data.variables).into_iter();
    let columns = std::mem::take(&mut data.columns);
    let kept = variables.zip(columns).zip(told).filter(|(_, told)| *told);
    (data.variables, data.columns) = kept.map(|(variable, _)| variable).unzip();
    data
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_teams_files_are_the_whole_data_set(data in data_set()) {
        let (table, codebook) = files(&data, Audience::Internal);
        prop_assert_eq!(read_csv(&table, &codebook).unwrap(), data);
    }

    #[test]
    fn the_public_files_are_the_open_part_of_it(data in data_set()) {
        let (table, codebook) = files(&data, Audience::Public);
        prop_assert_eq!(read_csv(&table, &codebook).unwrap(), open(data));
    }

    #[test]
    fn a_damaged_table_is_read_alike_or_refused(
        data in data_set(),
        damage in vec((any::<Index>(), any::<u8>(), any::<bool>()), 1..4),
    ) {
        let (mut table, codebook) = files(&data, Audience::Internal);
        for (place, byte, insert) in damage {
            let place = place.index(table.len());
            if insert { table.insert(place, byte) } else { table[place] = byte }
        }
        if let Ok(read) = read_csv(&table, &codebook) {
            prop_assert_eq!(read, data);
        }
    }

    #[test]
    fn a_damaged_codebook_makes_a_sound_data_set_or_is_refused(
        data in data_set(),
        damage in vec((any::<Index>(), any::<char>()), 1..4),
    ) {
        let (table, codebook) = files(&data, Audience::Internal);
        let mut codebook: Vec<char> = codebook.chars().collect();
        for (place, with) in damage {
            let place = place.index(codebook.len());
            codebook[place] = with;
        }
        if let Ok(read) = read_csv(&table, &String::from_iter(codebook)) {
            prop_assert_eq!(read.check(), Ok(()));
        }
    }

    #[test]
    fn anything_else_is_refused(table in any::<Vec<u8>>(), text in any::<String>()) {
        let (right, codebook) = files(&sample(), Audience::Internal);
        prop_assert!(read_csv(&table, &codebook).is_err());
        prop_assert!(read_csv(&right, &text).is_err());
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let (table, codebook) = files(&sample(), Audience::Internal);
    let table = String::from_utf8(table).unwrap();
    for (from, to, said) in [
        (
            "tolk,antall",
            "tolk,tolk",
            "the table has the column tolk 2 times, it must be there once",
        ),
        (",tolk,", ",tolken,", "the table has the column tolk 0 times, it must be there once"),
        (
            "complete,ja",
            "complete,kanskje",
            "line 2 of the table holds `kanskje` in the column tolk, which the codebook does not allow",
        ),
        (
            "complete,ja,12,1,1",
            "complete,ja,12,0,0",
            "line 2 of the table holds `0 0` in the column tiltak.kurs, which the codebook does not \
             allow",
        ),
        (
            "partial,.dont_know,.not_asked,.dont_know,.dont_know",
            "partial,.dont_know,.not_asked,.dont_know,1",
            "line 5 of the table holds `.dont_know 1` in the column tiltak.kurs, which the codebook \
             does not allow",
        ),
        (
            "0.1",
            "NaN",
            "line 2 of the table holds `NaN` in the column andel, which the codebook does not allow",
        ),
        (
            "030101,",
            "0300,",
            "table and codebook are not a data set: unit 0300 stands twice or out of order",
        ),
    ] {
        assert!(table.contains(from), "{from} in {table}");
        let error = read_csv(table.replacen(from, to, 1).as_bytes(), &codebook).unwrap_err();
        assert_eq!(error.to_string(), said);
    }
    let changed = read_csv(table.replacen(",12,", ",13,", 1).as_bytes(), &codebook).unwrap_err();
    assert!(changed.to_string().contains("that they were written from"), "{changed}");
    for (from, to, said) in [
        (
            "\"format\": 1",
            "\"format\": 2",
            "the codebook has format 2, this version of Runde reads 1; use a newer Runde",
        ),
        ("\"round\": 2025", "\"round\": 25", "the codebook cannot be read: `25` is no round"),
        (
            "\"missing\": \".dont_know\"",
            "\"missing\": \"dont_know\"",
            "the codebook cannot be read: `dont_know` is no kind of missing",
        ),
    ] {
        assert!(codebook.contains(from), "{from} in {codebook}");
        let error = read_csv(table.as_bytes(), &codebook.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.to_string(), said);
    }
}
