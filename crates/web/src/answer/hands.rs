//! `/case/{round}/{unit}/{section}/hands`: whose hands a section is in, and getting it back.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::SectionId;
use jiff::Timestamp;
use store::{
    Actor, ContactId, Ended, Hand, LetterFor, LetterKind, LetterState, Person,
    Posted as PostedLetter, SectionStatus,
};

use super::OpenCase;
use super::hand_over::may_share;
use super::names::Names;
use super::resume::Sent;
use super::tasks::{state_class, state_word};
use crate::GO;
use crate::posted::Posted;
use crate::problem::{Problem, page};
use crate::shell::Shell;
use crate::ui::Ui;

type Address = Path<(String, String, String)>;

/// The longest word about why a section comes back, in characters.
const LONGEST_REPLY: usize = 2000;

#[derive(Template)]
#[template(path = "hands.html")]
struct Page {
    shell: Shell,
    tasks: String,
    title: String,
    state: &'static str,
    status: &'static str,
    hands: Vec<HandView>,
    /// Where the section can be handed to somebody, where it may be.
    share: Option<String>,
    may_remind: bool,
    may_take_back: bool,
    may_return: bool,
}

/// A section in somebody's hands, in words.
pub(crate) struct HandView {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) now: bool,
    /// What has happened, line by line, the first thing first.
    pub(crate) lines: Vec<String>,
    pub(crate) note: String,
    pub(crate) reply: String,
    pub(crate) refusal: Option<String>,
}

/// `GET`.
pub(super) async fn show(
    open: OpenCase,
    Path((_, _, section)): Address,
) -> Result<Response, Problem> {
    let index = open.section(&section)?;
    let section = &open.instrument().sections[index];
    let store = &open.app.service.store;
    let mut hands = store.hands(&open.case.id).await?.remove(&section.id).unwrap_or_default();
    if !open.is_coordinator() {
        hands.retain(|hand| hand.contact == open.access.contact && hand.ended.is_none());
    }
    let letters = store.letters(&open.case.id).await?;
    let names = open.names().await?;
    let status = open.case.status(&section.id);
    let held = open.case.assignments.contains_key(&section.id);
    let open_to_change = !open.case.signed;
    let shell = open.shell();
    page(&Page {
        tasks: open.links.tasks.clone(),
        title: open.plain(&section.title),
        state: state_class(status),
        status: state_word(status, &shell.ui.tasks),
        hands: hands.iter().rev().map(|hand| view(hand, &names, &letters, shell.ui)).collect(),
        share: (open_to_change && may_share(&open).contains(&index))
            .then(|| open.links.share(Some(section.id.as_str()))),
        may_remind: open_to_change
            && open.is_coordinator()
            && held
            && status != SectionStatus::Done
            && open.app.service.letters,
        may_take_back: open_to_change && open.is_coordinator() && held,
        may_return: open_to_change && !open.is_coordinator(),
        shell,
    })
}

/// `POST`.
pub(super) async fn act(
    Path((_, _, section)): Address,
    Sent { open, posted }: Sent,
) -> Result<Response, Problem> {
    let index = match open.section(&section) {
        Ok(index) => index,
        // It may have been given back by the same form a moment ago.
        Err(problem) => match last_end(&open, &section).await? {
            Some(Ended::Returned) => {
                return Ok(Redirect::to(&open.links.tasks_after("returned")).into_response());
            }
            Some(_) => return Ok(Redirect::to(&open.links.tasks).into_response()),
            None => return Err(problem),
        },
    };
    let section = open.instrument().sections[index].id.clone();
    let done = match (posted.first(GO), open.is_coordinator()) {
        (Some("remind"), true) => remind(&open, &section).await?,
        (Some("take_back"), true) => take_back(&open, &section).await?,
        (Some("return"), false) => give_back(&open, &section, &posted).await?,
        _ => return Err(Problem::Unreadable),
    };
    Ok(Redirect::to(&open.links.tasks_after(done)).into_response())
}

/// Returns how a section left the hands of whoever reads; `None` where they never had it.
pub(super) async fn last_end(open: &OpenCase, section: &str) -> Result<Option<Ended>, Problem> {
    let hands = open.app.service.store.hands(&open.case.id).await?;
    let own = hands.get(section).into_iter().flatten();
    let own = own.filter(|hand| hand.contact == open.access.contact);
    Ok(own.filter_map(|hand| Some(hand.ended?.1)).next_back())
}

/// Reminds whoever has the section, once a day at most.
async fn remind(open: &OpenCase, section: &SectionId) -> Result<&'static str, Problem> {
    let hands = open.app.service.store.hands(&open.case.id).await?;
    let last = hands.get(section).and_then(|hands| hands.last());
    let Some(hand) = last.filter(|hand| hand.ended.is_none()) else { return Ok("taken_back") };
    let mut writing = open.write().await?;
    let new = writing
        .queue_letter(&LetterFor {
            case: &open.case.id,
            to: &hand.contact,
            kind: LetterKind::Reminder,
            step: &format!("reminder:{section}:{}:{}", hand.number, open.today()),
            about: std::slice::from_ref(section),
            message: "",
            enclosed: ("", ""),
        })
        .await?;
    writing.commit().await?;
    Ok(if new { "reminded" } else { "reminded_before" })
}

