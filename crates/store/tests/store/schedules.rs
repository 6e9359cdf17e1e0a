//! Random schedules of several people on one case: whatever they do, in whatever order and at the
//! same time, the store is what a simple model says.

use frame::UnitId;
use instrument::{Hash, RoundId, SurveyId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::{
    AccessKind, Actor, CaseId, Contact, ContactId, OpenRound, Saved, SectionStatus, Store,
    StoreError,
};

use crate::field::{Field, at, section, staff, writes};

const PEOPLE: usize = 3;
const VARIABLES: [&str; 2] = ["tolk", "merknad"];

/// What somebody does.
#[derive(Clone, Debug)]
enum Step {
    /// Loads the page: sees what holds now.
    Look,
    /// Saves a value of a variable, over the version that was seen last.
    Save(Save),
    /// Sends the last save once more, as after a double click.
    SendAgain,
    /// Saves at the very time at which the next one does.
    Race {
        mine: Save,
        theirs: Save,
    },
    HandIn,
    OpenSection,
    /// Hands the section to somebody.
    Assign {
        to: usize,
    },
    /// Signs what was seen last.
    Sign,
    /// Opens the signed case again.
    Reopen,
}

#[derive(Clone, Copy, Debug)]
struct Save {
    variable: usize,
    value: Option<u8>,
}

fn save() -> impl Strategy<Value = Save> {
    // Few values, so that equal ones meet.
    let value = proptest::option::weighted(0.8, 0..3u8);
    (0..VARIABLES.len(), value).prop_map(|(variable, value)| Save { variable, value })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Look),
        6 => save().prop_map(Step::Save),
        2 => Just(Step::SendAgain),
        3 => (save(), save()).prop_map(|(mine, theirs)| Step::Race { mine, theirs }),
        2 => Just(Step::HandIn),
        1 => Just(Step::OpenSection),
        2 => (0..PEOPLE).prop_map(|to| Step::Assign { to }),
        3 => Just(Step::Sign),
        2 => Just(Step::Reopen),
    ]
}

/// A request: a variable, the version that it replaces, and the value.
#[derive(Clone, Copy, Debug)]
struct Request {
    variable: usize,
    replaces: usize,
    value: Option<u8>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Saved { changed: bool },
    Conflict,
    Signed,
}

/// What the store must hold, in the simplest way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Model {
    /// Every accepted value of each variable, in order.
    accepted: [Vec<Option<u8>>; VARIABLES.len()],
    done: bool,
    signed: bool,
    signatures: usize,
    holder: Option<usize>,
}

impl Model {
    fn save(&mut self, request: Request) -> Outcome {
        let accepted = &mut self.accepted[request.variable];
        if self.signed {
            return Outcome::Signed;
        }
        if accepted.last().copied().flatten() == request.value {
            return Outcome::Saved { changed: false };
        }
        if !accepted.is_empty() && accepted.len() != request.replaces {
            return Outcome::Conflict;
        }
        accepted.push(request.value);
        Outcome::Saved { changed: true }
    }

    /// Whether a signature under what was seen then is one under what holds now.
    fn shows_the_same(&self, then: &Model) -> bool {
        self.accepted == then.accepted && self.done == then.done
    }
}

/// What one person knows.
#[derive(Clone, Default)]
struct Person {
    seen: Option<(Model, Hash)>,
    last: Option<Request>,
}

impl Person {
    fn request(&self, save: Save) -> Request {
        let Save { variable, value } = save;
        let seen = self.seen.as_ref().map_or(0, |(model, _)| model.accepted[variable].len());
        Request { variable, replaces: seen, value }
    }
}

/// A case that several people have open.
struct Meeting<'a> {
    field: &'a Field,
    /// Another server on the same database, which has read nothing of the case yet.
    afresh: &'a Store,
    case: CaseId,
    contacts: &'a [ContactId],
    model: Model,
    people: Vec<Person>,
}

