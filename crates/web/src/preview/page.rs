//! The pages of the preview: sections, and their questions.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html as HtmlPage, IntoResponse, Redirect, Response};
use instrument::path::{CheckMessage, OpenCheck, open_checks};
use instrument::{Item, Kind, Lang, Prefilled, Question, Value};

use super::words::{Words, words};
use super::{Around, Chosen, Desk, Seen, script};
use crate::assets::ASSETS;
use crate::download;
use crate::draft::{Draft, become_of, box_field, fields, judged, written};
use crate::link::encode;
use crate::list::Step;
use crate::markup::{self, Html};
use crate::posted::Posted;
use crate::problem::{Problem, page, page_with};
use crate::question::{Asking, Body, QuestionView};
use crate::shell::Shell;
use crate::ui::ui;
use crate::upload;
use crate::{FILL_IN, GO, HAND_OVER, WARNED, WITHDRAW};

/// The parts that every page of the preview has.
pub(super) struct Bench {
    pub(super) shell: Shell,
    pub(super) words: &'static Words,
    pub(super) script: String,
    pub(super) version: String,
}

#[derive(Template)]
#[template(path = "preview/sections.html")]
struct SectionsPage {
    bench: Bench,
    units: Vec<(String, String, bool)>,
    roles: Vec<(String, String, bool)>,
    sections: Vec<(Html, String, Option<String>)>,
}

#[derive(Template)]
#[template(path = "preview/page.html")]
struct QuestionsPage {
    bench: Bench,
    shell: Shell,
    title: Html,
    here: String,
    /// Whether a file can be handed over.
    files: bool,
    intro: Option<Html>,
    questions: Vec<QuestionView>,
    /// The questions of which the page asks whether they were meant to be left blank.
    warned: Vec<String>,
}

#[derive(Template)]
#[template(path = "preview/wrong.html")]
struct WrongPage<'a> {
    words: &'static Words,
    css: &'a str,
    script: String,
    version: &'a str,
    said: &'a str,
}

impl Bench {
    pub(super) fn of(seen: &Seen) -> Bench {
        let version = seen.reading.version.clone();
        Bench { shell: seen.shell(), words: seen.words(), script: script(), version }
    }
}

/// Returns the page that says what is wrong with the files.
pub(super) fn wrong(said: &str, version: &str) -> Response {
    let (words, css) = (words(Lang::NB), ASSETS.css.as_str());
    let template = WrongPage { words, css, script: script(), version, said };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &template).into_response()
}

/// `GET /`: the sections that the unit and role are asked.
pub(super) async fn sections(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    let (round, open) = (seen.round(), seen.sections());
    let units = round.frame.units.iter().enumerate().map(|(index, unit)| {
        (unit.id.to_string(), format!("{} {}", unit.id, unit.name), index == seen.unit)
    });
    let roles = round.survey.roles.iter().map(|role| {
        let chosen = seen.chosen.role.as_ref() == Some(&role.id);
        (role.id.to_string(), role.title.plain(seen.lang), chosen)
    });
    let sections = round.instrument.sections.iter().enumerate().map(|(index, section)| {
        let title = round.instrument.fill(&section.title, seen.lang, &seen.case());
        let role = round.survey.role_title(&section.role, seen.lang).to_owned();
        let first = first_page(&seen, index).filter(|_| open.contains(&index));
        (markup::line(&title, seen.lang), role, first.map(|page| address(&seen, index, page)))
    });
    let template = SectionsPage {
        units: units.collect(),
        roles: roles.collect(),
        sections: sections.collect(),
        bench: Bench::of(&seen),
    };
    page(&template).into_response()
}

/// `POST /choose`: another unit or role.
pub(super) async fn choose(State(desk): State<Arc<Desk>>, posted: Posted) -> Redirect {
    desk.change(|chosen| chosen.choose(&posted));
    Redirect::to("/")
}

/// `POST /forget`: no answers any more.
pub(super) async fn forget(State(desk): State<Arc<Desk>>) -> Redirect {
    desk.change(|chosen| {
        let (unit, role) = (chosen.unit.take(), chosen.role.take());
        *chosen = Chosen { unit, role, ..Chosen::default() };
    });
    Redirect::to("/")
}

/// `GET /section/{section}/{page}`.
pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(place): Path<(String, usize)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    match find(&seen, &place) {
        Some((section, page)) => questions(&seen, section, page),
        None => Problem::NotFound.into_response(),
    }
}

