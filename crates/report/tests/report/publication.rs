//! What is published beside the report: open tables, files for programs, corrections, and a page for
//! each unit.

use frame::UnitKind;
use instrument::{CorrectedFigure, Correction, Lang, Licence, Release, Text};
use report::{Download, DownloadKind, OpenGroupCell, Site, open_group_tables, open_tables};
use serde_json::Value;

use crate::{WORLD, World, fixture, texts};

fn text(site: &Site, file: &str) -> String {
    String::from_utf8(site.files[file].clone()).unwrap()
}

#[test]
fn open_tables_state_what_the_report_states_and_hide_what_it_hides() {
    let tables = open_tables(&WORLD.round(&[]));
    let table = |name: &str| tables.iter().find(|table| table.question.as_str() == name);
    let tolk = table("tolk").unwrap();
    let codes: Vec<&str> = tolk.answers.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes[0], "ja");
    let yes = tolk.cells[0].unwrap();
    // 139 of 215 said yes.
    assert_eq!((yes.count, yes.base), (Some(139), 215));
    let site = WORLD.publish(&texts()).unwrap();
    let stated = site.findings.values().flatten();
    let stated: Vec<_> =
        stated.filter(|f| f.id == "tolk" && f.option == "ja" && f.round.year() == 2023).collect();
    assert_eq!((stated[0].value, stated[0].value_weighted), (yes.value, yes.value_weighted));
    // Nine answered, and ten are needed.
    assert!(table("sjelden").unwrap().cells.iter().all(Option::is_none));
    assert!(table("hemmelig").is_none(), "{:?}", tables.iter().map(|t| &t.question));
    let numbers = table("bosatte").unwrap();
    assert_eq!(
        numbers.answers.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(),
        ["mean", "median"]
    );
}

/// Numbers are 1, 2 … 215 in the order of the units that answered; the districts stand first.
#[test]
fn open_tables_by_groups_tell_of_numbers_too() {
    let tables = open_group_tables(&WORLD.round(&[]));
    let table = tables.iter().find(|table| table.question.as_str() == "bosatte").unwrap();
    let codes: Vec<&str> = table.answers.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["mean", "median"]);
    let cells = |group: &str| {
        let place = table.groups.iter().position(|(code, _)| code == group).unwrap();
        [table.cells[2 * place], table.cells[2 * place + 1]]
    };
    let units = WORLD.now.units.iter();
    let districts = units.filter(|u| u.kind == UnitKind::District && u.disposition.answered());
    let n = districts.count();
    let middle = (n as f64 + 1.0) / 2.0;
    for (cell, has_error) in cells("kind=district").into_iter().zip([true, false]) {
        let OpenGroupCell::Shown(cell) = cell else { panic!("{cell:?} of {n}") };
        assert!((cell.value - middle).abs() < 1e-9, "{}", cell.value);
        assert_eq!((cell.base, cell.count), (n, None));
        // Where the plan does not weight, no weighted value tells who it was.
        assert_eq!((cell.se.is_some(), cell.value_weighted), (has_error, None));
    }
}

fn with_files() -> (World, Vec<Download>) {
    let mut world = World::new();
    world.survey.licence = Some(Licence::CcBy40);
    let file =
        |kind, file: &str, lang| Download { kind, file: file.to_owned(), lang, bytes: 1_234 };
    let downloads = vec![
        file(DownloadKind::AnswersCsv, "data/answers.csv", None),
        file(DownloadKind::Readme, "data/README.md", Some(Lang::EN)),
    ];
    (world, downloads)
}

