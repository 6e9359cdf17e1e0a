//! Typed columns and the kinds of missing.

/// The values of one variable, a cell for each unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Indexes into the options of the codebook.
    Category(Vec<Cell<u16>>),
    /// Sets of indexes into the options of the codebook, ascending; never empty.
    Categories(Vec<Cell<Vec<u16>>>),
    /// Whole numbers.
    Integer(Vec<Cell<i64>>),
    /// Finite numbers.
    Decimal(Vec<Cell<f64>>),
    /// Texts.
    Text(Vec<Cell<String>>),
}

/// A value, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<T> {
    /// A substantive answer.
    Valid(T),
    /// No substantive answer.
    Missing(Missing),
}

/// Why there is no substantive answer. The last three are answers all the same: the informant
/// chose them, and they count in the base of a share unless it is taken of the valid answers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// The unit did not answer at all, or too little to count.
    NoResponse,
    /// The unit answered, but did not hand in this section.
    NotHandedIn,
    /// The question is off the unit's path.
    NotAsked,
    /// Asked and left blank.
    NotAnswered,
    /// "Don't know".
    DontKnow,
    /// "Not relevant for us".
    NotRelevant,
    /// "Will not answer".
    WillNotAnswer,
}

impl Missing {
    /// Every kind, in the order in which files list them.
    pub const ALL: [Missing; 7] = [
        Missing::NoResponse,
        Missing::NotHandedIn,
        Missing::NotAsked,
        Missing::NotAnswered,
        Missing::DontKnow,
        Missing::NotRelevant,
        Missing::WillNotAnswer,
    ];

    /// Returns the code under which files keep it.
    pub fn as_str(self) -> &'static str {
        match self {
            Missing::NoResponse => "no_response",
            Missing::NotHandedIn => "not_handed_in",
            Missing::NotAsked => "not_asked",
            Missing::NotAnswered => "not_answered",
            Missing::DontKnow => "dont_know",
            Missing::NotRelevant => "not_relevant",
            Missing::WillNotAnswer => "will_not_answer",
        }
    }

    /// Returns whether the informant chose it: an answer, though not a substantive one.
    pub fn is_answer(self) -> bool {
        match self {
            Missing::DontKnow | Missing::NotRelevant | Missing::WillNotAnswer => true,
            Missing::NoResponse
            | Missing::NotHandedIn
            | Missing::NotAsked
            | Missing::NotAnswered => false,
        }
    }
}

impl From<instrument::MissingKind> for Missing {
    fn from(kind: instrument::MissingKind) -> Missing {
        match kind {
            instrument::MissingKind::DontKnow => Missing::DontKnow,
            instrument::MissingKind::NotRelevant => Missing::NotRelevant,
            instrument::MissingKind::WillNotAnswer => Missing::WillNotAnswer,
        }
    }
}

impl Column {
    /// Returns how many units it has a cell for.
    pub fn len(&self) -> usize {
        match self {
            Column::Category(cells) => cells.len(),
            Column::Categories(cells) => cells.len(),
            Column::Integer(cells) => cells.len(),
            Column::Decimal(cells) => cells.len(),
            Column::Text(cells) => cells.len(),
        }
    }

    /// Returns whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns why the unit's cell holds no substantive answer; `None` where it holds one.
    pub fn missing(&self, unit: usize) -> Option<Missing> {
        match self {
            Column::Category(cells) => cells[unit].missing(),
            Column::Categories(cells) => cells[unit].missing(),
            Column::Integer(cells) => cells[unit].missing(),
            Column::Decimal(cells) => cells[unit].missing(),
            Column::Text(cells) => cells[unit].missing(),
        }
    }

    /// Returns whether the unit gave an answer, "don't know" included.
    pub fn answered(&self, unit: usize) -> bool {
        self.missing(unit).is_none_or(Missing::is_answer)
    }
}

impl<T> Cell<T> {
    /// Returns the substantive answer.
    pub fn valid(&self) -> Option<&T> {
        match self {
            Cell::Valid(value) => Some(value),
            Cell::Missing(_) => None,
        }
    }

    /// Returns why there is no substantive answer.
    pub fn missing(&self) -> Option<Missing> {
        match self {
            Cell::Valid(_) => None,
            Cell::Missing(missing) => Some(*missing),
        }
    }
}
