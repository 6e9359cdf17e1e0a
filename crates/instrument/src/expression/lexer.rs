//! Cuts an expression into tokens.

use std::ops::Range;

use super::SyntaxError;

/// The longest expression, in bytes. Longer than any that a person writes, and short enough that
/// nothing made of it can be large.
const MAX_LENGTH: usize = 16_384;

/// The signs of the language; one that begins with another stands before it.
const SYMBOLS: [&str; 21] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "?", ":", "(", ")", "[",
    "]", ",", ".",
];

/// One token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Name(String),
    Integer(i64),
    Decimal(f64),
    Text(String),
    Symbol(&'static str),
}

/// Cuts `source` into tokens.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, SyntaxError> {
    if source.len() > MAX_LENGTH {
        let message = format!("the expression has more than {MAX_LENGTH} bytes");
        return Err(SyntaxError { message, span: 0..source.len(), hint: None });
    }
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens: Vec<Token> = vec![];
    while let Some(first) = lexer.skip_space() {
        let start = lexer.at;
        let member = tokens.last().is_some_and(|token| token.kind == TokenKind::Symbol("."));
        let kind = lexer.token(first, member)?;
        tokens.push(Token { kind, span: start..lexer.at });
    }
    Ok(tokens)
}

/// Whether two expressions say the same, apart from white space, when each name in the first is
/// read as what `renamed` makes of it.
pub(crate) fn same_expression<'a>(
    one: &'a str,
    other: &str,
    renamed: impl Fn(&'a str) -> &'a str,
) -> bool {
    let (Ok(tokens), Ok(others)) = (tokens(one), tokens(other)) else { return one == other };
    let same = |token: &Token, other: &Token| match &other.kind {
        TokenKind::Name(name) => renamed(&one[token.span.clone()]) == name,
        TokenKind::Integer(_)
        | TokenKind::Decimal(_)
        | TokenKind::Text(_)
        | TokenKind::Symbol(_) => token.kind == other.kind,
    };
    tokens.len() == others.len() && tokens.iter().zip(&others).all(|(one, other)| same(one, other))
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

impl Lexer<'_> {
    /// Moves to the next character that is not white space and returns it.
    fn skip_space(&mut self) -> Option<char> {
        self.take_while(char::is_whitespace);
        self.rest().chars().next()
    }

    /// Reads the token that begins with `first`. The code of a row may begin with a digit, so that
    /// after a point (`member`) digits begin a name.
    fn token(&mut self, first: char, member: bool) -> Result<TokenKind, SyntaxError> {
        if is_word(first) && (member || !first.is_ascii_digit()) {
            return Ok(TokenKind::Name(self.take_while(is_word).to_owned()));
        }
        match first {
            '0'..='9' => self.number(),
            '"' | '\'' => self.text(first),
            _ => self.symbol(first),
        }
    }

    fn number(&mut self) -> Result<TokenKind, SyntaxError> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let fraction = self.rest().strip_prefix('.').and_then(|rest| rest.chars().next());
        if !fraction.is_some_and(|c| c.is_ascii_digit()) {
            let integer = self.source[start..self.at].parse().map(TokenKind::Integer);
            return integer.map_err(|_| self.error(start, "the number is too large", None));
        }
        self.at += 1;
        self.take_while(|c| c.is_ascii_digit());
        match self.source[start..self.at].parse::<f64>() {
            Ok(decimal) if decimal.is_finite() => Ok(TokenKind::Decimal(decimal)),
            _ => Err(self.error(start, "the number is too large", None)),
        }
    }

    fn text(&mut self, quote: char) -> Result<TokenKind, SyntaxError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.source[start..].char_indices().skip(1);
        while let Some((place, c)) = chars.next() {
            match c {
                '\\' => {
                    let escaped = chars.next();
                    let Some(c) = escaped.and_then(|(_, c)| unescape(c)) else {
                        self.at = escaped
                            .map_or(start + place + 1, |(next, c)| start + next + c.len_utf8());
                        let hint = "a backslash is written `\\\\`";
                        return Err(self.error(start + place, "unknown escape", Some(hint)));
                    };
                    text.push(c);
                }
                _ if c == quote => {
                    self.at = start + place + 1;
                    return Ok(TokenKind::Text(text));
                }
                _ => text.push(c),
            }
        }
        self.at = self.source.len();
        Err(self.error(start, "the text has no closing quote", None))
    }

    fn symbol(&mut self, first: char) -> Result<TokenKind, SyntaxError> {
        let start = self.at;
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            self.at += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        self.at += first.len_utf8();
        let hint = match first {
            '=' => Some("two values are compared with `==`"),
            '&' => Some("`and` is written `&&`"),
            '|' => Some("`or` is written `||`"),
            '“' | '”' | '„' | '«' | '»' | '‘' | '’' => {
                Some("texts stand in straight quotes: \"ja\"")
            }
            _ => None,
        };
        Err(self.error(start, &format!("`{first}` has no meaning here"), hint))
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        &self.source[start..self.at]
    }

    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn error(&self, start: usize, message: &str, hint: Option<&'static str>) -> SyntaxError {
        SyntaxError { message: message.to_owned(), span: start..self.at, hint }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn unescape(escaped: char) -> Option<char> {
    match escaped {
        '\\' | '"' | '\'' => Some(escaped),
        'n' => Some('\n'),
        't' => Some('\t'),
        _ => None,
    }
}
