//! The page of a unit for whoever holds its link: all that it answered, section by section.

use askama::Template;
use dataset::{Column, DataSet, Missing};
use frame::UnitId;
use instrument::{Instrument, Lang, Release, Survey};

use super::groups::{Groups, OpenVariable};
use super::{FOLDER, UnitSection, UnitTable, UnitWords, page, table};
use crate::signs::key;
use crate::site::page::{Alternate, Frame};
use crate::site::round::{self, Composed};
use crate::site::{RoundInput, language_folder};
use crate::words::Words;

/// Returns the page of a unit with all its answers but texts, in a language of the survey, for those who
/// hold its link. Its links lead to the site at `/`. `None` where the round has no such unit, or nothing
/// can be said of the round.
pub fn held_page(
    survey: &Survey,
    input: &RoundInput<'_>,
    unit: &UnitId,
    lang: Lang,
) -> Option<String> {
    let (composed, _) = round::compose(survey, input);
    let round = composed?;
    let (words, _) = round.report(lang)?;
    let data = round.figures.now.data;
    let place = data.units.iter().position(|row| row.id == *unit)?;
    let variables = answered(data, place);
    let groups = Groups::new(&round.figures, &variables);
    let mut all = page((&round, survey, words), (place, &data.units[place]), &[], &groups);
    all.sections = sections((&round, words), (place, &variables), &groups);
    all.key = key(all.sections.iter().flat_map(|s| &s.tables).flat_map(UnitTable::cells), words);
    all.lead = (UnitWords::of(words).held)(all.name, &all.round);
    all.folder = format!("{}{FOLDER}/", folder(&round, survey, words));
    all.frame = from_root((&round, survey, words), all.frame);
    Some(all.render().expect("writing to memory does not fail"))
}

/// Returns what the unit was asked, but texts, which may name people, and what is nobody's to see.
fn answered(data: &DataSet, unit: usize) -> Vec<OpenVariable<'_>> {
    let all = data.variables.iter().zip(&data.columns);
    let shown = all.filter(|(entry, column)| {
        entry.release != Release::Internal
            && !matches!(column, Column::Text(_))
            && column.missing(unit) != Some(Missing::NotAsked)
    });
    shown.map(|(entry, column)| OpenVariable { entry, column }).collect()
}

fn sections(
    (round, words): (&Composed<'_>, &'static Words),
    (place, variables): (usize, &[OpenVariable<'_>]),
    groups: &Groups,
) -> Vec<UnitSection> {
    let unit = &round.figures.now.data.units[place];
    let tables = variables.iter().enumerate().map(|(index, variable)| {
        let around = groups.around(unit, (index, variable));
        (&variable.entry.section, table((index, variable), place, &around, words))
    });
    let mut sections: Vec<UnitSection> = vec![];
    let mut last = None;
    for (section, table) in tables {
        if last != Some(section) {
            last = Some(section);
            let title = round.input.instrument.and_then(|all| section_title(all, section, words));
            sections.push(UnitSection { title, tables: vec![] });
        }
        if let Some(section) = sections.last_mut() {
            section.tables.push(table);
        }
    }
    sections
}

fn section_title(
    instrument: &Instrument,
    section: &instrument::SectionId,
    words: &Words,
) -> Option<String> {
    let section = instrument.sections.iter().find(|known| known.id == *section)?;
    Some(section.title.plain(words.lang))
}

/// Returns the folder of the report in a language, from the root of the site.
fn folder(round: &Composed<'_>, survey: &Survey, words: &Words) -> String {
    format!("/{}/{}", round.id(), language_folder(survey, words.lang))
}

/// Returns the frame of a page that lies elsewhere than the site; the page itself is asked for in another
/// language.
fn from_root(whose: (&Composed<'_>, &Survey, &'static Words), public: Frame) -> Frame {
    let (round, survey, words) = whose;
    let folder = format!("{}{FOLDER}/", folder(round, survey, words));
    let alternates = public
        .alternates
        .into_iter()
        .map(|page| Alternate { href: format!("?lang={}", page.lang), ..page });
    Frame {
        alternates: alternates.collect(),
        style: resolved(&folder, &public.style),
        feed: resolved(&folder, &public.feed),
        dataset: public.dataset.map(|dataset| resolved(&folder, &dataset)),
        home: public.home.map(|home| resolved(&folder, &home)),
        ..public
    }
}

/// Returns an address that is given from a folder, as one from the root.
fn resolved(folder: &str, address: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in address.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved_against_their_folder() {
        for (folder, address, resolved_to) in [
            ("/2023/units/", "../../report.css", "/report.css"),
            ("/2023/nn/units/", "../../../nn/index.html", "/nn/index.html"),
            ("/2023/units/", "index.html", "/2023/units/index.html"),
        ] {
            assert_eq!(resolved(folder, address), resolved_to);
        }
    }
}
