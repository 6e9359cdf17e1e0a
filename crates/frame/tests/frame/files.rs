//! Whole files: the frames that the flagship survey ships, the same as Excel saves them, and
//! whatever else a file may hold.

use std::fs;

use frame::{Frame, UnitKind, changes, frame, rules};
use instrument::{Diagnostic, RoundId, Sources, render};
use proptest::prelude::*;

const FLAGSHIP: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../surveys/kommuneundersokelsen/frame");
const HEADER: &str = "id,name,kind,parent,county_id,county,population,centrality,kostra_group,\
    language_form,sami_area,lon,lat\n";

fn sound(text: &str) -> Frame {
    let (frame, said) = frame("frame.csv", text, RoundId::new(2025).unwrap());
    assert_eq!(said, vec![]);
    frame.unwrap()
}

#[test]
fn the_flagship_frames_hold_every_municipality_and_district() {
    // 356 municipalities and 15 districts of Oslo; in 2024 Ålesund was split in two.
    for (year, units) in [(2021, 371), (2023, 371), (2025, 372)] {
        let frame = sound(&fs::read_to_string(format!("{FLAGSHIP}/{year}.csv")).unwrap());
        assert_eq!(frame.units.len(), units, "{year}");
        let districts = frame.units.iter().filter(|unit| unit.kind == UnitKind::District);
        assert_eq!(districts.count(), 15, "{year}");
    }
}

#[test]
fn a_frame_may_come_with_a_mark_carriage_returns_quotes_and_columns_of_its_own() {
    let text = fs::read_to_string(format!("{FLAGSHIP}/2025.csv")).unwrap();
    let quoted = |line: &str| format!("extra,\"{}\"\r\n", line.replace(',', " \",\""));
    let saved: String = text.lines().map(quoted).collect();
    assert_eq!(sound(&format!("\u{feff}{saved}")).units, sound(&text).units);
}

#[test]
fn a_file_that_is_far_off_is_not_read_to_its_end() {
    for text in [format!("{HEADER}{}", "x\n".repeat(1_000_000)), "x".repeat(17 << 20)] {
        let (value, said) = frame("frame.csv", &text, RoundId::new(2025).unwrap());
        assert_eq!(value, None);
        assert_eq!(said.last().unwrap().code, rules::TOO_MUCH.code);
        assert!(said.len() <= 201, "{} diagnostics", said.len());
    }
}

/// Reads a text as both kinds of file, and shows what is said of it.
fn read_as_both(text: &str) -> Result<(), TestCaseError> {
    let (frame, mut said) = frame("frame.csv", text, RoundId::new(2025).unwrap());
    prop_assert_eq!(frame.is_some(), said.is_empty());
    let (changes, more) = changes("frame.csv", text);
    prop_assert_eq!(changes.is_some(), more.is_empty());
    said.extend(more);
    for Diagnostic { span, .. } in &said {
        prop_assert!(span.clone().is_none_or(|span| text.get(span).is_some()), "{:?}", span);
    }
    let sources = Sources::from([("frame.csv".to_owned(), text.to_owned())]);
    prop_assert_eq!(render(&said, &sources, false).is_empty(), said.is_empty());
    Ok(())
}

fn cell() -> impl Strategy<Value = String> {
    let words = ["0301", "030101", "municipality", "district", "1", "0", "nynorsk", "6.1", ""];
    let words = words.map(str::to_owned).to_vec();
    prop_oneof![6 => proptest::sample::select(words), 1 => any::<String>(), 1 => "[\"\r\n,;]{0,4}"]
}

proptest! {
    #[test]
    fn whatever_stands_in_a_file_it_is_read_or_diagnosed(text in any::<String>()) {
        read_as_both(&text)?;
    }

    #[test]
    fn whatever_stands_in_a_row_it_is_read_or_diagnosed(
        rows in proptest::collection::vec(proptest::collection::vec(cell(), 11..15), 0..5),
        mark in any::<bool>(),
    ) {
        let rows: String = rows.iter().map(|row| format!("{}\n", row.join(","))).collect();
        read_as_both(&format!("{}{HEADER}{rows}", if mark { "\u{feff}" } else { "" }))?;
    }
}
