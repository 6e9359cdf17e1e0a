//! Whether others can read what is published: the demo's pages, read by a validator of HTML, and its open
//! data, read by pandas, pyarrow, DuckDB and a reader of JSON-stat.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::root;
use crate::steps::{cargo, run};

/// Publishes the demo and lets others read it.
pub(crate) fn check() -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let demo = folder.path().join("demo");
    let arguments = ["run", "--quiet", "--package", "runde", "--", "demo", "--no-serve", "--quiet"];
    run(cargo(&arguments).arg("--dir").arg(&demo))?;
    validate(&demo.join("site"))?;
    read(&demo.join("site"), folder.path())
}

/// Lets a validator of HTML read one page of each kind. The list of all figures is not among them: it
/// is one page of some thousand tables, over which the validator takes minutes.
fn validate(site: &Path) -> Result<()> {
    let checks = root().join("xtask/page-checks");
    let validator = checks.join("node_modules/.bin/html-validate");
    if !validator.is_file() {
        println!(
            "html-validate is not there: the pages were not validated; `cargo xtask test` fetches it"
        );
        return Ok(());
    }
    let pages = [
        "index.html",
        "en/index.html",
        "2023/index.html",
        "2023/nn/index.html",
        "2023/en/index.html",
        "2023/codebook.html",
        "2023/units/index.html",
        "2023/units/0301.html",
    ];
    run(Command::new(validator)
        .arg("--config")
        .arg(checks.join("html-validate.json"))
        .args(pages.map(|page| site.join(page))))
}

/// Lets `open-data/read.py` read the data of a site. Where Python's packages cannot be had, says so and
/// checks nothing.
fn read(site: &Path, scratch: &Path) -> Result<()> {
    let environment = scratch.join("python");
    if !prepare(&environment) {
        println!(
            "Python or its packages (xtask/open-data/requirements.txt) cannot be had here: the open \
             data were not read by other programs"
        );
        return Ok(());
    }
    let python = environment.join("bin/python");
    for round in ["2021", "2023"] {
        let script = root().join("xtask/open-data/read.py");
        run(Command::new(&python).arg(script).arg(site.join(round)))?;
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
