//! `/answer/{token}`: the page behind a personal link.
//!
//! Looking at it changes nothing, for mail scanners follow links. Only its button, a form, begins
//! a session.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Uri};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use store::{Access, AccessKind, Actor, CaseId, Token};
use tokio::time::Instant;

use super::SESSION_COOKIE;
use super::open_case::last_day;
use crate::cookie::Cookie;
use crate::limit::Tried;
use crate::link::CaseLinks;
use crate::problem::{Problem, page};
use crate::service::{App, ServedRound};
use crate::shell::{Shell, chosen_language};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation {
    shell: Shell,
    heading: String,
    lead: &'static str,
    units: Vec<String>,
    name: String,
    deadline: String,
    sections: Vec<String>,
    how: [&'static str; 3],
}

/// `GET`: who is asked, by whom, about what, and until when.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    token: Result<Path<String>, PathRejection>,
    visitor: Visitor,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (_, access) = open_link(&app, token, visitor).await?;
    let (_, served) = app.round(access.case.round).ok_or(Problem::Link)?;
    let state = app.service.store.round(access.case.round).await?.ok_or(Problem::Link)?;
    let own = Some(access.language).filter(|own| app.service.survey.languages.contains(own));
    let mut shell = Shell::new(&app, chosen_language(&app, &uri, &headers).or(own), None);
    shell.simulated = state.simulated;
    let units = units(&app, &access).await?;
    let words = &shell.ui.invitation;
    let sections = sections(&app, served, &access, &shell).await?;
    page(&Invitation {
        heading: format!("{} {}", shell.title, access.case.round),
        lead: match sections.is_empty() {
            true => shell.ui.hands.nothing_left,
            false => by_access(&access, words.lead, words.lead_delegate),
        },
        how: by_access(&access, words.how, words.how_delegate),
        units,
        deadline: last_day(shell.ui, state.closes),
        sections,
        name: access.name,
        shell,
    })
}

/// `POST`: begins a session for this browser and this case.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    token: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (link, access) = open_link(&app, token, visitor).await?;
    if app.limits.count(Tried::Session, &link.reveal(), app.now()) {
        return Err(Problem::TooMany);
    }
    let actor = Actor::Contact(access.contact.clone());
    let mut writing = app.service.store.write(actor, app.now()).await?;
    let sessions = writing.start_sessions(&link).await?;
    writing.commit().await?;
    let links = CaseLinks::new(&access.case);
    let target = if sessions.len() > 1 { links.units() } else { links.tasks };
    let secure = app.service.secure;
    let cookies = sessions.iter().map(|(case, session)| {
        let path = CaseLinks::new(case).tasks;
        let value = session.reveal();
        let cookie = Cookie { name: SESSION_COOKIE, value, path: &path, keep: None, secure };
        (SET_COOKIE, cookie.header())
    });
    let cookies: Vec<_> = cookies.collect();
    Ok((AppendHeaders(cookies), Redirect::to(&target)).into_response())
}

/// How long a link that opens nothing takes: the same whether it is wrong, expired or revoked.
const NOTHING_TAKES: Duration = Duration::from_millis(50);

/// Returns what a link opens. Whoever tries many that open nothing is sent away for a minute.
async fn open_link(
    app: &App,
    token: Result<Path<String>, PathRejection>,
    visitor: Visitor,
) -> Result<(Token, Access), Problem> {
    let begun = Instant::now();
    if app.limits.is_reached(Tried::WrongLink, &visitor, app.now()) {
        return Err(Problem::TooMany);
    }
    if let Some(opened) = look_up(app, token).await? {
        return Ok(opened);
    }
    app.limits.count(Tried::WrongLink, &visitor, app.now());
    tokio::time::sleep_until(begun + NOTHING_TAKES).await;
    Err(Problem::Link)
}

async fn look_up(
    app: &App,
    token: Result<Path<String>, PathRejection>,
) -> Result<Option<(Token, Access)>, Problem> {
    let Some(token) = token.ok().and_then(|Path(token)| token.parse::<Token>().ok()) else {
        return Ok(None);
    };
    let access = app.service.store.open_link(&token, app.now()).await?;
    Ok(access.map(|access| (token, access)))
}

/// Returns what the units are called that the link's owner answers for.
async fn units(app: &App, access: &Access) -> Result<Vec<String>, Problem> {
    let cases = app.service.store.cases_of(&access.contact, app.now()).await?;
    let name = |case: &CaseId| Some(app.round(case.round)?.1.frame.unit(&case.unit)?.name.clone());
    let units: Vec<String> = cases.iter().filter_map(name).collect();
    if units.is_empty() { Err(Problem::Link) } else { Ok(units) }
}

fn by_access<T>(access: &Access, coordinator: T, delegate: T) -> T {
    match access.kind {
        AccessKind::Coordinator => coordinator,
        AccessKind::Delegate => delegate,
    }
}

/// Returns the titles of the sections that the link opens.
async fn sections(
    app: &App,
    served: &ServedRound,
    access: &Access,
    shell: &Shell,
) -> Result<Vec<String>, Problem> {
    let case = app.service.store.case(&access.case).await?;
    let theirs = served.instrument.sections.iter().filter(|section| match access.kind {
        AccessKind::Coordinator => true,
        AccessKind::Delegate => {
            case.assignments.get(&section.id).is_some_and(|held| held.contact == access.contact)
        }
    });
    Ok(theirs.map(|section| section.title.get(shell.lang).to_owned()).collect())
}
