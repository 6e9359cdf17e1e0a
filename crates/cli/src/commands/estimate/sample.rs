//! A sample as a request sees it: columns, design, and the domain that the request is about.

use std::rc::Rc;

use anyhow::{Context, anyhow};
use estimate::{
    Column, Columns, Design, EstimateError, Estimates, Expression, Level, Levels, Linearised,
};
use serde_json::{Value, json};

use super::data::Library;
use super::design::build;
use super::request::{
    Comparison, Condition, ContrastSpec, EstimateSpec, FitSpec, ModelSpec, OneOrMore, QuantileSpec,
    RankSpec, Request, TableSpec,
};

/// A sample with the domain of a request.
pub(super) struct Sample {
    pub columns: Rc<Columns>,
    pub design: Rc<Design>,
    /// The elements that the request's `subset` selects.
    pub domain: Vec<bool>,
    strata: Vec<String>,
}

/// A domain in which nobody has what a request needs.
#[derive(Debug, thiserror::Error)]
#[error("the domain is empty: no row is in it that has a value of all variables")]
pub(super) struct Nobody;

/// What every request about a sample may say.
pub(super) trait Subset {
    fn subset(&self) -> &[Condition];
}

macro_rules! subset {
    ($($spec:ty),*) => { $(impl Subset for $spec {
        fn subset(&self) -> &[Condition] {
            &self.subset
        }
    })* };
}
subset!(EstimateSpec, QuantileSpec, TableSpec, FitSpec, ModelSpec, RankSpec, ContrastSpec);

impl Request {
    /// Reads the sample and finds the domain that the request is about.
    pub(super) fn sample(
        &self,
        library: &mut Library,
        spec: &impl Subset,
    ) -> anyhow::Result<Sample> {
        let stem = self.data.items.first().context("the request names no data file")?;
        let columns = library.table(stem)?;
        let design = self.design.clone().unwrap_or_default();
        let built = build(&design, &columns, library)?;
        let mut domain = vec![true; columns.rows()];
        for condition in spec.subset() {
            let meets = condition.met(&columns)?;
            domain.iter_mut().zip(meets).for_each(|(inside, meets)| *inside &= meets);
        }
        Ok(Sample { columns, design: Rc::new(built.design), domain, strata: built.strata })
    }
}

/// Columns of numbers that estimates are asked of.
pub(super) struct Variables {
    pub names: Vec<String>,
    pub columns: Vec<Vec<f64>>,
}

impl Variables {
    /// Returns which rows miss none of the variables.
    pub(super) fn complete(&self) -> Vec<bool> {
        let rows = self.columns.first().map_or(0, Vec::len);
        (0..rows).map(|row| self.columns.iter().all(|column| !column[row].is_nan())).collect()
    }
}

impl Sample {
    /// Returns the variables that terms stand for; categories give one for every level.
    pub(super) fn variables(&self, terms: &[String]) -> anyhow::Result<Variables> {
        let mut variables = Variables { names: Vec::new(), columns: Vec::new() };
        for text in terms {
            // A name may hold characters that no expression allows, if it is a column.
            let term = match self.columns.get(text) {
                Some(_) => Expression::Name(text.clone()),
                None => Expression::parse(text)?,
            };
            match estimate::column(&term, &self.columns)? {
                Column::Numbers(numbers) => {
                    variables.names.push(text.clone());
                    variables.columns.push(numbers);
                }
                Column::Levels(levels) => {
                    variables
                        .names
                        .extend(levels.names.iter().map(|level| format!("{text}{level}")));
                    variables.columns.extend(levels.indicators());
                }
            }
        }
        if variables.names.is_empty() {
            return Err(anyhow!("the request names no variable"));
        }
        Ok(variables)
    }

    /// Returns the one variable of a request that takes no more.
    pub(super) fn variable(&self, terms: &OneOrMore<String>) -> anyhow::Result<Vec<f64>> {
        let mut variables = self.variables(&terms.items)?;
        match variables.columns.len() {
            1 => Ok(variables.columns.remove(0)),
            more => {
                Err(anyhow!("one variable is needed, `{}` gives {more}", terms.items.join(", ")))
            }
        }
    }

    /// Returns the categories of a column; only those that occur in the domain count.
    pub(super) fn categories(&self, name: &str) -> anyhow::Result<Levels> {
        let term = match self.columns.get(name) {
            Some(_) => Expression::Name(name.to_owned()),
            None => Expression::parse(name)?,
        };
        Ok(estimate::column(&term, &self.columns)?.levels().used(&self.domain))
    }

