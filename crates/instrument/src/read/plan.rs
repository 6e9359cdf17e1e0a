//! Reads `plan.yaml`.

use jiff::civil::Date;

use super::corrections::corrections;
use super::reader::Reader;
use super::yaml::{Content, Node};
use crate::plan::{Answered, ChangeRule, Disclosure, Estimator, ShareBase, Weighting};
use crate::rules;
use crate::{Diagnostic, Plan, Survey};

pub(crate) const FIELDS: &[&str] = &[
    "opens",
    "closes",
    "reminders",
    "answered",
    "base",
    "estimator",
    "weighting",
    "change",
    "disclosure",
    "embargo",
    "corrections",
];

/// The frame attributes that weighting cells can be made of.
const CELLS: [(&str, &str); 4] =
    [("size", "size"), ("centrality", "centrality"), ("county", "county"), ("kind", "kind")];

/// Reads the `plan.yaml` of a round. The value is there only where there is no error.
pub fn plan(file: &str, text: &str, survey: &Survey) -> (Option<Plan>, Vec<Diagnostic>) {
    let (mut reader, node) = Reader::open(file, text);
    reader.languages.clone_from(&survey.languages);
    let plan = node.as_ref().and_then(|node| read(&mut reader, node));
    reader.close(plan)
}

fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Plan> {
    let fields = reader.fields(node, "a plan", FIELDS)?;
    let opens = reader.required(fields, "opens", date);
    let closes = reader.required(fields, "closes", date);
    let reminders = match fields.get("reminders") {
        None => Some(vec![]),
        Some(node) if node.content == Content::Sequence(vec![]) => Some(vec![]),
        Some(_) => reader.optional(fields, "reminders", |reader, node| reader.list(node, date)),
    };
    let answered = reader.required(fields, "answered", answered);
    let base = reader.required(fields, "base", |reader, node| {
        reader.word(node, &[("answered", ShareBase::Answered), ("valid", ShareBase::Valid)])
    });
    let estimator = reader.required(fields, "estimator", |reader, node| {
        let words = [("unweighted", Estimator::Unweighted), ("weighted", Estimator::Weighted)];
        reader.word(node, &words)
    });
    let weighting = reader.required(fields, "weighting", weighting);
    let change = reader.required(fields, "change", change);
    let disclosure = reader.required(fields, "disclosure", disclosure);
    let embargo = reader.optional(fields, "embargo", date);
    let corrections = match fields.get("corrections") {
        None => Some(vec![]),
        Some(_) => reader.optional(fields, "corrections", corrections),
    };
    let plan = Plan {
        opens: opens?,
        closes: closes?,
        reminders: reminders?,
        answered: answered?,
        base: base?,
        estimator: estimator?,
        weighting: weighting?,
        change: change?,
        disclosure: disclosure?,
        embargo,
        corrections: corrections?,
    };
    reader.refuse_pipes();
    check_order(reader, node, &plan);
    Some(plan)
}

/// Reports days that do not follow each other as the work does.
fn check_order(reader: &mut Reader<'_>, node: &Node, plan: &Plan) {
    let span = |field| node.get(field).map_or(node.head(), |node| node.span.clone());
    if plan.closes < plan.opens {
        let message =
            format!("the round closes on {}, before it opens on {}", plan.closes, plan.opens);
        reader.report::<()>(rules::FIELD_PERIOD, span("closes"), message, None);
        return;
    }
    let field = plan.opens..=plan.closes;
    if let Some(outside) = plan.reminders.iter().find(|day| !field.contains(day)) {
        let message = format!("the reminder of {outside} is outside the field period");
        let hint = Some(format!("the round is open from {} to {}", plan.opens, plan.closes));
        reader.report::<()>(rules::REMINDERS, span("reminders"), message, hint);
    } else if !plan.reminders.is_sorted_by(|a, b| a < b) {
        let message = "reminders follow each other by date";
        reader.report::<()>(rules::REMINDERS, span("reminders"), message, None);
    }
    if plan.embargo.is_some_and(|embargo| embargo <= plan.closes) {
        let message = format!("the round is published before it closes on {}", plan.closes);
        reader.report::<()>(rules::EARLY_EMBARGO, span("embargo"), message, None);
    }
}

pub(crate) fn date(reader: &mut Reader<'_>, node: &Node) -> Option<Date> {
    let text = reader.scalar(node)?;
    // Only the ISO form: other forms of the same day would read differently to a person.
    match text.parse::<Date>() {
        Ok(date) if date.to_string() == text => Some(date),
        _ => {
            let message = format!("`{text}` is not a date");
            let hint = Some("a date is written year-month-day: 2025-10-02".to_owned());
            reader.report(rules::INVALID_DATE, node.span.clone(), message, hint)
        }
    }
}

fn answered(reader: &mut Reader<'_>, node: &Node) -> Option<Answered> {
    let fields = reader.fields(node, "`answered`", &["sections"])?;
    Some(Answered { sections: reader.required(fields, "sections", count)? })
}

fn weighting(reader: &mut Reader<'_>, node: &Node) -> Option<Weighting> {
    let fields = reader.fields(node, "`weighting`", &["cells", "smallest_cell"])?;
    let cells = reader.required(fields, "cells", |reader, node| {
        reader.list(node, |reader, node| reader.word(node, &CELLS).map(str::to_owned))
    });
    let smallest_cell = reader.required(fields, "smallest_cell", count);
    Some(Weighting { cells: cells?, smallest_cell: smallest_cell? })
}

fn change(reader: &mut Reader<'_>, node: &Node) -> Option<ChangeRule> {
    let fields = reader.fields(node, "`change`", &["level", "same_within"])?;
    let level = reader.required(fields, "level", |reader, node| reader.decimal(node, 0.0001..=0.5));
    let same_within = reader.required(fields, "same_within", points);
    Some(ChangeRule { level: level?, same_within: same_within? })
}

/// Reads a number of percentage points: `7 points`.
fn points(reader: &mut Reader<'_>, node: &Node) -> Option<f64> {
    let text = reader.scalar(node)?;
    let number = text.strip_suffix(" points").and_then(|number| number.parse::<f64>().ok());
    match number {
        Some(number) if (0.0..=100.0).contains(&number) => Some(number),
        _ => {
            let message = format!("`{text}` is not a number of percentage points");
            let hint = Some("for instance `7 points`".to_owned());
            reader.report(rules::NOT_A_NUMBER, node.span.clone(), message, hint)
        }
    }
}

fn disclosure(reader: &mut Reader<'_>, node: &Node) -> Option<Disclosure> {
    let known = ["smallest_base", "smallest_cell", "national"];
    let fields = reader.fields(node, "`disclosure`", &known)?;
    let smallest_base = reader.required(fields, "smallest_base", count);
    let smallest_cell = reader.required(fields, "smallest_cell", count);
    let publish_national = reader.required(fields, "national", |reader, node| {
        reader.word(node, &[("publish", true), ("suppress", false)])
    });
    Some(Disclosure {
        smallest_base: smallest_base?,
        smallest_cell: smallest_cell?,
        publish_national: publish_national?,
    })
}

fn count(reader: &mut Reader<'_>, node: &Node) -> Option<usize> {
    reader.integer(node, 1..=1_000_000).and_then(|count| usize::try_from(count).ok())
}
