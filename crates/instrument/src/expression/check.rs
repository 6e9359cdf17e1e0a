//! Gives every part of an expression a type, and finds the mistakes.

use std::ops::Range;

use super::evaluate::{Comparison, Number, Place, Rows, Truth, Word};
use super::{
    BinaryOperator, Checked, CheckedNumber, Expression, ExpressionKind, UnaryOperator, UnitName,
    UnitNames,
};
use crate::rules::{self, Rule};
use crate::spelling::suggest;
use crate::{Instrument, Question, Role, RoleId, Variable};

/// What an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The questions of the questionnaire, in order.
    pub questions: &'a [Question],
    /// Their variables.
    pub variables: &'a [Variable],
    /// What may follow `unit.`.
    pub unit: &'a UnitNames,
    /// Only questions with a smaller index can be looked at: those before the one whose condition
    /// it is, or those up to the one that a check belongs to.
    pub before: usize,
    /// The last round's questionnaire, for `last.q`.
    pub last: Option<&'a Instrument>,
    /// The roles of the survey, and the one that answers where the expression stands.
    pub roles: &'a [Role],
    /// The role that answers; `None` where the expression stands for all of them.
    pub role: Option<&'a RoleId>,
    /// Whether `today` and the last round may be looked at. The path may not: it follows from the
    /// unit and its answers alone, so that it is the same whenever and wherever it is computed.
    pub beyond: bool,
    /// The list and the row in which the expression stands, whose questions it names as they are
    /// called there.
    pub row: Option<(usize, usize)>,
}

impl<'a> Scope<'a> {
    /// Returns the scope of a questionnaire that is looked at as a whole: every question, no round
    /// before it, no role and no day.
    pub fn of(questions: &'a [Question], variables: &'a [Variable], unit: &'a UnitNames) -> Self {
        let before = questions.len();
        let (last, roles, role, beyond, row) = (None, &[][..], None, false, None);
        Scope { questions, variables, unit, before, last, roles, role, beyond, row }
    }

    /// Returns the same as it is from the row of a question.
    #[must_use]
    pub fn in_row_of(self, question: &Question) -> Self {
        Scope { row: question.row.as_ref().map(|of| (of.repeat, of.row)), ..self }
    }
}

/// One mistake in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// Its place in the expression's source, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Checks a condition. Returns it where there is no problem.
pub fn check(expression: &Expression, scope: &Scope<'_>) -> (Option<Checked>, Vec<Problem>) {
    let mut checker = Checker::new(scope);
    let truth = checker.condition(expression);
    let checked = truth.map(Checked).filter(|_| checker.problems.is_empty());
    (checked, checker.problems)
}

/// Checks an expression that is to be a number. Returns it where there is no problem.
pub fn check_number(
    expression: &Expression,
    scope: &Scope<'_>,
) -> (Option<CheckedNumber>, Vec<Problem>) {
    let mut checker = Checker::new(scope);
    let number = checker.number(expression, "total");
    let checked = number.map(CheckedNumber).filter(|_| checker.problems.is_empty());
    (checked, checker.problems)
}

