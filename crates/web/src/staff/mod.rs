//! The staff's pages: how a round comes in, and what has happened in each case.

mod case;
mod chart;
mod erase;
mod figures;
mod file;
mod history;
mod login;
mod member;
mod round;

pub(crate) use member::Member;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::service::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/staff", get(round::list))
        .route("/staff/login", get(login::show).post(login::log_in))
        .route("/staff/logout", post(login::log_out))
        .route("/staff/{round}", get(round::show))
        .route("/staff/{round}/{unit}", get(case::show).post(case::reopen))
        .route("/staff/{round}/{unit}/file/{variable}", get(file::fetch))
        .route("/staff/{round}/{unit}/erase/{contact}", get(erase::show).post(erase::erase))
}

/// The cookie of a session.
const SESSION_COOKIE: &str = "runde_staff";

/// The path that it is sent to.
const PATH: &str = "/staff";
