//! How evenly the units of a frame answered: R-indicators, which tell where response is skewed.
//!
//! An indicator is the root of a mean square of deviations of response propensities. The frame is known for
//! all of its N units, so nothing varies by sampling; what varies is who answered, and with it the
//! estimated propensities. To first order these err by z'd, with the gradient z of a unit's propensity and
//! an error d of the parameters whose covariance is C. A mean square Q of deviations then errs
//! by 2 A'd + d'B d, where A is the mean product of the deviations of propensity and gradient and B that of
//! the gradients with themselves. Its bias is tr(B C), its variance 4 A'C A + 2 tr(B C B C): the
//! expansion of Shlomo, Skinner and Schouten (2012, Journal of Statistical Planning and Inference 142).
//!
//! Two things differ on purpose from their tools. Their bias of the variance of propensities leaves out that the
//! mean is estimated too, and takes off the mean of p (1 - p) over N too much: with one cell, whose
//! propensities cannot differ, it is p (1 - p) / N and should be 0. And every partial indicator gets its
//! own adjustment by the same expansion, where theirs share that of the whole in proportion.

use std::collections::BTreeMap;

use crate::cells::Cells;
use crate::columns::Levels;
use crate::error::EstimateError;
use crate::matrix::{Matrix, dot};
use crate::response::propensities;
use crate::solve::Qr;

/// Estimated response propensities of all units of a frame, and how they depend on what was estimated.
#[derive(Debug, Clone)]
pub struct ResponseModel {
    /// The propensities, then their derivatives by every parameter: columns over the units.
    columns: Vec<Vec<f64>>,
    /// The covariance of the parameters.
    covariance: Matrix,
}

/// An indicator, with and without the adjustment for bias.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indicator {
    /// The indicator after the adjustment.
    pub value: f64,
    /// The indicator before it.
    pub unadjusted: f64,
    /// The standard error; none where chance alone explains the differences, since a root has no slope at 0.
    pub se: Option<f64>,
}

/// How evenly a frame answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Representativity {
    /// The mean propensity, which is the response rate.
    pub mean: f64,
    /// R = 1 - 2 S, with the standard deviation S of the propensities (divisor N - 1): 1 where all units
    /// were equally likely to answer, 0 where half were certain to and half certain not to
    /// (Schouten, Cobben and Bethlehem 2009, Survey Methodology 35).
    pub r: Indicator,
    /// S over the mean: no mean of a variable with standard deviation s can be further off by
    /// nonresponse than this times s, if the model holds (the same).
    pub coefficient_of_variation: Indicator,
}

/// What one variable has to do with how evenly a frame answered.
///
/// Schouten, Shlomo and Skinner (2011, Journal of Official Statistics 27).
#[derive(Debug, Clone, PartialEq)]
pub struct PartialIndicators {
    /// The standard deviation between the categories of the variable (divisor N).
    pub unconditional: Indicator,
    /// The standard deviation within the groups that the other variables form: what only this one tells.
    pub conditional: Indicator,
    /// The same by category, of those that some unit has.
    pub categories: Vec<CategoryIndicators>,
}

/// What one category adds to the partial indicators of its variable: the squares add up to theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryIndicators {
    /// The category.
    pub name: String,
    /// How many units of the frame have it.
    pub units: usize,
    /// The root of its share of units, times how far its mean propensity is above the overall one. Negative
    /// where it answered less than others. It is linear in the propensities and needs no adjustment.
    pub unconditional: f64,
    /// The standard error of that.
    pub unconditional_se: f64,
    /// What its units add to the conditional indicator.
    pub conditional: Indicator,
}

