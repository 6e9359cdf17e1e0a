//! The pages: golden fragments, and what must hold of every page.

use std::collections::{BTreeMap, BTreeSet};

use instrument::Lang;

use crate::{WORLD, World, texts};

fn pages() -> BTreeMap<String, String> {
    let site = WORLD.publish(&texts()).unwrap();
    let html = site.files.into_iter().filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// Returns the values of an attribute, in order.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn every_language_has_its_front_and_its_report() {
    let pages = pages();
    let paths: Vec<&str> = pages.keys().map(String::as_str).collect();
    let expected = [
        "2023/codebook.html",
        "2023/en/codebook.html",
        "2023/en/figures.html",
        "2023/en/index.html",
        "2023/figures.html",
        "2023/index.html",
        "2023/nn/codebook.html",
        "2023/nn/figures.html",
        "2023/nn/index.html",
        "en/index.html",
        "en/topics/prove.html",
        "index.html",
        "nn/index.html",
        "nn/topics/prove.html",
        "topics/prove.html",
    ];
    assert_eq!(paths, expected);
    for (path, lang) in
        [("2023/en/index.html", "en"), ("nn/index.html", "nn"), ("index.html", "nb")]
    {
        assert!(pages[path].contains(&format!("<html lang=\"{lang}\">")), "{path}");
    }
}

