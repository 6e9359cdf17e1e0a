//! Reads the `corrections` of a plan.

use super::plan::date;
use super::reader::Reader;
use super::yaml::Node;
use crate::plan::{CorrectedFigure, Correction};

/// Reads what was corrected after publication, and puts the earliest first.
pub(super) fn corrections(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Correction>> {
    let mut corrections = reader.list(node, correction)?;
    corrections.sort_by_key(|correction| correction.date);
    Some(corrections)
}

fn correction(reader: &mut Reader<'_>, node: &Node) -> Option<Correction> {
    let fields = reader.fields(node, "a correction", &["date", "reason", "figures"])?;
    let date = reader.required(fields, "date", date);
    let reason = reader.required(fields, "reason", Reader::text);
    let figures = match fields.get("figures") {
        None => Some(vec![]),
        Some(_) => reader.optional(fields, "figures", |reader, node| reader.list(node, figure)),
    };
    Some(Correction { date: date?, reason: reason?, figures: figures? })
}

fn figure(reader: &mut Reader<'_>, node: &Node) -> Option<CorrectedFigure> {
    let fields = reader.fields(node, "a corrected figure", &["id", "option", "was"])?;
    let word = |reader: &mut Reader<'_>, node: &Node| reader.scalar(node).map(str::to_owned);
    let id = reader.required(fields, "id", word);
    let option = match fields.get("option") {
        None => Some(String::new()),
        Some(_) => reader.optional(fields, "option", word),
    };
    let was = reader.required(fields, "was", |reader, node| reader.decimal(node, -1e15..=1e15));
    Some(CorrectedFigure { id: id?, option: option?, was: was? })
}
