//! YAML as a tree in which every part knows its place.
//!
//! Scalars stay the text that was written: `yes`, `0301` and `2021` mean what the field that they
//! stand in says they mean. Anchors, aliases and tags are refused: a questionnaire has named scales
//! for what is said twice, and what cannot be expanded cannot explode.

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, StrInput};

use crate::Diagnostic;
use crate::rules;

/// The largest file: several times a questionnaire of a thousand questions in three languages.
pub const MAX_BYTES: usize = 4 << 20;

/// The most parts of a file, counting every key and value.
const MAX_NODES: usize = 500_000;

/// The deepest nesting of blocks, and of brackets; a questionnaire needs ten levels.
const MAX_DEPTH: usize = 32;

/// A part of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub content: Content,
    /// Its place in the file, in bytes.
    pub span: Range<usize>,
}

/// What a part of a file is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing: an empty value, `~` or `null`.
    Null,
    /// A text, a number or a word, as it was written.
    Scalar(String),
    /// `- a`, or `[a, b]`.
    Sequence(Vec<Node>),
    /// `a: b`, or `{ a: b }`.
    Mapping(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The place of the key, in bytes.
    pub key_span: Range<usize>,
    /// What stands behind it.
    pub value: Node,
}

impl Node {
    /// Returns the value that stands behind a key; `None` where there is none, or no mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns a key with its value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Mapping(entries) => entries.iter().find(|entry| entry.key == key),
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => None,
        }
    }

    /// Returns where a message about the whole of it points: its first line.
    pub fn head(&self) -> Range<usize> {
        match &self.content {
            Content::Null | Content::Scalar(_) => self.span.clone(),
            Content::Sequence(nodes) => nodes.first().map_or(self.span.clone(), Node::head),
            Content::Mapping(entries) => match entries.first() {
                Some(Entry { key_span, value, .. }) => match &value.content {
                    Content::Scalar(_) => key_span.start..value.span.end,
                    Content::Null | Content::Sequence(_) | Content::Mapping(_) => key_span.clone(),
                },
                None => self.span.clone(),
            },
        }
    }

    /// Returns the place in the file of a part of a scalar's text; the whole scalar where its text
    /// was not written as it reads, as in a quoted text with escapes.
    pub fn place_of(&self, part: Range<usize>, source: &str) -> Range<usize> {
        let Content::Scalar(text) = &self.content else { return self.span.clone() };
        let written = &source[self.span.clone()];
        let quoted = usize::from(written.starts_with(['"', '\'']));
        if written.get(quoted..).is_some_and(|written| written.starts_with(text.as_str())) {
            let start = self.span.start + quoted;
            start + part.start..start + part.end
        } else {
            self.span.clone()
        }
    }
}

/// Reads a file. Fields that are written twice are reported, and the first of them is kept; any
/// other mistake ends the reading.
pub fn parse(file: &str, text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let mut tree = Tree {
        file,
        text,
        events: Parser::new_from_str_with_options(
            text,
            granit_parser::options! {
                emit_unresolved_aliases: true,
                flow_nesting_limit: MAX_DEPTH,
                block_nesting_limit: MAX_DEPTH,
            },
        ),
        nodes: 0,
        diagnostics: vec![],
    };
    let node = match tree.document() {
        Ok(node) => Some(node),
        Err(diagnostic) => {
            tree.diagnostics.push(*diagnostic);
            None
        }
    };
    (node, tree.diagnostics)
}

/// Boxed, because a diagnostic is much larger than what is returned where all is well.
type Stop = Box<Diagnostic>;

