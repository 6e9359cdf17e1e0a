//! Random schedules of several people on one case: whatever they do, in whatever order and at the
//! same time, the store is what a simple model says.

use frame::UnitId;
use instrument::path::path;
use instrument::{Hash, RoundId, SurveyId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::{
    AccessKind, Actor, Case, CaseId, Contact, ContactId, Form, HandOver, OpenRound, Saved,
    SectionStatus, Store, StoreError,
};

use crate::field::{Field, at, section, staff, writes};
use crate::tiny::Tiny;

/// The first coordinates; the others are colleagues, who may do what is in their hands.
const PEOPLE: usize = 3;

/// Two questions of the section `bosetting`: the second is asked of those who say `ja` to the first.
const VARIABLES: [&str; 2] = ["tolk", "tolk_aar"];
const VALUES: [[&str; 3]; 2] = [["ja", "vet_ikke", "vil_ikke"], ["2001", "2010", "2019"]];

/// What somebody does.
#[derive(Clone, Debug)]
enum Step {
    /// Loads the page: sees what holds now, in a form of its own.
    Look,
    /// Saves a value of a variable, over the version that was seen last.
    Save(Save),
    /// Sends the last save once more, as after a double click, or as one that arrives late.
    SendAgain,
    /// Saves at the very time at which the next one does.
    Race {
        mine: Save,
        theirs: Save,
    },
    HandIn,
    OpenSection,
    /// Hands the section to a colleague, so often.
    HandOver {
        to: usize,
        may_hand_on: bool,
        times: usize,
    },
    TakeBack,
    Return,
    /// Signs what was seen last.
    Sign,
    /// Opens the signed case again.
    Reopen,
}

#[derive(Clone, Copy, Debug)]
struct Save {
    variable: usize,
    value: Option<usize>,
}

fn save() -> impl Strategy<Value = Save> {
    // Few values, so that equal ones meet.
    let value = proptest::option::weighted(0.8, 0..3usize);
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
        4 => (1..PEOPLE, any::<bool>(), 1..3usize)
            .prop_map(|(to, may_hand_on, times)| Step::HandOver { to, may_hand_on, times }),
        1 => Just(Step::TakeBack),
        2 => Just(Step::Return),
        3 => Just(Step::Sign),
        2 => Just(Step::Reopen),
    ]
}

/// A form, and how often it had been sent.
type Sent = (usize, u32);

/// A request: a variable, the version that it replaces, the value, and the form that it comes from.
#[derive(Clone, Copy, Debug)]
struct Request {
    variable: usize,
    replaces: usize,
    value: Option<usize>,
    sent: Sent,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done { changed: bool },
    Conflict,
    Signed,
    NotTheirs,
}

/// What the store must hold, in the simplest way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Model {
    /// Every accepted value of each variable, in order, with the form that it came from.
    accepted: [Vec<(Option<usize>, Sent)>; VARIABLES.len()],
    done: bool,
    signed: bool,
    signatures: usize,
    /// Who has the section, and whether they may hand it on.
    holder: Option<(usize, bool)>,
}

impl Model {
    /// Whether somebody may change the section, or why not.
    fn refuses(&self, who: usize) -> Option<Outcome> {
        match (self.signed, who, self.holder) {
            (true, _, _) => Some(Outcome::Signed),
            (false, 0, _) => None,
            (false, who, Some((holder, _))) if who == holder => None,
            (false, _, _) => Some(Outcome::NotTheirs),
        }
    }

    fn save(&mut self, who: usize, request: Request) -> Outcome {
        if let Some(refused) = self.refuses(who) {
            return refused;
        }
        let accepted = &mut self.accepted[request.variable];
        let last = accepted.last().copied();
        let own = last.filter(|(_, sent)| sent.0 == request.sent.0);
        let late = own.is_some_and(|(_, sent)| request.sent.1 < sent.1);
        if last.and_then(|(value, _)| value) == request.value || late {
            return Outcome::Done { changed: false };
        }
        if last.is_some() && accepted.len() != request.replaces && own.is_none() {
            return Outcome::Conflict;
        }
        accepted.push((request.value, request.sent));
        Outcome::Done { changed: true }
    }

