//! A PostgreSQL server of one's own, for tests and measurements; no part of the program.
//!
//! It lies in a temporary folder, answers on a socket there and on no port, and runs as its own user
//! where we are root, since PostgreSQL refuses root. A shell between us and the server ends it when
//! we end, however we do: nothing is left behind, not even after SIGKILL.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server. Dropping it stops it and removes what it wrote.
#[derive(Debug)]
pub struct Cluster {
    shell: Child,
    /// None once the server is to end.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    databases: Databases,
}

/// Whether what a server has committed survives a power loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It does, as in earnest.
    Synced,
    /// It does not: for tests, which begin anew in any case.
    Fast,
}

/// Whether a second server follows the first, and can take its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standby {
    /// None does.
    None,
    /// One does, and a commit is acknowledged when both have it on disk.
    Synchronous,
    /// One does, and a commit does not wait for it: what it has not heard of is lost with the first.
    Asynchronous,
}

/// Where databases can be made.
#[derive(Clone, Debug)]
pub struct Databases {
    programs: PathBuf,
    /// The folder of the server's socket, and after a comma that of its standby.
    sockets: String,
}

/// The variable that tells a test to run on the server whose socket lies there.
const SOCKET: &str = "RUNDE_TEST_POSTGRES";

impl Cluster {
    /// Starts a server; returns once it answers.
    pub fn start(durability: Durability) -> io::Result<Cluster> {
        Cluster::start_with(durability, Standby::None)
    }

    /// Starts a server and its standby; returns once the one answers and the other follows.
    pub fn start_with(durability: Durability, standby: Standby) -> io::Result<Cluster> {
        let programs = programs()?;
        let mut shell = shell(&programs, durability, standby)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("cannot start sh: {error}")))?;
        let commands = shell.stdin.take();
        let mut answers = BufReader::new(shell.stdout.take().expect("the output is piped"));
        let mut sockets = String::new();
        answers.read_line(&mut sockets)?;
        if sockets.is_empty() {
            let status = shell.wait()?;
            return Err(io::Error::other(format!("PostgreSQL did not start ({status})")));
        }
        let databases = Databases { programs, sockets: sockets.trim_end().to_owned() };
        Ok(Cluster { shell, commands, answers, databases })
    }

    /// Returns where databases are made.
    pub fn databases(&self) -> &Databases {
        &self.databases
    }

    /// Kills the server with SIGKILL.
    pub fn kill(&mut self) -> io::Result<()> {
        self.command("kill")
    }

    /// Starts the server again; returns once it answers.
    pub fn start_again(&mut self) -> io::Result<()> {
        self.command("start")
    }

    /// Lets the standby hear nothing more from the server, which goes on until it is killed. One that
    /// is followed synchronously then commits nothing.
    pub fn let_standby_lag(&mut self) -> io::Result<()> {
        self.command("lag")
    }

    /// Makes the standby the server; returns once it takes writes.
    pub fn promote_standby(&mut self) -> io::Result<()> {
        self.command("promote")
    }

    /// Makes the server that was killed the standby of the one that was promoted; returns once it
    /// follows.
    pub fn follow(&mut self) -> io::Result<()> {
        self.command("follow")
    }

    fn command(&mut self, command: &str) -> io::Result<()> {
        writeln!(self.commands.as_mut().expect("the server is there"), "{command}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        match answer.trim_end() {
            "done" => Ok(()),
            _ => Err(io::Error::other(format!("PostgreSQL could not be told to {command}"))),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is what the shell waits for.
        self.commands = None;
        let _ = self.shell.wait();
    }
}

impl Databases {
    /// Returns the server that the tests of this process shall use; `None` where it is SQLite.
    ///
    /// # Panics
    /// Where it is a server and PostgreSQL is not installed.
    pub fn given() -> Option<Databases> {
        let sockets = std::env::var_os(SOCKET)?.into_string().expect("we have named it");
        let programs = programs().expect("whoever started the server has its programs");
        Some(Databases { programs, sockets })
    }

