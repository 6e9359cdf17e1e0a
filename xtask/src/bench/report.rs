//! How long the publication of a round takes, and how soon its pages show a word that was changed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::field::{Profile, build_with};
use crate::root;
use crate::steps::run;

/// How often each is measured; the median is told.
const TIMES: usize = 7;

/// The longest that the whole publication may take.
const PUBLICATION: Duration = Duration::from_secs(2);

/// The longest that the pages may take when a word has changed.
const REBUILD: Duration = Duration::from_millis(300);

/// The round that is published.
const ROUND: &str = "2023";

/// The round before it, which is published with it.
const BEFORE: &str = "2021";

/// Measures the program over the data of the demo: the publication of its rounds in three languages with
/// their open data, from the frozen data to the last file on disk, and a rebuild of the pages. `full`
/// measures with the PDFs: those of the round have to be printed, those of the round before are there.
pub(crate) fn report(full: bool, profile: Profile) -> Result<()> {
    let features: &[&str] = if full { &["print"] } else { &[] };
    let program = build_with(profile, features)?;
    let folder = root().join("target/bench/report");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut demo = Command::new(&program);
    run(demo.args(["demo", "--no-serve", "--quiet", "--dir"]).arg(&folder))?;
    let survey = folder.join("kommuneundersokelsen");
    let printed = if full { Some(print_before(&program, &survey, &folder)?) } else { None };
    let publication = publication(&program, &survey, (&folder, printed.as_deref()))?;
    let rebuild = rebuild(&program, &survey, &folder.join("watched"))?;
    println!("median of {TIMES}, three languages:");
    let fine = tell("the whole publication", publication, PUBLICATION)
        & tell("the pages after a changed word", rebuild, REBUILD);
    if fine { Ok(()) } else { bail!("over the limit") }
}

fn tell(what: &str, took: Duration, limit: Duration) -> bool {
    println!("{what:<32} {took:>10.1?}   limit {limit:?}");
    took <= limit
}

/// Where the program keeps what it has printed, in the survey's folder.
const PRINTED: &str = ".runde/printed";

/// Publishes both rounds; returns where what was printed of the one before lies.
fn print_before(program: &Path, survey: &Path, folder: &Path) -> Result<PathBuf> {
    let (kept, out) = (folder.join("printed"), folder.join("before"));
    let mut command = Command::new(program);
    run(command.args(["report", "--quiet", "--out"]).arg(&out).arg(survey).arg(ROUND))?;
    let mut before = vec![];
    for file in fs::read_dir(out.join(BEFORE))? {
        let file = file?.path();
        if file.extension().is_some_and(|kind| kind == "pdf") {
            before.push(fs::read(file)?);
        }
    }
    fs::create_dir_all(&kept)?;
    for file in fs::read_dir(survey.join(PRINTED))? {
        let file = file?;
        if before.contains(&fs::read(file.path())?) {
            fs::rename(file.path(), kept.join(file.file_name()))?;
        }
    }
    Ok(kept)
}

/// Measures the program as a whole process, each time into a folder of its own: files that are there
/// already would not be written again. What of the PDFs was `printed` before it finds.
fn publication(
    program: &Path,
    survey: &Path,
    (folder, printed): (&Path, Option<&Path>),
) -> Result<Duration> {
    let mut took = vec![];
    for time in 0..TIMES {
        if let Some(printed) = printed {
            let kept = survey.join(PRINTED);
            if kept.exists() {
                fs::rename(&kept, folder.join(format!("printed-{time}")))?;
            }
            fs::create_dir_all(&kept)?;
            for file in fs::read_dir(printed)? {
                let file = file?;
                fs::copy(file.path(), kept.join(file.file_name()))?;
            }
        }
        let mut command = Command::new(program);
        let out = folder.join("measured").join(time.to_string());
        command.args(["report", "--quiet", "--out"]).arg(out).arg(survey).arg(ROUND);
        let start = Instant::now();
        run(&mut command)?;
        took.push(start.elapsed());
    }
    median(took)
}

/// Changes a word of a report while it is watched; the program says itself how long the pages took.
fn rebuild(program: &Path, survey: &Path, out: &Path) -> Result<Duration> {
    let report = survey.join(format!("rounds/{ROUND}/report.nb.md"));
    let text = fs::read_to_string(&report).with_context(|| report.display().to_string())?;
    let mut command = Command::new(program);
    command.args(["report", "--watch", "--out"]).arg(out).arg(survey).arg(ROUND);
    let watching = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut watching = Watching(watching);
    let mut lines = BufReader::new(watching.0.stderr.take().context("it is piped")?).lines();
    let mut took = vec![];
    for time in 0..=TIMES {
        let line = lines.by_ref().map_while(Result::ok).find_map(|line| milliseconds(&line));
        let line = line.context("the program ended without having written the pages")?;
        // The first time everything is written.
        took.extend((time > 0).then_some(line));
        let changed = text.replacen(". ", &format!(".{} ", " Slik er det.".repeat(time + 1)), 1);
        fs::write(&report, changed)?;
    }
    fs::write(&report, text)?;
    median(took)
}

/// Reads "3 files written in 120 ms".
fn milliseconds(line: &str) -> Option<Duration> {
    let number = line.split_once(" files written in ")?.1.strip_suffix(" ms")?;
    number.parse().ok().map(Duration::from_millis)
}

/// A program that is ended with what has to do with it.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn median(mut took: Vec<Duration>) -> Result<Duration> {
    took.sort_unstable();
    took.get(took.len() / 2).copied().context("nothing was measured")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_says_is_read() {
        let read = milliseconds("3 files written in 120 ms");
        assert_eq!(read, Some(Duration::from_millis(120)));
        assert_eq!(milliseconds("rounds/2023/report.nb.md:3:1"), None);
    }
}
