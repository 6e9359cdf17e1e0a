//! What one pass over the rows comes to: estimates, their standard errors and their covariance.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::sum::Sum;
use super::{KernelError, Stratum, Sums, Terms};
use crate::design::{DesignError, Lonely};
use crate::error::EstimateError;
use crate::level::Level;
use crate::matrix::Matrix;
use crate::proportion::wilson;
use crate::share::{Base, Estimate, Interval, Method};

/// What is estimated of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// Its mean.
    Mean,
    /// Its total.
    Total,
    /// The mean of zeros and ones, with an interval that stays between them.
    Share,
}

/// Sums by stratum and domain, ready to make estimates from.
#[derive(Debug)]
pub struct Summary {
    origins: Vec<f64>,
    terms: Terms,
    strata: Vec<Stratum>,
    /// What a row of the stratum weighs where weights were not given, else 1.
    raising: Vec<f64>,
    cells: Cells,
    /// The cells of every domain.
    domains: Vec<Vec<usize>>,
    /// Of a clustered sample, the sums by sampling unit and domain, and the stratum of each unit.
    units: Option<(Cells, Vec<Option<u32>>)>,
    lonely: Lonely,
}

/// Sums of products by the places of two entries.
type Products = BTreeMap<(usize, usize), Sum>;

/// A statistic as a linear map of weight and weighted value, whose total has its variance.
#[derive(Debug, Clone, Copy)]
struct Influence {
    of_weight: Sum,
    of_value: Sum,
    scale: f64,
}

impl Sums {
    /// Ends the pass. Errs where a stratum holds fewer units than were drawn from it.
    pub fn finish(&self, lonely: Lonely) -> Result<Summary, KernelError> {
        if lonely == Lonely::Adjust {
            let (what, needs) = ("measuring lonely units from the mean", "all rows at once");
            return Err(EstimateError::Unsupported { what, needs }.into());
        }
        let weighted = self.weighted;
        let raising = |(number, stratum): (usize, &Stratum)| match stratum.population {
            Some(population) if population.is_nan() || population < stratum.drawn as f64 => {
                let sampled = stratum.drawn as usize;
                Err(DesignError::Population { stratum: number, sampled, population })
            }
            Some(population) if !weighted && population.is_finite() => {
                Ok(population / stratum.drawn.max(1) as f64)
            }
            Some(_) | None => Ok(1.0),
        };
        let raising = self.strata.iter().enumerate().map(raising).collect::<Result<_, _>>()?;
        let (sums, terms) = self.together();
        let terms = Terms { multiplied: true, ..terms };
        let (cells, units) = match self.shape.clustered {
            false => (sums, None),
            true => (of_strata(&sums, &self.homes, terms), Some((sums, self.homes.clone()))),
        };
        let mut domains: Vec<Vec<usize>> = vec![];
        for (cell, &(_, domain)) in cells.keys.iter().enumerate() {
            if domains.len() <= domain as usize {
                domains.resize(domain as usize + 1, vec![]);
            }
            domains[domain as usize].push(cell);
        }
        // Cells were opened in the order of the rows; strata are added up in theirs.
        domains.iter_mut().for_each(|list| list.sort_by_key(|cell| cells.keys[*cell]));
        let (origins, strata) = (self.shape.origins.clone(), self.strata.clone());
        Ok(Summary { origins, terms, strata, raising, cells, domains, units, lonely })
    }
}

/// Adds up sampling units to strata: the total of a unit is one row.
fn of_strata(units: &Cells, homes: &[Option<u32>], terms: Terms) -> Cells {
    let mut cells = Cells::new(units.variables, terms.width());
    let mut row = vec![0.0; terms.width()];
    for (from, &(unit, domain)) in units.keys.iter().enumerate() {
        let Some(stratum) = homes[unit as usize] else { continue };
        let cell = cells.cell(stratum, domain);
        (0..terms.singles()).for_each(|term| row[term] = units.sum(from, term).value());
        terms.multiply(&mut row);
        cells.add(cell, &row);
        for variable in 0..units.variables {
            let rows = units.rows(from, variable);
            cells.count(cell, variable, rows, u64::from(rows > 0));
        }
    }
    cells
}

