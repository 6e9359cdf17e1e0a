//! Finds the expressions of a report, and masks them so that Markdown cannot mistake what is in
//! them (`_`, `*`, `["…"]`) for its own signs.

use std::ops::Range;

use super::Problem;

/// An expression in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its place with the braces, in bytes.
    pub(super) outer: Range<usize>,
    /// Its place without the braces.
    pub(super) inner: Range<usize>,
}

/// A text whose expressions are found.
pub(super) struct Scanned {
    /// The expressions, in order.
    pub(super) slots: Vec<Slot>,
    /// The text with a word of the same length in place of each expression.
    pub(super) masked: String,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
}

/// Finds the expressions of a report.
pub(super) fn scan(text: &str) -> Scanned {
    let mut slots: Vec<Slot> = vec![];
    let mut problems = vec![];
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}']) {
        let start = at + found;
        let braces = &text[start..];
        at = start + 1;
        if braces.starts_with("{{") {
            at += 1;
            match end_of_expression(&text[start + 2..]) {
                Some(length) => {
                    let inner = start + 2..start + 2 + length;
                    at = inner.end + 2;
                    slots.push(Slot { outer: start..at, inner });
                }
                None => problems.push(
                    Problem::new(
                        "RR0101",
                        start..start + 2,
                        "`{{` is not closed in this paragraph",
                    )
                    .hint("an expression is written `{{ share(\"question\", \"option\") }}`"),
                ),
            }
        } else if braces.starts_with("}}") {
            at += 1;
            problems.push(
                Problem::new("RR0102", start..start + 2, "`}}` closes nothing")
                    .hint("an expression begins with `{{`"),
            );
        }
    }
    Scanned { masked: mask(text, &slots), slots, problems }
}

/// Returns how long the expression is at whose first byte `text` begins; `None` where the
/// paragraph ends, or another expression begins, before it is closed.
fn end_of_expression(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (place, sign) in text.char_indices() {
        let rest = &text[place..];
        let paragraph_ends =
            sign == '\n' && rest[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        if paragraph_ends || (quote.is_none() && rest.starts_with("{{")) {
            return None;
        }
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if sign == '\\' => escaped = true,
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if rest.starts_with("}}") => return Some(place),
            None if sign == '"' || sign == '\'' => quote = Some(sign),
            None => {}
        }
    }
    None
}

/// Puts letters in place of expressions: to Markdown each is one word.
fn mask(text: &str, slots: &[Slot]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for slot in slots {
        masked.push_str(&text[end..slot.outer.start]);
        masked.extend(std::iter::repeat_n('x', slot.outer.len()));
        end = slot.outer.end;
    }
    masked.push_str(&text[end..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_keep_their_places() {
        let text = "Nå {{ share(\"a\", \"ja}}\") }} og {{ x }}.";
        let scanned = scan(text);
        let inner: Vec<&str> = scanned.slots.iter().map(|slot| &text[slot.inner.clone()]).collect();
        assert_eq!(inner, [" share(\"a\", \"ja}}\") ", " x "]);
        assert_eq!(scanned.masked.len(), text.len());
        assert!(!scanned.masked.contains('{') && scanned.problems.is_empty());
    }

    #[test]
    fn what_is_not_closed_is_found_where_it_opens() {
        for (text, code, start) in [
            ("æ {{ a", "RR0101", 3),
            ("{{ a\n\n}}", "RR0101", 0),
            ("{{ a {{ b }}", "RR0101", 0),
            ("{{ \"a }}", "RR0101", 0),
            ("a }} b", "RR0102", 2),
        ] {
            let problem = scan(text).problems.remove(0);
            assert_eq!((problem.code, problem.span.start), (code, start), "{text}");
        }
        assert!(scan("a { b } \\").problems.is_empty());
    }
}
