//! Conditions in words, for whoever reads a questionnaire and does not write one.

use super::{
    Argument, BinaryOperator, Expression, ExpressionKind, Identifier, UnaryOperator, day_in,
    number_in, parse,
};
use crate::{Instrument, Lang, Question};

/// Returns a condition as it is written in words; as it stands in the file where it cannot be read.
/// Questions are named by their place in the questionnaire, counted from 1, and their first words.
///
/// The condition must be one of this questionnaire's.
pub fn in_words(source: &str, instrument: &Instrument, lang: Lang) -> String {
    match parse(source) {
        Ok(expression) => Speaker { instrument, lang, words: words(lang) }.say(&expression),
        Err(_) => source.to_owned(),
    }
}

/// Returns the number of a question in its questionnaire, from 1; notes are not counted.
pub fn number_of(instrument: &Instrument, question: &Question) -> Option<usize> {
    let asked = instrument.questions.iter();
    let asked = asked.filter(|asked| !asked.variables.is_empty() && asked.is_first_of_rows());
    asked.map(|asked| &asked.id).position(|id| *id == question.id).map(|place| place + 1)
}

/// The most characters of a question that are said.
const SAID: usize = 48;

/// The words of one language.
struct Words {
    quotes: [&'static str; 2],
    question: &'static str,
    row: &'static str,
    and: &'static str,
    or: &'static str,
    not: &'static str,
    is: &'static str,
    is_not: &'static str,
    less: &'static str,
    at_most: &'static str,
    more: &'static str,
    at_least: &'static str,
    chosen: &'static str,
    not_chosen: &'static str,
    answered: &'static str,
    not_answered: &'static str,
    number_chosen: &'static str,
    length: &'static str,
    for_: &'static str,
    some_row: &'static str,
    every_row: &'static str,
    rows_where: &'static str,
    sum: &'static str,
    of: &'static str,
    last: &'static str,
    where_: &'static str,
    /// For days: before, no later than, after, no earlier than.
    days: [&'static str; 4],
    today: &'static str,
    role: &'static str,
    when: &'static str,
    otherwise: &'static str,
    yes: &'static str,
    no: &'static str,
    /// The attributes of a unit.
    unit: &'static [(&'static str, &'static str)],
    municipality: &'static str,
    district: &'static str,
}

const NB: Words = Words {
    quotes: ["«", "»"],
    question: "spørsmål",
    row: "raden",
    and: "og",
    or: "eller",
    not: "det ikke stemmer at",
    is: "er",
    is_not: "ikke er",
    less: "er mindre enn",
    at_most: "er høyst",
    more: "er mer enn",
    at_least: "er minst",
    chosen: "er valgt i",
    not_chosen: "ikke er valgt i",
    answered: "er besvart",
    not_answered: "ikke er besvart",
    number_chosen: "antall svar i",
    length: "antall tegn i",
    for_: "for",
    some_row: "minst én rad i",
    every_row: "alle radene i",
    rows_where: "antall rader i",
    sum: "summen over radene i",
    of: "av",
    last: "svaret fra forrige runde på",
    where_: "der",
    days: ["er før", "er senest", "er etter", "er tidligst"],
    today: "dagens dato",
    role: "rollen",
    when: "hvis",
    otherwise: "ellers",
    yes: "det alltid gjelder",
    no: "det aldri gjelder",
    unit: &[
        ("kind", "enheten"),
        ("name", "enhetens navn"),
        ("id", "enhetens nummer"),
        ("population", "folketallet"),
        ("county", "fylket"),
        ("county_id", "fylkesnummeret"),
        ("centrality", "sentralitetsklassen"),
        ("kostra_group", "KOSTRA-gruppen"),
        ("language_form", "målformen"),
        ("sami_area", "enheten er i det samiske området"),
        ("parent", "kommunen som bydelen hører til"),
    ],
    municipality: "kommune",
    district: "bydel",
};

const NN: Words = Words {
    row: "rada",
    not: "det ikkje stemmer at",
    is_not: "ikkje er",
    less: "er mindre enn",
    at_most: "er høgst",
    more: "er meir enn",
    at_least: "er minst",
    chosen: "er vald i",
    not_chosen: "ikkje er vald i",
    answered: "er svara på",
    not_answered: "ikkje er svara på",
    number_chosen: "talet på svar i",
    length: "talet på teikn i",
    some_row: "minst éi rad i",
    every_row: "alle radene i",
    rows_where: "talet på rader i",
    sum: "summen over radene i",
    last: "svaret frå førre runde på",
    days: ["er før", "er seinast", "er etter", "er tidlegast"],
    today: "datoen i dag",
    role: "rolla",
    when: "om",
    otherwise: "elles",
    yes: "det alltid gjeld",
    no: "det aldri gjeld",
    unit: &[
        ("kind", "eininga"),
        ("name", "namnet på eininga"),
        ("id", "nummeret på eininga"),
        ("population", "folketalet"),
        ("county", "fylket"),
        ("county_id", "fylkesnummeret"),
        ("centrality", "sentralitetsklassen"),
        ("kostra_group", "KOSTRA-gruppa"),
        ("language_form", "målforma"),
        ("sami_area", "eininga er i det samiske området"),
        ("parent", "kommunen som bydelen høyrer til"),
    ],
    ..NB
};

const EN: Words = Words {
    quotes: ["“", "”"],
    question: "question",
    row: "the row",
    and: "and",
    or: "or",
    not: "it is not so that",
    is: "is",
    is_not: "is not",
    less: "is less than",
    at_most: "is at most",
    more: "is more than",
    at_least: "is at least",
    chosen: "is chosen in",
    not_chosen: "is not chosen in",
    answered: "is answered",
    not_answered: "is not answered",
    number_chosen: "the number of answers in",
    length: "the number of characters in",
    for_: "for",
    some_row: "at least one row of",
    every_row: "every row of",
    rows_where: "the number of rows of",
    sum: "the sum over the rows of",
    of: "of",
    last: "the last round’s answer to",
    where_: "where",
    days: ["is before", "is no later than", "is after", "is no earlier than"],
    today: "today’s date",
    role: "the role",
    when: "if",
    otherwise: "otherwise",
    yes: "it always holds",
    no: "it never holds",
    unit: &[
        ("kind", "the unit"),
        ("name", "the unit’s name"),
        ("id", "the unit’s number"),
        ("population", "the population"),
        ("county", "the county"),
        ("county_id", "the county’s number"),
        ("centrality", "the class of centrality"),
        ("kostra_group", "the KOSTRA group"),
        ("language_form", "the written standard"),
        ("sami_area", "the unit is in the Sámi area"),
        ("parent", "the municipality of the district"),
    ],
    municipality: "municipality",
    district: "district",
};

fn words(lang: Lang) -> &'static Words {
    match lang.as_str() {
        "nn" => &NN,
        "nb" => &NB,
        _ => &EN,
    }
}

struct Speaker<'a> {
    instrument: &'a Instrument,
    lang: Lang,
    words: &'static Words,
}

