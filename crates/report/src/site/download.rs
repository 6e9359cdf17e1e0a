//! The files that lie beside a report: what its page calls them.

use instrument::Lang;

/// A file that lies beside a report and that its page leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// What it is.
    pub kind: DownloadKind,
    /// Where it lies, below the folder of the round.
    pub file: String,
    /// The language that it is written in; `None` where it has all of them.
    pub lang: Option<Lang>,
    /// How large it is; 0 where that is not known yet.
    pub bytes: usize,
}

/// What a file beside a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownloadKind {
    /// The report to print.
    ReportPdf,
    /// The questionnaire as a form to print.
    FormPdf,
    /// The answers, unit by unit, as CSV.
    AnswersCsv,
    /// The answers, unit by unit, as Parquet.
    AnswersParquet,
    /// What variables and codes mean, as JSON.
    Codebook,
    /// All tables in one CSV file.
    TablesCsv,
    /// The list of tables as JSON-stat.
    TablesJsonStat,
    /// All tables by groups of units in one CSV file.
    GroupTablesCsv,
    /// The list of tables by groups of units as JSON-stat.
    GroupTablesJsonStat,
    /// The questionnaire as JSON.
    Questionnaire,
    /// What lies where.
    Readme,
    /// The terms of use.
    Licence,
    /// The checksums of all files.
    Checksums,
}

/// A link in the list of downloads.
pub(super) struct DownloadLink {
    pub(super) href: String,
    pub(super) name: &'static str,
    pub(super) size: String,
}

impl Download {
    /// Returns the link on a page in `lang`; `None` where the file is there in another language.
    pub(super) fn link(&self, lang: Lang, up_to_round: &str) -> Option<DownloadLink> {
        if self.lang.is_some_and(|written| written != lang) {
            return None;
        }
        let [nb, nn, en] = self.kind.names();
        let name = if lang == Lang::EN {
            en
        } else if lang == Lang::NN {
            nn
        } else {
            nb
        };
        Some(DownloadLink {
            href: format!("{up_to_round}{}", self.file),
            name,
            size: size(self.bytes, lang),
        })
    }
}

impl DownloadKind {
    /// Returns what it is called in bokmål, nynorsk and English.
    fn names(self) -> [&'static str; 3] {
        match self {
            DownloadKind::ReportPdf => [
                "Rapporten til utskrift (PDF)",
                "Rapporten til utskrift (PDF)",
                "The report to print (PDF)",
            ],
            DownloadKind::FormPdf => [
                "Spørreskjemaet til utskrift (PDF)",
                "Spørjeskjemaet til utskrift (PDF)",
                "The questionnaire to print (PDF)",
            ],
            DownloadKind::AnswersCsv => {
                ["Åpne svar (CSV)", "Opne svar (CSV)", "Open answers (CSV)"]
            }
            DownloadKind::AnswersParquet => {
                ["Åpne svar (Parquet)", "Opne svar (Parquet)", "Open answers (Parquet)"]
            }
            DownloadKind::Codebook => ["Kodebok (JSON)", "Kodebok (JSON)", "Codebook (JSON)"],
            DownloadKind::TablesCsv => {
                ["Alle fordelinger (CSV)", "Alle fordelingar (CSV)", "All distributions (CSV)"]
            }
            DownloadKind::TablesJsonStat => [
                "Alle fordelinger (JSON-stat)",
                "Alle fordelingar (JSON-stat)",
                "All distributions (JSON-stat)",
            ],
            DownloadKind::GroupTablesCsv => [
                "Fordelinger etter grupper av kommuner (CSV)",
                "Fordelingar etter grupper av kommunar (CSV)",
                "Distributions by groups of municipalities (CSV)",
            ],
            DownloadKind::GroupTablesJsonStat => [
                "Fordelinger etter grupper av kommuner (JSON-stat)",
                "Fordelingar etter grupper av kommunar (JSON-stat)",
                "Distributions by groups of municipalities (JSON-stat)",
            ],
            DownloadKind::Questionnaire => {
                ["Spørreskjemaet (JSON)", "Spørjeskjemaet (JSON)", "The questionnaire (JSON)"]
            }
            DownloadKind::Readme => ["Les dette først", "Les dette først", "Read this first"],
            DownloadKind::Licence => ["Vilkår for bruk", "Vilkår for bruk", "Terms of use"],
            DownloadKind::Checksums => ["Kontrollsummer", "Kontrollsummar", "Checksums"],
        }
    }
}

/// Returns a size as people read it: `12,3 kB`.
fn size(bytes: usize, lang: Lang) -> String {
    let (value, unit) = match bytes {
        0 => return String::new(),
        1..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (bytes as f64 / 1e3, "kB"),
        _ => (bytes as f64 / 1e6, "MB"),
    };
    let number = format!("{value:.1}");
    let number = if lang == Lang::EN { number } else { number.replace('.', ",") };
    format!("{number}\u{a0}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_to_files_of_its_language_and_of_all() {
        let file = |kind, lang| Download { kind, file: "data/x".to_owned(), lang, bytes: 12_345 };
        let link = file(DownloadKind::AnswersCsv, None).link(Lang::NN, "../").unwrap();
        assert_eq!((link.href.as_str(), link.name), ("../data/x", "Opne svar (CSV)"));
        assert_eq!(link.size, "12,3\u{a0}kB");
        let readme = file(DownloadKind::Readme, Some(Lang::EN));
        assert!(readme.link(Lang::NB, "").is_none());
        assert_eq!(readme.link(Lang::EN, "").unwrap().size, "12.3\u{a0}kB");
    }
}
