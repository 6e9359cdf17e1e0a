//! What of a question by groups of units is not shown, decided once for everything that is published:
//! the report, its charts and open data, the pages of units and the tables that are asked for.

use dataset::{CodebookVariable, Column, DataSet};
use instrument::{Code, Disclosure, Plan, Release, ShareBase};

use super::{FrameAttribute, Known, Sample};
use crate::disclosure::{Hidden, Kinds, Rules, Tally, hide};

/// What of one question is not shown. A question with one answer is one table; of a question with
/// several, each option is a table of its own: named or not named.
#[derive(Debug)]
pub(crate) struct Concealed {
    tables: Vec<(Vec<Code>, Hidden)>,
}

/// The groups that the units are divided into.
#[derive(Debug)]
pub(crate) struct Division {
    /// The group of each unit of the frame.
    pub(crate) of_units: Vec<usize>,
    /// How many groups there are.
    pub(crate) groups: usize,
}

/// What divides the units by an attribute of the frame.
#[derive(Debug)]
struct Divided {
    /// The codes of the groups, in order.
    codes: Vec<String>,
    division: Division,
}

/// How a sample is told by groups: by what its plan counts and hides, and what has been found so far.
pub(super) struct Telling {
    base: ShareBase,
    limits: Disclosure,
    divided: Vec<Divided>,
    kinds: Kinds,
    /// Whether the answers to other variables go with those to this one.
    linked: Vec<bool>,
    pub(super) known: Known,
}

impl Telling {
    pub(super) fn new(plan: &Plan, data: &DataSet, known: Known) -> Telling {
        let divided: Vec<Divided> = FrameAttribute::EVERY
            .into_iter()
            .map(|attribute| {
                let codes = attribute.codes(data);
                let group = |unit| {
                    let code = attribute.of(unit);
                    codes.iter().position(|known| *known == code).unwrap_or_default()
                };
                let of_units = data.units.iter().map(group).collect();
                Divided { division: Division { of_units, groups: codes.len() }, codes }
            })
            .collect();
        Telling {
            base: plan.base,
            limits: plan.disclosure,
            kinds: kinds(divided.iter().map(|divided| &divided.division)),
            linked: linked(data),
            divided,
            known,
        }
    }
}

/// Sorts the units of the frame by all their divisions.
fn kinds<'a>(divisions: impl IntoIterator<Item = &'a Division>) -> Kinds {
    let divisions: Vec<&Division> = divisions.into_iter().collect();
    let sizes: Vec<usize> = divisions.iter().map(|division| division.groups).collect();
    let units = divisions.first().map_or(0, |division| division.of_units.len());
    let groups = |unit: usize| divisions.iter().map(|of| of.of_units[unit]).collect();
    Kinds::new((0..units).map(groups), &sizes)
}

/// Returns, for each variable, whether it hangs on another or another on it.
fn linked(data: &DataSet) -> Vec<bool> {
    let mut linked = vec![false; data.variables.len()];
    for index in 0..linked.len() {
        let told = |other: &usize| data.variables[*other].release != Release::Internal;
        for other in data.asked_by(index).chain(data.made_of(index)).filter(told) {
            (linked[index], linked[other]) = (true, true);
        }
    }
    linked
}

impl Concealed {
    /// Returns whether the base of a group is hidden, and with it all that it answered.
    pub(crate) fn base(&self, attribute: FrameAttribute, group: usize) -> bool {
        self.tables.iter().any(|(_, hidden)| hidden.base(attribute.division(), group))
    }

    /// Returns whether a figure of a group would show a hidden count, or a sum that one could be taken
    /// out of. A figure of a number has no options.
    pub(crate) fn cell(&self, codes: &[Code], attribute: FrameAttribute, group: usize) -> bool {
        self.hides(codes, attribute.division(), group)
    }

    /// Returns whether a figure would show a hidden count of a group in the only division that was
    /// asked for.
    pub(crate) fn cell_alone(&self, codes: &[Code], group: usize) -> bool {
        self.hides(codes, 0, group)
    }

    /// Returns whether a figure of the whole country would show a hidden count.
    pub(crate) fn in_country(&self, codes: &[Code]) -> bool {
        let hides = |(own, hidden): &(Vec<Code>, Hidden)| {
            columns(own, codes).any(|answer| hidden.in_country(answer))
        };
        self.tables.iter().any(hides)
    }

    fn hides(&self, codes: &[Code], division: usize, group: usize) -> bool {
        self.tables.iter().any(|(own, hidden)| match own.is_empty() {
            true => hidden.any_cell(division, group),
            false => {
                hidden.base(division, group)
                    || columns(own, codes).any(|answer| hidden.cell(division, group, answer))
            }
        })
    }
}

/// Returns the places of the options that a figure counts.
fn columns(own: &[Code], codes: &[Code]) -> impl Iterator<Item = usize> {
    (0..own.len()).filter(|place| codes.contains(&own[*place]))
}

