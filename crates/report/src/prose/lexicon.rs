//! Words of quantity and change, which say something of the data as surely as a digit does: in a
//! report they come from an expression, or bear the claim that they rest on.

use std::ops::Range;

use instrument::Lang;

/// What a word says of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// How many, or how large a part.
    Quantity,
    /// First, second or last of several.
    Rank,
}

/// A word, or words, of quantity or change in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands, in bytes.
    pub(super) place: Range<usize>,
    /// What it says.
    pub(super) sense: Sense,
}

/// The words of one language; those that belong together are parted by a space, and a `*` stands for
/// any ending.
struct Lexicon {
    up: &'static [&'static str],
    down: &'static [&'static str],
    quantity: &'static [&'static str],
    rank: &'static [&'static str],
    /// What stands after a number that is a figure.
    percent: &'static [&'static str],
    /// The numbers of "tre av fire".
    numbers: &'static [&'static str],
    of: &'static [&'static str],
}

const NB: Lexicon = Lexicon {
    up: &[
        "økt",
        "økte",
        "øker",
        "økende",
        "økning",
        "økningen",
        "oppgang",
        "oppgangen",
        "steget",
        "stiger",
        "gått opp",
        "går opp",
        "gikk opp",
        "doblet",
        "dobling",
        "doblingen",
        "fordoblet",
        "tredoblet",
        "firedoblet",
        "flere enn før",
        "stadig flere",
        "flere enn sist",
        "oftere enn før",
        "mer enn før",
        "auka",
        "vokst",
        "vokste",
        "vokser",
        "vekst",
        "veksten",
        "dobler",
        "doblet seg",
        "tredobla*",
        "bratt opp",
        "kraftig opp",
    ],
    down: &[
        "nedgang",
        "nedgangen",
        "sunket",
        "synker",
        "sank",
        "gått ned",
        "går ned",
        "gikk ned",
        "halvert",
        "halvering",
        "halveringen",
        "færre enn før",
        "stadig færre",
        "færre enn sist",
        "minket",
        "minker",
        "sjeldnere enn før",
        "mindre enn før",
        "redusert",
        "reduserte",
        "reduksjon",
        "reduksjonen",
        "falt",
        "halverte",
        "bratt ned",
        "kraftig ned",
    ],
    quantity: &[
        "færre",
        "færrest",
        "færreste",
        "flest",
        "fleste",
        "flertall",
        "flertallet",
        "mindretall",
        "mindretallet",
        "halvparten",
        "majoriteten",
        "mesteparten",
        "tredjedel",
        "tredjedelen",
        "tredjedeler",
        "firedel",
        "firedelen",
        "firedeler",
        "fjerdedel",
        "fjerdedelen",
        "fjerdedeler",
        "femtedel",
        "femtedelen",
        "femtedeler",
        "tidel",
        "tidelen",
        "dobbelt",
        "langt flere",
        "mange flere",
        "nesten alle",
        "nesten ingen",
        "svært få",
        "tredel*",
        "todel*",
        "hver tredje",
        "hver fjerde",
        "hver femte",
        "hver tiende",
        "uendret",
        "like mange som før",
        "høyere enn",
        "lavere enn",
    ],
    rank: &[
        "oftest",
        "sjeldnest",
        "vanligst*",
        "best kjent*",
        "minst kjent*",
        "nest flest",
        "nest mest",
        "nest vanligst*",
        "vanskeligst*",
        "lettest",
        "høyest*",
        "lavest*",
        "mest fornøyd*",
        "minst fornøyd*",
        "størst utfordring",
        "største utfordring*",
    ],
    percent: &["prosent", "prosentpoeng"],
    numbers: &[
        "én", "en", "to", "tre", "fire", "fem", "seks", "sju", "syv", "åtte", "ni", "ti", "tjue",
        "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten",
        "tretti", "tredve", "førti", "femti", "seksti", "sytti", "åtti", "nitti", "hundre",
    ],
    of: &["av"],
};

