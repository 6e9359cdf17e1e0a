//! Answers a whole case as its coordinator would, knowing nothing but what the pages say.

use std::collections::BTreeMap;

use instrument::FileType;

use super::visitor::{Field, Visitor};

/// The most pages that a case may take: more than that is going in circles.
const MOST_PAGES: usize = 150;

/// Numbers to try in a field until the questionnaire accepts one: a count, a year, a small count.
const NUMBERS: [&str; 3] = ["12", "2019", "3"];

/// The button that goes on, on a page that asks for nothing.
const ON: &str = "main form .button";

/// The first of the buttons that carry the answers over into another language.
const OTHER_LANGUAGE: &str = "header [form=page][name=':go']";

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

/// Answers everything, from the personal link to the receipt; returns what was answered.
pub(crate) async fn answer_case(visitor: &mut impl Visitor, link: &str) -> Given {
    visitor.open(link).await;
    let (mut given, mut begun) = (Given::new(), 0);
    for _ in 0..MOST_PAGES {
        visitor.look().await;
        match page(visitor).await {
            Page::Questions => answer_page(visitor, &mut given).await,
            Page::Tasks => {
                // In the middle of it the browser is closed; another goes on where it was.
                if begun == 1 {
                    visitor.forget().await;
                    visitor.open(link).await;
                    visitor.press(ON, 0).await;
                }
                next_task(visitor, &mut begun).await;
            }
            Page::Button => {
                assert_eq!(problems(visitor).await, "", "at {}", visitor.place().await);
                visitor.press(ON, 0).await;
            }
            Page::Receipt => return given,
        }
    }
    panic!("no receipt after {MOST_PAGES} pages; the last was {}", visitor.place().await);
}

async fn page(visitor: &mut impl Visitor) -> Page {
    if visitor.count("#page").await > 0 {
        Page::Questions
    } else if visitor.count(".tasks").await > 0 {
        Page::Tasks
    } else if visitor.count(".hash").await > 0 {
        Page::Receipt
    } else {
        assert!(visitor.count(ON).await > 0, "lost: {}", visitor.text("body").await);
        Page::Button
    }
}

/// Opens the next section of the task list or, after the last, the review of the whole case.
async fn next_task(visitor: &mut impl Visitor, begun: &mut usize) {
    let tasks = ".task-title a";
    if *begun < visitor.count(tasks).await {
        visitor.press(tasks, *begun).await;
    } else {
        visitor.press(".actions a.button", 0).await;
    }
    *begun += 1;
}

/// Goes on in another language, which keeps what has been answered.
async fn switch_language(visitor: &mut impl Visitor) {
    let before = visitor.attribute("html", "lang").await;
    visitor.press(OTHER_LANGUAGE, 0).await;
    assert_ne!(visitor.attribute("html", "lang").await, before);
}

/// Answers all questions of a page and presses "next" until the next page comes: a number that is
/// refused is followed by another, where too few were chosen one more is, and a warning is looked at
/// once and confirmed where it can be.
async fn answer_page(visitor: &mut impl Visitor, given: &mut Given) {
    while visitor.count("[value^='prefill:']").await > 0 {
        visitor.press("[value^='prefill:']", 0).await;
        visitor.look().await;
    }
    add_rows(visitor, given).await;
    let mut fields = visitor.fields().await;
    if given.is_empty() && visitor.count(OTHER_LANGUAGE).await > 0 {
        answer(visitor, &fields, 0, given).await;
        switch_language(visitor).await;
        fields = visitor.fields().await;
    }
    for attempt in 0..NUMBERS.len() {
        answer(visitor, &fields, attempt, given).await;
        // A file that is there may call up what follows from it.
        if fields.iter().any(|field| field.kind == "file") {
            fields = visitor.fields().await;
            answer(visitor, &fields, attempt, given).await;
        }
        let before = visitor.place().await;
        visitor.press("#page [value=next]", 0).await;
        if visitor.count("#summary").await == 0 || visitor.place().await != before {
            return;
        }
        visitor.look().await;
        let shown = visitor.fields().await.into_iter();
        fields = shown.filter(|field| field.invalid || field.reason).collect();
    }
    panic!("{} takes no answer: {}", visitor.place().await, problems(visitor).await);
}

