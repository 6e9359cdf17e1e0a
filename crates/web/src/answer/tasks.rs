//! `/case/{round}/{unit}`: the list of sections.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use instrument::SectionId;
use jiff::Timestamp;
use store::{Actor, Ended, Hand, SectionStatus};

use super::OpenCase;
use super::hand_over::may_share;
use super::hands::opened;
use super::names::Names;
use super::receipt::versions;
use crate::problem::{Problem, page};
use crate::review::{OpenLine, is_answered};
use crate::shell::Shell;
use crate::ui::{Hands, Tasks};

#[derive(Template)]
#[template(path = "tasks.html")]
struct TaskList {
    shell: Shell,
    kicker: String,
    unit: String,
    lead: String,
    /// What has just been done.
    notice: Option<&'static str>,
    signed: bool,
    delegate: bool,
    tasks: Vec<Task>,
    ready: bool,
    review: Option<String>,
    /// Where several sections are handed over, where there are several.
    share: Option<String>,
    receipt: String,
    /// What was signed before, where the case has been opened again.
    versions: Vec<OpenLine>,
    units: String,
    units_text: Option<String>,
    /// What was answered last time, beside others.
    beside: Option<(String, String)>,
    deadline: String,
}

struct Task {
    href: Option<String>,
    title: String,
    role: String,
    holder: Option<String>,
    questions: String,
    /// Who did the last thing to it, and when.
    when: Option<String>,
    /// How it stands with a colleague.
    hand: Option<String>,
    /// The way to ask a colleague, or to see whom it is with.
    hands: Option<(String, &'static str)>,
    /// The class of the state, for the stylesheet.
    state: &'static str,
    status: &'static str,
}

/// What the lines of the list are made of.
struct Listing<'a> {
    open: &'a OpenCase,
    names: &'a Names,
    hands: &'a BTreeMap<SectionId, Vec<Hand>>,
    may_share: &'a [usize],
}

/// `GET`.
pub(super) async fn show(
    open: OpenCase,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let shell = open.shell();
    let sections = open.sections();
    let hands = open.app.service.store.hands(&open.case.id).await?;
    let names = match hands.is_empty() {
        true => open.names_of_answers().await?,
        false => open.names().await?,
    };
    let may_share = if open.case.signed { vec![] } else { may_share(&open) };
    let listing = Listing { open: &open, names: &names, hands: &hands, may_share: &may_share };
    let ids = sections.iter().map(|s| &open.instrument().sections[*s].id);
    let done = ids.filter(|id| open.case.status(id) == SectionStatus::Done).count();
    let ready = done == sections.len();
    let coordinator = open.is_coordinator();
    let others = open.other_cases(false).await?.len();
    let words = &shell.ui.tasks;
    page(&TaskList {
        kicker: format!("{} {}", shell.title, open.case.id.round),
        unit: open.unit.name.clone(),
        lead: match (sections.is_empty(), ready && coordinator) {
            (true, _) => shell.ui.hands.nothing_left.to_owned(),
            (false, true) => words.ready.to_owned(),
            (false, false) => (words.lead)(done, sections.len()),
        },
        notice: query.get("done").and_then(|done| notice(done, &shell.ui.hands)),
        signed: open.case.signed,
        delegate: !coordinator,
        tasks: sections.iter().map(|section| listing.task(*section)).collect(),
        ready,
        review: (coordinator && !open.case.signed).then(|| open.links.review()),
        share: (may_share.len() > 1).then(|| open.links.share(None)),
        receipt: open.links.receipt(),
        versions: if open.case.signed { vec![] } else { versions(&open, &shell, 0) },
        units: open.links.units(),
        units_text: (others > 0).then(|| (shell.ui.hands.other_units)(others + 1)),
        beside: super::beside::link(&open, words),
        deadline: (shell.ui.deadline)(&open.deadline()),
        shell,
    })
}

/// Returns the words for what has just been done.
fn notice(done: &str, words: &Hands) -> Option<&'static str> {
    match done {
        "handed" => Some(words.just_handed),
        "handed_known" => Some(words.just_handed_known),
        "reminded" => Some(words.just_reminded),
        "reminded_before" => Some(words.reminded_before),
        "taken_back" => Some(words.just_taken_back),
        "returned" => Some(words.just_returned),
        _ => None,
    }
}

