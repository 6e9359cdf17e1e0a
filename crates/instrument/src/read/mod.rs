//! Reads the files of a survey folder: a checked value and all diagnostics at once.
//!
//! The functions are pure: they take the text of a file and the name to use of it in messages. A
//! file of another kind is read with the same quality of messages through [`Reader`].

mod conditions;
mod corrections;
mod list;
mod options;
mod pipes;
mod plan;
mod question;
mod questionnaire;
mod reach;
mod reader;
mod rows;
mod survey;
mod terms;
mod texts;
mod trend;

pub(crate) mod fields;
pub mod yaml;

pub use list::list;
pub(crate) use options::{Scales, check_fit, report_same};
pub(crate) use plan::date as iso_date;
pub use plan::plan;
pub(crate) use question::{bounds, min_above_max};
pub use questionnaire::questionnaire;
pub use reader::{Fields, Reader};
pub use survey::survey;
pub(crate) use yaml::Node;
