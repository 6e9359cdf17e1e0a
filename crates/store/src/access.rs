//! Who may open a case: contacts, personal links, and the browsers that have opened one.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use frame::UnitId;
use instrument::{Lang, RoundId};
use jiff::Timestamp;

use crate::case::time;
use crate::field::read_round;
use crate::known::Opened;
use crate::sql::{Row, query};
use crate::writing::year;
use crate::{Case, CaseId, RoundState, Store, StoreError, Token, Writing};

/// The random name under which a person stands everywhere but in the contact table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub(crate) Arc<str>);

/// A person's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// What the person is called, or the role where no name is known.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The language that the person is written to in.
    pub language: Lang,
}

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKind {
    /// The whole case, with the right to sign it.
    Coordinator,
    /// The sections that are assigned to the contact.
    Delegate,
}

/// A link to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFor {
    /// The case that it opens.
    pub case: CaseId,
    /// Whose it is.
    pub contact: ContactId,
    /// What it opens.
    pub kind: AccessKind,
    /// When it stops working.
    pub expires: Timestamp,
}

/// What somebody with a valid link or session may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The case that is open to them.
    pub case: CaseId,
    /// Who they are.
    pub contact: ContactId,
    /// What they are called.
    pub name: String,
    /// The language that they are written to in.
    pub language: Lang,
    /// What is open to them.
    pub kind: AccessKind,
}

impl ContactId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes an id that the store has written.
    pub(crate) fn stored(id: &str) -> ContactId {
        ContactId(id.into())
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AccessKind {
    pub(crate) fn write(self) -> &'static str {
        match self {
            AccessKind::Coordinator => "coordinator",
            AccessKind::Delegate => "delegate",
        }
    }

    pub(crate) fn read(text: &str) -> Result<AccessKind, StoreError> {
        match text {
            "coordinator" => Ok(AccessKind::Coordinator),
            "delegate" => Ok(AccessKind::Delegate),
            other => Err(StoreError::stored("kind of access", other)),
        }
    }
}

/// What a session opens, as it stands.
#[derive(Clone, Debug)]
pub struct Entered {
    /// What they may do, and who they are.
    pub access: Access,
    /// The round.
    pub round: RoundState,
    /// The case.
    pub case: Arc<Case>,
}

/// How long a browser stays in without opening its link again: a long day's work.
pub const SESSION_HOURS: i64 = 12;

/// The same in milliseconds.
const SESSION_LENGTH: i64 = SESSION_HOURS * 60 * 60 * 1000;

/// Returns the time at which a session that is over now had begun.
fn oldest_session(now: Timestamp) -> i64 {
    now.as_millisecond() - SESSION_LENGTH
}

const LINK: &str = "select l.round, l.unit, l.contact, l.access, c.name, c.language \
    from link l join contact c on c.contact = l.contact \
    where l.token_hash = $1 and l.expires_at > $2 and l.revoked_at is null";

/// All that a page needs to know beside the answers, in one query. A page begins with it where what
/// the session opens is not known under the revision that the case has now.
const SESSION: &str = "select l.round, l.unit, l.contact, l.access, c.name, c.language, \
    l.expires_at, s.created_at, \
    r.instrument, r.sample, r.opens, r.closes, r.simulated, u.revision \
    from session s join link l on l.token_hash = s.link \
    join contact c on c.contact = l.contact join round r on r.round = l.round \
    join unit_case u on u.round = l.round and u.unit = l.unit \
    where s.token_hash = $1 and l.expires_at > $2 and l.revoked_at is null and s.created_at > $3";

impl Store {
    /// Returns what a personal link opens at the time `now`. `None` where the token is wrong, or
    /// the link has expired or been revoked: which of them is nobody's business.
    pub async fn open_link(
        &self,
        token: &Token,
        now: Timestamp,
    ) -> Result<Option<Access>, StoreError> {
        let row = query(LINK)
            .bind(token.hash())
            .bind(now.as_millisecond())
            .fetch_optional(&mut self.readers.reader().await?)
            .await?;
        row.as_ref().map(access).transpose()
    }

    /// Returns what a browser's session opens at the time `now` in a case, as it stands; `None`
    /// where it does not open that case. A session ends with its link, and after [`SESSION_HOURS`].
    pub async fn enter(
        &self,
        session: &Token,
        case: &CaseId,
        now: Timestamp,
    ) -> Result<Option<Entered>, StoreError> {
        let session = session.hash();
        if self.known.has_entered(case, &session) {
            let revision = self.revision(case).await?;
            let known = (revision, session.as_str(), now.as_millisecond());
            if let Some(entered) = self.known.entered(case, known) {
                return Ok(Some(entered));
            }
        }
        let row = query(SESSION)
            .bind(session.as_str())
            .bind(now.as_millisecond())
            .bind(oldest_session(now))
            .fetch_optional(&mut self.readers.reader().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (access, round) = (access(&row)?, read_round(&row)?);
        if access.case != *case {
            return Ok(None);
        }
        let revision = row.try_get("revision")?;
        let entered = Entered { case: self.case_at(case, revision).await?, access, round };
        let (access, round) = (entered.access.clone(), entered.round.clone());
        let begun: i64 = row.try_get("created_at")?;
        let ends = row.try_get::<i64>("expires_at")?.min(begun + SESSION_LENGTH);
        self.known.keep_session(revision, Opened { session, access, round, ends });
        Ok(Some(entered))
    }
}

impl Writing {
    /// Adds a person; returns the name under which the store knows them.
    pub async fn add_contact(&mut self, contact: &Contact) -> Result<ContactId, StoreError> {
        let id = ContactId(Token::random().reveal().into());
        query(
            "insert into contact (contact, name, email, language, created_at) \
             values ($1, $2, $3, $4, $5)",
        )
        .bind(id.as_str())
        .bind(contact.name.as_str())
        .bind(contact.email.as_str())
        .bind(contact.language.as_str())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(id)
    }