impl Sample<'_> {
    /// Returns the codes of the groups of an attribute that the frame has, in order.
    pub(crate) fn codes(&self, attribute: FrameAttribute) -> &[String] {
        &self.telling.divided[attribute.division()].codes
    }

    /// Returns which respondents are in a group of an attribute, by its place among the codes.
    pub(super) fn members(&self, attribute: FrameAttribute, group: usize) -> Vec<bool> {
        let of_units = &self.telling.divided[attribute.division()].division.of_units;
        self.units().map(|unit| of_units[unit] == group).collect()
    }

    /// Returns what of a variable by groups of the frame is not shown. All divisions that figures can
    /// be told by are looked at together, whichever of them are used in the end. What each unit answered
    /// to an open question anyone can count by whatever the frame knows: there is nothing to hide.
    pub(crate) fn concealed(&self, index: usize) -> &Concealed {
        self.telling.known.concealed(self.data)[index].get_or_init(|| {
            if self.data.is_open(index) {
                return Concealed { tables: vec![] };
            }
            let read = FrameAttribute::EVERY.map(FrameAttribute::read).into();
            let linked = self.telling.linked[index];
            let rules = Rules { limits: self.telling.limits, read, linked };
            self.conceal(index, &self.telling.kinds, &rules, &self.bases_of_filters(index))
        })
    }

    /// Returns what of a variable is not shown by groups that the frame does not know.
    pub(crate) fn concealed_by(&self, index: usize, division: &Division) -> Concealed {
        let linked = self.telling.linked[index];
        let rules = Rules { limits: self.telling.limits, read: vec![1], linked };
        self.conceal(index, &kinds([division]), &rules, &[])
    }

    fn conceal(
        &self,
        index: usize,
        kinds: &Kinds,
        rules: &Rules,
        also: &[(usize, usize)],
    ) -> Concealed {
        let table = |answers: &[Option<usize>], count: usize, rules: &Rules| {
            let answer = |unit: usize| self.row(unit).and_then(|row| answers[row]);
            let given = (0..self.data.units.len()).map(answer);
            hide(&Tally::new(kinds, given, count), rules, also)
        };
        let options = each_option(&self.data.variables[index], self.telling.base);
        let tables = match &self.data.columns[index] {
            Column::Category(_) => {
                let answers = self.first_of(index, &options, options.len());
                // Those in the base who gave none of the options are a count of their own.
                vec![(options.clone(), table(&answers, options.len() + 1, rules))]
            }
            Column::Categories(_) => options
                .iter()
                .map(|code| {
                    let code = std::slice::from_ref(code);
                    (code.to_vec(), table(&self.first_of(index, code, 1), 2, rules))
                })
                .collect(),
            Column::Integer(_) | Column::Decimal(_) => {
                // What is small of a number is its base alone, and numbers of the same half are not the
                // same: their groups do not come out even.
                let limits = Disclosure { smallest_cell: 0, ..rules.limits };
                let rules = Rules { limits, linked: true, ..rules.clone() };
                vec![(vec![], table(&self.halves(index), 2, &rules))]
            }
            Column::Text(_) => vec![],
        };
        Concealed { tables }
    }

    /// Returns, for each respondent in the base, the first of the options that it gave, and `other`
    /// where it gave none.
    fn first_of(&self, index: usize, options: &[Code], other: usize) -> Vec<Option<usize>> {
        let mut answers: Vec<Option<usize>> = self
            .domain(index, self.telling.base)
            .into_iter()
            .map(|inside| inside.then_some(other))
            .collect();
        for (place, code) in options.iter().enumerate().rev() {
            let hits = self.hits(index, std::slice::from_ref(code)).unwrap_or_default();
            for (answer, hit) in answers.iter_mut().zip(hits) {
                if hit && answer.is_some() {
                    *answer = Some(place);
                }
            }
        }
        answers
    }

    /// Returns, for each respondent that gave a number, whether it is of the upper half: two numbers
    /// that are exchanged between groups make the means of both doubtful where they differ.
    fn halves(&self, index: usize) -> Vec<Option<usize>> {
        let Ok((domain, numbers)) = self.numbers(index) else { return vec![] };
        let mut sorted: Vec<f64> =
            (0..domain.len()).filter(|row| domain[*row]).map(|row| numbers[row]).collect();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let half = |row: usize| domain[row].then(|| usize::from(numbers[row] >= middle));
        (0..domain.len()).map(half).collect()
    }

    /// Returns the bases, by division and group, that would show what another question hides. Who is
    /// asked a question tells what was answered to the one that it hangs on, and a value that is
    /// calculated tells what it is calculated from. Whoever exchanges answers to that one takes along
    /// what was asked and calculated thereafter.
    fn bases_of_filters(&self, index: usize) -> Vec<(usize, usize)> {
        let told = |other: &usize| self.data.variables[*other].release != Release::Internal;
        let asked_by = self.data.asked_by(index).filter(told);
        let asked_by = asked_by.map(|other| (other, self.answers_of_asked(index, other)));
        let made_of = self.data.made_of(index).filter(told);
        let every = |other: usize| each_option(&self.data.variables[other], ShareBase::Answered);
        let made_of = made_of.map(|other| (other, every(other)));
        let mut bases = vec![];
        for (other, codes) in asked_by.chain(made_of) {
            for (division, of) in self.telling.divided.iter().enumerate() {
                let hidden = |group: &usize| self.concealed(other).hides(&codes, division, *group);
                bases.extend((0..of.codes.len()).filter(hidden).map(|group| (division, group)));
            }
        }
        bases
    }

    /// Returns the options of one variable that somebody gave who answered another.
    fn answers_of_asked(&self, index: usize, other: usize) -> Vec<Code> {
        let domain = self.domain(index, ShareBase::Answered);
        let given = |code: &Code| {
            let hits = self.hits(other, std::slice::from_ref(code)).unwrap_or_default();
            domain.iter().zip(hits).any(|(inside, hit)| *inside && hit)
        };
        let options = self.data.variables[other].options.iter().map(|option| &option.code);
        options.filter(|code| given(code)).cloned().collect()
    }
}

/// Returns the options that are in the base.
pub(crate) fn each_option(variable: &CodebookVariable, base: ShareBase) -> Vec<Code> {
    let counts = |missing: bool| match base {
        ShareBase::Answered => true,
        ShareBase::Valid => !missing,
    };
    let options = variable.options.iter().filter(|option| counts(option.missing.is_some()));
    options.map(|option| option.code.clone()).collect()
}
