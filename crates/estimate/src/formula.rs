//! Model formulas, `response ~ term + term`, and the matrices they stand for.

use thiserror::Error;

use crate::columns::{Column, Columns, Levels};
use crate::expression::{Dual, EvaluateError, Expression, Operator, SyntaxError};

/// A model formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// What is explained, unless the formula has nothing before the tilde.
    pub response: Option<Expression>,
    /// What explains it.
    pub terms: Vec<Expression>,
    /// Whether there is a constant term.
    pub intercept: bool,
}

/// Why a formula cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FormulaError {
    /// It cannot be read.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It cannot be computed from the columns at hand.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// A number is needed and there are categories.
    #[error("`{0}` holds categories where numbers are needed")]
    Categories(String),
    /// A formula without the tilde.
    #[error("`{0}` is no formula: the tilde `~` is missing")]
    NoTilde(String),
}

/// The columns a formula stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelMatrix {
    /// The names of the columns.
    pub names: Vec<String>,
    /// The columns; what is missing is NaN.
    pub columns: Vec<Vec<f64>>,
    /// For each column, the place of its term; the constant term has none.
    pub terms: Vec<Option<usize>>,
}

impl Formula {
    /// Reads a formula.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let Some((left, right)) = text.split_once('~') else {
            return Err(FormulaError::NoTilde(text.to_owned()));
        };
        let response = match left.trim() {
            "" => None,
            left => Some(Expression::parse(left)?),
        };
        let mut formula = Self { response, terms: Vec::new(), intercept: true };
        formula.add(Expression::parse(right)?, true);
        Ok(formula)
    }

    fn add(&mut self, expression: Expression, plus: bool) {
        match expression {
            Expression::Binary(Operator::Plus, left, right) => {
                self.add(*left, plus);
                self.add(*right, plus);
            }
            Expression::Binary(Operator::Minus, left, right) => {
                self.add(*left, plus);
                self.add(*right, !plus);
            }
            Expression::Number(number) => self.intercept = (number != 0.0) == plus,
            Expression::Negative(inner) => self.add(*inner, !plus),
            term @ (Expression::Name(_) | Expression::Call(..) | Expression::Binary(..)) => {
                match plus {
                    true => self.terms.push(term),
                    false => self.terms.retain(|other| *other != term),
                }
            }
        }
    }

    /// Returns the matrix of the explaining terms; only levels that occur inside the mask count.
    pub fn matrix(&self, data: &Columns, inside: &[bool]) -> Result<ModelMatrix, FormulaError> {
        let mut matrix = ModelMatrix { names: Vec::new(), columns: Vec::new(), terms: Vec::new() };
        if self.intercept {
            matrix.push("(Intercept)".to_owned(), vec![1.0; data.rows()], None);
        }
        let mut reference_needed = self.intercept;
        for (place, term) in self.terms.iter().enumerate() {
            match column(term, data)? {
                Column::Numbers(numbers) => matrix.push(term.to_string(), numbers, Some(place)),
                Column::Levels(levels) => {
                    let levels = levels.used(inside);
                    let skipped = usize::from(reference_needed);
                    reference_needed = true;
                    let columns = levels.names.iter().zip(levels.indicators()).skip(skipped);
                    for (name, column) in columns {
                        matrix.push(format!("{term}{name}"), column, Some(place));
                    }
                }
            }
        }
        Ok(matrix)
    }
}

impl ModelMatrix {
    fn push(&mut self, name: String, column: Vec<f64>, term: Option<usize>) {
        self.names.push(name);
        self.columns.push(column);
        self.terms.push(term);
    }
}

/// Returns what a term stands for: a column, `factor(x)`, `interaction(a, b)` or arithmetic.
pub fn column(term: &Expression, data: &Columns) -> Result<Column, FormulaError> {
    match term {
        Expression::Name(name) => {
            let unknown = || EvaluateError::UnknownName(name.clone());
            Ok(data.get(name).ok_or_else(unknown)?.clone())
        }
        Expression::Call(function, arguments) if function == "factor" && arguments.len() == 1 => {
            let levels = column(&arguments[0], data)?.levels();
            let everywhere = vec![true; data.rows()];
            Ok(Column::Levels(levels.used(&everywhere)))
        }
        Expression::Call(function, arguments) if function == "interaction" => {
            let columns = arguments.iter().map(|argument| Ok(column(argument, data)?.levels()));
            let columns = columns.collect::<Result<Vec<Levels>, FormulaError>>()?;
            Ok(Column::Levels(Levels::crossed(&columns, ".")))
        }
        Expression::Number(_)
        | Expression::Negative(_)
        | Expression::Binary(..)
        | Expression::Call(..) => Ok(Column::Numbers(numbers(term, data)?)),
    }
}

/// Returns the value of an expression in every row.
pub fn numbers(expression: &Expression, data: &Columns) -> Result<Vec<f64>, FormulaError> {
    for name in expression.names() {
        if let Some(Column::Levels(_)) = data.get(name) {
            return Err(FormulaError::Categories(name.to_owned()));
        }
    }
    let value = |row: usize| {
        let lookup = |name: &str| match data.get(name)? {
            Column::Numbers(numbers) => Some(Dual { value: numbers[row], gradient: Vec::new() }),
            Column::Levels(_) => None,
        };
        Ok(expression.evaluate(&lookup)?.value)
    };
    (0..data.rows()).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Columns {
        let mut data = Columns::new(4);
        data.insert("x", Column::Numbers(vec![1.0, 2.0, f64::NAN, 4.0]));
        let size = [Some("S"), Some("L"), None, Some("S")];
        let names = ["S", "M", "L"].map(str::to_owned).to_vec();
        data.insert("size", Column::Levels(Levels::with_names(names, &size)));
        data
    }

    #[test]
    fn categories_get_a_column_for_every_level_but_the_first() {
        for (text, expected) in [
            ("y ~ x + size", vec!["(Intercept)", "x", "sizeL"]),
            ("~ size - 1", vec!["sizeS", "sizeL"]),
            ("~ 0 + size + factor(x)", vec!["sizeS", "sizeL", "factor(x)2", "factor(x)4"]),
            ("~ I(x - 1) + log(x)", vec!["(Intercept)", "I(x - 1)", "log(x)"]),
            ("y ~ 0", vec![]),
        ] {
            let formula = Formula::parse(text).expect(text);
            let matrix = formula.matrix(&data(), &[true; 4]).expect(text);
            assert_eq!(matrix.names, expected, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_missing_in_the_matrix() {
        let formula = Formula::parse("~ x + size").expect("a formula");
        let matrix = formula.matrix(&data(), &[true; 4]).expect("columns");
        assert!(matrix.columns[1][2].is_nan() && matrix.columns[2][2].is_nan());
        assert_eq!(matrix.columns[2][1], 1.0);
    }

    #[test]
    fn unknown_names_and_categories_as_numbers_are_refused_by_name() {
        let error = |text: &str| {
            let formula = Formula::parse(text).expect(text);
            formula.matrix(&data(), &[true; 4]).expect_err(text).to_string()
        };
        assert_eq!(error("~ x + sice"), "there is no `sice` here");
        assert_eq!(error("~ log(size)"), "`size` holds categories where numbers are needed");
        assert!(matches!(Formula::parse("x + y"), Err(FormulaError::NoTilde(_))));
    }
}
