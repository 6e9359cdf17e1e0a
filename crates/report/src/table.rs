//! Tables for those who ask a question of the data: figures by groups of units, and since the round
//! before, under the same limits as everything that is published.

mod group;

use dataset::{CodebookVariable, Column};
use estimate::{Change, Estimate, EstimateError, Level, Of, Values, Verdict, Wave};
use instrument::{Code, Estimator, Lang};
use thiserror::Error;

use self::group::{By, Group, by, division, groups};
use crate::figures::{Concealed, FigureError, Figures, Known, Sample, each_option};
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
    // What is known is known under the plan as it is.
    let known = match request.estimator {
        Some(_) => Known::default(),
        None => round.known.clone(),
    };
    let figures = Figures::new(&plan, round.data, round.previous.as_ref(), &known)?;
    if request.trend && figures.before.is_none() {
        return Err(TableError::new("there is no round before this one").hint("leave out --trend"));
    }
    let words = Words::of(request.lang).unwrap_or_else(Words::english);
    let labels = Labels::new(round.data, words.lang);
    let by = by(&figures, request)?;
    let groups = groups(&figures, &by, &labels, words);
    let maker = Maker { figures: &figures, request, labels, by, groups };
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
    by: By,
    groups: Vec<Group>,
}

impl<'a> Maker<'a> {
    fn block(
        &self,
        variable: &'a CodebookVariable,
        index: usize,
    ) -> Result<TableBlock, TableError> {
        let options = self.options(variable, index)?;
        let of_answers = match self.by {
            By::Answer(by) => {
                Some(self.figures.now.concealed_by(index, &division(&self.figures.now, by)))
            }
            By::Nothing | By::Attribute(_) => None,
        };
        let mut rows = vec![];
        for (place, group) in self.groups.iter().enumerate() {
            for option in &options {
                let codes = option.as_ref().map_or(&[][..], std::slice::from_ref);
                let found = self.found(variable, index, option.as_ref(), group)?;
                let cell = match found {
                    TableCell::Shown(shown)
                        if self.withheld(index, codes, place, (&shown, of_answers.as_ref())) =>
                    {
                        TableCell::Withheld
                    }
                    found => found,
                };
                let option = option.as_ref().map(|code| TableLabel {
                    code: code.to_string(),
                    text: self.labels.options(&variable.name, std::slice::from_ref(code)),
                });
                rows.push(TableRow { group: group.label.clone(), option, cell });
            }
        }
        let unit = if options == [None] { TableUnit::Mean } else { TableUnit::Percent };
        let title = variable.label.get(self.request.lang).to_owned();
        Ok(TableBlock { variable: variable.name.clone(), title, unit, rows })
    }

    /// Returns the options that have a line each; a number has one line without.
    fn options(
        &self,
        variable: &CodebookVariable,
        index: usize,
    ) -> Result<Vec<Option<Code>>, TableError> {
        match &self.figures.now.data.columns[index] {
            Column::Category(_) | Column::Categories(_) => {
                let options = each_option(variable, self.figures.plan.base);
                Ok(options.into_iter().map(Some).collect())
            }
            Column::Integer(_) | Column::Decimal(_) => Ok(vec![None]),
            Column::Text(_) => {
                let message = format!("`{}` holds a text, which has no figures", variable.name);
                Err(TableError::new(message))
            }
        }
    }

    fn found(
        &self,
        variable: &CodebookVariable,
        index: usize,
        option: Option<&Code>,
        group: &Group,
    ) -> Result<TableCell, TableError> {
        let sample = &self.figures.now;
        let codes: &[Code] = option.map_or(&[], std::slice::from_ref);
        let asked = self.asked(sample, index, codes)?;
        let domain = within(&asked.domain, &group.now);
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
            Err(EstimateError::EmptyDomain) => return Ok(TableCell::Nobody),
            Err(error) => return Err(FigureError::from(error).into()),
        };
        let change = match option {
            Some(code) if self.request.trend => Some(self.change(variable, index, code, group)?),
            Some(_) | None => None,
        };
        let scale = if option.is_some() { 100.0 } else { 1.0 };
        Ok(TableCell::Shown(Shown::of(&estimate, scale, change)))
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
        if self.withheld_before(earlier, (continued.index, &continued.codes), &domains[0], group) {
            let message = format!("the figure of {} is withheld", earlier.data.provenance.round);
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

    /// Returns whether a figure is withheld: it is too small, or one that is could be worked out from it.
    ///
    /// The first group is that of all units; it follows the plan's rule for national figures.
    fn withheld(
        &self,
        index: usize,
        codes: &[Code],
        place: usize,
        (shown, of_answers): (&Shown, Option<&Concealed>),
    ) -> bool {
        let sample = &self.figures.now;
        let Some(group) = place.checked_sub(1) else {
            return self.withheld_in_country(sample, (index, codes), shown.n);
        };
        match (&self.by, of_answers) {
            (By::Attribute(attribute), _) => sample.concealed(index).cell(codes, *attribute, group),
            (By::Answer(_), Some(concealed)) => concealed.cell_alone(codes, group),
            (By::Nothing, _) | (By::Answer(_), None) => false,
        }
    }

    fn withheld_in_country(
        &self,
        sample: &Sample<'_>,
        (index, codes): (usize, &[Code]),
        base: usize,
    ) -> bool {
        let limits = &self.figures.plan.disclosure;
        base < limits.smallest_base
            || !limits.publish_national && sample.concealed(index).in_country(codes)
    }

    /// Returns whether the figure of the round before is one that its own tables withhold.
    fn withheld_before(
        &self,
        earlier: &Sample<'_>,
        (index, codes): (usize, &[Code]),
        domain: &[bool],
        group: &Group,
    ) -> bool {
        let base = domain.iter().filter(|inside| **inside).count();
        if base == 0 {
            return true;
        }
        match (&self.by, &group.label) {
            (By::Attribute(attribute), Some(label)) => {
                let of_frame = earlier.codes(*attribute);
                let group = of_frame.iter().position(|code| *code == label.code);
                let hidden = |group| earlier.concealed(index).cell(codes, *attribute, group);
                group.is_none_or(hidden)
            }
            (By::Attribute(_) | By::Nothing | By::Answer(_), _) => {
                self.withheld_in_country(earlier, (index, codes), base)
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
