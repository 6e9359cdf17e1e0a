//! Golden pictures: every kind of chart, wide and narrow, byte for byte.

use instrument::Lang;

use crate::{WORLD, World, texts};

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

/// Counties as the cells of a bent grid, drawn in the round numbers of nobody's country; the last is an
/// island with a lake.
fn boundaries(world: &World) -> String {
    let mut counties: Vec<&str> = world.now.units.iter().map(|unit| &*unit.county_id).collect();
    counties.sort_unstable();
    counties.dedup();
    let corner = |column: usize, row: usize| {
        let bend = (column * 7 + row * 5) % 4;
        format!("[{}.{bend}, {}.{}]", 6 + 3 * column, 59 + 2 * row, (bend * 3) % 5)
    };
    let cell = |place: usize| {
        let (column, row) = (place % 3, place / 3);
        let around = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)];
        around.map(|(right, up)| corner(column + right, row + up)).join(", ")
    };
    let lake = "[[10.2, 66.2], [10.9, 66.2], [10.9, 66.5], [10.2, 66.5], [10.2, 66.2]]";
    let feature = |(place, county): (usize, &&str)| {
        let hole = if place + 1 == counties.len() { format!(", {lake}") } else { String::new() };
        format!(
            "{{\"type\": \"Feature\", \"id\": \"{county}\", \"geometry\": {{\"type\": \"Polygon\", \
             \"coordinates\": [[{}]{hole}]}}}}",
            cell(place)
        )
    };
    let features: Vec<String> = counties.iter().enumerate().map(feature).collect();
    format!("{{\"type\": \"FeatureCollection\", \"features\": [{}]}}", features.join(", "))
}

/// What is hidden is hidden on the map too, and stands with its sign in the table behind it.
#[test]
fn a_map_is_drawn_in_the_boundaries_of_the_team() {
    let mut world = World::new();
    let (areas, said) = report::read_boundaries("b", &boundaries(&world), &world.frame);
    assert_eq!(said, []);
    world.boundaries = areas;
    let call =
        "map(\"veiledning.lov\", \"svaert_god\", on: \"boundaries\", title: \"Loven etter fylke\")";
    let text = format!("# Kart\n\n{{{{ {call} }}}}\n");
    let site = world.publish(&[(Lang::NB, &text)]).unwrap();
    let page = String::from_utf8(site.files["2023/index.html"].clone()).unwrap();
    for (layout, at) in [("wide", 0), ("narrow", 1)] {
        let start = page.match_indices("<svg class=\"drawing ").nth(at).unwrap().0;
        let svg = page[start..].split_inclusive("</svg>").next().unwrap();
        assert!(svg.contains("class=\"hatch\""));
        insta::assert_binary_snapshot!(
            &format!("areas_{layout}.svg"),
            format!("{svg}\n").into_bytes()
        );
    }
    let csv = String::from_utf8(site.files["2023/figure-1.csv"].clone()).unwrap();
    assert!(csv.lines().any(|line| line.contains(",:,")), "{csv}");
    // A county less, and the map is refused.
    let first = world.now.units[40].county_id.clone();
    let one = boundaries(&world).replacen(&format!("\"{first}\""), "\"03\"", 1);
    world.boundaries = report::read_boundaries("b", &one, &world.frame).0;
    let refused = world.publish(&[(Lang::NB, &text)]).unwrap_err();
    assert!(refused.iter().any(|said| said.message.contains("have no area for")), "{refused:?}");
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