impl Summary {
    /// Returns the number of domains.
    pub fn domains(&self) -> usize {
        self.domains.len()
    }

    /// Returns the number of strata.
    pub fn strata(&self) -> usize {
        self.strata.len()
    }

    /// Estimates one statistic of every variable, by domain.
    pub fn estimates(
        &self,
        statistics: &[Statistic],
        level: Level,
    ) -> Vec<Vec<Result<Estimate, EstimateError>>> {
        // Quantiles take longer than all the rest, and most variables of a domain share one.
        let mut quantiles = BTreeMap::new();
        let mut t = |df: f64| *quantiles.entry(df.to_bits()).or_insert_with(|| level.t(df));
        let mut of_domain = |domain: usize| -> Vec<Result<Estimate, EstimateError>> {
            let variables = statistics.iter().enumerate();
            variables.map(|(v, statistic)| self.estimate(*statistic, domain, v, &mut t)).collect()
        };
        (0..self.domains.len()).map(&mut of_domain).collect()
    }

    fn estimate(
        &self,
        statistic: Statistic,
        domain: usize,
        variable: usize,
        t: &mut dyn FnMut(f64) -> f64,
    ) -> Result<Estimate, EstimateError> {
        let base = self.base(domain, variable)?;
        let (value, influence) = self.influence(statistic, domain, variable);
        let se = self.variance(domain, variable, influence)?.max(0.0).sqrt();
        let df = self.degrees_of_freedom(domain, variable);
        let quantile = t(df.max(1.0));
        let (interval, (ci_low, ci_high)) = match statistic {
            Statistic::Mean | Statistic::Total => {
                let reach = if se > 0.0 { se * quantile } else { 0.0 };
                (Interval::StudentT, (value - reach, value + reach))
            }
            Statistic::Share => {
                let n = self.effective_size(domain, variable, value, se);
                let limits =
                    if n.is_infinite() { (value, value) } else { wilson(value, n, quantile) };
                (Interval::Wilson, limits)
            }
        };
        Ok(Estimate { value, se, ci_low, ci_high, df, base, method: Method { interval } })
    }

    /// Returns the covariance of one statistic of several variables in several domains, given as pairs of
    /// domain and variable. Different variables need sums that are crossed.
    pub fn covariance(
        &self,
        statistic: Statistic,
        of: &[(usize, usize)],
    ) -> Result<Matrix, EstimateError> {
        for &(domain, variable) in of {
            self.base(domain, variable)?;
        }
        let influences: Vec<Influence> = of
            .iter()
            .map(|&(domain, variable)| self.influence(statistic, domain, variable).1)
            .collect();
        let products = self.products(of, &influences)?;
        let mut totals = vec![vec![Sum::default(); of.len()]; self.strata.len()];
        for (entry, (&(domain, variable), influence)) in of.iter().zip(&influences).enumerate() {
            for &cell in &self.domains[domain] {
                totals[self.stratum_of(cell)][entry] = self.total(cell, variable, influence);
            }
        }
        let mut covariance = Matrix::zeros(of.len(), of.len());
        for (stratum, (products, totals)) in products.iter().zip(&totals).enumerate() {
            let Some(factor) = self.factor(stratum)? else { continue };
            let drawn = Sum::new(self.strata[stratum].drawn as f64);
            for i in 0..of.len() {
                for j in 0..of.len() {
                    let product = products.get(&(i, j)).copied().unwrap_or_default();
                    let scatter = product * drawn - totals[i] * totals[j];
                    let scale = factor * influences[i].scale * influences[j].scale;
                    covariance[(i, j)] += scale * scatter.value();
                }
            }
        }
        Ok(covariance)
    }

