//! A member of the staff who has logged in: the extractor that every staff page needs.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::Lang;
use store::Token;

use super::SESSION_COOKIE;
use crate::cookie;
use crate::problem::Problem;
use crate::service::App;
use crate::shell::{Shell, chosen_language};

/// A member of the staff who has logged in.
pub(crate) struct Member {
    pub(super) name: String,
    pub(super) session: Token,
    chosen: Option<Lang>,
}

/// Why a staff page is not shown.
pub(crate) enum Outside {
    /// Nobody is logged in.
    LogIn,
    /// The store could not tell.
    Problem(Problem),
}

impl IntoResponse for Outside {
    fn into_response(self) -> Response {
        match self {
            Outside::LogIn => Redirect::to("/staff/login").into_response(),
            Outside::Problem(problem) => problem.into_response(),
        }
    }
}

impl FromRequestParts<Arc<App>> for Member {
    type Rejection = Outside;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Member, Outside> {
        let token = cookie::read(&parts.headers, SESSION_COOKIE).and_then(|t| t.parse().ok());
        let session: Token = token.ok_or(Outside::LogIn)?;
        let name = app.service.store.staff_session(&session, app.now()).await;
        let name = name.map_err(|error| Outside::Problem(error.into()))?.ok_or(Outside::LogIn)?;
        Ok(Member { name, session, chosen: chosen_language(app, &parts.uri, &parts.headers) })
    }
}

impl Member {
    /// Returns the shell of the staff's pages.
    pub(super) fn shell(&self, app: &App) -> Shell {
        let mut shell = Shell::new(app, self.chosen, None);
        shell.place = Some(shell.ui.staff.title.to_owned());
        shell
    }
}
