//! One pass over a file by several threads, and what they found put together.

use std::collections::HashMap;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use estimate::{DesignError, EstimateError, KernelError, Rows, Shape, Sums};
use estimate::{Renumbering, ReplicateRows, ReplicateSums};
use formats::{Chunk, ChunkColumn, Chunks, Reader};

use super::names::{natural, united};
use crate::failure::refused;

/// Where the columns stand among those that are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) by: Option<usize>,
    pub(super) strata: Option<usize>,
    pub(super) units: Option<usize>,
    pub(super) weights: Option<usize>,
    pub(super) fpc: Option<usize>,
    pub(super) replicates: Range<usize>,
    pub(super) variables: Vec<Source>,
}

/// Where the values of a variable come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A column of numbers.
    Numbers { column: usize, origin: f64 },
    /// Whether a column of keys holds this text.
    Is { column: usize, text: String },
}

/// What a pass over the file comes to.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) sums: Kernel,
    /// The names of the domains.
    pub(super) domains: Vec<String>,
    /// The names of the strata.
    pub(super) strata: Vec<String>,
    /// How long the threads read and parsed, on average.
    pub(super) reading: Duration,
}

/// The sums of a sample with strata or with replicate weights.
#[derive(Debug)]
pub(super) enum Kernel {
    Design(Box<Sums>),
    Replicates(ReplicateSums),
}

/// Reads all rows with some threads and adds up what the kernel needs.
pub(super) fn collect(
    chunks: &Chunks,
    places: &Places,
    threads: usize,
) -> anyhow::Result<Collected> {
    let parts: anyhow::Result<Vec<Part>> = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| read_part(chunks.reader(), places))).collect();
        let joined = workers.into_iter().map(thread::ScopedJoinHandle::join);
        joined.map(|part| part.map_err(|_| anyhow!("a thread that read has failed"))?).collect()
    });
    united_parts(&parts?, places)
}

/// What one thread found, under its own numbers.
struct Part {
    kernel: Kernel,
    domains: Vec<String>,
    strata: Vec<String>,
    /// The stratum and the name of every sampling unit.
    units: Vec<(u32, u32)>,
    unit_names: Vec<String>,
    reading: Duration,
}

fn read_part(mut reader: Reader<'_>, places: &Places) -> anyhow::Result<Part> {
    let mut adder = Adder::new(places);
    let mut reading = Duration::ZERO;
    loop {
        let start = Instant::now();
        if reader.read()?.is_none() {
            break;
        }
        reading += start.elapsed();
        let added = adder.add(&reader);
        let strata = |stratum: usize| named(places.strata, &reader)[stratum].clone();
        added.map_err(|error| explained(&error, reader.chunk().line, strata))?;
    }
    let (domains, strata) = (named(places.by, &reader), named(places.strata, &reader));
    let unit_names = named(places.units, &reader);
    let Adder { kernel, nested, .. } = adder;
    Ok(Part { kernel, domains, strata, units: nested.units, unit_names, reading })
}

/// Returns the names of the keys of a column; without one there is a single key.
fn named(column: Option<usize>, reader: &Reader<'_>) -> Vec<String> {
    column.map_or_else(|| vec![String::new()], |column| reader.keys(column).to_vec())
}

/// Says what is wrong with a row or a stratum by its line and its name.
pub(super) fn explained(
    error: &KernelError,
    line: u64,
    stratum_name: impl Fn(usize) -> String,
) -> anyhow::Error {
    match error {
        KernelError::Design(DesignError::Weight { row, weight }) => refused(format!(
            "line {} has weight {weight}: a weight must be a positive, finite number",
            line + *row as u64
        )),
        KernelError::Design(DesignError::Population { stratum, sampled, population }) => {
            let name = stratum_name(*stratum);
            refused(format!(
                "stratum `{name}` holds {population} units by its column, but {sampled} were drawn"
            ))
        }
        KernelError::Populations { stratum, first, other } => refused(format!(
            "stratum `{}` has population size {first} in one row and {other} in another",
            stratum_name(*stratum as usize)
        )),
        KernelError::Estimate(EstimateError::LonelyUnit { stratum, .. }) => refused(format!(
            "stratum `{}` has a single sampling unit: merge it with a neighbour or choose with \
             --lonely how to treat it",
            stratum_name(*stratum)
        )),
        KernelError::Design(_)
        | KernelError::Estimate(_)
        | KernelError::NotNested { .. }
        | KernelError::Value { .. } => refused(error),
    }
}

/// Adds chunks to the sums, in room that is kept from one to the next.
struct Adder<'a> {
    places: &'a Places,
    kernel: Kernel,
    nested: Nested,
    zeros: Vec<u32>,
    unit_keys: Vec<u32>,
    indicators: Vec<Vec<f64>>,
}

/// Sampling units, numbered within strata.
#[derive(Default)]
struct Nested {
    numbers: HashMap<(u32, u32), u32>,
    units: Vec<(u32, u32)>,
}

impl Nested {
    fn number(&mut self, stratum: u32, unit: u32) -> u32 {
        *self.numbers.entry((stratum, unit)).or_insert_with(|| {
            self.units.push((stratum, unit));
            self.units.len() as u32 - 1
        })
    }
}

impl<'a> Adder<'a> {
    fn new(places: &'a Places) -> Self {
        Self {
            places,
            kernel: empty(places),
            nested: Nested::default(),
            zeros: vec![],
            unit_keys: vec![],
            indicators: vec![vec![]; places.variables.len()],
        }
    }