    /// Makes a personal link; returns its token, which the store does not keep.
    pub async fn issue_link(&mut self, link: &LinkFor) -> Result<Token, StoreError> {
        self.lock(&link.case).await?;
        let token = Token::random();
        query(
            "insert into link (token_hash, round, unit, contact, access, created_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(token.hash())
        .bind(year(&link.case))
        .bind(link.case.unit.as_str())
        .bind(link.contact.as_str())
        .bind(link.kind.write())
        .bind(self.at.as_millisecond())
        .bind(link.expires.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        self.audit_about(&link.case, "link_issued", (link.kind.write(), &link.contact)).await?;
        Ok(token)
    }

    /// Revokes a link, and with it every session that it began.
    pub async fn revoke_link(&mut self, token: &Token) -> Result<(), StoreError> {
        let link = query("select round, unit, contact, access from link where token_hash = $1")
            .bind(token.hash())
            .fetch_optional(&mut self.tx)
            .await?;
        let Some(link) = link else { return Ok(()) };
        let case = case_id(&link)?;
        // The case first, as always: the lines of its history are numbered under its lock.
        self.lock(&case).await?;
        let revoked =
            query("update link set revoked_at = $2 where token_hash = $1 and revoked_at is null")
                .bind(token.hash())
                .bind(self.at.as_millisecond())
                .execute(&mut self.tx)
                .await?;
        match revoked {
            0 => Ok(()),
            _ => {
                let contact = ContactId::stored(link.try_get("contact")?);
                self.audit_about(&case, "link_revoked", (link.try_get("access")?, &contact)).await
            }
        }
    }

    /// Begins the sessions of a browser that has opened a link which [`Store::open_link`] found:
    /// one for each case that is open to the same contact, that of the link first.
    pub async fn start_sessions(
        &mut self,
        link: &Token,
    ) -> Result<Vec<(CaseId, Token)>, StoreError> {
        self.forget_sessions(link).await?;
        let links = self.links_beside(link).await?;
        // The cases first, as always, and in their order: their histories tell that they were opened.
        let cases: BTreeSet<&CaseId> = links.iter().map(|(case, _)| case).collect();
        for case in cases {
            self.lock(case).await?;
            self.audit(case, "link_opened", "").await?;
        }
        let mut sessions: Vec<(CaseId, Token)> = vec![];
        for (case, link) in links {
            if sessions.iter().all(|(other, _)| *other != case) {
                let session = self.start_session(&link).await?;
                sessions.push((case, session));
            }
        }
        Ok(sessions)
    }

    /// Deletes the sessions of a link that are over.
    async fn forget_sessions(&mut self, link: &Token) -> Result<(), StoreError> {
        query("delete from session where link = $1 and created_at <= $2")
            .bind(link.hash())
            .bind(oldest_session(self.at))
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }

    /// Returns the valid links of the contact whose link this is, as they are kept; itself first.
    async fn links_beside(&mut self, link: &Token) -> Result<Vec<(CaseId, String)>, StoreError> {
        let rows = query(
            "select l.round, l.unit, l.token_hash from link l \
             join link own on own.contact = l.contact \
             where own.token_hash = $1 and l.expires_at > $2 and l.revoked_at is null \
             order by case when l.token_hash = $1 then 0 else 1 end, l.round, l.unit, \
             l.created_at desc",
        )
        .bind(link.hash())
        .bind(self.at.as_millisecond())
        .fetch_all(&mut self.tx)
        .await?;
        rows.iter().map(|row| Ok((case_id(row)?, row.try_get("token_hash")?))).collect()
    }

    /// Begins a session, and notes that its link has been used.
    async fn start_session(&mut self, link: &str) -> Result<Token, StoreError> {
        let token = Token::random();
        query(
            "update link set opened_at = coalesce(opened_at, $2), last_opened_at = $2 \
             where token_hash = $1",
        )
        .bind(link)
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        query("insert into session (token_hash, link, created_at) values ($1, $2, $3)")
            .bind(token.hash())
            .bind(link)
            .bind(self.at.as_millisecond())
            .execute(&mut self.tx)
            .await?;
        Ok(token)
    }
}

fn access(row: &Row) -> Result<Access, StoreError> {
    let kind: &str = row.try_get("access")?;
    let language: &str = row.try_get("language")?;
    Ok(Access {
        case: case_id(row)?,
        contact: ContactId::stored(row.try_get("contact")?),
        name: row.try_get("name")?,
        language: language.parse().map_err(|_| StoreError::stored("language", language))?,
        kind: AccessKind::read(kind)?,
    })
}

/// Reads the columns `round, unit`.
pub(crate) fn case_id(row: &Row) -> Result<CaseId, StoreError> {
    Ok(CaseId { round: round_id(row.try_get("round")?)?, unit: unit_id(row.try_get("unit")?)? })
}

fn round_id(year: i64) -> Result<RoundId, StoreError> {
    let round = u16::try_from(year).ok().and_then(|year| RoundId::new(year).ok());
    round.ok_or_else(|| StoreError::stored("round", year.to_string()))
}

pub(crate) fn unit_id(text: &str) -> Result<UnitId, StoreError> {
    UnitId::new(text).map_err(|_| StoreError::stored("unit", text))
}

/// Reads the time in a column of milliseconds.
pub(crate) fn time_of(row: &Row, column: &str) -> Result<Timestamp, StoreError> {
    time(row.try_get(column)?)
}
