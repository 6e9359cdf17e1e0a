//! A case that is open in somebody's browser: the extractor that every page of a case needs.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use frame::{Unit, UnitId};
use instrument::expression::{self, UnitAttributes};
use instrument::path::{Path, path};
use instrument::{Answers, Instrument, Kind, Lang, RoundId, SectionId, Text, lineage};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{
    Access, AccessKind, Actor, Case, CaseId, Entered, RoundState, Store, StoreError, Token, Writing,
};

use super::SESSION_COOKIE;
use crate::cookie;
use crate::link::CaseLinks;
use crate::problem::Problem;
use crate::service::{App, ServedRound};
use crate::shell::{Shell, chosen_language};
use crate::ui::{Ui, oslo, ui};

/// A case as it stands, open to somebody who may see it.
pub(crate) struct OpenCase {
    pub(crate) app: Arc<App>,
    /// The round, as a place among those that are served.
    round: usize,
    pub(crate) state: RoundState,
    pub(crate) access: Access,
    pub(crate) case: Arc<Case>,
    pub(crate) unit: Unit,
    pub(crate) attributes: UnitAttributes,
    pub(crate) answers: Answers,
    pub(crate) path: Path,
    pub(crate) lang: Lang,
    pub(crate) links: CaseLinks,
    pub(super) now: Timestamp,
}

impl FromRequestParts<Arc<App>> for OpenCase {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<OpenCase, Problem> {
        let params =
            RawPathParams::from_request_parts(parts, app).await.map_err(|_| Problem::NotFound)?;
        let param = |name| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
        let case = case_id(param("round"), param("unit")).ok_or(Problem::Session)?;
        let token = cookie::read(&parts.headers, SESSION_COOKIE).and_then(|t| t.parse().ok());
        let now = app.now();
        let entered = enter(app, token, &case, now).await?;
        let entered = entered.ok_or(Problem::Session)?;
        let chosen = chosen_language(app, &parts.uri, &parts.headers);
        OpenCase::open(app, entered, chosen, now).await
    }
}

fn case_id(round: Option<&str>, unit: Option<&str>) -> Option<CaseId> {
    Some(CaseId { round: round?.parse::<RoundId>().ok()?, unit: UnitId::new(unit?).ok()? })
}

async fn enter(
    app: &App,
    token: Option<Token>,
    case: &CaseId,
    now: Timestamp,
) -> Result<Option<Entered>, Problem> {
    match token {
        Some(token) => Ok(app.service.store.enter(&token, case, now).await?),
        None => Ok(None),
    }
}

impl OpenCase {
    async fn open(
        app: &Arc<App>,
        entered: Entered,
        chosen: Option<Lang>,
        now: Timestamp,
    ) -> Result<OpenCase, Problem> {
        let store = &app.service.store;
        let Entered { access, round: state, case } = entered;
        let (round, served) = app.round(access.case.round).ok_or(Problem::NotFound)?;
        let unit = served.frame.unit(&access.case.unit).ok_or(Problem::NotFound)?.clone();
        let mut answers = case.answers(&served.instrument);
        let today = oslo(now).date();
        let attributes = match last_answers(store, served, &access.case.unit).await? {
            Some(last) => unit.attributes().on(today).with_last(last),
            None => unit.attributes().on(today),
        };
        Ok(OpenCase {
            path: path(&served.instrument, &attributes, &mut answers),
            lang: language(app, &access, chosen),
            links: CaseLinks::new(&case.id),
            app: Arc::clone(app),
            round,
            state,
            access,
            case,
            unit,
            attributes,
            answers,
            now,
        })
    }

    /// Returns the case as it stands after a save.
    pub(super) async fn reload(self) -> Result<OpenCase, Problem> {
        let case = self.app.service.store.case(&self.access.case).await?;
        Ok(self.with(case))
    }

    /// Returns the same with the case as it stands at another time.
    pub(super) fn with(mut self, case: Arc<Case>) -> OpenCase {
        let mut answers = case.answers(self.instrument());
        self.path = path(self.instrument(), &self.attributes, &mut answers);
        self.answers = answers;
        self.case = case;
        self
    }

    pub(super) fn served(&self) -> &ServedRound {
        &self.app.service.rounds[self.round]
    }

    pub(crate) fn instrument(&self) -> &Instrument {
        &self.served().instrument
    }