impl Meeting<'_> {
    async fn take(&mut self, who: usize, step: &Step) {
        match step {
            Step::Look => {
                let case = self.field.store.case(&self.case).await.unwrap();
                self.people[who].seen = Some((self.model.clone(), case.content()));
            }
            Step::Save(save) => {
                let request = self.people[who].request(*save);
                self.people[who].last = Some(request);
                self.send(who, request).await;
            }
            Step::SendAgain => {
                if let Some(request) = self.people[who].last {
                    self.send(who, request).await;
                }
            }
            Step::Race { mine, theirs } => self.race(who, *mine, *theirs).await,
            Step::HandIn => {
                self.change(who, async |writing, case| {
                    writing.hand_in(case, &section("bosetting")).await
                })
                .await;
                self.model.done |= !self.model.signed;
            }
            Step::OpenSection => {
                self.change(who, async |writing, case| {
                    writing.reopen_section(case, &section("bosetting")).await
                })
                .await;
                self.model.done &= self.model.signed;
            }
            Step::Assign { to } => {
                let contact = self.contacts[*to].clone();
                self.change(who, async |writing, case| {
                    writing.assign(case, &section("bosetting"), &contact).await
                })
                .await;
                if !self.model.signed {
                    self.model.holder = Some(*to);
                }
            }
            Step::Sign => self.sign(who).await,
            Step::Reopen => {
                let mut writing = self.writing(who).await;
                writing.reopen(&self.case).await.unwrap();
                writing.commit().await.unwrap();
                self.model.signed = false;
            }
        }
    }

    async fn writing(&self, who: usize) -> store::Writing {
        self.field.writing(&self.actor(who), "2025-10-02T10:00:00").await
    }

    fn actor(&self, who: usize) -> Actor {
        Actor::Contact(self.contacts[who].clone())
    }

    /// Makes a change that a signed case refuses, and that nothing else does.
    async fn change(
        &self,
        who: usize,
        change: impl AsyncFnOnce(&mut store::Writing, &CaseId) -> Result<(), StoreError>,
    ) {
        let mut writing = self.writing(who).await;
        match change(&mut writing, &self.case).await {
            Ok(()) => {
                assert!(!self.model.signed, "a signed case was changed");
                writing.commit().await.unwrap();
            }
            Err(StoreError::Signed(_)) => assert!(self.model.signed, "the case is not signed"),
            Err(other) => panic!("{other}"),
        }
    }

    async fn send(&mut self, who: usize, request: Request) {
        let expected = self.model.save(request);
        assert_eq!(save_one(self.field, &self.case, &self.actor(who), request).await, expected);
    }

    /// Two save at once: what came of it must come of one order or the other.
    async fn race(&mut self, who: usize, mine: Save, theirs: Save) {
        let other = (who + 1) % PEOPLE;
        let (mine, theirs) = (self.people[who].request(mine), self.people[other].request(theirs));
        let (me, they) = (self.actor(who), self.actor(other));
        let outcomes = tokio::join!(
            save_one(self.field, &self.case, &me, mine),
            save_one(self.field, &self.case, &they, theirs)
        );
        let (mut first, mut second) = (self.model.clone(), self.model.clone());
        let in_my_order = (first.save(mine), first.save(theirs));
        let their_outcome = second.save(theirs);
        let in_theirs = (second.save(mine), their_outcome);
        self.model = match outcomes {
            outcomes if outcomes == in_my_order => first,
            outcomes if outcomes == in_theirs => second,
            neither => panic!("{neither:?}, where {in_my_order:?} or {in_theirs:?} may be"),
        };
    }

    async fn sign(&mut self, who: usize) {
        let Some((then, content)) = self.people[who].seen.clone() else { return };
        let mut writing = self.writing(who).await;
        match writing.sign(&self.case, content).await {
            Ok(_) => {
                assert!(self.model.shows_the_same(&then), "signed what nobody saw");
                writing.commit().await.unwrap();
                self.model.signatures += usize::from(!self.model.signed);
                self.model.signed = true;
            }
            Err(StoreError::Changed(_)) => assert!(!self.model.shows_the_same(&then)),
            Err(other) => panic!("{other}"),
        }
    }

    /// The store holds what the model does, and the history is complete and without a gap.
    async fn holds(&self) {
        let case = self.field.store.case(&self.case).await.unwrap();
        assert_eq!(case, self.afresh.case(&self.case).await.unwrap(), "not what is on disk");
        for (name, accepted) in VARIABLES.iter().zip(&self.model.accepted) {
            let held = case.held.get(*name);
            assert_eq!(held.map_or(0, |held| held.version as usize), accepted.len());
            let value = held.and_then(|held| held.value.clone());
            assert_eq!(value, accepted.last().copied().flatten().map(|value| value.to_string()));
        }
        let done = case.status(&section("bosetting")) == SectionStatus::Done;
        let holder = case.assignments.get(&section("bosetting")).map(|held| held.contact.clone());
        assert_eq!((case.signed, done), (self.model.signed, self.model.done));
        assert_eq!(case.signatures.len(), self.model.signatures);
        assert_eq!(holder, self.model.holder.map(|who| self.contacts[who].clone()));
        let signed = self.field.actions(&self.case).await;
        let signed = signed.iter().filter(|line| line.starts_with("signed ")).count();
        assert_eq!(signed, self.model.signatures);
    }
}

