//! The syntax tree of an expression: what was written, each part with its place in bytes.

use std::ops::Range;

/// An expression as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place in the source, in bytes; for a part in parentheses, without them.
    pub span: Range<usize>,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// `true` or `false`.
    Bool(bool),
    /// `12`.
    Integer(i64),
    /// `0.5`.
    Decimal(f64),
    /// `"ja"` or `'ja'`, with its escapes read.
    Text(String),
    /// `["a", "b"]`.
    List(Vec<Expression>),
    /// `bosatte`, `unit`.
    Name(String),
    /// `unit.kind`, `kjennskap.nora`.
    Member {
        /// What stands before the point.
        of: Box<Expression>,
        /// What stands after it.
        name: Identifier,
    },
    /// `answered(q)`, `change("q", "ja", since: 2021)`.
    Call {
        /// The name of the function.
        function: Identifier,
        /// What it is called with, in order.
        arguments: Vec<Argument>,
    },
    /// `!a`, `-a`.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// What it stands before.
        operand: Box<Expression>,
    },
    /// `a && b`.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// What stands before it.
        left: Box<Expression>,
        /// What stands after it.
        right: Box<Expression>,
    },
    /// `a ? b : c`.
    Conditional {
        /// What decides.
        condition: Box<Expression>,
        /// The value where it holds.
        then: Box<Expression>,
        /// The value where it does not.
        otherwise: Box<Expression>,
    },
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The name.
    pub name: String,
    /// Its place in the source, in bytes.
    pub span: Range<usize>,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name, where it is written `since: 2021`.
    pub name: Option<Identifier>,
    /// Its value.
    pub value: Expression,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What was found where something else was expected.
    pub message: String,
    /// Its place in the source, in bytes.
    pub span: Range<usize>,
    /// What to write instead, where it can be guessed.
    pub hint: Option<&'static str>,
}
