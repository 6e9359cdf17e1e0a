//! Why a figure cannot be stated.

use estimate::{DesignError, EstimateError, LevelError};
use frame::UnitId;
use instrument::{Code, RoundId};
use thiserror::Error;

/// Why a figure cannot be stated.
#[derive(Clone, Debug, PartialEq, Error)]
pub(crate) enum FigureError {
    /// No variable has this name.
    #[error("round {round} has no variable `{name}`")]
    UnknownVariable { name: String, round: RoundId, near: Option<String> },
    /// The variable has no option with this code.
    #[error("`{variable}` has no option `{code}`")]
    UnknownOption { variable: String, code: Code, known: Vec<String> },
    /// No option at all was given.
    #[error("the list of options of `{0}` is empty")]
    NoOption(String),
    /// The option is a kind of missing, which the plan leaves out of the base.
    #[error("`{code}` of `{variable}` is not in the base of a share: the plan has `base: valid`")]
    NotInBase { variable: String, code: Code },
    /// The variable holds something else than the function needs.
    #[error("`{variable}` holds {held}, but {wanted} is needed")]
    Kind { variable: String, held: &'static str, wanted: &'static str },
    /// The release class keeps the variable inside.
    #[error("`{0}` is not for publication: its release class is `internal`")]
    Internal(String),
    /// Too few answered.
    #[error(
        "`{variable}` was answered by {base} units in {round}, and {limit} are needed to publish a figure"
    )]
    SmallBase { variable: String, round: RoundId, base: usize, limit: usize },
    /// Too few gave this answer.
    #[error("fewer than {limit} units gave this answer to `{variable}`")]
    SmallCell { variable: String, limit: usize },
    /// The figure of the country would give away another one.
    #[error("the figure of `{0}` is not shown: one that is too small could be worked out from it")]
    Complement(String),
    /// The group is too small, or would give away one that is.
    #[error(
        "the figure of `{variable}` for the group `{group}` is not shown: it would tell too much of few units"
    )]
    HiddenGroup { variable: String, group: String },
    /// No unit of the frame is in the group.
    #[error("no unit is in the group `{code}`")]
    UnknownGroup { code: String, known: Vec<String> },
    /// The variable holds no text.
    #[error("`{0}` holds no text that could be quoted")]
    NoText(String),
    /// No answer has this code.
    #[error("no answer to `{variable}` is coded `{code}`, and what is not coded is not published")]
    Uncoded { variable: String, code: Code, known: Vec<String> },
    /// Not so many answers are approved.
    #[error("of the answers to `{variable}` that are coded `{code}`, {approved} may be published")]
    NotApproved { variable: String, code: Code, approved: usize },
    /// The unit has written nothing.
    #[error("unit {unit} has no answer to `{variable}` in the data")]
    NothingWritten { variable: String, unit: UnitId },
    /// The text tells who wrote it.
    #[error("the answer of unit {unit} to `{variable}` names the unit or its county")]
    NamesUnit { variable: String, unit: UnitId },
    /// The round is not the one before.
    #[error("there are no data of round {round} to compare with")]
    Round { round: RoundId, known: Option<RoundId> },
    /// The question was not asked before.
    #[error("`{variable}` has no predecessor in {since}: it is new in this round")]
    New { variable: String, since: RoundId },
    /// The option did not exist before.
    #[error("the option `{code}` of `{variable}` did not exist in {since}")]
    NewOption { variable: String, code: Code, since: RoundId },
    /// The questionnaire says that the two rounds cannot be compared.
    #[error("`{variable}` cannot be compared with {since}: its trend says `comparable: no`")]
    Incomparable { variable: String, since: RoundId },
    /// Nobody was invited.
    #[error("nobody was invited, so there is no response rate")]
    NobodyInvited,
    /// Nobody answered.
    #[error("no unit of round {0} counts as answered, so there is nothing to estimate")]
    NobodyAnswered(RoundId),
    /// The plan weights by something that data sets do not hold.
    #[error("the plan weights by `{0}`, which is not an attribute of the units")]
    Cell(String),
    /// The plan's level is not between 0 and 1.
    #[error(transparent)]
    Level(LevelError),
    /// The weights cannot be made.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// The estimate cannot be made.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}

