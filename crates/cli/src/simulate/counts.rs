//! Counts: how many of a base give each answer, so that the whole percent comes out.
//!
//! All of it is arithmetic of whole numbers: a share is a whole percent, and a count either rounds
//! to it or does not.

use instrument::Choice;

/// Shares of several options together that must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The options, as indexes.
    pub options: Vec<usize>,
    /// Their share together, in percent.
    pub percent: usize,
}

/// Returns the count out of `base` that comes nearest to a share.
pub fn nearest(percent: usize, base: usize) -> usize {
    (percent * base + 50) / 100
}

/// Whether `count` of `base` is `percent` when rounded to a whole percent. A tie is not: it would
/// hang on how a figure is rounded.
pub fn comes_out(count: usize, base: usize, percent: usize) -> bool {
    (200 * count).abs_diff(2 * percent * base) < base
}

/// Divides `base` among options that exclude each other: the nearest division in which every option
/// and every joined share comes out. Where there is none, the joined shares come first; where not
/// even they can be met, it is the nearest of all.
pub fn divide(shares: &[usize], base: usize, joined: &[Joined]) -> Vec<usize> {
    let rules = [(true, joined), (false, joined), (false, &[])];
    let division = rules.into_iter().find_map(|(every_option, joined)| {
        let mut search = Search { shares, base, joined, every_option, best: None };
        search.go(&mut vec![], 0);
        search.best.map(|(_, counts)| counts)
    });
    division.expect("whole parts and one more for the largest remainders make a division")
}

/// A search through all divisions that come out, option by option.
struct Search<'a> {
    shares: &'a [usize],
    base: usize,
    joined: &'a [Joined],
    /// Whether the share of every single option must come out.
    every_option: bool,
    /// The nearest division so far, and its distance from the shares.
    best: Option<(usize, Vec<usize>)>,
}

impl Search<'_> {
    fn go(&mut self, counts: &mut Vec<usize>, distance: usize) {
        if self.best.as_ref().is_some_and(|(best, _)| *best <= distance) {
            return;
        }
        let given: usize = counts.iter().sum();
        let Some(percent) = self.shares.get(counts.len()).copied() else {
            if given == self.base && self.joined.iter().all(|joined| self.fits(joined, counts)) {
                self.best = Some((distance, counts.clone()));
            }
            return;
        };
        for count in self.candidates(percent) {
            if given + count <= self.base {
                counts.push(count);
                self.go(counts, distance + off(count, percent, self.base));
                counts.pop();
            }
        }
    }

    fn fits(&self, joined: &Joined, counts: &[usize]) -> bool {
        let count = joined.options.iter().map(|option| counts[*option]).sum();
        comes_out(count, self.base, joined.percent)
    }

    /// Returns the counts that an option may have, the nearest to its share first.
    fn candidates(&self, percent: usize) -> Vec<usize> {
        // A share of nothing is nobody, though in a large base one would still round to it.
        if percent == 0 {
            return vec![0];
        }
        let nearest = nearest(percent, self.base);
        let around = nearest.saturating_sub(1)..=nearest + 1;
        let mut counts: Vec<usize> = around
            .filter(|count| !self.every_option || comes_out(*count, self.base, percent))
            .collect();
        counts.sort_by_key(|count| off(*count, percent, self.base));
        counts
    }
}

/// How far a count is from its share, in hundredths of a case.
fn off(count: usize, percent: usize, base: usize) -> usize {
    (100 * count).abs_diff(percent * base)
}

/// How many options a case may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The fewest; at least 1, since choosing nothing is no answer.
    pub min: usize,
    /// The most.
    pub max: usize,
}

/// Whether an option of a multiple choice shuts out the others: because the questionnaire says so,
/// or because it says that there is no answer.
pub fn stands_alone(option: &Choice) -> bool {
    option.exclusive || option.missing.is_some()
}

