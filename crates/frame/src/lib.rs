//! Whom we ask: the units of a round, how they change between rounds, and who answered.

mod changes;
mod disposition;
mod read;
mod unit;

pub mod rules;

pub use changes::{Change, ChangeKind, Changes, Successor};
pub use disposition::{Disposition, Dispositions};
pub use read::{changes, frame};
pub use unit::{Frame, InvalidUnitId, UNIT_NAMES, Unit, UnitId, UnitKind};