    /// Estimates statistics among the rows of the domain that are inside the mask.
    pub(super) fn estimate(
        &self,
        inside: &[bool],
        statistic: impl Fn(&[f64]) -> Linearised,
    ) -> anyhow::Result<Estimates> {
        let domain = self.within(inside);
        self.explained(estimate::estimate(&self.design, &domain, |weights| Ok(statistic(weights))))
    }

    /// Returns the same sample with its domain narrowed to the rows of a mask.
    pub(super) fn narrowed(&self, mask: &[bool]) -> Self {
        Self {
            columns: self.columns.clone(),
            design: self.design.clone(),
            domain: self.within(mask),
            strata: self.strata.clone(),
        }
    }

    /// Returns the same sample with its variance by leaving out one sampling unit at a time.
    pub(super) fn jackknifed(&self) -> anyhow::Result<Self> {
        let design = Rc::new(self.explained(self.design.jackknifed())?);
        Ok(Self { design, ..self.narrowed(&self.domain) })
    }

    /// Returns the rows of the domain that are inside the mask.
    pub(super) fn within(&self, inside: &[bool]) -> Vec<bool> {
        self.domain.iter().zip(inside).map(|(domain, inside)| *domain && *inside).collect()
    }

    /// Says what keeps an estimate from being made, in the names of the file.
    pub(super) fn explained<T>(&self, result: Result<T, EstimateError>) -> anyhow::Result<T> {
        result.map_err(|error| match &error {
            EstimateError::LonelyUnit { stage: 1, stratum } => {
                let name = self.strata.get(*stratum).map_or("?", String::as_str);
                anyhow!(
                    "stratum {name} has a single sampling unit: merge it with a neighbour or choose \
                     `lonely_psu`"
                )
            }
            EstimateError::EmptyDomain => anyhow!(Nobody),
            _ => anyhow!(error),
        })
    }

    /// Returns the degrees of freedom of a domain.
    pub(super) fn df(&self, domain: &[bool]) -> f64 {
        estimate::degrees_of_freedom(&self.design, domain)
    }

    /// Returns the size of the sample as R counts it: rows that calibration keeps with weight 0 are rows.
    pub(super) fn rows(&self, domain: &[bool]) -> usize {
        match self.design.keeps_whole_sample() {
            true => domain.len(),
            false => domain.iter().filter(|inside| **inside).count(),
        }
    }

    /// Returns the mean weight of the rows of the domain.
    pub(super) fn mean_weight(&self) -> f64 {
        let weights = self.design.weights().iter().zip(&self.domain);
        let inside: Vec<f64> = weights.filter(|(_, inside)| **inside).map(|(w, _)| *w).collect();
        inside.iter().sum::<f64>() / inside.len() as f64
    }

    /// Answers with the weights.
    pub(super) fn weights(&self) -> Value {
        let weights = self.design.weights();
        json!({
            "n": weights.len(),
            "weights": weights,
            "sum": weights.iter().sum::<f64>(),
            "min": weights.iter().copied().fold(f64::INFINITY, f64::min),
            "max": weights.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }
}

/// Returns the level that a request states, or 95 percent.
pub(super) fn level(stated: Option<f64>) -> anyhow::Result<Level> {
    stated.map_or(Ok(Level::NINETY_FIVE), |level| Ok(Level::confidence(level)?))
}

impl Condition {
    /// Returns which rows meet the condition; missing values never do.
    fn met(&self, columns: &Columns) -> anyhow::Result<Vec<bool>> {
        let column = columns
            .get(&self.var)
            .ok_or_else(|| anyhow!("subset: there is no column `{}`", self.var))?;
        match column {
            Column::Numbers(numbers) => {
                let wanted: Vec<f64> =
                    self.value
                        .items
                        .iter()
                        .map(number)
                        .collect::<Option<_>>()
                        .ok_or_else(|| anyhow!("subset: `{}` holds numbers", self.var))?;
                Ok(numbers.iter().map(|x| self.op.holds(x, &wanted)).collect())
            }
            Column::Levels(levels) => {
                let wanted: Vec<String> = self.value.items.iter().map(text).collect();
                let holds = |code: &Option<usize>| {
                    code.is_some_and(|code| self.op.holds(&levels.names[code], &wanted))
                };
                Ok(levels.codes.iter().map(holds).collect())
            }
        }
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Comparison {
    fn holds<T: PartialOrd>(self, left: &T, right: &[T]) -> bool {
        let Some(first) = right.first() else { return false };
        match self {
            Comparison::Equal => left == first,
            Comparison::Unequal => left.partial_cmp(first).is_some_and(std::cmp::Ordering::is_ne),
            Comparison::Less => left < first,
            Comparison::AtMost => left <= first,
            Comparison::More => left > first,
            Comparison::AtLeast => left >= first,
            Comparison::In => right.contains(left),
        }
    }
}
