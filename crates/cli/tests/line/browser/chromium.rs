//! Chromium under the driver's control, and gone when the test is.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};

/// The browser of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    /// At a desk.
    Desk,
    /// At a desk, with a browser that runs no scripts.
    DeskWithoutScripts,
    /// With a phone, as narrow as they are sold.
    Phone,
}

/// A running browser. Its parts end in the order that they stand here.
#[derive(Debug)]
pub(crate) struct Browser {
    /// What drives it.
    pub(crate) driver: WebDriver,
    /// Whose it is.
    pub(crate) person: Person,
    /// What is wrong with the pages that it showed.
    problems: Mutex<Vec<String>>,
    _processes: Processes,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser with an empty profile.
    pub(crate) async fn start(person: Person) -> Browser {
        let profile = tempdir().expect("a temporary folder");
        let (processes, port) = Processes::start();
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in arguments(profile.path()) {
            capabilities.add_arg(&argument).expect("an argument is text");
        }
        for (name, value) in options(person) {
            capabilities.add_experimental_option(name, value).expect("an option is JSON");
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .expect("chromium starts; `cargo xtask test --only tools` installs it");
        Browser {
            driver,
            person,
            problems: Mutex::default(),
            _processes: processes,
            _profile: profile,
        }
    }

    /// Opens a page.
    pub(crate) async fn open(&self, address: &str) {
        self.driver.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Notes something that is wrong with a page.
    pub(crate) fn note(&self, problem: String) {
        self.problems.lock().expect("no other test holds it").push(problem);
    }

    /// Closes the browser; panics where something was wrong with any page.
    pub(crate) async fn quit(self) {
        self.driver.quit().await.expect("the browser closes");
        let problems = self.problems.into_inner().expect("no other test held it");
        assert!(problems.is_empty(), "{:?}:\n{}", self.person, problems.join("\n"));
    }
}

/// What keeps Chromium to itself: no window, no call home, nothing of an earlier run.
fn arguments(profile: &Path) -> Vec<String> {
    let profile = format!("--user-data-dir={}", profile.display());
    let fixed = [
        "--headless",
        // The tests may run as root, where Chromium's own sandbox does not start.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
    ];
    fixed.map(str::to_owned).into_iter().chain([profile]).collect()
}

fn options(person: Person) -> Vec<(&'static str, Value)> {
    match person {
        Person::Desk => vec![],
        Person::DeskWithoutScripts => {
            let blocked = 2;
            let setting = "profile.managed_default_content_settings.javascript";
            vec![("prefs", json!({ setting: blocked }))]
        }
        Person::Phone => {
            let screen = json!({ "width": 360, "height": 740, "pixelRatio": 2.0, "touch": true });
            vec![("mobileEmulation", json!({ "deviceMetrics": screen }))]
        }
    }
}

/// The driver and the browsers that it started: a process group of their own, ended together.
#[derive(Debug)]
struct Processes(Child);

impl Processes {
    /// Starts the driver on a free port.
    fn start() -> (Processes, u16) {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("`chromedriver` starts; `cargo xtask test --only tools` installs it");
        let mut lines = BufReader::new(driver.stdout.take().expect("it is piped")).lines();
        let processes = Processes(driver);
        let started = |line: &String| line.contains("started successfully on port");
        let line = lines.by_ref().map_while(Result::ok).find(started);
        let line = line.expect("chromedriver says its port");
        let port = line.trim_end_matches('.').rsplit(' ').next().and_then(|port| port.parse().ok());
        // A full pipe would stop the driver.
        thread::spawn(move || lines.for_each(drop));
        (processes, port.expect("chromedriver says its port"))
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        // They may have ended by themselves; then there is nothing to do.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}
