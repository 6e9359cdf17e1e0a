//! `/case/{round}/{unit}/{section}/{page}`: a page of questions, and turning it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use instrument::path::{CheckMessage, OpenCheck};
use instrument::{Kind, Lang, Level, Prefilled, Question, Value};
use store::{AnswerWrite, Case, Conflict, Form, StoreError};
use tokio::time::sleep;

use super::kept::Scene;
use super::page_view::{Shown, render};
use super::{OpenCase, form, hands, resume};
use crate::draft::{Draft, Seen, seen_field};
use crate::link::encode;
use crate::list::{self, Step};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::question::{calculated, calculated_field};
use crate::review::is_answered;
use crate::service::App;
use crate::shell::chosen_language;
use crate::ui::oslo;
use crate::upload::{self, Takes};
use crate::{FILL_IN, GO, HAND_OVER, WARNED, WITHDRAW};

type Address = Path<(String, String, String, String)>;

/// A page of the questionnaire.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) section: usize,
    pub(super) page: usize,
}

/// Where the informant wants to go once the page is saved.
enum Turn {
    Next,
    Back,
    Exit,
    Language(Lang),
    /// Nowhere: the question with this name is to be filled in.
    FillIn(String),
    /// Nowhere: the file of the question with this name has been handed over or taken away.
    File(String),
    /// Nowhere: a list gets a row more or less.
    List(Step, String),
    /// Nowhere: a script saves while the informant goes on.
    Stay,
}

/// `GET`.
pub(super) async fn show(
    open: OpenCase,
    Path((_, _, section, page)): Address,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let place = find(&open, &section, &page)?;
    if open.case.signed {
        return Ok(open.to_receipt());
    }
    let draft = stored(&open, place);
    let new = query.get("new").map(String::as_str);
    let ask = query.contains_key("ask");
    render(&open, place, Shown { draft: &draft, conflicts: &BTreeMap::new(), new, ask })
}

/// `POST`: saves the page and turns it. What cannot be an answer, and what somebody else has
/// answered meanwhile, is shown again as it was typed; everything else is saved.
pub(super) async fn turn(
    State(app): State<Arc<App>>,
    open: Result<OpenCase, Problem>,
    Path((_, _, section, page)): Address,
    request: Request,
) -> Result<Response, Problem> {
    let open = match open {
        Err(Problem::Session) => {
            let lang = chosen_language(&app, request.uri(), request.headers());
            let here = request.uri().path().to_owned();
            // A file of somebody who may see nothing is not even held in memory.
            let posted = upload::posted(&app.uploads, request, &Takes::new()).await?;
            return resume::page(&app, lang, &here, &posted);
        }
        open => open?,
    };
    let place = there(&open, &section, &page).ok_or(Problem::NotFound)?;
    let takes = upload::takes(open.instrument(), variables(&open, place));
    let posted = upload::posted(&app.uploads, request, &takes).await?;
    let scene = Scene::new(&open, place);
    let turned = match find(&open, &section, &page) {
        Ok(place) => save_and_turn(open, place, &posted).await,
        // The page may have been open while its section changed hands or left the path.
        Err(problem) if had(&open, &section).await? => Err(problem),
        Err(problem) => return Err(problem),
    };
    turned.or_else(|problem| scene.page(problem, &posted))
}

/// Whether whoever has opened the case could answer a section before, which is not open to them now.
async fn had(open: &OpenCase, section: &str) -> Result<bool, Problem> {
    Ok(open.is_coordinator() || hands::last_end(open, section).await?.is_some())
}

