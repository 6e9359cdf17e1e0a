//! `findings.json`: a row for every figure that a report states.

use instrument::RoundId;
use serde::{Serialize, Serializer};

use crate::published::PublishedUnit;

/// One figure that a report states, in the form of `findings.json`.
///
/// Shares and rates are in percent (`65.1163`, rounded `65`); means and medians in their own unit.
/// `se`, `ci_low`, `ci_high` and `rounded` belong to the value that is published: `value` where the
/// plan's estimator is unweighted, `value_weighted` where it is weighted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The variable's name with `_` for `.`, or `svarprosent` for the response rate.
    pub id: String,
    /// The option's code, codes joined with `+`; `mean` or `median` of a number; `net:` and the two
    /// lists of codes, parted by `-`, of a net share; otherwise empty.
    pub option: String,
    /// The group of units that it is of, such as `size=under_5000`; left out for the whole country.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The round that it is a figure of.
    #[serde(serialize_with = "year")]
    pub round: RoundId,
    /// The value where every respondent counts as one.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// The value where respondents stand for those of their cell who did not answer; `null` for the
    /// response rate, which is a count over the frame.
    #[serde(serialize_with = "optional_number")]
    pub value_weighted: Option<f64>,
    /// The standard error; `null` where the figure is a count, not an estimate.
    #[serde(serialize_with = "optional_number")]
    pub se: Option<f64>,
    /// The lower end of the 95 percent interval.
    #[serde(serialize_with = "optional_number")]
    pub ci_low: Option<f64>,
    /// The upper end of the 95 percent interval.
    #[serde(serialize_with = "optional_number")]
    pub ci_high: Option<f64>,
    /// How many units it is taken of.
    pub base: usize,
    /// The value as the report prints it.
    #[serde(serialize_with = "number")]
    pub rounded: f64,
    /// The place in a ranking that the report states, 1 for the most often named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// What was published before.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional_number")]
    pub published: Option<f64>,
    /// What the published value counts: a finding with a rank may have been published as a percentage.
    #[serde(skip)]
    pub published_unit: Option<PublishedUnit>,
    /// Whether the published value was not printed, but follows from one that was.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
}

/// One line of the comparison with what was published before.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison<'a> {
    /// The figure.
    pub finding: &'a Finding,
    /// What was published.
    pub published: f64,
    /// What the published value counts.
    pub unit: PublishedUnit,
    /// Whether the two are the same.
    pub ok: bool,
}

/// Returns the findings that were published before, each beside its published value.
pub fn compare_table(findings: &[Finding]) -> Vec<Comparison<'_>> {
    findings
        .iter()
        .filter_map(|finding| {
            let (published, unit) = finding.published.zip(finding.published_unit)?;
            let ok = match unit {
                PublishedUnit::Percent => finding.rounded == published,
                PublishedUnit::Rank => finding.rank.map(|rank| rank as f64) == Some(published),
            };
            Some(Comparison { finding, published, unit, ok })
        })
        .collect()
}

/// Returns the bytes of `findings.json`: one finding a line.
pub fn encode_findings(findings: &[Finding]) -> Vec<u8> {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| serde_json::to_string(finding).expect("numbers and texts become JSON"))
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n")).into_bytes()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn year<S: Serializer>(round: &RoundId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(round.year())
}

/// Writes four decimals at most, and whole numbers without a point.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let short = (value * 1e4).round() / 1e4;
    if short.fract() == 0.0 && short.abs() < 1e15 {
        serializer.serialize_i64(short as i64)
    } else {
        serializer.serialize_f64(short)
    }
}

fn optional_number<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}
