//! Figures: estimates bound to a frozen data set, its plan and the round before it.
//!
//! Everything that a report can state goes through [`Figures`], so that disclosure limits, the base
//! and comparability are decided in one place.

mod change;
mod concealed;
mod error;
mod groups;
mod known;
mod quality;
mod quote;
mod rank;
mod sample;

pub(crate) use change::ChangeFigure;
pub(crate) use concealed::{Concealed, Division, each_option};
pub(crate) use error::FigureError;
pub(crate) use groups::{Contrast, Group, GroupCell, GroupRow, GroupTable};
pub use known::Known;
pub(crate) use quality::{Evenness, FrameAttribute};
pub(crate) use rank::Ranked;
pub(crate) use sample::Sample;

use dataset::{CodebookVariable, DataSet, UnitRow};
use estimate::{Estimate, Level};
use frame::Frame;
use instrument::{Code, Estimator, Plan, RoundId, ShareBase};

use crate::boundaries::{Boundaries, Ring};
use crate::chart::{Tile, lay_out};
use crate::coded::CodedText;
use crate::site::Previous;

/// The figures of one round.
pub(crate) struct Figures<'a> {
    /// How they are estimated.
    pub(crate) plan: &'a Plan,
    /// This round.
    pub(crate) now: Sample<'a>,
    /// The round before, where there is one.
    pub(crate) before: Option<Sample<'a>>,
    /// The units that answered in both rounds, as rows of the two samples.
    pub(crate) links: Vec<(usize, usize)>,
    /// The units as tiles of a map, by the places of the groups of counties; empty where the frame
    /// does not say where they lie.
    pub(crate) tiles: Vec<Tile>,
    /// What lies around each county, by the places of the groups of counties; `None` where the team has
    /// given no boundaries.
    pub(crate) areas: Option<Vec<Vec<Ring>>>,
    /// The open answers that have been coded; none where nobody has.
    pub(crate) coded: &'a [CodedText],
    level: Level,
}

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// The percentage of the base that gave one of the options.
    Share,
    /// The mean of a number.
    Mean,
    /// The median of a number.
    Median,
    /// By how many percentage points more gave one of some options than one of others.
    Net,
    /// The percentage of the invited units that answered.
    ResponseRate,
}

/// One figure, by both estimators.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    /// What it measures.
    pub(crate) measure: Measure,
    /// The variable, by this round's name; empty for the response rate.
    pub(crate) variable: String,
    /// The options that are counted, by this round's codes.
    pub(crate) codes: Vec<Code>,
    /// The options that a net share is held against; empty for every other measure.
    pub(crate) against: Vec<Code>,
    /// The group of units that it is of; `None` for the whole country.
    pub(crate) group: Option<Group>,
    /// The round that it is a figure of.
    pub(crate) round: RoundId,
    /// Every respondent counts as one. Shares are in percent.
    pub(crate) unweighted: Value,
    /// Respondents stand for their cell; `None` for a count over the frame.
    pub(crate) weighted: Option<Value>,
    /// Which of the two is published.
    pub(crate) estimator: Estimator,
    /// How many units it is taken of.
    pub(crate) base: usize,
    /// How many of them gave one of the options, or answered.
    pub(crate) count: usize,
}

/// A value and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Value {
    /// The value.
    pub(crate) value: f64,
    /// Its standard error, where it has one.
    pub(crate) se: Option<f64>,
    /// Its 95 percent interval, where it has one.
    pub(crate) interval: Option<(f64, f64)>,
}

