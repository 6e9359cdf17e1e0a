//! Texts of a given shape: how they are asked for, shown, and refused.

use instrument::{Kind, Lang, Shape, ShapeProblem};
use jiff::civil::Date;

use crate::ui::Ui;

/// Returns what is said of how to write the answer, with an example; `None` for the other kinds.
pub(super) fn rule(kind: &Kind, ui: &Ui) -> Option<String> {
    let words = &ui.shapes;
    let shape = match kind {
        Kind::Shaped(shape) => shape,
        Kind::Year { min, max } => {
            return Some((words.year)(&(*max).min(2019).max(*min).to_string()));
        }
        Kind::SelectOne { .. }
        | Kind::SelectMultiple { .. }
        | Kind::Grid { .. }
        | Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::File(_)
        | Kind::Consent { .. }
        | Kind::Repeat { .. }
        | Kind::Calculate { .. }
        | Kind::Note => return None,
    };
    Some(how(shape, ui))
}

fn how(shape: &Shape, ui: &Ui) -> String {
    let words = &ui.shapes;
    let examples = shape.examples();
    let example = typed(shape, &examples[0]);
    match shape {
        Shape::Date { .. } => (words.date)(&example),
        Shape::Month => (words.month)(&example),
        Shape::Time => (words.time)(&example),
        Shape::Email => (words.email)(&example),
        Shape::Url => (words.url)(&example),
        Shape::OrganisationNumber => (words.organisation_number)(&example),
        Shape::Pattern(_) => (words.example)(&example),
    }
}

/// Returns what to tell of a text that does not have its shape.
pub(super) fn problem(problem: ShapeProblem, kind: &Kind, lang: Lang, ui: &Ui) -> String {
    match (problem, kind) {
        (ShapeProblem::CheckDigit, _) => ui.shapes.check_digit.to_owned(),
        (ShapeProblem::Before(first), _) => (ui.shapes.before)(&(ui.date)(first)),
        (ShapeProblem::After(last), _) => (ui.shapes.after)(&(ui.date)(last)),
        (ShapeProblem::Malformed, Kind::Shaped(Shape::Pattern(pattern))) => {
            pattern.message.get(lang).to_owned()
        }
        (ShapeProblem::Malformed, kind) => rule(kind, ui).unwrap_or_default(),
    }
}

/// Returns an answer in words.
pub(super) fn shown(shape: &Shape, normal: &str, ui: &Ui) -> String {
    match shape {
        Shape::Date { .. } => normal.parse().map_or(normal.to_owned(), ui.date),
        Shape::Month => {
            let first: Result<Date, _> = format!("{normal}-01").parse();
            first.map_or(normal.to_owned(), ui.month)
        }
        Shape::OrganisationNumber => match normal.get(..3).zip(normal.get(3..6)) {
            // No break inside a number.
            Some((first, second)) => format!("{first}\u{a0}{second}\u{a0}{}", &normal[6..]),
            None => normal.to_owned(),
        },
        Shape::Time | Shape::Email | Shape::Url | Shape::Pattern(_) => normal.to_owned(),
    }
}

/// Returns an answer as it stands in its field: days and months as people write them.
pub(crate) fn typed(shape: &Shape, normal: &str) -> String {
    let parts = || normal.rsplit('-').map(|part| part.trim_start_matches('0'));
    match shape {
        Shape::Date { .. } | Shape::Month => parts().collect::<Vec<_>>().join("."),
        Shape::Time | Shape::Email | Shape::Url | Shape::OrganisationNumber | Shape::Pattern(_) => {
            normal.to_owned()
        }
    }
}

/// Returns which keyboard a phone shows. A date has points, which the numeric one may lack.
pub(super) fn keyboard(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Email => Some("email"),
        Shape::Url => Some("url"),
        Shape::OrganisationNumber => Some("numeric"),
        Shape::Date { .. } | Shape::Month | Shape::Time | Shape::Pattern(_) => None,
    }
}

/// Whether answers are so short that a long field would ask for more.
pub(super) fn is_narrow(kind: &Kind) -> bool {
    let Kind::Shaped(shape) = kind else { return !matches!(kind, Kind::Text { .. }) };
    match shape {
        Shape::Date { .. } | Shape::Month | Shape::Time | Shape::OrganisationNumber => true,
        Shape::Pattern(pattern) => pattern.example.chars().count() <= 10,
        Shape::Email | Shape::Url => false,
    }
}
