//! The canonical bytes of a data set: what is written is read back, and nothing else is read.

#![expect(clippy::unwrap_used, reason = "a test fails where its fixture does")]

mod any;
mod codec;
