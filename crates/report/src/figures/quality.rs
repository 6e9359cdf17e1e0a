//! How well a round was answered: who is missing, what was left blank, how far the weights reach and
//! what nobody can know of those who are silent.

use dataset::{DataSet, Missing, UnitRow};
use estimate::{
    Bounds, Design, EstimateError, Level, Levels, PartialIndicators, Representativity,
    ResponseModel, bounds, partial_indicators, representativity,
};
use instrument::{SectionId, ShareBase};

use super::{Figure, Figures, Measure};

/// What the frame knows of every unit, whether it answered or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FrameAttribute {
    /// The class of population.
    Size,
    /// The county.
    County,
    /// The class of centrality.
    Centrality,
    /// Municipality or district.
    Kind,
    /// The group of municipalities of like size, costs and income.
    KostraGroup,
}

/// How evenly the units answered.
pub(crate) struct Evenness {
    /// The attributes that the model of response could tell apart.
    pub(crate) attributes: Vec<FrameAttribute>,
    /// The indicators of the whole.
    pub(crate) whole: Representativity,
    /// The indicators of every attribute, those that the model leaves out too.
    pub(crate) partial: Vec<(FrameAttribute, PartialIndicators)>,
}

/// How many handed in a section.
pub(crate) struct SectionResponse<'a> {
    /// The section.
    pub(crate) section: &'a SectionId,
    /// How many handed it in.
    pub(crate) handed_in: usize,
}

/// How a question was answered by those who were asked it.
pub(crate) struct ItemResponse {
    /// How many handed in the section and were asked.
    pub(crate) asked: usize,
    /// How many of them left it blank.
    pub(crate) blank: usize,
    /// How many said that they do not know, will not answer or that it is not relevant.
    pub(crate) evaded: usize,
}

/// How unequal the weights are.
pub(crate) struct Weights {
    /// The smallest and the largest.
    pub(crate) range: (f64, f64),
    /// Kish's design effect: how much the weights alone raise the variance of a mean.
    pub(crate) design_effect: f64,
}

impl FrameAttribute {
    /// The attributes that response is told by, the most telling first.
    pub(crate) const ALL: [FrameAttribute; 4] = [
        FrameAttribute::Size,
        FrameAttribute::County,
        FrameAttribute::Centrality,
        FrameAttribute::Kind,
    ];

    /// Returns how much tables by this attribute are read: the reports' are by size and kind, whoever
    /// looks for a place looks at its county, and its KOSTRA group stands beside it on its page.
    pub(crate) fn read(self) -> usize {
        match self {
            FrameAttribute::Size | FrameAttribute::Kind => 4,
            FrameAttribute::County => 3,
            FrameAttribute::KostraGroup => 2,
            FrameAttribute::Centrality => 1,
        }
    }

    /// All attributes that figures are told by, in the order of their divisions.
    pub(crate) const EVERY: [FrameAttribute; 5] = [
        FrameAttribute::Size,
        FrameAttribute::County,
        FrameAttribute::Centrality,
        FrameAttribute::Kind,
        FrameAttribute::KostraGroup,
    ];

    /// Returns its place among [`FrameAttribute::EVERY`].
    pub(crate) fn division(self) -> usize {
        self as usize
    }

    /// Returns what units have, in order: size classes from the smallest, numbers by their value.
    pub(crate) fn codes(self, data: &DataSet) -> Vec<String> {
        let mut codes: Vec<String> = data.units.iter().map(|unit| self.of(unit)).collect();
        let class = |code: &str| data.size_classes.iter().position(|(c, _)| c.as_str() == code);
        codes.sort_by_cached_key(|code| (class(code), code.parse::<u64>().ok(), code.clone()));
        codes.dedup();
        codes
    }

    /// Returns the attribute that plans and tables call so.
    pub(crate) fn named(name: &str) -> Option<FrameAttribute> {
        Some(match name {
            "size" => FrameAttribute::Size,
            "county" => FrameAttribute::County,
            "centrality" => FrameAttribute::Centrality,
            "kind" => FrameAttribute::Kind,
            "kostra_group" => FrameAttribute::KostraGroup,
            _ => return None,
        })
    }

    /// Returns what a unit has.
    pub(crate) fn of(self, unit: &UnitRow) -> String {
        match self {
            FrameAttribute::Size => unit.size.to_string(),
            FrameAttribute::County => unit.county_id.clone(),
            FrameAttribute::Centrality => unit.centrality.to_string(),
            FrameAttribute::Kind => unit.kind.as_str().to_owned(),
            FrameAttribute::KostraGroup => unit.kostra_group.to_string(),
        }
    }

    fn levels(self, data: &DataSet) -> Levels {
        let values: Vec<String> = data.units.iter().map(|unit| self.of(unit)).collect();
        let values: Vec<Option<&str>> = values.iter().map(|value| Some(value.as_str())).collect();
        let sizes = || data.size_classes.iter().map(|(code, _)| code.to_string()).collect();
        match self {
            FrameAttribute::Size => Levels::with_names(sizes(), &values),
            FrameAttribute::County
            | FrameAttribute::Centrality
            | FrameAttribute::Kind
            | FrameAttribute::KostraGroup => Levels::of_text(&values),
        }
        .used(&vec![true; values.len()])
    }
}

