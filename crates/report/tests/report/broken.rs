//! Broken reports: each file of `broken/` gives the diagnostics of its golden file, all at once.

use std::fmt::Write as _;

use instrument::{Diagnostic, Lang};
use proptest::prelude::*;

use crate::WORLD;

#[test]
fn broken_reports_are_told_where_and_why() {
    insta::glob!("broken/*.md", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let diagnostics = match WORLD.publish(&[(Lang::NB, &text)]) {
            Ok(site) => site.warnings,
            Err(diagnostics) => diagnostics,
        };
        let of_report = diagnostics.iter().filter(|found| found.file.ends_with("report.nb.md"));
        let shown: String = of_report.map(|found| show(found, &text)).collect();
        assert!(!shown.is_empty(), "{} is not found broken", path.display());
        insta::assert_snapshot!(shown);
    });
}

/// Shows a diagnostic with its line, its column in letters and the words it points at.
fn show(found: &Diagnostic, text: &str) -> String {
    let span = found.span.clone().unwrap();
    let before = &text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    let mut shown = String::new();
    let (code, severity, message) = (found.code, found.severity, &found.message);
    writeln!(shown, "{code} {line}:{column} {severity:?}: {message}").unwrap();
    writeln!(shown, "    at {:?}", &text[span]).unwrap();
    if let Some(hint) = &found.hint {
        writeln!(shown, "    hint: {hint}").unwrap();
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever is written, it is published or refused: nothing panics.
    #[test]
    fn no_report_is_too_strange(parts in proptest::collection::vec(part(), 0..24)) {
        let text = parts.concat();
        let result = WORLD.publish(&[(Lang::NB, &text)]);
        for found in result.map_or_else(|found| found, |site| site.warnings) {
            // Every place is within the text, and between letters.
            let span = found.span.unwrap_or(0..0);
            prop_assert!(found.file.ends_with("published.csv") || text.get(span).is_some());
        }
    }
}

/// Pieces that reports are made of, whole and broken.
fn part() -> impl Strategy<Value = String> {
    let known = [
        "# ",
        "## ",
        "### ",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "<",
        ">",
        "&amp;",
        "\\",
        "{{",
        "}}",
        "{{ ",
        " }}",
        "\"",
        "'",
        "æøå ",
        "½",
        "\u{a0}",
        "\r\n",
        "\0",
        "{{ share(\"tolk\", \"ja\") }}",
        "{{ change(\"frivillige\", \"ja\", since: 2021) }}",
        "{{ top(\"utfordringer\", 3) }}",
        "{{ bars(\"veiledning\") }}",
        "{{ ranking(\"utfordringer\") }}",
        "{{ fact(\"6A\") }}",
    ];
    prop_oneof![
        4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => ".{0,8}",
    ]
}
