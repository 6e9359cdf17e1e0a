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
