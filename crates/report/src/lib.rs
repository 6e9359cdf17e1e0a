//! How we tell it: figures bound to frozen data, prose that cannot be wrong by hand, charts, and the
//! published site.
//!
//! [`publish`] takes the rounds of a survey and returns the files of the site, or every diagnostic
//! of the report texts at once. Nothing here does input or output, and nothing reads a clock.

mod boundaries;
mod chart;
mod coded;
mod disclosure;
mod feasible;
mod figures;
mod finding;
mod labels;
mod ledger;
mod open_table;
mod portions;
mod prose;
mod published;
mod rows;
mod signs;
mod site;
mod table;
mod together;
mod words;

pub use boundaries::{Boundaries, read_boundaries};
pub use coded::{CodedText, read_codes};
pub use feasible::{Feasibility, Percentage, PercentageError, feasible};
pub use figures::Known;
pub use finding::{Comparison, Finding, compare_table, encode_findings};
pub use open_table::{
    OpenCell, OpenGroupCell, OpenGroupTable, OpenTable, open_group_tables, open_tables,
};
pub use prose::{CLAIM, ClaimedValue, Rounded, TestedClaim, verify};
pub use published::{Published, PublishedUnit, read_published};
pub use site::{
    Download, DownloadKind, Previous, PublicationInput, ReportText, RoundInField, RoundInput, Site,
    held_page, publish,
};
pub use table::{
    Shown, TableBlock, TableCell, TableChange, TableError, TableLabel, TableRequest, TableRow,
    TableUnit, table,
};
