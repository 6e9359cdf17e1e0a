//! What has been acknowledged survives `kill -9`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use store::Store;

use crate::field::{Field, at, section, staff, writes};

/// Saves one answer after another in the database whose URL is read from stdin, and says so after
/// each commit, until it is killed.
#[tokio::test]
#[ignore = "the process that the test below starts and kills"]
async fn saves_until_it_is_killed() {
    let mut url = String::new();
    std::io::stdin().read_line(&mut url).unwrap();
    if url.is_empty() {
        return; // Started by itself, with all that are ignored.
    }
    let store = Store::open(&url.trim_end().parse().unwrap()).await.unwrap();
    let field = store.overview(instrument::RoundId::new(2025).unwrap()).await.unwrap();
    let unit = field[0].unit.clone();
    let case = store::CaseId { round: instrument::RoundId::new(2025).unwrap(), unit };
    let held = store.case(&case).await.unwrap().held.clone();
    let mut version = held.get("merknad").map_or(0, |held| held.version);
    loop {
        let value = format!("answer {}", version + 1);
        let mut writing = store.write(staff(), at("2025-10-02T10:00:00")).await.unwrap();
        let answers = writes(&[("merknad", version, Some(&value))]);
        writing.save(&case, &section("bosetting"), &answers).await.unwrap();
        writing.commit().await.unwrap();
        version += 1;
        println!("acknowledged {version}");
    }
}

fn start(url: &str) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::saves_until_it_is_killed", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{url}").unwrap();
    child
}

/// Kills the child once it has acknowledged `count` answers; returns the last one that it could
/// tell of.
fn kill_after(count: usize, mut child: Child) -> u32 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let acknowledged = |line: std::io::Result<String>| -> Option<u32> {
        line.unwrap().strip_prefix("acknowledged ")?.parse().ok()
    };
    let last = lines.by_ref().filter_map(acknowledged).nth(count - 1);
    child.kill().unwrap();
    child.wait().unwrap();
    // What the child wrote to the pipe before it died counts as acknowledged too.
    lines.filter_map(acknowledged).last().or(last).unwrap()
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let field = Field::open().await;
    let case = field.case("0301");
    field.store.close().await;
    // The kill falls wherever the child happens to be in its next transaction.
    for count in [1, 2, 5, 12, 30] {
        let acknowledged = kill_after(count, start(field.database.typed()));
        let store = field.database.open().await;
        let held = store.case(&case).await.unwrap().held["merknad"].clone();
        let saved = store.history(&case).await.unwrap().len();
        // One more may be on disk: committed, but killed before it was said.
        assert!((acknowledged..=acknowledged + 1).contains(&held.version), "{acknowledged}");
        assert_eq!(held.value, Some(format!("answer {}", held.version)));
        assert_eq!(saved, held.version as usize, "each save has its line in the history");
        store.close().await;
    }
}
