//! The store against real SQLite files in temporary folders.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where its fixture does")]

mod access;
mod crash;
mod field;
mod freeze;
mod life;
mod opening;
mod together;

mod tiny;
