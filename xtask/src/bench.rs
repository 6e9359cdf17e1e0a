//! How long estimates of large files take, beside R's `survey` where that is installed.
//!
//! The data are made here, the same every time: 1,000 strata of known size in random order, 20 domains and
//! 10 binary variables. Both programs run as whole processes from the same CSV, and their figures are compared.

mod report;

pub(crate) use report::report;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::field::{Profile, build};
use crate::root;
use crate::steps::{cargo, run};
use crate::tools::on_path;

const STRATA: usize = 1000;
const DOMAINS: u64 = 20;
const VARIABLES: usize = 10;
const REPLICATES: usize = 80;

/// Beyond this many rows R takes more memory than most machines have.
const MOST_FOR_R: usize = 1_000_000;

/// One file to be estimated from.
#[derive(Clone, Copy)]
struct Size {
    rows: usize,
    replicates: usize,
}

/// Measures the questionnaire: its own benchmark prints the figures and fails over their limits.
pub(crate) fn instrument() -> Result<()> {
    run(&mut cargo(&["bench", "--package", "instrument", "--bench", "instrument"]))
}

/// Runs all sizes; the largest only where `full` asks for it.
pub(crate) fn estimate(full: bool) -> Result<()> {
    let mut sizes = vec![
        Size { rows: 100_000, replicates: 0 },
        Size { rows: 100_000, replicates: REPLICATES },
        Size { rows: 1_000_000, replicates: 0 },
    ];
    sizes.extend(full.then_some(Size { rows: 10_000_000, replicates: 0 }));
    let folder = root().join("target/bench");
    fs::create_dir_all(&folder)?;
    let program = build(Profile::Release)?;
    for advice in missing() {
        println!("{advice}");
    }
    println!(
        "\n{:>10} {:>10}  {:<6} {:>8} {:>10} {:>9}  largest relative difference",
        "rows", "replicates", "", "seconds", "peak MB", "reading"
    );
    for size in sizes {
        bench(size, &folder, &program)?;
    }
    Ok(())
}

/// Says which programs the comparison would need.
fn missing() -> Vec<&'static str> {
    let mut advice = vec![];
    if !on_path("time") {
        advice.push("GNU time is not installed, so memory is not measured: apt-get install time");
    }
    if !has_survey() {
        advice.push(
            "R's survey is not installed, so Runde runs alone: apt-get install r-cran-survey",
        );
    }
    advice
}

fn has_survey() -> bool {
    on_path("Rscript")
        && Command::new("Rscript")
            .args(["-e", "library(survey)"])
            .output()
            .is_ok_and(|output| output.status.success())
}

fn bench(size: Size, folder: &Path, program: &Path) -> Result<()> {
    let data = folder.join(format!("{}x{}.csv", size.rows, size.replicates));
    if !data.exists() {
        make(size, &data)?;
    }
    let ours = runde(size, &data, program)?;
    print_run(size, "runde", &ours, "");
    if size.rows <= MOST_FOR_R && has_survey() {
        let theirs = survey(size, &data, folder)?;
        let (value, se) = difference(&ours.figures, &theirs.figures)?;
        print_run(size, "R", &theirs, &format!("estimates {value:.0e}, SE {se:.0e}"));
        let times = theirs.seconds / ours.seconds;
        let memory = ours.megabytes.zip(theirs.megabytes).map(|(ours, theirs)| theirs / ours);
        let memory =
            memory.map_or_else(String::new, |memory| format!(", 1/{memory:.0} of the memory"));
        println!("{:>22}  {times:.0} times faster{memory}", "");
    }
    Ok(())
}

fn print_run(size: Size, program: &str, run: &Run, remark: &str) {
    let memory = run.megabytes.map_or_else(String::new, |megabytes| format!("{megabytes:.0}"));
    let reading = run
        .reading
        .map_or_else(String::new, |reading| format!("{:.0} %", 100.0 * reading / run.seconds));
    println!(
        "{:>10} {:>10}  {program:<6} {:>8.2} {memory:>10} {reading:>9}  {remark}",
        size.rows, size.replicates, run.seconds
    );
}

/// What a run of a program came to.
struct Run {
    seconds: f64,
    megabytes: Option<f64>,
    /// How long of it was reading and parsing.
    reading: Option<f64>,
    /// Estimate and standard error by domain and variable.
    figures: BTreeMap<(String, String), (f64, f64)>,
}

