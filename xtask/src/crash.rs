//! The crash test: informants answer over HTTP while the server, or the PostgreSQL behind it, is killed
//! with SIGKILL at random moments. Every page that was acknowledged must be there, once and whole.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::field::browser::{field, hidden};
use crate::field::{Engine, Field, Profile, Server, browser::Browser, survey};

const INFORMANTS: usize = 16;

/// How long the servers may be away before an informant gives up.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// Runs `rounds` rounds, and fails where anything was lost.
pub(crate) fn crash(engine: Engine, rounds: u32) -> Result<()> {
    let mut field = Field::prepare(engine, Profile::Dev, INFORMANTS)?;
    let links = field.invite(INFORMANTS)?;
    let mut server = Some(field.serve()?);
    let done = AtomicBool::new(false);
    let (address, began) = (field.address, Instant::now());
    let (killed, found) = thread::scope(|scope| {
        let answering: Vec<_> = links
            .iter()
            .map(|link| scope.spawn(|| answer(Browser::new(address), link, &done)))
            .collect();
        let killed = kill_again_and_again(&mut field, &mut server, rounds);
        done.store(true, Ordering::Relaxed);
        let found = answering.into_iter().map(|thread| thread.join().expect("it panics not"));
        (killed, found.collect::<Result<Vec<Found>>>())
    });
    killed?;
    let found = found?;
    let acknowledged: u64 = found.iter().map(|found| found.acknowledged).sum();
    let lost: Vec<&String> = found.iter().flat_map(|found| &found.lost).collect();
    println!(
        "{engine:?}: {rounds} kills in {:.0} s, {} lost of {acknowledged} acknowledged pages of five \
         answers",
        began.elapsed().as_secs_f64(),
        lost.len()
    );
    ensure!(lost.is_empty(), "{lost:#?}");
    ensure!(acknowledged > 0, "nothing was acknowledged at all");
    Ok(())
}

/// Kills the server at random moments; on PostgreSQL every second time the database in its place.
fn kill_again_and_again(field: &mut Field, server: &mut Option<Server>, rounds: u32) -> Result<()> {
    let mut chance = Chance(2025);
    for round in 0..rounds {
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
                cluster.kill()?;
                thread::sleep(Duration::from_millis(chance.below(300)));
                cluster.start_again()?;
            }
        }
    }
    // The last one to come back is answered from too.
    thread::sleep(Duration::from_millis(500));
    Ok(())
}

/// Answers page after page until it is `done`, then looks at all of them.
fn answer(mut browser: Browser, link: &str, done: &AtomicBool) -> Result<Found> {
    let case = patiently(|| browser.post(link, &[]))?;
    let mut known = [Known::default(); survey::PAGES];
    let mut found = Found::default();
    let mut number = 0;
    while !done.load(Ordering::Relaxed) {
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