/// Returns how many of `base` choose each option of a multiple choice. Each is the nearest count to
/// its share, unless too few or too many would then be chosen in all, as in a very small base.
pub fn spread(options: &[Choice], shares: &[usize], base: usize, bounds: Bounds) -> Vec<usize> {
    let (alone, others): (Vec<usize>, Vec<usize>) =
        (0..options.len()).partition(|option| stands_alone(&options[*option]));
    let mut counts: Vec<usize> = shares.iter().map(|percent| nearest(*percent, base)).collect();
    let mut left = base;
    for option in alone {
        counts[option] = counts[option].min(left);
        left -= counts[option];
    }
    for option in &others {
        counts[*option] = counts[*option].min(left);
    }
    let total = |counts: &[usize]| others.iter().map(|option| counts[*option]).sum::<usize>();
    let excess = |counts: &[usize], option: usize| {
        (100 * counts[option]) as i64 - (shares[option] * base) as i64
    };
    while total(&counts) < left * bounds.min {
        let open = others.iter().filter(|option| counts[**option] < left);
        let Some(option) = open.min_by_key(|option| excess(&counts, **option)) else { break };
        counts[*option] += 1;
    }
    while total(&counts) > left * bounds.max {
        let open = others.iter().filter(|option| counts[**option] > 0);
        let Some(option) = open.max_by_key(|option| excess(&counts, **option)) else { break };
        counts[*option] -= 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use instrument::Text;

    use super::*;

    #[test]
    fn a_tie_does_not_come_out() {
        assert!(comes_out(139, 215, 65)); // 64.65
        assert!(!comes_out(138, 215, 65)); // 64.19
        assert!(!comes_out(1, 200, 1)); // 0.5: up or down, depending on who rounds
        assert!(!comes_out(0, 0, 0)); // nothing of nobody is no share
    }

    #[test]
    fn every_option_and_every_joined_share_comes_out() {
        // The legal guide: 19 + 46 + 25 = 90 percent good or neutral, 2 percent bad.
        let shares = [19, 46, 25, 2, 0, 8];
        let joined = [
            Joined { options: vec![0, 1, 2], percent: 90 },
            Joined { options: vec![3, 4], percent: 2 },
        ];
        let out = |counts: &[usize], base: usize, percent: usize| {
            comes_out(counts.iter().sum(), base, percent)
        };
        // From 101 on two counts are less than a percent apart, so that a single share comes out.
        for base in 101..=371 {
            let counts = divide(&shares, base, &joined);
            assert_eq!(counts.iter().sum::<usize>(), base);
            assert!(out(&counts[..3], base, 90) && out(&counts[3..5], base, 2), "{counts:?}");
            // In six small bases, the largest of them 133, the options cannot come out as well.
            let each = counts.iter().zip(shares).all(|(count, share)| out(&[*count], base, share));
            assert!(each || base < 134, "{counts:?} of {base}");
            assert_eq!(counts[4], 0, "a share of nothing is nobody");
        }
    }

    #[test]
    fn a_base_too_small_for_whole_percents_is_divided_as_near_as_can_be() {
        // 20, 40, 20, 10 and 10 percent of 8 are 1.6, 3.2, 1.6, 0.8 and 0.8: the whole parts leave
        // three, for the remainders of 0.8, 0.8 and the first of 0.6.
        assert_eq!(divide(&[20, 40, 20, 10, 10], 8, &[]), [2, 3, 1, 1, 1]);
        assert_eq!(divide(&[50, 50], 0, &[]), [0, 0]);
    }

    fn options(alone: &[bool]) -> Vec<Choice> {
        let option = |(place, exclusive): (usize, &bool)| Choice {
            code: instrument::Code::new(format!("o{place}")).unwrap(),
            text: Text::default(),
            missing: None,
            exclusive: *exclusive,
            specify: None,
        };
        alone.iter().enumerate().map(option).collect()
    }

    #[test]
    fn a_multiple_choice_has_room_for_everyone() {
        let options = options(&[false, false, false, true]);
        let bounds = |min, max| Bounds { min, max };
        // 60, 40, 30 and 10 percent of 200, as they are: 260 choices among 180 cases.
        assert_eq!(spread(&options, &[60, 40, 30, 10], 200, bounds(1, 3)), [120, 80, 60, 20]);
        // One case: each share alone would round to nobody; the largest share gets it.
        assert_eq!(spread(&options, &[40, 35, 30, 10], 1, bounds(1, 3)), [1, 0, 0, 0]);
        // At most one each, so 90 of 100 choices: 13 each are too many of the first three.
        let counts = spread(&options, &[35, 30, 26, 10], 100, bounds(1, 1));
        assert_eq!((counts.iter().sum::<usize>(), counts[3]), (100, 10));
    }
}