impl Listing<'_> {
    fn task(&self, index: usize) -> Task {
        let open = self.open;
        let section = &open.instrument().sections[index];
        let status = open.case.status(&section.id);
        let mut asked = open.asked(index);
        asked.retain(|question| open.instrument().questions[*question].kind.is_answered());
        let words = &open.ui().tasks;
        let answered = |q: &&usize| is_answered(&open.answers, &open.instrument().questions[**q]);
        let returned = self.returned(&section.id, status);
        Task {
            href: (!open.case.signed).then(|| entrance(open, index, status)),
            title: open.plain(&section.title),
            role: open.app.service.survey.role_title(&section.role, open.lang).to_owned(),
            holder: open.case.assignments.get(&section.id).map(|held| {
                match held.contact == open.access.contact {
                    true => words.with_you.to_owned(),
                    false => (words.holder)(&self.names.contact(&held.contact)),
                }
            }),
            questions: match status {
                SectionStatus::NotBegun => (words.questions)(asked.len()),
                SectionStatus::Begun | SectionStatus::Done => {
                    (words.answered)(asked.iter().filter(answered).count(), asked.len())
                }
            },
            when: returned.clone().or_else(|| self.when(index, status)),
            hand: self.hand(&section.id, status),
            hands: self.hands_link(index),
            state: if returned.is_some() { "returned" } else { state_class(status) },
            status: match returned {
                Some(_) => open.ui().hands.returned,
                None => state_word(status, words),
            },
        }
    }

    /// Returns who returned the section, where that was the last thing that happened to it.
    fn returned(&self, section: &SectionId, status: SectionStatus) -> Option<String> {
        let (at, how) = self.hands.get(section)?.last()?.ended?;
        let last = self.hands.get(section)?.last()?;
        let open = self.open;
        let is_returned = how == Ended::Returned
            && status != SectionStatus::Done
            && self.saved(section).is_none_or(|(saved, _)| saved <= at);
        let who = self.names.contact(&last.contact);
        is_returned.then(|| (open.ui().hands.returned_by)(&who, &open.ui().time(at)))
    }

    /// Returns how a section stands that is with a colleague who has not begun: when it was handed over,
    /// by when it is to be done, whether it has been opened. `None` for other sections, and for
    /// whoever has it.
    fn hand(&self, section: &SectionId, status: SectionStatus) -> Option<String> {
        let hand = self.hands.get(section)?.last().filter(|hand| hand.ended.is_none())?;
        let theirs = hand.contact != self.open.access.contact;
        if !theirs || status == SectionStatus::Done {
            return None;
        }
        let (ui, person) = (self.open.ui(), self.names.people.get(&hand.contact));
        let mut said = vec![(ui.hands.handed_on_day)(&ui.time(hand.at))];
        said.extend(hand.due.map(|day| (ui.hands.due)(&(ui.date)(day))));
        said.push(match person.is_some_and(|person| person.refusal.is_some()) {
            true => ui.hands.refused.to_owned(),
            false => opened(hand, person, ui),
        });
        Some(said.join(" "))
    }

    fn when(&self, index: usize, status: SectionStatus) -> Option<String> {
        let (open, words) = (self.open, &self.open.ui().hands);
        let id = &open.instrument().sections[index].id;
        let (text, at, by) = match status {
            SectionStatus::NotBegun => return None,
            SectionStatus::Begun => {
                let (at, by) = self.saved(id)?;
                (words.saved_by, at, by)
            }
            SectionStatus::Done => {
                let state = open.case.sections.get(id)?;
                (words.done_by, state.at, &state.by)
            }
        };
        Some(text(&self.names.of(by), &open.ui().time(at)))
    }

    /// Returns when an answer of the section was saved last, and by whom.
    fn saved(&self, section: &SectionId) -> Option<(Timestamp, &Actor)> {
        let instrument = self.open.instrument();
        let index = instrument.section(section.as_str())?;
        let questions = instrument.questions.iter().filter(|q| q.section == index);
        let names = questions.flat_map(|q| &instrument.variables[q.variables.clone()]);
        let held = names.filter_map(|variable| self.open.case.held(&variable.name));
        held.map(|held| (held.at, &held.by)).max_by_key(|(at, _)| *at)
    }

    fn hands_link(&self, index: usize) -> Option<(String, &'static str)> {
        let (open, words) = (self.open, &self.open.ui().hands);
        let id = &open.instrument().sections[index].id;
        if open.case.assignments.contains_key(id) || self.hands.contains_key(id) {
            let text = match (open.is_coordinator(), self.may_share.contains(&index)) {
                (true, _) => words.see,
                (false, true) => words.not_mine,
                (false, false) => words.give_back,
            };
            return (!open.case.signed).then(|| (open.links.hands(id.as_str()), text));
        }
        let share = || (open.links.share(Some(id.as_str())), words.ask);
        self.may_share.contains(&index).then(share)
    }
}

/// Returns where a section is entered: at its first page, or, once handed in, where it is read.
fn entrance(open: &OpenCase, index: usize, status: SectionStatus) -> String {
    let section = open.instrument().sections[index].id.as_str();
    match status {
        SectionStatus::NotBegun | SectionStatus::Begun => {
            open.links.page(section, open.pages(index).first().copied().unwrap_or_default())
        }
        SectionStatus::Done => open.links.section_review(section),
    }
}

/// Returns the word for how far a section has come.
pub(crate) fn state_word(status: SectionStatus, words: &Tasks) -> &'static str {
    match status {
        SectionStatus::NotBegun => words.not_begun,
        SectionStatus::Begun => words.begun,
        SectionStatus::Done => words.done,
    }
}

/// Returns the class under which the stylesheet knows how far a section has come.
pub(crate) fn state_class(status: SectionStatus) -> &'static str {
    match status {
        SectionStatus::NotBegun => "not-begun",
        SectionStatus::Begun => "begun",
        SectionStatus::Done => "done",
    }
}
