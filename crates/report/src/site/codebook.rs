//! The codebook as a page: what every variable holds, in words.

use askama::Template;
use dataset::{CodebookVariable, Missing};
use instrument::{Lang, Release, Survey, VariableKind};

use super::furniture::Furniture;
use super::page::{Alternate, Frame};
use super::round::Composed;
use super::{Site, language_folder};
use crate::prose::question_anchor;
use crate::words::Words;

/// The name of the page, beside the report of its language.
pub(super) const FILE: &str = "codebook.html";

#[derive(Template)]
#[template(path = "codebook.html")]
struct CodebookPage {
    frame: Frame,
    f: &'static Furniture,
    w: &'static CodebookWords,
    report: &'static str,
    round: String,
    questions: Vec<Entry>,
    missing: Vec<(String, &'static str)>,
    credits: String,
}

/// A question with its variables.
struct Entry {
    anchor: String,
    text: String,
    kind: &'static str,
    release: &'static str,
    filter: Option<String>,
    /// How the value is calculated; `None` where somebody answered.
    formula: Option<String>,
    unit: Option<String>,
    /// Name, label, how many answered.
    variables: Vec<(String, String, String)>,
    /// Code, text, kind of missing.
    options: Vec<(String, String, &'static str)>,
}

/// Writes the page in each language of the reports.
pub(super) fn write(round: &Composed<'_>, survey: &Survey, site: &mut Site) {
    for (words, _) in &round.reports {
        let page = page(round, survey, words);
        let html = page.render().expect("writing to memory does not fail");
        let folder = language_folder(survey, words.lang);
        site.files.insert(format!("{}/{folder}{FILE}", round.id()), html.into_bytes());
    }
}

fn page(round: &Composed<'_>, survey: &Survey, words: &'static Words) -> CodebookPage {
    let w = CodebookWords::of(words.lang);
    let frame = round.frame(survey, words, w.title);
    let alternates = frame
        .alternates
        .into_iter()
        .map(|page| Alternate { href: page.href.replace("index.html", FILE), ..page });
    let variables = &round.figures.now.data.variables;
    let of_question = variables.chunk_by(|a, b| a.question == b.question);
    CodebookPage {
        frame: Frame { alternates: alternates.collect(), ..frame },
        f: Furniture::of(words.lang),
        w,
        report: "index.html",
        round: round.id().to_string(),
        questions: of_question.filter_map(|all| entry(round, all, words, w)).collect(),
        missing: Missing::ALL
            .iter()
            .zip(w.missing)
            .map(|(missing, text)| (format!(".{}", missing.as_str()), text))
            .collect(),
        credits: survey.credits.get(words.lang).to_owned(),
    }
}

fn entry(
    round: &Composed<'_>,
    variables: &[CodebookVariable],
    words: &Words,
    w: &'static CodebookWords,
) -> Option<Entry> {
    let told = variables.iter().filter(|variable| variable.release != Release::Internal);
    let told: Vec<&CodebookVariable> = told.collect();
    let first = told.first()?;
    let lang = words.lang;
    let row = |variable: &&CodebookVariable| {
        let base = round.figures.base(&variable.name);
        let base = base.map_or_else(|_| w.not_shown.to_owned(), |base| words.count(base));
        (variable.name.clone(), variable.label.get(lang).to_owned(), base)
    };
    Some(Entry {
        anchor: question_anchor(first.question.as_str()),
        text: first.question_text.get(lang).to_owned(),
        kind: w.kind(first.kind),
        release: if first.release == Release::Open { w.open } else { w.tables },
        filter: first.filter.clone(),
        formula: first.formula.clone(),
        unit: first.unit.as_ref().map(|unit| unit.get(lang).to_owned()),
        variables: told.iter().map(row).collect(),
        options: first
            .options
            .iter()
            .map(|option| {
                let missing = option.missing.map_or("", |missing| w.missing(missing));
                (option.code.to_string(), option.text.get(lang).to_owned(), missing)
            })
            .collect(),
    })
}

/// The standing texts of the page.
pub(super) struct CodebookWords {
    title: &'static str,
    lead: &'static str,
    report: &'static str,
    variable: &'static str,
    label: &'static str,
    code: &'static str,
    meaning: &'static str,
    counts_as: &'static str,
    open: &'static str,
    tables: &'static str,
    not_shown: &'static str,
    counted_in: &'static str,
    /// What stands before the expression of a value.
    calculated_as: &'static str,
    missing_title: &'static str,
    missing_lead: &'static str,
    /// In the order of [`VariableKind`].
    kinds: [&'static str; 5],
    /// In the order of [`Missing::ALL`].
    missing: [&'static str; 7],
}

const NB: CodebookWords = CodebookWords {
    title: "Kodebok",
    lead: "Hva hver variabel i de åpne dataene holder, og hva kodene betyr. Spørsmål som bare \
        undersøkelsens egne medarbeidere kan se svarene på, er ikke med.",
    report: "Til rapporten",
    variable: "Variabel",
    label: "Gjelder",
    code: "Kode",
    meaning: "Betyr",
    counts_as: "Regnes som",
    open: "Svarene er åpne for hver enhet.",
    tables: "Svarene er bare åpne som tabeller.",
    not_shown: "vises ikke",
    counted_in: "Regnet i",
    calculated_as: "Regnet ut som",
    missing_title: "Når det ikke er noe svar",
    missing_lead: "I CSV-filen står en av disse kodene i stedet for svaret.",
    kinds: ["Ett alternativ", "Flere alternativer", "Helt tall", "Desimaltall", "Tekst"],
    missing: [
        "Enheten svarte ikke, eller for lite til å telle med",
        "Enheten svarte, men leverte ikke denne delen",
        "Enheten fikk ikke spørsmålet",
        "Enheten fikk spørsmålet, men svarte ikke på det",
        "Vet ikke",
        "Ikke aktuelt",
        "Vil ikke svare",
    ],
};

const NN: CodebookWords = CodebookWords {
    title: "Kodebok",
    lead: "Kva kvar variabel i dei opne dataa held, og kva kodane tyder. Spørsmål som berre dei som \
        arbeider med undersøkinga kan sjå svara på, er ikkje med.",
    report: "Til rapporten",
    variable: "Variabel",
    label: "Gjeld",
    code: "Kode",
    meaning: "Tyder",
    counts_as: "Blir rekna som",
    open: "Svara er opne for kvar eining.",
    tables: "Svara er berre opne som tabellar.",
    not_shown: "blir ikkje vist",
    counted_in: "Rekna i",
    calculated_as: "Rekna ut som",
    missing_title: "Når det ikkje er noko svar",
    missing_lead: "I CSV-fila står ein av desse kodane i staden for svaret.",
    kinds: ["Eitt alternativ", "Fleire alternativ", "Heilt tal", "Desimaltal", "Tekst"],
    missing: [
        "Eininga svara ikkje, eller for lite til å telje med",
        "Eininga svara, men leverte ikkje denne delen",
        "Eininga fekk ikkje spørsmålet",
        "Eininga fekk spørsmålet, men svara ikkje på det",
        "Veit ikkje",
        "Ikkje aktuelt",
        "Vil ikkje svare",
    ],
};

const EN: CodebookWords = CodebookWords {
    title: "Codebook",
    lead: "What each variable of the open data holds, and what the codes mean. Questions whose \
        answers only the survey's own staff may see are left out.",
    report: "To the report",
    variable: "Variable",
    label: "About",
    code: "Code",
    meaning: "Meaning",
    counts_as: "Counts as",
    open: "The answers are open for each unit.",
    tables: "The answers are open as tables only.",
    not_shown: "not shown",
    counted_in: "Counted in",
    calculated_as: "Calculated as",
    missing_title: "Where there is no answer",
    missing_lead: "In the CSV file one of these codes stands in place of the answer.",
    kinds: ["One option", "Several options", "Whole number", "Decimal number", "Text"],
    missing: [
        "The unit did not answer, or too little to count",
        "The unit answered, but did not hand in this section",
        "The unit was not asked the question",
        "The unit was asked the question and left it blank",
        "Don’t know",
        "Not relevant",
        "Will not answer",
    ],
};

impl CodebookWords {
    pub(super) fn of(lang: Lang) -> &'static CodebookWords {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }

    fn kind(&self, kind: VariableKind) -> &'static str {
        match kind {
            VariableKind::Category => self.kinds[0],
            VariableKind::Categories => self.kinds[1],
            VariableKind::Integer => self.kinds[2],
            VariableKind::Decimal => self.kinds[3],
            VariableKind::Text => self.kinds[4],
        }
    }

    pub(super) fn missing(&self, missing: Missing) -> &'static str {
        let place = Missing::ALL.iter().position(|known| *known == missing);
        place.map_or("", |place| self.missing[place])
    }
}
