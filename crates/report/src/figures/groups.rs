//! Figures of groups of units: by size, county, kind and centrality, as far as disclosure allows.

use dataset::{CodebookVariable, Column};
use estimate::{Level, Values, Verdict, Wave};
use instrument::{Code, Estimator, ShareBase};

use super::{Figure, FigureError, Figures, FrameAttribute, Measure, Value};
use crate::disclosure::hide;

/// A group of units: those that have the same attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    /// What they have in common.
    pub(crate) attribute: FrameAttribute,
    /// What it is for them: a size class, a county's number.
    pub(crate) code: String,
}

/// A question by groups of units, hidden as far as it must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupTable {
    /// The options that are counted, a column each.
    pub(crate) columns: Vec<Vec<Code>>,
    /// The groups, in the order of the frame.
    pub(crate) rows: Vec<GroupRow>,
}

/// A group in a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupRow {
    /// The group.
    pub(crate) group: Group,
    /// How many of it are in the base.
    pub(crate) base: GroupCell<usize>,
    /// A figure for each column.
    pub(crate) cells: Vec<GroupCell<Figure>>,
}

/// A cell of a table by groups.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupCell<T> {
    /// What it holds.
    Shown(T),
    /// It is not shown, for the sake of those who answered.
    Hidden,
    /// There is nothing that it could hold: nobody is in the base.
    Impossible,
}

/// How a share of one group stands to that of another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Contrast {
    /// The group that is spoken of.
    pub(crate) of: Figure,
    /// The group that it is held against.
    pub(crate) with: Figure,
    /// Up where the first is larger.
    pub(crate) verdict: Verdict,
}

