//! Estimates by domains, with the covariance between them.

use anyhow::bail;
use estimate::{Estimates, Levels, joint_covariance, means, totals};
use serde_json::{Map, Value, json};

use super::means::{
    Found, Ratios, design_effects, estimated, mean_of_simple_sample, total_of_simple_sample,
    with_intervals,
};
use super::request::{Deff, EstimateSpec, OneOrMore, Spec};
use super::sample::{Nobody, Sample, level};

/// The domains that combinations of categories make; the first variable varies fastest.
pub(super) struct Domains {
    variables: Vec<String>,
    cells: Levels,
}

impl Domains {
    /// Finds the domains; combinations that nobody has are left out unless they are to be kept.
    pub(super) fn new(
        by: &OneOrMore<String>,
        sample: &Sample,
        keep_empty: bool,
    ) -> anyhow::Result<Self> {
        let levels: Vec<Levels> =
            by.items.iter().map(|name| sample.categories(name)).collect::<anyhow::Result<_>>()?;
        let all = Levels::crossed(&levels, "\u{1f}");
        let cells = if keep_empty { all } else { all.used(&sample.domain) };
        if cells.names.is_empty() {
            bail!("no row of the domain has all of `by`: {}", by.items.join(", "));
        }
        Ok(Self { variables: by.items.clone(), cells })
    }

    /// Returns the mask of one domain.
    pub(super) fn mask(&self, domain: usize) -> Vec<bool> {
        self.cells.codes.iter().map(|code| *code == Some(domain)).collect()
    }

    /// Returns a domain as an object of the variables' values; numbers are numbers.
    pub(super) fn label(&self, domain: usize, sample: &Sample) -> Value {
        let names = self.cells.names[domain].split('\u{1f}');
        let value = |variable: &String, name: &str| match sample.columns.get(variable) {
            Some(estimate::Column::Numbers(_)) => {
                name.parse().map_or(json!(name), |x: f64| number(x))
            }
            Some(estimate::Column::Levels(_)) | None => json!(name),
        };
        let entries = self.variables.iter().zip(names);
        Value::Object(
            entries.map(|(variable, name)| (variable.clone(), value(variable, name))).collect(),
        )
    }

    /// Returns the domains' names, as one text each.
    pub(super) fn names(&self) -> Vec<String> {
        self.cells.names.iter().map(|name| name.replace('\u{1f}', ".")).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.cells.names.len()
    }
}

/// Writes whole numbers as whole numbers.
fn number(x: f64) -> Value {
    if x.fract() == 0.0 && x.abs() < 1e15 { json!(x as i64) } else { json!(x) }
}

/// Estimates of several statistics in several domains.
pub(super) struct ByDomain {
    pub domains: Domains,
    /// The names of the statistics.
    pub names: Vec<String>,
    /// The estimates of each domain that anybody is in.
    pub found: Vec<Option<Found>>,
    pub deff: Vec<Option<Vec<f64>>>,
}

impl ByDomain {
    /// Estimates means, totals or ratios in every domain.
    pub(super) fn new(kind: &Spec, spec: &EstimateSpec, sample: &Sample) -> anyhow::Result<Self> {
        let domains = Domains::new(&spec.by, sample, spec.drop_empty_groups == Some(false))?;
        let mut by_domain =
            Self { domains, names: Vec::new(), found: Vec::new(), deff: Vec::new() };
        for domain in 0..by_domain.domains.len() {
            let part = sample.narrowed(&by_domain.domains.mask(domain));
            let (found, deff) = match of_domain(kind, spec, &part) {
                Ok((names, found, deff)) => {
                    by_domain.names = names;
                    (Some(found), deff)
                }
                // Nobody is in the domain, or all who are miss a value: nothing to say of it.
                Err(error) if error.is::<Nobody>() => (None, None),
                Err(error) => return Err(error),
            };
            by_domain.found.push(found);
            by_domain.deff.push(deff);
        }
        if by_domain.names.is_empty() {
            bail!("no domain of `by` holds a row with all the request needs");
        }
        Ok(by_domain)
    }