impl<'a> Figures<'a> {
    /// Binds data and plan. Errs where nobody answered or the weighting cannot be made.
    pub(crate) fn new(
        plan: &'a Plan,
        data: &'a DataSet,
        previous: Option<&Previous<'a>>,
        known: &Known,
    ) -> Result<Figures<'a>, FigureError> {
        let now = Sample::new(plan, data, known)?;
        let before = previous
            .map(|previous| Sample::new(plan, previous.data, &Known::default()))
            .transpose()?;
        let overlap = previous.map_or(&[][..], |previous| &previous.overlap);
        let links = before.as_ref().map(|before| links(before, &now, overlap)).unwrap_or_default();
        let level = Level::test(plan.change.level).map_err(FigureError::Level)?;
        Ok(Figures { plan, now, before, links, tiles: vec![], areas: None, coded: &[], level })
    }

    /// Lays the units out on a map. A district has no point of its own and lies where its municipality
    /// does.
    pub(crate) fn lay_out(&mut self, frame: &Frame) {
        let counties = self.groups(FrameAttribute::County);
        let place = |unit: &UnitRow| {
            let of_frame = frame.unit(&unit.id)?;
            let parent = of_frame.parent.as_ref().and_then(|parent| frame.unit(parent));
            let (lon, lat) = of_frame.point.or_else(|| parent.and_then(|parent| parent.point))?;
            let county = counties.iter().position(|group| group.code == unit.county_id)?;
            Some((lon, lat, county))
        };
        let places: Option<Vec<_>> = self.now.data.units.iter().map(place).collect();
        self.tiles = places.map(|places| lay_out(&places)).unwrap_or_default();
    }

    /// Gives each county the areas of its own and of its units.
    pub(crate) fn draw_boundaries(&mut self, frame: &Frame, boundaries: &Boundaries) {
        let counties = self.groups(FrameAttribute::County);
        let mut areas = vec![vec![]; counties.len()];
        for area in &boundaries.areas {
            let unit = frame.units.iter().find(|unit| unit.id.as_str() == area.id);
            let county = unit.map_or(&area.id, |unit| &unit.county_id);
            if let Some(place) = counties.iter().position(|group| group.code == *county) {
                areas[place].extend(area.rings.iter().cloned());
            }
        }
        self.areas = Some(areas);
    }

    /// Returns the percentage that gave one of the options.
    pub(crate) fn share(&self, name: &str, codes: &[Code]) -> Result<Figure, FigureError> {
        let (variable, _) = self.publishable(name)?;
        self.share_of(&self.now, name, codes, variable, codes)
    }

    /// Returns how many units a figure of this variable is taken of.
    pub(crate) fn base(&self, name: &str) -> Result<usize, FigureError> {
        let (variable, index) = self.publishable(name)?;
        let domain = self.now.domain(index, self.plan.base);
        self.large_enough(variable, self.now.data.provenance.round, &domain)
    }

    /// Returns by how many percentage points more gave one of the good options than of the bad: the
    /// difference of the two rounded shares would not always be the rounded difference.
    pub(crate) fn net(
        &self,
        name: &str,
        (good, bad): (&[Code], &[Code]),
    ) -> Result<Figure, FigureError> {
        let for_good = self.share(name, good)?;
        self.share(name, bad)?;
        let (_, index) = self.publishable(name)?;
        let domain = self.now.domain(index, self.plan.base);
        let (up, down) = (self.now.hits(index, good)?, self.now.hits(index, bad)?);
        let one = |hit: bool| f64::from(u8::from(hit));
        let y: Vec<f64> = up.iter().zip(&down).map(|(up, down)| one(*up) - one(*down)).collect();
        let estimate = |estimator| -> Result<Value, FigureError> {
            let design = self.now.design(estimator);
            Ok(Value::of(&estimate::mean(design, &domain, &y, Level::NINETY_FIVE)?, 100.0))
        };
        Ok(Figure {
            measure: Measure::Net,
            against: bad.to_vec(),
            unweighted: estimate(Estimator::Unweighted)?,
            weighted: Some(estimate(Estimator::Weighted)?),
            ..for_good
        })
    }

    /// Returns the mean of a number.
    pub(crate) fn mean(&self, name: &str) -> Result<Figure, FigureError> {
        self.number(name, Measure::Mean, |design, domain, y| {
            let estimate = estimate::mean(design, domain, y, Level::NINETY_FIVE)?;
            Ok(Value::of(&estimate, 1.0))
        })
    }

    /// Returns the median of a number.
    pub(crate) fn median(&self, name: &str) -> Result<Figure, FigureError> {
        self.number(name, Measure::Median, |design, domain, y| Ok(Value::median(design, domain, y)))
    }

    /// Returns the response rate of this round or the one before: a count over the frame, which has
    /// no sampling error.
    pub(crate) fn response_rate(&self, round: Option<RoundId>) -> Result<Figure, FigureError> {
        let sample = match round {
            Some(round) if round != self.now.data.provenance.round => self.earlier(round)?,
            Some(_) | None => &self.now,
        };
        let counts = sample.data.dispositions();
        let rate = counts.response_rate().ok_or(FigureError::NobodyInvited)?;
        let unweighted = Value { value: percent(rate), se: None, interval: None };
        Ok(Figure {
            measure: Measure::ResponseRate,
            variable: String::new(),
            codes: vec![],
            against: vec![],
            group: None,
            round: sample.data.provenance.round,
            unweighted,
            weighted: None,
            estimator: Estimator::Unweighted,
            base: counts.invited(),
            count: counts.answered(),
        })
    }

    /// Returns the codebook's entry for a variable that may be published, and its index.
    pub(crate) fn publishable(
        &self,
        name: &str,
    ) -> Result<(&'a CodebookVariable, usize), FigureError> {
        let (variable, index) = self.now.variable(name)?;
        match variable.release {
            instrument::Release::Open | instrument::Release::Tables => Ok((variable, index)),
            instrument::Release::Internal => Err(FigureError::Internal(name.to_owned())),
        }
    }

    /// Returns the level of the tests of change.
    pub(crate) fn level(&self) -> Level {
        self.level
    }

    fn earlier(&self, round: RoundId) -> Result<&Sample<'a>, FigureError> {
        let known = self.before.as_ref().map(|before| before.data.provenance.round);
        match &self.before {
            Some(before) if known == Some(round) => Ok(before),
            Some(_) | None => Err(FigureError::Round { round, known }),
        }
    }

    /// Returns a share in one round. The figure bears this round's name and codes; `asked` and
    /// `counted` are what that round called them.
    fn share_of(
        &self,
        sample: &Sample<'a>,
        name: &str,
        codes: &[Code],
        asked: &CodebookVariable,
        counted: &[Code],
    ) -> Result<Figure, FigureError> {
        let key = (sample.data.provenance.round, asked.name.clone(), counted.to_vec());
        let estimated = || self.estimated_share(sample, asked, counted);
        let figure = self.now.telling.known.shares().or_find(key, estimated)?;
        Ok(Figure { variable: name.to_owned(), codes: codes.to_vec(), ..figure })
    }

    fn estimated_share(
        &self,
        sample: &Sample<'a>,
        asked: &CodebookVariable,
        counted: &[Code],
    ) -> Result<Figure, FigureError> {
        let (_, index) = sample.variable(&asked.name)?;
        let round = sample.data.provenance.round;
        let hits = sample.hits(index, counted)?;
        self.in_base(asked, counted)?;
        let domain = sample.domain(index, self.plan.base);
        let base = self.large_enough(asked, round, &domain)?;
        let count = (0..hits.len()).filter(|&row| domain[row] && hits[row]).count();
        self.large_enough_cell(asked, count)?;
        if !self.plan.disclosure.publish_national && sample.concealed(index).in_country(counted) {
            return Err(FigureError::Complement(asked.name.clone()));
        }
        let estimate = |estimator| -> Result<Value, FigureError> {
            let design = sample.design(estimator);
            let share = estimate::share(design, &domain, &hits, Level::NINETY_FIVE)?;
            Ok(Value::of(&share, 100.0))
        };
        Ok(Figure {
            measure: Measure::Share,
            variable: asked.name.clone(),
            codes: counted.to_vec(),
            against: vec![],
            group: None,
            round,
            unweighted: estimate(Estimator::Unweighted)?,
            weighted: Some(estimate(Estimator::Weighted)?),
            estimator: self.plan.estimator,
            base,
            count,
        })
    }

    fn number(
        &self,
        name: &str,
        measure: Measure,
        of: impl Fn(&estimate::Design, &[bool], &[f64]) -> Result<Value, FigureError>,
    ) -> Result<Figure, FigureError> {
        let (variable, index) = self.publishable(name)?;
        let (domain, y) = self.now.numbers(index)?;
        let round = self.now.data.provenance.round;
        let base = self.large_enough(variable, round, &domain)?;
        Ok(Figure {
            measure,
            variable: name.to_owned(),
            codes: vec![],
            against: vec![],
            group: None,
            round,
            unweighted: of(self.now.design(Estimator::Unweighted), &domain, &y)?,
            weighted: Some(of(self.now.design(Estimator::Weighted), &domain, &y)?),
            estimator: self.plan.estimator,
            base,
            count: base,
        })
    }

    /// Errs where an option is a kind of missing that the plan leaves out of the base.
    fn in_base(&self, asked: &CodebookVariable, counted: &[Code]) -> Result<(), FigureError> {
        match self.plan.base {
            ShareBase::Answered => return Ok(()),
            ShareBase::Valid => {}
        }
        let missing = |code: &&Code| {
            let option = asked.option(code.as_str());
            option.is_some_and(|index| asked.options[index].missing.is_some())
        };
        match counted.iter().find(missing) {
            Some(code) => {
                Err(FigureError::NotInBase { variable: asked.name.clone(), code: code.clone() })
            }
            None => Ok(()),
        }
    }

    /// Counts the domain; errs below the disclosure limit.
    fn large_enough(
        &self,
        variable: &CodebookVariable,
        round: RoundId,
        domain: &[bool],
    ) -> Result<usize, FigureError> {
        let base = domain.iter().filter(|inside| **inside).count();
        let limit = self.plan.disclosure.smallest_base;
        if base >= limit.max(1) {
            return Ok(base);
        }
        Err(FigureError::SmallBase { variable: variable.name.clone(), round, base, limit })
    }

    /// Errs where few gave an answer and the plan does not let national figures show it.
    fn large_enough_cell(
        &self,
        variable: &CodebookVariable,
        count: usize,
    ) -> Result<(), FigureError> {
        let limit = self.plan.disclosure.smallest_cell;
        if self.plan.disclosure.publish_national || !(1..limit).contains(&count) {
            return Ok(());
        }
        Err(FigureError::SmallCell { variable: variable.name.clone(), limit })
    }
}

