//! The table of findings beside the figures that have been published.

use report::{Comparison, PublishedUnit, Site, compare_table};

use crate::folder::Folder;

/// The table, and what it comes to.
pub struct Table {
    /// The table as text, ready to print.
    pub text: String,
    /// Whether every figure is the published one, and none is missing.
    pub agrees: bool,
}

/// Sets every published figure beside what the report of the same round states.
pub fn findings(site: &Site, folder: &Folder) -> Table {
    let mut text = format!(
        "\n{:<28} {:<32} {:>5} {:>6} {:>9} {:>9} {:>10}\n",
        "finding", "option", "of", "here", "published", "weighted", ""
    );
    let (mut equal, mut found) = (0, 0);
    for findings in site.findings.values() {
        for line in compare_table(findings) {
            text.push_str(&row(&line));
            found += 1;
            equal += usize::from(line.ok);
        }
    }
    let published = folder.published.len();
    text.push_str(&format!("{equal} of {published} published figures come out the same"));
    if found < published {
        text.push_str(&format!("; {} are not stated in any report", published - found));
    }
    text.push('\n');
    Table { text, agrees: equal == published }
}

fn row(line: &Comparison<'_>) -> String {
    let finding = line.finding;
    let (ours, published) = match line.unit {
        PublishedUnit::Percent => {
            (format!("{} %", finding.rounded), format!("{} %", line.published))
        }
        PublishedUnit::Rank => {
            let rank = finding.rank.map_or("none".to_owned(), |rank| format!("no. {rank}"));
            (rank, format!("no. {}", line.published))
        }
    };
    let weighted = finding.value_weighted.map_or_else(String::new, |w| format!("{w:.1} %"));
    let mark = match (line.ok, finding.derived) {
        (true, false) => "",
        (true, true) => "derived",
        (false, _) => "DIFFERS",
    };
    format!(
        "{:<28} {:<32} {:>5} {:>6} {:>9} {:>9} {:>10}\n",
        finding.id,
        shorten(&finding.option),
        finding.round,
        ours,
        published,
        weighted,
        mark
    )
}

/// Shortens a long list of codes so that the table fits a terminal.
fn shorten(option: &str) -> String {
    match option.char_indices().nth(31) {
        Some((end, _)) => format!("{}…", &option[..end]),
        None => option.to_owned(),
    }
}
