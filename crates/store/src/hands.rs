//! Sections that change hands: handed to a colleague, handed on, taken back, returned.

use std::collections::BTreeMap;

use instrument::SectionId;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::time_of;
use crate::case::{day, section_id, time};
use crate::sql::{Row, query};
use crate::writing::{must_coordinate, year};
use crate::{AccessKind, Actor, CaseId, Contact, ContactId, Store, StoreError, Writing};

/// Sections to be handed to a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// The sections.
    pub sections: &'a [SectionId],
    /// The colleague; whoever has this address in the case already is the same person.
    pub to: &'a Contact,
    /// What is said to the colleague.
    pub note: &'a str,
    /// By when the colleague is asked to be done.
    pub due: Option<Date>,
    /// Whether the colleague may hand the sections on.
    pub may_hand_on: bool,
}

/// What a hand-over came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOver {
    /// Who has the sections now.
    pub contact: ContactId,
    /// The sections that changed hands, each with the number of its assignment; empty for a
    /// request that came twice.
    pub sections: Vec<(SectionId, i64)>,
    /// Whether they have sections from somebody else as well, which a link of theirs opens too.
    pub has_more: bool,
}

/// How an assignment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The coordinator took the section back, or handed it to somebody else.
    TakenBack,
    /// The colleague handed it on.
    HandedOn,
    /// The colleague gave it back.
    Returned,
    /// The colleague was erased.
    Erased,
}

/// A section in somebody's hands, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The number of the assignment within its section.
    pub number: i64,
    /// Whose hands.
    pub contact: ContactId,
    /// Who handed it over.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// By when it was to be done.
    pub due: Option<Date>,
    /// Whether it may be handed on.
    pub may_hand_on: bool,
    /// What was said with it; empty where nothing was.
    pub note: String,
    /// When and how it ended; `None` while it lasts.
    pub ended: Option<(Timestamp, Ended)>,
    /// What was said when it was returned; empty where nothing was.
    pub reply: String,
}

impl Ended {
    pub(crate) fn write(self) -> &'static str {
        match self {
            Ended::TakenBack => "taken_back",
            Ended::HandedOn => "handed_on",
            Ended::Returned => "returned",
            Ended::Erased => "erased",
        }
    }

    /// Reads the column `ended_as`. What ended before the column was there had been taken back.
    fn read(text: Option<&str>) -> Result<Ended, StoreError> {
        match text {
            None | Some("taken_back") => Ok(Ended::TakenBack),
            Some("handed_on") => Ok(Ended::HandedOn),
            Some("returned") => Ok(Ended::Returned),
            Some("erased") => Ok(Ended::Erased),
            Some(other) => Err(StoreError::stored("end of an assignment", other)),
        }
    }
}

impl Store {
    /// Returns whose hands the sections of a case are in and have been in, the first ones first.
    pub async fn hands(&self, case: &CaseId) -> Result<BTreeMap<SectionId, Vec<Hand>>, StoreError> {
        let rows = query(
            "select a.section, a.number, a.contact, a.assigned_by, a.assigned_at, a.due, \
             a.may_hand_on, a.ended_at, a.ended_as, given.note as note, back.note as reply \
             from assignment a \
             left join assignment_note given on given.round = a.round and given.unit = a.unit \
             and given.section = a.section and given.number = a.number \
             and given.said = 'handed_over' \
             left join assignment_note back on back.round = a.round and back.unit = a.unit \
             and back.section = a.section and back.number = a.number and back.said = 'returned' \
             where a.round = $1 and a.unit = $2 order by a.section, a.number",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        let mut hands: BTreeMap<SectionId, Vec<Hand>> = BTreeMap::new();
        for row in &rows {
            hands.entry(section_id(row.try_get("section")?)?).or_default().push(hand(row)?);
        }
        Ok(hands)
    }
}

fn hand(row: &Row) -> Result<Hand, StoreError> {
    let text = |column| -> Result<String, StoreError> {
        Ok(row.try_get::<Option<String>>(column)?.unwrap_or_default())
    };
    let ended: Option<i64> = row.try_get("ended_at")?;
    let how: Option<String> = row.try_get("ended_as")?;
    let how = Ended::read(how.as_deref())?;
    Ok(Hand {
        number: row.try_get("number")?,
        contact: ContactId::stored(row.try_get("contact")?),
        by: Actor::read(row.try_get("assigned_by")?)?,
        at: time_of(row, "assigned_at")?,
        due: day(row)?,
        may_hand_on: row.try_get::<i32>("may_hand_on")? != 0,
        note: text("note")?,
        ended: ended.map(|at| Ok::<_, StoreError>((time(at)?, how))).transpose()?,
        reply: text("reply")?,
    })
}

impl Writing {
    /// Hands a section to a contact; whoever had it before has it no longer. Handing it to the
    /// one who has it is no change.
    pub async fn assign(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        contact: &ContactId,
    ) -> Result<(), StoreError> {
        self.take_unsigned(case).await?;
        if self.holder(case, section).await?.is_some_and(|held| held.contact == *contact) {
            return Ok(());
        }
        self.end_assignment(case, section, Ended::TakenBack).await?;
        self.insert_assignment(case, section, contact, (None, false)).await?;
        Ok(())
    }