impl Figure {
    /// Returns the value that is published.
    pub(crate) fn published(&self) -> &Value {
        match (self.estimator, &self.weighted) {
            (Estimator::Weighted, Some(weighted)) => weighted,
            (Estimator::Weighted | Estimator::Unweighted, _) => &self.unweighted,
        }
    }

    /// Returns the value as it is printed: whole percents, and one decimal of a number.
    pub(crate) fn rounded(&self) -> f64 {
        let value = self.published().value;
        match self.measure {
            Measure::Share | Measure::ResponseRate | Measure::Net => value.round(),
            Measure::Mean | Measure::Median => (value * 10.0).round() / 10.0,
        }
    }
}

impl Value {
    /// Takes over an estimate; shares are scaled to percent.
    fn of(estimate: &Estimate, scale: f64) -> Value {
        let scaled = |value: f64| if scale == 100.0 { percent(value) } else { value * scale };
        Value {
            value: scaled(estimate.value),
            se: Some(scaled(estimate.se)),
            interval: Some((scaled(estimate.ci_low), scaled(estimate.ci_high))),
        }
    }

    /// Returns the median of the numbers in a domain.
    fn median(design: &estimate::Design, domain: &[bool], y: &[f64]) -> Value {
        let rows = (0..y.len()).filter(|&row| domain[row]);
        let weighed = rows.map(|row| (y[row], design.weights()[row])).collect();
        Value { value: median(weighed), se: None, interval: None }
    }
}

