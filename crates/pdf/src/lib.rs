//! How we print it: the report, the questionnaire and the receipt as PDF. The only room that knows
//! Typst, the largest dependency.
//!
//! A printed page is typeset from the finished web page, so that the two cannot say different
//! things: [`page_source`] reads the page's own elements and writes Typst's markup, with the charts as
//! the same SVG and their descriptions as alternative texts. [`form_source`] does it from a
//! questionnaire. [`print`] makes the PDF: tagged, PDF/UA-1 and PDF/A-2a at once; Typst refuses to
//! write one that lacks what these ask for.
//!
//! Without the feature `typst` there is no [`print`]: the largest dependency is then not compiled.

mod form;
mod html;
mod markup;
mod page;
#[cfg(feature = "typst")]
mod typeset;

pub use form::form_source;
pub use page::{page_source, receipt_source};
#[cfg(feature = "typst")]
pub use typeset::{PrintError, print};

use jiff::civil::Date;

/// A document in Typst's markup, with the drawings that it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The markup.
    pub text: String,
    /// The drawings by their name, as SVG.
    pub drawings: Vec<(String, String)>,
    /// The date of the document.
    pub date: Date,
}

/// Why a page cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The page has no part that is its content.
    #[error("the page cannot be printed: it has no `main` element")]
    NoContent,
    /// The page has no heading to be its title.
    #[error("the page cannot be printed: it has no `h1` heading")]
    NoTitle,
    /// An element is not closed where it should be.
    #[error("the page cannot be printed: `{0}` is not closed")]
    Open(String),
}
