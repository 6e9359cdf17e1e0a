//! Simulates the survey of municipalities, and looks at what comes out.

use std::collections::BTreeMap;
use std::path::Path;

use dataset::{Cell, Column, DataSet};
use frame::{Unit, UnitId};
use instrument::path::path;
use instrument::{RoundId, Value};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use report::PublishedUnit;
use store::{Actor, FreezeWith, OpenRound, SectionStatus, Store, StoreUrl};

use super::draw::Case;
use super::field::Visits;
use super::{Reach, Simulation, round, settings};
use crate::clock::start_of;
use crate::folder::Folder;
use crate::stages::Simulated;

/// The demo's now: 3 November 2025, 09:00 in Oslo.
const NOW: &str = "2025-11-03T08:00:00Z";

fn folder() -> Folder {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys/kommuneundersokelsen");
    Folder::open(&path).unwrap_or_else(|error| panic!("{error:#}"))
}

fn year(year: u16) -> RoundId {
    RoundId::new(year).unwrap()
}

fn answers(id: RoundId, seed: u64) -> Simulated {
    let until = (id == year(2025)).then(|| NOW.parse().unwrap());
    Simulated { seed, until }
}

/// Draws a round without writing it, and hands what was drawn to `look`.
fn drawn<T>(folder: &Folder, id: RoundId, seed: u64, look: impl Fn(&[Visits<'_>]) -> T) -> T {
    let round = folder.round(id).unwrap();
    let settings = settings(id, round).unwrap();
    let (survey, published) = (&folder.survey, &folder.published);
    let answers = answers(id, seed);
    let with = Simulation { survey, round, settings, published, answers };
    look(&with.draw().unwrap_or_else(|error| panic!("seed {seed}: {error:#}")))
}

/// A store in which the round has been opened, in a folder that goes with the test.
async fn opened(folder: &Folder, id: RoundId) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreUrl::sqlite(directory.path().join("runde.db"))).await.unwrap();
    let round = folder.round(id).unwrap();
    let units: Vec<UnitId> = round.frame.units.iter().map(|unit| unit.id.clone()).collect();
    let opens = start_of(round.plan.opens).unwrap();
    let mut writing = store.write(Actor::Simulation, opens).await.unwrap();
    let open = OpenRound {
        survey: &folder.survey.id,
        round: id,
        instrument: round.instrument.hash,
        sample: round.frame.hash,
        units: &units,
        opens,
        closes: start_of(round.plan.closes.tomorrow().unwrap()).unwrap(),
    };
    writing.open_round(&open).await.unwrap();
    writing.commit().await.unwrap();
    (directory, store)
}

async fn freeze(folder: &Folder, store: &Store, id: RoundId) -> DataSet {
    let round = folder.round(id).unwrap();
    let with = FreezeWith {
        survey: &folder.survey,
        instrument: &round.instrument,
        frame: &round.frame,
        plan: &round.plan,
    };
    store.freeze(with, NOW.parse().unwrap()).await.unwrap()
}

/// Those who hand in a section, by unit.
fn answering<'c, 'a>(visits: &'c [Visits<'a>]) -> BTreeMap<&'a str, &'c Case<'a>> {
    let cases = visits.iter().map(|visits| &visits.case);
    let answering = cases.filter(|case| case.reach.contains(&Reach::HandedIn));
    answering.map(|case| (case.unit.id.as_str(), case)).collect()
}

/// Returns the same cases of both rounds, by unit.
fn overlap<'c, 'a>(
    before: &'c [Visits<'a>],
    after: &'c [Visits<'a>],
) -> Vec<(&'c Case<'a>, &'c Case<'a>)> {
    let after = answering(after);
    let before = answering(before).into_iter();
    before.filter_map(|(unit, case)| Some((case, *after.get(unit)?))).collect()
}

