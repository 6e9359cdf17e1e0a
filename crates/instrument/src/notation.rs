//! How a language writes numbers, days and lists: the one place for it, whoever writes.

use jiff::civil::Date;

use crate::Lang;

/// How a language writes numbers, days and lists.
#[derive(Debug)]
pub struct Notation {
    lang: Lang,
    decimal_sign: &'static str,
    thousands_sign: &'static str,
    /// Numbers of this many digits and more are grouped by three.
    grouped_from: usize,
    and: &'static str,
    /// What stands after the number of a day.
    after_day: &'static str,
    months: [&'static str; 12],
    /// From none to twelve.
    counts: [&'static str; 13],
    /// From first to twelfth.
    places: [&'static str; 12],
}

impl Notation {
    /// Bokmål.
    pub const NB: Notation = Notation {
        lang: Lang::NB,
        decimal_sign: ",",
        thousands_sign: "\u{a0}",
        grouped_from: 5,
        and: "og",
        after_day: ".",
        months: [
            "januar",
            "februar",
            "mars",
            "april",
            "mai",
            "juni",
            "juli",
            "august",
            "september",
            "oktober",
            "november",
            "desember",
        ],
        counts: [
            "ingen", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve",
            "tolv",
        ],
        places: [
            "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende",
            "niende", "tiende", "ellevte", "tolvte",
        ],
    };

    /// Nynorsk.
    pub const NN: Notation = Notation {
        lang: Lang::NN,
        counts: [
            "ingen", "éin", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti",
            "elleve", "tolv",
        ],
        places: [
            "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuande", "åttande",
            "niande", "tiande", "ellevte", "tolvte",
        ],
        ..Notation::NB
    };

    /// English.
    pub const EN: Notation = Notation {
        lang: Lang::EN,
        decimal_sign: ".",
        thousands_sign: ",",
        grouped_from: 4,
        and: "and",
        after_day: "",
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        counts: [
            "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ],
        places: [
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
            "tenth", "eleventh", "twelfth",
        ],
    };

    /// Returns the notation of a language; `None` where it is not known here.
    pub fn of(lang: Lang) -> Option<&'static Notation> {
        [&Notation::NB, &Notation::NN, &Notation::EN]
            .into_iter()
            .find(|notation| notation.lang == lang)
    }

    /// Returns the notation of a language; for numbers in one that is not known here, that of most
    /// languages of Europe: a decimal comma, and groups of three with a space between.
    pub fn of_numbers(lang: Lang) -> &'static Notation {
        Notation::of(lang).unwrap_or(&Notation::NB)
    }

    /// Returns a whole number with its thousands apart: "12 345".
    pub fn whole(&self, number: i64) -> String {
        self.written(&number.to_string())
    }

    /// Returns how many there are of something.
    pub fn count(&self, count: usize) -> String {
        self.written(&count.to_string())
    }

    /// Returns a number with this many decimals: "12 345,60".
    pub fn decimal(&self, number: f64, decimals: usize) -> String {
        self.written(&format!("{number:.decimals$}"))
    }

    /// Returns a number with as many decimals as it has, six at most.
    pub fn number(&self, number: f64) -> String {
        let fixed = format!("{number:.6}");
        self.written(fixed.trim_end_matches('0').trim_end_matches('.'))
    }

    /// Returns how many there are, in words up to twelve, as running text has it.
    pub fn count_in_words(&self, count: usize) -> String {
        self.counts.get(count).map_or_else(|| self.count(count), |word| (*word).to_owned())
    }

    /// Returns a place in words up to the twelfth: "andre", "second"; `None` above.
    pub fn place_in_words(&self, place: usize) -> Option<&'static str> {
        place.checked_sub(1).and_then(|index| self.places.get(index)).copied()
    }

    /// Returns a day: "2. oktober 2023".
    pub fn day(&self, day: Date) -> String {
        format!("{} {}", self.day_of_year(day), day.year())
    }

    /// Returns a day of a year that is known: "2. oktober".
    pub fn day_of_year(&self, day: Date) -> String {
        format!("{}{} {}", day.day(), self.after_day, self.month(day))
    }

    /// Returns the month of a day.
    pub fn month(&self, day: Date) -> &'static str {
        self.months[usize::from(day.month().unsigned_abs()) - 1]
    }