#[test]
fn links_lead_somewhere() {
    let site = WORLD.publish(&texts()).unwrap();
    let all = pages();
    for (path, page) in &all {
        let ids = attributes(page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{path} has an id twice");
        for address in attributes(page, "href") {
            if address.starts_with("https:") {
                continue;
            }
            let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
            let target = if file.is_empty() { path.clone() } else { resolve(path, file) };
            assert!(site.files.contains_key(&target), "{path}: {address} is {target}");
            let there = || attributes(&all[&target], "id").contains(&fragment);
            assert!(fragment.is_empty() || there(), "{path}: {address} is not there");
        }
    }
}

#[test]
fn every_figure_in_the_prose_leads_to_its_card() {
    let pages = pages();
    let report = &pages["2023/index.html"];
    let figures: Vec<&str> = report.split("<a class=\"figure\" href=\"").skip(1).collect();
    assert!(figures.len() >= 15, "{}", figures.len());
    // Bases lead to the wording of their question; every other figure has a card.
    let cards = figures.iter().filter(|rest| rest.starts_with("figures.html#f-")).count();
    assert!(cards + 2 >= figures.len(), "{cards} of {}", figures.len());
    let of_tolk = between(
        &pages["2023/figures.html"],
        "<article class=\"figure-card\" id=\"f-tolk-ja-2023\"",
        "</article>",
    );
    for told in [
        "Har dere retningslinjer for bestilling og bruk av tolk?",
        "<li class=\"counted\">Ja (regnet med)</li>",
        "<dd>215</dd>",
        "<dd>139</dd>",
        "64,7\u{a0}%",
        "Wilsons",
        "&#34;id&#34;:&#34;tolk&#34;",
        &WORLD.now.hash().to_string(),
    ] {
        assert!(of_tolk.contains(told), "{told} is not in {of_tolk}");
    }
}

/// Follows a relative address from a page.
fn resolve(page: &str, address: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn pages_obey_a_strict_content_security_policy() {
    for (path, page) in &pages() {
        for forbidden in ["<script", " style=\"", "<style", " src=\"", "javascript:", "@import"] {
            assert!(!page.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[test]
fn pages_have_one_heading_of_the_first_level_and_skip_none() {
    for (path, page) in &pages() {
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.matches("<main").count(), 1, "{path}");
        let headings =
            page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10));
        let mut last = 1;
        for level in headings {
            assert!(level <= last + 1, "{path}: a heading of level {level} after {last}");
            last = level;
        }
    }
}

#[test]
fn simulated_answers_cannot_be_missed() {
    for (path, page) in &pages() {
        let words = if page.contains("<html lang=\"en\">") {
            "Simulated answers"
        } else {
            "Simulerte svar"
        };
        assert!(page.contains(&format!("<title>{words} – ")), "{path}");
        assert!(page.contains("class=\"simulated-banner\""), "{path}");
        let charts = page.matches("<figure class=\"chart\"").count();
        let marked = page.matches("<p class=\"sources\"><strong class=\"simulated-tag\">").count();
        assert_eq!(charts, marked, "{path}");
    }
    let site = WORLD.publish(&texts()).unwrap();
    let about = String::from_utf8(site.files["2023/about.json"].clone()).unwrap();
    assert!(about.contains("\"simulated\": true") && about.contains("Simulated answers"));
}

#[test]
fn real_answers_bear_no_mark() {
    let mut world = World::new();
    world.now.provenance.simulated = false;
    world.before.provenance.simulated = false;
    let site = world.publish(&texts()).unwrap();
    let page = String::from_utf8(site.files["2023/index.html"].clone()).unwrap();
    assert!(!page.contains("imulert"));
}

#[test]
fn sentences_come_out_right() {
    let pages = pages();
    let mut shown = String::new();
    for (path, first) in [
        ("2023/index.html", "<section class=\"prose\" aria-labelledby=\"s4-i-grupper"),
        ("2023/nn/index.html", "<section class=\"prose\" aria-labelledby=\"s4-i-grupper"),
        ("2023/en/index.html", "<section class=\"prose\" aria-labelledby=\"s4-in-groups"),
    ] {
        let lead = between(&pages[path], "<div class=\"lead prose\">", "<nav class=\"contents\"");
        let section =
            between(&pages[path], "<section class=\"prose\" aria-labelledby=\"s2-", "<figure");
        let groups = between(&pages[path], first, "<figure");
        // Hard spaces are shown, since they are part of what is tested.
        let readable = format!("{lead}{section}{groups}").replace('\u{a0}', "⍽");
        shown.push_str(&format!("== {path}\n{readable}\n"));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_method_section_tells_how_it_was_done() {
    let pages = pages();
    let mut shown = String::new();
    for path in ["2023/index.html", "2023/nn/index.html", "2023/en/index.html"] {
        let method = between(&pages[path], "<section class=\"method", "</section>");
        shown.push_str(&format!("== {path}\n{}\n", method.replace('\u{a0}', "⍽")));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_quality_section_tells_who_is_missing() {
    let pages = pages();
    let mut shown = String::new();
    for path in ["2023/index.html", "2023/nn/index.html", "2023/en/index.html"] {
        let quality = between(&pages[path], "<section class=\"quality", "</section>");
        shown.push_str(&format!("== {path}\n{}\n", quality.replace('\u{a0}', "⍽")));
    }
    // 212 of the 215 who were asked about diversity answered, 20 of them "don't know".
    assert!(shown.contains("<td>215</td><td>3 (1,4⍽%)</td><td>20 (9,3⍽%)</td>"));
    // Of 371, 139 said yes to guidelines and 156 are silent: 37.5 and 79.5 percent.
    assert!(shown.contains("<td>65⍽%</td><td>37⍽%</td><td>80⍽%</td>"));
    insta::assert_snapshot!(shown);
}

#[test]
fn where_all_answered_nobody_is_missing() {
    let mut world = World::new();
    for unit in &mut world.now.units {
        unit.disposition = frame::Disposition::Complete;
    }
    let site = world.publish(&texts()).unwrap();
    let page = String::from_utf8(site.files["2023/index.html"].clone()).unwrap();
    let quality = between(&page, "<section class=\"quality", "</section>");
    assert!(
        !quality.contains("R-indikator") && quality.contains("Designeffekten etter Kish er 1,00")
    );
}

fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let from = page.find(start).unwrap();
    let to = from + page[from..].find(end).unwrap();
    &page[from..to]
}

#[test]
fn a_report_in_one_language_is_linked_from_every_front() {
    let site = WORLD.publish(&texts()[..1]).unwrap();
    let front = String::from_utf8(site.files["en/index.html"].clone()).unwrap();
    assert!(front.contains("href=\"../2023/index.html\" lang=\"nb\""));
    let missing: Vec<&str> =
        site.warnings.iter().filter(|w| w.code == "RR0702").map(|w| w.file.as_str()).collect();
    assert_eq!(missing, ["rounds/2023/report.nn.md", "rounds/2023/report.en.md"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let files = || WORLD.publish(&texts()).unwrap().files;
    assert_eq!(files(), files());
}

#[test]
fn languages_that_state_different_figures_are_told_apart() {
    let nb = "# Tittel\n\n{{ share(\"tolk\", \"ja\") }} og {{ share(\"mangfold\", \"ja\") }}.";
    let en = "# Title\n\n{{ share(\"tolk\", \"ja\") }}.";
    let site = WORLD.publish(&[(Lang::NB, nb), (Lang::EN, en)]).unwrap();
    let told: Vec<(&str, &str)> = site
        .warnings
        .iter()
        .filter(|warning| warning.code == "RR0704")
        .map(|warning| (warning.file.as_str(), warning.message.as_str()))
        .collect();
    let message = "the report does not state `mangfold ja` of 2023, which another language does";
    assert_eq!(told, [("rounds/2023/report.en.md", message)]);
}