    /// Makes an empty database; returns its URL.
    pub fn create(&self) -> io::Result<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("d{}_{number}", std::process::id());
        let made = Command::new(self.programs.join("createdb"))
            .args(["--host", &self.sockets, "--username", "runde", &name])
            // The standby, which may be the first of the two, makes none.
            .env("PGTARGETSESSIONATTRS", "read-write")
            .stdin(Stdio::null())
            .output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            return Err(io::Error::other(format!("cannot make a database: {said}")));
        }
        Ok(format!("postgres:///{name}?host={}&user=runde", self.sockets))
    }
}

/// Runs all tests of this test binary but `this_one` again, on a PostgreSQL of their own.
///
/// So whatever is written as a test holds on both engines without being written twice.
///
/// # Panics
/// Where one of them fails, or there is no PostgreSQL.
pub fn run_all_on_postgres(this_one: &str) {
    let cluster = Cluster::start(Durability::Fast).expect("a PostgreSQL for the tests starts");
    let binary = std::env::current_exe().expect("a test has a path");
    let ran = Command::new(binary)
        .args(["--skip", this_one])
        .env(SOCKET, &cluster.databases.sockets)
        .stdin(Stdio::null())
        .output()
        .expect("a test binary can be started");
    drop(cluster);
    let said = String::from_utf8_lossy(&ran.stdout);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "on PostgreSQL:\n{said}\n{errors}");
}

fn shell(programs: &Path, durability: Durability, standby: Standby) -> Command {
    let mut command = match is_root() {
        // Debian's package makes a user of that name.
        true => {
            let mut command = Command::new("runuser");
            command.args(["--user", "postgres", "--", "sh"]);
            command
        }
        false => Command::new("sh"),
    };
    let mut settings = vec!["max_connections=300", "shared_buffers=64MB", "autovacuum=off"];
    if durability == Durability::Fast {
        settings.extend(["fsync=off", "full_page_writes=off"]);
    }
    let standby = match standby {
        Standby::None => "none",
        Standby::Synchronous => "synchronous",
        Standby::Asynchronous => "asynchronous",
    };
    // The script is an argument, so that it need not lie anywhere the other user can read.
    command
        .args(["-c", include_str!("server.sh"), "server.sh"])
        .arg(programs)
        .arg(standby)
        .args(settings);
    command
}

/// Returns the folder of PostgreSQL's programs: Debian keeps them off the PATH.
fn programs() -> io::Result<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest_first = versions.into_iter().rev().chain(std::env::split_paths(&path));
    newest_first.into_iter().find(|folder| folder.join("initdb").is_file()).ok_or_else(|| {
        let message = "PostgreSQL is not installed: there is no `initdb`; `cargo xtask test` \
                       installs what the tests need, on Debian the package `postgresql`";
        io::Error::new(io::ErrorKind::NotFound, message)
    })
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exists(databases: &Databases) -> bool {
        databases.sockets.split(',').any(|folder| Path::new(folder).exists())
    }

    #[test]
    fn a_server_comes_back_after_a_kill_and_leaves_nothing_behind() {
        let mut cluster = Cluster::start(Durability::Fast).unwrap();
        let databases = cluster.databases().clone();
        databases.create().unwrap();
        cluster.kill().unwrap();
        databases.create().unwrap_err();
        cluster.start_again().unwrap();
        databases.create().unwrap();
        drop(cluster);
        assert!(!exists(&databases));
    }

    #[test]
    fn a_standby_takes_the_place_of_a_killed_server_and_gets_a_standby_itself() {
        let mut cluster = Cluster::start_with(Durability::Fast, Standby::Synchronous).unwrap();
        let databases = cluster.databases().clone();
        for _ in 0..2 {
            databases.create().unwrap();
            cluster.kill().unwrap();
            databases.create().unwrap_err();
            cluster.promote_standby().unwrap();
            cluster.follow().unwrap();
        }
        databases.create().unwrap();
        drop(cluster);
        assert!(!exists(&databases));
    }
}
