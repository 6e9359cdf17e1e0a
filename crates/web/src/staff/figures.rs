//! What the staff see of a round: who has answered, when, and where. Pure counting.

use std::collections::BTreeMap;

use frame::Unit;
use instrument::{Lang, Plan, Survey};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{CaseOverview, SectionStatus};

use crate::service::ServedRound;
use crate::ui::oslo;

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CaseState {
    NotBegun,
    Begun,
    Answered,
    Signed,
}

impl CaseState {
    pub(super) const ALL: [CaseState; 4] =
        [CaseState::NotBegun, CaseState::Begun, CaseState::Answered, CaseState::Signed];

    /// Returns the code that stands in an address.
    pub(super) fn code(self) -> &'static str {
        match self {
            CaseState::NotBegun => "not-begun",
            CaseState::Begun => "begun",
            CaseState::Answered => "answered",
            CaseState::Signed => "signed",
        }
    }
}

/// A case with its unit.
pub(super) struct Watched<'a> {
    pub(super) unit: &'a Unit,
    pub(super) case: &'a CaseOverview,
    pub(super) state: CaseState,
    /// When it came to count as answered.
    pub(super) answered_at: Option<Timestamp>,
}

/// How many of a group have answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupRate {
    pub(super) title: String,
    pub(super) answered: usize,
    pub(super) invited: usize,
}

/// How many came to count as answered on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayCount {
    pub(super) day: Date,
    pub(super) new: usize,
    pub(super) in_all: usize,
}

impl GroupRate {
    /// Returns the share that has answered, between 0 and 1.
    pub(super) fn share(&self) -> f64 {
        if self.invited == 0 { 0.0 } else { self.answered as f64 / self.invited as f64 }
    }
}

/// Returns the cases of a round with their units, in the order of the frame.
pub(super) fn watched<'a>(
    round: &'a ServedRound,
    overview: &'a [CaseOverview],
) -> Vec<Watched<'a>> {
    let cases = overview.iter().filter_map(|case| Some((round.frame.unit(&case.unit)?, case)));
    cases
        .map(|(unit, case)| Watched {
            unit,
            case,
            state: state(&round.plan, case),
            answered_at: answered_at(&round.plan, case),
        })
        .collect()
}

fn state(plan: &Plan, case: &CaseOverview) -> CaseState {
    let done = case.sections.values().filter(|s| s.status == SectionStatus::Done).count();
    if case.signed {
        CaseState::Signed
    } else if done >= plan.answered.sections {
        CaseState::Answered
    } else if case.sections.is_empty() {
        CaseState::NotBegun
    } else {
        CaseState::Begun
    }
}

/// Returns when the last of the sections that the plan asks for was handed in for the first time.
fn answered_at(plan: &Plan, case: &CaseOverview) -> Option<Timestamp> {
    let mut times: Vec<Timestamp> =
        case.sections.values().filter_map(|section| section.first_done_at).collect();
    times.sort_unstable();
    times.get(plan.answered.sections.checked_sub(1)?).copied()
}

/// Returns the rate of all cases.
pub(super) fn rate(title: &str, cases: &[Watched<'_>]) -> GroupRate {
    let answered = cases.iter().filter(|case| case.state >= CaseState::Answered).count();
    GroupRate { title: title.to_owned(), answered, invited: cases.len() }
}

/// Returns the rate of each county, in the order of their numbers.
pub(super) fn by_county(cases: &[Watched<'_>]) -> Vec<GroupRate> {
    by_group(cases, |case| Some((case.unit.county_id.clone(), case.unit.county.clone())))
}

/// Returns the rate of each size class, the smallest first.
pub(super) fn by_size(cases: &[Watched<'_>], survey: &Survey, lang: Lang) -> Vec<GroupRate> {
    by_group(cases, |case| {
        let class = survey.size_class(case.unit.population)?;
        Some((class, survey.size_classes[class].title.get(lang).to_owned()))
    })
}

fn by_group<K: Ord>(
    cases: &[Watched<'_>],
    group: impl Fn(&Watched<'_>) -> Option<(K, String)>,
) -> Vec<GroupRate> {
    let mut rates: BTreeMap<K, GroupRate> = BTreeMap::new();
    for case in cases {
        let Some((key, title)) = group(case) else { continue };
        let rate = rates.entry(key).or_insert(GroupRate { title, answered: 0, invited: 0 });
        rate.invited += 1;
        rate.answered += usize::from(case.state >= CaseState::Answered);
    }
    rates.into_values().collect()
}

/// Returns every day from the opening of the round to `today` or its close, with those that came
/// to count as answered.
pub(super) fn by_day(cases: &[Watched<'_>], plan: &Plan, today: Date) -> Vec<DayCount> {
    let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
    for at in cases.iter().filter_map(|case| case.answered_at) {
        *counts.entry(oslo(at).date()).or_default() += 1;
    }
    let last = counts.keys().last().copied().unwrap_or(plan.opens);
    let first = counts.keys().next().copied().unwrap_or(plan.opens).min(plan.opens);
    let end = today.min(plan.closes).max(last);
    let mut in_all = 0;
    let days = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= end);
    days.map(|day| {
        let new = counts.get(&day).copied().unwrap_or_default();
        in_all += new;
        DayCount { day, new, in_all }
    })
    .collect()
}
