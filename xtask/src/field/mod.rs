//! A survey in the field: a folder made for it, a store, the built `runde serve`, and informants with
//! their links. The crash test and the load tool both begin here.

pub(crate) mod browser;
pub(crate) mod survey;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use cluster::{Cluster, Durability, Standby};

use crate::steps::{cargo, run};

/// The database behind the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// A file
    Sqlite,
    /// A PostgreSQL of its own
    Postgres,
}

/// How the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// As it is tested
    Dev,
    /// As `cargo run --release` does
    Release,
    /// As for a server
    Dist,
}

impl Profile {
    /// What Cargo calls it.
    fn name(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "release",
            Profile::Dist => "dist",
        }
    }
}

/// A survey that can be answered.
pub(crate) struct Field {
    /// All that is written lies there, and goes with it.
    scratch: PathBuf,
    folder: PathBuf,
    program: PathBuf,
    store: String,
    pub(crate) address: SocketAddr,
    /// The server of the database, where it is one.
    pub(crate) cluster: Option<Cluster>,
}

impl Field {
    /// Builds the program, makes a survey of `units` and an empty store for it.
    pub(crate) fn prepare(
        engine: Engine,
        standby: Standby,
        profile: Profile,
        units: usize,
    ) -> Result<Field> {
        let program = build(profile)?;
        let scratch = std::env::temp_dir().join(format!("runde-field-{}", std::process::id()));
        // A survey's folder bears its name.
        let folder = scratch.join("field");
        survey::write(&folder, units).context("cannot write a survey")?;
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::start_with(Durability::Synced, standby)?),
        };
        let store = match &cluster {
            Some(cluster) => cluster.databases().create()?,
            None => format!("sqlite:{}", scratch.join("runde.db").display()),
        };
        // The server takes the same port each time that it is started.
        let address = free_address()?;
        Ok(Field { scratch, folder, program, store, address, cluster })
    }

    /// Returns the links into the first cases.
    pub(crate) fn invite(&self, cases: usize) -> Result<Vec<String>> {
        let threads = 4;
        let invite = |first: usize| -> Result<Vec<(usize, String)>> {
            let units = (first..cases).step_by(threads);
            units.map(|unit| Ok((unit, self.link(unit)?))).collect()
        };
        let invited: Result<Vec<_>> = thread::scope(|scope| {
            let started: Vec<_> =
                (0..threads).map(|first| scope.spawn(move || invite(first))).collect();
            started.into_iter().map(|thread| thread.join().expect("inviting panics not")).collect()
        });
        let mut links = invited?.concat();
        links.sort();
        Ok(links.into_iter().map(|(_, link)| link).collect())
    }

    fn link(&self, unit: usize) -> Result<String> {
        let output = self
            .runde("invite")
            .args([survey::ROUND, &survey::unit(unit)])
            // One address would be one person who answers for all of them.
            .args(["--email", &format!("informant{unit}@example.no")])
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "`runde invite`: {said}");
        let url = String::from_utf8(output.stdout)?;
        let path = url.trim_end().find("/answer/").map(|place| url.trim_end()[place..].to_owned());
        path.with_context(|| format!("`runde invite` printed no link: {url}"))
    }

    /// Starts the server; returns once it answers.
    pub(crate) fn serve(&self) -> Result<Server> {
        self.serve_at(self.address)
    }

    /// Starts one more server on the same store; returns once it answers.
    pub(crate) fn serve_at(&self, address: SocketAddr) -> Result<Server> {
        let mut process = self
            .runde("serve")
            .args(["--listen", &address.to_string()])
            .stderr(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let ready = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("Serving"));
        if ready.is_none() {
            bail!("`runde serve` did not start: {}", process.wait()?);
        }
        // What it says later is nobody's errand here, but the pipe must not fill up.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(Server { process })
    }

    fn runde(&self, verb: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(verb).arg(&self.folder).args(["--store", &self.store]).stdin(Stdio::null());
        command
    }
}

/// Returns an address whose port is free now.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Drop for Field {
    fn drop(&mut self) {
        // A temporary folder that cannot be removed is the system's to remove.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// A `runde serve` that runs. Dropping it kills it.
pub(crate) struct Server {
    process: Child,
}

impl Server {
    /// Kills it with SIGKILL.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Builds `runde`; returns where it lies: beside this program, or in the folder of releases there.
pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    match profile {
        // As the tests are built, of which it is a part: anything else would build it once more.
        Profile::Dev => run(&mut cargo(&["test", "--quiet", "--workspace", "--no-run"]))?,
        Profile::Release | Profile::Dist => return build_with(profile, &[]),
    }
    built(profile, "runde")
}

/// Builds `runde` by itself, with these features; returns where it lies.
pub(crate) fn build_with(profile: Profile, features: &[&str]) -> Result<PathBuf> {
    let mut command = cargo(&["build", "--quiet", "--profile", profile.name()]);
    command.args(["--package", "runde", "--features", &features.join(",")]);
    run(&mut command)?;
    built(profile, "runde")
}

/// Builds the bare server that ours is measured beside; returns where it lies.
pub(crate) fn build_bound(profile: Profile) -> Result<PathBuf> {
    // With the program, so that what they share is built once, with the same features.
    let both = ["--package", "runde", "--package", "bound"];
    run(cargo(&["build", "--quiet", "--profile", profile.name()]).args(both))?;
    built(profile, "bound")
}

fn built(profile: Profile, program: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).context("this program lies in no target folder")?;
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release | Profile::Dist => profile.name(),
    };
    let program = target.join(folder).join(program);
    ensure!(Path::is_file(&program), "{} was not built", program.display());
    Ok(program)
}
