//! The informants' way: from the personal link to the receipt.

mod beside;
mod file;
mod form;
mod hand_over;
mod hands;
mod invitation;
mod kept;
mod names;
mod open_case;
mod page;
mod page_view;
mod presence;
mod receipt;
mod resume;
mod section_review;
mod sign;
mod tasks;
mod units;

pub(crate) use hands::{HandView, view as hand_view};
pub(crate) use names::Names;
pub(crate) use open_case::{OpenCase, last_day};
pub(crate) use presence::Presence;
pub(crate) use tasks::{state_class, state_word};

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::service::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/answer/{token}", get(invitation::show).post(invitation::open))
        .route("/case/{round}/{unit}", get(tasks::show))
        .route("/case/{round}/{unit}/review", get(sign::show).post(sign::sign))
        .route("/case/{round}/{unit}/receipt", get(receipt::show).post(receipt::reopen))
        .route("/case/{round}/{unit}/receipt/mail", post(receipt::mail))
        .route("/case/{round}/{unit}/beside", get(beside::show))
        .route("/case/{round}/{unit}/receipt/pdf", get(receipt::print))
        .route("/case/{round}/{unit}/receipt/{number}", get(receipt::show_version))
        .route("/case/{round}/{unit}/receipt/{number}/pdf", get(receipt::print_version))
        .route("/case/{round}/{unit}/units", get(units::show))
        .route("/case/{round}/{unit}/share", get(hand_over::show).post(hand_over::send))
        .route("/case/{round}/{unit}/{section}/hands", get(hands::show).post(hands::act))
        .route(
            "/case/{round}/{unit}/{section}/review",
            get(section_review::show).post(section_review::hand_in),
        )
        .route("/case/{round}/{unit}/{section}/{page}", get(page::show).post(page::turn))
        .route("/case/{round}/{unit}/{section}/file/{variable}", get(file::fetch))
        .route("/case/{round}/{unit}/{section}/{page}/present", post(presence::note))
}

/// The cookie of a session; each case has its own, by its path.
const SESSION_COOKIE: &str = "runde_case";
