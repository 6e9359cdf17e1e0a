//! Tables for those who ask a question of the data: figures by groups of units, and since the round
//! before, under the same limits as everything that is published.

mod group;
mod hide;

use dataset::{CodebookVariable, Column};
use estimate::{Change, Estimate, EstimateError, Level, Of, Values, Verdict, Wave};
use instrument::{Code, Estimator, Lang};
use thiserror::Error;

use self::group::{Group, groups};
use crate::figures::{FigureError, Figures, Sample};
use crate::labels::Labels;
use crate::site::RoundInput;
use crate::words::Words;

/// What a table is to show.
#[derive(Clone, Copy, Debug)]
pub struct TableRequest<'a> {
    /// Names of questions or variables; a grid stands for all its rows.
    pub questions: &'a [String],
    /// What divides the units: `size`, `county`, `centrality`, `kind`, `kostra_group`, or a question.
    pub by: Option<&'a str>,
    /// Whether to show the change since the round before.
    pub trend: bool,
    /// How it is estimated; as the plan says where `None`.
    pub estimator: Option<Estimator>,
    /// Whether shares are of the people who live in the units, rather than of the units.
    pub of_population: bool,
    /// The language of the labels.
    pub lang: Lang,
}

/// The figures of one variable.
#[derive(Clone, Debug, PartialEq)]
pub struct TableBlock {
    /// The variable's name.
    pub variable: String,
    /// What it asks; empty where only the name is known.
    pub title: String,
    /// What the values are.
    pub unit: TableUnit,
    /// The lines, those of all units first, then group by group.
    pub rows: Vec<TableRow>,
}

/// What the values of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableUnit {
    /// Percent of the base.
    Percent,
    /// A mean.
    Mean,
    /// A total over the population.
    Total,
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// The group of units; `None` for all.
    pub group: Option<TableLabel>,
    /// The answer that is counted; `None` for a number.
    pub option: Option<TableLabel>,
    /// What stands in it.
    pub cell: TableCell,
}

/// A code and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLabel {
    /// The code.
    pub code: String,
    /// What people call it.
    pub text: String,
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell {
    /// A figure.
    Shown(Shown),
    /// Withheld: so few that somebody could be recognised, or from which others could be worked out.
    Withheld,
    /// There is nobody to tell of.
    Nobody,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// How many units it is taken of.
    pub n: usize,
    /// Its value; a share is in percent.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
    /// Its 95 percent interval.
    pub interval: (f64, f64),
    /// The degrees of freedom of the interval.
    pub df: f64,
    /// What became of it since the round before, where that was asked for.
    pub change: Option<TableChange>,
}

/// What became of a figure since the round before.
#[derive(Clone, Debug, PartialEq)]
pub enum TableChange {
    /// The two can be compared.
    Tested {
        /// The value in the round before, in percent.
        before: f64,
        /// The difference in percentage points, and its standard error.
        difference: f64,
        /// The standard error of the difference.
        se: f64,
        /// What the tests say.
        verdict: Verdict,
    },
    /// They cannot, and why.
    None(String),
}

/// Why there is no table.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{message}")]
pub struct TableError {
    message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Makes the table, a block for each variable. Errs where a name is unknown, where a variable may not
/// be published or is a text, and where the round before is asked for and there is none.
pub fn table(
    round: &RoundInput<'_>,
    request: &TableRequest<'_>,
) -> Result<Vec<TableBlock>, TableError> {
    let mut plan = round.plan.clone();
    plan.estimator = request.estimator.unwrap_or(plan.estimator);
    let figures = Figures::new(&plan, round.data, round.previous.as_ref())?;
    if request.trend && figures.before.is_none() {
        return Err(TableError::new("there is no round before this one").hint("leave out --trend"));
    }
    let words = Words::of(request.lang).unwrap_or_else(Words::english);
    let maker = Maker {
        figures: &figures,
        request,
        labels: Labels::new(round.data, words.lang),
        groups: groups(&figures, request, words.lang)?,
    };
    let mut blocks = vec![];
    for question in request.questions {
        for (variable, index) in variables(&figures, question)? {
            blocks.push(maker.block(variable, index)?);
        }
    }
    Ok(blocks)
}

/// Returns the variables that a name stands for: itself, or the rows of a grid.
fn variables<'a>(
    figures: &Figures<'a>,
    name: &str,
) -> Result<Vec<(&'a CodebookVariable, usize)>, FigureError> {
    let row = |variable: &&CodebookVariable| {
        variable.question.as_str() == name
            && variable.name != name
            && !matches!(variable.kind, instrument::VariableKind::Text)
    };
    let data = figures.now.data;
    let rows: Vec<&str> =
        data.variables.iter().filter(row).map(|variable| variable.name.as_str()).collect();
    if data.variable(name).is_some() || rows.is_empty() {
        return Ok(vec![figures.publishable(name)?]);
    }
    rows.into_iter().map(|row| figures.publishable(row)).collect()
}

