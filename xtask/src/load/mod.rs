//! The load tool: whole sessions as a browser does them, and what they cost the server; beside it, what
//! a bare server costs that stores the same bytes.

mod bound;

use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use cluster::Standby;

use crate::field::browser::{Browser, hidden};
use crate::field::{Engine, Field, Profile, Server, free_address, survey};

/// What a run is asked to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) engine: Engine,
    /// How many informants answer at the same time.
    pub(crate) informants: usize,
    /// How many sessions they have together; each is a case of its own.
    pub(crate) sessions: usize,
    /// How many servers share the database.
    pub(crate) servers: u8,
    /// How both are built.
    pub(crate) profile: Profile,
}

/// What one informant saw.
#[derive(Default)]
struct Seen {
    /// How long each turn of a page took: the save, and the page that follows it.
    turns: Vec<Duration>,
    /// The cases that were signed, with the number that their answers tell of.
    signed: Vec<(String, u64)>,
    errors: Vec<String>,
    /// A page as it was shown.
    page: String,
}

/// What a run took.
struct Cost {
    turns: Vec<Duration>,
    took: Duration,
    usage: Usage,
}

/// Runs the sessions and prints what they took.
pub(crate) fn load(load: Load) -> Result<()> {
    ensure!(load.servers == 1 || load.engine == Engine::Postgres, "only PostgreSQL is shared");
    let field = Field::prepare(load.engine, Standby::None, load.profile, load.sessions)?;
    println!("making {} links", load.sessions);
    let links = field.invite(load.sessions)?;
    let servers = Servers::start(&field, load.servers)?;
    let next = AtomicUsize::new(0);
    let (before, began) = (servers.usage()?, Instant::now());
    let seen = thread::scope(|scope| {
        let (links, next) = (&links, &next);
        let start = |address| scope.spawn(move || answer_cases(address, links, next));
        let informants: Vec<_> =
            servers.addresses.iter().copied().cycle().take(load.informants).map(start).collect();
        let seen = informants.into_iter().map(|thread| thread.join().expect("it panics not"));
        seen.fold(Seen::default(), Seen::and)
    });
    let (took, after) = (began.elapsed(), servers.usage()?);
    // Whichever server is asked, it shows what any of them stored.
    let address = servers.addresses[0];
    let stored = seen.signed.iter().filter(|(case, number)| is_stored(address, case, *number));
    let stored = stored.count();
    let cost = Cost { turns: seen.turns, took, usage: after.since(&before) };
    println!(
        "{:?}, {} informants: {} sessions signed, {stored} stored, {} errors",
        load.engine,
        load.informants,
        seen.signed.len(),
        seen.errors.len()
    );
    let runde = match load.servers {
        1 => cost.print("runde serve"),
        many => cost.print(&format!("{many} runde serve")),
    };
    drop(servers);
    let bare = bound::measure(load, &seen.page)?.print("a bare server on SQLite");
    println!("  the bare server takes {:.1} times as many pages", bare / runde);
    ensure!(seen.errors.is_empty(), "errors, the first one: {}", seen.errors[0]);
    ensure!(stored == load.sessions, "{stored} of {} sessions are stored", load.sessions);
    Ok(())
}

/// The servers that are answered to.
struct Servers {
    processes: Vec<Server>,
    addresses: Vec<SocketAddr>,
}

impl Servers {
    fn start(field: &Field, count: u8) -> Result<Servers> {
        let addresses: Vec<SocketAddr> =
            (0..count).map(|_| free_address()).collect::<Result<_>>()?;
        let processes = addresses.iter().map(|address| field.serve_at(*address));
        Ok(Servers { processes: processes.collect::<Result<_>>()?, addresses })
    }

    /// Returns what they have used together.
    fn usage(&self) -> Result<Usage> {
        let mut usages = self.processes.iter().map(|server| Usage::of(server.id()));
        let none = Usage { processor: Duration::ZERO, peak_megabytes: 0 };
        usages.try_fold(none, |all, usage| {
            let usage = usage?;
            Ok(Usage {
                processor: all.processor + usage.processor,
                peak_megabytes: all.peak_megabytes + usage.peak_megabytes,
            })
        })
    }
}