/// `POST /section/{section}/{page}`: keeps what was answered and turns the page.
pub(super) async fn turn(
    State(desk): State<Arc<Desk>>,
    Path(place): Path<(String, usize)>,
    request: Request,
) -> Response {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    let Some((section, page)) = find(&seen, &place) else {
        return Problem::NotFound.into_response();
    };
    let variables = variables(&seen, section, page);
    let takes = upload::takes(seen.instrument(), variables.iter().copied());
    let posted = match upload::posted(&desk.uploads, request, &takes).await {
        Ok(posted) => posted,
        Err(problem) => return problem.into_response(),
    };
    keep(&desk, &seen, &variables, &posted);
    keep_files(&desk, &seen, &variables, &posted);
    let Ok(mut after) = desk.see(&uri, &headers) else { return Redirect::to("/").into_response() };
    let here = address(&seen, section, page);
    if let Some(question) = posted.first(GO).and_then(|go| go.strip_prefix(FILL_IN)) {
        fill_in(&desk, &after, question);
        return Redirect::to(&format!("{here}#q-{}", encode(question))).into_response();
    }
    if let Some((step, list)) = posted.first(GO).and_then(Step::read) {
        let anchor = change_list(&desk, &after, step, list);
        let anchor = anchor.map_or(String::new(), |anchor| format!("#{}", encode(&anchor)));
        return Redirect::to(&format!("{here}{anchor}")).into_response();
    }
    let go = posted.first(GO).unwrap_or_default();
    if let Some(question) = go.strip_prefix(HAND_OVER).or(go.strip_prefix(WITHDRAW)) {
        return Redirect::to(&format!("{here}#q-{}", encode(question))).into_response();
    }
    if go == "stay" || keeps(&seen, &after, section, page) {
        return Redirect::to(&here).into_response();
    }
    after.ask = true;
    let warned = posted.all(WARNED);
    if blank(&after, section, page).iter().any(|question| !warned.contains(question)) {
        return Redirect::to(&format!("{here}?ask=yes")).into_response();
    }
    let mut later = pages(&after, section).into_iter().filter(|later| *later > page);
    let target = later.next().map_or("/".to_owned(), |later| address(&after, section, later));
    Redirect::to(&target).into_response()
}

/// Keeps what was written in the fields of a page and what was ticked beside them.
fn keep(desk: &Desk, seen: &Seen, variables: &[usize], posted: &Posted) {
    let instrument = seen.instrument();
    let read = |index: &usize| {
        let variable = &instrument.variables[*index];
        let mut typed = written(instrument, variable, |field| posted.all(field));
        typed.retain(|typed| !typed.is_empty());
        typed
    };
    let answers = variables.iter().filter(|v| {
        let variable = &instrument.variables[**v];
        variable.item != Item::Prefill && instrument.file_rule(variable).is_none()
    });
    let answers: BTreeMap<usize, Vec<String>> = answers.map(|v| (*v, read(v))).collect();
    let differs = |variable: usize| {
        let name = &instrument.variables[variable].name;
        let before = seen.chosen.typed.get(name).map_or(&[][..], Vec::as_slice);
        answers.get(&variable).is_some_and(|typed| typed != before)
    };
    let state = |variable: usize| {
        let was = Prefilled::of(seen.answers.get(variable))?;
        let question = instrument.question_of(&instrument.variables[variable]);
        let changed = question.answer_fields().any(differs);
        Some(become_of(was, changed, !read(&variable).is_empty()).as_str().to_owned())
    };
    let states = variables.iter().filter(|v| instrument.variables[**v].item == Item::Prefill);
    let states: Vec<_> = states.map(|v| (*v, state(*v).into_iter().collect())).collect();
    desk.change(|chosen| {
        for (variable, typed) in answers.into_iter().chain(states) {
            let name = &instrument.variables[variable].name;
            chosen.typed.insert(box_field(name), posted.all(&box_field(name)).to_vec());
            chosen.typed.insert(name.clone(), typed);
        }
    });
}