/// Runs `runde table` as a person would.
fn runde(size: Size, data: &Path, program: &Path) -> Result<Run> {
    let mut words = vec![program.display().to_string(), "table".to_owned(), "--data".to_owned()];
    words.push(data.display().to_string());
    words.extend((1..=VARIABLES).map(|variable| format!("y{variable}")));
    words.extend(["--by", "domain", "--weights", "w", "--format", "json"].map(str::to_owned));
    words.push("--timing".to_owned());
    if size.replicates > 0 {
        let scale = 1.0 / (size.replicates as f64 - 1.0);
        words.extend(["--replicates", "rep", "--scale"].map(str::to_owned));
        words.push(scale.to_string());
    } else {
        words.extend(["--strata", "stratum", "--fpc", "fpc"].map(str::to_owned));
    }
    let timed = timed(&words)?;
    let reading = timed.stderr.split_whitespace().nth(1).and_then(|seconds| seconds.parse().ok());
    let answer: Value = serde_json::from_str(&timed.stdout).context("`runde` wrote no JSON")?;
    let mut figures = BTreeMap::new();
    for row in answer["rows"].as_array().context("`runde` wrote no rows")? {
        if let (Some(group), Some(variable)) = (row["group"].as_str(), row["variable"].as_str()) {
            let number = |name: &str| row[name].as_f64().map(|percent| percent / 100.0);
            let figure = number("value").zip(number("se")).context("a row without a figure")?;
            figures.insert((group.to_owned(), variable.to_owned()), figure);
        }
    }
    Ok(Run { seconds: timed.seconds, megabytes: timed.megabytes, reading, figures })
}

/// Runs R's survey on the same file.
fn survey(size: Size, data: &Path, folder: &Path) -> Result<Run> {
    let script = folder.join("estimate.R");
    fs::write(&script, r_script(size))?;
    let words = ["Rscript".to_owned(), script.display().to_string(), data.display().to_string()];
    let timed = timed(&words)?;
    let mut figures = BTreeMap::new();
    let mut reading = None;
    for line in timed.stdout.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        match fields.as_slice() {
            ["reading", seconds] => reading = seconds.parse().ok(),
            [domain, variable, value, se] => {
                let key = ((*domain).to_owned(), (*variable).to_owned());
                figures.insert(key, (value.parse()?, se.parse()?));
            }
            _ => bail!("R wrote `{line}`"),
        }
    }
    Ok(Run { seconds: timed.seconds, megabytes: timed.megabytes, reading, figures })
}

fn r_script(size: Size) -> String {
    let variables: Vec<String> = (1..=VARIABLES).map(|variable| format!("y{variable}")).collect();
    let design = if size.replicates > 0 {
        format!(
            "svrepdesign(data = d, weights = ~w, repweights = 'rep[0-9]+', type = 'other',\n  \
             scale = 1 / {}, rscales = rep(1, {}), combined.weights = TRUE, mse = FALSE)",
            size.replicates - 1,
            size.replicates
        )
    } else {
        "svydesign(ids = ~1, strata = ~stratum, fpc = ~fpc, weights = ~w, data = d)".to_owned()
    };
    format!(
        "suppressMessages(library(survey))\n\
         begun <- proc.time()[['elapsed']]\n\
         d <- read.csv(commandArgs(TRUE)[1])\n\
         cat(sprintf('reading %.3f\\n', proc.time()[['elapsed']] - begun))\n\
         design <- {design}\n\
         means <- svyby(~{}, ~domain, design, svymean)\n\
         errors <- as.matrix(SE(means))\n\
         names <- c({})\n\
         for (i in seq_len(nrow(means))) for (j in seq_along(names))\n  \
         cat(sprintf('%s %s %.17g %.17g\\n', means$domain[i], names[j], means[i, names[j]], errors[i, j]))\n",
        variables.join(" + "),
        variables.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
    )
}

/// What GNU time says of a process, and what the process wrote.
struct Timed {
    seconds: f64,
    megabytes: Option<f64>,
    stdout: String,
    stderr: String,
}

