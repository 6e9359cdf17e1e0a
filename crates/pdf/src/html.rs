//! Reads the pages that our own templates write. No page of another's is printed, so this is no
//! browser: what is well-formed becomes a tree, and what is not is an error.

use crate::PageError;

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
    /// A drawing, as its source.
    Svg(String),
}

/// An element with what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

/// Elements that hold nothing and are not closed.
const VOID: [&str; 9] = ["area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];

impl Element {
    /// Returns the value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns whether it has a class.
    pub(crate) fn has_class(&self, class: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|known| known == class)
    }

    /// Returns the elements that it holds itself.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Svg(_) => None,
        })
    }

    /// Returns the first element below it that fits, itself included.
    pub(crate) fn find(&self, fits: &dyn Fn(&Element) -> bool) -> Option<&Element> {
        if fits(self) {
            return Some(self);
        }
        self.elements().find_map(|element| element.find(fits))
    }

    /// Returns its text, with white space made single.
    pub(crate) fn text(&self) -> String {
        let mut all = String::new();
        self.gather(&mut all);
        all.split([' ', '\n', '\t', '\r'])
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn gather(&self, all: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.gather(all),
                Node::Text(text) => all.push_str(text),
                Node::Svg(_) => {}
            }
        }
    }
}

/// Reads a page into the element that holds all of it.
pub(crate) fn read(page: &str) -> Result<Element, PageError> {
    let mut open = vec![Element::default()];
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        push_text(&mut open, &rest[..start]);
        rest = &rest[start..];
        rest = read_tag(&mut open, rest)?;
    }
    push_text(&mut open, rest);
    match open.len() {
        1 => Ok(open.swap_remove(0)),
        _ => Err(PageError::Open(open.pop().unwrap_or_default().name)),
    }
}

/// Reads what begins with `<` and returns what follows it.
fn read_tag<'p>(open: &mut Vec<Element>, rest: &'p str) -> Result<&'p str, PageError> {
    let unclosed = || PageError::Open(rest.chars().take(20).collect());
    if let Some(comment) = rest.strip_prefix("<!--") {
        let end = comment.find("-->").ok_or_else(unclosed)?;
        return Ok(&comment[end + 3..]);
    }
    if rest.starts_with("<svg") {
        let end = rest.find("</svg>").ok_or_else(unclosed)? + "</svg>".len();
        push(open, Node::Svg(rest[..end].to_owned()));
        return Ok(&rest[end..]);
    }
    let end = tag_end(rest).ok_or_else(unclosed)?;
    let (tag, after) = (&rest[1..end], &rest[end + 1..]);
    if let Some(name) = tag.strip_prefix('/') {
        close(open, name.trim())?;
    } else if !tag.starts_with('!') {
        let element = read_start(tag.trim_end_matches('/'));
        if VOID.contains(&element.name.as_str()) {
            push(open, Node::Element(element));
        } else {
            open.push(element);
        }
    }
    Ok(after)
}

/// Returns where a tag ends: at the first `>` outside quotes.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (place, letter) in rest.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(place),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

fn read_start(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once([' ', '\n', '\t']).unwrap_or((tag, ""));
    let mut attributes = vec![];
    loop {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ', '\n', '\t']).unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            let inner = if quote.is_some() { &after[1..] } else { after };
            let ends = |letter: char| match quote {
                Some(quote) => letter == quote,
                None => letter.is_ascii_whitespace(),
            };
            let stop = inner.find(ends).unwrap_or(inner.len());
            value = unescape(&inner[..stop]);
            rest = inner[stop..].trim_start_matches(['"', '\'']);
        }
        attributes.push((name, value));
    }
    Element { name: name.to_ascii_lowercase(), attributes, children: vec![] }
}

fn close(open: &mut Vec<Element>, name: &str) -> Result<(), PageError> {
    match open.pop() {
        Some(element) if element.name == name && !open.is_empty() => {
            push(open, Node::Element(element));
            Ok(())
        }
        _ => Err(PageError::Open(name.to_owned())),
    }
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn push_text(open: &mut [Element], text: &str) {
    if !text.is_empty() {
        push(open, Node::Text(unescape(text)));
    }
}

/// Returns a text with its entities as the letters that they stand for.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end < 12);
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((letter, end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "ndash" => '–',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_tree() {
        let page = "<!doctype html><html lang=\"nb\"><body><main id='x' hidden><h1>A &amp; B&#34;</h1>\
                    <br><svg class=\"a\"><title>t</title></svg><!-- no --></main></body></html>";
        let all = read(page).unwrap();
        let main = all.find(&|element| element.name == "main").unwrap();
        assert_eq!(main.attribute("id"), Some("x"));
        assert_eq!(main.attribute("hidden"), Some(""));
        assert_eq!(main.text(), "A & B\"");
        assert!(matches!(&main.children[2], Node::Svg(svg) if svg.ends_with("</svg>")));
    }

    #[test]
    fn what_is_not_closed_is_refused() {
        for broken in ["<p>", "<p></div>", "</p>", "<p", "<!-- ", "<svg>"] {
            assert!(matches!(read(broken), Err(PageError::Open(_))), "{broken}");
        }
    }
}