    fn hand_over(&mut self, who: usize, to: usize, may_hand_on: bool) -> Outcome {
        let changed = match (self.signed, who, self.holder) {
            (true, _, _) => return Outcome::Signed,
            (false, 0, holder) => holder != Some((to, may_hand_on)),
            (false, _, Some((holder, _))) if holder == to => false,
            (false, who, Some((holder, true))) if holder == who => true,
            (false, _, _) => return Outcome::NotTheirs,
        };
        if changed {
            self.holder = Some((to, may_hand_on));
        }
        Outcome::Done { changed }
    }

    /// Whether a signature under what was seen then is one under what holds now.
    fn shows_the_same(&self, then: &Model) -> bool {
        self.accepted == then.accepted && self.done == then.done
    }
}

/// What one person knows.
#[derive(Clone, Default)]
struct Person {
    /// Who they are, once they have to do with the case.
    contact: Option<ContactId>,
    seen: Option<(Model, Hash)>,
    /// The form that is open, and how often it has been sent.
    form: Sent,
    last: Option<Request>,
}

impl Person {
    fn request(&mut self, save: Save) -> Request {
        let Save { variable, value } = save;
        let seen = self.seen.as_ref().map_or(0, |(model, _)| model.accepted[variable].len());
        self.form.1 += 1;
        let request = Request { variable, replaces: seen, value, sent: self.form };
        self.last = Some(request);
        request
    }
}

/// A case that several people have open.
struct Meeting<'a> {
    field: &'a Field,
    /// Another server on the same database, which has read nothing of the case yet.
    afresh: &'a Store,
    case: CaseId,
    model: Model,
    people: Vec<Person>,
    /// How many forms have been made.
    forms: usize,
}