async fn save_one(field: &Field, case: &CaseId, by: &Actor, request: Request) -> Outcome {
    let value = request.value.map(|value| value.to_string());
    let answer = (VARIABLES[request.variable], request.replaces as u32, value.as_deref());
    let mut writing = field.writing(by, "2025-10-02T10:00:00").await;
    match writing.save(case, &section("bosetting"), &writes(&[answer])).await {
        Ok(Saved { changed, .. }) => {
            writing.commit().await.unwrap();
            Outcome::Saved { changed: changed == 1 }
        }
        Err(StoreError::Conflict(_)) => Outcome::Conflict,
        Err(StoreError::Signed(_)) => Outcome::Signed,
        Err(other) => panic!("{other}"),
    }
}

/// Opens a round with a case for each schedule.
async fn cases(field: &Field, count: u32) -> (Vec<CaseId>, Vec<ContactId>) {
    let round = RoundId::new(2026).unwrap();
    let units: Vec<UnitId> =
        (0..count).map(|unit| UnitId::new(format!("{unit:06}")).unwrap()).collect();
    let open = OpenRound {
        survey: &SurveyId::new("tiny").unwrap(),
        round,
        instrument: Hash::of("questionnaire"),
        sample: Hash::of("frame"),
        units: &units,
        opens: at("2025-10-01T00:00:00"),
        closes: at("2025-12-01T00:00:00"),
    };
    let mut writing = field.writing(&staff(), "2025-09-15T12:00:00").await;
    writing.open_round(&open).await.unwrap();
    let mut contacts = vec![];
    for who in 0..PEOPLE {
        let name = format!("person {who}");
        let email = format!("person{who}@example.no");
        let contact = Contact { name, email, language: instrument::Lang::NB };
        contacts.push(writing.add_contact(&contact).await.unwrap());
    }
    writing.commit().await.unwrap();
    (units.into_iter().map(|unit| CaseId { round, unit }).collect(), contacts)
}

/// Runs so many schedules; one that fails is made as short as it can be, each try on a new case.
fn check(schedules: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let field = runtime.block_on(Field::open());
    let afresh = runtime.block_on(field.database.open());
    let (cases, contacts) = runtime.block_on(cases(&field, schedules + 2000));
    let unused = std::cell::RefCell::new(cases.into_iter());
    let config = ProptestConfig { max_shrink_iters: 1900, ..ProptestConfig::with_cases(schedules) };
    let schedule = vec((0..PEOPLE, step()), 1..30);
    let checked = TestRunner::new(config).run(&schedule, |steps| {
        let case = unused.borrow_mut().next().expect("there is a case for each schedule");
        let (model, people) = (Model::default(), vec![Person::default(); PEOPLE]);
        let mut meeting =
            Meeting { field: &field, afresh: &afresh, case, contacts: &contacts, model, people };
        runtime.block_on(async {
            for contact in &contacts {
                field.invite(contact, AccessKind::Coordinator, &meeting.case).await;
            }
            for (who, step) in &steps {
                meeting.take(*who, step).await;
            }
            meeting.holds().await;
        });
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn whatever_several_people_do_the_store_is_the_model() {
    check(100);
}

#[test]
#[ignore = "thousands of schedules, which take minutes"]
fn whatever_several_people_do_the_store_is_the_model_at_length() {
    check(if cluster::Databases::given().is_some() { 1000 } else { 5000 });
}
