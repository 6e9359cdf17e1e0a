//! Names that are checked once, where they come in.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Why a text cannot be a name of the questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing was written.
    #[error("a name cannot be empty")]
    Empty,
    /// Longer than a name can be.
    #[error("a name has at most {MAX_LENGTH} characters")]
    TooLong,
    /// The first character is not a letter.
    #[error("a name begins with a letter, not `{0}`")]
    Start(char),
    /// A character other than a lower-case letter, a digit or `_`.
    #[error("a name holds lower-case letters, digits and `_`, not `{0}`")]
    Character(char),
    /// Not a year between 1900 and 2999.
    #[error("a round is named by its year, for instance 2025")]
    Year,
}

/// The longest name: long enough for words, short enough for every statistics package but SPSS 11.
pub(crate) const MAX_LENGTH: usize = 48;

fn check(text: &str) -> Result<(), InvalidId> {
    let first = text.chars().next().ok_or(InvalidId::Empty)?;
    if text.chars().count() > MAX_LENGTH {
        return Err(InvalidId::TooLong);
    }
    if !first.is_alphabetic() && !first.is_ascii_digit() {
        return Err(InvalidId::Start(first));
    }
    match text.chars().find(|c| !(c.is_lowercase() || c.is_ascii_digit() || *c == '_')) {
        Some(c) => Err(InvalidId::Character(c)),
        None => Ok(()),
    }
}

fn check_word(text: &str) -> Result<(), InvalidId> {
    check(text)?;
    match text.chars().next() {
        Some(first) if first.is_ascii_digit() => Err(InvalidId::Start(first)),
        _ => Ok(()),
    }
}

macro_rules! id_type {
    ($check:path, $(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        // Shared, since every answer with an option holds its code.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the characters of `text`; errs with the rule that it breaks.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                $check(&text)?;
                Ok(Self(text.into()))
            }

            /// Returns the name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id_type!(check_word, /// The name of a survey, the same as its folder's.
    SurveyId);
id_type!(check_word, /// The name of a question: stable over rounds, the stem of its variables.
    QuestionId);
id_type!(check_word, /// The name of a section.
    SectionId);
id_type!(check_word, /// The name of a role that answers sections.
    RoleId);
id_type!(check, /// The code of an option or of a row of a grid; unlike other names it may begin with a digit.
    Code);

/// A round, named by its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoundId(u16);

impl RoundId {
    /// Returns the round of `year`; errs outside 1900-2999.
    pub fn new(year: u16) -> Result<RoundId, InvalidId> {
        if (1900..3000).contains(&year) { Ok(RoundId(year)) } else { Err(InvalidId::Year) }
    }

    /// Returns the year.
    pub fn year(self) -> u16 {
        self.0
    }
}

impl FromStr for RoundId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<RoundId, InvalidId> {
        let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return Err(InvalidId::Year);
        }
        text.parse().map_err(|_| InvalidId::Year).and_then(RoundId::new)
    }
}

impl fmt::Display for RoundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_lower_case_letters_digits_and_underscore() {
        assert!(QuestionId::new("språk_2").is_ok());
        assert_eq!(QuestionId::new(""), Err(InvalidId::Empty));
        assert_eq!(QuestionId::new("2språk"), Err(InvalidId::Start('2')));
        assert_eq!(QuestionId::new("tolk-år"), Err(InvalidId::Character('-')));
        assert_eq!(QuestionId::new("Tolk"), Err(InvalidId::Character('T')));
        assert_eq!(QuestionId::new("a".repeat(49)), Err(InvalidId::TooLong));
        assert!(Code::new("15_18").is_ok());
    }

    #[test]
    fn a_round_is_a_year_of_four_digits() {
        assert_eq!("2023".parse::<RoundId>().unwrap().year(), 2023);
        for wrong in ["", "23", "+023", "1800", "3000", "20 3"] {
            assert_eq!(wrong.parse::<RoundId>(), Err(InvalidId::Year), "{wrong:?}");
        }
    }
}