    /// Returns the covariance of all estimates, domain by domain within each statistic.
    pub(super) fn covariance(&self, sample: &Sample) -> anyhow::Result<Vec<Vec<f64>>> {
        let parts: Vec<Estimates> =
            self.found.iter().flatten().map(|found| found.estimates.clone()).collect();
        let all = sample.explained(joint_covariance(&sample.design, &sample.domain, &parts))?;
        let (statistics, domains) = (self.names.len(), parts.len());
        // The parts hold all statistics of one domain after those of another.
        let place = |row: usize| (row % domains) * statistics + row / domains;
        let size = statistics * domains;
        Ok((0..size).map(|i| (0..size).map(|j| all[(place(i), place(j))]).collect()).collect())
    }

    fn value(&self, domain: usize, statistic: usize) -> (f64, f64) {
        match &self.found[domain] {
            Some(found) if !found.missing[statistic] => {
                (found.estimates.values[statistic], found.estimates.se()[statistic])
            }
            Some(_) | None => (f64::NAN, f64::NAN),
        }
    }
}

type OfDomain = (Vec<String>, Found, Option<Vec<f64>>);

fn of_domain(kind: &Spec, spec: &EstimateSpec, part: &Sample) -> anyhow::Result<OfDomain> {
    if let Spec::Ratio(_) = kind {
        let ratios = Ratios::new(spec, part)?;
        let found = ratios.estimated(spec.na_rm, part, &part.domain)?;
        return Ok((ratios.names, found, None));
    }
    let variables = part.variables(&spec.x.items)?;
    let is_total = matches!(kind, Spec::Total(_));
    let statistic = if is_total { totals } else { means };
    let simple = if is_total { total_of_simple_sample } else { mean_of_simple_sample };
    let found = estimated(spec.na_rm, part, &variables, statistic)?;
    let deff = if spec.deff == Deff::Replace { Deff::Replace } else { Deff::WithoutReplacement };
    let variance = found.estimates.covariance.diagonal();
    let effects = design_effects(part, &variables, &found.domain, &variance, deff, simple)?;
    Ok((variables.names, found, Some(effects)))
}

/// Answers with estimates by domain: statistic by statistic, all domains of the first before the second.
pub(super) fn estimates(
    kind: &Spec,
    spec: &EstimateSpec,
    sample: &Sample,
) -> anyhow::Result<Value> {
    let by_domain = ByDomain::new(kind, spec, sample)?;
    let (df, level) = (sample.df(&sample.domain), level(spec.level)?);
    let places = (0..by_domain.names.len())
        .flat_map(|statistic| (0..by_domain.domains.len()).map(move |domain| (domain, statistic)));
    let places: Vec<(usize, usize)> = places.collect();
    let (values, se): (Vec<f64>, Vec<f64>) =
        places.iter().map(|&(domain, statistic)| by_domain.value(domain, statistic)).unzip();
    let mut answer = with_intervals(&values, &se, df, level);
    if spec.covmat {
        answer.insert("vcov".to_owned(), json!(by_domain.covariance(sample)?));
    }
    if spec.x.single && spec.by.single {
        answer.insert("names".to_owned(), json!(by_domain.domains.names()));
        return Ok(Value::Object(answer));
    }
    let row = |(place, &(domain, statistic)): (usize, &(usize, usize))| {
        let mut row = Map::new();
        row.insert("by".to_owned(), by_domain.domains.label(domain, sample));
        row.insert("stat".to_owned(), json!(by_domain.names[statistic]));
        for key in ["estimate", "se", "ci_z", "ci_t"] {
            row.insert(key.to_owned(), answer[key][place].clone());
        }
        Value::Object(row)
    };
    let rows: Vec<Value> = places.iter().enumerate().map(row).collect();
    let deff: Vec<f64> = places
        .iter()
        .map(|&(domain, statistic)| {
            by_domain.deff[domain].as_ref().map_or(f64::NAN, |d| d[statistic])
        })
        .collect();
    Ok(json!({ "rows": rows, "df": df, "deff": deff, "vcov": answer.get("vcov") }))
}
