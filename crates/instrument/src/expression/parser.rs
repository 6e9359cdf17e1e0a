//! The parser of expressions.

use super::{Expression, SyntaxError};

/// Reads an expression.
pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
    let _ = source;
    unimplemented!()
}