const NN: Lexicon = Lexicon {
    up: &[
        "auka",
        "aukar",
        "aukande",
        "auken",
        "ein auke",
        "oppgang",
        "oppgangen",
        "har stige",
        "gått opp",
        "går opp",
        "gjekk opp",
        "dobla",
        "dobling",
        "doblinga",
        "fordobla",
        "tredobla",
        "firedobla",
        "fleire enn før",
        "stadig fleire",
        "fleire enn sist",
        "oftare enn før",
        "meir enn før",
        "økt",
        "vakse",
        "veks",
        "vekst",
        "veksten",
        "doblar",
        "bratt opp",
        "kraftig opp",
    ],
    down: &[
        "nedgang",
        "nedgangen",
        "har søkke",
        "gått ned",
        "går ned",
        "gjekk ned",
        "halvert",
        "halvering",
        "halveringa",
        "færre enn før",
        "stadig færre",
        "færre enn sist",
        "minka",
        "minkar",
        "sjeldnare enn før",
        "mindre enn før",
        "redusert",
        "reduserte",
        "reduksjon",
        "reduksjonen",
        "har falle",
        "fall med",
        "halverte",
        "bratt ned",
        "kraftig ned",
    ],
    quantity: &[
        "færre",
        "færrast",
        "færraste",
        "flest",
        "fleste",
        "fleirtal",
        "fleirtalet",
        "mindretal",
        "mindretalet",
        "halvparten",
        "majoriteten",
        "mesteparten",
        "tredel",
        "tredelen",
        "tredelar",
        "tredjedel",
        "tredjedelar",
        "firedel",
        "firedelen",
        "firedelar",
        "fjerdedel",
        "femtedel",
        "femtedelen",
        "femtedelar",
        "tidel",
        "tidelen",
        "dobbelt",
        "langt fleire",
        "mange fleire",
        "nesten alle",
        "nesten ingen",
        "svært få",
        "todel*",
        "kvar tredje",
        "kvar fjerde",
        "kvar femte",
        "kvar tiande",
        "uendra",
        "like mange som før",
        "høgare enn",
        "lågare enn",
    ],
    rank: &[
        "oftast",
        "sjeldnast",
        "vanlegast*",
        "best kjend*",
        "minst kjend*",
        "nest flest",
        "nest mest",
        "nest vanlegast*",
        "vanskelegast*",
        "lettast",
        "høgast*",
        "lågast*",
        "mest nøgd*",
        "minst nøgd*",
        "størst utfordring",
        "største utfordring*",
    ],
    percent: &["prosent", "prosentpoeng"],
    numbers: &[
        "éin", "ein", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "tjue",
        "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten",
        "tretti", "førti", "femti", "seksti", "sytti", "åtti", "nitti", "hundre",
    ],
    of: &["av"],
};

const EN: Lexicon = Lexicon {
    up: &[
        "increased",
        "increases",
        "increasing",
        "an increase",
        "the increase",
        "rose",
        "risen",
        "rising",
        "grew",
        "grown",
        "growth",
        "gone up",
        "went up",
        "doubled",
        "tripled",
        "quadrupled",
        "more than before",
        "more and more",
        "climbed",
        "climbing",
        "doubling",
        "sharply up",
    ],
    down: &[
        "decreased",
        "decreases",
        "decreasing",
        "a decrease",
        "the decrease",
        "declined",
        "declines",
        "decline",
        "declining",
        "fell",
        "fallen",
        "dropped",
        "gone down",
        "went down",
        "halved",
        "fewer than before",
        "fewer and fewer",
        "less than before",
        "reduced",
        "reduction",
        "shrank",
        "shrunk",
        "halving",
        "sharply down",
    ],
    quantity: &[
        "fewer",
        "fewest",
        "majority",
        "minority",
        "half",
        "most of",
        "most municipalities",
        "most say",
        "most are",
        "most have",
        "a third",
        "two thirds",
        "a quarter",
        "three quarters",
        "a fifth",
        "twice",
        "far more",
        "many more",
        "almost all",
        "nearly all",
        "hardly any",
        "very few",
        "every third",
        "every fourth",
        "every fifth",
        "one in three",
        "unchanged",
        "as many as before",
        "higher than",
        "lower than",
        "most councils",
    ],
    rank: &[
        "most often",
        "least often",
        "most common*",
        "least common*",
        "best known",
        "least known",
        "second largest",
        "second most",
        "hardest",
        "easiest",
        "highest",
        "lowest",
        "most satisfied",
        "least satisfied",
        "biggest challenge*",
        "greatest challenge*",
        "largest challenge*",
    ],
    percent: &["percent", "per cent", "percentage points"],
    numbers: &[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "twenty",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
    ],
    of: &["of", "in", "out of"],
};

