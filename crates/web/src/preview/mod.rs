//! The questionnaire before anyone is asked: served for one unit and role, without a store.
//!
//! Answers are kept in memory while the preview runs, so that routing can be tried out. The files
//! are read anew when they change; a page asks for their version with a script, and shows what is
//! new when it is loaded again without one.

mod page;
mod path;
mod whole;
mod words;

pub use whole::{Around, stylesheet, whole};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use frame::{Frame, UnitId};
use instrument::expression::{Case, UnitAttributes};
use instrument::path::{Path, path};
use instrument::{Answers, Hash, InputProblem, Instrument, Lang, RoleId, Survey};
use jiff::civil::Date;
use store::FileBytes;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::assets::ASSETS;
use crate::cookie::{self, Cookie};
use crate::draft::{box_field, kept};
use crate::guard::{add_headers, from_another_site};
use crate::posted::Posted;
use crate::problem::{Problem, panicked};
use crate::shell::{LANGUAGE_COOKIE, Shell, language_in};
use crate::upload::Uploads;
use words::{Words, words};

/// What is previewed, as the files stand.
pub struct Previewed {
    /// What holds for every round.
    pub survey: Survey,
    /// What is asked.
    pub instrument: Instrument,
    /// Who can be asked.
    pub frame: Frame,
}

/// The files of a survey, as they were when they were last looked at.
pub struct Reading {
    /// Changes when a file does.
    pub version: String,
    /// The round; or everything that is wrong, in the words of `runde check`.
    pub round: Result<Previewed, String>,
}

/// Everything that a preview needs.
pub struct Preview {
    /// Reads the files, or returns what was read where none has changed.
    pub read: Arc<dyn Fn() -> Arc<Reading> + Send + Sync>,
    /// The unit that is shown first; the first of the frame where it is left out.
    pub unit: Option<UnitId>,
    /// The role that is shown first; all where it is left out.
    pub role: Option<RoleId>,
    /// The day that checks look at.
    pub today: Date,
}

/// Serves until `shutdown` is done.
pub async fn serve(
    preview: Preview,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    crate::connections::serve(router(preview), listener, shutdown).await
}

/// Returns the pages of a preview.
pub fn router(preview: Preview) -> Router {
    let chosen = Chosen { unit: preview.unit, role: preview.role, ..Chosen::default() };
    let (read, today) = (preview.read, preview.today);
    let uploads = Uploads::default();
    let desk = Arc::new(Desk { read, today, chosen: Mutex::new(chosen), uploads });
    Router::new()
        .route("/", get(page::sections))
        .route("/choose", post(page::choose))
        .route("/forget", post(page::forget))
        .route("/section/{section}/{page}", get(page::show).post(page::turn))
        .route("/section/{section}/file/{variable}", get(page::fetch))
        .route("/path", get(path::show))
        .route("/whole", get(page::whole))
        .route("/version", get(version))
        .route("/assets/{file}", get(asset))
        .layer(DefaultBodyLimit::max(crate::LARGEST_FORM))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::from_fn(around))
        .with_state(desk)
}

/// What all requests share.
struct Desk {
    read: Arc<dyn Fn() -> Arc<Reading> + Send + Sync>,
    today: Date,
    chosen: Mutex<Chosen>,
    uploads: Uploads,
}

/// Who is shown, and what has been answered.
#[derive(Clone, Default)]
struct Chosen {
    unit: Option<UnitId>,
    role: Option<RoleId>,
    /// What stands in the fields, by variable; of a file, what a store would keep of it.
    typed: BTreeMap<String, Vec<String>>,
    /// The files themselves, by variable: in memory, and gone with the preview.
    files: BTreeMap<String, FileBytes>,
    /// What is wrong with the file that was chosen last, by variable.
    refused: BTreeMap<String, InputProblem>,
}

/// A questionnaire as the chosen unit sees it now.
struct Seen {
    reading: Arc<Reading>,
    chosen: Chosen,
    lang: Lang,
    unit: usize,
    attributes: UnitAttributes,
    answers: Answers,
    path: Path,
    /// Whether those who left something blank are asked whether that is meant.
    ask: bool,
}