#[tokio::test]
async fn the_published_figures_come_out_of_the_frozen_data() {
    let folder = folder();
    let (_directory, store) = opened(&folder, year(2023)).await;
    round(&store, &folder, year(2023), answers(year(2023), 1), &|_, _| ()).await.unwrap();
    let data = freeze(&folder, &store, year(2023)).await;
    assert!(data.provenance.simulated);
    assert_eq!((data.dispositions().answered(), data.dispositions().invited()), (215, 371));
    let published = folder.published.iter().filter(|figure| {
        figure.of == year(2023)
            && figure.unit == PublishedUnit::Percent
            && !figure.option.is_empty()
    });
    let mut checked = 0;
    for figure in published {
        let percent = percent_of(&data, &figure.id, &figure.option);
        assert_eq!(percent.round(), figure.value, "{} {}: {percent}", figure.id, figure.option);
        checked += 1;
    }
    // The page states 17 shares of 2023, beside the response rate.
    assert_eq!(checked, 17);
}

/// The share of those who answered that chose one of the options, from the columns of the data.
fn percent_of(data: &DataSet, id: &str, options: &str) -> f64 {
    let variable = data.variables.iter().find(|v| v.name.replace('.', "_") == id).unwrap();
    let (_, column) = data.variable(&variable.name).unwrap();
    let Column::Category(cells) = column else { panic!("{id} has one option a case") };
    let base = (0..cells.len()).filter(|unit| column.answered(*unit)).count();
    let wanted: Vec<&str> = options.split('+').collect();
    let chose = |cell: &&Cell<u16>| {
        let place = cell.valid().map(|place| usize::from(*place));
        place.is_some_and(|place| wanted.contains(&variable.options[place].code.as_str()))
    };
    100.0 * cells.iter().filter(chose).count() as f64 / base as f64
}

#[tokio::test]
async fn a_round_in_the_field_is_drawn_the_same_way_twice_and_not_beyond_now() {
    let folder = folder();
    let id = year(2025);
    let (_one, store) = opened(&folder, id).await;
    let (_other, again) = opened(&folder, id).await;
    for store in [&store, &again] {
        round(store, &folder, id, answers(id, 1), &|_, _| ()).await.unwrap();
    }
    let data = freeze(&folder, &store, id).await;
    assert_eq!(data.hash(), freeze(&folder, &again, id).await.hash());
    assert_eq!(data.dispositions().answered(), 149);

    let now: Timestamp = NOW.parse().unwrap();
    let cases = store.overview(id).await.unwrap();
    let states = cases.iter().flat_map(|case| case.sections.values());
    assert!(states.clone().all(|state| state.at < now && state.by == Actor::Simulation));
    assert!(states.clone().any(|state| state.status == SectionStatus::Begun));
    assert!(cases.iter().any(|case| !case.assigned.is_empty()) && cases.iter().any(|c| c.signed));
    let left = cases.iter().find(|case| case.unit.as_str() == "1508").unwrap();
    assert!(left.sections.is_empty() && left.assigned.is_empty());

    let twice = round(&store, &folder, id, answers(id, 2), &|_, _| ()).await.unwrap_err();
    assert!(twice.to_string().contains("already holds answers"), "{twice}");
    assert_eq!(data.hash(), freeze(&folder, &store, id).await.hash());
}

#[test]
fn a_published_figure_that_cannot_be_met_is_refused_by_name() {
    let mut folder = folder();
    let figure = folder.published.iter_mut().find(|figure| figure.id == "tolk_vansker").unwrap();
    figure.value = 40.0;
    let round = folder.round(year(2023)).unwrap();
    let settings = settings(year(2023), round).unwrap();
    let (survey, published) = (&folder.survey, &folder.published);
    let answers = answers(year(2023), 1);
    let with = Simulation { survey, round, settings, published, answers };
    let error = with.draw().err().unwrap().to_string();
    assert!(error.starts_with("40 percent were published of `tolk_vansker` ja in 2023, but"));
    assert!(!error.contains(['\\', '\n']), "{error}");
}

#[test]
fn another_seed_draws_other_answers() {
    let folder = folder();
    let units = |seed| {
        drawn(&folder, year(2023), seed, |cases| {
            answering(cases).into_keys().map(str::to_owned).collect::<Vec<_>>()
        })
    };
    assert_eq!(units(1), units(1));
    assert_ne!(units(1), units(2));
}

