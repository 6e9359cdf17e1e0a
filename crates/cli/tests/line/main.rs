//! The whole line, from outside: the built program is run as people run it.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says so when it cannot run whole"
)]

mod backup;
mod bad_input;
mod browser;
mod demo;
mod files;
mod program;
mod reported;
mod wrong;