impl Meeting<'_> {
    async fn take(&mut self, who: usize, step: &Step) {
        // Whoever has never had anything to do with the case does not get in.
        if self.people[who].contact.is_none() {
            return;
        }
        match step {
            Step::Look => {
                let case = self.field.store.case(&self.case).await.unwrap();
                self.forms += 1;
                let person = &mut self.people[who];
                person.seen = Some((self.model.clone(), case.content()));
                person.form = (self.forms, 0);
            }
            Step::Save(save) => {
                let request = self.people[who].request(*save);
                self.send(who, request).await;
            }
            Step::SendAgain => {
                if let Some(request) = self.people[who].last {
                    self.send(who, request).await;
                }
            }
            Step::Race { mine, theirs } => self.race(who, *mine, *theirs).await,
            Step::HandIn => {
                let section = section("bosetting");
                let done = self.change(who, async |w, case| w.hand_in(case, &section).await);
                self.model.done |= done.await;
            }
            Step::OpenSection => {
                let section = section("bosetting");
                let opened =
                    self.change(who, async |w, case| w.reopen_section(case, &section).await);
                self.model.done &= !opened.await;
            }
            Step::HandOver { to, may_hand_on, times } => {
                for _ in 0..*times {
                    self.hand_over(who, *to, *may_hand_on).await;
                }
            }
            Step::TakeBack => self.take_back(who).await,
            Step::Return => self.give_back(who).await,
            Step::Sign => self.sign(who).await,
            Step::Reopen => {
                let mut writing = self.writing(who).await;
                match (writing.reopen(&self.case).await, who) {
                    (Ok(()), 0) => {
                        writing.commit().await.unwrap();
                        self.model.signed = false;
                    }
                    (Err(StoreError::NotOpen(_)), 1..) => {}
                    (other, who) => panic!("{other:?} for {who}"),
                }
            }
        }
    }

    async fn writing(&self, who: usize) -> store::Writing {
        self.field.writing(&self.actor(who), "2025-10-02T10:00:00").await
    }

    fn actor(&self, who: usize) -> Actor {
        Actor::Contact(self.people[who].contact.clone().expect("they have come"))
    }

    /// Makes a change of the section; returns whether it was made, which is as the model says.
    async fn change(
        &self,
        who: usize,
        change: impl AsyncFnOnce(&mut store::Writing, &CaseId) -> Result<(), StoreError>,
    ) -> bool {
        let mut writing = self.writing(who).await;
        let refused = match change(&mut writing, &self.case).await {
            Ok(()) => {
                writing.commit().await.unwrap();
                None
            }
            Err(error) => Some(refusal(error)),
        };
        assert_eq!(refused, self.model.refuses(who));
        refused.is_none()
    }

    async fn hand_over(&mut self, who: usize, to: usize, may_hand_on: bool) {
        let expected = self.model.hand_over(who, to, may_hand_on);
        let mut writing = self.writing(who).await;
        let handed = writing
            .hand_over(&HandOver {
                case: &self.case,
                sections: &[section("bosetting")],
                to: &person(to),
                note: "",
                due: None,
                may_hand_on,
            })
            .await;
        let outcome = match handed {
            Ok(handed) => {
                writing.commit().await.unwrap();
                let changed = !handed.sections.is_empty();
                if changed {
                    let kind = AccessKind::Delegate;
                    self.field.invite(&handed.contact, kind, &self.case).await;
                    let known = self.people[to].contact.get_or_insert(handed.contact.clone());
                    assert_eq!(*known, handed.contact, "one address, one person");
                }
                Outcome::Done { changed }
            }
            Err(error) => refusal(error),
        };
        assert_eq!(outcome, expected);
    }

    async fn take_back(&mut self, who: usize) {
        let mut writing = self.writing(who).await;
        match (writing.take_back(&self.case, &section("bosetting")).await, who) {
            (Ok(()), 0) => {
                assert!(!self.model.signed);
                writing.commit().await.unwrap();
                self.model.holder = None;
            }
            (Err(StoreError::NotOpen(_)), 1..) => {}
            (Err(StoreError::Signed(_)), _) => assert!(self.model.signed),
            (other, who) => panic!("{other:?} for {who}"),
        }
    }

    async fn give_back(&mut self, who: usize) {
        let mut writing = self.writing(who).await;
        let expected = match (self.model.signed, self.model.holder) {
            (true, _) => Outcome::Signed,
            (false, None) => Outcome::Done { changed: false },
            (false, Some((holder, _))) if holder == who => Outcome::Done { changed: true },
            (false, Some(_)) => Outcome::NotTheirs,
        };
        let outcome = match writing.return_section(&self.case, &section("bosetting"), "").await {
            Ok(returned) => {
                writing.commit().await.unwrap();
                Outcome::Done { changed: returned.is_some() }
            }
            Err(error) => refusal(error),
        };
        assert_eq!(outcome, expected);
        if outcome == (Outcome::Done { changed: true }) {
            self.model.holder = None;
        }
    }

    async fn send(&mut self, who: usize, request: Request) {
        let expected = self.model.save(who, request);
        assert_eq!(save_one(self.field, &self.case, &self.actor(who), request).await, expected);
    }

    /// Two save at once: what came of it must come of one order or the other.
    async fn race(&mut self, who: usize, mine: Save, theirs: Save) {
        let other = (who + 1) % PEOPLE;
        if self.people[other].contact.is_none() {
            return;
        }
        let (mine, theirs) = (self.people[who].request(mine), self.people[other].request(theirs));
        let (me, they) = (self.actor(who), self.actor(other));
        let outcomes = tokio::join!(
            save_one(self.field, &self.case, &me, mine),
            save_one(self.field, &self.case, &they, theirs)
        );
        let (mut first, mut second) = (self.model.clone(), self.model.clone());
        let in_my_order = (first.save(who, mine), first.save(other, theirs));
        let their_outcome = second.save(other, theirs);
        let in_theirs = (second.save(who, mine), their_outcome);
        self.model = match outcomes {
            outcomes if outcomes == in_my_order => first,
            outcomes if outcomes == in_theirs => second,
            neither => panic!("{neither:?}, where {in_my_order:?} or {in_theirs:?} may be"),
        };
    }

    async fn sign(&mut self, who: usize) {
        let Some((then, content)) = self.people[who].seen.clone() else { return };
        let mut writing = self.writing(who).await;
        match (writing.sign(&self.case, content).await, who) {
            (Ok(_), 0) => {
                assert!(self.model.shows_the_same(&then), "signed what nobody saw");
                writing.commit().await.unwrap();
                self.model.signatures += usize::from(!self.model.signed);
                self.model.signed = true;
            }
            (Err(StoreError::Changed(_)), 0) => assert!(!self.model.shows_the_same(&then)),
            (Err(StoreError::NotOpen(_)), 1..) => {}
            (other, who) => panic!("{other:?} for {who}"),
        }
    }

    /// The store holds what the model does, and the history is complete and without a gap.
    async fn holds(&self) {
        let case = self.field.store.case(&self.case).await.unwrap();
        assert_eq!(case, self.afresh.case(&self.case).await.unwrap(), "not what is on disk");
        let latest = |index: usize| self.model.accepted[index].last().and_then(|(value, _)| *value);
        for (index, name) in VARIABLES.iter().enumerate() {
            let held = case.held(name);
            let versions = self.model.accepted[index].len();
            assert_eq!(held.map_or(0, |held| held.version as usize), versions);
            let value = held.and_then(|held| held.value.as_deref());
            assert_eq!(value, latest(index).map(|value| VALUES[index][value]));
        }
        self.path_is_of(&case, latest(0) == Some(0));
        let done = case.status(&section("bosetting")) == SectionStatus::Done;
        let holder = case.assignments.get(&section("bosetting")).map(|held| held.contact.clone());
        assert_eq!((case.signed, done), (self.model.signed, self.model.done));
        assert_eq!(case.signatures.len(), self.model.signatures);
        let expected = self.model.holder.and_then(|(who, _)| self.people[who].contact.clone());
        assert_eq!(holder, expected);
        let signed = self.field.actions(&self.case).await;
        let signed = signed.iter().filter(|line| line.starts_with("signed ")).count();
        assert_eq!(signed, self.model.signatures);
    }

    /// The second question is asked where the first is answered `ja`, and its answer is kept either way.
    fn path_is_of(&self, case: &Case, asked: bool) {
        let Tiny { instrument, frame, .. } = &self.field.tiny;
        let mut answers = case.answers(instrument);
        let path = path(instrument, &frame.units[0].attributes(), &mut answers);
        let variable = instrument.variable(VARIABLES[1]).unwrap();
        assert_eq!(path.asks(instrument, variable), asked);
    }
}