impl Desk {
    fn chosen(&self) -> Chosen {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Chosen)) {
        change(&mut self.chosen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Reads the files and works out the path; where they have errors, returns the page that says so.
    fn see(&self, uri: &Uri, headers: &HeaderMap) -> Result<Seen, Box<Response>> {
        let reading = (self.read)();
        let round = match &reading.round {
            Ok(round) => round,
            Err(said) => return Err(Box::new(page::wrong(said, &reading.version))),
        };
        let lang = language(&round.survey, uri, headers);
        let chosen = self.chosen();
        let Some(unit) = position(&round.frame, chosen.unit.as_ref()) else {
            return Err(Box::new(Problem::NotFound.into_response()));
        };
        let attributes = round.frame.units[unit].attributes().on(self.today);
        let mut answers = answers(&round.instrument, &chosen.typed);
        let path = path(&round.instrument, &attributes, &mut answers);
        let ask = uri.query().is_some_and(|query| query.split('&').any(|part| part == "ask=yes"));
        let reading = Arc::clone(&reading);
        Ok(Seen { lang, unit, attributes, answers, path, ask, chosen, reading })
    }
}

impl Seen {
    fn round(&self) -> &Previewed {
        self.reading.round.as_ref().expect("a round with errors is not seen")
    }

    fn instrument(&self) -> &Instrument {
        &self.round().instrument
    }

    fn words(&self) -> &'static Words {
        words(self.lang)
    }

    fn case(&self) -> Case<'_> {
        Case::new(&self.attributes, &self.answers, &self.path.questions)
    }

    /// The sections that are shown: of the chosen role, and asked of the unit.
    fn sections(&self) -> Vec<usize> {
        let sections = self.instrument().sections.iter().enumerate();
        let role = self.chosen.role.as_ref();
        sections
            .filter(|(index, section)| {
                self.path.sections[*index] && role.is_none_or(|role| section.role == *role)
            })
            .map(|(index, _)| index)
            .collect()
    }

    fn shell(&self) -> Shell {
        let place = format!("{}: {}", self.words().preview, self.unit_name());
        Shell::of(&self.round().survey, Some(self.lang), Some(place))
    }

    fn unit_name(&self) -> &str {
        &self.round().frame.units[self.unit].name
    }
}

/// The unit that was asked for; the first where it is not there or none was asked for.
fn position(frame: &Frame, unit: Option<&UnitId>) -> Option<usize> {
    let first = (!frame.units.is_empty()).then_some(0);
    unit.and_then(|unit| frame.position(unit)).or(first)
}

/// Reads what stands in the fields; what cannot be an answer counts as none.
fn answers(instrument: &Instrument, typed: &BTreeMap<String, Vec<String>>) -> Answers {
    let mut answers = Answers::none(instrument);
    for (index, variable) in instrument.variables.iter().enumerate() {
        let typed = |field: &str| typed.get(field).map_or(&[][..], Vec::as_slice);
        let (written, boxes) = (typed(&variable.name), typed(&box_field(&variable.name)));
        let read = match boxes.first() {
            Some(missing) => instrument.read_missing(variable, missing).map(Some),
            None => kept(instrument, index, written, &[]),
        };
        answers.set(index, read.unwrap_or(None));
    }
    answers
}

fn language(survey: &Survey, uri: &Uri, headers: &HeaderMap) -> Lang {
    let spoken = |lang: &Lang| survey.languages.contains(lang);
    let kept = || cookie::read(headers, LANGUAGE_COOKIE).and_then(|code| code.parse().ok());
    let asked = language_in(uri).filter(spoken).or_else(|| kept().filter(spoken));
    asked.or(survey.languages.first().copied()).unwrap_or(Lang::NB)
}

/// `GET /version`: what the script asks for.
async fn version(State(desk): State<Arc<Desk>>) -> String {
    (desk.read)().version.clone()
}

const SCRIPT: &str = include_str!("../../assets/preview.js");

/// The address of the script that loads a page again.
fn script() -> String {
    format!("/assets/preview.{}.js", Hash::of(SCRIPT).short())
}

async fn asset(uri: Uri) -> Response {
    let (content, kind) = match uri.path() {
        address if address == ASSETS.css => (crate::assets::CSS, "text/css; charset=utf-8"),
        address if address == ASSETS.js => (crate::assets::JS, "text/javascript; charset=utf-8"),
        address if address == ASSETS.mark => (crate::assets::MARK, "image/svg+xml"),
        address if address == script() => (SCRIPT, "text/javascript; charset=utf-8"),
        _ => return Problem::NotFound.into_response(),
    };
    ([(CONTENT_TYPE, kind)], content).into_response()
}

/// Unlike the service's, a preview's pages may ask their own server whether a file was saved.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

async fn around(request: Request, next: Next) -> Response {
    let switched = language_in(request.uri());
    let mut response = if from_another_site(request.method(), request.headers()) {
        Problem::CrossSite.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    add_headers(headers);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if let Some(lang) = switched {
        let (name, value) = (LANGUAGE_COOKIE, lang.as_str());
        let keep = Cookie { name, value, path: "/", keep: None, secure: false }.header();
        headers.append(SET_COOKIE, keep);
    }
    response
}

/// What a form of the preview says who is to be shown.
impl Chosen {
    fn choose(&mut self, posted: &Posted) {
        self.unit = posted.first("unit").and_then(|unit| UnitId::new(unit).ok());
        self.role = posted.first("role").and_then(|role| role.parse().ok());
    }
}
