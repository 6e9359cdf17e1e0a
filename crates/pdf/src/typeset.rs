//! Typst as a library: a document in, the bytes of a PDF out. No file is read and no clock.

use std::sync::LazyLock;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source as SourceFile, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Source;

/// Why a document cannot be printed. Its markup is our own, so each of these is our fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// Typst refused the markup, or found that the PDF would not be accessible.
    #[error("the PDF cannot be made: {0}")]
    Refused(String),
}

/// Returns a PDF that is PDF/UA-1 and PDF/A-2a: the same bytes for the same source.
pub fn print(source: &Source) -> Result<Vec<u8>, PrintError> {
    let desk = Desk::new(source)?;
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(|said| refused(&said))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| PrintError::Refused(error.message().to_string()))?;
    let options = PdfOptions {
        timestamp: datetime(source.date).map(Timestamp::new_utc),
        standards,
        tagged: true,
        ..PdfOptions::default()
    };
    let printed = typst_pdf::pdf(&document, &options).map_err(|said| refused(&said));
    // What Typst remembers of documents that were printed some time ago is forgotten: a server prints
    // for weeks.
    typst::comemo::evict(REMEMBERED);
    printed
}

/// How many documents later something that was not used again is forgotten: more than a site has.
const REMEMBERED: usize = 30;

fn refused(said: &[SourceDiagnostic]) -> PrintError {
    let messages: Vec<String> = said
        .iter()
        .map(|diagnostic| {
            let hints = diagnostic.hints.iter().map(|hint| format!(" ({})", hint.v));
            format!("{}{}", diagnostic.message, hints.collect::<String>())
        })
        .collect();
    PrintError::Refused(messages.join("; "))
}

/// The fonts, which are part of the program: the machine's own would change the bytes.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        ttf_noto_sans::REGULAR,
        ttf_noto_sans::BOLD,
        ttf_noto_sans::ITALIC,
        ttf_noto_sans::BOLD_ITALIC,
    ];
    files.into_iter().filter_map(|file| Font::new(Bytes::new(file), 0)).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));

/// All that Typst may see.
struct Desk {
    main: SourceFile,
    drawings: Vec<(FileId, Bytes)>,
    date: Date,
}

impl Desk {
    fn new(source: &Source) -> Result<Desk, PrintError> {
        let drawings = source.drawings.iter();
        Ok(Desk {
            main: SourceFile::new(file("main.typ")?, source.text.clone()),
            drawings: drawings
                .map(|(name, svg)| Ok((file(name)?, Bytes::from_string(svg.clone()))))
                .collect::<Result<_, PrintError>>()?,
            date: source.date,
        })
    }
}

fn file(name: &str) -> Result<FileId, PrintError> {
    let path = VirtualPath::new(name).map_err(|error| PrintError::Refused(error.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn datetime(date: Date) -> Option<Datetime> {
    let part = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(i32::from(date.year()), part(date.month())?, part(date.day())?, 0, 0, 0)
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<SourceFile> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.drawings.iter().find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let date = self.date;
        Datetime::from_ymd(
            i32::from(date.year()),
            u8::try_from(date.month()).ok()?,
            u8::try_from(date.day()).ok()?,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{page_source, receipt_source};

    const PAGE: &str = "<html lang=\"nn\"><body><div class=\"simulated-banner\"><p><strong>Simulerte \
        svar</strong> <span>Trekte tilfeldig.</span></p></div><main><h1>Tittel # $ [</h1><h2>Del</h2>\
        <p>Tekst med <strong>tal</strong> og <a href=\"https://example.no\">lenkje</a>.</p>\
        <figure class=\"chart\"><figcaption><strong>Opp</strong></figcaption>\
        <svg class=\"wide\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><title>Opp</title>\
        <desc>Ja: 65</desc><text x=\"1\" y=\"5\" font-size=\"3\">Æ</text></svg></figure>\
        <table><caption>T</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><th>c</th>\
        <td>d</td></tr></tbody></table></main></body></html>";

    fn source() -> Source {
        page_source(PAGE, jiff::civil::date(2024, 11, 29), "Undersøking").unwrap()
    }

    #[test]
    fn what_is_printed_says_that_it_is_accessible_and_fit_for_archives() {
        let pdf = print(&source()).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-1.7"));
        // The metadata stand uncompressed, as PDF/A wants them.
        for said in
            ["<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<", "Tittel # $ ["]
        {
            assert!(text.contains(said), "{said} is not said");
        }
        assert_eq!(print(&source()).unwrap(), pdf, "the bytes differ between runs");
    }

    #[test]
    fn a_receipt_is_printed_with_its_answers_and_tables() {
        let page = "<html lang=\"nb\"><body><aside class=\"simulated\"><p><strong>Simulerte svar</strong> Trukket \
            tilfeldig.</p></aside><main><h1>Kvittering: Ålesund</h1><div class=\"panel\"><dl class=\"facts\"><div>\
            <dt>Signert av</dt><dd>Kari #1</dd></div></dl></div><div class=\"actions\"><a href=\"/pdf\">PDF</a></div>\
            <h2>Bosetting</h2><dl class=\"answers\"><div><dt>Tiltak</dt><dd><div class=\"answers-table\"><table><thead>\
            <tr><td></td><th scope=\"col\">Hva</th></tr></thead><tbody><tr><th scope=\"row\">1</th><td>Språkkafé</td>\
            </tr></tbody></table></div></dd></div><div><dt>Merknad</dt><dd><span class=\"empty\">Ikke besvart</span>\
            </dd></div></dl></main></body></html>";
        let source =
            receipt_source(page, jiff::civil::date(2025, 11, 3), "Undersøkelse 2025").unwrap();
        for said in ["Kari #1", "Språkkafé", "Ikke besvart", "Simulerte svar"] {
            assert!(source.text.contains(said), "{said} is not in\n{}", source.text);
        }
        assert!(!source.text.contains("\"PDF\""), "a button is printed: {}", source.text);
        let pdf = print(&source).unwrap();
        // Without a cover it is one page.
        assert_eq!(String::from_utf8_lossy(&pdf).matches("/Type/Page/").count(), 1);
    }

    #[test]
    fn a_drawing_without_words_is_refused() {
        let mut silent = source();
        silent.text = silent.text.replace("alt: \"Opp. Ja: 65\"", "alt: none");
        let PrintError::Refused(why) = print(&silent).unwrap_err();
        assert!(why.contains("alt"), "{why}");
    }
}
