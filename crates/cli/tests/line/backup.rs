//! Backup, restore and moving a store, as a person does it.

use std::fs;
use std::path::Path;

use cluster::{Cluster, Durability};
use tempfile::tempdir;

use crate::program::{Finished, municipal_survey, runde};

/// Runs a command on a tiny survey, in the middle of its round.
fn on(store: &str, verb: &str, rest: &[&str]) -> Finished {
    let survey = municipal_survey().with_file_name("select_one");
    let survey = survey.to_str().expect("the path is text");
    let at = "2025-11-03T09:00:00+01:00";
    runde(&[&[verb, survey, "--store", store, "--at", at], rest].concat())
}

fn well(store: &str, verb: &str, rest: &[&str]) -> Finished {
    let done = on(store, verb, rest);
    assert_eq!(done.status, Some(0), "{verb}: {}", done.stderr);
    done
}

/// Returns the hash that a copy printed.
fn hash(copied: &Finished) -> &str {
    let hash = copied.stderr.lines().find_map(|line| line.strip_prefix("hash "));
    hash.unwrap_or_else(|| panic!("there is no hash in {}", copied.stderr))
}

fn sqlite(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}

#[test]
fn a_store_is_backed_up_moved_to_postgres_and_back() {
    let cluster = Cluster::start(Durability::Fast).expect("PostgreSQL starts");
    let postgres = cluster.databases().create().expect("it makes a database");
    let folder = tempdir().expect("a temporary folder");
    let (first, last) = (sqlite(folder.path(), "a.db"), sqlite(folder.path(), "z.db"));
    let backup = folder.path().join("backup.db");
    let backup = backup.to_str().expect("the path is text");

    well(&first, "invite", &["2025", "1508", "--email", "post@alesund.example"]);
    well(&first, "user", &["kari"]);
    let status = well(&first, "status", &["2025"]).stdout;
    let copied = well(&first, "backup", &["--out", backup]);
    let moved = well(&first, "move", &["--to", &postgres]);
    assert_eq!(hash(&moved), hash(&copied));
    assert_eq!(well(&postgres, "status", &["2025"]).stdout, status);
    assert_eq!(hash(&well(&postgres, "move", &["--to", &last])), hash(&copied));
    assert_eq!(well(&last, "status", &["2025"]).stdout, status);
    let restored = sqlite(folder.path(), "restored.db");
    assert_eq!(hash(&well(&restored, "restore", &["--from", backup])), hash(&copied));
}

#[test]
fn nothing_is_written_over() {
    let folder = tempdir().expect("a temporary folder");
    let store = sqlite(folder.path(), "a.db");
    well(&store, "user", &["kari"]);
    let taken = folder.path().join("taken.db");
    fs::write(&taken, "mine").expect("it can be written");
    let taken = taken.to_str().expect("the path is text");
    for (verb, option, target) in
        [("backup", "--out", taken.to_owned()), ("move", "--to", format!("sqlite:{taken}"))]
    {
        let refused = on(&store, verb, &[option, &target]);
        assert_eq!(refused.status, Some(1), "{}", refused.stderr);
        assert!(refused.stderr.contains("taken.db is there already"), "{}", refused.stderr);
    }
    assert_eq!(fs::read_to_string(taken).expect("it is there"), "mine");
    let refused = on(&store, "restore", &["--from", "no/such/backup.db"]);
    assert!(refused.stderr.contains("there is no backup no/such/backup.db"), "{}", refused.stderr);
    let wrong = on("mysql://db", "status", &["2025"]);
    assert_eq!(wrong.status, Some(2), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("or postgres://USER@HOST/DATABASE"), "{}", wrong.stderr);
}
