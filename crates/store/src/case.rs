//! A case as it stands: its answers, who holds its sections, how far they have come.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use frame::UnitId;
use instrument::{Answers, Hash, Instrument, RoundId, SectionId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::known::Revised;
use crate::sql::{Executor, Row, query};
use crate::{ContactId, Store, StoreError};

/// The name of a case: one unit in one round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId {
    /// The round.
    pub round: RoundId,
    /// The unit.
    pub unit: UnitId,
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.round, self.unit)
    }
}

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// Somebody who answers.
    Contact(ContactId),
    /// Somebody who works with the survey.
    Staff(String),
    /// `runde simulate`.
    Simulation,
    /// The task that sends what lies in the outbox.
    Sender,
}

/// The name under which whoever works on the command line makes changes, as [`Actor::Staff`].
pub const COMMAND_LINE: &str = "command line";

/// The answer that holds for a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its version, counted from 1.
    pub version: u32,
    /// The value as [`instrument::Value::encode`] wrote it; `None` where it was withdrawn.
    pub value: Option<String>,
    /// Who answered.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// The form that wrote it; `None` where no form did.
    pub form: Option<Form>,
}

/// The answers that hold in a case, by variable: shared with the case as it was before a save, which
/// changes a few of them.
pub type HeldAnswers = BTreeMap<Arc<str>, Arc<Held>>;

/// A form in somebody's browser, as often as it has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The random name that it got when its page was made.
    pub token: Arc<str>,
    /// How often it has been sent before.
    pub step: u32,
}

/// How far a section has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionStatus {
    /// Nobody has saved a page of it.
    NotBegun,
    /// Some of it has been saved.
    Begun,
    /// It has been handed in.
    Done,
}

/// How far a section has come, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionState {
    /// How far it has come; never [`SectionStatus::NotBegun`].
    pub status: SectionStatus,
    /// Who changed it last.
    pub by: Actor,
    /// When it was changed last.
    pub at: Timestamp,
    /// When it was handed in for the first time.
    pub first_done_at: Option<Timestamp>,
}

/// A section in a colleague's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Who has it.
    pub contact: ContactId,
    /// What the colleague is called.
    pub name: String,
    /// When it was handed over.
    pub at: Timestamp,
    /// By when the colleague is asked to be done.
    pub due: Option<Date>,
    /// Whether the colleague may hand it on.
    pub may_hand_on: bool,
}

/// A coordinator's signature under the whole case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The hash of what was signed: [`Case::content`] at the time.
    pub hash: Hash,
    /// Who signed.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub id: CaseId,
    /// Whether the last signature holds: nothing can be changed before the case is opened again.
    pub signed: bool,
    /// The answers that hold, by variable.
    pub held: HeldAnswers,
    /// How far the sections have come; one that is not begun is absent.
    pub sections: BTreeMap<SectionId, SectionState>,
    /// The sections that are in a colleague's hands.
    pub assignments: BTreeMap<SectionId, Assignment>,
    /// All signatures, the first one first.
    pub signatures: Vec<Signature>,
}

impl Case {
    /// Returns the answers as the instrument reads them. A value that the questionnaire no longer
    /// knows counts as unanswered; it stays in the store.
    pub fn answers(&self, instrument: &Instrument) -> Answers {
        let mut answers = Answers::none(instrument);
        for (index, variable) in instrument.variables.iter().enumerate() {
            let value = self.held(&variable.name).and_then(|held| held.value.as_deref());
            answers.set(index, value.and_then(|text| instrument.decode(variable, text).ok()));
        }
        answers
    }

    /// Returns the hash of all answers with their versions and of the sections that have been
    /// handed in: what a signature binds.
    pub fn content(&self) -> Hash {
        let mut text = format!("{}\n", self.id);
        for (variable, held) in &self.held {
            // The length keeps a text with line breaks from passing for several answers.
            let length = |value: &String| format!("{}:{value}", value.len());
            let value = held.value.as_ref().map_or("-".to_owned(), length);
            text.push_str(&format!("{variable} {} {value}\n", held.version));
        }
        for section in self.sections.keys() {
            if self.status(section) == SectionStatus::Done {
                text.push_str(&format!("{section} done\n"));
            }
        }
        Hash::of(text)
    }

    /// Returns which version of each answer holds, and which sections have been handed in: with
    /// the answers themselves, what [`Case::content`] is the hash of.
    pub(crate) fn versions(&self) -> String {
        let answers = self.held.iter().map(|(name, held)| format!("{name} {}\n", held.version));
        let done = |section: &&SectionId| self.status(section) == SectionStatus::Done;
        let sections = self.sections.keys().filter(done).map(|id| format!("{id} done\n"));
        answers.chain(sections).collect()
    }