impl Figures<'_> {
    /// Returns the groups of an attribute that the frame has, in order.
    pub(crate) fn groups(&self, attribute: FrameAttribute) -> Vec<Group> {
        let units = &self.now.data.units;
        let mut codes: Vec<String> = match attribute {
            FrameAttribute::Size => {
                self.now.data.size_classes.iter().map(|(code, _)| code.to_string()).collect()
            }
            FrameAttribute::County
            | FrameAttribute::Centrality
            | FrameAttribute::Kind
            | FrameAttribute::KostraGroup => units.iter().map(|unit| attribute.of(unit)).collect(),
        };
        if attribute != FrameAttribute::Size {
            codes.sort();
            codes.dedup();
        }
        codes.retain(|code| units.iter().any(|unit| attribute.of(unit) == *code));
        codes.into_iter().map(|code| Group { attribute, code }).collect()
    }

    /// Returns options of a question by groups of units; every option where none is named.
    pub(crate) fn by_group(
        &self,
        name: &str,
        wanted: &[Vec<Code>],
        attribute: FrameAttribute,
    ) -> Result<GroupTable, FigureError> {
        let (variable, index) = self.publishable(name)?;
        let columns = if wanted.is_empty() { self.each_option(variable) } else { wanted.to_vec() };
        if columns.is_empty() {
            self.now.hits(index, &[])?;
        }
        for codes in &columns {
            self.now.hits(index, codes)?;
            self.in_base(variable, codes)?;
        }
        let national = self.now.domain(index, self.plan.base);
        self.large_enough(variable, self.now.data.provenance.round, &national)?;
        let groups = self.groups(attribute);
        let counted = self.counted(variable, index, &groups);
        let rows = groups.into_iter().enumerate().map(|(row, group)| {
            let hidden_base = counted.iter().any(|table| table.hidden.bases[row]);
            let base: usize = counted.first().map_or(0, |table| table.counts[row].iter().sum());
            let cells: Result<Vec<GroupCell<Figure>>, FigureError> = columns
                .iter()
                .map(|codes| match base {
                    0 => Ok(GroupCell::Impossible),
                    _ if hidden_base || conceals(&counted, codes, row) => Ok(GroupCell::Hidden),
                    _ => self.share_of_group(name, codes, &group).map(GroupCell::Shown),
                })
                .collect();
            let base = match base {
                0 => GroupCell::Impossible,
                _ if hidden_base => GroupCell::Hidden,
                base => GroupCell::Shown(base),
            };
            Ok(GroupRow { group, base, cells: cells? })
        });
        let rows: Result<Vec<GroupRow>, FigureError> = rows.collect();
        Ok(GroupTable { columns, rows: rows? })
    }

    /// Returns the share of a group, where the table of the question by this attribute shows it.
    pub(crate) fn share_in(
        &self,
        name: &str,
        codes: &[Code],
        group: &Group,
    ) -> Result<Figure, FigureError> {
        let table = self.by_group(name, &[codes.to_vec()], group.attribute)?;
        let row = table.rows.into_iter().find(|row| row.group == *group);
        let known = || self.groups(group.attribute).into_iter().map(|group| group.code).collect();
        let Some(row) = row else {
            return Err(FigureError::UnknownGroup { code: group.code.clone(), known: known() });
        };
        match row.cells.into_iter().next() {
            Some(GroupCell::Shown(figure)) => Ok(figure),
            Some(GroupCell::Hidden | GroupCell::Impossible) | None => {
                let (variable, group) = (name.to_owned(), group.code.clone());
                Err(FigureError::HiddenGroup { variable, group })
            }
        }
    }

    /// Holds a share of one group against that of another.
    pub(crate) fn contrast(
        &self,
        name: &str,
        codes: &[Code],
        (of, with): (&Group, &Group),
    ) -> Result<Contrast, FigureError> {
        let index = self.publishable(name)?.1;
        let hits = self.now.hits(index, codes)?;
        let domains = [with, of].map(|group| self.group_domain(index, group));
        let (of, with) = (self.share_in(name, codes, of)?, self.share_in(name, codes, with)?);
        let [first, second] = domains.each_ref().map(|domain| Wave {
            design: self.now.design(self.plan.estimator),
            domain,
            values: Values::Hits(&hits),
        });
        // The groups have no unit in common, as two rounds without overlap have none.
        let same_within = self.plan.change.same_within / 100.0;
        let change = estimate::change(&first, &second, &[], self.level, same_within)?;
        Ok(Contrast { of, with, verdict: change.verdict })
    }

    /// Returns which respondents of a group are in the base.
    fn group_domain(&self, index: usize, group: &Group) -> Vec<bool> {
        let mut domain = self.now.domain(index, self.plan.base);
        for (row, unit) in self.now.units().enumerate() {
            domain[row] &= group.attribute.of(&self.now.data.units[unit]) == group.code;
        }
        domain
    }

    /// Returns each option that is in the base, a column each.
    fn each_option(&self, variable: &CodebookVariable) -> Vec<Vec<Code>> {
        let counts = |missing: bool| match self.plan.base {
            ShareBase::Answered => true,
            ShareBase::Valid => !missing,
        };
        let options = variable.options.iter().filter(|option| counts(option.missing.is_some()));
        options.map(|option| vec![option.code.clone()]).collect()
    }

    /// Counts a question by groups, and hides. A question with one answer is one table; of a
    /// question with several each option is a table of its own: named or not named.
    fn counted(&self, variable: &CodebookVariable, index: usize, groups: &[Group]) -> Vec<Counted> {
        let domain = self.now.domain(index, self.plan.base);
        let options = self.each_option(variable);
        let count = |group: &Group, hits: &dyn Fn(usize) -> bool| {
            let rows = self.now.units().enumerate();
            rows.filter(|(row, unit)| {
                let unit = &self.now.data.units[*unit];
                domain[*row] && group.attribute.of(unit) == group.code && hits(*row)
            })
            .count()
        };
        let hits: Vec<Vec<bool>> = options
            .iter()
            .map(|codes| self.now.hits(index, codes).unwrap_or_else(|_| vec![false; domain.len()]))
            .collect();
        let of_option = |group: &Group, option: usize| count(group, &|row| hits[option][row]);
        let table = |codes: Vec<Code>, counts: Vec<Vec<usize>>| {
            let hidden = hide(&counts, &self.plan.disclosure);
            Counted { codes, counts, hidden }
        };
        if matches!(self.now.data.columns[index], Column::Categories(_)) {
            let each = options.iter().enumerate().map(|(option, codes)| {
                let row = |group: &Group| {
                    let named = of_option(group, option);
                    vec![named, count(group, &|_| true) - named]
                };
                table(codes.clone(), groups.iter().map(row).collect())
            });
            return each.collect();
        }
        let row =
            |group: &Group| (0..options.len()).map(|option| of_option(group, option)).collect();
        vec![table(options.concat(), groups.iter().map(row).collect())]
    }

    fn share_of_group(
        &self,
        name: &str,
        codes: &[Code],
        group: &Group,
    ) -> Result<Figure, FigureError> {
        let (_, index) = self.now.variable(name)?;
        let hits = self.now.hits(index, codes)?;
        let domain = self.group_domain(index, group);
        let estimate = |estimator| -> Result<Value, FigureError> {
            let design = self.now.design(estimator);
            Ok(Value::of(&estimate::share(design, &domain, &hits, Level::NINETY_FIVE)?, 100.0))
        };
        Ok(Figure {
            measure: Measure::Share,
            variable: name.to_owned(),
            codes: codes.to_vec(),
            against: vec![],
            group: Some(group.clone()),
            round: self.now.data.provenance.round,
            unweighted: estimate(Estimator::Unweighted)?,
            weighted: Some(estimate(Estimator::Weighted)?),
            estimator: self.plan.estimator,
            base: domain.iter().filter(|inside| **inside).count(),
            count: (0..hits.len()).filter(|&row| domain[row] && hits[row]).count(),
        })
    }
}

/// A table of counts and what of it is hidden.
struct Counted {
    /// The options of its columns; of a question with several answers the one that is counted.
    codes: Vec<Code>,
    counts: Vec<Vec<usize>>,
    hidden: crate::disclosure::Hidden,
}

/// Whether a figure would show a hidden cell, or a sum that one could be taken out of.
fn conceals(counted: &[Counted], codes: &[Code], row: usize) -> bool {
    counted.iter().any(|table| {
        let columns = table.codes.iter().enumerate().filter(|(_, code)| codes.contains(code));
        columns.into_iter().any(|(column, _)| table.hidden.cells[row][column])
    })
}

impl FrameAttribute {
    /// Returns the name by which expressions know it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FrameAttribute::Size => "size",
            FrameAttribute::County => "county",
            FrameAttribute::Centrality => "centrality",
            FrameAttribute::Kind => "kind",
            FrameAttribute::KostraGroup => "kostra_group",
        }
    }
}
