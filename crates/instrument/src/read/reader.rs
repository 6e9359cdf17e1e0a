//! Reads values out of a file's tree and collects what is wrong with it.
//!
//! Every function that reads a part returns `None` where it has reported an error, and goes on
//! with the next part: a file is read to its end, whatever is wrong with it.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use super::yaml::{self, Content, Entry, Node};
use crate::rules::{self, Rule};
use crate::spelling::suggest;
use crate::{Diagnostic, InvalidId, Lang, Severity};

/// Reads the parts of one file.
pub struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// The languages that texts are written in, the one that they fall back on first.
    pub languages: Vec<Lang>,
    /// The texts that pipe something or have signs of Markdown, as they are read.
    pub(super) written: Vec<Written>,
    /// How many questions the texts that are being read can look back at.
    pub(super) looking_back: usize,
    /// Where in the rows of a list the texts stand that are being read.
    pub(super) in_rows: Option<InRows>,
    /// Whether what is wrong has been told: the questions of a list are read once for each row.
    pub(super) muted: bool,
    diagnostics: Vec<Diagnostic>,
}

/// One translation of a text that has to be looked at once all questions are known.
pub(super) struct Written {
    pub(super) lang: Lang,
    pub(super) node: Node,
    /// How many questions it can look back at; in a list, those before the list.
    pub(super) before: usize,
    /// Where it stands in the rows of a list.
    pub(super) in_rows: Option<InRows>,
}

/// A place in the rows of a list, which is the same in each of them.
#[derive(Clone, Copy)]
pub(super) struct InRows {
    /// The list, by the index of its question.
    pub(super) repeat: usize,
    /// How many questions of the row come before.
    pub(super) before: usize,
}

/// The fields of a mapping, after unknown ones have been reported.
#[derive(Clone, Copy)]
pub struct Fields<'n> {
    node: &'n Node,
    entries: &'n [Entry],
    what: &'n str,
}

impl<'a> Reader<'a> {
    /// Opens a file. There is no tree where it is not YAML.
    pub fn open(file: &'a str, text: &'a str) -> (Reader<'a>, Option<Node>) {
        let (node, diagnostics) = yaml::parse(file, text);
        let (languages, written) = (vec![], vec![]);
        let (looking_back, in_rows, muted) = (0, None, false);
        let reader =
            Reader { file, text, languages, written, looking_back, in_rows, muted, diagnostics };
        (reader, node)
    }

    /// Closes the file. The value is kept only where there is no error.
    pub fn close<T>(self, value: Option<T>) -> (Option<T>, Vec<Diagnostic>) {
        let failed = self.diagnostics.iter().any(|d| d.severity == Severity::Error);
        (value.filter(|_| !failed), self.diagnostics)
    }

