//! The commands, one file each; [`run`] sends the arguments to theirs.

mod check;
mod demo;
mod diff;
mod estimate;
mod freeze;
mod invite;
mod report;
mod serve;
mod simulate;
mod status;
mod table;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use store::Store;

use crate::clock::Clock;
use crate::folder::Folder;

/// Runde carries a recurring survey of organisations from questionnaire to published report.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Begin with `runde demo`: it runs the whole line on a survey of Norwegian \
                  municipalities and serves the result.\n\nExit status: 0 all well, 1 the input \
                  has errors, 2 wrong use, 3 our fault."
)]
pub struct Arguments {
    /// Say only what went wrong
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Check(check::Check),
    Diff(diff::Diff),
    Serve(serve::Serve),
    Invite(invite::Invite),
    Status(status::Status),
    Simulate(simulate::Simulate),
    Freeze(freeze::Freeze),
    Report(report::Report),
    Verify(verify::Verify),
    Estimate(estimate::Args),
    Table(table::Table),
    User(user::User),
}

/// Carries out a command; returns its exit status.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let quiet = arguments.quiet;
    match arguments.command {
        Command::Check(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Demo(command) => wait(command.run(quiet)),
        Command::Serve(command) => wait(command.run(quiet)),
        Command::Invite(command) => wait(command.run()),
        Command::Status(command) => wait(command.run()),
        Command::Simulate(command) => wait(command.run(quiet)),
        Command::Freeze(command) => wait(command.run(quiet)),
        Command::Report(command) => wait(command.run(quiet)),
        Command::Table(command) => wait(command.run(quiet)),
        Command::Verify(command) => wait(command.run()),
        Command::User(command) => wait(command.run()),
    }
}

/// Runs a command that waits for the store or the network.
fn wait(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

/// The survey that a command works on.
#[derive(Debug, Args)]
struct SurveyArguments {
    /// The folder of the survey
    survey: PathBuf,
    /// The database, as `sqlite:FILE` [default: SURVEY/.runde/runde.db]
    #[arg(long, value_name = "URL", env = "RUNDE_STORE")]
    store: Option<StoreUrl>,
    /// Work as if it were this time, for instance 2025-11-03T09:00:00+01:00 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// The form of what a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Where a store lies.
#[derive(Clone, Debug)]
struct StoreUrl(PathBuf);

impl FromStr for StoreUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<StoreUrl, String> {
        match text.split_once(':') {
            Some(("sqlite", file)) if !file.is_empty() => Ok(StoreUrl(file.into())),
            Some(("postgres" | "postgresql", _)) => {
                Err("this version of Runde stores in SQLite only; give sqlite:FILE".to_owned())
            }
            _ => Err("give sqlite:FILE, for instance sqlite:/var/lib/runde/runde.db".to_owned()),
        }
    }
}

/// A survey that has been read and the store that belongs to it.
struct Opened {
    folder: Folder,
    store: Store,
    clock: Clock,
}

impl SurveyArguments {
    /// Reads the folder and opens the store.
    async fn open(&self) -> anyhow::Result<Opened> {
        let folder = Folder::open(&self.survey)?;
        let file = match &self.store {
            Some(StoreUrl(file)) => file.clone(),
            None => folder.default_store(),
        };
        let store = open_store(&file).await?;
        Ok(Opened { folder, store, clock: Clock::starting_at(self.at) })
    }
}

/// Opens the store in `file` and makes the folder that it lies in.
async fn open_store(file: &std::path::Path) -> anyhow::Result<Store> {
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(Store::open(file).await?)
}

/// Returns the name under which changes from the command line are written.
const STAFF: &str = "command line";
