//! Quantiles of weighted values, and their intervals by inverting those of shares.

use crate::design::{Design, Plan};
use crate::error::EstimateError;
use crate::level::Level;
use crate::proportion::{IntervalMethod, Share, interval};
use crate::statistics::{Linearised, estimate, means};

/// How a quantile between two observed values is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantileRule {
    /// The inverse of the distribution function; Hyndman and Fan's rule 1.
    Math,
    /// The same, but the middle where it has a step; rule 2, as taught at school for the median.
    School,
    /// Shah and Vaish's.
    ShahVaish,
    /// Hyndman and Fan's rule 3.
    Nearest,
    /// Hyndman and Fan's rules 4 to 9: interpolation between plotting positions.
    Interpolated(PlottingPosition),
}

/// Where the k-th of n values is placed between 0 and 1: for weights, with sums in the place of k and n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlottingPosition {
    /// k / n.
    Four,
    /// (k - 1/2) / n.
    Five,
    /// k / (n + 1).
    Six,
    /// (k - 1) / (n - 1).
    Seven,
    /// (k - 1/3) / (n + 1/3).
    Eight,
    /// (k - 3/8) / (n + 1/4).
    Nine,
}

/// How the interval of a quantile is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantileInterval {
    /// The quantiles at the limits of the share below the quantile (Woodruff 1952).
    Woodruff(IntervalMethod),
    /// By inverting a test of the share above, in the way of R's `survey`; Woodruff's is to be preferred.
    Score,
    /// The quantiles of the replicates.
    Replicates,
}

/// A quantile with its interval; limits beyond the data are missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// The probability.
    pub p: f64,
    /// The estimate.
    pub value: f64,
    /// The lower limit.
    pub ci_low: Option<f64>,
    /// The upper limit.
    pub ci_high: Option<f64>,
    /// The width of the interval over twice the t quantile.
    pub se: Option<f64>,
}

/// What is asked of quantiles, whatever the probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileOptions {
    /// How values between observations are chosen.
    pub rule: QuantileRule,
    /// How the interval is found.
    pub interval: QuantileInterval,
    /// How sure it is to be.
    pub level: Level,
    /// The degrees of freedom of the interval.
    pub df: f64,
    /// How many elements the beta interval takes as drawn.
    pub n: usize,
}

/// Estimates a quantile of `y` in a domain.
pub fn quantile(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    p: f64,
    options: &QuantileOptions,
) -> Result<Quantile, EstimateError> {
    let within = |weights: &[f64]| Ranked::new(y, weights, domain);
    let ranked = within(design.weights());
    if ranked.values.is_empty() {
        return Err(EstimateError::EmptyDomain);
    }
    let value = ranked.quantile(p, options.rule);
    let t = options.level.t(options.df);
    let (ci_low, ci_high) = match options.interval {
        QuantileInterval::Woodruff(method) => {
            let (low, high) = share_below(design, domain, y, value, method, options)?;
            let at = |p: f64| ranked.quantile(p, options.rule);
            (low.filter(|p| *p >= 0.0).map(at), high.filter(|p| *p <= 1.0).map(at))
        }
        QuantileInterval::Score => score_limits(design, domain, y, (p, t), options.rule, &ranked)?,
        QuantileInterval::Replicates => {
            let Plan::Replicates(plan) = &design.plan else {
                let (what, needs) = ("an interval from replicates", "replicate weights");
                return Err(EstimateError::Unsupported { what, needs });
            };
            let each = |weights: &Vec<f64>| vec![within(weights).quantile(p, options.rule)];
            let replicates: Vec<Vec<f64>> = plan.weights.iter().map(each).collect();
            let se = plan.covariance(&[value], &replicates)?[(0, 0)].sqrt();
            (Some(value - t * se), Some(value + t * se))
        }
    };
    let se = ci_low.zip(ci_high).map(|(low, high)| (high - low) / (2.0 * t));
    Ok(Quantile { p, value, ci_low, ci_high, se })
}

/// Returns the interval of the share of the domain at or below a value.
fn share_below(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    value: f64,
    method: IntervalMethod,
    options: &QuantileOptions,
) -> Result<(Option<f64>, Option<f64>), EstimateError> {
    let below: Vec<f64> = y.iter().map(|y| f64::from(u8::from(*y <= value))).collect();
    let found =
        estimate(design, domain, |weights| Ok(means(std::slice::from_ref(&below), weights)))?;
    let share = Share { value: found.values[0], variance: found.covariance[(0, 0)], n: options.n };
    let limits = interval(&share, method, options.level, options.df, options.df);
    Ok(limits.map_or((None, None), |(low, high)| (Some(low), Some(high))))
}

