//! A file that is handed over: a plan, a table, a scanned decision.
//!
//! What a file is, its content says, and the end of its name must say the same; what the browser claims
//! counts for nothing. Data sets hold that a file was given, and nothing of it.

mod content;
mod name;

pub use name::file_name;

use std::fmt;
use std::sync::LazyLock;

use super::{Choice, Kind, KindEntry};
use crate::read::{Fields, Node, Reader};
use crate::spelling::suggest;
use crate::{Code, Hash, Item, Lang, Release, Text, rules};

/// What a question takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRule {
    /// The types, in the order of the questionnaire; never empty.
    pub types: Vec<FileType>,
    /// The most bytes.
    pub most: u64,
}

/// A type of file that can be asked for. The list is closed: each is known by its content, none is
/// a program, and none is opened here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileType {
    /// A document in PDF.
    Pdf,
    /// A document of Word.
    Docx,
    /// A workbook of Excel.
    Xlsx,
    /// A text document of LibreOffice and others.
    Odt,
    /// A spreadsheet of LibreOffice and others.
    Ods,
    /// A table as plain text.
    Csv,
    /// Plain text.
    Txt,
    /// A picture without loss.
    Png,
    /// A photograph.
    Jpeg,
}

/// A file that was given, as the answer keeps it; its bytes lie elsewhere, under their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFile {
    /// The hash of its bytes.
    pub hash: Hash,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it is.
    pub kind: FileType,
    /// What it is called, as [`file_name`] writes it.
    pub name: String,
}

/// Why a file cannot be an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than the question takes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// With the others of its form it is more than is taken at once.
    #[error("the files are too large together")]
    TooLargeTogether,
    /// By its name it is of a type that the question does not take.
    #[error("files of this type are not taken")]
    OtherType,
    /// Its content is of another type than its name says, or cannot be told.
    #[error("the content is not what the name of the file says")]
    UnlikeName,
    /// Something was written where a file is to be given.
    #[error("a file is asked for, not a text")]
    NoFile,
}

/// A megabyte as Windows counts it, so that a file which shows as 10 MB there is no larger here.
pub const MEGABYTE: u64 = 1024 * 1024;

/// The largest that a questionnaire can allow, and what it allows where it does not say, in megabytes.
const LARGEST: i64 = 25;
const DEFAULT: i64 = 10;

pub(super) const FILE: KindEntry = KindEntry {
    name: "file",
    title: "a question of kind `file`",
    fields: &["types", "max_megabytes", "missing"],
    about: "A file that the informant hands over. `types` says which are taken: `pdf`, `docx` (Word), \
            `xlsx` (Excel), `odt`, `ods`, `csv`, `txt`, `png`, `jpeg`. The content of a file must be \
            what the end of its name says. `max_megabytes` is the largest that is taken: 10 where nothing \
            is said, 25 at most. `plan == \"given\"` asks whether there is one. The files stay with \
            the survey team: `runde files` writes them out.",
    column: "the code `given` where a file was handed over; nothing of the file itself",
    example: "id: plan
kind: file
text: Last opp kommunens plan for integreringsarbeidet.
types: [pdf, docx]
max_megabytes: 5",
    release: Release::Tables,
    read: |reader, fields, _| file(reader, fields),
};

/// The only thing that a data set and a condition know of a file: that there is one.
pub(crate) const GIVEN: &str = "given";

/// The same as an option.
static OPTION: LazyLock<[Choice; 1]> = LazyLock::new(|| {
    let texts = [(Lang::NB, "Fil levert"), (Lang::NN, "Fil levert"), (Lang::EN, "File given")];
    let texts = texts.map(|(lang, text)| (lang, text.to_owned()));
    [Choice {
        code: Code::new(GIVEN).expect("a word is a code"),
        text: Text::new(texts.into()),
        missing: None,
        exclusive: false,
        specify: None,
    }]
});

/// Returns what a file is as an option.
pub(super) fn given() -> &'static [Choice] {
    &*OPTION
}

fn file(reader: &mut Reader<'_>, fields: Fields<'_>) -> Option<Kind> {
    let types = reader.required(fields, "types", |reader, node| {
        let mut types = vec![];
        let read = reader.list(node, |reader, node| {
            let kind = file_type(reader, node)?;
            if types.contains(&kind) {
                let message = format!("`{kind}` is named twice");
                reader.report::<()>(rules::SAME_FILE_TYPE, node.span.clone(), message, None);
            } else {
                types.push(kind);
            }
            Some(())
        });
        read.map(|_| types)
    });
    let most = reader
        .optional(fields, "max_megabytes", |reader, node| reader.integer(node, 1..=LARGEST))
        .unwrap_or(DEFAULT)
        .unsigned_abs();
    Some(Kind::File(FileRule { types: types?, most: most * MEGABYTE }))
}