/// Keeps the files that were chosen, and forgets those that were taken away or that a box takes the
/// place of.
fn keep_files(desk: &Desk, seen: &Seen, variables: &[usize], posted: &Posted) {
    let instrument = seen.instrument();
    for variable in variables.iter().map(|index| &instrument.variables[*index]) {
        let Some(rule) = instrument.file_rule(variable) else { continue };
        let name = &variable.name;
        let boxes = posted.all(&box_field(name)).to_vec();
        let go = posted.first(GO).and_then(|go| go.strip_prefix(WITHDRAW));
        let gone = go == Some(name.as_str()) || !boxes.is_empty();
        let judged = posted.files(name).first().filter(|_| !gone).map(|file| judged(rule, file));
        desk.change(|chosen| {
            chosen.refused.remove(name);
            chosen.typed.insert(box_field(name), boxes);
            match judged {
                Some(Ok((given, bytes))) => {
                    chosen.typed.insert(name.clone(), vec![Value::File(given).encode()]);
                    chosen.files.insert(name.clone(), bytes);
                }
                Some(Err(problem)) => {
                    chosen.refused.insert(name.clone(), problem);
                }
                None if gone => {
                    chosen.typed.remove(name);
                    chosen.files.remove(name);
                }
                None => {}
            }
        });
    }
}

