//! Intervals for shares.

use anyhow::bail;
use estimate::{
    IntervalMethod, Level, Linearised, Share, clopper_pearson, interval, means, population_hits,
    wilson,
};
use serde_json::{Value, json};

use super::domains::Domains;
use super::request::{EstimateSpec, ProportionMethod, ProportionSpec};
use super::sample::{Sample, level};

impl ProportionMethod {
    fn method(self) -> IntervalMethod {
        match self {
            // The interval of the logistic regression is the same on the scale of the log odds.
            ProportionMethod::Logit | ProportionMethod::Xlogit => IntervalMethod::Logit,
            ProportionMethod::Likelihood => IntervalMethod::Likelihood,
            ProportionMethod::Asin => IntervalMethod::Asin,
            ProportionMethod::Beta => IntervalMethod::Beta,
            ProportionMethod::Mean => IntervalMethod::Mean,
            ProportionMethod::Wilson => IntervalMethod::Wilson,
        }
    }
}

/// Answers with a share and its interval, in the domain or by domains.
pub(super) fn of_sample(spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Value> {
    let level = level(spec.level)?;
    let name = spec.x.items.first().cloned().unwrap_or_default();
    if spec.by.is_empty() {
        let answer = Answer::new(spec, sample, level)?;
        return Ok(json!({
            "estimate": answer.share.value,
            "se": answer.share.variance.sqrt(),
            "ci": answer.limits,
            "df": answer.df,
        }));
    }
    let domains = Domains::new(&spec.by, sample, spec.drop_empty_groups == Some(false))?;
    let row = |domain: usize| {
        let part = sample.narrowed(&domains.mask(domain));
        let answer = Answer::new(spec, &part, level)?;
        let [low, high] = answer.limits;
        let values = [answer.share.value, low, high];
        Ok(json!({ "by": domains.label(domain, sample), "values": values }))
    };
    let rows: Vec<Value> = (0..domains.len()).map(row).collect::<anyhow::Result<_>>()?;
    Ok(json!({ "columns": [name, "ci_l", "ci_u"], "rows": rows, "df": sample.df(&sample.domain) }))
}

struct Answer {
    share: Share,
    limits: [f64; 2],
    df: f64,
}

impl Answer {
    fn new(spec: &EstimateSpec, sample: &Sample, level: Level) -> anyhow::Result<Self> {
        let y = sample.variable(&spec.x)?;
        // The likelihood methods fit a regression, which leaves rows without the answer out.
        let fitted = matches!(spec.method, ProportionMethod::Logit | ProportionMethod::Likelihood);
        let answered: Vec<bool> = y.iter().map(|y| !y.is_nan()).collect();
        let unanswered = sample.within(&answered.iter().map(|a| !a).collect::<Vec<_>>());
        let df = sample.df(&sample.domain);
        let n = sample.rows(&sample.domain);
        if unanswered.contains(&true) && !spec.na_rm && !fitted {
            let share = Share { value: f64::NAN, variance: f64::NAN, n };
            return Ok(Self { share, limits: [f64::NAN; 2], df });
        }
        if let Some(row) = (0..y.len())
            .find(|&row| sample.domain[row] && !(0.0..=1.0).contains(&y[row]) && answered[row])
        {
            bail!("row {}: a share needs 0 and 1, got {}", row + 1, y[row]);
        }
        let found =
            sample.estimate(&answered, |weights| means(std::slice::from_ref(&y), weights))?;
        let share =
            Share { value: found.values[0], variance: found.covariance[(0, 0)].max(0.0), n };
        let mut basis = share;
        if fitted && share.value > 0.0 && share.value < 1.0 {
            basis = on_log_odds(sample, &answered, &y)?;
        }
        let limits = interval(&basis, spec.method.method(), level, df, df);
        Ok(Self { share, limits: limits.map_or([f64::NAN; 2], |(low, high)| [low, high]), df })
    }
}

/// Returns the share with the variance of its log odds, brought back to the scale of the share.
///
/// By linearisation that is the variance of the share; by replicates it is what a logistic regression gives.
fn on_log_odds(sample: &Sample, answered: &[bool], y: &[f64]) -> anyhow::Result<Share> {
    let column = [y.to_vec()];
    let found = sample.estimate(answered, |weights| {
        let Linearised { values, influence } = means(&column, weights);
        let slope = 1.0 / (values[0] * (1.0 - values[0]));
        Linearised {
            values: values.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
            influence: vec![influence[0].iter().map(|u| u * slope).collect()],
        }
    })?;
    let value = 1.0 / (1.0 + (-found.values[0]).exp());
    let spread = value * (1.0 - value);
    let n = sample.within(answered).iter().filter(|inside| **inside).count();
    Ok(Share { value, variance: found.covariance[(0, 0)].max(0.0) * spread * spread, n })
}

/// Above this, an exact interval takes long and says no more than the others.
const LARGEST: u64 = 10_000_000;

/// Answers with the share of `k` among `n` drawn from a known population, by the methods in use.
pub(super) fn of_known_population(spec: &ProportionSpec) -> anyhow::Result<Value> {
    let (hits, drawn, all) = (spec.k, spec.n, spec.population);
    if hits > drawn || drawn > all || drawn < 2 {
        bail!("{hits} hits of {drawn} drawn from {all}: need k <= n <= N and n of 2 or more");
    }
    if all > LARGEST {
        bail!("N is {all}: the exact interval is for populations of {LARGEST} at most");
    }
    let level = level(spec.level)?;
    let (n, population) = (drawn as f64, all as f64);
    let p = hits as f64 / n;
    let (fraction, spread) = (n / population, p * (1.0 - p));
    let unseen = 1.0 - fraction;
    let se = (unseen * spread / (n - 1.0)).sqrt();
    let around = |quantile: f64| [p - quantile * se, p + quantile * se];
    let z = level.t(f64::INFINITY);
    // Nothing varies in a census, nor where all are alike: no effective size follows.
    let effective = (se > 0.0).then(|| wilson(p, spread / (se * se), z));
    let (low, high) = population_hits(hits, drawn, all, level);
    Ok(json!({
        "k": hits, "n": drawn, "N": all, "p": p, "f": fraction,
        "se_fpc_n1": se,
        "se_fpc_n": (unseen * spread / n).sqrt(),
        "se_fpc_Nn_over_N1": ((population - n) / (population - 1.0) * spread / n).sqrt(),
        "se_nofpc_n1": (spread / (n - 1.0)).sqrt(),
        "ci_t": around(level.t(n - 1.0)),
        "ci_z": around(z),
        "wilson_nofpc": wilson(p, n, z),
        "wilson_fpc_effective_n": effective,
        "clopper_pearson_nofpc": clopper_pearson(p, n, level),
        "exact_hypergeometric_population_count": [low, high],
        "exact_hypergeometric_proportion": [low as f64 / population, high as f64 / population],
    }))
}