/// Returns the quantiles at the ranks of the values that the test of the share above them just accepts.
///
/// R's `survey` takes these ranks without weights and quantiles with them, and so does this: the interval
/// may lie beside the one that the test gives.
fn score_limits(
    design: &Design,
    domain: &[bool],
    y: &[f64],
    (p, t): (f64, f64),
    rule: QuantileRule,
    ranked: &Ranked,
) -> Result<(Option<f64>, Option<f64>), EstimateError> {
    let score = |theta: f64| -> Result<f64, EstimateError> {
        let above: Vec<f64> =
            y.iter().map(|y| f64::from(u8::from(*y > theta)) - (1.0 - p)).collect();
        let found = estimate(design, domain, |weights| -> Result<Linearised, _> {
            Ok(means(std::slice::from_ref(&above), weights))
        })?;
        Ok(found.values[0] / found.covariance[(0, 0)].sqrt())
    };
    let values = &ranked.values;
    // The score falls by a step at every observed value; a root lies at the step that passes the limit.
    let limit = |limit: f64| -> Result<Option<f64>, EstimateError> {
        let (mut low, mut high) = (0, values.len() - 1);
        if score(values[high])? > limit {
            return Ok(None);
        }
        while low < high {
            let middle = (low + high) / 2;
            if score(values[middle])? > limit { low = middle + 1 } else { high = middle }
        }
        let (before, to) = (
            values.partition_point(|value| *value < values[low]),
            values.partition_point(|value| *value <= values[low]),
        );
        let step_is_nearer = match before.checked_sub(1) {
            Some(left) => {
                (score(values[low])? - limit).abs() < (score(values[left])? - limit).abs()
            }
            None => true,
        };
        let passed = if step_is_nearer { to } else { before };
        Ok(Some(ranked.quantile(passed as f64 / values.len() as f64, rule)))
    };
    Ok((limit(t)?, limit(-t)?))
}

/// Values in rising order with their weights and the sums of these.
struct Ranked {
    values: Vec<f64>,
    weights: Vec<f64>,
    sums: Vec<f64>,
}

impl Ranked {
    fn new(y: &[f64], weights: &[f64], domain: &[bool]) -> Self {
        let mut rows: Vec<usize> =
            (0..y.len()).filter(|&row| domain[row] && weights[row] != 0.0).collect();
        rows.sort_by(|&a, &b| y[a].total_cmp(&y[b]));
        let mut sum = 0.0;
        let sums = rows
            .iter()
            .map(|&row| {
                sum += weights[row];
                sum
            })
            .collect();
        Self {
            values: rows.iter().map(|&row| y[row]).collect(),
            weights: rows.iter().map(|&row| weights[row]).collect(),
            sums,
        }
    }

    /// Returns the quantile; nobody, as in some replicates, has none.
    fn quantile(&self, p: f64, rule: QuantileRule) -> f64 {
        if self.values.is_empty() {
            return f64::NAN;
        }
        match rule {
            QuantileRule::Math | QuantileRule::School | QuantileRule::Nearest => {
                self.stepwise(p, rule)
            }
            QuantileRule::ShahVaish => self.shah_vaish(p),
            QuantileRule::Interpolated(position) => {
                let positions: Vec<f64> =
                    (0..self.values.len()).map(|k| position.of(k, self)).collect();
                interpolate(&positions, &self.values, p)
            }
        }
    }

    fn stepwise(&self, p: f64, rule: QuantileRule) -> f64 {
        let all = self.sums[self.sums.len() - 1];
        let passed = self.sums.partition_point(|sum| *sum <= p * all);
        let Some(below) = passed.checked_sub(1) else { return self.values[0] };
        let above = (below + 1).min(self.values.len() - 1);
        let exact = p - self.sums[below] / all == 0.0;
        match rule {
            QuantileRule::School if exact => 0.5 * (self.values[below] + self.values[above]),
            QuantileRule::Math if exact => self.values[below],
            QuantileRule::Nearest if exact && passed % 2 == 0 => self.values[below],
            QuantileRule::Math
            | QuantileRule::School
            | QuantileRule::Nearest
            | QuantileRule::ShahVaish
            | QuantileRule::Interpolated(_) => self.values[above],
        }
    }

    /// As R's `survey` computes it, sums have the scale of a mean of 1 and single weights their own: the
    /// rule depends on the scale of the weights, and stands here only to reproduce what was published with it.
    fn shah_vaish(&self, p: f64) -> f64 {
        let n = self.values.len() as f64;
        let mean = self.sums[self.sums.len() - 1] / n;
        let position = |k: usize| (self.sums[k] / mean + 0.5 - self.weights[k] / 2.0) / (n + 1.0);
        let mut places: Vec<(f64, f64)> =
            (0..self.values.len()).map(|k| (position(k), self.values[k])).collect();
        places.sort_by(|left, right| left.0.total_cmp(&right.0));
        let passed = places.partition_point(|(position, _)| *position <= p);
        places[passed.saturating_sub(1)].1
    }
}

impl PlottingPosition {
    fn of(self, k: usize, ranked: &Ranked) -> f64 {
        let last = ranked.values.len() - 1;
        let (sum, weight) = (ranked.sums[k], ranked.weights[k]);
        let (all, final_weight) = (ranked.sums[last], ranked.weights[last]);
        match self {
            PlottingPosition::Four => sum / all,
            PlottingPosition::Five => (sum - weight / 2.0) / all,
            PlottingPosition::Six => sum / (all + final_weight),
            PlottingPosition::Seven => {
                let before = |k: usize| if k == 0 { 0.0 } else { ranked.sums[k - 1] };
                before(k) / before(last)
            }
            PlottingPosition::Eight => (sum - weight / 3.0) / (all + final_weight / 3.0),
            PlottingPosition::Nine => (sum - weight * 3.0 / 8.0) / (all + final_weight / 4.0),
        }
    }
}

/// Returns the value at `p` on the line through the points, which goes on level beyond its ends.
fn interpolate(positions: &[f64], values: &[f64], p: f64) -> f64 {
    let after = positions.partition_point(|position| *position <= p);
    if after == 0 {
        return values[0];
    }
    if after == positions.len() {
        return values[after - 1];
    }
    let (left, right) = (positions[after - 1], positions[after]);
    let share = (p - left) / (right - left);
    values[after - 1] + share * (values[after] - values[after - 1])
}
