//! The cards: for every figure and change of a report, everything that a doubting reader may ask of it.

use askama::Template;
use dataset::CodebookVariable;
use instrument::{Estimator, Lang, Survey};

use super::furniture::Furniture;
use super::page::Frame;
use super::round::Composed;
use crate::figures::{ChangeFigure, Figure, Figures, Measure, Value};
use crate::finding::Finding;
use crate::labels::Labels;
use crate::ledger::Key;
use crate::prose::{Document, question_anchor};
use crate::published::Published;
use crate::words::Words;

/// The page that the cards stand on, beside the report.
pub(crate) const CARDS: &str = "figures.html";

/// The page of the cards of one report.
#[derive(Template)]
#[template(path = "cards.html")]
struct CardsPage {
    frame: Frame,
    f: &'static Furniture,
    w: &'static CardWords,
    credits: String,
    findings: String,
    cards: Vec<Card>,
    changes: Vec<ChangeCard>,
}

/// A figure and how it came about.
struct Card {
    anchor: String,
    /// The figure, large.
    figure: String,
    /// What it is a figure of.
    heading: String,
    /// The question, with the address of its wording in the report; nothing for the response rate.
    question: Option<(String, String)>,
    /// Every option, and whether it is counted.
    options: Vec<(String, bool)>,
    facts: Vec<(&'static str, String)>,
    method: String,
    hash: String,
    /// Its row in `findings.json`.
    row: String,
}

/// A change and how it came about.
struct ChangeCard {
    anchor: String,
    heading: String,
    verdict: &'static str,
    before: (String, String),
    after: (String, String),
    facts: Vec<(&'static str, String)>,
    method: &'static str,
    note: Option<String>,
}

/// The standing texts of the cards in one language.
struct CardWords {
    title: &'static str,
    lead: &'static str,
    back: &'static str,
    question: &'static str,
    options: &'static str,
    counted: &'static str,
    against: &'static str,
    base: &'static str,
    count: &'static str,
    invited: &'static str,
    answered: &'static str,
    unweighted: &'static str,
    weighted: &'static str,
    standard_error: &'static str,
    interval: &'static str,
    group: &'static str,
    none: &'static str,
    method: &'static str,
    data: &'static str,
    row: &'static str,
    changes: &'static str,
    difference: &'static str,
    both: &'static str,
    verdict: &'static str,
    note: &'static str,
    share: &'static str,
    net: &'static str,
    mean: &'static str,
    median: &'static str,
    rate: &'static str,
    is_unweighted: &'static str,
    is_weighted: &'static str,
    test: &'static str,
}

const NB: CardWords = CardWords {
    title: "Bak tallene",
    lead: "Her står hvert tall i rapporten med spørsmålet det bygger på, hvem som svarte, hvor sikkert det er og hvordan det er regnet ut.",
    back: "Tilbake til rapporten",
    question: "Spørsmålet",
    options: "Svarene",
    counted: "regnet med",
    against: "Trukket fra",
    base: "Antall som fikk spørsmålet og svarte",
    count: "Antall som svarte dette",
    invited: "Inviterte",
    answered: "Svarte",
    unweighted: "Uvektet",
    weighted: "Vektet",
    standard_error: "Standardfeil",
    interval: "95\u{a0}% konfidensintervall",
    group: "Gruppe",
    none: "ikke aktuelt",
    method: "Slik er det regnet",
    data: "Datasettets fingeravtrykk (SHA-256)",
    row: "Raden i de åpne dataene",
    changes: "Endringer",
    difference: "Forskjell i prosentpoeng (95\u{a0}% konfidensintervall)",
    both: "Svarte i begge rundene",
    verdict: "Hva som kan sies",
    note: "Merknad",
    share: "Andelen av dem som fikk spørsmålet og svarte. Intervallet er Wilsons, og variansen er regnet for en endelig populasjon.",
    net: "Andelen som ga et godt svar, minus andelen som ga et dårlig. Intervallet er bygd på t-fordelingen, og variansen er regnet for en endelig populasjon.",
    mean: "Gjennomsnittet av dem som oppga et tall. Intervallet er bygd på t-fordelingen, og variansen er regnet for en endelig populasjon.",
    median: "Medianen av dem som oppga et tall: Halvparten ligger under, halvparten over.",
    rate: "En opptelling av alle inviterte. Den har ingen utvalgsfeil.",
    is_unweighted: "Hvert svar teller likt.",
    is_weighted: "Svarene er vektet etter gruppene i metodedelen.",
    test: "Ordet følger en test som tar hensyn til at mange svarte i begge rundene. Metodedelen forteller hvordan.",
};

const NN: CardWords = CardWords {
    title: "Bak tala",
    lead: "Her står kvart tal i rapporten med spørsmålet det byggjer på, kven som svarte, kor sikkert det er, og korleis det er rekna ut.",
    back: "Tilbake til rapporten",
    question: "Spørsmålet",
    options: "Svara",
    counted: "rekna med",
    against: "Trekt frå",
    base: "Tal på dei som fekk spørsmålet og svarte",
    count: "Tal på dei som svarte dette",
    invited: "Inviterte",
    answered: "Svarte",
    unweighted: "Uvekta",
    weighted: "Vekta",
    standard_error: "Standardfeil",
    interval: "95\u{a0}% konfidensintervall",
    group: "Gruppe",
    none: "ikkje aktuelt",
    method: "Slik er det rekna",
    data: "Fingeravtrykket til datasettet (SHA-256)",
    row: "Rada i dei opne dataa",
    changes: "Endringar",
    difference: "Skilnad i prosentpoeng (95\u{a0}% konfidensintervall)",
    both: "Svarte i begge rundane",
    verdict: "Kva som kan seiast",
    note: "Merknad",
    share: "Delen av dei som fekk spørsmålet og svarte. Intervallet er Wilsons, og variansen er rekna for ein endeleg populasjon.",
    net: "Delen som gav eit godt svar, minus delen som gav eit dårleg. Intervallet er bygt på t-fordelinga, og variansen er rekna for ein endeleg populasjon.",
    mean: "Gjennomsnittet av dei som oppgav eit tal. Intervallet er bygt på t-fordelinga, og variansen er rekna for ein endeleg populasjon.",
    median: "Medianen av dei som oppgav eit tal: Halvparten ligg under, halvparten over.",
    rate: "Ei oppteljing av alle inviterte. Ho har ingen utvalsfeil.",
    is_unweighted: "Kvart svar tel likt.",
    is_weighted: "Svara er vekta etter gruppene i metodedelen.",
    test: "Ordet følgjer ein test som tek omsyn til at mange svarte i begge rundane. Metodedelen fortel korleis.",
};

const EN: CardWords = CardWords {
    title: "Behind the figures",
    lead: "Every figure of the report with the question that it rests on, who answered, how certain it is, and how it was worked out.",
    back: "Back to the report",
    question: "The question",
    options: "The answers",
    counted: "counted",
    against: "Subtracted",
    base: "Asked and answered",
    count: "Gave this answer",
    invited: "Invited",
    answered: "Answered",
    unweighted: "Unweighted",
    weighted: "Weighted",
    standard_error: "Standard error",
    interval: "95% confidence interval",
    group: "Group",
    none: "does not apply",
    method: "How it was worked out",
    data: "Fingerprint of the data set (SHA-256)",
    row: "Its row in the open data",
    changes: "Changes",
    difference: "Difference in percentage points (95% confidence interval)",
    both: "Answered in both rounds",
    verdict: "What can be said",
    note: "Note",
    share: "The share of those who were asked and answered. The interval is Wilson’s, and the variance is that of a finite population.",
    net: "The share of good answers less the share of bad ones. The interval is based on the t distribution, and the variance is that of a finite population.",
    mean: "The mean of those who gave a number. The interval is based on the t distribution, and the variance is that of a finite population.",
    median: "The median of those who gave a number: half lie below it and half above.",
    rate: "A count of everybody invited. It has no sampling error.",
    is_unweighted: "Every answer counts the same.",
    is_weighted: "Answers are weighted by the groups of the method section.",
    test: "The word follows a test that takes into account that many answered in both rounds. The method section tells how.",
};

impl CardWords {
    fn of(lang: Lang) -> &'static CardWords {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }
}

/// Returns the page of the cards of a report.
pub(super) fn page(
    round: &Composed<'_>,
    (survey, words): (&Survey, &'static Words),
    document: &Document,
    published: &[Published],
) -> String {
    let w = CardWords::of(words.lang);
    let mut frame = round.frame(survey, words, &format!("{}: {}", w.title, document.title));
    for alternate in &mut frame.alternates {
        alternate.href = alternate.href.replace("index.html", CARDS);
    }
    let labels = Labels::new(round.figures.now.data, words.lang);
    let writer = Writer { figures: &round.figures, words, w, labels };
    let findings = document.ledger.findings(published);
    let figures = document.ledger.figures().zip(&findings);
    let page = CardsPage {
        f: Furniture::of(words.lang),
        w,
        credits: survey.credits.get(words.lang).to_owned(),
        findings: format!("{}findings.json", frame.up_to_round),
        cards: figures.map(|((key, stated), row)| writer.card(key, &stated.figure, row)).collect(),
        changes: document
            .ledger
            .changes()
            .map(|(key, change)| writer.change(key, change))
            .collect(),
        frame,
    };
    page.render().expect("writing to memory does not fail")
}

struct Writer<'a> {
    figures: &'a Figures<'a>,
    words: &'static Words,
    w: &'static CardWords,
    labels: Labels<'a>,
}

impl Writer<'_> {
    fn card(&self, key: &Key, figure: &Figure, row: &Finding) -> Card {
        let variable = self.variable(figure);
        let lang = self.words.lang;
        let question = variable.map(|variable| {
            let text = variable.question_text.get(lang).to_owned();
            (question_anchor(&variable.name), text)
        });
        Card {
            anchor: key.anchor(),
            figure: self.words.short_figure(figure),
            heading: format!("{} ({})", self.heading(figure), key.round),
            question,
            options: variable.map(|variable| self.options(variable, figure)).unwrap_or_default(),
            facts: self.facts(figure),
            method: self.method(figure),
            hash: self.hash(figure),
            row: serde_json::to_string(row).expect("numbers and texts become JSON"),
        }
    }

