//! Figures of a foreign file: the columns are read once, or once more where they hold text.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use estimate::{Estimate, EstimateError, KernelError, Level, Replicates, Statistic, Sums};
use formats::{ChunkColumn, ColumnFile, ColumnsError, Reading};
use report::{Shown, TableBlock, TableCell, TableLabel, TableRow, TableUnit};

use super::OfFile;
use super::collect::{Collected, Kernel, Places, Source, collect, explained};
use super::names::{natural, united};
use crate::failure::refused;
use crate::output;

/// The most different answers that a column may hold and still be told by shares.
const MOST_ANSWERS: usize = 200;

/// Returns the figures of the questions.
pub(super) fn blocks(
    path: &Path,
    questions: &[String],
    by: Option<&str>,
    options: &OfFile,
    quiet: bool,
) -> anyhow::Result<Vec<TableBlock>> {
    let start = Instant::now();
    let file = ColumnFile::open(path).map_err(refused)?;
    let threads = options
        .threads
        .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let mut kinds = vec![None; questions.len()];
    let collected = loop {
        let answers = answers(&file, questions, &mut kinds, options.shares)?;
        let (columns, places) = plan(&file, questions, by, options, &answers)?;
        let chunks = file.chunks(&columns).map_err(refused)?;
        match collect(&chunks, &places, threads) {
            Ok(collected) => break (collected, answers),
            // Text far down in a column that began with numbers: it is a column of text.
            Err(error) => match text_column(&error, questions) {
                Some(question) if kinds[question] != Some(Reading::Keys) => {
                    kinds[question] = Some(Reading::Keys);
                }
                Some(_) | None => return Err(input_error(error)),
            },
        }
    };
    let (collected, answers) = collected;
    let (reading, read) = (collected.reading, start.elapsed());
    let blocks = estimated(collected, questions, &answers, by.is_some(), options)?;
    if options.timing && !quiet {
        say_times(reading, read, start.elapsed(), threads);
    }
    Ok(blocks)
}

fn say_times(reading: Duration, read: Duration, all: Duration, threads: usize) {
    output::note(&format!(
        "reading {:.3} s, sums {:.3} s, estimates {:.3} s; {threads} threads",
        reading.as_secs_f64(),
        (read.saturating_sub(reading)).as_secs_f64(),
        (all - read).as_secs_f64()
    ));
}

/// Whatever is wrong with a column is for whoever made the file to mend.
fn input_error(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<ColumnsError>() {
        Ok(error) => refused(error),
        Err(error) => error,
    }
}

/// Returns the question whose column turned out to hold no numbers.
fn text_column(error: &anyhow::Error, questions: &[String]) -> Option<usize> {
    match error.downcast_ref::<ColumnsError>()? {
        ColumnsError::Number { column, .. } | ColumnsError::Type { column, .. } => {
            questions.iter().position(|question| question == column)
        }
        ColumnsError::File { .. }
        | ColumnsError::Parquet { .. }
        | ColumnsError::Csv { .. }
        | ColumnsError::Form(_)
        | ColumnsError::Column { .. }
        | ColumnsError::Fields { .. }
        | ColumnsError::NotText { .. }
        | ColumnsError::Endless { .. } => None,
    }
}

/// What a question's column holds.
#[derive(Clone, Debug)]
enum Answers {
    /// Numbers, about as large as the origin.
    Numbers { origin: f64 },
    /// These texts.
    Texts(Vec<String>),
}

/// Looks into each column: at its beginning for numbers, through all of it for different texts.
fn answers(
    file: &ColumnFile,
    questions: &[String],
    kinds: &mut [Option<Reading>],
    shares: bool,
) -> anyhow::Result<Vec<Answers>> {
    let mut answers = vec![];
    for (question, kind) in questions.iter().zip(kinds) {
        let origin = match (shares, *kind) {
            (true, _) | (_, Some(Reading::Keys)) => None,
            (false, Some(Reading::Numbers) | None) => first_number(file, question)?,
        };
        answers.push(match origin {
            Some(origin) => Answers::Numbers { origin },
            None => {
                *kind = Some(Reading::Keys);
                Answers::Texts(texts(file, question)?)
            }
        });
    }
    Ok(answers)
}

