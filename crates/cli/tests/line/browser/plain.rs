//! A browser that only reads pages and sends their forms: it runs no scripts and draws nothing, and is
//! through a survey in the time that Chromium needs to start. What it can answer, anybody can.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;
use url::form_urlencoded::Serializer;

use super::html::Page;
use super::visitor::{Field, Visitor};

/// The most times that a page may lead on before it is shown.
const MOST_STEPS: usize = 10;

/// A browser with one page open.
pub(crate) struct PlainBrowser {
    client: Client,
    cookies: BTreeMap<String, String>,
    address: Url,
    page: Page,
    /// The file that has been chosen: the name of its field, its own, its content.
    chosen: Option<(String, String, Vec<u8>)>,
}

impl PlainBrowser {
    /// Returns a browser in which nothing is open.
    pub(crate) fn new() -> PlainBrowser {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build();
        PlainBrowser {
            client: client.expect("a client without TLS needs nothing"),
            cookies: BTreeMap::new(),
            address: Url::parse("http://127.0.0.1/").expect("it is an address"),
            page: Page::default(),
            chosen: None,
        }
    }

    /// Sends a request and follows where it leads, until a page comes.
    async fn show(&mut self, request: RequestBuilder) {
        let mut response = self.send(request).await;
        for _ in 0..MOST_STEPS {
            let Some(next) = response.headers().get(LOCATION) else { break };
            let next = next.to_str().expect("an address is ASCII");
            self.address = self.address.join(next).expect("it leads to an address");
            response = self.send(self.client.get(self.address.clone())).await;
        }
        // A page on which something must be mended comes again as one that could not be processed.
        let status = response.status();
        let shown = status.is_success() || status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(shown, "{}: {status}", self.address);
        self.page = Page::read(&response.text().await.expect("a page is text"));
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let request = request.header("sec-fetch-site", "same-origin").header(COOKIE, cookies);
        let response = request.send().await.unwrap_or_else(|e| panic!("{}: {e}", self.address));
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().expect("a cookie is ASCII").split(';').next();
            let (name, value) = pair.and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Sends the form that a button belongs to.
    async fn submit(&mut self, button: usize) {
        let pressed = self.page.element(button);
        let form = match pressed.attribute("form") {
            "" => self.page.closest(button, "form"),
            id => self.page.find(&format!("#{id}")).first().copied(),
        };
        let form = form.expect("a button belongs to a form");
        let own = (pressed.attribute("name"), pressed.attribute("value"));
        let own = Some(own).filter(|(name, _)| !name.is_empty());
        let mut pairs = self.filled(form);
        pairs.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let element = self.page.element(form);
        let parts = element.attribute("enctype") == "multipart/form-data";
        let chosen = self.chosen.take();
        let (kind, body) = if parts { in_parts(&pairs, chosen) } else { encoded(&pairs) };
        let action = self.page.element(form).attribute("action");
        self.address = self.address.join(action).expect("a form leads to an address");
        let request = self.client.post(self.address.clone());
        self.show(request.header("content-type", kind).body(body)).await;
    }

    /// Returns what a form sends without the button that is pressed.
    fn filled(&self, form: usize) -> Vec<(String, String)> {
        let mut fields: Vec<usize> = ["input", "select", "textarea"]
            .iter()
            .flat_map(|tag| self.page.inside(form, tag))
            .collect();
        fields.sort_unstable();
        let sent = fields.into_iter().filter_map(|index| {
            let field = self.page.element(index);
            let name = field.attribute("name");
            let ticked = !is_ticked_kind(field.attribute("type"))
                || field.attributes.contains_key("checked");
            let file = field.attribute("type") == "file";
            (!name.is_empty() && ticked && !file).then(|| (name.to_owned(), self.value(index)))
        });
        sent.collect()
    }

    /// Returns what stands in a field.
    fn value(&self, index: usize) -> String {
        let field = self.page.element(index);
        match field.tag.as_str() {
            // The line break behind the start tag is no part of the text.
            "textarea" => field.text.strip_prefix('\n').unwrap_or(&field.text).to_owned(),
            "select" => {
                let options = self.page.inside(index, "option");
                let chosen = |option: &&usize| {
                    self.page.element(**option).attributes.contains_key("selected")
                };
                let chosen = options.iter().find(chosen).or(options.first());
                chosen.map_or(String::new(), |option| {
                    self.page.element(*option).attribute("value").to_owned()
                })
            }
            _ => field.attribute("value").to_owned(),
        }
    }

    fn by_id(&self, field: &Field) -> usize {
        let found = self.page.find(&format!("[id={}]", field.id));
        *found.first().unwrap_or_else(|| panic!("{} is not on the page", field.id))
    }

    fn field(&self, index: usize) -> Field {
        let element = self.page.element(index);
        let question = self.page.closest(index, ".question");
        let around = |selector| question.map_or(vec![], |outer| self.page.inside(outer, selector));
        let name = element.attribute("name").to_owned();
        let kind = match element.tag.as_str() {
            "textarea" => "textarea",
            "select" => "select-one",
            _ => element.attribute("type"),
        };
        let rule = self.page.find(&format!("[id=rule-{name}]"));
        let example =
            rule.first().and_then(|rule| self.page.element(*rule).text.split(' ').next_back());
        let list = self.page.find(&format!("[id={}]", element.attribute("list")));
        let list = list.first().filter(|_| !element.attribute("list").is_empty());
        let listed = list.and_then(|list| self.page.inside(*list, "option").first().copied());
        Field {
            id: element.attribute("id").to_owned(),
            value: self.value(index),
            checked: element.attributes.contains_key("checked"),
            alone: element.attributes.contains_key("data-alone"),
            number: element.attributes.contains_key("inputmode"),
            example: example.filter(|_| kind == "text").unwrap_or_default().to_owned(),
            left: self.left(index, &around(".sum"), &around(".part input")),
            invalid: element.attribute("aria-invalid") == "true",
            listed: listed
                .map_or("", |option| self.page.element(option).attribute("value"))
                .to_owned(),
            reason: self.page.closest(index, ".reason").is_some(),
            accept: element.attribute("accept").to_owned(),
            filled: !around(".filled").is_empty(),
            kind: kind.to_owned(),
            name,
        }
    }

    /// Returns what is left of a whole for a part of it.
    fn left(&self, index: usize, sums: &[usize], parts: &[usize]) -> String {
        match sums.first() {
            None => String::new(),
            Some(sum) if parts.first() == Some(&index) => {
                self.page.element(*sum).attribute("data-total").to_owned()
            }
            Some(_) => "0".to_owned(),
        }
    }

    /// Whether a field is shown: that of an "other, specify" where the option is chosen.
    fn is_shown(&self, index: usize) -> bool {
        let Some(specify) = self.page.closest(index, ".specify") else { return true };
        let name = self.page.element(index).attribute("name");
        let (question, option) = name.rsplit_once('.').unwrap_or_default();
        let option = self.page.find(&format!("[name={question}][value={option}]"));
        self.page.element(specify).attribute("class").contains("keep")
            || option.iter().any(|o| self.page.element(*o).attributes.contains_key("checked"))
    }
}

/// Returns the type and the body of a form that is sent as most are.
fn encoded(pairs: &[(String, String)]) -> (String, Vec<u8>) {
    let body = Serializer::new(String::new()).extend_pairs(pairs).finish();
    ("application/x-www-form-urlencoded".to_owned(), body.into_bytes())
}

/// Returns those of a form that may hold a file, part by part.
fn in_parts(
    pairs: &[(String, String)],
    chosen: Option<(String, String, Vec<u8>)>,
) -> (String, Vec<u8>) {
    const BETWEEN: &str = "----of-a-plain-browser";
    let head =
        |name: &str| format!("--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"");
    let mut body = vec![];
    for (name, value) in pairs {
        body.extend(format!("{}\r\n\r\n{value}\r\n", head(name)).into_bytes());
    }
    if let Some((field, name, content)) = chosen {
        let kind = "content-type: application/octet-stream";
        body.extend(
            format!("{}; filename=\"{name}\"\r\n{kind}\r\n\r\n", head(&field)).into_bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BETWEEN}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={BETWEEN}"), body)
}

fn is_ticked_kind(kind: &str) -> bool {
    matches!(kind, "radio" | "checkbox")
}

impl Visitor for PlainBrowser {
    async fn open(&mut self, address: &str) {
        self.address = self.address.join(address).expect("it is an address");
        self.show(self.client.get(self.address.clone())).await;
    }

    async fn forget(&mut self) {
        self.cookies.clear();
    }

    async fn place(&mut self) -> String {
        self.address.path().to_owned()
    }

    /// What there is to see is looked at in Chromium.
    async fn look(&mut self) {}

    async fn count(&mut self, selector: &str) -> usize {
        self.page.find(selector).len()
    }

    async fn text(&mut self, selector: &str) -> String {
        let found = self.page.find(selector).into_iter();
        found.map(|index| self.page.element(index).text.as_str()).collect::<Vec<_>>().join("\n")
    }

    async fn attribute(&mut self, selector: &str, name: &str) -> Vec<String> {
        let found = self.page.find(selector).into_iter();
        found.filter_map(|index| self.page.element(index).attributes.get(name).cloned()).collect()
    }

    async fn press(&mut self, selector: &str, nth: usize) {
        let found = self.page.find(selector);
        let index = *found.get(nth).unwrap_or_else(|| panic!("nothing at {selector}"));
        let element = self.page.element(index);
        if element.tag == "a" {
            let leads = element.attribute("href").to_owned();
            self.open(&leads).await;
        } else {
            self.submit(index).await;
        }
    }

    async fn fields(&mut self) -> Vec<Field> {
        let mut fields: Vec<usize> = ["input", "textarea", "select"]
            .iter()
            .flat_map(|tag| self.page.find(&format!("#page {tag}")))
            .collect();
        fields.sort_unstable();
        let fields = fields.into_iter().map(|index| self.field(index));
        fields.filter(|field| field.kind != "hidden" && !field.id.is_empty()).collect()
    }

    async fn choose(&mut self, field: &Field) {
        let chosen = self.by_id(field);
        if field.kind == "radio" {
            for other in self.page.find(&format!("[name={}]", field.name)) {
                self.page.element_mut(other).attributes.remove("checked");
            }
        }
        let attributes = &mut self.page.element_mut(chosen).attributes;
        if attributes.remove("checked").is_none() {
            attributes.insert("checked".to_owned(), String::new());
        }
    }

    async fn pick(&mut self, field: &Field, value: &str) -> bool {
        let options = self.page.inside(self.by_id(field), "option");
        let is_value = |option: &usize| self.page.element(*option).attribute("value") == value;
        let Some(picked) = options.iter().copied().find(is_value) else { return false };
        for option in options {
            self.page.element_mut(option).attributes.remove("selected");
        }
        self.page.element_mut(picked).attributes.insert("selected".to_owned(), String::new());
        true
    }

    async fn hand_over(&mut self, field: &Field, name: &str, content: &[u8]) {
        self.chosen = Some((field.name.clone(), name.to_owned(), content.to_vec()));
        self.press(&format!("[value=file:{}]", field.name), 0).await;
    }

    async fn write(&mut self, field: &Field, text: &str) -> bool {
        let index = self.by_id(field);
        if !self.is_shown(index) {
            return false;
        }
        let element = self.page.element_mut(index);
        match element.tag.as_str() {
            "textarea" => text.clone_into(&mut element.text),
            _ => {
                element.attributes.insert("value".to_owned(), text.to_owned());
            }
        }
        true
    }
}