    /// Returns what stands before element `place` of a list of `all`: "", ", " or " og ".
    pub fn joint(&self, place: usize, all: usize) -> String {
        match place {
            0 => String::new(),
            _ if place + 1 == all => format!(" {} ", self.and),
            _ => ", ".to_owned(),
        }
    }

    /// Sets the digits of a number in the signs of the language. What is rounded to nothing has no
    /// minus.
    fn written(&self, digits: &str) -> String {
        let negative = digits.starts_with('-') && digits.contains(|sign| matches!(sign, '1'..='9'));
        let digits = digits.trim_start_matches('-');
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let mut written = if negative { "\u{2212}".to_owned() } else { String::new() };
        for (place, digit) in whole.chars().enumerate() {
            let left = whole.len() - place;
            if place > 0 && left.is_multiple_of(3) && whole.len() >= self.grouped_from {
                written.push_str(self.thousands_sign);
            }
            written.push(digit);
        }
        if !decimals.is_empty() {
            written.push_str(self.decimal_sign);
            written.push_str(decimals);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notation(code: &str) -> &'static Notation {
        Notation::of(code.parse().unwrap()).unwrap()
    }

    #[test]
    fn numbers_follow_the_language() {
        // Språkrådet: decimal comma, groups of three from 10 000 with a space that does not break.
        for (lang, number, written) in [
            ("nb", 1234.0, "1234"),
            ("nb", 59_198.0, "59\u{a0}198"),
            ("nn", 1_234_567.5, "1\u{a0}234\u{a0}567,5"),
            ("en", 1234.25, "1,234.25"),
            ("nb", -3.0, "−3"),
            ("en", -1_234_567.0, "−1,234,567"),
            ("nb", 0.0, "0"),
            ("nb", 100.0, "100"),
        ] {
            assert_eq!(notation(lang).number(number), written, "{lang} {number}");
        }
        assert_eq!(notation("nb").decimal(-0.0004, 3), "0,000");
        assert_eq!(notation("nb").decimal(-1.5, 1), "−1,5");
        assert_eq!(notation("nn").decimal(12_345.6, 1), "12\u{a0}345,6");
        assert_eq!(notation("en").whole(1_300), "1,300");
    }

    #[test]
    fn numbers_up_to_twelve_are_words() {
        for (lang, count, expected) in [
            ("nb", 7, "sju"),
            ("nn", 1, "éin"),
            ("en", 12, "twelve"),
            ("nb", 13, "13"),
            ("en", 1300, "1,300"),
            ("nb", 0, "ingen"),
        ] {
            assert_eq!(notation(lang).count_in_words(count), expected);
        }
        assert_eq!(notation("nb").place_in_words(2), Some("andre"));
        assert_eq!(notation("nn").place_in_words(9), Some("niande"));
        let beyond = [0, 13].map(|place| notation("en").place_in_words(place));
        assert_eq!(beyond, [None, None]);
    }

    #[test]
    fn days_and_lists_are_written_out() {
        let day = jiff::civil::date(2023, 10, 2);
        assert_eq!(notation("nb").day(day), "2. oktober 2023");
        assert_eq!(notation("en").day(day), "2 October 2023");
        assert_eq!(notation("nn").day_of_year(day), "2. oktober");
        let list = |lang: &str, all: &[&str]| -> String {
            let parts = all.iter().enumerate();
            parts.map(|(place, part)| notation(lang).joint(place, all.len()) + part).collect()
        };
        assert_eq!(list("nb", &["a"]), "a");
        assert_eq!(list("nn", &["a", "b"]), "a og b");
        assert_eq!(list("en", &["a", "b", "c"]), "a, b and c");
    }
}
