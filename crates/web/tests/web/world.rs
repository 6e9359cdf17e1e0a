//! A survey in the field, and browsers that visit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use cluster::Databases;
use frame::{Frame, UnitId};
use instrument::{Instrument, Lang, read};
use jiff::Timestamp;
use store::{
    AccessKind, Actor, AnswerWrite, Case, CaseId, Contact, ContactId, LinkFor, OpenRound, Store,
    Token,
};
use tempfile::TempDir;
use tower::ServiceExt;
use web::{LastRound, ServedRound, Service};

/// A survey of every kind of question in the field, in a store of its own.
pub(crate) struct World {
    pub(crate) store: Store,
    router: Router,
    /// Kept, for a store in a file lies in it.
    _dir: TempDir,
    clock: Arc<Mutex<Timestamp>>,
}

/// The morning on which the tests take place.
pub(crate) const NOW: &str = "2025-11-03T08:00:00Z";

impl World {
    /// Opens the round, for Ålesund, Vanylven, Oslo and a district.
    pub(crate) async fn new() -> World {
        World::with_site(None).await
    }

    /// The same with a published site.
    pub(crate) async fn with_site(site: Option<PathBuf>) -> World {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/kinds");
        World::in_field(&folder, site, true).await
    }

    /// The same where nobody sends letters.
    pub(crate) async fn without_letters() -> World {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/kinds");
        World::in_field(&folder, None, false).await
    }

    /// Opens a round of one of the tiny surveys.
    pub(crate) async fn of(survey: &str) -> World {
        let surveys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys");
        World::in_field(&surveys.join(survey), None, true).await
    }

    async fn in_field(folder: &Path, site: Option<PathBuf>, letters: bool) -> World {
        let dir = tempfile::tempdir().unwrap();
        let url = match Databases::given() {
            Some(databases) => databases.create().unwrap(),
            None => format!("sqlite:{}", dir.path().join("runde.db").display()),
        };
        let store = Store::open(&url.parse().unwrap()).await.unwrap();
        let clock = Arc::new(Mutex::new(NOW.parse().unwrap()));
        let told = Arc::clone(&clock);
        let (survey, round) = read_survey(folder);
        if let Some(last) = &round.last {
            open(&store, &survey, (&last.instrument, &last.frame)).await;
        }
        open(&store, &survey, (&round.instrument, &round.frame)).await;
        let service = Service {
            store: store.clone(),
            survey,
            rounds: vec![round],
            site,
            clock: Arc::new(move || *told.lock().unwrap()),
            secure: true,
            letters,
            // What is printed is the page: whoever reads the answer sees what it was made of.
            // One unit looks back at what it was called then.
            beside: Some(web::Beside {
                was: [(case_id("1508"), ("2023".parse().unwrap(), "1507".parse().unwrap()))].into(),
                page: Arc::new(|round, unit, lang| {
                    Box::pin(async move { Ok(Some(format!("{unit} {round} {lang}"))) })
                }),
            }),
            print: Some(|page, date, above| Ok(format!("{above} {date}\n{page}").into_bytes())),
            base_url: "https://runde.no".into(),
        };
        World { store, router: web::router(service), _dir: dir, clock }
    }

    /// Sets the clock.
    pub(crate) fn at(&self, time: &str) {
        *self.clock.lock().unwrap() = time.parse().unwrap();
    }

    /// Makes a link into a case; returns its token and whose it is.
    pub(crate) async fn link(&self, unit: &str, kind: AccessKind) -> (Token, ContactId) {
        let mut writing = self.writing().await;
        let contact = Contact {
            name: format!("{kind:?} in {unit}"),
            email: "post@example.no".into(),
            language: Lang::NB,
        };
        let contact = writing.add_contact(&contact).await.unwrap();
        let expires = "2025-11-30T23:00:00Z".parse().unwrap();
        let link = LinkFor { case: case_id(unit), contact: contact.clone(), kind, expires };
        let token = writing.issue_link(&link).await.unwrap();
        writing.commit().await.unwrap();
        (token, contact)
    }

