//! Where the names and figures of a map's groups stand: on their own tiles if there is room, and
//! otherwise beside them with a line that leads there. No two stand on each other.

use super::super::svg::{Anchor, Area, INK, PANEL, Svg, TextStyle, text_width, wrap};
use super::{GroupBar, Map, Tile};
use crate::signs::printed;
use crate::words::Words;

/// The size of the letters.
const FONT: f64 = 13.0;

/// The distance between lines.
const LINE: f64 = 14.0;

/// The room that is left beside a label, and above and below it.
const APART: (f64, f64) = (6.0, 1.0);

/// What it costs to stand on a tile of another group, in the distance that is gone to avoid it.
const FOREIGN: f64 = 5.0;

/// How far from the middle of its tiles a label is looked a place for, and in what steps.
const REACH: f64 = 150.0;
const STEP: f64 = 5.0;

/// The name of a group and its figure.
pub(in crate::chart) struct Label {
    lines: Vec<String>,
    /// The middle of the label.
    x: f64,
    y: f64,
    /// Half its width and height.
    half: (f64, f64),
    /// The middle of the nearest tile of the group, where the label does not stand on one.
    leads_to: Option<(f64, f64)>,
}

/// The middles of the tiles of a group, and of those of all others.
type Ground = [Vec<(f64, f64)>; 2];

/// Finds a place for the label of each group. Those of few tiles choose first: they have the least
/// room.
pub(in crate::chart) fn place(
    groups: &[GroupBar],
    tiles: &[Tile],
    map: &Map,
    words: &Words,
) -> Vec<Label> {
    let of_group = |place: usize| -> Ground {
        let (own, foreign): (Vec<&Tile>, Vec<&Tile>) =
            tiles.iter().partition(|tile| tile.group == place);
        [own, foreign].map(|tiles| tiles.into_iter().map(|tile| middle(map.area(tile))).collect())
    };
    let mut order: Vec<(usize, Ground)> =
        (0..groups.len()).map(|place| (place, of_group(place))).collect();
    order.retain(|(_, [own, _])| !own.is_empty());
    order.sort_by_key(|(place, [own, _])| (own.len(), *place));
    let mut labels: Vec<Label> = vec![];
    for (place, ground) in order {
        let group = &groups[place];
        let mut lines = wrap(&group.label, 90.0, FONT);
        lines.push(printed(&group.figure, |figure| words.short_figure(figure)));
        labels.push(Label::near(lines, &ground, &labels, map));
    }
    labels
}

fn middle(area: Area) -> (f64, f64) {
    (area.x + area.width / 2.0, area.y + area.height / 2.0)
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    ((one.0 - other.0).powi(2) + (one.1 - other.1).powi(2)).sqrt()
}

impl Label {
    /// Returns the label at the place that is free and costs least: near the middle of its tiles, on
    /// one of them, and on few of others. Where nothing is free it stands in the middle all the same.
    fn near(lines: Vec<String>, [own, foreign]: &Ground, others: &[Label], map: &Map) -> Label {
        let count = own.len() as f64;
        let sum = |side: fn(&(f64, f64)) -> f64| own.iter().map(side).sum::<f64>();
        let wished = (sum(|at| at.0) / count, sum(|at| at.1) / count);
        let mut label = Label::at(wished, lines);
        let (mut best, mut place) = (f64::INFINITY, wished);
        for (right, down) in around() {
            let at = (wished.0 + right, wished.1 + down);
            let away = distance(at, wished);
            // Those that come after are as far away at least.
            if away >= best {
                break;
            }
            label.x = at.0;
            label.y = at.1;
            if !label.is_free(others, map) {
                continue;
            }
            let beside = (nearest(at, own).1 - map.side).max(0.0);
            let on_foreign = foreign.iter().filter(|tile| label.covers(**tile)).count();
            let cost = away + 2.0 * beside + FOREIGN * on_foreign as f64;
            if cost < best {
                (best, place) = (cost, at);
            }
        }
        (label.x, label.y) = place;
        let (tile, off) = nearest((label.x, label.y), own);
        let on_it = off < map.side * 1.5 || label.covers(tile);
        Label { leads_to: (!on_it).then_some(tile), ..label }
    }

