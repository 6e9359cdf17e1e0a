//! Letters on their way out: each is sent once, and only while it is still wanted.
//!
//! Whoever sends takes a letter in one transaction, which reads again whether it is wanted, makes
//! the link that it carries and lets it rest long enough for the sending; and says in a second one
//! how it went. A sender that dies in between leaves a letter that is tried again later.

use std::fmt;

use instrument::SectionId;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{case_id, time_of};
use crate::case::{load, section_id, time};
use crate::people::contact;
use crate::sql::{Row, query};
use crate::writing::year;
use crate::{
    AccessKind, Actor, Case, CaseId, Contact, ContactId, LinkFor, SectionStatus, Store, StoreError,
    Token, Writing,
};

/// The random name of a letter, the same each time that it is tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterId(pub String);

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// To a colleague: sections to answer.
    HandOver,
    /// To the same: they are still to be answered.
    Reminder,
    /// To whoever handed a section over: it has come back.
    Returned,
    /// To the coordinator: a copy of what was signed.
    Receipt,
}

/// A letter to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFor<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// Whom it goes to.
    pub to: &'a ContactId,
    /// What it is for.
    pub kind: LetterKind,
    /// What sets it apart from other letters to the same contact about the same case.
    pub step: &'a str,
    /// The sections that it is about.
    pub about: &'a [SectionId],
    /// What its writer says.
    pub message: &'a str,
    /// What it encloses, as plain text and as HTML; empty where it encloses nothing.
    pub enclosed: (&'a str, &'a str),
}

/// A letter that has been taken out for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its name.
    pub id: LetterId,
    /// The case.
    pub case: CaseId,
    /// What it is for.
    pub kind: LetterKind,
    /// Whom it goes to.
    pub to: Contact,
    /// Who wanted it sent, where that is a person who answers.
    pub from: Option<Contact>,
    /// The sections that it is about, as far as they still concern its reader.
    pub about: Vec<SectionId>,
    /// By when they are to be done.
    pub due: Option<Date>,
    /// What its writer says.
    pub message: String,
    /// What it encloses, as plain text and as HTML.
    pub enclosed: (String, String),
    /// The link that it carries; `None` where the round is over.
    pub link: Option<Token>,
    /// When the round closes.
    pub closes: Timestamp,
}

/// How far a letter has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// It will be tried, for the first time or again.
    Waiting,
    /// The e-mail server has taken it.
    Sent,
    /// It was no longer wanted.
    Dropped,
    /// The e-mail server knows nobody at the address.
    Refused,
    /// It was tried until it made no more sense.
    GivenUp,
}

/// What is told about a letter once it lies in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Whom it goes to.
    pub to: ContactId,
    /// What it is for.
    pub kind: LetterKind,
    /// How far it has come.
    pub state: LetterState,
    /// When it came to be so.
    pub at: Timestamp,
    /// What went wrong the last time it was tried.
    pub trouble: Option<String>,
}

/// How long a letter rests after each attempt, in minutes. The first pause is longer than any
/// attempt, for it also tells when a sender is taken for dead.
const PAUSES: [i64; 8] = [5, 10, 30, 60, 180, 360, 720, 1440];

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl LetterKind {
    fn write(self) -> &'static str {
        match self {
            LetterKind::HandOver => "hand_over",
            LetterKind::Reminder => "reminder",
            LetterKind::Returned => "returned",
            LetterKind::Receipt => "receipt",
        }
    }

    fn read(text: &str) -> Result<LetterKind, StoreError> {
        match text {
            "hand_over" => Ok(LetterKind::HandOver),
            "reminder" => Ok(LetterKind::Reminder),
            "returned" => Ok(LetterKind::Returned),
            "receipt" => Ok(LetterKind::Receipt),
            other => Err(StoreError::stored("kind of letter", other)),
        }
    }
}