#[test]
fn routing_and_checks_are_obeyed() {
    let folder = folder();
    let instrument = &folder.round(year(2023)).unwrap().instrument;
    let variable = |name| instrument.variable(name).unwrap();
    let [settled, minors] = ["bosatte", "bosatte_enslige"].map(variable);
    drawn(&folder, year(2023), 1, |cases| {
        let mut compared = 0;
        for Visits { case, .. } in cases {
            let path = path(instrument, &case.attributes, &mut case.answers.clone());
            for index in (0..instrument.variables.len()).filter(|i| case.answers.get(*i).is_some())
            {
                let name = &instrument.variables[index].name;
                assert!(path.asks(instrument, index), "{} of {}", name, case.unit.id);
            }
            // The questionnaire's one hard check.
            let numbers = [settled, minors].map(|index| case.answers.get(index));
            if let [Some(Value::Integer(settled)), Some(Value::Integer(minors))] = numbers {
                assert!(minors <= settled, "{}", case.unit.id);
                compared += 1;
            }
        }
        assert!(compared > 150, "most cases answer both: {compared}");
    });
}

#[test]
fn large_units_answer_more_often_but_not_by_far() {
    let folder = folder();
    let frame = &folder.round(year(2023)).unwrap().frame;
    drawn(&folder, year(2023), 1, |cases| {
        let answering = answering(cases);
        let rate = |class: &dyn Fn(u64) -> bool| {
            let units: Vec<&Unit> = frame.units.iter().filter(|u| class(u.population)).collect();
            let answered = units.iter().filter(|u| answering.contains_key(u.id.as_str())).count();
            answered as f64 / units.len() as f64
        };
        let (small, large) = (rate(&|people| people < 5000), rate(&|people| people >= 20000));
        // About 0.5 and 0.7 were meant: enough for weights to move a figure by a point or two.
        assert!(small + 0.1 < large && large < 0.9 && small > 0.35, "{small} {large}");
    });
}

#[test]
fn units_that_answer_two_rounds_resemble_themselves() {
    let folder = folder();
    let variable = |year_of: u16, name: &str| {
        folder.round(year(year_of)).unwrap().instrument.variable(name).unwrap()
    };
    drawn(&folder, year(2021), 1, |before| {
        drawn(&folder, year(2023), 1, |after| {
            let pairs = overlap(before, after);
            // 224 and 215 of 371 would have 130 in common by chance.
            assert!((132..=160).contains(&pairs.len()), "{}", pairs.len());
            for name in ["samfunnsdel", "husbanken", "nav_avtale"] {
                let (old, new) = (variable(2021, name), variable(2023, name));
                let answers = pairs.iter().filter_map(|(before, after)| {
                    Some((before.answers.get(old)?.encode(), after.answers.get(new)?.encode()))
                });
                let answers: Vec<(String, String)> = answers.collect();
                let agreed = answers.iter().filter(|(a, b)| a == b).count();
                let by_chance = answers
                    .iter()
                    .map(|(a, _)| answers.iter().filter(|(_, b)| a == b).count())
                    .sum::<usize>() as f64
                    / answers.len() as f64;
                // The share of the agreement beyond chance that there is (Cohen's kappa). By
                // chance alone its standard error would be under 0.09.
                let kappa = (agreed as f64 - by_chance) / (answers.len() as f64 - by_chance);
                assert!(kappa > 0.25, "{name}: {agreed} of {} agree, kappa {kappa}", answers.len());
            }
        });
    });
}

#[test]
fn people_answer_in_office_hours_and_after_invitations() {
    let folder = folder();
    let plan = &folder.round(year(2023)).unwrap().plan;
    let oslo = TimeZone::get("Europe/Oslo").unwrap();
    drawn(&folder, year(2023), 1, |cases| {
        let times = cases.iter().flat_map(|visits| &visits.sittings);
        let times: Vec<Zoned> = times.map(|time| time.to_zoned(oslo.clone())).collect();
        for time in &times {
            assert!(time.weekday().to_monday_zero_offset() < 5 && (8..16).contains(&time.hour()));
            assert!((plan.opens..=plan.closes).contains(&time.date()), "{time}");
        }
        let week = |from: Date| {
            let days = from..from.saturating_add(7.days());
            times.iter().filter(|time| days.contains(&time.date())).count()
        };
        // The field period has nine weeks; the weeks after a reminder draw more than their ninth.
        assert!(plan.reminders.iter().all(|day| 9 * week(*day) > times.len()));
    });
}