#[test]
fn programs_find_the_data_set_its_files_and_its_terms() {
    let (world, downloads) = with_files();
    let site = world.publish_with(&texts(), downloads).unwrap();
    let dataset: Value = serde_json::from_str(&text(&site, "2023/dataset.jsonld")).unwrap();
    assert_eq!(dataset["@type"], "Dataset");
    assert_eq!(dataset["license"], "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(dataset["distribution"][0]["contentUrl"], "data/answers.csv");
    assert_eq!(dataset["datePublished"], "2024-11-29");
    assert!(dataset["description"].as_str().unwrap().starts_with("Simulerte svar."));
    insta::assert_snapshot!(
        "catalogue.ttl",
        text(&site, "catalogue.ttl").replace(&world.now.hash().to_string(), "HASH")
    );
    let page = text(&site, "2023/en/index.html");
    assert!(page.contains("<a href=\"../data/answers.csv\">Open answers (CSV)</a>"), "{page}");
    assert!(page.contains("href=\"../data/README.md\""));
    assert!(!text(&site, "2023/index.html").contains("README.md"));
    assert!(page.contains(
        "<link rel=\"alternate\" type=\"application/ld+json\" href=\"../dataset.jsonld\">"
    ));
}

#[test]
fn pages_are_listed_where_the_address_is_known() {
    let mut world = World::new();
    assert!(!world.publish(&texts()).unwrap().files.contains_key("sitemap.xml"));
    world.survey.address = Some("https://example.no/rapporter/".to_owned());
    let site = world.publish(&texts()).unwrap();
    let list = text(&site, "sitemap.xml");
    let pages = site.files.keys().filter(|file| file.ends_with(".html")).count();
    assert_eq!(list.matches("<loc>").count(), pages);
    assert!(
        list.contains(
            "<loc>https://example.no/rapporter/2023/en/</loc><lastmod>2024-11-29</lastmod>"
        )
    );
    assert!(
        text(&site, "feed.xml").contains("href=\"https://example.no/rapporter/2023/index.html\"")
    );
}

fn correction(id: &str, was: f64) -> Correction {
    let reason = [(Lang::NB, "Feil i datagrunnlaget."), (Lang::EN, "An error in the data.")];
    Correction {
        date: jiff::civil::date(2025, 1, 15),
        reason: Text::new(reason.map(|(lang, text)| (lang, text.to_owned())).into()),
        figures: vec![CorrectedFigure { id: id.to_owned(), option: "ja".to_owned(), was }],
    }
}

#[test]
fn a_correction_is_told_with_its_date_its_reason_and_what_changed() {
    let mut world = World::new();
    world.plan.corrections = vec![correction("tolk", 56.0)];
    let site = world.publish(&texts()).unwrap();
    let page = text(&site, "2023/en/index.html");
    assert!(page.contains("An error in the data.") && page.contains("15 January 2025"), "{page}");
    assert!(page.contains("was <del>56%</del>, is now <ins>65%</ins>"), "{page}");
    let feed = text(&site, "en/feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 2);
    assert!(
        feed.contains("<updated>2025-01-15T00:00:00Z</updated>") && feed.contains("Correction: ")
    );
    let ids: std::collections::BTreeSet<&str> =
        feed.split("<id>").skip(1).map(|rest| &rest[..45]).collect();
    assert_eq!(ids.len(), 3, "an id stands twice");
}

#[test]
fn a_correction_that_corrects_nothing_is_refused() {
    for (id, was, says) in [
        ("tolken", 56.0, "a correction names `tolken ja`, which no report states"),
        ("tolk", 65.0, "a correction says that `tolk ja` was 65, which it still is"),
    ] {
        let mut world = World::new();
        world.plan.corrections = vec![correction(id, was)];
        let said = world.publish(&texts()).unwrap_err();
        let found: Vec<&str> = said.iter().map(|said| said.message.as_str()).collect();
        assert!(found.contains(&says), "{found:?}");
        assert_eq!(said.iter().find(|said| said.message == says).unwrap().code, "RR0706");
    }
}

#[test]
fn each_unit_has_a_page_of_its_open_answers() {
    let mut world = World::new();
    for name in ["tolk", "bosatte"] {
        let place = world.now.variables.iter().position(|v| v.name == name).unwrap();
        world.now.variables[place].release = Release::Open;
    }
    let site = world.publish(&texts()).unwrap();
    let pages = site.files.keys().filter(|file| file.starts_with("2023/en/units/")).count();
    assert_eq!(pages, world.now.units.len() + 1);
    let list = text(&site, "2023/en/units/index.html");
    for unit in &world.now.units {
        assert!(list.contains(&format!("<a href=\"{}.html\">{}</a>", unit.id, unit.name)));
    }
    let answered = world.now.units.iter().position(|unit| unit.disposition.answered()).unwrap();
    let page = text(&site, &format!("2023/en/units/{}.html", world.now.units[answered].id));
    // All are in KOSTRA group 13, as the country is: 139 of 215 said yes.
    assert!(page.contains("<td>65%</td>"), "{page}");
    // Numbers are 1, 2 … 215 in the order of the units: this is the first, the median is 108.
    assert!(page.contains("Answer: <strong>1</strong>") && page.contains("<td>108</td>"), "{page}");
    assert!(!page.contains("mangfold"), "an answer that is not open is shown");
    let silent = world.now.units.iter().find(|unit| !unit.disposition.answered()).unwrap();
    let page = text(&site, &format!("2023/en/units/{}.html", silent.id));
    assert!(page.contains("The unit did not answer, or too little to count"), "{page}");
    assert!(text(&site, "2023/en/index.html").contains("href=\"units/index.html\""));
}

/// What each unit answered is there to be counted: hiding it of groups would protect nobody.
#[test]
fn of_open_answers_nothing_is_hidden() {
    let mut world = World::new();
    let place = world.now.variables.iter().position(|v| v.name == "tolk").unwrap();
    world.now.variables[place].release = Release::Open;
    let small = world.now.units.iter().position(|unit| unit.county_id == "54").unwrap();
    for unit in &mut world.now.units[small + 1..] {
        if unit.county_id == "54" {
            unit.county_id = "18".to_owned();
        }
    }
    let site = world.publish(&texts()).unwrap();
    let page = text(&site, &format!("2023/en/units/{}.html", world.now.units[small].id));
    let of_one = "<th scope=\"row\">Number of answers</th><td>215</td><td>1</td><td>215</td>";
    assert!(page.contains(of_one) && !page.contains("<td>:</td>"), "{page}");
}

/// Who was asked an open question tells what was answered to the one that it hangs on.
#[test]
fn answers_that_tell_of_others_are_no_more_open_than_they() {
    let mut world = World::new();
    let place = world.now.variables.iter().position(|v| v.name == "bosatte").unwrap();
    world.now.variables[place].release = Release::Open;
    world.now.variables[place].filter = Some("tolk == \"ja\"".to_owned());
    let pages = |world: &World| {
        let site = world.publish(&texts()).unwrap();
        site.files.keys().filter(|file| file.contains("/units/")).count()
    };
    assert_eq!(pages(&world), 0);
    let asked = world.now.variables.iter().position(|v| v.name == "tolk").unwrap();
    assert!(asked < place);
    world.now.variables[asked].release = Release::Open;
    assert!(pages(&world) > 0);
}

/// A publication over other answers about interpreters and challenges.
fn where_answers_are(interpreters: &[usize], difficult: &[usize]) -> World {
    let now = fixture::now_where(interpreters, difficult);
    World { frame: fixture::frame(&now), now, ..World::new() }
}

#[test]
fn a_figure_that_moves_moves_everywhere() {
    let before = World::new().publish(&texts()).unwrap();
    let after = where_answers_are(&[170, 29, 16], &[168, 137, 96, 96, 61, 6]);
    let after = after.publish(&texts()).unwrap();
    // 139 of 215 are 64.7 percent, 170 of 215 are 79.1: in the prose, in the chart and its table, on the
    // card, in the file behind the chart and in what programs read.
    for (file, was, is) in [
        (
            "2023/index.html",
            "65\u{a0}prosent</a> har retningslinjer",
            "79\u{a0}prosent</a> har retningslinjer",
        ),
        ("2023/index.html", "64,7\u{a0}%", "79,1\u{a0}%"),
        ("2023/en/index.html", "65\u{a0}percent</a> have", "79\u{a0}percent</a> have"),
        ("2023/figures.html", "64,7\u{a0}%", "79,1\u{a0}%"),
    ] {
        let (old, new) = (text(&before, file), text(&after, file));
        assert!(old.contains(was) && !old.contains(is), "{file} does not say {was}");
        assert!(new.contains(is) && !new.contains(was), "{file} still says {was}");
    }
    let share = |site: &Site| {
        let (_, findings) = site.findings.last_key_value().unwrap();
        let now = |f: &&report::Finding| f.round.year() == 2023 && f.group.is_empty();
        let of = |f: &&report::Finding| f.id == "tolk" && f.option == "ja";
        let found = findings.iter().filter(now).find(of).unwrap();
        (found.value * 10.0).round() / 10.0
    };
    assert_eq!((share(&before), share(&after)), (64.7, 79.1));
}

#[test]
fn words_that_the_data_no_longer_bear_out_are_refused_with_their_place() {
    // More name mental health than housing now.
    let moved = where_answers_are(&[139, 60, 16], &[100, 168, 96, 96, 61, 6]);
    let refused = moved.publish(&texts()).unwrap_err();
    let told: Vec<(&str, &str)> =
        refused.iter().map(|found| (found.code, found.file.as_str())).collect();
    let expected =
        ["nb", "nn", "en"].map(|lang| ("RR0902", format!("rounds/2023/report.{lang}.md")));
    for (code, file) in &expected {
        assert!(told.contains(&(code, file.as_str())), "{file} is not refused: {told:?}");
    }
    assert!(refused.iter().all(|found| found.span.is_some()), "{refused:?}");
}
