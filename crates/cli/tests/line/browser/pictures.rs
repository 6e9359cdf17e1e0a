//! The pictures of the guide: each kind of question, as the preview shows it on a phone.

use std::fs;
use std::path::{Path, PathBuf};

use instrument::KINDS;
use thirtyfour::By;

use super::chromium::{Browser, Person};
use super::driving::press;
use super::look::look;
use super::utf8;
use crate::program::{Server, municipal_survey};

/// The languages of the guide, each with its chapter.
const CHAPTERS: [(&str, &str); 2] =
    [("nb", "skriv-et-sporreskjema.md"), ("en", "write-a-questionnaire.md")];

/// What is done on a page before the picture is taken.
enum Act {
    /// Clicks the field with this id.
    Tick(&'static str),
    /// Writes in the field with this id.
    Write(&'static str, &'static str),
    /// Presses what this selector finds, which leads to another page.
    Press(&'static str),
}

/// A picture: the kind, the tiny survey that asks it, the id of what is shown, and what is done before.
type Picture = (&'static str, &'static str, &'static str, &'static [Act]);

/// Saves the page, and comes back to it.
const SAVE: Act = Act::Press("#page [value=stay]");

/// One picture of each kind, in the order of the table of kinds.
const PICTURES: [Picture; 23] = [
    ("select_one", "select_one", "q-tolk", &[Act::Tick("f-tolk")]),
    ("select_multiple", "select_multiple", "q-utfordringer", &[Act::Tick("f-utfordringer")]),
    ("grid", "grid", "q-veiledning", &[Act::Tick("f-veiledning.nett")]),
    ("rank", "rank", "q-viktigst", &[]),
    (
        "distribution",
        "distribution",
        "q-tid",
        &[Act::Write("f-tid.veiledning", "40"), Act::Write("f-tid.saker", "35")],
    ),
    ("consent", "consent", "q-samtykke", &[Act::Tick("f-samtykke")]),
    ("range", "range", "q-tilfreds", &[Act::Tick("f-tilfreds-7")]),
    ("integer", "numbers", "q-bosatte", &[Act::Write("f-bosatte", "24")]),
    ("decimal", "numbers", "q-arsverk", &[Act::Write("f-arsverk", "3,5")]),
    ("year", "dates", "q-plan", &[Act::Write("f-plan", "2023")]),
    ("text", "texts", "q-kontor", &[]),
    ("multiline", "texts", "q-forslag", &[]),
    ("date", "dates", "q-vedtak", &[]),
    ("month", "dates", "q-oppstart", &[]),
    ("time", "dates", "q-apner", &[]),
    ("email", "addresses", "q-postmottak", &[]),
    ("url", "addresses", "q-nettside", &[]),
    ("organisation_number", "addresses", "q-foretak", &[]),
    ("pattern", "pattern", "q-saksnummer", &[]),
    ("file", "file", "q-plan", &[]),
    (
        "repeat",
        "repeat",
        "card-tiltak-1",
        &[Act::Press("[value='add:tiltak']"), Act::Tick("f-tiltak_1_hvem")],
    ),
    (
        "calculate",
        "calculate",
        "q-andel",
        &[Act::Write("f-bosatte", "40"), Act::Write("f-enslige", "9"), SAVE],
    ),
    ("note", "notes_shown", "q-husk", &[Act::Tick("f-enslige"), SAVE]),
];

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide")
}

/// Returns where the picture of a kind lies, as a chapter of the guide names it.
fn place(lang: &str, kind: &str) -> String {
    format!("../images/kinds/{lang}/{kind}.png")
}

#[test]
fn each_chapter_shows_a_picture_of_each_kind() {
    let pictured = PICTURES.map(|(kind, ..)| kind);
    assert_eq!(KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>(), pictured);
    for (lang, chapter) in CHAPTERS {
        let chapter = fs::read_to_string(guide().join(chapter)).expect("the chapter is there");
        for kind in pictured {
            let place = place(lang, kind);
            assert!(guide().join(&place).is_file(), "no picture: run `cargo xtask pictures`");
            let shown = chapter.lines().find(|line| line.contains(&place));
            let shown = shown.unwrap_or_else(|| panic!("`{kind}` has no picture in {lang}"));
            let described =
                shown.split_once("alt=\"").is_some_and(|(_, alt)| !alt.starts_with('"'));
            assert!(described, "{shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "renews the pictures of the guide: cargo xtask pictures"]
async fn each_kind_can_be_pictured() {
    // As with golden files: the same switch renews them.
    let renew = std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always");
    let browser = Browser::start(Person::Phone).await;
    for (lang, _) in CHAPTERS {
        for picture in &PICTURES {
            let png = take(&browser, picture, lang).await;
            let file = guide().join(place(lang, picture.0));
            if renew {
                fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder");
                fs::write(file, png).expect("it can be written");
            }
        }
    }
    browser.quit().await;
}

/// Takes a picture of a kind in a language.
async fn take(browser: &Browser, (_, survey, part, acts): &Picture, lang: &str) -> Vec<u8> {
    let preview = Preview::start(&municipal_survey().join("..").join(survey));
    browser.open(&format!("{}/section/del/1?lang={lang}", preview.address)).await;
    // A finger leaves a mark for a moment.
    let unmarked = "document.documentElement.style.webkitTapHighlightColor = 'transparent'";
    browser.driver.execute(unmarked, vec![]).await.expect("a script runs");
    let by_id = |id: &str| By::Css(format!("[id='{id}']"));
    let find = async |id: &str| {
        let found = browser.driver.find(by_id(id)).await;
        found.unwrap_or_else(|error| panic!("{survey} has no {id}: {error}"))
    };
    for act in *acts {
        match act {
            Act::Tick(id) => find(id).await.click().await.expect("it can be clicked"),
            Act::Write(id, text) => {
                let text = if lang == "en" { text.replace(',', ".") } else { (*text).to_owned() };
                find(id).await.send_keys(text).await.expect("it can be written in");
            }
            Act::Press(selector) => press(&browser.driver, selector).await,
        }
    }
    let blur = "document.activeElement.blur()";
    browser.driver.execute(blur, vec![]).await.expect("a script runs");
    let part = find(part).await;
    part.scroll_into_view().await.expect("it can be scrolled to");
    let png = part.screenshot_as_png().await.expect("it can be pictured");
    assert!(png.len() > 2_000, "{survey}: {} bytes are no picture of a question", png.len());
    png
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_can_be_used_by_everybody() {
    let preview = Preview::start(&municipal_survey());
    for person in [Person::Desk, Person::Phone] {
        let browser = Browser::start(person).await;
        for page in ["", "path", "whole", "section/bosetting/1"] {
            browser.open(&format!("{}/{page}", preview.address)).await;
            look(&browser).await;
        }
        browser.quit().await;
    }
}

/// A `runde preview`, as long as it is in scope.
struct Preview {
    address: String,
    _server: Server,
}

impl Preview {
    fn start(survey: &Path) -> Preview {
        let at = "2025-11-03T09:00:00+01:00";
        let arguments = ["preview", utf8(survey), "2025", "--listen", "127.0.0.1:0", "--at", at];
        let server = Server::start(&arguments, "Preview on");
        let address = server.said_after("Preview on").trim_end_matches([',', '/']).to_owned();
        Preview { address, _server: server }
    }
}
