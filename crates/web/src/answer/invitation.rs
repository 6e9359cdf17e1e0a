//! `/answer/{token}`: the page behind a personal link.
//!
//! Looking at it changes nothing, for mail scanners follow links. Only its button, a form, begins
//! a session.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Uri};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use store::{Access, AccessKind, Actor, Token};

use super::SESSION_COOKIE;
use super::open_case::last_day;
use crate::cookie::Cookie;
use crate::link::CaseLinks;
use crate::problem::{Problem, page};
use crate::service::{App, ServedRound};
use crate::shell::{Shell, chosen_language};

#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation {
    shell: Shell,
    heading: String,
    lead: &'static str,
    unit: String,
    name: String,
    deadline: String,
    sections: Vec<String>,
    how: [&'static str; 3],
}

/// `GET`: who is asked, by whom, about what, and until when.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    token: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (_, access) = open_link(&app, token).await?;
    let (_, served) = app.round(access.case.round).ok_or(Problem::Link)?;
    let state = app.service.store.round(access.case.round).await?.ok_or(Problem::Link)?;
    let own = Some(access.language).filter(|own| app.service.survey.languages.contains(own));
    let mut shell = Shell::new(&app, chosen_language(&app, &uri, &headers).or(own), None);
    shell.simulated = state.simulated;
    let unit = served.frame.unit(&access.case.unit).ok_or(Problem::Link)?;
    let words = &shell.ui.invitation;
    page(&Invitation {
        heading: format!("{} {}", shell.title, access.case.round),
        lead: by_access(&access, words.lead, words.lead_delegate),
        how: by_access(&access, words.how, words.how_delegate),
        unit: unit.name.clone(),
        deadline: last_day(shell.ui, state.closes),
        sections: sections(&app, served, &access, &shell).await?,
        name: access.name,
        shell,
    })
}

/// `POST`: begins a session for this browser and this case.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    token: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let (link, access) = open_link(&app, token).await?;
    let actor = Actor::Contact(access.contact.clone());
    let mut writing = app.service.store.write(actor, app.now()).await?;
    let session = writing.start_session(&link).await?;
    writing.commit().await?;
    let tasks = CaseLinks::new(&access.case).tasks;
    let cookie = Cookie {
        name: SESSION_COOKIE,
        value: session.reveal(),
        path: &tasks,
        keep: None,
        secure: app.service.secure,
    };
    Ok((AppendHeaders([(SET_COOKIE, cookie.header())]), Redirect::to(&tasks)).into_response())
}

async fn open_link(
    app: &App,
    token: Result<Path<String>, PathRejection>,
) -> Result<(Token, Access), Problem> {
    let Path(token) = token.map_err(|_| Problem::Link)?;
    let token: Token = token.parse().map_err(|_| Problem::Link)?;
    let access = app.service.store.open_link(&token, app.now()).await?;
    access.map(|access| (token, access)).ok_or(Problem::Link)
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