/// Returns a share in percent. Ten decimals are kept, so that 23 of 40 is 57.5 and rounds to 58
/// although 0.575 has no exact double.
fn percent(share: f64) -> f64 {
    (share * 1e12).round() / 1e10
}

/// Returns the median of values with weights; where it falls between two values, their mean.
fn median(mut weighed: Vec<(f64, f64)>) -> f64 {
    weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * weighed.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut below = 0.0;
    for (place, (value, weight)) in weighed.iter().enumerate() {
        below += weight;
        if (below - half).abs() < 1e-9 * half {
            let next = weighed.get(place + 1).map_or(*value, |(next, _)| *next);
            return 0.5 * (value + next);
        }
        if below > half {
            return *value;
        }
    }
    f64::NAN
}

/// Turns pairs of units into pairs of rows, for the units that answered in both rounds.
fn links(before: &Sample<'_>, now: &Sample<'_>, overlap: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let pairs = overlap.iter();
    pairs.filter_map(|&(earlier, later)| before.row(earlier).zip(now.row(later))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_up_although_doubles_cannot_hold_them() {
        // 23 of 40 is 57.5 percent, but 0.575 * 100 is 57.49999999999999 in doubles.
        assert_eq!(percent(23.0 / 40.0).round(), 58.0);
        assert_eq!(percent(1.0 / 3.0), 33.333_333_333_3);
    }

    #[test]
    fn the_median_halves_the_weight() {
        let even = |values: &[f64]| median(values.iter().map(|v| (*v, 1.0)).collect());
        assert_eq!(even(&[9.0, 1.0, 4.0]), 4.0);
        assert_eq!(even(&[1.0, 4.0, 9.0, 20.0]), 6.5);
        // Half the weight of 6 lies below 5, exactly: the median is between 2 and 5.
        assert_eq!(median(vec![(5.0, 1.0), (2.0, 3.0), (8.0, 2.0)]), 3.5);
    }
}
