//! The one small language of conditions, checks and reports: CEL's syntax, with a typed meaning
//! that knows about missing answers.
//!
//! - Names: a question (`q`), the row of a grid (`q.row`), the text of an "other, specify"
//!   (`q.option`), an attribute of the unit (`unit.kind`). Codes and texts stand in quotes.
//! - Operators, from the tightest: `! -`, `* /`, `+ -`, `== != < <= > >= in`, `&&`, `||`, `? :`.
//!   Whole numbers and decimals are one type. `"code" in q` asks what was chosen of a multiple
//!   choice, and `q in ["a", "b"]` whether an answer is one of several.
//! - Functions: `answered(q)`; `size(q)` for the number of options chosen, or of characters.
//! - An answer that is not there, or is off the path, and an attribute that is not known are
//!   *unknown*. Unknown spreads by Kleene's tables; only `answered` is never unknown. A condition
//!   holds where it is known to be true.
//!
//! [`parse`] turns a text into an [`Expression`]. [`check`] resolves its names against a
//! questionnaire and finds every mistake that can be found before anyone answers. What comes out
//! of it is a [`Checked`] condition, which is [evaluated](Checked::evaluate) for a [`Case`]
//! without a single run-time type error: only true, false and unknown remain.

mod check;
mod evaluate;
mod lexer;
mod names;
mod outcomes;
mod parser;
mod parts;
mod syntax;
mod unit;

pub use check::{Problem, Scope, check};
pub use evaluate::{Case, Checked};
pub(crate) use lexer::same_expression;
pub(crate) use names::RESERVED_NAMES;
pub(crate) use outcomes::{Ground, Outcomes, outcomes};
pub use parser::parse;
pub(crate) use parts::Part;
pub use syntax::{
    Argument, BinaryOperator, Expression, ExpressionKind, Identifier, SyntaxError, UnaryOperator,
};
pub use unit::{Attribute, AttributeKind, UnitAttributes, UnitName, UnitNames};
