//! A bare server beside ours, in the same run: what this machine could do at most.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Cost, Load, Usage};
use crate::field::browser::{Browser, hidden};
use crate::field::{Profile, build_bound, survey};

/// The server of `crates/bound`. Dropping it kills it.
struct Bound {
    process: Child,
    address: SocketAddr,
    _scratch: tempfile::TempDir,
}

impl Drop for Bound {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends the same pages with the same answers to a bare server, which shows `page` each time;
/// returns what that took.
pub(super) fn measure(load: Load, page: &str) -> Result<Cost> {
    let bound = start(load.profile, page)?;
    let next = AtomicUsize::new(0);
    let (before, began) = (Usage::of(bound.process.id())?, Instant::now());
    let turns = thread::scope(|scope| {
        let informants: Vec<_> =
            (0..load.informants).map(|_| scope.spawn(|| answer(&bound, load, &next))).collect();
        let turns = informants.into_iter().map(|thread| thread.join().expect("it panics not"));
        turns.collect::<Result<Vec<_>>>()
    })?;
    let usage = Usage::of(bound.process.id())?.since(&before);
    Ok(Cost { turns: turns.concat(), took: began.elapsed(), usage })
}

fn start(profile: Profile, page: &str) -> Result<Bound> {
    let program = build_bound(profile)?;
    let scratch = tempfile::tempdir()?;
    let shown = scratch.path().join("page.html");
    fs::write(&shown, page)?;
    let mut process = Command::new(program)
        .arg(scratch.path().join("bound.db"))
        .arg(shown)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(process.stdout.take().context("it is piped")?).read_line(&mut line)?;
    let address = line.trim().parse().with_context(|| format!("no address: {line:?}"))?;
    Ok(Bound { process, address, _scratch: scratch })
}

fn answer(bound: &Bound, load: Load, next: &AtomicUsize) -> Result<Vec<Duration>> {
    let mut turns = vec![];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= load.sessions {
            return Ok(turns);
        }
        let mut browser = Browser::new(bound.address);
        let mut html = browser.get(&format!("/{number}/1"))?;
        for page in 1..=survey::PAGES {
            let mut fields = hidden(&html);
            fields.extend(survey::answers(page, number as u64));
            let began = Instant::now();
            let here = browser.post(&format!("/{number}/{page}"), &fields)?;
            html = browser.get(&here)?;
            turns.push(began.elapsed());
        }
        ensure!(!html.is_empty(), "the bare server shows nothing");
    }
}
