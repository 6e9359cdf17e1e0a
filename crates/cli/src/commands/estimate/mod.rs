//! `runde estimate`: a batch of statistical requests, answered in the vocabulary they are asked in.

mod contrasts;
mod data;
mod design;
mod domains;
mod means;
mod models;
mod proportions;
mod quantiles;
mod rates;
mod request;
mod sample;
mod tables;
#[cfg(test)]
mod tests;
mod trends;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use self::data::Library;
use self::request::{Incoming, Request, Spec};
use super::Format;
use crate::failure::refused;
use crate::output;

/// Answer a batch of statistical requests about survey files
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A request is {id, data, design, spec}; an answer is {id, result} or {id, error}. \
                        One that cannot be answered does not keep the others from it.\n\n\
                        Example:\n  runde estimate requests.json --data files --format json"
)]
pub struct Args {
    /// The requests, as a JSON array
    requests: PathBuf,
    /// The folder of the CSV files that requests name
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How to print the answers
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Answers all requests; the status is 1 where any could not be answered.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&args.requests)
        .with_context(|| format!("cannot read {}", args.requests.display()))
        .map_err(|error| refused(format!("{error:#}")))?;
    let requests: Vec<Incoming> = serde_json::from_str(&text).map_err(|error| {
        refused(format!("{} is no array of requests: {error}", args.requests.display()))
    })?;
    let mut library = Library::open(&args.data)?;
    let answers: Vec<Value> =
        requests.iter().map(|incoming| answer(incoming, &mut library)).collect();
    match args.format {
        Format::Json => output::data(&format!("{}\n", Value::from(answers.clone()))),
        Format::Text => answers.iter().for_each(|answer| output::data(&to_text(answer))),
    }
    let failed = answers.iter().filter(|answer| answer.get("error").is_some()).count();
    if failed > 0 {
        output::note(&format!("{failed} of {} requests could not be answered", answers.len()));
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Answers one request with its result or with what is wrong.
fn answer(incoming: &Incoming, library: &mut Library) -> Value {
    match incoming {
        Incoming::Request(request) => match result(request, library) {
            Ok(result) => json!({ "id": request.id, "result": result }),
            Err(error) => json!({ "id": request.id, "error": format!("{error:#}") }),
        },
        Incoming::Unreadable(value) => {
            let problem = serde_json::from_value::<Request>(value.clone()).map_or_else(
                |error| error.to_string(),
                |_| "the request cannot be read".to_owned(),
            );
            json!({ "id": value.get("id"), "error": format!("cannot read the request: {problem}") })
        }
    }
}

/// Computes what a request asks for.
fn result(request: &Request, library: &mut Library) -> anyhow::Result<Value> {
    match &request.spec {
        Spec::Aapor(spec) => rates::aapor(spec),
        Spec::ProportionFpc(spec) => proportions::of_known_population(spec),
        Spec::NonresponseWeights(spec) => rates::nonresponse_weights(spec, request, library),
        Spec::ChangeVariances(spec) => trends::change_variances(spec, request, library),
        Spec::Mean(spec) if spec.by.is_empty() => {
            means::mean(spec, &request.sample(library, spec)?)
        }
        Spec::Total(spec) if spec.by.is_empty() => {
            means::total(spec, &request.sample(library, spec)?)
        }
        Spec::Ratio(spec) if spec.by.is_empty() => {
            means::ratio(spec, &request.sample(library, spec)?)
        }
        Spec::Mean(spec) | Spec::Total(spec) | Spec::Ratio(spec) => {
            domains::estimates(&request.spec, spec, &request.sample(library, spec)?)
        }
        Spec::Var(spec) => means::variance(spec, &request.sample(library, spec)?),
        Spec::Cv(spec) => means::variation(spec, &request.sample(library, spec)?),
        Spec::CronbachAlpha(spec) => means::cronbach_alpha(spec, &request.sample(library, spec)?),
        Spec::Ciprop(spec) => proportions::of_sample(spec, &request.sample(library, spec)?),
        Spec::Quantile(spec) => quantiles::quantiles(spec, &request.sample(library, spec)?),
        Spec::Chisq(spec) => tables::independence(spec, &request.sample(library, spec)?),
        Spec::Gofchisq(spec) => tables::fit(spec, &request.sample(library, spec)?),
        Spec::Table(spec) => tables::table(spec, &request.sample(library, spec)?),
        Spec::Glm(spec) => models::regression(spec, &request.sample(library, spec)?),
        Spec::RegTermTest(spec) => models::term_test(spec, &request.sample(library, spec)?),
        Spec::Ttest(spec) => models::t_test(spec, &request.sample(library, spec)?),
        Spec::Ranktest(spec) => models::rank_test(spec, &request.sample(library, spec)?),
        Spec::Contrast(spec) => contrasts::contrast(spec, &request.sample(library, spec)?),
        Spec::Change(spec) => trends::change(spec, &request.sample(library, spec)?),
        Spec::RelativeChange(spec) => {
            trends::relative_change(spec, &request.sample(library, spec)?)
        }
        Spec::Weights(spec) => Ok(request.sample(library, spec)?.weights()),
    }
}

/// Writes an answer for people: its name, and below it one line for every part.
fn to_text(answer: &Value) -> String {
    let name = answer["id"].as_str().unwrap_or("(without id)");
    if let Some(error) = answer.get("error").and_then(Value::as_str) {
        return format!("{name}\n  error: {error}\n");
    }
    let lines = match &answer["result"] {
        Value::Object(parts) => {
            parts.iter().map(|(key, part)| format!("  {key}: {part}\n")).collect()
        }
        Value::Array(parts) => parts.iter().map(|part| format!("  {part}\n")).collect(),
        part @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            format!("  {part}\n")
        }
    };
    let lines: String = lines;
    format!("{name}\n{lines}")
}
