//! From the words of a design to the design.

use anyhow::{Context, anyhow, bail};
use estimate::{
    Calibration, Columns, Design, DesignError, Distance, Formula, Levels, Lonely, LonelyRule,
    Matrix, PairEstimator, PairRule, RegressionWeights, Replicates, Sizes, Stage,
};

use super::data::Library;
use super::request::{
    CalibrateSpec, CalibrationFunction, CalibrationSpec, DesignKind, DesignSpec, FpcKind,
    LonelyName, Margin, PpsMethod, PpsSpec,
};

/// A design, with the names of its first-stage strata for messages.
pub(super) struct Built {
    pub design: Design,
    pub strata: Vec<String>,
}

/// Builds the design of a sample.
pub(super) fn build(
    spec: &DesignSpec,
    columns: &Columns,
    library: &mut Library,
) -> anyhow::Result<Built> {
    let drawn = Drawn { spec, columns };
    let lonely = LonelyRule {
        treatment: match spec.lonely_psu {
            LonelyName::Fail => Lonely::Fail,
            LonelyName::Remove => Lonely::Remove,
            LonelyName::Certainty => Lonely::Certainty,
            LonelyName::Average => Lonely::Average,
            LonelyName::Adjust => Lonely::Adjust,
        },
        in_domains: spec.adjust_domain_lonely,
    };
    let kind = spec.kind.unwrap_or(DesignKind::Linearization);
    let mut built = match kind {
        DesignKind::Linearization => drawn.in_stages()?,
        DesignKind::Pps => drawn.with_unequal_probabilities(library)?,
        DesignKind::Replicate => drawn.replicated(library)?,
        DesignKind::Calibrated => {
            let base =
                spec.base_design.as_ref().context("a calibrated design needs `base_design`")?;
            build(&inheriting(base, spec), columns, library)?
        }
    };
    built.design = built.design.with_lonely(lonely);
    for step in &spec.calibration {
        built.design = calibrated(&built.design, step, spec, columns)?;
    }
    Ok(built)
}

/// Returns the design below a calibrated one: what is not said of it is as said of that.
fn inheriting(base: &DesignSpec, derived: &DesignSpec) -> DesignSpec {
    DesignSpec { lonely_psu: derived.lonely_psu, ..base.clone() }
}

/// A design and the columns it names.
struct Drawn<'a> {
    spec: &'a DesignSpec,
    columns: &'a Columns,
}

