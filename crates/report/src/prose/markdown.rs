//! Renders the Markdown of a report, with what its expressions say and draw in place.

use std::collections::BTreeSet;
use std::ops::Range;

use instrument::Lang;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::evaluate::{Outcome, Piece};
use super::lexicon::{self, Sense};
use super::scan::{Scanned, Slot};
use super::{Document, Problem, Section, chart_mark};

/// What came of rendering.
pub(super) struct Rendered {
    /// The document, without its ledger.
    pub(super) document: Document,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Renders a report. `outcomes` has a place for each slot, empty where its expression is wrong.
pub(super) fn render(
    text: &str,
    scanned: &Scanned,
    outcomes: Vec<Option<Outcome>>,
    lang: Lang,
) -> Rendered {
    let document = Document::default();
    let (problems, page) = (vec![], Rendered { document, problems: vec![] });
    let mut renderer = Renderer {
        text,
        slots: &scanned.slots,
        lang,
        outcomes,
        page,
        events: vec![],
        heading: None,
        title_seen: false,
        in_introduction: false,
        list: FirstList::Ahead,
        containers: 0,
        in_code: false,
        ranks: false,
        in_link: false,
        in_autolink: false,
        used: BTreeSet::new(),
        problems,
    };
    for (event, span) in Parser::new_ext(&scanned.masked, Options::empty()).into_offset_iter() {
        renderer.event(event, span);
    }
    renderer.finish()
}

struct Renderer<'t> {
    text: &'t str,
    slots: &'t [Slot],
    lang: Lang,
    outcomes: Vec<Option<Outcome>>,
    page: Rendered,
    /// The events of the part that is being written.
    events: Vec<Event<'static>>,
    /// The plain text of the heading that is being read, and how many events stand before it.
    heading: Option<(String, usize)>,
    title_seen: bool,
    /// Whether the first paragraph, which introduces the report, is being read.
    in_introduction: bool,
    list: FirstList,
    /// How many lists and quotations are open.
    containers: usize,
    in_code: bool,
    /// Whether the line that is being read ranks something by an expression.
    ranks: bool,
    in_link: bool,
    in_autolink: bool,
    /// The slots that have found their place.
    used: BTreeSet<usize>,
    problems: Vec<Problem>,
}

/// How far the first list, the main findings, has been read.
enum FirstList {
    Ahead,
    /// Inside it; where its current item begins among the events, and the item's figure.
    Within {
        depth: usize,
        item: usize,
        key: Option<String>,
    },
    Behind,
}