impl ResponseModel {
    /// Fits who responded by unweighted logistic regression on the columns of `x`, one of which should be ones.
    ///
    /// Errs where the columns differ in length or depend on each other, and where the regression does not
    /// settle because a combination of them answered as one.
    pub fn logistic(responded: &[bool], x: &[Vec<f64>]) -> Result<Self, EstimateError> {
        let expected = responded.len();
        if let Some(got) = x.iter().map(Vec::len).find(|&got| got != expected) {
            return Err(EstimateError::Length { what: "a column of the model", got, expected });
        }
        if x.is_empty() || responded.is_empty() {
            let (what, needs) = ("a response model", "units and a column: ones, at the simplest");
            return Err(EstimateError::Unsupported { what, needs });
        }
        let fitted = propensities(responded, x)?.fitted;
        let slopes: Vec<f64> = fitted.iter().map(|p| p * (1.0 - p)).collect();
        let halves: Vec<f64> = slopes.iter().map(|slope| slope.sqrt()).collect();
        let qr = Qr::new(&Matrix::from_columns(x).rows_times(&halves), DEPENDENT);
        if qr.rank < x.len() {
            return Err(EstimateError::Singular { what: "the information of the response model" });
        }
        let unit = |j: usize| (0..x.len()).map(|i| f64::from(u8::from(i == j))).collect::<Vec<_>>();
        let inverse: Vec<_> = (0..x.len()).map(|j| qr.solve_normal(&unit(j))).collect();
        let gradient = x.iter().map(|x| x.iter().zip(&slopes).map(|(x, s)| x * s).collect());
        let columns = std::iter::once(fitted.clone()).chain(gradient).collect();
        Ok(Self { columns, covariance: Matrix::from_rows(&inverse) })
    }

    /// Takes the response rate of a unit's cell as its propensity.
    pub fn of_cells(cells: &Cells) -> Self {
        let count = cells.invited.len();
        let mut covariance = Matrix::zeros(count, count);
        let mut rates = Vec::with_capacity(count);
        for (cell, (&invited, &answered)) in cells.invited.iter().zip(&cells.answered).enumerate() {
            let (invited, answered) = (invited as f64, answered as f64);
            covariance[(cell, cell)] = answered * (invited - answered) / invited.powi(3);
            rates.push(answered / invited);
        }
        let mut columns = vec![cells.of_unit.iter().map(|&cell| rates[cell]).collect()];
        columns.extend((0..count).map(|cell| {
            cells.of_unit.iter().map(|&other| f64::from(u8::from(other == cell))).collect()
        }));
        Self { columns, covariance }
    }

    /// Returns the propensity of every unit, between 0 and 1.
    pub fn propensities(&self) -> &[f64] {
        &self.columns[0]
    }

    fn units(&self) -> usize {
        self.columns[0].len()
    }

    /// Returns the mean square of deviations, over the rows that count.
    fn mean_square(
        &self,
        deviations: &[Vec<f64>],
        divisor: f64,
        counts: impl Fn(usize) -> bool,
    ) -> MeanSquare {
        let mut products = Matrix::zeros(deviations.len(), deviations.len());
        for row in (0..self.units()).filter(|&row| counts(row)) {
            let row: Vec<f64> = deviations.iter().map(|column| column[row]).collect();
            products.add_outer(&row, 1.0 / divisor);
        }
        let mut gradients = Matrix::zeros(self.covariance.rows(), self.covariance.rows());
        for i in 0..gradients.rows() {
            (0..gradients.rows()).for_each(|j| gradients[(i, j)] = products[(i + 1, j + 1)]);
        }
        let noise = gradients.times(&self.covariance);
        MeanSquare {
            value: products[(0, 0)],
            bias: noise.diagonal().iter().sum(),
            slope: products.row(0)[1..].to_vec(),
            curvature: 2.0 * noise.times(&noise).diagonal().iter().sum::<f64>(),
        }
    }

    /// Returns the variance of a linear function of the parameters' error.
    fn variance(&self, slope: &[f64]) -> f64 {
        dot(slope, &self.covariance.times_vector(slope)).max(0.0)
    }

    /// Returns the root of a mean square.
    fn root(&self, square: &MeanSquare) -> Indicator {
        let variance = 4.0 * self.variance(&square.slope) + square.curvature;
        Indicator {
            value: square.adjusted().sqrt(),
            unadjusted: square.value.sqrt(),
            se: (square.adjusted() > 0.0).then(|| (variance / (4.0 * square.value)).sqrt()),
        }
    }
}

/// Columns of which less than this share is their own are taken to depend on the others.
const DEPENDENT: f64 = 1e-9;

/// A mean square of deviations, and how it varies with the error of the parameters.
struct MeanSquare {
    value: f64,
    bias: f64,
    /// A: half of the derivative by the parameters.
    slope: Vec<f64>,
    /// 2 tr(B C B C): the variance of the part that is quadratic in the error.
    curvature: f64,
}