impl Drawn<'_> {
    fn in_stages(&self) -> anyhow::Result<Built> {
        let (stages, strata) = self.stages()?;
        let mut design = Design::staged(stages).map_err(|error| self.explained(&error, &strata))?;
        match &self.spec.weights {
            Some(name) => design = self.weighted(design, name)?,
            None if self.spec.fpc.is_empty() => {
                design = design.with_weights(vec![1.0; self.columns.rows()])?;
            }
            None => {}
        }
        Ok(Built { design, strata })
    }

    fn weighted(&self, design: Design, name: &str) -> anyhow::Result<Design> {
        design
            .with_weights(self.numbers(name)?)
            .map_err(|error| anyhow!("column {name}: {}", counted_from_one(&error)))
    }

    /// Returns the stages, with the names of the strata of the first.
    fn stages(&self) -> anyhow::Result<(Vec<Stage>, Vec<String>)> {
        // Without its population size, a stage counts as drawn whole, as in R.
        let known = self.spec.ids.len().min(self.spec.fpc.len()).max(1);
        let depth = if self.spec.ultimate_cluster { 1 } else { known };
        let (mut stages, mut names) = (Vec::new(), Vec::new());
        // Units of the stages above, in which those below are nested.
        let mut above: Vec<usize> = vec![0; self.columns.rows()];
        for stage in 0..depth {
            let strata = match self.spec.strata.get(stage) {
                Some(name) => self.codes(name)?,
                None => Levels { names: vec!["1".to_owned()], codes: vec![Some(0); above.len()] },
            };
            let stratum = paired(&above, &complete(&strata, "stratum")?);
            let unit = match self.spec.ids.get(stage) {
                Some(name) => complete(&self.codes(name)?, name)?,
                None => (0..above.len()).collect(),
            };
            let unit = match stage > 0 || self.spec.nest {
                true => paired(&stratum, &unit),
                false => unit,
            };
            if stage == 0 {
                names.clone_from(&strata.names);
            }
            let built = Stage::new(stratum, unit.clone(), self.sizes(stage)?);
            stages.push(built.map_err(|error| self.explained(&error, &names))?);
            above = paired(&above, &unit);
        }
        Ok((stages, names))
    }

    fn sizes(&self, stage: usize) -> anyhow::Result<Sizes> {
        let Some(name) = self.spec.fpc.get(stage) else { return Ok(Sizes::Infinite) };
        let numbers = self.numbers(name)?;
        if let Some(row) = numbers.iter().position(|x| x.is_nan() || *x <= 0.0) {
            bail!("column {name}, row {}: a population size must be a positive number", row + 1);
        }
        Ok(match self.spec.fpc_kind {
            Some(FpcKind::Fraction) => Sizes::Fraction(numbers),
            Some(FpcKind::InclusionProbability) => Sizes::Probability(numbers),
            Some(FpcKind::Popsize) => Sizes::Population(numbers),
            // As R does: shares of the population where all lie within 1, sizes otherwise.
            None if numbers.iter().all(|x| *x <= 1.0) => Sizes::Fraction(numbers),
            None => Sizes::Population(numbers),
        })
    }

    fn with_unequal_probabilities(&self, library: &mut Library) -> anyhow::Result<Built> {
        let pps = self.spec.pps.as_ref().context("a pps design needs `pps`")?;
        let rule = match pps.method {
            PpsMethod::Brewer => return self.in_stages(),
            PpsMethod::Overton => PairRule::Overton,
            PpsMethod::HartleyRao => PairRule::HartleyRao(pps.sum_p2_over_n),
            PpsMethod::Poisson => PairRule::Poisson,
            PpsMethod::JointProbabilities => {
                let file = pps.file.as_ref().context("joint probabilities need `pps.file`")?;
                PairRule::Joint(library.matrix(file)?)
            }
        };
        let name =
            self.spec.fpc.first().context("a pps design needs the probabilities in `fpc`")?;
        let strata = match self.spec.strata.first() {
            Some(name) => self.codes(name)?,
            None => Levels { names: vec![], codes: vec![Some(0); self.columns.rows()] },
        };
        let stratum = complete(&strata, "stratum")?;
        let estimator = self.pair_estimator(pps);
        let mut design = Design::unequal(&self.numbers(name)?, stratum, &rule, estimator)
            .map_err(|error| anyhow!("column {name}: {}", counted_from_one(&error)))?;
        if let Some(weights) = &self.spec.weights {
            design = self.weighted(design, weights)?;
        }
        Ok(Built { design, strata: strata.names })
    }

    fn pair_estimator(&self, pps: &PpsSpec) -> PairEstimator {
        let noted = self.spec.pps_note.as_ref().is_some_and(|note| note.contains("Yates-Grundy"));
        match pps.variance.as_deref() {
            Some("YG") => PairEstimator::YatesGrundy,
            None if noted => PairEstimator::YatesGrundy,
            Some(_) | None => PairEstimator::HorvitzThompson,
        }
    }

    fn replicated(&self, library: &mut Library) -> anyhow::Result<Built> {
        let base = self.spec.base_design.as_deref().cloned().unwrap_or_default();
        let base = Drawn { spec: &base, columns: self.columns }.in_stages()?;
        let Some(spec) = &self.spec.replicates else { return self.with_replicates_made(base) };
        let weights = base.design.weights().to_vec();
        let analysis = |column: &Vec<f64>| match spec.combined_weights {
            true => column.clone(),
            false => column.iter().zip(&weights).map(|(factor, weight)| factor * weight).collect(),
        };
        let replicates = Replicates {
            weights: library.numbers(&spec.file)?.iter().map(analysis).collect(),
            scale: spec.scale,
            factors: spec.rscales.clone(),
            from_estimate: spec.mse,
        };
        let design = Design::replicated(weights.clone(), replicates).context(spec.file.clone())?;
        Ok(Built { design, strata: Vec::new() })
    }

    /// Makes the replicate weights that a design names by their type alone.
    fn with_replicates_made(&self, base: Built) -> anyhow::Result<Built> {
        let design = match self.spec.replicate_type.as_deref() {
            Some("JK1" | "JKn" | "auto") => base.design.jackknifed()?,
            Some("BRR") => base.design.balanced(0.0)?,
            Some("Fay") => base.design.balanced(self.spec.rho.unwrap_or(0.0))?,
            Some("successive-difference") => base.design.successive_differences()?,
            Some(other) => bail!("replicates of type {other} must be given in `replicates.file`"),
            None => bail!("a replicate design needs `replicates` or a `type` to make them by"),
        };
        Ok(Built { design, strata: base.strata })
    }

    fn codes(&self, name: &str) -> anyhow::Result<Levels> {
        let column =
            self.columns.get(name).ok_or_else(|| anyhow!("there is no column `{name}`"))?;
        Ok(column.levels())
    }

    fn numbers(&self, name: &str) -> anyhow::Result<Vec<f64>> {
        let expression = estimate::Expression::Name(name.to_owned());
        Ok(estimate::numbers(&expression, self.columns)?)
    }

    /// Says what is wrong with a design in the names of the file.
    fn explained(&self, error: &DesignError, strata: &[String]) -> anyhow::Error {
        let column = |names: &[String]| names.first().cloned().unwrap_or_default();
        let name = |stratum: usize| strata.get(stratum).map_or("?", String::as_str);
        match *error {
            DesignError::Disagreement { stratum, row, first, other } => anyhow!(
                "column {}: stratum {} has population size {first} and, in row {}, {other}",
                column(&self.spec.fpc),
                name(stratum),
                row + 1
            ),
            DesignError::Population { stratum, sampled, population } => anyhow!(
                "column {}: stratum {} holds {sampled} sampled units, but its size is {population}",
                column(&self.spec.fpc),
                name(stratum)
            ),
            DesignError::NotNested { row } => anyhow!(
                "column {}, row {}: the sampling unit lies in two strata; if unit names start anew in \
                 each stratum, set `nest`",
                column(&self.spec.ids),
                row + 1
            ),
            DesignError::Length { .. }
            | DesignError::UnknownStratum { .. }
            | DesignError::Weight { .. }
            | DesignError::Probability { .. } => anyhow!("{}", counted_from_one(error)),
        }
    }
}

