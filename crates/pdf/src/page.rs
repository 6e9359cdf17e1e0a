//! A web page as Typst's markup, element by element.

mod table;

use std::mem;

use jiff::civil::Date;

use crate::html::{self, Element, Node};
use crate::markup::{PrintWords, string, text, words};
use crate::{PageError, Source};

/// What every printed document has: fonts, margins, running head, page numbers, contents.
const PREAMBLE: &str = include_str!("../assets/preamble.typ");

/// Typesets a page of ours. What is for the screen alone is left out: menus, buttons, forms, what
/// opens on a press, and the drawings for narrow screens.
pub fn page_source(page: &str, date: Date, subtitle: &str) -> Result<Source, PageError> {
    source(page, date, subtitle, Cover::WithContents)
}

/// Typesets a page of ours that is a document of a few pages: it begins without a cover.
pub fn receipt_source(page: &str, date: Date, subtitle: &str) -> Result<Source, PageError> {
    source(page, date, subtitle, Cover::None)
}

/// What a document begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cover {
    /// A title page and, where there are chapters, a list of them.
    WithContents,
    /// Its title.
    None,
}

fn source(page: &str, date: Date, subtitle: &str, cover: Cover) -> Result<Source, PageError> {
    let all = html::read(page)?;
    let main = all.find(&|element| element.name == "main").ok_or(PageError::NoContent)?;
    let title = main.find(&|element| element.name == "h1").ok_or(PageError::NoTitle)?.text();
    let lang = all.find(&|element| element.name == "html");
    let lang = lang.and_then(|html| html.attribute("lang")).unwrap_or("nb");
    let class =
        |name: &'static str| all.find(&|element| element.has_class(name)).map(Element::text);
    let notice = all.find(&|element| element.has_class("simulated-banner"));
    let notice = notice.map(sentences).or_else(|| class("simulated")).unwrap_or_default();
    let owner = class("owner").unwrap_or_default();
    let words = words(lang);
    let headed = main.find(&|element| element.name == "h2").is_some();
    let chapters = cover == Cover::WithContents && headed;
    let mut writer = Writer::default();
    writer.nodes(&main.children);
    let head =
        Head { lang, title: &title, subtitle, owner: &owner, notice: &notice, date, chapters };
    Ok(Source {
        text: format!("{}{}", head.markup(words), writer.text),
        drawings: writer.drawings,
        date,
    })
}

/// What stands on the title page and in the running head.
pub(crate) struct Head<'a> {
    pub(crate) lang: &'a str,
    pub(crate) title: &'a str,
    pub(crate) subtitle: &'a str,
    pub(crate) owner: &'a str,
    /// What every reader must know, for instance that the answers are simulated.
    pub(crate) notice: &'a str,
    pub(crate) date: Date,
    /// Whether there are chapters, and so a list of them.
    pub(crate) chapters: bool,
}

impl Head<'_> {
    /// Returns the markup that every document begins with.
    pub(crate) fn markup(&self, words: &PrintWords) -> String {
        format!(
            "{PREAMBLE}\n#show: document-of.with(lang: {lang}, title: {title}, subtitle: {subtitle}, \
             owner: {owner}, notice: {notice}, date: datetime(year: {year}, month: {month}, day: \
             {day}), page-word: {page}, of-word: {of}, figure-word: {figure}, table-word: {table}, \
             chapters: {chapters})\n",
            lang = string(self.lang),
            title = string(self.title),
            subtitle = string(self.subtitle),
            owner = string(self.owner),
            notice = string(self.notice),
            year = self.date.year(),
            month = self.date.month(),
            day = self.date.day(),
            page = string(words.page),
            of = string(words.of),
            figure = string(words.figure),
            table = string(words.table),
            chapters = self.chapters,
        )
    }
}

#[derive(Default)]
struct Writer {
    drawings: Vec<(String, String)>,
    text: String,
    /// Whether a line break in the page is one on paper too: answers are shown so.
    keeps_lines: bool,
}

/// What is for the screen alone.
fn only_on_screen(element: &Element) -> bool {
    let name = element.name.as_str();
    matches!(name, "nav" | "form" | "button" | "script" | "style" | "input" | "template")
        || element.attribute("download").is_some()
        || element.has_class("report-header")
        || element.has_class("actions")
        || element.has_class("no-print")
        || element.has_class("kicker")
        || element.attribute("aria-hidden") == Some("true")
}