    /// Writes what a unit answered in the round of 2023.
    pub(crate) async fn answered_then(&self, unit: &str, answers: &[(&str, &str)]) {
        let mut writing = self.writing().await;
        let case = CaseId { round: "2023".parse().unwrap(), ..case_id(unit) };
        let write = |(variable, value): &(&str, &str)| AnswerWrite {
            variable: (*variable).to_owned(),
            value: Some((*value).to_owned()),
            replaces: 0,
            file: None,
        };
        let answers: Vec<AnswerWrite> = answers.iter().map(write).collect();
        writing.save(&case, &"del".parse().unwrap(), &answers).await.unwrap();
        writing.commit().await.unwrap();
    }

    /// Begins a change by the staff.
    pub(crate) async fn writing(&self) -> store::Writing {
        let now = *self.clock.lock().unwrap();
        self.store.write(Actor::Staff("test".into()), now).await.unwrap()
    }

    /// Returns a browser in which nothing is open.
    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// Returns a browser in which the coordinator has opened the case.
    pub(crate) async fn coordinator(&self, unit: &str) -> Browser {
        let (token, _) = self.link(unit, AccessKind::Coordinator).await;
        let mut browser = self.browser();
        let opened = browser.post(&format!("/answer/{}", token.reveal()), &[]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        browser
    }

    /// Returns what the store holds of a case.
    pub(crate) async fn case(&self, unit: &str) -> Arc<Case> {
        self.store.case(&case_id(unit)).await.unwrap()
    }

    /// Returns the value that is held of a variable, and its version.
    pub(crate) async fn held(&self, unit: &str, variable: &str) -> Option<(Option<String>, u32)> {
        let case = self.case(unit).await;
        case.held(variable).map(|held| (held.value.clone(), held.version))
    }
}

pub(crate) fn case_id(unit: &str) -> CaseId {
    CaseId { round: "2025".parse().unwrap(), unit: UnitId::new(unit).unwrap() }
}

/// Returns the survey of every kind and its round, as they are served.
pub(crate) fn survey() -> (instrument::Survey, ServedRound) {
    read_survey(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web/kinds"))
}

fn read_survey(folder: &Path) -> (instrument::Survey, ServedRound) {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (survey, found) = read::survey("survey.yaml", &text("survey.yaml"));
    let mut survey = survey.unwrap_or_else(|| panic!("{found:?}"));
    for file in std::fs::read_dir(folder.join("lists")).into_iter().flatten() {
        let file = format!("lists/{}", file.unwrap().file_name().display());
        let (list, found) = read::list(&file, &text(&file), &survey.languages);
        survey.lists.insert(file, list.unwrap_or_else(|| panic!("{found:?}")));
    }
    let read = |year: u16, before: Option<&Instrument>| {
        let questionnaire = text(&format!("rounds/{year}/questionnaire.yaml"));
        let names = frame::UNIT_NAMES;
        let (instrument, found) =
            read::questionnaire("questionnaire.yaml", &questionnaire, &survey, names, before);
        let instrument = instrument.unwrap_or_else(|| panic!("{found:?}"));
        let units = text(&format!("frame/{year}.csv"));
        let (frame, found) = frame::frame("frame.csv", &units, instrument.round);
        (instrument, frame.unwrap_or_else(|| panic!("{found:?}")))
    };
    let before = folder.join("rounds/2023").is_dir().then(|| read(2023, None));
    let (instrument, frame) = read(2025, before.as_ref().map(|(instrument, _)| instrument));
    let (plan, found) = read::plan("plan.yaml", &text("rounds/2025/plan.yaml"), &survey);
    let plan = plan.unwrap_or_else(|| panic!("{found:?}"));
    let last = before.map(|(instrument, frame)| {
        let was = frame.units.iter().map(|unit| (unit.id.clone(), unit.id.clone())).collect();
        LastRound { instrument, frame, was }
    });
    (survey, ServedRound { instrument, plan, frame, last })
}

/// Opens a round; that of 2023 stays open so that its answers can be written.
async fn open(
    store: &Store,
    survey: &instrument::Survey,
    (instrument, frame): (&Instrument, &Frame),
) {
    let units: Vec<UnitId> = frame.units.iter().map(|unit| unit.id.clone()).collect();
    let open = OpenRound {
        survey: &survey.id,
        round: instrument.round,
        instrument: instrument.hash,
        sample: frame.hash,
        units: &units,
        opens: "2025-09-30T22:00:00Z".parse().unwrap(),
        closes: "2025-11-30T23:00:00Z".parse().unwrap(),
    };
    let at = "2025-09-30T22:00:00Z".parse().unwrap();
    let mut writing = store.write(Actor::Staff("test".into()), at).await.unwrap();
    writing.open_round(&open).await.unwrap();
    writing.commit().await.unwrap();
}

/// A browser: it keeps cookies by their path, and sends forms as a page of ours does.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<(String, String), String>,
}

/// What a browser got.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Browser {
    /// Returns a browser of other pages than the world's.
    pub(crate) fn of(router: Router) -> Browser {
        Browser { router, cookies: BTreeMap::new() }
    }