    fn variable(&self, figure: &Figure) -> Option<&CodebookVariable> {
        self.figures.now.variable(&figure.variable).ok().map(|(variable, _)| variable)
    }

    /// Says what a figure is of: the row of a grid, the answer, the group.
    fn heading(&self, figure: &Figure) -> String {
        let Some(variable) = self.variable(figure) else {
            return Furniture::of(self.words.lang).response_rate.to_owned();
        };
        let label = variable.label.get(self.words.lang);
        let options = self.labels.counted(figure);
        let options = if options.is_empty() { String::new() } else { self.words.quoted(&options) };
        let group = figure.group.as_ref().map(|group| self.labels.group(group, self.words));
        let group = group.map(|group| format!(" – {group}")).unwrap_or_default();
        format!("{label} {options}{group}")
    }

    fn options(&self, variable: &CodebookVariable, figure: &Figure) -> Vec<(String, bool)> {
        let of = |option: &dataset::CodebookOption| {
            let text = option.text.get(self.words.lang);
            if figure.against.contains(&option.code) {
                return (format!("{text} ({})", self.w.against.to_lowercase()), true);
            }
            let counted = figure.codes.contains(&option.code);
            let text = if counted { format!("{text} ({})", self.w.counted) } else { text.into() };
            (text, counted)
        };
        variable.options.iter().map(of).collect()
    }