/// A part of an expression, with its type.
pub(super) enum Typed<'a> {
    Truth(Truth),
    Number(Number),
    /// A day, as a number of days.
    Day(Number),
    Word(Word, Words<'a>),
    /// The options that were chosen of a multiple choice.
    Codes(Place, &'a Question),
}

/// Which words a text can be.
#[derive(Clone)]
pub(super) enum Words<'a> {
    Any,
    Written(String),
    OptionOf(&'a Question),
    ValueOf(&'a UnitName),
    Role(&'a [Role]),
}

pub(super) struct Checker<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) problems: Vec<Problem>,
    /// The rows that a function goes through, while what is inside its brackets is read.
    pub(super) rows: Option<Rows>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(scope: &Scope<'a>) -> Checker<'a> {
        Checker { scope: *scope, problems: vec![], rows: None }
    }

    /// Checks what a whole condition, or an operand of `&&`, must be: true or false.
    pub(super) fn condition(&mut self, expression: &Expression) -> Option<Truth> {
        let typed = self.typed(expression)?;
        if let Typed::Truth(truth) = typed {
            return Some(truth);
        }
        let message = format!("a condition is needed, but this is {}", typed.describe());
        let hint = match &typed {
            Typed::Word(_, Words::OptionOf(question)) => question
                .kind
                .options()
                .first()
                .map(|option| format!("compare it: `{} == \"{}\"`", question.id, option.code)),
            Typed::Codes(_, question) => Some(in_hint(question)),
            Typed::Number(_) => Some("compare it with a number: `> 0`".to_owned()),
            Typed::Day(_) => Some("compare it with a day: `>= date(\"2025-01-01\")`".to_owned()),
            Typed::Truth(_) | Typed::Word(..) => None,
        };
        self.report(rules::NOT_A_CONDITION, &expression.span, message, hint)
    }

    pub(super) fn typed(&mut self, expression: &Expression) -> Option<Typed<'a>> {
        let span = &expression.span;
        Some(match &expression.kind {
            ExpressionKind::Bool(value) => Typed::Truth(Truth::Constant(*value)),
            ExpressionKind::Integer(number) => Typed::Number(Number::Constant(*number as f64)),
            ExpressionKind::Decimal(number) => Typed::Number(Number::Constant(*number)),
            ExpressionKind::Text(text) => {
                Typed::Word(Word::Constant(text.as_str().into()), Words::Written(text.clone()))
            }
            ExpressionKind::List(_) => {
                let hint = Some("for instance `q in [\"a\", \"b\"]`".to_owned());
                let message = "a list can only stand after `in`".to_owned();
                return self.report(rules::WRONG_TYPE, span, message, hint);
            }
            ExpressionKind::Name(name) => return self.name(name, span),
            ExpressionKind::Member { of, name } => return self.member(of, name, span),
            ExpressionKind::Call { function, arguments } => {
                return self.call(function, arguments, span);
            }
            ExpressionKind::Unary { operator, operand } => match operator {
                UnaryOperator::Not => Typed::Truth(Truth::Not(Box::new(self.condition(operand)?))),
                UnaryOperator::Negate => {
                    Typed::Number(Number::Negate(Box::new(self.number(operand, "-")?)))
                }
            },
            ExpressionKind::Binary { operator, left, right } => {
                return self.binary(*operator, left, right, span);
            }
            ExpressionKind::Conditional { condition, then, otherwise } => {
                return self.conditional(condition, then, otherwise, span);
            }
        })
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let truth = match operator {
            BinaryOperator::Or => Truth::Or(self.conditions(left, right)?),
            BinaryOperator::And => Truth::And(self.conditions(left, right)?),
            BinaryOperator::Equal => self.equal(left, right, span)?,
            BinaryOperator::NotEqual => Truth::Not(Box::new(self.equal(left, right, span)?)),
            BinaryOperator::Less => {
                Truth::Compare(Comparison::Less, self.ordered(left, right, "<")?)
            }
            BinaryOperator::LessOrEqual => {
                Truth::Compare(Comparison::LessOrEqual, self.ordered(left, right, "<=")?)
            }
            BinaryOperator::Greater => {
                let numbers = self.ordered(left, right, ">")?;
                Truth::Not(Box::new(Truth::Compare(Comparison::LessOrEqual, numbers)))
            }
            BinaryOperator::GreaterOrEqual => {
                let numbers = self.ordered(left, right, ">=")?;
                Truth::Not(Box::new(Truth::Compare(Comparison::Less, numbers)))
            }
            BinaryOperator::In => self.membership(left, right)?,
            BinaryOperator::Add => return self.add(left, right),
            BinaryOperator::Subtract => return self.subtract(left, right),
            BinaryOperator::Multiply => return self.arithmetic(left, right, "*", Number::Multiply),
            BinaryOperator::Divide => return self.arithmetic(left, right, "/", Number::Divide),
        };
        Some(Typed::Truth(truth))
    }

    fn conditions(&mut self, left: &Expression, right: &Expression) -> Option<Box<(Truth, Truth)>> {
        let (left, right) = (self.condition(left), self.condition(right));
        Some(Box::new((left?, right?)))
    }

    fn arithmetic(
        &mut self,
        left: &Expression,
        right: &Expression,
        operator: &str,
        make: impl FnOnce(Box<(Number, Number)>) -> Number,
    ) -> Option<Typed<'a>> {
        self.numbers(left, right, operator).map(|pair| Typed::Number(make(pair)))
    }

    /// A day and a number of days make a day.
    fn add(&mut self, left: &Expression, right: &Expression) -> Option<Typed<'a>> {
        let left_typed = self.typed(left);
        if let Some(Typed::Day(day)) = left_typed {
            let days = self.number(right, "+")?;
            return Some(Typed::Day(Number::Add(Box::new((day, days)))));
        }
        let left = left_typed.and_then(|typed| self.as_number(typed, left, "+"));
        let right = self.number(right, "+");
        Some(Typed::Number(Number::Add(Box::new((left?, right?)))))
    }

    /// Between two days lies a number of days.
    fn subtract(&mut self, left: &Expression, right: &Expression) -> Option<Typed<'a>> {
        match (self.typed(left), self.typed(right)) {
            (Some(Typed::Day(day)), Some(Typed::Day(other))) => {
                Some(Typed::Number(Number::Subtract(Box::new((day, other)))))
            }
            (Some(Typed::Day(day)), Some(other)) => {
                let days = self.as_number(other, right, "-")?;
                Some(Typed::Day(Number::Subtract(Box::new((day, days)))))
            }
            (one, other) => {
                let pair = self.two_numbers((one, left), (other, right), "-")?;
                Some(Typed::Number(Number::Subtract(pair)))
            }
        }
    }

    /// Two numbers or two days.
    fn ordered(
        &mut self,
        left: &Expression,
        right: &Expression,
        operator: &str,
    ) -> Option<Box<(Number, Number)>> {
        match (self.typed(left), self.typed(right)) {
            (Some(Typed::Day(day)), Some(Typed::Day(other))) => Some(Box::new((day, other))),
            (Some(Typed::Day(_)), Some(other)) => self.not_a_day(&other, &right.span),
            (Some(other), Some(Typed::Day(_))) => self.not_a_day(&other, &left.span),
            // What is wrong with the other side has been told.
            (Some(Typed::Day(_)), None) | (None, Some(Typed::Day(_))) => None,
            (one, other) => self.two_numbers((one, left), (other, right), operator),
        }
    }

    fn two_numbers(
        &mut self,
        (left, left_expression): (Option<Typed<'a>>, &Expression),
        (right, right_expression): (Option<Typed<'a>>, &Expression),
        operator: &str,
    ) -> Option<Box<(Number, Number)>> {
        let left = left.and_then(|typed| self.as_number(typed, left_expression, operator));
        let right = right.and_then(|typed| self.as_number(typed, right_expression, operator));
        Some(Box::new((left?, right?)))
    }

    fn day(&mut self, expression: &Expression) -> Option<Number> {
        match self.typed(expression)? {
            Typed::Day(day) => Some(day),
            other => self.not_a_day(&other, &expression.span),
        }
    }

    fn not_a_day<T>(&mut self, found: &Typed<'a>, span: &Range<usize>) -> Option<T> {
        let message = format!("a day is compared with a day, but this is {}", found.describe());
        let hint = Some("a day is written `date(\"2025-01-31\")`".to_owned());
        self.report(rules::WRONG_TYPE, span, message, hint)
    }

    fn numbers(
        &mut self,
        left: &Expression,
        right: &Expression,
        operator: &str,
    ) -> Option<Box<(Number, Number)>> {
        let (left, right) = (self.number(left, operator), self.number(right, operator));
        Some(Box::new((left?, right?)))
    }

    pub(super) fn number(&mut self, expression: &Expression, operator: &str) -> Option<Number> {
        let typed = self.typed(expression)?;
        self.as_number(typed, expression, operator)
    }

    fn as_number(
        &mut self,
        typed: Typed<'a>,
        expression: &Expression,
        operator: &str,
    ) -> Option<Number> {
        if let Typed::Number(number) = typed {
            return Some(number);
        }
        let message = format!("`{operator}` works on numbers, but this is {}", typed.describe());
        let hint = match typed {
            Typed::Word(_, Words::OptionOf(question)) => Some(format!(
                "options have no order; name those that are meant: `{} in [{}]`",
                question.id,
                first_options(question),
            )),
            Typed::Codes(_, question) => {
                Some(format!("how many were chosen is `size({})`", chosen_of(question)))
            }
            Typed::Day(_) => Some("the days between two are `day - other`".to_owned()),
            Typed::Truth(_) | Typed::Number(_) | Typed::Word(..) => None,
        };
        self.report(rules::WRONG_TYPE, &expression.span, message, hint)
    }

    fn equal(
        &mut self,
        left: &Expression,
        right: &Expression,
        span: &Range<usize>,
    ) -> Option<Truth> {
        let (left_typed, right_typed) = (self.typed(left), self.typed(right));
        Some(match (left_typed?, right_typed?) {
            (Typed::Truth(left), Typed::Truth(right)) => Truth::Same(Box::new((left, right))),
            (Typed::Number(left), Typed::Number(right)) | (Typed::Day(left), Typed::Day(right)) => {
                Truth::Compare(Comparison::Equal, Box::new((left, right)))
            }
            (Typed::Word(left_word, left_words), Typed::Word(right_word, right_words)) => {
                self.can_be(&left_words, &right_words, &right.span)?;
                self.can_be(&right_words, &left_words, &left.span)?;
                Truth::SameWord(Box::new((left_word, right_word)))
            }
            (left, right) => {
                let (what, other) = (left.describe(), right.describe());
                let message = format!("{what} cannot be compared with {other}");
                let hint = comparison_hint(&left, &right);
                return self.report(rules::WRONG_TYPE, span, message, hint);
            }
        })
    }

    /// Checks that a text can be one of `words`: a written one must be, an option of another
    /// question may be where they have an option in common.
    fn can_be(&mut self, words: &Words<'a>, text: &Words<'a>, span: &Range<usize>) -> Option<()> {
        match (words, text) {
            (Words::OptionOf(question), Words::Written(text)) => {
                if question.option(text).is_some() {
                    return Some(());
                }
                let codes = question.kind.options().iter().map(|option| option.code.as_str());
                let message = format!("`{}` has no option \"{text}\"", question.id);
                self.report(rules::UNKNOWN_OPTION, span, message, suggest(text, codes))
            }
            (Words::ValueOf(name), Words::Written(text)) => {
                let values = name.values.iter().copied();
                if name.values.is_empty() || name.values.contains(&text.as_str()) {
                    return Some(());
                }
                let message = format!("`unit.{}` is never \"{text}\"", name.name);
                self.report(rules::UNKNOWN_OPTION, span, message, suggest(text, values))
            }
            (Words::OptionOf(one), Words::OptionOf(other)) => {
                let mut codes = one.kind.options().iter().map(|option| option.code.as_str());
                if codes.any(|code| other.option(code).is_some()) {
                    return Some(());
                }
                let message = format!("`{}` and `{}` have no option in common", one.id, other.id);
                self.report(rules::UNKNOWN_OPTION, span, message, None)
            }
            (Words::Role(roles), Words::Written(text)) => {
                let names = roles.iter().map(|role| role.id.as_str());
                if names.clone().any(|name| name == text) {
                    return Some(());
                }
                let message = format!("the survey has no role `{text}`");
                self.report(rules::UNKNOWN_OPTION, span, message, suggest(text, names))
            }
            (
                Words::Any
                | Words::Written(_)
                | Words::OptionOf(_)
                | Words::ValueOf(_)
                | Words::Role(_),
                _,
            ) => Some(()),
        }
    }

    fn membership(&mut self, left: &Expression, right: &Expression) -> Option<Truth> {
        let element = self.typed(left);
        if let ExpressionKind::List(list) = &right.kind {
            return self.in_list(element?, &left.span, list, &right.span);
        }
        let list = self.typed(right)?;
        match (element?, list) {
            (Typed::Word(word, words), Typed::Codes(place, question)) => {
                self.can_be(&Words::OptionOf(question), &words, &left.span)?;
                Some(Truth::Chosen(Box::new(word), place))
            }
            (element, Typed::Codes(_, question)) => {
                let message =
                    format!("{} is not an option of `{}`", element.describe(), question.id);
                let hint = Some(in_hint(question));
                self.report(rules::WRONG_TYPE, &left.span, message, hint)
            }
            (_, other) => {
                let what = other.describe();
                let message = format!("`in` needs a list or a multiple choice, but this is {what}");
                let hint = matches!(other, Typed::Word(..))
                    .then(|| "one value is compared with `==`".to_owned());
                self.report(rules::WRONG_TYPE, &right.span, message, hint)
            }
        }
    }

    fn in_list(
        &mut self,
        element: Typed<'a>,
        element_span: &Range<usize>,
        list: &[Expression],
        list_span: &Range<usize>,
    ) -> Option<Truth> {
        if list.is_empty() {
            let message = "the list is empty, so that nothing is in it".to_owned();
            return self.report(rules::WRONG_TYPE, list_span, message, None);
        }
        match element {
            Typed::Number(number) => {
                let list: Vec<_> = list.iter().map(|item| self.number(item, "in")).collect();
                let list = list.into_iter().collect::<Option<_>>()?;
                Some(Truth::NumberIn(Box::new(number), list))
            }
            Typed::Day(day) => {
                let list: Vec<_> = list.iter().map(|item| self.day(item)).collect();
                let list = list.into_iter().collect::<Option<_>>()?;
                Some(Truth::NumberIn(Box::new(day), list))
            }
            Typed::Word(word, words) => {
                let list: Vec<_> = list.iter().map(|item| self.word(item, &words)).collect();
                let list = list.into_iter().collect::<Option<_>>()?;
                Some(Truth::WordIn(Box::new(word), list))
            }
            Typed::Truth(_) | Typed::Codes(..) => {
                let message = format!("{} cannot be looked for in a list", element.describe());
                let hint = match element {
                    Typed::Codes(_, question) => Some(in_hint(question)),
                    Typed::Truth(_) | Typed::Number(_) | Typed::Day(_) | Typed::Word(..) => None,
                };
                self.report(rules::WRONG_TYPE, element_span, message, hint)
            }
        }
    }

    pub(super) fn word(&mut self, expression: &Expression, among: &Words<'a>) -> Option<Word> {
        match self.typed(expression)? {
            Typed::Word(word, words) => {
                self.can_be(among, &words, &expression.span)?;
                Some(word)
            }
            other => {
                let message = format!("a text is needed, but this is {}", other.describe());
                let hint = Some("texts and codes stand in quotes".to_owned());
                self.report(rules::WRONG_TYPE, &expression.span, message, hint)
            }
        }
    }

    fn conditional(
        &mut self,
        condition: &Expression,
        then: &Expression,
        otherwise: &Expression,
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let condition = self.condition(condition);
        let (then, otherwise) = (self.typed(then), self.typed(otherwise));
        let condition = condition?;
        Some(match (then?, otherwise?) {
            (Typed::Truth(then), Typed::Truth(otherwise)) => {
                Typed::Truth(Truth::If(Box::new((condition, then, otherwise))))
            }
            (Typed::Number(then), Typed::Number(otherwise)) => {
                Typed::Number(Number::If(Box::new((condition, then, otherwise))))
            }
            (Typed::Day(then), Typed::Day(otherwise)) => {
                Typed::Day(Number::If(Box::new((condition, then, otherwise))))
            }
            (Typed::Word(then, _), Typed::Word(otherwise, _)) => {
                Typed::Word(Word::If(Box::new((condition, then, otherwise))), Words::Any)
            }
            (then, otherwise) => {
                let (what, other) = (then.describe(), otherwise.describe());
                let message = format!("`? :` gives {what} or {other}; both must be of one kind");
                return self.report(rules::WRONG_TYPE, span, message, None);
            }
        })
    }

    pub(super) fn report<T>(
        &mut self,
        rule: &'static Rule,
        span: &Range<usize>,
        message: String,
        hint: Option<String>,
    ) -> Option<T> {
        self.problems.push(Problem { rule, span: span.clone(), message, hint });
        None
    }
}

impl Typed<'_> {
    pub(super) fn describe(&self) -> String {
        match self {
            Typed::Truth(_) => "a condition".to_owned(),
            Typed::Number(_) => "a number".to_owned(),
            Typed::Day(_) => "a day".to_owned(),
            Typed::Word(_, Words::OptionOf(question)) => format!("an option of `{}`", question.id),
            Typed::Word(_, Words::Any | Words::Written(_) | Words::ValueOf(_) | Words::Role(_)) => {
                "a text".to_owned()
            }
            Typed::Codes(_, question) => format!("the chosen options of `{}`", question.id),
        }
    }
}

