//! Secrets: random tokens, of which the store keeps the hash alone.

use std::fmt;
use std::str::FromStr;

use instrument::Hash;
use rand::TryRng;
use rand::rngs::SysRng;

/// A random token of 128 bits, written as 26 letters and digits that are hard to mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Crockford's base 32: no I, L, O or U.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

impl Token {
    /// Draws a token from the operating system.
    pub fn random() -> Token {
        let mut bytes = [0; 16];
        SysRng.try_fill_bytes(&mut bytes).expect("the operating system provides random bytes");
        let mut bits = u128::from_be_bytes(bytes);
        let mut digits = [0; LENGTH];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(bits & 31) as usize];
            bits >>= 5;
        }
        Token(digits.iter().map(|digit| char::from(*digit)).collect())
    }

    /// Returns the token itself, for a link or a cookie; it must reach no log.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns what the store keeps of it.
    pub(crate) fn hash(&self) -> String {
        Hash::of(self.0.as_bytes()).to_string()
    }
}

/// The text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a link of this survey")]
pub struct InvalidToken;

impl FromStr for Token {
    type Err = InvalidToken;
    fn from_str(text: &str) -> Result<Token, InvalidToken> {
        let digits = text.len() == LENGTH && text.bytes().all(|b| DIGITS.contains(&b));
        if digits { Ok(Token(text.to_owned())) } else { Err(InvalidToken) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_does_not_show_itself() {
        let token = Token::random();
        assert_eq!(token.reveal().parse::<Token>().unwrap(), token);
        assert_ne!(Token::random(), token);
        assert_eq!(format!("{token:?}"), "Token(…)");
        for wrong in ["", "abc", &"O".repeat(26), &"å".repeat(13)] {
            assert!(wrong.parse::<Token>().is_err(), "{wrong:?}");
        }
    }
}
