//! What the tests need beside Rust.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root;
use crate::steps::run;

/// A program that the tests call.
struct Tool {
    /// Its command; any one of them will do.
    commands: &'static [&'static str],
    /// The Debian package that holds it.
    package: &'static str,
    /// What it is for.
    purpose: &'static str,
}

const TOOLS: [Tool; 5] = [
    Tool {
        commands: &["chromium", "google-chrome"],
        package: "chromium",
        purpose: "the browser of the browser tests",
    },
    Tool { commands: &["chromedriver"], package: "chromium-driver", purpose: "steers the browser" },
    Tool {
        commands: &["npm"],
        package: "npm",
        purpose: "fetches what judges the pages: axe-core and html-validate",
    },
    Tool {
        commands: &["initdb"],
        package: "postgresql",
        purpose: "PostgreSQL, on which the tests of the store run as they do on SQLite",
    },
    Tool {
        commands: &["aiosmtpd"],
        package: "python3-aiosmtpd",
        purpose: "the e-mail server that letters are sent to",
    },
];

/// Installs the tools that are missing, or errs with what to install by hand.
pub(crate) fn install_missing() -> Result<()> {
    let missing = missing();
    if !missing.is_empty() {
        install(&missing)?;
    }
    if let Some(tool) = self::missing().first() {
        bail!("`{}` is still not here after its package was installed", tool.commands[0]);
    }
    fetch_page_checks()?;
    println!("all tools are here");
    Ok(())
}

fn missing() -> Vec<&'static Tool> {
    let absent = |tool: &&Tool| !tool.commands.iter().any(|command| found(command));
    TOOLS.iter().filter(absent).collect()
}

fn install(missing: &[&Tool]) -> Result<()> {
    let Some(mut apt) = apt_get() else {
        let list: Vec<String> = missing
            .iter()
            .map(|tool| format!("  {} ({})", tool.commands.join(" or "), tool.purpose))
            .collect();
        bail!("install these so that they are on the PATH, then run again:\n{}", list.join("\n"));
    };
    if missing.iter().any(|tool| tool.package == "postgresql") {
        keep_the_package_from_starting_a_server()?;
    }
    run(apt().arg("update"))?;
    let packages = missing.iter().map(|tool| tool.package);
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Debian's package would make a cluster on the standard port and run it; the tests bring their own.
/// An owner's own settings stay as they are.
fn keep_the_package_from_starting_a_server() -> Result<()> {
    let settings = Path::new("/etc/postgresql-common/createcluster.conf");
    if settings.exists() {
        return Ok(());
    }
    let folder = settings.parent().expect("the path has a folder");
    let script = "mkdir -p \"$1\" && echo 'create_main_cluster = false' > \"$2\"";
    let words = ["sh", "-c", script, "sh"];
    let mut command = as_root();
    run(command.args(words).arg(folder).arg(settings))
}

/// Returns how `apt-get` is called here: as root or through `sudo`. None where it cannot be.
fn apt_get() -> Option<impl FnMut() -> Command> {
    let callable = on_path("apt-get") && (is_root() || on_path("sudo"));
    callable.then_some(|| {
        let mut command = as_root();
        // A package that asks a question would wait for ever where there is no terminal.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    })
}

/// Returns a command that runs what follows as root.
fn as_root() -> Command {
    let mut command = Command::new(if is_root() { "env" } else { "sudo" });
    if !is_root() {
        command.arg("env");
    }
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Returns whether a tool is here: on the PATH, or where Debian keeps the programs of PostgreSQL.
fn found(command: &str) -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders = versions.map(|version| version.path().join("bin"));
    on_path(command) || folders.any(|folder| folder.join(command).is_file())
}

/// Returns whether a command can be called by its name.
pub(crate) fn on_path(command: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(command).is_file())
}

/// Fetches what `page-checks/package-lock.json` names, unless that was done since it last changed.
fn fetch_page_checks() -> Result<()> {
    let folder = root().join("xtask/page-checks");
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|file| file.modified());
    let locked = changed("package-lock.json").context("cannot read xtask/page-checks")?;
    if changed("node_modules/.package-lock.json").is_ok_and(|fetched| fetched >= locked) {
        return Ok(());
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new("npm").args(arguments).current_dir(&folder))
}
