//! `/staff` and `/staff/{round}`: the rounds, and how one of them comes in.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use instrument::Lang;
use store::{CaseOverview, ReaderAnswers, RoundState, SectionStatus};

use super::Member;
use super::chart::{self, DayChart};
use super::figures::{self, CaseState, DayCount, GroupRate, Watched};
use crate::answer::last_day;
use crate::link::encode;
use crate::problem::{Problem, page};
use crate::service::{App, ServedRound};
use crate::shell::Shell;
use crate::ui::{Staff, Ui, oslo};

#[derive(Template)]
#[template(path = "staff/rounds.html")]
struct Rounds {
    shell: Shell,
    member: String,
    rounds: Vec<RoundLine>,
    readers: Vec<ReaderLine>,
}

/// What the readers of a published page have said.
struct ReaderLine {
    page: String,
    found: u64,
    not_found: u64,
    percent: String,
}

struct RoundLine {
    href: Option<String>,
    title: String,
    field: String,
}

#[derive(Template)]
#[template(path = "staff/round.html")]
struct Round {
    shell: Shell,
    member: String,
    title: String,
    field: String,
    rule: String,
    figures: Vec<Figure>,
    chart: Option<DayChart>,
    days: Vec<DayLine>,
    groups: Vec<Group>,
    filter: Filter,
    sections: Vec<Column>,
    cases: Vec<CaseLine>,
    shown: String,
}

struct Figure {
    number: String,
    text: &'static str,
}

struct DayLine {
    day: String,
    new: usize,
    in_all: usize,
}

/// A table of rates with bars.
struct Group {
    heading: &'static str,
    column: &'static str,
    rates: Vec<RateLine>,
}

struct RateLine {
    title: String,
    answered: usize,
    invited: usize,
    percent: String,
    /// The length of the bar, of 100.
    length: String,
}

/// What the list of cases is narrowed to.
struct Filter {
    counties: Vec<Choice>,
    states: Vec<Choice>,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

/// A section as a column of the list of cases.
struct Column {
    short: String,
    title: String,
}

struct CaseLine {
    href: String,
    name: String,
    county: String,
    state: &'static str,
    class: &'static str,
    sections: Vec<Cell>,
}

/// How far a section of a case has come: a sign to see and a word to hear.
struct Cell {
    class: &'static str,
    sign: &'static str,
    word: String,
}

type Asked = Query<BTreeMap<String, String>>;

/// `GET /staff`.
pub(super) async fn list(State(app): State<Arc<App>>, member: Member) -> Result<Response, Problem> {
    let shell = member.shell(&app);
    let mut rounds = vec![];
    for round in &app.service.rounds {
        let id = round.instrument.round;
        let state = app.service.store.round(id).await?;
        rounds.push(RoundLine {
            href: state.as_ref().map(|_| format!("/staff/{id}")),
            title: (shell.ui.staff.round)(&id.to_string()),
            field: state.map_or(shell.ui.staff.not_opened.to_owned(), |s| field(&s, shell.ui)),
        });
    }
    rounds.reverse();
    let answers = app.service.store.reader_answers().await?;
    let readers = answers.into_iter().map(|answers| reader_line(answers, shell.ui)).collect();
    page(&Rounds { shell, member: member.name, rounds, readers })
}

fn reader_line(answers: ReaderAnswers, ui: &Ui) -> ReaderLine {
    let ReaderAnswers { page, found, not_found } = answers;
    let share = 100.0 * found as f64 / (found + not_found).max(1) as f64;
    ReaderLine { page, found, not_found, percent: (ui.percent)(&ui.number(share.round())) }
}

/// `GET /staff/{round}`.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    member: Member,
    Path(round): Path<String>,
    Query(asked): Asked,
) -> Result<Response, Problem> {
    let id = round.parse().map_err(|_| Problem::NotFound)?;
    let (_, served) = app.round(id).ok_or(Problem::NotFound)?;
    let state = app.service.store.round(id).await?.ok_or(Problem::NotFound)?;
    let overview = app.service.store.overview(id).await?;
    let mut shell = member.shell(&app);
    shell.simulated = state.simulated;
    page(&render(&app, served, &state, &overview, (shell, member.name), &asked))
}

fn render(
    app: &App,
    served: &ServedRound,
    state: &RoundState,
    overview: &[CaseOverview],
    (shell, member): (Shell, String),
    asked: &BTreeMap<String, String>,
) -> Round {
    let words = &shell.ui.staff;
    let cases = figures::watched(served, overview);
    let days = figures::by_day(&cases, &served.plan, oslo(app.now()).date());
    let (county, wanted) = (asked.get("county"), asked.get("state"));
    let fits = |case: &&Watched<'_>| {
        let any = |filter: Option<&String>, value: &str| {
            filter.is_none_or(|filter| filter.is_empty() || filter == value)
        };
        any(county, &case.unit.county_id) && any(wanted, case.state.code())
    };
    let listed: Vec<_> = cases.iter().filter(fits).collect();
    let lines = listed.iter().map(|case| case_line(served, case, shell.ui, shell.lang));
    Round {
        title: (words.round)(&served.instrument.round.to_string()),
        field: field(state, shell.ui),
        rule: (words.rate_rule)(served.plan.answered.sections),
        figures: headline(&cases, shell.ui),
        chart: chart::draw(&days, shell.ui),
        days: day_lines(&days, shell.ui),
        groups: groups(app, &cases, &shell),
        filter: filter(&cases, words, county, wanted),
        sections: columns(served, shell.lang),
        cases: lines.collect(),
        shown: (words.shown)(listed.len(), cases.len()),
        member,
        shell,
    }
}

