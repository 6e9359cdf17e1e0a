//! Change between two rounds: what continues what, whether it may be compared, and what the test
//! says.

use dataset::CodebookVariable;
use estimate::{Values, Verdict, Wave};
use instrument::{Code, Comparable, Estimator, RoundId, Text};

use super::{Figure, FigureError, Figures, Sample, Value};

/// A change between two rounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangeFigure {
    /// The earlier figure, under this round's names.
    pub(crate) before: Figure,
    /// The later figure.
    pub(crate) after: Figure,
    /// The difference in percentage points, by the published estimator.
    pub(crate) difference: Value,
    /// What can be said about it.
    pub(crate) verdict: Verdict,
    /// How many units answered the survey in both rounds.
    pub(crate) overlap: usize,
    /// What a reader must know to compare the two.
    pub(crate) note: Option<Text>,
}

impl<'a> Figures<'a> {
    /// Returns the change of a share since the round before.
    pub(crate) fn change(
        &self,
        name: &str,
        codes: &[Code],
        since: RoundId,
    ) -> Result<ChangeFigure, FigureError> {
        let key = (self.links.clone(), name.to_owned(), codes.to_vec(), since);
        let known = self.now.telling.known.changes();
        known.or_find(key, || self.estimated_change(name, codes, since))
    }

    fn estimated_change(
        &self,
        name: &str,
        codes: &[Code],
        since: RoundId,
    ) -> Result<ChangeFigure, FigureError> {
        let after = self.share(name, codes)?;
        let earlier = self.earlier(since)?;
        let (variable, now_index) = self.publishable(name)?;
        let continued = self.continued(variable, codes, earlier)?;
        let old_codes = continued.codes;
        let before = self.share_of(earlier, name, codes, continued.variable, &old_codes)?;

        let domains = [
            earlier.domain(continued.index, self.plan.base),
            self.now.domain(now_index, self.plan.base),
        ];
        let hits = [earlier.hits(continued.index, &old_codes)?, self.now.hits(now_index, codes)?];
        let change = estimate::change(
            &wave(earlier, self.plan.estimator, &domains[0], &hits[0]),
            &wave(&self.now, self.plan.estimator, &domains[1], &hits[1]),
            &self.links,
            self.level,
            self.plan.change.same_within / 100.0,
        )?;
        Ok(ChangeFigure {
            before,
            after,
            difference: Value::of(&change.difference, 100.0),
            verdict: change.verdict,
            overlap: self.links.len(),
            note: continued.note,
        })
    }

    /// Finds what a variable and its options were in the round before, and whether the two may be
    /// compared.
    pub(crate) fn continued<'s>(
        &self,
        variable: &CodebookVariable,
        codes: &[Code],
        earlier: &'s Sample<'a>,
    ) -> Result<Continued<'s>, FigureError> {
        let since = earlier.data.provenance.round;
        let name = || variable.name.clone();
        let new = || FigureError::New { variable: name(), since };
        let lineage = variable.lineage.as_ref().ok_or_else(new)?;
        let note = match lineage.comparable {
            Comparable::Yes => None,
            Comparable::No => return Err(FigureError::Incomparable { variable: name(), since }),
            Comparable::WithNote => lineage.note.clone(),
        };
        let (was, index) = earlier.variable(&lineage.was).map_err(|_| new())?;
        let codes = old_codes(variable, was, codes, since)?;
        Ok(Continued { variable: was, index, codes, note })
    }
}

/// What a variable was in the round before.
pub(crate) struct Continued<'a> {
    variable: &'a CodebookVariable,
    /// Its index.
    pub(crate) index: usize,
    /// What the options were then.
    pub(crate) codes: Vec<Code>,
    note: Option<Text>,
}

fn wave<'s>(
    sample: &'s Sample<'_>,
    estimator: Estimator,
    domain: &'s [bool],
    hits: &'s [bool],
) -> Wave<'s> {
    Wave { design: sample.design(estimator), domain, values: Values::Hits(hits) }
}

/// Returns the codes of the round before that options of this round stand for.
fn old_codes(
    variable: &CodebookVariable,
    was: &CodebookVariable,
    codes: &[Code],
    since: RoundId,
) -> Result<Vec<Code>, FigureError> {
    let map = variable.lineage.as_ref().map_or(&[][..], |lineage| &lineage.options);
    let mut old = vec![];
    for code in codes {
        match map.iter().find(|(new, _)| new == code) {
            Some((_, stands_for)) => old.extend(stands_for.iter().cloned()),
            None if was.option(code.as_str()).is_some() => old.push(code.clone()),
            None => {
                let (variable, code) = (variable.name.clone(), code.clone());
                return Err(FigureError::NewOption { variable, code, since });
            }
        }
    }
    old.sort();
    old.dedup();
    Ok(old)
}