/// Answers `fields`, for the first time or in another attempt.
async fn answer(visitor: &mut impl Visitor, fields: &[Field], attempt: usize, given: &mut Given) {
    for field in fields {
        match field.kind.as_str() {
            // What was filled in is right: its box says so, and the rest stays as it is.
            _ if field.filled => confirm(visitor, field, given).await,
            _ if is_confirmed(field, given) => {}
            // Whoever can answer ticks no box that says that there is no answer.
            "checkbox" if field.name.starts_with("missing:") => {}
            "radio" | "checkbox" if chosen(field, fields, attempt) => {
                // A page that comes again, with questions that follow from answers, keeps them.
                if !field.checked {
                    visitor.choose(field).await;
                    given.entry(field.name.clone()).or_default().push(field.value.clone());
                }
            }
            "radio" | "checkbox" => {}
            "select-one" => {
                let place = place_of(field, fields);
                if visitor.pick(field, &place).await {
                    given.insert(field.name.clone(), vec![place]);
                }
            }
            "file" => hand_over(visitor, field, given).await,
            "text" | "textarea" => {
                let text = what_to_write(field, NUMBERS[attempt]);
                if visitor.write(field, &text).await {
                    given.insert(field.name.clone(), vec![text]);
                }
            }
            other => panic!("no person knows what to do with a field of type {other}: {field:?}"),
        }
    }
}

/// Returns the place of a row in an order: each gets the next, as long as there are any.
fn place_of(field: &Field, fields: &[Field]) -> String {
    let (group, _) = field.name.split_once('.').expect("it belongs to a question");
    let of_group = |name: &str| name.split_once('.').is_some_and(|(q, _)| q == group);
    let rows = fields.iter().filter(|other| of_group(&other.name));
    (1 + rows.take_while(|other| other.id != field.id).count()).to_string()
}

fn what_to_write(field: &Field, number: &str) -> String {
    match (field.number, field.example.as_str()) {
        _ if !field.listed.is_empty() => field.listed.clone(),
        _ if !field.left.is_empty() => field.left.clone(),
        (_, example) if !example.is_empty() => example.to_owned(),
        (true, _) => number.to_owned(),
        (false, _) => format!("Skrevet i nettleseren: «{}» – æøå ÆØÅ áč", field.name),
    }
}

/// Hands over a file of the first type that is taken. The page says what it has.
async fn hand_over(visitor: &mut impl Visitor, field: &Field, given: &mut Given) {
    if given.contains_key(&field.name) {
        return;
    }
    let first = field.accept.split(',').next().unwrap_or_default().trim_start_matches('.');
    let kind = FileType::ALL.into_iter().find(|kind| kind.ends().contains(&first));
    let kind = kind.unwrap_or_else(|| panic!("no person has a file of type {first}: {field:?}"));
    let name = format!("Årsplan – «{}».{first}", field.name);
    visitor.hand_over(field, &name, kind.example()).await;
    let shown = visitor.text(".given").await;
    assert!(shown.contains("Årsplan"), "{} shows {shown:?}", visitor.place().await);
    given.insert(field.name.clone(), vec!["given".to_owned()]);
}

/// Puts two rows on a list that has fewer.
async fn add_rows(visitor: &mut impl Visitor, given: &mut Given) {
    while visitor.count("[value^='add:']").await > 0 && visitor.count(".card").await < 2 {
        visitor.press("[value^='add:']", 0).await;
    }
    for card in visitor.attribute(".card", "id").await {
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
async fn confirm(visitor: &mut impl Visitor, field: &Field, given: &mut Given) {
    let confirms = field.name.ends_with(".prefill");
    if confirms && !field.checked {
        visitor.choose(field).await;
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
/// specified, and one more in each attempt.
fn chosen(field: &Field, fields: &[Field], attempt: usize) -> bool {
    let group = || fields.iter().filter(|other| other.name == field.name);
    let specify = |option: &Field| format!("{}.{}", option.name, option.value);
    let specified = |option: &Field| fields.iter().any(|other| other.name == specify(option));
    let first = |options: usize| {
        let mut plain = group().filter(|option| !option.alone).take(options);
        plain.any(|option| option.id == field.id)
    };
    match field.kind.as_str() {
        "checkbox" => first(1 + attempt) || specified(field),
        _ => first(1),
    }
}

/// Returns what the page says must be mended; empty where nothing must.
async fn problems(visitor: &mut impl Visitor) -> String {
    visitor.text(".panel-bad").await
}