struct Maker<'a> {
    figures: &'a Figures<'a>,
    request: &'a TableRequest<'a>,
    labels: Labels<'a>,
    groups: Vec<Group>,
}

/// A figure before it is decided what may be shown.
struct Found {
    cell: TableCell,
    /// How many gave the answer.
    count: usize,
}

impl<'a> Maker<'a> {
    fn block(
        &self,
        variable: &'a CodebookVariable,
        index: usize,
    ) -> Result<TableBlock, TableError> {
        let options: Vec<Option<&'a Code>> = match &self.figures.now.data.columns[index] {
            Column::Category(_) | Column::Categories(_) => {
                self.counted(variable).map(Some).collect()
            }
            Column::Integer(_) | Column::Decimal(_) => vec![None],
            Column::Text(_) => {
                let message = format!("`{}` holds a text, which has no figures", variable.name);
                return Err(TableError::new(message));
            }
        };
        let mut lines = vec![];
        for group in &self.groups {
            let found: Result<Vec<Found>, TableError> =
                options.iter().map(|option| self.found(variable, index, *option, group)).collect();
            lines.push(found?);
        }
        let adds_up = matches!(self.figures.now.data.columns[index], Column::Category(_));
        self.withhold(&mut lines, adds_up);
        let unit = if options == [None] { TableUnit::Mean } else { TableUnit::Percent };
        let rows = self.groups.iter().zip(lines).flat_map(|(group, line)| {
            options.iter().zip(line).map(|(option, found)| TableRow {
                group: group.label.clone(),
                option: option.map(|code| TableLabel {
                    code: code.to_string(),
                    text: self.labels.option(variable, code).to_owned(),
                }),
                cell: found.cell,
            })
        });
        let title = variable.label.get(self.request.lang).to_owned();
        Ok(TableBlock { variable: variable.name.clone(), title, unit, rows: rows.collect() })
    }

    /// Returns the options that are in the base.
    fn counted(&self, variable: &'a CodebookVariable) -> impl Iterator<Item = &'a Code> {
        let valid = self.figures.plan.base == instrument::ShareBase::Valid;
        let options = variable.options.iter();
        options.filter(move |option| !valid || option.missing.is_none()).map(|option| &option.code)
    }

    fn found(
        &self,
        variable: &CodebookVariable,
        index: usize,
        option: Option<&Code>,
        group: &Group,
    ) -> Result<Found, TableError> {
        let sample = &self.figures.now;
        let codes: &[Code] = option.map_or(&[], std::slice::from_ref);
        let asked = self.asked(sample, index, codes)?;
        let domain = within(&asked.domain, &group.now);
        let count = (0..domain.len()).filter(|&row| domain[row] && asked.hits[row]).count();
        let design = sample.design(self.figures.plan.estimator);
        let estimate = if option.is_none() {
            estimate::mean(design, &domain, &asked.numbers, Level::NINETY_FIVE)
        } else if self.request.of_population {
            let sizes = Of::Population(&sample.populations());
            estimate::share_of(design, &domain, &asked.hits, sizes, Level::NINETY_FIVE)
        } else {
            estimate::share(design, &domain, &asked.hits, Level::NINETY_FIVE)
        };
        let estimate = match estimate {
            Ok(estimate) => estimate,
            Err(EstimateError::EmptyDomain) => return Ok(Found { cell: TableCell::Nobody, count }),
            Err(error) => return Err(FigureError::from(error).into()),
        };
        let change = match option {
            Some(code) if self.request.trend => Some(self.change(variable, index, code, group)?),
            Some(_) | None => None,
        };
        let scale = if option.is_some() { 100.0 } else { 1.0 };
        Ok(Found { cell: TableCell::Shown(Shown::of(&estimate, scale, change)), count })
    }

    /// Tests the change of a share within a group.
    fn change(
        &self,
        variable: &CodebookVariable,
        index: usize,
        code: &Code,
        group: &Group,
    ) -> Result<TableChange, TableError> {
        // A table is asked for with a round before: `table` has made sure of it.
        let Some(earlier) = &self.figures.before else {
            return Ok(TableChange::None(String::new()));
        };
        let continued = match self.figures.continued(variable, std::slice::from_ref(code), earlier)
        {
            Ok(continued) => continued,
            Err(error) => return Ok(TableChange::None(error.to_string())),
        };
        let before = self.asked(earlier, continued.index, &continued.codes)?;
        let now = self.asked(&self.figures.now, index, std::slice::from_ref(code))?;
        let domains = [within(&before.domain, &group.before), within(&now.domain, &group.now)];
        let limit = self.figures.plan.disclosure.smallest_base.max(1);
        let base = domains[0].iter().filter(|inside| **inside).count();
        if base < limit {
            let message = format!("{base} units answered in the round before");
            return Ok(TableChange::None(message));
        }
        let sizes = [earlier.populations(), self.figures.now.populations()];
        let values = [self.values(&before, &sizes[0]), self.values(&now, &sizes[1])];
        let samples = [earlier, &self.figures.now];
        let wave = |round: usize| Wave {
            design: samples[round].design(self.figures.plan.estimator),
            domain: &domains[round],
            values: values[round],
        };
        let (links, level) = (&self.figures.links, self.figures.level());
        let same_within = self.figures.plan.change.same_within / 100.0;
        let change = estimate::change(&wave(0), &wave(1), links, level, same_within);
        Ok(TableChange::of(&change.map_err(FigureError::from)?))
    }

    fn values<'v>(&self, asked: &'v Asked, sizes: &'v [f64]) -> Values<'v> {
        match self.request.of_population {
            true => Values::Population(&asked.hits, sizes),
            false => Values::Hits(&asked.hits),
        }
    }

    /// Returns who was asked and answered, who gave one of the options, and numbers.
    fn asked(
        &self,
        sample: &Sample<'_>,
        index: usize,
        codes: &[Code],
    ) -> Result<Asked, FigureError> {
        if codes.is_empty() {
            let (domain, numbers) = sample.numbers(index)?;
            return Ok(Asked { hits: domain.clone(), domain, numbers });
        }
        let domain = sample.domain(index, self.figures.plan.base);
        Ok(Asked { hits: sample.hits(index, codes)?, domain, numbers: vec![] })
    }

    /// Withholds what is under the limits of disclosure, and what it could be worked out from.
    ///
    /// The first line is that of all units; it follows the plan's rule for national figures.
    fn withhold(&self, lines: &mut [Vec<Found>], adds_up: bool) {
        let limits = &self.figures.plan.disclosure;
        let small = |found: &Found| match &found.cell {
            TableCell::Shown(shown) => {
                shown.n < limits.smallest_base
                    || shown.value != 0.0 && found.count < limits.smallest_cell
            }
            TableCell::Withheld => true,
            TableCell::Nobody => false,
        };
        let Some((all, groups)) = lines.split_first_mut() else { return };
        for found in all {
            let base =
                matches!(&found.cell, TableCell::Shown(shown) if shown.n < limits.smallest_base);
            if base || !limits.publish_national && small(found) {
                found.cell = TableCell::Withheld;
            }
        }
        let counts: Vec<Vec<usize>> =
            groups.iter().map(|line| line.iter().map(|found| found.count).collect()).collect();
        let hidden = groups.iter().map(|line| line.iter().map(small).collect()).collect();
        let hidden = hide::complemented(hidden, &counts, adds_up);
        for (line, hidden) in groups.iter_mut().zip(hidden) {
            for (found, hidden) in line.iter_mut().zip(hidden) {
                if hidden && found.cell != TableCell::Nobody {
                    found.cell = TableCell::Withheld;
                }
            }
        }
    }
}

