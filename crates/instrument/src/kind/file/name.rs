//! Names of files, made harmless: they are shown, sent in headers and written on disks.

/// The most characters of a name.
const LONGEST: usize = 100;

/// The longest end of a name that is kept when a name is cut, its point included.
const LONGEST_END: usize = 6;

/// What Windows takes for a device, whatever stands behind the point.
const DEVICES: [&str; 8] = ["con", "prn", "aux", "nul", "com", "lpt", "conin$", "conout$"];

/// Returns the name of a file as a person would know it again: no path before it, nothing that steers a
/// terminal, a header or the direction of writing, and no longer than what every disk takes.
/// What is harmless already stays as it is.
pub fn file_name(written: &str) -> String {
    let last = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let signs = last.chars().filter(|sign| !steers(*sign));
    let name: String = signs.map(|sign| if is_reserved(sign) { '_' } else { sign }).collect();
    let name = short(trimmed(&name));
    let name = trimmed(&name);
    if name.is_empty() {
        return "fil".to_owned();
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let device = stem.trim_end_matches(|sign: char| sign.is_ascii_digit());
    if DEVICES.contains(&device) { short(&format!("_{name}")) } else { name.to_owned() }
}

/// No name begins or ends with a point or a space: such files are hidden, or lose their end.
fn trimmed(name: &str) -> &str {
    name.trim_matches(|sign: char| sign == '.' || sign.is_whitespace())
}

/// Whether a sign is not seen but changes what is: controls, marks of direction, joiners without
/// width, and what stands for a letter that could not be read.
fn steers(sign: char) -> bool {
    let invisible = matches!(
        sign,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}'
    );
    sign.is_control() || invisible
}

/// Whether a sign has a meaning in the paths of some system.
fn is_reserved(sign: char) -> bool {
    matches!(sign, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

/// Cuts a long name before its end.
fn short(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let end = name.rfind('.').map_or("", |point| &name[point..]);
    let end = if end.chars().count() <= LONGEST_END { end } else { "" };
    let kept = LONGEST - end.chars().count();
    let stem: String = name.chars().take(kept).collect();
    format!("{}{end}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_stay_so() {
        let long = format!("{}.pdf", "å".repeat(300));
        let cut = format!("{}.pdf", "å".repeat(96));
        for (written, expected) in [
            ("Årsplan 2025 (vedtatt).pdf", "Årsplan 2025 (vedtatt).pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\kari\\plan.pdf", "plan.pdf"),
            ("..", "fil"),
            (" . . ", "fil"),
            ("", "fil"),
            (".htaccess", "htaccess"),
            ("plan.pdf.", "plan.pdf"),
            ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie_ b.pdf"),
            ("\u{202e}fdp.exe", "fdp.exe"),
            ("a\u{200b}\u{feff}b\u{0}.pdf", "ab.pdf"),
            ("\u{fffd}plan\u{fffd}.pdf", "plan.pdf"),
            ("hva?*<>|\"er.txt", "hva______er.txt"),
            ("nul.txt", "_nul.txt"),
            ("COM1.pdf", "_COM1.pdf"),
            ("common.pdf", "common.pdf"),
            (long.as_str(), cut.as_str()),
        ] {
            let name = file_name(written);
            assert_eq!(name, expected, "{written:?}");
            assert_eq!(file_name(&name), name, "{written:?} again");
        }
    }
}
