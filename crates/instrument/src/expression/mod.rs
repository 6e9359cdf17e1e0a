//! The one small language of conditions, checks and reports: CEL's syntax, with a typed meaning
//! that knows about missing answers.
//!
//! [`parse`] turns a text into an [`Expression`]. [`check`] resolves its names against a
//! questionnaire and finds every mistake that can be found before anyone answers. What comes out
//! of it is a [`Checked`] condition, which is [evaluated](Checked::evaluate) for a [`Case`]
//! without a single run-time type error: only true, false and unknown remain.

mod check;
mod evaluate;
mod lexer;
mod names;
mod parser;
mod syntax;
mod unit;

pub use check::{Problem, Scope, check};
pub use evaluate::{Case, Checked};
pub(crate) use names::RESERVED_NAMES;
pub use parser::parse;
pub use syntax::{
    Argument, BinaryOperator, Expression, ExpressionKind, Identifier, SyntaxError, UnaryOperator,
};
pub use unit::{Attribute, AttributeKind, UnitAttributes, UnitName, UnitNames};