fn timed(words: &[String]) -> Result<Timed> {
    let peak = root().join("target/bench/peak");
    let mut command = match on_path("time") {
        true => {
            let mut command = Command::new("time");
            command.args(["--format", "%M", "--output"]).arg(&peak).args(words);
            command
        }
        false => {
            let mut command = Command::new(&words[0]);
            command.args(&words[1..]);
            command
        }
    };
    let start = std::time::Instant::now();
    let output = command.output().with_context(|| format!("cannot start {}", words[0]))?;
    let seconds = start.elapsed().as_secs_f64();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{} failed: {stderr}", words.join(" "));
    let kilobytes = fs::read_to_string(&peak).ok().and_then(|text| text.trim().parse().ok());
    let megabytes = kilobytes.map(|kilobytes: f64| kilobytes / 1024.0);
    Ok(Timed { seconds, megabytes, stdout: String::from_utf8(output.stdout)?, stderr })
}

/// Returns the largest relative differences of estimates and of standard errors.
fn difference(
    ours: &BTreeMap<(String, String), (f64, f64)>,
    theirs: &BTreeMap<(String, String), (f64, f64)>,
) -> Result<(f64, f64)> {
    ensure!(ours.keys().eq(theirs.keys()), "the two programs tell of different domains");
    let apart = |left: f64, right: f64| ((left - right) / right).abs();
    let pairs = ours.values().zip(theirs.values());
    let pairs = pairs.map(|(ours, theirs)| (apart(ours.0, theirs.0), apart(ours.1, theirs.1)));
    Ok(pairs.fold((0.0, 0.0), |worst: (f64, f64), pair| (worst.0.max(pair.0), worst.1.max(pair.1))))
}

/// Writes the file. Rows come in no order of strata; a stratum's size is two to ten times its sample.
fn make(size: Size, path: &Path) -> Result<()> {
    let mut drawn = vec![0_u64; STRATA];
    let stratum = |chance: &mut Chance| (chance.next() % STRATA as u64) as usize;
    (0..size.rows).for_each(|row| drawn[stratum(&mut Chance::of(row))] += 1);
    let beside: PathBuf = path.with_extension("part");
    let mut out = BufWriter::new(File::create(&beside)?);
    write!(out, "stratum,fpc,w,domain")?;
    (1..=VARIABLES).try_for_each(|variable| write!(out, ",y{variable}"))?;
    (1..=size.replicates).try_for_each(|replicate| write!(out, ",rep{replicate}"))?;
    writeln!(out)?;
    for row in 0..size.rows {
        let mut chance = Chance::of(row);
        let stratum = stratum(&mut chance);
        let weight = 2 + stratum as u64 % 9;
        let domain = chance.next() % DOMAINS;
        write!(out, "{stratum},{},{weight},{domain}", drawn[stratum] * weight)?;
        for variable in 0..VARIABLES as u64 {
            let likely = 10 + 7 * variable + domain + stratum as u64 % 10;
            write!(out, ",{}", u8::from(chance.next() % 100 < likely))?;
        }
        for _ in 0..size.replicates {
            write!(out, ",{}", weight * (chance.next() % 4))?;
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(fs::rename(&beside, path)?)
}

/// Numbers without a pattern, the same for a row every time (Steele, Lea and Flood 2014, SplitMix).
struct Chance(u64);

impl Chance {
    fn of(row: usize) -> Chance {
        Chance((row as u64).wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_every_time_and_strata_hold_more_than_was_drawn() {
        let path = std::env::temp_dir().join(format!("xtask-bench-{}.csv", std::process::id()));
        let size = Size { rows: 5000, replicates: 2 };
        let written = |()| -> Result<String> {
            make(size, &path)?;
            Ok(fs::read_to_string(&path)?)
        };
        let text = written(()).expect("the folder can be written");
        assert_eq!(text, written(()).expect("the folder can be written"));
        fs::remove_file(&path).expect("it was written");
        assert_eq!(text.lines().count(), 5001);
        for line in text.lines().skip(1) {
            let numbers: Vec<u64> = line.split(',').map(|n| n.parse().expect("it")).collect();
            assert_eq!(numbers.len(), 4 + VARIABLES + 2);
            assert!(numbers[0] < 1000 && numbers[1] >= 2 * numbers[2] / 2 && numbers[3] < DOMAINS);
        }
    }
}