/// Says what is wrong with rows numbered from 1, as people do.
fn counted_from_one(error: &DesignError) -> DesignError {
    match error.clone() {
        DesignError::Weight { row, weight } => DesignError::Weight { row: row + 1, weight },
        DesignError::Probability { row, probability } => {
            DesignError::Probability { row: row + 1, probability }
        }
        other @ (DesignError::Length { .. }
        | DesignError::UnknownStratum { .. }
        | DesignError::Population { .. }
        | DesignError::Disagreement { .. }
        | DesignError::NotNested { .. }) => other,
    }
}

/// Returns the codes of a column in which nothing may be missing.
fn complete(levels: &Levels, name: &str) -> anyhow::Result<Vec<usize>> {
    let missing =
        |row: usize| anyhow!("column {name}, row {}: a design needs every value", row + 1);
    levels.codes.iter().enumerate().map(|(row, code)| code.ok_or_else(|| missing(row))).collect()
}

/// Numbers the pairs of two codes; equal pairs get equal numbers, in the order of the pairs.
fn paired(left: &[usize], right: &[usize]) -> Vec<usize> {
    let pairs: Vec<(usize, usize)> = left.iter().copied().zip(right.iter().copied()).collect();
    let mut distinct = pairs.clone();
    distinct.sort_unstable();
    distinct.dedup();
    pairs.iter().map(|pair| distinct.partition_point(|other| other < pair)).collect()
}

