//! Claims: one published statement, tested alone over the frozen data.
//!
//! A claim compares a figure with a value: `share("q", "ja") == 65 percent`, `mean("q") < 10`, or
//! `change("q", "ja", since: 2021) == up`. The figure is the one that a report would state: the
//! published estimator, the same base, the same limits of disclosure.

use std::ops::Range;

use estimate::Verdict;
use instrument::Diagnostic;
use instrument::expression::{BinaryOperator, Expression, ExpressionKind, parse};

use super::Problem;
use super::arguments::{Call, bind};
use super::evaluate::problem;
use super::function::Function;
use crate::figures::{ChangeFigure, Figure, FigureError, Figures, Measure};
use crate::site::RoundInput;

/// What a claim is called where a diagnostic points into it.
pub const CLAIM: &str = "claim";

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct TestedClaim {
    /// Whether it holds.
    pub holds: bool,
    /// What the data say.
    pub value: ClaimedValue,
    /// How many units the figure is taken of.
    pub base: usize,
    /// The 95 percent interval of the figure; of the difference for a change. A count has none.
    pub interval: Option<(f64, f64)>,
}

/// What the data say of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClaimedValue {
    /// A number.
    Number {
        /// The figure, not rounded.
        value: f64,
        /// Whether it is in percent.
        percent: bool,
        /// The figure with as many decimals as the claim, which `==` and `!=` compare. The other
        /// comparisons take the figure as it is: 64.6 is not 65 or more.
        rounded: Option<Rounded>,
    },
    /// A change since another round.
    Change {
        /// What can be said.
        verdict: Verdict,
        /// The share in the round before, in percent.
        before: f64,
        /// The share in this round.
        after: f64,
        /// The difference in percentage points.
        difference: f64,
    },
}

/// A figure with as many decimals as a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounded {
    /// The figure.
    pub value: f64,
    /// How many decimals it has.
    pub decimals: usize,
}

/// Tests a claim over the data of a round. Errs where it is no claim, or where the figure that it
/// speaks of does not exist or may not be published; the diagnostic points into the claim.
pub fn verify(round: &RoundInput<'_>, claim: &str) -> Result<TestedClaim, Box<Diagnostic>> {
    let told = |problem: Problem| Box::new(problem.in_file(CLAIM));
    let figures = Figures::new(round.plan, round.data, round.previous.as_ref(), &round.known)
        .map_err(|error| told(Problem::figure(&error, 0..claim.len())))?;
    test(claim, &figures).map_err(told)
}

/// How a claim compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Tests a claim over figures.
pub(super) fn test(claim: &str, figures: &Figures<'_>) -> Result<TestedClaim, Problem> {
    let (comparison, percent) = split_unit(claim);
    let expression = parse(comparison).map_err(|error| Problem {
        code: "RR0103",
        span: error.span,
        message: error.message,
        hint: error.hint.map(str::to_owned),
    })?;
    let (left, relation, right) = parts(&expression)?;
    let call = bind(left)?;
    if call.function == Function::Change {
        return test_change(&call, relation, right, figures);
    }
    if call.function == Function::Compare {
        return test_contrast(&call, relation, right, figures);
    }
    let tested = Tested::of(&call, figures)?;
    if let Some(unit) = percent.filter(|_| !tested.percent) {
        let message = format!("`{}` is no percentage", call.function.definition().name);
        return Err(Problem::new("RR0803", unit, message).hint("leave out `percent`"));
    }
    if let ExpressionKind::Call { .. } = right.kind {
        let other = Tested::of(&bind(right)?, figures)?;
        return Ok(tested.compare_with(relation, &other));
    }
    Ok(tested.compare(relation, &Claimed::read(comparison, right)?))
}

/// Returns which way a claim says that a share went, where it is about change: "== up" is up.
pub(super) fn direction(claim: &str) -> Option<Verdict> {
    let expression = parse(claim).ok()?;
    let (_, relation, right) = parts(&expression).ok()?;
    match &right.kind {
        ExpressionKind::Name(word) if relation == Relation::Equal => verdict(word),
        _ => None,
    }
}

