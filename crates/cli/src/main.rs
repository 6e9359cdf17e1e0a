//! `runde`: one program that carries a recurring survey of organisations from questionnaire to
//! published report. This crate is the only one that prints, reads the clock and reads arguments.

#![allow(
    unreachable_pub,
    reason = "nothing of a binary is reachable from outside; `pub` says what a module offers"
)]

mod beside;
#[cfg(test)]
mod catalogue;
mod clock;
mod commands;
mod failure;
mod folder;
mod open_data;
mod output;
mod post;
mod print;
#[cfg(test)]
mod schema_files;
mod simulate;
mod stages;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    output::log();
    match commands::run(arguments) {
        Ok(status) => status,
        Err(error) => {
            output::error(&error);
            ExitCode::from(failure::exit_status(&error))
        }
    }
}
