//! Data sets as files: what they look like, who gets what, and that nothing is lost on the way.

#![expect(clippy::unwrap_used, reason = "a test fails where its fixture does")]

// Any data set, as the tests of its own crate draw it.
#[path = "../../../dataset/tests/dataset/any.rs"]
mod any;
mod files;
mod open_data;
mod round_trip;
mod sample;
