//! The words of a table, in each language.

use estimate::Verdict;
use instrument::{Lang, RoundId};

/// The fixed words of a table.
pub(super) struct Words {
    pub(super) all: &'static str,
    pub(super) percent: &'static str,
    pub(super) mean: &'static str,
    pub(super) total: &'static str,
    pub(super) interval: &'static str,
    pub(super) before: &'static str,
    pub(super) change: &'static str,
    pub(super) withheld: &'static str,
    pub(super) nobody: &'static str,
    /// Up, down, about the same and not possible to say.
    verdicts: [&'static str; 4],
}

const ENGLISH: Words = Words {
    all: "All",
    percent: "percent",
    mean: "mean",
    total: "total",
    interval: "95 % interval",
    before: "before",
    change: "change",
    withheld: ": = withheld for confidentiality",
    nobody: ". = nobody to tell of",
    verdicts: ["up", "down", "about the same", "not possible to say"],
};

const BOKMAL: Words = Words {
    all: "Alle",
    percent: "prosent",
    mean: "snitt",
    total: "sum",
    interval: "95 % intervall",
    before: "sist",
    change: "endring",
    withheld: ": = vises ikke av hensyn til konfidensialitet",
    nobody: ". = ingen å fortelle om",
    verdicts: ["opp", "ned", "om lag uendret", "ikke mulig å si"],
};

const NYNORSK: Words = Words {
    all: "Alle",
    percent: "prosent",
    mean: "snitt",
    total: "sum",
    interval: "95 % intervall",
    before: "sist",
    change: "endring",
    withheld: ": = blir ikkje vist av omsyn til konfidensialitet",
    nobody: ". = ingen å fortelje om",
    verdicts: ["opp", "ned", "om lag uendra", "ikkje mogleg å seie"],
};

/// What a reader must know of all figures of a table.
pub(super) struct Told {
    pub(super) round: RoundId,
    pub(super) answered: usize,
    pub(super) invited: usize,
    pub(super) weighted: bool,
    pub(super) of_population: bool,
    pub(super) simulated: bool,
    /// The first signs of the hash of the data.
    pub(super) hash: String,
}

impl Words {
    /// Returns the words of a language, English where there are none.
    pub(super) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::NB => &BOKMAL,
            Lang::NN => &NYNORSK,
            _ => &ENGLISH,
        }
    }

    pub(super) fn verdict(&self, verdict: Verdict) -> &'static str {
        let [up, down, same, unclear] = self.verdicts;
        match verdict {
            Verdict::Up => up,
            Verdict::Down => down,
            Verdict::Same => same,
            Verdict::Unclear => unclear,
        }
    }
}

/// Returns the notes under a table.
pub(super) fn notes(lang: Lang, told: &Told) -> Vec<String> {
    let Told { round, answered, invited, hash, .. } = told;
    let (counts, weights, shares, simulated) = match lang {
        Lang::NB => (
            format!("Runde {round}: {answered} av {invited} svarte. Datasett {hash}."),
            ["Uvektet: hver som svarte, teller likt.", "Vektet for frafall."],
            "Andelene er av folketallet i kommunene og bydelene.",
            "Simulerte svar: tallene sier ingenting om virkelige kommuner og bydeler.",
        ),
        Lang::NN => (
            format!("Runde {round}: {answered} av {invited} svarte. Datasett {hash}."),
            ["Uvekta: alle som svarte, tel likt.", "Vekta for fråfall."],
            "Delane er av folketalet i kommunane og bydelane.",
            "Simulerte svar: tala seier ingenting om verkelege kommunar og bydelar.",
        ),
        _ => (
            format!("Round {round}: {answered} of {invited} answered. Data set {hash}."),
            ["Unweighted: everyone who answered counts as one.", "Weighted for nonresponse."],
            "Shares are of the people who live in the units.",
            "Simulated answers: the figures say nothing about real units.",
        ),
    };
    let mut notes = vec![counts, weights[usize::from(told.weighted)].to_owned()];
    notes.extend(told.of_population.then(|| shares.to_owned()));
    notes.extend(told.simulated.then(|| simulated.to_owned()));
    notes
}
