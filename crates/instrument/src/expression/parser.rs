//! The parser of expressions: precedence climbing, by hand, so that every error names its place.

use std::ops::Range;

use super::lexer::{Token, TokenKind, tokens};
use super::{
    Argument, BinaryOperator, Expression, ExpressionKind, Identifier, SyntaxError, UnaryOperator,
};

/// The most operators of an expression. It bounds the height of the tree, and with it the stack of
/// everyone who walks through it.
const MAX_OPERATORS: usize = 128;

/// The deepest nesting of brackets and signs. It bounds the stack of the parser itself.
const MAX_DEPTH: usize = 32;

/// Reads an expression.
///
/// ```
/// use instrument::expression::{ExpressionKind, parse};
///
/// let expression = parse("tolk == \"ja\" && antall_år > 2").unwrap();
/// assert!(matches!(expression.kind, ExpressionKind::Binary { .. }));
/// assert_eq!(parse("tolk = 1").unwrap_err().span, 5..6);
/// ```
pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
    let tokens = tokens(source)?;
    let mut parser = Parser { tokens, next: 0, operators: 0, depth: 0, end: source.len() };
    let expression = parser.expression()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected("an operator")),
    }
}

type Parsed = Result<Expression, SyntaxError>;

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    operators: usize,
    depth: usize,
    end: usize,
}

