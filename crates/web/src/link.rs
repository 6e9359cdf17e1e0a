//! The addresses of a case's pages.

use std::fmt::Write as _;

use store::CaseId;

/// The pages of one case.
#[derive(Clone, Debug)]
pub(crate) struct CaseLinks {
    /// The task list, and the path that the session's cookie is sent to.
    pub(crate) tasks: String,
}

impl CaseLinks {
    pub(crate) fn new(case: &CaseId) -> CaseLinks {
        CaseLinks { tasks: format!("/case/{}/{}", case.round, encode(case.unit.as_str())) }
    }

    /// Returns the address of a page of a section, counted from 0.
    pub(crate) fn page(&self, section: &str, page: usize) -> String {
        format!("{}/{}/{}", self.tasks, encode(section), page + 1)
    }

    /// Returns what stands before the name of a variable in the address of its file.
    pub(crate) fn files(&self, section: &str) -> String {
        format!("{}/{}/file", self.tasks, encode(section))
    }

    /// Returns where a section is read through and handed in.
    pub(crate) fn section_review(&self, section: &str) -> String {
        format!("{}/{}/review", self.tasks, encode(section))
    }

    /// Returns the task list with a word about what has just been done.
    pub(crate) fn tasks_after(&self, done: &str) -> String {
        format!("{}?done={done}", self.tasks)
    }

    /// Returns where a colleague is asked to answer, with a section chosen.
    pub(crate) fn share(&self, section: Option<&str>) -> String {
        match section {
            Some(section) => format!("{}/share?section={}", self.tasks, encode(section)),
            None => format!("{}/share", self.tasks),
        }
    }

    /// Returns where one sees whose hands a section is in.
    pub(crate) fn hands(&self, section: &str) -> String {
        format!("{}/{}/hands", self.tasks, encode(section))
    }

    /// Returns the list of all units that the reader answers for.
    pub(crate) fn units(&self) -> String {
        format!("{}/units", self.tasks)
    }

    /// Returns where the whole case is read through and signed.
    pub(crate) fn review(&self) -> String {
        format!("{}/review", self.tasks)
    }

    /// Returns where what was answered last time stands beside others.
    pub(crate) fn beside(&self) -> String {
        format!("{}/beside", self.tasks)
    }

    /// Returns the address of the receipt.
    pub(crate) fn receipt(&self) -> String {
        format!("{}/receipt", self.tasks)
    }
}

/// Encodes a name for a path, a query or a fragment.
pub(crate) fn encode(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string takes everything");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_norwegian_letters_make_ascii_addresses() {
        assert_eq!(encode("språk_2"), "spr%C3%A5k_2");
        assert_eq!(encode("a/b c"), "a%2Fb%20c");
    }
}
