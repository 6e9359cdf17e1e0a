//! Chromium answers: what a person does, done through the driver.

use std::fs;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;
use thirtyfour::{By, WebDriver, WebElement};

use super::chromium::Browser;
use super::look::look;
use super::visitor::{Field, Visitor};

/// How often to ask whether the next page has come, 20 milliseconds apart.
const PATIENCE: usize = 1000;

impl Visitor for Browser {
    async fn open(&mut self, address: &str) {
        Browser::open(self, address).await;
    }

    async fn forget(&mut self) {
        self.driver.delete_all_cookies().await.expect("cookies can be deleted");
    }

    async fn place(&mut self) -> String {
        place(&self.driver).await
    }

    async fn look(&mut self) {
        look(self).await;
    }

    async fn count(&mut self, selector: &str) -> usize {
        find_all(&self.driver, selector).await.len()
    }

    async fn text(&mut self, selector: &str) -> String {
        text(&self.driver, selector).await
    }

    async fn attribute(&mut self, selector: &str, name: &str) -> Vec<String> {
        let mut values = vec![];
        for found in find_all(&self.driver, selector).await {
            values.extend(found.attr(name).await.expect("it can be read"));
        }
        values
    }

    async fn press(&mut self, selector: &str, nth: usize) {
        let found = find_all(&self.driver, selector).await;
        let element = found.get(nth).unwrap_or_else(|| panic!("nothing at {selector}"));
        follow(&self.driver, element).await;
    }

    async fn fields(&mut self) -> Vec<Field> {
        fields(&self.driver).await
    }

    async fn choose(&mut self, field: &Field) {
        click(&element(&self.driver, field).await).await;
    }

    async fn pick(&mut self, field: &Field, value: &str) -> bool {
        let option = format!("option[value='{value}']");
        let list = element(&self.driver, field).await;
        let Ok(option) = list.find(By::Css(option)).await else { return false };
        click(&option).await;
        true
    }

    async fn hand_over(&mut self, field: &Field, name: &str, content: &[u8]) {
        let folder = tempdir().expect("a temporary folder");
        let file = folder.path().join(name);
        fs::write(&file, content).expect("it can be written");
        let element = element(&self.driver, field).await;
        element.send_keys(file.display().to_string()).await.expect("a file can be chosen");
        press(&self.driver, &format!("#page [value='file:{}']", field.name)).await;
    }

    async fn write(&mut self, field: &Field, text: &str) -> bool {
        let element = element(&self.driver, field).await;
        // The field of an "other, specify" is hidden until the option is chosen.
        if !element.is_displayed().await.expect("the field is there") {
            return false;
        }
        element.clear().await.expect("the field can be emptied");
        element.send_keys(text).await.expect("the field can be written in");
        true
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
pub(crate) async fn press(driver: &WebDriver, selector: &str) {
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
                accept: field.accept ?? '',
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
            accept: text(field, "accept"),
            filled: yes(field, "filled"),
        })
        .collect()
}

async fn find_all(driver: &WebDriver, selector: &str) -> Vec<WebElement> {
    driver.find_all(By::Css(selector)).await.expect("the page can be read")
}

/// Whether the selector finds anything on the page that is open.
pub(crate) async fn has(driver: &WebDriver, selector: &str) -> bool {
    !find_all(driver, selector).await.is_empty()
}

/// Returns the text of all that the selector finds.
pub(crate) async fn text(driver: &WebDriver, selector: &str) -> String {
    let mut texts = vec![];
    for found in find_all(driver, selector).await {
        texts.push(found.text().await.expect("it has a text"));
    }
    texts.join("\n")
}

/// Returns the address of the page that is open, from its host on.
pub(crate) async fn place(driver: &WebDriver) -> String {
    driver.current_url().await.expect("a page is open").path().to_owned()
}