    /// Returns by stratum the sums over sampling units of products of entries that share units.
    fn products(
        &self,
        of: &[(usize, usize)],
        influences: &[Influence],
    ) -> Result<Vec<Products>, EstimateError> {
        let mut products = vec![BTreeMap::new(); self.strata.len()];
        if let Some((units, homes)) = &self.units {
            let mut by_unit: BTreeMap<u32, Vec<(usize, Sum)>> = BTreeMap::new();
            for (cell, &(unit, domain)) in units.keys.iter().enumerate() {
                for (entry, &(_, variable)) in
                    of.iter().enumerate().filter(|(_, key)| key.0 == domain as usize)
                {
                    let total = influences[entry].apply(units, cell, variable, self.terms);
                    by_unit.entry(unit).or_default().push((entry, total));
                }
            }
            for (unit, entries) in by_unit {
                let Some(stratum) = homes[unit as usize] else { continue };
                let raised = self.raising[stratum as usize];
                for &(i, left) in &entries {
                    for &(j, right) in &entries {
                        let sum: &mut Sum = products[stratum as usize].entry((i, j)).or_default();
                        *sum = *sum + left * right * Sum::new(raised * raised);
                    }
                }
            }
            return Ok(products);
        }
        for (i, &(domain, left)) in of.iter().enumerate() {
            for (j, &(_, right)) in of.iter().enumerate().filter(|(_, key)| key.0 == domain) {
                for &cell in &self.domains[domain] {
                    let product =
                        self.product(cell, (left, right), (&influences[i], &influences[j]));
                    let product = product.ok_or(EstimateError::Unsupported {
                        what: "the covariance of several variables",
                        needs: "sums of their products, which were not asked for",
                    })?;
                    products[self.stratum_of(cell)].insert((i, j), product);
                }
            }
        }
        Ok(products)
    }

    fn base(&self, domain: usize, variable: usize) -> Result<Base, EstimateError> {
        let cells = self.domains.get(domain).map_or(&[][..], Vec::as_slice);
        let n: u64 = cells.iter().map(|cell| self.cells.rows(*cell, variable)).sum();
        if n == 0 {
            return Err(EstimateError::EmptyDomain);
        }
        let weight_sum = self.sum_over(domain, self.terms.weight(variable)).value();
        Ok(Base { n: n as usize, weight_sum })
    }

    /// Adds up a term over the strata of a domain.
    fn sum_over(&self, domain: usize, term: usize) -> Sum {
        let raised = |cell: &usize| {
            self.cells.sum(*cell, term) * Sum::new(self.raising[self.stratum_of(*cell)])
        };
        self.domains[domain].iter().map(raised).sum()
    }

    /// Returns the value of a statistic and how elements bear on it.
    fn influence(&self, statistic: Statistic, domain: usize, variable: usize) -> (f64, Influence) {
        let weight = self.sum_over(domain, self.terms.weight(variable));
        let value = self.sum_over(domain, self.terms.value(variable));
        let origin = Sum::new(self.origins[variable]);
        match statistic {
            Statistic::Mean | Statistic::Share => {
                let mean = value.value() / weight.value();
                let of_weight = Sum::new(-mean);
                let scale = 1.0 / weight.value();
                (origin.high + mean, Influence { of_weight, of_value: Sum::new(1.0), scale })
            }
            Statistic::Total => {
                let influence =
                    Influence { of_weight: origin, of_value: Sum::new(1.0), scale: 1.0 };
                ((value + origin * weight).value(), influence)
            }
        }
    }

    fn stratum_of(&self, cell: usize) -> usize {
        self.cells.keys[cell].0 as usize
    }

    /// Returns the total of an influence over a cell.
    fn total(&self, cell: usize, variable: usize, influence: &Influence) -> Sum {
        let total = influence.apply(&self.cells, cell, variable, self.terms);
        total * Sum::new(self.raising[self.stratum_of(cell)])
    }

    /// Returns the sum over a cell's units of the product of two influences.
    fn product(
        &self,
        cell: usize,
        (left, right): (usize, usize),
        (of_left, of_right): (&Influence, &Influence),
    ) -> Option<Sum> {
        let of = |i, j| Some(self.cells.sum(cell, self.terms.product(i, j)?));
        let weights = (self.terms.weight(left), self.terms.weight(right));
        let values = (self.terms.value(left), self.terms.value(right));
        let sum = of_left.of_weight * of_right.of_weight * of(weights.0, weights.1)?
            + of_left.of_weight * of_right.of_value * of(weights.0, values.1)?
            + of_left.of_value * of_right.of_weight * of(values.0, weights.1)?
            + of_left.of_value * of_right.of_value * of(values.0, values.1)?;
        let raised = self.raising[self.stratum_of(cell)];
        Some(sum * Sum::new(raised * raised))
    }

