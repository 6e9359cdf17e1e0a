//! The house's own commands, run as `cargo xtask`: the test run that decides whether a change may
//! land, renewing the golden files, the walls between the rooms, and
//! measurements.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is run by people, at a terminal or in a log of CI"
)]

mod bench;
mod crash;
mod field;
mod fuzz;
mod leftovers;
mod load;
mod open_data;
mod steps;
mod tools;
mod walls;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crash::{Crash, Follows};
use field::{Engine, Profile};
use load::Load;
use steps::Step;

/// The house's own commands
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks everything that must hold before a change lands
    #[command(after_help = "\
Examples:
  cargo xtask test                what CI runs
  cargo xtask test --only lint    one step
  cargo xtask test --full         with the tests of full size, which take longer than CI has")]
    Test {
        /// Also runs the tests marked `#[ignore]`: those of full size
        #[arg(long)]
        full: bool,
        /// Runs this step alone
        #[arg(long, value_name = "STEP")]
        only: Option<Step>,
    },
    /// Renews the golden files with what the program says now
    #[command(after_help = "\
Read `git diff` afterwards: every change in it is a change that users see.

Examples:
  cargo xtask bless               all golden files
  cargo xtask bless instrument    those of one crate")]
    Bless {
        /// The crate whose golden files are renewed; all where it is left out
        #[arg(value_name = "CRATE")]
        package: Option<String>,
    },
    /// Measures how long large estimates, large checks and a publication take
    #[command(after_help = "\
Examples:
  cargo xtask bench instrument        checking a large questionnaire, the path of a case
  cargo xtask bench estimate          up to a million rows
  cargo xtask bench estimate --full   ten million as well
  cargo xtask bench report            the publication of a round, and a rebuild of its pages
  cargo xtask bench report --full     with its PDFs
  cargo xtask bench report --full --profile dist   the same, as it is built for a server")]
    Bench {
        /// What is measured
        what: Measured,
        /// Also measures what takes longest
        #[arg(long)]
        full: bool,
        /// How the program is built that makes a publication
        #[arg(long, value_name = "PROFILE", default_value = "release")]
        profile: Profile,
    },
    /// Kills the server while informants answer; every acknowledged page must be there afterwards
    #[command(after_help = "\
On PostgreSQL the database is killed every second time in place of the server. With a standby, that takes its
place; one that lags shows that the test finds what is lost.

Examples:
  cargo xtask crash --engine sqlite --rounds 200
  cargo xtask crash --engine postgres
  cargo xtask crash --engine postgres --standby synchronous --rounds 20
  cargo xtask crash --engine postgres --standby lagging")]
    Crash {
        /// The database behind the server
        #[arg(long, default_value = "sqlite")]
        engine: Engine,
        /// What takes the database's place when it is killed; where it is left out, it comes back itself
        #[arg(long, value_name = "HOW")]
        standby: Option<Follows>,
        /// How many times something is killed
        #[arg(long, value_name = "NUMBER", default_value_t = 5)]
        rounds: u32,
    },
    /// Measures how many pages a second the server takes, and what a page costs it
    #[command(after_help = "\
Whole sessions: link, six pages of five questions, hand in, sign, receipt. What the informants cost is
paid on the same processors.

Examples:
  cargo xtask load                    8 and 32 informants on SQLite
  cargo xtask load --engine postgres --informants 32
  cargo xtask load --engine postgres --servers 2   two servers on one database
  cargo xtask load --profile dist     as it is built for a server")]
    Load {
        /// The database behind the server
        #[arg(long, default_value = "sqlite")]
        engine: Engine,
        /// How many answer at the same time; may be given more than once
        #[arg(long, value_name = "NUMBER", default_values_t = [8, 32])]
        informants: Vec<usize>,
        /// How many sessions they have together
        #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
        sessions: usize,
        /// How many servers share the database; the informants are spread over them
        #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
        servers: u8,
        /// How both servers are built
        #[arg(long, value_name = "PROFILE", default_value = "release")]
        profile: Profile,
    },
    /// Runs the fuzz targets of `fuzz/`, each for a while
    #[command(after_help = "\
Examples:
  cargo xtask fuzz --seconds 600            ten minutes each
  cargo xtask fuzz expression --seconds 60  one of them")]
    Fuzz {
        /// The target; all where it is left out
        target: Option<String>,
        /// How long each target runs
        #[arg(long, default_value_t = 30)]
        seconds: u32,
    },
    /// Takes the pictures of the guide anew: each kind of question, on a phone, in Chromium
    #[command(after_help = "\
Look at each picture before it is committed.

Example:
  cargo xtask pictures            renews docs/images/kinds")]
    Pictures,
    /// Checks that each crate depends only on what its place in the house allows
    #[command(after_help = "\
Example:
  cargo xtask walls               the table of walls is in xtask/src/walls.rs")]
    Walls,
}

/// What can be measured.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Measured {
    /// Means by domain of a stratified sample
    Estimate,
    /// Checking a questionnaire of 500 questions and 1,000 expressions, and the path of a case
    Instrument,
    /// The publication of a round, and its pages when a word has changed
    Report,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Test { full, only: Some(step) } => step.run(full),
        Command::Test { full, only: None } => steps::run_all(full),
        Command::Bless { package } => steps::bless(package.as_deref()),
        Command::Bench { what: Measured::Estimate, full, .. } => bench::estimate(full),
        Command::Crash { engine, standby, rounds } => {
            crash::crash(Crash { engine, standby, rounds })
        }
        Command::Load { engine, informants, sessions, servers, profile } => {
            informants.into_iter().try_for_each(|informants| {
                load::load(Load { engine, informants, sessions, servers, profile })
            })
        }
        Command::Bench { what: Measured::Instrument, .. } => bench::instrument(),
        Command::Bench { what: Measured::Report, full, profile } => bench::report(full, profile),
        Command::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds),
        Command::Pictures => steps::pictures(),
        Command::Walls => Step::Walls.run(false),
    }
}

/// Returns the root of the workspace.
fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().expect("xtask lies in the root of the workspace")
}
