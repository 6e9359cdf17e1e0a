//! What the tests need beside Rust.

use std::fs;
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

const TOOLS: [Tool; 3] = [
    Tool {
        commands: &["chromium", "google-chrome"],
        package: "chromium",
        purpose: "the browser of the browser tests",
    },
    Tool { commands: &["chromedriver"], package: "chromium-driver", purpose: "steers the browser" },
    Tool {
        commands: &["npm"],
        package: "npm",
        purpose: "fetches axe-core, which looks for barriers in the pages",
    },
];

/// Installs the tools that are missing, or errs with what to install by hand.
pub(crate) fn install_missing() -> Result<()> {
    let missing = missing();
    if !missing.is_empty() {
        install(&missing)?;
    }
    if let Some(tool) = self::missing().first() {
        bail!("`{}` is still not on the PATH after its package was installed", tool.commands[0]);
    }
    fetch_page_checks()?;
    println!("all tools are here");
    Ok(())
}

fn missing() -> Vec<&'static Tool> {
    let absent = |tool: &&Tool| !tool.commands.iter().any(|command| on_path(command));
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
    run(apt().arg("update"))?;
    let packages = missing.iter().map(|tool| tool.package);
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Returns how `apt-get` is called here: as root or through `sudo`. None where it cannot be.
fn apt_get() -> Option<impl FnMut() -> Command> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let callable = on_path("apt-get") && (root || on_path("sudo"));
    callable.then_some(move || {
        let mut command = Command::new(if root { "env" } else { "sudo" });
        if !root {
            command.arg("env");
        }
        // A package that asks a question would wait for ever where there is no terminal.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    })
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
