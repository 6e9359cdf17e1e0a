//! Regression, and the tests of t and of ranks.

use anyhow::{Context, anyhow, bail};
use estimate::{
    Estimates, Expression, Family, Fit, Formula, ModelMatrix, RankScore, chi_squared_tail, means,
    quadratic, rank_differences, regression as fit_regression, t_two_sided, wald_test,
};
use serde_json::{Value, json};

use super::request::{FamilyName, ModelSpec, RankSpec, RankTestName};
use super::sample::{Sample, level};

impl FamilyName {
    fn family(self) -> Family {
        match self {
            FamilyName::Gaussian => Family::Gaussian,
            FamilyName::Quasibinomial => Family::Binomial,
            FamilyName::Quasipoisson => Family::Poisson,
        }
    }
}

/// A regression fitted to the rows that miss nothing it needs.
struct Model {
    /// These rows.
    sample: Sample,
    formula: Formula,
    matrix: ModelMatrix,
    fit: Fit,
}

impl Model {
    fn new(spec: &ModelSpec, sample: &Sample) -> anyhow::Result<Self> {
        let formula = Formula::parse(&spec.formula)?;
        let response = formula.response.as_ref().context("the formula has nothing to explain")?;
        let y = estimate::numbers(response, &sample.columns)?;
        let all = formula.matrix(&sample.columns, &sample.domain)?;
        let missing = |row: usize| y[row].is_nan() || all.columns.iter().any(|x| x[row].is_nan());
        let complete: Vec<bool> = (0..y.len()).map(|row| !missing(row)).collect();
        let sample = sample.narrowed(&complete);
        let matrix = formula.matrix(&sample.columns, &sample.domain)?;
        check(&spec.formula, spec.family, &y, &matrix, &sample.domain)?;
        let (design, domain) = (&sample.design, &sample.domain);
        let family = spec.family.family();
        let fit = sample.explained(fit_regression(design, domain, &y, &matrix.columns, family))?;
        Ok(Self { sample, formula, matrix, fit })
    }

    /// Returns the degrees of freedom of the design, and those that the coefficients leave.
    fn df(&self) -> (f64, f64) {
        let design = self.sample.df(&self.sample.domain);
        (design, design + 1.0 - self.matrix.names.len() as f64)
    }
}

/// Refuses empty domains, values that are no numbers, and responses outside the family's range.
fn check(
    formula: &str,
    family: FamilyName,
    y: &[f64],
    matrix: &ModelMatrix,
    domain: &[bool],
) -> anyhow::Result<()> {
    let rows: Vec<usize> = (0..y.len()).filter(|&row| domain[row]).collect();
    if rows.is_empty() {
        bail!("no row of the domain has all that `{formula}` needs");
    }
    for row in rows {
        let infinite = matrix.columns.iter().position(|column| column[row].is_infinite());
        if let Some(column) = infinite {
            bail!("`{formula}`: {} is infinite in row {}", matrix.names[column], row + 1);
        }
        let possible = match family {
            FamilyName::Gaussian => y[row].is_finite(),
            FamilyName::Quasibinomial => (0.0..=1.0).contains(&y[row]),
            FamilyName::Quasipoisson => y[row] >= 0.0 && y[row].is_finite(),
        };
        if !possible {
            bail!(
                "`{formula}`: the response is {} in row {}, beyond the family's range",
                y[row],
                row + 1
            );
        }
    }
    Ok(())
}

/// Answers with the coefficients of a regression.
pub(super) fn regression(spec: &ModelSpec, sample: &Sample) -> anyhow::Result<Value> {
    let model = Model::new(spec, sample)?;
    let level = level(spec.level)?;
    let Estimates { values, covariance, .. } = &model.fit.estimates;
    let se = model.fit.estimates.se();
    let (_, df_residual) = model.df();
    let t: Vec<f64> = values.iter().zip(&se).map(|(x, se)| x / se).collect();
    let quantile = level.t(df_residual);
    let interval = |(x, se): (&f64, &f64)| [x - quantile * se, x + quantile * se];
    let size = values.len();
    // As in R, weights are brought to a mean of 1 over all rows, also those that miss what the model needs.
    let dispersion = model.fit.dispersion * model.sample.mean_weight() / sample.mean_weight();
    Ok(json!({
        "names": model.matrix.names,
        "estimate": values,
        "se": se,
        "vcov": (0..size).map(|i| covariance.row(i)).collect::<Vec<_>>(),
        "df_design": sample.df(&sample.domain),
        "df_residual": df_residual,
        "t": t,
        "p_value": t.iter().map(|t| t_two_sided(*t, df_residual)).collect::<Vec<_>>(),
        "ci_t": values.iter().zip(&se).map(interval).collect::<Vec<_>>(),
        "dispersion": dispersion,
        "deviance": model.fit.deviance,
    }))
}

