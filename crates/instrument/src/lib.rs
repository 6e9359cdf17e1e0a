//! What we ask: the checked questionnaire of a round, and everything that can be said of it
//! without asking anyone.
//!
//! [`read`] turns the files of a survey folder into checked values and *all* [`Diagnostic`]s at
//! once. [`path`] computes which questions a case is asked, [`walk`] sends drawn informants down
//! every path, and [`lineage`] holds two rounds against each other. [`expression`] is the one small
//! language of conditions, checks and reports. Nothing here does input or output.

mod answers;
mod diagnostic;
mod hash;
mod id;
mod kind;
mod listing;
mod notation;
mod plan;
mod prefill;
mod question;
mod questionnaire;
mod render;
mod survey;
mod text;

pub mod expression;
pub mod lineage;
pub mod markup;
pub mod path;
pub mod plural;
pub mod read;
pub mod rules;
pub mod schema;
pub mod spelling;
pub mod walk;

pub use answers::{Answers, InputProblem, Value};
pub use diagnostic::{Diagnostic, Severity, Sources};
pub use hash::Hash;
pub use id::{Code, InvalidId, QuestionId, RoleId, RoundId, SectionId, SurveyId};
pub use kind::{
    Choice, FileProblem, FileRule, FileType, GivenFile, KINDS, Kind, KindEntry, MEGABYTE,
    MissingKind, Pattern, Row, SPECIFY_LENGTH, Shape, ShapeProblem, Together, candidates,
    file_name,
};
pub use listing::{Listing, Order};
pub use notation::Notation;
pub use plan::{
    Answered, ChangeRule, CorrectedFigure, Correction, Disclosure, Estimator, Plan, ShareBase,
    Weighting,
};
pub use prefill::{Carried, Filling, Prefill, Prefilled};
pub use question::{
    Calculation, Check, Comparable, Condition, Formula, Item, Level, Question, Release, RowOf,
    Trend, Variable, VariableKind,
};
pub use questionnaire::{Instrument, Page, Section, Term};
pub use render::render;
pub use survey::{Licence, OptionList, Role, SizeClass, Survey};
pub use text::{Filled, Lang, Text};
