//! Several people in one case, each in a browser of their own: who hands over, who writes at the
//! same time, who is cut off, and who comes back after the session is over.

use std::time::Duration;

use thirtyfour::cdp::domains::network::NetworkConditions;
use thirtyfour::{By, Key, WebDriver};

use super::chromium::{Browser, Person};
use super::driving::{has, place, press, text};
use super::field::Field;
use super::look::look;
use crate::program::municipal_survey;

const UNIT: &str = "1508";
const SECTION: &str = "bosetting";
/// A number that page 1 of the section asks for.
const NUMBER: &str = "bosatte";

/// How often to ask whether a script has done its work, 100 milliseconds apart.
const PATIENCE: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_takes_a_section_and_nothing_is_lost_between_two_browsers() {
    let field = Field::begin(&municipal_survey());
    let (kari, ola) = tokio::join!(Browser::start(Person::Desk), Browser::start(Person::Phone));
    let own_link = field.invite(UNIT);
    let case = enter(&kari, &own_link).await;
    let page = format!("{case}/{SECTION}/1");

    let link = hand_over(&kari, &case, "Ola Nordmann").await;
    enter(&ola, &link).await;
    assert_eq!(
        ola.driver.find_all(By::Css(".task")).await.expect("tasks").len(),
        1,
        "only his own"
    );
    assert!(text(&ola.driver, ".lead, .task, main").await.contains("Bosetting"), "his section");
    look(&ola).await;
    ola.open(&format!("{case}/kvalifisering/1")).await;
    assert!(!has(&ola.driver, "#page").await, "a colleague opened a section that is not theirs");

    two_write_at_once(&kari, &ola, &page).await;
    the_network_is_cut(&kari, &page).await;
    two_tabs(&kari, &page).await;
    the_session_is_over(&kari, &ola, &page, &link).await;
    with_the_keyboard_alone(&kari, &page).await;
    every_page_in_every_language(&kari, &case, &own_link).await;
    give_back(&ola, &kari, &case).await;
    ola.quit().await;
    kari.quit().await;
}

/// Opens a personal link and its case; returns the address of the case.
async fn enter(browser: &Browser, link: &str) -> String {
    browser.open(link).await;
    look(browser).await;
    press(&browser.driver, "main form .button").await;
    assert!(has(&browser.driver, ".tasks").await, "no tasks at {}", place(&browser.driver).await);
    let address = browser.driver.current_url().await.expect("a page is open");
    address.as_str().trim_end_matches('/').to_owned()
}

/// Hands the first section over; returns the link that is to be passed on.
async fn hand_over(browser: &Browser, case: &str, name: &str) -> String {
    let driver = &browser.driver;
    browser.open(&format!("{case}/share")).await;
    press(driver, "main form .button").await;
    assert!(has(driver, ".summary").await, "nothing was wrong with an empty form");
    look(browser).await;
    // A second look: what was chosen by the link that led here must not be taken away.
    let section = format!("[name=section][value={SECTION}]");
    let section = driver.find(By::Css(section)).await.expect("the section can be handed over");
    if !section.is_selected().await.expect("it is a box") {
        section.click().await.expect("it can be chosen");
    }
    for (field, typed) in [("name", name), ("email", "ola@kommune.example"), ("message", "Takk!")] {
        write(driver, field, typed).await;
    }
    press(driver, "main form .button").await;
    look(browser).await;
    let link = driver.find(By::Id("link")).await.expect("a link to pass on");
    link.value().await.expect("it can be read").expect("it holds the link")
}

/// Both have the page open; the later one sees both answers, and decides.
async fn two_write_at_once(kari: &Browser, ola: &Browser, page: &str) {
    kari.open(page).await;
    ola.open(page).await;
    write_number(ola, "1201").await;
    press(&ola.driver, "#page [value=next]").await;
    write_number(kari, "1507").await;
    press(&kari.driver, "#page [value=next]").await;
    let conflict = text(&kari.driver, ".conflict").await;
    assert!(conflict.contains("Ola Nordmann") && conflict.contains("1201"), "{conflict}");
    assert_eq!(number(kari).await, "1507", "what she wrote is still there");
    look(kari).await;
    kari.open(page).await;
    assert_eq!(number(kari).await, "1201", "nothing is overwritten before she has decided");
    write_number(kari, "1507").await;
    press(&kari.driver, "#page [value=next]").await;
    ola.open(page).await;
    assert_eq!(number(ola).await, "1507");
}