    /// Hands sections to a colleague, who is made known to the case where nobody there has the
    /// address. Sections that the colleague has already under the same terms stay as they are, so that
    /// a request may come twice. A colleague who hands on renames nobody. Errs with
    /// [`StoreError::NotTheirs`] where a colleague hands on what is not theirs to hand on.
    pub async fn hand_over(&mut self, hand_over: &HandOver<'_>) -> Result<HandedOver, StoreError> {
        let case = hand_over.case;
        let access = self.take_unsigned(case).await?.access;
        let may_rename = access != Some(AccessKind::Delegate);
        let contact = self.colleague(case, hand_over.to, may_rename).await?;
        let mut handed = HandedOver { contact, sections: vec![], has_more: false };
        let terms = (hand_over.due, hand_over.may_hand_on);
        for section in hand_over.sections {
            let holder = self.holder(case, section).await?;
            if let Some(holder) = &holder
                && holder.contact == handed.contact
                && (access == Some(AccessKind::Delegate)
                    || self.is_asked(case, (section, holder), (terms, hand_over.note)).await?)
            {
                continue;
            }
            let ended = match access {
                Some(AccessKind::Coordinator) | None => Ended::TakenBack,
                Some(AccessKind::Delegate) if self.may_hand_on(holder.as_ref()) => Ended::HandedOn,
                Some(AccessKind::Delegate) => return Err(StoreError::NotTheirs(section.clone())),
            };
            self.end_assignment(case, section, ended).await?;
            let number = self.insert_assignment(case, section, &handed.contact, terms).await?;
            self.note(case, (section, number), "handed_over", hand_over.note).await?;
            handed.sections.push((section.clone(), number));
        }
        handed.has_more = self.has_from_others(case, &handed.contact).await?;
        Ok(handed)
    }