    pub(crate) fn ui(&self) -> &'static Ui {
        ui(self.lang)
    }

    pub(super) fn is_coordinator(&self) -> bool {
        self.access.kind == AccessKind::Coordinator
    }

    /// Begins a change in the name of whoever has opened the case.
    pub(super) async fn write(&self) -> Result<Writing, StoreError> {
        let actor = Actor::Contact(self.access.contact.clone());
        self.app.service.store.write(actor, self.now).await
    }

    /// Returns the sections that are asked of the unit and open to whoever has opened the case.
    pub(super) fn sections(&self) -> Vec<usize> {
        let sections = self.instrument().sections.iter().enumerate();
        let open = |id: &SectionId| match self.access.kind {
            AccessKind::Coordinator => true,
            AccessKind::Delegate => {
                self.case.assignments.get(id).is_some_and(|a| a.contact == self.access.contact)
            }
        };
        sections
            .filter(|(index, section)| self.path.sections[*index] && open(&section.id))
            .map(|(index, _)| index)
            .collect()
    }

    /// Returns the section with this name; refuses where it is not open to them.
    pub(super) fn section(&self, name: &str) -> Result<usize, Problem> {
        let index = self.instrument().section(name).ok_or(Problem::NotFound)?;
        if self.sections().contains(&index) { Ok(index) } else { Err(Problem::NotFound) }
    }

    /// Returns the questions of a section that are asked and the values that are calculated, notes
    /// left out.
    pub(crate) fn asked(&self, section: usize) -> Vec<usize> {
        let questions = self.instrument().questions.iter().enumerate();
        questions
            .filter(|(index, question)| {
                question.section == section
                    && self.path.questions[*index]
                    && question.kind != Kind::Note
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// Returns the pages of a section on which something is asked.
    pub(super) fn pages(&self, section: usize) -> Vec<usize> {
        let pages = self.instrument().sections[section].pages.iter().enumerate();
        pages
            .filter(|(_, page)| page.questions.clone().any(|q| self.path.questions[q]))
            .map(|(index, _)| index)
            .collect()
    }

    /// Returns the case as conditions and texts look at it.
    pub(crate) fn known(&self) -> expression::Case<'_> {
        expression::Case::new(&self.attributes, &self.answers, &self.path.questions)
    }

    /// Returns the characters that are read of a text of one line.
    pub(crate) fn plain(&self, text: &Text) -> String {
        self.instrument().fill(text, self.lang, &self.known()).plain()
    }

    /// Returns the day in Norway.
    pub(super) fn today(&self) -> Date {
        oslo(self.now).date()
    }

    /// Returns the last day on which the case can be changed, in words.
    pub(super) fn deadline(&self) -> String {
        last_day(self.ui(), self.state.closes)
    }

    /// Returns the shell of the case's pages.
    pub(super) fn shell(&self) -> Shell {
        let mut shell = Shell::new(&self.app, Some(self.lang), Some(self.unit.name.clone()));
        shell.simulated = self.state.simulated;
        shell
    }

    /// Returns the receipt in place of a page that would change a signed case.
    pub(super) fn to_receipt(&self) -> Response {
        Redirect::to(&self.links.receipt()).into_response()
    }
}

/// Returns what the unit answered in the last round, where that is looked back at.
async fn last_answers(
    store: &Store,
    served: &ServedRound,
    unit: &UnitId,
) -> Result<Option<Answers>, Problem> {
    let Some(last) = &served.last else { return Ok(None) };
    let Some(then) = last.was.get(unit).and_then(|was| last.frame.unit(was)) else {
        return Ok(None);
    };
    let id = CaseId { round: last.instrument.round, unit: then.id.clone() };
    let case = match store.case(&id).await {
        Ok(case) => case,
        // Not everybody was asked then.
        Err(StoreError::NoCase(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let answers = case.answers(&last.instrument);
    Ok(Some(lineage::last_answers(&last.instrument, &then.attributes(), &answers)))
}

/// Returns the language of a reader who has not chosen one.
fn language(app: &App, access: &Access, chosen: Option<Lang>) -> Lang {
    let languages = &app.service.survey.languages;
    let own = Some(access.language).filter(|lang| languages.contains(lang));
    chosen.or(own).or(languages.first().copied()).unwrap_or(Lang::NB)
}

/// Returns the last day before `closes`, in words: a round closes at midnight.
pub(crate) fn last_day(ui: &Ui, closes: Timestamp) -> String {
    let last = closes.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(closes);
    (ui.date)(oslo(last).date())
}
