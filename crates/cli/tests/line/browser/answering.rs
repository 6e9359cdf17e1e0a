//! Answers a whole case as its coordinator would, knowing nothing but what the pages say.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use thirtyfour::{By, WebDriver, WebElement};

use super::chromium::Browser;
use super::look::look;

/// The most pages that a case may take: more than that is going in circles.
const MOST_PAGES: usize = 150;

/// How often to ask whether the next page has come, 20 milliseconds apart.
const PATIENCE: usize = 1000;

/// Numbers to try in a field until the questionnaire accepts one: a count, a year, a small count.
const NUMBERS: [&str; 3] = ["12", "2019", "3"];

/// What was answered, by variable: the codes that were chosen or the text that was written.
pub(crate) type Given = BTreeMap<String, Vec<String>>;

/// What kind of page is open.
enum Page {
    Questions,
    Tasks,
    /// One button carries on: the invitation, the review of a section, the review of the case.
    Button,
    Receipt,
}

/// A field of the page that is open.
#[derive(Clone, Debug)]
struct Field {
    id: String,
    name: String,
    kind: String,
    value: String,
    checked: bool,
    /// Whether the option shuts out the others.
    alone: bool,
    number: bool,
    /// What the page gives as an example of what to write; empty where anything will do.
    example: String,
    /// What is left of a whole for a part of it: all for the first, nothing for the others.
    left: String,
    invalid: bool,
    /// What stands first in the list that it searches; empty where there is none.
    listed: String,
    /// Whether it asks why an answer is right that a warning fires at.
    reason: bool,
    /// Whether its question was filled in for those who asked for it.
    filled: bool,
}

/// Answers everything, from the personal link to the receipt; returns what was answered.
pub(crate) async fn answer_case(browser: &Browser, link: &str) -> Given {
    let driver = &browser.driver;
    driver.goto(link).await.expect("the link opens");
    let (mut given, mut begun) = (Given::new(), 0);
    for _ in 0..MOST_PAGES {
        look(browser).await;
        match page(driver).await {
            Page::Questions => answer_page(browser, &mut given).await,
            Page::Tasks => {
                // In the middle of it the browser is closed; another goes on where it was.
                if begun == 1 {
                    driver.delete_all_cookies().await.expect("cookies can be deleted");
                    driver.goto(link).await.expect("the link opens again");
                    press(driver, "main form .button").await;
                }
                next_task(driver, &mut begun).await;
            }
            Page::Button => {
                assert_eq!(problems(driver).await, "", "at {}", place(driver).await);
                press(driver, "main form .button").await;
            }
            Page::Receipt => return given,
        }
    }
    panic!("no receipt after {MOST_PAGES} pages; the last was {}", place(driver).await);
}

async fn page(driver: &WebDriver) -> Page {
    if has(driver, "#page").await {
        Page::Questions
    } else if has(driver, ".tasks").await {
        Page::Tasks
    } else if has(driver, ".hash").await {
        Page::Receipt
    } else {
        assert!(has(driver, "main form .button").await, "lost: {}", text(driver, "body").await);
        Page::Button
    }
}

/// Opens the next section of the task list or, after the last, the review of the whole case.
async fn next_task(driver: &WebDriver, begun: &mut usize) {
    let tasks = driver.find_all(By::Css(".task-title a")).await.expect("the list can be read");
    match tasks.get(*begun) {
        Some(task) => follow(driver, task).await,
        None => press(driver, ".actions a.button").await,
    }
    *begun += 1;
}

/// Goes on in another language, which keeps what has been answered.
async fn switch_language(driver: &WebDriver) {
    let before = language(driver).await;
    press(driver, "header [form=page][name=go]").await;
    assert_ne!(language(driver).await, before);
}

async fn language(driver: &WebDriver) -> String {
    let page = driver.find(By::Css("html")).await.expect("a page is open");
    page.attr("lang").await.expect("it can be read").expect("a page says its language")
}

/// Answers all questions of a page and presses "next" until the next page comes: a number that is
/// refused is followed by another, and a warning is looked at once and confirmed where it can be.
async fn answer_page(browser: &Browser, given: &mut Given) {
    let driver = &browser.driver;
    while has(driver, "[value^='prefill:']").await {
        press(driver, "[value^='prefill:']").await;
        look(browser).await;
    }
    add_rows(driver, given).await;
    let mut fields = fields(driver).await;
    if given.is_empty() {
        answer(driver, &fields, NUMBERS[0], given).await;
        switch_language(driver).await;
        fields = self::fields(driver).await;
    }
    for number in NUMBERS {
        answer(driver, &fields, number, given).await;
        let before = place(driver).await;
        press(driver, "#page [value=next]").await;
        if !has(driver, "#summary").await || place(driver).await != before {
            return;
        }
        look(browser).await;
        let shown = self::fields(driver).await.into_iter();
        fields = shown.filter(|field| field.invalid || field.reason).collect();
    }
    panic!("{} takes no answer: {}", place(driver).await, problems(driver).await);
}

