//! Who answers, how far each comes, and when.

use frame::{Frame, UnitId, UnitKind};
use instrument::Plan;
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::chance::Chance;
use super::counts::nearest;
use super::draw::Case;
use super::field::Visits;
use super::latent::{Character, top};
use super::{Reach, Simulation};
use crate::clock::start_of;
use crate::failure::refused;

/// How much the readiness to answer resembles that of the last round. With what size and centrality
/// do, about four in ten units then answer two rounds in a row of which each reaches six in ten.
const RESEMBLANCE: f64 = 0.2;

/// Of units in percent: those who begin and do not hand anything in, after the round and within it.
const BEGUN: [usize; 2] = [3, 8];

/// One in four sections that are not handed in has been begun.
const BEGUN_SECTION: f64 = 0.25;

/// Of the cases, those whose coordinator hands sections to colleagues.
const DELEGATING: f64 = 0.15;

/// Of their sections, those that are handed over.
const DELEGATED: f64 = 0.5;

/// Of complete cases, those that are signed.
const SIGNED: f64 = 0.9;

/// The units that answer or begin to, as indexes into the frame.
pub struct Cast {
    /// Those who hand in at least one section.
    pub answering: Vec<usize>,
    /// Those who begin.
    pub begun: Vec<usize>,
}

/// Chooses the units that answer: those who are readiest to. Large and central units are readier,
/// districts a little less, so that weighting matters, though not much.
pub fn cast(with: &Simulation<'_>, characters: &[Character]) -> anyhow::Result<Cast> {
    let frame = &with.round.frame;
    let invited: Vec<usize> = (0..frame.units.len())
        .filter(|unit| !with.settings.leave.contains(&frame.units[*unit].id))
        .collect();
    let respond = with.settings.respond;
    if respond > invited.len() {
        return Err(refused(format!(
            "{respond} units are to respond, but round {} has only {} to draw from; lower \
             `respond` in its simulation.yaml",
            frame.round,
            invited.len()
        )));
    }
    let readiness: Vec<f64> = invited
        .iter()
        .map(|unit| readiness(with.chance(), frame, *unit, &characters[*unit]))
        .collect();
    let begun = nearest(BEGUN[usize::from(with.answers.until.is_some())], invited.len());
    let mut order = top(&readiness, respond + begun);
    let begun = order.split_off(respond);
    let unit = |places: Vec<usize>| {
        let mut units: Vec<usize> = places.into_iter().map(|place| invited[place]).collect();
        units.sort_unstable();
        units
    };
    Ok(Cast { answering: unit(order), begun: unit(begun) })
}

fn readiness(chance: Chance, frame: &Frame, unit: usize, character: &Character) -> f64 {
    let district = match frame.units[unit].kind {
        UnitKind::Municipality => 0.0,
        UnitKind::District => 0.5,
    };
    0.4 * character.size + 0.2 * character.central - district
        + chance.lean(RESEMBLANCE, &["readiness", &character.id])
}

/// Decides how far every section of every case comes. The first `answering` cases hand something
/// in, the others only begin.
pub fn set_reach(with: &Simulation<'_>, cases: &mut [Case<'_>], answering: usize) {
    let sections = &with.round.instrument.sections;
    let handed_in = handed_in(with, &cases[..answering]);
    for (place, case) in cases.iter_mut().enumerate() {
        let first = case.path.sections.iter().position(|shown| *shown);
        let reach = sections.iter().enumerate().map(|(index, section)| {
            if handed_in.get(place).is_some_and(|sections| sections[index]) {
                return Reach::HandedIn;
            }
            let name = ["begun", &case.character.id, section.id.as_str()];
            let mut stream = with.chance().passing(&name);
            let begun = stream.uniform() < BEGUN_SECTION;
            let only_begins = place >= answering && first == Some(index);
            let pages =
                if begun || only_begins { 1 + stream.below(section.pages.len()) } else { 0 };
            Reach::Pages(pages)
        });
        case.reach = reach.collect();
    }
}

/// Chooses for each section the cases that hand it in, as many as the settings say, and sees to it
/// that every case hands in one.
fn handed_in(with: &Simulation<'_>, cases: &[Case<'_>]) -> Vec<Vec<bool>> {
    let sections = &with.round.instrument.sections;
    let mut handed_in = vec![vec![false; sections.len()]; cases.len()];
    let mut zeal: Vec<Vec<f64>> = vec![];
    for (index, section) in sections.iter().enumerate() {
        let candidates: Vec<usize> =
            (0..cases.len()).filter(|case| cases[*case].may_see(section)).collect();
        let of = |case: &Case<'_>| {
            let name = ["section", &case.character.id, section.id.as_str()];
            with.chance().lean(RESEMBLANCE, &name)
        };
        let scores: Vec<f64> = cases.iter().map(of).collect();
        let of_candidates: Vec<f64> = candidates.iter().map(|case| scores[*case]).collect();
        for place in top(&of_candidates, nearest(with.settings.sections[index], candidates.len())) {
            handed_in[candidates[place]][index] = true;
        }
        zeal.push(scores);
    }
    for (place, case) in cases.iter().enumerate() {
        // Sections that hang on an answer may yet be skipped; one that is surely shown must be in.
        let sure = (0..sections.len()).filter(|section| case.path.sections[*section]);
        if sure.clone().any(|section| handed_in[place][section]) {
            continue;
        }
        let best = sure.max_by(|a, b| zeal[*a][place].total_cmp(&zeal[*b][place]));
        if let Some(best) = best {
            take_over(&mut handed_in, &zeal[best], best, place);
        }
    }
    handed_in
}