    /// Returns the text of the file.
    pub fn source(&self) -> &'a str {
        self.text
    }

    /// Reports that a rule is broken.
    pub fn report<T>(
        &mut self,
        rule: &'static Rule,
        span: Range<usize>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Option<T> {
        if !self.muted {
            self.diagnostics.push(Diagnostic::new(rule, self.file, Some(span), message, hint));
        }
        None
    }

    /// Reads a mapping whose fields have fixed names. `what` names it, for instance `a question`.
    pub fn fields<'n>(
        &mut self,
        node: &'n Node,
        what: &'n str,
        known: &[&str],
    ) -> Option<Fields<'n>> {
        let fields = self.mapping(node, what)?;
        for Entry { key, key_span, .. } in fields.entries {
            if !known.contains(&key.as_str()) {
                let message = format!("{what} has no field `{key}`");
                let hint = suggest(key, known.iter().copied());
                self.report::<()>(rules::UNKNOWN_FIELD, key_span.clone(), message, hint);
            }
        }
        Some(fields)
    }

    /// Reads a mapping of whose fields nothing is known yet.
    pub fn mapping<'n>(&mut self, node: &'n Node, what: &'n str) -> Option<Fields<'n>> {
        match &node.content {
            Content::Mapping(entries) => Some(Fields { node, entries, what }),
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => {
                self.wrong_shape(node, &format!("{what} is written with fields"))
            }
        }
    }

    /// Reads a field that must be there.
    pub fn required<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        if fields.node.entry(name).is_none() {
            let message = format!("{} needs the field `{name}`", fields.what);
            return self.report(rules::MISSING_FIELD, fields.node.head(), message, None);
        }
        self.optional(fields, name, read)
    }

    /// Reads a field that may be left out. Returns `None` where it is, too.
    pub fn optional<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        let entry = fields.node.entry(name)?;
        if entry.value.content == Content::Null {
            let message = format!("the field `{name}` is empty");
            let hint = Some("fill it in or leave it out".to_owned());
            return self.report(rules::MISSING_FIELD, entry.key_span.clone(), message, hint);
        }
        read(self, &entry.value)
    }

    /// Reads a list that is not empty.
    pub fn list<'n, T>(
        &mut self,
        node: &'n Node,
        mut read: impl FnMut(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Content::Sequence(nodes) = &node.content else {
            return self
                .wrong_shape(node, "a list is needed: `[a, b]`, or lines that begin with `-`");
        };
        if nodes.is_empty() {
            return self.report(
                rules::NOTHING_INSIDE,
                node.span.clone(),
                "the list is empty",
                None,
            );
        }
        let values: Vec<Option<T>> = nodes.iter().map(|node| read(self, node)).collect();
        values.into_iter().collect()
    }

    /// Reads a mapping whose keys are names of the survey's own, not empty.
    pub fn entries<'n>(&mut self, node: &'n Node) -> Option<&'n [Entry]> {
        match &node.content {
            Content::Mapping(entries) if entries.is_empty() => {
                self.report(rules::NOTHING_INSIDE, node.span.clone(), "nothing stands inside", None)
            }
            Content::Mapping(entries) => Some(entries),
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => {
                self.wrong_shape(node, "names with their values are needed: `{ a: …, b: … }`")
            }
        }
    }

    /// Reads a single value as it was written.
    pub fn scalar<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        match &node.content {
            Content::Scalar(text) => Some(text),
            Content::Null | Content::Sequence(_) | Content::Mapping(_) => {
                self.wrong_shape(node, "a single value is needed")
            }
        }
    }

    /// Reads a name.
    pub fn name<T: FromStr<Err = InvalidId>>(&mut self, node: &Node) -> Option<T> {
        let text = self.scalar(node)?;
        self.name_in(text, &node.span)
    }

    /// Reads a name that must not have been `seen` before.
    pub fn new_name<T>(&mut self, node: &Node, seen: &mut BTreeSet<T>) -> Option<T>
    where
        T: FromStr<Err = InvalidId> + Ord + Clone + Display,
    {
        let name: T = self.name(node)?;
        if seen.insert(name.clone()) {
            return Some(name);
        }
        let message = format!("the name `{name}` is used twice");
        self.report(rules::DUPLICATE_NAME, node.span.clone(), message, None)
    }

    /// Reads the name that a key is.
    pub fn key<T: FromStr<Err = InvalidId>>(&mut self, entry: &Entry) -> Option<T> {
        self.name_in(&entry.key, &entry.key_span)
    }

    fn name_in<T: FromStr<Err = InvalidId>>(
        &mut self,
        text: &str,
        span: &Range<usize>,
    ) -> Option<T> {
        match text.parse() {
            Ok(name) => Some(name),
            Err(error) => self.report(rules::INVALID_NAME, span.clone(), error.to_string(), None),
        }
    }

    /// Reads one of a few words.
    pub fn word<T: Copy>(&mut self, node: &Node, words: &[(&str, T)]) -> Option<T> {
        let text = self.scalar(node)?;
        let known = words.iter().map(|(word, _)| *word);
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let message = format!("`{text}` cannot stand here");
        self.report(rules::UNKNOWN_WORD, node.span.clone(), message, suggest(text, known))
    }

    /// Reads `true` or `false`.
    pub fn flag(&mut self, node: &Node) -> Option<bool> {
        self.word(node, &[("true", true), ("false", false)])
    }

    /// Reads a whole number within bounds.
    pub fn integer(&mut self, node: &Node, bounds: RangeInclusive<i64>) -> Option<i64> {
        self.number(node, "a whole number", bounds)
    }

    /// Reads a number within bounds; it may have decimals.
    pub fn decimal(&mut self, node: &Node, bounds: RangeInclusive<f64>) -> Option<f64> {
        self.number(node, "a number", bounds)
    }

    fn number<T>(&mut self, node: &Node, what: &str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let text = self.scalar(node)?;
        let message = match text.parse() {
            Ok(number) if bounds.contains(&number) => return Some(number),
            Ok(_) => format!("`{text}` is not between {} and {}", bounds.start(), bounds.end()),
            Err(_) => format!("`{text}` is not {what}"),
        };
        let comma = text.contains(',').then(|| "decimals are written with a point".to_owned());
        self.report(rules::NOT_A_NUMBER, node.span.clone(), message, comma)
    }

    /// Reports a value that has another shape than it must have.
    pub fn wrong_shape<T>(&mut self, node: &Node, needed: &str) -> Option<T> {
        let found = match &node.content {
            Content::Null => "nothing",
            Content::Scalar(_) => "a single value",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "fields",
        };
        let message = format!("{needed}, but here is {found}");
        self.report(rules::WRONG_SHAPE, node.head(), message, None)
    }
}

impl<'n> Fields<'n> {
    /// Returns the value of a field, where it is there.
    pub fn get(&self, name: &str) -> Option<&'n Node> {
        self.node.get(name)
    }

    /// Returns the place that a message about all of the fields points to.
    pub fn head(&self) -> Range<usize> {
        self.node.head()
    }
}
