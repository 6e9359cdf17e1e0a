//! Every word of the letters, once for each language. A language that lacks one does not compile.

mod en;
mod nb;
mod nn;

use instrument::Lang;
use jiff::civil::Date;
use store::LetterKind;

/// The words of the letters in one language.
pub(crate) struct Words {
    pub(crate) lang: &'static str,
    /// What the file is called that a receipt encloses.
    pub(crate) receipt_file: &'static str,
    pub(crate) greeting: fn(&str) -> String,
    pub(crate) says: fn(&str) -> String,
    /// Who asks to be done by which day.
    pub(crate) due: fn(&str, &str) -> String,
    pub(crate) open_until: fn(&str) -> String,
    pub(crate) date: fn(Date) -> String,
    pub(crate) hand_over: Texts,
    pub(crate) reminder: Texts,
    pub(crate) returned: Texts,
    pub(crate) receipt: Texts,
}

/// The words of one kind of letter.
pub(crate) struct Texts {
    pub(crate) subject: fn(&Scene<'_>) -> String,
    pub(crate) lead: fn(&Scene<'_>) -> String,
    /// What leads into the case; a receipt is no way in.
    pub(crate) press: Option<&'static str>,
    pub(crate) notes: &'static [&'static str],
}

/// Who and what a letter is about.
pub(crate) struct Scene<'a> {
    pub(crate) writer: &'a str,
    pub(crate) unit: &'a str,
    /// The survey with its year.
    pub(crate) survey: &'a str,
    pub(crate) sections: &'a [String],
}

impl Words {
    /// Returns the words of a kind of letter.
    pub(crate) fn of(&self, kind: LetterKind) -> &Texts {
        match kind {
            LetterKind::HandOver => &self.hand_over,
            LetterKind::Reminder => &self.reminder,
            LetterKind::Returned => &self.returned,
            LetterKind::Receipt => &self.receipt,
        }
    }
}

/// Returns the words in `lang`; bokmål where letters have not been written in it.
pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::NN => &nn::NN,
        Lang::EN => &en::EN,
        _ => &nb::NB,
    }
}

impl Scene<'_> {
    /// Returns the only section, where there is one.
    fn only(&self) -> Option<&str> {
        match self.sections {
            [only] => Some(only),
            _ => None,
        }
    }
}