/// Returns the outcome that a refusal is.
fn refusal(error: StoreError) -> Outcome {
    match error {
        StoreError::Conflict(_) => Outcome::Conflict,
        StoreError::Signed(_) => Outcome::Signed,
        StoreError::NotTheirs(_) => Outcome::NotTheirs,
        other => panic!("{other}"),
    }
}

async fn save_one(field: &Field, case: &CaseId, by: &Actor, request: Request) -> Outcome {
    let value = request.value.map(|value| VALUES[request.variable][value]);
    let answer = (VARIABLES[request.variable], request.replaces as u32, value);
    let form = Form { token: format!("form {}", request.sent.0).into(), step: request.sent.1 };
    let mut writing = field.writing(by, "2025-10-02T10:00:00").await;
    let saved =
        writing.save_from(case, &section("bosetting"), &writes(&[answer]), Some(&form)).await;
    match saved {
        Ok(Saved { changed, .. }) => {
            writing.commit().await.unwrap();
            Outcome::Done { changed: changed == 1 }
        }
        Err(error) => refusal(error),
    }
}

fn person(who: usize) -> Contact {
    let email = format!("person{who}@example.no");
    Contact { name: format!("person {who}"), email, language: instrument::Lang::NB }
}

/// Opens a round with a case for each schedule.
async fn cases(field: &Field, count: u32) -> (Vec<CaseId>, ContactId) {
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
    let coordinator = writing.add_contact(&person(0)).await.unwrap();
    writing.commit().await.unwrap();
    (units.into_iter().map(|unit| CaseId { round, unit }).collect(), coordinator)
}

/// Runs so many schedules; one that fails is made as short as it can be, each try on a new case.
fn check(schedules: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let field = runtime.block_on(Field::open());
    let afresh = runtime.block_on(field.database.open());
    let (cases, coordinator) = runtime.block_on(cases(&field, schedules + 2000));
    let unused = std::cell::RefCell::new(cases.into_iter());
    let config = ProptestConfig { max_shrink_iters: 1900, ..ProptestConfig::with_cases(schedules) };
    let schedule = vec((0..PEOPLE, step()), 1..30);
    let checked = TestRunner::new(config).run(&schedule, |steps| {
        let case = unused.borrow_mut().next().expect("there is a case for each schedule");
        let mut people = vec![Person::default(); PEOPLE];
        people[0].contact = Some(coordinator.clone());
        let model = Model::default();
        let mut meeting = Meeting { field: &field, afresh: &afresh, case, model, people, forms: 0 };
        runtime.block_on(async {
            field.invite(&coordinator, AccessKind::Coordinator, &meeting.case).await;
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
