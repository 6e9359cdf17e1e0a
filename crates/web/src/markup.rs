//! Texts of a questionnaire as HTML. Here alone a text becomes markup, and every character of it is
//! escaped on the way.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;
use instrument::markup::{Block, Inline, Target, blocks, inline};
use instrument::{Filled, Lang};

/// Markup whose characters have been escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl HtmlSafe for Html {}

impl Html {
    /// Returns characters that are no text of a questionnaire.
    pub(crate) fn escaped(text: &str) -> Html {
        let mut html = String::new();
        push_escaped(text, &mut html);
        Html(html)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns a text of one line. One that is not written in the reader's language says which it is in.
pub(crate) fn line(filled: &Filled<'_>, reader: Lang) -> Html {
    let mut html = String::new();
    push_inlines(&inline(&filled.markdown), &mut html);
    if filled.lang == reader { Html(html) } else { Html(foreign("span", filled.lang, &html)) }
}

/// Returns a text of several lines as paragraphs and lists.
pub(crate) fn paragraphs(filled: &Filled<'_>, reader: Lang) -> Html {
    let mut html = String::new();
    for block in blocks(&filled.markdown) {
        match block {
            Block::Paragraph(words) => wrapped("p", &words, &mut html),
            Block::List { numbered, items } => {
                let list = if numbered { "ol" } else { "ul" };
                let _ = write!(html, "<{list}>");
                items.iter().for_each(|item| wrapped("li", item, &mut html));
                let _ = write!(html, "</{list}>");
            }
        }
    }
    if filled.lang == reader { Html(html) } else { Html(foreign("div", filled.lang, &html)) }
}

fn foreign(tag: &str, lang: Lang, html: &str) -> String {
    format!("<{tag} class=\"untranslated\" lang=\"{lang}\">{html}</{tag}>")
}

fn wrapped(tag: &str, words: &[Inline], html: &mut String) {
    let _ = write!(html, "<{tag}>");
    push_inlines(words, html);
    let _ = write!(html, "</{tag}>");
}

fn push_inlines(inlines: &[Inline], html: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => push_escaped(text, html),
            Inline::Emphasis(words) => wrapped("em", words, html),
            Inline::Strong(words) => wrapped("strong", words, html),
            Inline::Link { target: Target::Address(address), words } => {
                html.push_str("<a href=\"");
                push_escaped(address, html);
                html.push_str("\" rel=\"noreferrer\">");
                push_inlines(words, html);
                html.push_str("</a>");
            }
            // The definition stands below the text; a link inside a label would be hard to reach.
            Inline::Link { target: Target::Term(_), words } => {
                html.push_str("<span class=\"term\">");
                push_inlines(words, html);
                html.push_str("</span>");
            }
        }
    }
}

/// Writes characters as the templates do.
fn push_escaped(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&#38;",
            b'<' => "&#60;",
            b'>' => "&#62;",
            b'"' => "&#34;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn filled(markdown: &str) -> Filled<'_> {
        Filled { lang: Lang::NB, markdown: Cow::Borrowed(markdown) }
    }

    #[test]
    fn every_character_of_a_text_is_escaped() {
        for (written, html) in [
            (
                "<script>alert('x')</script> & \"y\"",
                "&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62; &#38; &#34;y&#34;",
            ),
            (
                "[a](https://b.no/?c=\"d\"&e)",
                "<a href=\"https://b.no/?c=&#34;d&#34;&#38;e\" rel=\"noreferrer\">a</a>",
            ),
            (
                "**fet** og *skrå* [tolk](term:tolk)",
                "<strong>fet</strong> og <em>skrå</em> <span class=\"term\">tolk</span>",
            ),
        ] {
            assert_eq!(line(&filled(written), Lang::NB).to_string(), html, "{written}");
        }
    }

    #[test]
    fn another_language_is_said() {
        let line = line(&filled("Ja"), Lang::EN).to_string();
        assert_eq!(line, "<span class=\"untranslated\" lang=\"nb\">Ja</span>");
        let text = paragraphs(&filled("En.\n\n- to\n- tre"), Lang::NB).to_string();
        assert_eq!(text, "<p>En.</p><ul><li>to</li><li>tre</li></ul>");
    }
}
