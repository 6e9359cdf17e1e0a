//! What became of units between rounds: mergers, splits, new numbers.

use jiff::civil::Date;

use crate::{Frame, UnitId};

/// What became of units, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(Vec<Change>);

/// One row of `frame/changes.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The day from which it holds.
    pub date: Date,
    /// The unit before.
    pub from: UnitId,
    /// The unit after.
    pub to: UnitId,
    /// What happened.
    pub kind: ChangeKind,
}

/// What happened to a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It became part of another.
    Merged,
    /// It became several, of which this row names one.
    Split,
    /// It got a new number.
    Renumbered,
    /// It got a new name.
    Renamed,
}

/// What a unit of one frame is in a later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Successor {
    /// One unit; several earlier units may have the same.
    One(UnitId),
    /// Several units, of which none carries the answers of the earlier one in silence.
    Several(Vec<UnitId>),
    /// No unit of the later frame.
    None,
}

impl Changes {
    /// Returns the changes in order of time.
    pub fn new(mut changes: Vec<Change>) -> Changes {
        changes.sort_by_key(|change| change.date);
        Changes(changes)
    }

    /// Returns what `unit`, valid on the day `from`, is in the frame `to`, whose units are valid on
    /// the day `until`.
    pub fn follow(&self, unit: &UnitId, from: Date, until: Date, to: &Frame) -> Successor {
        let mut current = vec![unit.clone()];
        let mut day = from;
        while let Some(date) = self.0.iter().map(|c| c.date).find(|d| *d > day && *d <= until) {
            current = current.iter().flat_map(|unit| self.step(unit, date)).collect();
            current.sort();
            current.dedup();
            day = date;
        }
        current.retain(|unit| to.unit(unit).is_some());
        match current.len() {
            0 => Successor::None,
            1 => Successor::One(current.remove(0)),
            _ => Successor::Several(current),
        }
    }

    /// Returns what `unit` became on `date`: itself where no change names it.
    fn step(&self, unit: &UnitId, date: Date) -> Vec<UnitId> {
        let after: Vec<UnitId> = self
            .0
            .iter()
            .filter(|c| c.date == date && c.from == *unit)
            .map(|c| c.to.clone())
            .collect();
        if after.is_empty() { vec![unit.clone()] } else { after }
    }

    /// Returns the units that two frames have in common, as pairs of indexes into them. A unit that
    /// was split, merged, or taken together with another stays out: its answers are not its own.
    pub fn overlap(
        &self,
        before: &Frame,
        after: &Frame,
        from: Date,
        until: Date,
    ) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = vec![];
        for (index, unit) in before.units.iter().enumerate() {
            if let Successor::One(successor) = self.follow(&unit.id, from, until, after)
                && let Some(position) = after.position(&successor)
            {
                pairs.push((index, position));
            }
        }
        let mut heirs = vec![0; after.units.len()];
        pairs.iter().for_each(|(_, position)| heirs[*position] += 1);
        pairs.retain(|(_, position)| heirs[*position] == 1);
        pairs
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HEADER: &str = "id,name,kind,parent,county_id,county,population,centrality,kostra_group,language_form,sami_area,lon,lat\n";

    fn frame(year: u16, ids: &[&str]) -> Frame {
        let rows: String = ids
            .iter()
            .map(|id| format!("{id},N{id},municipality,,15,Møre,1000,4,3,nynorsk,0,6.1,62.4\n"))
            .collect();
        let round = instrument::RoundId::new(year).unwrap();
        let (frame, diagnostics) = crate::frame("frame.csv", &format!("{HEADER}{rows}"), round);
        assert_eq!(diagnostics, vec![]);
        frame.unwrap()
    }

    fn changes() -> Changes {
        let text = "date,from_id,to_id,kind\n\
            2024-01-01,1507,1508,split\n2024-01-01,1507,1580,split\n\
            2024-01-01,5401,5501,renumbered\n\
            2022-01-01,0101,0102,merged\n2022-01-01,0103,0102,merged\n";
        crate::changes("changes.csv", text).0.unwrap()
    }

    #[test]
    fn a_unit_is_followed_through_numbers_mergers_and_splits() {
        let after = frame(2025, &["0102", "1508", "1580", "5501", "9999"]);
        let follow = |id: &str| {
            let id = UnitId::new(id).unwrap();
            changes().follow(&id, date(2021, 10, 1), date(2025, 10, 1), &after)
        };
        let unit = |id: &str| UnitId::new(id).unwrap();
        assert_eq!(follow("5401"), Successor::One(unit("5501")));
        assert_eq!(follow("0101"), Successor::One(unit("0102")));
        assert_eq!(follow("1507"), Successor::Several(vec![unit("1508"), unit("1580")]));
        assert_eq!(follow("9999"), Successor::One(unit("9999")));
        assert_eq!(follow("8888"), Successor::None);
    }

    #[test]
    fn a_change_before_the_first_frame_or_after_the_second_does_not_count() {
        let after = frame(2023, &["5401"]);
        let id = UnitId::new("5401").unwrap();
        let followed = changes().follow(&id, date(2021, 10, 1), date(2023, 10, 1), &after);
        assert_eq!(followed, Successor::One(id));
    }

    #[test]
    fn split_and_merged_units_stay_out_of_the_overlap() {
        let before = frame(2021, &["0101", "0103", "1507", "5401", "9999"]);
        let after = frame(2025, &["0102", "1508", "1580", "5501", "9999"]);
        let pairs = changes().overlap(&before, &after, date(2021, 10, 1), date(2025, 10, 1));
        // 5401 is 5501 under a new number (index 3 -> 3); 9999 is untouched (4 -> 4).
        assert_eq!(pairs, vec![(3, 3), (4, 4)]);
    }
}
