//! The one small language of conditions, checks and reports: CEL's syntax, with a typed meaning
//! that knows about missing answers.
//!
//! - Names: a question (`q`), the row of a grid (`q.row`), the text of an "other, specify"
//!   (`q.option`), an attribute of the unit (`unit.kind`). Codes and texts stand in quotes.
//! - Operators, from the tightest: `! -`, `* /`, `+ -`, `== != < <= > >= in`, `&&`, `||`, `? :`.
//!   Whole numbers and decimals are one type. `"code" in q` asks what was chosen of a multiple
//!   choice, and `q in ["a", "b"]` whether an answer is one of several.
//! - `last.q` is the last round's answer to a question, through its lineage; `role` is the role
//!   that answers the section; `today` is the day on which a check is made, and `date("2025-01-31")`
//!   a day. Days are compared, a number of days is added to them, and between two lies one.
//! - Functions: `answered(q)`; `count(q)` for the options chosen, or rows answered; `size(q)` for
//!   the options chosen, or the characters of a text.
//! - Of rows: `any(grid == "a")`, `all(…)`, `count(…)` and `sum(…)`, in whose brackets the name of
//!   the grid stands for each of its rows in turn.
//! - An answer that is not there, or is off the path, and an attribute that is not known are
//!   *unknown*. Unknown spreads by Kleene's tables; only `answered` is never unknown. A condition
//!   holds where it is known to be true.
//!
//! - Texts pipe what the same expressions come to: `{{ q }}`, `{{ unit.name }}`, and
//!   `{{ plural(q, one: "…", other: "…") }}`.
//!
//! [`parse`] turns a text into an [`Expression`]. [`check`] resolves its names against a
//! questionnaire and finds every mistake that can be found before anyone answers. What comes out
//! of it is a [`Checked`] condition, which is [evaluated](Checked::evaluate) for a [`Case`]
//! without a single run-time type error: only true, false and unknown remain.

mod calculation;
mod calls;
mod check;
mod evaluate;
mod lexer;
mod names;
mod outcomes;
mod parser;
mod parts;
mod piping;
mod syntax;
mod unit;
mod words;

pub use calculation::{CheckedCalculation, CheckedWord, check_calculation, check_proposal};
pub use check::{Problem, Scope, check, check_number};
pub use evaluate::{Case, Checked, CheckedNumber};
pub(crate) use lexer::same_expression;
pub(crate) use names::{LAST, RESERVED_NAMES};
pub(crate) use outcomes::{Ground, Outcomes, outcomes};
pub use parser::parse;
pub(crate) use parts::Part;
pub(crate) use piping::{Piece, UNKNOWN, check_piped, pieces};
pub use piping::{Piped, day_in, number_in};
pub use syntax::{
    Argument, BinaryOperator, Expression, ExpressionKind, Identifier, SyntaxError, UnaryOperator,
};
pub use unit::{Attribute, AttributeKind, UnitAttributes, UnitName, UnitNames};
pub use words::{in_words, number_of};
