//! Two-way tables and their tests.

use anyhow::bail;
use estimate::{Column, Levels, Table, TableTest, fit_to_shares, totals};
use serde_json::{Map, Value, json};

use super::request::{FitSpec, TableSpec, TableStatistic};
use super::sample::Sample;

impl TableStatistic {
    fn test(self) -> TableTest {
        match self {
            TableStatistic::F => TableTest::F,
            TableStatistic::Chisq => TableTest::ChiSquared,
            TableStatistic::Wald => TableTest::Wald,
            TableStatistic::AdjWald => TableTest::AdjustedWald,
            TableStatistic::Lincom => TableTest::Lincom,
            TableStatistic::Saddlepoint => TableTest::Saddlepoint,
        }
    }
}

/// Answers with a test of independence of rows and columns.
pub(super) fn independence(spec: &TableSpec, sample: &Sample) -> anyhow::Result<Value> {
    let (rows, columns) = {
        let answered = answered(sample, &[&spec.row, &spec.col])?;
        (answered.categories(&spec.row)?, answered.categories(&spec.col)?)
    };
    for (name, levels) in [(&spec.row, &rows), (&spec.col, &columns)] {
        if levels.names.len() < 2 {
            bail!("`{name}` has fewer than two categories in the domain");
        }
    }
    // As in R, rows that miss a category count in the size of the sample.
    let n = sample.rows(&sample.domain);
    let table = sample.explained(Table::of(&sample.design, &sample.domain, &rows, &columns, n))?;
    let nu = sample.df(&sample.domain);
    let result = sample.explained(table.test(spec.statistic.test(), nu))?;
    let parameter = match result.df.as_slice() {
        [df] => json!({ "df": df }),
        [ndf, ddf] => json!({ "ndf": ndf, "ddf": ddf }),
        _ => Value::Null,
    };
    Ok(json!({
        "statistic": result.statistic,
        "parameter": parameter,
        "p_value": result.p_value,
        "eigenvalues": result.effects,
        "d0": result.effective,
        "nu": nu,
        "ddf": result.effective * nu,
    }))
}

/// Returns the sample narrowed to rows that have all the categories.
fn answered(sample: &Sample, names: &[&String]) -> anyhow::Result<Sample> {
    let mut answered = vec![true; sample.domain.len()];
    for name in names {
        let codes = sample.categories(name)?.codes;
        answered.iter_mut().zip(codes).for_each(|(inside, code)| *inside &= code.is_some());
    }
    let narrowed = sample.narrowed(&answered);
    if !narrowed.domain.contains(&true) {
        bail!("nobody in the domain has all of {names:?}");
    }
    Ok(narrowed)
}

/// Answers with a test of whether categories have the given shares.
pub(super) fn fit(spec: &FitSpec, sample: &Sample) -> anyhow::Result<Value> {
    let categories = sample.categories(&spec.x)?;
    let result =
        sample.explained(fit_to_shares(&sample.design, &sample.domain, &categories, &spec.p))?;
    Ok(json!({
        "statistic": result.statistic,
        "parameter": { "scale": result.df[0], "df": result.df[1] },
        "p_value": result.p_value,
    }))
}

/// Answers with estimated numbers in the cells of a two-way table.
pub(super) fn table(spec: &TableSpec, sample: &Sample) -> anyhow::Result<Value> {
    let rows = all_categories(sample, &spec.row)?;
    let columns = all_categories(sample, &spec.col)?;
    let cells = Levels::crossed(&[rows.clone(), columns.clone()], ".");
    let inside: Vec<bool> = cells.codes.iter().map(Option::is_some).collect();
    let found = sample.estimate(&inside, |weights| totals(&cells.indicators(), weights))?;
    let all: f64 = found.values.iter().sum();
    let scale = spec.total.map_or(1.0, |total| total / all);
    let values: Vec<f64> = found.values.iter().map(|value| value * scale).collect();
    let se: Vec<f64> = found.se().iter().map(|se| se * scale).collect();
    let mut names = Map::new();
    names.insert(spec.row.clone(), json!(rows.names));
    names.insert(spec.col.clone(), json!(columns.names));
    Ok(json!({
        "dim": [rows.names.len(), columns.names.len()],
        "dimnames": names,
        "values_column_major": values,
        "se_column_major": se,
    }))
}

/// Returns the categories of a column, also those that nobody has.
fn all_categories(sample: &Sample, name: &str) -> anyhow::Result<Levels> {
    match sample.columns.get(name) {
        Some(Column::Levels(levels)) => Ok(levels.clone()),
        Some(Column::Numbers(_)) | None => sample.categories(name),
    }
}
