//! `/case/{round}/{unit}/units`: all the units that one person answers for.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use store::{CaseId, SectionStatus};

use super::OpenCase;
use crate::link::CaseLinks;
use crate::problem::{Problem, page};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "units.html")]
struct Units {
    shell: Shell,
    units: Vec<UnitLine>,
}

struct UnitLine {
    href: String,
    name: String,
    round: String,
    status: String,
    /// The class of the state, for the stylesheet.
    state: &'static str,
}

/// `GET`.
pub(super) async fn show(open: OpenCase) -> Result<Response, Problem> {
    let shell = open.shell();
    let mut units = vec![];
    for case in open.other_cases(true).await? {
        units.extend(line(&open, case, &shell).await?);
    }
    page(&Units { units, shell })
}

async fn line(open: &OpenCase, id: CaseId, shell: &Shell) -> Result<Option<UnitLine>, Problem> {
    let Some((_, served)) = open.app.round(id.round) else { return Ok(None) };
    let Some(unit) = served.frame.unit(&id.unit) else { return Ok(None) };
    let case = open.app.service.store.case(&id).await?;
    let done = case.sections.values().filter(|s| s.status == SectionStatus::Done).count();
    let words = &shell.ui.hands;
    let (state, status) = match (case.signed, done) {
        (true, _) => ("done", shell.ui.staff.state_signed.to_owned()),
        (false, 0) if case.sections.is_empty() => {
            ("not-begun", shell.ui.tasks.not_begun.to_owned())
        }
        (false, done) => ("begun", (words.sections_done)(done)),
    };
    Ok(Some(UnitLine {
        href: CaseLinks::new(&id).tasks,
        name: unit.name.clone(),
        round: format!("{} {}", shell.title, id.round),
        status,
        state,
    }))
}

impl OpenCase {
    /// Returns the cases that are open to whoever has opened this one, itself included or not.
    pub(super) async fn other_cases(&self, itself: bool) -> Result<BTreeSet<CaseId>, Problem> {
        let store = &self.app.service.store;
        let mut cases = store.cases_of(&self.access.contact, self.now).await?;
        cases.retain(|case| itself || *case != self.case.id);
        Ok(cases)
    }
}
