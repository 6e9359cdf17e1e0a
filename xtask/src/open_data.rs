//! Whether others can read what is published: the demo's open data, read by pandas, pyarrow, DuckDB
//! and a reader of JSON-stat.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::root;
use crate::steps::{cargo, run};

/// Publishes the demo and lets `open-data/read.py` read it. Where Python's packages cannot be had,
/// says so and checks nothing.
pub(crate) fn check() -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let environment = folder.path().join("python");
    if !prepare(&environment) {
        println!(
            "Python or its packages (xtask/open-data/requirements.txt) cannot be had here: the open \
             data were not read by other programs"
        );
        return Ok(());
    }
    let demo = folder.path().join("demo");
    let arguments = ["run", "--quiet", "--package", "runde", "--", "demo", "--no-serve", "--quiet"];
    run(cargo(&arguments).arg("--dir").arg(&demo))?;
    let python = environment.join("bin/python");
    for round in ["2021", "2023"] {
        let script = root().join("xtask/open-data/read.py");
        run(Command::new(&python).arg(script).arg(demo.join("site").join(round)))?;
    }
    Ok(())
}

/// Makes an environment with the packages; returns whether it could.
fn prepare(environment: &Path) -> bool {
    let succeeds = |command: &mut Command| run(command).is_ok();
    let requirements = root().join("xtask/open-data/requirements.txt");
    succeeds(Command::new("python3").args(["-m", "venv"]).arg(environment))
        && succeeds(
            Command::new(environment.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .arg("--requirement")
                .arg(requirements),
        )
}
