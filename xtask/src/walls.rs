//! The walls of the house: which room may depend on which, and what is used in one room alone.
//!
//! Only what a crate declares is looked at: cargo lets no crate name what it does not declare. Rooms
//! stay apart in their tests too; other dependencies of tests reach no program and are free.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::steps::cargo;

/// Each room and the rooms it may depend on, in the order the data flows.
const ROOMS: [(&str, &[&str]); 14] = [
    ("cluster", &[]),
    ("bound", &[]),
    ("instrument", &[]),
    ("frame", &["instrument"]),
    ("dataset", &["instrument", "frame"]),
    ("store", &["cluster", "instrument", "frame", "dataset"]),
    ("mail", &["store", "instrument"]),
    ("web", &["cluster", "store", "instrument", "frame"]),
    ("estimate", &["dataset"]),
    ("formats", &["instrument", "dataset"]),
    ("report", &["estimate", "dataset", "instrument", "frame"]),
    ("pdf", &["report", "instrument"]),
    (
        "runde",
        &[
            "cluster",
            "instrument",
            "frame",
            "dataset",
            "store",
            "mail",
            "web",
            "estimate",
            "formats",
            "report",
            "pdf",
        ],
    ),
    ("xtask", &["cluster"]),
];

/// The rooms that are for tests and measurements: what the program is made of may not hold them.
const FOR_TESTS: [&str; 2] = ["cluster", "bound"];

/// Dependencies that belong to certain rooms.
struct Wall {
    crates: &'static [&'static str],
    rooms: &'static [&'static str],
    reason: &'static str,
}

const WALLS: [Wall; 11] = [
    Wall {
        crates: &["rusqlite", "sqlx"],
        rooms: &["store", "bound"],
        reason: "all SQL is in one room, where the same tests run on every database",
    },
    Wall {
        crates: &["axum", "axum-extra", "hyper", "tower", "tower-http"],
        rooms: &["web", "bound"],
        reason: "all HTTP is in one room, where every request meets the same limits",
    },
    Wall { crates: &["lettre"], rooms: &["mail"], reason: "only one room can send mail" },
    Wall {
        crates: &["typst", "typst-pdf", "typst-layout", "typst-kit"],
        rooms: &["pdf"],
        reason: "the largest dependency is compiled for one room",
    },
    Wall {
        crates: &["parquet", "calamine", "rust_xlsxwriter", "quick-xml", "zip"],
        rooms: &["formats"],
        reason: "file formats of others stay behind `DataSet`",
    },
    Wall {
        crates: &["statrs"],
        rooms: &["estimate"],
        reason: "its quantiles need the guards that `estimate` puts around them",
    },
    Wall {
        crates: &["askama"],
        rooms: &["web", "mail", "report"],
        reason: "the inner rooms know no HTML",
    },
    Wall {
        crates: &["tokio"],
        rooms: &["store", "mail", "web", "runde", "bound"],
        reason: "the other rooms wait for nothing: they compute",
    },
    Wall {
        crates: &["rand", "rand_chacha"],
        rooms: &["store", "estimate", "frame", "runde"],
        reason: "chance serves secrets, samples, replicate weights and simulation, nothing else",
    },
    Wall {
        crates: &["clap", "anyhow"],
        rooms: &["runde", "xtask"],
        reason: "the command line and untyped errors are the outermost layer's",
    },
    Wall {
        crates: &["indicatif", "tracing-subscriber"],
        rooms: &["runde"],
        reason: "only the binary talks to a terminal",
    },
];

/// For each room the names of the crates that it declares, and whether it is for tests alone.
type Declared = BTreeMap<String, BTreeSet<(String, bool)>>;

/// Checks the walls of this workspace, and errs with all breaches at once.
pub(crate) fn check() -> Result<()> {
    let breaches = breaches(&declared(&metadata()?)?);
    ensure!(breaches.is_empty(), "the walls do not stand:\n  {}", breaches.join("\n  "));
    println!("the walls stand: {} rooms, {} walls", ROOMS.len(), WALLS.len());
    Ok(())
}

