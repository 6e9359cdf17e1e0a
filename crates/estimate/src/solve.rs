//! Linear equations, least squares and eigenvalues for small dense matrices.

use crate::matrix::{Matrix, dot};

/// A matrix as the product of orthogonal columns and a triangle, by Householder's reflections.
///
/// Columns that depend on those before them are moved behind the others, as R's `qr` does, so that `rank`
/// counts what is independent.
#[derive(Debug, Clone)]
pub(crate) struct Qr {
    reflections: Vec<Vec<f64>>,
    triangle: Matrix,
    order: Vec<usize>,
    pub(crate) rank: usize,
}

impl Qr {
    /// Decomposes a matrix; a column is dependent when less than `tolerance` of its length remains.
    pub(crate) fn new(matrix: &Matrix, tolerance: f64) -> Self {
        let mut columns: Vec<Vec<f64>> = (0..matrix.columns()).map(|j| matrix.column(j)).collect();
        let lengths: Vec<f64> = columns.iter().map(|column| norm(column)).collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let (mut reflections, mut rank) = (Vec::new(), 0);
        let mut unseen = columns.len();
        while rank < unseen.min(matrix.rows()) {
            let column = order[rank];
            if norm(&columns[column][rank..]) <= tolerance * lengths[column] {
                order[rank..].rotate_left(1);
                unseen -= 1;
                continue;
            }
            let reflection = reflector(&columns[column], rank);
            for &other in &order[rank..] {
                reflect(&mut columns[other], &reflection);
            }
            reflections.push(reflection);
            rank += 1;
        }
        let mut triangle = Matrix::zeros(rank, rank);
        for (j, &column) in order[..rank].iter().enumerate() {
            (0..=j).for_each(|i| triangle[(i, j)] = columns[column][i]);
        }
        Self { reflections, triangle, order, rank }
    }

    /// Returns the coefficients of least squares; those of dependent columns are 0.
    pub(crate) fn coefficients(&self, y: &[f64]) -> Vec<f64> {
        let mut rotated = y.to_vec();
        self.reflections.iter().for_each(|reflection| reflect(&mut rotated, reflection));
        self.in_place(self.back_substituted(&rotated[..self.rank]))
    }

    /// Returns (X'X)^-1 v for the decomposed X, taking dependent columns as left out.
    pub(crate) fn solve_normal(&self, v: &[f64]) -> Vec<f64> {
        let mut forward: Vec<f64> = self.order[..self.rank].iter().map(|&j| v[j]).collect();
        for i in 0..self.rank {
            let known: f64 = (0..i).map(|k| self.triangle[(k, i)] * forward[k]).sum();
            forward[i] = (forward[i] - known) / self.triangle[(i, i)];
        }
        self.in_place(self.back_substituted(&forward))
    }

    fn back_substituted(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = right.to_vec();
        for i in (0..self.rank).rev() {
            let known = dot(&self.triangle.row(i)[i + 1..], &solution[i + 1..]);
            solution[i] = (solution[i] - known) / self.triangle[(i, i)];
        }
        solution
    }

    fn in_place(&self, leading: Vec<f64>) -> Vec<f64> {
        let mut all = vec![0.0; self.order.len()];
        self.order.iter().zip(leading).for_each(|(&column, value)| all[column] = value);
        all
    }
}

fn norm(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    largest * vector.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// Returns the unit vector whose reflection clears a column below its `row`.
fn reflector(column: &[f64], row: usize) -> Vec<f64> {
    let mut vector = column.to_vec();
    vector[..row].fill(0.0);
    vector[row] += norm(&column[row..]).copysign(column[row]);
    let length = norm(&vector);
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}

fn reflect(vector: &mut [f64], reflection: &[f64]) {
    let along = 2.0 * dot(vector, reflection);
    vector.iter_mut().zip(reflection).for_each(|(x, r)| *x -= along * r);
}

/// Returns the solution of A X = B by elimination with pivots, or nothing where A is singular.
pub(crate) fn solve(a: &Matrix, b: &Matrix) -> Option<Matrix> {
    let n = a.rows();
    let mut rows: Vec<Vec<f64>> =
        (0..n).map(|i| a.row(i).iter().chain(b.row(i)).copied().collect()).collect();
    let scale = rows.iter().flatten().fold(0.0_f64, |scale, x| scale.max(x.abs()));
    for step in 0..n {
        let pivot =
            (step..n).max_by(|&i, &j| rows[i][step].abs().total_cmp(&rows[j][step].abs()))?;
        if rows[pivot][step].abs() <= 1e-14 * scale {
            return None;
        }
        rows.swap(step, pivot);
        let lead = rows[step].clone();
        for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != step) {
            let factor = row[step] / lead[step];
            if i != step && factor != 0.0 {
                row.iter_mut().zip(&lead).for_each(|(x, lead)| *x -= factor * lead);
            }
        }
    }
    let solution =
        rows.iter().enumerate().map(|(i, row)| row[n..].iter().map(|x| x / row[i]).collect());
    Some(Matrix::from_rows(&solution.collect::<Vec<Vec<f64>>>()))
}

