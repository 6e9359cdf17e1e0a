//! The crash test: informants answer over HTTP while the server, or the PostgreSQL behind it, is killed
//! with SIGKILL at random moments. Every page that was acknowledged must be there, once and whole. A standby
//! may take the database's place; one that lags behind loses pages, and shows that the test finds it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use cluster::{Cluster, Standby};

use crate::field::browser::{field, hidden};
use crate::field::{Engine, Field, Profile, Server, browser::Browser, survey};

const INFORMANTS: usize = 16;

/// How long the servers may be away before an informant gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is killed, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crash {
    pub(crate) engine: Engine,
    /// What takes the database's place.
    pub(crate) standby: Option<Follows>,
    /// How many times something is killed.
    pub(crate) rounds: u32,
}

/// How a standby follows the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Follows {
    /// A commit waits for it: nothing may be lost
    Synchronous,
    /// It has not heard of the last commits: pages are lost, and the test must find that
    Lagging,
}

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Server,
    Database,
}

/// What an informant knows of a page.
#[derive(Clone, Copy, Default)]
struct Known {
    /// The last number that was acknowledged.
    acknowledged: u64,
    /// The last one that was sent; larger where the answer never came.
    sent: u64,
}

/// What was found of one informant's pages.
#[derive(Default)]
struct Found {
    acknowledged: u64,
    lost: Vec<String>,
}

/// How far a run is.
#[derive(Default)]
struct Run {
    /// How many informants have opened their case.
    begun: AtomicUsize,
    done: AtomicBool,
}

