//! Runs the fuzz targets of `fuzz/` with libFuzzer, each for a while.
//!
//! They are compiled as cargo-fuzz does it, but without the address sanitizer, which only a nightly
//! compiler has: there is no `unsafe` here for it to look at.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::root;
use crate::steps::{cargo, run};

/// What libFuzzer needs to know of the code: which parts have been reached, what was compared.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1";

/// The most memory that a target may take, in megabytes.
const MEMORY: usize = 256;

/// Runs each target, or one, for so many seconds.
pub(crate) fn fuzz(target: Option<&str>, seconds: u32) -> Result<()> {
    let folder = root().join("fuzz");
    let machine = machine()?;
    // With a target that is named, the flags are for that alone, and not for build scripts, which
    // libFuzzer is not linked into.
    run(cargo(&["build", "--release", "--target", &machine, "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join("target"))
        .env("RUSTFLAGS", FLAGS))?;
    let targets = targets()?;
    let known = targets.join(", ");
    ensure!(target.is_none_or(|t| targets.iter().any(|known| known == t)), "targets are {known}");
    for name in targets.iter().filter(|name| target.is_none_or(|target| target == *name)) {
        let corpus = folder.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        println!("\n== {name} ==");
        run(Command::new(folder.join("target").join(&machine).join("release").join(name))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-rss_limit_mb={MEMORY}"))
            .args(["-timeout=10", "-max_len=8192", "-print_final_stats=1", "-verbosity=0"])
            .arg(&corpus)
            .arg(seeds(name)?)
            .current_dir(&folder))
        .with_context(|| format!("`{name}` failed; fuzz/ holds the input as crash-…"))?;
    }
    Ok(())
}

/// Returns what the compiler calls the machine that it runs on.
fn machine() -> Result<String> {
    let told = Command::new("rustc").arg("-vV").output().context("cannot start `rustc`")?;
    let told = String::from_utf8(told.stdout).context("`rustc` says something that is no text")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

fn targets() -> Result<Vec<String>> {
    let mut names = vec![];
    for entry in fs::read_dir(root().join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Collects what a target begins from: the broken files of the tests and the example surveys.
fn seeds(target: &str) -> Result<std::path::PathBuf> {
    let folder = root().join("fuzz/corpus").join(format!("{target}-seeds"));
    fs::create_dir_all(&folder)?;
    let mut files = vec![];
    let name = match target {
        "boundaries" => "2025.geojson",
        "frame" => "2025.csv",
        "survey" => "survey.yaml",
        "plan" => "plan.yaml",
        "list" => "land.csv",
        _ => "questionnaire.yaml",
    };
    below(&root().join("surveys"), &mut files)?;
    below(&root().join("crates/instrument/tests/instrument/diagnostics"), &mut files)?;
    let broken = |file: &std::path::Path| file.to_string_lossy().contains(&format!("/{target}/"));
    for (number, file) in files.iter().filter(|f| f.ends_with(name) || broken(f)).enumerate() {
        fs::copy(file, folder.join(format!("seed-{number}")))?;
    }
    Ok(folder)
}

fn below(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { below(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