fn comparison_hint(left: &Typed<'_>, right: &Typed<'_>) -> Option<String> {
    match (left, right) {
        (Typed::Codes(_, question), _) | (_, Typed::Codes(_, question)) => Some(in_hint(question)),
        (Typed::Word(..), Typed::Number(_)) | (Typed::Number(_), Typed::Word(..)) => {
            Some("texts and codes stand in quotes, numbers do not".to_owned())
        }
        (Typed::Day(_), _) | (_, Typed::Day(_)) => {
            Some("a day is written `date(\"2025-01-31\")`".to_owned())
        }
        (Typed::Truth(_) | Typed::Number(_) | Typed::Word(..), _) => None,
    }
}

fn in_hint(question: &Question) -> String {
    let option = question.kind.options().first().map_or("a", |option| option.code.as_str());
    format!("ask for an option: `\"{option}\" in {}`", chosen_of(question))
}

/// What the chosen options stand behind: the question or, for instance, its first row.
fn chosen_of(question: &Question) -> String {
    match question.kind.rows().first() {
        Some(row) => format!("{}.{}", question.id, row.code),
        None => question.id.to_string(),
    }
}

fn first_options(question: &Question) -> String {
    let codes = question.kind.options().iter().take(2);
    codes.map(|option| format!("\"{}\"", option.code)).collect::<Vec<_>>().join(", ")
}
