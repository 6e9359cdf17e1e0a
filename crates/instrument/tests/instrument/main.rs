//! Tests of what the crate says of whole files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says so by panicking")]

mod certain;
mod diagnostics;
mod expressions;
mod hostile;
mod kinds;
mod lineage;
mod paths;
mod piping;
mod prefill;
mod repeat;
mod sample;
mod targets;
mod tiny;
mod walks;
mod wordings;