impl Lexicon {
    fn of(lang: Lang) -> &'static Lexicon {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }

    /// Returns how many words a phrase of the lexicon takes up at the beginning of `words`; the
    /// longest that there is.
    fn longest(&self, words: &[String]) -> Option<(usize, Sense)> {
        let lists = [
            (self.up, Sense::Up),
            (self.down, Sense::Down),
            (self.quantity, Sense::Quantity),
            (self.rank, Sense::Rank),
        ];
        let phrases = lists.iter().flat_map(|(list, sense)| list.iter().map(|p| (*p, *sense)));
        let fits = phrases.filter_map(|(phrase, sense)| Some((starts(words, phrase)?, sense)));
        fits.chain(self.part(words)).max_by_key(|(length, _)| *length)
    }

    /// "tre av fire", "three out of four", "førti prosent".
    fn part(&self, words: &[String]) -> Option<(usize, Sense)> {
        let number =
            |word: Option<&String>| word.is_some_and(|w| self.numbers.contains(&w.as_str()));
        if !number(words.first()) {
            return None;
        }
        let rest = words.get(1..)?;
        let percent = self.percent.iter().filter_map(|percent| starts(rest, percent)).max();
        let of = self.of.iter().filter_map(|of| starts(rest, of)).max();
        let of = of.filter(|between| number(words.get(1 + between))).map(|between| between + 1);
        Some((1 + percent.max(of)?, Sense::Quantity))
    }
}

/// Returns how many words a phrase has, where `words` begin with it.
fn starts(words: &[String], phrase: &str) -> Option<usize> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    let begin = words.get(..wanted.len())?;
    let is = |(word, wanted): (&String, &&str)| match wanted.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == wanted,
    };
    begin.iter().zip(&wanted).all(is).then_some(wanted.len())
}

/// Finds the words of quantity and change in a text.
pub(super) fn find(text: &str, lang: Lang) -> Vec<Found> {
    let places = words(text);
    let lower: Vec<String> =
        places.iter().map(|place| text[place.clone()].to_lowercase()).collect();
    let lexicon = Lexicon::of(lang);
    let (mut found, mut at) = (vec![], 0);
    while at < lower.len() {
        match lexicon.longest(&lower[at..]) {
            Some((length, sense)) => {
                let place = places[at].start..places[at + length - 1].end;
                found.push(Found { place, sense });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Returns the places of the words of a text.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = vec![];
    let mut begin = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begin, letter.is_alphanumeric()) {
            (None, true) => begin = Some(at),
            (Some(start), false) => {
                places.push(start..at);
                begin = None;
            }
            (Some(_), true) | (None, false) => {}
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_quantity_and_change_are_found_whole() {
        for (lang, text, expected) in [
            ("nb", "Andelen er doblet.", "doblet"),
            ("nb", "Stadig flere har planer", "Stadig flere"),
            ("nb", "Staten har flere tilbud", ""),
            ("nb", "tiltak for å øke mangfoldet", ""),
            ("nb", "Tre av fire sier ja; flertallet", "Tre av fire|flertallet"),
            ("nb", "Det er færre enn før", "færre enn før"),
            ("nb", "en av dem", ""),
            ("nn", "Talet har auka til fleirtalet", "auka|fleirtalet"),
            ("nn", "å auke mangfaldet", ""),
            ("en", "The most common answer; most say yes", "most common|most say"),
            ("en", "Three out of four; a decline", "Three out of four|decline"),
            ("en", "to increase diversity", ""),
            ("nb", "Førti prosent av kommunene", "Førti prosent"),
            ("nb", "tolv av femten, og hver tredje bydel", "tolv av femten|hver tredje"),
            ("nb", "Boliger er den vanligste utfordringen", "vanligste"),
            ("nb", "for å redusere ventetiden; tallet er redusert", "redusert"),
            ("nn", "Best kjende er laget; det har vakse", "Best kjende|vakse"),
            ("en", "Sixty-five percent; the hardest", "five percent|hardest"),
            ("en", "The second largest group", "second largest"),
        ] {
            let found = find(text, lang.parse().unwrap());
            let words: Vec<&str> = found.iter().map(|found| &text[found.place.clone()]).collect();
            assert_eq!(words.join("|"), expected, "{text}");
        }
    }
}