impl Run {
    /// A session that is lost with a database says nothing of the answers.
    fn wait_until_all_are_in(&self) {
        let began = Instant::now();
        while self.begun.load(Ordering::Relaxed) < INFORMANTS && began.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Kills and looks, and fails where anything was lost; where a standby lags, if nothing was.
pub(crate) fn crash(crash: Crash) -> Result<()> {
    let Crash { engine, standby, rounds } = crash;
    ensure!(standby.is_none() || engine == Engine::Postgres, "only PostgreSQL has a standby");
    let follows = match standby {
        None => Standby::None,
        Some(Follows::Synchronous) => Standby::Synchronous,
        Some(Follows::Lagging) => Standby::Asynchronous,
    };
    let mut field = Field::prepare(engine, follows, Profile::Dev, INFORMANTS)?;
    let began = Instant::now();
    let found = answer_and_kill(&mut field, crash)?;
    let acknowledged: u64 = found.iter().map(|found| found.acknowledged).sum();
    let lost: Vec<&String> = found.iter().flat_map(|found| &found.lost).collect();
    let standby = match standby {
        None => "",
        Some(Follows::Synchronous) => " with a synchronous standby",
        Some(Follows::Lagging) => " with a standby that lags behind",
    };
    println!(
        "{engine:?}{standby}: {rounds} kills in {:.0} s, {} lost of {acknowledged} acknowledged \
         pages of five answers",
        began.elapsed().as_secs_f64(),
        lost.len()
    );
    ensure!(acknowledged > 0, "nothing was acknowledged at all");
    match crash.standby {
        Some(Follows::Lagging) => {
            ensure!(!lost.is_empty(), "pages were lost with the database, and were not missed");
        }
        Some(Follows::Synchronous) | None => ensure!(lost.is_empty(), "{lost:#?}"),
    }
    Ok(())
}

/// Returns what each informant found.
fn answer_and_kill(field: &mut Field, crash: Crash) -> Result<Vec<Found>> {
    let links = field.invite(INFORMANTS)?;
    let mut server = Some(field.serve()?);
    let run = Run::default();
    let address = field.address;
    let (killed, found) = thread::scope(|scope| {
        let answering: Vec<_> = links
            .iter()
            .map(|link| scope.spawn(|| answer(Browser::new(address), link, &run)))
            .collect();
        run.wait_until_all_are_in();
        let killed = kill_again_and_again(field, &mut server, crash);
        run.done.store(true, Ordering::Relaxed);
        let found = answering.into_iter().map(|thread| thread.join().expect("it panics not"));
        (killed, found.collect())
    });
    killed?;
    found
}

/// Kills the server at random moments; on PostgreSQL every second time the database in its place.
fn kill_again_and_again(
    field: &mut Field,
    server: &mut Option<Server>,
    crash: Crash,
) -> Result<()> {
    let mut chance = Chance(2025);
    for round in 0..crash.rounds {
        thread::sleep(Duration::from_millis(200 + chance.below(600)));
        let victim = match &field.cluster {
            Some(_) if round % 2 == 0 => Victim::Database,
            Some(_) | None => Victim::Server,
        };
        match victim {
            Victim::Server => {
                server.take().expect("it is there between the rounds").kill()?;
                *server = Some(field.serve()?);
            }
            Victim::Database => {
                let cluster = field.cluster.as_mut().expect("PostgreSQL is there");
                kill_database(cluster, crash.standby, Duration::from_millis(chance.below(300)))?;
            }
        }
    }
    // The last one to come back is answered from too.
    thread::sleep(Duration::from_millis(500));
    Ok(())
}

/// Kills the database; after a while it comes back, or its standby takes its place and gets a standby
/// itself. Nobody tells the server.
fn kill_database(cluster: &mut Cluster, standby: Option<Follows>, away: Duration) -> Result<()> {
    if standby == Some(Follows::Lagging) {
        cluster.let_standby_lag()?;
        // What is acknowledged in this time is lost.
        thread::sleep(Duration::from_secs(1));
    }
    cluster.kill()?;
    thread::sleep(away);
    match standby {
        None => cluster.start_again()?,
        Some(Follows::Synchronous | Follows::Lagging) => {
            cluster.promote_standby()?;
            cluster.follow()?;
        }
    }
    Ok(())
}

/// Answers page after page until it is `done`, then looks at all of them.
fn answer(mut browser: Browser, link: &str, run: &Run) -> Result<Found> {
    let case = patiently(|| browser.post(link, &[]))?;
    run.begun.fetch_add(1, Ordering::Relaxed);
    let mut known = [Known::default(); survey::PAGES];
    let mut found = Found::default();
    let mut number = 0;
    while !run.done.load(Ordering::Relaxed) {
        let page = 1 + number % survey::PAGES;
        number += 1;
        turn(&mut browser, &case, page, &mut known[page - 1], &mut found)?;
    }
    for (page, known) in (1..).zip(&mut known) {
        look(&mut browser, &case, page, known, &mut found)?;
    }
    Ok(found)
}

/// Looks at a page and saves the next number on it, once.
fn turn(
    browser: &mut Browser,
    case: &str,
    page: usize,
    known: &mut Known,
    found: &mut Found,
) -> Result<()> {
    let html = look(browser, case, page, known, found)?;
    // What was sent and not acknowledged is sent again, as an informant does.
    let number = known.acknowledged + 1;
    known.sent = number;
    let mut fields = hidden(&html);
    fields.extend(survey::answers(page, number));
    if browser.post(&address(case, page), &fields).is_ok() {
        known.acknowledged = number;
        found.acknowledged += 1;
    }
    Ok(())
}

/// Fetches a page, however long the server is away, and judges what it shows.
fn look(
    browser: &mut Browser,
    case: &str,
    page: usize,
    known: &mut Known,
    found: &mut Found,
) -> Result<String> {
    let html = patiently(|| browser.get(&address(case, page)))?;
    let shown: u64 = field(&html, &format!("tall{page}")).parse().unwrap_or(0);
    if let Err(wrong) = judge(&html, page, shown, *known) {
        found.lost.push(format!("{case}, page {page}: {wrong:#}"));
    }
    // It had been saved before the server was killed, and could not say so.
    *known = Known { acknowledged: shown, sent: shown };
    Ok(html)
}

/// Errs where a page does not show what it must: all of the last save that was acknowledged, or of
/// the one under way, and each save as one version.
fn judge(html: &str, page: usize, shown: u64, known: Known) -> Result<()> {
    let expected = known.acknowledged..=known.sent;
    ensure!(expected.contains(&shown), "{shown} where {expected:?} was saved");
    if shown == 0 {
        return Ok(());
    }
    for (name, value) in survey::answers(page, shown) {
        let there = field(html, &name);
        ensure!(there == value, "{name} is {there:?}, where the page was saved with {value:?}");
        let seen = hidden(html).into_iter().find(|(field, _)| *field == format!("seen:{name}"));
        let (_, seen) = seen.with_context(|| format!("{name} has no version"))?;
        let version = seen.split('.').next().unwrap_or_default();
        ensure!(version == shown.to_string(), "{name} has version {version} after {shown} saves");
    }
    Ok(())
}

fn address(case: &str, page: usize) -> String {
    format!("{case}/{}/{page}", survey::SECTION)
}

/// Tries again while the servers are away.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(error) if began.elapsed() > PATIENCE => {
                return Err(error.context("the server did not come back"));
            }
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    /// Returns a number below `bound`, by Knuth's linear congruential generator.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
