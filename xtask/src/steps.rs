//! The steps of a test run.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use crate::crash::{Crash, Follows};
use crate::field::Engine;
use crate::{crash, leftovers, open_data, root, tools, walls};

/// Marks the processes that a test run started, so that none of them is left behind unseen.
const MARK: &str = "RUNDE_TEST_RUN";

/// One step of the test run, in the order they run: what fails soonest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Installs what the tests need beside Rust
    Tools,
    /// Checks the layout of the code
    Format,
    /// Checks what each crate depends on
    Walls,
    /// Checks licences and sources of dependencies, where cargo-deny is installed
    Deny,
    /// Checks the code with clippy; a warning is an error
    Lint,
    /// Builds the documentation; a broken link is an error
    Docs,
    /// Builds the tests
    Build,
    /// Runs the tests, and checks that they leave no process behind
    Test,
    /// Kills the server and the database while informants answer; nothing acknowledged may be lost
    Crash,
    /// Compiles Typst, and prints
    Print,
    /// Lets other programs read the demo's open data
    OpenData,
}

/// Runs all steps and stops at the first that fails.
pub(crate) fn run_all(full: bool) -> Result<()> {
    let steps = Step::value_variants();
    let mut times = Vec::new();
    for (number, step) in (1..).zip(steps) {
        println!("\n== {number}/{} {} ==", steps.len(), step.name());
        let start = Instant::now();
        step.run(full).with_context(|| format!("step `{}` failed", step.name()))?;
        times.push((step.name(), start.elapsed()));
    }
    print_times(&times);
    Ok(())
}

/// Runs the tests of `package`, or of all, and writes what they say into the golden files.
pub(crate) fn bless(package: Option<&str>) -> Result<()> {
    let scope = package.map_or(vec!["--workspace"], |package| vec!["--package", package]);
    let mut command = cargo(&["test", "--no-fail-fast"]);
    run(command.args(scope).env("INSTA_UPDATE", "always"))
}

/// Takes the pictures of the guide anew.
pub(crate) fn pictures() -> Result<()> {
    let mut command = cargo(&["test", "--package", "runde", "--test", "line"]);
    command.args(["--", "--ignored", "--exact", "browser::pictures::each_kind_can_be_pictured"]);
    run(command.env("INSTA_UPDATE", "always"))
}

impl Step {
    /// Runs this step.
    pub(crate) fn run(self, full: bool) -> Result<()> {
        match self {
            Step::Tools => tools::install_missing(),
            Step::Format => run(&mut cargo(&["fmt", "--all", "--", "--check"])),
            Step::Walls => walls::check(),
            Step::Deny => deny(),
            Step::Lint => run(cargo(&["clippy", "--workspace", "--all-targets"])
                .args(["--", "--deny", "warnings"])),
            Step::Docs => {
                run(cargo(&["doc", "--workspace", "--no-deps"])
                    .env("RUSTDOCFLAGS", "--deny warnings"))
            }
            Step::Build => run(&mut cargo(&["test", "--workspace", "--no-run"])),
            Step::Test => test(full),
            Step::Crash => crash(full),
            Step::Print => {
                run(&mut cargo(&["test", "--package", "pdf", "--features", "typst"]))?;
                run(&mut cargo(&["check", "--package", "runde", "--features", "print"]))
            }
            Step::OpenData => open_data::check(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Step::Tools => "tools",
            Step::Format => "format",
            Step::Walls => "walls",
            Step::Deny => "deny",
            Step::Lint => "lint",
            Step::Docs => "docs",
            Step::Build => "build",
            Step::Test => "test",
            Step::Crash => "crash",
            Step::Print => "print",
            Step::OpenData => "open-data",
        }
    }
}

fn deny() -> Result<()> {
    let found = cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if !found {
        println!("cargo-deny is not installed: licences, bans and sources were not checked here");
        return Ok(());
    }
    run(&mut cargo(&["deny", "check", "licenses", "bans", "sources"]))
}

fn test(full: bool) -> Result<()> {
    let mark = std::process::id().to_string();
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast"]);
    if full {
        command.args(["--", "--include-ignored"]);
    } else {
        // A run of CI looks at the same cases every time: a law that breaks in a new one is found
        // by `--full` and by those who work on it, not by whoever lands next.
        command.env("PROPTEST_RNG_SEED", "20251103");
    }
    run(command.env(MARK, &mark))?;
    let left = leftovers::left_running(MARK, &mark);
    ensure!(left.is_empty(), "the tests left processes running:\n  {}", left.join("\n  "));
    Ok(())
}

fn crash(full: bool) -> Result<()> {
    let rounds = |few| if full { 200 } else { few };
    let (sqlite, postgres) = (Engine::Sqlite, Engine::Postgres);
    for (engine, standby, rounds) in [
        (sqlite, None, rounds(5)),
        (postgres, None, rounds(5)),
        (postgres, Some(Follows::Synchronous), rounds(3)),
        // That the test can fail.
        (postgres, Some(Follows::Lagging), 1),
    ] {
        crash::crash(Crash { engine, standby, rounds })?;
    }
    Ok(())
}

/// Returns a cargo that knows nothing of this program. What cargo tells it about itself, such as
/// `CARGO_PKG_NAME`, would reach build scripts that look at it, `ring`'s for one: then all that depends on
/// them would be built anew whenever `cargo xtask` and plain `cargo` take turns.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(root());
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if told {
            command.env_remove(name);
        }
    }
    command
}

/// Runs `command` with this terminal's output, and errs where it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}`: {status}");
    }
    Ok(())
}

/// Returns `command` as a person would type it.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn print_times(times: &[(&str, Duration)]) {
    println!("\n== all steps passed ==");
    for (name, time) in times {
        println!("{name:<9} {:>6.1} s", time.as_secs_f64());
    }
    let total: Duration = times.iter().map(|(_, time)| time).sum();
    println!("{:<9} {:>6.1} s", "together", total.as_secs_f64());
}