/// Lets `case` hand in a section in place of the least zealous case that hands in others too.
fn take_over(handed_in: &mut [Vec<bool>], zeal: &[f64], section: usize, case: usize) {
    let others = |sections: &[bool]| sections.iter().filter(|done| **done).count() > 1;
    let giver = (0..handed_in.len())
        .filter(|giver| handed_in[*giver][section] && others(&handed_in[*giver]))
        .min_by(|a, b| zeal[*a].total_cmp(&zeal[*b]));
    if let Some(giver) = giver {
        handed_in[giver][section] = false;
    }
    handed_in[case][section] = true;
}

/// A day on which people answer.
pub struct WorkingDay {
    /// When it begins, at midnight.
    start: Timestamp,
    /// How many answers it draws, beside other days.
    weight: usize,
}

/// The first and the last hour of a working day.
const OFFICE: [i64; 2] = [8, 16];

/// How many answers the days after an invitation or a reminder draw, from the day itself on.
const BURST: [usize; 4] = [6, 5, 3, 2];

/// Returns the working days of a round; where `until` is given, those that are over by then.
pub fn working_days(plan: &Plan, until: Option<Timestamp>) -> anyhow::Result<Vec<WorkingDay>> {
    let mut days = vec![];
    for date in plan.opens.series(1.day()).take_while(|date| *date <= plan.closes) {
        let start = start_of(date)?;
        let over =
            until.is_none_or(|until| start + SignedDuration::from_hours(OFFICE[1] + 1) < until);
        if !over || matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            continue;
        }
        let calls = [plan.opens].into_iter().chain(plan.reminders.iter().copied());
        let burst = calls.filter_map(|call| {
            let since = usize::try_from((date - call).get_days()).ok()?;
            BURST.get(since)
        });
        days.push(WorkingDay { start, weight: 1 + burst.sum::<usize>() });
    }
    if days.is_empty() {
        let when = until.map_or(String::new(), |until| format!(" before {until}"));
        return Err(refused(format!(
            "the round has no whole working day from {} to {}{when}, so nobody can have answered",
            plan.opens, plan.closes
        )));
    }
    Ok(days)
}

/// Returns when somebody sits down with a case: once or twice, in office hours, on different days,
/// in order.
fn sittings(chance: Chance, unit: &UnitId, days: &[WorkingDay]) -> Vec<Timestamp> {
    let mut stream = chance.passing(&["sittings", unit.as_str()]);
    let total: usize = days.iter().map(|day| day.weight).sum();
    let count = 1 + stream.below(3) / 2;
    let mut chosen = vec![];
    for _ in 0..count {
        let mut at = stream.below(total);
        let day = days.iter().position(|day| {
            let here = at < day.weight;
            at = at.saturating_sub(day.weight);
            here
        });
        chosen.extend(day);
    }
    chosen.sort_unstable();
    chosen.dedup();
    let hours = (OFFICE[1] - OFFICE[0]) as usize;
    let mut time = |day: usize| {
        let seconds = OFFICE[0] * 3600 + stream.below(hours * 3600) as i64;
        days[day].start + SignedDuration::from_secs(seconds)
    };
    chosen.into_iter().map(&mut time).collect()
}

/// Returns when and by whom the sections of a case are answered.
pub fn visits<'a>(with: &Simulation<'_>, case: Case<'a>, days: &[WorkingDay]) -> Visits<'a> {
    let sittings = sittings(with.chance(), &case.unit.id, days);
    let mut stream = with.chance().passing(&["visits", &case.character.id]);
    let sections = case.path.sections.iter().map(|_| stream.below(sittings.len()));
    let sitting: Vec<usize> = sections.collect();
    let mut delegated: Vec<usize> =
        (0..sitting.len()).filter(|section| case.path.sections[*section]).collect();
    let delegates = stream.uniform() < DELEGATING;
    delegated.retain(|_| stream.uniform() < DELEGATED && delegates);
    let mut sections = case.path.sections.iter().zip(&case.reach);
    let complete = sections.all(|(shown, reach)| !shown || *reach == Reach::HandedIn);
    let signed = complete && stream.uniform() < SIGNED;
    Visits { case, sittings, sitting, delegated, signed }
}
