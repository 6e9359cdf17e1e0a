//! The small language of statistical requests: names, numbers, arithmetic and a few functions.

use std::fmt;

use thiserror::Error;

/// An arithmetic expression over named values.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// A name, of a column or an estimate.
    Name(String),
    /// The negative of an expression.
    Negative(Box<Expression>),
    /// Two expressions joined by an operator.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// A function of expressions.
    Call(String, Vec<Expression>),
}

/// The operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Sum.
    Plus,
    /// Difference.
    Minus,
    /// Product.
    Times,
    /// Quotient.
    Over,
    /// Power.
    Power,
}

impl fmt::Display for Expression {
    /// Writes the expression as R does, which names the estimates that come of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::Number(number) => write!(f, "{number}"),
            Expression::Name(name) => write!(f, "{name}"),
            Expression::Negative(inner) => write!(f, "-{}", inner.within(3)),
            Expression::Binary(operator, left, right) => {
                let binding = operator.binding();
                let (left, right) = (left.within(binding), right.within(binding + 1));
                write!(f, "{left}{}{right}", operator.sign())
            }
            Expression::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{name}({})", arguments.join(", "))
            }
        }
    }
}

impl Expression {
    /// Writes the expression, in parentheses where it binds less than its surroundings.
    fn within(&self, binding: usize) -> String {
        match self {
            Expression::Binary(operator, ..) if operator.binding() < binding => format!("({self})"),
            Expression::Number(_)
            | Expression::Name(_)
            | Expression::Negative(_)
            | Expression::Binary(..)
            | Expression::Call(..) => self.to_string(),
        }
    }
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot read `{text}` at position {position}: {problem}")]
pub struct SyntaxError {
    /// The whole text.
    pub text: String,
    /// Where it fails, in characters from 0.
    pub position: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvaluateError {
    /// A name that stands for nothing.
    #[error("there is no `{0}` here")]
    UnknownName(String),
    /// A function that the language does not have, or with other arguments than it takes.
    #[error("`{0}` is no function of one number: there are log, exp, sqrt, asin and I")]
    UnknownFunction(String),
}

/// A value and its derivatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// Its derivative by each of the basic quantities.
    pub gradient: Vec<f64>,
}

impl Expression {
    /// Reads an expression.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let characters: Vec<char> = text.chars().collect();
        let mut reader = Reader { text, characters, position: 0, depth: 0 };
        let expression = reader.sum()?;
        reader.skip_space();
        if reader.position < reader.characters.len() {
            return Err(reader.fail("an operator is missing"));
        }
        Ok(expression)
    }

    /// Returns the value, with its derivatives by the quantities that `lookup` returns.
    pub fn evaluate(&self, lookup: &dyn Fn(&str) -> Option<Dual>) -> Result<Dual, EvaluateError> {
        match self {
            Expression::Number(value) => Ok(Dual { value: *value, gradient: Vec::new() }),
            Expression::Name(name) => {
                lookup(name).ok_or_else(|| EvaluateError::UnknownName(name.clone()))
            }
            Expression::Negative(inner) => Ok(inner.evaluate(lookup)?.chain(|x| (-x, -1.0))),
            Expression::Binary(operator, left, right) => {
                Ok(operator.apply(&left.evaluate(lookup)?, &right.evaluate(lookup)?))
            }
            Expression::Call(name, arguments) => match arguments.as_slice() {
                [argument] => call(name, &argument.evaluate(lookup)?),
                _ => Err(EvaluateError::UnknownFunction(name.clone())),
            },
        }
    }

    /// Returns the names that occur, each once, in the order of the text.
    pub fn names(&self) -> Vec<&str> {
        let mut names = match self {
            Expression::Number(_) => Vec::new(),
            Expression::Name(name) => vec![name.as_str()],
            Expression::Negative(inner) => inner.names(),
            Expression::Binary(_, left, right) => [left.names(), right.names()].concat(),
            Expression::Call(_, arguments) => arguments.iter().flat_map(Self::names).collect(),
        };
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        names
    }
}

