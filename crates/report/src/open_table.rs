//! Open tables: every distribution, over the whole country and by groups of units, that the release
//! classes and the disclosure limits allow, for those who want more than the report tells.
//!
//! They go through [`Figures`], as everything in the report does, so that a cell of a table is the
//! same number as the report's, and what the report may not state is hidden here too.

use dataset::{CodebookVariable, DataSet};
use instrument::{Code, Lang, QuestionId, Release, Text, VariableKind};

use crate::figures::{Figure, FigureError, Figures, FrameAttribute, Group, GroupCell, each_option};
use crate::labels::Labels;
use crate::site::RoundInput;
use crate::together;
use crate::words::Words;

/// The distribution of a question over the whole country.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenTable {
    /// The question.
    pub question: QuestionId,
    /// The question as it was asked.
    pub title: Text,
    /// The variables: the question itself, or the rows of a grid. Names are those of
    /// `findings.json`.
    pub rows: Vec<(String, Text)>,
    /// The answers: options, or the mean and the median of a number.
    pub answers: Vec<(String, Text)>,
    /// A cell for each row and answer, row by row; `None` where it is not published.
    pub cells: Vec<Option<OpenCell>>,
}

/// A cell of a table, with the numbers of a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenCell {
    /// The value where every respondent counts as one; shares are in percent.
    pub value: f64,
    /// The value where respondents stand for their cell.
    pub value_weighted: Option<f64>,
    /// The standard error of the value that is published.
    pub se: Option<f64>,
    /// The 95 percent interval of the value that is published.
    pub interval: Option<(f64, f64)>,
    /// How many units it is taken of.
    pub base: usize,
    /// How many of them gave the answer; `None` for a mean or a median.
    pub count: Option<usize>,
}

/// The distribution of a question by groups of units.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenGroupTable {
    /// The question.
    pub question: QuestionId,
    /// The question as it was asked.
    pub title: Text,
    /// The variables: the question itself, or the rows of a grid.
    pub rows: Vec<(String, Text)>,
    /// The groups, attribute by attribute; codes are those of `findings.json`, such as `county=18`.
    pub groups: Vec<(String, Text)>,
    /// The options that are in the base, or the mean and the median of a number.
    pub answers: Vec<(String, Text)>,
    /// A cell for each row, group and answer, the answers running fastest.
    pub cells: Vec<OpenGroupCell>,
}

/// A cell of a table by groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OpenGroupCell {
    /// What it holds.
    Shown(OpenCell),
    /// It is not shown, for the sake of those who answered.
    Hidden,
    /// Nobody of the group is in the base.
    Impossible,
}

/// Returns the distributions of a round by groups of units, for every attribute of the frame. They hide
/// what the report hides.
pub fn open_group_tables(round: &RoundInput<'_>) -> Vec<OpenGroupTable> {
    let (data, figures) = (round.data, Figures::new(round.plan, round.data, None, &round.known));
    let Ok(figures) = figures else { return vec![] };
    let groups: Vec<Group> =
        FrameAttribute::EVERY.into_iter().flat_map(|attribute| figures.groups(attribute)).collect();
    let named = names(data);
    let groups: Vec<(String, Text)> =
        groups.iter().map(|group| (group.to_string(), named(group))).collect();
    let of_question = data.variables.chunk_by(|a, b| a.question == b.question);
    let table = |variables: &[CodebookVariable]| group_table(&figures, variables, &groups);
    together::each(of_question.collect(), table).into_iter().flatten().collect()
}

fn group_table(
    figures: &Figures<'_>,
    variables: &[CodebookVariable],
    groups: &[(String, Text)],
) -> Option<OpenGroupTable> {
    let told: Vec<&CodebookVariable> =
        variables.iter().filter(|variable| tells(variable)).collect();
    let first = told.first()?;
    let counted = each_option(first, figures.plan.base);
    let in_base = |(code, _): &(String, Text)| {
        is_number(first) || counted.iter().any(|counted| counted.as_str() == code)
    };
    let answers: Vec<(String, Text)> = answers(first).into_iter().filter(in_base).collect();
    Some(OpenGroupTable {
        question: first.question.clone(),
        title: first.question_text.clone(),
        rows: told.iter().map(|v| (v.name.replace('.', "_"), v.label.clone())).collect(),
        groups: groups.to_vec(),
        cells: told
            .iter()
            .flat_map(|variable| group_cells(figures, variable, groups.len() * answers.len()))
            .collect(),
        answers,
    })
}

