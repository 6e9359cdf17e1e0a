//! Dense matrices of a few dozen columns: all that survey estimation needs of linear algebra.

use std::ops::{Index, IndexMut};

/// A dense matrix, stored row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Matrix {
    /// Returns a matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, cells: vec![0.0; rows * columns] }
    }

    /// Returns the matrix with these columns, all of one length.
    pub fn from_columns(columns: &[Vec<f64>]) -> Self {
        let mut matrix = Self::zeros(columns.first().map_or(0, Vec::len), columns.len());
        for (j, column) in columns.iter().enumerate() {
            column.iter().enumerate().for_each(|(i, &cell)| matrix[(i, j)] = cell);
        }
        matrix
    }

    /// Returns the matrix with these rows, all of one length.
    pub fn from_rows(rows: &[Vec<f64>]) -> Self {
        let columns = rows.first().map_or(0, Vec::len);
        Self { rows: rows.len(), columns, cells: rows.concat() }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Returns one row as a slice.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// Returns one column.
    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self[(row, column)]).collect()
    }

    /// Returns the matrix with rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let rows: Vec<Vec<f64>> = (0..self.columns).map(|column| self.column(column)).collect();
        Self { rows: self.columns, columns: self.rows, cells: rows.concat() }
    }

    /// Returns the matrix product.
    pub fn times(&self, right: &Matrix) -> Self {
        let mut product = Self::zeros(self.rows, right.columns);
        for i in 0..self.rows {
            for (k, &left) in self.row(i).iter().enumerate() {
                for (j, &right) in right.row(k).iter().enumerate() {
                    product.cells[i * product.columns + j] += left * right;
                }
            }
        }
        product
    }

    /// Returns the product with a vector.
    pub fn times_vector(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|row| dot(self.row(row), vector)).collect()
    }

    /// Returns a copy with every row multiplied by its factor.
    pub(crate) fn rows_times(&self, factors: &[f64]) -> Self {
        let scaled = (0..self.rows).flat_map(|i| self.row(i).iter().map(move |x| x * factors[i]));
        Self { cells: scaled.collect(), ..*self }
    }

    /// Returns J V J', the covariance of a linear map of what this is the covariance of.
    pub fn mapped(&self, map: &Matrix) -> Self {
        map.times(self).times(&map.transposed())
    }

    /// Returns the diagonal of a square matrix.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.rows.min(self.columns)).map(|i| self[(i, i)]).collect()
    }

    /// Adds `factor` times the outer product of a row with itself.
    pub(crate) fn add_outer(&mut self, row: &[f64], factor: f64) {
        for (i, left) in row.iter().enumerate() {
            let scaled = factor * left;
            for (j, right) in row.iter().enumerate() {
                self.cells[i * self.columns + j] += scaled * right;
            }
        }
    }

    /// Adds `factor` times another matrix of the same shape.
    pub(crate) fn add(&mut self, other: &Matrix, factor: f64) {
        for (cell, addend) in self.cells.iter_mut().zip(&other.cells) {
            *cell += factor * addend;
        }
    }
}

/// Returns the sum of products.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

impl Index<(usize, usize)> for Matrix {
    type Output = f64;
    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.cells[row * self.columns + column]
    }
}

impl IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.cells[row * self.columns + column]
    }
}
