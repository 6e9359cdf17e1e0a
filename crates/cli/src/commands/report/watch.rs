//! `runde report --watch`: the pages again each time that a file of the survey changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use dataset::DataSet;
use instrument::RoundId;
use jiff::Timestamp;
use report::Site;

use crate::folder::Folder;
use crate::output;
use crate::stages::{Extent, Memory, publish, rendered, write_file};

/// How often the files are looked at. Asking the file system is cheap, works on every disk that is
/// shared over a network too, and is soon enough for whoever turns from the editor to the browser.
const INTERVAL: Duration = Duration::from_millis(100);

/// What a browser is asked to do with a page that is being written: to fetch it again, without any
/// script. The published pages do not have it.
const AGAIN: &str = "<meta http-equiv=\"refresh\" content=\"2\">\n</head>";

/// Makes the site again each time that a file of `survey` changes, until the program is stopped.
/// What is wrong is said, and the pages stay as they were.
pub(super) async fn watch(
    survey: &Path,
    datasets: &BTreeMap<RoundId, DataSet>,
    out: &Path,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut written: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    let mut memory = Memory::default();
    loop {
        let found = files(survey);
        if found != seen {
            seen = found;
            let start = Instant::now();
            match make(survey, datasets, now, &mut memory) {
                Ok(site) => {
                    let count = write_changed(site, out, &mut written)?;
                    let milliseconds = start.elapsed().as_millis();
                    output::note(&format!("{count} files written in {milliseconds} ms"));
                }
                Err(error) => output::note(&format!("{error:#}")),
            }
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn make(
    survey: &Path,
    datasets: &BTreeMap<RoundId, DataSet>,
    now: Timestamp,
    memory: &mut Memory,
) -> anyhow::Result<Site> {
    let folder = Folder::open(survey)?;
    let site = publish(&folder, datasets, Extent::Pages, now, memory)?;
    if !site.warnings.is_empty() {
        output::note(&rendered(&folder, &site.warnings));
    }
    Ok(site)
}

/// Writes the files that are not as they were written last; returns how many there are.
fn write_changed(
    site: Site,
    out: &Path,
    written: &mut BTreeMap<String, Vec<u8>>,
) -> anyhow::Result<usize> {
    let mut count = 0;
    for (name, bytes) in site.files {
        if written.get(&name) == Some(&bytes) {
            continue;
        }
        write_file(&out.join(&name), &preview(&name, &bytes))?;
        written.insert(name, bytes);
        count += 1;
    }
    Ok(count)
}

/// Returns a file as the preview has it: pages are fetched again by themselves.
fn preview(name: &str, bytes: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(page) if name.ends_with(".html") => page.replacen("</head>", AGAIN, 1).into_bytes(),
        Ok(_) | Err(_) => bytes.to_vec(),
    }
}

/// Returns the files of a survey with their time and size. What cannot be read is passed over: an
/// editor may be about to move a file to its place.
fn files(survey: &Path) -> BTreeMap<PathBuf, (Option<SystemTime>, u64)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![survey.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            match entry.metadata() {
                Ok(_) if hidden => {}
                Ok(about) if about.is_dir() => folders.push(entry.path()),
                Ok(about) => {
                    found.insert(entry.path(), (about.modified().ok(), about.len()));
                }
                Err(_) => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_written_and_pages_fetch_themselves_again() {
        let out = tempfile::tempdir().unwrap();
        let site = |page: &str| Site {
            files: BTreeMap::from([
                ("index.html".to_owned(), page.as_bytes().to_vec()),
                ("findings.json".to_owned(), b"[]".to_vec()),
            ]),
            ..Site::default()
        };
        let mut written = BTreeMap::new();
        let mut write = |page: &str| write_changed(site(page), out.path(), &mut written).unwrap();
        assert_eq!(write("<head></head>a"), 2);
        assert_eq!(write("<head></head>a"), 0);
        assert_eq!(write("<head></head>b"), 1);
        let page = std::fs::read_to_string(out.path().join("index.html")).unwrap();
        assert!(page.contains("http-equiv=\"refresh\"") && page.ends_with('b'), "{page}");
    }

    #[test]
    fn a_change_of_a_word_is_seen_and_the_store_is_not_looked_at() {
        let survey = tempfile::tempdir().unwrap();
        let report = survey.path().join("report.nb.md");
        std::fs::create_dir(survey.path().join(".runde")).unwrap();
        std::fs::write(survey.path().join(".runde/runde.db"), "a").unwrap();
        std::fs::write(&report, "# Tittel").unwrap();
        let before = files(survey.path());
        assert_eq!(before.len(), 1);
        std::fs::write(&report, "# Tittelen").unwrap();
        assert_ne!(files(survey.path()), before);
    }
}