impl Speaker<'_> {
    /// Says a condition or a value.
    fn say(&self, expression: &Expression) -> String {
        let words = self.words;
        match &expression.kind {
            ExpressionKind::Bool(true) => words.yes.to_owned(),
            ExpressionKind::Bool(false) => words.no.to_owned(),
            ExpressionKind::Integer(number) => number_in(self.lang, *number as f64),
            ExpressionKind::Decimal(number) => number_in(self.lang, *number),
            ExpressionKind::Text(text) => self.quoted(text),
            ExpressionKind::List(elements) => {
                let said = elements.iter().map(|element| self.say(element)).collect();
                joined(said, words.or)
            }
            ExpressionKind::Name(name) => self.name(name),
            ExpressionKind::Member { of, name } => self.member(of, name),
            ExpressionKind::Call { function, arguments } => self.call(function, arguments),
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => self.not(operand),
            ExpressionKind::Unary { operator: UnaryOperator::Negate, operand } => {
                format!("\u{2212}{}", self.say(operand))
            }
            ExpressionKind::Binary { operator, left, right } => self.binary(*operator, left, right),
            ExpressionKind::Conditional { condition, then, otherwise } => {
                let [condition, then, other] =
                    [condition, then, otherwise].map(|part| self.say(part));
                format!("{then} {} {condition}, {} {other}", words.when, words.otherwise)
            }
        }
    }

    fn binary(&self, operator: BinaryOperator, left: &Expression, right: &Expression) -> String {
        let words = self.words;
        let days = is_day(left) || is_day(right);
        let order = |place: usize, word| if days { words.days[place] } else { word };
        let between = match operator {
            BinaryOperator::And | BinaryOperator::Or => {
                return self.connected(operator, left, right);
            }
            BinaryOperator::In => return self.membership(left, right, words.chosen, words.is),
            BinaryOperator::Equal => words.is,
            BinaryOperator::NotEqual => words.is_not,
            BinaryOperator::Less => order(0, words.less),
            BinaryOperator::LessOrEqual => order(1, words.at_most),
            BinaryOperator::Greater => order(2, words.more),
            BinaryOperator::GreaterOrEqual => order(3, words.at_least),
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "\u{2212}",
            BinaryOperator::Multiply => "×",
            BinaryOperator::Divide => "/",
        };
        format!("{} {between} {}", self.value(left, right), self.value(right, left))
    }

    /// Says `&&` and `||`; the other of the two inside stands in brackets.
    fn connected(&self, operator: BinaryOperator, left: &Expression, right: &Expression) -> String {
        let side = |side: &Expression| match &side.kind {
            ExpressionKind::Binary {
                operator: inner @ (BinaryOperator::And | BinaryOperator::Or),
                ..
            } if *inner != operator => format!("({})", self.say(side)),
            _ => self.say(side),
        };
        let word = if operator == BinaryOperator::And { self.words.and } else { self.words.or };
        format!("{} {word} {}", side(left), side(right))
    }

    fn not(&self, operand: &Expression) -> String {
        let words = self.words;
        match &operand.kind {
            ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right } => {
                self.binary(BinaryOperator::NotEqual, left, right)
            }
            ExpressionKind::Binary { operator: BinaryOperator::In, left, right } => {
                self.membership(left, right, words.not_chosen, words.is_not)
            }
            ExpressionKind::Call { function, arguments } if function.name == "answered" => {
                format!("{} {}", self.first(arguments), words.not_answered)
            }
            _ => format!("{} {}", words.not, self.say(operand)),
        }
    }

    /// Says that an option is among those chosen, or a value among those listed.
    fn membership(&self, left: &Expression, right: &Expression, chosen: &str, is: &str) -> String {
        if let ExpressionKind::List(elements) = &right.kind {
            let said = elements.iter().map(|element| self.value(element, left)).collect();
            return format!("{} {is} {}", self.say(left), joined(said, self.words.or));
        }
        format!("{} {chosen} {}", self.value(left, right), self.say(right))
    }

    /// Says one side of a comparison: a code as the option of the other side's question.
    fn value(&self, side: &Expression, other: &Expression) -> String {
        let ExpressionKind::Text(code) = &side.kind else { return self.say(side) };
        if let Some(question) = self.question_in(other)
            && let Some(option) = question.option(code)
        {
            return self.quoted(&option.text.plain(self.lang));
        }
        match code.as_str() {
            "municipality" => self.quoted(self.words.municipality),
            "district" => self.quoted(self.words.district),
            _ => self.quoted(code),
        }
    }

    /// The question whose answer an expression is.
    fn question_in(&self, expression: &Expression) -> Option<&Question> {
        match &expression.kind {
            ExpressionKind::Name(name) => self.instrument.question(name),
            ExpressionKind::Member { of, name } => match &of.kind {
                ExpressionKind::Name(outer) if outer == "last" => {
                    self.instrument.question(&name.name)
                }
                _ => self.question_in(of),
            },
            _ => None,
        }
    }

    fn name(&self, name: &str) -> String {
        match (name, self.instrument.question(name)) {
            (_, Some(question)) => self.question(question),
            ("today", None) => self.words.today.to_owned(),
            ("role", None) => self.words.role.to_owned(),
            (_, None) => name.to_owned(),
        }
    }

    fn question(&self, question: &Question) -> String {
        let text = question.text.plain(self.lang);
        let mut said: String = text.chars().take(SAID).collect();
        if said.len() < text.len() {
            // A word is not cut in two.
            said.truncate(said.rfind(' ').unwrap_or(said.len()));
            said.push('…');
        }
        match number_of(self.instrument, question) {
            Some(number) => format!("{} {number} {}", self.words.question, self.quoted(&said)),
            None => self.quoted(&said),
        }
    }

    fn member(&self, of: &Expression, name: &Identifier) -> String {
        let ExpressionKind::Name(outer) = &of.kind else {
            return format!("{}: {}", self.say(of), self.quoted(&name.name));
        };
        if outer == "unit" {
            let known = self.words.unit.iter().find(|(attribute, _)| *attribute == name.name);
            return known.map_or(name.name.clone(), |(_, words)| (*words).to_owned());
        }
        if outer == "last" {
            return format!("{} {}", self.words.last, self.name(&name.name));
        }
        let Some(question) = self.instrument.question(outer) else { return name.name.clone() };
        let row = question.kind.rows().iter().find(|row| row.code.as_str() == name.name);
        let inside = || {
            let first = format!("{outer}_1_{}", name.name);
            self.instrument.question(&first).map(|inside| &inside.text)
        };
        let part = row
            .map(|row| &row.text)
            .or_else(inside)
            .or(question.option(&name.name).map(|o| &o.text));
        let part = part.map_or(name.name.clone(), |text| text.plain(self.lang));
        format!("{} {}", self.quoted(&part), self.in_question(question))
    }

    fn in_question(&self, question: &Question) -> String {
        let preposition = if self.lang == Lang::NB || self.lang == Lang::NN { "i" } else { "in" };
        format!("{preposition} {}", self.question(question))
    }

    fn call(&self, function: &Identifier, arguments: &[Argument]) -> String {
        let words = self.words;
        let first = || self.first(arguments);
        match function.name.as_str() {
            "answered" => format!("{} {}", first(), words.answered),
            "any" => self.of_rows(words.some_row, ":", arguments),
            "all" => self.of_rows(words.every_row, ":", arguments),
            "sum" => self.of_rows(words.sum, words.of, arguments),
            "count" => match arguments.first().map(|argument| &argument.value.kind) {
                Some(ExpressionKind::Name(_)) | None => {
                    format!("{} {}", words.number_chosen, first())
                }
                Some(_) => self.of_rows(words.rows_where, words.where_, arguments),
            },
            "size" => {
                let question = arguments.first().and_then(|a| self.question_in(&a.value));
                let chosen = question.is_some_and(|question| !question.kind.options().is_empty());
                format!("{} {}", if chosen { words.number_chosen } else { words.length }, first())
            }
            "date" => match arguments.first().map(|argument| &argument.value.kind) {
                Some(ExpressionKind::Text(day)) => {
                    day.parse().map_or(day.clone(), |day| day_in(self.lang, day))
                }
                Some(_) | None => first(),
            },
            "plural" => {
                let forms = arguments.iter().filter_map(|argument| match &argument.value.kind {
                    ExpressionKind::Text(form) => Some(form.as_str()),
                    _ => None,
                });
                forms.collect::<Vec<_>>().join("/")
            }
            name => format!("{name}({})", first()),
        }
    }

    /// Says what holds for rows: the grid once, then `the row` for each.
    fn of_rows(&self, which: &str, link: &str, arguments: &[Argument]) -> String {
        let Some(inner) = arguments.first().map(|argument| &argument.value) else {
            return which.to_owned();
        };
        let grid = self.grid_in(inner);
        let Some(grid) = grid else { return format!("{which}: {}", self.say(inner)) };
        let (inside, name) = (self.say(inner), self.question(grid));
        // What is said once of the grid is said of its rows directly.
        if link == ":" && inside.matches(&name).count() == 1 {
            return inside.replacen(&name, &format!("{which} {name}"), 1);
        }
        // Inside, the name of the grid stands for the row.
        let inside = inside.replace(&name, self.words.row);
        match link {
            ":" => format!("{} {which} {name}: {inside}", self.words.for_),
            _ => format!("{which} {name} {link} {inside}"),
        }
    }

    fn grid_in(&self, expression: &Expression) -> Option<&Question> {
        let own = self.question_in(expression).filter(|question| !question.kind.rows().is_empty());
        own.or_else(|| match &expression.kind {
            ExpressionKind::Unary { operand, .. } => self.grid_in(operand),
            ExpressionKind::Binary { left, right, .. } => {
                self.grid_in(left).or_else(|| self.grid_in(right))
            }
            ExpressionKind::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].iter().find_map(|part| self.grid_in(part))
            }
            ExpressionKind::Call { arguments, .. } => {
                arguments.iter().find_map(|argument| self.grid_in(&argument.value))
            }
            _ => None,
        })
    }

    fn first(&self, arguments: &[Argument]) -> String {
        arguments.first().map(|argument| self.say(&argument.value)).unwrap_or_default()
    }

    fn quoted(&self, text: &str) -> String {
        let [open, close] = self.words.quotes;
        format!("{open}{text}{close}")
    }
}

/// Whether an expression is a day by its own looks.
fn is_day(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Name(name) => name == "today",
        ExpressionKind::Call { function, .. } => function.name == "date",
        ExpressionKind::Binary {
            operator: BinaryOperator::Add | BinaryOperator::Subtract,
            left,
            right,
        } => is_day(left) != is_day(right),
        _ => false,
    }
}

fn joined(mut said: Vec<String>, word: &str) -> String {
    let Some(last) = said.pop() else { return String::new() };
    if said.is_empty() { last } else { format!("{} {word} {last}", said.join(", ")) }
}