    /// Returns the answer that holds for a variable.
    pub fn held(&self, variable: &str) -> Option<&Held> {
        self.held.get(variable).map(Arc::as_ref)
    }

    /// Returns how far a section has come.
    pub fn status(&self, section: &SectionId) -> SectionStatus {
        self.sections.get(section).map_or(SectionStatus::NotBegun, |state| state.status)
    }
}

impl Held {
    /// Whether this form has written it.
    pub fn is_from(&self, form: Option<&Form>) -> bool {
        self.form.as_ref().zip(form).is_some_and(|(own, form)| own.token == form.token)
    }
}

impl Actor {
    /// Returns who it is, where it is somebody who answers.
    pub fn contact(&self) -> Option<&ContactId> {
        match self {
            Actor::Contact(contact) => Some(contact),
            Actor::Staff(_) | Actor::Simulation | Actor::Sender => None,
        }
    }

    /// Returns the text under which the store keeps it.
    pub(crate) fn write(&self) -> String {
        match self {
            Actor::Contact(contact) => format!("contact:{contact}"),
            Actor::Staff(name) => format!("staff:{name}"),
            Actor::Simulation => "simulation".to_owned(),
            Actor::Sender => "sender".to_owned(),
        }
    }

    pub(crate) fn read(text: &str) -> Result<Actor, StoreError> {
        match text.split_once(':') {
            Some(("contact", id)) => Ok(Actor::Contact(ContactId::stored(id))),
            Some(("staff", name)) => Ok(Actor::Staff(name.to_owned())),
            None if text == "simulation" => Ok(Actor::Simulation),
            None if text == "sender" => Ok(Actor::Sender),
            _ => Err(StoreError::stored("actor", text)),
        }
    }
}

impl SectionStatus {
    pub(crate) fn write(self) -> &'static str {
        match self {
            SectionStatus::NotBegun => "not_begun",
            SectionStatus::Begun => "begun",
            SectionStatus::Done => "done",
        }
    }

    pub(crate) fn read(text: &str) -> Result<SectionStatus, StoreError> {
        match text {
            "begun" => Ok(SectionStatus::Begun),
            "done" => Ok(SectionStatus::Done),
            other => Err(StoreError::stored("state of a section", other)),
        }
    }
}

pub(crate) fn time(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| StoreError::stored("time", millis.to_string()))
}

/// Reads the column `due`.
pub(crate) fn day(row: &Row) -> Result<Option<Date>, StoreError> {
    let day: Option<String> = row.try_get("due")?;
    let read = |day: String| day.parse().map_err(|_| StoreError::stored("day", day));
    day.map(read).transpose()
}

pub(crate) fn section_id(text: &str) -> Result<SectionId, StoreError> {
    SectionId::new(text).map_err(|_| StoreError::stored("section", text))
}

/// Reads the columns `version, value, answered_by, answered_at, form, form_step`.
pub(crate) fn held(row: &Row) -> Result<Held, StoreError> {
    Ok(Held {
        version: count(row.try_get("version")?)?,
        form: form(row)?,
        value: row.try_get("value")?,
        by: Actor::read(row.try_get("answered_by")?)?,
        at: time(row.try_get("answered_at")?)?,
    })
}

/// Reads the columns `form, form_step`.
fn form(row: &Row) -> Result<Option<Form>, StoreError> {
    let token: Option<Arc<str>> = row.try_get("form")?;
    let step: Option<i64> = row.try_get("form_step")?;
    let form = |token| Ok(Form { token, step: count(step.unwrap_or_default())? });
    token.map(form).transpose()
}

fn count(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::stored("count", number.to_string()))
}

/// Reads the columns `state, changed_by, changed_at, first_done_at`.
pub(crate) fn section_state(row: &Row) -> Result<SectionState, StoreError> {
    let first: Option<i64> = row.try_get("first_done_at")?;
    Ok(SectionState {
        status: SectionStatus::read(row.try_get("state")?)?,
        by: Actor::read(row.try_get("changed_by")?)?,
        at: time(row.try_get("changed_at")?)?,
        first_done_at: first.map(time).transpose()?,
    })
}

impl Store {
    /// Returns a case as it stands.
    pub async fn case(&self, id: &CaseId) -> Result<Arc<Case>, StoreError> {
        let revision = self.revision(id).await?;
        self.case_at(id, revision).await
    }