fn metadata() -> Result<Value> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot start `cargo metadata`")?;
    if !output.status.success() {
        bail!("`cargo metadata`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("`cargo metadata` answered no JSON")
}

fn declared(metadata: &Value) -> Result<Declared> {
    let packages = metadata["packages"].as_array().context("`cargo metadata` lists no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let dependency = |value: &Value| (name(value), value["kind"] == "dev");
    let dependencies = |package: &Value| match package["dependencies"].as_array() {
        Some(list) => list.iter().map(dependency).collect(),
        None => BTreeSet::new(),
    };
    Ok(packages.iter().map(|package| (name(package), dependencies(package))).collect())
}

fn breaches(declared: &Declared) -> Vec<String> {
    let each = declared.iter().flat_map(|(room, dependencies)| {
        dependencies.iter().map(move |(name, for_tests)| (room.as_str(), name.as_str(), *for_tests))
    });
    let strangers = declared.keys().filter(|room| allowed(room).is_none()).map(|room| {
        format!("{room} has no place in the house: a new crate needs its reason in `ROOMS`")
    });
    let crossed = each.filter_map(|(room, name, for_tests)| breach(room, name, for_tests));
    strangers.chain(crossed).collect()
}

fn breach(room: &str, dependency: &str, for_tests: bool) -> Option<String> {
    let allowed_rooms = allowed(room)?;
    if allowed(dependency).is_some() && !allowed_rooms.contains(&dependency) {
        return Some(format!("{room} may not depend on the room {dependency}"));
    }
    if FOR_TESTS.contains(&dependency) && !for_tests && room != "xtask" {
        return Some(format!("{room} may depend on {dependency} in its tests alone"));
    }
    let wall = WALLS.iter().find(|wall| wall.crates.contains(&dependency))?;
    (!wall.rooms.contains(&room) && !for_tests).then(|| {
        // Whoever reads this looks for the room of the program.
        let rooms = wall.rooms.iter().filter(|room| !FOR_TESTS.contains(room));
        let rooms = rooms.copied().collect::<Vec<_>>().join(", ");
        format!("{room} may not depend on {dependency}, which is for {rooms}: {}", wall.reason)
    })
}

fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(room: &str, dependency: &str, expected: &[&str]) {
        check_kind(room, dependency, None, expected);
    }

    fn check_kind(room: &str, dependency: &str, kind: Option<&str>, expected: &[&str]) {
        let packages = serde_json::json!({
            "packages": [{ "name": room, "dependencies": [{ "name": dependency, "kind": kind }] }]
        });
        let declared = declared(&packages).expect("the packages are listed");
        assert_eq!(breaches(&declared), expected, "{room} -> {dependency}");
    }

    #[test]
    fn a_dependency_within_the_walls_is_no_breach() {
        check("web", "store", &[]);
        check("store", "sqlx", &[]);
        check("instrument", "serde", &[]);
        check("runde", "pdf", &[]);
    }

    #[test]
    fn a_breach_names_room_dependency_and_reason() {
        check("dataset", "store", &["dataset may not depend on the room store"]);
        check("web", "estimate", &["web may not depend on the room estimate"]);
        check(
            "web",
            "sqlx",
            &["web may not depend on sqlx, which is for store: \
               all SQL is in one room, where the same tests run on every database"],
        );
        check(
            "utils",
            "serde",
            &["utils has no place in the house: a new crate needs its reason in `ROOMS`"],
        );
    }

    #[test]
    fn tests_may_use_other_crates_but_no_other_rooms() {
        check_kind("estimate", "rand", Some("dev"), &[]);
        check_kind("web", "estimate", Some("dev"), &["web may not depend on the room estimate"]);
    }

    #[test]
    fn what_is_for_tests_is_no_part_of_the_program() {
        check("store", "cluster", &["store may depend on cluster in its tests alone"]);
        check_kind("store", "cluster", Some("dev"), &[]);
        check("xtask", "cluster", &[]);
        check_kind(
            "report",
            "cluster",
            Some("dev"),
            &["report may not depend on the room cluster"],
        );
    }

    #[test]
    fn no_arrow_goes_against_the_flow() {
        let names: Vec<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
        for (index, (room, allowed)) in ROOMS.iter().enumerate() {
            let later = allowed.iter().find(|room| !names[..index].contains(room));
            assert_eq!(later, None, "{room} depends on a room that comes after it");
        }
    }
}
