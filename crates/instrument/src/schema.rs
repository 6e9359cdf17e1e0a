//! The JSON Schema of the files of a survey, from which editors complete and check while one types.
//!
//! It is made from the same lists of fields that the files are read with, so that it cannot know a
//! field that `check` refuses, or miss one that it takes. What only `check` can see (names, codes,
//! conditions) is a plain text here.

use crate::KINDS;
use crate::read::fields as known;

/// Returns the schemas, each with the name of its file.
pub fn all() -> [(&'static str, String); 3] {
    [
        ("survey.schema.json", survey()),
        ("questionnaire.schema.json", questionnaire()),
        ("plan.schema.json", plan()),
    ]
}

/// Returns the schema of `survey.yaml`.
pub fn survey() -> String {
    let required = ["survey", "title", "owner", "languages", "roles", "size_classes", "credits"];
    document("survey.yaml", object(known::SURVEY, &required), &[])
}

/// Returns the schema of `plan.yaml`.
pub fn plan() -> String {
    let required: Vec<&str> = known::PLAN
        .iter()
        .copied()
        .filter(|field| !["reminders", "embargo", "corrections"].contains(field))
        .collect();
    document("plan.yaml", object(known::PLAN, &required), &[])
}

/// Returns the schema of `questionnaire.yaml`.
pub fn questionnaire() -> String {
    let names = KINDS.iter().map(|entry| text(entry.name)).collect();
    let mut question = vec![
        ("type", text("object")),
        ("required", texts(&["id", "kind"])),
        (
            "properties",
            Json::Object(vec![("kind", Json::Object(vec![("enum", Json::Array(names))]))]),
        ),
    ];
    question.push(("oneOf", Json::Array(KINDS.iter().map(|entry| kind(entry)).collect())));
    let parts = [
        ("question", Json::Object(question)),
        ("section", object(known::SECTION, &["id", "role", "title", "pages"])),
        ("page", object(known::PAGE, &["questions"])),
        ("check", object(known::CHECK, known::CHECK)),
        ("term", object(known::TERM, known::TERM)),
        ("trend", trend()),
        ("options", options(known::OPTION)),
        ("scale", options(known::SCALE_OPTION)),
        ("rows", options(known::ROW)),
    ];
    document("questionnaire.yaml", object(known::QUESTIONNAIRE, &["round", "sections"]), &parts)
}

/// One kind of question: its own fields beside those of every question.
fn kind(entry: &crate::KindEntry) -> Json {
    let fields = known::question(entry);
    let mut schema = object(&fields, &["id", "kind", "text"]);
    schema.replace("kind", Json::Object(vec![("const", text(entry.name))]));
    // Of an option it is one kind of missing; of a question, the text of the box for each.
    schema.replace("missing", map(reference("text")));
    match schema {
        Json::Object(mut parts) => {
            parts.insert(0, ("description", text(entry.about)));
            Json::Object(parts)
        }
        other => other,
    }
}

/// Where a question comes from: its options are old codes under new ones.
fn trend() -> Json {
    let mut trend = object(known::TREND, &["since", "comparable"]);
    trend.replace("options", map(list(typed(&["string"]))));
    trend
}

/// A list of options or rows: their codes with a text or with fields, or the name of a scale.
fn options(known: &[&'static str]) -> Json {
    let fields = object(known, &["text"]);
    let option = Json::Object(vec![("anyOf", Json::Array(vec![reference("text"), fields]))]);
    let codes = Json::Object(vec![("type", text("object")), ("additionalProperties", option)]);
    let scale = Json::Object(vec![("type", text("string"))]);
    Json::Object(vec![("anyOf", Json::Array(vec![codes, scale]))])
}

/// What can stand behind a field, by its name: the same name means the same everywhere.
fn shape(field: &str) -> Json {
    match field {
        "title" | "text" | "help" | "instruction" | "intro" | "message" | "note" | "unit"
        | "low" | "high" | "specify" | "reason" | "definition" | "owner" | "credits" | "agree"
        | "each" => reference("text"),
        "options" => reference("options"),
        "rows" => reference("rows"),
        "order" => choice(&["fixed", "sorted", "random"]),
        "sections" => list(reference("section")),
        "pages" => list(reference("page")),
        "questions" => list(reference("question")),
        "checks" => list(reference("check")),
        "trend" => reference("trend"),
        "terms" => map(reference("term")),
        "scales" => map(reference("scale")),
        "required" | "asked_to_answer" | "exclusive" | "several" => typed(&["boolean"]),
        "languages" | "reminders" | "cells" => list(typed(&["string"])),
        "roles" => list(object(known::ROLE, known::ROLE)),
        "size_classes" => list(object(known::SIZE_CLASS, known::SIZE_CLASS)),
        "plurals" => map(map(object(known::PLURAL, &[]))),
        "opens" | "closes" | "embargo" => Json::Object(vec![
            ("type", text("string")),
            ("pattern", text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")),
        ]),
        "types" => list(choice(&crate::FileType::ALL.map(crate::FileType::as_str))),
        "max_megabytes" => typed(&["integer"]),
        "level" => choice(&["error", "warning"]),
        "missing" => choice(&["dont_know", "not_relevant", "will_not_answer"]),
        "comparable" => choice(&["yes", "no", "with_note"]),
        "release" => choice(&["open", "tables", "internal"]),
        "licence" => choice(&["CC-BY-4.0", "NLOD-2.0"]),
        "address" => typed(&["string"]),
        "base" => choice(&["answered", "valid"]),
        "estimator" => choice(&["unweighted", "weighted"]),
        // Numbers, names and conditions, and mappings of a few fields: `check` knows more of them.
        _ => Json::Object(vec![]),
    }
}

fn object(fields: &[&'static str], required: &[&str]) -> Json {
    let properties = fields.iter().map(|field| (*field, shape(field))).collect();
    Json::Object(vec![
        ("type", text("object")),
        ("required", texts(required)),
        ("additionalProperties", Json::Bool(false)),
        ("properties", Json::Object(properties)),
    ])
}

/// A whole schema, with what its parts refer to.
fn document(file: &str, root: Json, parts: &[(&'static str, Json)]) -> String {
    let Json::Object(root) = root else { return String::new() };
    let mut whole = vec![
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("title", text(file)),
    ];
    whole.extend(root);
    let languages =
        Json::Object(vec![("type", text("object")), ("additionalProperties", typed(&["string"]))]);
    let one = typed(&["string", "number", "boolean"]);
    let words = Json::Object(vec![
        ("description", text("A text by language, or the text where the survey has one language")),
        ("anyOf", Json::Array(vec![languages, one])),
    ]);
    let mut definitions = vec![("text", words)];
    definitions.extend(parts.iter().cloned());
    whole.push(("$defs", Json::Object(definitions)));
    let mut out = String::new();
    Json::Object(whole).write(0, &mut out);
    out.push('\n');
    out
}

/// The little of JSON that a schema needs.
#[derive(Clone)]
enum Json {
    Bool(bool),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn texts(all: &[&str]) -> Json {
    Json::Array(all.iter().map(|one| text(one)).collect())
}

fn typed(types: &[&str]) -> Json {
    Json::Object(vec![("type", if let [one] = types { text(one) } else { texts(types) })])
}

fn choice(words: &[&str]) -> Json {
    Json::Object(vec![("enum", texts(words))])
}

fn list(items: Json) -> Json {
    Json::Object(vec![("type", text("array")), ("items", items)])
}

fn map(values: Json) -> Json {
    Json::Object(vec![("type", text("object")), ("additionalProperties", values)])
}

fn reference(part: &str) -> Json {
    Json::Object(vec![("$ref", Json::Text(format!("#/$defs/{part}")))])
}

impl Json {
    /// Replaces what stands behind a field of an object's schema.
    fn replace(&mut self, field: &str, schema: Json) {
        if let Json::Object(parts) = self
            && let Some((_, Json::Object(properties))) =
                parts.iter_mut().find(|(name, _)| *name == "properties")
            && let Some((_, place)) = properties.iter_mut().find(|(name, _)| *name == field)
        {
            *place = schema;
        }
    }

    fn write(&self, depth: usize, out: &mut String) {
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        match self {
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Text(text) => write_text(text, out),
            Json::Array(items) => {
                out.push('[');
                for (place, item) in items.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { "," });
                    out.push_str(&line(depth + 1));
                    item.write(depth + 1, out);
                }
                out.push_str(&if items.is_empty() { String::new() } else { line(depth) });
                out.push(']');
            }
            Json::Object(entries) => {
                out.push('{');
                for (place, (name, value)) in entries.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { "," });
                    out.push_str(&line(depth + 1));
                    write_text(name, out);
                    out.push_str(": ");
                    value.write(depth + 1, out);
                }
                out.push_str(&if entries.is_empty() { String::new() } else { line(depth) });
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
}