impl MeanSquare {
    /// Returns the square less its bias; what is below a rounding of 0 is 0.
    fn adjusted(&self) -> f64 {
        let adjusted = self.value - self.bias;
        if adjusted > 1e-24 { adjusted } else { 0.0 }
    }
}

/// Returns the R-indicator and the coefficient of variation of the propensities.
///
/// Errs for fewer than two units, and where nobody answered.
pub fn representativity(model: &ResponseModel) -> Result<Representativity, EstimateError> {
    let units = model.units();
    if units < 2 {
        let (what, needs) = ("an R-indicator", "at least two units");
        return Err(EstimateError::Unsupported { what, needs });
    }
    let everyone = vec![0; units];
    let means: Vec<f64> =
        model.columns.iter().map(|column| group_means(column, &everyone)[0]).collect();
    let (mean, mean_slope) = (means[0], &means[1..]);
    if mean <= 0.0 {
        return Err(EstimateError::ZeroDenominator);
    }
    let deviations = less_means(&model.columns, &everyone);
    let square = model.mean_square(&deviations, units as f64 - 1.0, |_| true);
    let deviation = model.root(&square);
    let spread = deviation.unadjusted;
    // The coefficient of variation S / m errs by (A / S) / m - S z / m^2, z the slope of the mean m.
    let relative = || -> f64 {
        let slope: Vec<f64> = square
            .slope
            .iter()
            .zip(mean_slope)
            .map(|(a, z)| a / (spread * mean) - spread * z / (mean * mean))
            .collect();
        let curved = square.curvature / (4.0 * square.value * mean * mean);
        (model.variance(&slope) + curved).sqrt()
    };
    Ok(Representativity {
        mean,
        r: Indicator {
            value: 1.0 - 2.0 * deviation.value,
            unadjusted: 1.0 - 2.0 * spread,
            se: deviation.se.map(|se| 2.0 * se),
        },
        coefficient_of_variation: Indicator {
            value: deviation.value / mean,
            unadjusted: spread / mean,
            se: deviation.se.map(|_| relative()),
        },
    })
}

/// Returns what a variable has to do with the differences between propensities, alone and beside the others.
///
/// `others` are the remaining variables of the model, whose combinations form the groups of the conditional
/// indicator. Errs where a column is not as long as the frame or a unit has no category.
pub fn partial_indicators(
    model: &ResponseModel,
    variable: &Levels,
    others: &[&Levels],
) -> Result<PartialIndicators, EstimateError> {
    let units = model.units();
    let category = groups(units, &[variable])?;
    let everyone = vec![0; units];
    let means = |group: &[usize], column: &Vec<f64>| -> Vec<f64> {
        let means = group_means(column, group);
        group.iter().map(|&group| means[group]).collect()
    };
    let by_category: Vec<Vec<f64>> =
        model.columns.iter().map(|column| means(&category, column)).collect();
    let between = less_means(&by_category, &everyone);
    let within = less_means(&model.columns, &groups(units, others)?);
    let root = |deviations: &[Vec<f64>], counts: &dyn Fn(usize) -> bool| {
        model.root(&model.mean_square(deviations, units as f64, counts))
    };
    let mut categories = Vec::new();
    for (code, name) in variable.names.iter().enumerate() {
        let has = |row: usize| variable.codes[row] == Some(code);
        let Some(first) = (0..units).find(|&row| has(row)) else { continue };
        let count = (0..units).filter(|&row| has(row)).count();
        let share = (count as f64 / units as f64).sqrt();
        let apart: Vec<f64> = between.iter().map(|column| share * column[first]).collect();
        categories.push(CategoryIndicators {
            name: name.clone(),
            units: count,
            unconditional: apart[0],
            unconditional_se: model.variance(&apart[1..]).sqrt(),
            conditional: root(&within, &has),
        });
    }
    Ok(PartialIndicators {
        unconditional: root(&between, &|_| true),
        conditional: root(&within, &|_| true),
        categories,
    })
}

/// Numbers the combinations of categories that units have; without variables, all units form one group.
fn groups(units: usize, variables: &[&Levels]) -> Result<Vec<usize>, EstimateError> {
    let mut numbers: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    for variable in variables {
        let (what, got) = ("a variable of the frame", variable.codes.len());
        if got != units {
            return Err(EstimateError::Length { what, got, expected: units });
        }
        if let Some(row) = variable.codes.iter().position(Option::is_none) {
            return Err(EstimateError::Value { what, row, value: f64::NAN });
        }
    }
    let group = |row: usize| {
        let key: Vec<usize> = variables.iter().filter_map(|variable| variable.codes[row]).collect();
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    };
    Ok((0..units).map(group).collect())
}

