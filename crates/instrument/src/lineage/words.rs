//! What was said in other words, word by word.

use crate::RoundId;

/// Words that follow each other in two wordings of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// They stand in both, or are years that follow their rounds.
    Same(String),
    /// They stood in the earlier wording only.
    Removed(String),
    /// They stand in the later wording only.
    Added(String),
}

/// The most pairs of words that are held against each other. Two paragraphs of a thousand words
/// are within it; of longer texts everything between their first and last difference is exchanged.
const MOST_PAIRS: usize = 1 << 20;

/// A word of a wording.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    written: &'a str,
    /// The round that it was written for.
    round: RoundId,
}

impl<'a> Word<'a> {
    /// Cuts a text of a round into words.
    pub(super) fn all(text: &'a str, round: RoundId) -> Vec<Word<'a>> {
        text.split_whitespace().map(|written| Word { written, round }).collect()
    }

    /// Whether two words are the same: letter by letter, or because their years follow the rounds,
    /// as in "so far in 2025".
    pub(super) fn same(self, other: Word<'_>) -> bool {
        self.written == other.written
            || self.written.contains(|c: char| c.is_ascii_digit())
                && self.told_from_round() == other.told_from_round()
    }

    /// The word with its years told from the round's: "2025" is "+0" in the round of 2025.
    fn told_from_round(self) -> String {
        let parts = self.written.split_inclusive(|c: char| !c.is_ascii_digit());
        parts
            .map(|part| {
                let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
                match digits.parse::<RoundId>() {
                    Ok(year) => {
                        let offset = i32::from(year.year()) - i32::from(self.round.year());
                        format!("{offset:+}{}", &part[digits.len()..])
                    }
                    Err(_) => part.to_owned(),
                }
            })
            .collect()
    }
}

/// Returns the way from one wording to the other that keeps the most words.
pub(super) fn compare(old: &[Word<'_>], new: &[Word<'_>]) -> Vec<Run> {
    let same = |(old, new): &(&Word<'_>, &Word<'_>)| old.same(**new);
    let start = old.iter().zip(new).take_while(same).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(same).count();
    let (old_end, new_end) = (old.len() - end, new.len() - end);
    let mut runs = Runs::default();
    runs.extend(Run::Same, &new[..start]);
    let (mut from, mut to) = (start, start);
    for (in_old, in_new) in longest_common(&old[start..old_end], &new[start..new_end]) {
        runs.extend(Run::Removed, &old[from..start + in_old]);
        runs.extend(Run::Added, &new[to..start + in_new]);
        runs.extend(Run::Same, &new[start + in_new..=start + in_new]);
        (from, to) = (start + in_old + 1, start + in_new + 1);
    }
    runs.extend(Run::Removed, &old[from..old_end]);
    runs.extend(Run::Added, &new[to..new_end]);
    runs.extend(Run::Same, &new[new_end..]);
    runs.0
}

/// Runs that grow at their end.
#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    /// Adds words to the last run where that is of the same sort, otherwise as a new run.
    fn extend(&mut self, run: fn(String) -> Run, words: &[Word<'_>]) {
        if words.is_empty() {
            return;
        }
        let words: Vec<&str> = words.iter().map(|word| word.written).collect();
        let words = words.join(" ");
        let new = run(words.clone());
        match (self.0.last_mut(), &new) {
            (Some(Run::Same(text)), Run::Same(_))
            | (Some(Run::Removed(text)), Run::Removed(_))
            | (Some(Run::Added(text)), Run::Added(_)) => {
                text.push(' ');
                text.push_str(&words);
            }
            (None | Some(Run::Same(_) | Run::Removed(_) | Run::Added(_)), _) => self.0.push(new),
        }
    }
}

/// Returns the places of a longest common subsequence in both, in order.
fn longest_common(old: &[Word<'_>], new: &[Word<'_>]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return vec![];
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i].same(new[j]) {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut places) = (0, 0, vec![]);
    while i < old.len() && j < new.len() {
        if old[i].same(new[j]) {
            places.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn diff(before: &str, now: &str) -> Vec<Run> {
        let [old, new] = [2021, 2023].map(|year| RoundId::new(year).unwrap());
        compare(&Word::all(before, old), &Word::all(now, new))
    }

    /// Shows runs as `git diff --word-diff` does.
    fn shown(runs: &[Run]) -> String {
        let words: Vec<String> = runs
            .iter()
            .map(|run| match run {
                Run::Same(text) => text.clone(),
                Run::Removed(text) => format!("[-{text}-]"),
                Run::Added(text) => format!("{{+{text}+}}"),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn only_the_words_that_differ_are_exchanged() {
        for (before, now, expected) in [
            ("a b c", "a b c", "a b c"),
            ("", "a b", "{+a b+}"),
            ("a b", "", "[-a b-]"),
            ("a b c", "a x c", "a [-b-] {+x+} c"),
            // "b" and "d" are kept; one comes before, one goes between, one comes after.
            ("b c d", "a b d e", "{+a+} b [-c-] d {+e+}"),
            ("a a b", "a b", "a [-a-] b"),
            // A year that follows the round, and one that is the same in both.
            ("i 2021, og 2020", "i 2023, og 2020", "i 2023, og 2020"),
            ("i 2021", "i 2024", "i [-2021-] {+2024+}"),
        ] {
            assert_eq!(shown(&diff(before, now)), expected, "{before:?} -> {now:?}");
        }
    }

    #[test]
    fn long_texts_are_exchanged_between_their_ends() {
        let words = |first: usize| {
            let middle: Vec<String> = (first..first + 2000).map(|i| i.to_string()).collect();
            format!("a {} z", middle.join(" "))
        };
        let runs = diff(&words(0), &words(1));
        assert!(matches!(&runs[..], [Run::Same(a), Run::Removed(_), Run::Added(_), Run::Same(z)]
            if a == "a" && z == "z"));
    }

    proptest! {
        #[test]
        fn both_wordings_can_be_read_out_of_the_runs(
            before in prop::collection::vec("[a-c]", 0..9),
            now in prop::collection::vec("[a-c]", 0..9),
        ) {
            let (mut old, mut new): (Vec<String>, Vec<String>) = (vec![], vec![]);
            for run in diff(&before.join(" "), &now.join(" ")) {
                match run {
                    Run::Same(text) => {
                        old.push(text.clone());
                        new.push(text);
                    }
                    Run::Removed(text) => old.push(text),
                    Run::Added(text) => new.push(text),
                }
            }
            prop_assert_eq!(old.join(" "), before.join(" "));
            prop_assert_eq!(new.join(" "), now.join(" "));
        }
    }
}
