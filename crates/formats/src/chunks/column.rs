//! A chunk of typed columns, and the dictionaries of its keys.

use std::collections::HashMap;

use super::{Reading, Target};

/// Some rows of the columns that were asked for, in that order.
#[derive(Debug)]
pub struct Chunk {
    /// The line of the first row, from 1; of Parquet its row, from 1.
    pub line: u64,
    /// The columns, all of one length.
    pub columns: Vec<ChunkColumn>,
    pub(super) dictionaries: Vec<Dictionary>,
}

/// The cells of one column.
#[derive(Debug)]
pub enum ChunkColumn {
    /// Numbers; NaN where there is none.
    Numbers(Vec<f64>),
    /// Keys, as places in [`super::Reader::keys`].
    Keys(Vec<u32>),
}

impl Chunk {
    pub(super) fn new(targets: &[Target]) -> Chunk {
        let column = |target: &Target| match target.reading {
            Reading::Numbers => ChunkColumn::Numbers(vec![]),
            Reading::Keys => ChunkColumn::Keys(vec![]),
        };
        let dictionaries = targets.iter().map(|_| Dictionary::default()).collect();
        Chunk { line: 1, columns: targets.iter().map(column).collect(), dictionaries }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, ChunkColumn::len)
    }

    /// Forgets the rows and keeps the room they took.
    pub(super) fn clear(&mut self) {
        for column in &mut self.columns {
            match column {
                ChunkColumn::Numbers(numbers) => numbers.clear(),
                ChunkColumn::Keys(keys) => keys.clear(),
            }
        }
    }
}

impl ChunkColumn {
    fn len(&self) -> usize {
        match self {
            ChunkColumn::Numbers(numbers) => numbers.len(),
            ChunkColumn::Keys(keys) => keys.len(),
        }
    }
}

/// The texts that keys stand for.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    places: HashMap<String, u32>,
    names: Vec<String>,
    /// The keys that were given last, each where its text would be looked for first: a column has
    /// few texts as a rule, or is sorted.
    recent: Recent,
}

/// The keys that were given last.
#[derive(Debug)]
struct Recent([u32; RECENT]);

const RECENT: usize = 256;

impl Default for Recent {
    fn default() -> Recent {
        Recent([0; RECENT])
    }
}

impl Recent {
    /// Returns where the key of a text would stand. What differs between names that are counted
    /// on, `h12` and `h13`, is at their end.
    fn of(&mut self, text: &[u8]) -> &mut u32 {
        let ends = match text {
            [.., before, last] => usize::from(*before) * 10 + usize::from(*last),
            [last] => usize::from(*last),
            [] => 0,
        };
        &mut self.0[ends % RECENT]
    }
}

impl Dictionary {
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the key of a text, a new one where it was not met before.
    pub(super) fn key(&mut self, text: &str) -> u32 {
        if let Some(key) = self.recent(text.as_bytes()) {
            return key;
        }
        let key = match self.places.get(text) {
            Some(key) => *key,
            None => {
                let key = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
                self.places.insert(text.to_owned(), key);
                self.names.push(text.to_owned());
                key
            }
        };
        *self.recent.of(text.as_bytes()) = key;
        key
    }

    /// Does the same with bytes; returns `None` where they are no UTF-8.
    pub(super) fn key_of(&mut self, text: &[u8]) -> Option<u32> {
        match self.recent(text) {
            Some(key) => Some(key),
            None => Some(self.key(std::str::from_utf8(text).ok()?)),
        }
    }

    fn recent(&mut self, text: &[u8]) -> Option<u32> {
        let key = *self.recent.of(text);
        self.names.get(key as usize).is_some_and(|name| name.as_bytes() == text).then_some(key)
    }
}

/// Returns whether a cell holds nothing: empty, `NA` as R writes it, or a reason such as
/// `.not_asked` as Runde writes it.
pub(super) fn is_missing(text: &[u8]) -> bool {
    match text {
        b"" | b"NA" => true,
        [b'.', second, ..] => second.is_ascii_alphabetic(),
        _ => false,
    }
}

/// Returns the number that a cell holds.
///
/// Most numbers of surveys are short: up to fifteen digits and a point make two whole numbers that
/// doubles hold exactly, and their quotient is the nearest double, as the full parser would find.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    short_number(text).or_else(|| {
        let number: f64 = std::str::from_utf8(text).ok()?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    })
}

fn short_number(text: &[u8]) -> Option<f64> {
    // Answers are codes and truths more often than anything else.
    if let [digit @ b'0'..=b'9'] = text {
        return Some(f64::from(digit - b'0'));
    }
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut whole, mut point) = (0_u64, None);
    for (place, &byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => whole = whole * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() && digits.len() > 1 => point = Some(place),
            _ => return None,
        }
    }
    if point.is_none() && digits.len() == 16 {
        return None;
    }
    let number = match point {
        None => whole as f64,
        Some(point) => whole as f64 / TENS[digits.len() - 1 - point],
    };
    Some(if negative { -number } else { number })
}

/// The powers of ten that fifteen digits need; all are exact.
const TENS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_numbers_are_what_the_full_parser_reads(text in "-?[0-9]{0,12}\\.?[0-9]{0,6}") {
            prop_assert_eq!(number(text.as_bytes()), text.parse::<f64>().ok());
        }
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for text in ["", "-", ".", "1,5", "0x10", "inf", "NaN", "1e999", "--1", "1.2.3", "é"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(number(b" 12 "), Some(12.0));
        assert_eq!(number(b"1e3"), Some(1000.0));
    }
}
