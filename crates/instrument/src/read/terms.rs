//! Reads the definitions of terms.

use std::collections::BTreeSet;

use super::fields;
use super::reader::Reader;
use super::yaml::Node;
use crate::rules;
use crate::{Code, Term};

/// Reads the field `terms`: each code with its word and its definition.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Term>> {
    let entries = reader.entries(node)?;
    let terms: Vec<Option<Term>> = entries
        .iter()
        .map(|entry| {
            let code: Option<Code> = reader.key(entry);
            let fields = reader.fields(&entry.value, "a term", fields::TERM)?;
            let text = reader.required(fields, "text", Reader::text);
            let definition = reader.required(fields, "definition", Reader::text);
            Some(Term { code: code?, text: text?, definition: definition? })
        })
        .collect();
    terms.into_iter().collect()
}

/// Reports terms that no text links to, once every text has been read.
pub(super) fn check(reader: &mut Reader<'_>, terms: &[Term], node: Option<&Node>) {
    let known: Vec<&str> = terms.iter().map(|term| term.code.as_str()).collect();
    reader.check_terms(&known);
    let Some(node) = node else { return };
    let mut linked = BTreeSet::new();
    for written in &reader.written {
        if let super::yaml::Content::Scalar(text) = &written.node.content {
            linked.extend(crate::markup::terms(text));
        }
    }
    for term in terms.iter().filter(|term| !linked.contains(term.code.as_str())) {
        let span = node.entry(term.code.as_str()).map_or(node.head(), |e| e.key_span.clone());
        let message = format!("no text links to the term `{}`", term.code);
        let hint = Some(format!("link to it: `[{}](term:{})`", term.code, term.code));
        reader.report::<()>(rules::UNUSED_TERM, span, message, hint);
    }
}
