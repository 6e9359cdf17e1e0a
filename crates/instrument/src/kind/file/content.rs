//! What a file is by its content. Nothing is unpacked: of an archive the list of names at its end is
//! looked at, so that what would burst when it is opened is a few bytes here.

use super::FileType;

pub(super) const OPEN_TEXT: &str = "application/vnd.oasis.opendocument.text";
pub(super) const OPEN_SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// Whether the content is of a type.
pub(super) fn is(kind: FileType, content: &[u8]) -> bool {
    match kind {
        FileType::Pdf => content.starts_with(b"%PDF-"),
        FileType::Png => content.starts_with(b"\x89PNG\r\n\x1a\n"),
        FileType::Jpeg => content.starts_with(b"\xff\xd8\xff"),
        FileType::Docx => is_office(content, b"word/"),
        FileType::Xlsx => is_office(content, b"xl/"),
        FileType::Odt => is_open_document(content, OPEN_TEXT),
        FileType::Ods => is_open_document(content, OPEN_SPREADSHEET),
        FileType::Csv | FileType::Txt => is_text(content) && !is(FileType::Pdf, content),
    }
}

/// Whether an archive is a document of Microsoft's formats whose parts lie in a folder. One that
/// brings macros along is none, whatever it is called.
fn is_office(content: &[u8], folder: &[u8]) -> bool {
    let Some(names) = names(content) else { return false };
    names.contains(&&b"[Content_Types].xml"[..])
        && names.iter().any(|name| name.starts_with(folder))
        && !names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin"))
}

/// The head of what lies in an archive, and of a line in the list at its end.
const LOCAL: &[u8] = b"PK\x03\x04";
const LISTED: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// The longest that the end of an archive can be: its own 22 bytes and a comment.
const LONGEST_END: usize = 22 + 65_535;

/// Returns the names of what lies in an archive; `None` where it is no whole archive.
fn names(content: &[u8]) -> Option<Vec<&[u8]>> {
    if !content.starts_with(LOCAL) {
        return None;
    }
    let from = content.len().saturating_sub(LONGEST_END);
    let end = from + content[from..].windows(END.len()).rposition(|window| window == END)?;
    let comment = number::<2>(content, end + 20)?;
    content.get(end..end + 22 + comment)?;
    let count = number::<2>(content, end + 10)?;
    let mut at = number::<4>(content, end + 16)?;
    let mut names = vec![];
    for _ in 0..count {
        if content.get(at..at.checked_add(LISTED.len())?)? != LISTED {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|place| number::<2>(content, at + place));
        let begins = at + 46;
        names.push(content.get(begins..begins.checked_add(name?)?)?);
        at = begins.checked_add(name? + extra? + comment?)?;
    }
    Some(names)
}

/// Reads a number whose lowest byte comes first.
fn number<const BYTES: usize>(content: &[u8], at: usize) -> Option<usize> {
    let bytes = content.get(at..at.checked_add(BYTES)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// Whether an archive says of itself that it is an open document of a type: its first entry is called
/// `mimetype`, and is not packed (OpenDocument 1.3, part 2, 3.3).
fn is_open_document(content: &[u8], media_type: &str) -> bool {
    const NAME: &[u8] = b"mimetype";
    let said = || {
        let packed = number::<2>(content, 8)?;
        let (name, extra) = (number::<2>(content, 26)?, number::<2>(content, 28)?);
        let said = content.get(30 + name + extra..)?.strip_prefix(media_type.as_bytes())?;
        // Behind it another entry begins, and no longer name goes on.
        Some(packed == 0 && content.get(30..30 + name)? == NAME && said.starts_with(b"PK"))
    };
    content.starts_with(LOCAL) && said() == Some(true) && names(content).is_some()
}

/// Whether the content is plain text: UTF-8 or one of the older sets of one byte a letter, which a
/// table out of Excel still has, or UTF-16 that says so.
fn is_text(content: &[u8]) -> bool {
    let unit: fn([u8; 2]) -> u16 = match content {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return content.iter().all(|byte| is_plain(char::from(*byte))),
    };
    let (units, rest) = content.as_chunks::<2>();
    let mut letters = char::decode_utf16(units.iter().copied().map(unit));
    rest.is_empty() && letters.all(|letter| letter.is_ok_and(is_plain))
}

/// Whether a sign stands in texts. The controls from 0x80 on are letters of other sets.
fn is_plain(sign: char) -> bool {
    matches!(sign, '\t' | '\n' | '\r' | '\x0c') || sign >= ' ' && sign != '\x7f'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_programs() {
        let utf16 = |text: &str| {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()
        };
        for (content, expected) in [
            (b"kommune;antall\r\n\xc5lesund;12\r\n".to_vec(), true),
            ("Ålesund\u{feff}".into(), true),
            (utf16("Ålesund 🙂"), true),
            (utf16("Ålesund\u{0}"), false),
            (b"\xff\xfea".to_vec(), false),
            (b"\x7fELF".to_vec(), false),
            (b"a\0b".to_vec(), false),
            (b"%PDF-1.4".to_vec(), false),
        ] {
            assert_eq!(is(FileType::Txt, &content), expected, "{content:?}");
        }
    }

    /// Whatever an archive lacks or says too much of, it is refused without a panic.
    #[test]
    fn a_damaged_archive_is_none() {
        for kind in [FileType::Docx, FileType::Xlsx, FileType::Odt, FileType::Ods] {
            let whole = kind.example();
            for end in 0..whole.len() {
                assert!(!is(kind, &whole[..end]), "{kind} of {end} bytes");
            }
            for place in 0..whole.len() {
                let mut damaged = whole.to_vec();
                damaged[place] ^= 0xff;
                is(kind, &damaged);
            }
        }
    }

    #[test]
    fn a_workbook_with_macros_is_none() {
        let renamed = |new: &[u8]| {
            let old = b"xl/worksheets/sheet1.xml";
            assert_eq!(new.len(), old.len(), "so that all places stay");
            let mut content = FileType::Xlsx.example().to_vec();
            while let Some(at) = content.windows(old.len()).position(|window| window == old) {
                content[at..at + old.len()].copy_from_slice(new);
            }
            is(FileType::Xlsx, &content)
        };
        assert!(renamed(b"xl/worksheets/sheet2.xml"));
        assert!(!renamed(b"xl/x/xxxx/vbaProject.bin"));
    }
}