fn group_means(column: &[f64], group: &[usize]) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); group.iter().max().map_or(0, |last| last + 1)];
    for (value, &group) in column.iter().zip(group) {
        sums[group].0 += value;
        sums[group].1 += 1.0;
    }
    sums.iter().map(|(sum, count)| sum / count).collect()
}

/// Returns every column less the mean of the row's group.
fn less_means(columns: &[Vec<f64>], group: &[usize]) -> Vec<Vec<f64>> {
    let centred = |column: &Vec<f64>| {
        let means = group_means(column, group);
        column.iter().zip(group).map(|(value, &group)| value - means[group]).collect()
    };
    columns.iter().map(centred).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::cells;

    /// A frame of cells: the codes of two variables, how many units, how many of them answered.
    fn frame(cells: &[(usize, usize, usize, usize)]) -> (Levels, Levels, Vec<bool>) {
        let rows = || {
            cells.iter().flat_map(|&(a, b, n, answered)| (0..n).map(move |i| (a, b, i < answered)))
        };
        let levels = |codes: Vec<Option<usize>>| Levels {
            names: (0..3).map(|code| code.to_string()).collect(),
            codes,
        };
        let first = levels(rows().map(|(a, _, _)| Some(a)).collect());
        let second = levels(rows().map(|(_, b, _)| Some(b)).collect());
        (first, second, rows().map(|(_, _, answered)| answered).collect())
    }

    fn of_cells(levels: &Levels, responded: &[bool]) -> ResponseModel {
        let attributes: Vec<Vec<usize>> =
            levels.codes.iter().map(|code| code.iter().copied().collect()).collect();
        ResponseModel::of_cells(&cells(&attributes, responded, 0))
    }

    fn dummies(levels: &[&Levels]) -> Vec<Vec<f64>> {
        let rows = levels[0].codes.len();
        let columns = levels.iter().flat_map(|levels| levels.indicators().into_iter().skip(1));
        std::iter::once(vec![1.0; rows])
            .chain(columns.filter(|column| column.contains(&1.0)))
            .collect()
    }

    fn near(got: f64, expected: f64, within: f64) {
        assert!((got - expected).abs() <= within, "got {got}, expected {expected}");
    }

    #[test]
    fn one_variable_has_a_closed_form() {
        // Cells of 20, 30 and 50 units, of which 5, 15 and 40 answered: rates .25, .5 and .8, mean .6.
        let (variable, _, responded) = frame(&[(0, 0, 20, 5), (1, 0, 30, 15), (2, 0, 50, 40)]);
        let cells = [(0.2, 0.25, 20.0), (0.3, 0.5, 30.0), (0.5, 0.8, 50.0)];
        let sum = |f: &dyn Fn(f64, f64, f64) -> f64| -> f64 {
            cells.iter().map(|&(w, p, n)| f(w, p, p * (1.0 - p) / n)).sum()
        };
        // Between-cell variance and, cell by cell, its bias: w v less the variance w^2 v of the mean.
        let between = sum(&|w, p, _| w * (p - 0.6_f64).powi(2));
        let bias = sum(&|w, _, v| w * v * (1.0 - w));
        // B is diag(w) - w w' and C diag(v): 2 tr(B C B C) sums 2 (w - w^2)^2 v^2 and, off the diagonal, 2 w^2 u^2 v x.
        let square = sum(&|w, _, v| w * w * v);
        let own = sum(&|w, _, v| (w * v).powi(2) * ((1.0 - w).powi(2) - w * w));
        let variance =
            4.0 * sum(&|w, p, v| (w * (p - 0.6_f64)).powi(2) * v) + 2.0 * (square * square + own);
        for model in [
            of_cells(&variable, &responded),
            ResponseModel::logistic(&responded, &dummies(&[&variable])).expect("a fit"),
        ] {
            let whole = representativity(&model).expect("100 units");
            let raised = 100.0 / 99.0;
            near(whole.mean, 0.6, 1e-12);
            near(whole.r.unadjusted, 1.0 - 2.0 * (between * raised).sqrt(), 1e-10);
            near(whole.r.value, 1.0 - 2.0 * ((between - bias) * raised).sqrt(), 1e-10);
            near(whole.r.se.expect("skewed"), (variance * raised / between).sqrt(), 1e-10);
            near(whole.coefficient_of_variation.unadjusted, (between * raised).sqrt() / 0.6, 1e-10);
            let partial = partial_indicators(&model, &variable, &[]).expect("categories");
            near(partial.unconditional.value, (between - bias).sqrt(), 1e-10);
            near(partial.conditional.value, (between - bias).sqrt(), 1e-10);
            near(
                partial.unconditional.se.expect("skewed"),
                (variance / between / 4.0).sqrt(),
                1e-10,
            );
            near(partial.categories[0].unconditional, 0.2_f64.sqrt() * (0.25 - 0.6), 1e-10);
            // The category against the mean: (1 - w)^2 v of its own, w^2 v of each other one.
            let own = cells[0].1 * (1.0 - cells[0].1) / cells[0].2;
            let apart = square + own * (1.0 - 2.0 * 0.2);
            near(partial.categories[0].unconditional_se, (0.2 * apart).sqrt(), 1e-10);
        }
    }

    #[test]
    fn the_coefficient_of_variation_errs_as_finite_differences_say() {
        // Two cells of 40 and 60: CV as a function of the two rates, differentiated numerically.
        let (variable, _, responded) = frame(&[(0, 0, 40, 12), (1, 0, 60, 45)]);
        let found = representativity(&of_cells(&variable, &responded)).expect("100 units");
        let cv = |p: f64, q: f64| {
            let mean = 0.4 * p + 0.6 * q;
            let square = (0.4 * (p - mean).powi(2) + 0.6 * (q - mean).powi(2)) * 100.0 / 99.0;
            square.sqrt() / mean
        };
        let h = 1e-6;
        let slopes = [
            (cv(0.3 + h, 0.75) - cv(0.3 - h, 0.75)) / (2.0 * h),
            (cv(0.3, 0.75 + h) - cv(0.3, 0.75 - h)) / (2.0 * h),
        ];
        let (v, x) = (0.3 * 0.7 / 40.0, 0.75 * 0.25 / 60.0);
        let linear = slopes[0].powi(2) * v + slopes[1].powi(2) * x;
        // The quadratic part: d'B d is w u (d1 - d2)^2, whose variance is 2 (w u (v + x))^2.
        let mean = 0.4 * 0.3 + 0.6 * 0.75;
        let spread = cv(0.3, 0.75) * mean;
        let curved =
            2.0 * (0.24 * (v + x) * 100.0 / 99.0).powi(2) / (4.0 * spread.powi(2) * mean * mean);
        near(found.coefficient_of_variation.se.expect("skewed"), (linear + curved).sqrt(), 1e-8);
    }

    #[test]
    fn the_adjustment_takes_the_bias_off() {
        // All 21 x 31 outcomes of two cells of 20 and 30 units that answer with .5 and .6, each with its
        // probability. Of the bias of S^2 little is left; taking off the mean of p (1 - p) / N too overdoes it.
        let binomial = |n: usize, k: usize, p: f64| -> f64 {
            (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>()
                * p.powi(k as i32)
                * (1.0 - p).powi((n - k) as i32)
        };
        let truth = 0.4 * 0.6 * 0.1_f64.powi(2) * 50.0 / 49.0;
        let (mut raw, mut adjusted, mut uncentred) = (0.0, 0.0, 0.0);
        for a in 0..=20 {
            for b in 0..=30 {
                let chance = binomial(20, a, 0.5) * binomial(30, b, 0.6);
                let (variable, _, responded) = frame(&[(0, 0, 20, a), (1, 0, 30, b)]);
                let model = of_cells(&variable, &responded);
                let deviations = less_means(&model.columns, &[0; 50]);
                let square = model.mean_square(&deviations, 49.0, |_| true);
                let (p, q) = (a as f64 / 20.0, b as f64 / 30.0);
                raw += chance * square.value;
                adjusted += chance * (square.value - square.bias);
                uncentred += chance * (square.value - (p * (1.0 - p) + q * (1.0 - q)) / 50.0);
            }
        }
        // By hand: the rates differ by .1, with variance .0125 + .008, times .24 50/49; the estimated variances
        // are short by 1 in 20 and 1 in 30.
        near(raw - truth, 0.24 * 0.0205 * 50.0 / 49.0, 1e-6);
        near(adjusted - truth, 0.24 * (0.0125 / 20.0 + 0.008 / 30.0) * 50.0 / 49.0, 1e-6);
        // Theirs: the expected mean of the estimated p (1 - p) over N, where .25 and .24 are short likewise.
        let theirs = (0.25 * 19.0 / 20.0 + 0.24 * 29.0 / 30.0) / 50.0;
        near(uncentred - truth, 0.24 * 0.0205 * 50.0 / 49.0 - theirs, 1e-6);
    }

    #[test]
    fn what_a_variable_tells_alone_and_beside_the_other_adds_up() {
        // Total = between the first variable + within its groups, which is the second's conditional part.
        let (first, second, responded) =
            frame(&[(0, 0, 30, 9), (0, 1, 20, 11), (1, 0, 25, 15), (1, 1, 40, 33), (2, 1, 10, 4)]);
        let model =
            ResponseModel::logistic(&responded, &dummies(&[&first, &second])).expect("a fit");
        let whole = representativity(&model).expect("125 units");
        let of_first = partial_indicators(&model, &first, &[&second]).expect("categories");
        let of_second = partial_indicators(&model, &second, &[&first]).expect("categories");
        let total = (0.5 * (1.0 - whole.r.unadjusted)).powi(2) * 124.0 / 125.0;
        near(
            of_first.unconditional.unadjusted.powi(2) + of_second.conditional.unadjusted.powi(2),
            total,
            1e-12,
        );
        let squares: f64 = of_first.categories.iter().map(|c| c.unconditional.powi(2)).sum();
        near(squares, of_first.unconditional.unadjusted.powi(2), 1e-12);
        let squares: f64 =
            of_first.categories.iter().map(|c| c.conditional.unadjusted.powi(2)).sum();
        near(squares, of_first.conditional.unadjusted.powi(2), 1e-12);
    }

    #[test]
    fn a_variable_that_adds_nothing_has_no_conditional_indicator() {
        // Whether a unit answered depends on the first variable alone; the second goes with the first.
        let (first, second, responded) =
            frame(&[(0, 0, 40, 10), (0, 1, 20, 5), (1, 0, 20, 15), (1, 1, 40, 30)]);
        let model =
            ResponseModel::logistic(&responded, &dummies(&[&first, &second])).expect("a fit");
        let partial = partial_indicators(&model, &second, &[&first]).expect("categories");
        near(partial.conditional.unadjusted, 0.0, 1e-9);
        assert_eq!((partial.conditional.value, partial.conditional.se), (0.0, None));
        // Means of the second's categories: 25/60 and 35/60, so 1/12 from the mean of 1/2.
        near(partial.unconditional.unadjusted, 1.0 / 12.0, 1e-9);
    }

    #[test]
    fn even_response_is_representative() {
        let (variable, _, responded) = frame(&[(0, 0, 20, 10), (1, 0, 30, 15)]);
        let whole = representativity(&of_cells(&variable, &responded)).expect("50 units");
        assert_eq!((whole.r.value, whole.r.se), (1.0, None));
    }

    #[test]
    fn what_has_no_indicator_is_refused() {
        let (variable, _, nobody) = frame(&[(0, 0, 5, 0)]);
        let model = of_cells(&variable, &nobody);
        assert_eq!(representativity(&model).err(), Some(EstimateError::ZeroDenominator));
        let short = Levels { names: vec![], codes: vec![] };
        let refused = partial_indicators(&model, &short, &[]).err();
        assert!(matches!(refused, Some(EstimateError::Length { got: 0, expected: 5, .. })));
        let missing = Levels {
            names: vec!["a".into()],
            codes: vec![Some(0), None, Some(0), Some(0), Some(0)],
        };
        let refused = partial_indicators(&model, &missing, &[]).err();
        assert!(matches!(refused, Some(EstimateError::Value { row: 1, .. })));
        let twice = ResponseModel::logistic(&[true, false, true], &[vec![1.0; 3], vec![1.0; 3]]);
        assert!(matches!(twice.err(), Some(EstimateError::Singular { .. })));
        let uneven = ResponseModel::logistic(&[true, false], &[vec![1.0; 3]]);
        assert!(matches!(uneven.err(), Some(EstimateError::Length { got: 3, expected: 2, .. })));
    }
}
