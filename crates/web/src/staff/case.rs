//! `/staff/{round}/{unit}`: a case: its people, whose hands its sections are in, its history.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use frame::UnitId;
use instrument::expression::Case as Known;
use instrument::path::path;
use instrument::{Question, SectionId, Text, Value};
use jiff::Timestamp;
use store::{AccessKind, Actor, Case, CaseId, ContactId, Ended, Hand, Person};

use super::Member;
use super::file::{FileLine, lines as files};
use super::history::{HistoryLine, line};
use crate::answer::{HandView, Names, hand_view, state_class, state_word};
use crate::link::encode;
use crate::problem::{Problem, page};
use crate::service::{App, ServedRound};
use crate::shell::Shell;
use crate::ui::{Ui, oslo};

#[derive(Template)]
#[template(path = "staff/case.html")]
struct CasePage {
    shell: Shell,
    member: String,
    unit: String,
    round: String,
    signed: bool,
    /// Whether the round is in the field, so that a signed case can be opened again.
    in_field: bool,
    people: Vec<PersonLine>,
    sections: Vec<SectionLine>,
    confirmed: Vec<ConfirmedLine>,
    files: Vec<FileLine>,
    lines: Vec<HistoryLine>,
}

/// An answer that a warning fired at, and why it is right.
struct ConfirmedLine {
    question: String,
    /// What the warnings say that fire now.
    warnings: Vec<String>,
    reason: String,
    /// Who gave the reason, and when.
    by: String,
}

struct PersonLine {
    name: String,
    email: String,
    role: &'static str,
    opened: String,
    refused: bool,
    /// Where the person is erased; `None` where that has been done.
    erase: Option<String>,
}

struct SectionLine {
    title: String,
    state: &'static str,
    status: &'static str,
    hands: Vec<HandView>,
}

/// The address of a case among the staff's pages.
pub(super) fn address(case: &CaseId) -> String {
    format!("/staff/{}/{}", case.round, encode(case.unit.as_str()))
}

/// Returns the case that an address names, with its round; refuses one that is not there.
pub(super) fn find<'a>(
    app: &'a App,
    round: &str,
    unit: String,
) -> Result<(CaseId, &'a ServedRound), Problem> {
    let round = round.parse().map_err(|_| Problem::NotFound)?;
    let unit = UnitId::new(unit).map_err(|_| Problem::NotFound)?;
    let (_, served) = app.round(round).ok_or(Problem::NotFound)?;
    served.frame.unit(&unit).ok_or(Problem::NotFound)?;
    Ok((CaseId { round, unit }, served))
}

/// `GET`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    member: Member,
    Path((round, unit)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (id, served) = find(&app, &round, unit)?;
    let store = &app.service.store;
    let state = store.round(id.round).await?.ok_or(Problem::NotFound)?;
    let history = store.history(&id).await?;
    let case = store.case(&id).await?;
    let mut shell = member.shell(&app);
    shell.simulated = state.simulated;
    let names = Names::for_staff(store.people(&id).await?, shell.ui);
    let words = (shell.lang, shell.ui);
    let lines = history.iter().rev().map(|l| line(&served.instrument, l, &names, words));
    page(&CasePage {
        unit: served.frame.unit(&id.unit).map_or(String::new(), |unit| unit.name.clone()),
        round: format!("/staff/{}", id.round),
        signed: case.signed,
        in_field: (state.opens..state.closes).contains(&app.now()),
        people: names.people.iter().map(|(who, p)| person(&id, who, p, &names, shell.ui)).collect(),
        sections: sections(&app, served, &case, &names, &shell).await?,
        confirmed: confirmed(served, &case, &names, (app.now(), &shell)),
        files: files(served, &case, &names, &shell),
        lines: lines.collect(),
        member: member.name,
        shell,
    })
}

