//! The words around files, once for each language.

use instrument::{FileProblem, FileRule};

use super::Ui;

/// What informants are told of files, and what staff see of them.
pub(crate) struct Files {
    /// The word between the last two types.
    pub(crate) or: &'static str,
    /// Which types are taken, and how large a file may be.
    pub(crate) rule: fn(&str, &str) -> String,
    /// The button that hands the chosen file over at once.
    pub(crate) hand_over: &'static str,
    /// What is said under a file that was handed over.
    pub(crate) given: &'static str,
    /// The button that takes it away.
    pub(crate) withdraw: &'static str,
    /// The link that fetches it, where its answers are read through.
    pub(crate) fetch: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) too_large: fn(&str) -> String,
    pub(crate) too_large_together: &'static str,
    pub(crate) other_type: fn(&str) -> String,
    pub(crate) unlike_name: fn(&str) -> String,
    pub(crate) no_file: &'static str,
    /// What is said where somebody else has handed over another meanwhile.
    pub(crate) choose_again: &'static str,
    /// The heading for staff.
    pub(crate) heading: &'static str,
}

pub(super) const NB: Files = Files {
    or: "eller",
    rule: |types, size| format!("{types}, høyst {size}."),
    hand_over: "Last opp filen",
    given: "Filen er lagret. Velger du en ny, erstatter den denne.",
    withdraw: "Fjern filen",
    fetch: "Hent filen",
    empty: "Filen er tom. Velg en annen",
    too_large: |size| format!("Filen er for stor. Velg en fil på høyst {size}"),
    too_large_together: "Filene er for store til sammen. Last opp én om gangen",
    other_type: |types| format!("Denne filtypen kan vi ikke ta imot. Velg {types}"),
    unlike_name: |types| {
        format!("Innholdet i filen stemmer ikke med navnet. Lagre den på nytt som {types}")
    },
    no_file: "Velg en fil",
    choose_again: "Filen din er ikke lagret. Velg den på nytt hvis det er den som skal gjelde.",
    heading: "Filer",
};

pub(super) const NN: Files = Files {
    or: "eller",
    rule: |types, size| format!("{types}, høgst {size}."),
    hand_over: "Last opp fila",
    given: "Fila er lagra. Vel du ei ny, tek ho plassen til denne.",
    withdraw: "Fjern fila",
    fetch: "Hent fila",
    empty: "Fila er tom. Vel ei anna",
    too_large: |size| format!("Fila er for stor. Vel ei fil på høgst {size}"),
    too_large_together: "Filene er for store til saman. Last opp éi om gongen",
    other_type: |types| format!("Denne filtypen kan vi ikkje ta imot. Vel {types}"),
    unlike_name: |types| {
        format!("Innhaldet i fila stemmer ikkje med namnet. Lagre ho på nytt som {types}")
    },
    no_file: "Vel ei fil",
    choose_again: "Fila di er ikkje lagra. Vel ho på nytt om det er ho som skal gjelde.",
    heading: "Filer",
};

pub(super) const EN: Files = Files {
    or: "or",
    rule: |types, size| format!("{types}, at most {size}."),
    hand_over: "Upload the file",
    given: "The file is saved. If you choose another, it takes the place of this one.",
    withdraw: "Remove the file",
    fetch: "Fetch the file",
    empty: "The file is empty. Choose another",
    too_large: |size| format!("The file is too large. Choose one of at most {size}"),
    too_large_together: "The files are too large together. Upload one at a time",
    other_type: |types| format!("We cannot take files of this type. Choose {types}"),
    unlike_name: |types| {
        format!("What is in the file is not what its name says. Save it again as {types}")
    },
    no_file: "Choose a file",
    choose_again: "Your file has not been saved. Choose it again if it is the one that should stand.",
    heading: "Files",
};

impl Ui {
    /// Returns which files a question takes, in words.
    pub(crate) fn file_rule(&self, rule: &FileRule) -> String {
        (self.files.rule)(&self.file_types(rule), &self.file_size(rule.most))
    }

    /// Returns what is wrong with a file.
    pub(crate) fn file_problem(&self, problem: FileProblem, rule: Option<&FileRule>) -> String {
        let words = &self.files;
        let types = || rule.map_or(String::new(), |rule| self.file_types(rule));
        match problem {
            FileProblem::Empty => words.empty.to_owned(),
            FileProblem::TooLarge(most) => (words.too_large)(&self.file_size(most)),
            FileProblem::TooLargeTogether => words.too_large_together.to_owned(),
            FileProblem::OtherType => (words.other_type)(&types()),
            FileProblem::UnlikeName => (words.unlike_name)(&types()),
            FileProblem::NoFile => words.no_file.to_owned(),
        }
    }

    /// Returns a size as file managers show it: `1,2 MB`.
    pub(crate) fn file_size(&self, bytes: u64) -> String {
        const KILO: f64 = 1024.0;
        let rounded = |number: f64| self.number((10.0 * number).round() / 10.0);
        match bytes as f64 {
            few if few < KILO => format!("{} B", self.number(few)),
            some if some < KILO * KILO => format!("{} kB", rounded(some / KILO)),
            many => format!("{} MB", rounded(many / KILO / KILO)),
        }
    }

    fn file_types(&self, rule: &FileRule) -> String {
        let titles: Vec<&str> = rule.types.iter().map(|kind| kind.title()).collect();
        match titles.as_slice() {
            [first @ .., last] if !first.is_empty() => {
                format!("{} {} {last}", first.join(", "), self.files.or)
            }
            all => all.join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use instrument::{FileType, Lang};

    use super::*;
    use crate::ui::ui;

    #[test]
    fn types_and_sizes_are_written_as_the_language_does() {
        for (types, most, lang, expected) in [
            (&[FileType::Pdf][..], 10 << 20, Lang::NB, "PDF, høyst 10 MB."),
            (
                &[FileType::Pdf, FileType::Docx],
                1 << 20,
                Lang::NN,
                "PDF eller Word (docx), høgst 1 MB.",
            ),
            (
                &[FileType::Csv, FileType::Xlsx, FileType::Ods],
                1_600_000,
                Lang::EN,
                "CSV, Excel (xlsx) or ODS, at most 1.5 MB.",
            ),
            (&[FileType::Txt], 1536, Lang::NB, "TXT, høyst 1,5 kB."),
            (&[FileType::Txt], 12, Lang::NB, "TXT, høyst 12 B."),
        ] {
            let rule = FileRule { types: types.to_vec(), most };
            assert_eq!(ui(lang).file_rule(&rule), expected);
        }
    }
}
