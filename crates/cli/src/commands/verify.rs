//! `runde verify`: one published statement, tested alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use estimate::Verdict;
use instrument::{Diagnostic, RoundId, render};
use jiff::Timestamp;
use report::{CLAIM, ClaimedValue, Feasibility, Percentage, TestedClaim, feasible};
use serde_json::{Value, json};
use store::StoreUrl;

use super::{Format, STAFF, SurveyArguments};
use crate::failure::refused;
use crate::output;
use crate::stages::{Line, round_input};

/// Test one published statement over the frozen data
#[derive(Debug, clap::Args)]
#[command(after_help = "`==` and `!=` compare the figure with as many decimals as the claim has: \
                        64.7 percent is 65 percent. `<`, `<=`, `>` and `>=` compare the figure as \
                        it is: 64.7 is not 65 or more.\n\nExit status: 0 the claim holds, 1 it \
                        does not, 2 it is no claim.\n\nExamples:\n  \
                        runde verify surveys/kommuneundersokelsen 2023 \
                        \"share('tolk_retningslinjer', 'ja') == 65 percent\"\n  \
                        runde verify surveys/kommuneundersokelsen 2023 \
                        \"change('tolk_retningslinjer', 'ja', since: 2021) == up\"\n  \
                        runde verify --possible \"12.7 percent of 41\"")]
pub struct Verify {
    /// The folder of the survey
    #[arg(required_unless_present = "possible")]
    survey: Option<PathBuf>,
    /// The round that the claim is about, by its year
    #[arg(required_unless_present = "possible")]
    round: Option<RoundId>,
    /// The claim, for instance "share('question', 'option') == 65 percent"
    #[arg(required_unless_present = "possible")]
    claim: Option<String>,
    /// Ask of a figure from elsewhere whether it can be: is some count of the base printed so?
    #[arg(long, value_name = "PERCENTAGE", conflicts_with_all = ["survey", "round", "claim"])]
    possible: Option<String>,
    /// The database, as `sqlite:FILE` or `postgres://USER@HOST/DATABASE` [default: SURVEY/.runde/runde.db]
    #[arg(long, value_name = "URL", env = "RUNDE_STORE", hide_env_values = true)]
    store: Option<StoreUrl>,
    /// Work as if it were this time, for instance 2025-11-03T09:00:00+01:00 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// How to print what came out
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The exit status of a text that is no claim.
const NO_CLAIM: u8 = 2;

impl Verify {
    /// Prints what the data say of the claim; the status says whether it holds.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        if let Some(text) = &self.possible {
            return Ok(possible(text, self.format));
        }
        // The command line has made sure that the three are there.
        let (Some(survey), Some(round), Some(claim)) = (self.survey, self.round, self.claim) else {
            return Ok(ExitCode::from(NO_CLAIM));
        };
        let arguments = SurveyArguments { survey, store: self.store, at: self.at };
        let opened = arguments.open().await?;
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        opened.folder.round(round)?;
        let datasets = line.datasets().await?;
        opened.store.close().await;
        let input = round_input(&opened.folder, &datasets, round).ok_or_else(|| {
            refused(format!("round {round} has not been frozen; run `runde freeze` first"))
        })?;
        match report::verify(&input, &claim) {
            Ok(tested) => {
                output::data(&match self.format {
                    Format::Text => to_text(&claim, &tested),
                    Format::Json => format!("{:#}\n", to_json(&claim, &tested)),
                });
                Ok(ExitCode::from(u8::from(!tested.holds)))
            }
            Err(diagnostic) => {
                output::note(&told(&claim, &diagnostic));
                Ok(ExitCode::from(NO_CLAIM))
            }
        }
    }
}

fn told(claim: &str, diagnostic: &Diagnostic) -> String {
    let sources = BTreeMap::from([(CLAIM.to_owned(), claim.to_owned())]);
    render(std::slice::from_ref(diagnostic), &sources, false)
}

fn to_text(claim: &str, tested: &TestedClaim) -> String {
    let verdict = if tested.holds { "holds" } else { "does not hold" };
    let value = match tested.value {
        ClaimedValue::Number { value, percent, rounded } => {
            let unit = if percent { " percent" } else { "" };
            let compared = rounded.map_or(String::new(), |rounded| {
                let decimals = match rounded.decimals {
                    0 => "no decimals".to_owned(),
                    1 => "1 decimal".to_owned(),
                    more => format!("{more} decimals"),
                };
                format!(
                    ", compared as {:.*} ({decimals}, as in the claim)",
                    rounded.decimals, rounded.value
                )
            });
            format!("{value:.2}{unit}{compared}")
        }
        ClaimedValue::Change { verdict, before, after, difference } => format!(
            "{}: from {before:.1} to {after:.1} percent, {difference:+.1} percentage points",
            word(verdict)
        ),
    };
    let interval = tested.interval.map_or("none: it is a count".to_owned(), |(low, high)| {
        format!("{low:.1} to {high:.1} (95 percent)")
    });
    let base = tested.base;
    format!("{verdict}: {claim}\n  value     {value}\n  base      {base}\n  interval  {interval}\n")
}

fn to_json(claim: &str, tested: &TestedClaim) -> Value {
    let value = match tested.value {
        ClaimedValue::Number { value, percent, rounded } => json!({
            "value": value,
            "unit": if percent { "percent" } else { "number" },
            "rounded": rounded.map(|rounded| rounded.value),
            "decimals": rounded.map(|rounded| rounded.decimals),
        }),
        ClaimedValue::Change { verdict, before, after, difference } => json!({
            "verdict": word(verdict),
            "before": before,
            "after": after,
            "difference": difference,
        }),
    };
    json!({
        "claim": claim,
        "holds": tested.holds,
        "figure": value,
        "base": tested.base,
        "interval": tested.interval.map(|(low, high)| [low, high]),
    })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Up => "up",
        Verdict::Down => "down",
        Verdict::Same => "same",
        Verdict::Unclear => "unclear",
    }
}

fn possible(text: &str, format: Format) -> ExitCode {
    let percentage = match Percentage::read(text) {
        Ok(percentage) => percentage,
        Err(error) => {
            output::note(&format!("error: {error}"));
            return ExitCode::from(NO_CLAIM);
        }
    };
    let found = feasible(percentage);
    output::data(&match format {
        Format::Text => format!("{}\n", possible_text(text, percentage, &found)),
        Format::Json => {
            let json = json!({
                "claim": text,
                "possible": found.counts.is_some(),
                "counts": found.counts.map(|(low, high)| [low, high]),
                "telling": found.telling,
            });
            format!("{json:#}\n")
        }
    });
    ExitCode::from(u8::from(found.counts.is_none()))
}

fn possible_text(text: &str, percentage: Percentage, found: &Feasibility) -> String {
    let base = percentage.base;
    let decimals = percentage.decimals as usize;
    let printed = |count: u64| {
        let percent = count as f64 * 100.0 / base as f64;
        format!("{count} of {base} is {percent:.decimals$} percent")
    };
    match found.counts {
        None => {
            let (below, above) = found.around;
            format!("impossible: {text}\n  {}, {}", printed(below), printed(above))
        }
        Some(_) if !found.telling => format!(
            "possible: {text}\n  every percentage is: the base is too large for this test to tell"
        ),
        Some((low, high)) if low == high => format!("possible: {text}\n  {}", printed(low)),
        Some((low, high)) => format!("possible: {text}\n  {low} to {high} of {base}"),
    }
}