impl Writer {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                // Between elements, white space is no text of its own.
                Node::Text(words) if words.trim_matches([' ', '\n', '\t', '\r']).is_empty() => {
                    self.text.push(' ');
                }
                Node::Text(words) if self.keeps_lines => {
                    let lines: Vec<String> = words.trim().lines().map(text).collect();
                    self.text.push_str(&lines.join("#linebreak()"));
                }
                Node::Text(words) => self.text.push_str(&text(words)),
                Node::Element(element) if only_on_screen(element) => {}
                Node::Element(element) => self.element(element),
                Node::Svg(_) => {}
            }
        }
    }

    /// Returns what an element holds, as content in brackets.
    fn content(&mut self, element: &Element) -> String {
        let outer = mem::take(&mut self.text);
        self.nodes(&element.children);
        let inner = mem::replace(&mut self.text, outer);
        format!("[{inner}]")
    }

    fn element(&mut self, element: &Element) {
        match element.name.as_str() {
            "h1" => {}
            "h2" | "h3" | "h4" | "h5" => self.heading(element),
            "p" | "div" if !holds_blocks(element) => self.block(element, "#par"),
            "blockquote" => self.block(element, "#quote(block: true)"),
            "ul" => self.list(element, "list"),
            "ol" => self.list(element, "enum"),
            "dl" => self.terms(element),
            "table" => self.table(element),
            "figure" => self.figure(element),
            "strong" | "b" | "ins" | "summary" => self.inline(element, "#strong"),
            "em" | "i" => self.inline(element, "#emph"),
            "del" => self.inline(element, "#strike"),
            "code" => self.inline(element, "#code-text"),
            "span" if element.has_class("question") => {
                self.text.push_str("#linebreak()");
                self.nodes(&element.children);
            }
            "br" => self.text.push_str("#linebreak()"),
            "a" => self.link(element),
            _ => self.nodes(&element.children),
        }
    }

    fn heading(&mut self, element: &Element) {
        let level = element.name[1..].parse::<usize>().unwrap_or(2) - 1;
        let content = self.content(element);
        self.text.push_str(&format!("\n\n#heading(level: {level}){content}\n\n"));
    }

    fn block(&mut self, element: &Element, function: &str) {
        let content = self.content(element);
        if content != "[]" {
            self.text.push_str(&format!("\n\n{function}{content}\n\n"));
        }
    }

    fn inline(&mut self, element: &Element, function: &str) {
        let content = self.content(element);
        self.text.push_str(&format!("{function}{content}"));
    }

    /// A link that leads out of the document stays one; within the page it is its text.
    fn link(&mut self, element: &Element) {
        let content = self.content(element);
        match element.attribute("href").filter(|href| href.starts_with("http")) {
            Some(href) => self.text.push_str(&format!("#link({}){content}", string(href))),
            None => self.text.push_str(&format!("#{content}")),
        }
    }

    fn list(&mut self, element: &Element, function: &str) {
        let items: Vec<&Element> = element.elements().filter(|item| item.name == "li").collect();
        let items: Vec<String> = items.into_iter().map(|item| self.content(item)).collect();
        if !items.is_empty() {
            self.text.push_str(&format!("\n\n#{function}({})\n\n", items.join(", ")));
        }
    }

    /// A list of terms; each may stand in a `div` with what it means.
    fn terms(&mut self, element: &Element) {
        let mut parts = vec![];
        for child in element.elements() {
            match child.name.as_str() {
                "div" => parts.extend(child.elements()),
                _ => parts.push(child),
            }
        }
        let mut items = vec![];
        self.keeps_lines = element.has_class("answers");
        for pair in parts.chunk_by(|_, next| next.name == "dd") {
            let [term, meanings @ ..] = pair else { continue };
            let term = self.content(term);
            let meanings: Vec<String> =
                meanings.iter().map(|dd| format!("#{}", self.content(dd))).collect();
            items.push((term, meanings.join("#linebreak()")));
        }
        if mem::take(&mut self.keeps_lines) {
            // A question may be long: its answer stands on a line of its own, and on the same page.
            for (question, answer) in items {
                self.text.push_str(&format!("\n#answer({question}, [{answer}])\n"));
            }
        } else if !items.is_empty() {
            let items = items.iter().map(|(term, means)| format!("terms.item({term}, [{means}])"));
            let items: Vec<String> = items.collect();
            self.text.push_str(&format!("\n\n#terms({})\n\n", items.join(", ")));
        }
    }

    /// A chart: its title above, the drawing for wide pages, its sources below.
    fn figure(&mut self, element: &Element) {
        let Some(svg) = wide_drawing(element) else {
            self.nodes(&element.children);
            return;
        };
        let name = format!("drawing-{}.svg", self.drawings.len() + 1);
        let caption = element.elements().find(|child| child.name == "figcaption");
        let numbered = caption.map(numbered).unwrap_or_default();
        let caption = caption.map(|caption| {
            // The printer writes the number itself.
            let shown = caption.children.iter().filter(|node| match node {
                Node::Element(child) => !child.has_class("number"),
                Node::Text(_) | Node::Svg(_) => true,
            });
            let shown = Element { children: shown.cloned().collect(), ..caption.clone() };
            self.content(&shown)
        });
        self.drawings.push((name.clone(), svg.to_owned()));
        let sources = element.elements().find(|child| child.has_class("sources"));
        let sources = sources.map(|sources| format!("#sources{}", self.content(sources)));
        // Its sources stay with it when a page ends.
        self.text.push_str(&format!(
            "\n\n{numbered}#block(breakable: false)[#figure(image({}, width: 100%, alt: {}), caption: \
             figure.caption(position: top, {}))\n{}]\n\n",
            string(&name),
            string(&described(svg)),
            caption.unwrap_or_else(|| "[]".to_owned()),
            sources.unwrap_or_default(),
        ));
    }
}