/// `POST`: opens a signed case again.
pub(super) async fn reopen(
    State(app): State<Arc<App>>,
    member: Member,
    Path((round, unit)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (id, _) = find(&app, &round, unit)?;
    let mut writing = app.service.store.write(Actor::Staff(member.name), app.now()).await?;
    writing.reopen(&id).await?;
    writing.commit().await?;
    Ok(Redirect::to(&address(&id)).into_response())
}

fn person(
    case: &CaseId,
    contact: &ContactId,
    person: &Person,
    names: &Names,
    ui: &Ui,
) -> PersonLine {
    let words = &ui.hands;
    PersonLine {
        name: names.contact(contact),
        email: person.contact.email.clone(),
        role: match person.kind {
            AccessKind::Coordinator => words.coordinator,
            AccessKind::Delegate => words.colleague,
        },
        opened: match (person.erased_at, person.opened_at) {
            (Some(at), _) => (words.erased_on)(&ui.time(at)),
            (None, Some(at)) => (words.opened)(&ui.time(at)),
            (None, None) => words.not_opened.to_owned(),
        },
        refused: person.refusal.is_some(),
        erase: person.erased_at.is_none().then(|| format!("{}/erase/{contact}", address(case))),
    }
}

/// Returns the answers of a case that were confirmed with a reason. Warnings that look at the last
/// round are not known here; their reasons are told all the same.
fn confirmed(
    served: &ServedRound,
    case: &Case,
    names: &Names,
    (now, shell): (Timestamp, &Shell),
) -> Vec<ConfirmedLine> {
    let instrument = &served.instrument;
    let Some(unit) = served.frame.unit(&case.id.unit) else { return vec![] };
    let attributes = unit.attributes().on(oslo(now).date());
    let mut answers = case.answers(instrument);
    let path = path(instrument, &attributes, &mut answers);
    let known = Known::new(&attributes, &answers, &path.questions);
    let plain = |text: &Text| instrument.fill(text, shell.lang, &known).plain();
    let line = |(index, question): (usize, &Question)| {
        let variable = question.reason_variable().filter(|_| path.questions[index])?;
        let Value::Text(reason) = answers.get(variable)? else { return None };
        let held = case.held(&instrument.variables[variable].name)?;
        question.may_be_warned(&known).then(|| ConfirmedLine {
            question: plain(&question.text),
            warnings: question.warnings(&known).map(|check| plain(&check.message)).collect(),
            reason: reason.clone(),
            by: format!("{}, {}", names.of(&held.by), shell.ui.time(held.at)),
        })
    };
    instrument.questions.iter().enumerate().filter_map(line).collect()
}

async fn sections(
    app: &App,
    served: &ServedRound,
    case: &Case,
    names: &Names,
    shell: &Shell,
) -> Result<Vec<SectionLine>, Problem> {
    let hands = app.service.store.hands(&case.id).await?;
    let letters = app.service.store.letters(&case.id).await?;
    let line = |section: &instrument::Section| {
        let status = case.status(&section.id);
        let hands = hands.get(&section.id).into_iter().flatten().rev();
        let returned = is_returned(case, &section.id, hands.clone().next());
        SectionLine {
            title: section.title.get(shell.lang).to_owned(),
            state: if returned { "returned" } else { state_class(status) },
            status: match returned {
                true => shell.ui.hands.returned,
                false => state_word(status, &shell.ui.tasks),
            },
            hands: hands.map(|hand| hand_view(hand, names, &letters, shell.ui)).collect(),
        }
    };
    Ok(served.instrument.sections.iter().map(line).collect())
}

/// Whether the last thing that happened to a section is that its colleague gave it back.
fn is_returned(case: &Case, section: &SectionId, last: Option<&Hand>) -> bool {
    let ended = last.and_then(|hand| hand.ended);
    let since = case.sections.get(section).map(|state| state.at);
    ended.is_some_and(|(at, how)| how == Ended::Returned && since.is_none_or(|since| since <= at))
}
