//! A tile map: one tile of the same size for each unit, near where it lies, so that a small county
//! weighs by its units and not by its area.

pub(super) mod labels;

use std::collections::{BTreeMap, BTreeSet};

use super::GroupBar;
use super::svg::{Area, INK, Layout, Svg, TextStyle, text_width, wrap};
use crate::words::Words;

/// A unit on the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tile {
    /// The column, from the west.
    pub(crate) column: usize,
    /// The row, from the north.
    pub(crate) row: usize,
    /// Which of the groups of the map it belongs to.
    pub(crate) group: usize,
}

/// How much of a place on the map is the unit's place in the order of all, rather than where it
/// lies: it spreads the crowded south out.
const SPREAD: f64 = 0.55;

/// The tones of the classes, from few to many; texts stand on all of them.
const TONES: [&str; 5] = ["#eef4f3", "#cfe0de", "#a9c8c7", "#7fadae", "#558f92"];

/// Lays out units, given as longitude, latitude and group. The same units have the same places,
/// whatever they answered.
pub(crate) fn lay_out(units: &[(f64, f64, usize)]) -> Vec<Tile> {
    let columns = (units.len() as f64 * 1.55).sqrt().ceil().max(1.0) as usize;
    let rows = columns * 34 / 24 + 1;
    let across: Vec<f64> = units.iter().map(|unit| (unit.0 - 15.0) * narrowing(unit.1)).collect();
    let down: Vec<f64> = units.iter().map(|unit| -unit.1).collect();
    let wished: Vec<(f64, f64)> =
        spread(&across, columns).into_iter().zip(spread(&down, rows)).collect();
    let places = improved(nearest_free(&wished, columns, rows), &wished, columns, rows);
    let tile = |((column, row), unit): ((usize, usize), &(f64, f64, usize))| Tile {
        column,
        row,
        group: unit.2,
    };
    places.into_iter().zip(units).map(tile).collect()
}

/// How far apart the meridians are at a latitude: the cosine, as a line that is near it from 58 to
/// 71 degrees north, the same on every machine.
pub(super) fn narrowing(latitude: f64) -> f64 {
    0.53 - (latitude - 58.0) * 0.0158
}

/// Returns the wished places along one side, from 0 to one less than `cells`.
fn spread(values: &[f64], cells: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (width, last) = ((high - low).max(1e-9), (values.len().max(2) - 1) as f64);
    let mut places = vec![0.0; values.len()];
    for (rank, index) in order.into_iter().enumerate() {
        let lies = (values[index] - low) / width;
        places[index] = (SPREAD * rank as f64 / last + (1.0 - SPREAD) * lies) * (cells - 1) as f64;
    }
    places
}

fn squared(place: (usize, usize), wished: (f64, f64)) -> f64 {
    (place.0 as f64 - wished.0).powi(2) + (place.1 as f64 - wished.1).powi(2)
}

/// Gives each unit the free cell nearest to its wish, those in the middle first.
fn nearest_free(wished: &[(f64, f64)], columns: usize, rows: usize) -> Vec<(usize, usize)> {
    let of = |side: fn(&(f64, f64)) -> f64| {
        wished.iter().map(side).sum::<f64>() / wished.len().max(1) as f64
    };
    let (middle_x, middle_y) = (of(|w| w.0), of(|w| w.1));
    let from_middle = |w: (f64, f64)| (w.0 - middle_x).powi(2) + (w.1 - middle_y).powi(2);
    let mut order: Vec<usize> = (0..wished.len()).collect();
    order
        .sort_by(|a, b| from_middle(wished[*a]).total_cmp(&from_middle(wished[*b])).then(a.cmp(b)));
    let mut free: BTreeSet<(usize, usize)> =
        (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row))).collect();
    let mut places = vec![(0, 0); wished.len()];
    for unit in order {
        let nearest = free
            .iter()
            .min_by(|a, b| squared(**a, wished[unit]).total_cmp(&squared(**b, wished[unit])));
        let Some(place) = nearest.copied() else { break };
        free.remove(&place);
        places[unit] = place;
    }
    places
}

