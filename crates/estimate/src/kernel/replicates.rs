//! Replicate weights over rows of any number: the matrix product of weights and values, by domain.

use super::sum::{Sum, add_each};
use super::{KernelError, Statistic};
use crate::design::DesignError;
use crate::error::EstimateError;
use crate::level::Level;
use crate::proportion::wilson;
use crate::replicates::Replicates;
use crate::share::{Base, Estimate, Interval, Method};

/// Some rows with their weights, replicates, domains and values.
#[derive(Debug, Clone)]
pub struct ReplicateRows<'a> {
    /// The domain of every row, numbered from 0 in any order.
    pub domains: &'a [u32],
    /// The weight of every row.
    pub weights: &'a [f64],
    /// The columns of replicate weights.
    pub replicates: Vec<&'a [f64]>,
    /// The values of every variable; NaN where there is none.
    pub values: Vec<&'a [f64]>,
}

/// Weighted totals under every set of weights.
#[derive(Debug, Clone)]
pub struct ReplicateSums {
    variables: usize,
    /// The sets of weights: the sample's own and the replicates.
    sets: usize,
    domains: Vec<Domain>,
    binary: Vec<bool>,
}

/// One domain: by set of weights the sums of weights of all variables, then of weighted values.
#[derive(Debug, Clone)]
struct Domain {
    rows: Vec<u64>,
    high: Vec<f64>,
    low: Vec<f64>,
}

/// How many rows are multiplied before their sums are added with compensation: few enough that what rounding
/// takes within a block is less than 1e-14.
const BLOCK: usize = 64;

impl ReplicateSums {
    /// Begins with no rows.
    pub fn new(variables: usize, replicates: usize) -> Self {
        let (domains, binary) = (vec![], vec![true; variables]);
        Self { variables, sets: replicates + 1, domains, binary }
    }

    /// Returns whether all values of a variable so far are 0 or 1.
    pub fn is_binary(&self, variable: usize) -> bool {
        self.binary[variable]
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &ReplicateRows<'_>) -> Result<(), KernelError> {
        rows.check()?;
        let mut members: Vec<Vec<usize>> = vec![];
        for (row, &domain) in rows.domains.iter().enumerate() {
            if members.len() <= domain as usize {
                members.resize(domain as usize + 1, vec![]);
            }
            members[domain as usize].push(row);
        }
        self.reserve(members.len());
        let mut values = Vec::with_capacity(BLOCK * 2 * self.variables);
        for (domain, members) in members.iter().enumerate() {
            for block in members.chunks(BLOCK) {
                self.gather(rows, domain, block, &mut values)?;
                self.multiply(rows, domain, block, &values);
            }
        }
        Ok(())
    }

    fn reserve(&mut self, domains: usize) {
        let width = self.sets * 2 * self.variables;
        let empty =
            Domain { rows: vec![0; self.variables], high: vec![0.0; width], low: vec![0.0; width] };
        self.domains.resize(self.domains.len().max(domains), empty);
    }

    /// Lays out the block's values row by row: for all variables whether there is one, then the values.
    fn gather(
        &mut self,
        rows: &ReplicateRows<'_>,
        domain: usize,
        block: &[usize],
        values: &mut Vec<f64>,
    ) -> Result<(), KernelError> {
        values.clear();
        for &row in block {
            let start = values.len();
            values.resize(start + 2 * self.variables, 0.0);
            for (variable, column) in rows.values.iter().enumerate() {
                let y = column[row];
                if y.is_infinite() {
                    return Err(KernelError::Value { variable, row, value: y });
                }
                if !y.is_nan() {
                    values[start + variable] = 1.0;
                    values[start + self.variables + variable] = y;
                    self.domains[domain].rows[variable] += 1;
                    self.binary[variable] &= y == 0.0 || y == 1.0;
                }
            }
        }
        Ok(())
    }

    /// Adds the product of the block's weights and values, set by set.
    fn multiply(
        &mut self,
        rows: &ReplicateRows<'_>,
        domain: usize,
        block: &[usize],
        values: &[f64],
    ) {
        let width = 2 * self.variables;
        let Domain { high, low, .. } = &mut self.domains[domain];
        let sets = std::iter::once(&rows.weights).chain(&rows.replicates);
        let mut products = vec![0.0; width];
        for (weights, (high, low)) in sets.zip(high.chunks_mut(width).zip(low.chunks_mut(width))) {
            products.fill(0.0);
            for (row, values) in block.iter().zip(values.chunks(width)) {
                let weight = weights[*row];
                products.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
            }
            add_each(high, low, &products);
        }
    }

