//! What was signed, each time: the versions that a signature binds, read back.

use std::collections::BTreeMap;
use std::sync::Arc;

use instrument::SectionId;

use crate::case::{held, load, section_id};
use crate::sql::{Executor, Row, query};
use crate::writing::year;
use crate::{
    Actor, Case, CaseId, Held, HeldAnswers, SectionState, SectionStatus, Signature, Store,
    StoreError,
};

impl Store {
    /// Returns a case as it was when it was signed for the `number`th time, counted from 1; its
    /// last signature is that one. `None` where it has not been signed so often.
    pub async fn signed_case(
        &self,
        id: &CaseId,
        number: usize,
    ) -> Result<Option<Case>, StoreError> {
        let mut snapshot = self.readers.snapshot().await?;
        let mut case = Arc::unwrap_or_clone(load(&mut snapshot, id).await?.case);
        case.signatures.truncate(number);
        let Some(signature) = case.signatures.last().filter(|_| case.signatures.len() == number)
        else {
            return Ok(None);
        };
        let row =
            query("select versions from signature where round = $1 and unit = $2 and number = $3")
                .bind(year(id))
                .bind(id.unit.as_str())
                .bind(number as i64)
                .fetch_one(&mut snapshot)
                .await?;
        let every = every_version(&mut snapshot, id).await?;
        let versions: Option<String> = row.try_get("versions")?;
        let (held, sections) = match versions {
            Some(versions) => bound(&versions, every, signature)?,
            None => (before(every, signature), case.sections.clone()),
        };
        Ok(Some(Case { signed: true, held, sections, ..case }))
    }
}

async fn every_version(
    connection: &mut impl Executor,
    id: &CaseId,
) -> Result<Vec<(Arc<str>, Arc<Held>)>, StoreError> {
    let rows = query(
        "select variable, version, value, answered_by, answered_at, form, form_step from answer \
         where round = $1 and unit = $2 order by variable, version",
    )
    .bind(year(id))
    .bind(id.unit.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row: &Row| Ok((row.try_get("variable")?, Arc::new(held(row)?)))).collect()
}

/// The answers and the sections of a signed case.
type Bound = (HeldAnswers, BTreeMap<SectionId, SectionState>);

/// Returns the answers and sections that a signature names, as [`Case::versions`] wrote them.
fn bound(
    versions: &str,
    every: Vec<(Arc<str>, Arc<Held>)>,
    signature: &Signature,
) -> Result<Bound, StoreError> {
    let mut wanted: BTreeMap<&str, u32> = BTreeMap::new();
    let mut sections = BTreeMap::new();
    for line in versions.lines() {
        let (name, version) =
            line.rsplit_once(' ').ok_or_else(|| StoreError::stored("signed version", line))?;
        if version == "done" {
            sections.insert(section_id(name)?, handed_in(&signature.by, signature));
        } else {
            let version = version.parse().map_err(|_| StoreError::stored("version", version))?;
            wanted.insert(name, version);
        }
    }
    let is_wanted = |(name, held): &(Arc<str>, Arc<Held>)| {
        wanted.get(&**name).is_some_and(|version| *version == held.version)
    };
    Ok((every.into_iter().filter(is_wanted).collect(), sections))
}

fn handed_in(by: &Actor, signature: &Signature) -> SectionState {
    SectionState {
        status: SectionStatus::Done,
        by: by.clone(),
        at: signature.at,
        first_done_at: Some(signature.at),
    }
}

/// Returns the last versions from before a signature that does not name its own: it was made
/// before they were kept.
fn before(every: Vec<(Arc<str>, Arc<Held>)>, signature: &Signature) -> HeldAnswers {
    every.into_iter().filter(|(_, held)| held.at <= signature.at).collect()
}
