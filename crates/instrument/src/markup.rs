//! The Markdown of texts: a small and safe part of it.
//!
//! Inside a line: `*emphasis*`, `**strong**`, `[link](https://…)` to `http`, `https` or `mailto`, and
//! `[word](term:code)` to a term that the questionnaire defines. Between lines: paragraphs, and
//! lists of lines that begin with `- ` or `1. `. Whatever else Markdown and HTML have stays the
//! characters that were written, so that no text can become part of a page's own structure.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Whether its lines are numbered.
        numbered: bool,
        /// Its lines.
        items: Vec<Vec<Inline>>,
    },
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Characters.
    Text(String),
    /// `*emphasis*`.
    Emphasis(Vec<Inline>),
    /// `**strong**`.
    Strong(Vec<Inline>),
    /// `[words](address)`.
    Link {
        /// Where it leads.
        target: Target,
        /// What is read.
        words: Vec<Inline>,
    },
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To an address that begins with `http:`, `https:` or `mailto:`.
    Address(String),
    /// To the definition of a term.
    Term(String),
}

/// What cannot stand in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A tag of HTML.
    Html,
    /// A picture.
    Picture,
    /// A link to something else than a page, an address of mail, or a term.
    Link(String),
}

/// Stands before a line while it is read, so that nothing at its start means a heading, a list or
/// a quotation. It is a character that no text holds.
const GUARD: char = '\u{e000}';

/// The deepest nesting that is kept; what lies deeper is read as plain characters.
const MAX_DEPTH: usize = 8;

/// Reads a text of one line: a question, an option, a title.
pub fn inline(text: &str) -> Vec<Inline> {
    if is_plain(text) {
        return vec![Inline::Text(text.to_owned())];
    }
    parsed(text)
}

/// Whether a text holds no sign that Markdown could read: most labels are like this, and they are
/// read on every page that is shown.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && !bytes.iter().any(|byte| SIGNS[usize::from(*byte)])
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !text.contains(GUARD)
}