    /// Adds the sums of other rows, whose domains are numbered in their own way.
    pub fn merge(&mut self, other: &ReplicateSums, domains: &[u32]) {
        self.reserve(domains.iter().max().map_or(0, |last| *last as usize + 1));
        self.binary.iter_mut().zip(&other.binary).for_each(|(all, other)| *all &= other);
        for (from, &domain) in other.domains.iter().zip(domains) {
            let Domain { rows, high, low } = &mut self.domains[domain as usize];
            rows.iter_mut().zip(&from.rows).for_each(|(all, more)| *all += more);
            add_each(high, low, &from.high);
            add_each(high, low, &from.low);
        }
    }

    /// Returns the sums of all domains as one.
    pub fn undivided(&self) -> ReplicateSums {
        let mut whole = ReplicateSums::new(self.variables, self.sets - 1);
        whole.merge(self, &vec![0; self.domains.len()]);
        whole
    }

    /// Returns the number of replicates.
    pub fn replicates(&self) -> usize {
        self.sets - 1
    }

    /// Returns the number of domains.
    pub fn domains(&self) -> usize {
        self.domains.len()
    }

    /// Estimates one statistic of every variable, by domain. The degrees of freedom are the replicates that
    /// count, less one.
    pub fn estimates(
        &self,
        statistics: &[Statistic],
        replicates: &Replicates,
        level: Level,
    ) -> Vec<Vec<Result<Estimate, EstimateError>>> {
        let counted = replicates.factors.iter().filter(|factor| **factor > 0.0).count();
        let df = (counted as f64 - 1.0).max(1.0);
        let of_domain = |domain: &Domain| -> Vec<Result<Estimate, EstimateError>> {
            let variables = statistics.iter().enumerate();
            variables
                .map(|(v, statistic)| {
                    self.estimate(*statistic, domain, v, replicates, (df, level.t(df)))
                })
                .collect()
        };
        self.domains.iter().map(of_domain).collect()
    }

    fn estimate(
        &self,
        statistic: Statistic,
        domain: &Domain,
        variable: usize,
        replicates: &Replicates,
        (df, t): (f64, f64),
    ) -> Result<Estimate, EstimateError> {
        let sum = |set: usize, place: usize| {
            let place = set * 2 * self.variables + place;
            (Sum::new(domain.high[place]) + Sum::new(domain.low[place])).value()
        };
        let of_set = |set: usize| {
            let (weight, value) = (sum(set, variable), sum(set, self.variables + variable));
            match statistic {
                Statistic::Mean | Statistic::Share => value / weight,
                Statistic::Total => value,
            }
        };
        let n = domain.rows[variable] as usize;
        let estimates: Vec<Vec<f64>> = (1..self.sets).map(|set| vec![of_set(set)]).collect();
        if n == 0 {
            return Err(EstimateError::EmptyDomain);
        }
        let value = of_set(0);
        if !value.is_finite() {
            return Err(EstimateError::ZeroDenominator);
        }
        let se = replicates.covariance(&[value], &estimates)?[(0, 0)].max(0.0).sqrt();
        let (interval, (ci_low, ci_high)) = match statistic {
            Statistic::Share if se > 0.0 => {
                (Interval::Wilson, wilson(value, value * (1.0 - value) / (se * se), t))
            }
            // Replicates of a share of 0 or 1 are all alike: they tell nothing of how sure it is.
            Statistic::Share | Statistic::Mean | Statistic::Total => {
                (Interval::StudentT, (value - t * se, value + t * se))
            }
        };
        let base = Base { n, weight_sum: sum(0, variable) };
        Ok(Estimate { value, se, ci_low, ci_high, df, base, method: Method { interval } })
    }
}

impl ReplicateRows<'_> {
    fn check(&self) -> Result<(), DesignError> {
        let expected = self.domains.len();
        let columns = [("the column of weights", &self.weights)].into_iter();
        let columns = columns
            .chain(self.replicates.iter().map(|column| ("a column of replicate weights", column)))
            .chain(self.values.iter().map(|column| ("a column of values", column)));
        for (what, column) in columns {
            let got = column.len();
            if got != expected {
                return Err(DesignError::Length { what, got, expected });
            }
        }
        let sets = std::iter::once(&self.weights).chain(&self.replicates).enumerate();
        for (set, column) in sets {
            // A replicate may leave rows out, by weight 0; the sample's own weights may not.
            let wrong = |w: &f64| !w.is_finite() || *w < 0.0 || (set == 0 && *w == 0.0);
            if let Some(row) = column.iter().position(wrong) {
                return Err(DesignError::Weight { row, weight: column[row] });
            }
        }
        Ok(())
    }
}
