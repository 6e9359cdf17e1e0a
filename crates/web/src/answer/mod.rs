//! The informants' way: from the personal link to the receipt.

mod invitation;
mod open_case;
mod page;
mod page_view;
mod receipt;
mod section_review;
mod sign;
mod tasks;

pub(crate) use open_case::{OpenCase, last_day};

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::service::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/answer/{token}", get(invitation::show).post(invitation::open))
        .route("/case/{round}/{unit}", get(tasks::show))
        .route("/case/{round}/{unit}/review", get(sign::show).post(sign::sign))
        .route("/case/{round}/{unit}/receipt", get(receipt::show).post(receipt::reopen))
        .route(
            "/case/{round}/{unit}/{section}/review",
            get(section_review::show).post(section_review::hand_in),
        )
        .route("/case/{round}/{unit}/{section}/{page}", get(page::show).post(page::turn))
}

/// The cookie of a session; each case has its own, by its path.
const SESSION_COOKIE: &str = "runde_case";
