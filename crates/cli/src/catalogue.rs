//! The guide's catalogue of diagnostics, made from the tables of rules and from the broken files
//! that the rooms test them with.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use instrument::Severity;
use instrument::rules::Rule;

use crate::{folder, simulate};

const PAGE: &str = "docs/guide/diagnostics.md";

const HEAD: &str = "<!-- Made from the tables of rules and the broken files of the tests: \
                    `cargo xtask bless runde` renews it. -->\n\n\
                    # What `runde check` says\n\n\
                    `runde check SURVEY` reports everything that is wrong at once, each with its \
                    place, its code and a hint. An *error* must be mended before the survey can be \
                    used. A *warning* may stand, but the survey probably does not do what was \
                    meant.\n\n\
                    This page has every code: what it means, what to do, and, for files that are \
                    short enough to show, one that breaks the rule with what is said of it. Codes \
                    that begin with `RQ` are of the questionnaire and the plan, `RF` of the frame, \
                    `RS` of the folder as a whole and of `simulation.yaml`.\n";

/// A broken file and what is said of it.
struct Example {
    name: String,
    text: String,
    said: String,
}

#[test]
fn the_catalogue_is_as_the_rules_are() {
    let page = page();
    let file = root().join(PAGE);
    // As with golden files: the same switch renews them.
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "{PAGE} is stale: run `cargo xtask bless runde`, then read its diff");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    let mut rules: Vec<&Rule> = instrument::rules::ALL.to_vec();
    rules.extend(frame::rules::ALL);
    rules.extend(folder::RULES);
    rules.extend(simulate::RULES);
    assert!(rules.len() >= 60, "the catalogue has {} codes", rules.len());
    let mut examples = examples("crates/instrument/tests/instrument");
    examples.extend(self::examples("crates/frame/tests/frame"));
    let entries = rules.iter().map(|rule| entry(rule, examples.get(rule.code)));
    let mut page = format!("{HEAD}\n| Code | What is wrong |\n| --- | --- |\n");
    for rule in &rules {
        let anchor = rule.code.to_lowercase();
        page += &format!("| [{}](#{anchor}) | {} |\n", rule.code, rule.title);
    }
    page + &entries.collect::<String>()
}

fn entry(rule: &Rule, example: Option<&Example>) -> String {
    let severity = match rule.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let mut entry =
        format!("\n## {}\n\n{severity}: {}.\n\n{}.\n", rule.code, lower(rule.title), rule.remedy);
    if let Some(Example { name, text, said }) = example {
        let language = name.rsplit('.').next().unwrap_or_default();
        entry += &format!("\n```{language}\n{}\n```\n\n```text\n{said}\n```\n", text.trim_end());
    }
    entry
}

/// A title in the middle of a sentence; one that begins with a name keeps it.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The first broken file of each code, with what its golden file says.
fn examples(tests: &str) -> BTreeMap<String, Example> {
    let tests = root().join(tests);
    let mut examples = BTreeMap::new();
    for folder in sorted(&tests.join("diagnostics")).into_iter().filter(|path| path.is_dir()) {
        for file in sorted(&folder) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let kind = folder.file_name().unwrap().to_string_lossy().into_owned();
            let golden = tests.join(format!("snapshots/check@{kind}__{name}.snap"));
            let golden = fs::read_to_string(golden).unwrap();
            // Before the second line of dashes stand insta's own fields.
            let said = golden.splitn(3, "---\n").nth(2).unwrap().trim_end().to_owned();
            let text = fs::read_to_string(&file).unwrap();
            let code = name.split('-').next().unwrap().to_owned();
            examples.entry(code).or_insert(Example { name, text, said });
        }
    }
    examples
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
