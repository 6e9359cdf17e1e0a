//! The people of a case: who they are, whether they have come, and forgetting them.

use std::collections::{BTreeMap, BTreeSet};

use instrument::Lang;
use jiff::Timestamp;

use crate::access::case_id;
use crate::case::time;
use crate::hands::Ended;
use crate::sql::{Row, query};
use crate::writing::year;
use crate::{AccessKind, Actor, CaseId, Contact, ContactId, Store, StoreError, Writing};

/// Somebody who has, or had, to do with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name, address and language; empty where the person has been erased.
    pub contact: Contact,
    /// Whether the person may see the whole case; a colleague's hands are told by
    /// [`Store::hands`].
    pub kind: AccessKind,
    /// When the person first came in through a link into this case.
    pub opened_at: Option<Timestamp>,
    /// When the person last did.
    pub last_opened_at: Option<Timestamp>,
    /// What an e-mail server said when it refused the address.
    pub refusal: Option<String>,
    /// When the person was erased.
    pub erased_at: Option<Timestamp>,
}

impl Store {
    /// Returns everybody who has, or had, to do with a case.
    pub async fn people(&self, case: &CaseId) -> Result<BTreeMap<ContactId, Person>, StoreError> {
        let rows = query(PEOPLE)
            .bind(year(case))
            .bind(case.unit.as_str())
            .fetch_all(&mut self.readers.reader().await?)
            .await?;
        rows.iter().map(person).collect()
    }

    /// Returns the cases that a contact's valid links open at the time `now`.
    pub async fn cases_of(
        &self,
        contact: &ContactId,
        now: Timestamp,
    ) -> Result<BTreeSet<CaseId>, StoreError> {
        let rows = query(
            "select round, unit from link \
             where contact = $1 and expires_at > $2 and revoked_at is null",
        )
        .bind(contact.as_str())
        .bind(now.as_millisecond())
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        rows.iter().map(case_id).collect()
    }
}

/// A coordinator is told by a link; a colleague may have no link yet, for it is made when the
/// letter leaves.
const PEOPLE: &str = "select c.contact, c.name, c.email, c.language, c.refusal, c.erased_at, \
    (select min(l.opened_at) from link l \
    where l.round = $1 and l.unit = $2 and l.contact = c.contact) as opened_at, \
    (select max(l.last_opened_at) from link l \
    where l.round = $1 and l.unit = $2 and l.contact = c.contact) as last_opened_at, \
    (select count(*) from link l where l.round = $1 and l.unit = $2 and l.contact = c.contact \
    and l.access = 'coordinator') as coordinates \
    from contact c where c.contact in \
    (select l.contact from link l where l.round = $1 and l.unit = $2 \
    union select a.contact from assignment a where a.round = $1 and a.unit = $2)";

fn person(row: &Row) -> Result<(ContactId, Person), StoreError> {
    let opened: Option<i64> = row.try_get("opened_at")?;
    let last_opened: Option<i64> = row.try_get("last_opened_at")?;
    let erased: Option<i64> = row.try_get("erased_at")?;
    let kind = match row.try_get::<i64>("coordinates")? {
        0 => AccessKind::Delegate,
        _ => AccessKind::Coordinator,
    };
    let person = Person {
        contact: contact(row)?,
        kind,
        opened_at: opened.map(time).transpose()?,
        last_opened_at: last_opened.map(time).transpose()?,
        refusal: row.try_get("refusal")?,
        erased_at: erased.map(time).transpose()?,
    };
    Ok((ContactId::stored(row.try_get("contact")?), person))
}

/// Reads the columns `name, email, language`.
pub(crate) fn contact(row: &Row) -> Result<Contact, StoreError> {
    let language: &str = row.try_get("language")?;
    Ok(Contact {
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        language: language.parse::<Lang>().map_err(|_| StoreError::stored("language", language))?,
    })
}

impl Writing {
    /// Returns the coordinator with this address, brought up to date, or adds one: whoever
    /// coordinates several units has one link that opens them all.
    pub async fn coordinator(&mut self, contact: &Contact) -> Result<ContactId, StoreError> {
        let rows = query(
            "select c.contact, c.name, c.email, c.language from contact c where c.contact in \
             (select l.contact from link l where l.access = 'coordinator')",
        )
        .fetch_all(&mut self.tx)
        .await?;
        self.known_or_new(&rows, contact, true).await
    }

