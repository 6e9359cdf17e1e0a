//! The commands, one file each; [`run`] sends the arguments to theirs.

mod backup;
mod check;
mod demo;
mod diff;
mod estimate;
mod files;
mod freeze;
mod invite;
mod new;
mod preview;
mod report;
mod serve;
mod simulate;
mod status;
mod table;
mod user;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use store::{Store, StoreUrl};

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
    New(new::New),
    Check(check::Check),
    Diff(diff::Diff),
    Preview(preview::Preview),
    Serve(serve::Serve),
    Invite(invite::Invite),
    Status(status::Status),
    Simulate(simulate::Simulate),
    Freeze(freeze::Freeze),
    Files(files::Files),
    Report(report::Report),
    Verify(verify::Verify),
    Estimate(estimate::Args),
    Table(table::Table),
    User(user::User),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Move(backup::Move),
}

/// Carries out a command; returns its exit status.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let quiet = arguments.quiet;
    match arguments.command {
        Command::New(command) => command.run(quiet),
        Command::Check(command) => command.run(),
        Command::Preview(command) => wait(command.run(quiet)),
        Command::Diff(command) => command.run(),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Demo(command) => wait(command.run(quiet)),
        Command::Serve(command) => wait(command.run(quiet)),
        Command::Invite(command) => wait(command.run()),
        Command::Status(command) => wait(command.run()),
        Command::Simulate(command) => wait(command.run(quiet)),
        Command::Freeze(command) => wait(command.run(quiet)),
        Command::Files(command) => wait(command.run(quiet)),
        Command::Report(command) => wait(command.run(quiet)),
        Command::Table(command) => wait(command.run(quiet)),
        Command::Verify(command) => wait(command.run()),
        Command::User(command) => wait(command.run()),
        Command::Backup(command) => wait(command.run(quiet)),
        Command::Restore(command) => wait(command.run(quiet)),
        Command::Move(command) => wait(command.run(quiet)),
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
    /// The database, as `sqlite:FILE` or `postgres://USER@HOST/DATABASE` [default: SURVEY/.runde/runde.db]
    #[arg(long, value_name = "URL", env = "RUNDE_STORE", hide_env_values = true)]
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
        let url = self.store.clone().unwrap_or_else(|| folder.default_store());
        let store = open_store(&url).await?;
        Ok(Opened { folder, store, clock: Clock::starting_at(self.at) })
    }
}

/// Opens the store; makes the folder that its file lies in.
async fn open_store(url: &StoreUrl) -> anyhow::Result<Store> {
    if let Some(parent) = url.file().and_then(Path::parent) {
        std::fs::create_dir_all(parent)?;
    }
    Ok(Store::open(url).await?)
}

/// Returns the name under which changes from the command line are written.
pub const STAFF: &str = store::COMMAND_LINE;
