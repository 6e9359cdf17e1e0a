//! `/staff/login` and `/staff/logout`.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use store::{Actor, Token};

use super::{Member, PATH, SESSION_COOKIE};
use crate::cookie::Cookie;
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::service::App;
use crate::shell::{Shell, chosen_language};

/// How long a wrong password takes. One is tried at a time, so that nobody guesses faster than
/// this, however many connections they open.
const AFTER_WRONG: Duration = Duration::from_secs(1);

#[derive(Template)]
#[template(path = "staff/login.html")]
struct Login {
    shell: Shell,
    wrong: bool,
    name: String,
}

/// `GET /staff/login`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shell = shell(&app, &uri, &headers);
    page_with(StatusCode::OK, &Login { shell, wrong: false, name: String::new() })
}

/// `POST /staff/login`.
pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let name = posted.first("name").unwrap_or_default().trim().to_owned();
    let password = posted.first("password").unwrap_or_default();
    if check(&app, &name, password).await? {
        let session = begin(&app, &name).await?;
        let cookie = session_cookie(&app, session.reveal(), None);
        return Ok((cookie, Redirect::to(PATH)).into_response());
    }
    let shell = shell(&app, &uri, &headers);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Login { shell, wrong: true, name })
}

/// `POST /staff/logout`.
pub(super) async fn log_out(
    State(app): State<Arc<App>>,
    member: Member,
) -> Result<Response, Problem> {
    let mut writing = app.service.store.write(Actor::Staff(member.name), app.now()).await?;
    writing.end_staff_session(&member.session).await?;
    writing.commit().await?;
    Ok((session_cookie(&app, "", Some(0)), Redirect::to("/staff/login")).into_response())
}

async fn check(app: &App, name: &str, password: &str) -> Result<bool, Problem> {
    let _one_at_a_time = app.login.lock().await;
    let right = app.service.store.check_staff(name, password).await?;
    if !right {
        tokio::time::sleep(AFTER_WRONG).await;
    }
    Ok(right)
}

async fn begin(app: &App, name: &str) -> Result<Token, Problem> {
    let mut writing = app.service.store.write(Actor::Staff(name.to_owned()), app.now()).await?;
    let session = writing.start_staff_session(name).await?;
    writing.commit().await?;
    Ok(session)
}

fn session_cookie(
    app: &App,
    value: &str,
    keep: Option<u32>,
) -> AppendHeaders<[(HeaderName, HeaderValue); 1]> {
    let secure = app.service.secure;
    let cookie = Cookie { name: SESSION_COOKIE, value, path: PATH, keep, secure };
    AppendHeaders([(SET_COOKIE, cookie.header())])
}

fn shell(app: &App, uri: &Uri, headers: &HeaderMap) -> Shell {
    let mut shell = Shell::new(app, chosen_language(app, uri, headers), None);
    shell.place = Some(shell.ui.staff.title.to_owned());
    shell
}
