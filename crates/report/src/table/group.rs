//! Groups of units: by what the frame knows of them, or by what they answered.

use dataset::{Cell, Column};
use instrument::{Code, Lang};

use super::{TableError, TableLabel, TableRequest};
use crate::figures::{FigureError, Figures, FrameAttribute, Sample};
use crate::site::group_name;

/// Some units of this round and of the round before.
pub(super) struct Group {
    /// What it is called; `None` for all units.
    pub(super) label: Option<TableLabel>,
    /// Which respondents of this round are in it.
    pub(super) now: Vec<bool>,
    /// Which respondents of the round before are; empty where no change is asked for.
    pub(super) before: Vec<bool>,
}

/// Returns all units first, then the groups that `by` divides them into.
pub(super) fn groups(
    figures: &Figures<'_>,
    request: &TableRequest<'_>,
    lang: Lang,
) -> Result<Vec<Group>, TableError> {
    let everyone = |sample: &Sample<'_>| vec![true; sample.units().count()];
    let mut groups = vec![Group {
        label: None,
        now: everyone(&figures.now),
        before: figures.before.as_ref().map(everyone).unwrap_or_default(),
    }];
    match request.by {
        None => {}
        Some(by) => match FrameAttribute::named(by) {
            Some(attribute) => groups.extend(by_attribute(figures, attribute, lang)),
            // What a unit answers may change from round to round, and with it who is compared.
            None if request.trend => {
                let message = format!("there is no change in groups of the answer to `{by}`");
                return Err(TableError::new(message).hint("leave out --trend or --by"));
            }
            None => groups.extend(by_question(figures, by, lang)?),
        },
    }
    Ok(groups)
}

fn by_attribute(figures: &Figures<'_>, attribute: FrameAttribute, lang: Lang) -> Vec<Group> {
    let data = figures.now.data;
    let mut labels: Vec<TableLabel> = vec![];
    for unit in &data.units {
        let code = attribute.of(unit);
        if labels.iter().all(|label| label.code != code) {
            let text = group_name(data, attribute, &code, lang);
            labels.push(TableLabel { code, text });
        }
    }
    let size_class = |code: &str| data.size_classes.iter().position(|(c, _)| c.as_str() == code);
    let number = |code: &str| code.parse::<u64>().ok();
    labels.sort_by(|a, b| {
        let key = |label: &TableLabel| (size_class(&label.code), number(&label.code));
        key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code))
    });
    let member = |sample: &Sample<'_>, code: &str| {
        sample.units().map(|unit| attribute.of(&sample.data.units[unit]) == code).collect()
    };
    let group = |label: TableLabel| Group {
        now: member(&figures.now, &label.code),
        before: figures.before.as_ref().map(|s| member(s, &label.code)).unwrap_or_default(),
        label: Some(label),
    };
    labels.into_iter().map(group).collect()
}

/// Divides by the answer to a question that takes one option. Those who were not asked or did not
/// answer are in no group.
fn by_question(figures: &Figures<'_>, name: &str, lang: Lang) -> Result<Vec<Group>, TableError> {
    let (variable, index) = figures.publishable(name).map_err(|error| unknown(error, name))?;
    let Column::Category(cells) = &figures.now.data.columns[index] else {
        return Err(TableError::new(format!("`{name}` does not divide the units into groups"))
            .hint("divide by a question that takes one option"));
    };
    let members = |code: &Code| -> Vec<bool> {
        let wanted = variable.option(code.as_str()).map(|index| index as u16);
        let chose = |unit: usize| match &cells[unit] {
            Cell::Valid(option) => Some(*option) == wanted,
            Cell::Missing(missing) => {
                wanted.and_then(|index| variable.options[usize::from(index)].missing)
                    == Some(*missing)
            }
        };
        figures.now.units().map(chose).collect()
    };
    let group = |option: &dataset::CodebookOption| Group {
        now: members(&option.code),
        before: vec![],
        label: Some(TableLabel {
            code: option.code.to_string(),
            text: option.text.get(lang).to_owned(),
        }),
    };
    Ok(variable.options.iter().map(group).collect())
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
