//! The one way to change anything: a transaction that knows who and when.

use std::sync::Arc;

use instrument::{Hash, SectionId};
use jiff::Timestamp;

use crate::case::{load, time};
use crate::change::Change;
use crate::known::{Known, Revised};
use crate::sql::{Row, query};
use crate::{
    AccessKind, Actor, Case, CaseId, ContactId, FileBytes, Form, Held, SectionState, SectionStatus,
    Signature, Store, StoreError,
};

/// A transaction under way. Nothing of it holds before [`Writing::commit`]; dropping it undoes
/// everything.
#[derive(Debug)]
pub struct Writing {
    pub(crate) tx: Change,
    pub(crate) by: Actor,
    pub(crate) at: Timestamp,
    known: Known,
    /// The case that was changed last as it stands once the transaction has been committed, where
    /// that is known.
    after: Option<Revised>,
}

/// An answer to be written, with the version that it replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerWrite {
    /// The variable.
    pub variable: String,
    /// The value as [`instrument::Value::encode`] wrote it; `None` withdraws the answer.
    pub value: Option<String>,
    /// The version that the informant saw; 0 where there was no answer yet.
    pub replaces: u32,
    /// The file that the value names, where it has just been handed over; it is kept with the answer.
    pub file: Option<FileBytes>,
}

/// Somebody else has answered since the informant saw the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The variable.
    pub variable: String,
    /// The answer that holds now.
    pub held: Held,
}

/// What a save changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// How many answers got a new version; 0 for a request that came twice.
    pub changed: usize,
}

impl Store {
    /// Begins a transaction in which `by` makes changes at the time `at`.
    pub async fn write(&self, by: Actor, at: Timestamp) -> Result<Writing, StoreError> {
        let tx = self.writers.begin().await?;
        // A time is kept in milliseconds, and told as it is kept.
        let at = time(at.as_millisecond())?;
        Ok(Writing { tx, by, at, known: self.known.clone(), after: None })
    }
}