    /// Returns the revision that a case stands under.
    pub(crate) async fn revision(&self, id: &CaseId) -> Result<i64, StoreError> {
        let row = query("select revision from unit_case where round = $1 and unit = $2")
            .bind(i64::from(id.round.year()))
            .bind(id.unit.as_str())
            .fetch_optional(&mut self.readers.reader().await?)
            .await?
            .ok_or_else(|| StoreError::NoCase(id.clone()))?;
        Ok(row.try_get("revision")?)
    }

    /// Returns a case of which the database has just named the revision: it is read where it is
    /// not known.
    pub(crate) async fn case_at(
        &self,
        id: &CaseId,
        revision: i64,
    ) -> Result<Arc<Case>, StoreError> {
        if let Some(case) = self.known.get(id, revision) {
            return Ok(case);
        }
        let mut snapshot = self.readers.snapshot().await?;
        let revised = load(&mut snapshot, id).await?;
        self.known.keep(revised.clone());
        Ok(revised.case)
    }
}

/// Reads a case within a transaction, with the revision that it has there.
pub(crate) async fn load(
    connection: &mut impl Executor,
    id: &CaseId,
) -> Result<Revised, StoreError> {
    let (round, unit) = (i64::from(id.round.year()), id.unit.as_str());
    let row = query("select signed, revision from unit_case where round = $1 and unit = $2")
        .bind(round)
        .bind(unit)
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::NoCase(id.clone()))?;
    let signed: i32 = row.try_get("signed")?;
    let case = Case {
        id: id.clone(),
        signed: signed != 0,
        held: load_answers(connection, round, unit).await?,
        sections: load_sections(connection, round, unit).await?,
        assignments: load_assignments(connection, round, unit).await?,
        signatures: load_signatures(connection, round, unit).await?,
    };
    Ok(Revised { revision: row.try_get("revision")?, case: Arc::new(case) })
}

/// Reads the answers that hold in a case, by variable.
async fn load_answers(
    connection: &mut impl Executor,
    round: i64,
    unit: &str,
) -> Result<HeldAnswers, StoreError> {
    // Ascending versions: the last one put into the map is the one that holds.
    let rows = query(
        "select variable, version, value, answered_by, answered_at, form, form_step from answer \
         where round = $1 and unit = $2 order by variable, version",
    )
    .bind(round)
    .bind(unit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("variable")?, Arc::new(held(row)?)))).collect()
}

async fn load_sections(
    connection: &mut impl Executor,
    round: i64,
    unit: &str,
) -> Result<BTreeMap<SectionId, SectionState>, StoreError> {
    let rows = query(
        "select section, state, changed_by, changed_at, first_done_at from section_state \
         where round = $1 and unit = $2",
    )
    .bind(round)
    .bind(unit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((section_id(row.try_get("section")?)?, section_state(row)?))).collect()
}

async fn load_assignments(
    connection: &mut impl Executor,
    round: i64,
    unit: &str,
) -> Result<BTreeMap<SectionId, Assignment>, StoreError> {
    let rows = query(
        "select a.section, a.contact, c.name, a.assigned_at, a.due, a.may_hand_on from assignment a \
         join contact c on c.contact = a.contact \
         where a.round = $1 and a.unit = $2 and a.ended_at is null",
    )
    .bind(round)
    .bind(unit)
    .fetch_all(connection)
    .await?;
    let assignment = |row: &Row| {
        Ok((
            section_id(row.try_get("section")?)?,
            Assignment {
                contact: ContactId::stored(row.try_get("contact")?),
                name: row.try_get("name")?,
                at: time(row.try_get("assigned_at")?)?,
                due: day(row)?,
                may_hand_on: row.try_get::<i32>("may_hand_on")? != 0,
            },
        ))
    };
    rows.iter().map(assignment).collect()
}

async fn load_signatures(
    connection: &mut impl Executor,
    round: i64,
    unit: &str,
) -> Result<Vec<Signature>, StoreError> {
    let rows = query(
        "select hash, signed_by, signed_at from signature \
         where round = $1 and unit = $2 order by number",
    )
    .bind(round)
    .bind(unit)
    .fetch_all(connection)
    .await?;
    let signature = |row: &Row| {
        let hash: &str = row.try_get("hash")?;
        Ok(Signature {
            hash: Hash::from_hex(hash).ok_or_else(|| StoreError::stored("hash", hash))?,
            by: Actor::read(row.try_get("signed_by")?)?,
            at: time(row.try_get("signed_at")?)?,
        })
    };
    rows.iter().map(signature).collect()
}
