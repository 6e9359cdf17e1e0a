//! The questionnaire in machine-readable form: JSON with the texts in all languages.

use instrument::{
    Check, Choice, Comparable, Condition, Instrument, Kind, Level, Order, Question, Release, Row,
    Section, Text,
};
use serde_json::{Map, Value, json};

use crate::Audience;

/// The version of the form; it changes when an older reader would misread the file.
const FORMAT: u32 = 1;

/// Returns a questionnaire as JSON: sections, pages, questions, options, routing and checks, as they
/// were asked. The public does not learn of internal questions.
pub fn write_questionnaire(instrument: &Instrument, audience: Audience) -> String {
    let sections = instrument.sections.iter();
    let questionnaire = json!({
        "format": FORMAT,
        "survey": instrument.survey.as_str(),
        "round": instrument.round.year(),
        "hash": instrument.hash.to_string(),
        "languages": instrument.languages.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sections": sections.map(|s| section(instrument, s, audience)).collect::<Vec<_>>(),
    });
    let mut json = serde_json::to_string_pretty(&questionnaire).expect("texts become JSON");
    json.push('\n');
    json
}

fn section(instrument: &Instrument, section: &Section, audience: Audience) -> Value {
    let pages = section.pages.iter().map(|page| {
        let questions = instrument.questions[page.questions.clone()].iter();
        let shown = questions.filter(|question| audience.sees_variable(question.release));
        // The questions of a list stand inside it, once for all rows.
        let shown = shown.filter(|question| question.row.is_none());
        json!({
            "title": page.title.as_ref().map(text),
            "questions": shown.map(|question| listed(instrument, question, audience)).collect::<Vec<_>>(),
        })
    });
    json!({
        "id": section.id.as_str(),
        "role": section.role.as_str(),
        "title": text(&section.title),
        "intro": section.intro.as_ref().map(text),
        "show_if": section.show_if.as_ref().map(|condition| &condition.source),
        "pages": pages.collect::<Vec<_>>(),
    })
}

/// Returns a question and, of a list, the questions of a row by the names that they have there.
fn listed(instrument: &Instrument, list: &Question, audience: Audience) -> Value {
    let mut written = question(list);
    let inside = instrument.questions.iter().filter(|inside| {
        inside
            .row
            .as_ref()
            .is_some_and(|of| of.row == 0 && instrument.questions[of.repeat].id == list.id)
    });
    let inside = inside.filter(|inside| audience.sees_variable(inside.release));
    let inside = inside.map(|inside| {
        let mut written = question(inside);
        if let (Value::Object(fields), Some(of)) = (&mut written, &inside.row) {
            fields.insert("id".to_owned(), json!(of.name.as_str()));
        }
        written
    });
    if let (Value::Object(fields), Kind::Repeat { .. }) = (&mut written, &list.kind) {
        fields.insert("questions".to_owned(), inside.collect());
    }
    written
}

fn question(question: &Question) -> Value {
    let mut written = json!({
        "id": question.id.as_str(),
        "kind": question.kind.name(),
        "text": text(&question.text),
        "help": question.help.as_ref().map(text),
        "instruction": question.instruction.as_ref().map(text),
        "show_if": question.show_if.as_ref().map(|condition| &condition.source),
        "required": question.required,
        "release": match question.release {
            Release::Open => "open",
            Release::Tables => "tables",
            Release::Internal => "internal",
        },
        "checks": question.checks.iter().map(check).collect::<Vec<_>>(),
        "trend": question.trend.as_ref().map(trend),
    });
    if let Value::Object(fields) = &mut written {
        add_answers(question, fields);
        if let Some(total) = &question.formula {
            fields.insert("total".to_owned(), json!(total.source));
        }
        if let Some(calculation) = &question.calculation {
            fields.insert("value".to_owned(), json!(calculation.source));
        }
        if question.asked_to_answer {
            fields.insert("asked_to_answer".to_owned(), json!(true));
        }
        if let Some(prefill) = &question.prefill {
            fields.insert("prefill".to_owned(), json!(prefill.source));
        }
        if let Some(reason) = &question.reason {
            fields.insert("reason".to_owned(), text(reason));
        }
        if !question.missing.is_empty() {
            let boxes = question.missing.iter();
            let boxes: Map<String, Value> =
                boxes.map(|(kind, words)| (kind.as_str().to_owned(), text(words))).collect();
            fields.insert("missing".to_owned(), Value::Object(boxes));
        }
    }
    written
}