impl Writing {
    /// Makes all changes of the transaction hold. When this returns they are on disk.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_case().await?;
        Ok(())
    }

    /// Does the same; returns the case as these changes have left it, where they were of its answers
    /// and of how far it has come, and so nothing of it has to be read again.
    pub async fn commit_case(self) -> Result<Option<Arc<Case>>, StoreError> {
        self.tx.commit().await?;
        Ok(self.after.map(|after| {
            let case = Arc::clone(&after.case);
            self.known.keep_changed(after);
            case
        }))
    }

    /// Writes the answers of a page and marks its section as begun. An answer that is already
    /// held with the same value is no change, so that a request may come twice. Errs with every
    /// conflict at once, and writes nothing, where somebody else has answered meanwhile.
    pub async fn save(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        answers: &[AnswerWrite],
    ) -> Result<Saved, StoreError> {
        self.save_from(case, section, answers, None).await
    }

    /// Does what [`Writing::save`] does for a form that may be sent several times: it is in no
    /// conflict with what it wrote itself, and what arrives late does not undo what it sent since.
    pub async fn save_from(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        answers: &[AnswerWrite],
        form: Option<&Form>,
    ) -> Result<Saved, StoreError> {
        let taken = self.take_unsigned(case).await?;
        let revision = taken.revision;
        let before = self.taken(case, revision).await?;
        self.must_have(&taken, &before, section)?;
        let changes = changes(&before, answers, form)?;
        let begins = before.status(section) == SectionStatus::NotBegun;
        let saved = Saved { changed: changes.len() };
        let mut after = Arc::unwrap_or_clone(before);
        if !changes.is_empty() || begins {
            let detail = format!("{section}: {}", names(&changes));
            self.audit(case, "answered", &detail).await?;
        }
        if begins {
            let state = self.begin_section(case, section).await?;
            after.sections.insert(section.clone(), state);
        }
        let mut rows = vec![];
        for answer in changes {
            if let Some(file) = &answer.file {
                self.keep_file(file).await?;
            }
            let (name, value) = (answer.variable.as_str(), answer.value.as_deref());
            // Where nothing is held, nobody is overwritten, whatever version the form names.
            let version = after.held(name).map_or(1, |held| held.version + 1);
            rows.push((name, version, value));
            after.held.insert(name.into(), Arc::new(self.answered(value, version, form)));
        }
        self.insert_answers(case, &rows, form).await?;
        self.leave(revision, after);
        Ok(saved)
    }

    /// Hands in a section; one that has been handed in stays as it is. The caller has seen to it
    /// that no hard check is open.
    pub async fn hand_in(&mut self, case: &CaseId, section: &SectionId) -> Result<(), StoreError> {
        let taken = self.take_unsigned(case).await?;
        let revision = taken.revision;
        let mut after = Arc::unwrap_or_clone(self.taken(case, revision).await?);
        self.must_have(&taken, &after, section)?;
        let first = after.sections.get(section).and_then(|state| state.first_done_at);
        let changed = query(
            "insert into section_state \
             (round, unit, section, state, changed_by, changed_at, first_done_at) \
             values ($1, $2, $3, 'done', $4, $5, $5) \
             on conflict (round, unit, section) do update set state = 'done', \
             changed_by = excluded.changed_by, changed_at = excluded.changed_at, \
             first_done_at = coalesce(section_state.first_done_at, excluded.first_done_at) \
             where section_state.state <> 'done'",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(self.by.write())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        if changed > 0 {
            self.audit(case, "handed_in", section.as_str()).await?;
            let first = first.unwrap_or(self.at);
            after.sections.insert(section.clone(), self.state(SectionStatus::Done, Some(first)));
        }
        self.leave(revision, after);
        Ok(())
    }

    /// Opens a section that had been handed in.
    pub async fn reopen_section(
        &mut self,
        case: &CaseId,
        section: &SectionId,
    ) -> Result<(), StoreError> {
        let taken = self.take_unsigned(case).await?;
        let revision = taken.revision;
        let mut after = Arc::unwrap_or_clone(self.taken(case, revision).await?);
        self.must_have(&taken, &after, section)?;
        let first = after.sections.get(section).and_then(|state| state.first_done_at);
        let changed = query(
            "update section_state set state = 'begun', changed_by = $4, changed_at = $5 \
             where round = $1 and unit = $2 and section = $3 and state = 'done'",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(self.by.write())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        if changed > 0 {
            self.audit(case, "opened_section", section.as_str()).await?;
            after.sections.insert(section.clone(), self.state(SectionStatus::Begun, first));
        }
        self.leave(revision, after);
        Ok(())
    }

    /// Signs the whole case. `seen` is [`crate::Case::content`] of what the signer was shown; errs
    /// with [`StoreError::Changed`] where it is no longer so. Signing twice has the effect of once.
    pub async fn sign(&mut self, case: &CaseId, seen: Hash) -> Result<Signature, StoreError> {
        let Taken { revision, signed, access } = self.take(case).await?;
        must_coordinate(case, access)?;
        let current = self.taken(case, revision).await?;
        if current.content() != seen {
            return Err(StoreError::Changed(case.clone()));
        }
        if let (true, Some(last)) = (signed, current.signatures.last()) {
            return Ok(last.clone());
        }
        let number = current.signatures.len() + 1;
        query(
            "insert into signature (round, unit, number, hash, signed_by, signed_at, versions) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(number as i64)
        .bind(seen.to_string())
        .bind(self.by.write())
        .bind(self.at.as_millisecond())
        .bind(current.versions())
        .execute(&mut self.tx)
        .await?;
        self.set_signed(case, true).await?;
        self.audit(case, "signed", &seen.short()).await?;
        let signature = Signature { hash: seen, by: self.by.clone(), at: self.at };
        let mut after = Arc::unwrap_or_clone(current);
        after.signed = true;
        after.signatures.push(signature.clone());
        self.leave(revision, after);
        Ok(signature)
    }

    /// Opens a signed case again; the signature stays in the history.
    pub async fn reopen(&mut self, case: &CaseId) -> Result<(), StoreError> {
        let taken = self.take(case).await?;
        must_coordinate(case, taken.access)?;
        if taken.signed {
            self.set_signed(case, false).await?;
            self.audit(case, "reopened", "").await?;
        }
        Ok(())
    }

    /// Takes the case for this transaction. Errs where there is no such case, where its round is not in
    /// the field now, and where an informant has no valid link into it any more: what a page was
    /// shown for may have been taken back since.
    async fn take(&mut self, case: &CaseId) -> Result<Taken, StoreError> {
        let row = self.lock(case).await?;
        let field: (i64, i64) = (row.try_get("opens")?, row.try_get("closes")?);
        if !(field.0..field.1).contains(&self.at.as_millisecond()) {
            return Err(StoreError::Closed(case.round));
        }
        let access: Option<&str> = row.try_get("access")?;
        let access = access.map(AccessKind::read).transpose()?;
        if let (Actor::Contact(_), None) = (&self.by, access) {
            return Err(StoreError::NotOpen(case.clone()));
        }
        let signed = row.try_get::<i32>("signed")? != 0;
        Ok(Taken { revision: row.try_get("revision")?, signed, access })
    }

    /// Takes a case that is not signed, or errs.
    pub(crate) async fn take_unsigned(&mut self, case: &CaseId) -> Result<Taken, StoreError> {
        let taken = self.take(case).await?;
        if taken.signed { Err(StoreError::Signed(case.clone())) } else { Ok(taken) }
    }

    /// Errs where a colleague does not have the section any more.
    fn must_have(&self, taken: &Taken, case: &Case, section: &SectionId) -> Result<(), StoreError> {
        let holder = case.assignments.get(section).map(|held| &held.contact);
        match taken.access {
            Some(AccessKind::Delegate) if holder != self.by.contact() => {
                Err(StoreError::NotTheirs(section.clone()))
            }
            Some(AccessKind::Delegate | AccessKind::Coordinator) | None => Ok(()),
        }
    }

    /// Returns a case that has just been taken, before anything of it is changed.
    async fn taken(&mut self, case: &CaseId, revision: i64) -> Result<Arc<Case>, StoreError> {
        match self.known.get(case, revision - 1) {
            Some(known) => Ok(known),
            None => Ok(load(&mut self.tx, case).await?.case),
        }
    }

    /// Locks the case before anything about it is read or changed. Returns the columns `revision`,
    /// `signed`, `opens`, `closes` and `access`, the widest that an informant has, whose name comes
    /// first; errs where there is no such case.
    pub(crate) async fn lock(&mut self, case: &CaseId) -> Result<Row, StoreError> {
        self.after = None;
        query(
            "update unit_case set revision = revision + 1 where round = $1 and unit = $2 \
             returning revision, signed, (select r.opens from round r where r.round = $1) as opens, \
             (select r.closes from round r where r.round = $1) as closes, \
             (select min(l.access) from link l where l.round = $1 and l.unit = $2 \
             and l.contact = $3 and l.revoked_at is null and l.expires_at > $4) as access",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(self.by.contact().map(ContactId::as_str))
        .bind(self.at.as_millisecond())
        .fetch_optional(&mut self.tx)
        .await?
        .ok_or_else(|| StoreError::NoCase(case.clone()))
    }

    /// Returns what is held of an answer once it has been written.
    fn answered(&self, value: Option<&str>, version: u32, form: Option<&Form>) -> Held {
        let (by, value) = (self.by.clone(), value.map(str::to_owned));
        Held { version, value, by, at: self.at, form: form.cloned() }
    }

    /// Inserts the answers of a page, many in a statement.
    async fn insert_answers(
        &mut self,
        case: &CaseId,
        answers: &[(&str, u32, Option<&str>)],
        form: Option<&Form>,
    ) -> Result<(), StoreError> {
        for answers in answers.chunks(AT_ONCE) {
            let mut query = query(insert(answers.len()))
                .bind(year(case))
                .bind(case.unit.as_str())
                .bind(self.by.write())
                .bind(self.at.as_millisecond())
                .bind(form.map(|form| &*form.token))
                .bind(form.map(|form| i64::from(form.step)));
            for (variable, version, value) in answers {
                query = query.bind(*variable).bind(i64::from(*version)).bind(*value);
            }
            query.execute(&mut self.tx).await?;
        }
        Ok(())
    }

    /// Marks a section as begun that was not; returns its state.
    async fn begin_section(
        &mut self,
        case: &CaseId,
        section: &SectionId,
    ) -> Result<SectionState, StoreError> {
        query(
            "insert into section_state (round, unit, section, state, changed_by, changed_at) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(SectionStatus::Begun.write())
        .bind(self.by.write())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(self.state(SectionStatus::Begun, None))
    }

    /// Notes what a change makes of a case that was taken under a revision.
    fn leave(&mut self, revision: i64, case: Case) {
        self.after = Some(Revised { revision, case: Arc::new(case) });
    }

    /// Returns the state that a section is brought to.
    fn state(&self, status: SectionStatus, first_done_at: Option<Timestamp>) -> SectionState {
        SectionState { status, by: self.by.clone(), at: self.at, first_done_at }
    }

    async fn set_signed(&mut self, case: &CaseId, signed: bool) -> Result<(), StoreError> {
        query("update unit_case set signed = $3 where round = $1 and unit = $2")
            .bind(year(case))
            .bind(case.unit.as_str())
            .bind(i32::from(signed))
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }

    /// Adds a line to the history of a case about what was done with or to somebody.
    pub(crate) async fn audit_about(
        &mut self,
        case: &CaseId,
        action: &'static str,
        (detail, contact): (&str, &ContactId),
    ) -> Result<(), StoreError> {
        self.audit(case, action, &format!("{detail}{ABOUT}{contact}")).await
    }

    /// Adds a line to the history of a case.
    pub(crate) async fn audit(
        &mut self,
        case: &CaseId,
        action: &'static str,
        detail: &str,
    ) -> Result<(), StoreError> {
        query(
            "insert into audit (round, unit, number, at, actor, action, detail) \
             select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6 \
             from audit where round = $1 and unit = $2",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(self.at.as_millisecond())
        .bind(self.by.write())
        .bind(action)
        .bind(detail)
        .execute(&mut self.tx)
        .await?;
        Ok(())
    }
}

/// What stands before the contact whom a line of a history is about.
pub(crate) const ABOUT: &str = " @";

/// A case that a transaction has to itself.
pub(crate) struct Taken {
    /// Its new revision.
    revision: i64,
    signed: bool,
    /// The widest access that an informant has; `None` for everybody else.
    pub(crate) access: Option<AccessKind>,
}

/// Errs where a colleague does what is the coordinator's to do.
pub(crate) fn must_coordinate(case: &CaseId, access: Option<AccessKind>) -> Result<(), StoreError> {
    match access {
        Some(AccessKind::Delegate) => Err(StoreError::NotOpen(case.clone())),
        Some(AccessKind::Coordinator) | None => Ok(()),
    }
}

/// How many answers go into a statement, so that it stays below the least number of parameters
/// that an engine takes: SQLite's 32,766.
const AT_ONCE: usize = 500;

/// Returns the statement that inserts so many answers. The first six parameters are those that they
/// share, then come three for each.
fn insert(answers: usize) -> String {
    let row = |index: usize| {
        let [variable, version, value] = [7, 8, 9].map(|first| first + 3 * index);
        format!("($1, $2, ${variable}, ${version}, ${value}, $3, $4, $5, $6)")
    };
    let rows: Vec<String> = (0..answers).map(row).collect();
    format!(
        "insert into answer (round, unit, variable, version, value, answered_by, answered_at, \
         form, form_step) values {}",
        rows.join(", ")
    )
}

pub(crate) fn year(case: &CaseId) -> i64 {
    i64::from(case.round.year())
}

/// Returns the answers that a save changes; errs with every conflict at once.
fn changes<'a>(
    before: &Case,
    answers: &'a [AnswerWrite],
    form: Option<&Form>,
) -> Result<Vec<&'a AnswerWrite>, StoreError> {
    let held = |answer: &AnswerWrite| before.held(&answer.variable);
    let changes: Vec<&AnswerWrite> =
        answers.iter().filter(|a| differs(a, held(a)) && !is_late(form, held(a))).collect();
    let conflicts: Vec<Conflict> =
        changes.iter().filter_map(|answer| conflict(answer, held(answer), form)).collect();
    if conflicts.is_empty() { Ok(changes) } else { Err(StoreError::Conflict(conflicts)) }
}

/// Whether writing `answer` would change what is held.
fn differs(answer: &AnswerWrite, held: Option<&Held>) -> bool {
    held.and_then(|held| held.value.as_ref()) != answer.value.as_ref()
}

/// Whether the same form has written the answer since it sent this.
fn is_late(form: Option<&Form>, held: Option<&Held>) -> bool {
    let (Some(form), Some(last)) = (form, held.and_then(|held| held.form.as_ref())) else {
        return false;
    };
    form.token == last.token && form.step < last.step
}

fn conflict(answer: &AnswerWrite, held: Option<&Held>, form: Option<&Form>) -> Option<Conflict> {
    let held = held.filter(|held| held.version != answer.replaces && !held.is_from(form))?;
    Some(Conflict { variable: answer.variable.clone(), held: held.clone() })
}

fn names(answers: &[&AnswerWrite]) -> String {
    answers.iter().map(|answer| answer.variable.as_str()).collect::<Vec<_>>().join(", ")
}
