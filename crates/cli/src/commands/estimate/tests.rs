//! What a batch of requests is answered with, above all where something is wrong.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::answer;
use super::data::Library;
use super::request::Incoming;

const FILE: &str = "id,stratum,size,w,N,y,g,g1\n\
                    1,a,S,2,4,1,0,1\n2,a,S,2,4,3,1,1\n3,b,L,3,6,5,0,1\n4,b,L,3,6,,1,1\n5,c,L,1,1,2,1,1\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("few.csv"), FILE).expect("a file");
    folder
}

/// Answers one request about the file, with parts of it put in.
fn asked(design: &Value, spec: &Value) -> Value {
    let folder = folder();
    let mut library = Library::open(folder.path()).expect("a library");
    let request = json!({ "id": "r", "data": ["few"], "design": design, "spec": spec });
    let incoming: Incoming = serde_json::from_value(request).expect("any JSON is incoming");
    answer(&incoming, &mut library)
}

fn stratified() -> Value {
    json!({ "strata": ["stratum"], "weights": "w", "fpc": ["N"] })
}

#[test]
fn a_mean_is_answered_with_its_interval() {
    let answer = asked(&stratified(), &json!({ "fn": "mean", "x": ["g"] }));
    // (0 + 2 + 0 + 3 + 1) / 11; the deviations within a and b, stratum c is drawn whole.
    assert_eq!(answer["result"]["estimate"][0], json!(6.0 / 11.0));
    assert_eq!(answer["result"]["df"], json!(2.0));
}

#[test]
fn answers_come_in_the_words_of_the_request() {
    let answer = asked(&stratified(), &json!({ "fn": "total", "x": ["size"], "by": ["g"] }));
    let rows = answer["result"]["rows"].as_array().expect("rows");
    let stats: Vec<&str> = rows.iter().map(|row| row["stat"].as_str().unwrap_or("")).collect();
    // Without a schema, levels sort by code: L before S. All domains of a statistic before the next.
    assert_eq!(stats, ["sizeL", "sizeL", "sizeS", "sizeS"]);
    assert_eq!(rows[1]["by"], json!({ "g": 1 }));
    assert_eq!(rows[1]["estimate"], json!(4.0));
}

#[test]
fn errors_name_what_is_wrong_and_where() {
    let mean = |x: &str| json!({ "fn": "mean", "x": [x] });
    let with = |key: &str, value: Value| {
        let mut design = stratified();
        design[key] = value;
        design
    };
    for (design, spec, expected) in [
        (stratified(), mean("z"), "there is no `z` here"),
        (stratified(), mean("log(size)"), "`size` holds categories where numbers are needed"),
        (
            with("weights", json!("y")),
            mean("g"),
            "column y: row 4 has weight NaN: a weight must be a positive, finite number",
        ),
        (
            with("weights", json!("g")),
            mean("g"),
            "column g: row 1 has weight 0: a weight must be a positive, finite number",
        ),
        (
            json!({ "strata": ["stratum"], "fpc": ["g1"], "fpc_kind": "popsize" }),
            mean("g"),
            "column g1: stratum a holds 2 sampled units, but its size is 1",
        ),
        (
            with("fpc", json!(["id"])),
            mean("g"),
            "column id: stratum a has population size 1 and, in row 2, 2",
        ),
        (
            with("ids", json!(["g"])),
            mean("g"),
            "column g, row 3: the sampling unit lies in two strata; if unit names start anew in each stratum, set `nest`",
        ),
        (
            with("fpc", json!([])),
            mean("g"),
            "stratum c has a single sampling unit: merge it with a neighbour or choose `lonely_psu`",
        ),
        (
            stratified(),
            json!({ "fn": "mean", "x": ["g"], "subset": [{ "var": "size", "op": "==", "value": "M" }] }),
            "the domain is empty: no row is in it that has a value of all variables",
        ),
        (
            stratified(),
            json!({ "fn": "glm", "formula": "y ~ g + I(2 * g)" }),
            "the regression cannot be solved: its columns depend on each other",
        ),
        (
            stratified(),
            json!({ "fn": "glm", "formula": "g ~ log(g)" }),
            "`g ~ log(g)`: log(g) is infinite in row 1",
        ),
    ] {
        let answer = asked(&design, &spec);
        assert_eq!(answer["error"], json!(expected), "{design} {spec}");
    }
}

#[test]
fn unreadable_requests_are_answered_too() {
    let folder = folder();
    let mut library = Library::open(folder.path()).expect("a library");
    let requests = json!([{ "id": "a", "spec": { "fn": "meen" } }, 7, { "id": "c", "data": ["../few"], "spec": { "fn": "mean", "x": "y" } }]);
    let incoming: Vec<Incoming> = serde_json::from_value(requests).expect("an array");
    let answers: Vec<Value> = incoming.iter().map(|one| answer(one, &mut library)).collect();
    let error = |index: usize| answers[index]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error(0).contains("unknown variant `meen`"), "{}", error(0));
    assert!(error(1).contains("invalid type"), "{}", error(1));
    assert_eq!(error(2), "`../few.csv` lies outside the data folder");
}

#[test]
fn missing_values_give_no_number_unless_left_out() {
    let kept = asked(&stratified(), &json!({ "fn": "mean", "x": ["y", "g"] }));
    assert_eq!(kept["result"]["estimate"], json!([null, 6.0 / 11.0]));
    let removed = asked(&stratified(), &json!({ "fn": "mean", "x": ["y"], "na_rm": true }));
    // (2 * 1 + 2 * 3 + 3 * 5 + 2) / 8.
    assert_eq!(removed["result"]["estimate"], json!([25.0 / 8.0]));
}
