//! Several hands on one case: nothing acknowledged is lost, nothing is overwritten in silence.

use frame::UnitId;
use instrument::{Hash, RoundId, SurveyId};
use proptest::collection::vec;
use proptest::prelude::*;
use store::{Actor, CaseId, OpenRound, Store, StoreError};

use crate::field::{Field, at, section, staff, writes};

/// Reads every version of a variable, the first one first.
async fn versions(field: &Field, case: &CaseId, variable: &str) -> Vec<(i64, Option<String>)> {
    let of = format!(
        "from answer where round = {} and unit = '{}' and variable = '{variable}' order by version",
        case.round.year(),
        case.unit
    );
    let mut connection = field.database.connect().await;
    let numbers = connection.texts(&format!("select cast(version as text) as number {of}")).await;
    let values = connection.texts(&format!("select value {of}")).await;
    numbers.iter().flatten().map(|number| number.parse().unwrap()).zip(values).collect()
}

/// Saves the value, looking again after each conflict; returns the version that it got.
async fn save_until_accepted(store: &Store, case: &CaseId, value: &str) -> u32 {
    loop {
        let now = store.case(case).await.unwrap();
        let replaces = now.held.get("merknad").map_or(0, |held| held.version);
        let mut writing = store.write(staff(), at("2025-10-02T10:00:00")).await.unwrap();
        let answers = writes(&[("merknad", replaces, Some(value))]);
        match writing.save(case, &section("bosetting"), &answers).await {
            Ok(saved) => {
                writing.commit().await.unwrap();
                assert_eq!(saved.changed, 1);
                return replaces + 1;
            }
            Err(StoreError::Conflict(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_lose_nothing() {
    let field = Field::open().await;
    let case = field.case("1508");
    let other = field.database.open().await;
    let writers = (0..6).map(|writer| {
        let store = if writer % 2 == 0 { field.store.clone() } else { other.clone() };
        let case = case.clone();
        tokio::spawn(async move {
            let mut accepted = vec![];
            for number in 0..8 {
                let value = format!("{writer}-{number}");
                accepted.push((save_until_accepted(&store, &case, &value).await, value));
            }
            accepted
        })
    });
    let mut accepted = vec![];
    for writer in writers.collect::<Vec<_>>() {
        accepted.extend(writer.await.unwrap());
    }
    accepted.sort();
    let kept: Vec<_> = versions(&field, &case, "merknad").await;
    let acknowledged: Vec<_> =
        accepted.into_iter().map(|(version, value)| (i64::from(version), Some(value))).collect();
    assert_eq!(kept.len(), 48);
    assert_eq!(kept, acknowledged);
}

#[tokio::test]
async fn a_server_sees_what_another_one_has_changed() {
    let field = Field::open().await;
    let (case, other) = (field.case("1508"), field.database.open().await);
    for value in ["first", "second"] {
        let replaces =
            other.case(&case).await.unwrap().held.get("merknad").map_or(0, |h| h.version);
        field.save(&staff(), &case, &[("merknad", replaces, Some(value))]).await.unwrap();
        let seen = other.case(&case).await.unwrap();
        assert_eq!(seen.held["merknad"].value.as_deref(), Some(value));
        assert_eq!(seen, field.store.case(&case).await.unwrap());
    }
}

#[tokio::test]
async fn a_save_that_is_undone_has_never_been() {
    let field = Field::open().await;
    let case = field.case("1508");
    field.save(&staff(), &case, &[("merknad", 0, Some("kept"))]).await.unwrap();
    let mut writing = field.writing(&staff(), "2025-10-02T11:00:00").await;
    let answers = writes(&[("merknad", 1, Some("undone"))]);
    writing.save(&case, &section("bosetting"), &answers).await.unwrap();
    drop(writing);
    let held = &field.store.case(&case).await.unwrap().held["merknad"];
    assert_eq!((held.version, held.value.as_deref()), (1, Some("kept")));
    field.save(&staff(), &case, &[("merknad", 1, Some("next"))]).await.unwrap();
    assert_eq!(versions(&field, &case, "merknad").await.len(), 2);
}

/// What one of two people does.
#[derive(Clone, Debug)]
enum Step {
    /// Loads the page: sees the versions that hold now.
    Look,
    /// Saves a value of a variable, over the version that was seen last.
    Save { variable: usize, value: Option<u8> },
    /// Sends the last save once more, as after a double click.
    SendAgain,
    /// Saves, but the connection breaks before the commit.
    BreakOff { variable: usize, value: Option<u8> },
}

const VARIABLES: [&str; 2] = ["tolk", "merknad"];

fn step() -> impl Strategy<Value = Step> {
    // Few values, so that equal ones meet.
    let value = || proptest::option::weighted(0.8, 0..3u8);
    prop_oneof![
        2 => Just(Step::Look),
        4 => (0..2usize, value()).prop_map(|(variable, value)| Step::Save { variable, value }),
        1 => Just(Step::SendAgain),
        1 => (0..2usize, value()).prop_map(|(variable, value)| Step::BreakOff { variable, value }),
    ]
}

/// A request: a variable, the version that it replaces, and the value.
type Request = (usize, u32, Option<u8>);

/// What the store must hold, in the simplest way: every accepted value of each variable, in order.
#[derive(Default)]
struct Model {
    accepted: [Vec<Option<u8>>; 2],
    seen: [[u32; 2]; 2],
    last: [Option<Request>; 2],
}

impl Model {
    /// Whether a request must be accepted, and if so whether it is a change.
    fn accepts(&self, (variable, replaces, value): Request) -> Option<bool> {
        let accepted = &self.accepted[variable];
        if accepted.last().copied().flatten() == value {
            return Some(false);
        }
        let current = accepted.len() as u32;
        (current == replaces || current == 0).then_some(true)
    }
}

async fn send(field: &Field, case: &CaseId, model: &Model, who: usize, request: Request) -> bool {
    let (variable, replaces, value) = request;
    let value = value.map(|value| value.to_string());
    let answer = (VARIABLES[variable], replaces, value.as_deref());
    let by = Actor::Staff(format!("person {who}"));
    let saved = field.save(&by, case, &[answer]).await;
    match (model.accepts(request), saved) {
        (Some(change), Ok(saved)) => {
            assert_eq!(saved.changed, usize::from(change), "{request:?}");
            change
        }
        (None, Err(StoreError::Conflict(conflicts))) => {
            let held = model.accepted[variable].last().unwrap().map(|v| v.to_string());
            assert_eq!(conflicts.len(), 1);
            assert_eq!(conflicts[0].held.value, held);
            assert_eq!(conflicts[0].held.version as usize, model.accepted[variable].len());
            false
        }
        (expected, saved) => panic!("{request:?}: {expected:?} in the model, {saved:?}"),
    }
}

async fn walk(field: &Field, case: &CaseId, steps: &[(usize, Step)]) {
    let mut model = Model::default();
    for (who, step) in steps {
        match step {
            Step::Look => {
                let held = field.store.case(case).await.unwrap().held.clone();
                let version = |name: &str| held.get(name).map_or(0, |held| held.version);
                model.seen[*who] = VARIABLES.map(version);
            }
            Step::Save { variable, value } => {
                let request = (*variable, model.seen[*who][*variable], *value);
                model.last[*who] = Some(request);
                if send(field, case, &model, *who, request).await {
                    model.accepted[*variable].push(*value);
                }
            }
            Step::SendAgain => {
                let Some(request) = model.last[*who] else { continue };
                if send(field, case, &model, *who, request).await {
                    model.accepted[request.0].push(request.2);
                }
            }
            Step::BreakOff { variable, value } => {
                let value = value.map(|value| value.to_string());
                let replaces = model.seen[*who][*variable];
                let answer = (VARIABLES[*variable], replaces, value.as_deref());
                let mut writing = field.writing(&staff(), "2025-10-02T10:00:00").await;
                let _ = writing.save(case, &section("bosetting"), &writes(&[answer])).await;
            }
        }
    }
    holds(field, case, &model).await;
}

/// The last accepted value holds, and the history is complete and without a gap.
async fn holds(field: &Field, case: &CaseId, model: &Model) {
    let held = field.store.case(case).await.unwrap().held.clone();
    for (name, accepted) in VARIABLES.iter().zip(&model.accepted) {
        let text = |value: &Option<u8>| value.map(|value| value.to_string());
        let values: Vec<_> = accepted.iter().map(text).collect();
        let last = held.get(*name).and_then(|held| held.value.clone());
        assert_eq!(last, values.last().cloned().flatten());
        let numbered: Vec<_> = (1..).zip(values).collect();
        assert_eq!(versions(field, case, name).await, numbered);
    }
}

/// Opens a round of its own for each walk in the one database.
async fn new_case(field: &Field, year: u16) -> CaseId {
    let round = RoundId::new(year).unwrap();
    let units = [UnitId::new("1508").unwrap()];
    let mut writing = field.writing(&staff(), "2025-09-15T12:00:00").await;
    let open = OpenRound {
        survey: &SurveyId::new("tiny").unwrap(),
        round,
        instrument: Hash::of("questionnaire"),
        sample: Hash::of("frame"),
        units: &units,
        opens: at("2025-10-01T00:00:00"),
        closes: at("2025-12-01T00:00:00"),
    };
    writing.open_round(&open).await.unwrap();
    writing.commit().await.unwrap();
    CaseId { round, unit: units[0].clone() }
}

#[test]
fn whatever_two_people_do_the_store_is_the_model() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let field = runtime.block_on(Field::open());
    // 2025 is the round that `Field` opened.
    let year = std::cell::Cell::new(2025);
    proptest!(ProptestConfig::with_cases(60), |(steps in vec((0..2usize, step()), 1..24))| {
        year.set(year.get() + 1);
        runtime.block_on(async {
            let case = new_case(&field, year.get()).await;
            walk(&field, &case, &steps).await;
        });
    });
}
