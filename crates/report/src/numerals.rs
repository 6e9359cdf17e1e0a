//! Numbers in words: how many, which place, and about how large a part.

use instrument::Lang;

use crate::words::Words;

/// The numbers of one language in words.
struct Numerals {
    /// From none to twelve; larger numbers are written with digits.
    counts: [&'static str; 13],
    /// From first to twelfth.
    places: [&'static str; 12],
    /// Simple parts in the order of [`PARTS`].
    parts: [&'static str; 13],
    nearly: &'static str,
    a_little_over: &'static str,
    almost_all: &'static str,
    hardly_any: &'static str,
}

/// The simple parts, in percent.
const PARTS: [f64; 13] =
    [5.0, 10.0, 20.0, 25.0, 100.0 / 3.0, 40.0, 50.0, 60.0, 200.0 / 3.0, 75.0, 80.0, 90.0, 95.0];

const NB: Numerals = Numerals {
    counts: [
        "ingen", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve",
        "tolv",
    ],
    places: [
        "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende", "niende",
        "tiende", "ellevte", "tolvte",
    ],
    parts: [
        "én av tjue",
        "én av ti",
        "én av fem",
        "én av fire",
        "én av tre",
        "to av fem",
        "halvparten",
        "tre av fem",
        "to av tre",
        "tre av fire",
        "fire av fem",
        "ni av ti",
        "nitten av tjue",
    ],
    nearly: "nesten",
    a_little_over: "litt over",
    almost_all: "nesten alle",
    hardly_any: "nesten ingen",
};

const NN: Numerals = Numerals {
    counts: [
        "ingen", "éin", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve",
        "tolv",
    ],
    places: [
        "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuande", "åttande", "niande",
        "tiande", "ellevte", "tolvte",
    ],
    parts: [
        "éin av tjue",
        "éin av ti",
        "éin av fem",
        "éin av fire",
        "éin av tre",
        "to av fem",
        "halvparten",
        "tre av fem",
        "to av tre",
        "tre av fire",
        "fire av fem",
        "ni av ti",
        "nitten av tjue",
    ],
    nearly: "nesten",
    a_little_over: "litt over",
    almost_all: "nesten alle",
    hardly_any: "nesten ingen",
};

const EN: Numerals = Numerals {
    counts: [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ],
    places: [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ],
    parts: [
        "one in twenty",
        "one in ten",
        "one in five",
        "one in four",
        "one in three",
        "two in five",
        "half",
        "three in five",
        "two in three",
        "three in four",
        "four in five",
        "nine in ten",
        "nineteen in twenty",
    ],
    nearly: "nearly",
    a_little_over: "just over",
    almost_all: "almost all",
    hardly_any: "hardly any",
};

impl Numerals {
    fn of(lang: Lang) -> &'static Numerals {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }
}

/// Returns how many in words up to twelve, as running text has it, and in digits above.
pub(crate) fn count(count: usize, words: &Words) -> String {
    let numerals = Numerals::of(words.lang);
    numerals.counts.get(count).map_or_else(|| words.count(count), |word| (*word).to_owned())
}

/// Returns a place in words up to the twelfth: "andre", "second"; `None` above.
pub(crate) fn place(place: usize, words: &Words) -> Option<&'static str> {
    let numerals = Numerals::of(words.lang);
    place.checked_sub(1).and_then(|index| numerals.places.get(index)).copied()
}

/// Returns about how large a part a percentage is: "litt over halvparten". Within half a percentage
/// point it is the part itself, otherwise nearly so much or a little over.
pub(crate) fn portion(percent: f64, words: &Words) -> String {
    let numerals = Numerals::of(words.lang);
    if percent < 2.5 {
        return numerals.hardly_any.to_owned();
    }
    if percent >= 97.0 {
        return numerals.almost_all.to_owned();
    }
    let distance = |part: f64| (percent - part).abs();
    let nearest = PARTS.iter().enumerate().min_by(|a, b| distance(*a.1).total_cmp(&distance(*b.1)));
    let (index, part) = nearest.map_or((0, PARTS[0]), |(index, part)| (index, *part));
    let name = numerals.parts[index];
    if distance(part) <= 0.5 {
        name.to_owned()
    } else if percent < part {
        format!("{} {name}", numerals.nearly)
    } else {
        format!("{} {name}", numerals.a_little_over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(code: &str) -> &'static Words {
        Words::of(code.parse().unwrap()).unwrap()
    }

    #[test]
    fn numbers_up_to_twelve_are_words() {
        for (lang, n, expected) in [
            ("nb", 7, "sju"),
            ("nn", 1, "éin"),
            ("en", 12, "twelve"),
            ("nb", 13, "13"),
            ("en", 1300, "1,300"),
            ("nb", 0, "ingen"),
        ] {
            assert_eq!(count(n, words(lang)), expected);
        }
        assert_eq!(place(2, words("nb")), Some("andre"));
        assert_eq!(place(9, words("nn")), Some("niande"));
        assert_eq!((place(0, words("en")), place(13, words("en"))), (None, None));
    }

    #[test]
    fn parts_never_say_more_than_the_percentage() {
        for (percent, nb, en) in [
            (50.2, "halvparten", "half"),
            (53.9, "litt over halvparten", "just over half"),
            (48.0, "nesten halvparten", "nearly half"),
            (65.0, "nesten to av tre", "nearly two in three"),
            (36.5, "litt over én av tre", "just over one in three"),
            (19.8, "én av fem", "one in five"),
            (1.0, "nesten ingen", "hardly any"),
            (99.0, "nesten alle", "almost all"),
        ] {
            assert_eq!(portion(percent, words("nb")), nb);
            assert_eq!(portion(percent, words("en")), en);
        }
    }
}