    fn facts(&self, figure: &Figure) -> Vec<(&'static str, String)> {
        let w = self.w;
        let mut facts = vec![];
        if let Some(group) = &figure.group {
            facts.push((w.group, self.labels.group(group, self.words)));
        }
        let is_rate = figure.measure == Measure::ResponseRate;
        let (base, count) = if is_rate { (w.invited, w.answered) } else { (w.base, w.count) };
        facts.push((base, self.words.count(figure.base)));
        if matches!(figure.measure, Measure::Share | Measure::ResponseRate) {
            facts.push((count, self.words.count(figure.count)));
        }
        facts.push((w.unweighted, self.value(figure, &figure.unweighted)));
        let weighted = figure.weighted.as_ref().map(|value| self.value(figure, value));
        facts.push((w.weighted, weighted.unwrap_or_else(|| w.none.to_owned())));
        let se = figure.published().se.map(|se| self.words.decimal(se, 2));
        facts.push((w.standard_error, se.unwrap_or_else(|| w.none.to_owned())));
        let interval = self.words.interval(figure);
        facts.push((w.interval, if interval.is_empty() { w.none.to_owned() } else { interval }));
        facts
    }

    fn value(&self, figure: &Figure, value: &Value) -> String {
        match figure.measure {
            Measure::Share | Measure::ResponseRate => self.words.percent_tenths(value.value),
            Measure::Mean | Measure::Median | Measure::Net => self.words.decimal(value.value, 1),
        }
    }

    fn method(&self, figure: &Figure) -> String {
        let of = match figure.measure {
            Measure::Share => self.w.share,
            Measure::Net => self.w.net,
            Measure::Mean => self.w.mean,
            Measure::Median => self.w.median,
            Measure::ResponseRate => return self.w.rate.to_owned(),
        };
        let weights = match figure.estimator {
            Estimator::Unweighted => self.w.is_unweighted,
            Estimator::Weighted => self.w.is_weighted,
        };
        format!("{of} {weights}")
    }

    fn hash(&self, figure: &Figure) -> String {
        let samples = [Some(&self.figures.now), self.figures.before.as_ref()];
        let mut samples = samples.into_iter().flatten();
        let of_round = samples.find(|sample| sample.data.provenance.round == figure.round);
        of_round.map(|sample| sample.hash().to_string()).unwrap_or_default()
    }

    fn change(&self, key: &Key, change: &ChangeFigure) -> ChangeCard {
        let before = Key::of(&change.before);
        let told = |figure: &Figure| {
            format!("{} ({})", self.value(figure, figure.published()), figure.round)
        };
        let lang = self.words.lang;
        ChangeCard {
            anchor: format!("c-{}", key.anchor()),
            heading: self.heading(&change.after),
            verdict: self.words.verdict(change.verdict),
            before: (before.anchor(), told(&change.before)),
            after: (key.anchor(), told(&change.after)),
            facts: vec![
                (self.w.difference, self.words.difference(change)),
                (self.w.both, self.words.count(change.overlap)),
            ],
            method: self.w.test,
            note: change.note.as_ref().map(|note| note.get(lang).to_owned()),
        }
    }
}
