//! Golden pictures: every kind of chart, wide and narrow, byte for byte.

use crate::{WORLD, texts};

#[test]
fn charts_are_drawn_as_they_were_looked_at() {
    let site = WORLD.publish(&texts()).unwrap();
    let page = String::from_utf8(site.files["2023/index.html"].clone()).unwrap();
    let drawings: Vec<&str> = page
        .split("<svg class=\"drawing ")
        .skip(1)
        .map(|rest| rest.split_inclusive("</svg>").next().unwrap())
        .collect();
    let names = [
        "ranking",
        "changes",
        "options",
        "stacked",
        "ranking_over_rows",
        "diverging",
        "groups",
        "multiples",
        "map",
        "response",
    ];
    // Each is drawn wide and narrow.
    assert_eq!(drawings.len(), 2 * names.len());
    for (pair, name) in drawings.chunks(2).zip(names) {
        for (drawing, layout) in pair.iter().zip(["wide", "narrow"]) {
            assert!(drawing.starts_with(layout));
            let svg = format!("<svg class=\"drawing {drawing}\n");
            insta::assert_binary_snapshot!(&format!("{name}_{layout}.svg"), svg.into_bytes());
        }
    }
}

#[test]
fn the_table_behind_a_chart_holds_unrounded_figures_and_says_that_they_are_simulated() {
    let site = WORLD.publish(&texts()).unwrap();
    let csv = String::from_utf8(site.files["2023/en/figure-3.csv"].clone()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "id,option,round,label,value,value_weighted,ci_low,ci_high,base,simulated"
    );
    // 139 of 215.
    assert!(lines[1].starts_with("tolk,ja,2023,Yes,64.6512,"), "{}", lines[1]);
    assert!(lines[1].ends_with(",215,true"), "{}", lines[1]);
}

/// What is not shown has the sign of official statistics, in the table and in its file.
#[test]
fn tables_by_group_keep_small_cells_to_themselves() {
    let site = WORLD.publish(&texts()).unwrap();
    let page = String::from_utf8(site.files["2023/index.html"].clone()).unwrap();
    let title = page.find("<strong>Loven etter fylke</strong>").unwrap();
    let table = &page[title..title + page[title..].find("</figure>").unwrap()];
    insta::assert_snapshot!("table_by_county", table.replace('\u{a0}', "⍽"));
    assert!(table.contains("<td>:</td>") && table.contains("konfidensialitet"));
}
