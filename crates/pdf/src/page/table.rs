//! Tables: head rows are repeated on each page, and columns of words share what is left of the width.

use super::{Element, Writer, only_on_screen};

/// With more columns than this, none has the width that its words ask for.
const CROWDED: usize = 6;

impl Writer {
    pub(super) fn table(&mut self, table: &Element) {
        let rows = |part: &str| -> Vec<&Element> {
            let parts = table.elements().filter(|element| element.name == part);
            parts.flat_map(Element::elements).filter(|row| row.name == "tr").collect()
        };
        let (head, body) = (rows("thead"), rows("tbody"));
        let columns = body.iter().chain(&head).map(|row| cells(row).count()).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        let wide: Vec<bool> = (0..columns).map(|place| is_wide(&head, &body, place)).collect();
        let align: Vec<&str> =
            wide.iter().map(|wide| if *wide { "left" } else { "right" }).collect();
        let mut parts = vec![];
        if !head.is_empty() {
            let cells: Vec<String> = head.iter().map(|row| self.row(row, columns, true)).collect();
            parts.push(format!("table.header({})", cells.join(", ")));
        }
        parts.extend(body.iter().map(|row| self.row(row, columns, row.has_class("whole"))));
        let size = if columns > CROWDED { "6.5pt" } else { "8.5pt" };
        let caption = table.elements().find(|element| element.name == "caption");
        let caption = caption.map(|caption| format!("caption: {}, ", self.content(caption)));
        self.text.push_str(&format!(
            "\n\n#figure(kind: table, {caption}text(size: {size}, table(columns: ({widths},), align: \
             ({align},), stroke: lines-under({heads}), {parts})))\n\n",
            caption = caption.unwrap_or_default(),
            widths = widths(&wide).join(", "),
            align = align.join(", "),
            heads = head.len(),
            parts = parts.join(", ")
        ));
    }

    /// Returns the cells of a row, filled up to the number of columns.
    fn row(&mut self, row: &Element, columns: usize, strong: bool) -> String {
        let mut written = vec![];
        let mut used = 0;
        for cell in cells(row) {
            let span = cell.attribute("colspan").and_then(|span| span.parse().ok()).unwrap_or(1);
            let span = std::cmp::Ord::min(span, columns.saturating_sub(used)).max(1);
            used += span;
            let content = self.content(cell);
            let content = if strong { format!("strong({content})") } else { content };
            written.push(match span {
                1 => content,
                _ => format!("table.cell(colspan: {span}, {content})"),
            });
        }
        written.extend((used..columns).map(|_| "[]".to_owned()));
        written.join(", ")
    }
}

/// Returns how wide each column is: as its figures need, or a part of what is left. In a crowded
/// table the first column has the most, since its words are the longest.
fn widths(wide: &[bool]) -> Vec<&'static str> {
    let crowded = wide.len() > CROWDED;
    let width = |(place, wide): (usize, &bool)| match (crowded, *wide) {
        (true, _) if place == 0 => "3fr",
        (true, true) => "1.6fr",
        (true, false) | (false, true) => "1fr",
        (false, false) => "auto",
    };
    wide.iter().enumerate().map(width).collect()
}

/// Returns the cells of a row without those that hold a drawing for the screen alone.
fn cells(row: &Element) -> impl Iterator<Item = &Element> {
    row.elements().filter(|cell| !cell.has_class("bar-cell") && !only_on_screen(cell))
}

/// Whether a column holds words: the first one, and those whose heading says so.
fn is_wide(head: &[&Element], body: &[&Element], place: usize) -> bool {
    let mut heads = head.iter().chain(body.first()).filter_map(|row| cells(row).nth(place));
    place == 0 || heads.any(|cell| cell.has_class("words"))
}

#[cfg(test)]
mod tests {
    use crate::page_source;

    #[test]
    fn heads_are_repeated_and_rows_are_full() {
        let page = "<html lang=\"nb\"><main><h1>T</h1><table><caption>C</caption><thead><tr>\
                    <th>a</th><th colspan=\"2\">b</th></tr></thead><tbody><tr><th>c</th><td>d</td>\
                    <td class=\"bar-cell\"></td></tr><tr><th>e</th></tr></tbody></table></main></html>";
        let source = page_source(page, jiff::civil::date(2024, 1, 1), "").unwrap();
        let table = "#figure(kind: table, caption: [#(\"C\")], text(size: 8.5pt, table(columns: (1fr, \
                     auto,), align: (left, right,), stroke: lines-under(1), \
                     table.header(strong([#(\"a\")]), strong([#(\"b\")])), [#(\"c\")], \
                     [#(\"d\")], [#(\"e\")], [])))";
        assert!(source.text.contains(table), "{}", source.text);
    }
}