/// Lets units change places, or move to a free one, as long as that brings them nearer.
fn improved(
    mut places: Vec<(usize, usize)>,
    wished: &[(f64, f64)],
    columns: usize,
    rows: usize,
) -> Vec<(usize, usize)> {
    let mut taken: BTreeMap<(usize, usize), usize> =
        places.iter().enumerate().map(|(unit, place)| (*place, unit)).collect();
    for _ in 0..60 {
        let mut moved = false;
        for unit in 0..places.len() {
            let own = places[unit];
            let gain = |to: &(usize, usize)| {
                let other = taken.get(to).map_or(0.0, |other| {
                    squared(*to, wished[*other]) - squared(own, wished[*other])
                });
                squared(own, wished[unit]) - squared(*to, wished[unit]) + other
            };
            let best = around(own, columns, rows).max_by(|a, b| gain(a).total_cmp(&gain(b)));
            let Some(to) = best.filter(|to| gain(to) > 1e-9) else { continue };
            moved = true;
            places[unit] = to;
            match taken.insert(to, unit) {
                Some(other) => {
                    places[other] = own;
                    taken.insert(own, other);
                }
                None => {
                    taken.remove(&own);
                }
            }
        }
        if !moved {
            break;
        }
    }
    places
}

/// The cells at most three steps away.
fn around(
    (column, row): (usize, usize),
    columns: usize,
    rows: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let across = column.saturating_sub(3)..(column + 4).min(columns);
    across
        .flat_map(move |x| (row.saturating_sub(3)..(row + 4).min(rows)).map(move |y| (x, y)))
        .filter(move |place| *place != (column, row))
}

/// Draws the map with the name and the figure of each group on it.
pub(super) fn draw(groups: &[GroupBar], tiles: &[Tile], layout: Layout, words: &Words) -> Svg {
    let mut svg = Svg::new(layout);
    let classes = Classes::of(groups);
    let columns = tiles.iter().map(|tile| tile.column + 1).max().unwrap_or(1);
    let width = layout.width().min(430.0);
    let rows = tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(1);
    let side = width / columns as f64;
    let map = Map {
        side,
        left: (layout.width() - width) / 2.0,
        bottom: rows as f64 * side,
        width: layout.width(),
        legend: classes.size(layout, words),
    };
    for tile in tiles {
        let area = map.area(tile);
        match groups.get(tile.group).and_then(|group| classes.tone(group)) {
            Some(tone) => svg.rect(area, "segment", tone),
            None => svg.hatched(area),
        }
    }
    borders(&mut svg, tiles, &map);
    for label in labels::place(groups, tiles, &map, words) {
        label.draw(&mut svg);
    }
    legend(&mut svg, &classes, layout, words);
    svg.reach(map.bottom + 4.0);
    svg
}

pub(super) struct Map {
    pub(super) side: f64,
    pub(super) left: f64,
    /// How far down the tiles reach.
    pub(super) bottom: f64,
    /// How wide the drawing is.
    pub(super) width: f64,
    /// What the legend takes in the upper left corner: to the right and down.
    pub(super) legend: (f64, f64),
}

impl Map {
    fn area(&self, tile: &Tile) -> Area {
        let (x, y) = (self.left + tile.column as f64 * self.side, tile.row as f64 * self.side);
        Area { x, y, width: self.side - 1.0, height: self.side - 1.0 }
    }
}

/// Shares in classes of five or ten percentage points.
pub(super) struct Classes {
    first: i64,
    step: i64,
    count: usize,
    hidden: bool,
}

impl Classes {
    pub(super) fn of(groups: &[GroupBar]) -> Classes {
        let values = groups.iter().filter_map(GroupBar::value).map(f64::round);
        let low = values.clone().fold(100.0_f64, f64::min);
        let high = values.fold(0.0_f64, f64::max).max(low);
        let step = [5, 10, 20].into_iter().find(|step| high - low < 4.0 * *step as f64);
        let step = step.unwrap_or(25);
        let first = (low / step as f64).floor() as i64 * step;
        let count = ((high - first as f64) / step as f64).floor() as usize + 1;
        let hidden = groups.iter().any(|group| group.value().is_none());
        Classes { first, step, count: count.min(TONES.len()), hidden }
    }

