//! A survey that is wrong in more than sixty ways: each is told in one run, at its own line.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{files_under, runde};

/// Rules that lines are said to break, and rules that `check` says they break.
type Lines = BTreeMap<(String, usize), Vec<String>>;

#[test]
fn sixty_mistakes_are_told_in_one_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/line/wrong");
    let mut marked = Lines::new();
    for (file, bytes) in files_under(&folder) {
        let text = String::from_utf8(bytes).expect("the files are text");
        for (number, line) in text.lines().enumerate() {
            let Some((_, codes)) = line.split_once(" # RQ") else { continue };
            let codes = format!("RQ{codes}");
            let codes = codes.split_whitespace().map(str::to_owned).collect();
            marked.insert((file.to_string_lossy().replace('\\', "/"), number + 1), codes);
        }
    }
    let said = runde(&["check", folder.to_str().expect("its name is text"), "--format", "json"]);
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    let found: Vec<Value> = serde_json::from_str(&said.stdout).expect("it writes JSON");
    let mut told = Lines::new();
    for diagnostic in &found {
        let text = |field: &str| diagnostic[field].as_str().unwrap_or_default().to_owned();
        let source = fs::read_to_string(folder.join(text("file"))).expect("the file is there");
        let start =
            usize::try_from(diagnostic["start"].as_u64().unwrap_or(0)).expect("it is small");
        let line = source[..start].matches('\n').count() + 1;
        told.entry((text("file"), line)).or_default().push(text("code"));
    }
    for codes in marked.values_mut().chain(told.values_mut()) {
        codes.sort();
    }
    assert_eq!(told, marked);
    assert!(found.len() >= 60, "{} diagnostics", found.len());
}

/// Runs `check` with no more than 256 MB of memory to write in.
#[cfg(unix)]
fn check_in_little_memory(folder: &Path) -> (Option<i32>, String) {
    let limited = "ulimit -d 262144 && exec \"$0\" check \"$1\"";
    let output = std::process::Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_runde")])
        .arg(folder)
        .output()
        .expect("a shell runs the built program");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[cfg(unix)]
#[test]
fn hostile_files_are_refused_soon_and_in_little_memory() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n";
    // Bytes of a small generator (splitmix64), the same every time; most are no UTF-8.
    let mut state = 7_u64;
    let mut random = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).to_le_bytes()[3]
    };
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("a million levels", "[".repeat(1_000_000).into(), "RQ0103"),
        ("a million keys deep", "{a: ".repeat(1_000_000).into(), "RQ0103"),
        ("a hundred megabytes", vec![b'a'; 100 << 20], "RS0002"),
        ("a billion laughs", bomb.into(), "RQ0104"),
        ("random bytes", (0..1 << 20).map(|_| random()).collect(), "RS0003"),
    ];
    for file in ["survey.yaml", "rounds/2025/questionnaire.yaml", "rounds/2025/plan.yaml"] {
        for (what, bytes, code) in &cases {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let survey = folder.path().join("wrong");
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/line/wrong");
            for (name, bytes) in files_under(&from) {
                let to = survey.join(name);
                fs::create_dir_all(to.parent().expect("it lies in the copy")).expect("it is made");
                fs::write(to, bytes).expect("it can be written");
            }
            fs::write(survey.join(file), bytes).expect("it can be written");
            let start = std::time::Instant::now();
            let (status, said) = check_in_little_memory(&survey);
            let took = start.elapsed();
            assert_eq!(status, Some(1), "{what} as {file}: {said:.500}");
            assert!(said.contains(code), "{what} as {file}: {said:.500}");
            // Without optimisation and beside other tests; alone it is a tenth of a second.
            assert!(took.as_secs() < 20, "{what} as {file} took {took:?}");
        }
    }
}
