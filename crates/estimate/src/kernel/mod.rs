//! Estimates from one pass over the rows of a file of any length.
//!
//! What means, totals and shares and their variances need of a stratified, perhaps clustered sample are sums:
//! of weights, of weighted values, and of products of these within each stratum and domain. [`Sums`] collects
//! them for many variables and all domains at once, chunk by chunk; those of several chunks, threads or
//! machines are added up by [`Sums::merge`]. Then [`Sums::finish`] leaves a [`Summary`] of a size that depends on strata,
//! domains and variables alone, from which estimates and their covariance are made.
//!
//! # Sameness
//! Every row adds terms that are rounded by themselves, and the terms are added with compensation: a sum holds about
//! 32 digits. However rows are split into chunks and chunks are handed to threads, sums agree to about
//! 1e-29 of the sum of their absolute terms, so that the estimates agree in all digits of a double but, at
//! worst, the last, even where a variance is a millionth of the squares it comes from.

mod cells;
mod replicates;
mod sum;
mod summary;

use thiserror::Error;

use self::cells::Cells;
use crate::design::DesignError;
use crate::error::EstimateError;

pub use replicates::{ReplicateRows, ReplicateSums};
pub use summary::{Statistic, Summary};

/// What is summed.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// For each variable a value near its own, from which it is measured: the nearer, the less is lost where
    /// its variance is small beside its square. 0 for shares.
    pub origins: Vec<f64>,
    /// Whether rows are drawn in sampling units, or one by one.
    pub clustered: bool,
    /// Whether products of different variables are summed too, which their covariance needs.
    pub crossed: bool,
}

/// Some rows of a sample. Strata, sampling units and domains are numbered from 0 in any order.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    /// The stratum of every row.
    pub strata: &'a [u32],
    /// The sampling unit of every row, of a clustered sample.
    pub units: Option<&'a [u32]>,
    /// The domain of every row. A row that no domain wants needs one of its own: it counts as drawn.
    pub domains: &'a [u32],
    /// The weight of every row; without, rows weigh N/n of their stratum.
    pub weights: Option<&'a [f64]>,
    /// How many units the row's stratum holds; without, the sample is drawn with replacement.
    pub populations: Option<&'a [f64]>,
    /// The values of every variable; NaN where there is none.
    pub values: Vec<&'a [f64]>,
}

/// Why rows cannot be summed or estimates not be made.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum KernelError {
    /// The rows do not describe a sample.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// Nothing can be estimated.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// Rows of a stratum that state different sizes.
    #[error("stratum {stratum} has population size {first} in one row and {other} in another")]
    Populations {
        /// The stratum.
        stratum: u32,
        /// One size.
        first: f64,
        /// Another.
        other: f64,
    },
    /// A sampling unit in two strata.
    #[error("sampling unit {unit} lies in two strata")]
    NotNested {
        /// The unit.
        unit: u32,
    },
    /// An infinite value.
    #[error("variable {variable} is {value} in row {row}: estimates need finite numbers")]
    Value {
        /// The variable.
        variable: usize,
        /// The row of the chunk, from 0.
        row: usize,
        /// The value.
        value: f64,
    },
}

/// The sums that estimates are made from.
#[derive(Debug, Clone)]
pub struct Sums {
    shape: Shape,
    terms: Terms,
    strata: Vec<Stratum>,
    /// By stratum and domain; of a clustered sample by sampling unit and domain. Here are the rows that lack
    /// a value of some variable.
    cells: Cells,
    /// The same of the rows that lack nothing, nearly all as a rule. All variables share the weight of such a row:
    /// its sums are fewer.
    complete: Cells,
    /// Of a clustered sample, the stratum of every unit that was met.
    homes: Vec<Option<u32>>,
    weighted: bool,
    /// By variable, whether all values are 0 or 1.
    binary: Vec<bool>,
}

/// One stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stratum {
    /// How many units were drawn.
    drawn: u64,
    /// How many it holds, once that is known.
    population: Option<f64>,
}