impl Renderer<'_> {
    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text, span),
            Event::Html(_) | Event::InlineHtml(_) => self.problems.push(
                Problem::new("RR0106", span, "HTML has no place in a report")
                    .hint("write Markdown; `<` is written `\\<`"),
            ),
            Event::SoftBreak => self.soft_break(),
            Event::Code(code) => {
                self.check(&code, &span);
                self.events.push(Event::Code(code.into_string().into()));
            }
            other => self.events.push(other.into_static()),
        }
    }

    fn soft_break(&mut self) {
        match &mut self.heading {
            Some((heading, _)) => heading.push(' '),
            None => self.events.push(Event::SoftBreak),
        }
        if self.in_introduction {
            self.page.document.introduction.push(' ');
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        self.containers += usize::from(matches!(tag, Tag::List(_) | Tag::BlockQuote(_)));
        match &tag {
            Tag::Heading { level, .. } => return self.start_heading(*level, span),
            Tag::CodeBlock(_) => self.in_code = true,
            Tag::Link { link_type, dest_url, title, .. } => {
                self.in_link = true;
                self.in_autolink = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.check(title, &span);
                self.check_address(dest_url, span);
            }
            Tag::Image { .. } => self.problems.push(
                Problem::new("RR0107", span, "a report holds no images from elsewhere")
                    .hint("draw a chart with `bars`, `ranking` or `changes`"),
            ),
            Tag::List(_) => return self.start_list(tag),
            Tag::Paragraph => {
                self.in_introduction = self.page.document.introduction.is_empty();
            }
            _ => {}
        }
        let is_item = matches!(tag, Tag::Item);
        self.events.push(Event::Start(tag.into_static()));
        if is_item {
            self.start_item();
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.containers -= usize::from(matches!(tag, TagEnd::List(_) | TagEnd::BlockQuote(_)));
        match tag {
            TagEnd::Heading(level) => return self.end_heading(level),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Link => (self.in_link, self.in_autolink) = (false, false),
            TagEnd::List(_) => return self.end_list(tag),
            TagEnd::Item => self.end_item(),
            TagEnd::Paragraph => return self.end_paragraph(),
            _ => {}
        }
        self.events.push(Event::End(tag));
    }

    /// A heading of the first level is the title, of the second a section.
    fn start_heading(&mut self, level: HeadingLevel, span: Range<usize>) {
        match level {
            HeadingLevel::H1 | HeadingLevel::H2 if self.containers > 0 => self.problems.push(
                Problem::new(
                    "RR0110",
                    span,
                    "a title or a section begins inside a list or a quote",
                )
                .hint("put an empty line before it and begin it at the margin"),
            ),
            HeadingLevel::H1 if self.title_seen => self.problems.push(
                Problem::new("RR0109", span, "a report has one title")
                    .hint("sections begin with `##`"),
            ),
            HeadingLevel::H1 => self.title_seen = true,
            HeadingLevel::H2 => {
                self.close_part();
                self.page.document.sections.push(Section::default());
            }
            _ => self.events.push(Event::Start(Tag::Heading {
                level,
                id: None,
                classes: vec![],
                attrs: vec![],
            })),
        }
        self.heading = Some((String::new(), self.events.len()));
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let (heading, begin) = self.heading.take().unwrap_or_default();
        // What the Markdown writer would make of its parts is not kept: headings are plain text.
        self.events.truncate(begin);
        match level {
            HeadingLevel::H1 => self.page.document.title = heading,
            HeadingLevel::H2 => {
                let number = self.page.document.sections.len();
                if let Some(section) = self.page.document.sections.last_mut() {
                    section.id = format!("s{number}-{}", slug(&heading));
                    section.heading = heading;
                }
            }
            _ => {
                self.events.push(Event::Text(heading.into()));
                self.events.push(Event::End(TagEnd::Heading(level)));
            }
        }
    }

    fn start_list(&mut self, tag: Tag<'_>) {
        let first = match &mut self.list {
            FirstList::Ahead => true,
            FirstList::Within { depth, .. } => {
                *depth += 1;
                false
            }
            FirstList::Behind => false,
        };
        if first {
            self.list = FirstList::Within { depth: 1, item: 0, key: None };
            self.html("<ul class=\"findings\">\n");
        } else {
            self.events.push(Event::Start(tag.into_static()));
        }
    }

    fn end_list(&mut self, tag: TagEnd) {
        let FirstList::Within { depth, .. } = &mut self.list else {
            return self.events.push(Event::End(tag));
        };
        *depth -= 1;
        if *depth > 0 {
            return self.events.push(Event::End(tag));
        }
        self.list = FirstList::Behind;
        self.html("</ul>\n");
    }

    fn start_item(&mut self) {
        let begin = self.events.len();
        if let FirstList::Within { depth: 1, item, key } = &mut self.list {
            (*item, *key) = (begin, None);
        }
    }

    /// Puts the figure of a main finding, large, beside its sentence.
    fn end_item(&mut self) {
        let FirstList::Within { depth: 1, item, key } = &self.list else { return };
        let (item, key) = (*item, key.clone().unwrap_or_default());
        let key = format!("<span class=\"key\" aria-hidden=\"true\">{}</span><div>", escape(&key));
        self.events.insert(item, Event::Html(key.into()));
        self.html("</div>");
    }

    /// Turns a paragraph that holds a chart and nothing else into the place of the chart.
    fn end_paragraph(&mut self) {
        self.in_introduction = false;
        let chart = match self.events.as_slice() {
            [.., Event::Start(Tag::Paragraph), Event::Html(mark)] => Some(mark.clone()),
            _ => None,
        };
        match chart {
            Some(mark) => {
                self.events.truncate(self.events.len() - 2);
                self.html(&format!("{mark}\n"));
            }
            None => self.events.push(Event::End(TagEnd::Paragraph)),
        }
    }

    /// Writes a text: prose, and what stands in place of the expressions in it.
    fn words(&mut self, text: &str, span: Range<usize>) {
        let here = |slot: &Slot| span.start <= slot.outer.start && slot.outer.end <= span.end;
        let first = self.slots.partition_point(|slot| slot.outer.start < span.start);
        let last = first + self.slots[first..].iter().take_while(|slot| here(slot)).count();
        let slots = &self.slots[first..last];
        self.ranks = slots.iter().any(|slot| ranks(&self.text[slot.outer.clone()]));
        if first == last || self.in_code {
            return self.prose(text, span);
        }
        let mut at = span.start;
        for index in first..last {
            let outer = self.slots[index].outer.clone();
            let before = self.text[at..outer.start].to_owned();
            self.used.insert(index);
            self.outcome(index, &before, at..outer.start, span == outer);
            at = outer.end;
        }
        let rest = self.text[at..span.end].to_owned();
        self.prose(&rest, at..span.end);
    }

    /// Writes the prose before an expression and what the expression says or draws.
    fn outcome(&mut self, index: usize, before: &str, place: Range<usize>, alone: bool) {
        let outer = self.slots[index].outer.clone();
        match self.outcomes[index].take() {
            None => self.prose(before, place),
            Some(Outcome::Said(mut pieces)) => {
                if self.begins_sentence(before) {
                    capitalise(&mut pieces);
                }
                let parenthetic = pieces.first().is_some_and(|piece| piece.text.starts_with('–'));
                let trimmed = before.trim_end_matches([',', ' ']);
                // "… 62 prosent, – det er ikke mulig å si": the dash takes the place of the comma.
                if parenthetic && before.len() > trimmed.len() {
                    self.prose(&format!("{trimmed} "), place);
                } else {
                    self.prose(before, place);
                }
                pieces.iter().for_each(|piece| self.piece(piece));
            }
            Some(Outcome::Drawn(chart)) => {
                self.prose(before, place);
                let in_paragraph = matches!(self.events.last(), Some(Event::Start(Tag::Paragraph)));
                let ends = self.text[outer.end..].trim_start_matches([' ', '\t', '\r']);
                let ends = ends.is_empty() || ends.starts_with('\n');
                if !(alone && in_paragraph && ends) {
                    let message = "a chart stands alone in its paragraph";
                    self.problems.push(Problem::new("RR0108", outer, message));
                }
                let mark = chart_mark(self.page.document.charts.len());
                self.page.document.charts.push(*chart);
                self.html(&mark);
            }
        }
    }

    /// Whether what comes after `before` begins a sentence.
    fn begins_sentence(&self, before: &str) -> bool {
        let opens =
            matches!(self.events.last(), Some(Event::Start(Tag::Paragraph | Tag::Item)) | None);
        match before.trim_end().chars().next_back() {
            Some(last) => ['.', '!', '?'].contains(&last),
            None => opens && self.heading.is_none(),
        }
    }

    fn piece(&mut self, piece: &Piece) {
        if let Some((heading, _)) = &mut self.heading {
            heading.push_str(&piece.text);
            return;
        }
        if let FirstList::Within { key, .. } = &mut self.list
            && key.is_none()
        {
            key.clone_from(&piece.key);
            if let Some(anchor) = piece.anchor.as_ref().filter(|_| key.is_some()) {
                // The row of a change stands beside that of its figure.
                let figure = anchor.strip_prefix("c-").unwrap_or(anchor);
                self.page.document.main_figures.push(figure.to_owned());
            }
        }
        if self.in_introduction {
            self.page.document.introduction.push_str(&piece.text);
        }
        let text = escape(&piece.text);
        let class = if piece.is_figure { "figure" } else { "rests" };
        // A link cannot stand within a link.
        let html = match piece.anchor.as_ref().filter(|_| !self.in_link) {
            Some(anchor) => {
                let href = escape(&card_address(anchor));
                format!("<a class=\"{class}\" href=\"{href}\">{text}</a>")
            }
            None => text,
        };
        let html = match piece.lang {
            Some(lang) => format!("<span lang=\"{lang}\">{html}</span>"),
            None => html,
        };
        self.events.push(Event::InlineHtml(html.into()));
    }

    /// Reports words of quantity and change, which come from an expression or rest on a claim.
    fn check_words(&mut self, text: &str, span: &Range<usize>) {
        for found in lexicon::find(text, self.lang) {
            // An expression of the same line says what the first of several is.
            if found.sense == Sense::Rank && self.ranks {
                continue;
            }
            let word = &text[found.place.clone()];
            let message =
                format!("no expression produced `{word}`, which says something of the data");
            let hint = format!(
                "write `{{{{ word(\"{word}\", \"…\") }}}}` with the claim that it rests on, such as \
                 `share('question', 'option') > 50 percent`; a fact of the world is \
                 `{{{{ fact(\"{word}\") }}}}`"
            );
            let place = place_in(span, &found.place, text);
            self.problems.push(Problem::new("RR0901", place, message).hint(hint));
        }
    }

    /// Reports what says something of the data and comes from no expression.
    fn check(&mut self, text: &str, span: &Range<usize>) {
        self.check_words(text, span);
        for place in words_with_digits(text) {
            let word = &text[place.clone()];
            let place = place_in(span, &place, text);
            let message = format!("no expression produced the digit in `{word}`");
            self.problems.push(Problem::new("RR0104", place, message).hint(
                "use `share`, `number` and the like; a fact of the world is `{{ fact(\"…\") }}`",
            ));
        }
    }

    /// Writes prose, which holds no digit: every figure comes from an expression.
    fn prose(&mut self, text: &str, span: Range<usize>) {
        let checked = !self.in_autolink;
        if checked {
            self.check(text, &span);
        }
        if self.in_introduction {
            self.page.document.introduction.push_str(text);
        }
        match &mut self.heading {
            Some((heading, _)) => heading.push_str(text),
            None if text.is_empty() => {}
            None => self.events.push(Event::Text(CowStr::from(text.to_owned()))),
        }
    }

    fn check_address(&mut self, address: &str, span: Range<usize>) {
        let scheme = address.split_once(':').map(|(scheme, _)| scheme);
        let relative = scheme.is_none_or(|scheme| scheme.contains(['/', '#', '?']));
        let known = scheme.is_some_and(|s| ["http", "https", "mailto", "tel"].contains(&s));
        if !(relative || known) {
            let message = format!("a link cannot lead to `{address}`");
            self.problems.push(
                Problem::new("RR0106", span, message)
                    .hint("use an address that begins with https:"),
            );
        }
    }

    fn html(&mut self, html: &str) {
        self.events.push(Event::Html(html.to_owned().into()));
    }

    /// Writes the events so far as the part that they belong to.
    fn close_part(&mut self) {
        let mut written = String::new();
        html::push_html(&mut written, self.events.drain(..));
        match self.page.document.sections.last_mut() {
            Some(section) => section.html.push_str(&written),
            None => self.page.document.lead.push_str(&written),
        }
    }

    fn finish(mut self) -> Rendered {
        self.close_part();
        if !self.title_seen {
            let hint = "the first line is `# ` and the title";
            self.problems.push(Problem::new("RR0109", 0..0, "the report has no title").hint(hint));
        }
        for (index, slot) in self.slots.iter().enumerate() {
            if !self.used.contains(&index) {
                let message = "an expression has no effect in code, in HTML or in an address";
                self.problems.push(Problem::new("RR0105", slot.outer.clone(), message));
            }
        }
        self.page.problems = self.problems;
        self.page
    }
}

/// Whether an expression says which of several comes first.
fn ranks(expression: &str) -> bool {
    let call = expression.trim_start_matches('{').trim_start();
    ["top(", "most(", "place("].iter().any(|function| call.starts_with(function))
}

/// Gives the first word a capital letter.
fn capitalise(pieces: &mut [Piece]) {
    if let Some(first) = pieces.iter_mut().find(|piece| !piece.text.is_empty()) {
        let mut letters = first.text.chars();
        first.text =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    }
}

/// Returns where what stands behind words is told: figures and changes have cards on a page of their
/// own, questions and notes stand on the report's.
fn card_address(anchor: &str) -> String {
    let has_card = anchor.starts_with("f-") || anchor.starts_with("c-");
    let page = if has_card { crate::site::CARDS } else { "" };
    format!("{page}#{anchor}")
}

/// Returns where a part of a text stands in the report. Within an entity such as `&#49;` the text is
/// shorter than its place, and the whole is meant.
fn place_in(span: &Range<usize>, part: &Range<usize>, text: &str) -> Range<usize> {
    if text.len() == span.len() {
        span.start + part.start..span.start + part.end
    } else {
        span.clone()
    }
}

/// Returns the places of the words that hold a digit, without the punctuation after them.
fn words_with_digits(text: &str) -> Vec<Range<usize>> {
    let mut places = vec![];
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let shown = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
        if shown.contains(char::is_numeric) {
            places.push(at..at + shown.len());
        }
        at += word.len();
    }
    places
}

fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for letter in heading.to_lowercase().chars() {
        match letter {
            'æ' => slug.push_str("ae"),
            'ø' => slug.push('o'),
            'å' => slug.push('a'),
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Escapes a text for HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}