/// Carries out one step of calibration.
fn calibrated(
    design: &Design,
    step: &CalibrationSpec,
    spec: &DesignSpec,
    columns: &Columns,
) -> anyhow::Result<Design> {
    let calibrated = match step {
        CalibrationSpec::Poststratify { by } => {
            let margins = [groups(by, columns)?];
            estimate::calibrate(design, &Calibration::to_margins(&margins, Distance::Linear(None)))
        }
        CalibrationSpec::Rake { margins } => {
            let margins: Vec<_> = margins
                .iter()
                .map(|margin| groups(margin, columns))
                .collect::<anyhow::Result<_>>()?;
            estimate::calibrate(design, &Calibration::to_margins(&margins, Distance::Raking(None)))
        }
        CalibrationSpec::Calibrate(calibrate) => {
            estimate::calibrate(design, &calibration(calibrate, spec, columns)?)
        }
        CalibrationSpec::Trim { lower, upper, strict } => {
            let (low, high) = (lower.unwrap_or(f64::NEG_INFINITY), upper.unwrap_or(f64::INFINITY));
            estimate::trim(design, low, high, *strict)
        }
        CalibrationSpec::Standardize { by, over } => {
            let (by, shares) = groups(by, columns)?;
            let over = complete(&crossed(&over.items, columns)?, &over.items.join(":"))?;
            estimate::standardize(design, &by, &over, &shares)
        }
    };
    Ok(calibrated?)
}

/// Returns the group of every row in a margin, and the groups' totals.
fn groups(margin: &Margin, columns: &Columns) -> anyhow::Result<(Vec<usize>, Vec<f64>)> {
    let name = margin.var.items.join(":");
    if margin.levels.len() != margin.totals.len() {
        bail!("margin {name}: {} levels, {} totals", margin.levels.len(), margin.totals.len());
    }
    let levels = crossed(&margin.var.items, columns)?;
    let place = |row: usize, code: usize| {
        let level = &levels.names[code];
        let place = margin.levels.iter().position(|known| known == level);
        place.ok_or_else(|| {
            anyhow!("margin {name}, row {}: there is no total for `{level}`", row + 1)
        })
    };
    let rows = complete(&levels, &name)?.into_iter().enumerate();
    let groups = rows.map(|(row, code)| place(row, code)).collect::<anyhow::Result<_>>()?;
    Ok((groups, margin.totals.clone()))
}

/// Returns the combinations of categories of one or more columns.
pub(super) fn crossed(names: &[String], columns: &Columns) -> anyhow::Result<Levels> {
    if names.is_empty() {
        bail!("no column of categories is named");
    }
    let levels = |name: &String| {
        let column = columns.get(name).ok_or_else(|| anyhow!("there is no column `{name}`"))?;
        Ok(column.levels())
    };
    let levels: Vec<Levels> = names.iter().map(levels).collect::<anyhow::Result<_>>()?;
    Ok(Levels::crossed(&levels, "."))
}

fn calibration(
    spec: &CalibrateSpec,
    design: &DesignSpec,
    columns: &Columns,
) -> anyhow::Result<Calibration> {
    let model = Formula::parse(&spec.formula)?.matrix(columns, &vec![true; columns.rows()])?;
    let bounds = spec
        .bounds
        .map(|(low, high)| (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY)));
    let distance = match (spec.calfun, bounds) {
        (CalibrationFunction::Linear, bounds) => Distance::Linear(bounds),
        (CalibrationFunction::Raking, bounds) => Distance::Raking(bounds),
        (CalibrationFunction::Logit, Some((low, high))) => Distance::Logit(low, high),
        (CalibrationFunction::Logit, None) => bail!("calibration by logit needs bounds"),
    };
    let totals = in_order(&spec.population.names, &spec.population.totals, &model.names)?;
    let variance = spec.variance.as_ref().map(|_| model.columns[0].clone());
    let auxiliary = Matrix::from_columns(&model.columns);
    let regression = RegressionWeights::Design;
    let calibration = Calibration { auxiliary, totals, distance, variance, regression };
    let Some(stage) = spec.aggregate_stage else { return Ok(calibration) };
    let base = design.base_design.as_deref().unwrap_or(design);
    let (stages, _) = Drawn { spec: base, columns }.stages()?;
    let stage = stage.checked_sub(1).and_then(|stage| stages.get(stage));
    Ok(calibration
        .aggregated(stage.context("`aggregate_stage` names no stage of the design")?.units()))
}

/// Returns totals in the order of the model's columns, if they are named.
fn in_order(names: &[String], totals: &[f64], model: &[String]) -> anyhow::Result<Vec<f64>> {
    if names.is_empty() {
        return Ok(totals.to_vec());
    }
    let total = |column: &String| {
        let place = names.iter().position(|name| name == column);
        let total = place.and_then(|place| totals.get(place));
        total.copied().ok_or_else(|| anyhow!("there is no population total for `{column}`"))
    };
    model.iter().map(total).collect()
}