    pub(super) fn tone(&self, group: &GroupBar) -> Option<&'static str> {
        // The figure on the map is rounded, and its tone must be that of its class.
        let value = group.value()?.round();
        let class = ((value - self.first as f64) / self.step as f64).floor().max(0.0) as usize;
        TONES.get(class.min(self.count - 1)).copied()
    }
}

impl Classes {
    /// Returns what each class is called, from few to many.
    fn names<'c>(&'c self, words: &'c Words) -> impl Iterator<Item = String> + 'c {
        (0..self.count).map(|class| {
            let low = self.first + class as i64 * self.step;
            let high = words.percent_sign((low + self.step - 1).min(100) as f64);
            if low == 100 { high } else { format!("{low}–{high}") }
        })
    }

    /// Returns the lines that tell what a hatched tile means; none where there are no such tiles.
    fn of_hidden(&self, layout: Layout, words: &Words) -> Vec<String> {
        match self.hidden {
            true => wrap(words.chart.not_shown, 130.0, layout.font()),
            false => vec![],
        }
    }

    /// Returns how wide and how high the legend is.
    pub(super) fn size(&self, layout: Layout, words: &Words) -> (f64, f64) {
        let hidden = self.of_hidden(layout, words);
        let lines = (hidden.len() + self.count) as f64;
        let texts = self.names(words).chain(hidden);
        let widest = texts.map(|text| text_width(&text, layout.font())).fold(0.0, f64::max);
        (22.0 + widest, 4.0 + lines * (layout.line() + 2.0))
    }
}

/// Draws what the tones mean in the sea, north-west of the coast.
pub(super) fn legend(svg: &mut Svg, classes: &Classes, layout: Layout, words: &Words) {
    let mut y = 4.0;
    for (name, tone) in classes.names(words).zip(TONES) {
        let swatch = Area { x: 0.5, y, width: 14.0, height: 14.0 };
        svg.rect(swatch, "segment", tone);
        svg.frame(swatch);
        svg.text(22.0, y + 12.0, TextStyle::PLAIN, &name);
        y += layout.line() + 2.0;
    }
    let hidden = classes.of_hidden(layout, words);
    if !hidden.is_empty() {
        svg.hatched(Area { x: 0.5, y, width: 14.0, height: 14.0 });
    }
    for line in hidden {
        svg.text(22.0, y + 12.0, TextStyle::PLAIN, &line);
        y += layout.line();
    }
}

/// Draws a line between tiles of different groups.
fn borders(svg: &mut Svg, tiles: &[Tile], map: &Map) {
    let groups: BTreeMap<(usize, usize), usize> =
        tiles.iter().map(|tile| ((tile.column, tile.row), tile.group)).collect();
    for ((column, row), group) in &groups {
        let (x, y) = (map.left + *column as f64 * map.side - 0.5, *row as f64 * map.side - 0.5);
        let other = |place: (usize, usize)| groups.get(&place).is_some_and(|g| g != group);
        if other((column + 1, *row)) {
            svg.line((x + map.side, y), (x + map.side, y + map.side), INK, 1.0);
        }
        if other((*column, row + 1)) {
            svg.line((x, y + map.side), (x + map.side, y + map.side), INK, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_its_own_tile_and_keeps_its_side_of_the_country() {
        // Ten by ten units, and a crowd in one corner.
        let grid = (0..100).map(|i| (5.0 + f64::from(i % 10), 58.0 + f64::from(i / 10), 0));
        let crowd = (0..50).map(|i| (10.0 + f64::from(i) * 0.01, 59.9, 1));
        let units: Vec<(f64, f64, usize)> = grid.chain(crowd).collect();
        let tiles = lay_out(&units);
        let places: BTreeSet<(usize, usize)> = tiles.iter().map(|t| (t.column, t.row)).collect();
        assert_eq!(places.len(), 150);
        assert!(tiles[0].row > tiles[90].row && tiles[0].column < tiles[9].column);
        assert_eq!(tiles, lay_out(&units));
    }
}
