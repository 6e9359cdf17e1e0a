//! What is printed of a round: its report and its questionnaire, in each language, and receipts.
//!
//! Without the feature `print` the program knows no Typst: nothing is printed, and no page leads to it.

use report::{Download, DownloadKind};

use crate::folder::Round;

#[cfg(feature = "print")]
mod made {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::thread;

    use anyhow::{Context, anyhow};
    use instrument::{Hash, Lang, RoundId};
    use jiff::civil::Date;
    use pdf::Source;
    use report::Site;

    use super::{form_file, report_file};
    use crate::folder::{Folder, Round};
    use crate::stages::write_file;

    /// Prints what the pages of a site lead to. What was printed before of the same source is taken from
    /// where it was kept, beside the store.
    pub fn add(folder: &Folder, site: &mut Site) -> anyhow::Result<()> {
        let mut sources: BTreeMap<String, Source> = BTreeMap::new();
        for id in site.findings.keys() {
            let round = folder.round(*id)?;
            for lang in round.reports.keys() {
                sources.insert(form_file(*id, *lang), questionnaire(folder, round, *lang));
                if let Some(source) = page(folder, site, (*id, round), *lang)? {
                    sources.insert(report_file(*id, *lang), source);
                }
            }
        }
        let kept = folder.path.join(".runde/printed");
        site.files.extend(print_all(sources, &kept)?);
        Ok(())
    }

    /// Prints documents beside one another: each keeps one processor busy.
    fn print_all(
        sources: BTreeMap<String, Source>,
        kept: &Path,
    ) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let print = |(name, source): (String, Source)| -> anyhow::Result<_> {
            let at = kept.join(format!("{}.pdf", fingerprint(&source)));
            if let Ok(bytes) = fs::read(&at) {
                return Ok((name, bytes, at));
            }
            let bytes = pdf::print(&source).with_context(|| format!("printing {name}"))?;
            write_file(&at, &bytes)?;
            Ok((name, bytes, at))
        };
        let printed = thread::scope(|scope| {
            let print = &print;
            let threads: Vec<_> =
                sources.into_iter().map(|source| scope.spawn(move || print(source))).collect();
            let printed = threads.into_iter().map(|thread| {
                thread.join().map_err(|_| anyhow!("printing stopped for no reason that it gave"))?
            });
            printed.collect::<anyhow::Result<Vec<_>>>()
        })?;
        let used: Vec<&PathBuf> = printed.iter().map(|(_, _, at)| at).collect();
        for entry in fs::read_dir(kept).into_iter().flatten().flatten() {
            if !used.contains(&&entry.path()) {
                // What cannot be removed is in nobody's way.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(printed.into_iter().map(|(name, bytes, _)| (name, bytes)).collect())
    }

    /// Returns what sets a document apart: all that its bytes follow from, the program included.
    fn fingerprint(source: &Source) -> Hash {
        let program = std::env::current_exe().and_then(fs::metadata);
        let built =
            program.ok().and_then(|program| Some((program.len(), program.modified().ok()?)));
        let mut all = format!("{built:?}\n{}\n{}\n{}", source.date, source.text.len(), source.text);
        for (name, drawing) in &source.drawings {
            all.push_str(&format!("{name} {}\n{drawing}", drawing.len()));
        }
        Hash::of(&all)
    }

    fn questionnaire(folder: &Folder, round: &Round, lang: Lang) -> Source {
        pdf::form_source(&round.instrument, &folder.survey, lang, round.plan.opens)
    }

    fn page(
        folder: &Folder,
        site: &Site,
        (id, round): (RoundId, &Round),
        lang: Lang,
    ) -> anyhow::Result<Option<Source>> {
        let survey = &folder.survey;
        let first = survey.languages.first() == Some(&lang);
        let below = if first { String::new() } else { format!("{lang}/") };
        let Some(html) = site.files.get(&format!("{id}/{below}index.html")) else {
            return Ok(None);
        };
        let html = std::str::from_utf8(html).context("a page of the report")?;
        let subtitle = format!("{} {id}", survey.title.get(lang));
        let source = pdf::page_source(html, published(round), &subtitle)
            .with_context(|| format!("the report of {id} in {lang}"))?;
        Ok(Some(source))
    }

    /// Prints a receipt.
    pub fn receipt(page: &str, date: Date, subtitle: &str) -> Result<Vec<u8>, String> {
        let source =
            pdf::receipt_source(page, date, subtitle).map_err(|error| error.to_string())?;
        pdf::print(&source).map_err(|error| error.to_string())
    }

    /// The date of the document: that of the last correction, or of publication.
    fn published(round: &Round) -> Date {
        let corrected = round.plan.corrections.iter().map(|correction| correction.date).max();
        corrected.or(round.plan.embargo).unwrap_or(round.plan.closes)
    }
}

#[cfg(feature = "print")]
pub use made::add;

/// Prints nothing.
#[cfg(not(feature = "print"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature, printing can fail")]
pub fn add(_: &crate::folder::Folder, _: &mut report::Site) -> anyhow::Result<()> {
    Ok(())
}

/// Returns what prints receipts.
pub fn receipts() -> Option<web::Print> {
    #[cfg(feature = "print")]
    return Some(made::receipt);
    #[cfg(not(feature = "print"))]
    None
}

/// Returns what the pages of a round lead to.
pub fn downloads(round: &Round) -> Vec<Download> {
    if !cfg!(feature = "print") {
        return vec![];
    }
    let download = |kind, file, lang| Download { kind, file, lang: Some(lang), bytes: 0 };
    let languages = round.reports.keys();
    let both = languages.flat_map(|lang| {
        [
            download(DownloadKind::ReportPdf, format!("report.{lang}.pdf"), *lang),
            download(DownloadKind::FormPdf, format!("questionnaire.{lang}.pdf"), *lang),
        ]
    });
    both.collect()
}

#[cfg(feature = "print")]
fn report_file(id: instrument::RoundId, lang: instrument::Lang) -> String {
    format!("{id}/report.{lang}.pdf")
}

#[cfg(feature = "print")]
fn form_file(id: instrument::RoundId, lang: instrument::Lang) -> String {
    format!("{id}/questionnaire.{lang}.pdf")
}
