//! The words that Runde itself writes, in each language: numbers, percentages, change, enumerations.

use estimate::Verdict;
use instrument::plural::{Form, form, rules};
use instrument::{Lang, Notation};

use crate::chart::ChartWords;
use crate::figures::{ChangeFigure, Contrast, Figure, Measure};

/// A space that no line breaks at.
pub(crate) const HARD_SPACE: &str = "\u{a0}";

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The language.
    pub(crate) lang: Lang,
    /// The name of the language, in the language.
    pub(crate) name: &'static str,
    before_percent_sign: &'static str,
    percent: &'static str,
    /// Percentage points, one and many.
    points: (&'static str, &'static str),
    quotes: (&'static str, &'static str),
    /// Between the ends of an interval that may be negative.
    to: &'static str,
    change: ChangeWords,
    /// What groups of units are called.
    pub(crate) groups: GroupWords,
    /// Where a reader finds what must be known to compare two rounds.
    pub(crate) see_note: &'static str,
    /// What charts say.
    pub(crate) chart: ChartWords,
}

/// What groups of units are called, and how one stands to another. `{group}` and `{other}` are filled
/// in.
#[derive(Debug)]
pub(crate) struct GroupWords {
    /// Municipalities as a group.
    pub(crate) municipalities: &'static str,
    /// Districts as a group.
    pub(crate) districts: &'static str,
    /// A KOSTRA group, before its number.
    kostra: &'static str,
    /// A class of centrality, before its number.
    pub(crate) centrality: &'static str,
    most_central: &'static str,
    least_central: &'static str,
    /// A group that is told by its title.
    titled: &'static str,
    higher: &'static str,
    lower: &'static str,
    alike: &'static str,
    unclear: &'static str,
}

/// Words for change. `{before}` and `{since}` are filled in.
#[derive(Debug)]
struct ChangeWords {
    up: &'static str,
    down: &'static str,
    same: &'static str,
    unclear: &'static str,
    /// The verdict alone, as a chart or table says it.
    short: [&'static str; 4],
}

const NB: Words = Words {
    lang: Lang::NB,
    name: "Bokmål",
    before_percent_sign: HARD_SPACE,
    percent: "prosent",
    points: ("prosentpoeng", "prosentpoeng"),
    quotes: ("«", "»"),
    to: "til",
    change: ChangeWords {
        up: "opp fra {before} i {since}",
        down: "ned fra {before} i {since}",
        same: "om lag på samme nivå som i {since} ({before})",
        unclear: "– det er ikke mulig å si om andelen er endret fra {since} ({before})",
        short: ["opp", "ned", "om lag uendret", "ikke mulig å si"],
    },
    groups: GroupWords {
        municipalities: "kommunene",
        districts: "bydelene",
        kostra: "KOSTRA-gruppe",
        centrality: "sentralitetsklasse",
        most_central: "mest sentral",
        least_central: "minst sentral",
        titled: "gruppen {title}",
        higher: "høyere enn i {group} ({other})",
        lower: "lavere enn i {group} ({other})",
        alike: "om lag som i {group} ({other})",
        unclear: "– det er ikke mulig å si om det er annerledes i {group} ({other})",
    },
    see_note: "(se merknad)",
    chart: ChartWords {
        share: "Andel",
        interval: "95\u{a0}% konfidensintervall",
        answers: "Antall svar",
        change: "Endring",
        difference: "Prosentpoeng",
        percent: "Prosent",
        whiskers: "Strekene er 95\u{a0}% konfidensintervall",
        whole: "Hele landet",
        not_shown: "vises ikke av hensyn til konfidensialitet",
        impossible: "tall kan ikke forekomme",
        mean: "Gjennomsnitt",
        median: "Median",
        neither: "Ingen av delene",
    },
};

const NN: Words = Words {
    lang: Lang::NN,
    name: "Nynorsk",
    change: ChangeWords {
        up: "opp frå {before} i {since}",
        down: "ned frå {before} i {since}",
        same: "om lag på same nivå som i {since} ({before})",
        unclear: "– det er ikkje mogleg å seie om delen er endra frå {since} ({before})",
        short: ["opp", "ned", "om lag uendra", "ikkje mogleg å seie"],
    },
    groups: GroupWords {
        municipalities: "kommunane",
        districts: "bydelane",
        kostra: "KOSTRA-gruppe",
        centrality: "sentralitetsklasse",
        most_central: "mest sentral",
        least_central: "minst sentral",
        titled: "gruppa {title}",
        higher: "høgare enn i {group} ({other})",
        lower: "lågare enn i {group} ({other})",
        alike: "om lag som i {group} ({other})",
        unclear: "– det er ikkje mogleg å seie om det er annleis i {group} ({other})",
    },
    see_note: "(sjå merknad)",
    chart: ChartWords {
        share: "Del",
        interval: "95\u{a0}% konfidensintervall",
        answers: "Tal på svar",
        change: "Endring",
        difference: "Prosentpoeng",
        percent: "Prosent",
        whiskers: "Strekane er 95\u{a0}% konfidensintervall",
        whole: "Heile landet",
        not_shown: "blir ikkje vist av omsyn til konfidensialitet",
        impossible: "tal kan ikkje førekome",
        mean: "Gjennomsnitt",
        median: "Median",
        neither: "Ingen av delane",
    },
    ..NB
};

const EN: Words = Words {
    lang: Lang::EN,
    name: "English",
    before_percent_sign: "",
    percent: "percent",
    points: ("percentage point", "percentage points"),
    quotes: ("“", "”"),
    to: "to",
    change: ChangeWords {
        up: "up from {before} in {since}",
        down: "down from {before} in {since}",
        same: "about the same level as in {since} ({before})",
        unclear: "– it is not possible to say whether the share has changed since {since} ({before})",
        short: ["up", "down", "about the same", "not possible to say"],
    },
    groups: GroupWords {
        municipalities: "the municipalities",
        districts: "the districts",
        kostra: "KOSTRA group",
        centrality: "centrality class",
        most_central: "most central",
        least_central: "least central",
        titled: "the group {title}",
        higher: "higher than in {group} ({other})",
        lower: "lower than in {group} ({other})",
        alike: "about the same as in {group} ({other})",
        unclear: "– it is not possible to say whether it differs from {group} ({other})",
    },
    see_note: "(see note)",
    chart: ChartWords {
        share: "Share",
        interval: "95% confidence interval",
        answers: "Answers",
        change: "Change",
        difference: "Percentage points",
        percent: "Percent",
        whiskers: "The lines are 95% confidence intervals",
        whole: "Whole country",
        not_shown: "not shown for reasons of confidentiality",
        impossible: "not applicable",
        mean: "Mean",
        median: "Median",
        neither: "Neither",
    },
};

impl Words {
    /// Returns the words of a language; `None` where Runde does not have them.
    pub(crate) fn of(lang: Lang) -> Option<&'static Words> {
        [&NB, &NN, &EN].into_iter().find(|words| words.lang == lang)
    }