/// Returns the eigenvalues of a symmetric matrix, largest first, by Jacobi's rotations.
pub(crate) fn eigenvalues(symmetric: &Matrix) -> Vec<f64> {
    let mut a = symmetric.clone();
    let n = a.rows();
    for _ in 0..100 {
        let off: f64 = (0..n).map(|i| (0..i).map(|j| a[(i, j)].powi(2)).sum::<f64>()).sum();
        if off <= 1e-32 * a.diagonal().iter().map(|x| x * x).sum::<f64>() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, p, q);
            }
        }
    }
    let mut values = a.diagonal();
    values.sort_by(|left, right| right.total_cmp(left));
    values
}

/// Turns the plane of two coordinates so that their covariance vanishes.
fn rotate(a: &mut Matrix, p: usize, q: usize) {
    if a[(p, q)] == 0.0 {
        return;
    }
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * a[(p, q)]);
    let tangent = 1.0_f64.copysign(theta) / (theta.abs() + theta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for k in 0..a.rows() {
        let (left, right) = (a[(k, p)], a[(k, q)]);
        a[(k, p)] = cosine * left - sine * right;
        a[(k, q)] = sine * left + cosine * right;
    }
    for k in 0..a.rows() {
        let (upper, lower) = (a[(p, k)], a[(q, k)]);
        a[(p, k)] = cosine * upper - sine * lower;
        a[(q, k)] = sine * upper + cosine * lower;
    }
}

/// Returns the eigenvalues of A^-1 B for a positive definite A and a symmetric B.
pub(crate) fn relative_eigenvalues(a: &Matrix, b: &Matrix) -> Option<Vec<f64>> {
    let lower = cholesky(a)?;
    let half = solve(&lower, b)?;
    Some(eigenvalues(&solve(&lower, &half.transposed())?))
}

/// Returns the lower triangle L with L L' = A, or nothing where A is not positive definite.
pub(crate) fn cholesky(a: &Matrix) -> Option<Matrix> {
    let mut lower = Matrix::zeros(a.rows(), a.rows());
    for i in 0..a.rows() {
        for j in 0..=i {
            let rest = a[(i, j)] - dot(&lower.row(i)[..j], &lower.row(j)[..j]);
            lower[(i, j)] = match i == j {
                true if rest <= 0.0 => return None,
                true => rest.sqrt(),
                false => rest / lower[(j, j)],
            };
        }
    }
    Some(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_squares_finds_the_line() {
        // y = 1 + 2 x exactly, and a third column that repeats the second.
        let x = Matrix::from_columns(&[
            vec![1.0; 4],
            vec![0.0, 1.0, 2.0, 3.0],
            vec![0.0, 2.0, 4.0, 6.0],
        ]);
        let qr = Qr::new(&x, 1e-9);
        let found = qr.coefficients(&[1.0, 3.0, 5.0, 7.0]);
        assert_eq!(qr.rank, 2);
        assert!(
            (found[0] - 1.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12 && found[2] == 0.0
        );
    }

    #[test]
    fn normal_equations_are_solved() {
        // X'X = [[4, 6], [6, 14]]; its inverse times (1, 0) is (14, -6) / 20.
        let x = Matrix::from_columns(&[vec![1.0; 4], vec![0.0, 1.0, 2.0, 3.0]]);
        let found = Qr::new(&x, 1e-9).solve_normal(&[1.0, 0.0]);
        assert!((found[0] - 0.7).abs() < 1e-12 && (found[1] + 0.3).abs() < 1e-12);
    }

    #[test]
    fn eigenvalues_are_the_roots() {
        // [[2, 1], [1, 2]] has 3 and 1; relative to diag(2, 2), half of these.
        let a = Matrix::from_rows(&[vec![2.0, 1.0], vec![1.0, 2.0]]);
        let b = Matrix::from_rows(&[vec![2.0, 0.0], vec![0.0, 2.0]]);
        let near = |found: &[f64], expected: [f64; 2]| {
            found.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-12)
        };
        assert!(near(&eigenvalues(&a), [3.0, 1.0]));
        assert!(near(&relative_eigenvalues(&b, &a).expect("positive definite"), [1.5, 0.5]));
    }

    #[test]
    fn singular_equations_have_no_solution() {
        let a = Matrix::from_rows(&[vec![1.0, 2.0], vec![2.0, 4.0]]);
        assert_eq!(solve(&a, &Matrix::from_columns(&[vec![1.0, 1.0]])), None);
    }
}
