//! `/case/{round}/{unit}/share`: asking a colleague to answer one section or several.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::{Lang, SectionId};
use jiff::civil::Date;
use store::{
    AccessKind, Contact, HandOver, HandedOver, LetterFor, LetterKind, LinkFor, SectionStatus,
    Writing,
};

use super::OpenCase;
use super::resume::Sent;
use crate::posted::Posted;
use crate::problem::{Problem, page_with};
use crate::shell::{Language, Shell};
use crate::ui::oslo;

/// The longest message to a colleague, in characters.
const LONGEST_MESSAGE: usize = 2000;
const LONGEST_NAME: usize = 100;
const LONGEST_EMAIL: usize = 254;

#[derive(Template)]
#[template(path = "hand_over.html")]
struct Page {
    shell: Shell,
    tasks: String,
    sections: Vec<Choice>,
    typed: Typed,
    wrong: Wrong,
    languages: Vec<Language>,
    /// Whether the service tells the colleague itself.
    letters: bool,
    /// The first and last day that a colleague can be given, as the browser's field wants them.
    days: (Date, Date),
    last_day: String,
    limit: usize,
}

#[derive(Template)]
#[template(path = "handed_over.html")]
struct Done {
    shell: Shell,
    tasks: String,
    name: String,
    link: String,
}

/// A section that can be handed over.
struct Choice {
    id: String,
    title: String,
    note: String,
    chosen: bool,
}

/// What stands in the form.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    sections: Vec<String>,
    message: String,
    due: String,
    may_hand_on: bool,
    lang: Option<Lang>,
}

/// What is wrong with the form, field by field.
#[derive(Default)]
struct Wrong {
    name: Option<&'static str>,
    email: Option<&'static str>,
    sections: Option<&'static str>,
    message: Option<&'static str>,
    due: Option<&'static str>,
}

/// A form in which nothing is wrong.
struct Wish {
    to: Contact,
    sections: Vec<SectionId>,
    message: String,
    due: Option<Date>,
    may_hand_on: bool,
}

/// `GET`.
pub(super) async fn show(
    open: OpenCase,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    if open.case.signed {
        return Ok(open.to_receipt());
    }
    let chosen = query.get("section").into_iter().cloned().collect();
    let typed = Typed { sections: chosen, ..Typed::default() };
    render(&open, typed, Wrong::default(), StatusCode::OK).await
}

