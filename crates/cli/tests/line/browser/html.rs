//! A page as its HTML says it: its elements in order, and what they hold.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

/// Elements that never have an end tag: they hold nothing.
const EMPTY: [&str; 5] = ["br", "img", "input", "link", "meta"];

/// A page that was read.
#[derive(Debug, Default)]
pub(crate) struct Page {
    elements: Vec<Element>,
}

/// One element of a page.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) tag: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// The characters inside it, those of the elements inside it too.
    pub(crate) text: String,
    /// The element that it stands in.
    inside: Option<usize>,
}

/// One thing that a selector asks of an element.
enum Test<'s> {
    Tag(&'s str),
    Id(&'s str),
    Class(&'s str),
    Has { name: &'s str, value: &'s str },
    Begins { name: &'s str, with: &'s str },
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(html: &str) -> Page {
        let mut page = Page::default();
        let mut open: Vec<usize> = vec![];
        for Ok(token) in Tokenizer::new(html) {
            match token {
                Token::StartTag(tag) => {
                    let words = tag.attributes.iter();
                    let words = words.map(|(name, value)| (utf8(name), utf8(&value.value)));
                    let (tag, inside) = (utf8(&tag.name), open.last().copied());
                    // An option ends where the next begins.
                    let ends = |of: usize| tag == "option" && page.elements[of].tag == tag;
                    if inside.is_some_and(ends) {
                        open.pop();
                    }
                    if !EMPTY.contains(&tag.as_str()) {
                        open.push(page.elements.len());
                    }
                    let (attributes, text) = (words.collect(), String::new());
                    page.elements.push(Element { tag, attributes, text, inside });
                }
                Token::EndTag(tag) => {
                    let tag = utf8(&tag.name);
                    let begun = open.iter().rposition(|index| page.elements[*index].tag == tag);
                    open.truncate(begun.unwrap_or(open.len()));
                }
                Token::String(text) => {
                    let text = utf8(&text);
                    open.iter().for_each(|index| page.elements[*index].text.push_str(&text));
                }
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        page
    }

    /// Returns the elements that a selector finds, in the order of the page: names, `#id`, `.class`,
    /// `[name=value]` and `[name^='value']`, and what stands inside what.
    pub(crate) fn find(&self, selector: &str) -> Vec<usize> {
        let parts: Vec<Vec<Test<'_>>> = selector.split(' ').map(tests).collect();
        let (last, around) = parts.split_last().expect("a selector has a part");
        let found = (0..self.elements.len()).filter(|index| {
            let mut outer = self.around(*index);
            // From the inside out, each part is met by some element further out.
            self.elements[*index].passes(last)
                && around
                    .iter()
                    .rev()
                    .all(|part| outer.any(|outer| self.elements[outer].passes(part)))
        });
        found.collect()
    }

    /// Returns the elements that one stands in, from the inside out.
    fn around(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.elements[index].inside, |outer| self.elements[*outer].inside)
    }

    /// Returns the nearest element around one that the selector, of one part, finds.
    pub(crate) fn closest(&self, index: usize, selector: &str) -> Option<usize> {
        let tests = tests(selector);
        self.around(index).find(|outer| self.elements[*outer].passes(&tests))
    }

    /// Returns the elements that a selector finds inside another element.
    pub(crate) fn inside(&self, outer: usize, selector: &str) -> Vec<usize> {
        let mut found = self.find(selector);
        found.retain(|index| self.around(*index).any(|around| around == outer));
        found
    }

    /// Returns an element.
    pub(crate) fn element(&self, index: usize) -> &Element {
        &self.elements[index]
    }

    /// Returns an element, to write in.
    pub(crate) fn element_mut(&mut self, index: usize) -> &mut Element {
        &mut self.elements[index]
    }
}

impl Element {
    /// Returns an attribute; empty where it is not there.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map(String::as_str).unwrap_or_default()
    }

    fn passes(&self, tests: &[Test<'_>]) -> bool {
        tests.iter().all(|test| match test {
            Test::Tag(tag) => self.tag == *tag,
            Test::Id(id) => self.attribute("id") == *id,
            Test::Class(class) => self.attribute("class").split_whitespace().any(|c| c == *class),
            Test::Has { name, value } => self.attribute(name) == *value,
            Test::Begins { name, with } => self.attribute(name).starts_with(with),
        })
    }
}

/// Reads a part of a selector, such as `a.button` or `[form=page][name=':go']`.
fn tests(part: &str) -> Vec<Test<'_>> {
    let mut within = false;
    let starts = part.char_indices().filter(|(at, c)| {
        let begins = *at == 0 || !within && "#.[".contains(*c);
        within = *c == '[' || within && *c != ']';
        begins
    });
    let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([part.len()]);
    let test = |(start, end): (&usize, usize)| {
        let test = &part[*start..end];
        let inside = test.strip_prefix('[').map(|test| test.trim_end_matches(']'));
        match (test.strip_prefix('#'), test.strip_prefix('.'), inside) {
            (Some(id), _, _) => Test::Id(id),
            (_, Some(class), _) => Test::Class(class),
            (_, _, Some(inside)) => attribute_test(inside),
            (None, None, None) => Test::Tag(test),
        }
    };
    starts.iter().zip(ends).map(test).collect()
}

fn attribute_test(inside: &str) -> Test<'_> {
    let (name, value) = inside.split_once('=').expect("an attribute is compared with a value");
    let value = value.trim_matches('\'');
    match name.strip_suffix('^') {
        Some(name) => Test::Begins { name, with: value },
        None => Test::Has { name, value },
    }
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_page_is_found_through_as_in_a_browser() {
    let page = Page::read(
        "<main class='wide main'><form id=page action=/a><button name=go value=prefill:tall>Fyll \
         <b>inn</b> &#38; gå</button><datalist><option value=a><option value=b></datalist><textarea \
         name=t id=f-t.x>\nx &lt; y</textarea></form></main><p class=main>Etter</p>",
    );
    let found = |selector: &str| -> Vec<&str> {
        page.find(selector).iter().map(|index| page.element(*index).text.as_str()).collect()
    };
    assert_eq!(found("main form [value^='prefill:']"), ["Fyll inn & gå"]);
    assert_eq!(found("main.wide #page [name=t]"), ["\nx < y"]);
    assert_eq!(found("#page [id=f-t.x]"), ["\nx < y"]);
    assert_eq!(found("datalist option").len(), 2);
    assert_eq!(found(".main").len(), 2);
    assert_eq!(found("form p"), Vec::<&str>::new());
}
