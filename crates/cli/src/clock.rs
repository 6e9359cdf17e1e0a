//! The only clock: everything else takes the time as an argument.

use std::time::Instant;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's own.
    System,
    /// A time that was given, running on from there: the demo's, so that its round is in the field.
    From {
        /// The time that was given.
        start: Timestamp,
        /// When the clock was started.
        since: Instant,
    },
}

impl Clock {
    /// Returns a clock that begins at `start`, or the machine's own.
    pub fn starting_at(start: Option<Timestamp>) -> Clock {
        match start {
            Some(start) => Clock::From { start, since: Instant::now() },
            None => Clock::System,
        }
    }

    /// Returns the time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::From { start, since } => {
                let elapsed = SignedDuration::try_from(since.elapsed()).unwrap_or_default();
                start.checked_add(elapsed).unwrap_or(start)
            }
        }
    }
}

/// Returns the moment when `date` begins in Oslo, where the surveys are.
pub fn start_of(date: Date) -> anyhow::Result<Timestamp> {
    let oslo = TimeZone::get("Europe/Oslo")?;
    Ok(date.to_zoned(oslo)?.timestamp())
}