/// `POST`: hands the sections over, and puts the letter about it into the outbox.
pub(super) async fn send(Sent { open, posted }: Sent) -> Result<Response, Problem> {
    let typed = Typed::read(&posted);
    let with_them = sections_with(&open, &typed.email).await?;
    let wish = match typed.check(&open, &with_them) {
        Ok(wish) => wish,
        Err(wrong) => return render(&open, typed, wrong, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let mut writing = open.write().await?;
    let handed = writing
        .hand_over(&HandOver {
            case: &open.case.id,
            sections: &wish.sections,
            to: &wish.to,
            note: &wish.message,
            due: wish.due,
            may_hand_on: wish.may_hand_on,
        })
        .await?;
    let link = tell(&open, &mut writing, &handed, &wish.message).await?;
    writing.commit().await?;
    match link {
        Some(link) => show_link(&open, wish.to.name, link),
        None => {
            let done = if open.app.service.letters { "handed" } else { "handed_known" };
            Ok(Redirect::to(&open.links.tasks_after(done)).into_response())
        }
    }
}

/// Returns the sections that whoever has this address has already: the form may be sent twice.
async fn sections_with(open: &OpenCase, email: &str) -> Result<Vec<SectionId>, Problem> {
    let people = open.names().await?.people;
    let wanted = email.to_lowercase();
    let others = open.case.assignments.iter();
    let others = others.filter(|(_, held)| held.contact != open.access.contact);
    let theirs = others.filter(|(_, held)| {
        let person = people.get(&held.contact);
        person.is_some_and(|person| person.contact.email.to_lowercase() == wanted)
    });
    Ok(theirs.map(|(id, _)| id.clone()).collect())
}

/// Tells the colleague: by a letter, or, where this service sends none, by a link for the reader
/// to pass on, which is returned. A colleague who hands on gets no link that opens more than that:
/// whoever has other sections already has a link of their own.
async fn tell(
    open: &OpenCase,
    writing: &mut Writing,
    handed: &HandedOver,
    message: &str,
) -> Result<Option<String>, Problem> {
    let service = &open.app.service;
    if service.letters {
        let Some((first, number)) = handed.sections.first() else { return Ok(None) };
        let about: Vec<SectionId> = handed.sections.iter().map(|(id, _)| id.clone()).collect();
        let step = format!("hand_over:{first}:{number}");
        writing
            .queue_letter(&LetterFor {
                case: &open.case.id,
                to: &handed.contact,
                kind: LetterKind::HandOver,
                step: &step,
                about: &about,
                message,
                enclosed: ("", ""),
            })
            .await?;
        return Ok(None);
    }
    if handed.has_more && !open.is_coordinator() {
        return Ok(None);
    }
    let link = LinkFor {
        case: open.case.id.clone(),
        contact: handed.contact.clone(),
        kind: AccessKind::Delegate,
        expires: open.state.closes,
    };
    let token = writing.issue_link(&link).await?;
    Ok(Some(format!("{}/answer/{}", service.base_url, token.reveal())))
}

fn show_link(open: &OpenCase, name: String, link: String) -> Result<Response, Problem> {
    let (shell, tasks) = (open.shell(), open.links.tasks.clone());
    page_with(StatusCode::OK, &Done { shell, tasks, name, link })
}

async fn render(
    open: &OpenCase,
    typed: Typed,
    wrong: Wrong,
    status: StatusCode,
) -> Result<Response, Problem> {
    let names = open.names().await?;
    let shell = open.shell();
    let words = &shell.ui.hands;
    let choice = |index: usize| {
        let section = &open.instrument().sections[index];
        let holder = open.case.assignments.get(&section.id);
        let role = open.app.service.survey.role_title(&section.role, open.lang);
        let holder = holder.map(|held| (words.with)(&names.contact(&held.contact)));
        Choice {
            id: section.id.to_string(),
            title: open.plain(&section.title),
            note: holder.map_or(role.to_owned(), |holder| format!("{role} · {holder}")),
            chosen: typed.sections.iter().any(|id| *id == section.id.as_str()),
        }
    };
    let lang = typed.lang.unwrap_or(open.lang);
    let (today, last) = days(open);
    page_with(
        status,
        &Page {
            tasks: open.links.tasks.clone(),
            sections: may_share(open).into_iter().map(choice).collect(),
            languages: shell
                .languages
                .iter()
                .map(|l| Language { code: l.code, name: l.name.clone(), current: l.code == lang })
                .collect(),
            letters: open.app.service.letters,
            days: (today, last),
            last_day: (shell.ui.date)(last),
            limit: LONGEST_MESSAGE,
            typed,
            wrong,
            shell,
        },
    )
}

/// Returns the sections that whoever has opened the case may hand to somebody: a coordinator those
/// that are not handed in, a colleague those that they may hand on.
pub(super) fn may_share(open: &OpenCase) -> Vec<usize> {
    let mut sections = open.sections();
    sections.retain(|index| {
        let id = &open.instrument().sections[*index].id;
        let held = open.case.assignments.get(id);
        open.case.status(id) != SectionStatus::Done
            && (open.is_coordinator() || held.is_some_and(|held| held.may_hand_on))
    });
    sections
}

/// Returns the first and the last day by which a colleague can be asked to be done.
fn days(open: &OpenCase) -> (Date, Date) {
    let last = open.state.closes.checked_sub(jiff::SignedDuration::from_secs(1));
    (open.today(), oslo(last.unwrap_or(open.state.closes)).date())
}

impl Typed {
    fn read(posted: &Posted) -> Typed {
        let line = |name| posted.first(name).unwrap_or_default().trim().to_owned();
        Typed {
            name: line("name"),
            email: line("email"),
            sections: posted.all("section").to_vec(),
            message: line("message").replace("\r\n", "\n"),
            due: line("due"),
            may_hand_on: posted.first("may_hand_on").is_some(),
            lang: posted.first("lang").and_then(|code| code.parse().ok()),
        }
    }

    /// Returns what is wished for, or everything that is wrong.
    fn check(&self, open: &OpenCase, with_them: &[SectionId]) -> Result<Wish, Wrong> {
        let words = &open.ui().hands;
        let sections = self.wanted(open, with_them);
        let due = self.day(open);
        let wrong = Wrong {
            name: (!is_name(&self.name)).then_some(words.wrong_name),
            email: (!is_email(&self.email)).then_some(words.wrong_email),
            sections: sections.is_empty().then_some(words.wrong_sections),
            message: (self.message.chars().count() > LONGEST_MESSAGE)
                .then_some(words.wrong_message),
            due: due.is_none().then_some(words.wrong_due),
        };
        match due {
            Some(due) if wrong.is_empty() => Ok(Wish {
                to: self.contact(open),
                sections,
                message: self.message.clone(),
                due,
                may_hand_on: self.may_hand_on,
            }),
            Some(_) | None => Err(wrong),
        }
    }

    fn contact(&self, open: &OpenCase) -> Contact {
        let spoken = &open.app.service.survey.languages;
        let language = self.lang.filter(|lang| spoken.contains(lang)).unwrap_or(open.lang);
        Contact { name: self.name.clone(), email: self.email.clone(), language }
    }

    /// Returns the sections that are chosen, of those that may be shared or are with the colleague.
    fn wanted(&self, open: &OpenCase, with_them: &[SectionId]) -> Vec<SectionId> {
        let share = may_share(open);
        let sections = open.instrument().sections.iter().enumerate();
        let open_to_them = sections
            .filter(|(index, section)| share.contains(index) || with_them.contains(&section.id));
        let ids = open_to_them.map(|(_, section)| section.id.clone());
        ids.filter(|id| self.sections.iter().any(|wanted| *wanted == id.as_str())).collect()
    }

    /// Returns the day that stands in the form, or none; `None` where it is no day of the round.
    fn day(&self, open: &OpenCase) -> Option<Option<Date>> {
        if self.due.is_empty() {
            return Some(None);
        }
        let (today, last) = days(open);
        let day: Date = self.due.parse().ok()?;
        (today..=last).contains(&day).then_some(Some(day))
    }
}

impl Wrong {
    fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// Returns what is wrong, each with the field that it is about.
    fn lines(&self) -> Vec<(&'static str, &'static str)> {
        let fields = [
            ("section", self.sections),
            ("name", self.name),
            ("email", self.email),
            ("message", self.message),
            ("due", self.due),
        ];
        fields.into_iter().filter_map(|(field, wrong)| Some((field, wrong?))).collect()
    }
}

/// Whether a text can be a name: something, on one line.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(['\n', '\r', '\t'])
}

/// Whether a text can be an e-mail address. Whether there is somebody, the letter will tell.
fn is_email(email: &str) -> bool {
    let Some((user, host)) = email.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\\\"[]@".contains(c);
    email.len() <= LONGEST_EMAIL
        && !user.is_empty()
        && user.chars().all(plain)
        && host.chars().all(plain)
        && host.split('.').count() > 1
        && host.split('.').all(|part| !part.is_empty())
        && user.split('.').all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_looked_at() {
        for email in ["ola@kommune.no", "ola.å+x@post.kommune.no", "a@b.no"] {
            assert!(is_email(email), "{email}");
        }
        for email in [
            "",
            "ola",
            "ola@",
            "@kommune.no",
            "ola@kommune",
            "ola@.no",
            "o la@a.no",
            "a@b@c.no",
            "Ola <ola@a.no>",
            "ola@a.no,kari@a.no",
            "ola@a..no",
            "ola..n@a.no",
            ".ola@a.no",
        ] {
            assert!(!is_email(email), "{email}");
        }
    }
}