fn file_type(reader: &mut Reader<'_>, node: &Node) -> Option<FileType> {
    let written = reader.scalar(node)?;
    if let Some(kind) = FileType::ALL.into_iter().find(|kind| kind.as_str() == written) {
        return Some(kind);
    }
    let message = format!("`{written}` is no type of file that can be asked for");
    let known = FileType::ALL.map(FileType::as_str);
    let hint = match FileType::meant_by(&written.to_lowercase()) {
        Some(kind) => Some(format!("write `{kind}`")),
        None => suggest(written, known),
    };
    reader.report(rules::UNKNOWN_FILE_TYPE, node.span.clone(), message, hint)
}

impl FileRule {
    /// Returns what a file is, judged by its name and its content, or why it is not taken.
    pub fn judge(&self, name: &str, content: &[u8]) -> Result<FileType, FileProblem> {
        let kind = self.named(name)?;
        match content.len() as u64 {
            0 => Err(FileProblem::Empty),
            bytes if bytes > self.most => Err(FileProblem::TooLarge(self.most)),
            _ if content::is(kind, content) => Ok(kind),
            _ => Err(FileProblem::UnlikeName),
        }
    }

    /// Returns what a file is by the end of its name.
    fn named(&self, name: &str) -> Result<FileType, FileProblem> {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        let is = |kind: &&FileType| end.as_deref().is_some_and(|end| kind.ends().contains(&end));
        self.types.iter().find(is).copied().ok_or(FileProblem::OtherType)
    }

    /// Returns a file that the question takes, for drawn answers.
    pub fn example(&self) -> GivenFile {
        let kind = self.types.first().copied().expect("a question takes some type of file");
        let content = kind.example();
        let name = format!("eksempel.{}", kind.as_str());
        GivenFile { hash: Hash::of(content), bytes: content.len() as u64, kind, name }
    }
}

impl FileType {
    /// Every type, as the guide lists them.
    pub const ALL: [FileType; 9] = [
        FileType::Pdf,
        FileType::Docx,
        FileType::Xlsx,
        FileType::Odt,
        FileType::Ods,
        FileType::Csv,
        FileType::Txt,
        FileType::Png,
        FileType::Jpeg,
    ];

    /// Returns its name, as a questionnaire writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            FileType::Pdf => "pdf",
            FileType::Docx => "docx",
            FileType::Xlsx => "xlsx",
            FileType::Odt => "odt",
            FileType::Ods => "ods",
            FileType::Csv => "csv",
            FileType::Txt => "txt",
            FileType::Png => "png",
            FileType::Jpeg => "jpeg",
        }
    }

    /// Returns what people call it, in every language.
    pub fn title(self) -> &'static str {
        match self {
            FileType::Pdf => "PDF",
            FileType::Docx => "Word (docx)",
            FileType::Xlsx => "Excel (xlsx)",
            FileType::Odt => "ODT",
            FileType::Ods => "ODS",
            FileType::Csv => "CSV",
            FileType::Txt => "TXT",
            FileType::Png => "PNG",
            FileType::Jpeg => "JPEG",
        }
    }

    /// Returns what the name of such a file ends with.
    pub fn ends(self) -> &'static [&'static str] {
        match self {
            FileType::Jpeg => &["jpeg", "jpg"],
            FileType::Pdf => &["pdf"],
            FileType::Docx => &["docx"],
            FileType::Xlsx => &["xlsx"],
            FileType::Odt => &["odt"],
            FileType::Ods => &["ods"],
            FileType::Csv => &["csv"],
            FileType::Txt => &["txt"],
            FileType::Png => &["png"],
        }
    }

    /// Returns its media type, as IANA has registered it.
    pub fn media_type(self) -> &'static str {
        match self {
            FileType::Pdf => "application/pdf",
            FileType::Docx => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            FileType::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileType::Odt => content::OPEN_TEXT,
            FileType::Ods => content::OPEN_SPREADSHEET,
            FileType::Csv => "text/csv",
            FileType::Txt => "text/plain",
            FileType::Png => "image/png",
            FileType::Jpeg => "image/jpeg",
        }
    }

    /// Returns a small file of the type, which its programs open.
    pub fn example(self) -> &'static [u8] {
        match self {
            FileType::Pdf => include_bytes!("file/examples/example.pdf"),
            FileType::Docx => include_bytes!("file/examples/example.docx"),
            FileType::Xlsx => include_bytes!("file/examples/example.xlsx"),
            FileType::Odt => include_bytes!("file/examples/example.odt"),
            FileType::Ods => include_bytes!("file/examples/example.ods"),
            FileType::Csv => include_bytes!("file/examples/example.csv"),
            FileType::Txt => include_bytes!("file/examples/example.txt"),
            FileType::Png => include_bytes!("file/examples/example.png"),
            FileType::Jpeg => include_bytes!("file/examples/example.jpeg"),
        }
    }

    /// Returns the type that somebody has in mind who writes another word for it.
    fn meant_by(written: &str) -> Option<FileType> {
        match written {
            "word" | "doc" | "docm" => Some(FileType::Docx),
            "excel" | "xls" | "xlsm" => Some(FileType::Xlsx),
            "jpg" | "photo" => Some(FileType::Jpeg),
            "text" | "tekst" => Some(FileType::Txt),
            _ => FileType::ALL.into_iter().find(|kind| kind.as_str() == written),
        }
    }
}

