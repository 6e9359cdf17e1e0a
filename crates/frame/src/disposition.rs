//! Dispositions of cases and the response rates that follow from them.

/// The final outcome of a case, after AAPOR's Standard Definitions (10th edition, 2023).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Everything that was asked has been handed in (AAPOR 1.1).
    Complete,
    /// Enough to count as answered, but not everything (AAPOR 1.2).
    Partial,
    /// Begun, but too little to count as answered (AAPOR 2.12, break-off).
    BreakOff,
    /// Declined (AAPOR 2.11).
    Refusal,
    /// Invited and never heard of (AAPOR 2.20): in a mandatory frame all units are eligible.
    NonContact,
}

/// How many cases there are of each disposition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dispositions {
    /// Complete.
    pub complete: usize,
    /// Partial.
    pub partial: usize,
    /// Broken off.
    pub break_off: usize,
    /// Refused.
    pub refusal: usize,
    /// Never heard of.
    pub non_contact: usize,
}

impl Disposition {
    /// Returns whether the case counts as answered.
    pub fn answered(self) -> bool {
        match self {
            Disposition::Complete | Disposition::Partial => true,
            Disposition::BreakOff | Disposition::Refusal | Disposition::NonContact => false,
        }
    }

    /// Returns the code under which files keep it.
    pub fn as_str(self) -> &'static str {
        match self {
            Disposition::Complete => "complete",
            Disposition::Partial => "partial",
            Disposition::BreakOff => "break_off",
            Disposition::Refusal => "refusal",
            Disposition::NonContact => "non_contact",
        }
    }
}

impl std::str::FromStr for Disposition {
    type Err = ();
    fn from_str(text: &str) -> Result<Disposition, ()> {
        let all = [
            Disposition::Complete,
            Disposition::Partial,
            Disposition::BreakOff,
            Disposition::Refusal,
            Disposition::NonContact,
        ];
        all.into_iter().find(|disposition| disposition.as_str() == text).ok_or(())
    }
}

impl FromIterator<Disposition> for Dispositions {
    fn from_iter<I: IntoIterator<Item = Disposition>>(cases: I) -> Dispositions {
        let mut counts = Dispositions::default();
        for disposition in cases {
            *match disposition {
                Disposition::Complete => &mut counts.complete,
                Disposition::Partial => &mut counts.partial,
                Disposition::BreakOff => &mut counts.break_off,
                Disposition::Refusal => &mut counts.refusal,
                Disposition::NonContact => &mut counts.non_contact,
            } += 1;
        }
        counts
    }
}

impl Dispositions {
    /// Returns how many units were invited.
    pub fn invited(&self) -> usize {
        self.answered() + self.break_off + self.refusal + self.non_contact
    }

    /// Returns how many count as answered.
    pub fn answered(&self) -> usize {
        self.complete + self.partial
    }

    /// Returns AAPOR's RR2, the rate that counts partial cases as answered, between 0 and 1; every
    /// unit of the frame is eligible, so RR2, RR4 and RR6 are the same. `None` for an empty frame.
    pub fn response_rate(&self) -> Option<f64> {
        (self.invited() > 0).then(|| self.answered() as f64 / self.invited() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_cases_count_as_answered() {
        let cases = [
            vec![Disposition::Complete; 200],
            vec![Disposition::Partial; 15],
            vec![Disposition::BreakOff; 6],
            vec![Disposition::NonContact; 150],
        ];
        let counts: Dispositions = cases.into_iter().flatten().collect();
        // The published round of 2023: 215 of 371 units, 57.95 percent.
        assert_eq!((counts.answered(), counts.invited()), (215, 371));
        assert!((counts.response_rate().unwrap() - 0.579_514_824_797).abs() < 1e-12);
        assert_eq!(Dispositions::default().response_rate(), None);
    }
}