/// Returns the first number of a column, 0 for a 1; nothing where it holds text.
fn first_number(file: &ColumnFile, question: &str) -> anyhow::Result<Option<f64>> {
    let chunks = file.chunks(&[(question, Reading::Numbers)]).map_err(refused)?;
    let mut reader = chunks.reader();
    let chunk = match reader.read() {
        Ok(chunk) => chunk,
        Err(ColumnsError::Number { .. } | ColumnsError::Type { .. }) => return Ok(None),
        Err(error) => return Err(refused(error)),
    };
    let first = chunk.and_then(|chunk| match &chunk.columns[0] {
        ChunkColumn::Numbers(numbers) => numbers.iter().copied().find(|number| !number.is_nan()),
        ChunkColumn::Keys(_) => None,
    });
    // Zeros and ones are told by shares, which are exact when measured from 0.
    Ok(Some(first.filter(|first| *first != 1.0).unwrap_or(0.0)))
}

/// Returns the different texts of a column, in order.
fn texts(file: &ColumnFile, question: &str) -> anyhow::Result<Vec<String>> {
    let chunks = file.chunks(&[(question, Reading::Keys)]).map_err(refused)?;
    let mut reader = chunks.reader();
    while reader.read().map_err(refused)?.is_some() {
        let found = reader.keys(0).len();
        if found > MOST_ANSWERS {
            return Err(refused(format!(
                "column `{question}` holds more than {MOST_ANSWERS} different texts: shares are \
                 for columns of answers"
            )));
        }
    }
    let (mut texts, _) = united(&[reader.keys(0).to_vec()], |left, right| natural(left, right));
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

type Columns<'a> = Vec<(&'a str, Reading)>;

/// Decides which columns are read and where each is to be found.
fn plan<'a>(
    file: &'a ColumnFile,
    questions: &'a [String],
    by: Option<&'a str>,
    options: &'a OfFile,
    answers: &[Answers],
) -> anyhow::Result<(Columns<'a>, Places)> {
    let mut columns = vec![];
    let mut place = |name: Option<&'a str>, reading| {
        name.map(|name| {
            columns.push((name, reading));
            columns.len() - 1
        })
    };
    let mut places = Places {
        by: place(by, Reading::Keys),
        strata: place(options.strata.as_deref(), Reading::Keys),
        units: place(options.units.as_deref(), Reading::Keys),
        weights: place(options.weights.as_deref(), Reading::Numbers),
        fpc: place(options.fpc.as_deref(), Reading::Numbers),
        ..Places::default()
    };
    if let Some(prefix) = &options.replicates {
        let start = columns.len();
        let replicates = file.names().iter().filter(|name| is_replicate(name, prefix));
        columns.extend(replicates.map(|name| (name.as_str(), Reading::Numbers)));
        places.replicates = start..columns.len();
        if places.replicates.is_empty() {
            return Err(refused(format!("no column is named `{prefix}` and a number")));
        }
    }
    for (question, answers) in questions.iter().zip(answers) {
        let column = columns.len();
        match answers {
            Answers::Numbers { origin } => {
                columns.push((question, Reading::Numbers));
                places.variables.push(Source::Numbers { column, origin: *origin });
            }
            Answers::Texts(texts) => {
                columns.push((question, Reading::Keys));
                let is = |text: &String| Source::Is { column, text: text.clone() };
                places.variables.extend(texts.iter().map(is));
            }
        }
    }
    Ok((columns, places))
}