    /// Returns the colleague with this address in a case, brought up to date where `may_rename` says so,
    /// or adds one. Nobody learns from this whom other cases know.
    pub(crate) async fn colleague(
        &mut self,
        case: &CaseId,
        contact: &Contact,
        may_rename: bool,
    ) -> Result<ContactId, StoreError> {
        let rows = query(
            "select c.contact, c.name, c.email, c.language from contact c where c.contact in \
             (select a.contact from assignment a where a.round = $1 and a.unit = $2)",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .fetch_all(&mut self.tx)
        .await?;
        self.known_or_new(&rows, contact, may_rename).await
    }

    async fn known_or_new(
        &mut self,
        known: &[Row],
        contact: &Contact,
        may_rename: bool,
    ) -> Result<ContactId, StoreError> {
        // Compared here, for databases differ in what they take for the small form of a letter.
        let wanted = contact.email.to_lowercase();
        for row in known {
            let now = self::contact(row)?;
            if now.email.to_lowercase() == wanted {
                let id = ContactId::stored(row.try_get("contact")?);
                let same = (&now.name, now.language) == (&contact.name, contact.language);
                if may_rename && !same {
                    self.rename(&id, contact).await?;
                }
                return Ok(id);
            }
        }
        self.add_contact(contact).await
    }

    async fn rename(&mut self, id: &ContactId, contact: &Contact) -> Result<(), StoreError> {
        // Their cases tell the name, and change with it.
        for case in self.cases_with(id).await? {
            self.lock(&case).await?;
            self.audit_about(&case, "renamed", ("", id)).await?;
        }
        query("update contact set name = $2, language = $3 where contact = $1")
            .bind(id.as_str())
            .bind(contact.name.as_str())
            .bind(contact.language.as_str())
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }

    /// Erases a person: name, address, what was written to and by them, and every way in. What
    /// they answered stays, under a name that tells nobody who it was; each of their cases says
    /// when somebody was erased. Returns whether there was anything to erase.
    pub async fn erase_contact(&mut self, id: &ContactId) -> Result<bool, StoreError> {
        // The cases first, as always, and in their order: two who erase do not wait for each other.
        let cases = self.cases_with(id).await?;
        for case in &cases {
            self.lock(case).await?;
        }
        if !self.empty_contact(id).await? {
            return Ok(false);
        }
        for case in &cases {
            self.audit(case, "erased", &id.0).await?;
        }
        self.close_ways_in(id).await?;
        self.forget_words(id).await?;
        Ok(true)
    }

    /// Empties the row of a person; returns whether there was anything in it.
    async fn empty_contact(&mut self, id: &ContactId) -> Result<bool, StoreError> {
        let erased = query(
            "update contact set name = '', email = '', refusal = null, refused_at = null, \
             erased_at = $2 where contact = $1 and erased_at is null",
        )
        .bind(id.as_str())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(erased > 0)
    }

    async fn cases_with(&mut self, id: &ContactId) -> Result<BTreeSet<CaseId>, StoreError> {
        let rows = query(
            "select round, unit from link where contact = $1 \
             union select round, unit from assignment where contact = $1 order by round, unit",
        )
        .bind(id.as_str())
        .fetch_all(&mut self.tx)
        .await?;
        rows.iter().map(case_id).collect()
    }

    /// Notes that an e-mail server knows nobody at the contact's address.
    pub(crate) async fn note_refusal(
        &mut self,
        id: &ContactId,
        refusal: Option<&str>,
    ) -> Result<(), StoreError> {
        query("update contact set refusal = $2, refused_at = $3 where contact = $1")
            .bind(id.as_str())
            .bind(refusal)
            .bind(refusal.map(|_| self.at.as_millisecond()))
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }

    /// Revokes every link of a person, ends what they have begun with it, and takes their sections
    /// back.
    async fn close_ways_in(&mut self, id: &ContactId) -> Result<(), StoreError> {
        let at = self.at.as_millisecond();
        query("update link set revoked_at = $2 where contact = $1 and revoked_at is null")
            .bind(id.as_str())
            .bind(at)
            .execute(&mut self.tx)
            .await?;
        query("delete from session where link in (select token_hash from link where contact = $1)")
            .bind(id.as_str())
            .execute(&mut self.tx)
            .await?;
        query(
            "update assignment set ended_at = $2, ended_as = $3 \
             where contact = $1 and ended_at is null",
        )
        .bind(id.as_str())
        .bind(at)
        .bind(Ended::Erased.write())
        .execute(&mut self.tx)
        .await?;
        Ok(())
    }

    /// Deletes what was written to a person and by them.
    async fn forget_words(&mut self, id: &ContactId) -> Result<(), StoreError> {
        let actor = Actor::Contact(id.clone()).write();
        query(
            "delete from assignment_note where exists (select 1 from assignment a \
             where a.round = assignment_note.round and a.unit = assignment_note.unit \
             and a.section = assignment_note.section and a.number = assignment_note.number \
             and (a.contact = $1 or a.assigned_by = $2))",
        )
        .bind(id.as_str())
        .bind(actor.as_str())
        .execute(&mut self.tx)
        .await?;
        query(
            "update outbox set message = '', enclosed_text = '', enclosed_html = '', \
             trouble = null, ended_at = coalesce(ended_at, $3), \
             state = case when state = 'waiting' then 'dropped' else state end \
             where contact = $1 or asked_by = $2",
        )
        .bind(id.as_str())
        .bind(actor.as_str())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(())
    }
}
