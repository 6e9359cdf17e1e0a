//! Writes drawn answers into the store, through the same functions as a person's.
//!
//! A person's pages are a transaction each; here a whole sitting with a case is one, which keeps a
//! round to a second or two. Versions, times and the history are as a person's.

use instrument::{RoundId, Section, Value};
use jiff::{SignedDuration, Timestamp};
use store::{
    AccessKind, Actor, AnswerWrite, CaseId, Contact, FileBytes, LinkFor, RoundState, Store, Writing,
};

use super::draw::{Case, language};
use super::{Reach, Simulation};
use crate::failure::refused;

/// How long before anybody answers the coordinator hands sections over.
const HANDOVER: SignedDuration = SignedDuration::from_mins(30);

/// How long the coordinator looks at everything before signing.
const REVIEW: SignedDuration = SignedDuration::from_mins(20);

/// A case with its answers, and when and by whom they are given.
pub struct Visits<'a> {
    /// The case.
    pub case: Case<'a>,
    /// When somebody sits down with it.
    pub sittings: Vec<Timestamp>,
    /// For each section, in which sitting it is answered.
    pub sitting: Vec<usize>,
    /// The sections that the coordinator hands to colleagues.
    pub delegated: Vec<usize>,
    /// Whether the coordinator signs in the end.
    pub signed: bool,
}

/// Returns the round as it was opened; errs where somebody has answered in it.
pub async fn untouched(store: &Store, round: RoundId) -> anyhow::Result<RoundState> {
    let state = store.round(round).await?.ok_or(store::StoreError::NoRound(round))?;
    let cases = store.overview(round).await?;
    let begun = cases.iter().filter(|case| !case.sections.is_empty()).count();
    if begun > 0 {
        return Err(refused(format!(
            "round {round} already holds answers, in {begun} cases, and simulated ones would mix \
             with them; simulate into another database with --store"
        )));
    }
    Ok(state)
}

/// Marks the round as simulated and gives every unit a coordinator, with a link into its case.
pub async fn invite(
    store: &Store,
    with: &Simulation<'_>,
    state: &RoundState,
) -> anyhow::Result<()> {
    let (round, frame) = (with.round.instrument.round, &with.round.frame);
    let mut writing = store.write(Actor::Simulation, state.opens).await?;
    writing.mark_simulated(round).await?;
    for unit in &frame.units {
        let contact = Contact {
            name: format!("Koordinator, {}", unit.name),
            email: format!("postmottak@{}.example", unit.id),
            language: language(&with.round.instrument.languages, unit),
        };
        let link = LinkFor {
            case: CaseId { round, unit: unit.id.clone() },
            contact: writing.add_contact(&contact).await?,
            kind: AccessKind::Coordinator,
            expires: state.closes,
        };
        writing.issue_link(&link).await?;
    }
    Ok(writing.commit().await?)
}

/// Writes one case, from the delegation of its sections to the signature.
pub async fn answer(
    store: &Store,
    with: &Simulation<'_>,
    visits: &Visits<'_>,
) -> anyhow::Result<()> {
    let id = CaseId { round: with.round.instrument.round, unit: visits.case.unit.id.clone() };
    if let (false, Some(first)) = (visits.delegated.is_empty(), visits.sittings.first()) {
        let mut writing = store.write(Actor::Simulation, *first - HANDOVER).await?;
        for section in &visits.delegated {
            delegate(&mut writing, with, &id, *section, visits.case.unit).await?;
        }
        writing.commit().await?;
    }
    for (sitting, at) in visits.sittings.iter().enumerate() {
        let mut writing = store.write(Actor::Simulation, *at).await?;
        for section in (0..visits.sitting.len()).filter(|s| visits.sitting[*s] == sitting) {
            save(&mut writing, with, &id, section, &visits.case).await?;
        }
        writing.commit().await?;
    }
    if let (true, Some(last)) = (visits.signed, visits.sittings.last()) {
        let seen = store.case(&id).await?.content();
        let mut writing = store.write(Actor::Simulation, *last + REVIEW).await?;
        writing.sign(&id, seen).await?;
        writing.commit().await?;
    }
    Ok(())
}

/// Hands a section to a colleague, who is called what the section's role is called.
async fn delegate(
    writing: &mut Writing,
    with: &Simulation<'_>,
    id: &CaseId,
    section: usize,
    unit: &frame::Unit,
) -> anyhow::Result<()> {
    let section = &with.round.instrument.sections[section];
    let lang = language(&with.round.instrument.languages, unit);
    let contact = Contact {
        name: with.survey.role_title(&section.role, lang).to_owned(),
        email: format!("{}.{}@kommune.example", section.role, unit.id),
        language: lang,
    };
    let contact = writing.add_contact(&contact).await?;
    Ok(writing.assign(id, &section.id, &contact).await?)
}

/// Saves the pages of a section that are reached, all at once, and hands it in where it is to be.
async fn save(
    writing: &mut Writing,
    with: &Simulation<'_>,
    id: &CaseId,
    section: usize,
    case: &Case<'_>,
) -> anyhow::Result<()> {
    let instrument = &with.round.instrument;
    let pages = case.pages(instrument, section);
    if pages == 0 || !case.path.sections[section] {
        return Ok(());
    }
    let Section { id: section_id, pages: all, .. } = &instrument.sections[section];
    let questions = all[..pages].iter().flat_map(|page| page.questions.clone());
    let answers: Vec<AnswerWrite> = questions
        .flat_map(|question| instrument.questions[question].fields())
        .filter_map(|index| {
            let variable = instrument.variables[index].name.clone();
            let value = case.answers.get(index)?;
            let file = if let Value::File(given) = value {
                Some(FileBytes::new(given.kind.example().to_vec()))
            } else {
                None
            };
            Some(AnswerWrite { variable, value: Some(value.encode()), replaces: 0, file })
        })
        .collect();
    writing.save(id, section_id, &answers).await?;
    if case.reach[section] == Reach::HandedIn {
        writing.hand_in(id, section_id).await?;
    }
    Ok(())
}