async fn save_and_turn(open: OpenCase, place: Place, posted: &Posted) -> Result<Response, Problem> {
    let mut draft = Draft::posted(open.instrument(), variables(&open, place), posted)?;
    let turn = Turn::read(posted);
    let form = form::of(posted);
    let writes = draft.writes(open.instrument());
    let (mut conflicts, saved) = save(&open, place, &writes, form.as_ref()).await?;
    let mut open = match saved {
        Some(case) => open.with(case),
        None => open.reload().await?,
    };
    draft.look_again(open.instrument(), (&open.case, &open.answers), &conflicts);
    if let Turn::Stay = turn {
        return Ok(kept(&open, place, &draft, &conflicts));
    }
    if let Turn::FillIn(question) = &turn {
        open = fill_in(open, place, &mut draft, question).await?;
    }
    let mut anchor = None;
    if let (Turn::List(step, list), true) = (&turn, conflicts.is_empty()) {
        let pressed = Pressed { step: *step, list, seen: seen(posted, list), form: form.as_ref() };
        let listed;
        (open, listed) = change_list(open, place, &mut draft, pressed).await?;
        match listed {
            Listed::Changed(on) => anchor = Some(on),
            Listed::AsItWas => {}
            Listed::Conflicts(found) => {
                conflicts = found;
                draft.give_way(open.instrument(), &conflicts);
                draft.look_again(open.instrument(), (&open.case, &open.answers), &conflicts);
            }
        }
    }
    if conflicts.is_empty() && !has_problems(&open, &draft) {
        if let Some(anchor) = anchor {
            let section = open.instrument().sections[place.section].id.as_str();
            let here = open.links.page(section, place.page);
            return Ok(Redirect::to(&format!("{here}#{}", encode(&anchor))).into_response());
        }
        let target = target(&open, place, &turn, &draft, posted);
        return Ok(Redirect::to(&target).into_response());
    }
    if let Turn::Language(lang) = turn {
        open.lang = lang;
    }
    draft.fill(stored(&open, place));
    let conflicts = named(&open, conflicts).await?;
    render(&open, place, Shown { draft: &draft, conflicts: &conflicts, new: None, ask: false })
}

/// Returns the page with this address; refuses one of a section that is not open to the reader.
fn find(open: &OpenCase, section: &str, page: &str) -> Result<Place, Problem> {
    open.section(section)?;
    there(open, section, page).ok_or(Problem::NotFound)
}

/// Returns the page with this address, whoever it is open to.
fn there(open: &OpenCase, section: &str, page: &str) -> Option<Place> {
    let section = open.instrument().section(section)?;
    let page = page.parse::<usize>().ok()?.checked_sub(1)?;
    let there = page < open.instrument().sections[section].pages.len();
    there.then_some(Place { section, page })
}

/// Returns the questions of a page, asked or not: what was shown may have left the path since.
fn questions(open: &OpenCase, place: Place) -> impl Iterator<Item = &Question> {
    let instrument = open.instrument();
    let questions = instrument.sections[place.section].pages[place.page].questions.clone();
    questions.map(|question| &instrument.questions[question])
}

/// Returns the variables that the fields of a page hold.
fn variables(open: &OpenCase, place: Place) -> impl Iterator<Item = usize> {
    // The rows of a list are counted by its buttons.
    let written = |question: &&Question| !matches!(question.kind, Kind::Repeat { .. });
    questions(open, place).filter(written).flat_map(Question::fields)
}

fn stored(open: &OpenCase, place: Place) -> Draft {
    let variables = questions(open, place).flat_map(Question::fields);
    Draft::stored(open.instrument(), variables, &open.case, &open.answers, (open.lang, open.ui()))
}

/// How many milliseconds a save waits before it is tried again: two changes stood in each other's way, or a
/// standby is just taking the place of the database.
const PAUSES: [u64; 4] = [20, 200, 1000, 3000];

/// What somebody else has answered meanwhile, and the case after the save, where it is known.
type SavedPage = (Vec<Conflict>, Option<Arc<Case>>);

/// Saves what can be saved.
async fn save(
    open: &OpenCase,
    place: Place,
    writes: &[AnswerWrite],
    form: Option<&Form>,
) -> Result<SavedPage, Problem> {
    for pause in PAUSES {
        match try_to_save(open, place, writes, form).await {
            Err(error) if error.is_passing() => sleep(Duration::from_millis(pause)).await,
            saved => return Ok(saved?),
        }
    }
    Ok(try_to_save(open, place, writes, form).await?)
}

async fn try_to_save(
    open: &OpenCase,
    place: Place,
    writes: &[AnswerWrite],
    form: Option<&Form>,
) -> Result<SavedPage, StoreError> {
    let section = &open.instrument().sections[place.section].id;
    let mut writing = open.write().await?;
    let conflicts = match writing.save_from(&open.case.id, section, writes, form).await {
        Ok(_) => vec![],
        Err(StoreError::Conflict(conflicts)) => {
            let mut rest = writes.to_vec();
            rest.retain(|write| conflicts.iter().all(|c| c.variable != write.variable));
            writing.save_from(&open.case.id, section, &rest, form).await?;
            conflicts
        }
        Err(error) => return Err(error),
    };
    Ok((conflicts, writing.commit_case().await?))
}