/// Returns the cells of a variable; all of them hidden where no figure of it may be stated.
fn group_cells(
    figures: &Figures<'_>,
    variable: &CodebookVariable,
    count: usize,
) -> Vec<OpenGroupCell> {
    let mut cells = vec![];
    for attribute in FrameAttribute::EVERY {
        let rows = match is_number(variable) {
            true => figures.numbers_by_group(&variable.name, attribute),
            false => figures.by_group(&variable.name, &[], attribute).map(|table| table.rows),
        };
        let Ok(rows) = rows else { return vec![OpenGroupCell::Hidden; count] };
        cells.extend(rows.iter().flat_map(|row| &row.cells).map(|cell| match cell {
            GroupCell::Shown(figure) => OpenGroupCell::Shown(OpenCell::of(figure)),
            GroupCell::Hidden => OpenGroupCell::Hidden,
            GroupCell::Impossible => OpenGroupCell::Impossible,
        }));
    }
    cells
}

/// Returns what groups are called in every language.
fn names(data: &DataSet) -> impl Fn(&Group) -> Text {
    let labels = [Lang::NB, Lang::NN, Lang::EN].map(|lang| (lang, Labels::new(data, lang)));
    move |group| {
        let name = |(lang, labels): &(Lang, Labels<'_>)| {
            let words = Words::of(*lang).unwrap_or_else(Words::english);
            (*lang, labels.group(group, words))
        };
        Text::new(labels.iter().map(name).collect())
    }
}

/// Returns the tables of a round in the order of its questionnaire. Texts have no table; nor has a
/// round of which nothing can be estimated, as its report says at greater length.
pub fn open_tables(round: &RoundInput<'_>) -> Vec<OpenTable> {
    let figures = Figures::new(round.plan, round.data, None, &round.known);
    let Ok(figures) = figures else { return vec![] };
    let of_question = round.data.variables.chunk_by(|a, b| a.question == b.question);
    let table = |variables: &[CodebookVariable]| table(&figures, variables);
    together::each(of_question.collect(), table).into_iter().flatten().collect()
}

fn table(figures: &Figures<'_>, variables: &[CodebookVariable]) -> Option<OpenTable> {
    let told: Vec<&CodebookVariable> =
        variables.iter().filter(|variable| tells(variable)).collect();
    let first = told.first()?;
    let answers = answers(first);
    let cells = told
        .iter()
        .flat_map(|variable| answers.iter().map(|(code, _)| cell(figures, variable, code)));
    Some(OpenTable {
        question: first.question.clone(),
        title: first.question_text.clone(),
        rows: told.iter().map(|v| (v.name.replace('.', "_"), v.label.clone())).collect(),
        cells: cells.collect(),
        answers,
    })
}

/// Whether a variable has a table.
fn tells(variable: &CodebookVariable) -> bool {
    let released = match variable.release {
        Release::Open | Release::Tables => true,
        Release::Internal => false,
    };
    released && !matches!(variable.kind, VariableKind::Text)
}

fn is_number(variable: &CodebookVariable) -> bool {
    matches!(variable.kind, VariableKind::Integer | VariableKind::Decimal)
}

const MEAN: &str = "mean";
const MEDIAN: &str = "median";

fn answers(variable: &CodebookVariable) -> Vec<(String, Text)> {
    match variable.kind {
        VariableKind::Category | VariableKind::Categories => {
            let options = variable.options.iter();
            options.map(|option| (option.code.to_string(), option.text.clone())).collect()
        }
        VariableKind::Integer | VariableKind::Decimal => {
            let words = [(MEAN, ["Gjennomsnitt", "Gjennomsnitt", "Mean"]), (MEDIAN, ["Median"; 3])];
            words.map(|(code, text)| (code.to_owned(), in_languages(text))).into()
        }
        VariableKind::Text => vec![],
    }
}

fn in_languages([nb, nn, en]: [&str; 3]) -> Text {
    let all = [(Lang::NB, nb), (Lang::NN, nn), (Lang::EN, en)];
    Text::new(all.map(|(lang, text)| (lang, text.to_owned())).into())
}

fn cell(figures: &Figures<'_>, variable: &CodebookVariable, code: &str) -> Option<OpenCell> {
    figure(figures, variable, code).ok().as_ref().map(OpenCell::of)
}

impl OpenCell {
    fn of(figure: &Figure) -> OpenCell {
        let published = figure.published();
        OpenCell {
            value: figure.unweighted.value,
            value_weighted: figure.weighted.map(|weighted| weighted.value),
            se: published.se,
            interval: published.interval,
            base: figure.base,
            count: (!figure.codes.is_empty()).then_some(figure.count),
        }
    }
}

/// Returns the figure behind a cell. An error is a figure that may not be published, or that the
/// plan leaves out: either way the cell stays empty.
fn figure(
    figures: &Figures<'_>,
    variable: &CodebookVariable,
    code: &str,
) -> Result<Figure, FigureError> {
    match (variable.kind, code) {
        (VariableKind::Integer | VariableKind::Decimal, MEDIAN) => figures.median(&variable.name),
        (VariableKind::Integer | VariableKind::Decimal, _) => figures.mean(&variable.name),
        (VariableKind::Category | VariableKind::Categories | VariableKind::Text, _) => {
            let codes: Vec<Code> = Code::new(code).into_iter().collect();
            figures.share(&variable.name, &codes)
        }
    }
}