/// What is written while the network is away is saved when it is back.
async fn the_network_is_cut(browser: &Browser, page: &str) {
    let driver = &browser.driver;
    browser.open(page).await;
    network(driver, false).await;
    write_number(browser, "1611").await;
    until(driver, "return document.querySelector('[data-trouble]').textContent !== ''").await;
    assert!(warns_before_leaving(driver).await, "the page may be left with an answer unsaved");
    look(browser).await;
    network(driver, true).await;
    until(driver, "return document.querySelector('[data-saved]').textContent !== ''").await;
    assert_eq!(text(driver, "[data-trouble]").await, "");
    assert!(!warns_before_leaving(driver).await, "everything is saved");
    driver.refresh().await.expect("the page can be loaded again");
    assert_eq!(number(browser).await, "1611");
}

/// The same page in two tabs of one person: the older tab does not overwrite the newer one.
async fn two_tabs(browser: &Browser, page: &str) {
    let driver = &browser.driver;
    browser.open(page).await;
    let first = driver.window().await.expect("a tab");
    let second = driver.new_tab().await.expect("another tab");
    driver.switch_to_window(second).await.expect("it can be looked at");
    browser.open(page).await;
    write_number(browser, "1702").await;
    press(driver, "#page [value=next]").await;
    driver.close_window().await.expect("the tab closes");
    driver.switch_to_window(first).await.expect("the first tab is still there");
    write_number(browser, "1803").await;
    press(driver, "#page [value=next]").await;
    let conflict = text(driver, ".conflict").await;
    assert!(conflict.contains("1702"), "{conflict}");
    press(driver, "#page [value=next]").await;
    browser.open(page).await;
    assert_eq!(number(browser).await, "1803", "who presses again has decided");
}

/// The session is over when the page is sent: all that was typed is kept, and goes in after the
/// link has been opened again.
async fn the_session_is_over(kari: &Browser, ola: &Browser, page: &str, link: &str) {
    let driver = &ola.driver;
    ola.open(page).await;
    driver.delete_all_cookies().await.expect("cookies can be deleted");
    write_number(ola, "1904").await;
    press(driver, "#page [value=next]").await;
    assert!(!has(driver, "#page").await, "it was saved without a session");
    look(ola).await;
    let here = driver.window().await.expect("a tab");
    let tab = driver.new_tab().await.expect("another tab");
    driver.switch_to_window(tab).await.expect("it can be looked at");
    enter(ola, link).await;
    driver.close_window().await.expect("the tab closes");
    driver.switch_to_window(here).await.expect("the first tab is still there");
    press(driver, "main form .button").await;
    kari.open(page).await;
    assert_eq!(number(kari).await, "1904");
}

/// Looks at each page of a case that a coordinator meets, in the three languages.
async fn every_page_in_every_language(browser: &Browser, case: &str, link: &str) {
    let section = |rest: &str| format!("{case}/{SECTION}/{rest}");
    let pages = [
        link.to_owned(),
        format!("{case}/units"),
        case.to_owned(),
        section("1"),
        section("review"),
        section("hands"),
        format!("{case}/share"),
        format!("{case}/review"),
    ];
    for lang in ["nb", "nn", "en"] {
        for page in &pages {
            browser.open(&format!("{page}?lang={lang}")).await;
            let script = "return document.documentElement.lang";
            let shown = browser.driver.execute(script, vec![]).await.expect("a page is open");
            assert_eq!(shown.convert::<String>().expect("a language"), lang, "{page}");
            look(browser).await;
        }
    }
}

/// Answers and turns a page without a mouse: every field and button is reached by the tab key.
async fn with_the_keyboard_alone(browser: &Browser, page: &str) {
    let driver = &browser.driver;
    browser.open(page).await;
    tab_to(driver, &format!("focused.name === '{NUMBER}'")).await;
    let field = driver.active_element().await.expect("a field");
    field.clear().await.expect("the field can be emptied");
    field.send_keys("2005").await.expect("the field can be written in");
    tab_to(driver, "focused.value === 'next'").await;
    let outline = "return getComputedStyle(document.activeElement).outlineStyle !== 'none'";
    let outline = driver.execute(outline, vec![]).await.expect("the page can be asked");
    assert!(outline.convert::<bool>().expect("yes or no"), "nobody sees where the focus is");
    let button = driver.active_element().await.expect("the button");
    button.send_keys(Key::Enter).await.expect("a key can be pressed");
    until(driver, &format!("return !location.href.startsWith('{page}')")).await;
    browser.open(page).await;
    assert_eq!(number(browser).await, "2005");
}

