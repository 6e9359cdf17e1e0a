//! `/case/{round}/{unit}/{section}/{page}/present`: who else is on the same page just now.
//!
//! A script of the page asks every now and then. It is a hint, and no more: it lies in the memory
//! of one server, and another server does not know of it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use store::{CaseId, ContactId};

use super::OpenCase;
use crate::problem::Problem;

type Address = Path<(String, String, String, String)>;

/// How long somebody is taken to be on a page after they were last heard of. The script asks three
/// times in this while.
const LASTS: SignedDuration = SignedDuration::from_secs(60);

/// The most that is remembered. Who comes then pushes out whoever was heard of first.
const MOST: usize = 2000;

/// Who is on which page.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    seen: Mutex<VecDeque<Seen>>,
}

#[derive(Debug)]
struct Seen {
    case: CaseId,
    page: String,
    contact: ContactId,
    at: Timestamp,
}

impl Presence {
    /// Notes that somebody is on a page; returns who else is.
    fn note(
        &self,
        case: &CaseId,
        page: &str,
        contact: &ContactId,
        now: Timestamp,
    ) -> Vec<ContactId> {
        // Whoever held the lock and panicked has left a list that is still one.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|other| {
            let own = other.contact == *contact && other.case == *case;
            !own && now.duration_since(other.at) < LASTS
        });
        let here = seen.iter().filter(|other| other.case == *case && other.page == page);
        let others = here.map(|other| other.contact.clone()).collect();
        if seen.len() == MOST {
            seen.pop_front();
        }
        let (case, page, contact) = (case.clone(), page.to_owned(), contact.clone());
        seen.push_back(Seen { case, page, contact, at: now });
        others
    }
}

/// `POST`: a line about those who are here too; empty where nobody is.
pub(super) async fn note(
    open: OpenCase,
    Path((_, _, section, page)): Address,
) -> Result<Response, Problem> {
    open.section(&section)?;
    let page = format!("{section}/{page}");
    let others = open.app.presence.note(&open.case.id, &page, &open.access.contact, open.now);
    let line = match others.is_empty() {
        true => String::new(),
        false => {
            let names = open.names().await?;
            let named: Vec<String> = others.iter().map(|other| names.contact(other)).collect();
            (open.ui().saving.also_here)(&named.join(", "))
        }
    };
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], line).into_response())
}
