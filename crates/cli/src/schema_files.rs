//! The published JSON Schema, made from the code, and held against surveys that are right.

use std::fs;
use std::path::{Path, PathBuf};

use instrument::schema;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema")
}

#[test]
fn the_published_schemas_are_as_the_code_is() {
    for (name, schema) in schema::all() {
        let file = folder().join(name);
        // As with golden files: the same switch renews them.
        if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&file, &schema).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap_or_default();
        assert!(written == schema, "docs/schema/{name} is stale: run `cargo xtask bless runde`");
        let _: Value = serde_json::from_str(&schema).unwrap();
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_kind_is_there() {
    for (name, schema) in schema::all() {
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let mut references = vec![];
        collect(&schema, &mut references);
        // A plan holds no texts and no parts that are named elsewhere.
        assert_eq!(references.is_empty(), name == "plan.schema.json", "{name}");
        for reference in references {
            let place = reference.trim_start_matches('#');
            assert!(schema.pointer(place).is_some(), "{name}: {reference} leads nowhere");
        }
    }
    let schema: Value = serde_json::from_str(&schema::questionnaire()).unwrap();
    let kinds = schema.pointer("/$defs/question/properties/kind/enum").unwrap();
    assert_eq!(kinds.as_array().unwrap().len(), instrument::KINDS.len());
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(target) if name == "$ref" => references.push(target.clone()),
                    _ => collect(inner, references),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