    fn at((x, y): (f64, f64), lines: Vec<String>) -> Label {
        let widest = lines.iter().map(|line| text_width(line, FONT)).fold(0.0, f64::max);
        let half = (widest / 2.0, lines.len() as f64 * LINE / 2.0);
        Label { lines, x, y, half, leads_to: None }
    }

    fn covers(&self, point: (f64, f64)) -> bool {
        (point.0 - self.x).abs() < self.half.0 && (point.1 - self.y).abs() < self.half.1
    }

    fn is_free(&self, others: &[Label], map: &Map) -> bool {
        let (half, x, y) = (self.half, self.x, self.y);
        let inside = x >= half.0
            && x + half.0 <= map.width
            && y >= half.1
            && y + half.1 <= map.bottom
            && (x - half.0 >= map.legend.0 || y - half.1 >= map.legend.1);
        inside
            && others.iter().all(|other| {
                (x - other.x).abs() >= half.0 + other.half.0 + APART.0
                    || (y - other.y).abs() >= half.1 + other.half.1 + APART.1
            })
    }

    pub(in crate::chart) fn draw(&self, svg: &mut Svg) {
        if let Some(tile) = self.leads_to {
            svg.line((self.x, self.y), tile, INK, 1.0);
        }
        let top = self.y - (self.lines.len() as f64) * LINE / 2.0 + LINE * 0.8;
        for (place, text) in self.lines.iter().enumerate() {
            let style = TextStyle { bold: place + 1 == self.lines.len(), ..TextStyle::PLAIN };
            let y = top + place as f64 * LINE;
            svg.haloed(self.x, y, style.at(Anchor::Middle), (text, PANEL));
        }
    }
}

/// Returns the steps from the middle that places are looked for at, the nearest first.
fn around() -> Vec<(f64, f64)> {
    let steps = (REACH / STEP) as i32;
    let side = || (-steps..=steps).map(|step| f64::from(step) * STEP);
    let mut around: Vec<(f64, f64)> =
        side().flat_map(|right| side().map(move |down| (right, down))).collect();
    around.sort_by(|a, b| distance(*a, (0.0, 0.0)).total_cmp(&distance(*b, (0.0, 0.0))));
    around
}

/// Returns the nearest of some points, and how far it is.
fn nearest(at: (f64, f64), points: &[(f64, f64)]) -> ((f64, f64), f64) {
    let away = points.iter().map(|point| (*point, distance(at, *point)));
    away.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((at, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::GroupCell;

    /// A small county in the middle of a large one, as Oslo is, and a neighbour.
    #[test]
    fn no_label_stands_on_another() {
        let groups = ["Oslo", "Viken", "Vestfold og Telemark", "Innlandet"]
            .map(|label| GroupBar { label: label.to_owned(), figure: GroupCell::Hidden });
        let group = |column: usize, row: usize| match (column, row) {
            (4..=5, 4..=5) => 0,
            (_, 9..) => 2,
            (_, 0..=1) => 3,
            _ => 1,
        };
        let cells = (0..10).flat_map(|column| (0..11).map(move |row| (column, row)));
        let tiles: Vec<Tile> =
            cells.map(|(column, row)| Tile { column, row, group: group(column, row) }).collect();
        for width in [200.0, 330.0] {
            let side = width / 10.0;
            let map = Map { side, left: 0.0, bottom: 11.0 * side, width, legend: (0.0, 0.0) };
            let words = Words::english();
            let labels = place(&groups, &tiles, &map, words);
            assert_eq!(labels.len(), 4);
            for (index, label) in labels.iter().enumerate() {
                let others: Vec<&Label> = labels.iter().skip(index + 1).collect();
                for other in others {
                    let (own, theirs) = (label.half, other.half);
                    let apart = (label.x - other.x).abs() >= own.0 + theirs.0
                        || (label.y - other.y).abs() >= own.1 + theirs.1;
                    assert!(apart, "{:?} stands on {:?} at {width}", label.lines, other.lines);
                }
            }
        }
    }
}