impl LetterState {
    fn write(self) -> &'static str {
        match self {
            LetterState::Waiting => "waiting",
            LetterState::Sent => "sent",
            LetterState::Dropped => "dropped",
            LetterState::Refused => "refused",
            LetterState::GivenUp => "given_up",
        }
    }

    fn read(text: &str) -> Result<LetterState, StoreError> {
        match text {
            "waiting" => Ok(LetterState::Waiting),
            "sent" => Ok(LetterState::Sent),
            "dropped" => Ok(LetterState::Dropped),
            "refused" => Ok(LetterState::Refused),
            "given_up" => Ok(LetterState::GivenUp),
            other => Err(StoreError::stored("state of a letter", other)),
        }
    }
}

impl Store {
    /// Returns the letters that are to be tried at the time `now`, the oldest first.
    pub async fn letters_due(&self, now: Timestamp) -> Result<Vec<LetterId>, StoreError> {
        let rows = query(
            "select letter from outbox where state = 'waiting' and next_at <= $1 \
             order by created_at, letter limit 100",
        )
        .bind(now.as_millisecond())
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        rows.iter().map(|row| Ok(LetterId(row.try_get("letter")?))).collect()
    }

    /// Returns what became of the letters about a case, the oldest first.
    pub async fn letters(&self, case: &CaseId) -> Result<Vec<Posted>, StoreError> {
        let rows = query(
            "select contact, kind, state, coalesce(ended_at, created_at) as at, trouble \
             from outbox where round = $1 and unit = $2 order by created_at, letter",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        let posted = |row: &Row| {
            Ok(Posted {
                to: ContactId::stored(row.try_get("contact")?),
                kind: LetterKind::read(row.try_get("kind")?)?,
                state: LetterState::read(row.try_get("state")?)?,
                at: time_of(row, "at")?,
                trouble: row.try_get("trouble")?,
            })
        };
        rows.iter().map(posted).collect()
    }
}

impl Writing {
    /// Puts a letter into the outbox; returns whether it is new. There is one for each case,
    /// contact and step, so that a request may come twice.
    pub async fn queue_letter(&mut self, letter: &LetterFor<'_>) -> Result<bool, StoreError> {
        self.lock(letter.case).await?;
        let about: Vec<&str> = letter.about.iter().map(SectionId::as_str).collect();
        let queued = query(
            "insert into outbox (letter, round, unit, contact, step, kind, asked_by, about, \
             message, enclosed_text, enclosed_html, state, created_at, next_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, $12) \
             on conflict (round, unit, contact, step) do nothing",
        )
        .bind(Token::random().reveal())
        .bind(year(letter.case))
        .bind(letter.case.unit.as_str())
        .bind(letter.to.as_str())
        .bind(letter.step)
        .bind(letter.kind.write())
        .bind(self.by.write())
        .bind(about.join(" "))
        .bind(letter.message)
        .bind(letter.enclosed.0)
        .bind(letter.enclosed.1)
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        if queued > 0 {
            self.audit_about(letter.case, "letter_asked", (letter.kind.write(), letter.to)).await?;
        }
        Ok(queued > 0)
    }

    /// Takes a letter out for sending, with a link that is made for it. `None` where it is no
    /// longer wanted, which ends it, or where another sender has it.
    pub async fn take_letter(&mut self, id: &LetterId) -> Result<Option<Letter>, StoreError> {
        let Some(case) = self.case_of(id).await? else { return Ok(None) };
        self.lock(&case).await?;
        let Some(row) = self.waiting(id).await? else { return Ok(None) };
        let now = load(&mut self.tx, &case).await?.case;
        let contact = ContactId::stored(row.try_get("contact")?);
        let mut letter = self.read_letter(id, &row, &now).await?;
        if !is_wanted(&letter, &now, self.at) {
            self.end_letter(id, LetterState::Dropped, None).await?;
            return Ok(None);
        }
        // A receipt lies in archives, where others read it: it is no way in.
        if self.at < letter.closes && letter.kind != LetterKind::Receipt {
            let kind = self.access_of(&case, &contact).await?;
            let link = LinkFor { case, contact, kind, expires: letter.closes };
            letter.link = Some(self.issue_link(&link).await?);
        }
        self.rest(id, row.try_get("attempts")?).await?;
        Ok(Some(letter))
    }