/// What a claim speaks of.
pub(super) enum Subject {
    /// A figure.
    Figure(Box<Figure>),
    /// A change.
    Change(Box<ChangeFigure>),
}

/// Returns what a claim speaks of, where it is a share or a change.
pub(super) fn subject(claim: &str, figures: &Figures<'_>) -> Option<Subject> {
    let expression = parse(split_unit(claim).0).ok()?;
    let call = bind(parts(&expression).ok()?.0).ok()?;
    let (variable, codes) = (call.text("variable").ok()?, call.codes("options").ok()?);
    match call.function {
        Function::Share => share(&call, figures).ok().map(Box::new).map(Subject::Figure),
        Function::Number => {
            figures.share(&variable, &codes).ok().map(Box::new).map(Subject::Figure)
        }
        Function::Change => {
            let change = figures.change(&variable, &codes, call.round("since").ok()?);
            change.ok().map(Box::new).map(Subject::Change)
        }
        Function::Count
        | Function::Portion
        | Function::Net
        | Function::Compare
        | Function::Top
        | Function::Most
        | Function::Place
        | Function::Mean
        | Function::Median
        | Function::ResponseRate
        | Function::Answered
        | Function::Invited
        | Function::Base
        | Function::Label
        | Function::Option
        | Function::Round
        | Function::PreviousRound
        | Function::Fact
        | Function::Word
        | Function::Quote
        | Function::Draw(_) => None,
    }
}

/// Returns the share that a call speaks of: of the whole country, or of a group of units.
fn share(call: &Call<'_>, figures: &Figures<'_>) -> Result<Figure, Problem> {
    let (variable, codes) = (call.text("variable")?, call.codes("options")?);
    let share = match call.optional_group("where")? {
        Some(group) => figures.share_in(&variable, &codes, &group),
        None => figures.share(&variable, &codes),
    };
    share.map_err(|error| problem(call, &error))
}

impl TestedClaim {
    /// Says in a few words what the data say.
    pub(super) fn told(&self) -> String {
        match self.value {
            ClaimedValue::Number { value, percent, .. } => {
                let unit = if percent { " percent" } else { "" };
                format!("it is {value:.1}{unit}")
            }
            ClaimedValue::Change { verdict, before, after, .. } => {
                let word = match verdict {
                    Verdict::Up => "up",
                    Verdict::Down => "down",
                    Verdict::Same => "same",
                    Verdict::Unclear => "unclear",
                };
                format!("it went from {before:.1} to {after:.1} percent, which is `{word}`")
            }
        }
    }
}

/// Parts the word for percent from the end of a claim.
fn split_unit(claim: &str) -> (&str, Option<Range<usize>>) {
    let trimmed = claim.trim_end();
    for word in ["percent", "prosent", "%"] {
        if let Some(rest) = trimmed.strip_suffix(word)
            && rest.trim_end().ends_with(|sign: char| sign.is_ascii_digit())
        {
            return (rest, Some(rest.len()..trimmed.len()));
        }
    }
    (trimmed, None)
}

fn parts(expression: &Expression) -> Result<(&Expression, Relation, &Expression), Problem> {
    let no_claim = || {
        Problem::new("RR0801", expression.span.clone(), "a claim compares a figure with a value")
            .hint("for instance `share('question', 'option') == 65 percent`")
    };
    let ExpressionKind::Binary { operator, left, right } = &expression.kind else {
        return Err(no_claim());
    };
    let relation = match operator {
        BinaryOperator::Equal => Relation::Equal,
        BinaryOperator::NotEqual => Relation::NotEqual,
        BinaryOperator::Less => Relation::Less,
        BinaryOperator::LessOrEqual => Relation::LessOrEqual,
        BinaryOperator::Greater => Relation::Greater,
        BinaryOperator::GreaterOrEqual => Relation::GreaterOrEqual,
        BinaryOperator::Or
        | BinaryOperator::And
        | BinaryOperator::In
        | BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide => return Err(no_claim()),
    };
    Ok((left, relation, right))
}

/// The number that a claim states.
struct Claimed {
    number: f64,
    decimals: usize,
}

