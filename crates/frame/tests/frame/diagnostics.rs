//! Every rule, broken: one file in `diagnostics/` for each way to break it, named by its code, and
//! what `runde check` says of it in `snapshots/`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use frame::rules;
use instrument::{Diagnostic, RoundId, Sources, render};

#[test]
fn each_rule_says_what_is_wrong() {
    // The last rule needs a file that nobody wants to look at; `files` breaks it.
    let seen = RefCell::new(BTreeSet::from([rules::TOO_MUCH.code]));
    insta::glob!("diagnostics/*/*.csv", |path| {
        let text = fs::read_to_string(path).unwrap();
        let (file, diagnostics) = refused(path, &text);
        let codes: BTreeSet<&str> = diagnostics.iter().map(|d| d.code).collect();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), [&name[.."RF0000".len()]], "{name}");
        seen.borrow_mut().extend(diagnostics.iter().map(|d| d.code));
        let sources = Sources::from([(file.to_owned(), text)]);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("check", render(&diagnostics, &sources, false));
        });
    });
    let all: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(*seen.borrow(), all, "every rule is broken by a file");
}

/// Reads a file as what its folder says it is. Returns its name and what was said.
fn refused(path: &Path, text: &str) -> (&'static str, Vec<Diagnostic>) {
    if path.parent().unwrap().ends_with("changes") {
        let (changes, said) = frame::changes("frame/changes.csv", text);
        assert_eq!(changes, None);
        ("frame/changes.csv", said)
    } else {
        let (frame, said) = frame::frame("frame/2025.csv", text, RoundId::new(2025).unwrap());
        assert_eq!(frame, None);
        ("frame/2025.csv", said)
    }
}