/// Fills in a question of the page that nobody has answered. Where somebody does at the same moment,
/// their answer stands and nothing is filled in.
async fn fill_in(
    open: OpenCase,
    place: Place,
    draft: &mut Draft,
    question: &str,
) -> Result<OpenCase, Problem> {
    let instrument = open.instrument();
    let section = &instrument.sections[place.section];
    let mut questions = section.pages[place.page].questions.clone();
    let on_path = |index: &usize| {
        open.path.questions[*index] && instrument.questions[*index].id.as_str() == question
    };
    let Some(index) = questions.find(on_path) else { return Ok(open) };
    let question = &instrument.questions[index];
    let proposals = instrument.proposals(question, &open.known());
    let (Some(state), false) = (question.prefill_variable(), proposals.is_empty()) else {
        return Ok(open);
    };
    let shown = [(state, Prefilled::Shown.value())];
    let write_one = |(index, value): (usize, Value)| {
        let variable = instrument.variables[index].name.clone();
        let replaces = open.case.held(&variable).map_or(0, |held| held.version);
        AnswerWrite { variable, value: Some(value.encode()), replaces, file: None }
    };
    let writes: Vec<AnswerWrite> = proposals.into_iter().chain(shown).map(write_one).collect();
    draft.entries.retain(|variable, _| !question.fields().contains(variable));
    let (_, case) = save_all(&open, place, &writes, None).await?;
    Ok(open.with(case))
}

/// A button of a list that was pressed.
struct Pressed<'a> {
    step: Step,
    list: &'a str,
    /// Which version of its count the page showed; 0 where nobody had counted.
    seen: u32,
    form: Option<&'a Form>,
}

/// What a button of a list came to.
enum Listed {
    /// The list has been changed; where to go on.
    Changed(String),
    /// There was nothing to do, or the same form has done it.
    AsItWas,
    /// Somebody has changed the list, or what would be moved, since the page was shown.
    Conflicts(Vec<Conflict>),
}

/// Returns which version of a list's count a page showed.
fn seen(posted: &Posted, list: &str) -> u32 {
    let seen = posted.first(&seen_field(list)).and_then(|seen| seen.parse::<Seen>().ok());
    seen.map_or(0, |seen| seen.version)
}

/// Adds a row to a list of the page or takes one away. A form does so once, however often it is sent;
/// and it takes nothing away that the page did not show.
async fn change_list(
    open: OpenCase,
    place: Place,
    draft: &mut Draft,
    pressed: Pressed<'_>,
) -> Result<(OpenCase, Listed), Problem> {
    let instrument = open.instrument();
    let section = &instrument.sections[place.section];
    let mut questions = section.pages[place.page].questions.clone();
    let on_path = |index: &usize| {
        open.path.questions[*index] && instrument.questions[*index].id.as_str() == pressed.list
    };
    let Some(index) = questions.find(on_path) else { return Ok((open, Listed::AsItWas)) };
    let held = |variable: usize| open.case.held(&instrument.variables[variable].name);
    let version = |variable: usize| held(variable).map_or(0, |held| held.version);
    let count = instrument.questions[index].variables.start;
    if held(count).is_some_and(|held| held.is_from(pressed.form)) {
        return Ok((open, Listed::AsItWas));
    }
    let value = |variable: usize| held(variable).and_then(|held| held.value.clone());
    let changed = pressed.step.take(instrument, pressed.list, &open.answers, value);
    let moved = changed.iter().flat_map(|changed| &changed.fields).map(|(variable, _)| *variable);
    let hidden = moved.filter(|variable| {
        draft.entries.get(variable).is_some_and(|entry| entry.seen.version != version(*variable))
    });
    let recounted = Some(count).filter(|count| version(*count) != pressed.seen);
    let conflicts: Vec<Conflict> = recounted
        .into_iter()
        .chain(hidden)
        .filter_map(|variable| Some((instrument.variables[variable].name.clone(), held(variable)?)))
        .map(|(variable, held)| Conflict { variable, held: held.clone() })
        .collect();
    if !conflicts.is_empty() {
        return Ok((open, Listed::Conflicts(conflicts)));
    }
    let Some(changed) = changed else { return Ok((open, Listed::AsItWas)) };
    let write_one = |(variable, value): (usize, Option<String>)| AnswerWrite {
        variable: instrument.variables[variable].name.clone(),
        value,
        replaces: version(variable),
        // The file of a row that moves up is in the store.
        file: None,
    };
    let counted = (count, Some(Value::Integer(changed.rows as i64).encode()));
    let writes: Vec<AnswerWrite> =
        changed.fields.into_iter().chain([counted]).map(write_one).collect();
    let (conflicts, case) = save_all(&open, place, &writes, pressed.form).await?;
    let open = open.with(case);
    if !conflicts.is_empty() {
        return Ok((open, Listed::Conflicts(conflicts)));
    }
    let own = list::variables(open.instrument(), pressed.list);
    draft.entries.retain(|variable, _| !own.contains(variable));
    Ok((open, Listed::Changed(changed.anchor)))
}