fn call(name: &str, argument: &Dual) -> Result<Dual, EvaluateError> {
    let function: fn(f64) -> (f64, f64) = match name {
        "I" => |x| (x, 1.0),
        "log" => |x| (x.ln(), 1.0 / x),
        "exp" => |x| (x.exp(), x.exp()),
        "sqrt" => |x| (x.sqrt(), 0.5 / x.sqrt()),
        "asin" => |x| (x.asin(), 1.0 / (1.0 - x * x).sqrt()),
        _ => return Err(EvaluateError::UnknownFunction(name.to_owned())),
    };
    Ok(argument.chain(function))
}

impl Dual {
    /// Applies a function that returns its value and slope.
    fn chain(&self, function: impl Fn(f64) -> (f64, f64)) -> Self {
        let (value, slope) = function(self.value);
        Self { value, gradient: self.gradient.iter().map(|d| d * slope).collect() }
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Plus => " + ",
            Operator::Minus => " - ",
            Operator::Times => " * ",
            Operator::Over => "/",
            Operator::Power => "^",
        }
    }

    fn binding(self) -> usize {
        match self {
            Operator::Plus | Operator::Minus => 1,
            Operator::Times | Operator::Over => 2,
            Operator::Power => 4,
        }
    }

    fn apply(self, left: &Dual, right: &Dual) -> Dual {
        let (a, b) = (left.value, right.value);
        let (value, by_left, by_right) = match self {
            Operator::Plus => (a + b, 1.0, 1.0),
            Operator::Minus => (a - b, 1.0, -1.0),
            Operator::Times => (a * b, b, a),
            Operator::Over => (a / b, 1.0 / b, -a / (b * b)),
            Operator::Power => (a.powf(b), b * a.powf(b - 1.0), a.powf(b) * a.ln()),
        };
        let size = left.gradient.len().max(right.gradient.len());
        // A constant has no derivatives, and its slope (a logarithm, say) need not exist.
        let part = |side: &Dual, slope: f64, i: usize| match side.gradient.get(i) {
            Some(d) if *d != 0.0 => slope * d,
            Some(_) | None => 0.0,
        };
        let gradient = (0..size).map(|i| part(left, by_left, i) + part(right, by_right, i));
        Dual { value, gradient: gradient.collect() }
    }
}

/// Reads by recursive descent; sums of products of powers.
struct Reader<'a> {
    text: &'a str,
    characters: Vec<char>,
    position: usize,
    depth: usize,
}

/// Deeper than anybody writes, and far from what the stack holds.
const DEEPEST: usize = 100;