impl Claimed {
    fn read(source: &str, right: &Expression) -> Result<Claimed, Problem> {
        let number = if let ExpressionKind::Integer(number) = right.kind {
            number as f64
        } else if let ExpressionKind::Decimal(number) = right.kind {
            number
        } else {
            let message = "the figure is a number, and so is what it is compared with";
            return Err(Problem::new("RR0804", right.span.clone(), message)
                .hint("write it with a decimal point, for instance `65 percent` or `9.4`"));
        };
        let written = &source[right.span.clone()];
        let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        Ok(Claimed { number, decimals })
    }
}

/// A figure that a claim speaks of.
struct Tested {
    value: f64,
    percent: bool,
    base: usize,
    interval: Option<(f64, f64)>,
}

impl Tested {
    fn of(call: &Call<'_>, figures: &Figures<'_>) -> Result<Tested, Problem> {
        let wrong = |error| problem(call, &error);
        let variable = || call.text("variable");
        let share = || share(call, figures);
        let rate = || figures.response_rate(call.optional_round("round")?).map_err(wrong);
        let count = |count: usize, base: usize| Tested {
            value: count as f64,
            percent: false,
            base,
            interval: None,
        };
        let number = |figure: Result<Figure, FigureError>| figure.map(|f| Tested::figure(&f));
        Ok(match call.function {
            Function::Share => Tested::figure(&share()?),
            Function::Number => share().map(|figure| count(figure.count, figure.base))?,
            Function::Mean => number(figures.mean(&variable()?)).map_err(wrong)?,
            Function::Median => number(figures.median(&variable()?)).map_err(wrong)?,
            Function::ResponseRate => Tested::figure(&rate()?),
            Function::Answered => rate().map(|rate| count(rate.count, rate.base))?,
            Function::Invited => rate().map(|rate| count(rate.base, rate.base))?,
            Function::Base => figures.base(&variable()?).map(|n| count(n, n)).map_err(wrong)?,
            Function::Net => {
                let (good, bad) = (call.codes("good")?, call.codes("bad")?);
                number(figures.net(&variable()?, (&good, &bad))).map_err(wrong)?
            }
            Function::Place => {
                let (variable, codes) = (variable()?, call.codes("option")?);
                let figure = figures.share(&variable, &codes).map_err(wrong)?;
                let ranking = figures.ranking(&variable).map_err(wrong)?;
                let ranked = ranking.iter().find(|ranked| ranked.figure.codes == codes);
                let rank = ranked.ok_or_else(|| no_figure(call))?.rank;
                count(rank, figure.base)
            }
            Function::Count
            | Function::Portion
            | Function::Compare
            | Function::Word
            | Function::Quote
            | Function::Draw(_)
            | Function::Change
            | Function::Top
            | Function::Most
            | Function::Label
            | Function::Option
            | Function::Round
            | Function::PreviousRound
            | Function::Fact => return Err(no_figure(call)),
        })
    }

    fn figure(figure: &Figure) -> Tested {
        let shown = figure.published();
        let percent = matches!(figure.measure, Measure::Share | Measure::ResponseRate);
        Tested { value: shown.value, percent, base: figure.base, interval: shown.interval }
    }

    /// Compares two figures as they are, without a test: one is larger than the other or not.
    fn compare_with(self, relation: Relation, other: &Tested) -> TestedClaim {
        let holds = match relation {
            Relation::Equal => self.value == other.value,
            Relation::NotEqual => self.value != other.value,
            Relation::Less => self.value < other.value,
            Relation::LessOrEqual => self.value <= other.value,
            Relation::Greater => self.value > other.value,
            Relation::GreaterOrEqual => self.value >= other.value,
        };
        let value =
            ClaimedValue::Number { value: self.value, percent: self.percent, rounded: None };
        TestedClaim { holds, value, base: self.base, interval: self.interval }
    }