struct Tree<'a> {
    file: &'a str,
    text: &'a str,
    events: Parser<'a, StrInput<'a>>,
    nodes: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Tree<'a> {
    fn document(&mut self) -> Result<Node, Stop> {
        if self.text.len() > MAX_BYTES {
            let message = format!("the file has more than {} MiB", MAX_BYTES >> 20);
            return Err(self.stop(rules::TOO_LARGE, None, message, None));
        }
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (Event::StreamEnd, _) => {
                    let message = "the file is empty".to_owned();
                    return Err(self.stop(rules::EMPTY_FILE, None, message, None));
                }
                (event, span) => {
                    let node = self.node(event, &span)?;
                    self.end()?;
                    return Ok(node);
                }
            }
        }
    }

    /// Reads what stands behind the document, which must be nothing.
    fn end(&mut self) -> Result<(), Stop> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(..), span) => {
                    let message = "the file holds more than one document".to_owned();
                    let hint = Some("take away the line `---` between them".to_owned());
                    let span = Some(self.range(&span));
                    return Err(self.stop(rules::NOT_YAML, span, message, hint));
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Node, Stop> {
        self.nodes += 1;
        let range = self.range(span);
        if self.nodes > MAX_NODES {
            let message = format!("the file has more than {MAX_NODES} parts");
            return Err(self.stop(rules::TOO_LARGE, Some(range), message, None));
        }
        match event {
            Event::Scalar(text, style, 0, None) => {
                let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let content = if null { Content::Null } else { Content::Scalar(text.into_owned()) };
                Ok(Node { content, span: range })
            }
            Event::SequenceStart(_, 0, None) => self.sequence(range),
            Event::MappingStart(_, 0, None) => self.mapping(range),
            _ => {
                let message = "anchors (`&`), aliases (`*`) and tags (`!`) are not used".to_owned();
                let hint = Some("a text that begins with such a sign stands in quotes".to_owned());
                Err(self.stop(rules::ALIAS, Some(range), message, hint))
            }
        }
    }

    fn sequence(&mut self, start: Range<usize>) -> Result<Node, Stop> {
        let mut nodes: Vec<Node> = vec![];
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                let last = nodes.last().map(|node| node.span.end);
                let span = start.start..self.collection_end(last, &span);
                return Ok(Node { content: Content::Sequence(nodes), span });
            }
            nodes.push(self.node(event, &span)?);
        }
    }

    fn mapping(&mut self, start: Range<usize>) -> Result<Node, Stop> {
        let mut entries: Vec<Entry> = vec![];
        let mut keys = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                let last = entries.last().map(|entry| entry.value.span.end);
                let span = start.start..self.collection_end(last, &span);
                return Ok(Node { content: Content::Mapping(entries), span });
            }
            let entry = self.entry(event, &span)?;
            if keys.insert(entry.key.clone()) {
                entries.push(entry);
            } else {
                let message = format!("`{}` is written twice", entry.key);
                let span = Some(entry.key_span);
                let twice = self.stop(rules::DUPLICATE_FIELD, span, message, None);
                self.diagnostics.push(*twice);
            }
        }
    }

    fn entry(&mut self, key: Event<'a>, span: &Span) -> Result<Entry, Stop> {
        let key_span = self.range(span);
        let key = match key {
            Event::Scalar(text, _, 0, None) => text.into_owned(),
            other => {
                self.node(other, span)?;
                let message = "the name of a field must be a word".to_owned();
                return Err(self.stop(rules::WRONG_SHAPE, Some(key_span), message, None));
            }
        };
        let (event, span) = self.next()?;
        let mut value = self.node(event, &span)?;
        if value.content == Content::Null {
            // An empty value has no place of its own; its key has.
            value.span = key_span.clone();
        }
        Ok(Entry { key, key_span, value })
    }

    /// A block ends where its last part ends; brackets end where they close.
    fn collection_end(&self, last: Option<usize>, end: &Span) -> usize {
        let end = self.range(end);
        match last {
            Some(last) if end.is_empty() => last,
            _ => end.end,
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
                if *error.kind() == ErrorKind::RecursionLimitExceeded {
                    let message = format!("lists and fields lie more than {MAX_DEPTH} levels deep");
                    return Err(self.stop(rules::TOO_LARGE, Some(at..at), message, None));
                }
                let hint =
                    "a text that holds `: ` or ` #`, or that begins with a sign, stands in quotes";
                let message = format!("this is not YAML: {}", error.info());
                Err(self.stop(rules::NOT_YAML, Some(at..at), message, Some(hint.to_owned())))
            }
            None => {
                let message = "the file ends too early".to_owned();
                Err(self.stop(rules::NOT_YAML, None, message, None))
            }
        }
    }

    /// The place of an event. The end of a block or a bare value may include white space.
    fn range(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        let start = range.start.min(self.text.len());
        let end = range.end.clamp(start, self.text.len());
        start..start + self.text[start..end].trim_end().len()
    }

    fn stop(
        &self,
        rule: &'static rules::Rule,
        span: Option<Range<usize>>,
        message: String,
        hint: Option<String>,
    ) -> Stop {
        Box::new(Diagnostic::new(rule, self.file, span, message, hint))
    }
}