/// Adds what can be answered.
fn add_answers(question: &Question, fields: &mut Map<String, Value>) {
    let (kind, listing) = (&question.kind, &question.listing);
    let mut add = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    if !kind.rows().is_empty() {
        let rows = kind.rows().iter().enumerate();
        add("rows", rows.map(|(place, r)| offered(row(r), &listing.rows, place)).collect());
    }
    if !kind.options().is_empty() {
        let options = kind.options().iter().enumerate();
        let options = options.map(|(place, o)| offered(option(o), &listing.options, place));
        add("options", options.collect());
    }
    if listing.order != Order::Fixed {
        add("order", json!(listing.order.as_str()));
    }
    match kind {
        Kind::SelectMultiple { min, max, .. } => {
            add("min", json!(min));
            add("max", json!(max));
        }
        Kind::Range { min, max, low, high } => {
            add("min", json!(min));
            add("max", json!(max));
            add("low", text(low));
            add("high", text(high));
        }
        Kind::Integer { min, max, unit } => {
            add("min", json!(min));
            add("max", json!(max));
            add("unit", json!(unit.as_ref().map(text)));
        }
        Kind::Decimal { min, max, unit } => {
            add("min", json!(min));
            add("max", json!(max));
            add("unit", json!(unit.as_ref().map(text)));
        }
        Kind::Year { min, max } => {
            add("min", json!(min));
            add("max", json!(max));
        }
        Kind::Text { max_length } | Kind::Multiline { max_length } => {
            add("max_length", json!(max_length));
        }
        Kind::File(rule) => {
            let types: Vec<&str> = rule.types.iter().map(|kind| kind.as_str()).collect();
            add("types", json!(types));
            add("max_megabytes", json!(rule.most / instrument::MEGABYTE));
        }
        Kind::Repeat { each, min, max } => {
            add("each", text(each));
            add("min", json!(min));
            add("max", json!(max));
        }
        Kind::Rank { top, .. } => {
            add("top", json!(top));
        }
        Kind::Distribution { unit, .. } => {
            add("unit", json!(unit.as_ref().map(text)));
        }
        Kind::Calculate { decimals, unit, .. } => {
            add("decimals", json!(decimals));
            add("unit", json!(unit.as_ref().map(text)));
        }
        Kind::Grid { several: true, .. } => {
            add("several", json!(true));
        }
        Kind::SelectOne { .. }
        | Kind::Grid { several: false, .. }
        | Kind::Shaped(_)
        | Kind::Consent { .. }
        | Kind::Note => {}
    }
}

/// Adds the condition under which an option or row is offered.
fn offered(mut written: Value, conditions: &[Option<Condition>], place: usize) -> Value {
    if let (Value::Object(fields), Some(Some(condition))) = (&mut written, conditions.get(place)) {
        fields.insert("show_if".to_owned(), json!(condition.source));
    }
    written
}

fn row(row: &Row) -> Value {
    json!({"code": row.code.as_str(), "text": text(&row.text)})
}

fn option(option: &Choice) -> Value {
    json!({
        "code": option.code.as_str(),
        "text": text(&option.text),
        "missing": option.missing.map(|missing| dataset::Missing::from(missing).as_str()),
        "exclusive": option.exclusive,
        "specify": option.specify.as_ref().map(text),
    })
}

fn check(check: &Check) -> Value {
    json!({
        "when": check.when.source,
        "level": match check.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        "message": text(&check.message),
    })
}

fn trend(trend: &instrument::Trend) -> Value {
    json!({
        "since": trend.since.year(),
        "comparable": match trend.comparable {
            Comparable::Yes => "yes",
            Comparable::No => "no",
            Comparable::WithNote => "with_note",
        },
        "was": trend.was.as_ref().map(instrument::QuestionId::as_str),
        "note": trend.note.as_ref().map(text),
    })
}

/// Returns a text by language.
fn text(text: &Text) -> Value {
    let by_language = text.iter().map(|(lang, text)| (lang.to_string(), Value::from(text)));
    Value::Object(by_language.collect())
}