    /// Returns the words that stand in for those of a language that Runde does not have.
    pub(crate) fn english() -> &'static Words {
        &EN
    }

    /// Returns a whole number with its thousands apart.
    pub(crate) fn whole(&self, number: i64) -> String {
        self.notation().whole(number)
    }

    /// Returns how many there are of something.
    pub(crate) fn count(&self, count: usize) -> String {
        self.notation().count(count)
    }

    /// Returns a number with this many decimals.
    pub(crate) fn decimal(&self, number: f64, decimals: usize) -> String {
        self.notation().decimal(number, decimals)
    }

    /// Returns a figure as running text says it: "65 prosent", "9,4".
    pub(crate) fn figure(&self, figure: &Figure) -> String {
        match figure.measure {
            Measure::Share | Measure::ResponseRate => {
                format!("{}{HARD_SPACE}{}", self.whole(figure.rounded() as i64), self.percent)
            }
            Measure::Mean | Measure::Median => self.number(figure),
            Measure::Net => {
                let points = figure.rounded();
                let unit = match form(&rules(self.lang), points) {
                    Form::One => self.points.0,
                    Form::Zero | Form::Two | Form::Few | Form::Many | Form::Other => self.points.1,
                };
                format!("{}{HARD_SPACE}{unit}", self.whole(points as i64))
            }
        }
    }

    /// Returns a mean with one decimal, and a median with none where it is a whole number, as most
    /// answers are.
    fn number(&self, figure: &Figure) -> String {
        let rounded = figure.rounded();
        let whole = figure.measure == Measure::Median && rounded.fract() == 0.0;
        if whole { self.whole(rounded as i64) } else { self.decimal(rounded, 1) }
    }

    /// Returns a figure as charts and tables say it: "65 %", "9,4".
    pub(crate) fn short_figure(&self, figure: &Figure) -> String {
        match figure.measure {
            Measure::Share | Measure::ResponseRate => self.percent_sign(figure.rounded()),
            Measure::Mean | Measure::Median => self.number(figure),
            Measure::Net => {
                let sign = if figure.rounded() > 0.0 { "+" } else { "" };
                format!("{sign}{}", self.whole(figure.rounded() as i64))
            }
        }
    }

    /// Returns whole percents with the sign: "65 %", in English "65%".
    pub(crate) fn percent_sign(&self, percent: f64) -> String {
        format!("{}{}%", self.whole(percent.round() as i64), self.before_percent_sign)
    }

    /// Returns the interval of a figure: "59–71"; empty where it has none.
    pub(crate) fn interval(&self, figure: &Figure) -> String {
        let decimals = match figure.measure {
            Measure::Share | Measure::ResponseRate | Measure::Net => 0,
            Measure::Mean | Measure::Median => 1,
        };
        let ends = figure.published().interval;
        let end = |value: f64| self.decimal(value, decimals);
        ends.map(|(low, high)| format!("{}–{}", end(low), end(high))).unwrap_or_default()
    }

    /// Returns a difference in percentage points with its interval: "39 (31 til 46)".
    pub(crate) fn difference(&self, change: &ChangeFigure) -> String {
        let signed = |value: f64| {
            let sign = if value.round() > 0.0 { "+" } else { "" };
            format!("{sign}{}", self.decimal(value.round() + 0.0, 0))
        };
        let difference = &change.difference;
        let (low, high) = difference.interval.unwrap_or_default();
        format!("{} ({} {} {})", signed(difference.value), signed(low), self.to, signed(high))
    }

    /// Returns a percentage with one decimal: "65,1 %".
    pub(crate) fn percent_tenths(&self, percent: f64) -> String {
        format!("{}{}%", self.decimal(percent, 1), self.before_percent_sign)
    }

    /// Returns what happened since the round before, in words that follow the test.
    pub(crate) fn change(&self, change: &ChangeFigure) -> String {
        let phrase = match change.verdict {
            Verdict::Up => self.change.up,
            Verdict::Down => self.change.down,
            Verdict::Same => self.change.same,
            Verdict::Unclear => self.change.unclear,
        };
        let since = change.before.round.to_string();
        phrase.replace("{before}", &self.figure(&change.before)).replace("{since}", &since)
    }

    /// Returns how a group stands to another, in words that follow the test; `other` is the name of the
    /// one that it is held against.
    pub(crate) fn contrast(&self, contrast: &Contrast, other: &str) -> String {
        let phrase = match contrast.verdict {
            Verdict::Up => self.groups.higher,
            Verdict::Down => self.groups.lower,
            Verdict::Same => self.groups.alike,
            Verdict::Unclear => self.groups.unclear,
        };
        phrase.replace("{group}", other).replace("{other}", &self.figure(&contrast.with))
    }

    /// Returns the verdict alone: "opp", "om lag uendret".
    pub(crate) fn verdict(&self, verdict: Verdict) -> &'static str {
        let [up, down, same, unclear] = self.change.short;
        match verdict {
            Verdict::Up => up,
            Verdict::Down => down,
            Verdict::Same => same,
            Verdict::Unclear => unclear,
        }
    }

    /// Returns the verdict with an arrow that points the same way.
    pub(crate) fn verdict_with_arrow(&self, verdict: Verdict) -> String {
        let arrow = match verdict {
            Verdict::Up => "↑",
            Verdict::Down => "↓",
            Verdict::Same => "≈",
            Verdict::Unclear => "?",
        };
        format!("{arrow}{HARD_SPACE}{}", self.verdict(verdict))
    }

    /// Puts a text in the quotation marks of the language.
    pub(crate) fn quoted(&self, text: &str) -> String {
        let (open, close) = self.quotes;
        format!("{open}{text}{close}")
    }

    /// Returns what stands before element `place` of an enumeration of `all`: "", ", " or " og ".
    pub(crate) fn joint(&self, place: usize, all: usize) -> String {
        self.notation().joint(place, all)
    }

    /// Returns a date: "2. oktober 2023".
    pub(crate) fn date(&self, date: jiff::civil::Date) -> String {
        self.notation().day(date)
    }

    /// Returns how the language writes numbers, days and lists.
    pub(crate) fn notation(&self) -> &'static Notation {
        Notation::of_numbers(self.lang)
    }
}

impl GroupWords {
    /// Returns what a class of centrality is called: "sentralitetsklasse 1 (mest sentral)".
    pub(crate) fn centrality_class(&self, class: &str) -> String {
        let end = match class {
            "1" => format!(" ({})", self.most_central),
            "6" => format!(" ({})", self.least_central),
            _ => String::new(),
        };
        format!("{}{HARD_SPACE}{class}{end}", self.centrality)
    }

    /// Returns what a KOSTRA group is called: "KOSTRA-gruppe 1".
    pub(crate) fn kostra_group(&self, number: &str) -> String {
        format!("{}{HARD_SPACE}{number}", self.kostra)
    }

    /// Returns what a group is called that has a title: "gruppen «under 5 000 innbyggere»".
    pub(crate) fn titled(&self, title: &str) -> String {
        self.titled.replace("{title}", title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(code: &str) -> &'static Words {
        Words::of(code.parse().unwrap()).unwrap()
    }

    #[test]
    fn percents_follow_the_language() {
        for (lang, percent) in [("nb", "65\u{a0}%"), ("nn", "65\u{a0}%"), ("en", "65%")] {
            assert_eq!(words(lang).percent_sign(65.1), percent);
        }
    }
}