    /// Returns the variance of a statistic, as [`crate::estimate`] finds it.
    fn variance(
        &self,
        domain: usize,
        variable: usize,
        influence: Influence,
    ) -> Result<f64, EstimateError> {
        let (mut sum, mut strata, mut known) = (Sum::default(), 0, 0);
        let cells = self.domains[domain].iter();
        for &cell in cells.filter(|cell| self.cells.units(**cell, variable) > 0) {
            strata += 1;
            let stratum = self.stratum_of(cell);
            let Some(factor) = self.factor(stratum)? else { continue };
            known += 1;
            let pair = (&influence, &influence);
            let squares = self.product(cell, (variable, variable), pair).unwrap_or_default();
            let total = self.total(cell, variable, &influence);
            let drawn = Sum::new(self.strata[stratum].drawn as f64);
            sum = sum + (squares * drawn - total * total) * Sum::new(factor);
        }
        if known == 0 {
            let stratum = self.domains[domain].first().map_or(0, |cell| self.stratum_of(*cell));
            return Err(EstimateError::LonelyUnit { stage: 1, stratum });
        }
        let raised = f64::from(strata) / f64::from(known);
        Ok(sum.value() * raised * influence.scale * influence.scale)
    }

    /// Returns what the scatter of n units within a stratum counts, when that is n times the sum of squares less
    /// the square of the sum; nothing where the average of the other strata stands for it.
    fn factor(&self, stratum: usize) -> Result<Option<f64>, EstimateError> {
        let drawn = self.strata[stratum].drawn as f64;
        let unseen = self.unseen(stratum);
        if drawn > 1.0 || unseen < CENSUS {
            let factor = if drawn > 1.0 { unseen / (drawn - 1.0) } else { 0.0 };
            return Ok(Some(if unseen < CENSUS { 0.0 } else { factor }));
        }
        match self.lonely {
            Lonely::Fail => Err(EstimateError::LonelyUnit { stage: 1, stratum }),
            Lonely::Remove | Lonely::Certainty | Lonely::Adjust => Ok(Some(0.0)),
            Lonely::Average => Ok(None),
        }
    }

    /// Returns the share of a stratum that was not drawn.
    fn unseen(&self, stratum: usize) -> f64 {
        let Stratum { drawn, population } = self.strata[stratum];
        population.map_or(1.0, |population| 1.0 - drawn as f64 / population)
    }

    fn degrees_of_freedom(&self, domain: usize, variable: usize) -> f64 {
        let units = self.domains[domain].iter().map(|cell| self.cells.units(*cell, variable));
        units.filter(|units| *units > 0).map(|units| units as f64 - 1.0).sum()
    }

    /// Returns the size of the simple random sample, with replacement, that would be as sure.
    fn effective_size(&self, domain: usize, variable: usize, p: f64, se: f64) -> f64 {
        if se > 0.0 {
            return p * (1.0 - p) / (se * se);
        }
        let squares = self
            .terms
            .product(self.terms.weight(variable), self.terms.weight(variable))
            .unwrap_or_default();
        let unseen = |&cell: &usize| {
            let stratum = self.stratum_of(cell);
            let raised = self.raising[stratum];
            self.cells.sum(cell, squares).value() * raised * raised * self.unseen(stratum)
        };
        let unseen: f64 = self.domains[domain].iter().map(unseen).sum();
        let sum = self.sum_over(domain, self.terms.weight(variable)).value();
        if unseen > 0.0 { sum * sum / unseen } else { f64::INFINITY }
    }
}

impl Influence {
    /// Returns the total of the influence over a cell, before it is scaled.
    fn apply(&self, cells: &Cells, cell: usize, variable: usize, terms: Terms) -> Sum {
        self.of_weight * cells.sum(cell, terms.weight(variable))
            + self.of_value * cells.sum(cell, terms.value(variable))
    }
}

/// Below this share of units left out, a stratum is taken as wholly drawn.
const CENSUS: f64 = 1e-7;