/// How numbers of another numbering are called in this one.
#[derive(Debug, Clone, Copy)]
pub struct Renumbering<'a> {
    /// Of every stratum.
    pub strata: &'a [u32],
    /// Of every sampling unit; empty where the sample is not clustered.
    pub units: &'a [u32],
    /// Of every domain. Domains that get the same number become one.
    pub domains: &'a [u32],
}

impl Sums {
    /// Begins with no rows.
    pub fn new(shape: Shape) -> Self {
        let variables = shape.origins.len();
        let (crossed, multiplied) = (shape.crossed, !shape.clustered);
        let terms = Terms { variables, weights: variables, crossed, multiplied };
        Self {
            strata: vec![],
            cells: Cells::new(variables, terms.width()),
            complete: Cells::new(1, terms.of_complete().width()),
            homes: vec![],
            weighted: false,
            binary: vec![true; variables],
            terms,
            shape,
        }
    }

    /// Returns whether all values of a variable so far are 0 or 1.
    pub fn is_binary(&self, variable: usize) -> bool {
        self.binary[variable]
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &Rows<'_>) -> Result<(), KernelError> {
        rows.check(&self.shape)?;
        self.weighted = rows.weights.is_some();
        for (variable, values) in rows.values.iter().enumerate() {
            self.binary[variable] &= only_zeros_and_ones(values);
            if let Some(row) = values.iter().position(|y| y.is_infinite()) {
                return Err(KernelError::Value { variable, row, value: values[row] });
            }
        }
        let mut terms = vec![0.0; self.terms.width()];
        let mut of_complete = vec![0.0; self.terms.of_complete().width()];
        for row in 0..rows.strata.len() {
            self.draw(rows, row)?;
            if !self.add_complete(rows, row, &mut of_complete) {
                self.add_incomplete(rows, row, &mut terms);
            }
        }
        Ok(())
    }

    /// Adds a row that lacks no value; returns false, and adds nothing, where it does.
    fn add_complete(&mut self, rows: &Rows<'_>, row: usize, terms: &mut [f64]) -> bool {
        let (group, weight) = rows.group_and_weight(row);
        terms[0] = weight;
        let columns = rows.values.iter().zip(&self.shape.origins);
        for (term, (values, origin)) in terms[1..].iter_mut().zip(columns) {
            *term = weight * (values[row] - origin);
        }
        let filled = &terms[1..=rows.values.len()];
        if filled.iter().sum::<f64>().is_nan() {
            return false;
        }
        self.terms.of_complete().multiply(terms);
        let cell = self.complete.cell(group, rows.domains[row]);
        self.complete.count(cell, 0, 1, 1);
        self.complete.add(cell, terms);
        true
    }

    /// Adds a row of which some values may be missing: each variable has the weight by itself.
    fn add_incomplete(&mut self, rows: &Rows<'_>, row: usize, terms: &mut [f64]) {
        let (group, weight) = rows.group_and_weight(row);
        let cell = self.cells.cell(group, rows.domains[row]);
        for (variable, values) in rows.values.iter().enumerate() {
            let y = values[row];
            let present = !y.is_nan();
            let weight = if present { weight } else { 0.0 };
            let value = if present { y - self.shape.origins[variable] } else { 0.0 };
            terms[variable] = weight;
            terms[rows.values.len() + variable] = weight * value;
            self.cells.count(cell, variable, u64::from(present), u64::from(present));
        }
        self.terms.multiply(terms);
        self.cells.add(cell, terms);
    }

    /// Counts a row as drawn and checks what it says of its stratum.
    fn draw(&mut self, rows: &Rows<'_>, row: usize) -> Result<(), KernelError> {
        let stratum = rows.strata[row];
        self.know(stratum, rows.populations.map(|sizes| sizes[row]))?;
        let new = match rows.units {
            Some(units) => self.settle(units[row], stratum)?,
            None => true,
        };
        self.strata[stratum as usize].drawn += u64::from(new);
        Ok(())
    }