impl Parser {
    fn expression(&mut self) -> Parsed {
        self.deeper(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        self.count_operator()?;
        let then = self.expression()?;
        self.expect(":")?;
        let otherwise = self.expression()?;
        let span = condition.span.start..otherwise.span.end;
        let kind = ExpressionKind::Conditional {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        Ok(Expression { kind, span })
    }

    /// Reads operators that bind tighter than `above`, those of the same rank from left to right.
    fn binary(&mut self, above: u8) -> Parsed {
        let mut left = self.unary()?;
        while let Some((operator, rank)) = self.peek().and_then(|token| binary(&token.kind)) {
            if rank <= above {
                break;
            }
            self.count_operator()?;
            self.next += 1;
            let right = self.binary(rank)?;
            let span = left.span.start..right.span.end;
            let (left_side, right) = (Box::new(left), Box::new(right));
            let kind = ExpressionKind::Binary { operator, left: left_side, right };
            left = Expression { kind, span };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.place().start;
        let operator = match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Symbol("!")) => UnaryOperator::Not,
            Some(TokenKind::Symbol("-")) => UnaryOperator::Negate,
            _ => return self.member(),
        };
        self.count_operator()?;
        self.next += 1;
        let operand = Box::new(self.deeper(Self::unary)?);
        let span = start..operand.span.end;
        Ok(Expression { kind: ExpressionKind::Unary { operator, operand }, span })
    }

    fn member(&mut self) -> Parsed {
        let mut of = self.primary()?;
        while self.take(".") {
            self.count_operator()?;
            let name = self.name()?;
            let span = of.span.start..name.span.end;
            of = Expression { kind: ExpressionKind::Member { of: Box::new(of), name }, span };
        }
        Ok(of)
    }

    fn primary(&mut self) -> Parsed {
        let Some(Token { kind, span }) = self.peek().cloned() else {
            return Err(self.unexpected("a name or a value"));
        };
        let kind = match kind {
            TokenKind::Name(name) => return self.name_or_call(name, span),
            TokenKind::Symbol("(") => return self.parentheses(),
            TokenKind::Symbol("[") => return self.list(),
            TokenKind::Integer(number) => ExpressionKind::Integer(number),
            TokenKind::Decimal(number) => ExpressionKind::Decimal(number),
            TokenKind::Text(text) => ExpressionKind::Text(text),
            TokenKind::Symbol(_) => return Err(self.unexpected("a name or a value")),
        };
        self.next += 1;
        Ok(Expression { kind, span })
    }

    fn name_or_call(&mut self, name: String, span: Range<usize>) -> Parsed {
        let kind = match name.as_str() {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "in" => return Err(self.unexpected("a name or a value")),
            _ => {
                self.next += 1;
                if self.peek().is_some_and(|token| token.kind == TokenKind::Symbol("(")) {
                    return self.call(Identifier { name, span });
                }
                return Ok(Expression { kind: ExpressionKind::Name(name), span });
            }
        };
        self.next += 1;
        Ok(Expression { kind, span })
    }

    fn call(&mut self, function: Identifier) -> Parsed {
        self.expect("(")?;
        let arguments = self.separated(")", Self::argument)?;
        let span = function.span.start..self.previous_end();
        Ok(Expression { kind: ExpressionKind::Call { function, arguments }, span })
    }

    fn argument(&mut self) -> Result<Argument, SyntaxError> {
        let colon = self.tokens.get(self.next + 1).map(|token| &token.kind);
        let named = colon == Some(&TokenKind::Symbol(":"));
        let is_name = matches!(self.peek().map(|token| &token.kind), Some(TokenKind::Name(_)));
        if !(named && is_name) {
            return Ok(Argument { name: None, value: self.expression()? });
        }
        let name = self.name()?;
        self.expect(":")?;
        Ok(Argument { name: Some(name), value: self.expression()? })
    }

    fn list(&mut self) -> Parsed {
        let start = self.place().start;
        self.expect("[")?;
        let elements = self.separated("]", Self::expression)?;
        let span = start..self.previous_end();
        Ok(Expression { kind: ExpressionKind::List(elements), span })
    }

    fn parentheses(&mut self) -> Parsed {
        self.expect("(")?;
        let inner = self.expression()?;
        self.expect(")")?;
        Ok(inner)
    }

    /// Reads what stands between commas, up to and with the closing bracket.
    fn separated<T>(
        &mut self,
        close: &'static str,
        read: impl Fn(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<Vec<T>, SyntaxError> {
        let mut parts = vec![];
        while !self.take(close) {
            if !parts.is_empty() {
                self.expect(",")?;
            }
            parts.push(read(self)?);
        }
        Ok(parts)
    }

    fn name(&mut self) -> Result<Identifier, SyntaxError> {
        match self.peek().cloned() {
            Some(Token { kind: TokenKind::Name(name), span }) => {
                self.next += 1;
                Ok(Identifier { name, span })
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), SyntaxError> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    fn take(&mut self, symbol: &'static str) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == TokenKind::Symbol(symbol));
        self.next += usize::from(found);
        found
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// The place of the next token; the end of the source where there is none.
    fn place(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |token| token.span.clone())
    }

    fn previous_end(&self) -> usize {
        self.next.checked_sub(1).map_or(0, |previous| self.tokens[previous].span.end)
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("brackets and signs lie more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError { message, span: self.place(), hint: None });
        }
        let expression = read(self);
        self.depth -= 1;
        expression
    }

    fn count_operator(&mut self) -> Result<(), SyntaxError> {
        self.operators += 1;
        if self.operators <= MAX_OPERATORS {
            return Ok(());
        }
        let message = format!("the expression has more than {MAX_OPERATORS} operators");
        let hint = Some("a list says it shorter: `q in [\"a\", \"b\"]`");
        Err(SyntaxError { message, span: self.place(), hint })
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        let found = match self.peek().map(|token| &token.kind) {
            None => "the end".to_owned(),
            Some(TokenKind::Name(name)) => format!("`{name}`"),
            Some(TokenKind::Integer(number)) => format!("`{number}`"),
            Some(TokenKind::Decimal(number)) => format!("`{number}`"),
            Some(TokenKind::Text(text)) => format!("the text {text:?}"),
            Some(TokenKind::Symbol(symbol)) => format!("`{symbol}`"),
        };
        let message = format!("expected {expected}, found {found}");
        SyntaxError { message, span: self.place(), hint: self.hint() }
    }

    /// What people write who know another language.
    fn hint(&self) -> Option<&'static str> {
        let previous = self.next.checked_sub(1).map(|previous| &self.tokens[previous].kind);
        match (previous, self.peek().map(|token| &token.kind)) {
            (_, Some(TokenKind::Name(word))) => match word.as_str() {
                "and" | "AND" | "og" => Some("`and` is written `&&`"),
                "or" | "OR" | "eller" => Some("`or` is written `||`"),
                _ => not_hint(previous),
            },
            (Some(TokenKind::Integer(_)), Some(TokenKind::Symbol(","))) => {
                Some("decimals are written with a point: `0.5`")
            }
            (Some(TokenKind::Symbol("<")), Some(TokenKind::Symbol(">"))) => {
                Some("`is not` is written `!=`")
            }
            (_, None | Some(_)) => None,
        }
    }
}

fn not_hint(previous: Option<&TokenKind>) -> Option<&'static str> {
    match previous {
        Some(TokenKind::Name(word)) if matches!(word.as_str(), "not" | "NOT" | "ikke") => {
            Some("`not` is written `!`")
        }
        _ => None,
    }
}

/// The operator that a token is, and how tightly it binds.
fn binary(token: &TokenKind) -> Option<(BinaryOperator, u8)> {
    Some(match token {
        TokenKind::Symbol("||") => (BinaryOperator::Or, 1),
        TokenKind::Symbol("&&") => (BinaryOperator::And, 2),
        TokenKind::Symbol("==") => (BinaryOperator::Equal, 3),
        TokenKind::Symbol("!=") => (BinaryOperator::NotEqual, 3),
        TokenKind::Symbol("<") => (BinaryOperator::Less, 3),
        TokenKind::Symbol("<=") => (BinaryOperator::LessOrEqual, 3),
        TokenKind::Symbol(">") => (BinaryOperator::Greater, 3),
        TokenKind::Symbol(">=") => (BinaryOperator::GreaterOrEqual, 3),
        TokenKind::Name(word) if word == "in" => (BinaryOperator::In, 3),
        TokenKind::Symbol("+") => (BinaryOperator::Add, 4),
        TokenKind::Symbol("-") => (BinaryOperator::Subtract, 4),
        TokenKind::Symbol("*") => (BinaryOperator::Multiply, 5),
        TokenKind::Symbol("/") => (BinaryOperator::Divide, 5),
        _ => return None,
    })
}
