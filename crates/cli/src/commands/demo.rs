//! `runde demo`: the whole line, from nothing, on the survey of Norwegian municipalities.

mod files;
mod table;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use dataset::DataSet;
use frame::UnitId;
use instrument::{Lang, RoundId};
use jiff::Timestamp;
use store::{Actor, CaseId, Contact, Store, Token};

use super::freeze::write_dataset;
use super::{STAFF, open_store, serve};
use crate::clock::Clock;
use crate::failure::refused;
use crate::folder::Folder;
use crate::output;
use crate::post::into_folder;
use crate::stages::{Extent, Line, Memory, Simulated, closing, publish, write_file, write_site};

/// Run the whole line from nothing: three rounds of a survey of all Norwegian municipalities, with
/// simulated answers, from questionnaire to published report, and serve the result
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  runde demo\n  runde demo --dir /tmp/demo --no-serve --seed 7\n\n\
                        The same seed gives the same data sets and the same published site, byte \
                        for byte."
)]
pub struct Demo {
    /// Where to put the survey, its database, its data sets and the published site; what an
    /// earlier demo left there is replaced
    #[arg(long, value_name = "DIR", default_value = "runde-demo")]
    dir: PathBuf,
    /// Stop when the report has been published
    #[arg(long)]
    no_serve: bool,
    /// The seed of the simulated answers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The address to serve on
    #[arg(long, value_name = "ADDRESS", default_value = serve::DEFAULT_ADDRESS)]
    listen: SocketAddr,
}

/// When the demo takes place: 3 November 2025, 09:00 in Oslo, with the round of 2025 in the field.
const NOW: &str = "2025-11-03T08:00:00Z";
/// The unit that the demo lets the visitor answer for: Ålesund.
const UNIT: &str = "1508";
/// Who the demo's staff member is.
const USER: &str = "demo";
/// The folder of the letters that a real server would send.
const LETTERS: &str = "mail";
/// The file that tells a demo's folder from any other.
const MARK: &str = ".runde-demo";

/// What the visitor needs to get in.
struct Keys {
    link: Token,
    password: Token,
}

impl Demo {
    /// Runs every stage, prints the findings beside the published figures, and serves. The status
    /// is 1 where a figure differs from the published one.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        // The port first: nothing is made when it cannot be served.
        let listener = match self.no_serve {
            true => None,
            false => Some(serve::bind(self.listen).await?),
        };
        let clock = Clock::starting_at(Some(demo_time()?));
        let survey = prepare(&self.dir)?;
        let folder = Folder::open(&survey)?;
        let store = open_store(&folder.default_store()).await?;
        let (agrees, site) = self.carry(&folder, &store, quiet).await?;
        if let Some(listener) = listener {
            let keys = hand_out_keys(&folder, &store).await?;
            let base_url = format!("http://{}", listener.local_addr()?);
            let letters = self.dir.join(LETTERS);
            greet(&base_url, &keys, &survey, &letters);
            let courier = Some(into_folder(letters)?);
            let site = serve::Site { directory: Some(site), behind_tls: false, courier, base_url };
            serve::serve(folder, store, clock, site, listener).await?;
        } else {
            store.close().await;
        }
        Ok(ExitCode::from(u8::from(!agrees)))
    }

    /// Carries every round along the line and publishes the site; returns whether every figure is
    /// the published one, and where the site is.
    async fn carry(
        &self,
        folder: &Folder,
        store: &Store,
        quiet: bool,
    ) -> anyhow::Result<(bool, PathBuf)> {
        let line = Line { folder, store, staff: STAFF };
        let now = demo_time()?;
        let mut datasets: BTreeMap<RoundId, DataSet> = BTreeMap::new();
        for (id, round) in &folder.rounds {
            let in_field = now < closing(round)?;
            let answers = Simulated { seed: self.seed, until: in_field.then_some(now) };
            let bar = output::progress(&format!("Round {id}: answering"), quiet);
            let advance = |done, all| {
                bar.set_length(all as u64);
                bar.set_position(done as u64);
            };
            let data = line.run(*id, answers, now, &advance).await?;
            output::finish(&bar, &outcome(*id, &data, in_field), quiet);
            write_dataset(&data, &self.dir.join("data").join(id.to_string()))?;
            datasets.insert(*id, data);
        }
        let bar = output::progress("Publishing", quiet);
        let site = publish(folder, &datasets, Extent::Whole, now, &mut Memory::default())?;
        let directory = self.dir.join("site");
        write_site(&site, &directory)?;
        let pages = site.files.len();
        output::finish(
            &bar,
            &format!("published: {pages} files in {}", directory.display()),
            quiet,
        );
        let table = table::findings(&site, folder);
        output::data(&table.text);
        Ok((table.agrees, directory))
    }
}