impl Figures<'_> {
    /// Returns how evenly the units answered; `None` where all of them did.
    pub(crate) fn evenness(&self) -> Result<Option<Evenness>, EstimateError> {
        let data = self.now.data;
        let responded: Vec<bool> =
            data.units.iter().map(|unit| unit.disposition.answered()).collect();
        if responded.iter().all(|responded| *responded) {
            return Ok(None);
        }
        let levels = FrameAttribute::ALL.map(|attribute| (attribute, attribute.levels(data)));
        let (model, attributes) = response_model(&responded, &levels)?;
        let partial = |(attribute, own): &(FrameAttribute, Levels)| {
            let in_model = |other: &&(FrameAttribute, Levels)| {
                other.0 != *attribute && attributes.contains(&other.0)
            };
            let others: Vec<&Levels> = levels.iter().filter(in_model).map(|(_, l)| l).collect();
            Ok((*attribute, partial_indicators(&model, own, &others)?))
        };
        let partial: Result<Vec<_>, EstimateError> = levels.iter().map(partial).collect();
        let whole = representativity(&model)?;
        Ok(Some(Evenness { whole, partial: partial?, attributes }))
    }

    /// Returns how many handed in each section, in the order of the questionnaire.
    pub(crate) fn section_response(&self) -> Vec<SectionResponse<'_>> {
        let variables = &self.now.data.variables;
        let mut sections: Vec<&SectionId> = vec![];
        for variable in variables {
            if !sections.contains(&&variable.section) {
                sections.push(&variable.section);
            }
        }
        let handed_in = |section: &SectionId, unit: usize| {
            let of_section = (0..variables.len()).filter(|v| variables[*v].section == *section);
            let mut missing = of_section.map(|v| self.now.data.columns[v].missing(unit));
            missing.any(|missing| missing != Some(Missing::NotHandedIn))
        };
        sections
            .into_iter()
            .map(|section| SectionResponse {
                section,
                handed_in: self.now.units().filter(|unit| handed_in(section, *unit)).count(),
            })
            .collect()
    }

    /// Returns how a question of this round was answered.
    pub(crate) fn item_response(&self, variable: usize) -> ItemResponse {
        let column = &self.now.data.columns[variable];
        let mut items = ItemResponse { asked: 0, blank: 0, evaded: 0 };
        for unit in self.now.units() {
            match column.missing(unit) {
                Some(Missing::NoResponse | Missing::NotHandedIn | Missing::NotAsked) => continue,
                Some(Missing::NotAnswered) => items.blank += 1,
                Some(Missing::DontKnow | Missing::NotRelevant | Missing::WillNotAnswer) => {
                    items.evaded += 1;
                }
                None => {}
            }
            items.asked += 1;
        }
        items
    }

    /// Returns how unequal the weights of this round are.
    pub(crate) fn weights(&self) -> Weights {
        let weights = self.now.design(instrument::Estimator::Weighted).weights();
        let sum = |of: fn(f64) -> f64| weights.iter().map(|weight| of(*weight)).sum::<f64>();
        let smallest = weights.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let squares = sum(|weight| weight * weight);
        let design_effect = weights.len() as f64 * squares / sum(|weight| weight).powi(2);
        Weights { range: (smallest, largest), design_effect }
    }

    /// Returns what a share of this round would be at least and at most if every unit had answered.
    /// There are no bounds for a question that only some were asked: whether a silent unit would have
    /// been among them is not known either.
    pub(crate) fn bounds(&self, figure: &Figure) -> Option<Bounds> {
        let (variable, index) = self.now.variable(&figure.variable).ok()?;
        let asked_of_all = variable.filter.is_none() && self.plan.base == ShareBase::Answered;
        let of_this_round = figure.round == self.now.data.provenance.round;
        if !(asked_of_all && of_this_round && figure.measure == Measure::Share) {
            return None;
        }
        let answers = self.answers(index, figure)?;
        let units = answers.len();
        let everyone = Design::simple(units, units as f64).ok()?;
        bounds(&everyone, &vec![true; units], &answers, (0.0, 1.0), Level::NINETY_FIVE).ok()
    }

    /// Returns, for every unit that was invited, 1 where it gave one of the options, 0 where it gave
    /// another, and nothing where it is not known.
    fn answers(&self, index: usize, figure: &Figure) -> Option<Vec<Option<f64>>> {
        let hits = self.now.hits(index, &figure.codes).ok()?;
        let domain = self.now.domain(index, self.plan.base);
        let mut answers = vec![None; self.now.data.units.len()];
        for (row, unit) in self.now.units().enumerate().filter(|(row, _)| domain[*row]) {
            answers[unit] = Some(f64::from(u8::from(hits[row])));
        }
        Some(answers)
    }
}

/// Fits who responded by as many attributes as can be told apart: one that goes with those before it,
/// or of which some category answered as one, stays out.
fn response_model(
    responded: &[bool],
    levels: &[(FrameAttribute, Levels)],
) -> Result<(ResponseModel, Vec<FrameAttribute>), EstimateError> {
    let mut columns = vec![vec![1.0; responded.len()]];
    let mut model = ResponseModel::logistic(responded, &columns)?;
    let mut attributes = vec![];
    for (attribute, levels) in levels {
        let mut wider = columns.clone();
        wider.extend(levels.indicators().into_iter().skip(1));
        if wider.len() == columns.len() {
            continue;
        }
        if let Ok(better) = ResponseModel::logistic(responded, &wider) {
            (model, columns) = (better, wider);
            attributes.push(*attribute);
        }
    }
    Ok((model, attributes))
}