    /// Fetches an address.
    pub(crate) async fn get(&mut self, address: &str) -> Page {
        let request = self.request("GET", address).body(Body::empty()).unwrap();
        self.send(address, request).await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .request("POST", address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(encode(fields)))
            .unwrap();
        self.send(address, request).await
    }

    /// Fills in the form of a page, hidden fields included, and sends it.
    pub(crate) async fn fill(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        self.send_again(&page, address, fields).await
    }

    /// Sends the form of a page that is already there.
    pub(crate) async fn send_again(
        &mut self,
        page: &Page,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let hidden = page.hidden();
        let mut all: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.post(address, &all).await
    }

    /// Begins a request with the cookies that belong to the address.
    pub(crate) fn request(&self, method: &str, address: &str) -> axum::http::request::Builder {
        let path = address.split(['?', '#']).next().unwrap();
        let mut request = Request::builder().method(method).uri(address).header("host", "runde.no");
        for ((cookie_path, name), value) in &self.cookies {
            let below = path.strip_prefix(cookie_path.as_str());
            if below.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/')
            }) {
                request = request.header(header::COOKIE, format!("{name}={value}"));
            }
        }
        request
    }

    /// Sends a request that the caller has made.
    pub(crate) async fn send(&mut self, address: &str, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        let page = Page { status: parts.status, headers: parts.headers, html };
        page.check_headers(address);
        page
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{cookie}");
        assert!(attributes.contains("Secure"), "{cookie}");
        let mut attributes = attributes.split(';').map(str::trim);
        let path = attributes.find_map(|a| a.strip_prefix("Path=")).unwrap();
        self.cookies.insert((path.to_owned(), name.to_owned()), value.to_owned());
    }
}

impl Page {
    /// Returns where the page leads.
    #[track_caller]
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.html);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// Whether the page holds this text.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    /// Returns the hidden fields.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.html.split(r#"<input type="hidden" name=""#).skip(1);
        fields
            .map(|rest| {
                let (name, rest) = rest.split_once('"').unwrap();
                let (_, rest) = rest.split_once(r#"value=""#).unwrap();
                (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
            })
            .collect()
    }

    /// What holds for every page.
    fn check_headers(&self, address: &str) {
        let header = |name: &str| self.headers.get(name).map_or("", |v| v.to_str().unwrap());
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{address}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        assert!(!header("cache-control").is_empty(), "{address}");
        assert!(!self.html.contains(" style=") && !self.html.contains("<style"), "{address}");
    }
}

/// Encodes a form.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}
