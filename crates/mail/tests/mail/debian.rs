//! A real e-mail server: aiosmtpd of Debian, on a free port, gone when the test is.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

pub(crate) struct Debian {
    process: Child,
    pub(crate) port: u16,
    mailbox: TempDir,
}

/// How long the server may take to begin, beside other tests.
const PATIENCE: u32 = 300;

impl Debian {
    /// Starts the server; it keeps what arrives in a Maildir.
    pub(crate) fn start() -> Debian {
        let mailbox = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // Debian's own interpreter, which knows Debian's packages.
        let process = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "--nosetuid", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(mailbox.path().join("mail"))
            .stdin(Stdio::null())
            .spawn()
            .expect("python3 starts; `cargo xtask test --only tools` installs it");
        let mut server = Debian { process, port, mailbox };
        server.wait_until_it_listens();
        server
    }

    fn wait_until_it_listens(&mut self) {
        for _ in 0..PATIENCE {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "aiosmtpd ended; `cargo xtask test --only tools` installs it");
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("aiosmtpd does not listen");
    }

    /// Returns what has arrived.
    pub(crate) fn arrived(&self) -> Vec<String> {
        let folder = self.mailbox.path().join("mail/new");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let files = std::fs::read_dir(folder).unwrap();
        files.map(|file| read(&file.unwrap().path())).collect()
    }
}

impl Drop for Debian {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
