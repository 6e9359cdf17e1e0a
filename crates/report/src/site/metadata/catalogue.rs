//! The data sets as DCAT describes them, in Turtle: what data.norge.no harvests (DCAT-AP-NO).

use instrument::{Lang, Survey};

use super::{dataset_title, description, media_type, published, translations};
use crate::site::language_folder;
use crate::site::round::Composed;

/// The name of the file, in the root of the site.
pub(super) const FILE: &str = "catalogue.ttl";

const PREFIXES: &str = "\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

/// Population and society, of the European list of themes: what a survey of public bodies is about.
const THEME: &str = "http://publications.europa.eu/resource/authority/data-theme/SOCI";

pub(super) fn write(survey: &Survey, rounds: &[Composed<'_>]) -> Vec<u8> {
    let base = match &survey.address {
        Some(address) => format!("@base <{}/> .\n", iri(address.trim_end_matches('/'))),
        None => String::new(),
    };
    let names = texts(&translations(survey, &survey.title));
    let owner = texts(&translations(survey, &survey.owner));
    let datasets: Vec<String> =
        rounds.iter().map(|round| format!("<{}/#dataset>", round.id())).collect();
    let listed = match datasets.is_empty() {
        true => String::new(),
        false => format!("  dcat:dataset {} ;\n", datasets.join(", ")),
    };
    let mut turtle = format!(
        "{PREFIXES}{base}\n\
         <#catalogue> a dcat:Catalog ;\n  dct:title {names} ;\n  dct:description {names} ;\n{listed}  \
         dct:publisher <#owner> .\n\n\
         <#owner> a foaf:Agent ;\n  foaf:name {owner} .\n"
    );
    for round in rounds {
        turtle.push_str(&dataset(survey, round));
    }
    turtle.into_bytes()
}

fn dataset(survey: &Survey, round: &Composed<'_>) -> String {
    let id = round.id();
    let in_languages = |text: &dyn Fn(Lang) -> String| {
        let all: Vec<(Lang, String)> =
            survey.languages.iter().map(|lang| (*lang, text(*lang))).collect();
        let all: Vec<(Lang, &str)> = all.iter().map(|(l, text)| (*l, text.as_str())).collect();
        texts(&all)
    };
    let plan = round.figures.plan;
    let files = &round.input.downloads;
    let distributions: Vec<String> =
        (1..=files.len()).map(|number| format!("<{id}/#file-{number}>")).collect();
    let distributed = match distributions.is_empty() {
        true => String::new(),
        false => format!("  dcat:distribution {} ;\n", distributions.join(", ")),
    };
    let pages = round
        .reports
        .iter()
        .map(|(words, _)| format!("<{id}/{}index.html>", language_folder(survey, words.lang)));
    let pages: Vec<String> = pages.collect();
    let mut turtle = format!(
        "\n<{id}/#dataset> a dcat:Dataset ;\n  \
         dct:identifier \"sha256:{hash}\" ;\n  \
         dct:title {title} ;\n  dct:description {description} ;\n  \
         dct:publisher <#owner> ;\n  dcat:theme <{THEME}> ;\n  \
         dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;\n  \
         dct:issued {issued} ;\n  \
         dct:temporal [ a dct:PeriodOfTime ; dcat:startDate {opens} ; dcat:endDate {closes} ] ;\n  \
         dct:spatial <http://publications.europa.eu/resource/authority/country/NOR> ;\n{distributed}  \
         dcat:landingPage {pages} .\n",
        hash = round.figures.now.hash(),
        title = in_languages(&|lang| dataset_title(survey, round, lang)),
        description = in_languages(&|lang| description(round, lang)),
        issued = date(published(round)),
        opens = date(plan.opens),
        closes = date(plan.closes),
        pages = pages.join(", "),
    );
    let licence =
        survey.licence.map(|licence| format!("  dct:license <{}> ;\n", licence.address()));
    for (number, file) in (1..).zip(files) {
        turtle.push_str(&format!(
            "\n<{id}/#file-{number}> a dcat:Distribution ;\n{licence}  \
             dcat:mediaType <https://www.iana.org/assignments/media-types/{media}> ;\n  \
             dcat:byteSize \"{bytes}\"^^xsd:nonNegativeInteger ;\n  \
             dcat:accessURL <{id}/{name}> ;\n  dcat:downloadURL <{id}/{name}> .\n",
            licence = licence.as_deref().unwrap_or_default(),
            media = media_type(&file.file),
            bytes = file.bytes,
            name = iri(&file.file),
        ));
    }
    turtle
}

fn date(day: jiff::civil::Date) -> String {
    format!("\"{day}\"^^xsd:date")
}

/// Returns texts with their languages: `"Kodebok"@nb, "Codebook"@en`.
fn texts(all: &[(Lang, &str)]) -> String {
    let written: Vec<String> =
        all.iter().map(|(lang, text)| format!("\"{}\"@{lang}", literal(text))).collect();
    written.join(", ")
}

/// Escapes a text as Turtle's short strings want it.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Writes what may not stand in an address between angle brackets by its bytes.
fn iri(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\' => {
                escaped.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_break_out_of_turtle() {
        assert_eq!(texts(&[(Lang::NB, "a \"b\"\\\n")]), "\"a \\\"b\\\"\\\\\\n\"@nb");
        assert_eq!(iri("a b>\"c"), "a%20b%3E%22c");
    }
}
