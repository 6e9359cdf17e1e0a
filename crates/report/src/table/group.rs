//! Groups of units: by what the frame knows of them, or by what they answered.

use dataset::{Cell, Column};
use instrument::Lang;

use super::{TableError, TableLabel, TableRequest};
use crate::figures::{Division, FigureError, Figures, FrameAttribute, Sample};
use crate::labels::Labels;
use crate::words::Words;

/// Some units of this round and of the round before.
pub(super) struct Group {
    /// What it is called; `None` for all units.
    pub(super) label: Option<TableLabel>,
    /// Which respondents of this round are in it.
    pub(super) now: Vec<bool>,
    /// Which respondents of the round before are; empty where no change is asked for.
    pub(super) before: Vec<bool>,
}

/// What divides the units into groups.
pub(super) enum By {
    /// Nothing: there are all units alone.
    Nothing,
    /// What the frame knows of them.
    Attribute(FrameAttribute),
    /// What they answered to the question of this index. Those who were not asked or did not answer
    /// are in no group.
    Answer(usize),
}

/// Returns what divides the units.
pub(super) fn by(figures: &Figures<'_>, request: &TableRequest<'_>) -> Result<By, TableError> {
    let Some(by) = request.by else { return Ok(By::Nothing) };
    if let Some(attribute) = FrameAttribute::named(by) {
        return Ok(By::Attribute(attribute));
    }
    // What a unit answers may change from round to round, and with it who is compared.
    if request.trend {
        let message = format!("there is no change in groups of the answer to `{by}`");
        return Err(TableError::new(message).hint("leave out --trend or --by"));
    }
    let (_, index) = figures.publishable(by).map_err(|error| unknown(error, by))?;
    match &figures.now.data.columns[index] {
        Column::Category(_) => Ok(By::Answer(index)),
        Column::Categories(_) | Column::Integer(_) | Column::Decimal(_) | Column::Text(_) => {
            Err(TableError::new(format!("`{by}` does not divide the units into groups"))
                .hint("divide by a question that takes one option"))
        }
    }
}

/// Returns all units first, then the groups that they are divided into.
pub(super) fn groups(
    figures: &Figures<'_>,
    by: &By,
    labels: &Labels<'_>,
    words: &Words,
) -> Vec<Group> {
    let everyone = |sample: &Sample<'_>| vec![true; sample.units().count()];
    let mut groups = vec![Group {
        label: None,
        now: everyone(&figures.now),
        before: figures.before.as_ref().map(everyone).unwrap_or_default(),
    }];
    groups.extend(match by {
        By::Nothing => vec![],
        By::Attribute(attribute) => by_attribute(figures, *attribute, labels, words),
        By::Answer(index) => by_answer(figures, *index, words.lang),
    });
    groups
}

/// Returns the group of every unit by its answer; those without one are in a group after the others.
pub(super) fn division(sample: &Sample<'_>, index: usize) -> Division {
    let options = sample.data.variables[index].options.len();
    let of = |unit: usize| {
        let chose =
            |option: &usize| sample.row(unit).is_some() && chose(sample, index, unit, *option);
        (0..options).find(chose).unwrap_or(options)
    };
    let of_units = (0..sample.data.units.len()).map(of).collect();
    Division { of_units, groups: options + 1 }
}

fn by_attribute(
    figures: &Figures<'_>,
    attribute: FrameAttribute,
    labels: &Labels<'_>,
    words: &Words,
) -> Vec<Group> {
    let member = |sample: &Sample<'_>, code: &str| {
        sample.units().map(|unit| attribute.of(&sample.data.units[unit]) == code).collect()
    };
    let group = |group: crate::figures::Group| Group {
        now: member(&figures.now, &group.code),
        before: figures.before.as_ref().map(|s| member(s, &group.code)).unwrap_or_default(),
        label: Some(TableLabel { text: labels.group(&group, words), code: group.code }),
    };
    figures.groups(attribute).into_iter().map(group).collect()
}

fn by_answer(figures: &Figures<'_>, index: usize, lang: Lang) -> Vec<Group> {
    let sample = &figures.now;
    let options = sample.data.variables[index].options.iter().enumerate();
    let group = |(place, option): (usize, &dataset::CodebookOption)| Group {
        now: sample.units().map(|unit| chose(sample, index, unit, place)).collect(),
        before: vec![],
        label: Some(TableLabel {
            code: option.code.to_string(),
            text: option.text.get(lang).to_owned(),
        }),
    };
    options.map(group).collect()
}

/// Returns whether a unit chose an option of a question that takes one.
fn chose(sample: &Sample<'_>, index: usize, unit: usize, place: usize) -> bool {
    let Column::Category(cells) = &sample.data.columns[index] else { return false };
    match &cells[unit] {
        Cell::Valid(option) => usize::from(*option) == place,
        Cell::Missing(missing) => {
            sample.data.variables[index].options[place].missing == Some(*missing)
        }
    }
}

fn unknown(error: FigureError, name: &str) -> TableError {
    match error {
        FigureError::UnknownVariable { .. } => {
            TableError::new(format!("there is nothing called `{name}` to divide the units by"))
                .hint("divide by size, county, centrality, kind, kostra_group or a question")
        }
        error => error.into(),
    }
}