    fn compare(self, relation: Relation, claimed: &Claimed) -> TestedClaim {
        let unit = 10_f64.powi(i32::try_from(claimed.decimals.min(12)).unwrap_or(12));
        // A figure has ten decimals that mean something: 57.5 is not to fall short of its half.
        let steps = (self.value * unit * 1e6).round() / 1e6;
        let (rounded, wanted) = (steps.round(), (claimed.number * unit).round());
        let holds = match relation {
            Relation::Equal => rounded == wanted,
            Relation::NotEqual => rounded != wanted,
            Relation::Less => self.value < claimed.number,
            Relation::LessOrEqual => self.value <= claimed.number,
            Relation::Greater => self.value > claimed.number,
            Relation::GreaterOrEqual => self.value >= claimed.number,
        };
        let compares_rounded = matches!(relation, Relation::Equal | Relation::NotEqual);
        let rounded = Rounded { value: rounded / unit, decimals: claimed.decimals };
        let rounded = compares_rounded.then_some(rounded);
        let value = ClaimedValue::Number { value: self.value, percent: self.percent, rounded };
        TestedClaim { holds, value, base: self.base, interval: self.interval }
    }
}

fn no_figure(call: &Call<'_>) -> Problem {
    let message = format!("a claim cannot be about `{}`", call.function.definition().name);
    Problem::new("RR0802", call.span.clone(), message).hint(
        "claims are about share, number, place, net, mean, median, response_rate, answered, invited, \
         base, change and compare",
    )
}

fn test_change(
    call: &Call<'_>,
    relation: Relation,
    right: &Expression,
    figures: &Figures<'_>,
) -> Result<TestedClaim, Problem> {
    let not_a_word = || {
        Problem::new("RR0805", right.span.clone(), "a change is compared with one of four words")
            .hint("write `== up`, `== down`, `== same` or `== unclear`, or `!=`")
    };
    let ExpressionKind::Name(word) = &right.kind else { return Err(not_a_word()) };
    let wanted = verdict(word).ok_or_else(not_a_word)?;
    let change =
        figures.change(&call.text("variable")?, &call.codes("options")?, call.round("since")?);
    let change = change.map_err(|error| problem(call, &error))?;
    let holds = is(change.verdict, relation, wanted).ok_or_else(not_a_word)?;
    let value = ClaimedValue::Change {
        verdict: change.verdict,
        before: change.before.published().value,
        after: change.after.published().value,
        difference: change.difference.value,
    };
    let interval = change.difference.interval;
    Ok(TestedClaim { holds, value, base: change.after.base, interval })
}

/// Tests how a share of one group of units stands to that of another: by the test that
/// [`Function::Compare`] goes by.
fn test_contrast(
    call: &Call<'_>,
    relation: Relation,
    right: &Expression,
    figures: &Figures<'_>,
) -> Result<TestedClaim, Problem> {
    let not_a_word = || {
        let message = "a comparison of groups is compared with one of four words";
        Problem::new("RR0805", right.span.clone(), message)
            .hint("write `== higher`, `== lower`, `== same` or `== unclear`, or `!=`")
    };
    let ExpressionKind::Name(word) = &right.kind else { return Err(not_a_word()) };
    let wanted = match word.as_str() {
        "higher" => Verdict::Up,
        "lower" => Verdict::Down,
        "same" => Verdict::Same,
        "unclear" => Verdict::Unclear,
        _ => return Err(not_a_word()),
    };
    let (of, with) = (call.group("of")?, call.group("with")?);
    let contrast = figures.contrast(&call.text("variable")?, &call.codes("options")?, (&of, &with));
    let contrast = contrast.map_err(|error| problem(call, &error))?;
    let holds = is(contrast.verdict, relation, wanted).ok_or_else(not_a_word)?;
    let shown = contrast.of.published();
    let value = ClaimedValue::Number { value: shown.value, percent: true, rounded: None };
    Ok(TestedClaim { holds, value, base: contrast.of.base, interval: shown.interval })
}

/// Whether what can be said is what is claimed; `None` where the claim asks for more or less of it.
fn is(said: Verdict, relation: Relation, claimed: Verdict) -> Option<bool> {
    match relation {
        Relation::Equal => Some(said == claimed),
        Relation::NotEqual => Some(said != claimed),
        Relation::Less | Relation::LessOrEqual | Relation::Greater | Relation::GreaterOrEqual => {
            None
        }
    }
}

fn verdict(word: &str) -> Option<Verdict> {
    Some(match word {
        "up" => Verdict::Up,
        "down" => Verdict::Down,
        "same" => Verdict::Same,
        "unclear" => Verdict::Unclear,
        _ => return None,
    })
}