/// Answers with Wald's test of one term of a regression.
pub(super) fn term_test(spec: &ModelSpec, sample: &Sample) -> anyhow::Result<Value> {
    let model = Model::new(spec, sample)?;
    let name = spec.term.as_ref().context("a test of a term needs `term`")?;
    let wanted = Expression::parse(name)?;
    let place = model.formula.terms.iter().position(|term| *term == wanted);
    let place = place.ok_or_else(|| anyhow!("`{}` has no term `{name}`", spec.formula))?;
    let columns = model.matrix.terms.iter().enumerate();
    let tested: Vec<usize> =
        columns.filter(|(_, term)| **term == Some(place)).map(|(column, _)| column).collect();
    let (_, df_residual) = model.df();
    let test = model.sample.explained(wald_test(&model.fit.estimates, &tested, df_residual))?;
    Ok(json!({ "F": test.f, "df": test.df, "ddf": test.ddf, "p_value": test.p_value }))
}

/// Answers with a t test: of a mean against 0, or of two groups' means against each other.
pub(super) fn t_test(spec: &ModelSpec, sample: &Sample) -> anyhow::Result<Value> {
    let formula = Formula::parse(&spec.formula)?;
    let (estimate, se, df) = if formula.terms.is_empty() {
        let response = formula.response.as_ref().context("the formula has nothing to test")?;
        let y = estimate::numbers(response, &sample.columns)?;
        let answered: Vec<bool> = y.iter().map(|y| !y.is_nan()).collect();
        let found =
            sample.estimate(&answered, |weights| means(std::slice::from_ref(&y), weights))?;
        (found.values[0], found.se()[0], sample.df(&sample.within(&answered)) - 1.0)
    } else {
        let model = Model::new(spec, sample)?;
        if model.matrix.names.len() != 2 {
            bail!("`{}` compares other than two groups", spec.formula);
        }
        let (df_design, _) = model.df();
        (model.fit.estimates.values[1], model.fit.estimates.se()[1], df_design - 1.0)
    };
    let (t, quantile) = (estimate / se, level(spec.level)?.t(df));
    Ok(json!({
        "estimate": estimate,
        "se": se,
        "t": t,
        "df": df,
        "p_value": t_two_sided(t, df),
        "ci": [estimate - quantile * se, estimate + quantile * se],
    }))
}

/// Answers with a rank test of groups.
pub(super) fn rank_test(spec: &RankSpec, sample: &Sample) -> anyhow::Result<Value> {
    let y = estimate::numbers(&Expression::Name(spec.y.clone()), &sample.columns)?;
    let codes = sample.categories(&spec.group)?.codes;
    let complete: Vec<bool> =
        y.iter().zip(&codes).map(|(y, code)| !y.is_nan() && code.is_some()).collect();
    let sample = sample.narrowed(&complete);
    let groups = sample.categories(&spec.group)?;
    if groups.names.len() < 2 {
        bail!("`{}` has fewer than two groups in the domain", spec.group);
    }
    let score = match spec.test {
        RankTestName::Wilcoxon => RankScore::Wilcoxon,
        RankTestName::VanDerWaerden => RankScore::VanDerWaerden,
        RankTestName::Median => RankScore::Median,
    };
    // Rows without a group lie outside the domain, where any group will do.
    let codes: Vec<usize> = groups.codes.iter().map(|code| code.unwrap_or_default()).collect();
    let differences = rank_differences(&sample.design, &sample.domain, &y, &codes, score);
    let differences = sample.explained(differences)?;
    if let [difference] = differences.values.as_slice() {
        let t = difference / differences.se()[0];
        let df = sample.df(&sample.domain) - 1.0;
        return Ok(json!({
            "statistic": t, "parameter": { "df": df }, "p_value": t_two_sided(t, df),
        }));
    }
    let statistic = sample.explained(quadratic(&differences))?;
    let df = differences.values.len() as f64;
    Ok(json!({
        "statistic": statistic, "parameter": { "df": df }, "p_value": chi_squared_tail(statistic, df),
    }))
}
