//! `/staff/{round}/{unit}/erase/{contact}`: forgetting a person, whose answers stay.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use store::{Actor, CaseId, ContactId};

use super::Member;
use super::case::{address, find};
use crate::problem::{Problem, page};
use crate::service::App;
use crate::shell::Shell;

type Address = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "staff/erase.html")]
struct Erase {
    shell: Shell,
    member: String,
    name: String,
    case: String,
}

/// `GET`: asks first.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    member: Member,
    Path((round, unit, contact)): Address,
) -> Result<Response, Problem> {
    let (case, _) = find(&app, &round, unit)?;
    let (_, name) = person(&app, &case, &contact).await?;
    let (shell, case) = (member.shell(&app), address(&case));
    page(&Erase { shell, name, case, member: member.name })
}

/// `POST`.
pub(super) async fn erase(
    State(app): State<Arc<App>>,
    member: Member,
    Path((round, unit, contact)): Address,
) -> Result<Response, Problem> {
    let (case, _) = find(&app, &round, unit)?;
    let (contact, _) = person(&app, &case, &contact).await?;
    let mut writing = app.service.store.write(Actor::Staff(member.name), app.now()).await?;
    writing.erase_contact(&contact).await?;
    writing.commit().await?;
    Ok(Redirect::to(&address(&case)).into_response())
}

/// Returns the person of the case with this name in the store, and what they are called.
async fn person(app: &App, case: &CaseId, wanted: &str) -> Result<(ContactId, String), Problem> {
    let people = app.service.store.people(case).await?;
    let found = people.into_iter().find(|(contact, _)| contact.to_string() == wanted);
    found.map(|(contact, person)| (contact, person.contact.name)).ok_or(Problem::NotFound)
}