/// Answers one case after another, until all have been.
fn answer_cases(address: SocketAddr, links: &[String], next: &AtomicUsize) -> Seen {
    let mut seen = Seen::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(link) = links.get(number) else { return seen };
        // A session has a browser of its own, as its informant has.
        let mut browser = Browser::new(address);
        match answer_case(&mut browser, link, number as u64, &mut seen) {
            Ok(case) => seen.signed.push((case, number as u64)),
            Err(error) => seen.errors.push(format!("{error:#}")),
        }
    }
}

/// Opens a link, answers all pages, hands in and signs, reading every page on the way.
fn answer_case(browser: &mut Browser, link: &str, number: u64, seen: &mut Seen) -> Result<String> {
    browser.get(link)?;
    let case = browser.post(link, &[])?;
    browser.get(&case)?;
    let mut here = format!("{case}/{}/1", survey::SECTION);
    let mut html = browser.get(&here)?;
    for page in 1..=survey::PAGES {
        let mut fields = hidden(&html);
        fields.extend(survey::answers(page, number));
        let began = Instant::now();
        here = browser.post(&here, &fields)?;
        html = browser.get(&here)?;
        seen.turns.push(began.elapsed());
        if page == 1 {
            seen.page.clone_from(&html);
        }
    }
    let tasks = browser.post(&here, &[])?;
    browser.get(&tasks)?;
    let review = format!("{case}/review");
    let html = browser.get(&review)?;
    let receipt = browser.post(&review, &hidden(&html))?;
    ensure!(receipt.ends_with("/receipt"), "signing led to {receipt}");
    browser.get(&receipt)?;
    // Kept for the look afterwards, with the cookie that opens it.
    Ok(format!("{link} {receipt}"))
}

/// Whether the receipt of a case shows the answers that were acknowledged.
fn is_stored(address: SocketAddr, case: &str, number: u64) -> bool {
    let Some((link, receipt)) = case.split_once(' ') else { return false };
    let mut browser = Browser::new(address);
    let html = browser.post(link, &[]).and_then(|_| browser.get(receipt)).unwrap_or_default();
    html.matches(&survey::text(number)).count() == survey::PAGES
}

impl Seen {
    fn and(mut self, other: Seen) -> Seen {
        self.turns.extend(other.turns);
        self.signed.extend(other.signed);
        self.errors.extend(other.errors);
        self.page = other.page;
        self
    }
}

/// What a process has used, from `/proc`.
#[derive(Clone, Copy)]
struct Usage {
    /// Time on a processor, in the kernel and outside.
    processor: Duration,
    /// Memory that is its own or shared, at most.
    peak_megabytes: u64,
}

impl Usage {
    fn of(process: u32) -> Result<Usage> {
        let read = |file: &str| {
            let path = format!("/proc/{process}/{file}");
            fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
        };
        let (stat, status) = (read("stat")?, read("status")?);
        // The name may hold spaces and ends with the last bracket; utime and stime are the 14th and
        // 15th field, in hundredths of a second on Linux.
        let fields = stat.rsplit_once(')').context("no process")?.1.split_whitespace();
        let ticks: u64 =
            fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        let peak_megabytes = peak.context("no peak of memory")? / 1024;
        Ok(Usage { processor: Duration::from_millis(ticks * 10), peak_megabytes })
    }

    fn since(self, before: &Usage) -> Usage {
        Usage { processor: self.processor - before.processor, ..self }
    }
}

impl Cost {
    /// Prints what the pages took; returns how many there were a second.
    fn print(mut self, what: &str) -> f64 {
        self.turns.sort();
        let pages = self.turns.len().max(1) as f64;
        let at = |share: f64| {
            let place = ((pages * share) as usize).min(self.turns.len().saturating_sub(1));
            self.turns.get(place).map_or(0.0, |turn| turn.as_secs_f64() * 1000.0)
        };
        let a_second = pages / self.took.as_secs_f64();
        println!(
            "  {what}: {a_second:.0} pages/s, p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, \
             {:.3} ms of processor a page, {} MB at most",
            at(0.50),
            at(0.95),
            at(0.99),
            self.usage.processor.as_secs_f64() * 1000.0 / pages,
            self.usage.peak_megabytes,
        );
        a_second
    }
}
