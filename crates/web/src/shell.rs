//! What every page has around its content: the mark, the language switch, the notices.

use axum::http::{HeaderMap, Uri};
use instrument::{Lang, Survey};

use crate::assets::{ASSETS, Assets};
use crate::cookie;
use crate::service::App;
use crate::ui::{self, Ui};

/// The cookie that keeps the reader's language.
pub(crate) const LANGUAGE_COOKIE: &str = "runde_lang";

/// What every page has around its content.
pub(crate) struct Shell {
    pub(crate) lang: Lang,
    pub(crate) ui: &'static Ui,
    pub(crate) assets: &'static Assets,
    pub(crate) title: String,
    pub(crate) owner: String,
    /// Where the reader is: a unit, or the staff's pages.
    pub(crate) place: Option<String>,
    pub(crate) simulated: bool,
    pub(crate) languages: Vec<Language>,
    /// Whether the language is switched by the buttons of a form, which saves it first.
    pub(crate) switch_saves: bool,
}

/// A language that the page can be read in.
pub(crate) struct Language {
    pub(crate) code: Lang,
    pub(crate) name: String,
    pub(crate) current: bool,
}

impl Shell {
    /// Returns the shell of a page in `lang`, or in the survey's first language.
    pub(crate) fn new(app: &App, lang: Option<Lang>, place: Option<String>) -> Shell {
        Shell::of(&app.service.survey, lang, place)
    }

    /// Returns the shell of a page of a survey.
    pub(crate) fn of(survey: &Survey, lang: Option<Lang>, place: Option<String>) -> Shell {
        let first = survey.languages.first().copied().unwrap_or(Lang::NB);
        let lang = lang.unwrap_or(first);
        let language =
            |code: &Lang| Language { code: *code, name: ui::name(*code), current: *code == lang };
        Shell {
            lang,
            ui: ui::ui(lang),
            assets: &ASSETS,
            title: survey.title.get(lang).to_owned(),
            owner: survey.owner.get(lang).to_owned(),
            place,
            simulated: false,
            languages: survey.languages.iter().map(language).collect(),
            switch_saves: false,
        }
    }
}

/// Returns the language that the reader has chosen: in the address, or before.
pub(crate) fn chosen_language(app: &App, uri: &Uri, headers: &HeaderMap) -> Option<Lang> {
    let spoken = |lang: &Lang| app.service.survey.languages.contains(lang);
    let kept = || cookie::read(headers, LANGUAGE_COOKIE).and_then(|code| code.parse().ok());
    language_in(uri).filter(spoken).or_else(|| kept().filter(spoken))
}

/// Returns the language that the address asks for: `?lang=nn`.
pub(crate) fn language_in(uri: &Uri) -> Option<Lang> {
    let pairs = uri.query()?.split('&');
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(|code| code.parse().ok())
}
