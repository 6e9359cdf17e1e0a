//! Processes that the tests started and did not end.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Returns the command lines of the processes whose environment has `name` set to `value`, after
/// a few seconds in which they may end by themselves. Empty where there is no `/proc`.
pub(crate) fn left_running(name: &str, value: &str) -> Vec<String> {
    let mark = format!("{name}={value}");
    let patience = 20;
    for _ in 0..patience {
        if marked(&mark).is_empty() {
            return Vec::new();
        }
        thread::sleep(Duration::from_millis(250));
    }
    marked(&mark)
}

fn marked(mark: &str) -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let mut found: Vec<String> = processes
        .flatten()
        .filter(|process| carries(&process.path(), mark))
        .map(|process| command_line(&process.path()))
        .collect();
    found.sort();
    found
}

fn carries(process: &Path, mark: &str) -> bool {
    let environment = fs::read(process.join("environ")).unwrap_or_default();
    environment.split(|&byte| byte == 0).any(|entry| entry == mark.as_bytes())
}

fn command_line(process: &Path) -> String {
    let bytes = fs::read(process.join("cmdline")).unwrap_or_default();
    let words: Vec<_> = bytes.split(|&byte| byte == 0).map(String::from_utf8_lossy).collect();
    format!("{} {}", process.file_name().unwrap_or_default().display(), words.join(" "))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_left_running_is_named_and_an_ended_one_is_not() {
        let mut child = Command::new("cat")
            .env("XTASK_LEFTOVERS_TEST", "left")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`cat` starts");
        // Its answer shows that it runs: before, the kernel may not yet show its environment.
        let mut answer = [0];
        child.stdin.as_mut().expect("piped").write_all(b"?").expect("`cat` listens");
        child.stdout.as_mut().expect("piped").read_exact(&mut answer).expect("`cat` answers");

        let left = marked("XTASK_LEFTOVERS_TEST=left");
        child.kill().expect("it was running");
        child.wait().expect("it was killed");
        assert!(matches!(&left[..], [line] if line.contains("cat")), "{left:?}");
        assert_eq!(left_running("XTASK_LEFTOVERS_TEST", "left"), Vec::<String>::new());
    }
}