fn is_replicate(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Estimates of all variables, by domain.
type ByDomain = Vec<Vec<Result<Estimate, EstimateError>>>;

/// Makes the figures: of all rows first, then of each domain.
fn estimated(
    collected: Collected,
    questions: &[String],
    answers: &[Answers],
    divided: bool,
    options: &OfFile,
) -> anyhow::Result<Vec<TableBlock>> {
    let Collected { sums, domains, strata, .. } = collected;
    let statistics = statistics(&sums, answers, options.totals);
    let make = |whole: bool| -> anyhow::Result<ByDomain> {
        match &sums {
            _ if !whole && !divided => Ok(vec![]),
            Kernel::Design(sums) if whole => {
                of_design(sums.undivided().as_ref(), &statistics, options, &strata)
            }
            Kernel::Design(sums) => of_design(Ok(sums), &statistics, options, &strata),
            Kernel::Replicates(sums) if whole => {
                of_replicates(&sums.undivided(), &statistics, options)
            }
            Kernel::Replicates(sums) => of_replicates(sums, &statistics, options),
        }
    };
    // Neither waits for the other.
    let (whole, parts) = thread::scope(|scope| {
        let parts = scope.spawn(|| make(false));
        (make(true), parts.join().map_err(|_| anyhow!("a thread that estimated has failed")))
    });
    let (whole, parts) = (whole?, parts??);
    let named = domains.iter().zip(parts).filter(|(name, _)| !name.is_empty());
    let of_parts = named.map(|(name, part)| (Some(name.as_str()), part));
    let groups: Vec<_> = whole.into_iter().map(|all| (None, all)).chain(of_parts).collect();
    let mut blocks = vec![];
    let mut variable = 0;
    for (question, answers) in questions.iter().zip(answers) {
        let options: Vec<Option<&str>> = match answers {
            Answers::Numbers { .. } => vec![None],
            Answers::Texts(texts) => texts.iter().map(|text| Some(text.as_str())).collect(),
        };
        let unit =
            statistics.get(variable).map_or(TableUnit::Percent, |statistic| match statistic {
                Statistic::Share => TableUnit::Percent,
                Statistic::Mean => TableUnit::Mean,
                Statistic::Total => TableUnit::Total,
            });
        let mut rows = vec![];
        for (group, estimates) in &groups {
            for (place, option) in options.iter().enumerate() {
                let cell = cell(&estimates[variable + place], unit, &strata)?;
                rows.push(TableRow { group: group.map(label), option: option.map(label), cell });
            }
        }
        variable += options.len();
        blocks.push(TableBlock { variable: question.clone(), title: String::new(), unit, rows });
    }
    Ok(blocks)
}

fn label(name: &str) -> TableLabel {
    TableLabel { code: name.to_owned(), text: name.to_owned() }
}

/// Decides what is told of each variable: shares of zeros and ones, means of other numbers.
fn statistics(sums: &Kernel, answers: &[Answers], totals: bool) -> Vec<Statistic> {
    let binary = |variable: usize| match sums {
        Kernel::Design(sums) => sums.is_binary(variable),
        Kernel::Replicates(sums) => sums.is_binary(variable),
    };
    let count = |answers: &Answers| match answers {
        Answers::Numbers { .. } => 1,
        Answers::Texts(texts) => texts.len(),
    };
    let variables = 0..answers.iter().map(count).sum();
    let statistic = |variable| match (totals, binary(variable)) {
        (true, _) => Statistic::Total,
        (false, true) => Statistic::Share,
        (false, false) => Statistic::Mean,
    };
    variables.map(statistic).collect()
}

fn of_design(
    sums: Result<&Sums, &KernelError>,
    statistics: &[Statistic],
    options: &OfFile,
    strata: &[String],
) -> anyhow::Result<ByDomain> {
    let summary = sums.map_err(Clone::clone).and_then(|sums| sums.finish(options.lonely.into()));
    let summary =
        summary.map_err(|error| explained(&error, 0, |stratum| strata[stratum].clone()))?;
    Ok(summary.estimates(statistics, Level::NINETY_FIVE))
}

fn of_replicates(
    sums: &estimate::ReplicateSums,
    statistics: &[Statistic],
    options: &OfFile,
) -> anyhow::Result<ByDomain> {
    let scale = options.scale.filter(|scale| scale.is_finite() && *scale > 0.0);
    let scale = scale.ok_or_else(|| refused("--scale must be a positive number"))?;
    let factors = vec![1.0; sums.replicates()];
    let replicates = Replicates { weights: vec![], scale, factors, from_estimate: false };
    Ok(sums.estimates(statistics, &replicates, Level::NINETY_FIVE))
}

fn cell(
    estimate: &Result<Estimate, EstimateError>,
    unit: TableUnit,
    strata: &[String],
) -> anyhow::Result<TableCell> {
    let scale = match unit {
        TableUnit::Percent => 100.0,
        TableUnit::Mean | TableUnit::Total => 1.0,
    };
    match estimate {
        Ok(found) => Ok(TableCell::Shown(Shown {
            n: found.base.n,
            value: scale * found.value,
            se: scale * found.se,
            interval: (scale * found.ci_low, scale * found.ci_high),
            df: found.df,
            change: None,
        })),
        Err(EstimateError::EmptyDomain) => Ok(TableCell::Nobody),
        Err(error) => Err(explained(&error.clone().into(), 0, |stratum| strata[stratum].clone())),
    }
}
