//! Contrasts of estimates: linear ones, and expressions by the delta method or by replicates.

use anyhow::{anyhow, bail};
use estimate::{Dual, Estimates, Expression, Matrix, joint_covariance, means, totals};
use serde_json::{Value, json};

use super::domains::{ByDomain, Domains};
use super::means::{estimated, with_intervals};
use super::request::{Coefficients, ContrastSpec, EstimateSpec, OneOrMore, Spec};
use super::sample::{Sample, level};

/// Estimates with the names by which contrasts speak of them.
pub(super) struct Named {
    pub names: Vec<String>,
    pub estimates: Estimates,
}

/// What a contrast is made of, read from its words.
struct Source {
    total: bool,
    variables: Vec<String>,
    by: Vec<String>,
    na_rm: bool,
}

impl Source {
    /// Reads `mean`, `total`, `mean items (listwise na.rm)` or `by mean X by Y`.
    fn read(spec: &ContrastSpec, sample: &Sample) -> anyhow::Result<Self> {
        let of = spec.of.split([',', '(']).next().unwrap_or_default().trim();
        let of = of.strip_prefix("by ").unwrap_or(of);
        let (kind, rest) = of.split_once(' ').unwrap_or((of, ""));
        let total = match kind {
            "mean" => false,
            "total" => true,
            _ => bail!("`of` is `{}`: it must speak of a mean or a total", spec.of),
        };
        let (variables, by) = rest.split_once(" by ").unwrap_or((rest, ""));
        let list = |text: &str| -> Vec<String> {
            let words = text.split(|c: char| c == '+' || c.is_whitespace());
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut variables: Vec<String> =
            list(variables).iter().flat_map(|name| series(name, sample)).collect();
        if !spec.x.is_empty() {
            variables.clone_from(&spec.x.items);
        } else if let (true, Some(text)) = (variables.is_empty(), &spec.expression) {
            variables = Expression::parse(text)?.names().iter().map(ToString::to_string).collect();
        }
        let na_rm = spec.na_rm || spec.of.contains("na.rm");
        Ok(Self { total, variables, by: list(by), na_rm })
    }

    fn estimates(&self, sample: &Sample) -> anyhow::Result<Named> {
        if self.by.is_empty() {
            let variables = sample.variables(&self.variables)?;
            let statistic = if self.total { totals } else { means };
            let found = estimated(self.na_rm, sample, &variables, statistic)?;
            if let Some(gap) = found.missing.iter().position(|missing| *missing) {
                bail!(
                    "`{}` misses values; leave these rows out with `na_rm`",
                    variables.names[gap]
                );
            }
            return Ok(Named { names: variables.names, estimates: found.estimates });
        }
        let spec = EstimateSpec {
            x: OneOrMore { items: self.variables.clone(), single: false },
            by: OneOrMore { items: self.by.clone(), single: false },
            na_rm: self.na_rm,
            ..EstimateSpec::default()
        };
        let kind = if self.total { Spec::Total } else { Spec::Mean };
        by_domains(&kind(EstimateSpec::default()), &spec, sample)
    }
}

/// Returns the columns that a plural stands for: `items` for item1, item2 and so on, in that order.
fn series(name: &str, sample: &Sample) -> Vec<String> {
    let stem = name.strip_suffix('s').filter(|_| sample.columns.get(name).is_none());
    let Some(stem) = stem else { return vec![name.to_owned()] };
    let number = |column: &str| column.strip_prefix(stem)?.parse::<usize>().ok();
    let mut members: Vec<(usize, String)> = sample
        .columns
        .names()
        .filter_map(|column| Some((number(column)?, column.to_owned())))
        .collect();
    members.sort();
    match members.is_empty() {
        true => vec![name.to_owned()],
        false => members.into_iter().map(|(_, column)| column).collect(),
    }
}

/// Estimates statistics by domain, with their joint covariance.
pub(super) fn by_domains(
    kind: &Spec,
    spec: &EstimateSpec,
    sample: &Sample,
) -> anyhow::Result<Named> {
    let by_domain = ByDomain::new(kind, spec, sample)?;
    let covariance = Matrix::from_rows(&by_domain.covariance(sample)?);
    let domains: Vec<String> = Domains::names(&by_domain.domains);
    let name = |statistic: &String, domain: &String| match by_domain.names.len() {
        1 => domain.clone(),
        _ => format!("{domain}:{statistic}"),
    };
    let names =
        by_domain.names.iter().flat_map(|s| domains.iter().map(move |d| name(s, d))).collect();
    let found = || by_domain.found.iter().flatten();
    if found().any(|found| found.missing.contains(&true)) {
        bail!("a variable misses values; leave these rows out with `na_rm`");
    }
    let flat = |values: fn(&Estimates) -> Vec<f64>| -> Vec<f64> {
        let parts: Vec<Vec<f64>> = found().map(|found| values(&found.estimates)).collect();
        (0..by_domain.names.len()).flat_map(|s| parts.iter().map(move |part| part[s])).collect()
    };
    let replicate = |r: usize| -> Vec<f64> {
        let parts: Vec<&Vec<f64>> = found().map(|found| &found.estimates.replicates[r]).collect();
        (0..by_domain.names.len()).flat_map(|s| parts.iter().map(move |part| part[s])).collect()
    };
    let count = found().next().map_or(0, |found| found.estimates.replicates.len());
    let estimates = Estimates {
        values: flat(|estimates| estimates.values.clone()),
        covariance,
        replicates: (0..count).map(replicate).collect(),
        influence: Vec::new(),
    };
    Ok(Named { names, estimates })
}

impl Named {
    /// Returns a linear contrast of the estimates.
    pub(super) fn linear(&self, coefficients: &Coefficients) -> anyhow::Result<Vec<f64>> {
        let size = self.names.len();
        match coefficients {
            Coefficients::Listed(list) if list.len() == size => Ok(list.clone()),
            Coefficients::Listed(list) => {
                Err(anyhow!("the contrast has {} coefficients for {size} estimates", list.len()))
            }
            Coefficients::Named(entries) => {
                let mut all = vec![0.0; size];
                for (name, coefficient) in &entries.0 {
                    let place = self.names.iter().position(|known| known == name);
                    let place = place.ok_or_else(|| {
                        anyhow!(
                            "there is no estimate `{name}`; there are {}",
                            self.names.join(", ")
                        )
                    })?;
                    all[place] = *coefficient;
                }
                Ok(all)
            }
            Coefficients::Words(words) if words.starts_with("mean of") => {
                Ok(vec![1.0 / size as f64; size])
            }
            Coefficients::Words(words) => Err(anyhow!("cannot read the contrast `{words}`")),
        }
    }

