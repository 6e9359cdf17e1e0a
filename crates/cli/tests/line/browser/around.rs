//! A look around: the pages of readers and of staff, and what a mistaken address is met with.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use thirtyfour::{By, Key};

use super::chromium::Browser;
use super::driving::{has, press, text};
use super::look::look;

/// The most pages that a published site may have in this test: more means that a link makes pages.
const MOST_PAGES: usize = 60;

/// Opens every page of the published site that can be reached from its first.
pub(crate) async fn read_site(browser: &Browser, address: &str) {
    let mut waiting = BTreeSet::from([format!("{address}/")]);
    let mut seen = BTreeSet::new();
    while let Some(next) = waiting.pop_first() {
        browser.open(&next).await;
        assert_eq!(status(browser).await, 200, "{next}");
        look(browser).await;
        seen.insert(next);
        assert!(seen.len() <= MOST_PAGES, "the site has no end: {seen:?}");
        let links = links(browser).await;
        let here = |link: &String| {
            is_page_of(address, link) && !is_like_another(link) && !seen.contains(link)
        };
        waiting.extend(links.into_iter().filter(here));
    }
    let reports = seen.iter().filter(|page| page.contains("2023")).count();
    assert!(reports >= 3, "the report of 2023 in three languages is not among {seen:?}");
}

/// Whether a link leads to a page of the published site, rather than to a file or to the staff's.
fn is_page_of(address: &str, link: &str) -> bool {
    let Some(path) = link.strip_prefix(address) else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    !path.starts_with("/staff") && (!name.contains('.') || name.ends_with(".html"))
}

/// Whether a page is one of the hundreds of units. They are made alike: Oslo's stands for all.
fn is_like_another(link: &str) -> bool {
    let unit = link.split_once("/units/").map(|(_, name)| name);
    unit.is_some_and(|name| !matches!(name, "" | "index.html" | "0301.html"))
}

/// Returns where the links of the open page lead, without their fragments.
async fn links(browser: &Browser) -> Vec<String> {
    ask(browser, "return [...document.links].map(link => link.href.split('#')[0])").await
}

/// Returns the HTTP status with which the open page came.
async fn status(browser: &Browser) -> u16 {
    ask(browser, "return performance.getEntriesByType('navigation')[0].responseStatus").await
}

/// Returns what a script says of the open page.
async fn ask<T: DeserializeOwned>(browser: &Browser, script: &str) -> T {
    let said = browser.driver.execute(script, vec![]).await.expect("the page can be asked");
    said.convert().expect("what was asked for")
}

/// Searches the list of units, with the keyboard alone.
pub(crate) async fn search_units(browser: &Browser, address: &str) {
    browser.open(&format!("{address}/2023/units/index.html")).await;
    let shown = "return [...document.querySelectorAll('.unit-list li')]\
                 .filter(item => item.checkVisibility()).map(item => item.querySelector('a').textContent)";
    let all: Vec<String> = ask(browser, shown).await;
    assert_eq!(all.len(), 371, "every unit is in the list");
    let field = browser.driver.find(By::Id("unit-search")).await.expect("a field to search in");
    // Small letters, and without the accents of "Áltá".
    field.send_keys("alta").await.expect("the field can be written in");
    let found: Vec<String> = ask(browser, shown).await;
    assert_eq!(found, ["Alta"]);
    assert!(text(&browser.driver, "#unit-found").await.contains('1'), "the number is not said");
    look(browser).await;
    field.send_keys(Key::Enter).await.expect("a key can be pressed");
    let focused: String = ask(browser, "return document.activeElement.textContent").await;
    assert_eq!(focused, "Alta");
    field.clear().await.expect("the field can be emptied");
    field.send_keys("svalbard").await.expect("the field can be written in");
    let none: Vec<String> = ask(browser, shown).await;
    assert!(none.is_empty(), "{none:?}");
}

/// Looks at what a unit answered in the round before, beside others; only where it was the same unit.
pub(crate) async fn look_back(browser: &Browser, case: &str, was_there: bool) {
    browser.open(case).await;
    assert_eq!(has(&browser.driver, "a[href$='/beside']").await, was_there, "{case}");
    browser.open(&format!("{case}/beside")).await;
    look(browser).await;
    if was_there {
        assert_eq!(status(browser).await, 200);
        assert!(has(&browser.driver, ".own-answer").await, "{case} has no answers of its own");
        press(&browser.driver, "nav.languages a[hreflang=en]").await;
        let lang: String = ask(browser, "return document.documentElement.lang").await;
        assert_eq!((status(browser).await, lang.as_str()), (200, "en"));
    } else {
        assert_eq!(status(browser).await, 404);
    }
}

/// Says at the foot of a page that it was found what was looked for.
pub(crate) async fn say_what_was_found(browser: &Browser, address: &str) {
    browser.open(&format!("{address}/2023/")).await;
    press(&browser.driver, ".reader-question button[value=yes]").await;
    let here = browser.driver.current_url().await.expect("a page is open");
    assert_eq!(here.path(), "/found", "{here}");
    assert_eq!(status(browser).await, 200);
    look(browser).await;
}

/// Follows a personal link that was never made, and an address that leads nowhere.
pub(crate) async fn go_astray(browser: &Browser, address: &str) {
    for wrong in ["answer/00000000000000000000000000", "answer/%3Cscript%3E", "case/2025/1508"] {
        browser.open(&format!("{address}/{wrong}")).await;
        assert!((400..500).contains(&status(browser).await), "{wrong}");
        look_in_other_languages(browser).await;
    }
}

/// Looks at the page that is open, and at the same in nynorsk and in English.
pub(crate) async fn look_in_other_languages(browser: &Browser) {
    look(browser).await;
    let here = browser.driver.current_url().await.expect("a page is open");
    let here = here.as_str().split('?').next().unwrap_or_default();
    for lang in ["nn", "en", "nb"] {
        browser.open(&format!("{here}?lang={lang}")).await;
        let shown: String = ask(browser, "return document.documentElement.lang").await;
        assert_eq!(shown, lang, "{here}");
        look(browser).await;
    }
}

/// Logs in, after one mistake, and looks at a round and at a case of it.
pub(crate) async fn watch_as_staff(browser: &Browser, address: &str, password: &str) {
    browser.open(&format!("{address}/staff")).await;
    look_in_other_languages(browser).await;
    log_in(browser, "not the password").await;
    assert_ne!(text(&browser.driver, "#wrong").await, "", "a wrong password let somebody in");
    look(browser).await;
    log_in(browser, password).await;
    look_in_other_languages(browser).await;
    browser.open(&format!("{address}/staff/2025")).await;
    assert_eq!(status(browser).await, 200);
    look_in_other_languages(browser).await;
    press(&browser.driver, ".cases tbody a").await;
    look_in_other_languages(browser).await;
}

async fn log_in(browser: &Browser, password: &str) {
    for (field, text) in [("name", "demo"), ("password", password)] {
        let field = browser.driver.find(By::Id(field)).await.expect("a form to log in with");
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field can be written in");
    }
    press(&browser.driver, "main form .button").await;
}