/// Answers `fields`; where a number is asked for, with `number`.
async fn answer(driver: &WebDriver, fields: &[Field], number: &str, given: &mut Given) {
    for field in fields {
        match field.kind.as_str() {
            // What was filled in is right: its box says so, and the rest stays as it is.
            _ if field.filled => confirm(driver, field, given).await,
            _ if is_confirmed(field, given) => {}
            // Whoever can answer ticks no box that says that there is no answer.
            "checkbox" if field.name.starts_with("missing:") => {}
            "radio" | "checkbox" if chosen(field, fields) => {
                // A page that comes again, with questions that follow from answers, keeps them.
                if !field.checked {
                    click(&element(driver, field).await).await;
                    given.entry(field.name.clone()).or_default().push(field.value.clone());
                }
            }
            "radio" | "checkbox" => {}
            // Each row of an order gets the next place, as long as there are any.
            "select-one" => {
                let (group, _) = field.name.split_once('.').expect("it belongs to a question");
                let of_group = |name: &str| name.split_once('.').is_some_and(|(q, _)| q == group);
                let rows = fields.iter().filter(|other| of_group(&other.name));
                let place = 1 + rows.take_while(|other| other.id != field.id).count();
                let element = element(driver, field).await;
                let selector = format!("option[value='{place}']");
                if let Ok(option) = element.find(By::Css(selector)).await {
                    click(&option).await;
                    given.insert(field.name.clone(), vec![place.to_string()]);
                }
            }
            "text" | "textarea" => {
                let element = element(driver, field).await;
                // The field of an "other, specify" is hidden until the option is chosen.
                if !element.is_displayed().await.expect("the field is there") {
                    continue;
                }
                let text = match (field.number, field.example.as_str()) {
                    _ if !field.listed.is_empty() => field.listed.clone(),
                    _ if !field.left.is_empty() => field.left.clone(),
                    (_, example) if !example.is_empty() => example.to_owned(),
                    (true, _) => number.to_owned(),
                    (false, _) => format!("Skrevet i nettleseren: «{}» – æøå ÆØÅ áč", field.name),
                };
                element.clear().await.expect("the field can be emptied");
                element.send_keys(text.as_str()).await.expect("the field can be written in");
                given.insert(field.name.clone(), vec![text]);
            }
            other => panic!("no person knows what to do with a field of type {other}: {field:?}"),
        }
    }
}

/// Puts two rows on a list that has none yet.
async fn add_rows(driver: &WebDriver, given: &mut Given) {
    while has(driver, "[value^='add:']").await && !has(driver, ".card ~ .card").await {
        press(driver, "[value^='add:']").await;
    }
    let script = "return [...document.querySelectorAll('.card')].map(card => card.id)";
    let cards = driver.execute(script, vec![]).await.expect("the cards can be read");
    let cards: Vec<String> = cards.convert().expect("a list of names");
    for card in cards {
        let named = card.strip_prefix("card-").and_then(|card| card.rsplit_once('-'));
        let (list, row) = named.expect("a card is named by its list and row");
        given.insert(list.to_owned(), vec![row.to_owned()]);
    }
}

/// Whether what stands in a field was filled in and has been confirmed.
fn is_confirmed(field: &Field, given: &Given) -> bool {
    let question = field.name.split('.').next().unwrap_or_default();
    given.contains_key(&format!("{question}.prefill"))
}

/// Confirms a question that was filled in, and notes what stands in its fields.
async fn confirm(driver: &WebDriver, field: &Field, given: &mut Given) {
    let confirms = field.name.ends_with(".prefill");
    if confirms && !field.checked {
        click(&element(driver, field).await).await;
    }
    let chosen = !matches!(field.kind.as_str(), "radio" | "checkbox") || field.checked;
    let entry = given.entry(field.name.clone()).or_default();
    if (confirms || chosen) && !field.value.is_empty() && !entry.contains(&field.value) {
        entry.push(field.value.clone());
    }
    if entry.is_empty() {
        given.remove(&field.name);
    }
}

