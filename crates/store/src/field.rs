//! A round in the field: opening it, and seeing how far it has come.

use std::collections::BTreeMap;

use frame::UnitId;
use instrument::{Hash, RoundId, SectionId, SurveyId};
use jiff::Timestamp;

use crate::access::{time_of, unit_id};
use crate::case::{section_id, section_state};
use crate::sql::{Executor, Row, query};
use crate::writing::ABOUT;
use crate::{Actor, CaseId, ContactId, SectionState, Store, StoreError, Writing};

/// A round to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRound<'a> {
    /// The survey.
    pub survey: &'a SurveyId,
    /// The round.
    pub round: RoundId,
    /// The hash of its questionnaire.
    pub instrument: Hash,
    /// The hash of its frame.
    pub sample: Hash,
    /// The units that are invited.
    pub units: &'a [UnitId],
    /// From when answers are taken.
    pub opens: Timestamp,
    /// From when they no longer are.
    pub closes: Timestamp,
}

/// A round as the store knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundState {
    /// The hash of the questionnaire that it was opened with.
    pub instrument: Hash,
    /// The hash of the frame that it was opened with.
    pub sample: Hash,
    /// From when answers are taken.
    pub opens: Timestamp,
    /// From when they no longer are.
    pub closes: Timestamp,
    /// Whether any of its answers was drawn by `runde simulate`.
    pub simulated: bool,
}

/// How far one case has come, for the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOverview {
    /// The unit.
    pub unit: UnitId,
    /// Whether it is signed.
    pub signed: bool,
    /// How far its sections have come; one that is not begun is absent.
    pub sections: BTreeMap<SectionId, SectionState>,
    /// The sections that are in a colleague's hands.
    pub assigned: Vec<SectionId>,
}

/// One line of a case's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What was done: `answered`, `handed_in`, `opened_section`, `assigned`, `taken_back`,
    /// `returned`, `link_issued`, `link_opened`, `link_revoked`, `signed`, `reopened`, `renamed`,
    /// `erased`, `letter_asked`, `letter_sent`, `letter_dropped`, `letter_refused`, `letter_given_up`.
    pub action: String,
    /// To what.
    pub detail: String,
    /// With or to whom; `None` where nobody else had to do with it, and in lines of earlier versions.
    pub about: Option<ContactId>,
}

impl Writing {
    /// Opens a round: one case for each unit. Opening it again with the same questionnaire and
    /// frame moves its first and last day where the plan has; with others it errs, for then
    /// answers would lose their meaning.
    pub async fn open_round(&mut self, open: &OpenRound<'_>) -> Result<(), StoreError> {
        if !self.insert_round(open).await? {
            let state = round_state(&mut self.tx, open.round).await?;
            let state = state.ok_or(StoreError::NoRound(open.round))?;
            same_parents(open, &state)?;
            return self.move_field(open, &state).await;
        }
        for unit in open.units {
            query("insert into unit_case (round, unit) values ($1, $2)")
                .bind(i64::from(open.round.year()))
                .bind(unit.as_str())
                .execute(&mut self.tx)
                .await?;
        }
        Ok(())
    }

