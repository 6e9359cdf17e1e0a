//! What is piped into a text: `{{ bosatte }}`, `{{ unit.name }}`, `{{ last.bosatte }}`, and the form
//! of a word for a number, `{{ plural(bosatte, one: "person", other: "personer") }}`.

use std::ops::Range;

use jiff::civil::Date;

use super::check::{Checker, Typed, Words};
use super::evaluate::{Number, Place, Word, codes, day_of};
use super::{Argument, Case, Expression, ExpressionKind, Part, Problem, Scope};
use crate::plural::{FORMS, Form, PluralRule, form};
use crate::rules;
use crate::spelling::suggest;
use crate::{Code, Lang, Notation, Question};

/// Something that is piped into a text, with its names resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Piped(Filling);

#[derive(Clone, Debug, PartialEq)]
enum Filling {
    Number(Number),
    Day(Number),
    Text(Word),
    Option(Word, Labels),
    Options(Place, Labels),
    Plural(Number, Vec<PluralRule>, Vec<(Form, String)>),
}

/// What options are called in the language of the text.
type Labels = Vec<(Code, String)>;

/// A part of a text: characters, or what stands between `{{` and `}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Characters(Range<usize>),
    Pipe(Range<usize>),
    /// A `{{` without its `}}`.
    Open(Range<usize>),
}

/// What stands in a text for a value that is unknown.
pub(crate) const UNKNOWN: &str = "…";

/// Cuts a text at `{{` and `}}`.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut at = 0;
    while let Some(start) = text[at..].find("{{").map(|start| at + start) {
        if start > at {
            pieces.push(Piece::Characters(at..start));
        }
        let Some(end) = text[start..].find("}}").map(|end| start + end) else {
            pieces.push(Piece::Open(start..text.len()));
            return pieces;
        };
        pieces.push(Piece::Pipe(start + 2..end));
        at = end + 2;
    }
    if at < text.len() {
        pieces.push(Piece::Characters(at..text.len()));
    }
    pieces
}

/// Checks what is piped into a text in `lang`, whose plural forms follow these rules.
pub(crate) fn check_piped(
    expression: &Expression,
    scope: &Scope<'_>,
    lang: Lang,
    plurals: &[PluralRule],
) -> (Option<Piped>, Vec<Problem>) {
    let mut checker = Checker::new(scope);
    let filling = match &expression.kind {
        ExpressionKind::Call { function, arguments } if function.name == "plural" => {
            plural(&mut checker, arguments, &expression.span, plurals)
        }
        _ => value(&mut checker, expression, lang),
    };
    (filling.map(Piped).filter(|_| checker.problems.is_empty()), checker.problems)
}

fn value(checker: &mut Checker<'_>, expression: &Expression, lang: Lang) -> Option<Filling> {
    let labels = |question: &Question| {
        let options = question.kind.options().iter();
        options.map(|option| (option.code.clone(), option.text.get(lang).to_owned())).collect()
    };
    Some(match checker.typed(expression)? {
        Typed::Number(number) => Filling::Number(number),
        Typed::Day(day) => Filling::Day(day),
        Typed::Word(word, Words::OptionOf(question)) => Filling::Option(word, labels(question)),
        Typed::Word(word, _) => Filling::Text(word),
        Typed::Codes(place, question) => Filling::Options(place, labels(question)),
        Typed::Truth(_) => {
            let message = "a condition cannot be piped into a text".to_owned();
            let hint = Some("choose between two texts: `q > 1 ? \"a\" : \"b\"`".to_owned());
            return checker.report(rules::WRONG_TYPE, &expression.span, message, hint);
        }
    })
}

fn plural(
    checker: &mut Checker<'_>,
    arguments: &[Argument],
    span: &Range<usize>,
    plurals: &[PluralRule],
) -> Option<Filling> {
    let [Argument { name: None, value }, forms @ ..] = arguments else {
        let message = "`plural` takes a number and its forms".to_owned();
        let hint = Some(example(plurals));
        return checker.report(rules::WRONG_ARGUMENTS, span, message, hint);
    };
    let number = checker.number(value, "plural")?;
    let needed: Vec<Form> = plurals.iter().map(|rule| rule.form).chain([Form::Other]).collect();
    let mut found: Vec<(Form, String)> = vec![];
    for Argument { name, value } in forms {
        let known = || needed.iter().map(|form| form.as_str());
        let form =
            name.as_ref().and_then(|name| FORMS.iter().find(|(known, _)| *known == name.name));
        match (form, &value.kind) {
            (Some((_, form)), ExpressionKind::Text(text)) if needed.contains(form) => {
                found.push((*form, text.clone()));
            }
            _ => {
                let span = name.as_ref().map_or(&value.span, |name| &name.span);
                let word = name.as_ref().map_or("", |name| name.name.as_str());
                let message = format!("`{word}` is not a plural form of the language with a text");
                let hint = suggest(word, known().collect::<Vec<_>>());
                checker.report::<()>(rules::PLURAL_FORMS, span, message, hint);
            }
        }
    }
    let missing: Vec<&str> = needed
        .iter()
        .filter(|form| found.iter().all(|(there, _)| there != *form))
        .map(|form| form.as_str())
        .collect();
    if missing.is_empty() {
        return Some(Filling::Plural(number, plurals.to_vec(), found));
    }
    let message = format!("the language also has the form {}", missing.join(" and "));
    checker.report(rules::PLURAL_FORMS, span, message, Some(example(plurals)))
}

