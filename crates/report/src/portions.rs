//! Parts in words: about how large a part a percentage is.

use instrument::Lang;

use crate::words::Words;

/// The parts of one language in words.
struct Portions {
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

const NB: Portions = Portions {
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

const NN: Portions = Portions {
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

const EN: Portions = Portions {
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

impl Portions {
    fn of(lang: Lang) -> &'static Portions {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }
}

/// Returns about how large a part a percentage is: "litt over halvparten". Within half a percentage
/// point it is the part itself, otherwise nearly so much or a little over.
pub(crate) fn portion(percent: f64, words: &Words) -> String {
    let portions = Portions::of(words.lang);
    if percent < 2.5 {
        return portions.hardly_any.to_owned();
    }
    if percent >= 97.0 {
        return portions.almost_all.to_owned();
    }
    let distance = |part: f64| (percent - part).abs();
    let nearest = PARTS.iter().enumerate().min_by(|a, b| distance(*a.1).total_cmp(&distance(*b.1)));
    let (index, part) = nearest.map_or((0, PARTS[0]), |(index, part)| (index, *part));
    let name = portions.parts[index];
    if distance(part) <= 0.5 {
        name.to_owned()
    } else if percent < part {
        format!("{} {name}", portions.nearly)
    } else {
        format!("{} {name}", portions.a_little_over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(code: &str) -> &'static Words {
        Words::of(code.parse().unwrap()).unwrap()
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
