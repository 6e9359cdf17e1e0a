//! Quantiles, with intervals, in the domain or by domains.

use estimate::{
    IntervalMethod, Level, PlottingPosition, Quantile, QuantileInterval, QuantileOptions,
    QuantileRule, quantile,
};
use serde_json::{Value, json};

use super::domains::Domains;
use super::request::{IntervalType, QuantileRuleName, QuantileSpec};
use super::sample::Sample;

impl QuantileRuleName {
    fn rule(self) -> QuantileRule {
        match self {
            QuantileRuleName::Math | QuantileRuleName::Hf1 => QuantileRule::Math,
            QuantileRuleName::School | QuantileRuleName::Hf2 => QuantileRule::School,
            QuantileRuleName::Shahvaish => QuantileRule::ShahVaish,
            QuantileRuleName::Hf3 => QuantileRule::Nearest,
            QuantileRuleName::Hf4 => QuantileRule::Interpolated(PlottingPosition::Four),
            QuantileRuleName::Hf5 => QuantileRule::Interpolated(PlottingPosition::Five),
            QuantileRuleName::Hf6 => QuantileRule::Interpolated(PlottingPosition::Six),
            QuantileRuleName::Hf7 => QuantileRule::Interpolated(PlottingPosition::Seven),
            QuantileRuleName::Hf8 => QuantileRule::Interpolated(PlottingPosition::Eight),
            QuantileRuleName::Hf9 => QuantileRule::Interpolated(PlottingPosition::Nine),
        }
    }
}

impl IntervalType {
    fn interval(self) -> QuantileInterval {
        match self {
            IntervalType::Mean => QuantileInterval::Woodruff(IntervalMethod::Mean),
            IntervalType::Beta => QuantileInterval::Woodruff(IntervalMethod::Beta),
            IntervalType::Xlogit => QuantileInterval::Woodruff(IntervalMethod::Logit),
            IntervalType::Asin => QuantileInterval::Woodruff(IntervalMethod::Asin),
            IntervalType::Score => QuantileInterval::Score,
            IntervalType::Quantile => QuantileInterval::Replicates,
        }
    }
}

/// Answers with the quantiles of every variable.
pub(super) fn quantiles(spec: &QuantileSpec, sample: &Sample) -> anyhow::Result<Value> {
    let level = spec.alpha.map_or(Ok(Level::NINETY_FIVE), Level::test)?;
    let variables = sample.variables(&spec.x.items)?;
    if !spec.by.is_empty() {
        return by_domains(spec, sample, level);
    }
    let complete = if spec.na_rm { variables.complete() } else { vec![true; sample.domain.len()] };
    let sample_df = sample.df(&sample.domain);
    let narrowed = sample.narrowed(&complete);
    let of_variable = |(name, y): (&String, &Vec<f64>)| {
        let found = of_variable(spec, &narrowed, y, level)?;
        Ok(json!({
            "var": name,
            "p": spec.p,
            "estimate": found.iter().map(|q| q.value).collect::<Vec<_>>(),
            "ci_lower": found.iter().map(|q| q.ci_low).collect::<Vec<_>>(),
            "ci_upper": found.iter().map(|q| q.ci_high).collect::<Vec<_>>(),
            "se": found.iter().map(|q| q.se).collect::<Vec<_>>(),
            "df": sample_df,
        }))
    };
    let rows = variables.names.iter().zip(&variables.columns).map(of_variable);
    Ok(Value::Array(rows.collect::<anyhow::Result<_>>()?))
}

/// Returns the quantiles of one variable; they are missing where a value is.
fn of_variable(
    spec: &QuantileSpec,
    sample: &Sample,
    y: &[f64],
    level: Level,
) -> anyhow::Result<Vec<Quantile>> {
    if (0..y.len()).any(|row| sample.domain[row] && y[row].is_nan()) {
        let missing = |&p| Quantile { p, value: f64::NAN, ci_low: None, ci_high: None, se: None };
        return Ok(spec.p.iter().map(missing).collect());
    }
    let options = QuantileOptions {
        rule: spec.qrule.rule(),
        interval: spec.interval_type.interval(),
        level,
        df: sample.df(&sample.domain),
        n: sample.rows(&sample.domain),
    };
    let of_p =
        |&p: &f64| sample.explained(quantile(&sample.design, &sample.domain, y, p, &options));
    spec.p.iter().map(of_p).collect()
}

fn by_domains(spec: &QuantileSpec, sample: &Sample, level: Level) -> anyhow::Result<Value> {
    let domains = Domains::new(&spec.by, sample, false)?;
    let variables = sample.variables(&spec.x.items)?;
    let complete = if spec.na_rm { variables.complete() } else { vec![true; sample.domain.len()] };
    let mut rows = Vec::new();
    for domain in 0..domains.len() {
        let part = sample.narrowed(&domains.mask(domain)).narrowed(&complete);
        let mut found = Vec::new();
        for y in &variables.columns {
            found.extend(of_variable(spec, &part, y, level)?);
        }
        let values = found.iter().map(|q| json!(q.value));
        let values = values.chain(found.iter().map(|q| json!(q.ci_low)));
        let values: Vec<Value> = values.chain(found.iter().map(|q| json!(q.ci_high))).collect();
        rows.push(json!({ "by": domains.label(domain, sample), "values": values }));
    }
    let name = |prefix: &str, name: &str, p: f64| format!("{prefix}{name}.{p}");
    let columns: Vec<String> = ["", "ci_l.", "ci_u."]
        .iter()
        .flat_map(|prefix| {
            variables
                .names
                .iter()
                .flat_map(move |x| spec.p.iter().map(move |p| name(prefix, x, *p)))
        })
        .collect();
    Ok(json!({ "columns": columns, "rows": rows, "df": sample.df(&sample.domain) }))
}
