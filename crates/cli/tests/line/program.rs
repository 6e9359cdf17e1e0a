//! The built program, run as a person runs it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long a server may take to say that it is there. The demo draws three rounds before, in a
/// build without optimisation and beside other tests.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a finished run of the program left.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Its exit status.
    pub(crate) status: Option<i32>,
    /// What it wrote on standard output.
    pub(crate) stdout: String,
    /// What it wrote on standard error.
    pub(crate) stderr: String,
}

/// Runs `runde` with these arguments to its end.
pub(crate) fn runde(arguments: &[&str]) -> Finished {
    let output = command(arguments).output().expect("the built program starts");
    Finished {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("it writes UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it writes UTF-8"),
    }
}

fn command(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runde"));
    command.args(arguments).env_remove("RUNDE_STORE").stdin(Stdio::null());
    command
}

/// A `runde` that serves. It is stopped when it goes out of scope, also when a test fails.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    /// The lines that it wrote before it was ready.
    pub(crate) said: Vec<String>,
}

impl Server {
    /// Starts `runde` with these arguments and waits for the line that begins with `ready`.
    pub(crate) fn start(arguments: &[&str], ready: &str) -> Server {
        let mut process = command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built program starts");
        let (sender, lines) = channel();
        pass_on(process.stdout.take().expect("it is piped"), sender.clone());
        pass_on(process.stderr.take().expect("it is piped"), sender);
        let mut server = Server { process, said: vec![] };
        server.wait_for(ready, &lines);
        server
    }

    fn wait_for(&mut self, ready: &str, lines: &Receiver<String>) {
        while let Ok(line) = lines.recv_timeout(PATIENCE) {
            let found = line.trim_start().starts_with(ready);
            self.said.push(line);
            if found {
                return;
            }
        }
        panic!("the server never said `{ready}`, but:\n{}", self.said.join("\n"));
    }

    /// Returns the first word after `label` in what the server said.
    pub(crate) fn said_after(&self, label: &str) -> &str {
        let rest = self.said.iter().find_map(|line| line.trim_start().strip_prefix(label));
        rest.and_then(|rest| rest.split_whitespace().next())
            .unwrap_or_else(|| panic!("`{label}` is in none of:\n{}", self.said.join("\n")))
    }

    /// Asks the server to stop, as systemd does; it must end well.
    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("`kill` starts");
        assert!(asked.success(), "the server was gone before it was asked to stop");
        let status = self.process.wait().expect("it can be waited for");
        assert!(status.success(), "the server did not end well: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends each line that comes out of `pipe`, and goes on emptying it when nobody listens.
fn pass_on(pipe: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = to.send(line);
        }
    });
}

/// Returns the folder of the municipal survey in this repository.
pub(crate) fn municipal_survey() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/kommuneundersokelsen")
}

/// Returns every file under `folder` with its bytes, by its path from there.
pub(crate) fn files_under(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it lies under it").to_owned();
                files.insert(name, fs::read(path).expect("the file can be read"));
            }
        }
    }
    files
}
