//! What variables and options are called in a language.

use std::collections::BTreeSet;

use dataset::{CodebookVariable, DataSet};
use frame::UnitKind;
use instrument::{Code, Lang, Text};

use crate::figures::{Figure, FrameAttribute, Group};
use crate::words::Words;

/// The names of variables and options in one language.
pub(crate) struct Labels<'a> {
    data: &'a DataSet,
    lang: Lang,
    /// Words that have a capital letter in the middle of some text: names, which keep it.
    names: BTreeSet<String>,
}

impl<'a> Labels<'a> {
    /// Returns the names that a codebook gives in `lang`.
    pub(crate) fn new(data: &'a DataSet, lang: Lang) -> Labels<'a> {
        let mut names = BTreeSet::new();
        for text in data.variables.iter().flat_map(texts) {
            names.extend(capitals_within(text.get(lang)).map(str::to_owned));
        }
        Labels { data, lang, names }
    }

    /// Returns the text of a question or row; the name itself where there is none.
    pub(crate) fn variable(&self, name: &'a str) -> &'a str {
        self.data.variable(name).map_or(name, |(variable, _)| variable.label.get(self.lang))
    }

    /// Returns the text of an option.
    pub(crate) fn option(&self, variable: &'a CodebookVariable, code: &'a Code) -> &'a str {
        let option = variable.option(code.as_str());
        option.map_or(code.as_str(), |index| variable.options[index].text.get(self.lang))
    }

    /// Returns the text of options, parted by slashes.
    pub(crate) fn options(&self, name: &str, codes: &[Code]) -> String {
        let Some((variable, _)) = self.data.variable(name) else { return String::new() };
        let texts: Vec<&str> = codes.iter().map(|code| self.option(variable, code)).collect();
        texts.join(" / ")
    }

    /// Returns the options that a figure counts, and of a balance those that are taken from them.
    pub(crate) fn counted(&self, figure: &Figure) -> String {
        let counted = self.options(&figure.variable, &figure.codes);
        match figure.against.as_slice() {
            [] => counted,
            against => format!("{counted} \u{2212} {}", self.options(&figure.variable, against)),
        }
    }

    /// Returns what a group of units is called in a chart or a table.
    pub(crate) fn group(&self, group: &Group, words: &Words) -> String {
        let name = match group.attribute {
            FrameAttribute::Size => self.size(&group.code),
            FrameAttribute::County => self.county(&group.code),
            FrameAttribute::Centrality => words.groups.centrality_class(&group.code),
            FrameAttribute::Kind => kind(&group.code, words).to_owned(),
            FrameAttribute::KostraGroup => words.groups.kostra_group(&group.code),
        };
        let mut letters = name.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    }

    /// Returns what a group of units is called within a sentence, after "in".
    pub(crate) fn group_within(&self, group: &Group, words: &Words) -> String {
        match group.attribute {
            FrameAttribute::Size => {
                let title = self.within_sentence(&self.size(&group.code));
                words.groups.titled(&words.quoted(&title))
            }
            FrameAttribute::County => self.county(&group.code),
            FrameAttribute::Centrality => words.groups.centrality_class(&group.code),
            FrameAttribute::Kind => kind(&group.code, words).to_owned(),
            FrameAttribute::KostraGroup => words.groups.kostra_group(&group.code),
        }
    }

    fn size(&self, code: &str) -> String {
        let class = self.data.size_classes.iter().find(|(class, _)| class.as_str() == code);
        let title = class.map_or(code, |(_, title)| title.get(self.lang));
        hard_spaces(title)
    }

    fn county(&self, code: &str) -> String {
        let unit = self.data.units.iter().find(|unit| unit.county_id == code);
        unit.map_or(code, |unit| unit.county.as_str()).to_owned()
    }

    /// Returns the text of an option as it stands within a sentence: with a small first letter,
    /// unless the first word is a name or an abbreviation.
    pub(crate) fn within_sentence(&self, text: &str) -> String {
        let first = text.split([' ', ',', '-', '–', '/']).next().unwrap_or_default();
        let abbreviation = first.chars().skip(1).any(char::is_uppercase);
        let of_myself = first == "I" && self.lang == Lang::EN;
        if abbreviation || of_myself || self.names.contains(first) {
            return text.to_owned();
        }
        let mut letters = text.chars();
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
    }
}

fn kind(code: &str, words: &Words) -> &'static str {
    if code == UnitKind::District.as_str() {
        words.groups.districts
    } else {
        words.groups.municipalities
    }
}

/// Keeps the digits of a number on one line: "5 000".
pub(crate) fn hard_spaces(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    let between = |place: usize| place > 0 && digit(place - 1) && digit(place + 1);
    let hard = |(place, letter): (usize, &char)| match letter {
        ' ' if between(place) => '\u{a0}',
        letter => *letter,
    };
    letters.iter().enumerate().map(hard).collect()
}

fn texts(variable: &CodebookVariable) -> impl Iterator<Item = &Text> {
    let options = variable.options.iter().map(|option| &option.text);
    [&variable.question_text, &variable.label].into_iter().chain(options)
}

/// Returns the words with a capital letter that do not begin a sentence.
fn capitals_within(text: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let starts_sentence =
        |place: usize| place == 0 || words[place - 1].ends_with(['.', '?', '!', ':']);
    let places: Vec<usize> = (0..words.len()).filter(|place| !starts_sentence(*place)).collect();
    places
        .into_iter()
        .map(move |place| words[place].trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
}