async fn take_back(open: &OpenCase, section: &SectionId) -> Result<&'static str, Problem> {
    let mut writing = open.write().await?;
    writing.take_back(&open.case.id, section).await?;
    writing.commit().await?;
    Ok("taken_back")
}

/// Gives a section back, and tells those who can hand it to somebody else.
async fn give_back(
    open: &OpenCase,
    section: &SectionId,
    posted: &Posted,
) -> Result<&'static str, Problem> {
    let reply: String =
        posted.first("reply").unwrap_or_default().trim().chars().take(LONGEST_REPLY).collect();
    let names = open.names().await?;
    let mut writing = open.write().await?;
    let returned = writing.return_section(&open.case.id, section, &reply).await?;
    if let (Some((by, number)), true) = (returned, open.app.service.letters) {
        for to in readers(&by, &names) {
            writing
                .queue_letter(&LetterFor {
                    case: &open.case.id,
                    to: &to,
                    kind: LetterKind::Returned,
                    step: &format!("returned:{section}:{number}"),
                    about: std::slice::from_ref(section),
                    message: &reply,
                    enclosed: ("", ""),
                })
                .await?;
        }
    }
    writing.commit().await?;
    Ok("returned")
}

/// Returns whom a returned section is told to: the coordinator who handed it over, or all.
fn readers(by: &Actor, names: &Names) -> Vec<ContactId> {
    let all = names.coordinators();
    match by {
        Actor::Contact(contact) if all.contains(contact) => vec![contact.clone()],
        Actor::Contact(_) | Actor::Staff(_) | Actor::Simulation | Actor::Sender => all,
    }
}

/// Returns a hand in words.
pub(crate) fn view(hand: &Hand, names: &Names, letters: &[PostedLetter], ui: &Ui) -> HandView {
    let words = &ui.hands;
    let person = names.people.get(&hand.contact);
    let mut lines = vec![(words.handed_by)(&names.of(&hand.by), &ui.time(hand.at))];
    lines.extend(hand.due.map(|day| (words.due)(&(ui.date)(day))));
    lines.extend(hand.may_hand_on.then(|| words.may_hand_on.to_owned()));
    let own = letters.iter().filter(|letter| letter.to == hand.contact && letter.at >= hand.at);
    lines.extend(own.filter_map(|letter| letter_line(letter, ui)));
    if hand.ended.is_none() {
        lines.push(opened(hand, person, ui));
    }
    lines.extend(hand.ended.map(|(at, how)| ended(how, &ui.time(at), ui)));
    HandView {
        name: names.contact(&hand.contact),
        email: person.map_or(String::new(), |person| person.contact.email.clone()),
        now: hand.ended.is_none(),
        lines,
        note: hand.note.clone(),
        reply: hand.reply.clone(),
        refusal: person
            .filter(|_| hand.ended.is_none())
            .and_then(|person| person.refusal.as_deref())
            .map(|_| words.refused.to_owned()),
    }
}

/// Returns whether a section has been looked at since it was handed over: what was opened before that
/// were other sections.
pub(super) fn opened(hand: &Hand, person: Option<&Person>, ui: &Ui) -> String {
    let since = |at: Option<Timestamp>| at.filter(|at| *at >= hand.at);
    let first = since(person.and_then(|person| person.opened_at));
    let last = since(person.and_then(|person| person.last_opened_at));
    match (first, last) {
        (Some(at), _) => (ui.hands.opened)(&ui.time(at)),
        (None, Some(at)) => (ui.hands.opened_last)(&ui.time(at)),
        (None, None) => ui.hands.not_opened.to_owned(),
    }
}

fn letter_line(letter: &PostedLetter, ui: &Ui) -> Option<String> {
    let words = &ui.hands;
    let when = ui.time(letter.at);
    match (letter.kind, letter.state) {
        (LetterKind::HandOver, LetterState::Sent) => Some((words.letter_sent)(&when)),
        (LetterKind::Reminder, LetterState::Sent) => Some((words.reminder_sent)(&when)),
        (LetterKind::HandOver | LetterKind::Reminder, LetterState::Waiting) => {
            Some(match letter.trouble {
                Some(_) => words.letter_late.to_owned(),
                None => words.letter_waits.to_owned(),
            })
        }
        (LetterKind::HandOver | LetterKind::Reminder, LetterState::GivenUp) => {
            Some(words.letter_given_up.to_owned())
        }
        // A refusal is told by the address; what was dropped was no longer wanted.
        (
            LetterKind::HandOver | LetterKind::Reminder,
            LetterState::Refused | LetterState::Dropped,
        )
        | (LetterKind::Returned | LetterKind::Receipt, _) => None,
    }
}

fn ended(how: Ended, when: &str, ui: &Ui) -> String {
    let words = &ui.hands;
    let text = match how {
        Ended::TakenBack => words.ended_taken_back,
        Ended::HandedOn => words.ended_handed_on,
        Ended::Returned => words.ended_returned,
        Ended::Erased => words.ended_erased,
    };
    text(when)
}