/// Presses the tab key until what has the focus is what is looked for.
async fn tab_to(driver: &WebDriver, wanted: &str) {
    for _ in 0..200 {
        let focused = driver.active_element().await.expect("something has the focus");
        focused.send_keys(Key::Tab).await.expect("a key can be pressed");
        let script = format!("const focused = document.activeElement; return {wanted}");
        let there = driver.execute(&script, vec![]).await.expect("the page can be asked");
        if there.convert::<bool>().expect("yes or no") {
            return;
        }
    }
    panic!("the tab key does not lead to it: {wanted}");
}

/// The colleague gives the section back with a word, and the coordinator reads it. What stood in a page
/// that was still open is given back in turn.
async fn give_back(ola: &Browser, kari: &Browser, case: &str) {
    let driver = &ola.driver;
    ola.open(&format!("{case}/{SECTION}/1")).await;
    write_number(ola, "2106").await;
    until(driver, "return document.querySelector('[data-saved]').textContent !== ''").await;
    let first = driver.window().await.expect("a tab");
    let second = driver.new_tab().await.expect("another tab");
    driver.switch_to_window(second).await.expect("it can be looked at");
    ola.open(&format!("{case}/{SECTION}/hands")).await;
    write(&ola.driver, "reply", "Rektor vet mer om dette.").await;
    press(driver, "[value=return]").await;
    look(ola).await;
    driver.close_window().await.expect("the tab closes");
    driver.switch_to_window(first).await.expect("the first tab is still there");
    write_number(ola, "2207").await;
    until(driver, "return document.querySelector('[data-trouble]').textContent !== ''").await;
    assert!(warns_before_leaving(driver).await, "what cannot be saved may be lost unseen");
    press(driver, "#page [value=next]").await;
    assert!(text(driver, "main").await.contains("2207"), "what was written is not given back");
    look(ola).await;
    kari.open(&format!("{case}/{SECTION}/hands?lang=nb")).await;
    assert!(text(&kari.driver, "main").await.contains("Rektor vet mer om dette."));
    ola.open(&format!("{case}/{SECTION}/1")).await;
    assert!(!has(&ola.driver, "#page").await, "it is no longer his to answer");
}

async fn write(driver: &WebDriver, id: &str, typed: &str) {
    let field = driver.find(By::Id(id)).await.unwrap_or_else(|error| panic!("#{id}: {error}"));
    field.clear().await.expect("the field can be emptied");
    field.send_keys(typed).await.expect("the field can be written in");
}

async fn write_number(browser: &Browser, typed: &str) {
    let field = browser.driver.find(By::Name(NUMBER)).await.expect("the number is asked for");
    field.clear().await.expect("the field can be emptied");
    field.send_keys(typed).await.expect("the field can be written in");
}

/// Returns the number that stands on the page, without the spaces between its thousands.
async fn number(browser: &Browser) -> String {
    let field = browser.driver.find(By::Name(NUMBER)).await.expect("the number is asked for");
    let value = field.value().await.expect("it can be read").unwrap_or_default();
    value.chars().filter(|c| !c.is_whitespace()).collect()
}

async fn network(driver: &WebDriver, there: bool) {
    let conditions = NetworkConditions { offline: !there, ..NetworkConditions::default() };
    let cdp = driver.cdp();
    cdp.network().enable().await.expect("the network can be watched");
    cdp.network().emulate_network_conditions(conditions).await.expect("it can be cut");
}

async fn warns_before_leaving(driver: &WebDriver) -> bool {
    let script = "const leaving = new Event('beforeunload', { cancelable: true });
        window.dispatchEvent(leaving);
        return leaving.defaultPrevented";
    let warned = driver.execute(script, vec![]).await.expect("the page can be asked");
    warned.convert().expect("yes or no")
}

/// Waits until a script returns true.
async fn until(driver: &WebDriver, script: &str) {
    for _ in 0..PATIENCE {
        let answer = driver.execute(script, vec![]).await.expect("the page can be asked");
        if answer.convert::<bool>().expect("yes or no") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came: {script}");
}
