//! Reads texts in the languages of the survey.

use super::reader::{Reader, Written};
use super::yaml::{Content, Entry, Node};
use crate::rules;
use crate::spelling::suggest;
use crate::{Lang, Text};

impl Reader<'_> {
    /// Reads a text: a mapping from language to text or, in a survey of one language, the text.
    pub fn text(&mut self, node: &Node) -> Option<Text> {
        match &node.content {
            Content::Mapping(entries) => self.translations(node, entries),
            Content::Scalar(text) if self.languages.len() == 1 && text.trim().is_empty() => {
                let message = "the text is empty";
                self.report(rules::MISSING_TEXT, node.span.clone(), message, None)
            }
            Content::Scalar(text) if self.languages.len() == 1 => {
                self.note(self.languages[0], node, text);
                Some(Text::new(vec![(self.languages[0], text.clone())]))
            }
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => {
                self.wrong_shape(node, "a text is written by language: `{ nb: …, en: … }`")
            }
        }
    }

    fn translations(&mut self, node: &Node, entries: &[Entry]) -> Option<Text> {
        let readable: Vec<bool> = entries.iter().map(|entry| self.language(entry)).collect();
        let languages = self.languages.clone();
        let translations: Vec<(Lang, String)> =
            languages.iter().filter_map(|lang| translation(node, *lang)).collect();
        let missing: Vec<&str> = languages
            .iter()
            .filter(|lang| node.get(lang.as_str()).is_none())
            .map(Lang::as_str)
            .collect();
        let first = languages.first()?.as_str();
        if missing.contains(&first) {
            let message =
                format!("the text is not written in {first}, the survey's first language");
            return self.report(rules::MISSING_TEXT, node.head(), message, None);
        }
        if !missing.is_empty() {
            let message = format!("the text is not translated to {}", missing.join(" and "));
            let hint = Some(format!("readers will see it in {first}"));
            self.report::<()>(rules::MISSING_TRANSLATION, node.head(), message, hint);
        }
        self.check_same_pipes(node, &translations);
        readable.into_iter().all(|readable| readable).then(|| Text::new(translations))
    }

    /// Keeps a text that has to be looked at again.
    fn note(&mut self, lang: Lang, node: &Node, text: &str) {
        // The texts of a list's first row stand for those of its others.
        if !self.muted && (text.contains("{{") || text.contains(['[', '<', '`'])) {
            let (before, in_rows) = (self.looking_back, self.in_rows);
            self.written.push(Written { lang, node: node.clone(), before, in_rows });
        }
    }

    /// Reports translations that pipe more or fewer values than the first.
    fn check_same_pipes(&mut self, node: &Node, translations: &[(Lang, String)]) {
        let count = |text: &str| text.matches("{{").count() - text.matches("plural(").count();
        let count = |text: &str| if text.contains("{{") { count(text) } else { 0 };
        let Some(((first, text), others)) = translations.split_first() else { return };
        let expected = count(text);
        for (lang, other) in others {
            let found = count(other);
            if found != expected {
                let message =
                    format!("the text pipes {found} values in {lang}, but {expected} in {first}");
                let span = node.get(lang.as_str()).map_or(node.head(), |node| node.span.clone());
                self.report::<()>(rules::OTHER_PIPES, span, message, None);
            }
        }
    }

    /// Checks one translation: a language of the survey, and a text that is not empty.
    fn language(&mut self, entry: &Entry) -> bool {
        if !self.languages.iter().any(|lang| lang.as_str() == entry.key) {
            let message = format!("`{}` is not a language of the survey", entry.key);
            let hint = if entry.value.content == Content::Null {
                Some("a text with a comma stands in quotes where it is inside `{ }`".to_owned())
            } else {
                suggest(&entry.key, self.languages.iter().map(Lang::as_str))
            };
            self.report::<()>(rules::UNKNOWN_LANGUAGE, entry.key_span.clone(), message, hint);
            return false;
        }
        match self.scalar(&entry.value) {
            Some(text) if text.trim().is_empty() => {
                let message = format!("the text is empty in {}", entry.key);
                self.report::<()>(rules::MISSING_TEXT, entry.key_span.clone(), message, None);
                false
            }
            Some(text) => {
                if let Ok(lang) = entry.key.parse() {
                    self.note(lang, &entry.value, text);
                }
                true
            }
            None => false,
        }
    }
}

fn translation(node: &Node, lang: Lang) -> Option<(Lang, String)> {
    match &node.get(lang.as_str())?.content {
        Content::Scalar(text) => Some((lang, text.trim_end().to_owned())),
        Content::Null | Content::Sequence(_) | Content::Mapping(_) => None,
    }
}