/// Writes all of these answers or, where somebody else has answered one meanwhile, none.
async fn save_all(
    open: &OpenCase,
    place: Place,
    writes: &[AnswerWrite],
    form: Option<&Form>,
) -> Result<(Vec<Conflict>, Arc<Case>), Problem> {
    let section = &open.instrument().sections[place.section].id;
    let mut writing = open.write().await?;
    let (conflicts, case) = match writing.save_from(&open.case.id, section, writes, form).await {
        Ok(_) => (vec![], writing.commit_case().await?),
        Err(StoreError::Conflict(conflicts)) => {
            // Undone before the case is read.
            drop(writing);
            (conflicts, None)
        }
        Err(error) => return Err(error.into()),
    };
    let case = match case {
        Some(case) => case,
        None => open.app.service.store.case(&open.case.id).await?,
    };
    Ok((conflicts, case))
}

/// Tells a script what has been saved: a line for the informant, what each field now shows, and
/// what is calculated from them.
fn kept(open: &OpenCase, place: Place, draft: &Draft, conflicts: &[Conflict]) -> Response {
    let words = &open.ui().saving;
    let local = oslo(open.now);
    let mut text = match conflicts.is_empty() {
        true => format!("saved\t{}\n", (words.saved)(local.hour(), local.minute())),
        false => format!("conflict\t{}\n", words.conflict),
    };
    for (index, entry) in &draft.entries {
        if entry.left {
            continue;
        }
        let name = &open.instrument().variables[*index].name;
        // Where somebody else has answered, the form has not seen it.
        if conflicts.iter().all(|conflict| conflict.variable != *name) {
            text.push_str(&format!("{}\t{}\n", seen_field(name), entry.seen));
        }
    }
    text.push_str(&calculations(open, place));
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Returns what the values on a page that are calculated now come to, a line for each.
fn calculations(open: &OpenCase, place: Place) -> String {
    let instrument = open.instrument();
    let questions = instrument.sections[place.section].pages[place.page].questions.clone();
    let on_path = questions.filter(|question| {
        open.path.questions[*question] && instrument.questions[*question].calculation.is_some()
    });
    let line = |question: usize| {
        let variable = instrument.questions[question].variables.start;
        let value = calculated(instrument, variable, &open.answers, open.lang, open.ui());
        let value = value.unwrap_or_else(|| open.ui().page.not_calculated.to_owned());
        format!("{}\t{value}\n", calculated_field(&instrument.variables[variable].name))
    };
    on_path.map(line).collect()
}

/// Whether something on the path was written that cannot be an answer.
fn has_problems(open: &OpenCase, draft: &Draft) -> bool {
    let mut entries = draft.entries.iter();
    entries.any(|(index, entry)| {
        let asked = open.path.asks(open.instrument(), *index) && !open.answers.leaves_out(*index);
        entry.read.is_err() && asked
    })
}

/// Returns the conflicts by variable, with who caused them.
async fn named(
    open: &OpenCase,
    conflicts: Vec<Conflict>,
) -> Result<BTreeMap<String, (Conflict, String)>, Problem> {
    if conflicts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let names = open.names().await?;
    let name = |conflict: Conflict| {
        let who = names.of(&conflict.held.by);
        (conflict.variable.clone(), (conflict, who))
    };
    Ok(conflicts.into_iter().map(name).collect())
}

impl Turn {
    fn read(posted: &Posted) -> Turn {
        match posted.first(GO) {
            Some("back") => Turn::Back,
            Some("exit") => Turn::Exit,
            Some("stay") => Turn::Stay,
            Some("next") | None => Turn::Next,
            Some(fill_in) if fill_in.starts_with(FILL_IN) => {
                Turn::FillIn(fill_in[FILL_IN.len()..].to_owned())
            }
            Some(go) if go.starts_with(HAND_OVER) => Turn::File(go[HAND_OVER.len()..].to_owned()),
            Some(go) if go.starts_with(WITHDRAW) => Turn::File(go[WITHDRAW.len()..].to_owned()),
            Some(go) if Step::read(go).is_some() => {
                Step::read(go).map_or(Turn::Next, |(step, list)| Turn::List(step, list.to_owned()))
            }
            Some(code) => code.parse().map_or(Turn::Next, Turn::Language),
        }
    }
}

/// Returns where to go after a page has been saved whole.
fn target(open: &OpenCase, place: Place, turn: &Turn, draft: &Draft, posted: &Posted) -> String {
    let section = open.instrument().sections[place.section].id.as_str();
    let here = open.links.page(section, place.page);
    let pages = open.pages(place.section);
    match turn {
        Turn::Exit => open.links.tasks.clone(),
        // A list that could not be changed is shown as it is.
        Turn::Stay | Turn::List(..) => here,
        Turn::FillIn(question) | Turn::File(question) => format!("{here}#q-{}", encode(question)),
        Turn::Language(lang) => format!("{here}?lang={lang}"),
        Turn::Back => {
            let before = pages.into_iter().rev().find(|page| *page < place.page);
            before.map_or(open.links.tasks.clone(), |page| open.links.page(section, page))
        }
        Turn::Next => {
            if let Some(question) = called_up(open, place, draft) {
                let id = encode(open.instrument().questions[question].id.as_str());
                return format!("{here}?new={id}#q-{id}");
            }
            let keeping = keeping(open, place, posted);
            if keeping.iter().any(|check| check.message == CheckMessage::Blank) {
                return format!("{here}?ask=yes");
            }
            if !keeping.is_empty() {
                return here;
            }
            let after = pages.into_iter().find(|page| *page > place.page);
            after.map_or(open.links.section_review(section), |page| open.links.page(section, page))
        }
    }
}

/// Returns the first question that the saved answers have called up on the same page: asked now,
/// not shown in the form or not with all of its rows, and not answered.
fn called_up(open: &OpenCase, place: Place, draft: &Draft) -> Option<usize> {
    let instrument = open.instrument();
    let mut questions = instrument.sections[place.section].pages[place.page].questions.clone();
    questions.find(|index| {
        let question = &instrument.questions[*index];
        let mut asked = question.answer_fields().filter(|v| !open.answers.leaves_out(*v));
        let shown = asked.all(|v| draft.entries.contains_key(&v));
        let answerable =
            question.kind.is_answered() && !matches!(question.kind, Kind::Repeat { .. });
        open.path.questions[*index] && answerable && !shown && !is_answered(&open.answers, question)
    })
}

/// Returns the checks that keep the informant on the page: hard ones, and warnings not shown before.
fn keeping<'a>(open: &'a OpenCase, place: Place, posted: &Posted) -> Vec<OpenCheck<'a>> {
    let warned = posted.all(WARNED);
    let mut checks = page_checks(open, place, true);
    checks.retain(|check| match check.level {
        Level::Error => true,
        Level::Warning => !warned.contains(&warning_id(open, check)),
    });
    checks
}

/// Returns the written checks that are open on a page and, where one is to `ask`, whether questions
/// were meant to be left blank. What is merely unanswered keeps nobody.
pub(super) fn page_checks(open: &OpenCase, place: Place, ask: bool) -> Vec<OpenCheck<'_>> {
    let questions = open.instrument().sections[place.section].pages[place.page].questions.clone();
    let mut checks = open.checks(place.section);
    let told = |message: &CheckMessage<'_>| match message {
        CheckMessage::Required => false,
        CheckMessage::Blank => ask,
        CheckMessage::Written(_) | CheckMessage::SamePlace(_) | CheckMessage::OtherSum { .. } => {
            true
        }
    };
    checks.retain(|check| questions.contains(&check.question) && told(&check.message));
    checks
}

/// Returns the name under which a form tells that a warning has been shown.
pub(super) fn warning_id(open: &OpenCase, check: &OpenCheck<'_>) -> String {
    let question = &open.instrument().questions[check.question].id;
    let blank = if check.message == CheckMessage::Blank { ":blank" } else { "" };
    format!("{question}{blank}")
}
