//! Frame files, as they should be and as they should not.

#![expect(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod diagnostics;
mod files;