    /// Returns the value of an expression of the estimates, with its variance by the delta method.
    pub(super) fn expressed(&self, expression: &Expression) -> anyhow::Result<Estimates> {
        let Dual { value, gradient } = self.evaluate(expression, &self.estimates.values)?;
        let map = Matrix::from_rows(&[gradient]);
        Ok(Estimates {
            values: vec![value],
            covariance: self.estimates.covariance.mapped(&map),
            replicates: Vec::new(),
            influence: Vec::new(),
        })
    }

    /// Returns the same with its variance from the expression's value in every replicate.
    fn expressed_by_replicates(
        &self,
        expression: &Expression,
        sample: &Sample,
    ) -> anyhow::Result<Estimates> {
        let value = |values: &[f64]| Ok(vec![self.evaluate(expression, values)?.value]);
        let replicates = self.estimates.replicates.iter().map(|values| value(values));
        let mut found = self.expressed(expression)?;
        found.replicates = replicates.collect::<anyhow::Result<_>>()?;
        let parts = std::slice::from_ref(&found);
        found.covariance = joint_covariance(&sample.design, &sample.domain, parts)?;
        Ok(found)
    }

    fn evaluate(&self, expression: &Expression, values: &[f64]) -> anyhow::Result<Dual> {
        let lookup = |name: &str| {
            let place = self.names.iter().position(|known| known == name)?;
            let mut gradient = vec![0.0; values.len()];
            gradient[place] = 1.0;
            Some(Dual { value: values[place], gradient })
        };
        let mut dual = expression.evaluate(&lookup)?;
        dual.gradient.resize(values.len(), 0.0);
        Ok(dual)
    }

    /// Returns linear contrasts, with their covariance.
    pub(super) fn contrasted(&self, contrasts: &[Vec<f64>]) -> Estimates {
        let map = Matrix::from_rows(contrasts);
        Estimates {
            values: map.times_vector(&self.estimates.values),
            covariance: self.estimates.covariance.mapped(&map),
            replicates: Vec::new(),
            influence: Vec::new(),
        }
    }
}

/// Answers with contrasts of estimates.
pub(super) fn contrast(spec: &ContrastSpec, sample: &Sample) -> anyhow::Result<Value> {
    let source = Source::read(spec, sample)?.estimates(sample)?;
    let (names, found) = match (&spec.expression, &spec.contrast, &spec.contrasts) {
        (Some(text), _, _) => {
            let expression = Expression::parse(text)?;
            let by_replicates = spec.note.as_ref().is_some_and(|note| note.contains("replicate"));
            let found = match by_replicates && !source.estimates.replicates.is_empty() {
                true => source.expressed_by_replicates(&expression, sample)?,
                false => source.expressed(&expression)?,
            };
            (vec!["contrast".to_owned()], found)
        }
        (None, Some(contrast), _) => {
            (vec!["contrast".to_owned()], source.contrasted(&[source.linear(contrast)?]))
        }
        (None, None, Some(contrasts)) => {
            let rows = contrasts.0.iter().map(|(_, contrast)| source.linear(contrast));
            let rows: Vec<Vec<f64>> = rows.collect::<anyhow::Result<_>>()?;
            let names = contrasts.0.iter().map(|(name, _)| name.clone()).collect();
            (names, source.contrasted(&rows))
        }
        (None, None, None) => bail!("a contrast needs `contrast`, `contrasts` or `expression`"),
    };
    let df = sample.df(&sample.domain);
    let mut answer = with_intervals(&found.values, &found.se(), df, level(spec.level)?);
    let vcov: Vec<&[f64]> = (0..names.len()).map(|i| found.covariance.row(i)).collect();
    answer.insert("vcov".to_owned(), json!(vcov));
    answer.insert("names".to_owned(), json!(names));
    Ok(Value::Object(answer))
}