/// Who was asked a question and answered it, and what.
struct Asked {
    domain: Vec<bool>,
    hits: Vec<bool>,
    numbers: Vec<f64>,
}

fn within(domain: &[bool], group: &[bool]) -> Vec<bool> {
    domain.iter().zip(group).map(|(inside, member)| *inside && *member).collect()
}

impl Shown {
    fn of(estimate: &Estimate, scale: f64, change: Option<TableChange>) -> Shown {
        Shown {
            n: estimate.base.n,
            value: scale * estimate.value,
            se: scale * estimate.se,
            interval: (scale * estimate.ci_low, scale * estimate.ci_high),
            df: estimate.df,
            change,
        }
    }
}

impl TableChange {
    fn of(change: &Change) -> TableChange {
        TableChange::Tested {
            before: 100.0 * change.before.value,
            difference: 100.0 * change.difference.value,
            se: 100.0 * change.difference.se,
            verdict: change.verdict,
        }
    }
}

impl TableError {
    fn new(message: impl Into<String>) -> TableError {
        TableError { message: message.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> TableError {
        self.hint = Some(hint.into());
        self
    }
}

impl From<FigureError> for TableError {
    fn from(error: FigureError) -> TableError {
        TableError { message: error.to_string(), hint: error.hint() }
    }
}