    /// Notes the size of a stratum; errs where another is known.
    fn know(&mut self, stratum: u32, population: Option<f64>) -> Result<(), KernelError> {
        if self.strata.len() <= stratum as usize {
            let empty = Stratum { drawn: 0, population: None };
            self.strata.resize(stratum as usize + 1, empty);
        }
        let Some(other) = population else { return Ok(()) };
        let first = *self.strata[stratum as usize].population.get_or_insert(other);
        // NaN differs from itself and is refused here.
        if first == other {
            Ok(())
        } else {
            Err(KernelError::Populations { stratum, first, other })
        }
    }

    /// Notes the stratum of a sampling unit; returns whether the unit is new.
    fn settle(&mut self, unit: u32, stratum: u32) -> Result<bool, KernelError> {
        if self.homes.len() <= unit as usize {
            self.homes.resize(unit as usize + 1, None);
        }
        match self.homes[unit as usize].replace(stratum) {
            Some(home) if home != stratum => Err(KernelError::NotNested { unit }),
            known => Ok(known.is_none()),
        }
    }

    /// Adds the sums of other rows of the same shape, which were numbered in their own way.
    pub fn merge(&mut self, other: &Sums, numbers: Renumbering<'_>) -> Result<(), KernelError> {
        debug_assert_eq!(self.shape, other.shape, "sums of one shape are merged");
        self.weighted |= other.weighted;
        self.binary.iter_mut().zip(&other.binary).for_each(|(all, other)| *all &= other);
        for (stratum, &number) in other.strata.iter().zip(numbers.strata) {
            self.know(number, stratum.population)?;
            if !self.shape.clustered {
                self.strata[number as usize].drawn += stratum.drawn;
            }
        }
        for (home, &unit) in other.homes.iter().zip(numbers.units) {
            if let Some(home) = home.map(|home| numbers.strata[home as usize])
                && self.settle(unit, home)?
            {
                self.strata[home as usize].drawn += 1;
            }
        }
        let groups = if self.shape.clustered { numbers.units } else { numbers.strata };
        self.cells.merge(&other.cells, groups, numbers.domains);
        self.complete.merge(&other.complete, groups, numbers.domains);
        Ok(())
    }

    /// Returns the sums of all rows, and where their terms stand. Where no row lacks a value, the variables
    /// go on sharing their weights; else every variable has them by itself.
    fn together(&self) -> (Cells, Terms) {
        if self.cells.keys.is_empty() {
            return (self.complete.clone(), self.terms.of_complete());
        }
        let mut cells = self.cells.clone();
        let places = self.terms.places_of_complete();
        for (from, &(group, domain)) in self.complete.keys.iter().enumerate() {
            let cell = cells.cell(group, domain);
            cells.absorb_complete(cell, &self.complete, from, &places);
        }
        (cells, self.terms)
    }

    /// Returns the sums of all domains as one.
    pub fn undivided(&self) -> Result<Sums, KernelError> {
        let keys = self.cells.keys.iter().chain(&self.complete.keys);
        let domains = keys.map(|(_, domain)| *domain as usize + 1);
        let domains = vec![0; domains.max().unwrap_or(0)];
        let (strata, units): (Vec<u32>, Vec<u32>) =
            ((0..self.strata.len() as u32).collect(), (0..self.homes.len() as u32).collect());
        let mut whole = Sums::new(self.shape.clone());
        whole.merge(self, Renumbering { strata: &strata, units: &units, domains: &domains })?;
        Ok(whole)
    }
}

/// Whether all values that there are are 0 or 1.
fn only_zeros_and_ones(values: &[f64]) -> bool {
    values.iter().fold(true, |all, y| all & ((*y == 0.0) | (*y == 1.0) | y.is_nan()))
}