    /// Notes that an e-mail server has taken a letter. What it said is kept no longer.
    pub async fn letter_left(&mut self, id: &LetterId) -> Result<(), StoreError> {
        let contact = self.end_letter(id, LetterState::Sent, None).await?;
        match contact {
            Some(contact) => self.note_refusal(&contact, None).await,
            None => Ok(()),
        }
    }

    /// Notes that an e-mail server knows nobody at the address: on the letter, and on the contact.
    pub async fn letter_refused(&mut self, id: &LetterId, why: &str) -> Result<(), StoreError> {
        let contact = self.end_letter(id, LetterState::Refused, Some(why)).await?;
        match contact {
            Some(contact) => self.note_refusal(&contact, Some(why)).await,
            None => Ok(()),
        }
    }

    /// Notes that a letter could not be sent for now. It is tried again after its pause, unless it
    /// has had its last; returns whether it will be.
    pub async fn letter_waits(&mut self, id: &LetterId, why: &str) -> Result<bool, StoreError> {
        let Some(case) = self.case_of(id).await? else { return Ok(false) };
        self.lock(&case).await?;
        let row = query(
            "update outbox set trouble = $2 where letter = $1 and state = 'waiting' \
             returning attempts",
        )
        .bind(id.0.as_str())
        .bind(why)
        .fetch_optional(&mut self.tx)
        .await?;
        let attempts: i64 = row.map_or(Ok(0), |row| row.try_get("attempts"))?;
        let again = usize::try_from(attempts).is_ok_and(|attempts| attempts < PAUSES.len());
        if !again {
            self.end_letter(id, LetterState::GivenUp, Some(why)).await?;
        }
        Ok(again)
    }

    /// Returns what a link in a letter opens: what its reader's links open already, and no more.
    async fn access_of(
        &mut self,
        case: &CaseId,
        contact: &ContactId,
    ) -> Result<AccessKind, StoreError> {
        let row = query(
            "select count(*) as links from link where round = $1 and unit = $2 \
             and contact = $3 and access = 'coordinator' and revoked_at is null",
        )
        .bind(year(case))
        .bind(case.unit.as_str())
        .bind(contact.as_str())
        .fetch_one(&mut self.tx)
        .await?;
        Ok(match row.try_get::<i64>("links")? {
            0 => AccessKind::Delegate,
            _ => AccessKind::Coordinator,
        })
    }

    async fn case_of(&mut self, id: &LetterId) -> Result<Option<CaseId>, StoreError> {
        let row = query("select round, unit from outbox where letter = $1")
            .bind(id.0.as_str())
            .fetch_optional(&mut self.tx)
            .await?;
        row.as_ref().map(case_id).transpose()
    }

    /// Reads a letter that is to be tried now, with its reader and the end of its round.
    async fn waiting(&mut self, id: &LetterId) -> Result<Option<Row>, StoreError> {
        let row = query(
            "select o.contact, o.kind, o.asked_by, o.about, o.message, o.enclosed_text, \
             o.enclosed_html, o.attempts, c.name, c.email, c.language, r.closes \
             from outbox o join contact c on c.contact = o.contact \
             join round r on r.round = o.round \
             where o.letter = $1 and o.state = 'waiting' and o.next_at <= $2",
        )
        .bind(id.0.as_str())
        .bind(self.at.as_millisecond())
        .fetch_optional(&mut self.tx)
        .await?;
        Ok(row)
    }

