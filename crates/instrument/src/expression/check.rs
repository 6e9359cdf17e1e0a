//! Gives every part of an expression a type, and finds the mistakes.

use std::ops::Range;

use super::evaluate::{Comparison, Number, Place, Truth, Word};
use super::{
    Argument, BinaryOperator, Checked, Expression, ExpressionKind, Identifier, UnaryOperator,
    UnitName, UnitNames,
};
use crate::rules::{self, Rule};
use crate::spelling::suggest;
use crate::{Question, Variable};

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
    let mut checker = Checker { scope: *scope, problems: vec![] };
    let truth = checker.condition(expression);
    let checked = truth.map(Checked).filter(|_| checker.problems.is_empty());
    (checked, checker.problems)
}

/// A part of an expression, with its type.
pub(super) enum Typed<'a> {
    Truth(Truth),
    Number(Number),
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
}

pub(super) struct Checker<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    /// Checks what a whole condition, or an operand of `&&`, must be: true or false.
    fn condition(&mut self, expression: &Expression) -> Option<Truth> {
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
            Typed::Truth(_) | Typed::Word(..) => None,
        };
        self.report(rules::NOT_A_CONDITION, &expression.span, message, hint)
    }

    fn typed(&mut self, expression: &Expression) -> Option<Typed<'a>> {
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
                Truth::Compare(Comparison::Less, self.numbers(left, right, "<")?)
            }
            BinaryOperator::LessOrEqual => {
                Truth::Compare(Comparison::LessOrEqual, self.numbers(left, right, "<=")?)
            }
            BinaryOperator::Greater => {
                let numbers = self.numbers(left, right, ">")?;
                Truth::Not(Box::new(Truth::Compare(Comparison::LessOrEqual, numbers)))
            }
            BinaryOperator::GreaterOrEqual => {
                let numbers = self.numbers(left, right, ">=")?;
                Truth::Not(Box::new(Truth::Compare(Comparison::Less, numbers)))
            }
            BinaryOperator::In => self.membership(left, right)?,
            BinaryOperator::Add => return self.arithmetic(left, right, "+", Number::Add),
            BinaryOperator::Subtract => return self.arithmetic(left, right, "-", Number::Subtract),
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

    fn numbers(
        &mut self,
        left: &Expression,
        right: &Expression,
        operator: &str,
    ) -> Option<Box<(Number, Number)>> {
        let (left, right) = (self.number(left, operator), self.number(right, operator));
        Some(Box::new((left?, right?)))
    }

    fn number(&mut self, expression: &Expression, operator: &str) -> Option<Number> {
        let typed = self.typed(expression)?;
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
                Some(format!("how many were chosen is `size({})`", question.id))
            }
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
            (Typed::Number(left), Typed::Number(right)) => {
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
            (Words::Any | Words::Written(_) | Words::OptionOf(_) | Words::ValueOf(_), _) => {
                Some(())
            }
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
            Typed::Word(word, words) => {
                let list: Vec<_> = list.iter().map(|item| self.word(item, &words)).collect();
                let list = list.into_iter().collect::<Option<_>>()?;
                Some(Truth::WordIn(Box::new(word), list))
            }
            Typed::Truth(_) | Typed::Codes(..) => {
                let message = format!("{} cannot be looked for in a list", element.describe());
                let hint = match element {
                    Typed::Codes(_, question) => Some(in_hint(question)),
                    Typed::Truth(_) | Typed::Number(_) | Typed::Word(..) => None,
                };
                self.report(rules::WRONG_TYPE, element_span, message, hint)
            }
        }
    }

    fn word(&mut self, expression: &Expression, among: &Words<'a>) -> Option<Word> {
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

    fn call(
        &mut self,
        function: &Identifier,
        arguments: &[Argument],
        span: &Range<usize>,
    ) -> Option<Typed<'a>> {
        let [Argument { name: None, value }] = arguments else {
            if !FUNCTIONS.contains(&function.name.as_str()) {
                return self.unknown_function(function);
            }
            let message = format!("`{}` takes one question", function.name);
            let hint = Some(format!("for instance `{}(q)`", function.name));
            return self.report(rules::WRONG_ARGUMENTS, span, message, hint);
        };
        match function.name.as_str() {
            "answered" => self.answered(value),
            "size" => self.size(value),
            _ => self.unknown_function(function),
        }
    }

    fn answered(&mut self, question: &Expression) -> Option<Typed<'a>> {
        let place = match self.typed(question)? {
            Typed::Number(Number::Answer(place))
            | Typed::Word(Word::Answer(place), _)
            | Typed::Codes(place, _) => place,
            Typed::Truth(_) | Typed::Number(_) | Typed::Word(..) => {
                let message = "`answered` takes the name of a question".to_owned();
                return self.report(rules::WRONG_ARGUMENTS, &question.span, message, None);
            }
        };
        Some(Typed::Truth(Truth::Answered(place)))
    }

    fn size(&mut self, of: &Expression) -> Option<Typed<'a>> {
        let number = match self.typed(of)? {
            Typed::Codes(place, _) => Number::Chosen(place),
            Typed::Word(word, Words::Any) => Number::Length(Box::new(word)),
            other @ (Typed::Truth(_) | Typed::Number(_) | Typed::Word(..)) => {
                let what = other.describe();
                let message = format!(
                    "`size` counts the chosen options of a multiple choice or the \
                             characters of a text, but this is {what}"
                );
                return self.report(rules::WRONG_ARGUMENTS, &of.span, message, None);
            }
        };
        Some(Typed::Number(number))
    }

    fn unknown_function(&mut self, function: &Identifier) -> Option<Typed<'a>> {
        let message = format!("there is no function `{}` in conditions", function.name);
        let hint = match function.name.as_str() {
            "has" => Some("did you mean `answered`?".to_owned()),
            name => suggest(name, FUNCTIONS.iter().copied()),
        };
        self.report(rules::UNKNOWN_FUNCTION, &function.span, message, hint)
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

/// The functions of conditions.
const FUNCTIONS: [&str; 2] = ["answered", "size"];

impl Typed<'_> {
    fn describe(&self) -> String {
        match self {
            Typed::Truth(_) => "a condition".to_owned(),
            Typed::Number(_) => "a number".to_owned(),
            Typed::Word(_, Words::OptionOf(question)) => format!("an option of `{}`", question.id),
            Typed::Word(_, Words::Any | Words::Written(_) | Words::ValueOf(_)) => {
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
        (Typed::Truth(_) | Typed::Number(_) | Typed::Word(..), _) => None,
    }
}

fn in_hint(question: &Question) -> String {
    match question.kind.options().first() {
        Some(option) => format!("ask for an option: `\"{}\" in {}`", option.code, question.id),
        None => format!("ask for an option: `\"a\" in {}`", question.id),
    }
}

fn first_options(question: &Question) -> String {
    let codes = question.kind.options().iter().take(2);
    codes.map(|option| format!("\"{}\"", option.code)).collect::<Vec<_>>().join(", ")
}
