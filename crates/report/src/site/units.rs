//! "And us?": a page for each unit with its own open answers, beside its KOSTRA group, its county
//! and the whole country.
//!
//! Only answers that are open unit by unit are shown to everybody; whoever holds the unit's link is shown
//! all that it answered. What the groups around the unit answered are figures as all others, and hidden
//! where the report hides them.

mod groups;
mod held;

pub use held::held_page;

use askama::Template;
use dataset::{Column, UnitRow};
use instrument::spelling::alphabet;
use instrument::{Hash, Survey};

use super::codebook::CodebookWords;
use super::furniture::Furniture;
use super::page::{Alternate, Frame};
use super::round::Composed;
use super::{Site, language_folder};
use crate::signs::{key, printed};
use crate::together;
use crate::words::Words;
use groups::{Groups, OpenVariable, Summary, open_variables};

/// Lets the list of units be searched; it is whole without.
const SCRIPT: &str = include_str!("../../assets/units.js");

/// The folder of the pages, below the report of their language.
pub(super) const FOLDER: &str = "units";

#[derive(Template)]
#[template(path = "unit.html")]
struct UnitPage<'a> {
    frame: Frame,
    f: &'static Furniture,
    w: &'static UnitWords,
    round: String,
    name: &'a str,
    county: &'a str,
    county_id: &'a str,
    kostra_group: u8,
    lead: String,
    /// From this page to the folder of all such pages.
    folder: String,
    sections: Vec<UnitSection>,
    key: Vec<String>,
    credits: &'a str,
}

/// Questions that belong together.
struct UnitSection {
    /// What they are about, where the page has several sections.
    title: Option<String>,
    tables: Vec<UnitTable>,
}

/// A question on the page of a unit.
struct UnitTable {
    id: String,
    title: String,
    own: String,
    rows: Vec<UnitTableRow>,
    bases: Vec<String>,
}

/// An option, or the median of a number.
struct UnitTableRow {
    label: String,
    /// Whether it is what the unit answered.
    own: bool,
    groups: Vec<String>,
}

impl UnitTable {
    fn cells(&self) -> impl Iterator<Item = &String> {
        self.rows.iter().flat_map(|row| &row.groups).chain(&self.bases)
    }
}

#[derive(Template)]
#[template(path = "units.html")]
struct UnitList<'a> {
    frame: Frame,
    f: &'static Furniture,
    w: &'static UnitWords,
    round: String,
    counties: Vec<County<'a>>,
    /// The script that lets the list be searched.
    script: String,
    credits: &'a str,
}

/// A county and its units.
struct County<'a> {
    anchor: String,
    name: &'a str,
    /// Address, name, whether it answered.
    units: Vec<(String, &'a str, bool)>,
}

/// Returns whether a round has pages of units: whether any of its answers are open.
pub(super) fn exist(round: &Composed<'_>) -> bool {
    !open_variables(round.figures.now.data).is_empty()
}

/// Writes the list and the pages in each language of the reports.
pub(super) fn write(round: &Composed<'_>, survey: &Survey, site: &mut Site) {
    let data = round.figures.now.data;
    let variables = open_variables(data);
    if variables.is_empty() {
        return;
    }
    site.files.insert(script_file(), SCRIPT.into());
    let groups = Groups::new(&round.figures, &variables);
    for (words, _) in &round.reports {
        let folder = format!("{}/{}{FOLDER}", round.id(), language_folder(survey, words.lang));
        let list = list(round, survey, words);
        let html = list.render().expect("writing to memory does not fail");
        site.files.insert(format!("{folder}/index.html"), html.into_bytes());
        let of_unit = |(place, unit): (usize, &UnitRow)| {
            let page = page((round, survey, words), (place, unit), &variables, &groups);
            let html = page.render().expect("writing to memory does not fail");
            (format!("{folder}/{}.html", unit.id), html.into_bytes())
        };
        site.files.extend(together::each(data.units.iter().enumerate().collect(), of_unit));
    }
}