/// `GET /section/{section}/file/{variable}`: a file that was chosen, out of memory.
pub(super) async fn fetch(
    State(desk): State<Arc<Desk>>,
    Path((_, variable)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    let variables = seen.instrument().variables.iter();
    let index = variables.map(|own| own.name.as_str()).position(|name| name == variable);
    match (index.and_then(|index| seen.answers.get(index)), seen.chosen.files.get(&variable)) {
        (Some(Value::File(file)), Some(bytes)) => download::from_memory(file, bytes),
        (Some(_) | None, _) => Problem::NotFound.into_response(),
    }
}

/// Returns what stands in these fields, and what is wrong with the files that were refused.
fn draft(seen: &Seen, variables: impl Iterator<Item = usize>) -> Draft {
    let instrument = seen.instrument();
    let mut draft = Draft::typed(instrument, variables, &seen.chosen.typed);
    for (index, entry) in &mut draft.entries {
        if let Some(problem) = seen.chosen.refused.get(&instrument.variables[*index].name) {
            entry.read = Err(problem.clone());
        }
    }
    draft
}

/// Fills in a question that nobody has answered with what is known of the unit. The last round's
/// answers are not known here.
fn fill_in(desk: &Desk, seen: &Seen, question: &str) {
    let instrument = seen.instrument();
    let Some(question) = instrument.question(question) else { return };
    let proposals = instrument.proposals(question, &seen.case());
    let (Some(state), false) = (question.prefill_variable(), proposals.is_empty()) else { return };
    let shown = [(state, Prefilled::Shown.value())];
    let words = (seen.lang, ui(seen.lang));
    desk.change(|chosen| {
        for (variable, value) in proposals.into_iter().chain(shown) {
            let typed = fields(instrument, variable, &value, words);
            chosen.typed.insert(instrument.variables[variable].name.clone(), typed);
        }
    });
}

/// Adds a row to a list or takes one away; returns where to go on.
fn change_list(desk: &Desk, seen: &Seen, step: Step, list: &str) -> Option<String> {
    let instrument = seen.instrument();
    let name = |variable: usize| instrument.variables[variable].name.clone();
    let typed = |variable: usize| seen.chosen.typed.get(&name(variable)).cloned();
    let changed = step.take(instrument, list, &seen.answers, typed)?;
    desk.change(|chosen| {
        for (variable, typed) in changed.fields {
            chosen.typed.insert(name(variable), typed.unwrap_or_default());
        }
        chosen.typed.insert(name(changed.count), vec![changed.rows.to_string()]);
    });
    Some(changed.anchor)
}

/// The questions of a page that are blank and that one is asked to answer.
fn blank(seen: &Seen, section: usize, page: usize) -> Vec<String> {
    let checks = checks(seen, section, page);
    let blank = checks.iter().filter(|check| check.message == CheckMessage::Blank);
    blank.map(|check| seen.instrument().questions[check.question].id.to_string()).collect()
}

/// Whether a page stays for what the answers have called up on it, or for one that is none.
fn keeps(before: &Seen, after: &Seen, section: usize, page: usize) -> bool {
    let instrument = after.instrument();
    let mut questions = instrument.sections[section].pages[page].questions.clone();
    questions.any(|index| {
        let called_up = after.path.questions[index] && !before.path.questions[index];
        let variables = instrument.questions[index].variables.clone();
        let refused = draft(after, variables).entries.values().any(|entry| entry.read.is_err());
        called_up || after.path.questions[index] && refused
    })
}

/// `GET /whole`: every question on one page.
pub(super) async fn whole(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Response {
    let seen = match desk.see(&uri, &headers) {
        Ok(seen) => seen,
        Err(response) => return *response,
    };
    let (address, version) = (script(), seen.reading.version.clone());
    let around = Around { css: &ASSETS.css, script: Some((&address, &version)) };
    match super::whole(&seen.round().survey, seen.instrument(), seen.lang, &around) {
        Ok(html) => HtmlPage(html).into_response(),
        Err(error) => {
            tracing::error!("the whole questionnaire cannot be written: {error}");
            Problem::Broken.into_response()
        }
    }
}

fn find(seen: &Seen, (section, page): &(String, usize)) -> Option<(usize, usize)> {
    let section = seen.instrument().section(section)?;
    let page = page.checked_sub(1)?;
    (page < seen.instrument().sections[section].pages.len()).then_some((section, page))
}

/// The pages of a section on which something is asked.
fn pages(seen: &Seen, section: usize) -> Vec<usize> {
    let pages = seen.instrument().sections[section].pages.iter().enumerate();
    pages
        .filter(|(_, page)| page.questions.clone().any(|q| seen.path.questions[q]))
        .map(|(index, _)| index)
        .collect()
}

fn first_page(seen: &Seen, section: usize) -> Option<usize> {
    pages(seen, section).first().copied()
}

fn address(seen: &Seen, section: usize, page: usize) -> String {
    let section = seen.instrument().sections[section].id.as_str();
    format!("/section/{}/{}", encode(section), page + 1)
}

/// The variables that a page has fields for.
fn variables(seen: &Seen, section: usize, page: usize) -> Vec<usize> {
    let instrument = seen.instrument();
    let questions = instrument.sections[section].pages[page].questions.clone();
    let asked = questions.filter(|question| seen.path.questions[*question]);
    // The rows of a list are counted by its buttons.
    let asked = asked.map(|question| &instrument.questions[question]);
    let asked = asked.filter(|question| !matches!(question.kind, Kind::Repeat { .. }));
    asked.flat_map(Question::fields).collect()
}

fn questions(seen: &Seen, section: usize, page_index: usize) -> Response {
    let instrument = seen.instrument();
    let checks = checks(seen, section, page_index);
    let questions = instrument.sections[section].pages[page_index].questions.clone();
    let variables = questions.clone().flat_map(|q| instrument.questions[q].fields());
    let draft = draft(seen, variables);
    let files = format!("/section/{}/file", encode(instrument.sections[section].id.as_str()));
    let asking = Asking {
        instrument,
        lang: seen.lang,
        ui: ui(seen.lang),
        draft: &draft,
        case: seen.case(),
        conflicts: &BTreeMap::new(),
        checks: &checks,
        new: None,
        files: &files,
    };
    let asked: Vec<usize> = questions.filter(|q| seen.path.questions[*q]).collect();
    let about = &instrument.sections[section];
    let title = about.pages[page_index].title.as_ref().unwrap_or(&about.title);
    let first = first_page(seen, section) == Some(page_index);
    let questions = asking.views(&asked);
    let template = QuestionsPage {
        files: questions.iter().any(|question| matches!(question.body, Body::File { .. })),
        shell: seen.shell(),
        title: asking.line(title),
        here: address(seen, section, page_index),
        warned: blank(seen, section, page_index),
        intro: about.intro.as_ref().filter(|_| first).map(|intro| asking.paragraphs(intro)),
        questions,
        bench: Bench::of(seen),
    };
    page(&template).into_response()
}

/// The checks that are open on a page: what is merely unanswered is told where one is asked for it.
fn checks(seen: &Seen, section: usize, page: usize) -> Vec<OpenCheck<'_>> {
    let instrument = seen.instrument();
    let questions = instrument.sections[section].pages[page].questions.clone();
    let mut checks = open_checks(instrument, &seen.attributes, &seen.answers, &seen.path, section);
    checks.retain(|check| {
        let own =
            !matches!(instrument.variables[check.variable].item, Item::Specify(_) | Item::Reason);
        let told = match check.message {
            CheckMessage::Required => false,
            CheckMessage::Blank => seen.ask,
            CheckMessage::Written(_)
            | CheckMessage::SamePlace(_)
            | CheckMessage::OtherSum { .. } => true,
        };
        own && questions.contains(&check.question) && told
    });
    checks
}