impl fmt::Display for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl GivenFile {
    /// Returns it as the store keeps it.
    pub(crate) fn encode(&self) -> String {
        let GivenFile { hash, bytes, kind, name } = self;
        format!("{hash} {bytes} {kind} {name}")
    }

    /// Reads what [`GivenFile::encode`] wrote.
    pub(crate) fn decode(text: &str) -> Option<GivenFile> {
        let mut parts = text.splitn(4, ' ');
        let hash = Hash::from_hex(parts.next()?)?;
        let bytes = parts.next()?.parse().ok()?;
        let kind = parts.next()?;
        let kind = FileType::ALL.into_iter().find(|known| known.as_str() == kind)?;
        let name = parts.next().filter(|name| file_name(name) == *name)?.to_owned();
        Some(GivenFile { hash, bytes, kind, name })
    }
}

impl Kind {
    /// Returns which files a part of the question takes; `None` where it takes none.
    pub fn file_rule(&self, item: &Item) -> Option<&FileRule> {
        match (self, item) {
            (Kind::File(rule), Item::Whole) => Some(rule),
            (_, Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Prefill | Item::Reason) => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taking(types: &[FileType]) -> FileRule {
        FileRule { types: types.to_vec(), most: 2000 }
    }

    #[test]
    fn each_example_is_of_its_type_and_of_no_other() {
        let all = taking(&FileType::ALL);
        for kind in FileType::ALL {
            for other in FileType::ALL {
                let name = format!("a.{}", other.ends()[0]);
                // A table is a plain text too.
                let texts = [FileType::Csv, FileType::Txt];
                let alike = kind == other || texts.contains(&kind) && texts.contains(&other);
                let expected = if alike { Ok(other) } else { Err(FileProblem::UnlikeName) };
                assert_eq!(all.judge(&name, kind.example()), expected, "a {kind} called {name}");
            }
        }
    }

    #[test]
    fn a_file_is_judged_by_name_size_and_content() {
        let rule = taking(&[FileType::Pdf, FileType::Jpeg]);
        let large = [FileType::Pdf.example(), &[b' '; 2000]].concat();
        for (name, content, expected) in [
            ("plan.pdf", FileType::Pdf.example(), Ok(FileType::Pdf)),
            ("PLAN.PDF", FileType::Pdf.example(), Ok(FileType::Pdf)),
            ("bilde.jpg", FileType::Jpeg.example(), Ok(FileType::Jpeg)),
            ("plan.docx", FileType::Docx.example(), Err(FileProblem::OtherType)),
            ("plan", FileType::Pdf.example(), Err(FileProblem::OtherType)),
            ("plan.pdf.exe", FileType::Pdf.example(), Err(FileProblem::OtherType)),
            ("plan.pdf", b"", Err(FileProblem::Empty)),
            ("plan.pdf", b"MZ\x90", Err(FileProblem::UnlikeName)),
            ("plan.pdf", large.as_slice(), Err(FileProblem::TooLarge(2000))),
        ] {
            assert_eq!(rule.judge(name, content), expected, "{name}");
        }
    }

    #[test]
    fn what_is_kept_of_a_file_is_read_back() {
        for kind in FileType::ALL {
            let mut given = taking(&[kind]).example();
            given.name = format!("Årsplan 2025 – 2029 (vedtatt).{kind}");
            assert_eq!(GivenFile::decode(&given.encode()), Some(given));
        }
        let hash = Hash::of("a");
        for text in [
            "",
            "given",
            &format!("{hash}"),
            &format!("{hash} 1 pdf"),
            &format!("{hash} 1 exe a.exe"),
            &format!("{hash} -1 pdf a.pdf"),
            &format!("{hash} 1 pdf ../a.pdf"),
        ] {
            assert_eq!(GivenFile::decode(text), None, "{text}");
        }
    }
}
