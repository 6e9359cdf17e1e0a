//! Quotes: what units wrote in their own words, where it has been coded and approved.

use dataset::{Column, UnitRow};
use instrument::{Code, Lang};

use super::{FigureError, Figures};
use crate::coded::CodedText;

/// What a unit wrote, which may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote<'a> {
    /// The words.
    pub(crate) text: &'a str,
    /// The language that they are in.
    pub(crate) lang: Lang,
}

impl<'a> Figures<'a> {
    /// Returns the answer with this number among those to a variable that are coded so and approved,
    /// in the order of the file of codes. Errs where it may not be published.
    pub(crate) fn quote(
        &self,
        name: &str,
        code: &Code,
        number: usize,
    ) -> Result<Quote<'a>, FigureError> {
        let (variable, index) = self.now.variable(name)?;
        let Column::Text(cells) = &self.now.data.columns[index] else {
            return Err(FigureError::NoText(variable.name.clone()));
        };
        let name = || variable.name.clone();
        let of_variable = || self.coded.iter().filter(|coded| coded.variable == variable.name);
        let coded: Vec<&CodedText> = of_variable().filter(|coded| coded.code == *code).collect();
        if coded.is_empty() {
            let mut known: Vec<String> = of_variable().map(|c| format!("`{}`", c.code)).collect();
            known.sort();
            known.dedup();
            return Err(FigureError::Uncoded { variable: name(), code: code.clone(), known });
        }
        let approved: Vec<&CodedText> = coded.into_iter().filter(|coded| coded.approved).collect();
        let Some(coded) = approved.get(number - 1) else {
            let approved = approved.len();
            return Err(FigureError::NotApproved {
                variable: name(),
                code: code.clone(),
                approved,
            });
        };
        let place = self.now.data.units.iter().position(|unit| unit.id == coded.unit);
        let text = place.and_then(|place| cells[place].valid());
        let (Some(place), Some(text)) = (place, text) else {
            return Err(FigureError::NothingWritten { variable: name(), unit: coded.unit.clone() });
        };
        let unit = &self.now.data.units[place];
        if names(text, unit) {
            return Err(FigureError::NamesUnit { variable: name(), unit: coded.unit.clone() });
        }
        Ok(Quote { text, lang: coded.lang })
    }
}

/// Whether a text names the unit that wrote it or its county, which would tell who it is.
fn names(text: &str, unit: &UnitRow) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|sign: char| !sign.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let text = words(text);
    [&unit.name, &unit.county].into_iter().any(|name| {
        let name = words(name);
        // "Ålesunds" is Ålesund's.
        let is_name = |written: &[String]| {
            written.iter().zip(&name).all(|(written, word)| {
                written == word || written.strip_suffix('s') == Some(word.as_str())
            })
        };
        !name.is_empty() && text.windows(name.len()).any(is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str) -> UnitRow {
        UnitRow {
            id: "1507".parse().unwrap(),
            name: name.to_owned(),
            kind: frame::UnitKind::Municipality,
            county_id: "15".to_owned(),
            county: "Møre og Romsdal".to_owned(),
            population: 1,
            size: "alle".parse().unwrap(),
            centrality: 1,
            kostra_group: 1,
            disposition: frame::Disposition::Complete,
        }
    }

    #[test]
    fn a_text_that_names_its_unit_is_found() {
        for (text, name, named) in [
            ("Vi i Ålesund mangler tolker.", "Ålesund", true),
            ("ÅLESUNDS behov er store.", "Ålesund", true),
            ("Her i Møre og Romsdal er det langt.", "Ålesund", true),
            ("Vi mangler tolker.", "Ålesund", false),
            ("Tolkene kommer fra Sandefjord.", "Sande", false),
            ("Vi i Nordre Land er få.", "Nordre Land", true),
        ] {
            assert_eq!(names(text, &unit(name)), named, "{text}");
        }
    }
}
