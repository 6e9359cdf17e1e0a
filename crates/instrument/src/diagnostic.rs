//! What `runde check` says of a file: code, place, message, hint.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::rules::Rule;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The survey cannot be used before it is mended.
    Error,
    /// It can be used, but probably does not do what was meant.
    Warning,
}

/// One statement about one place of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code under which the guide describes it, for instance `RQ0201`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The file, as a path relative to the survey's folder with `/` between its parts.
    pub file: String,
    /// The place in the file, in bytes; `None` where the file as a whole is meant.
    pub span: Option<Range<usize>>,
    /// What is wrong, for what input: one sentence without a final period.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Returns the statement that a rule is broken in `file`.
    pub fn new(
        rule: &'static Rule,
        file: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Diagnostic {
        let Rule { code, severity, title: _, remedy: _ } = *rule;
        Diagnostic { code, severity, file: file.to_owned(), span, message: message.into(), hint }
    }
}

/// The files that diagnostics point into, by the same names.
pub type Sources = BTreeMap<String, String>;
