//! The requests as they are written in JSON.

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An element of the array of requests: unreadable ones get an answer too.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Incoming {
    Request(Box<Request>),
    Unreadable(Value),
}

/// One question.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub id: String,
    /// The files in play; the first holds the sample.
    #[serde(default)]
    pub data: OneOrMore<String>,
    pub design: Option<DesignSpec>,
    pub spec: Spec,
}

/// How the sample was drawn and weighted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DesignSpec {
    pub kind: Option<DesignKind>,
    pub ids: Vec<String>,
    pub strata: Vec<String>,
    pub weights: Option<String>,
    pub fpc: Vec<String>,
    pub fpc_kind: Option<FpcKind>,
    pub nest: bool,
    pub lonely_psu: LonelyName,
    pub adjust_domain_lonely: bool,
    /// Whether only the first stage counts for variance.
    pub ultimate_cluster: bool,
    pub pps: Option<PpsSpec>,
    /// What the file says of the pps method in words; Yates and Grundy's estimator is named only here.
    pub pps_note: Option<String>,
    pub replicates: Option<ReplicatesSpec>,
    /// How replicate weights are to be made where none are given: JK1, JKn, BRR, Fay, successive-difference.
    #[serde(rename = "type")]
    pub replicate_type: Option<String>,
    /// The damping of Fay's replicates.
    pub rho: Option<f64>,
    /// The design that this one was derived from.
    pub base_design: Option<Box<DesignSpec>>,
    pub calibration: Vec<CalibrationSpec>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DesignKind {
    Linearization,
    Pps,
    Replicate,
    Calibrated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FpcKind {
    Popsize,
    Fraction,
    InclusionProbability,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LonelyName {
    #[default]
    Fail,
    Remove,
    Certainty,
    Average,
    Adjust,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PpsSpec {
    pub method: PpsMethod,
    pub sum_p2_over_n: Option<f64>,
    pub file: Option<String>,
    /// `HT` or `YG`.
    pub variance: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PpsMethod {
    Brewer,
    Overton,
    HartleyRao,
    Poisson,
    JointProbabilities,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct ReplicatesSpec {
    pub file: String,
    pub scale: f64,
    pub rscales: Vec<f64>,
    #[serde(default)]
    pub mse: bool,
    #[serde(default)]
    pub combined_weights: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(super) enum CalibrationSpec {
    Poststratify {
        by: Margin,
    },
    Rake {
        margins: Vec<Margin>,
    },
    Calibrate(CalibrateSpec),
    Trim {
        lower: Option<f64>,
        upper: Option<f64>,
        #[serde(default)]
        strict: bool,
    },
    Standardize {
        by: Margin,
        over: OneOrMore<String>,
    },
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Margin {
    pub var: OneOrMore<String>,
    pub levels: Vec<String>,
    pub totals: Vec<f64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct CalibrateSpec {
    pub formula: String,
    #[serde(default)]
    pub calfun: CalibrationFunction,
    pub bounds: Option<(Option<f64>, Option<f64>)>,
    pub population: Totals,
    pub aggregate_stage: Option<usize>,
    /// Present where residual variance is proportional to the auxiliary variable (the ratio estimator).
    pub variance: Option<Value>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CalibrationFunction {
    #[default]
    Linear,
    Raking,
    Logit,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Totals {
    #[serde(default)]
    pub names: Vec<String>,
    pub totals: Vec<f64>,
}

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "fn")]
pub(super) enum Spec {
    #[serde(rename = "mean")]
    Mean(EstimateSpec),
    #[serde(rename = "total")]
    Total(EstimateSpec),
    #[serde(rename = "ratio")]
    Ratio(EstimateSpec),
    #[serde(rename = "var")]
    Var(EstimateSpec),
    #[serde(rename = "cv")]
    Cv(EstimateSpec),
    #[serde(rename = "cronbach_alpha")]
    CronbachAlpha(EstimateSpec),
    #[serde(rename = "weights")]
    Weights(EstimateSpec),
    #[serde(rename = "ciprop")]
    Ciprop(EstimateSpec),
    #[serde(rename = "quantile")]
    Quantile(QuantileSpec),
    #[serde(rename = "chisq")]
    Chisq(TableSpec),
    #[serde(rename = "gofchisq")]
    Gofchisq(FitSpec),
    #[serde(rename = "table")]
    Table(TableSpec),
    #[serde(rename = "glm")]
    Glm(ModelSpec),
    #[serde(rename = "regTermTest")]
    RegTermTest(ModelSpec),
    #[serde(rename = "ttest")]
    Ttest(ModelSpec),
    #[serde(rename = "ranktest")]
    Ranktest(RankSpec),
    #[serde(rename = "contrast")]
    Contrast(ContrastSpec),
    #[serde(rename = "change")]
    Change(EstimateSpec),
    #[serde(rename = "relative change")]
    RelativeChange(EstimateSpec),
    #[serde(rename = "change variance estimators")]
    ChangeVariances(EstimateSpec),
    #[serde(rename = "aapor")]
    Aapor(AaporSpec),
    #[serde(rename = "proportion_fpc")]
    ProportionFpc(ProportionSpec),
    #[serde(rename = "nonresponse_weights")]
    NonresponseWeights(ResponseSpec),
}

/// A request for estimates, in a domain and by domains.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EstimateSpec {
    pub x: OneOrMore<String>,
    pub numerator: OneOrMore<String>,
    pub denominator: Option<OneOrMore<String>>,
    pub by: OneOrMore<String>,
    pub subset: Vec<Condition>,
    pub na_rm: bool,
    pub covmat: bool,
    pub deff: Deff,
    pub method: ProportionMethod,
    pub level: Option<f64>,
    pub drop_empty_groups: Option<bool>,
    /// `JK1 by unit`: variance by leaving out one sampling unit at a time.
    pub replicate: Option<String>,
}

/// Which design effect is wanted: none, or over sampling without or with replacement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Deff {
    #[default]
    None,
    WithoutReplacement,
    Replace,
}

impl<'de> Deserialize<'de> for Deff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(true) => Ok(Self::WithoutReplacement),
            Value::Bool(false) | Value::Null => Ok(Self::None),
            Value::String(name) if name == "none" => Ok(Self::None),
            Value::String(name) if name == "srswor" => Ok(Self::WithoutReplacement),
            Value::String(name) if name == "replace" => Ok(Self::Replace),
            Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err(serde::de::Error::custom("`deff` is none, srswor or replace"))
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ProportionMethod {
    #[default]
    Logit,
    Likelihood,
    Asin,
    Beta,
    Mean,
    Xlogit,
    Wilson,
}

#[derive(Debug, Deserialize)]
pub(super) struct QuantileSpec {
    pub x: OneOrMore<String>,
    pub p: Vec<f64>,
    #[serde(default)]
    pub by: OneOrMore<String>,
    #[serde(default)]
    pub qrule: QuantileRuleName,
    #[serde(default)]
    pub interval_type: IntervalType,
    #[serde(default)]
    pub subset: Vec<Condition>,
    #[serde(default)]
    pub na_rm: bool,
    pub alpha: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum QuantileRuleName {
    #[default]
    Math,
    School,
    Shahvaish,
    Hf1,
    Hf2,
    Hf3,
    Hf4,
    Hf5,
    Hf6,
    Hf7,
    Hf8,
    Hf9,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum IntervalType {
    #[default]
    Mean,
    Beta,
    Xlogit,
    Asin,
    Score,
    Quantile,
}

#[derive(Debug, Deserialize)]
pub(super) struct TableSpec {
    #[serde(alias = "rows")]
    pub row: String,
    #[serde(alias = "cols")]
    pub col: String,
    #[serde(default)]
    pub statistic: TableStatistic,
    /// What the table is scaled to add up to.
    pub total: Option<f64>,
    #[serde(default)]
    pub subset: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) enum TableStatistic {
    #[default]
    F,
    Chisq,
    Wald,
    #[serde(rename = "adjWald")]
    AdjWald,
    #[serde(rename = "lincom")]
    Lincom,
    #[serde(rename = "saddlepoint")]
    Saddlepoint,
}

#[derive(Debug, Deserialize)]
pub(super) struct FitSpec {
    pub x: String,
    pub p: Vec<f64>,
    #[serde(default)]
    pub subset: Vec<Condition>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ModelSpec {
    pub formula: String,
    #[serde(default)]
    pub family: FamilyName,
    pub term: Option<String>,
    pub level: Option<f64>,
    #[serde(default)]
    pub subset: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FamilyName {
    #[default]
    Gaussian,
    #[serde(alias = "binomial")]
    Quasibinomial,
    #[serde(alias = "poisson")]
    Quasipoisson,
}

#[derive(Debug, Deserialize)]
pub(super) struct RankSpec {
    pub y: String,
    pub group: String,
    #[serde(default)]
    pub test: RankTestName,
    #[serde(default)]
    pub subset: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) enum RankTestName {
    #[default]
    #[serde(rename = "wilcoxon", alias = "KruskalWallis")]
    Wilcoxon,
    #[serde(rename = "vanderWaerden")]
    VanDerWaerden,
    #[serde(rename = "median")]
    Median,
}

#[derive(Debug, Deserialize)]
pub(super) struct ContrastSpec {
    /// What is contrasted, in words: `mean`, `total` or `by mean X by Y`.
    pub of: String,
    #[serde(default)]
    pub x: OneOrMore<String>,
    pub contrast: Option<Coefficients>,
    pub contrasts: Option<InOrder<Coefficients>>,
    pub expression: Option<String>,
    pub note: Option<String>,
    pub level: Option<f64>,
    #[serde(default)]
    pub na_rm: bool,
    #[serde(default)]
    pub subset: Vec<Condition>,
}

/// The coefficients of a linear contrast: by name, by position, or in words (the mean of all).
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Coefficients {
    Named(InOrder<f64>),
    Listed(Vec<f64>),
    Words(String),
}

#[derive(Debug, Deserialize)]
pub(super) struct AaporSpec {
    /// The share of cases of unknown eligibility that is eligible; words for an estimate from the rest.
    pub e: Value,
    pub dispositions: Dispositions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dispositions {
    #[serde(rename = "I")]
    pub complete: f64,
    #[serde(rename = "P")]
    pub partial: f64,
    #[serde(rename = "R")]
    pub refusal: f64,
    #[serde(rename = "NC")]
    pub non_contact: f64,
    #[serde(rename = "O")]
    pub other: f64,
    #[serde(rename = "UH")]
    pub unknown_household: f64,
    #[serde(rename = "UO")]
    pub unknown_other: f64,
    #[serde(rename = "NE")]
    pub not_eligible: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct ProportionSpec {
    pub k: u64,
    pub n: u64,
    #[serde(rename = "N")]
    pub population: u64,
    pub level: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ResponseSpec {
    /// Documentation in words; `cells` or `formula` decide.
    #[serde(default)]
    pub method: String,
    #[serde(default)]
    pub cells: OneOrMore<String>,
    pub formula: Option<String>,
}

/// A condition that elements of a domain meet.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Condition {
    pub var: String,
    pub op: Comparison,
    pub value: OneOrMore<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Comparison {
    #[serde(rename = "==")]
    Equal,
    #[serde(rename = "!=")]
    Unequal,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = ">")]
    More,
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "%in%")]
    In,
}

/// A list that may be written as its only element.
#[derive(Debug, Clone)]
pub(super) struct OneOrMore<T> {
    pub items: Vec<T>,
    /// Whether it was written as an element and not as a list.
    pub single: bool,
}

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self { items: Vec::new(), single: false }
    }
}

impl<T> OneOrMore<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written<T> {
            More(Vec<T>),
            One(T),
            Nothing(()),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::More(items) => Self { items, single: false },
            Written::One(item) => Self { items: vec![item], single: true },
            Written::Nothing(()) => Self::default(),
        })
    }
}

/// A JSON object whose order is kept, because results come in it.
#[derive(Debug, Clone)]
pub(super) struct InOrder<T>(pub Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for InOrder<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = InOrder<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(InOrder(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}
