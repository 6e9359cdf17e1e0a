//! Sums by group and domain, in one slab.

use super::sum::{Sum, add_each};

/// Sums of some terms in every cell: a group (a stratum or a sampling unit) and a domain.
///
/// Only cells that some row lies in take room.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// How many variables rows are counted for: one where all share their rows.
    pub(super) variables: usize,
    width: usize,
    /// For every group the place of each of its domains; [`ABSENT`] where there is none.
    places: Vec<Vec<u32>>,
    /// The group and the domain of every cell.
    pub(super) keys: Vec<(u32, u32)>,
    /// By cell and variable, how many rows have a value.
    rows: Vec<u64>,
    /// The same of sampling units.
    units: Vec<u64>,
    high: Vec<f64>,
    low: Vec<f64>,
}

const ABSENT: u32 = u32::MAX;

impl Cells {
    pub(super) fn new(variables: usize, width: usize) -> Self {
        let (places, keys, rows, units) = (vec![], vec![], vec![], vec![]);
        Self { variables, width, places, keys, rows, units, high: vec![], low: vec![] }
    }

    /// Returns the cell of a group and a domain, a new one where there was none.
    pub(super) fn cell(&mut self, group: u32, domain: u32) -> usize {
        let (row, column) = (group as usize, domain as usize);
        match self.places.get(row).and_then(|places| places.get(column)) {
            Some(&place) if place != ABSENT => place as usize,
            Some(_) | None => self.open(group, domain),
        }
    }

    fn open(&mut self, group: u32, domain: u32) -> usize {
        let (row, column, cell) = (group as usize, domain as usize, self.keys.len());
        if self.places.len() <= row {
            self.places.resize(row + 1, vec![]);
        }
        if self.places[row].len() <= column {
            self.places[row].resize(column + 1, ABSENT);
        }
        self.places[row][column] = cell as u32;
        self.keys.push((group, domain));
        self.rows.resize(self.rows.len() + self.variables, 0);
        self.units.resize(self.units.len() + self.variables, 0);
        self.high.resize(self.high.len() + self.width, 0.0);
        self.low.resize(self.low.len() + self.width, 0.0);
        cell
    }

    /// Adds terms to the sums of a cell.
    pub(super) fn add(&mut self, cell: usize, terms: &[f64]) {
        let place = cell * self.width..(cell + 1) * self.width;
        add_each(&mut self.high[place.clone()], &mut self.low[place], terms);
    }

    /// Counts rows and sampling units that have a value of a variable.
    pub(super) fn count(&mut self, cell: usize, variable: usize, rows: u64, units: u64) {
        self.rows[cell * self.variables + variable] += rows;
        self.units[cell * self.variables + variable] += units;
    }

    /// Adds the sums and counts of others of the same terms, whose groups and domains have these numbers here.
    pub(super) fn merge(&mut self, other: &Cells, groups: &[u32], domains: &[u32]) {
        for (from, &(group, domain)) in other.keys.iter().enumerate() {
            let cell = self.cell(groups[group as usize], domains[domain as usize]);
            let place = from * self.width..(from + 1) * self.width;
            self.add(cell, &other.high[place.clone()]);
            self.add(cell, &other.low[place]);
            for variable in 0..self.variables {
                self.count(cell, variable, other.rows(from, variable), other.units(from, variable));
            }
        }
    }

    /// Adds the sums and counts of a cell of complete rows. `places` tells for every term which one of theirs
    /// it is.
    pub(super) fn absorb_complete(
        &mut self,
        cell: usize,
        complete: &Cells,
        from: usize,
        places: &[usize],
    ) {
        let start = from * complete.width;
        for sums in [&complete.high, &complete.low] {
            let terms: Vec<f64> = places.iter().map(|place| sums[start + place]).collect();
            self.add(cell, &terms);
        }
        for variable in 0..self.variables {
            self.count(cell, variable, complete.rows(from, 0), complete.units(from, 0));
        }
    }

    pub(super) fn rows(&self, cell: usize, variable: usize) -> u64 {
        self.rows[cell * self.variables + variable.min(self.variables - 1)]
    }

    pub(super) fn units(&self, cell: usize, variable: usize) -> u64 {
        self.units[cell * self.variables + variable.min(self.variables - 1)]
    }

    /// Returns one of a cell's sums.
    pub(super) fn sum(&self, cell: usize, term: usize) -> Sum {
        let place = cell * self.width + term;
        Sum { high: self.high[place], low: 0.0 } + Sum { high: self.low[place], low: 0.0 }
    }
}