/// Whether an option is to be chosen: the first, and in a multiple choice also what asks to be
/// specified.
fn chosen(field: &Field, fields: &[Field]) -> bool {
    let group = || fields.iter().filter(|other| other.name == field.name);
    let specify = |option: &Field| format!("{}.{}", option.name, option.value);
    let specified = |option: &Field| fields.iter().any(|other| other.name == specify(option));
    let first = || group().find(|option| !option.alone).is_some_and(|first| first.id == field.id);
    match field.kind.as_str() {
        "checkbox" => first() || specified(field),
        _ => first(),
    }
}

async fn element(driver: &WebDriver, field: &Field) -> WebElement {
    let selector = format!("[id=\"{}\"]", field.id);
    driver.find(By::Css(selector)).await.expect("the field is on the page")
}

async fn click(element: &WebElement) {
    element.scroll_into_view().await.expect("it can be scrolled to");
    element.click().await.expect("it can be clicked");
}

/// Presses what the selector finds first, and waits for the page that it leads to.
pub(crate) async fn press(driver: &WebDriver, selector: &'static str) {
    let found = driver.find(By::Css(selector)).await;
    follow(driver, &found.unwrap_or_else(|error| panic!("nothing at {selector}: {error}"))).await;
}

/// Clicks, and waits for the page that it leads to: a finger's tap is over before the page comes.
pub(crate) async fn follow(driver: &WebDriver, element: &WebElement) {
    let left = "document.documentElement.dataset.left = 'yes'";
    driver.execute(left, vec![]).await.expect("the page can be marked");
    click(element).await;
    let arrived = "return document.readyState === 'complete' \
        && !('left' in document.documentElement.dataset)";
    for _ in 0..PATIENCE {
        // Between two pages there is none to ask.
        let answer = driver.execute(arrived, vec![]).await;
        if answer.is_ok_and(|answer| answer.convert::<bool>().unwrap_or_default()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} was not left", place(driver).await);
}

async fn fields(driver: &WebDriver) -> Vec<Field> {
    let script = "
        const leftOf = (field) => {
            const sum = field.closest('.question')?.querySelector('.sum');
            if (!sum) return '';
            const first = sum.parentElement.querySelector('.part input') === field;
            return first ? sum.dataset.total : '0';
        };
        return [...document.querySelectorAll('#page input, #page textarea, #page select')]
            .filter(field => field.type !== 'hidden' && field.id)
            .map(field => ({
                id: field.id, name: field.name, kind: field.type, value: field.value,
                checked: field.checked === true, alone: 'alone' in field.dataset, number: field.hasAttribute('inputmode'),
                invalid: field.ariaInvalid === 'true', reason: !!field.closest('.reason'),
                filled: !!field.closest('.question')?.querySelector('.filled'),
                listed: field.list?.options[0]?.value ?? '',
                left: leftOf(field),
                example: field.type === 'text' && document.getElementById('rule-' + field.name)?.textContent.split(' ').at(-1) || '',
            }));
    ";
    let found = driver.execute(script, vec![]).await.expect("the fields can be read");
    let found: Vec<Value> = found.convert().expect("a list of fields");
    let text = |field: &Value, name: &str| field[name].as_str().unwrap_or_default().to_owned();
    let yes = |field: &Value, name: &str| field[name] == Value::Bool(true);
    found
        .iter()
        .map(|field| Field {
            id: text(field, "id"),
            name: text(field, "name"),
            kind: text(field, "kind"),
            value: text(field, "value"),
            checked: yes(field, "checked"),
            alone: yes(field, "alone"),
            number: yes(field, "number"),
            example: text(field, "example"),
            left: text(field, "left"),
            invalid: yes(field, "invalid"),
            listed: text(field, "listed"),
            reason: yes(field, "reason"),
            filled: yes(field, "filled"),
        })
        .collect()
}

/// Whether the selector finds anything on the page that is open.
pub(crate) async fn has(driver: &WebDriver, selector: &'static str) -> bool {
    !driver.find_all(By::Css(selector)).await.expect("the page can be read").is_empty()
}

/// Returns the text of all that the selector finds.
pub(crate) async fn text(driver: &WebDriver, selector: &'static str) -> String {
    let mut texts = vec![];
    for found in driver.find_all(By::Css(selector)).await.expect("the page can be read") {
        texts.push(found.text().await.expect("it has a text"));
    }
    texts.join("\n")
}

/// Returns what the page says must be mended; empty where nothing must.
async fn problems(driver: &WebDriver) -> String {
    text(driver, ".panel-bad").await
}

/// Returns the address of the page that is open, from its host on.
pub(crate) async fn place(driver: &WebDriver) -> String {
    driver.current_url().await.expect("a page is open").path().to_owned()
}
