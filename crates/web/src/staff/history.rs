//! `/staff/{round}/{unit}`: what has happened in a case, as a person would tell it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use frame::UnitId;
use instrument::{Instrument, Lang};
use store::{Actor, AuditLine, CaseId};

use super::Member;
use crate::problem::{Problem, page};
use crate::service::App;
use crate::shell::Shell;
use crate::ui::Ui;

#[derive(Template)]
#[template(path = "staff/history.html")]
struct History {
    shell: Shell,
    member: String,
    unit: String,
    round: String,
    lines: Vec<HistoryLine>,
}

struct HistoryLine {
    when: String,
    who: String,
    what: String,
}

/// `GET`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    member: Member,
    Path((round, unit)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let round = round.parse().map_err(|_| Problem::NotFound)?;
    let unit = UnitId::new(unit).map_err(|_| Problem::NotFound)?;
    let (_, served) = app.round(round).ok_or(Problem::NotFound)?;
    let about = served.frame.unit(&unit).ok_or(Problem::NotFound)?;
    let state = app.service.store.round(round).await?.ok_or(Problem::NotFound)?;
    let lines = app.service.store.history(&CaseId { round, unit }).await?;
    let mut shell = member.shell(&app);
    shell.simulated = state.simulated;
    let (lang, ui) = (shell.lang, shell.ui);
    page(&History {
        unit: about.name.clone(),
        round: format!("/staff/{round}"),
        lines: lines.iter().rev().map(|l| line(&served.instrument, l, lang, ui)).collect(),
        member: member.name,
        shell,
    })
}

fn line(instrument: &Instrument, line: &AuditLine, lang: Lang, ui: &Ui) -> HistoryLine {
    let action = action(&line.action, ui);
    let detail = detail(instrument, &line.detail, lang, ui);
    let what = if detail.is_empty() { action } else { format!("{action}: {detail}") };
    HistoryLine { when: ui.time(line.at), who: who(&line.by, ui), what }
}

/// Returns who did it. Staff do not need the names of informants here: a few letters tell two of
/// them apart.
fn who(actor: &Actor, ui: &Ui) -> String {
    match actor {
        Actor::Contact(contact) => {
            (ui.staff.informant)(&contact.to_string().chars().take(5).collect::<String>())
        }
        Actor::Staff(name) => (ui.staff.member)(name),
        Actor::Simulation => ui.page.simulation.to_owned(),
    }
}

/// Returns the words for what was done; the store's own where a newer version has written it.
fn action(action: &str, ui: &Ui) -> String {
    let words = &ui.staff;
    match action {
        "answered" => words.action_answered,
        "handed_in" => words.action_handed_in,
        "opened_section" => words.action_opened,
        "assigned" => words.action_assigned,
        "link_issued" => words.action_link,
        "link_revoked" => words.action_revoked,
        "signed" => words.action_signed,
        "reopened" => words.action_reopened,
        other => other,
    }
    .to_owned()
}

/// Returns what it was done to: the words for a kind of link, or a section by its title.
fn detail(instrument: &Instrument, detail: &str, lang: Lang, ui: &Ui) -> String {
    match detail {
        "coordinator" => return ui.staff.for_coordinator.to_owned(),
        "delegate" => return ui.staff.for_delegate.to_owned(),
        _ => (),
    }
    let (section, rest) = match detail.split_once(": ") {
        Some((section, rest)) => (section, Some(rest)),
        None => (detail, None),
    };
    let title = instrument.section(section).map(|index| &instrument.sections[index].title);
    let section = title.map_or(section, |title| title.get(lang));
    match rest {
        Some(rest) if !rest.is_empty() => format!("{section} ({rest})"),
        Some(_) | None => section.to_owned(),
    }
}
