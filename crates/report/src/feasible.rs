//! Whether a foreign percentage can be what it says: a count of its base (the GRIM test of Brown and
//! Heathers 2017, Social Psychological and Personality Science 8).

use thiserror::Error;

/// A percentage and the base that it is said to be taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// The percentage in units of its last decimal: 127 for 12.7.
    pub units: u64,
    /// How many decimals are printed.
    pub decimals: u32,
    /// The base.
    pub base: u64,
}

/// What can be said of a percentage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feasibility {
    /// The counts that are printed so; none where the percentage is impossible.
    pub counts: Option<(u64, u64)>,
    /// The counts whose percentages lie next to it, below and above.
    pub around: (u64, u64),
    /// Whether the base is so small that some percentages are impossible. Where it is not, the test
    /// cannot tell.
    pub telling: bool,
}

/// Why a text is no percentage of a base.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PercentageError {
    /// The form is another.
    #[error("`{0}` is not a percentage of a base; write for instance \"12.7 percent of 41\"")]
    Form(String),
    /// The percentage is over 100.
    #[error("`{0}` is more than 100 percent; a count cannot be more than its base")]
    OverAll(String),
    /// The base or the number of decimals is out of reach.
    #[error("`{0}` is out of range: a base is from 1 to 1000000000, with 6 decimals at most")]
    Range(String),
}

const LARGEST_BASE: u64 = 1_000_000_000;
const MOST_DECIMALS: usize = 6;

impl Percentage {
    /// Reads "12.7 percent of 41", also with a decimal comma, `%`, "prosent" and "av".
    pub fn read(text: &str) -> Result<Percentage, PercentageError> {
        let form = || PercentageError::Form(text.to_owned());
        let range = || PercentageError::Range(text.to_owned());
        let (share, base) =
            [" of ", " av "].iter().find_map(|word| text.split_once(word)).ok_or_else(form)?;
        let number = ["percent", "prosent", "%"]
            .iter()
            .find_map(|word| share.trim().strip_suffix(word))
            .ok_or_else(form)?
            .trim();
        let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
        let broken = number.ends_with(['.', ',']) || whole.is_empty();
        if broken || !digits(whole) || !digits(decimals) || !digits(base.trim()) {
            return Err(form());
        }
        if decimals.len() > MOST_DECIMALS {
            return Err(range());
        }
        let units: u64 = format!("{whole}{decimals}").parse().map_err(|_| range())?;
        let base: u64 = base.trim().parse().map_err(|_| form())?;
        if base == 0 || base > LARGEST_BASE {
            return Err(range());
        }
        let percentage = Percentage { units, decimals: decimals.len() as u32, base };
        if units > percentage.all() {
            return Err(PercentageError::OverAll(text.to_owned()));
        }
        Ok(percentage)
    }

    /// Returns 100 percent in units of the last decimal.
    fn all(self) -> u64 {
        100 * 10_u64.pow(self.decimals)
    }

    /// Returns whether a count of the base is printed as this percentage. A half may have been
    /// rounded either way.
    fn prints(self, count: u64) -> bool {
        let exact = u128::from(count) * u128::from(self.all());
        let claimed = u128::from(self.units) * u128::from(self.base);
        2 * exact.abs_diff(claimed) <= u128::from(self.base)
    }
}

/// Tests whether a percentage can be a count of its base.
pub fn feasible(percentage: Percentage) -> Feasibility {
    let Percentage { units, base, .. } = percentage;
    let all = u128::from(percentage.all());
    let below = (u128::from(units) * u128::from(base) / all) as u64;
    let around = (below, (below + 1).min(base));
    // The counts that print alike lie side by side around the exact one.
    let mut low = below + 1;
    while low > 0 && percentage.prints(low - 1) {
        low -= 1;
    }
    let mut high = below;
    while high < base && percentage.prints(high + 1) {
        high += 1;
    }
    let some = low <= high && percentage.prints(low);
    Feasibility { counts: some.then_some((low, high)), around, telling: u128::from(base) < all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_as_they_are_printed() {
        for (text, units, decimals, base) in [
            ("12.7 percent of 41", 127, 1, 41),
            ("12,7 prosent av 41", 127, 1, 41),
            ("65% of 200", 65, 0, 200),
            (" 0 % av  3 ", 0, 0, 3),
        ] {
            assert_eq!(Percentage::read(text), Ok(Percentage { units, decimals, base }), "{text}");
        }
        for text in ["", "12.7", "12.7 of 41", "x percent of 41", "1. percent of 2", "-1 % of 2"] {
            assert!(matches!(Percentage::read(text), Err(PercentageError::Form(_))), "{text}");
        }
        assert!(matches!(Percentage::read("101 % of 2"), Err(PercentageError::OverAll(_))));
        for text in ["1 % of 0", "1.0000000 % of 2", "1 % of 99999999999"] {
            assert!(matches!(Percentage::read(text), Err(PercentageError::Range(_))), "{text}");
        }
    }

    #[test]
    fn a_count_of_the_base_must_print_so() {
        let ask = |text| feasible(Percentage::read(text).expect("a percentage"));
        // 5 of 41 is 12.195 and 6 of 41 is 14.634 percent: nothing prints as 12.7.
        let impossible = ask("12.7 percent of 41");
        assert_eq!((impossible.counts, impossible.around), (None, (5, 6)));
        assert_eq!(ask("12.2 percent of 41").counts, Some((5, 5)));
        // 1 of 8 is 12.5: it may be printed as 12 or as 13.
        assert_eq!(ask("12 percent of 8").counts, Some((1, 1)));
        assert_eq!(ask("13 percent of 8").counts, Some((1, 1)));
        assert_eq!(ask("100 percent of 7").counts, Some((7, 7)));
        assert_eq!(ask("0 percent of 7").counts, Some((0, 0)));
        // Of 1000, 645 to 655 are 64.5 to 65.5 percent.
        let wide = ask("65 percent of 1000");
        assert_eq!((wide.counts, wide.telling), (Some((645, 655)), false));
    }

    #[test]
    fn what_is_feasible_is_what_some_count_prints() {
        // Second derivation: all counts of all small bases, rounded in both ways.
        for base in 1..=60_u64 {
            for units in 0..=1000_u64 {
                let prints = |count: &u64| {
                    let tenths = *count as f64 * 1000.0 / base as f64;
                    (tenths - units as f64).abs() <= 0.5 + 1e-9
                };
                let found: Vec<u64> = (0..=base).filter(prints).collect();
                let told = feasible(Percentage { units, decimals: 1, base }).counts;
                assert_eq!(told, found.first().copied().zip(found.last().copied()));
            }
        }
    }
}