impl Reader<'_> {
    fn sum(&mut self) -> Result<Expression, SyntaxError> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&[('+', Operator::Plus), ('-', Operator::Minus)]) {
            left = Expression::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, SyntaxError> {
        let mut left = self.signed()?;
        while let Some(operator) = self.operator(&[('*', Operator::Times), ('/', Operator::Over)]) {
            left = Expression::Binary(operator, Box::new(left), Box::new(self.signed()?));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Result<Expression, SyntaxError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fail("the expression is nested too deeply"));
        }
        let signed = self.power();
        self.depth -= 1;
        signed
    }

    fn power(&mut self) -> Result<Expression, SyntaxError> {
        if self.take('-') {
            return Ok(Expression::Negative(Box::new(self.signed()?)));
        }
        let base = self.atom()?;
        if self.take('^') {
            let exponent = Box::new(self.signed()?);
            return Ok(Expression::Binary(Operator::Power, Box::new(base), exponent));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Expression, SyntaxError> {
        self.skip_space();
        match self.characters.get(self.position) {
            Some('(') => {
                self.position += 1;
                let inner = self.sum()?;
                self.close()?;
                Ok(inner)
            }
            Some('`') => {
                self.position += 1;
                let name = self.while_matching(|c| c != '`');
                if self.take('`') {
                    Ok(Expression::Name(name))
                } else {
                    Err(self.fail("` is missing"))
                }
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_alphabetic() || *c == '.' || *c == '_' => self.name_or_call(),
            Some(_) | None => Err(self.fail("a name, a number or a parenthesis is missing")),
        }
    }

    fn number(&mut self) -> Result<Expression, SyntaxError> {
        let start = self.position;
        let mut digits = self.while_matching(|c| c.is_ascii_digit() || c == '.');
        if matches!(self.characters.get(self.position), Some('e' | 'E')) {
            digits.push('e');
            self.position += 1;
            digits += &self.while_matching(|c| c.is_ascii_digit() || c == '-' || c == '+');
        }
        match digits.parse() {
            Ok(number) => Ok(Expression::Number(number)),
            Err(_) => {
                self.position = start;
                Err(self.fail("this is no number"))
            }
        }
    }

    fn name_or_call(&mut self) -> Result<Expression, SyntaxError> {
        let name = self.while_matching(|c| c.is_alphanumeric() || c == '.' || c == '_');
        if !self.take('(') {
            return Ok(Expression::Name(name));
        }
        let mut arguments = vec![self.sum()?];
        while self.take(',') {
            arguments.push(self.sum()?);
        }
        self.close()?;
        Ok(Expression::Call(name, arguments))
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        if self.take(')') { Ok(()) } else { Err(self.fail("a closing parenthesis is missing")) }
    }

    fn operator(&mut self, operators: &[(char, Operator)]) -> Option<Operator> {
        operators.iter().find(|(sign, _)| self.take(*sign)).map(|(_, operator)| *operator)
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        let found = self.characters.get(self.position) == Some(&wanted);
        self.position += usize::from(found);
        found
    }

    fn while_matching(&mut self, matching: impl Fn(char) -> bool) -> String {
        let rest = self.characters[self.position..].iter();
        let word: String = rest.take_while(|c| matching(**c)).collect();
        self.position += word.chars().count();
        word
    }

    fn skip_space(&mut self) {
        self.while_matching(char::is_whitespace);
    }

    fn fail(&self, problem: &'static str) -> SyntaxError {
        SyntaxError { text: self.text.to_owned(), position: self.position, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evaluates with a = 2 and b = 3, and derivatives by them.
    fn value(text: &str) -> Dual {
        let lookup = |name: &str| match name {
            "a" => Some(Dual { value: 2.0, gradient: vec![1.0, 0.0] }),
            "b" | "2-b" => Some(Dual { value: 3.0, gradient: vec![0.0, 1.0] }),
            _ => None,
        };
        Expression::parse(text).expect(text).evaluate(&lookup).expect(text)
    }

    #[test]
    fn values_and_derivatives_are_those_of_school() {
        // d(a/b) = 1/b, -a/b^2; d(a^2 b) = 2ab, a^2; d log(a/b) = 1/a, -1/b; minus binds less than power.
        for (text, expected, by_a, by_b) in [
            ("a / b", 2.0 / 3.0, 1.0 / 3.0, -2.0 / 9.0),
            ("a^2 * b", 12.0, 12.0, 4.0),
            ("log(a/b)", (2.0_f64 / 3.0).ln(), 0.5, -1.0 / 3.0),
            ("-a^2 + 1", -3.0, -4.0, 0.0),
            ("1000 * (a - b) - 1e2", -1_100.0, 1_000.0, -1_000.0),
            ("`2-b` * a", 6.0, 3.0, 2.0),
        ] {
            let found = value(text);
            assert!((found.value - expected).abs() < 1e-12, "{text}: {found:?}");
            assert!((found.gradient[0] - by_a).abs() < 1e-12, "{text}: {found:?}");
            assert!((found.gradient[1] - by_b).abs() < 1e-12, "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_written_comes_back_as_r_writes_it() {
        for text in ["I(api00 - api99)", "I(log(pop))", "a * (b + c)/d", "-x^2", "f(a, b)"] {
            assert_eq!(Expression::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn errors_tell_where() {
        for (text, position, problem) in [
            ("a +", 3, "a name, a number or a parenthesis is missing"),
            ("(a", 2, "a closing parenthesis is missing"),
            ("a b", 2, "an operator is missing"),
            ("1.2.3", 0, "this is no number"),
        ] {
            let error = Expression::parse(text).expect_err(text);
            assert_eq!((error.position, error.problem), (position, problem), "{text}");
        }
        let deep = "(".repeat(100_000);
        let error = Expression::parse(&deep).expect_err("too deep");
        assert_eq!(error.problem, "the expression is nested too deeply");
    }
}
