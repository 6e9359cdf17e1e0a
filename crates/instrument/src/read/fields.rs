//! The fields that each part of a file can have, for the readers and for the schema.

pub(crate) use super::plan::FIELDS as PLAN;
pub(crate) use super::question::known as question;
pub(crate) use super::survey::FIELDS as SURVEY;
pub(crate) use super::trend::FIELDS as TREND;

pub(crate) const QUESTIONNAIRE: &[&str] = &["round", "scales", "terms", "sections"];
pub(crate) const SECTION: &[&str] = &["id", "role", "title", "intro", "show_if", "pages"];
pub(crate) const PAGE: &[&str] = &["title", "questions"];
pub(crate) const CHECK: &[&str] = &["when", "level", "message"];
pub(crate) const OPTION: &[&str] = &["text", "missing", "exclusive", "specify", "show_if"];
/// An option that several questions share, or that is calculated, stands under no condition.
pub(crate) const SCALE_OPTION: &[&str] = &["text", "missing", "exclusive", "specify"];
pub(crate) const ROW: &[&str] = &["text", "show_if"];
pub(crate) const TERM: &[&str] = &["text", "definition"];
pub(crate) const ROLE: &[&str] = &["id", "title"];
pub(crate) const SIZE_CLASS: &[&str] = &["id", "from", "title"];
pub(crate) const PLURAL: &[&str] = &["is", "ends", "but"];
