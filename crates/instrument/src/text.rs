//! Texts in the languages of the survey.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::expression::{Piece, UNKNOWN, pieces};
use crate::markup::{escape, plain};

/// A language by its ISO 639 code of two or three letters: `nb`, `nn`, `en`, `sma`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 3]);

impl Lang {
    /// Norwegian bokmål.
    pub const NB: Lang = Lang(*b"nb\0");
    /// Norwegian nynorsk.
    pub const NN: Lang = Lang(*b"nn\0");
    /// English.
    pub const EN: Lang = Lang(*b"en\0");

    /// Returns the code, for instance `nb`; it is the value of an HTML `lang` attribute.
    pub fn as_str(&self) -> &str {
        let end = if self.0[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.0[..end]).expect("a language is made of ASCII letters")
    }
}

/// The text is not a language code of two or three lower-case letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is an ISO 639 code of two or three letters, for instance nb")]
pub struct InvalidLang;

impl FromStr for Lang {
    type Err = InvalidLang;
    fn from_str(text: &str) -> Result<Lang, InvalidLang> {
        let letters = text.as_bytes();
        if !(2..=3).contains(&letters.len()) || !letters.iter().all(u8::is_ascii_lowercase) {
            return Err(InvalidLang);
        }
        let mut code = [0; 3];
        code[..letters.len()].copy_from_slice(letters);
        Ok(Lang(code))
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lang({self})")
    }
}

/// One text in the languages that it has been written in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    translations: Vec<(Lang, String)>,
}

/// A text for one case, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled<'t> {
    /// The language that it is in, which is another than the reader's where it is not translated.
    pub lang: Lang,
    /// The text, with [its signs](crate::markup).
    pub markdown: Cow<'t, str>,
}

/// Puts values in the place of what stands between `{{` and `}}`.
pub(crate) fn fill<'t>(text: &'t str, value: impl Fn(&str) -> Option<String>) -> Cow<'t, str> {
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let pieces = pieces(text).into_iter();
    let filled = pieces.map(|piece| match piece {
        Piece::Characters(range) | Piece::Open(range) => text[range].to_owned(),
        Piece::Pipe(range) => match value(text[range].trim()) {
            Some(value) => escape(&value),
            None => UNKNOWN.to_owned(),
        },
    });
    Cow::Owned(filled.collect())
}

impl Filled<'_> {
    /// Returns the characters that are read of a text of one line.
    pub fn plain(&self) -> String {
        plain(&self.markdown)
    }
}

impl Text {
    /// Returns a text with these translations, the survey's first language first.
    pub fn new(translations: Vec<(Lang, String)>) -> Text {
        Text { translations }
    }

    /// Returns the text in `lang` where it has been written, otherwise in the first language.
    pub fn get(&self, lang: Lang) -> &str {
        self.exact(lang)
            .or_else(|| self.translations.first().map(|(_, text)| text.as_str()))
            .unwrap_or_default()
    }

    /// Returns the text as [`Text::get`] does, with the language that it is in.
    pub fn written(&self, lang: Lang) -> (Lang, &str) {
        let first = || self.translations.first().map(|(lang, text)| (*lang, text.as_str()));
        self.exact(lang).map(|text| (lang, text)).or_else(first).unwrap_or((lang, ""))
    }

    /// Returns the characters that are read of a text of one line where there is no case: what is
    /// piped is left open. Codebooks and lists name a question so.
    pub fn plain(&self, lang: Lang) -> String {
        plain(&fill(self.get(lang), |_| None))
    }

    /// Returns the characters that are read of every translation, as [`Text::plain`] does.
    #[must_use]
    pub fn to_plain(&self) -> Text {
        let plain = self.translations.iter().map(|(lang, _)| (*lang, self.plain(*lang)));
        Text::new(plain.collect())
    }

    /// Returns the text in `lang`, or `None` where nobody has written it.
    pub fn exact(&self, lang: Lang) -> Option<&str> {
        self.translations.iter().find(|(l, _)| *l == lang).map(|(_, text)| text.as_str())
    }

    /// Returns every translation, in the order of the survey's languages.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        self.translations.iter().map(|(lang, text)| (*lang, text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_falls_back_on_the_first_language() {
        let text = Text::new(vec![(Lang::NB, "Ja".into()), (Lang::EN, "Yes".into())]);
        assert_eq!(text.get(Lang::EN), "Yes");
        assert_eq!(text.get(Lang::NN), "Ja");
        assert_eq!(text.exact(Lang::NN), None);
    }

    #[test]
    fn codes_are_two_or_three_letters() {
        assert_eq!("sma".parse::<Lang>().unwrap().as_str(), "sma");
        for wrong in ["", "n", "NB", "nb-NO", "nøn"] {
            assert_eq!(wrong.parse::<Lang>(), Err(InvalidLang), "{wrong:?}");
        }
    }
}