impl Rows<'_> {
    fn group_and_weight(&self, row: usize) -> (u32, f64) {
        let group = self.units.map_or(self.strata[row], |units| units[row]);
        (group, self.weights.map_or(1.0, |weights| weights[row]))
    }

    fn check(&self, shape: &Shape) -> Result<(), DesignError> {
        let expected = self.strata.len();
        let mut lengths = vec![("the column of domains", self.domains.len())];
        lengths.extend(self.units.map(|units| ("the column of sampling units", units.len())));
        lengths.extend(self.weights.map(|weights| ("the column of weights", weights.len())));
        lengths
            .extend(self.populations.map(|sizes| ("the column of population sizes", sizes.len())));
        lengths.extend(self.values.iter().map(|values| ("a column of values", values.len())));
        if let Some(&(what, got)) = lengths.iter().find(|(_, got)| *got != expected) {
            return Err(DesignError::Length { what, got, expected });
        }
        debug_assert_eq!(self.values.len(), shape.origins.len(), "as many variables as origins");
        debug_assert_eq!(self.units.is_some(), shape.clustered, "units if they were drawn");
        let weights = self.weights.unwrap_or_default();
        match weights.iter().position(|weight| !weight.is_finite() || *weight <= 0.0) {
            Some(row) => Err(DesignError::Weight { row, weight: weights[row] }),
            None => Ok(()),
        }
    }
}

/// Where the terms of a cell stand: weights, weighted values of all variables, and products of these.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Terms {
    variables: usize,
    /// How many weights there are: one for each variable, or one for all.
    weights: usize,
    crossed: bool,
    /// Rows of a clustered sample are added up by sampling unit before anything is multiplied.
    multiplied: bool,
}

impl Terms {
    /// Returns where the terms of rows stand that lack no value: all variables share one weight.
    fn of_complete(self) -> Terms {
        Terms { weights: 1, ..self }
    }

    /// Returns how many terms are no products.
    fn singles(self) -> usize {
        self.weights + self.variables
    }

    fn width(self) -> usize {
        let single = self.singles();
        match (self.multiplied, self.crossed) {
            (false, _) => single,
            (true, true) => single + single * (single + 1) / 2,
            (true, false) => single + self.weights + 2 * self.variables,
        }
    }

    /// Returns the place of a variable's weight.
    fn weight(self, variable: usize) -> usize {
        variable.min(self.weights - 1)
    }

    /// Returns the place of a variable's weighted value.
    fn value(self, variable: usize) -> usize {
        self.weights + variable
    }

    /// Fills in the products of the first terms.
    fn multiply(self, terms: &mut [f64]) {
        let (single, products) = terms.split_at_mut(self.singles());
        match (self.multiplied, self.crossed) {
            (false, _) => {}
            (true, true) => {
                let pairs = single.iter().enumerate();
                let pairs = pairs.flat_map(|(i, left)| single[..=i].iter().map(move |r| left * r));
                products.iter_mut().zip(pairs).for_each(|(product, pair)| *product = pair);
            }
            (true, false) => {
                let (weights, values) = single.split_at(self.weights);
                let (of_weights, others) = products.split_at_mut(self.weights);
                let (mixed, of_values) = others.split_at_mut(self.variables);
                of_weights.iter_mut().zip(weights).for_each(|(square, w)| *square = w * w);
                for (v, value) in values.iter().enumerate() {
                    mixed[v] = weights[self.weight(v)] * value;
                    of_values[v] = value * value;
                }
            }
        }
    }

    /// Returns the place of the product of two terms; `None` where it is not summed.
    fn product(self, left: usize, right: usize) -> Option<usize> {
        let (high, low, weights) = (left.max(right), left.min(right), self.weights);
        let place = match self.crossed {
            true => high * (high + 1) / 2 + low,
            false if high < weights || low >= weights => {
                let squares = if high < weights { high } else { self.variables + high };
                (high == low).then_some(squares)?
            }
            false => (self.weight(high - weights) == low).then_some(high)?,
        };
        Some(self.singles() + place)
    }

    /// Returns, for every one of these terms, the place of its like among those of complete rows.
    fn places_of_complete(self) -> Vec<usize> {
        let complete = self.of_complete();
        let like = |single: usize| match single.checked_sub(self.weights) {
            Some(variable) => complete.value(variable),
            None => complete.weight(single),
        };
        let mut places: Vec<usize> = (0..self.singles()).map(like).collect();
        places.resize(self.width(), 0);
        for high in 0..self.singles() {
            for low in 0..=high {
                let products = (self.product(high, low), complete.product(like(high), like(low)));
                if let (true, (Some(place), Some(of_complete))) = (self.multiplied, products) {
                    places[place] = of_complete;
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
