//! Open data: typed columns, tables for other programs, and what lies beside them.

use formats::{
    About, Audience, Cube, Dimension, Role, write_checksums, write_csv, write_json_stat,
    write_json_stat_collection, write_licence, write_parquet, write_questionnaire, write_readme,
    write_tables_csv,
};
use instrument::{Hash, Lang, Licence, RoundId, Text};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;

use crate::sample::{questionnaire, sample};

fn open(bytes: &[u8]) -> SerializedFileReader<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    SerializedFileReader::new(file).unwrap()
}

/// Returns a cell as the CSV file has it, apart from why it is empty.
fn cell(row: &Row, name: &str) -> Option<String> {
    let (_, field) = row.get_column_iter().find(|(column, _)| *column == name).expect(name);
    match field {
        Field::Null => None,
        Field::Str(text) => Some(text.clone()),
        Field::Long(number) => Some(number.to_string()),
        Field::Double(number) => Some(number.to_string()),
        Field::Bool(truth) => Some(u8::from(*truth).to_string()),
        other => Some(format!("{name} is {other}")),
    }
}

#[test]
fn parquet_holds_what_the_csv_file_holds() {
    let data = sample();
    for audience in [Audience::Internal, Audience::Public] {
        let mut csv = vec![];
        write_csv(&data, audience, &mut csv).unwrap();
        let bytes = write_parquet(&data, audience).unwrap();
        assert_eq!(bytes, write_parquet(&data, audience).unwrap(), "bytes differ between runs");
        let rows: Vec<Row> = open(&bytes).into_iter().map(Result::unwrap).collect();
        let mut reader = csv::Reader::from_reader(csv.as_slice());
        let head = reader.headers().unwrap().clone();
        for (row, record) in reader.records().enumerate() {
            for (name, expected) in head.iter().zip(&record.unwrap()) {
                assert_eq!(shown(&rows[row], name), unescaped(expected), "{name} of row {row}");
            }
        }
    }
}

/// Returns a cell as the CSV file shows it: the value, or the reason after a point.
fn shown(row: &Row, name: &str) -> String {
    cell(row, name).unwrap_or_else(|| {
        let columns = row.get_column_iter();
        let reasons = columns.filter_map(|(column, _)| column.strip_suffix(".missing"));
        let variable =
            reasons.filter(|variable| name.starts_with(variable)).max_by_key(|v| v.len());
        let column = format!("{}.missing", variable.unwrap());
        format!(".{}", cell(row, &column).unwrap())
    })
}

/// A text that looks like a code of the CSV file has one point more there, and only there.
fn unescaped(expected: &str) -> &str {
    if expected.starts_with("..") && expected != "..." { &expected[1..] } else { expected }
}

#[test]
fn parquet_says_that_answers_are_simulated_and_gives_the_public_what_is_open() {
    let bytes = write_parquet(&sample(), Audience::Public).unwrap();
    let reader = open(&bytes);
    let said = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let simulated = said.iter().find(|pair| pair.key == "runde.simulated").unwrap();
    assert_eq!(simulated.value.as_deref(), Some("true"));
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    assert!(names.contains(&"tolk"), "{names:?}");
    // `merknad` is internal, `kjennskap` for tables.
    assert!(!names.iter().any(|name| name.contains("merknad") || name.contains("kjennskap")));
}

#[test]
fn the_questionnaire_is_told_without_what_is_internal() {
    let (_, instrument) = questionnaire();
    insta::assert_snapshot!(
        "questionnaire.json",
        write_questionnaire(&instrument, Audience::Public)
    );
    let whole = write_questionnaire(&instrument, Audience::Internal);
    assert!(whole.contains("\"merknad\""));
}

fn text(words: &str) -> Text {
    Text::new(vec![(Lang::NB, words.to_owned())])
}

fn cube() -> Cube {
    let dimension = |name, role, codes: &[&str]| Dimension {
        name,
        title: text(name),
        role,
        categories: codes
            .iter()
            .map(|code| ((*code).to_owned(), text(&code.to_uppercase())))
            .collect(),
    };
    Cube {
        name: "tolk".to_owned(),
        title: text("Tolk"),
        source: text("Eieren"),
        updated: "2025-12-01T12:00:00Z".to_owned(),
        notes: vec![text("Simulerte svar")],
        dimensions: vec![
            dimension("round", Role::Time, &["2025"]),
            dimension("answer", Role::Classification, &["ja", "nei"]),
            dimension("measure", Role::Metric, &["value", "base"]),
        ],
        values: vec![Some(200.0 / 3.0), Some(3.0), None, None],
        impossible: vec![],
    }
}

/// Reads a value as JSON-stat defines its place: row-major over the sizes.
fn read(json_stat: &Value, codes: &[&str]) -> Option<f64> {
    let mut place = 0;
    for (id, code) in json_stat["id"].as_array().unwrap().iter().zip(codes) {
        let index = &json_stat["dimension"][id.as_str().unwrap()]["category"]["index"];
        let index = index.as_array().unwrap();
        place = place * index.len() + index.iter().position(|known| known == code).unwrap();
    }
    json_stat["value"][place].as_f64()
}

#[test]
fn json_stat_finds_each_value_at_its_place() {
    let written = write_json_stat(&cube(), Lang::NB);
    insta::assert_snapshot!("cube.json", written);
    let read_back: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(read(&read_back, &["2025", "ja", "value"]), Some(66.6667));
    assert_eq!(read(&read_back, &["2025", "ja", "base"]), Some(3.0));
    assert_eq!(read(&read_back, &["2025", "nei", "value"]), None);
    let list = write_json_stat_collection("Alt", &[("tolk.json".to_owned(), "Tolk".to_owned())]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["link"]["item"][0]["href"], "tolk.json");
}

#[test]
fn tables_are_rows_of_one_csv_file() {
    let written = write_tables_csv(&[cube()], Lang::NB, &[("simulated", "true")]).unwrap();
    assert_eq!(
        String::from_utf8(written).unwrap(),
        "table,title,round,round.text,answer,answer.text,value,base,simulated\n\
         tolk,Tolk,2025,2025,ja,JA,66.6667,3,true\n\
         tolk,Tolk,2025,2025,nei,NEI,,,true\n"
    );
}

#[test]
fn the_papers_name_the_licence_and_what_is_simulated() {
    let (survey, _) = questionnaire();
    let about = |licence, simulated| About {
        title: &survey.title,
        owner: &survey.owner,
        credits: &survey.credits,
        round: RoundId::new(2025).unwrap(),
        licence,
        simulated,
        counts: (371, 215),
        data: Hash::of("data"),
    };
    for (lang, says) in [(Lang::NB, "Svarene er simulert"), (Lang::EN, "The answers are simulated")]
    {
        let readme = write_readme(&about(Licence::CcBy40, true), lang);
        assert!(
            readme.contains(says) && readme.contains("371") && !readme.contains('{'),
            "{readme}"
        );
        assert!(!write_readme(&about(Licence::CcBy40, false), lang).contains(says));
    }
    let licence = write_licence(&about(Licence::Nlod20, true));
    assert!(licence.starts_with("SPDX-License-Identifier: NLOD-2.0\n"), "{licence}");
    let files = BTreeMap::from([("a".to_owned(), b"abc".to_vec())]);
    // The SHA-256 of "abc" is the example of FIPS 180-2, appendix B.1.
    assert_eq!(
        write_checksums(&files),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n"
    );
}