fn field(state: &RoundState, ui: &Ui) -> String {
    (ui.staff.in_field)(&(ui.date)(oslo(state.opens).date()), &last_day(ui, state.closes))
}

fn headline(cases: &[Watched<'_>], ui: &Ui) -> Vec<Figure> {
    let words = &ui.staff;
    let all = figures::rate("", cases);
    let count = |state| cases.iter().filter(|case| case.state == state).count().to_string();
    vec![
        Figure { number: percent(&all, ui), text: words.rate },
        Figure { number: all.answered.to_string(), text: words.answered },
        Figure { number: all.invited.to_string(), text: words.invited },
        Figure { number: count(CaseState::Begun), text: words.begun },
        Figure { number: count(CaseState::Signed), text: words.signed },
    ]
}

fn percent(rate: &GroupRate, ui: &Ui) -> String {
    (ui.percent)(&format!("{:.0}", rate.share() * 100.0))
}

fn day_lines(days: &[DayCount], ui: &Ui) -> Vec<DayLine> {
    let line = |d: &DayCount| DayLine { day: (ui.date)(d.day), new: d.new, in_all: d.in_all };
    days.iter().map(line).collect()
}

fn groups(app: &App, cases: &[Watched<'_>], shell: &Shell) -> Vec<Group> {
    let words = &shell.ui.staff;
    let line = |rate: GroupRate| RateLine {
        percent: percent(&rate, shell.ui),
        length: format!("{:.1}", rate.share() * 100.0),
        title: rate.title,
        answered: rate.answered,
        invited: rate.invited,
    };
    let lines = |rates: Vec<GroupRate>| rates.into_iter().map(line).collect();
    let sizes = figures::by_size(cases, &app.service.survey, shell.lang);
    let counties = figures::by_county(cases);
    vec![
        Group { heading: words.by_size, column: words.size, rates: lines(sizes) },
        Group { heading: words.by_county, column: words.county, rates: lines(counties) },
    ]
}

fn filter(
    cases: &[Watched<'_>],
    words: &'static Staff,
    county: Option<&String>,
    state: Option<&String>,
) -> Filter {
    let counties: BTreeMap<&str, &str> =
        cases.iter().map(|case| (&*case.unit.county_id, &*case.unit.county)).collect();
    let choice = |value: &str, text: &str, asked: Option<&String>| Choice {
        value: value.to_owned(),
        text: text.to_owned(),
        chosen: asked.map_or("", String::as_str) == value,
    };
    let mut filter = Filter {
        counties: vec![choice("", words.all_counties, county)],
        states: vec![choice("", words.all_states, state)],
    };
    filter.counties.extend(counties.into_iter().map(|(id, name)| choice(id, name, county)));
    let states = CaseState::ALL.into_iter();
    filter.states.extend(states.map(|s| choice(s.code(), state_word(s, words), state)));
    filter
}

fn state_word(state: CaseState, words: &Staff) -> &'static str {
    match state {
        CaseState::NotBegun => words.state_not_begun,
        CaseState::Begun => words.state_begun,
        CaseState::Answered => words.state_answered,
        CaseState::Signed => words.state_signed,
    }
}

fn columns(served: &ServedRound, lang: Lang) -> Vec<Column> {
    let sections = served.instrument.sections.iter().enumerate();
    sections
        .map(|(index, section)| Column {
            short: (index + 1).to_string(),
            title: section.title.get(lang).to_owned(),
        })
        .collect()
}

fn case_line(served: &ServedRound, case: &Watched<'_>, ui: &Ui, lang: Lang) -> CaseLine {
    let cell = |section: &instrument::Section| {
        let status = case.case.sections.get(&section.id).map(|state| state.status);
        cell(status, case.case.assigned.contains(&section.id), section.title.get(lang), ui)
    };
    CaseLine {
        href: format!("/staff/{}/{}", served.instrument.round, encode(case.unit.id.as_str())),
        name: case.unit.name.clone(),
        county: case.unit.county.clone(),
        state: state_word(case.state, &ui.staff),
        class: match case.state {
            CaseState::NotBegun => "not-begun",
            CaseState::Begun => "begun",
            CaseState::Answered | CaseState::Signed => "done",
        },
        sections: served.instrument.sections.iter().map(cell).collect(),
    }
}

fn cell(status: Option<SectionStatus>, assigned: bool, title: &str, ui: &Ui) -> Cell {
    let (class, sign, word) = match status.unwrap_or(SectionStatus::NotBegun) {
        SectionStatus::NotBegun => ("", "", ui.tasks.not_begun),
        SectionStatus::Begun => ("dot-begun", "…", ui.tasks.begun),
        SectionStatus::Done => ("dot-done", "✓", ui.tasks.done),
    };
    let held = if assigned { format!(", {}", ui.staff.with_colleague) } else { String::new() };
    Cell { class, sign, word: format!("{title}: {word}{held}") }
}