fn demo_time() -> anyhow::Result<Timestamp> {
    NOW.parse().context("the demo's time")
}

/// Makes the demo's folder afresh, with the survey in it; returns the survey's folder. A folder
/// that holds anything but an earlier demo is refused.
fn prepare(dir: &Path) -> anyhow::Result<PathBuf> {
    let cannot = || format!("cannot make the demo's folder {}", dir.display());
    let foreign = dir.exists()
        && !dir.join(MARK).exists()
        && std::fs::read_dir(dir).with_context(cannot)?.next().is_some();
    if foreign {
        return Err(refused(format!(
            "{} is not empty and no earlier demo; choose another folder with --dir",
            dir.display()
        )));
    }
    std::fs::create_dir_all(dir).with_context(cannot)?;
    std::fs::write(dir.join(MARK), "").with_context(cannot)?;
    for left in [files::SURVEY, "data", "site", LETTERS] {
        let left = dir.join(left);
        if left.exists() {
            std::fs::remove_dir_all(left).with_context(cannot)?;
        }
    }
    let survey = dir.join(files::SURVEY);
    for (name, text) in files::FILES {
        write_file(&survey.join(name), text.as_bytes())?;
    }
    Ok(survey)
}

fn outcome(round: RoundId, data: &DataSet, in_field: bool) -> String {
    let counts = data.dispositions();
    let (answered, invited) = (counts.answered(), counts.invited());
    let end = if in_field { ", in the field" } else { "" };
    format!("round {round}: {answered} of {invited} units have answered (simulated){end}")
}

/// Adds the demo's staff member and makes a link for its unit.
async fn hand_out_keys(folder: &Folder, store: &Store) -> anyhow::Result<Keys> {
    let now = demo_time()?;
    let line = Line { folder, store, staff: STAFF };
    let round = *folder.rounds.keys().next_back().context("the demo's survey has rounds")?;
    let case = CaseId { round, unit: UnitId::new(UNIT)? };
    let contact = Contact {
        name: "Koordinator".to_owned(),
        email: "koordinator@alesund.example".to_owned(),
        language: Lang::NB,
    };
    let link = line.invite(&case, &contact, now).await?;
    let password = Token::random();
    let mut writing = store.write(Actor::Staff(STAFF.to_owned()), now).await?;
    writing.add_staff(USER, password.reveal()).await?;
    writing.commit().await?;
    Ok(Keys { link, password })
}

fn greet(address: &str, keys: &Keys, survey: &Path, letters: &Path) {
    output::data(&format!(
        "\nThe clock stands at 3 November 2025, 09:00, and runs on. All answers are simulated.\n\n  \
         Read the reports     {address}/\n  \
         Answer for Ålesund   {address}/answer/{link}\n  \
         Watch the response   {address}/staff   (user {USER}, password {password})\n  \
         Read the e-mails     {letters}/   (written there, not sent)\n\n\
         Ctrl-C ends. What has been answered is kept; go on with\n  \
         runde serve {survey} --site {site} --at {NOW}\n",
        link = keys.link.reveal(),
        password = keys.password.reveal(),
        survey = survey.display(),
        letters = letters.display(),
        site = survey.with_file_name("site").display(),
    ));
}