fn page<'a>(
    (round, survey, words): (&'a Composed<'_>, &'a Survey, &'static Words),
    (place, unit): (usize, &'a UnitRow),
    variables: &[OpenVariable<'_>],
    groups: &Groups,
) -> UnitPage<'a> {
    let w = UnitWords::of(words);
    let tables = variables.iter().enumerate().map(|(index, variable)| {
        table((index, variable), place, &groups.around(unit, (index, variable)), words)
    });
    let tables: Vec<UnitTable> = tables.collect();
    UnitPage {
        frame: frame((round, survey, words), &unit.name, &format!("{}.html", unit.id)),
        f: Furniture::of(words.lang),
        w,
        round: round.id().to_string(),
        name: &unit.name,
        county: &unit.county,
        county_id: &unit.county_id,
        kostra_group: unit.kostra_group,
        lead: w.lead.to_owned(),
        folder: String::new(),
        key: key(tables.iter().flat_map(UnitTable::cells), words),
        sections: vec![UnitSection { title: None, tables }],
        credits: survey.credits.get(words.lang),
    }
}

fn table(
    (index, variable): (usize, &OpenVariable<'_>),
    unit: usize,
    groups: &[Summary],
    words: &'static Words,
) -> UnitTable {
    let lang = words.lang;
    let title = variable.entry.question_text.get(lang);
    let label = variable.entry.label.get(lang);
    let own = own(variable, unit, words);
    let value = |place: usize| {
        let shown = |value: &f64| match variable.is_number() {
            true => words.decimal(*value, u8::from(value.fract() != 0.0).into()),
            false => words.percent_sign(*value),
        };
        groups.iter().map(|group| printed(&group.values[place], shown)).collect()
    };
    let rows = if variable.is_number() {
        let label = UnitWords::of(words).median.to_owned();
        vec![UnitTableRow { label, own: false, groups: value(0) }]
    } else {
        let options = variable.entry.options.iter().enumerate();
        options
            .map(|(place, option)| UnitTableRow {
                label: option.text.get(lang).to_owned(),
                own: variable.chose(unit, place),
                groups: value(place),
            })
            .collect()
    };
    UnitTable {
        id: format!("question-{}", index + 1),
        title: if title == label { title.to_owned() } else { format!("{title} {label}") },
        own,
        rows,
        bases: groups.iter().map(|group| printed(&group.base, |base| words.count(*base))).collect(),
    }
}

/// Returns what the unit answered, or why there is no answer.
fn own(variable: &OpenVariable<'_>, unit: usize, words: &'static Words) -> String {
    if let Some(missing) = variable.column.missing(unit) {
        return CodebookWords::of(words.lang).missing(missing).to_owned();
    }
    let number = match variable.column {
        Column::Integer(cells) => {
            cells[unit].valid().map(|number| words.decimal(*number as f64, 0))
        }
        Column::Decimal(cells) => cells[unit].valid().map(|number| words.decimal(*number, 1)),
        Column::Category(_) | Column::Categories(_) | Column::Text(_) => None,
    };
    if let Some(number) = number {
        let counted = variable.entry.unit.as_ref().map(|unit| unit.get(words.lang));
        return format!("{number} {}", counted.unwrap_or_default()).trim_end().to_owned();
    }
    let options = variable.entry.options.iter().enumerate();
    let chosen = options.filter(|(place, _)| variable.chose(unit, *place));
    let texts: Vec<&str> = chosen.map(|(_, option)| option.text.get(words.lang)).collect();
    texts.join("; ")
}

fn list<'a>(round: &'a Composed<'_>, survey: &'a Survey, words: &'static Words) -> UnitList<'a> {
    let w = UnitWords::of(words);
    let mut units: Vec<&UnitRow> = round.figures.now.data.units.iter().collect();
    units.sort_by(|a, b| (&a.county_id, alphabet(&a.name)).cmp(&(&b.county_id, alphabet(&b.name))));
    let counties = units.chunk_by(|a, b| a.county_id == b.county_id).map(|units| County {
        anchor: format!("county-{}", units[0].county_id),
        name: &units[0].county,
        units: units
            .iter()
            .map(|unit| {
                (format!("{}.html", unit.id), unit.name.as_str(), unit.disposition.answered())
            })
            .collect(),
    });
    let frame = frame((round, survey, words), w.title, "index.html");
    UnitList {
        f: Furniture::of(words.lang),
        w,
        round: round.id().to_string(),
        counties: counties.collect(),
        script: frame.style.replace(&super::style_file(), &script_file()),
        credits: survey.credits.get(words.lang),
        frame,
    }
}

/// Returns the name of the script: it changes with its content, so that it can be kept for ever.
fn script_file() -> String {
    format!("units-{}.js", Hash::of(SCRIPT).short())
}

/// Returns the frame of a page one folder below its report.
fn frame(
    (round, survey, words): (&Composed<'_>, &Survey, &'static Words),
    title: &str,
    file: &str,
) -> Frame {
    let own = round.frame(survey, words, title);
    let alternates = own.alternates.into_iter().map(|page| Alternate {
        href: format!("../{}", page.href.replace("index.html", &format!("{FOLDER}/{file}"))),
        ..page
    });
    Frame {
        alternates: alternates.collect(),
        style: format!("../{}", own.style),
        feed: format!("../{}", own.feed),
        dataset: own.dataset.map(|dataset| format!("../{dataset}")),
        home: own.home.map(|home| format!("../{home}")),
        up_to_round: format!("../{}", own.up_to_round),
        ..own
    }
}

/// The standing texts of the pages.
struct UnitWords {
    title: &'static str,
    lead: &'static str,
    /// What the page says to those who hold the link of the unit it is about, in which round.
    held: fn(&str, &str) -> String,
    report: &'static str,
    all: &'static str,
    search: &'static str,
    /// How many a search found; `{n}` is filled in by the script.
    found: &'static str,
    counties: &'static str,
    no_answer: &'static str,
    own: &'static str,
    your_answer: &'static str,
    kostra_group: &'static str,
    country: &'static str,
    answer: &'static str,
    median: &'static str,
    bases: &'static str,
}

const NB: UnitWords = UnitWords {
    title: "Finn en kommune eller bydel",
    lead: "Her står svarene på de spørsmålene der hver kommunes og bydels svar er åpent, ved siden av \
        KOSTRA-gruppen, fylket og landet.",
    held: |unit, round| {
        format!(
            "Dette svarte {unit} i {round}, ved siden av KOSTRA-gruppen, fylket og landet. Bare dere som har \
             lenken deres, ser alle svarene. Tekster dere skrev selv, er ikke med."
        )
    },
    report: "Til rapporten",
    all: "Alle kommuner og bydeler",
    search: "Søk etter kommune, bydel eller fylke",
    found: "Treff: {n}",
    counties: "Fylker",
    no_answer: "svarte ikke",
    own: "Svar",
    your_answer: "svaret",
    kostra_group: "KOSTRA-gruppe",
    country: "Landet",
    answer: "Alternativ",
    median: "Median",
    bases: "Antall svar",
};

const NN: UnitWords = UnitWords {
    title: "Finn ein kommune eller bydel",
    lead: "Her står svara på dei spørsmåla der svaret frå kvar kommune og bydel er ope, ved sida av \
        KOSTRA-gruppa, fylket og landet.",
    held: |unit, round| {
        format!(
            "Dette svara {unit} i {round}, ved sida av KOSTRA-gruppa, fylket og landet. Berre de som har \
             lenkja dykkar, ser alle svara. Tekstar de skreiv sjølve, er ikkje med."
        )
    },
    report: "Til rapporten",
    all: "Alle kommunar og bydelar",
    search: "Søk etter kommune, bydel eller fylke",
    found: "Treff: {n}",
    counties: "Fylke",
    no_answer: "svara ikkje",
    own: "Svar",
    your_answer: "svaret",
    kostra_group: "KOSTRA-gruppe",
    country: "Landet",
    answer: "Alternativ",
    median: "Median",
    bases: "Tal på svar",
};

const EN: UnitWords = UnitWords {
    title: "Find a municipality or district",
    lead: "These are the answers to those questions whose answers are open for each municipality and \
        district, beside the KOSTRA group, the county and the country.",
    held: |unit, round| {
        format!(
            "This is what {unit} answered in {round}, beside the KOSTRA group, the county and the country. \
             Only you who hold your link see all the answers. Texts that you wrote yourselves are left out."
        )
    },
    report: "To the report",
    all: "All municipalities and districts",
    search: "Search for a municipality, district or county",
    found: "Found: {n}",
    counties: "Counties",
    no_answer: "did not answer",
    own: "Answer",
    your_answer: "the answer",
    kostra_group: "KOSTRA group",
    country: "The country",
    answer: "Option",
    median: "Median",
    bases: "Number of answers",
};

impl UnitWords {
    fn of(words: &Words) -> &'static UnitWords {
        if words.lang == instrument::Lang::EN {
            &EN
        } else if words.lang == instrument::Lang::NN {
            &NN
        } else {
            &NB
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_norwegian_lists_are() {
        let mut names = ["Ås", "Øygarden", "Ærøy", "Áltá", "Alta", "Bø", "Å"];
        names.sort_by_key(|name| alphabet(name));
        assert_eq!(names, ["Áltá", "Alta", "Bø", "Ærøy", "Øygarden", "Å", "Ås"]);
    }
}
