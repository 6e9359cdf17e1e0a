//! Numbers of R's `survey`: package version 4.1-1 under R 4.2.2, checked with 4.5. Every line of golden.tsv
//! is one call, and lists what R returned.

use estimate::{
    Column, Columns, Design, Family, Formula, IntervalMethod, Level, PlottingPosition,
    QuantileInterval, QuantileOptions, QuantileRule, Share, Table, TableTest, degrees_of_freedom,
    estimate, interval, means, quantile, ratios, regression, totals, variances,
};

use super::files;

/// One call and what R returned.
struct Call<'a> {
    function: &'a str,
    variables: Vec<&'a str>,
    option: &'a str,
    data: Columns,
    design: Design,
    domain: Vec<bool>,
}

type Numbers = (Vec<f64>, Vec<f64>);

#[test]
fn estimates_are_those_of_r() {
    let lines = include_str!("data/golden.tsv").lines().skip(1);
    let mut wrong = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let expected = [numbers(fields[5]), numbers(fields[6])].concat();
        let call = Call::new(&fields);
        let (estimates, errors) = call.answer();
        let got = [estimates, errors].concat();
        // R integrates the distribution of `lincom` to six digits. Numbers are compared with the largest of
        // their kind, because what is 0 in theory is noise in both programs.
        let (relative, absolute) = if fields[4] == "lincom" { (1e-5, 1e-10) } else { (1e-7, 0.0) };
        let scale = expected.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let near = |(want, got): (&f64, &f64)| {
            (want - got).abs() <= relative * (want.abs() + 1e-3 * scale) + absolute
        };
        if got.len() != expected.len() || !expected.iter().zip(&got).all(near) {
            wrong.push(format!("{line}\n  got {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ from R:\n{}", wrong.len(), wrong.join("\n"));
}

fn numbers(field: &str) -> Vec<f64> {
    let words = field.split(' ').filter(|word| *word != "-");
    words.map(|word| word.parse().expect("a number")).collect()
}

impl<'a> Call<'a> {
    fn new(fields: &[&'a str]) -> Self {
        let (data, design) = files::design(fields[1]);
        let formula = fields[0] == "glm";
        let variables = if formula { vec![fields[2]] } else { fields[2].split(',').collect() };
        let mut call = Self {
            function: fields[0],
            variables,
            option: fields[4],
            domain: vec![],
            data,
            design,
        };
        call.domain = call.domain_of(fields[3]);
        call
    }

    fn domain_of(&self, condition: &str) -> Vec<bool> {
        let Some((name, values)) = condition.split_once('=') else {
            return vec![true; self.data.rows()];
        };
        let levels = self.data.get(name).expect(name).levels();
        let wanted: Vec<&str> = values.split('|').collect();
        levels
            .codes
            .iter()
            .map(|code| code.is_some_and(|c| wanted.contains(&&*levels.names[c])))
            .collect()
    }

    fn answer(&self) -> Numbers {
        let columns = || -> Vec<Vec<f64>> {
            self.variables.iter().map(|name| files::numbers(&self.data, name)).collect()
        };
        match self.function {
            "mean" => self.estimated(&columns(), means),
            "total" => self.estimated(&columns(), totals),
            "var" => {
                let n = self.data.rows() as f64;
                let (values, errors) = self.estimated(&columns(), variances);
                let scaled = |x: Vec<f64>| x.iter().map(|x| x * n / (n - 1.0)).collect();
                (scaled(values), scaled(errors))
            }
            "ratio" => self.estimated(&columns(), |columns, weights| {
                ratios(&[(&columns[0], &columns[1])], weights)
            }),
            "ciprop" => self.share(&columns()[0]),
            "quantile" => self.quantiles(&columns()[0]),
            "chisq" => self.table(),
            "glm" => self.model(),
            other => panic!("no function is called {other}"),
        }
    }

    /// Estimates a statistic; as in R with `na.rm`, rows that miss any variable are left out.
    fn estimated(
        &self,
        columns: &[Vec<f64>],
        statistic: impl Fn(&[Vec<f64>], &[f64]) -> estimate::Linearised,
    ) -> Numbers {
        let complete = |row: usize| columns.iter().all(|column| !column[row].is_nan());
        let domain: Vec<bool> =
            (0..self.domain.len()).map(|row| self.domain[row] && complete(row)).collect();
        let found = estimate(&self.design, &domain, |weights| Ok(statistic(columns, weights)));
        let found = found.expect(self.function);
        (found.values.clone(), found.se())
    }

    fn df(&self) -> f64 {
        degrees_of_freedom(&self.design, &self.domain)
    }

    fn share(&self, y: &[f64]) -> Numbers {
        let (method, level) = self.option.split_once(':').expect("a method and a level");
        let method = match method {
            "mean" => IntervalMethod::Mean,
            "logit" | "xlogit" => IntervalMethod::Logit,
            "asin" => IntervalMethod::Asin,
            "beta" => IntervalMethod::Beta,
            "wilson" => IntervalMethod::Wilson,
            _ => IntervalMethod::Likelihood,
        };
        let (values, errors) = self.estimated(&[y.to_vec()], means);
        let whole = self.design.keeps_whole_sample();
        let n = self.domain.iter().filter(|inside| whole || **inside).count();
        let share = Share { value: values[0], variance: errors[0].powi(2), n };
        let level = Level::confidence(level.parse().expect("a level")).expect("a level");
        let limits = interval(&share, method, level, self.df(), self.df()).expect("an interval");
        (vec![values[0], limits.0, limits.1], errors)
    }

    fn quantiles(&self, y: &[f64]) -> Numbers {
        let option: Vec<&str> = self.option.split(':').collect();
        let domain: Vec<bool> = self.domain.iter().zip(y).map(|(d, y)| *d && !y.is_nan()).collect();
        let options = QuantileOptions {
            rule: match option[0] {
                "math" => QuantileRule::Math,
                "school" | "hf2" => QuantileRule::School,
                "hf4" => QuantileRule::Interpolated(PlottingPosition::Four),
                "hf7" => QuantileRule::Interpolated(PlottingPosition::Seven),
                other => panic!("no rule is called {other}"),
            },
            interval: QuantileInterval::Woodruff(IntervalMethod::Mean),
            level: Level::NINETY_FIVE,
            df: degrees_of_freedom(&self.design, &domain),
            n: domain.len(),
        };
        let of = |p: &str| {
            let p = p.parse().expect("a probability");
            quantile(&self.design, &domain, y, p, &options).expect("a quantile")
        };
        let found: Vec<estimate::Quantile> = option[2].split('|').map(of).collect();
        let lows = found.iter().map(|q| q.ci_low.expect("a limit"));
        let limits = lows.chain(found.iter().map(|q| q.ci_high.expect("a limit"))).collect();
        (found.iter().map(|q| q.value).collect(), limits)
    }

    fn table(&self) -> Numbers {
        let levels = |name: &str| self.data.get(name).expect(name).levels().used(&self.domain);
        let (rows, columns) = (levels(self.variables[0]), levels(self.variables[1]));
        let n = self.domain.iter().filter(|inside| **inside).count();
        let table = Table::of(&self.design, &self.domain, &rows, &columns, n).expect("a table");
        let test = match self.option {
            "F" => TableTest::F,
            "Chisq" => TableTest::ChiSquared,
            "Wald" => TableTest::Wald,
            "adjWald" => TableTest::AdjustedWald,
            "lincom" => TableTest::Lincom,
            _ => TableTest::Saddlepoint,
        };
        let result = table.test(test, self.df()).expect("a test");
        (vec![result.statistic, result.p_value], Vec::new())
    }

    fn model(&self) -> Numbers {
        let formula = Formula::parse(self.variables[0]).expect("a formula");
        let response = formula.response.as_ref().expect("a response");
        let y = estimate::numbers(response, &self.data).expect("numbers");
        let matrix = formula.matrix(&self.data, &self.domain).expect("a matrix");
        let domain: Vec<bool> =
            self.domain.iter().zip(&y).map(|(d, y)| *d && !y.is_nan()).collect();
        let family = match self.option {
            "gaussian" => Family::Gaussian,
            "quasibinomial" => Family::Binomial,
            _ => Family::Poisson,
        };
        let fit = regression(&self.design, &domain, &y, &matrix.columns, family).expect("a fit");
        (fit.estimates.values.clone(), fit.estimates.se())
    }
}

#[test]
fn text_columns_are_categories_and_the_rest_numbers() {
    let data = files::munis();
    assert!(matches!(data.get("region"), Some(Column::Levels(levels)) if levels.names.len() == 7));
    assert!(matches!(data.get("q_ai"), Some(Column::Numbers(numbers)) if numbers.len() == 215));
}