    async fn read_letter(
        &mut self,
        id: &LetterId,
        row: &Row,
        now: &Case,
    ) -> Result<Letter, StoreError> {
        let kind = LetterKind::read(row.try_get("kind")?)?;
        let about = sections(row.try_get("about")?)?;
        let reader = ContactId::stored(row.try_get("contact")?);
        let about = still_about(kind, about, &reader, now);
        let due = about.iter().filter_map(|section| now.assignments.get(section)?.due).min();
        Ok(Letter {
            id: id.clone(),
            case: now.id.clone(),
            kind,
            to: contact(row)?,
            from: self.writer(&Actor::read(row.try_get("asked_by")?)?).await?,
            about,
            due,
            message: row.try_get("message")?,
            enclosed: (row.try_get("enclosed_text")?, row.try_get("enclosed_html")?),
            link: None,
            closes: time(row.try_get("closes")?)?,
        })
    }

    /// Returns whoever wanted a letter sent, where that is a person who answers.
    async fn writer(&mut self, by: &Actor) -> Result<Option<Contact>, StoreError> {
        let Actor::Contact(id) = by else { return Ok(None) };
        let row = query("select name, email, language from contact where contact = $1")
            .bind(id.as_str())
            .fetch_optional(&mut self.tx)
            .await?;
        let written = row.as_ref().map(contact).transpose()?;
        Ok(written.filter(|contact| !contact.email.is_empty()))
    }

    /// Counts an attempt and lets the letter rest.
    async fn rest(&mut self, id: &LetterId, attempts: i64) -> Result<(), StoreError> {
        let attempt = usize::try_from(attempts).unwrap_or_default().min(PAUSES.len() - 1);
        let next = self.at.as_millisecond() + PAUSES[attempt] * 60 * 1000;
        query("update outbox set attempts = attempts + 1, next_at = $2 where letter = $1")
            .bind(id.0.as_str())
            .bind(next)
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }

    /// Ends a letter that waits, writes that into the history of its case, and forgets what it
    /// enclosed; returns whom it was for.
    async fn end_letter(
        &mut self,
        id: &LetterId,
        state: LetterState,
        trouble: Option<&str>,
    ) -> Result<Option<ContactId>, StoreError> {
        // The case first, as always.
        let Some(case) = self.case_of(id).await? else { return Ok(None) };
        self.lock(&case).await?;
        let row = query(
            "update outbox set state = $2, ended_at = $3, trouble = $4, message = '', \
             enclosed_text = '', enclosed_html = '' where letter = $1 and state = 'waiting' \
             returning contact, kind",
        )
        .bind(id.0.as_str())
        .bind(state.write())
        .bind(self.at.as_millisecond())
        .bind(trouble)
        .fetch_optional(&mut self.tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let action = match state {
            LetterState::Waiting | LetterState::Sent => "letter_sent",
            LetterState::Dropped => "letter_dropped",
            LetterState::Refused => "letter_refused",
            LetterState::GivenUp => "letter_given_up",
        };
        let contact = ContactId::stored(row.try_get("contact")?);
        self.audit_about(&case, action, (row.try_get("kind")?, &contact)).await?;
        Ok(Some(contact))
    }
}

fn sections(about: &str) -> Result<Vec<SectionId>, StoreError> {
    about.split_whitespace().map(section_id).collect()
}

/// Returns the sections of a letter that still concern its reader: nobody is asked for what they
/// no longer have, or reminded of what they have handed in.
fn still_about(
    kind: LetterKind,
    mut about: Vec<SectionId>,
    reader: &ContactId,
    now: &Case,
) -> Vec<SectionId> {
    let theirs = |section: &SectionId| {
        now.assignments.get(section).is_some_and(|assignment| assignment.contact == *reader)
            && now.status(section) != SectionStatus::Done
    };
    match kind {
        LetterKind::HandOver | LetterKind::Reminder => about.retain(theirs),
        LetterKind::Returned | LetterKind::Receipt => (),
    }
    about
}

fn is_wanted(letter: &Letter, now: &Case, at: Timestamp) -> bool {
    let reachable = !letter.to.email.is_empty();
    reachable
        && match letter.kind {
            LetterKind::HandOver | LetterKind::Reminder => {
                !letter.about.is_empty() && !now.signed && at < letter.closes
            }
            LetterKind::Returned => !now.signed && at < letter.closes,
            LetterKind::Receipt => true,
        }
}
