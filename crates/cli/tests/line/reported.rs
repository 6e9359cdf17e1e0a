//! The tiny survey whose report has a map in boundaries of its own and a quote: from drawn answers to pages.

use std::fs;

use tempfile::tempdir;

use crate::program::{municipal_survey, runde};

#[test]
fn a_map_in_own_boundaries_and_a_quote_are_published() {
    let survey = municipal_survey().with_file_name("reported");
    let survey = survey.to_str().expect("the path is text");
    let folder = tempdir().expect("a temporary folder");
    let store = format!("sqlite:{}", folder.path().join("a.db").display());
    let site = folder.path().join("site");
    let site = site.to_str().expect("the path is text");
    for (verb, rest) in
        [("simulate", &["--seed", "1"][..]), ("freeze", &[]), ("report", &["--out", site])]
    {
        let at = "2026-01-05T09:00:00+01:00";
        let done = runde(&[&[verb, survey, "2025", "--store", &store, "--at", at], rest].concat());
        assert_eq!(done.status, Some(0), "{verb}: {}", done.stderr);
    }
    for (page, quote) in [
        ("2025/index.html", "<span lang=\"nn\">«Vi manglar"),
        ("2025/en/index.html", "<span lang=\"nn\">“Vi manglar"),
    ] {
        let page = fs::read_to_string(folder.path().join("site").join(page)).expect("it is there");
        assert!(page.contains(quote), "{page}");
        // The lake is no part of the county.
        assert!(page.contains("fill-rule=\"evenodd\""), "{page}");
    }
}
