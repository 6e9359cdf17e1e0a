//! What stands in the rows of a list: within a row its questions go by short names, and outside it by
//! names that say which row it is.

use std::collections::BTreeMap;

use crate::expression::{Expression, ExpressionKind, LAST, Piece, parse, pieces};
use crate::{Question, Text, Trend};

/// The names that the questions of a row have outside it, by those that they have within it.
pub(super) type Names = BTreeMap<String, String>;

/// Returns the names of the questions of a row; none where there is no row.
pub(super) fn names_in(questions: &[Question], row: Option<(usize, usize)>) -> Names {
    let named = questions.iter().filter_map(|question| {
        let of = question.row.as_ref().filter(|of| row == Some((of.repeat, of.row)))?;
        Some((of.name.to_string(), question.id.to_string()))
    });
    named.collect()
}

/// Returns what a question outside its row is called.
pub(super) fn outer_name(list: &str, row: usize, name: &str) -> String {
    format!("{list}_{}_{name}", row + 1)
}

/// Returns the lineage of a question in a row: it continues the one in the same row of the list
/// that this list continues.
pub(super) fn trend_in_row((list, row): (&Question, usize), question: &Question) -> Option<Trend> {
    let trend = question.trend.clone()?;
    let list_was = list.trend.as_ref().and_then(|trend| trend.was.as_ref()).unwrap_or(&list.id);
    let was = trend.was.as_ref().unwrap_or(&question.id);
    let same = *list_was == list.id && *was == question.id;
    let name = outer_name(list_was.as_str(), row, was.as_str());
    Some(Trend { was: if same { None } else { name.parse().ok() }, ..trend })
}

/// Returns a text of a row with the names of the row's questions as they are outside it.
pub(super) fn text_in_row(text: &Text, names: &Names) -> Text {
    let translations = text.iter().map(|(lang, text)| (lang, piped_in_row(text, names)));
    Text::new(translations.collect())
}

fn piped_in_row(text: &str, names: &Names) -> String {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Characters(range) | Piece::Open(range) => text[range].to_owned(),
        Piece::Pipe(range) => format!("{{{{ {} }}}}", written_out(text[range].trim(), names)),
    });
    pieces.collect()
}

/// Returns an expression with the names of a row's questions as they are outside it.
pub(super) fn written_out(source: &str, names: &Names) -> String {
    let Ok(expression) = parse(source) else { return source.to_owned() };
    let mut found = vec![];
    named(&expression, &mut found);
    let mut written = source.to_owned();
    // From the back, so that places further to the front stay where they are.
    found.sort_by_key(|(start, _)| std::cmp::Reverse(*start));
    for (start, name) in found {
        if let Some(outer) = names.get(name) {
            written.replace_range(start..start + name.len(), outer);
        }
    }
    written
}

/// Collects the names of questions in an expression, each with its place: also those behind `last.`.
fn named<'e>(expression: &'e Expression, found: &mut Vec<(usize, &'e str)>) {
    match &expression.kind {
        ExpressionKind::Name(name) => found.push((expression.span.start, name)),
        ExpressionKind::Member { of, name } => match &of.kind {
            ExpressionKind::Name(last) if last == LAST => {
                found.push((name.span.start, &name.name));
            }
            _ => named(of, found),
        },
        ExpressionKind::Bool(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Decimal(_)
        | ExpressionKind::Text(_) => {}
        ExpressionKind::List(parts) => parts.iter().for_each(|part| named(part, found)),
        ExpressionKind::Call { arguments, .. } => {
            arguments.iter().for_each(|argument| named(&argument.value, found));
        }
        ExpressionKind::Unary { operand, .. } => named(operand, found),
        ExpressionKind::Binary { left, right, .. } => {
            [left, right].into_iter().for_each(|part| named(part, found));
        }
        ExpressionKind::Conditional { condition, then, otherwise } => {
            [condition, then, otherwise].into_iter().for_each(|part| named(part, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_row_are_written_out() {
        let names = [("navn", "tiltak_2_navn"), ("tall", "tiltak_2_tall")];
        let names = names.map(|(inner, outer)| (inner.to_owned(), outer.to_owned())).into();
        for (source, expected) in [
            ("navn", "tiltak_2_navn"),
            ("last.navn", "last.tiltak_2_navn"),
            ("unit.navn", "unit.navn"),
            ("navn.annet", "tiltak_2_navn.annet"),
            ("tall + annet * (tall)", "tiltak_2_tall + annet * (tiltak_2_tall)"),
            (
                r#"plural(tall, one: "tall", other: "navn")"#,
                r#"plural(tiltak_2_tall, one: "tall", other: "navn")"#,
            ),
            ("navn +", "navn +"),
        ] {
            assert_eq!(written_out(source, &names), expected, "{source}");
        }
        assert_eq!(piped_in_row("Er {{navn}} i gang?", &names), "Er {{ tiltak_2_navn }} i gang?");
    }
}