/// The bytes that Markdown may read as something else than themselves.
const SIGNS: [bool; 256] = {
    let (signs, mut table, mut at) = (b"*_`[]<>&\\!\r\n\t\0", [false; 256], 0);
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

fn parsed(text: &str) -> Vec<Inline> {
    let guarded = guarded(text);
    let mut levels: Vec<Level> = vec![Level { kind: None, content: vec![] }];
    for event in events(&guarded) {
        step(&mut levels, event);
    }
    while levels.len() > 1 {
        close(&mut levels);
    }
    levels.pop().map(|level| level.content).unwrap_or_default()
}

/// Reads a text of several lines: help, an introduction, a definition.
pub fn blocks(text: &str) -> Vec<Block> {
    let chunks = text.split("\n\n").map(str::trim).filter(|chunk| !chunk.is_empty());
    chunks.map(block).collect()
}

/// Returns a text of one line as the characters that are read.
pub fn plain(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::new();
    push_plain(&inline(text), &mut out);
    out
}

/// Returns a text with every sign of Markdown marked as a mere character.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| *c != GUARD) {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            _ => {
                if c.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

/// Returns what cannot stand in a text, each with its place in it.
pub(crate) fn faults(text: &str) -> Vec<(Range<usize>, Fault)> {
    let guarded = guarded(text);
    let place = |range: Range<usize>| {
        let back = |at: usize| text.floor_char_boundary(at.saturating_sub(GUARD.len_utf8()));
        back(range.start)..back(range.end)
    };
    let found = Parser::new_ext(&guarded, Options::empty()).into_offset_iter();
    found
        .filter_map(|(event, range)| {
            let fault = match event {
                Event::Html(_) | Event::InlineHtml(_) => Fault::Html,
                Event::Start(Tag::Image { .. }) => Fault::Picture,
                Event::Start(Tag::Link { dest_url, .. }) if target(&dest_url).is_none() => {
                    Fault::Link(dest_url.into_string())
                }
                _ => return None,
            };
            Some((place(range), fault))
        })
        .collect()
}

/// Returns the terms that a text links to.
pub fn terms(text: &str) -> Vec<String> {
    fn collect(inlines: &[Inline], terms: &mut Vec<String>) {
        for inline in inlines {
            match inline {
                Inline::Text(_) => {}
                Inline::Emphasis(inner) | Inline::Strong(inner) => collect(inner, terms),
                Inline::Link { target: Target::Term(term), .. } => terms.push(term.clone()),
                Inline::Link { target: Target::Address(_), words } => collect(words, terms),
            }
        }
    }
    let mut found = vec![];
    if text.contains("](term:") {
        collect(&inline(text), &mut found);
    }
    found
}

fn block(chunk: &str) -> Block {
    for (numbered, marked) in [(false, bullet as fn(&str) -> Option<&str>), (true, number)] {
        if let Some(items) = items(chunk, marked) {
            let items = items.iter().map(|item| inline(item)).collect();
            return Block::List { numbered, items };
        }
    }
    Block::Paragraph(inline(chunk))
}

/// The lines of a list; a line without a mark goes on with the one before. `None` where it is no
/// list: one numbered line by itself is a date or the like.
fn items(chunk: &str, marked: fn(&str) -> Option<&str>) -> Option<Vec<String>> {
    let mut items: Vec<String> = vec![];
    for line in chunk.lines() {
        match (marked(line.trim_start()), items.last_mut()) {
            (Some(item), _) => items.push(item.to_owned()),
            (None, Some(last)) if line.starts_with(' ') => {
                last.push(' ');
                last.push_str(line.trim());
            }
            (None, _) => return None,
        }
    }
    let first = chunk.trim_start();
    (items.len() > 1 || bullet(first).is_some()).then_some(items)
}

fn bullet(line: &str) -> Option<&str> {
    line.strip_prefix("- ")
}

fn number(line: &str) -> Option<&str> {
    let (digits, rest) = line.split_once(". ")?;
    let is_number = !digits.is_empty() && digits.len() < 4;
    (is_number && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}

fn guarded(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + GUARD.len_utf8());
    line.push(GUARD);
    // Each character keeps its place: only single line breaks become single spaces.
    line.extend(
        text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t' | GUARD) { ' ' } else { c }),
    );
    line
}

fn events(guarded: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(guarded, Options::empty())
}

struct Level {
    kind: Option<LevelKind>,
    content: Vec<Inline>,
}

enum LevelKind {
    Emphasis,
    Strong,
    Link(Target),
    /// Something whose sign is left out and whose content stays.
    Nothing,
}

fn step(levels: &mut Vec<Level>, event: Event<'_>) {
    let characters = match event {
        Event::Start(tag) => return open(levels, tag),
        Event::End(TagEnd::Paragraph) => return,
        Event::End(_) => return close(levels),
        Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => text,
        Event::SoftBreak | Event::HardBreak => " ".into(),
        Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::Rule
        | Event::TaskListMarker(_) => return,
    };
    let characters = characters.replace(GUARD, "");
    let content = &mut levels.last_mut().expect("the outermost level stays").content;
    match content.last_mut() {
        Some(Inline::Text(text)) => text.push_str(&characters),
        _ if characters.is_empty() => {}
        _ => content.push(Inline::Text(characters)),
    }
}

fn open(levels: &mut Vec<Level>, tag: Tag<'_>) {
    let kind = match tag {
        Tag::Paragraph => return,
        Tag::Emphasis => LevelKind::Emphasis,
        Tag::Strong => LevelKind::Strong,
        Tag::Link { dest_url, .. } => target(&dest_url).map_or(LevelKind::Nothing, LevelKind::Link),
        _ => LevelKind::Nothing,
    };
    let kind = if levels.len() > MAX_DEPTH { LevelKind::Nothing } else { kind };
    levels.push(Level { kind: Some(kind), content: vec![] });
}

fn close(levels: &mut Vec<Level>) {
    let Some(Level { kind: Some(kind), content }) = levels.pop_if(|level| level.kind.is_some())
    else {
        return;
    };
    let outer = &mut levels.last_mut().expect("the outermost level stays").content;
    match kind {
        LevelKind::Emphasis => outer.push(Inline::Emphasis(content)),
        LevelKind::Strong => outer.push(Inline::Strong(content)),
        LevelKind::Link(target) => outer.push(Inline::Link { target, words: content }),
        LevelKind::Nothing => outer.extend(content),
    }
}

fn target(address: &str) -> Option<Target> {
    if let Some(term) = address.strip_prefix("term:") {
        return Some(Target::Term(term.to_owned()));
    }
    let lower = address.to_ascii_lowercase();
    let safe = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    safe.then(|| Target::Address(address.to_owned()))
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) => push_plain(inner, out),
            Inline::Link { words, .. } => push_plain(words, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_text_is_what_the_parser_makes_of_it(
            written in "[ -~æøåé\u{a0}–…]{0,20}|[a-z ]{1,4}[-+#=.:|~()'\"0-9 ]{0,8}[a-z]{0,3}"
        ) {
            prop_assert_eq!(inline(&written), parsed(&written));
        }
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn signs_at_the_start_of_a_line_are_characters() {
        for written in
            ["1. januar 2025", "# 3", "> 5", "- ja", "+ nei", "    fire", "2023\n====", "``` x"]
        {
            let read = written.replace('\n', " ");
            assert_eq!(inline(written), [text(&read)], "{written:?}");
        }
    }

    #[test]
    fn the_safe_part_is_read() {
        let address = |address: &str| Target::Address(address.to_owned());
        for (written, expected) in [
            (
                "a *b* **c**",
                vec![
                    text("a "),
                    Inline::Emphasis(vec![text("b")]),
                    text(" "),
                    Inline::Strong(vec![text("c")]),
                ],
            ),
            (
                "[IMDi](https://imdi.no)",
                vec![Inline::Link {
                    target: address("https://imdi.no"),
                    words: vec![text("IMDi")],
                }],
            ),
            (
                "[tolk](term:tolk)",
                vec![Inline::Link {
                    target: Target::Term("tolk".into()),
                    words: vec![text("tolk")],
                }],
            ),
            ("tolk_i_kommunen 2 * 3 * 4", vec![text("tolk_i_kommunen 2 * 3 * 4")]),
            ("<b>fet</b> & <script>", vec![text("<b>fet</b> & <script>")]),
            ("[x](javascript:alert(1))", vec![text("x")]),
        ] {
            assert_eq!(inline(written), expected, "{written}");
        }
    }

    #[test]
    fn an_escaped_text_reads_as_it_was() {
        for written in ["*a* _b_ [c](https://d) <e> `f` \\g &amp; #h 1. !i", "a\u{e000}b", "- x"] {
            assert_eq!(
                inline(&escape(written)),
                [text(&written.replace('\u{e000}', ""))],
                "{written}"
            );
        }
    }

    #[test]
    fn lists_and_paragraphs() {
        let list = |numbered, items: &[&str]| Block::List {
            numbered,
            items: items.iter().map(|item| vec![text(item)]).collect(),
        };
        assert_eq!(
            blocks("Ta med:\n\n- en\n- to\n  og tre\n\n1. først\n2. så"),
            [
                Block::Paragraph(vec![text("Ta med:")]),
                list(false, &["en", "to og tre"]),
                list(true, &["først", "så"]),
            ]
        );
        assert_eq!(
            blocks("1. januar er en dag"),
            [Block::Paragraph(vec![text("1. januar er en dag")])]
        );
    }

    #[test]
    fn faults_have_their_place() {
        let written = "å <b>x</b> ![y](https://z) [v](javascript:w)";
        let found: Vec<_> = faults(written).into_iter().map(|(at, _)| &written[at]).collect();
        assert_eq!(found, ["<b>", "</b>", "![y](https://z)", "[v](javascript:w)"]);
    }

    #[test]
    fn deep_nesting_ends() {
        for part in ["*a ", "**a ", "[a", "![", "_a*b", "<a", "`"] {
            plain(&part.repeat(5_000));
        }
    }
}