    fn add(&mut self, reader: &Reader<'_>) -> Result<(), KernelError> {
        let (chunk, places) = (reader.chunk(), self.places);
        self.zeros.resize(chunk.rows(), 0);
        let strata = places.strata.map_or(&self.zeros[..], |column| keys(chunk, column));
        let domains = places.by.map_or(&self.zeros[..], |column| keys(chunk, column));
        if let Some(column) = places.units {
            self.unit_keys.clear();
            let pairs = strata.iter().zip(keys(chunk, column));
            let nested = &mut self.nested;
            self.unit_keys.extend(pairs.map(|(&stratum, &unit)| nested.number(stratum, unit)));
        }
        for (indicator, source) in self.indicators.iter_mut().zip(&places.variables) {
            if let Source::Is { column, text } = source {
                indicate(indicator, keys(chunk, *column), reader.keys(*column), text);
            }
        }
        let values = places.variables.iter().zip(&self.indicators);
        let values = values.map(|(source, indicator)| match source {
            Source::Numbers { column, .. } => numbers(chunk, *column),
            Source::Is { .. } => indicator.as_slice(),
        });
        let (values, weights) = (values.collect(), places.weights.map(|w| numbers(chunk, w)));
        match &mut self.kernel {
            Kernel::Design(sums) => sums.add(&Rows {
                strata,
                units: places.units.map(|_| self.unit_keys.as_slice()),
                domains,
                weights,
                populations: places.fpc.map(|column| numbers(chunk, column)),
                values,
            }),
            Kernel::Replicates(sums) => sums.add(&ReplicateRows {
                domains,
                weights: weights.unwrap_or_default(),
                replicates: places.replicates.clone().map(|c| numbers(chunk, c)).collect(),
                values,
            }),
        }
    }
}

/// Returns the kernel with no rows.
fn empty(places: &Places) -> Kernel {
    if !places.replicates.is_empty() {
        return Kernel::Replicates(ReplicateSums::new(
            places.variables.len(),
            places.replicates.len(),
        ));
    }
    let origin = |source: &Source| match source {
        Source::Numbers { origin, .. } => *origin,
        Source::Is { .. } => 0.0,
    };
    let origins = places.variables.iter().map(origin).collect();
    let clustered = places.units.is_some();
    Kernel::Design(Box::new(Sums::new(Shape { origins, clustered, crossed: false })))
}

/// Marks with 1 the rows that hold a text and with 0 those that hold another; missing stays missing.
fn indicate(indicator: &mut Vec<f64>, keys: &[u32], names: &[String], text: &str) {
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let (wanted, missing) = (place(text), place(""));
    indicator.clear();
    indicator.extend(keys.iter().map(|&key| match Some(key as usize) {
        key if key == missing => f64::NAN,
        key => f64::from(u8::from(key == wanted)),
    }));
}

fn keys(chunk: &Chunk, column: usize) -> &[u32] {
    match &chunk.columns[column] {
        ChunkColumn::Keys(keys) => keys,
        ChunkColumn::Numbers(_) => unreachable!("the column was asked for as keys"),
    }
}

fn numbers(chunk: &Chunk, column: usize) -> &[f64] {
    match &chunk.columns[column] {
        ChunkColumn::Numbers(numbers) => numbers,
        ChunkColumn::Keys(_) => unreachable!("the column was asked for as numbers"),
    }
}

/// Puts together what the threads found, under numbers in the order of the names.
fn united_parts(parts: &[Part], places: &Places) -> anyhow::Result<Collected> {
    let names = |of: fn(&Part) -> &Vec<String>| -> Vec<Vec<String>> {
        parts.iter().map(|part| of(part).clone()).collect()
    };
    let (domains, domain_numbers) = united(&names(|part| &part.domains), |a, b| natural(a, b));
    let (strata, stratum_numbers) = united(&names(|part| &part.strata), |a, b| natural(a, b));
    if places.strata.is_some() && strata.last().is_some_and(String::is_empty) {
        return Err(refused("some rows have no stratum; give each row one"));
    }
    let units: Vec<Vec<(u32, String)>> = parts
        .iter()
        .zip(&stratum_numbers)
        .map(|(part, strata)| {
            let unit = |&(stratum, unit): &(u32, u32)| {
                (strata[stratum as usize], part.unit_names[unit as usize].clone())
            };
            part.units.iter().map(unit).collect()
        })
        .collect();
    let (_, unit_numbers) = united(&units, Ord::cmp);
    let reading = parts.iter().map(|part| part.reading).sum::<Duration>() / parts.len() as u32;
    let mut whole = empty(places);
    for (number, part) in parts.iter().enumerate() {
        let domains = domain_numbers[number].as_slice();
        match (&mut whole, &part.kernel) {
            (Kernel::Design(whole), Kernel::Design(part)) => {
                let (strata_of, units) = (&stratum_numbers[number], &unit_numbers[number]);
                let numbers = Renumbering { strata: strata_of, units, domains };
                let merged = whole.merge(part, numbers);
                merged.map_err(|error| explained(&error, 0, |stratum| strata[stratum].clone()))?;
            }
            (Kernel::Replicates(whole), Kernel::Replicates(part)) => whole.merge(part, domains),
            (Kernel::Design(_), Kernel::Replicates(_))
            | (Kernel::Replicates(_), Kernel::Design(_)) => {
                unreachable!("all parts are of the kind that the places ask for")
            }
        }
    }
    Ok(Collected { sums: whole, domains, strata, reading })
}
