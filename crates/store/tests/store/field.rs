//! A round that is open in a database of its own: where most tests begin.

use frame::UnitId;
use instrument::SectionId;
use jiff::Timestamp;
use store::{
    AccessKind, Actor, AnswerWrite, CaseId, ContactId, LinkFor, OpenRound, Saved, Store,
    StoreError, Writing,
};

use crate::database::Database;
use crate::tiny::Tiny;

pub(crate) struct Field {
    pub(crate) store: Store,
    pub(crate) tiny: Tiny,
    pub(crate) database: Database,
}

/// What to save: a variable, the version that it replaces, and the value.
pub(crate) type Answer<'a> = (&'a str, u32, Option<&'a str>);

impl Field {
    /// Opens round 2025 of the tiny survey in a new database, from October to the end of November.
    pub(crate) async fn open() -> Field {
        let database = Database::new();
        let store = database.open().await;
        let field = Field { store, tiny: Tiny::read(), database };
        field.open_round().await.unwrap();
        field
    }

    pub(crate) async fn open_round(&self) -> Result<(), StoreError> {
        self.open_round_until("2025-12-01T00:00:00").await
    }

    pub(crate) async fn open_round_until(&self, closes: &str) -> Result<(), StoreError> {
        let Tiny { survey, instrument, frame, .. } = &self.tiny;
        let units: Vec<UnitId> = frame.units.iter().map(|unit| unit.id.clone()).collect();
        let open = OpenRound {
            survey: &survey.id,
            round: instrument.round,
            instrument: instrument.hash,
            sample: frame.hash,
            units: &units,
            opens: at("2025-10-01T00:00:00"),
            closes: at(closes),
        };
        let mut writing = self.writing(&staff(), "2025-09-15T12:00:00").await;
        writing.open_round(&open).await?;
        writing.commit().await
    }

    pub(crate) fn case(&self, unit: &str) -> CaseId {
        CaseId { round: self.tiny.instrument.round, unit: UnitId::new(unit).unwrap() }
    }

    pub(crate) async fn writing(&self, by: &Actor, time: &str) -> Writing {
        self.store.write(by.clone(), at(time)).await.unwrap()
    }

    /// Saves answers of the section `bosetting` on 2 October.
    pub(crate) async fn save(
        &self,
        by: &Actor,
        case: &CaseId,
        answers: &[Answer<'_>],
    ) -> Result<Saved, StoreError> {
        self.save_in("bosetting", by, case, answers).await
    }

    pub(crate) async fn save_in(
        &self,
        of: &str,
        by: &Actor,
        case: &CaseId,
        answers: &[Answer<'_>],
    ) -> Result<Saved, StoreError> {
        let mut writing = self.writing(by, "2025-10-02T10:00:00").await;
        let saved = writing.save(case, &section(of), &writes(answers)).await?;
        writing.commit().await?;
        Ok(saved)
    }

    pub(crate) async fn hand_in(&self, by: &Actor, case: &CaseId, of: &str, time: &str) {
        let mut writing = self.writing(by, time).await;
        writing.hand_in(case, &section(of)).await.unwrap();
        writing.commit().await.unwrap();
    }

    /// Gives a contact a link into a case, as long as the round lasts.
    pub(crate) async fn invite(&self, contact: &ContactId, kind: AccessKind, case: &CaseId) {
        let link = LinkFor {
            case: case.clone(),
            contact: contact.clone(),
            kind,
            expires: at("2025-12-01T00:00:00"),
        };
        let mut writing = self.writing(&staff(), "2025-10-01T08:00:00").await;
        writing.issue_link(&link).await.unwrap();
        writing.commit().await.unwrap();
    }

    /// Returns what was done to a case, in order; links and letters left out.
    pub(crate) async fn actions(&self, case: &CaseId) -> Vec<String> {
        let history = self.store.history(case).await.unwrap();
        let done = history.iter().filter(|line| {
            !["link_issued", "link_opened", "letter_asked"].contains(&line.action.as_str())
        });
        done.map(|line| format!("{} {}", line.action, line.detail)).collect()
    }
}

pub(crate) fn writes(answers: &[Answer<'_>]) -> Vec<AnswerWrite> {
    let write = |(variable, replaces, value): &Answer<'_>| AnswerWrite {
        variable: (*variable).to_owned(),
        value: value.map(str::to_owned),
        replaces: *replaces,
        file: None,
    };
    answers.iter().map(write).collect()
}

/// Reads a time in UTC.
pub(crate) fn at(time: &str) -> Timestamp {
    format!("{time}Z").parse().unwrap()
}

pub(crate) fn section(id: &str) -> SectionId {
    SectionId::new(id).unwrap()
}

pub(crate) fn staff() -> Actor {
    Actor::Staff("kari".to_owned())
}
