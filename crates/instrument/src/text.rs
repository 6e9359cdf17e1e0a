//! Texts in the languages of the survey.

use std::fmt;
use std::str::FromStr;

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