/// How `plural` is written in a language.
fn example(plurals: &[PluralRule]) -> String {
    let forms = plurals.iter().map(|rule| rule.form).chain([Form::Other]);
    let forms: Vec<String> = forms.map(|form| format!("{}: \"…\"", form.as_str())).collect();
    format!("for instance `plural(q, {})`", forms.join(", "))
}

impl Piped {
    /// Whether it looks at the last round's answers.
    pub(crate) fn looks_back(&self) -> bool {
        let mut parts = vec![];
        match &self.0 {
            Filling::Number(number) | Filling::Day(number) | Filling::Plural(number, ..) => {
                number.collect(&mut parts);
            }
            Filling::Text(word) | Filling::Option(word, _) => word.collect(&mut parts),
            Filling::Options(place, _) => place.collect(&mut parts),
        }
        parts.iter().any(|part| matches!(part, Part::Last(_)))
    }

    /// Returns the words for a case; `None` where the value is unknown.
    pub fn fill(&self, lang: Lang, case: &Case<'_>) -> Option<String> {
        let label = |code: &str, labels: &Labels| {
            let found = labels.iter().find(|(known, _)| known.as_str() == code);
            found.map_or(code.to_owned(), |(_, label)| crate::markup::plain(label))
        };
        match &self.0 {
            Filling::Number(number) => Some(number_in(lang, number.evaluate(case)?)),
            Filling::Day(day) => Some(day_in(lang, day_of(day.evaluate(case)?)?)),
            Filling::Text(word) => word.evaluate(case).map(str::to_owned),
            Filling::Option(word, labels) => Some(label(word.evaluate(case)?, labels)),
            Filling::Options(place, labels) => {
                let chosen = codes(case, *place)?;
                let chosen: Vec<String> =
                    chosen.iter().map(|code| label(code.as_str(), labels)).collect();
                Some(listed(lang, &chosen))
            }
            Filling::Plural(number, rules, forms) => {
                let form = form(rules, number.evaluate(case)?);
                forms.iter().find(|(known, _)| *known == form).map(|(_, text)| text.clone())
            }
        }
    }
}

/// Writes a number as people of a language do.
pub fn number_in(lang: Lang, number: f64) -> String {
    Notation::of_numbers(lang).number(number)
}

/// Writes a day as people of a language do; in figures where the language is not known here.
pub fn day_in(lang: Lang, day: Date) -> String {
    Notation::of(lang).map_or_else(|| day.to_string(), |notation| notation.day(day))
}

/// Writes what was chosen one after the other.
fn listed(lang: Lang, chosen: &[String]) -> String {
    let Some(notation) = Notation::of(lang) else { return chosen.join(", ") };
    let parts = chosen.iter().enumerate();
    parts.map(|(place, part)| notation.joint(place, chosen.len()) + part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_not_known_here_is_written_without_words() {
        let sami = "se".parse().unwrap();
        assert_eq!(number_in(sami, 12_345.5), "12\u{a0}345,5");
        assert_eq!(day_in(sami, jiff::civil::date(2025, 11, 3)), "2025-11-03");
        assert_eq!(listed(sami, &["a", "b"].map(str::to_owned)), "a, b");
    }

    #[test]
    fn texts_are_cut_at_braces() {
        let text = "å {{ b }}c{{d}}";
        assert_eq!(
            pieces(text),
            [
                Piece::Characters(0..3),
                Piece::Pipe(5..8),
                Piece::Characters(10..11),
                Piece::Pipe(13..14),
            ]
        );
        assert_eq!(pieces("a {{ b"), [Piece::Characters(0..2), Piece::Open(2..6)]);
        assert_eq!(pieces(""), []);
    }
}