    /// Whether a section is asked of its holder under these terms and with these words.
    async fn is_asked(
        &mut self,
        case: &CaseId,
        (section, holder): (&SectionId, &Holder),
        (terms, note): ((Option<Date>, bool), &str),
    ) -> Result<bool, StoreError> {
        let row = query(
            "select note from assignment_note where round = $1 and unit = $2 and section = $3 \
             and number = $4 and said = 'handed_over'",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(holder.number)
        .fetch_optional(&mut self.tx)
        .await?;
        let said: &str = row.as_ref().map_or(Ok(""), |row| row.try_get("note"))?;
        Ok((holder.due, holder.may_hand_on) == terms && said == note)
    }

    /// Whether somebody else has given the contact a section of the case that they still have.
    async fn has_from_others(
        &mut self,
        case: &CaseId,
        contact: &ContactId,
    ) -> Result<bool, StoreError> {
        let row = query(
            "select count(*) as others from assignment where round = $1 and unit = $2 \
             and contact = $3 and ended_at is null and assigned_by <> $4",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(contact.as_str())
        .bind(self.by.write())
        .fetch_one(&mut self.tx)
        .await?;
        Ok(row.try_get::<i64>("others")? > 0)
    }

    /// Takes a section back from whoever has it. One that nobody has stays with nobody.
    pub async fn take_back(
        &mut self,
        case: &CaseId,
        section: &SectionId,
    ) -> Result<(), StoreError> {
        let access = self.take_unsigned(case).await?.access;
        must_coordinate(case, access)?;
        if self.end_assignment(case, section, Ended::TakenBack).await? {
            self.audit(case, "taken_back", section.as_str()).await?;
        }
        Ok(())
    }

    /// Gives a section back to the coordinator, with a word about why; returns who had handed it
    /// over, and the number of the assignment. `None` for a request that came twice. Errs where
    /// somebody else has the section.
    pub async fn return_section(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        note: &str,
    ) -> Result<Option<(Actor, i64)>, StoreError> {
        self.take_unsigned(case).await?;
        let Some(holder) = self.holder(case, section).await? else { return Ok(None) };
        if Actor::Contact(holder.contact) != self.by {
            return Err(StoreError::NotTheirs(section.clone()));
        }
        self.end_assignment(case, section, Ended::Returned).await?;
        self.note(case, (section, holder.number), "returned", note).await?;
        self.audit(case, "returned", section.as_str()).await?;
        Ok(Some((holder.by, holder.number)))
    }

    fn may_hand_on(&self, holder: Option<&Holder>) -> bool {
        let own = |holder: &Holder| Actor::Contact(holder.contact.clone()) == self.by;
        holder.is_some_and(|holder| own(holder) && holder.may_hand_on)
    }

    /// Ends the assignment of a section; returns whether there was one.
    pub(crate) async fn end_assignment(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        how: Ended,
    ) -> Result<bool, StoreError> {
        let ended = query(
            "update assignment set ended_at = $4, ended_as = $5 \
             where round = $1 and unit = $2 and section = $3 and ended_at is null",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(self.at.as_millisecond())
        .bind(how.write())
        .execute(&mut self.tx)
        .await?;
        Ok(ended > 0)
    }

    async fn holder(
        &mut self,
        case: &CaseId,
        section: &SectionId,
    ) -> Result<Option<Holder>, StoreError> {
        let row = query(
            "select contact, number, assigned_by, due, may_hand_on from assignment \
             where round = $1 and unit = $2 and section = $3 and ended_at is null",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .fetch_optional(&mut self.tx)
        .await?;
        let holder = |row: Row| {
            Ok(Holder {
                contact: ContactId::stored(row.try_get("contact")?),
                number: row.try_get("number")?,
                by: Actor::read(row.try_get("assigned_by")?)?,
                due: day(&row)?,
                may_hand_on: row.try_get::<i32>("may_hand_on")? != 0,
            })
        };
        row.map(holder).transpose()
    }

    /// Adds an assignment of a section that nobody has; returns its number.
    async fn insert_assignment(
        &mut self,
        case: &CaseId,
        section: &SectionId,
        contact: &ContactId,
        (due, may_hand_on): (Option<Date>, bool),
    ) -> Result<i64, StoreError> {
        let row = query(
            "insert into assignment (round, unit, section, number, contact, assigned_by, \
             assigned_at, due, may_hand_on) values ($1, $2, $3, \
             (select coalesce(max(number), 0) + 1 from assignment \
             where round = $1 and unit = $2 and section = $3), $4, $5, $6, $7, $8) \
             returning number",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(contact.as_str())
        .bind(self.by.write())
        .bind(self.at.as_millisecond())
        .bind(due.map(|day| day.to_string()))
        .bind(i32::from(may_hand_on))
        .fetch_one(&mut self.tx)
        .await?;
        self.audit_about(case, "assigned", (section.as_str(), contact)).await?;
        Ok(row.try_get("number")?)
    }

    /// Keeps what was said when a section changed hands; silence is not kept.
    async fn note(
        &mut self,
        case: &CaseId,
        (section, number): (&SectionId, i64),
        said: &str,
        note: &str,
    ) -> Result<(), StoreError> {
        if note.is_empty() {
            return Ok(());
        }
        query(
            "insert into assignment_note (round, unit, section, number, said, note) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(section.as_str())
        .bind(number)
        .bind(said)
        .bind(note)
        .execute(&mut self.tx)
        .await?;
        Ok(())
    }
}

/// Who has a section.
struct Holder {
    contact: ContactId,
    number: i64,
    by: Actor,
    due: Option<Date>,
    may_hand_on: bool,
}