/// Returns what makes the printer number a figure as the page does, where a table may be one too.
fn numbered(caption: &Element) -> String {
    let number = caption.elements().find(|child| child.has_class("number")).map(Element::text);
    let digits: String = number.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let number: Option<usize> = digits.parse().ok();
    let before = number.and_then(|number| number.checked_sub(1));
    before.map_or(String::new(), |before| {
        format!("#counter(figure.where(kind: image)).update({before})\n")
    })
}

/// Returns the parts of an element that stand beside one another, as sentences.
fn sentences(element: &Element) -> String {
    let parts = element.elements().flat_map(|child| match child.name.as_str() {
        "p" => child.elements().collect(),
        _ => vec![child],
    });
    let parts = parts.map(|part| part.text().trim_end_matches('.').to_owned());
    let said: Vec<String> = parts.map(|part| format!("{part}.")).collect();
    said.join(" ")
}

/// Whether an element holds others that stand on lines of their own.
fn holds_blocks(element: &Element) -> bool {
    const INLINE: [&str; 12] =
        ["a", "abbr", "b", "br", "code", "del", "em", "i", "ins", "span", "strong", "sup"];
    element.name == "div" && element.elements().any(|child| !INLINE.contains(&child.name.as_str()))
}

/// Returns the drawing for wide pages, or the only one.
fn wide_drawing(element: &Element) -> Option<&str> {
    let drawings: Vec<&str> = element
        .children
        .iter()
        .filter_map(|node| match node {
            Node::Svg(svg) => Some(svg.as_str()),
            Node::Element(_) | Node::Text(_) => None,
        })
        .collect();
    let wide = drawings
        .iter()
        .find(|svg| svg.split('>').next().is_some_and(|start| start.contains("wide")));
    wide.or(drawings.first()).copied()
}

/// Returns what a drawing says of itself to those who do not see it: its title and description.
fn described(svg: &str) -> String {
    let part = |name: &str| {
        let start = svg.find(&format!("<{name}"))?;
        let open = start + svg[start..].find('>')? + 1;
        let end = open + svg[open..].find(&format!("</{name}>"))?;
        let element = html::read(&svg[open..end]).ok()?;
        Some(element.text())
    };
    let parts: Vec<String> = ["title", "desc"].into_iter().filter_map(part).collect();
    parts.join(". ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typeset(main: &str) -> Source {
        let page = format!("<html lang=\"nb\"><body><main><h1>T</h1>{main}</main></body></html>");
        page_source(&page, jiff::civil::date(2024, 11, 29), "").unwrap()
    }

    fn body(main: &str) -> String {
        let text = typeset(main).text;
        let start = text.find("#show: document-of").unwrap();
        text[start..].lines().skip(1).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_element_has_its_markup() {
        for (page, markup) in [
            ("<h2>A</h2>", "#heading(level: 1)[#(\"A\")]"),
            ("<p>a <em>b</em></p>", "#par[#(\"a \")#emph[#(\"b\")]]"),
            ("<ul><li>a</li><li>b</li></ul>", "#list([#(\"a\")], [#(\"b\")])"),
            (
                "<dl class=\"answers\"><div><dt>a</dt><dd>b\nd</dd><dd>c</dd></div></dl>",
                "#answer([#(\"a\")], [#[#(\"b\")#linebreak()#(\"d\")]#linebreak()#[#(\"c\")]])",
            ),
            ("<dl><dt>a</dt><dd>b</dd></dl>", "#terms(terms.item([#(\"a\")], [#[#(\"b\")]]))"),
            ("<p><a href=\"#x\">a</a></p>", "#par[#[#(\"a\")]]"),
            ("<nav>a</nav><form>b</form>", ""),
        ] {
            assert_eq!(body(page), markup, "{page}");
        }
    }

    #[test]
    fn a_chart_keeps_its_drawing_and_its_words() {
        let figure = "<figure><figcaption><span class=\"number\">Figur 1</span><strong>Ned</strong>\
                      </figcaption><svg class=\"drawing wide\"><title>Ned</title><desc>Ja: 65 &lt; 70</desc>\
                      </svg><svg class=\"drawing narrow\"></svg><p class=\"sources\">Kilde</p>\
                      <details>skjult</details></figure>";
        let source = typeset(figure);
        assert_eq!(source.drawings.len(), 1);
        assert!(source.drawings[0].1.contains("wide"));
        assert!(source.text.contains("alt: \"Ned. Ja: 65 < 70\""), "{}", source.text);
        assert!(source.text.contains("#counter(figure.where(kind: image)).update(0)"));
        assert!(!source.text.contains("Figur 1") && !source.text.contains("skjult"));
    }

    #[test]
    fn a_page_without_content_is_refused() {
        let date = jiff::civil::date(2024, 11, 29);
        assert_eq!(page_source("<p>a</p>", date, ""), Err(PageError::NoContent));
        assert_eq!(page_source("<main>a</main>", date, ""), Err(PageError::NoTitle));
    }
}