impl FigureError {
    /// Returns the code under which the guide describes it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            FigureError::UnknownVariable { .. } => "RR0301",
            FigureError::UnknownOption { .. } => "RR0302",
            FigureError::NoOption(_) => "RR0303",
            FigureError::NotInBase { .. } => "RR0304",
            FigureError::Kind { .. } => "RR0305",
            FigureError::Internal(_) => "RR0401",
            FigureError::SmallBase { .. } => "RR0402",
            FigureError::SmallCell { .. } => "RR0403",
            FigureError::HiddenGroup { .. } => "RR0404",
            FigureError::Complement(_) => "RR0405",
            FigureError::NoText(_) => "RR0305",
            FigureError::Uncoded { .. } => "RR0406",
            FigureError::NotApproved { .. } => "RR0407",
            FigureError::NothingWritten { .. } => "RR0408",
            FigureError::NamesUnit { .. } => "RR0409",
            FigureError::UnknownGroup { .. } => "RR0306",
            FigureError::Round { .. } => "RR0501",
            FigureError::New { .. } => "RR0502",
            FigureError::NewOption { .. } => "RR0503",
            FigureError::Incomparable { .. } => "RR0504",
            FigureError::NobodyInvited | FigureError::NobodyAnswered(_) => "RR0601",
            FigureError::Cell(_) => "RR0602",
            FigureError::Level(_) => "RR0603",
            FigureError::Design(_) | FigureError::Estimate(_) => "RR0604",
        }
    }

    /// Returns what to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            FigureError::UnknownVariable { near, .. } => {
                near.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            FigureError::UnknownOption { known, .. } => {
                Some(format!("its options are {}", known.join(", ")))
            }
            FigureError::NoOption(_) => Some("name at least one option".to_owned()),
            FigureError::Kind { .. } => None,
            FigureError::Internal(_) => {
                Some("set `release: tables` in the questionnaire if it may be shown".to_owned())
            }
            FigureError::SmallBase { .. }
            | FigureError::SmallCell { .. }
            | FigureError::Complement(_) => {
                Some("leave the figure out; the limits stand in plan.yaml".to_owned())
            }
            FigureError::HiddenGroup { .. } => Some(
                "leave it out, or choose groups that are larger; the limits stand in plan.yaml"
                    .to_owned(),
            ),
            FigureError::Uncoded { known, .. } => Some(match known.as_slice() {
                [] => "code it in `codes.csv` beside the report".to_owned(),
                known => format!("the codes are {}", known.join(", ")),
            }),
            FigureError::NotApproved { .. } => {
                Some("write `yes` under `approved` in `codes.csv` when it has been read".to_owned())
            }
            FigureError::NothingWritten { .. } => {
                Some("mend the unit or the variable in `codes.csv`".to_owned())
            }
            FigureError::NamesUnit { .. } => {
                Some("quote another answer, or say in your own words what it says".to_owned())
            }
            FigureError::UnknownGroup { known, .. } => {
                Some(format!("the groups are {}", known.join(", ")))
            }
            FigureError::Round { known, .. } => Some(match known {
                Some(known) => format!("the round before is {known}"),
                None => "this is the first round".to_owned(),
            }),
            FigureError::New { .. } | FigureError::NewOption { .. } => Some(
                "state the figure of this round alone, or give the question a `trend`".to_owned(),
            ),
            FigureError::Incomparable { .. } => {
                Some("state the figure of this round alone".to_owned())
            }
            FigureError::Design(_) | FigureError::Estimate(_) => {
                Some("a larger `weighting.smallest_cell` joins more cells".to_owned())
            }
            FigureError::NotInBase { .. }
            | FigureError::NoText(_)
            | FigureError::NobodyInvited
            | FigureError::NobodyAnswered(_)
            | FigureError::Cell(_)
            | FigureError::Level(_) => None,
        }
    }
}
