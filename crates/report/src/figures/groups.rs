//! Figures of groups of units: by size, county, kind and centrality, as far as disclosure allows.

use estimate::{Design, Level, Values, Verdict, Wave};
use instrument::{Code, Estimator};

use super::concealed::each_option;
use super::{Figure, FigureError, Figures, FrameAttribute, Measure, Value};

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

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.attribute.name(), self.code)
    }
}

impl<T> GroupCell<T> {
    /// Returns the cell with a reference to what it holds.
    pub(crate) fn as_ref(&self) -> GroupCell<&T> {
        match self {
            GroupCell::Shown(value) => GroupCell::Shown(value),
            GroupCell::Hidden => GroupCell::Hidden,
            GroupCell::Impossible => GroupCell::Impossible,
        }
    }

    /// Returns the cell with another value in place of what it holds.
    pub(crate) fn map<U>(self, to: impl FnOnce(T) -> U) -> GroupCell<U> {
        match self {
            GroupCell::Shown(value) => GroupCell::Shown(to(value)),
            GroupCell::Hidden => GroupCell::Hidden,
            GroupCell::Impossible => GroupCell::Impossible,
        }
    }

    /// Returns what it holds, if it is shown.
    pub(crate) fn shown(self) -> Option<T> {
        match self {
            GroupCell::Shown(value) => Some(value),
            GroupCell::Hidden | GroupCell::Impossible => None,
        }
    }
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
        let codes = self.now.codes(attribute).iter().cloned();
        codes.map(|code| Group { attribute, code }).collect()
    }

    /// Returns options of a question by groups of units; every option where none is named.
    pub(crate) fn by_group(
        &self,
        name: &str,
        wanted: &[Vec<Code>],
        attribute: FrameAttribute,
    ) -> Result<GroupTable, FigureError> {
        let key = (name.to_owned(), wanted.to_vec(), attribute);
        self.now.telling.known.tables().or_find(key, || self.divided(name, wanted, attribute))
    }

    fn divided(
        &self,
        name: &str,
        wanted: &[Vec<Code>],
        attribute: FrameAttribute,
    ) -> Result<GroupTable, FigureError> {
        let (variable, index) = self.publishable(name)?;
        let columns = match wanted {
            [] => each_option(variable, self.plan.base).into_iter().map(|c| vec![c]).collect(),
            wanted => wanted.to_vec(),
        };
        if columns.is_empty() {
            self.now.hits(index, &[])?;
        }
        let mut hits = vec![];
        for codes in &columns {
            hits.push(self.now.hits(index, codes)?);
            self.in_base(variable, codes)?;
        }
        let national = self.now.domain(index, self.plan.base);
        self.large_enough(variable, self.now.data.provenance.round, &national)?;
        let concealed = self.now.concealed(index);
        let rows = self.groups(attribute).into_iter().enumerate().map(|(row, group)| {
            let domain = both(&national, &self.now.members(attribute, row));
            let base = domain.iter().filter(|inside| **inside).count();
            let cell = |(codes, hits): (&Vec<Code>, &Vec<bool>)| match base {
                0 => Ok(GroupCell::Impossible),
                _ if concealed.base(attribute, row) || concealed.cell(codes, attribute, row) => {
                    Ok(GroupCell::Hidden)
                }
                _ => {
                    self.share_of_group((name, codes), &group, &domain, hits).map(GroupCell::Shown)
                }
            };
            let cells: Result<Vec<GroupCell<Figure>>, FigureError> =
                columns.iter().zip(&hits).map(cell).collect();
            let base = match base {
                0 => GroupCell::Impossible,
                _ if concealed.base(attribute, row) => GroupCell::Hidden,
                base => GroupCell::Shown(base),
            };
            Ok(GroupRow { group, base, cells: cells? })
        });
        let rows: Result<Vec<GroupRow>, FigureError> = rows.collect();
        Ok(GroupTable { columns, rows: rows? })
    }

    /// Returns a number by groups of units: the mean and the median of those who gave one.
    pub(crate) fn numbers_by_group(
        &self,
        name: &str,
        attribute: FrameAttribute,
    ) -> Result<Vec<GroupRow>, FigureError> {
        let (variable, index) = self.publishable(name)?;
        let (domain, numbers) = self.now.numbers(index)?;
        self.large_enough(variable, self.now.data.provenance.round, &domain)?;
        let concealed = self.now.concealed(index);
        let rows = self.groups(attribute).into_iter().enumerate().map(|(row, group)| {
            let inside = both(&domain, &self.now.members(attribute, row));
            let base = match inside.iter().filter(|inside| **inside).count() {
                0 => GroupCell::Impossible,
                _ if concealed.cell(&[], attribute, row) => GroupCell::Hidden,
                base => GroupCell::Shown(base),
            };
            let cell = |measure| match base {
                GroupCell::Shown(_) => self
                    .number_of_group((name, measure), &group, &inside, &numbers)
                    .map(GroupCell::Shown),
                GroupCell::Hidden => Ok(GroupCell::Hidden),
                GroupCell::Impossible => Ok(GroupCell::Impossible),
            };
            let cells = vec![cell(Measure::Mean)?, cell(Measure::Median)?];
            Ok(GroupRow { group, base, cells })
        });
        rows.collect()
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
        let codes = self.now.codes(group.attribute);
        let place = codes.iter().position(|code| *code == group.code).unwrap_or(codes.len());
        let members = self.now.members(group.attribute, place);
        both(&self.now.domain(index, self.plan.base), &members)
    }

    fn share_of_group(
        &self,
        (name, codes): (&str, &[Code]),
        group: &Group,
        domain: &[bool],
        hits: &[bool],
    ) -> Result<Figure, FigureError> {
        let count = (0..hits.len()).filter(|&row| domain[row] && hits[row]).count();
        let of = |design: &Design| {
            let share = estimate::share(design, domain, hits, Level::NINETY_FIVE)?;
            Ok(Value::of(&share, 100.0))
        };
        let figure = self.figure_of_group((name, Measure::Share), group, domain, of)?;
        Ok(Figure { codes: codes.to_vec(), count, ..figure })
    }

    fn number_of_group(
        &self,
        (name, measure): (&str, Measure),
        group: &Group,
        domain: &[bool],
        numbers: &[f64],
    ) -> Result<Figure, FigureError> {
        self.figure_of_group((name, measure), group, domain, |design| match measure {
            Measure::Median => Ok(Value::median(design, domain, numbers)),
            Measure::Mean | Measure::Share | Measure::Net | Measure::ResponseRate => {
                let mean = estimate::mean(design, domain, numbers, Level::NINETY_FIVE)?;
                Ok(Value::of(&mean, 1.0))
            }
        })
    }

    /// Estimates a figure of a group. Where the plan does not weight, a group has no weighted figure
    /// beside the other: who knows the weights could tell from the two who gave the answer.
    fn figure_of_group(
        &self,
        (name, measure): (&str, Measure),
        group: &Group,
        domain: &[bool],
        of: impl Fn(&Design) -> Result<Value, FigureError>,
    ) -> Result<Figure, FigureError> {
        let base = domain.iter().filter(|inside| **inside).count();
        let weighted = match self.plan.estimator {
            Estimator::Unweighted => None,
            Estimator::Weighted => Some(of(self.now.design(Estimator::Weighted))?),
        };
        Ok(Figure {
            measure,
            variable: name.to_owned(),
            codes: vec![],
            against: vec![],
            group: Some(group.clone()),
            round: self.now.data.provenance.round,
            unweighted: of(self.now.design(Estimator::Unweighted))?,
            weighted,
            estimator: self.plan.estimator,
            base,
            count: base,
        })
    }
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

fn both(one: &[bool], other: &[bool]) -> Vec<bool> {
    one.iter().zip(other).map(|(one, other)| *one && *other).collect()
}