    /// Inserts the round; returns whether it was not there. Of two servers that open it at once,
    /// the second waits here until the first has committed.
    async fn insert_round(&mut self, open: &OpenRound<'_>) -> Result<bool, StoreError> {
        let inserted = query(
            "insert into round (round, survey, instrument, sample, opens, closes) \
             values ($1, $2, $3, $4, $5, $6) on conflict (round) do nothing",
        )
        .bind(i64::from(open.round.year()))
        .bind(open.survey.as_str())
        .bind(open.instrument.to_string())
        .bind(open.sample.to_string())
        .bind(open.opens.as_millisecond())
        .bind(open.closes.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(inserted > 0)
    }

    /// Moves the time in the field to where the plan has it now. Links that worked until the old
    /// end work until the new one.
    async fn move_field(
        &mut self,
        open: &OpenRound<'_>,
        state: &RoundState,
    ) -> Result<(), StoreError> {
        if (open.opens, open.closes) == (state.opens, state.closes) {
            return Ok(());
        }
        query("update round set opens = $2, closes = $3 where round = $1")
            .bind(i64::from(open.round.year()))
            .bind(open.opens.as_millisecond())
            .bind(open.closes.as_millisecond())
            .execute(&mut self.tx)
            .await?;
        query("update link set expires_at = $3 where round = $1 and expires_at = $2")
            .bind(i64::from(open.round.year()))
            .bind(state.closes.as_millisecond())
            .bind(open.closes.as_millisecond())
            .execute(&mut self.tx)
            .await?;
        self.revise_all(open.round).await
    }

    /// Marks a round as holding simulated answers; there is no way back.
    pub async fn mark_simulated(&mut self, round: RoundId) -> Result<(), StoreError> {
        let marked = query("update round set simulated = 1 where round = $1")
            .bind(i64::from(round.year()))
            .execute(&mut self.tx)
            .await?;
        if marked == 0 {
            return Err(StoreError::NoRound(round));
        }
        self.revise_all(round).await
    }

    /// Counts up the revision of every case of a round: what is known of them tells of the round too.
    async fn revise_all(&mut self, round: RoundId) -> Result<(), StoreError> {
        query("update unit_case set revision = revision + 1 where round = $1")
            .bind(i64::from(round.year()))
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Returns the round as it was opened; `None` where it has not been.
    pub async fn round(&self, round: RoundId) -> Result<Option<RoundState>, StoreError> {
        round_state(&mut self.readers.reader().await?, round).await
    }

    /// Returns how far every case of a round has come, sorted by unit.
    pub async fn overview(&self, round: RoundId) -> Result<Vec<CaseOverview>, StoreError> {
        load_overview(&mut self.readers.snapshot().await?, round).await
    }

    /// Returns the history of a case, the oldest line first.
    pub async fn history(&self, case: &CaseId) -> Result<Vec<AuditLine>, StoreError> {
        let rows = query(
            "select at, actor, action, detail from audit \
             where round = $1 and unit = $2 order by number",
        )
        .bind(i64::from(case.round.year()))
        .bind(case.unit.as_str())
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        let line = |row: &Row| {
            let detail: &str = row.try_get("detail")?;
            let (detail, about) = match detail.split_once(ABOUT) {
                Some((detail, contact)) => (detail, Some(ContactId::stored(contact))),
                None => (detail, None),
            };
            Ok(AuditLine {
                at: time_of(row, "at")?,
                by: Actor::read(row.try_get("actor")?)?,
                action: row.try_get("action")?,
                detail: detail.to_owned(),
                about,
            })
        };
        rows.iter().map(line).collect()
    }
}

/// Reads how far every case of a round has come, sorted by unit, within a transaction.
pub(crate) async fn load_overview(
    connection: &mut impl Executor,
    round: RoundId,
) -> Result<Vec<CaseOverview>, StoreError> {
    let year = i64::from(round.year());
    let rows = query("select unit, signed from unit_case where round = $1 order by unit")
        .bind(year)
        .fetch_all(connection)
        .await?;
    let mut cases: BTreeMap<UnitId, CaseOverview> = BTreeMap::new();
    for row in &rows {
        let unit = unit_id(row.try_get("unit")?)?;
        let signed = row.try_get::<i32>("signed")? != 0;
        let (sections, assigned) = (BTreeMap::new(), vec![]);
        cases.insert(unit.clone(), CaseOverview { unit, signed, sections, assigned });
    }
    let rows = query(
        "select unit, section, state, changed_by, changed_at, first_done_at \
         from section_state where round = $1",
    )
    .bind(year)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        if let Some(case) = cases.get_mut(&unit_id(row.try_get("unit")?)?) {
            case.sections.insert(section_id(row.try_get("section")?)?, section_state(row)?);
        }
    }
    let rows = query(
        "select unit, section from assignment \
         where round = $1 and ended_at is null order by unit, section",
    )
    .bind(year)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        if let Some(case) = cases.get_mut(&unit_id(row.try_get("unit")?)?) {
            case.assigned.push(section_id(row.try_get("section")?)?);
        }
    }
    Ok(cases.into_values().collect())
}

pub(crate) async fn round_state(
    connection: &mut impl Executor,
    round: RoundId,
) -> Result<Option<RoundState>, StoreError> {
    let row =
        query("select instrument, sample, opens, closes, simulated from round where round = $1")
            .bind(i64::from(round.year()))
            .fetch_optional(connection)
            .await?;
    row.as_ref().map(read_round).transpose()
}

/// Reads the columns `instrument, sample, opens, closes, simulated`.
pub(crate) fn read_round(row: &Row) -> Result<RoundState, StoreError> {
    let hash = |column| -> Result<Hash, StoreError> {
        let text: &str = row.try_get(column)?;
        Hash::from_hex(text).ok_or_else(|| StoreError::stored("hash", text))
    };
    Ok(RoundState {
        instrument: hash("instrument")?,
        sample: hash("sample")?,
        opens: time_of(row, "opens")?,
        closes: time_of(row, "closes")?,
        simulated: row.try_get::<i32>("simulated")? != 0,
    })
}

fn same_parents(open: &OpenRound<'_>, state: &RoundState) -> Result<(), StoreError> {
    let what = match () {
        () if open.instrument != state.instrument => "questionnaire",
        () if open.sample != state.sample => "frame",
        () => return Ok(()),
    };
    Err(StoreError::OtherParent { round: open.round, what })
}
